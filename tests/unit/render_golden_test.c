/* Whole letters against the ones kept in tests/golden.
 *
 *	GOLDEN_UPDATE=1 build/debug/tests/render_golden_test
 *
 * writes them anew; what changed is then read with `git diff`.
 */
#include "base/buf.h"
#include "base/file.h"
#include "render_rig.h"

#define FOLDER "tests/golden/"

static void compare(struct rig *rig, const char *name, const char *file,
		    struct str got)
{
	const char *path = arena_fmt(rig->arena, FOLDER "%s/%s", name, file).at;
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

struct sample {
	const char *name;	/* where the expected letter lies */
	const char *dir, *file; /* the article; NULL: beside it */
	const char *theme;
	size_t authors;
	bool styles; /* its style sheets are kept with it */
};

static const struct picture_of {
	const char *path, *file;
	int width, height;
} pictures[] = {
	{ "map.png", "0a0a.png", 300, 160 },
	{ "path.png", "0b0b.png", 1072, 480 },
	{ "every-block/crossing.jpg", "0c01.jpg", 536, 302 },
	{ "every-block/morning.jpg", "0c02.jpg", 536, 402 },
	{ "every-block/noon.jpg", "0c03.jpg", 536, 402 },
	{ "every-block/evening.jpg", "0c04.jpg", 536, 402 },
	{ "every-block/marsh.jpg", "0c05.jpg", 240, 240 },
	{ "every-block/film.jpg", "0c06.jpg", 536, 302 },
};

static void read_article(struct rig *rig, const char *dir, const char *file)
{
	const struct markdown_style style = { .lang = STR("en"),
					      .smart = true };
	struct article *article;

	if (article_read(dir, str_of(file), rig->arena, &article, &rig->err) <
		    0 ||
	    article_blocks(article, &style, rig->arena, &rig->err) < 0)
		fail_msg("%s: %s", rig->err.place, rig->err.message);
	rig->input.article = article;
}

/* The style sheets of a theme are kept once. */
static struct str without_styles(struct rig *rig, struct str html)
{
	struct str result;
	struct buf out;
	ptrdiff_t at;

	buf_init(&out, html.len + 1);
	while ((at = str_find_str(html, STR("<style>"))) >= 0) {
		buf_add(&out, str_head(html, (size_t)at));
		html = str_skip(html, (size_t)at);
		at = str_find_str(html, STR("</style>\n"));
		assert_true(at >= 0);
		html = str_skip(html, (size_t)at + 9);
	}
	buf_add(&out, html);
	result = arena_dup(rig->arena, buf_str(&out));
	buf_done(&out);
	return result;
}

static void golden(const struct sample *sample)
{
	const char *name = sample->name;
	struct rig_letter letter;
	struct rig *rig;
	struct str page;
	char dir[64];

	snprintf(dir, sizeof(dir), FOLDER "%s", name);
	rig = rig_new(sample->dir ? sample->dir : dir);
	rig->input.author_count = sample->authors;
	rig->input.slug = str_of(name);
	rig->input.theme = str_of(sample->theme);
	read_article(rig, rig->input.dir,
		     sample->file ? sample->file : "article.md");
	for (size_t i = 0; i < sizeof(pictures) / sizeof(*pictures); i++)
		rig_image(rig, pictures[i].path, pictures[i].file,
			  pictures[i].width, pictures[i].height);
	letter = rig_letter(rig);
	if (!sample->styles)
		letter.html = without_styles(rig, letter.html);
	compare(rig, name, "expected.html", letter.html);
	compare(rig, name, "expected.txt", letter.text);
	compare(rig, name, "expected.subject", letter.subject);
	if (render_web(&rig->input, rig->arena, &page, &rig->err) < 0)
		fail_msg("%s: %s", rig->err.place, rig->err.message);
	if (!sample->styles)
		page = without_styles(rig, page);
	compare(rig, name, "expected.web.html", page);
	rig_free(rig);
}

#define SAMPLE(words, ...)                                           \
	static void words##_as_before(void **state)                  \
	{                                                            \
		static const struct sample sample = { __VA_ARGS__ }; \
                                                                     \
		(void)state;                                         \
		golden(&sample);                                     \
	}

#define BLOCKS "tests/articles", "every-block.md"

SAMPLE(every_kind_of_markdown_is_rendered, "kitchen", NULL, NULL, "letter", 1,
       true)
SAMPLE(an_arabic_letter_is_mirrored, "rtl", NULL, NULL, "letter", 1, false)
SAMPLE(a_japanese_letter_is_rendered, "cjk", NULL, NULL, "letter", 1, false)
SAMPLE(a_tiny_note_is_rendered, "tiny", NULL, NULL, "note", 0, false)
SAMPLE(merge_fields_are_filled, "merge", NULL, NULL, "letter", 2, false)
SAMPLE(tables_are_rendered, "tables", NULL, NULL, "letter", 1, false)
SAMPLE(every_block_is_a_quiet_letter, "blocks-letter", BLOCKS, "letter", 1,
       false)
SAMPLE(every_block_is_in_a_magazine, "blocks-magazine", BLOCKS, "magazine", 1,
       true)
SAMPLE(every_block_is_in_a_note, "blocks-note", BLOCKS, "note", 1, true)

int main(void)
{
#define TEST(words) cmocka_unit_test(words##_as_before)
	const struct CMUnitTest tests[] = {
		TEST(every_kind_of_markdown_is_rendered),
		TEST(an_arabic_letter_is_mirrored),
		TEST(a_japanese_letter_is_rendered),
		TEST(a_tiny_note_is_rendered),
		TEST(merge_fields_are_filled),
		TEST(tables_are_rendered),
		TEST(every_block_is_a_quiet_letter),
		TEST(every_block_is_in_a_magazine),
		TEST(every_block_is_in_a_note),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
