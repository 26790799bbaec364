/* What a newsletter's blocks promise as HTML for mail, and what their
 * templates may ask, whatever the medium. */

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "render_rig.h"

#define HEBREW "שלום לכולם"

/* No folder of templates: those that are built in, and the theme's. */
static int setup(void **state)
{
	struct rig *rig = rig_new("tests");

	rig->input.people = rig_authors;
	rig->input.people_count = 2;
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	rig_free(*state);
	return 0;
}

static struct str html_of(struct rig *rig, const char *markdown)
{
	rig_markdown(rig, markdown);
	return rig_letter(rig).html;
}

static int count_of(struct str html, const char *piece)
{
	ptrdiff_t at;
	int n = 0;

	while ((at = str_find_str(html, str_of(piece))) >= 0) {
		html = str_skip(html, (size_t)at + 1);
		n++;
	}
	return n;
}

/* --- forms ---------------------------------------------------------------- */

static const struct {
	const char *markdown;
	const char *holds[8];
} forms[] = {
	{ ":::callout {tone=tip title=\"Bring *shoes*\"}\nOld ones.\n:::",
	  { "<td class=\"ct\" align=\"left\" style=\"padding:18px 20px;"
	    "border-left:4px solid #47602c;background-color:#eef2e6;",
	    ">\xE2\x9C\x93</td>", "color:#47602c\">Bring *shoes*</td>",
	    ">Old ones.</p>" } },
	{ ":::callout {tone=warning}\nWet.\n:::",
	  { "<td class=\"cw\"", ">!</td>", ">Warning</td>" } },
	{ ":::callout {tone=info}\nSo.\n:::",
	  { "<td class=\"ci\"", ">i</td>", ">Note</td>" } },
	{ "::button[Go & see](https://x.example/go?a=1&b=2)",
	  { "<v:roundrect href=\"https://x.example/go?a=1&amp;b=2\"",
	    "fillcolor=\"#6d3213\"", "<!--[if !mso]><!-->",
	    "<a class=\"b\" href=\"https://x.example/go?a=1&amp;b=2\" style=\""
	    "display:inline-block;padding:12px 28px;",
	    ">Go &amp; see</a>" } },
	{ ":::pullquote {by=\"A. Diop\"}\nThe sea gives twice.\n:::",
	  { "font-size:24px", ">The sea gives twice.</p>",
	    "&mdash;&nbsp;A. Diop</p>" } },
	{ "::divider[Meanwhile]",
	  { "white-space:nowrap;", ">Meanwhile</td>",
	    "<td class=\"hr\" style=\"border-top:1px solid #ddd5c5" } },
	{ "![A gate](https://x.example/g.png \"At dusk\"){width=300}",
	  { "<img class=\"s\" src=\"https://x.example/g.png\" alt=\"A gate\" "
	    "width=\"300\" border=\"0\" style=\"display:block;width:100%;"
	    "max-width:300px;height:auto;margin:0 auto;border:0;font-family:",
	    ">At dusk</td>" } },
	{ "[![A gate](https://x.example/g.png)](https://x.example/g)",
	  { "<a class=\"l\" href=\"https://x.example/g\"", "alt=\"A gate\"" } },
	{ ":::gallery\n![a](https://x.example/a.png \"One\")\n"
	  "![b](https://x.example/b.png)\n![c](https://x.example/c.png)\n:::",
	  { "<td width=\"268\" valign=\"top\">",
	    "<div class=\"half\" style=\"display:inline-block;width:100%;"
	    "max-width:268px;vertical-align:top\">",
	    "padding-right:5px;", "padding-left:5px;",
	    "src=\"https://x.example/a.png\" alt=\"a\" width=\"263\"",
	    "src=\"https://x.example/c.png\" alt=\"c\" width=\"536\"",
	    ">One</p>" } },
	{ "::bookmark[An atlas](https://www.x.example/a){description=\"Drawn "
	  "by hand\" thumbnail=\"https://x.example/a.png\" by=\"I. Bron\"}",
	  { "<a class=\"t\" href=\"https://www.x.example/a\"", ">An atlas</a>",
	    ">Drawn by hand</p>", "I. Bron &middot; x.example",
	    "width=\"132\"" } },
	{ "::video[A film](https://x.example/v){length=\"3:40\" "
	  "thumbnail=\"https://x.example/a.png\"}",
	  { "<a class=\"l\" href=\"https://x.example/v\"", "width=\"536\"",
	    "&#9654;&#65038;", ">A film</a>", "3:40 &middot; x.example" } },
	{ "::video[A film](https://www.x.example#t=3){length=\"3:40\"}",
	  { "3:40 &middot; x.example\n</p>" } },
	{ "::audio[A talk](https://x.example/t){length=\"21 min\"}",
	  { "&#9654;&#65038;", ">A talk</a>", "21 min &middot; x.example" } },
	{ ":::poll {question=\"How was it?\"}\n- Good\n- "
	  "[Bad](https://x.example/bad)\n:::",
	  { ">How was it?</p>",
	    "href=\"https://letters.example.org/a/aaaa/1\" style=\"display:"
	    "block;padding:11px 16px;",
	    ">Good</a>", "href=\"https://x.example/bad\"", ">Bad</a>" } },
	{ ":::sponsor {by=\"A bank\" url=\"https://b.example\"}\nIt has a "
	  "door.\n:::",
	  { "<td class=\"c\"",
	    "Sponsored &middot; <a class=\"l\" "
	    "href=\"https://b.example\"",
	    ">A bank</a>", ">It has a door.</p>" } },
	{ "::share[Pass it on]",
	  { "Pass it on: <a class=\"l\" href=\"mailto:?subject=Salt&amp;body="
	    "https%3A%2F%2Fletters.example.org%2Fi%2Fsalt-road\"",
	    "https://bsky.app/intent/compose?text=Salt%20https%3A" } },
	{ "::subscribe[Get the next]",
	  { "<a class=\"b\" href=\"https://letters.example.org\"",
	    ">Get the next</a>" } },
	{ "::contents[Inside]\n\n## One\n\n### Two\n\n#### Three",
	  { ">Inside</p>", ">One</li>", "margin-left:20px;", ">Two</li>" } },
	{ "::author\n\n::author[theo]",
	  { "src=\"https://letters.example.org/mara.jpg\" alt=\"Mara Okonjo\"",
	    "Cooks for forty." } },
};

static void each_block_has_its_form(void **state)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct str html = html_of(*state, forms[i].markdown);

		for (int j = 0; j < 8 && forms[i].holds[j]; j++)
			rig_holds(html, forms[i].holds[j]);
	}
}

/* Of the letter what mail programs other than Word see. */
static struct str body_of(struct str html)
{
	ptrdiff_t at = str_find_str(html, STR("</h1>"));

	assert_true(at > 0);
	return str_skip(html, (size_t)at);
}

static void every_table_of_a_block_is_there_for_its_looks(void **state)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct str html = html_of(*state, forms[i].markdown);

		assert_int_equal(count_of(html, "<table"),
				 count_of(html, "role=\"presentation\" "
						"border=\"0\" cellpadding="
						"\"0\" cellspacing=\"0\""));
	}
}

static void no_block_asks_for_jumps_within_the_letter(void **state)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		rig_lacks(html_of(*state, forms[i].markdown), "href=\"#");
}

static void what_opens_for_word_is_closed_again(void **state)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct str html = html_of(*state, forms[i].markdown);

		assert_int_equal(count_of(html, "<!--[if"),
				 count_of(html, "<![endif]-->"));
		assert_int_equal(count_of(html, "<table"),
				 count_of(html, "</table>"));
		assert_int_equal(count_of(html, "<td"),
				 count_of(html, "</td>"));
		assert_int_equal(count_of(html, "<div"),
				 count_of(html, "</div>"));
	}
}

/* --- buttons -------------------------------------------------------------- */

/* What depends on the reader may not stand in Word's comments. */
static void a_button_of_the_reader_s_has_no_vml(void **state)
{
	static const char *const cases[] = {
		"::button[Go]({{links.preferences}})",
		"::button[Go](https://x.example/?a={{subscriber.email}})",
		"::button[Go on, {{subscriber.first_name}}](https://x.example)",
		"::button[Go](https://x.example/a--b)",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str html = html_of(*state, cases[i]);

		rig_lacks(html, "roundrect");
		rig_holds(html, "mso-padding-alt:12px 28px;");
		rig_holds(html, "bgcolor=\"#6d3213\"");
	}
	rig_holds(html_of(*state, cases[0]),
		  "href=\"https://letters.example.org/p/aaaa\"");
	rig_holds(html_of(*state, cases[1]),
		  "href=\"https://x.example/?a=Ana%40Example.org\"");
}

/* --- who sees what -------------------------------------------------------- */

static void conditions_and_media_choose(void **state)
{
	struct rig *rig = *state;
	struct str html = html_of(
		rig, ":::if subscriber.first_name\nKnown.\n\n::else\n\n"
		     "Stranger.\n:::\n\n:::web\nPage.\n:::\n\n"
		     ":::mail\nLetter.\n:::\n");

	rig_holds(html, ">Known.</p>");
	rig_lacks(html, "Stranger.");
	rig_lacks(html, "Page.");
	rig_holds(html, ">Letter.</p>");
	rig->values[FIELD_FIRST_NAME] = STR_NONE;
	html = rig_letter(rig).html;
	rig_holds(html, ">Stranger.</p>");
	rig_lacks(html, "Known.");
}

static void what_is_chosen_keeps_its_distance(void **state)
{
	struct rig *rig = *state;
	struct str html = html_of(rig, ":::if subscriber.first_name\nKnown.\n"
				       "::else\nStranger.\n:::\n\n"
				       ":::mail\nLetter.\n:::\n\nEnd.");

	rig_holds(html, "margin:0 0 22px;font-family:Georgia,'Times New Roman'"
			",serif;font-size:18px;line-height:30px;color:#2b2722"
			"\">Known.</p>");
	rig_holds(html, "margin:0 0 22px;font-family:Georgia,'Times New Roman'"
			",serif;font-size:18px;line-height:30px;color:#2b2722"
			"\">Letter.</p>");
	rig->values[FIELD_FIRST_NAME] = STR_NONE;
	rig_holds(rig_letter(rig).html,
		  "margin:0 0 22px;font-family:Georgia,'Times New Roman',serif;"
		  "font-size:18px;line-height:30px;color:#2b2722\">Stranger."
		  "</p>");
}

static void an_author_s_block_is_instead_of_the_box_below(void **state)
{
	const char *tagline = "Walks, and writes down what the road said.";

	assert_int_equal(count_of(html_of(*state, "a"), tagline), 1);
	assert_int_equal(count_of(html_of(*state, "::author\n\na"), tagline),
			 1);
	assert_int_equal(count_of(html_of(*state, "::author[theo]"), tagline),
			 1);
}

static void an_unknown_author_is_refused_with_the_nearest(void **state)
{
	struct rig *rig = *state;
	struct render_output output;

	rig_markdown(rig, "a\n\n::author[teo]");
	assert_int_equal(
		render_letter(&rig->input, rig->arena, &output, &rig->err), -1);
	assert_string_equal(rig->err.place, "articles/x.md:7");
	assert_string_equal(rig->err.message, "there is no author 'teo'");
	assert_string_equal(rig->err.hint, "did you mean 'theo'?");
}

static void contents_go_as_deep_as_they_are_told(void **state)
{
	struct str html = body_of(html_of(*state, "::contents{depth=1}\n\n"
						  "## One\n\n### Two\n"));

	assert_int_equal(count_of(html, ">One</li>"), 1);
	rig_lacks(html, ">Two</li>");
	/* What only some readers see is not announced to all. */
	html = html_of(*state, "::contents\n\n:::if subscriber.plan\n"
			       "## Secret\n:::\n\n## Open\n");
	rig_lacks(html, ">Secret</li>");
	rig_holds(html, ">Open</li>");
}

/* --- directions ----------------------------------------------------------- */

static void sides_are_mirrored_for_words_from_the_right(void **state)
{
	static const struct {
		const char *markdown, *html;
	} cases[] = {
		{ ":::callout {tone=tip}\n" HEBREW "\n:::",
		  "border-right:4px solid #47602c" },
		{ "::bookmark[" HEBREW "](https://x.example)",
		  "<td class=\"hr\" align=\"right\"" },
		{ ":::poll {question=\"" HEBREW "\"}\n- a\n- b\n:::",
		  "dir=\"rtl\" style=\"background-color:" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		rig_holds(html_of(*state, cases[i].markdown), cases[i].html);
}

static void a_gallery_of_a_letter_from_the_right_begins_there(void **state)
{
	struct rig *rig = *state;

	rig->input.publication.language = STR("he");
	rig_holds(html_of(rig, ":::gallery\n![a](https://x.example/a.png)\n"
			       "![b](https://x.example/b.png)\n:::"),
		  "padding:0 0 10px;padding-left:5px;");
}

static void stress_is_bold_where_there_are_no_italics(void **state)
{
	struct rig *rig = *state;

	rig_holds(html_of(rig, "*a*"), "<em>a</em>");
	rig->input.publication.language = STR("ja");
	rig_holds(html_of(rig, "*a*"),
		  "<em style=\"font-style:normal;font-weight:bold\">a</em>");
}

/* --- themes --------------------------------------------------------------- */

static void themes_have_templates_of_their_own(void **state)
{
	static const struct {
		const char *theme, *holds;
	} cases[] = {
		{ "letter", "&middot;&ensp;&middot;" },
		{ "magazine", "<td class=\"m q pad\"" },
		{ "note", ">&mdash;&nbsp;Mara Okonjo</p>" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < 3; i++) {
		rig->input.theme = str_of(cases[i].theme);
		rig_holds(html_of(rig, "a\n\n---\n\nb"), cases[i].holds);
		rig_lacks(html_of(rig, "a\n\n---\n\nb"),
			  cases[(i + 1) % 3].holds);
	}
}

/* Each block is a file that a publication may have of its own. */
static void a_publication_s_own_template_goes_before(void **state)
{
	struct rig *rig = *state;
	char dir[] = "/tmp/tidings-block-XXXXXX";
	const char *templates;
	const char *mail;
	const char *file;

	assert_non_null(mkdtemp(dir));
	templates = arena_fmt(rig->arena, "%s/templates", dir).at;
	mail = arena_fmt(rig->arena, "%s/mail", templates).at;
	file = arena_fmt(rig->arena, "%s/divider.html", mail).at;
	assert_int_equal(mkdir(templates, 0755), 0);
	assert_int_equal(mkdir(mail, 0755), 0);
	assert_int_equal(file_write(file, STR("<p>* {{{block.label}}} *</p>"),
				    0644, &rig->err),
			 0);
	rig->input.dir = dir;
	rig_holds(html_of(rig, "::divider[Mean & while]"),
		  "<p>* Mean &amp; while *</p>");
	unlink(file);
	rmdir(mail);
	rmdir(templates);
	rmdir(dir);
}

static void a_magazine_begins_with_its_picture(void **state)
{
	static const char article[] =
		"![A gate](https://x.example/g.png \"At dusk\")\n\nText.";
	struct rig *rig = *state;
	struct str html = html_of(rig, article);
	struct str rest = body_of(html);

	rig_holds(rest, "alt=\"A gate\"");
	rig->input.theme = STR("magazine");
	html = html_of(rig, article);
	rest = body_of(html);
	rig_holds(html, "alt=\"A gate\" width=\"640\"");
	rig_lacks(rest, "A gate");
	assert_int_equal(count_of(html, "At dusk"), 1);
	/* A later one stays where it is. */
	rig_holds(
		body_of(html_of(rig, "Text.\n\n![b](https://x.example/b.png)")),
		"alt=\"b\" width=\"560\"");
}

static void style_sheets_stay_small_in_every_theme(void **state)
{
	static const char *const themes[] = { "letter", "magazine", "note" };
	struct rig *rig = *state;

	for (size_t i = 0; i < 3; i++) {
		struct str html;
		size_t sum = 0;
		ptrdiff_t at;

		rig->input.theme = str_of(themes[i]);
		html = html_of(rig, "a");
		while ((at = str_find_str(html, STR("<style>"))) >= 0) {
			html = str_skip(html, (size_t)at);
			at = str_find_str(html, STR("</style>"));
			assert_true(at > 0);
			rig_lacks(str_head(html, (size_t)at), "}}");
			sum += (size_t)at;
			html = str_skip(html, (size_t)at);
		}
		assert_true(sum > 2000 && sum < 6 * 1024);
	}
}

static void code_says_its_language(void **state)
{
	struct str html = html_of(*state, "```python title=x\na\n```");

	rig_holds(html, ">python</p>\na</td>");
	rig_lacks(html_of(*state, "```\na\n```"), ">python</p>");
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(each_block_has_its_form),
		test(every_table_of_a_block_is_there_for_its_looks),
		test(no_block_asks_for_jumps_within_the_letter),
		test(what_opens_for_word_is_closed_again),
		test(a_button_of_the_reader_s_has_no_vml),
		test(conditions_and_media_choose),
		test(what_is_chosen_keeps_its_distance),
		test(an_author_s_block_is_instead_of_the_box_below),
		test(an_unknown_author_is_refused_with_the_nearest),
		test(contents_go_as_deep_as_they_are_told),
		test(sides_are_mirrored_for_words_from_the_right),
		test(a_gallery_of_a_letter_from_the_right_begins_there),
		test(stress_is_bold_where_there_are_no_italics),
		test(themes_have_templates_of_their_own),
		test(a_publication_s_own_template_goes_before),
		test(a_magazine_begins_with_its_picture),
		test(style_sheets_stay_small_in_every_theme),
		test(code_says_its_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
