/* base_utf8_test.c - what is UTF-8, how wide it is, what must not pass */
#include "base_rig.h"

#include "base/utf8.h"

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

/* RFC 3629 section 3, written out once more. */
static size_t encode(uint32_t c, char out[4])
{
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = { 0, 0, 0xC0, 0xE0, 0xF0 };

	for (size_t i = len - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (c & 0x3F));
		c >>= 6;
	}
	out[0] = (char)(lead[len] | c);
	return len;
}

static void every_character_is_well_formed_but_the_surrogates(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x110010; c++) {
		char text[4];
		size_t len = encode(c, text), read, bad = 99;
		bool fine = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
		struct str s = str_at(text, len);

		assert_int_equal(utf8_ok(s, &bad), fine);
		assert_int_equal(bad, fine ? 99 : 0);
		assert_int_equal(utf8_next(s, &read), fine ? c : 0xFFFD);
		assert_int_equal(read, fine ? len : 1);
	}
}

static void every_way_to_be_broken_is_found_where_it_stands(void **state)
{
	static const struct {
		const char *name;
		struct str text;
		size_t bad;
	} cases[] = {
		{ "a continuation alone", STR("ab\x80"), 2 },
		{ "the last continuation alone", STR("\xBF"), 0 },
		{ "two bytes, one missing", STR("a\xC3"), 1 },
		{ "three bytes, one missing", STR("a\xE2\x82"), 1 },
		{ "three bytes, two missing", STR("a\xE2"), 1 },
		{ "four bytes, one missing", STR("a\xF0\x9F\x98"), 1 },
		{ "four bytes, three missing", STR("a\xF0"), 1 },
		{ "two bytes, a letter inside",
		  STR("a\xC3"
		      "bc"),
		  1 },
		{ "three bytes, a letter inside",
		  STR("\xE2\x82"
		      "c"),
		  0 },
		{ "four bytes, a letter inside",
		  STR("\xF0\x9F"
		      "xy"),
		  0 },
		{ "a lead in a continuation's place", STR("\xC3\xC3\xA9"), 0 },
		{ "NUL in two bytes", STR("a\xC0\x80"), 1 },
		{ "a slash in two bytes", STR("\xC0\xAF"), 0 },
		{ "the last overlong of two", STR("\xC1\xBF"), 0 },
		{ "a slash in three bytes", STR("\xE0\x80\xAF"), 0 },
		{ "the last overlong of three", STR("\xE0\x9F\xBF"), 0 },
		{ "a slash in four bytes", STR("\xF0\x80\x80\xAF"), 0 },
		{ "the last overlong of four", STR("\xF0\x8F\xBF\xBF"), 0 },
		{ "the first surrogate", STR("\xED\xA0\x80"), 0 },
		{ "the last surrogate", STR("\xED\xBF\xBF"), 0 },
		{ "a surrogate pair", STR("\xED\xA0\xBD\xED\xB8\x80"), 0 },
		{ "past the last character", STR("\xF4\x90\x80\x80"), 0 },
		{ "a lead of no length", STR("x\xF5\x80\x80\x80"), 1 },
		{ "five bytes", STR("\xF8\x88\x80\x80\x80"), 0 },
		{ "six bytes", STR("\xFC\x84\x80\x80\x80\x80"), 0 },
		{ "0xFE", STR("\xFE"), 0 },
		{ "0xFF", STR("\xC3\xA9\xFF"), 2 },
		{ "Latin-1", STR("caf\xE9 au lait"), 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t bad = 99, len;

		if (utf8_ok(cases[i].text, &bad) || bad != cases[i].bad)
			fail_msg("%s: at %zu", cases[i].name, bad);
		assert_false(utf8_ok(cases[i].text, NULL));
		assert_int_equal(utf8_next(str_skip(cases[i].text, bad), &len),
				 0xFFFD);
		assert_int_equal(len, 1);
	}
	assert_true(utf8_ok(STR(""), NULL));
	assert_true(utf8_ok(STR("a\0b"), NULL));
}

static void width_is_counted_in_columns_of_a_terminal(void **state)
{
	static const struct {
		const char *name, *text;
		size_t width;
	} cases[] = {
		{ "nothing", "", 0 },
		{ "letters", "abc", 3 },
		{ "two wide ones", "\u65E5\u672C", 4 },
		{ "Hangul", "\uD55C\uAE00", 4 },
		{ "half-width kana", "\uFF71", 1 },
		{ "a full-width letter", "\uFF21", 2 },
		{ "a combining accent", "e\u0301", 1 },
		{ "many accents", "e\u0301\u0302\u0303x", 2 },
		{ "Thai with a mark above", "\u0E01\u0E47", 1 },
		{ "an emoji", "\U0001F600", 2 },
		{ "a skin tone", "\U0001F44D\U0001F3FD", 2 },
		{ "a family", "\U0001F468\u200D\U0001F469\u200D\U0001F467", 2 },
		{ "a rainbow flag", "\U0001F3F3\uFE0F\u200D\U0001F308", 2 },
		{ "a flag", "\U0001F1E9\U0001F1EA", 2 },
		{ "two flags", "\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7", 4 },
		{ "a heart as a picture", "\u2764\uFE0F", 2 },
		{ "a key cap", "1\uFE0F\u20E3", 2 },
		{ "a snowman as text", "\u2603", 1 },
		{ "a zero-width blank", "a\u200Bb", 2 },
		{ "a line feed", "a\nb", 2 },
		{ "broken bytes", "a\xFF\xFE", 3 },
		{ "half an emoji", "\xF0\x9F", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t width = utf8_width(str_of(cases[i].text));

		if (width != cases[i].width)
			fail_msg("%s is %zu wide, wanted %zu", cases[i].name,
				 width, cases[i].width);
	}
}

static void a_control_character_is_seen_wherever_it_stands(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x3000; c++) {
		char text[8] = "ab";
		size_t len = 2 + encode(c, text + 2);
		bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F) ||
			       c == 0x2028 || c == 0x2029;

		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		text[len] = 'z';
		if (utf8_has_control(str_at(text, len + 1)) != control)
			fail_msg("U+%04X", c);
	}
	assert_false(utf8_has_control(STR("")));
	assert_true(utf8_has_control(STR("a\xFF\nb")));
}

static void what_leaves_no_mark_is_not_seen(void **state)
{
	static const struct {
		const char *text;
		bool seen, ignorable;
	} cases[] = {
		{ "a", true, false },	    { "\u0301", true, false },
		{ "\u00A9", true, false },  { "\U0001F600", true, false },
		{ " ", false, false },	    { "\t", false, false },
		{ "\x7F", false, false },   { "\xC2\x85", false, false },
		{ "\u00A0", false, false }, { "\u1680", false, false },
		{ "\u2003", false, false }, { "\u202F", false, false },
		{ "\u205F", false, false }, { "\u3000", false, false },
		{ "\u2028", false, false }, { "\u2800", false, false },
		{ "\uFFFD", false, false }, { "\xFF", false, false },
		{ "\u00AD", false, true },  { "\u034F", false, true },
		{ "\u115F", false, true },  { "\u180E", false, true },
		{ "\u200B", false, true },  { "\u200D", false, true },
		{ "\u202E", false, true },  { "\u2065", false, true },
		{ "\u3164", false, true },  { "\uFE0F", false, true },
		{ "\uFEFF", false, true },  { "\uFFA0", false, true },
		{ "\uFFF9", false, true },  { "\U000E0041", false, true },
	};

	(void)state;
	assert_false(utf8_is_seen(STR("")));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str text = str_of(cases[i].text);
		char around[16] = " ";
		size_t len;
		uint32_t c = utf8_next(text, &len);

		memcpy(around + 1, text.at, text.len);
		if (utf8_is_seen(str_at(around, text.len + 1)) !=
			    cases[i].seen ||
		    utf8_is_ignorable(c) != cases[i].ignorable)
			fail_msg("U+%04X", c);
	}
}

static void the_first_strong_character_gives_the_direction(void **state)
{
	static const struct {
		const char *text;
		bool rtl;
	} cases[] = {
		{ "", false },
		{ "abc", false },
		{ "\u05E9\u05DC\u05D5\u05DD", true },	    /* Hebrew */
		{ "\u0645\u0631\u062D\u0628\u0627", true }, /* Arabic */
		{ "\u078B\u07A8", true },		    /* Thaana */
		{ "1, 2: \u05E9", true },
		{ "\u00D7 \u05E9", true }, /* the sign of times is neutral */
		{ "\u0301\u05E9", true },  /* so is an accent alone */
		{ "\u201C\u05E9\u201D abc", true },
		{ "\u2026 \u05E9", true },
		{ "\U0001F600 \u05E9", true },
		{ "\u3010\u05E9", true },
		{ "abc \u05E9", false },
		{ "\u00E4 \u05E9", false },
		{ "\u65E5\u05E9", false },
		{ "\u0915\u05E9", false },
		{ "\U00010400\u05E9", false }, /* Deseret */
		{ "123 !?", false },
		{ "\xFF\xFF\u05E9", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (utf8_is_rtl(str_of(cases[i].text)) != cases[i].rtl)
			fail_msg("case %zu: %s", i, cases[i].text);
}

static void case_is_folded_without_a_country(void **state)
{
	static const struct {
		const char *text, *lower, *upper;
	} cases[] = {
		{ "", "", "" },
		{ "aBc", "abc", "ABC" },
		{ "\u00C4\u00D6", "\u00E4\u00F6", "\u00C4\u00D6" },
		{ "I", "i", "I" }, /* not the Turkish one */
		{ "stra\u00DFe", "stra\u00DFe", "STRASSE" },
		{ "\u0394\u03A3", "\u03B4\u03C2", "\u0394\u03A3" },
		{ "\u65E5", "\u65E5", "\u65E5" },
		{ "A\xFF", "a\uFFFD", "A\uFFFD" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str text = str_of(cases[i].text);

		assert_str(utf8_lower(arena, text), str_of(cases[i].lower));
		assert_str(utf8_upper(arena, text), str_of(cases[i].upper));
	}
}

static void two_ways_to_write_one_letter_become_one(void **state)
{
	(void)state;
	assert_str(utf8_nfc(arena, STR("e\u0301")), STR("\u00E9"));
	assert_str(utf8_nfc(arena, STR("\u00E9")), STR("\u00E9"));
	assert_str(utf8_nfc(arena, STR("\u1112\u1161\u11AB")), STR("\uD55C"));
	assert_str(utf8_nfc(arena, STR("\uFF21")), STR("\uFF21"));
	assert_str(utf8_nfc(arena, STR("")), STR(""));
	assert_str(utf8_nfc(arena, STR("e\u0301\xFF")), STR("e\u0301\xFF"));
}

static void only_a_host_name_gets_an_ascii_form(void **state)
{
	static const struct {
		const char *host, *want;
	} cases[] = {
		{ "example.org", "example.org" },
		{ "EXAMPLE.Org", "example.org" },
		{ "localhost", "localhost" },
		{ "a-b.1x.de", "a-b.1x.de" },
		{ "b\u00FCcher.de", "xn--bcher-kva.de" },
		{ "B\u00DCCHER.de", "xn--bcher-kva.de" },
		{ "bu\u0308cher.de", "xn--bcher-kva.de" },
		{ "fa\u00DF.de", "xn--fa-hia.de" },
		{ "\u65E5\u672C\u3002jp", "xn--wgv71a.jp" },
		{ "xn--bcher-kva.de", "xn--bcher-kva.de" },
		{ "\uFF41.de", "a.de" },
		/* No host names. */
		{ "", "" },
		{ ".", "" },
		{ "a.", "" },
		{ ".a", "" },
		{ "a..b", "" },
		{ "-a.de", "" },
		{ "a-.de", "" },
		{ "a_b.de", "" },
		{ "xn--zzzzzz", "" },
		{ "[127.0.0.1]", "" },
		{ "exa mple.org", "" },
		{ "a@b.org", "" },
		{ "a>b.org", "" },
		{ "a.org\r\nRCPT TO:<x@y.org>", "" },
		{ "b\u00FC.org\r\nDATA", "" },
		{ "a\x01.org", "" },
		{ "\xFF.org", "" },
		{ "b\u00FC\uFF20c.org", "" }, /* wide @ */
		{ "b\u00FC\uFF1Ec.org", "" }, /* wide > */
		{ "b\u00FC\u3000c.org", "" }, /* wide blank */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_str(utf8_host_ascii(arena, str_of(cases[i].host)),
			   str_of(cases[i].want));
	assert_str(utf8_host_ascii(arena, STR("a\0b.org")), STR(""));
}

static void a_host_name_has_labels_of_63_and_253_in_all(void **state)
{
	char host[300];
	struct str got;

	(void)state;
	memset(host, 'a', sizeof(host));
	for (size_t i = 63; i < sizeof(host); i += 64)
		host[i] = '.';
	got = utf8_host_ascii(arena, str_at(host, 253));
	assert_int_equal(got.len, 253);
	assert_str(utf8_host_ascii(arena, str_at(host, 254)), STR(""));
	host[63] = 'a';
	assert_str(utf8_host_ascii(arena, str_at(host, 80)), STR(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_character_is_well_formed_but_the_surrogates),
		cmocka_unit_test(
			every_way_to_be_broken_is_found_where_it_stands),
		cmocka_unit_test(width_is_counted_in_columns_of_a_terminal),
		cmocka_unit_test(
			a_control_character_is_seen_wherever_it_stands),
		cmocka_unit_test(what_leaves_no_mark_is_not_seen),
		cmocka_unit_test(
			the_first_strong_character_gives_the_direction),
		cmocka_unit_test(case_is_folded_without_a_country),
		cmocka_unit_test(two_ways_to_write_one_letter_become_one),
		cmocka_unit_test(only_a_host_name_gets_an_ascii_form),
		cmocka_unit_test(a_host_name_has_labels_of_63_and_253_in_all),
	};

	return cmocka_run_group_tests_name("base_utf8", tests, up, down);
}
