/* render_wrap_test.c - where lines end, and where they never do */
#include "render_rig.h"

#include "base/utf8.h"
#include "render/wrap.h"

static struct arena *arena;

static int up(void **state)
{
	(void)state;
	arena = arena_new("a test", (size_t)64 << 20);
	return 0;
}

static int down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct str wrapped(struct str text, const char *first, const char *rest)
{
	struct buf out;
	struct str result;

	buf_init(&out, 1 << 20);
	wrap_text(text, str_of(first), str_of(rest), &out);
	result = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return result;
}

static void same(struct str got, const char *want)
{
	if (!str_eqz(got, want))
		fail_msg("got:\n" STR_FMT "|\nnot:\n%s|", STR_ARG(got), want);
}

/* `n` columns of words, no blank at their end. */
static struct str words(size_t n)
{
	char *text = arena_take(arena, n + 1);

	for (size_t i = 0; i < n; i++)
		text[i] = i % 7 == 5 && i + 1 < n ? ' ' : 'x';
	return str_at(text, n);
}

static struct str joined(struct str a, const char *b)
{
	return arena_fmt(arena, STR_FMT "%s", STR_ARG(a), b);
}

/* --- lines ---------------------------------------------------------------- */

static void a_line_has_72_columns_with_the_blank_that_lets_it_flow(void **state)
{
	(void)state;
	for (size_t n = 60; n < 80; n++) {
		struct str text = wrapped(joined(words(n), " yy"), "", "");
		struct str line = str_cut(text, '\n', &text);

		assert_true(line.len <= 72);
		if (n <= 68)
			assert_int_equal(text.len, 0);
		else
			assert_true(str_ends(line, STR(" ")));
	}
}

static void lines_begin_with_what_the_caller_says(void **state)
{
	struct str long_line = joined(words(70), " end");

	(void)state;
	same(wrapped(STR("a\nb"), "- ", "  "), "- a\n  b");
	assert_true(str_find_str(wrapped(long_line, "- ", "  "), STR(" \n  ")) >
		    0);
	assert_true(str_find_str(wrapped(long_line, "> ", "> "), STR(" \n> ")) >
		    0);
}

static void no_line_ends_in_a_blank_but_where_it_flows(void **state)
{
	static const struct {
		const char *text, *first, *rest, *want;
	} cases[] = {
		{ "", "", "", "" },
		{ "", "- ", "  ", "-" },
		{ " ", "> ", "> ", ">" },
		{ "a ", "", "", "a" },
		{ "a \n b", "", "", "a\nb" },
		{ "a\n", "- ", "  ", "- a\n" },
		{ "a\n\nb", "> ", "> ", "> a\n>\n> b" },
		{ "\n", "- ", "  ", "-\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		same(wrapped(str_of(cases[i].text), cases[i].first,
			     cases[i].rest),
		     cases[i].want);
}

/* RFC 3676 4.2 to 4.5. */
static void what_readers_would_take_for_marks_is_stuffed(void **state)
{
	(void)state;
	same(wrapped(STR("> no quote"), "", ""), " > no quote");
	same(wrapped(STR("From here"), "", ""), " From here");
	same(wrapped(STR("Fromage"), "", ""), "Fromage");
	same(wrapped(STR("a\n>b\nFrom c"), "", ""), "a\n >b\n From c");
	same(wrapped(STR(">b"), "> ", "> "), "> >b");
}

static void the_mark_of_a_signature_never_flows(void **state)
{
	struct str text = wrapped(
		joined(STR("-- "), "https://x.example/"
				   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
		"", "");

	(void)state;
	assert_true(str_starts(text, STR("--\nhttps://")));
}

static void quotations_in_quotations_do_not_flow(void **state)
{
	struct str text = joined(words(70), " end");

	(void)state;
	assert_true(str_find_str(wrapped(text, "> > ", "> > "), STR(" \n")) <
		    0);
}

/* --- what stays together -------------------------------------------------- */

/* Behind so many columns that only the last word would still fit. */
static void assert_together(const char *text, bool together)
{
	size_t width = utf8_width(str_of(text));

	for (size_t n = 70 - width; n < 71; n++) {
		struct str line = joined(words(n - 1), " ");
		struct str got = wrapped(joined(line, text), "", "");
		bool whole = str_find_str(got, str_of(text)) >= 0;

		if (together && !whole)
			fail_msg("'%s' is broken:\n" STR_FMT, text,
				 STR_ARG(got));
		if (!together && !whole)
			return;
	}
	if (!together)
		fail_msg("'%s' is never broken", text);
}

static void what_belongs_together_is_not_broken(void **state)
{
	static const char *const together[] = {
		"12 €",
		"99,50 €",
		"3 km",
		"20 °C",
		"100 %",
		"§ 3",
		"№ 7",
		"text [4]",
		"note [a]",
		"Quoi ?",
		"« Oui »",
		"ami :",
		"`a b c d`",
		"a\xc2\xa0"
		"b",
		"10 zł",
		"a@b.example",
		"https://x.example/\xe5\xa1\xa9\xe3\x81\xae\xe9\x81\x93",
		"well-known",
		"a\xe2\x80\x8d"
		"b",
	};
	static const char *const apart[] = {
		"12 men", "12 monkeys", "a € 3", "x km",       "3 kmx",
		"a [b",	  "[a] b",	"` a b", "ab\u200Bcd",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(together) / sizeof(*together); i++)
		assert_together(together[i], true);
	for (size_t i = 0; i < sizeof(apart) / sizeof(*apart); i++)
		assert_together(apart[i], false);
}

static void blanks_that_stay_do_not_make_a_line_endless(void **state)
{
	struct buf out;
	struct str text;

	(void)state;
	buf_init(&out, 1 << 16);
	for (int i = 0; i < 500; i++)
		buf_addz(&out, "! ");
	text = wrapped(buf_str(&out), "", "");
	buf_done(&out);
	while (text.len > 0)
		assert_true(str_cut(text, '\n', &text).len <= 72);
}

/* --- widths --------------------------------------------------------------- */

static struct str times(const char *text, int n)
{
	struct str result;
	struct buf out;

	buf_init(&out, 1 << 20);
	while (n-- > 0)
		buf_addz(&out, text);
	result = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return result;
}

#define FAMILY "\U0001F468\u200D\U0001F469\u200D\U0001F467"
#define FLAG   "\U0001F1F3\U0001F1F1"
#define HAND   "\U0001F44D\U0001F3FD"
#define HEART  "\u2764\uFE0F"
#define GA     "\u304B\u3099"

/* 35 of two columns fill 70; the 36th would not leave room for a blank. */
static void wide_text_breaks_between_its_characters_not_inside_one(void **state)
{
	static const char *const characters[] = { "塩", GA,   FAMILY,
						  FLAG, HAND, "あ" };

	(void)state;
	for (size_t i = 0; i < sizeof(characters) / sizeof(*characters); i++) {
		struct str text = wrapped(times(characters[i], 100), "", "");
		size_t len = strlen(characters[i]);

		for (int left = 100; left > 0; left -= 35) {
			struct str line = str_cut(text, '\n', &text);
			size_t want = left > 35 ? 35 : (size_t)left;

			if (line.len != want * len)
				fail_msg("case %zu: %zu bytes, not %zu", i,
					 line.len, want * len);
			assert_true(utf8_width(line) <= 72);
		}
		assert_int_equal(text.len, 0);
	}
}

static void between_wide_characters_no_blank_is_put(void **state)
{
	struct str text = wrapped(times("塩の道", 30), "", "");

	(void)state;
	assert_true(str_find_str(text, STR(" ")) < 0);
	assert_true(str_find_str(text, STR("\n")) > 0);
}

/* One of each pair stands at the end of the line, wherever that falls. */
static void no_line_begins_with_what_closes_or_ends_with_what_opens(
	void **state)
{
	static const char *const closing[] = { "。", "、", "」", "）", "！",
					       "ー", "っ", "ゃ", "々", "…",
					       "”",  "!",  ")",	 "：", "ｯ" };
	static const char *const opening[] = { "「", "（", "『", "“",
					       "(",  "《", "￥" };

	(void)state;
	for (int shift = 0; shift < 4; shift++) {
		struct str start = times("塩", 30 + shift);

		for (size_t i = 0; i < sizeof(closing) / sizeof(*closing);
		     i++) {
			struct str text = joined(
				start,
				arena_fmt(arena, "道道%s道道%s道道%s道道%s道",
					  closing[i], closing[i], closing[i],
					  closing[i])
					.at);

			text = wrapped(text, "", "");
			assert_true(str_find(text, '\n') > 0);
			assert_true(str_find_str(text, arena_fmt(arena, "\n%s",
								 closing[i])) <
				    0);
		}
		for (size_t i = 0; i < sizeof(opening) / sizeof(*opening);
		     i++) {
			struct str text = joined(
				start,
				arena_fmt(arena, "道道%s道道%s道道%s道道%s道",
					  opening[i], opening[i], opening[i],
					  opening[i])
					.at);

			text = wrapped(text, "", "");
			assert_true(str_find_str(text, arena_fmt(arena, "%s\n",
								 opening[i])) <
				    0);
		}
	}
}

static void widths_are_those_of_a_terminal(void **state)
{
	/* Text that fits exactly, then one column more. */
	static const struct {
		const char *unit;
		int columns;
	} cases[] = {
		{ "e\u0301", 1 },      { "塩", 2 },	{ FAMILY, 2 },
		{ "\u05D0\u05B8", 1 }, { "\u0633", 1 }, { HEART, 2 },
		{ "한", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int fit = 66 / cases[i].columns;
		struct str unit = times(cases[i].unit, fit);
		int used = fit * cases[i].columns;
		struct str fits = joined(joined(unit, " "),
					 times("x", 71 - used - 1).at);
		struct str over = joined(joined(unit, " "),
					 times("x", 71 - used).at);

		assert_true(str_find(wrapped(fits, "", ""), '\n') < 0);
		assert_true(str_find(wrapped(over, "", ""), '\n') > 0);
	}
}

/* --- bad input ------------------------------------------------------------ */

static void controls_and_tabs_do_not_reach_the_reader(void **state)
{
	(void)state;
	same(wrapped(STR("a\tb\r\nc"), "", ""), "a b\nc");
	same(wrapped(STR("a\x07\x1b[1mb\x7f"), "", ""), "a[1mb");
	same(wrapped(STR("a\xc2\x85"
			 "b\xe2\x80\xa8"
			 "c"),
		     "", ""),
	     "abc");
	same(wrapped(STR("`a\tb`"), "", ""), "`a b`");
	same(wrapped(STR("a \x01 b"), "", ""), "a b");
}

static void no_bytes_at_all_upset_it(void **state)
{
	static const struct str cases[] = {
		STR("\xff\xfe\x80"), STR("\xe3\x80"), STR("`"),
		STR("``"),	     STR("` `"),      STR("\0a\0"),
		STR("\xf0\x9f\x91"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		/* Without a byte behind it, for the sanitizer. */
		char *copy = malloc(cases[i].len);
		struct str text;

		assert_non_null(copy);
		memcpy(copy, cases[i].at, cases[i].len);
		text = wrapped(str_at(copy, cases[i].len), "", "");
		assert_true(text.len <= cases[i].len);
		free(copy);
	}
}

/* Wrapping what was wrapped and joined again changes nothing. */
static void what_is_joined_again_is_what_was_there(void **state)
{
	static const char text[] =
		"Salt was money once: a caravan of 300 camels took 40 days, "
		"and the price at its end was 12 € a slab or, in the words of "
		"the trader, « beaucoup trop » [3]. 塩の道は長い。From the "
		"well "
		"to the market, then, nobody spoke; > was no sign anybody "
		"knew.";
	struct str lines = wrapped(str_of(text), "", "");
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 16);
	while (lines.len > 0) {
		struct str line = str_cut(lines, '\n', &lines);

		buf_add(&out,
			str_starts(line, STR(" ")) ? str_skip(line, 1) : line);
	}
	same(buf_str(&out), text);
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_line_has_72_columns_with_the_blank_that_lets_it_flow),
		cmocka_unit_test(lines_begin_with_what_the_caller_says),
		cmocka_unit_test(no_line_ends_in_a_blank_but_where_it_flows),
		cmocka_unit_test(what_readers_would_take_for_marks_is_stuffed),
		cmocka_unit_test(the_mark_of_a_signature_never_flows),
		cmocka_unit_test(quotations_in_quotations_do_not_flow),
		cmocka_unit_test(what_belongs_together_is_not_broken),
		cmocka_unit_test(blanks_that_stay_do_not_make_a_line_endless),
		cmocka_unit_test(
			wide_text_breaks_between_its_characters_not_inside_one),
		cmocka_unit_test(between_wide_characters_no_blank_is_put),
		cmocka_unit_test(
			no_line_begins_with_what_closes_or_ends_with_what_opens),
		cmocka_unit_test(widths_are_those_of_a_terminal),
		cmocka_unit_test(controls_and_tabs_do_not_reach_the_reader),
		cmocka_unit_test(no_bytes_at_all_upset_it),
		cmocka_unit_test(what_is_joined_again_is_what_was_there),
	};

	return cmocka_run_group_tests(tests, up, down);
}
