/* What an issue's page promises as a whole: its form, its pictures, its
 * languages, its frame. */
#include "render_web.h"

static int setup(void **state)
{
	*state = rig_new(".");
	return 0;
}

static int teardown(void **state)
{
	rig_free(*state);
	return 0;
}

/* --- form ----------------------------------------------------------------- */

static void every_page_is_well_formed(void **state)
{
	static const char *const cases[] = {
		"a",
		"# A\n\n## A\n\n### A\n\n[up](#a) [b](#a-1) [c](#nowhere)",
		"a[^1] b[^2] c[^1]\n\n[^1]: One[^2].\n\n[^2]: Two\n\n    more",
		"# Note 1\n\n# Ref 1\n\n# Page text\n\na[^1]\n\n[^1]: b",
		"<u>a</u> <sub>b *c*</sub> <span dir=rtl>d</span>",
		"{{#if subscriber.plan}}<u>a</u>[^1]{{/if}}b\n\n[^1]: c",
		"- > 1. a\n  >    | b | c |\n  >    |---|---|\n  >    | d |",
		"::contents\n\n# A\n\n## B\n\n### C\n\n> # D",
		":::mail\n# A\n\na[^1]\n:::\n\n[a](#a)\n\n[^1]: c",
		":::callout\n:::pullquote\na\n:::\n:::",
		"- a\n\n  :::mail\n  b\n  :::\n- c",
		":::poll {question=\"Q\"}\n- A\n- [B](https://x.example/)\n:::",
		"::author\n\n::share\n\n::subscribe",
		"[![a](https://x.example/a.png)](https://x.example/)",
		"a ![](https://x.example/b.png) c",
		"\"'<>&[a](<https://x.example/\"'>>)",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_page(*state, page_of(*state, cases[i]));
}

/* --- pictures ------------------------------------------------------------- */

static void a_picture_keeps_its_room_until_it_comes(void **state)
{
	struct rig *rig = *state;
	struct str body;

	rig_image(rig, "articles/a.png", "a.png", 1200, 600);
	rig_image(rig, "articles/b.png", "b.png", 300, 150);
	rig_image(rig, "articles/tall.png", "t.png", 1000, 1500);
	body = body_of(rig, "![A *b*](a.png \"C & d\")\n\n"
			    "[![B](b.png)](https://x.example/)\n\n"
			    "![](a.png){width=300}\n\n![T](tall.png)\n\n"
			    "see ![I](b.png) there\n");
	rig_holds(body, "<figure class=\"picture broad\">\n<img src=\"");
	rig_holds(body, "alt=\"A b\" width=\"1200\" height=\"600\">\n"
			"<figcaption>C &amp; d</figcaption>\n</figure>");
	rig_holds(body, "<figure class=\"picture\">\n"
			"<a href=\"https://x.example/\">\n<img src=\"");
	rig_holds(body, "alt=\"B\" width=\"300\" height=\"150\" "
			"loading=\"lazy\">\n</a>");
	rig_holds(body, "alt=\"\" width=\"300\" height=\"150\" loading=");
	rig_holds(body, "alt=\"I\" width=\"300\" height=\"150\" loading=");
	assert_int_equal(count(body, STR(" broad")), 1);
	assert_int_equal(count(body, STR("loading=")), 4);
}

static void a_link_to_the_page_is_shown_with_its_first_picture(void **state)
{
	struct rig *rig = *state;
	struct str page;

	rig_image(rig, "articles/dot.png", "d.png", 20, 20);
	rig_lacks(page_of(rig, "![](dot.png)"), "og:image");
	rig_lacks(page_of(rig, "a"), "og:image");
	rig_lacks(page_of(rig, ":::mail\n![](https://x.example/a.png)\n:::"),
		  "og:image");
	page = page_of(rig, "a\n\n![](https://x.example/a.png)\n");
	rig_holds(page, "<meta property=\"og:image\" "
			"content=\"https://x.example/a.png\">");
}

/* --- languages ------------------------------------------------------------ */

static void text_of_another_direction_says_so(void **state)
{
	static const struct {
		const char *markdown, *holds;
	} cases[] = {
		{ "שלום", "<p dir=\"rtl\">" },
		{ "## שלום", "dir=\"rtl\">שלום" },
		{ "> שלום\n>\n> also", "<blockquote dir=\"rtl\">\n<p>שלום</p>\n"
				       "<p dir=\"ltr\">also</p>" },
		{ "- שלום\n- two", "<ul dir=\"rtl\">\n<li>שלום</li>\n"
				   "<li dir=\"ltr\">two</li>" },
		{ ":::callout\nשלום\n:::", "role=\"note\" dir=\"rtl\">" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		rig_holds(body_of(rig, cases[i].markdown), cases[i].holds);
	rig->input.publication.language = STR("he");
	rig_holds(page_of(rig, "שלום"), "<html lang=\"he\" dir=\"rtl\">");
	rig_holds(body_of(rig, "Hello"), "<p dir=\"ltr\">Hello</p>");
	rig_holds(body_of(rig, "שלום"), "<p>שלום</p>");
}

static void lines_of_scripts_without_blanks_are_joined(void **state)
{
	assert_true(str_eqz(body_of(*state, "天気\nです"), "<p>天気です</p>"));
}

/* Browsers break long words by the sheet: nothing is put between. */
static void a_long_word_is_left_whole(void **state)
{
	rig_holds(body_of(*state, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
		  "<p>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</p>");
	rig_lacks(body_of(*state,
			  "::button[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]"
			  "(https://x.example/)"),
		  "<wbr>");
}

/* --- the frame ------------------------------------------------------------ */

static void a_page_says_what_it_is(void **state)
{
	static const char *const pieces[] = {
		"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">",
		"<title>Salt &ndash; The Salt Road</title>",
		"<meta name=\"description\" content=\"Some "
		"&quot;words&quot;\">",
		"<link rel=\"canonical\" "
		"href=\"https://letters.example.org/i/salt-road\">",
		"<meta property=\"og:title\" content=\"Salt\">",
		"<meta property=\"article:published_time\" "
		"content=\"2026-05-22\">",
		"<a class=\"skip\" href=\"#page:text\"",
		"<main>",
		"<h1>Salt</h1>",
		"<time datetime=\"2026-05-22\">22 May 2026</time>",
		"id=\"page:text\"",
		"<p class=\"who\">Mara Okonjo</p>",
		"<footer class=\"foot\">",
	};
	struct str page = page_of(*state, "Some \"words\"");

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++)
		rig_holds(page, pieces[i]);
	assert_int_equal(count(page, STR("<main")), 1);
	rig_lacks(page, "<script");
	rig_lacks(page, "<!--");
}

static void every_theme_makes_a_page_in_both_palettes(void **state)
{
	static const char *const themes[] = { "letter", "magazine", "note" };
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(themes) / sizeof(*themes); i++) {
		struct str page;

		rig->input.theme = str_of(themes[i]);
		page = page_of(rig, "a");
		check_page(rig, page);
		rig_holds(page, "@media (prefers-color-scheme:dark){");
		assert_int_equal(count(page, STR("--paper:#")), 3);
	}
}

int main(void)
{
#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		test(every_page_is_well_formed),
		test(a_picture_keeps_its_room_until_it_comes),
		test(a_link_to_the_page_is_shown_with_its_first_picture),
		test(text_of_another_direction_says_so),
		test(lines_of_scripts_without_blanks_are_joined),
		test(a_long_word_is_left_whole),
		test(a_page_says_what_it_is),
		test(every_theme_makes_a_page_in_both_palettes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
