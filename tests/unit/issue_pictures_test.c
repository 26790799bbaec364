/* issue_pictures_test.c - which pictures an issue has, and what is wrong with
 * them */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <gd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "issue/issue.h"

#define SETTINGS                                                         \
	"publication: {name: The Swamp, url: 'http://127.0.0.1:8080'}\n" \
	"from: The Swamp <letters@example.org>\n"                        \
	"lists: {weekly: {}}\n"                                          \
	"relays: {main: {url: 'smtp://127.0.0.1:2525'}}\n"
#define FRONT "---\ntitle: x\n---\n"

struct rig {
	char dir[64];
	struct arena *arena;
	const struct conf *conf;
	struct issue *issue;
	struct err err;
};

static const char *path_of(struct rig *rig, const char *name)
{
	return file_path(rig->arena, rig->dir, str_of(name));
}

static void put(struct rig *rig, const char *name, struct str bytes)
{
	assert_int_equal(file_write(path_of(rig, name), bytes, 0644, &rig->err),
			 0);
}

static void put_png(struct rig *rig, const char *name, int width, int height)
{
	gdImagePtr image = gdImageCreateTrueColor(width, height);
	int size;
	char *bytes;

	gdImageFilledRectangle(image, 0, 0, width, height / 2, 0x204060);
	bytes = gdImagePngPtr(image, &size);
	put(rig, name, str_at(bytes, (size_t)size));
	gdFree(bytes);
	gdImageDestroy(image);
}

static void rig_up(struct rig *rig)
{
	memset(rig, 0, sizeof(*rig));
	snprintf(rig->dir, sizeof(rig->dir), "/tmp/tidings-pics-XXXXXX");
	assert_non_null(mkdtemp(rig->dir));
	rig->arena = arena_new("a test", (size_t)1 << 28);
	setenv("XDG_CACHE_HOME", path_of(rig, "cache"), 1);
	assert_int_equal(file_make_dir(path_of(rig, "articles"), &rig->err), 0);
	assert_int_equal(conf_parse(rig->dir, CONF_FILE, STR(SETTINGS),
				    rig->arena, &rig->conf, &rig->err),
			 0);
	put_png(rig, "articles/a b.png", 300, 160);
	put_png(rig, "seal.png", 3000, 1500);
}

static void rig_down(struct rig *rig)
{
	const char *remove = arena_fmt(rig->arena, "rm -r %s", rig->dir).at;

	assert_int_equal(system(remove), 0);
	arena_free(&rig->arena);
}

static int load(struct rig *rig, const char *markdown)
{
	struct issue_wish wish = { .what = STR("x"),
				   .list = STR_NONE,
				   .now = 1 };

	put(rig, "articles/x.md", arena_fmt(rig->arena, FRONT "%s", markdown));
	return issue_load(rig->conf, &wish, rig->arena, &rig->issue, &rig->err);
}

static const struct render_input *loaded(struct rig *rig, const char *markdown)
{
	if (load(rig, markdown) < 0)
		fail_msg("%s: %s (%s)", rig->err.place, rig->err.message,
			 rig->err.hint);
	return rig->issue->input;
}

static void every_picture_that_is_asked_for_is_read_once(void **state)
{
	const struct render_input *input;
	struct rig rig;

	(void)state;
	rig_up(&rig);
	input = loaded(&rig, "![x](a%20b.png)\n\n> ![y](/seal.png){width=100}"
			     "\n\n<div><img src=\"/seal.png\"></div>\n\n"
			     "![z](https://x.example/z.png)\n\n"
			     "![x](/articles/a%20b.png){cid}\n");
	assert_int_equal(input->image_count, 2);
	assert_true(str_eqz(input->images[0].path, "articles/a b.png"));
	assert_int_equal(input->images[0].width, 300);
	assert_int_equal(input->images[0].height, 160);
	assert_true(str_eqz(input->images[0].type, "image/png"));
	assert_true(str_ends(input->images[0].file, STR(".png")));
	/* For the widest of its places. */
	assert_true(str_eqz(input->images[1].path, "seal.png"));
	assert_int_equal(input->images[1].width, 2 * RENDER_COLUMN);
	assert_int_equal(input->images[1].height, RENDER_COLUMN);
	rig_down(&rig);
}

static void the_cache_changes_nothing_but_the_time_it_takes(void **state)
{
	static const char text[] = "![y](/seal.png){width=100}\n";
	struct str first, again, without;
	struct rig rig;

	(void)state;
	rig_up(&rig);
	first = loaded(&rig, text)->images[0].file;
	assert_true(file_exists(path_of(&rig, "cache/tidings/pictures")));
	again = loaded(&rig, text)->images[0].file;
	setenv("XDG_CACHE_HOME", "/proc/nowhere", 1);
	without = loaded(&rig, text)->images[0].file;
	assert_true(str_eq(first, again));
	assert_true(str_eq(first, without));
	rig_down(&rig);
}

static void what_is_wrong_is_told_by_its_line(void **state)
{
	static const struct {
		const char *markdown, *place, *words, *hint;
	} cases[] = {
		{ "a\n\n![x](missing.png)", "articles/x.md:6",
		  "there is no picture 'articles/missing.png'",
		  "beside the article" },
		{ "![x](no.png)", "articles/x.md:4",
		  "'articles/no.png' is no picture", "PNG" },
		{ "![x](a%20b.png)\n\n![x](draw.svg)", "articles/x.md:6", "SVG",
		  "export it as PNG" },
		{ "![x](../../etc/passwd)", "articles/x.md:4",
		  "leads out of the publication", "copy the file" },
		{ "a\n<img src=missing.png>", "articles/x.md:5",
		  "there is no picture", "" },
		{ "![x](../articles)", "articles/x.md:4", "not a file", "" },
		{ "![x](huge.png)", "articles/x.md:4", "52428800 bytes",
		  "save it smaller" },
		{ "![a](z.png)\n\n![b](y.png)", "articles/x.md:4", "z.png",
		  "" },
	};
	struct rig rig;

	(void)state;
	rig_up(&rig);
	put(&rig, "articles/no.png", STR("This was never a picture."));
	put(&rig, "articles/draw.svg",
	    STR("<svg xmlns='http://www.w3.org/2000/svg'/>"));
	put(&rig, "articles/huge.png", STR("\x89PNG\r\n\x1a\n"));
	assert_int_equal(
		truncate(path_of(&rig, "articles/huge.png"), 50 * 1024 * 1024),
		0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (load(&rig, cases[i].markdown) == 0)
			fail_msg("case %zu was taken", i);
		assert_int_equal(rig.err.code, ERR_INPUT);
		assert_string_equal(rig.err.place, cases[i].place);
		if (!strstr(rig.err.message, cases[i].words) ||
		    !strstr(rig.err.hint, cases[i].hint))
			fail_msg("case %zu: '%s' (%s)", i, rig.err.message,
				 rig.err.hint);
	}
	rig_down(&rig);
}

static long resident_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void a_giant_file_is_refused_before_it_is_read(void **state)
{
	struct rig rig;
	long before;

	(void)state;
	rig_up(&rig);
	put(&rig, "articles/huge.png", STR("\x89PNG\r\n\x1a\n"));
	assert_int_equal(
		truncate(path_of(&rig, "articles/huge.png"), 50 * 1024 * 1024),
		0);
	loaded(&rig, "a");
	before = resident_kib();
	assert_int_equal(load(&rig, "![x](huge.png)"), -1);
	assert_true(resident_kib() - before < 16 * 1024);
	rig_down(&rig);
}

static void pictures_are_kept_for_the_web_server_as_they_were_sent(void **state)
{
	const struct render_image *image;
	struct timespec written;
	struct rig rig;
	const char *path;
	struct stat st;
	struct str there;
	mode_t mask;

	(void)state;
	rig_up(&rig);
	image = loaded(&rig, "![x](a%20b.png)")->images;
	path = file_path(rig.arena, path_of(&rig, "tidings.pictures"),
			 image->file);
	mask = umask(077);
	assert_int_equal(issue_keep_pictures(rig.conf, rig.issue, &rig.err), 0);
	umask(mask);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	written = st.st_mtim;
	assert_int_equal(file_read(path, 1 << 20, rig.arena, &there, &rig.err),
			 0);
	assert_true(str_eq(there, image->bytes));
	assert_int_equal(stat(path_of(&rig, "tidings.pictures"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0755);
	/* Once there it is not written again, unless it was damaged. */
	assert_int_equal(issue_keep_pictures(rig.conf, rig.issue, &rig.err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_memory_equal(&st.st_mtim, &written, sizeof(written));
	assert_int_equal(truncate(path, 10), 0);
	assert_int_equal(issue_keep_pictures(rig.conf, rig.issue, &rig.err), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, image->bytes.len);
	rig_down(&rig);
}

static void a_letter_without_pictures_makes_no_folder(void **state)
{
	struct rig rig;

	(void)state;
	rig_up(&rig);
	loaded(&rig, "![x](https://x.example/a.png)");
	assert_int_equal(issue_keep_pictures(rig.conf, rig.issue, &rig.err), 0);
	assert_false(file_exists(path_of(&rig, "tidings.pictures")));
	rig_down(&rig);
}

/* Four thousand times the same one is one picture, and no work to find out. */
static void many_pictures_are_told_apart_quickly(void **state)
{
	struct buf text;
	struct rig rig;

	(void)state;
	rig_up(&rig);
	buf_init(&text, (size_t)1 << 20);
	for (int i = 0; i < 4000; i++)
		buf_addz(&text, "![x](a%20b.png)\n\n");
	buf_byte(&text, 0);
	assert_int_equal(loaded(&rig, text.at)->image_count, 1);
	buf_done(&text);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_giant_file_is_refused_before_it_is_read),
		cmocka_unit_test(every_picture_that_is_asked_for_is_read_once),
		cmocka_unit_test(
			the_cache_changes_nothing_but_the_time_it_takes),
		cmocka_unit_test(what_is_wrong_is_told_by_its_line),
		cmocka_unit_test(
			pictures_are_kept_for_the_web_server_as_they_were_sent),
		cmocka_unit_test(a_letter_without_pictures_makes_no_folder),
		cmocka_unit_test(many_pictures_are_told_apart_quickly),
	};

	return cmocka_run_group_tests_name("pictures", tests, NULL, NULL);
}
