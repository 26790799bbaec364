/* content_blocks_test.c - blocks through a pipe, and articles in a child */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "content/article.h"
#include "content/markdown.h"
#include "content_dump.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char markdown[] =
	"# a {{b}}\n\n- [x](y)\n- z\n\n| 1 | 2 |\n|---|--:|\n| 3 | {{4}} |\n";

struct rig {
	struct arena *arena;
	struct blocks *blocks;
	struct buf image; /* of the Markdown above */
};

static int up(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));
	struct err err = ERR_INIT;

	assert_non_null(rig);
	rig->arena = arena_new("a test", 1 << 28);
	assert_int_equal(markdown_parse(STR(markdown), "x.md", 1, NULL, rig->arena,
					&rig->blocks, &err),
			 0);
	buf_init(&rig->image, 1 << 20);
	blocks_pack(rig->blocks, &rig->image);
	*state = rig;
	return 0;
}

static int down(void **state)
{
	struct rig *rig = *state;

	buf_done(&rig->image);
	arena_free(&rig->arena);
	free(rig);
	return 0;
}

static void packed_blocks_come_back_the_same(void **state)
{
	struct rig *rig = *state;
	struct blocks *back;
	struct err err = ERR_INIT;
	struct buf was, is;

	assert_int_equal(
		blocks_unpack(buf_str(&rig->image), rig->arena, &back, &err),
		0);
	buf_init(&was, 1 << 16);
	buf_init(&is, 1 << 16);
	dump(&was, rig->blocks);
	dump(&is, back);
	assert_string_equal(was.at, is.at);
	assert_int_equal(back->field_count, 2);
	assert_true(str_eqz(blocks_str(back, back->fields[1].source), "4"));
	buf_done(&was);
	buf_done(&is);
}

static void a_cut_image_is_refused(void **state)
{
	struct rig *rig = *state;
	struct blocks *back;

	for (size_t len = 0; len < rig->image.len; len++) {
		struct err err = ERR_INIT;

		assert_int_equal(blocks_unpack(str_at(rig->image.at, len),
					       rig->arena, &back, &err),
				 -1);
		assert_int_equal(err.code, ERR_INTERNAL);
	}
}

/* Each of these alone makes the blocks of the rig unfit. */
static void spoil(struct block *at, struct block_field *fields, int how,
		  uint32_t count, uint32_t bytes)
{
	uint32_t n = 0;

	while (at[n].kind != BLOCK_LIST)
		n++;
	switch (how) {
	case 0:
		at[n].kind = BLOCK_KIND_COUNT;
		break;
	case 1:
		at[n].first = n;
		break;
	case 2:
		at[n].first = 0;
		break;
	case 3:
		at[n].first = count;
		break;
	case 4:
		at[n].next = n;
		break;
	case 5:
		at[n].next = n + 1;
		break;
	case 6:
		at[n].next = 0;
		break;
	case 7:
		at[n].next = UINT32_MAX;
		break;
	case 8:
		at[n].text.at = bytes + 1;
		break;
	case 9:
		at[n].url = (struct block_text){ 0, UINT32_MAX };
		break;
	case 10:
		at[n].title = (struct block_text){ 1, bytes };
		break;
	case 11:
		at[n].text = (struct block_text){ 0, bytes };
		break;
	case 12:
		at[1].level = 7;
		break;
	case 13:
		at[1].level = 0;
		break;
	case 14:
		at[n].kind = BLOCK_EMPH;
		break;
	case 15:
		at[n + 1].kind = BLOCK_QUOTE;
		break;
	case 16:
		at[n + 3].kind = BLOCK_RULE;
		break;
	case 17:
		at[0].kind = BLOCK_QUOTE;
		break;
	case 18:
		at[0].next = 1;
		break;
	case 19:
		at[count - 1].first = count;
		break;
	case 20:
		at[count - 1].next = count;
		break;
	case 21:
		at[count - 1].first = 1;
		break;
	case 22:
		fields[0].source.len = bytes;
		break;
	case 23:
		fields[1].source.at = UINT32_MAX;
		break;
	default:
		break;
	}
}

static void spoilt_blocks_are_not_believed(void **state)
{
	struct rig *rig = *state;
	const struct blocks *was = rig->blocks;

	assert_true(blocks_ok(was));
	for (int how = 0; how < 24; how++) {
		struct blocks b = *was;
		struct block *at = arena_many(rig->arena, struct block,
					      b.count);
		struct block_field *fields = arena_many(rig->arena,
							struct block_field, 2);

		memcpy(at, b.at, b.count * sizeof(*at));
		memcpy(fields, b.fields, 2 * sizeof(*fields));
		b.at = at;
		b.fields = fields;
		spoil(at, fields, how, b.count, (uint32_t)b.bytes.len);
		if (blocks_ok(&b))
			fail_msg("spoilt in way %d and believed", how);
	}
}

static void a_field_that_is_not_there_is_not_believed(void **state)
{
	struct rig *rig = *state;
	struct blocks b = *rig->blocks;

	b.field_count = 1;
	assert_false(blocks_ok(&b));
	b.count = 0;
	assert_false(blocks_ok(&b));
}

static void spoil_condition(struct block *at, struct block_field *fields,
			    int how)
{
	enum { IF = 1, LINE = 5 };

	switch (how) {
	case 0:
		at[IF].number = -1;
		break;
	case 1:
		at[IF].number = 4;
		break;
	case 2:
		at[IF].number = 3; /* {{f}} decides nothing */
		break;
	case 3:
		at[IF].kind = BLOCK_CALLOUT; /* around an ELSE */
		break;
	case 4:
		at[IF + 1].kind = BLOCK_ELSE; /* not the last */
		break;
	case 5:
		fields[2] = fields[3]; /* the end is a field */
		break;
	case 6:
		fields[1] = fields[3]; /* the beginning is one */
		break;
	default:
		at[LINE + 1].kind = BLOCK_HTML_INLINE;
		break;
	}
}

static void spoilt_conditions_are_not_believed(void **state)
{
	static const char text[] = ":::if a\nb\n::else\n:::\n"
				   "{{#if d}}e{{/if}} {{f}}\n";
	struct rig *rig = *state;
	struct blocks *was;
	struct err err = ERR_INIT;

	assert_int_equal(markdown_parse(STR(text), "x.md", 1, NULL, rig->arena,
					&was, &err),
			 0);
	for (int how = 0; how < 8; how++) {
		struct blocks b = *was;
		struct block *at = arena_many(rig->arena, struct block,
					      b.count);
		struct block_field *fields =
			arena_many(rig->arena, struct block_field, 4);

		assert_int_equal(b.field_count, 4);
		memcpy(at, b.at, b.count * sizeof(*at));
		memcpy(fields, b.fields, 4 * sizeof(*fields));
		b.at = at;
		b.fields = fields;
		assert_true(blocks_ok(&b));
		spoil_condition(at, fields, how);
		if (blocks_ok(&b))
			fail_msg("spoilt in way %d and believed", how);
	}
}

static void a_text_is_cut_at_its_merge_fields(void **state)
{
	static const struct {
		const char *text, *pieces;
	} cases[] = {
		{ "", "" },
		{ "abc", "[abc]" },
		{ "\xEE\x80\x80"
		  "0"
		  "\xEE\x80\x81",
		  "{0}" },
		{ "a\xEE\x80\x80"
		  "17"
		  "\xEE\x80\x81\xEE\x80\x80"
		  "2"
		  "\xEE\x80\x81"
		  "b",
		  "[a]{17}{2}[b]" },
		{ "\xEE\x80\x80"
		  "1",
		  "[\xEE\x80\x80"
		  "1]" },
		{ "\xEE\x80\x80\xEE\x80\x81", "[\xEE\x80\x80\xEE\x80\x81]" },
		{ "\xEE\x80\x80"
		  "1x\xEE\x80\x80"
		  "1\xEE\x80\x81",
		  "[\xEE\x80\x80"
		  "1x]{1}" },
		{ "\xEE\x80\x80"
		  "123456789"
		  "\xEE\x80\x81",
		  "[\xEE\x80\x80"
		  "123456789"
		  "\xEE\x80\x81]" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str text = str_of(cases[i].text);
		struct str plain;
		struct buf out;
		int field;

		buf_init(&out, 1000);
		while (blocks_piece(&text, &plain, &field))
			if (field >= 0)
				buf_fmt(&out, "{%d}", field);
			else
				buf_fmt(&out, "[" STR_FMT "]", STR_ARG(plain));
		assert_string_equal(out.at, cases[i].pieces);
		buf_done(&out);
	}
}

static struct article *article_of(struct arena *arena, struct str body)
{
	struct article *article;
	struct err err = ERR_INIT;
	struct buf text;

	buf_init(&text, ARTICLE_MAX);
	buf_addz(&text, "---\ntitle: t\n---\n");
	buf_add(&text, body);
	assert_int_equal(article_parse(STR("articles/x.md"), buf_str(&text),
				       arena, &article, &err),
			 0);
	buf_done(&text);
	return article;
}

static void an_article_gets_its_blocks_from_a_child(void **state)
{
	struct rig *rig = *state;
	struct article *a = article_of(rig->arena, STR(markdown));
	struct err err = ERR_INIT;
	struct buf was, is;

	assert_int_equal(article_blocks(a, NULL, rig->arena, &err), 0);
	buf_init(&was, 1 << 16);
	buf_init(&is, 1 << 16);
	dump(&was, rig->blocks);
	dump(&is, a->blocks);
	assert_string_equal(was.at, is.at);
	buf_done(&was);
	buf_done(&is);
}

static void the_places_of_a_childs_errors_are_those_of_the_file(void **state)
{
	struct rig *rig = *state;
	struct article *a = article_of(rig->arena, STR("a\n\n:::\n"));
	struct err err = ERR_INIT;

	assert_int_equal(article_blocks(a, NULL, rig->arena, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.place, "articles/x.md:6");
}

static void words_are_counted_as_they_are_read(void **state)
{
	static const struct {
		const char *body;
		int words;
	} cases[] = {
		{ "", 0 },
		{ "one two\nthree", 3 },
		{ "# one\n\ntwo", 2 },
		{ "one**two**three *four*", 2 },
		{ "one\xE2\x80\x94two \xE2\x80\x94 three -- it's 2,000", 5 },
		{ "`one two` [three](four \"five\") ![six](seven)", 3 },
		{ "    one two\n", 2 },
		{ "<p title=\"no\">one<br>two</p>\n", 2 },
		{ "| one | two |\n|---|---|\n| three |\n", 3 },
		{ "- one\n- two\n", 2 },
		{ "one[^1]\n\n[^1]: two three", 3 },
		{ "\xE4\xBD\xA0\xE5\xA5\xBD\xE4\xB8\x96", 2 },
		{ "one \xE4\xBD\xA0\xE5\xA5\xBD two", 3 },
		{ "Hi {{subscriber.first_name}}!", 2 },
		{ "\xD0\x9F\xD1\x80\xD0\xB8 \xD0\xB2\xD0\xB5\xD1\x82", 2 },
		{ "::button[one two](three)\n", 2 },
		{ "\xE2\x80\x9Cone\xE2\x80\x9D \xE2\x80\xA6 two", 2 },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct article *a = article_of(rig->arena,
					       str_of(cases[i].body));
		struct err err = ERR_INIT;

		assert_int_equal(article_blocks(a, NULL, rig->arena, &err), 0);
		if (a->words != cases[i].words)
			fail_msg("%d words, not %d: %s", a->words,
				 cases[i].words, cases[i].body);
	}
}

static struct str repeated(struct arena *arena, const char *what)
{
	size_t len = strlen(what);
	size_t count = (ARTICLE_MAX - 100) / len;
	char *all = arena_take(arena, count * len + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(all + i * len, what, len);
	return str_at(all, count * len);
}

/* Items each in the other, then nothing but empty lines: cmark looks at all
 * of them for each. */
static struct str nested_lists(struct arena *arena)
{
	struct buf text;
	struct str all;

	buf_init(&text, ARTICLE_MAX - 100);
	for (int i = 0; i < 700; i++)
		buf_fmt(&text, "%*s* a\n", 2 * i, "");
	while (!buf_over(&text))
		buf_byte(&text, '\n');
	all = arena_dup(arena, buf_str(&text));
	buf_done(&text);
	return all;
}

static double child_cpu_s(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* What a megabyte of hostile Markdown came to. Two seconds of processor time
 * are allowed, and a little for the kernel to notice. */
static int bombed(struct arena *arena, struct str body, struct err *err)
{
	struct article *a = article_of(arena, body);
	double before = child_cpu_s();
	int rc = article_blocks(a, NULL, arena, err);

	assert_true(child_cpu_s() - before < 3.0);
	return rc;
}

/* One line with more settings than it may have. */
static struct str wide_bookmark(struct arena *arena)
{
	struct str settings = repeated(arena, "title=\"a\" ");

	return arena_fmt(arena, "::bookmark[a](https://b){" STR_FMT "}",
			 STR_ARG(str_head(settings, settings.len - 100)));
}

static void a_hostile_megabyte_ends_in_a_clear_error(void **state)
{
	struct rig *rig = *state;
	struct {
		struct str body;
		const char *message;
	} cases[] = {
		/* Quadratic in cmark. Under load the wall may be first. */
		{ repeated(rig->arena, "![[]()"),
		  "reading 'articles/x.md' took more than" },
		{ nested_lists(rig->arena), "" },
		{ repeated(rig->arena, "> "), "inside each other" },
		{ repeated(rig->arena, "1. "), "inside each other" },
		{ repeated(rig->arena, "<div><b x>"), "tangled" },
		{ repeated(rig->arena, "{{"), "not closed" },
		{ repeated(rig->arena, "~~a "), "parts" },
		{ repeated(rig->arena, "a@b.c "), "parts" },
		{ repeated(rig->arena, "a\n"), "parts" },
		{ repeated(rig->arena, "|a|\n|-|\n\n"), "parts" },
		{ repeated(rig->arena, ":::callout\n"), "2000 lines" },
		{ repeated(rig->arena, "[^1]: x\n"), "second time" },
		{ repeated(rig->arena, "{{#if a}} "), "20 conditions" },
		{ repeated(rig->arena, "::share\n\n# a\n"), "2000 lines" },
		{ repeated(rig->arena, "{{#if a}}\n{{/if}}\n"),
		  "2000 lines" },
		{ wide_bookmark(rig->arena), "title" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;

		assert_int_equal(bombed(rig->arena, cases[i].body, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		if (!strstr(err.message, cases[i].message))
			fail_msg("case %zu: %s", i, err.message);
	}
}

static void odd_megabytes_are_read_in_time(void **state)
{
	static const char *const bombs[] = {
		"\"'--...",
		"{{#if a}}\"{{/if}}",
		"## {{a}}\n",
		"<a href=x>",
		"www.a_",
		"[a](<b",
		"*a **a ",
		"\\~",
		"[",
		"&",
		")",
		"{{a}}",
		"\t",
		"- ",
		"[1]: x\n",
		"a longer line\n",
	};
	struct rig *rig = *state;

#ifdef __SANITIZE_ADDRESS__
	/* Twice the time, and the limit is on the time. */
	skip();
#endif
	for (size_t i = 0; i < COUNT(bombs); i++) {
		struct err err = ERR_INIT;

		if (bombed(rig->arena, repeated(rig->arena, bombs[i]), &err))
			fail_msg("%s: %s", bombs[i], err.message);
	}
}

static void a_megabyte_of_honest_text_is_read(void **state)
{
	struct rig *rig = *state;
	struct article *a = article_of(
		rig->arena,
		repeated(rig->arena,
			 "## A heading\n\nA paragraph of **some** length with "
			 "a [link](https://example.org/) and {{a.field}} in "
			 "it, so that it is like what people write.\n\n"));
	struct err err = ERR_INIT;

	if (article_blocks(a, NULL, rig->arena, &err) < 0)
		fail_msg("%s: %s", err.place, err.message);
	assert_true(a->words > 100000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, up, down)
	const struct CMUnitTest tests[] = {
		TEST(packed_blocks_come_back_the_same),
		TEST(a_cut_image_is_refused),
		TEST(spoilt_blocks_are_not_believed),
		TEST(a_field_that_is_not_there_is_not_believed),
		TEST(spoilt_conditions_are_not_believed),
		TEST(a_text_is_cut_at_its_merge_fields),
		TEST(an_article_gets_its_blocks_from_a_child),
		TEST(the_places_of_a_childs_errors_are_those_of_the_file),
		TEST(words_are_counted_as_they_are_read),
		TEST(a_hostile_megabyte_ends_in_a_clear_error),
		TEST(odd_megabytes_are_read_in_time),
		TEST(a_megabyte_of_honest_text_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
