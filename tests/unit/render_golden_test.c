/* Whole letters against the ones kept in tests/golden.
 *
 *	GOLDEN_UPDATE=1 build/debug/tests/render_golden_test
 *
 * writes them anew; what changed is then read with `git diff`.
 */
#include "base/file.h"
#include "render_rig.h"

#define FOLDER "tests/golden/"

static void compare(struct rig *rig, const char *name, const char *file,
		    struct str got)
{
	const char *path =
		arena_fmt(rig->arena, FOLDER "%s/%s", name, file).at;
	struct str want;

	if (getenv("GOLDEN_UPDATE")) {
		assert_int_equal(file_write(path, got, 0644, &rig->err), 0);
		return;
	}
	if (file_read(path, 16 * 1024 * 1024, rig->arena, &want, &rig->err) < 0)
		fail_msg("%s", rig->err.message);
	if (!str_eq(got, want)) {
		const char *actual =
			arena_fmt(rig->arena, "%s.actual", path).at;

		file_write(actual, got, 0644, &rig->err);
		fail_msg("%s differs: compare it with %s", path, actual);
	}
}

static void golden(const char *name, size_t authors)
{
	char dir[64];
	struct rig *rig;
	struct rig_letter letter;
	struct article *article;
	struct str page;

	snprintf(dir, sizeof(dir), FOLDER "%s", name);
	rig = rig_new(dir);
	rig->input.author_count = authors;
	rig->input.slug = str_of(name);
	if (article_read(dir, STR("article.md"), rig->arena, &article,
			 &rig->err) < 0 ||
	    article_blocks(article, rig->arena, &rig->err) < 0)
		fail_msg("%s: %s", rig->err.place, rig->err.message);
	rig->input.article = article;
	letter = rig_letter(rig);
	compare(rig, name, "expected.html", letter.html);
	compare(rig, name, "expected.txt", letter.text);
	compare(rig, name, "expected.subject", letter.subject);
	if (render_web(&rig->input, rig->arena, &page, &rig->err) < 0)
		fail_msg("%s: %s", rig->err.place, rig->err.message);
	compare(rig, name, "expected.web.html", page);
	rig_free(rig);
}

static void every_kind_of_block_is_rendered_as_before(void **state)
{
	(void)state;
	golden("kitchen", 1);
}

static void an_arabic_letter_is_mirrored_as_before(void **state)
{
	(void)state;
	golden("rtl", 1);
}

static void a_japanese_letter_is_rendered_as_before(void **state)
{
	(void)state;
	golden("cjk", 1);
}

static void a_tiny_note_is_rendered_as_before(void **state)
{
	(void)state;
	golden("tiny", 0);
}

static void merge_fields_are_filled_as_before(void **state)
{
	(void)state;
	golden("merge", 2);
}

static void tables_are_rendered_as_before(void **state)
{
	(void)state;
	golden("tables", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_block_is_rendered_as_before),
		cmocka_unit_test(an_arabic_letter_is_mirrored_as_before),
		cmocka_unit_test(a_japanese_letter_is_rendered_as_before),
		cmocka_unit_test(a_tiny_note_is_rendered_as_before),
		cmocka_unit_test(merge_fields_are_filled_as_before),
		cmocka_unit_test(tables_are_rendered_as_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
