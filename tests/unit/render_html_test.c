/* What the HTML of a letter promises for each kind of block, and for mail
 * programs of all ages. */
#include "render/letter_priv.h"
#include "render_rig.h"

#define BODY "font-family:Georgia"

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

static struct str html_of(struct rig *rig, const char *markdown)
{
	rig_markdown(rig, markdown);
	return rig_letter(rig).html;
}

/* --- blocks --------------------------------------------------------------- */

static void each_block_has_its_form(void **state)
{
	static const struct {
		const char *markdown, *holds;
	} cases[] = {
		{ "Plain.", "<p class=\"t\" style=\"margin:0;" BODY },
		{ "A & <b", "A &amp; &lt;b</p>" },
		{ "*a* **b** ~~c~~",
		  "<em>a</em> <strong>b</strong> <del>c</del>" },
		{ "a\\\nb", "a<br>\nb" },
		{ "`x < y`", "x &lt; y</code>" },
		{ "[a](https://x.example/?a=1&b=2)",
		  "<a class=\"l\" href=\"https://x.example/?a=1&amp;b=2\"" },
		{ "> q", "border-left:4px solid " },
		{ "- a\n- b", "list-style-type:disc\">\n<li class=\"t\"" },
		{ "3. a\n4. b", "<ol start=\"3\"" },
		{ "- [x] a\n- [ ] b", "&#9745;&nbsp;a</li>" },
		{ "---", "border-top:1px solid #" },
		{ "    a  b", "a &nbsp;b</td>" },
		{ "```\nfirst\n\n  last\n```",
		  "first<br>\n<br>\n&nbsp;&nbsp;last</td>" },
		{ "| a | b |\n|---|--:|\n| 1 | 2 |",
		  "<th scope=\"col\" class=\"t hr\" align=\"right\"" },
		{ ":::callout {tone=tip}\nSo.\n:::", ">Tip</td>\n" },
		{ "::button[Go](https://x.example/go)",
		  "<v:roundrect href=\"https://x.example/go\"" },
		{ "a[^1]\n\n[^1]: So.", "[1] So.</p>" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		rig_holds(html_of(*state, cases[i].markdown), cases[i].holds);
}

static void headings_follow_the_title_without_a_gap(void **state)
{
	struct str html = html_of(*state, "# One\n\n### Two\n\n###### Three\n");

	rig_holds(html, ">One</h2>");
	rig_holds(html, ">Two</h3>");
	rig_holds(html, ">Three</h4>");
	html = html_of(*state, "### Deep\n\n## Shallow\n");
	rig_holds(html, ">Deep</h2>");
	rig_holds(html, ">Shallow</h2>");
}

static void a_long_word_may_break_on_a_phone(void **state)
{
	rig_holds(html_of(*state, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
		  "aaaaaaaaaaaaaaaaaaaaaaaa<wbr>aaaaaaaaaaaa");
}

/* Thirty of each, if they are seen as one. */
static void a_long_word_of_any_script_may_break_between_characters(void **state)
{
	static const struct {
		const char *one;
		bool breaks;
	} cases[] = {
		{ "\u00e9", true },	      /* e acute */
		{ "q\u0301", true },	      /* one, of two */
		{ "\u0436", true },	      /* Cyrillic */
		{ "\u0627", true },	      /* Arabic */
		{ "\uac00", true },	      /* Korean */
		{ "\u5869", false },	      /* Han breaks by itself, ... */
		{ "\u0e01", false },	      /* ... so does Thai */
		{ "\u0915", false },	      /* India's are left alone */
		{ "a\u200bb\u2003", false }, /* blanks */
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str word = STR_NONE;
		struct str html;

		for (int n = 0; n < 30; n++)
			word = arena_fmt(rig->arena, STR_FMT "%s",
					 STR_ARG(word), cases[i].one);
		html = html_of(rig, word.at);
		if (!cases[i].breaks) {
			rig_lacks(html, "<wbr>");
			continue;
		}
		word = str_head(word, 24 * strlen(cases[i].one));
		rig_holds(html, arena_fmt(rig->arena, STR_FMT "<wbr>%s",
					  STR_ARG(word), cases[i].one)
					.at);
	}
}

static void a_links_title_is_in_the_letter_and_on_the_page(void **state)
{
	static const char link[] = "title=\"To &lt;A&gt; &quot;B&quot;\"";
	struct rig *rig = *state;
	struct str page;

	rig_holds(html_of(rig, "[x](https://x.example/ 'To <A> \"B\"')"),
		  link);
	assert_int_equal(
		render_web(&rig->input, rig->arena, &page, &rig->err), 0);
	rig_holds(page, link);
	rig_lacks(html_of(rig, "[x](https://x.example/)"), " title=");
}

static void a_button_is_no_wider_than_the_letter(void **state)
{
	struct rig *rig = *state;
	struct str label = STR("Read on, ");

	for (int n = 0; n < 5; n++)
		label = arena_fmt(rig->arena, STR_FMT STR_FMT, STR_ARG(label),
				  STR_ARG(label));
	rig_holds(html_of(rig, arena_fmt(rig->arena,
					 "::button[" STR_FMT "]"
					 "(https://x.example/)",
					 STR_ARG(label))
				       .at),
		  "height:48px;width:536px;");
	rig_holds(html_of(rig, "> ::button[On](https://x.example/)"),
		  "height:48px;width:75px;");
}

static void control_characters_are_dropped(void **state)
{
	rig_holds(html_of(*state, "a\xc2\x92z"), ">az</p>");
}

static void a_picture_has_its_width_and_its_words(void **state)
{
	struct str html = html_of(*state, "![The gate](https://x.example/g.png"
					  " \"At dusk\"){width=300}");

	rig_holds(html, "<img class=\"s\" src=\"https://x.example/g.png\" alt=\"The gate\" "
			"width=\"300\" border=\"0\" style=\"display:block;"
			"width:100%;max-width:300px;height:auto");
	rig_holds(html, ">At dusk</td>");
}

static void a_block_of_the_other_direction_says_so(void **state)
{
	rig_holds(html_of(*state, "مرحبا"),
		  "<p class=\"t\" dir=\"rtl\" style=\"margin:0;"
		  "text-align:right;");
}

/* --- addresses ------------------------------------------------------------ */

static void addresses_are_made_whole(void **state)
{
	static const struct {
		const char *markdown, *href;
	} cases[] = {
		{ "[a](/about)", "\"https://letters.example.org/about\"" },
		{ "[a](about)", "\"https://letters.example.org/about\"" },
		{ "[a](2026-05-15-first-frost.md)",
		  "\"https://letters.example.org/i/first-frost\"" },
		{ "[a](../articles/first-frost.md#end)",
		  "\"https://letters.example.org/i/first-frost#end\"" },
		{ "[a](#end)",
		  "\"https://letters.example.org/i/salt-road#end\"" },
		{ "[a](//x.example/y)", "\"https://x.example/y\"" },
		{ "[a](mailto:b@x.example)", "\"mailto:b@x.example\"" },
		{ "[a]({{links.unsubscribe}})",
		  "\"https://letters.example.org/u/aaaa\"" },
		{ "[a](https://x.example/?w={{subscriber.email}})",
		  "\"https://x.example/?w=Ana%40Example.org\"" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		rig_holds(html_of(*state, cases[i].markdown), cases[i].href);
}

/* --- pictures ------------------------------------------------------------- */

static void a_file_is_linked_by_its_hash_or_travels_along(void **state)
{
	struct rig *rig = *state;
	struct rig_letter letter;

	rig_image(rig, "articles/a b.png", "c0ffee.png", 300, 160);
	rig_markdown(rig, "![x](a%20b.png?v=2)");
	letter = rig_letter(rig);
	rig_holds(letter.html,
		  "src=\"https://letters.example.org/m/c0ffee.png\" alt=\"x\" "
		  "width=\"300\" height=\"160\"");
	assert_int_equal(letter.output.picture_count, 0);
	rig_markdown(rig, "![x](a%20b.png){cid}\n\n"
			  "![y](/articles/a%20b.png){cid}");
	letter = rig_letter(rig);
	rig_holds(letter.html,
		  "src=\"cid:c0ffee@letters.example.org\" alt=\"x\"");
	rig_holds(letter.html,
		  "src=\"cid:c0ffee@letters.example.org\" alt=\"y\"");
	assert_int_equal(letter.output.picture_count, 1);
	assert_true(str_eqz(letter.output.pictures[0].type, "image/png"));
	assert_true(str_eqz(letter.output.pictures[0].name, "c0ffee.png"));
	assert_true(str_eqz(letter.output.pictures[0].bytes, "c0ffee.png"));
}

static void a_picture_shows_in_the_shape_of_its_file(void **state)
{
	static const struct {
		const char *markdown, *size;
	} cases[] = {
		{ "![x](wide.png){width=300}", "width=\"300\" height=\"200\"" },
		{ "![x](small.png)", "width=\"40\" height=\"30\"" },
		{ "![x](small.png){width=80}", "width=\"80\" height=\"60\"" },
		{ "![x](tall.png){width=400}", "width=\"172\" height=\"1728\"" },
		{ "![x](line.png){width=300}", "width=\"300\" height=\"1\"" },
	};
	struct rig *rig = *state;

	rig_image(rig, "articles/wide.png", "1.png", 1200, 800);
	rig_image(rig, "articles/small.png", "2.png", 40, 30);
	rig_image(rig, "articles/tall.png", "3.png", 900, 9000);
	rig_image(rig, "articles/line.png", "4.png", 1200, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		rig_holds(html_of(rig, cases[i].markdown), cases[i].size);
}

static void a_name_means_a_file_below_the_publication(void **state)
{
	static const struct {
		const char *name, *path;
	} cases[] = {
		{ "a.png", "articles/a.png" },
		{ "/a%20b.png", "a b.png" },
		{ "../a.png?v=1", "articles/../a.png" },
		{ "%zz.png", "articles/%zz.png" },
		{ "https://x.example/a.png", "" },
		{ "//x.example/a.png", "" },
		{ "", "" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_true(str_eqz(render_image_path(STR("articles/"),
						      str_of(cases[i].name),
						      rig->arena),
				    cases[i].path));
}

/* --- refusals ------------------------------------------------------------- */

static void what_cannot_be_sent_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *markdown, *place, *message;
	} cases[] = {
		{ "a\n\n{{subscriber.fist_name}}", "articles/x.md:7:1",
		  "there is no merge field 'subscriber.fist_name'" },
		{ "[a]({{subscriber.email}})", "articles/x.md:5:5",
		  "a reader's field may not be a whole address" },
		{ "a\n\n![x](missing.png)", "articles/x.md:7", "missing.png" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct render_output output;

		rig_markdown(rig, cases[i].markdown);
		assert_int_equal(render_letter(&rig->input, rig->arena, &output,
					       &rig->err),
				 -1);
		assert_string_equal(rig->err.place, cases[i].place);
		rig_holds(str_of(rig->err.message), cases[i].message);
	}
}

static void a_link_of_the_settings_may_not_run_anything(void **state)
{
	static const struct render_link bad[] = {
		{ STR("Click"), STR("JavaScript:alert(1)") },
	};
	struct rig *rig = *state;
	struct render_output output;

	rig_markdown(rig, "a");
	rig->input.publication.links = bad;
	rig->input.publication.link_count = 1;
	assert_int_equal(
		render_letter(&rig->input, rig->arena, &output, &rig->err), -1);
	assert_string_equal(rig->err.place, "tidings.yaml");
}

static void a_headline_takes_no_fields(void **state)
{
	struct rig *rig = *state;
	struct render_output output;

	rig_markdown(rig, "a");
	rig->article.title = STR("Hello {{subscriber.name}}");
	assert_int_equal(
		render_letter(&rig->input, rig->arena, &output, &rig->err), -1);
	assert_string_equal(rig->err.place, "articles/x.md:2");
}

/* --- the whole ------------------------------------------------------------ */

static void a_letter_has_all_its_parts(void **state)
{
	static const char *const parts[] = {
		"<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\"",
		"<title>Salt &amp; Sea</title>",
		"role=\"article\" aria-roledescription=\"email\" "
		"aria-label=\"Salt &amp; Sea\" lang=\"en\" dir=\"ltr\"",
		"display:none;max-height:0;overflow:hidden;mso-hide:all\">"
		"Of salt.</div>",
		"The Salt Road</a>",
		"href=\"https://letters.example.org/topic/long-walks\"",
		"href=\"https://letters.example.org/i/salt-road\"",
		">Of salt.</p>",
		">By Mara Okonjo &middot; 22 May 2026 &middot; 3 min read",
		">Walks, and writes down what the road said.</p>",
		"src=\"https://letters.example.org/mara.jpg\"",
		">Her site</a>",
		">Mastodon</a>",
		"href=\"https://letters.example.org/archive\"",
		"© 2026 Salt Road Press. All rights reserved.<br>\n"
		"Salt Road Press<br>\n7 Harbour Steps<br>\n1000 Oldport</p>",
		"You get this at Ana@Example.org because you subscribed to "
		"Salt Road Weekly.",
		"<a class=\"l\" href=\"https://letters.example.org/u/aaaa\"",
		"<a class=\"l\" href=\"https://letters.example.org/p/aaaa\"",
		">View in browser</a>",
	};
	struct rig *rig = *state;
	struct str html;

	rig_markdown(rig, "Body.");
	rig->article.title = STR("Salt & Sea");
	rig->article.deck = STR("Of salt.");
	rig->article.topic = STR("Long walks");
	html = rig_letter(rig).html;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		rig_holds(html, parts[i]);
	assert_true(str_starts(html, STR("<!DOCTYPE html>")));
}

static void the_style_sheets_avoid_what_clients_choke_on(void **state)
{
	struct str html = html_of(*state, "a");
	struct str style = str_skip(
		html, (size_t)str_find_str(html, STR("</title>")));
	ptrdiff_t end = str_find_str(style, STR("</head>"));

	assert_true(end > 0 && end < 6 * 1024);
	style = str_head(style, (size_t)end);
	rig_lacks(style, "/*");
	rig_lacks(style, "}}");
	rig_lacks(style, "{{");
	rig_lacks(style, "var(");
	rig_lacks(style, "!important}}");
}

static void no_line_is_indented_and_no_margin_is_on_a_table(void **state)
{
	struct str html = html_of(*state, "> a\n\n- b\n\n| c |\n|---|\n| d |");

	rig_lacks(html, "\n ");
	rig_lacks(html, "\n\t");
	rig_lacks(html, "\n\n");
	rig_lacks(html, "<table style=\"margin");
}

static void the_same_input_gives_the_same_bytes(void **state)
{
	struct rig *rig = *state;
	struct rig_letter one;
	struct rig_letter two;

	rig_markdown(rig, "a *b* {{subscriber.name | default \"c\"}}");
	one = rig_letter(rig);
	two = rig_letter(rig);
	assert_true(str_eq(one.output.html, two.output.html));
	assert_true(str_eq(one.output.text, two.output.text));
}

static void a_reader_cannot_write_html(void **state)
{
	struct rig *rig = *state;
	struct str html;

	rig_markdown(rig, "Dear {{subscriber.name}}");
	html = rig_letter(rig).html;
	rig_holds(html, "Dear Ana &lt;Björk&gt; &amp; Søn");
}

static void the_page_on_the_web_knows_no_reader(void **state)
{
	struct rig *rig = *state;
	struct str page;

	rig_markdown(rig, "Dear {{subscriber.name | default \"friend\"}}, "
			  "[leave]({{links.unsubscribe}}).[^1]\n\n[^1]: So.");
	assert_int_equal(render_web(&rig->input, rig->arena, &page, &rig->err),
			 0);
	rig_holds(page, "Dear friend");
	rig_holds(page, "href=\"#note:1\"");
	rig_lacks(page, "href=\"\"");
	rig_lacks(page, "<script");
	rig_lacks(page, "mso");
	rig_lacks(page, "Unsubscribe");
}

/* --- the theme ------------------------------------------------------------ */

static void minutes_are_rounded_up(void **state)
{
	(void)state;
	assert_int_equal(render_minutes(0), 1);
	assert_int_equal(render_minutes(230), 1);
	assert_int_equal(render_minutes(231), 2);
	assert_int_equal(render_minutes(920), 4);
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(each_block_has_its_form),
		test(headings_follow_the_title_without_a_gap),
		test(a_long_word_may_break_on_a_phone),
		test(a_long_word_of_any_script_may_break_between_characters),
		test(a_links_title_is_in_the_letter_and_on_the_page),
		test(a_button_is_no_wider_than_the_letter),
		test(control_characters_are_dropped),
		test(a_picture_has_its_width_and_its_words),
		test(a_block_of_the_other_direction_says_so),
		test(addresses_are_made_whole),
		test(a_file_is_linked_by_its_hash_or_travels_along),
		test(a_picture_shows_in_the_shape_of_its_file),
		test(a_name_means_a_file_below_the_publication),
		test(what_cannot_be_sent_is_refused_with_its_place),
		test(a_link_of_the_settings_may_not_run_anything),
		test(a_headline_takes_no_fields),
		test(a_letter_has_all_its_parts),
		test(the_style_sheets_avoid_what_clients_choke_on),
		test(no_line_is_indented_and_no_margin_is_on_a_table),
		test(the_same_input_gives_the_same_bytes),
		test(a_reader_cannot_write_html),
		test(the_page_on_the_web_knows_no_reader),
		test(minutes_are_rounded_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
