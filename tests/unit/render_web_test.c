/* What an issue's page promises for each kind of block, and that nobody's
 * data is in it. */
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

/* --- blocks --------------------------------------------------------------- */

static void each_block_has_its_element(void **state)
{
	static const struct {
		const char *markdown, *html;
	} cases[] = {
		{ "Plain.", "<p>Plain.</p>" },
		{ "A & <b \"q\"", "<p>A &amp; &lt;b &quot;q&quot;</p>" },
		{ "*a* **b** ~~c~~ `d`",
		  "<p><em>a</em> <strong>b</strong> <del>c</del> "
		  "<code>d</code></p>" },
		{ "a\\\nb", "<p>a<br>\nb</p>" },
		{ "[a](https://x.example/?a=1&b=2 \"T\")",
		  "<p><a href=\"https://x.example/?a=1&amp;b=2\" "
		  "title=\"T\">a</a></p>" },
		{ "[a](other.md)",
		  "<p><a href=\"https://letters.example.org/i/other\">a</a>"
		  "</p>" },
		{ "> q", "<blockquote>\n<p>q</p>\n</blockquote>" },
		{ "- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>" },
		{ "3. a\n4. b",
		  "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>" },
		{ "- a\n\n- b",
		  "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>" },
		{ "- a\n  - b",
		  "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>" },
		{ "- [x] a\n- [ ] b",
		  "<ul>\n<li class=\"task\"><span class=\"box\">&#9745;</span> "
		  "a</li>\n<li class=\"task\"><span class=\"box\">&#9744;"
		  "</span> b</li>\n</ul>" },
		{ "---", "<hr>" },
		{ "```sh -x\na <b>\n\n\tc\n```",
		  "<pre tabindex=\"0\" dir=\"ltr\"><code class=\"language-sh\">"
		  "a &lt;b&gt;\n\n    c</code></pre>" },
		{ "    a  b", "<pre tabindex=\"0\" dir=\"ltr\"><code>a  b"
			      "</code></pre>" },
		{ "| a | |\n|:-:|--|\n| 1 | |",
		  "<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead>\n"
		  "<tr>\n<th scope=\"col\" class=\"center\">a</th>\n"
		  "<td></td>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
		  "<td class=\"center\">1</td>\n<td></td>\n</tr>\n</tbody>\n"
		  "</table>\n</div>" },
		{ "::button[Go](https://x.example/?a&b)",
		  "<p class=\"action\"><a class=\"button\" "
		  "href=\"https://x.example/?a&amp;b\">Go</a></p>" },
		{ ":::callout {tone=tip title=\"So & so\"}\n*a*\n:::",
		  "<aside class=\"callout tip\" role=\"note\">\n"
		  "<p class=\"label\"><span class=\"icon\" aria-hidden="
		  "\"true\">✓</span> So &amp; so</p>\n<p><em>a</em></p>\n"
		  "</aside>" },
		{ ":::pullquote {by=Ann}\nQ\n:::",
		  "<figure class=\"pull\">\n<blockquote>\n<p>Q</p>\n"
		  "</blockquote>\n<figcaption>Ann</figcaption>\n</figure>" },
		{ "::divider[Later]",
		  "<p class=\"divider\"><span>Later</span></p>" },
		{ "a\n\n::more\n\nb", "<p>a</p>\n<p>b</p>" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig *rig = *state;
		struct str body = body_of(rig, cases[i].markdown);

		assert_string_equal(arena_z(rig->arena, str_trim(body)),
				    cases[i].html);
	}
}

static void a_block_with_links_elsewhere_loads_nothing_from_there(void **state)
{
	static const char *const cases[] = {
		"::bookmark[A](https://x.example/a){description=\"D\"}",
		"::video[A](https://x.example/v){length=\"3:40\"}",
		"::audio[A](https://x.example/v)",
		"::share",
		"::subscribe",
		":::sponsor {by=\"A\" url=https://x.example/}\nT\n:::",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str body = body_of(*state, cases[i]);

		rig_holds(body, "<a ");
		rig_lacks(body, "src=");
		rig_lacks(body, "<iframe");
		rig_lacks(body, "<video");
	}
}

/* --- headings and notes --------------------------------------------------- */

static void headings_follow_the_title_and_can_be_linked_to(void **state)
{
	struct str page = page_of(*state, "# One\n\n### Two\n\n# One\n");

	assert_int_equal(count(page, STR("<h1>")), 1);
	rig_holds(page, "<h2 id=\"one\">One<a class=\"self\" href=\"#one\" "
			"tabindex=\"-1\" aria-hidden=\"true\"></a></h2>");
	rig_holds(page, "<h3 id=\"two\">Two<a");
	assert_int_equal(count(page, STR(" id=\"one\"")), 1);
	page = page_of(*state, "### Deep\n\n# High\n");
	rig_holds(page, "<h2 id=\"deep\">");
	rig_holds(page, "<h2 id=\"high\">");
}

/* Ids are made in a child process, and not believed to differ. */
static void of_two_headings_with_one_id_the_first_has_it(void **state)
{
	struct rig *rig = *state;
	struct blocks blocks;
	struct block *nodes;
	struct str body;

	rig_markdown(rig, "# Same\n\n# Other\n\n[a](#same)\n");
	blocks = *rig->article.blocks;
	nodes = arena_many(rig->arena, struct block, blocks.count);
	memcpy(nodes, blocks.at, blocks.count * sizeof(*nodes));
	for (uint32_t i = 0, first = 0; i < blocks.count; i++) {
		if (nodes[i].kind != BLOCK_HEADING)
			continue;
		first = first > 0 ? first : i;
		nodes[i].url = nodes[first].url;
	}
	blocks.at = nodes;
	rig->article.blocks = &blocks;
	if (render_body(&rig->input, "web", rig->arena, &body, &rig->err) < 0)
		fail_msg("%s", rig->err.message);
	rig_holds(body, "<h2 id=\"same\">Same<a");
	rig_holds(body, "<h2>Other</h2>");
}

static void a_link_within_the_article_stays_on_the_page(void **state)
{
	struct str body = body_of(*state, "# Here\n\n[a](#here) [b](#gone)\n\n"
					  ":::mail\n# There\n:::\n\n"
					  "[c](#there)");

	rig_holds(body, "<a href=\"#here\">a</a> b");
	rig_holds(body, "<p>c</p>");
}

static void a_note_and_its_number_lead_to_each_other(void **state)
{
	struct str body = body_of(*state, "a[^x] b[^x]\n\n[^x]: So.");

	rig_holds(body, "<sup><a role=\"doc-noteref\" href=\"#note:1\" "
			"id=\"ref:1\">[1]</a></sup> b<sup><a "
			"role=\"doc-noteref\" href=\"#note:1\">[1]</a></sup>");
	rig_holds(body, "<section class=\"notes\" role=\"doc-endnotes\">\n"
			"<ol>\n<li id=\"note:1\">\n<p><a role=\"doc-backlink\" "
			"href=\"#ref:1\">[1]</a> So.</p>\n</li>\n</ol>\n"
			"</section>");
}

static void a_note_to_what_is_not_shown_is_not_shown(void **state)
{
	static const struct {
		const char *markdown;
		bool one, two;
	} cases[] = {
		{ "a[^1] b[^2]", true, true },
		{ ":::mail\na[^1]\n:::\n\nb[^2]", true, true },
		{ ":::mail\na[^1]\n:::\n\nb", false, false },
		{ ":::if subscriber.plan\na[^2]\n:::\n\nb", false, false },
		{ "{{#if subscriber.plan}}a[^1]{{else}}b[^2]{{/if}}", true,
		  true },
		{ "{{#if subscriber.plan}}a[^2]{{else}}b[^1]{{/if}}", true,
		  false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig *rig = *state;
		struct str text = arena_fmt(
			rig->arena, "%s\n\n[^1]: Uno.\n\n[^2]: Due.[^1]\n",
			cases[i].markdown);
		struct str body = body_of(rig, text.at);

		assert_int_equal(str_find_str(body, STR("Uno.")) >= 0,
				 cases[i].one);
		assert_int_equal(str_find_str(body, STR("Due.")) >= 0,
				 cases[i].two);
		check_page(rig, body);
	}
}

/* --- nobody's page -------------------------------------------------------- */

static void a_page_is_what_somebody_unknown_would_see(void **state)
{
	static const struct {
		const char *markdown, *html;
	} cases[] = {
		{ "Dear {{subscriber.name | default \"friend\"}}",
		  "<p>Dear friend</p>" },
		{ "a{{#if subscriber.plan}} *b*{{else}} c{{/if}} d",
		  "<p>a c d</p>" },
		{ "a{{#unless subscriber.plan}} *b* {{#if subscriber.name}}c"
		  "{{else}}d{{/if}}{{/unless}}",
		  "<p>a <em>b</em> d</p>" },
		{ "{{#if subscriber.plan == \"pro\"}}a{{else}}"
		  "{{#if subscriber.name}}b{{else}}c{{/if}}{{/if}}d",
		  "<p>cd</p>" },
		{ "a{{#if subscriber.plan}} b{{#if subscriber.name}}c{{/if}}"
		  " d{{/if}}",
		  "<p>a</p>" },
		{ ":::if subscriber.plan\na\n::else\nb\n:::", "<p>b</p>" },
		{ ":::unless subscriber.plan\na\n::else\nb\n:::", "<p>a</p>" },
		{ ":::mail\na\n:::\n\n:::web\nb\n:::", "<p>b</p>" },
		{ "- a\n\n  :::mail\n  b\n  :::\n- c",
		  "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>c</p>\n</li>\n"
		  "</ul>" },
		{ "a[^1]\n\n[^1]: b\n\n    :::mail\n    c\n    :::", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig *rig = *state;
		struct str body = body_of(rig, cases[i].markdown);

		if (cases[i].html)
			assert_string_equal(arena_z(rig->arena, body),
					    cases[i].html);
		else
			rig_lacks(body, "c</p>");
	}
}

static void what_would_be_the_readers_own_address_leads_to_help(void **state)
{
	static const struct {
		const char *markdown, *holds;
	} cases[] = {
		{ "[a]({{links.unsubscribe}})",
		  "<a href=\"https://letters.example.org/help\">a</a>" },
		{ "[a]({{ links.preferences }})",
		  "<a href=\"https://letters.example.org/help\">a</a>" },
		{ "a {{links.unsubscribe}} b",
		  "<p>a https://letters.example.org/help b</p>" },
		{ "[a]({{links.answers}}/1) b {{links.answers}}",
		  "<p><a href=\"https://letters.example.org/help\">a</a> b "
		  "https://letters.example.org/help</p>" },
		{ "**{{links.answers}}**",
		  "<strong>https://letters.example.org/help</strong>" },
		{ "::button[a]({{links.preferences}})",
		  "href=\"https://letters.example.org/help\">a</a>" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		rig_holds(body_of(*state, cases[i].markdown), cases[i].holds);
}

static void an_answer_without_an_address_is_given_from_the_letter(void **state)
{
	struct str body = body_of(*state, ":::poll {question=\"Why?\"}\n"
					  "- So\n- [No](https://x.example/)\n"
					  ":::");

	rig_holds(body, "<li><span class=\"answer\">So</span></li>");
	rig_holds(body, "<a class=\"answer\" href=\"https://x.example/\">No");
	rig_holds(body, "<p class=\"small\">Answers are given from");
	body = body_of(*state, ":::poll {question=\"Why?\"}\n"
			       "- [So](https://x.example/1)\n"
			       "- [No](https://x.example/2)\n:::");
	rig_lacks(body, "<p class=\"small\">");
}

static void nothing_of_a_reader_is_asked_for(void **state)
{
	struct str page = body_of(
		*state,
		"{{subscriber.email}} {{subscriber.name}} {{subscriber.plan}} "
		"{{subscriber.joined}} <u title=\"{{subscriber.name}}\">a</u> "
		"[b](https://x.example/?a={{subscriber.email}})");

	rig_lacks(page, "{{");
	rig_lacks(page, "@");
	rig_lacks(page, "<script");
	rig_lacks(page, "Unsubscribe");
	rig_lacks(page, "/u/");
	rig_lacks(page, "/p/");
	rig_holds(page, "<u title=\"\">a</u> "
			"<a href=\"https://x.example/?a=\">b</a>");
}

static void what_says_nothing_leaves_no_element(void **state)
{
	static const struct {
		const char *markdown, *body;
	} cases[] = {
		{ "a **{{subscriber.name}}** b", "<p>a  b</p>" },
		{ "a [{{subscriber.name}}](https://x.example/) b",
		  "<p>a  b</p>" },
		{ "a [](https://x.example/) b", "<p>a  b</p>" },
		{ "a *{{#if subscriber.name}}x{{/if}}* b", "<p>a  b</p>" },
		{ "a *{{#if subscriber.name}}x{{else}}y{{/if}}* b",
		  "<p>a <em>y</em> b</p>" },
		{ "a *{{subscriber.name | default \"you\"}}*",
		  "<p>a <em>you</em></p>" },
		{ "# {{subscriber.name}}\n\nb", "<p>b</p>" },
		{ "# {{subscriber.name}}\n\n[b](#section)", "<p>b</p>" },
		{ "[![](https://x.example/g.png)](https://x.example/) b",
		  "<p><a href=\"https://x.example/\"><img "
		  "src=\"https://x.example/g.png\" alt=\"\" "
		  "loading=\"lazy\"></a> b</p>" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str body = body_of(*state, cases[i].markdown);

		if (!str_eqz(body, cases[i].body))
			fail_msg("got " STR_FMT ", not %s", STR_ARG(body),
				 cases[i].body);
	}
}

static void contents_lead_to_what_is_there(void **state)
{
	struct str page = page_of(
		*state, "::contents\n\n# {{subscriber.name}}\n\n"
			"# {{#if subscriber.name}}For you{{/if}}\n\n# All\n");

	check_page(*state, page);
	rig_holds(page, "href=\"#all\"");
	rig_lacks(page, "For you");
}

int main(void)
{
#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		test(each_block_has_its_element),
		test(a_block_with_links_elsewhere_loads_nothing_from_there),
		test(headings_follow_the_title_and_can_be_linked_to),
		test(of_two_headings_with_one_id_the_first_has_it),
		test(a_link_within_the_article_stays_on_the_page),
		test(a_note_and_its_number_lead_to_each_other),
		test(a_note_to_what_is_not_shown_is_not_shown),
		test(a_page_is_what_somebody_unknown_would_see),
		test(what_would_be_the_readers_own_address_leads_to_help),
		test(an_answer_without_an_address_is_given_from_the_letter),
		test(nothing_of_a_reader_is_asked_for),
		test(what_says_nothing_leaves_no_element),
		test(contents_lead_to_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
