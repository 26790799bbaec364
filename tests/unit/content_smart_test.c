/* content_smart_test.c - punctuation as each language sets it */
#include <stdio.h>

#include "content_check.h"

#define LQ "\xE2\x80\x9C"	/* the double quotes of English */
#define RQ "\xE2\x80\x9D"
#define LS "\xE2\x80\x98"
#define RS "\xE2\x80\x99"
#define LOW "\xE2\x80\x9E"
#define LOWS "\xE2\x80\x9A"
#define LA "\xC2\xAB"
#define RA "\xC2\xBB"
#define LAS "\xE2\x80\xB9"
#define RAS "\xE2\x80\xBA"
#define NN "\xE2\x80\xAF"	/* a narrow no-break space */
#define EN "\xE2\x80\x93"
#define EM "\xE2\x80\x94"
#define DOTS "\xE2\x80\xA6"

struct line {
	const char *typed, *set;
};

/* Each line is a paragraph of one text. */
static void check_lines(const char *lang, const struct line *lines,
			size_t count)
{
	const struct markdown_style style = { .lang = str_of(lang),
					      .smart = true };

	for (size_t i = 0; i < count; i++) {
		char want[512];
		struct sample sample = { lines[i].typed, want };

		snprintf(want, sizeof(want), "paragraph('%s')", lines[i].set);
		check_samples(&sample, 1, &style);
	}
}

static void check_trees(const char *lang, const struct sample *samples,
			size_t count)
{
	const struct markdown_style style = { .lang = str_of(lang),
					      .smart = true };

	check_samples(samples, count, &style);
}

static void each_language_has_its_quotes(void **state)
{
	static const struct {
		const char *lang, *set;
	} cases[] = {
		{ "en", LQ "a " LS "b" RS " c" RQ },
		{ "", LQ "a " LS "b" RS " c" RQ },
		{ "xx-YY", LQ "a " LS "b" RS " c" RQ },
		{ "en-GB", LQ "a " LS "b" RS " c" RQ },
		{ "pt-BR", LQ "a " LS "b" RS " c" RQ },
		{ "nl", LQ "a " LS "b" RS " c" RQ },
		{ "de", LOW "a " LOWS "b" LS " c" LQ },
		{ "DE-at", LOW "a " LOWS "b" LS " c" LQ },
		{ "cs", LOW "a " LOWS "b" LS " c" LQ },
		{ "sk", LOW "a " LOWS "b" LS " c" LQ },
		{ "de-CH", LA "a " LAS "b" RAS " c" RA },
		{ "fr", LA NN "a " LQ "b" RQ " c" NN RA },
		{ "es", LA "a " LQ "b" RQ " c" RA },
		{ "it", LA "a " LQ "b" RQ " c" RA },
		{ "nb", LA "a " LS "b" RS " c" RA },
		{ "pl", LOW "a " LA "b" RA " c" RQ },
		{ "ro", LOW "a " LA "b" RA " c" RQ },
		{ "hu", LOW "a " RA "b" LA " c" RQ },
		{ "sv", RQ "a " RS "b" RS " c" RQ },
		{ "fi", RQ "a " RS "b" RS " c" RQ },
		{ "da", RQ "a " RS "b" RS " c" RQ },
		{ "ru", LA "a " LOW "b" LQ " c" RA },
		{ "uk", LA "a " LOW "b" LQ " c" RA },
		{ "he", RQ "a " RS "b" RS " c" RQ },
		{ "ar", LA "a " LAS "b" RAS " c" RA },
		{ "ja", "\"a 'b' c\"" },
		{ "zh-Hant", "\"a 'b' c\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct line line = { "\"a 'b' c\"", cases[i].set };

		check_lines(cases[i].lang, &line, 1);
	}
}

static void english_is_set_as_printed(void **state)
{
	static const struct line lines[] = {
		{ "don't, l'x and the dogs' bones",
		  "don" RS "t, l" RS "x and the dogs" RS " bones" },
		{ "the '90s, '68 and '42'", "the " RS "90s, " RS "68 and " LS
					    "42" RS },
		{ "the '60s' music and 'the '60s'",
		  "the " RS "60s" RS " music and " LS "the " RS "60s" RS },
		{ "'tis rock 'n' roll, get 'em",
		  RS "tis rock " RS "n" RS " roll, get " RS "em" },
		{ "\"'Yes,' she said.\"", LQ LS "Yes," RS " she said." RQ },
		{ "'\"Yes,\" she said.'", LS LQ "Yes," RQ " she said." RS },
		{ "(\"a\") [\"b\"] -- \"c\"--\"d\"",
		  "(" LQ "a" RQ ") [" LQ "b" RQ "] " EN " " LQ "c" RQ EN
		  "" LQ "d" RQ },
		{ "\"he said (\"no\") twice\"",
		  LQ "he said (" LQ "no" RQ ") twice" RQ },
		{ "6'2\", 5' 10\" and 12\"", "6'2\", 5' 10\" and 12\"" },
		{ "\"in 1990\" and 'to 1991' and 1990's",
		  LQ "in 1990" RQ " and " LS "to 1991" RS " and 1990" RS "s" },
		{ "a--b --- c---d -- e", "a" EN "b " EM " c" EM "d " EN " e" },
		{ "--all, -x, ----, a - b", "--all, -x, ----, a - b" },
		{ "wait... and .... and ..", "wait" DOTS " and .... and .." },
		{ "\"a", LQ "a" },
		{ "a\"", "a" RQ },
		{ "a \" b ' c", "a \" b ' c" },
		{ "\"\"a\"\"", LQ LQ "a" RQ RQ },
		{ "\"x\"'s and (x)'s", LQ "x" RQ RS "s and (x)" RS "s" },
		{ "12:30! Why? http://", "12:30! Why? http://" },
	};

	(void)state;
	check_lines("en", lines, COUNT(lines));
}

static void a_measure_may_end_a_quotation(void **state)
{
	static const struct line english[] = {
		{ "\"6'2\"\" and \"12\"\", (\"5'10\"\")",
		  LQ "6'2\"" RQ " and " LQ "12\"" RQ ", (" LQ "5'10\"" RQ
		     ")" },
		{ "\"he said \"in 1990\"\"",
		  LQ "he said " LQ "in 1990" RQ RQ },
	};
	static const struct line german[] = {
		{ "\"5'10\"\"", LOW "5'10\"" LQ },
	};

	(void)state;
	check_lines("en", english, COUNT(english));
	check_lines("de", german, COUNT(german));
}

static void french_has_its_spaces(void **state)
{
	static const struct line lines[] = {
		{ "Quoi? Non ! Si; ici : l\xC3\xA0",
		  "Quoi" NN "? Non" NN "! Si" NN "; ici" NN ": l\xC3\xA0" },
		{ "l'\xC3\xA9t\xC3\xA9, aujourd'hui",
		  "l" RS "\xC3\xA9t\xC3\xA9, aujourd" RS "hui" },
		{ "\"Oui\" !", LA NN "Oui" NN RA NN "!" },
		{ "\"Ah?\", dit-il", LA NN "Ah" NN "?" NN RA ", dit-il" },
		{ LA " mot " RA " et " LA "mot" RA " et " LA NN "mot" NN RA,
		  LA NN "mot" NN RA " et " LA NN "mot" NN RA " et " LA NN
		     "mot" NN RA },
		{ "12:30, a:b, quoi?!", "12:30, a:b, quoi" NN "?!" },
		{ "Bonjour {{x}}!", "Bonjour {0}" NN "!" },
	};
	static const struct line canadian[] = {
		{ "Quoi? Ici: l\xC3\xA0", "Quoi? Ici" NN ": l\xC3\xA0" },
	};

	(void)state;
	check_lines("fr", lines, COUNT(lines));
	check_lines("fr-CA", canadian, COUNT(canadian));
}

static void dutch_and_hebrew_know_their_marks(void **state)
{
	static const struct line dutch[] = {
		{ "'s Avonds in 't huis", RS "s Avonds in " RS "t huis" },
	};
	static const struct line hebrew[] = {
		{ "\xD7\xA6\xD7\x94\"\xD7\x9C", "\xD7\xA6\xD7\x94\xD7\xB4"
						"\xD7\x9C" },
		{ "\xD7\x92'", "\xD7\x92\xD7\xB3" },
		{ "\"\xD7\x92\"", RQ "\xD7\x92" RQ },
	};

	(void)state;
	check_lines("nl", dutch, COUNT(dutch));
	check_lines("he", hebrew, COUNT(hebrew));
}

static void quotes_reach_across_what_stands_in_a_line(void **state)
{
	static const struct sample samples[] = {
		{ "*\"x\"* \"*y*\" **\"z**\"",
		  "paragraph(emph('" LQ "x" RQ "') ' " LQ "' emph('y') '" RQ
		  " ' strong('" LQ "z') '" RQ "')" },
		{ "\"a\nb\" c", "paragraph('" LQ "a' softbreak 'b" RQ " c')" },
		{ "\"`x`\" `y`'s \"![](z)\"",
		  "paragraph('" LQ "' codespan'x' '" RQ " ' codespan'y' '" RS
		  "s " LQ "' image<z> '" RQ "')" },
		{ "\"{{a}}\" {{b}}'s {{#if c}}\"d\"{{/if}}",
		  "paragraph('" LQ "{0}" RQ " {1}" RS "s {2}" LQ "d" RQ
		  "{3}')" },
		{ "\"<sup>a</sup>\"[b](c)'s",
		  "paragraph('" LQ "' html_inline'<sup>' 'a' "
		  "html_inline'</sup>' '" RQ "' link<c>('b') '" RS "s')" },
		{ "\"a[^1]\"\n\n[^1]: \"b\"\n",
		  "paragraph('" LQ "a' note_ref #1 '" RQ "') "
		  "note #1(paragraph('" LQ "b" RQ "'))" },
	};

	(void)state;
	check_trees("en", samples, COUNT(samples));
}

static void code_addresses_and_escapes_stay_as_typed(void **state)
{
	static const struct sample samples[] = {
		{ "`\"a\"--` <code>\"b\"...</code>",
		  "paragraph(codespan'\"a\"--' ' ' html_inline'<code>' "
		  "'\"b\"...' html_inline'</code>')" },
		{ "    \"a\"--\n", "code'\"a\"--\\n'" },
		{ "http://x.y/it's--a <http://x.y/--z>",
		  "paragraph(link<http://x.y/it's--a>('http://x.y/it's--a') "
		  "' ' link<http://x.y/--z>('http://x.y/--z'))" },
		{ "[a--b](c--d \"e--f\")",
		  "paragraph(link<c--d \"e" EN "f\">('a" EN "b'))" },
		{ "\\\"a\\\" \\'b\\' \\-\\- c\\-- \\... \\.\\.\\.",
		  "paragraph('\"a\" 'b' -- c-- ... ...')" },
		{ "&quot;a&#34; &apos;b&#39;", "paragraph('\"a\" 'b'')" },
	};

	(void)state;
	check_trees("en", samples, COUNT(samples));
}

static void labels_and_captions_are_set_too(void **state)
{
	static const struct sample samples[] = {
		{ "::button[Don't \"go\"](https://x.y/it's)\n",
		  "button<https://x.y/it's>'Don" RS "t " LQ "go" RQ "'" },
		{ ":::callout {title=\"It's\"}\n\"a\"\n:::\n",
		  "callout< \"It" RS "s\">'info'(paragraph('" LQ "a" RQ
		  "'))" },
		{ "::bookmark[a--b](https://x.y/--){description=\"c...\" "
		  "by=\"d's\" thumbnail=e--f.jpg}\n",
		  "bookmark<https://x.y/-- \"c" DOTS "\">'a" EN "b'"
		  "(image<e--f.jpg>('a" EN "b') 'd" RS "s')" },
		{ "::video[a](https://x.y){length=3'40\\\"}\n",
		  "video<https://x.y \"3'40\"\">'a'" },
		{ ":::poll {question=\"'a'?\"}\n- it's\n- [b's](c's)\n:::\n",
		  "poll'" LS "a" RS "?'(answer #1'it" RS "s' "
		  "answer #2<c's>'b" RS "s')" },
		{ "![it's](a's \"b's\")",
		  "paragraph(image<a's \"b" RS "s\">('it" RS "s'))" },
		{ "::author[mr-o'hara]\n", "author'mr-o'hara'" },
		{ "# \"A\" 'b'\n", "heading 1<a-b>('" LQ "A" RQ " " LS "b" RS
				   "')" },
		{ "|\"a\"|\n|-|\n", "table #1(row head(cell('" LQ "a" RQ
				    "')))" },
	};

	(void)state;
	check_trees("en", samples, COUNT(samples));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_language_has_its_quotes),
		cmocka_unit_test(english_is_set_as_printed),
		cmocka_unit_test(a_measure_may_end_a_quotation),
		cmocka_unit_test(french_has_its_spaces),
		cmocka_unit_test(dutch_and_hebrew_know_their_marks),
		cmocka_unit_test(quotes_reach_across_what_stands_in_a_line),
		cmocka_unit_test(code_addresses_and_escapes_stay_as_typed),
		cmocka_unit_test(labels_and_captions_are_set_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
