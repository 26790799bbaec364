/* base_str_test.c - slices of bytes, and the nearest word */
#include "base_rig.h"

#include "base/nearest.h"
#include "base/str.h"

static void a_slice_is_cut_at_the_first_hit_only(void **state)
{
	static const struct {
		struct str text, head, rest;
	} cases[] = {
		{ STR("a=b=c"), STR("a"), STR("b=c") },
		{ STR("=b"), STR(""), STR("b") },
		{ STR("a="), STR("a"), STR("") },
		{ STR("abc"), STR("abc"), STR("") },
		{ STR(""), STR(""), STR("") },
		{ STR("a\0b=c"), STR("a\0b"), STR("c") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str rest;

		assert_str(str_cut(cases[i].text, '=', &rest), cases[i].head);
		assert_str(rest, cases[i].rest);
	}
}

static void beginnings_and_ends_are_compared_byte_by_byte(void **state)
{
	static const struct {
		struct str text, part;
		bool starts, ends, starts_nocase, same_nocase;
	} cases[] = {
		{ STR("abcab"), STR("ab"), true, true, true, false },
		{ STR("abc"), STR("abc"), true, true, true, true },
		{ STR("ab"), STR("abc"), false, false, false, false },
		{ STR("abc"), STR(""), true, true, true, false },
		{ STR(""), STR(""), true, true, true, true },
		{ STR("AbC"), STR("aBc"), false, false, true, true },
		{ STR("Abx"), STR("aB"), false, false, true, false },
		{ STR("[{"), STR("{["), false, false, false, false },
		{ STR("@"), STR("`"), false, false, false, false },
		/* Letters beyond ASCII are left alone. */
		{ STR("\xC3\x84"), STR("\xC3\xA4"), false, false, false,
		  false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str text = cases[i].text, part = cases[i].part;

		assert_int_equal(str_starts(text, part), cases[i].starts);
		assert_int_equal(str_ends(text, part), cases[i].ends);
		assert_int_equal(str_starts_nocase(text, part),
				 cases[i].starts_nocase);
		assert_int_equal(str_eq_nocase(text, part),
				 cases[i].same_nocase);
	}
}

static void the_first_place_is_found_or_none(void **state)
{
	static const struct {
		struct str text, needle;
		ptrdiff_t at;
	} cases[] = {
		{ STR("abcabc"), STR("c"), 2 }, { STR("abc"), STR("bc"), 1 },
		{ STR("abc"), STR("bcd"), -1 }, { STR("abc"), STR(""), 0 },
		{ STR(""), STR("a"), -1 },	{ STR(""), STR(""), 0 },
		{ STR("aab"), STR("ab"), 1 },	{ STR("a\0b"), STR("\0b"), 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(str_find_str(cases[i].text, cases[i].needle),
				 cases[i].at);
	assert_int_equal(str_find(STR("abcb"), 'b'), 1);
	assert_int_equal(str_find(STR("abc"), 'x'), -1);
	assert_int_equal(str_find(STR("a\0"), 0), 1);
	assert_int_equal(str_find(STR(""), 0), -1);
}

static void blanks_go_at_both_ends_and_stay_inside(void **state)
{
	static const struct {
		struct str text, want;
	} cases[] = {
		{ STR(" \t\r\na b\n \t"), STR("a b") },
		{ STR("  "), STR("") },
		{ STR(""), STR("") },
		{ STR("\va\f"), STR("\va\f") },
		{ STR("\xC2\xA0x"), STR("\xC2\xA0x") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_str(str_trim(cases[i].text), cases[i].want);
	assert_str(str_head(STR("abc"), 2), STR("ab"));
	assert_str(str_head(STR("abc"), 9), STR("abc"));
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void order_is_of_unsigned_bytes_and_the_shorter_first(void **state)
{
	static const struct {
		struct str a, b;
		int order;
	} cases[] = {
		{ STR("a"), STR("b"), -1 },   { STR("a"), STR("ab"), -1 },
		{ STR(""), STR(""), 0 },      { STR(""), STR("a"), -1 },
		{ STR("a\0b"), STR("a"), 1 }, { STR("\xFF"), STR("a"), 1 },
		{ STR("b"), STR("ab"), 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(sign(str_cmp(cases[i].a, cases[i].b)),
				 cases[i].order);
		assert_int_equal(sign(str_cmp(cases[i].b, cases[i].a)),
				 -cases[i].order);
	}
	assert_true(str_eq((struct str){ 0 }, STR("")));
	assert_true(str_eqz(STR("ab"), "ab"));
	assert_false(str_eqz(STR("ab\0"), "ab"));
}

static void a_number_is_whole_or_no_number(void **state)
{
	static const struct {
		struct str text;
		int64_t value;
	} good[] = {
		{ STR("0"), 0 },
		{ STR("-0"), 0 },
		{ STR("007"), 7 },
		{ STR("-15"), -15 },
		{ STR("9223372036854775807"), INT64_MAX },
		{ STR("-9223372036854775808"), INT64_MIN },
		{ STR("00000000000000000000000000000000001"), 1 },
	};
	static const struct str bad[] = {
		STR(""),
		STR("-"),
		STR("+1"),
		STR(" 1"),
		STR("1 "),
		STR("1.0"),
		STR("1e3"),
		STR("0x1"),
		STR("--1"),
		STR("1-"),
		STR("1\0"),
		STR("\xD9\xA1"),
		STR("9223372036854775808"),
		STR("-9223372036854775809"),
		STR("99999999999999999999999999"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		int64_t value = 4711;

		assert_true(str_int64(good[i].text, &value));
		assert_int_equal(value, good[i].value);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		int64_t value = 4711;

		if (str_int64(bad[i], &value))
			fail_msg("'%.*s' was taken", STR_ARG(bad[i]));
		assert_int_equal(value, 4711);
	}
}

/* --- nearest --------------------------------------------------------------- */

static void a_slip_of_the_finger_finds_the_word_that_was_meant(void **state)
{
	static const struct str names[] = {
		STR("author"), STR("authors"),	   STR("title"),
		STR("tags"),   STR("publication"), STR("preheader"),
		STR("date"),   STR("envelope"),
	};
	static const struct {
		const char *word, *want;
	} cases[] = {
		{ "autor", "author" }, /* one missing */
		{ "titel", "title" },  /* two swapped */
		{ "tagss", "tags" },   /* one too many */
		{ "dote", "date" },    /* one wrong */
		{ "publicatoin", "publication" },
		{ "pblicaton", "publication" },
		{ "envelop", "envelope" },
		{ "env", "envelope" }, /* begins one name only */
		{ "author", "author" },
		{ "authorz", "author" }, /* as near to both: the first */
		{ "zebra", "" },
		{ "x", "" },
		{ "", "" },
		{ "dtea", "" }, /* two slips in four letters */
	};
	char too_long[80];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_str(nearest(str_of(cases[i].word), names, COUNT(names)),
			   str_of(cases[i].want));
	assert_str(nearest(STR("author"), names, 0), STR(""));
	memset(too_long, 'a', sizeof(too_long));
	assert_str(nearest(str_at(too_long, sizeof(too_long)), names,
			   COUNT(names)),
		   STR(""));
}

static void a_beginning_that_two_names_share_suggests_neither(void **state)
{
	static const struct str names[] = { STR("preheader"), STR("preflight"),
					    STR("") };

	(void)state;
	assert_str(nearest(STR("pre"), names, COUNT(names)), STR(""));
	assert_str(nearest(STR("prefl"), names, COUNT(names)),
		   STR("preflight"));
}

static void names_of_every_length_are_compared_within_bounds(void **state)
{
	char word[64], name[66];

	(void)state;
	memset(word, 'a', sizeof(word));
	memset(name, 'a', sizeof(name));
	for (size_t len = 1; len <= sizeof(name); len++) {
		struct str names[] = { str_at(name, len) };
		struct str got = nearest(str_at(word, sizeof(word)), names, 1);

		/* A third of 64 may differ; more than 64 is not looked at. */
		assert_int_equal(got.len, len >= 43 && len <= 64 ? len : 0);
	}
}

static void a_hex_digit_has_a_worth_in_either_case_and_nothing_else_has(
	void **state)
{
	static const char lower[] = "0123456789abcdef";
	static const char upper[] = "0123456789ABCDEF";
	int digits = 0;

	(void)state;
	for (int i = 0; i < 16; i++) {
		assert_int_equal(str_hex(lower[i]), i);
		assert_int_equal(str_hex(upper[i]), i);
	}
	for (int c = -128; c < 128; c++)
		digits += str_hex((char)c) >= 0;
	assert_int_equal(digits, 22);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slice_is_cut_at_the_first_hit_only),
		cmocka_unit_test(beginnings_and_ends_are_compared_byte_by_byte),
		cmocka_unit_test(the_first_place_is_found_or_none),
		cmocka_unit_test(blanks_go_at_both_ends_and_stay_inside),
		cmocka_unit_test(
			order_is_of_unsigned_bytes_and_the_shorter_first),
		cmocka_unit_test(a_number_is_whole_or_no_number),
		cmocka_unit_test(
			a_hex_digit_has_a_worth_in_either_case_and_nothing_else_has),
		cmocka_unit_test(
			a_slip_of_the_finger_finds_the_word_that_was_meant),
		cmocka_unit_test(
			a_beginning_that_two_names_share_suggests_neither),
		cmocka_unit_test(
			names_of_every_length_are_compared_within_bounds),
	};

	return cmocka_run_group_tests_name("base_str", tests, NULL, NULL);
}
