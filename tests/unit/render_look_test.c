/* What holds for the look of a letter: type in every cell, a ground below
 * every text, sides that follow the direction, the author's own HTML. */
#include <stdio.h>
#include <unistd.h>

#include "render/letter_priv.h"
#include "render_rig.h"

#define HEBREW "שלום לכולם"

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

static void holds_all(struct rig *rig, const char *markdown,
		      const char *const *pieces)
{
	struct str html = html_of(rig, markdown);

	for (; *pieces; pieces++)
		rig_holds(html, *pieces);
}

/* --- cells ---------------------------------------------------------------- */

static const char everything[] =
	"> quote\n\n:::callout {tone=tip}\nSo `it` is.\n\n> q\n:::\n\n"
	"![a](https://x.example/a.png \"b\")\n\n```\ncode\n```\n\n"
	"| a | b |\n|---|---|\n| c | d |\n\n---\n\n::button[Go](/go)\n\n"
	"::button[Go]({{links.preferences}})\n\n<table><tr><td>e</table>\n";

/* Of the letter what mail programs other than Word see. */
static struct str without_comments(struct rig *rig, struct str html)
{
	struct str result;
	struct buf out;

	buf_init(&out, html.len + 1);
	for (;;) {
		ptrdiff_t at = str_find_str(html, STR("<!--[if mso]>"));

		if (at < 0)
			break;
		buf_add(&out, str_head(html, (size_t)at));
		html = str_skip(html, (size_t)at);
		at = str_find_str(html, STR("<![endif]-->"));
		assert_true(at > 0);
		html = str_skip(html, (size_t)at);
	}
	buf_add(&out, html);
	result = arena_dup(rig->arena, buf_str(&out));
	buf_done(&out);
	return result;
}

/* Space between others, as high as it says and no higher. */
static bool is_spacer(struct str tag, struct str rest)
{
	return str_starts(rest, STR("&nbsp;</td>")) &&
	       (str_find_str(tag, STR("font-size:0;line-height:0")) >= 0 ||
		str_find_str(tag, STR("font-size:1px;line-height:1px")) >= 0);
}

static void every_cell_says_its_type(void **state)
{
	static const char *const wanted[] = { "font-family:", "font-size:",
					      "line-height:", ";color:" };
	struct rig *rig = *state;
	struct str html = without_comments(rig, html_of(rig, everything));
	int cells = 0;

	while (html.len > 0) {
		struct str tag = str_cut(html, '>', &html);
		ptrdiff_t at = str_find_str(tag, STR("<t"));

		if (at < 0)
			continue;
		tag = str_skip(tag, (size_t)at);
		if ((!str_starts(tag, STR("<td")) &&
		     !str_starts(tag, STR("<th "))) ||
		    is_spacer(tag, html))
			continue;
		cells++;
		for (size_t i = 0; i < 4; i++)
			rig_holds(tag, wanted[i]);
	}
	assert_true(cells > 20);
}

static void a_ground_is_below_every_text(void **state)
{
	holds_all(*state, everything,
		  (const char *const[]){
			  /* a quotation on paper, and one in a callout */
			  "<td class=\"paper t q\" align=\"left\" style=\""
			  "padding:2px 0 2px 20px;border-left:4px solid "
			  "#cdb995;background-color:#fcfaf5;",
			  "<td class=\"ct q\" align=\"left\" style=\"padding:"
			  "2px 0 2px 20px;border-left:4px solid #cdb995;"
			  "background-color:#eef2e6;",
			  NULL });
}

static void a_quotation_makes_nothing_else_oblique(void **state)
{
	struct str html = html_of(*state, "> ```\n> a\n> ```");

	rig_lacks(str_skip(html, (size_t)str_find_str(html, STR("</h1>"))),
		  "font-style:italic");
	rig_holds(html_of(*state, "> a"), "font-style:italic\">a</p>");
}

static void code_stands_out_on_paper_and_in_a_callout(void **state)
{
	holds_all(
		*state, "`a`.",
		(const char *const[]){ "<code class=\"c\" style=\"padding:2px "
				       "3px;border-radius:4px;"
				       "background-color:#f5f0e6;",
				       NULL });
	holds_all(*state, ":::callout\nb `a`.\n\n- `c`\n\n```\nd\n```\n:::",
		  (const char *const[]){
			  "b <code class=\"paper t\" style=\"padding:2px 3px;"
			  "border-radius:4px;background-color:#fcfaf5;",
			  "<code class=\"paper t\" style=\"padding:2px 3px;",
			  "<td class=\"paper t\" dir=\"ltr\" align=\"left\" "
			  "style=\"padding:16px 20px;",
			  NULL });
}

/* --- long texts ----------------------------------------------------------- */

static const char *many(struct rig *rig, const char *word, size_t count)
{
	struct str all = STR_NONE;

	while (count-- > 0)
		all = arena_fmt(rig->arena, STR_FMT "%s", STR_ARG(all), word);
	return all.at;
}

static void a_long_text_is_looked_at_as_far_as_needed(void **state)
{
	struct rig *rig = *state;
	struct str html = html_of(rig, many(rig, HEBREW " ", 40));

	rig_holds(html, "<p class=\"t\" dir=\"rtl\" style=");
	rig_holds(html, "mso-hide:all\">" HEBREW);
	html = html_of(rig, many(rig, "word ", 100));
	rig_holds(html, "mso-hide:all\">word word");
	html = html_of(rig, many(rig, "\xf0\x9f\xa7\x82", 100));
	rig_holds(html, "mso-hide:all\">\xf0\x9f\xa7\x82");
	html = html_of(rig, arena_fmt(rig->arena, "<https://x.example/%s>",
				      many(rig, "abcde", 500))
				    .at);
	rig_holds(html, "style=\"word-break:break-all;");
}

static void a_picture_in_many_quotations_can_be_seen(void **state)
{
	struct rig *rig = *state;
	const char *quote = many(rig, "> ", 40);
	struct str html = html_of(
		rig,
		arena_fmt(rig->arena, "%s![a](https://x.example/a.png)", quote)
			.at);

	rig_holds(html, "width=\"120\"");
	rig_lacks(html, "width=\"-");
}

/* --- direction ------------------------------------------------------------ */

static void sides_follow_the_direction_of_a_block(void **state)
{
	static const struct {
		const char *markdown, *html;
	} cases[] = {
		{ "> " HEBREW, "dir=\"rtl\" align=\"right\" style=\"padding:"
			       "2px 20px 2px 0;border-right:4px solid " },
		{ ":::callout\n" HEBREW "\n:::",
		  "align=\"right\" style=\"padding:18px 20px;"
		  "border-right:4px solid " },
		{ "- " HEBREW, "<ul dir=\"rtl\" style=\"margin:0px 0 0px;"
			       "text-align:right;padding:0 26px 0 0px;" },
		{ "- " HEBREW "\n- english", "padding:0 26px 0 26px;" },
		{ "| a | b |\n|---|---|\n| c | " HEBREW " |",
		  "<td class=\"t hr\" dir=\"rtl\" align=\"right\"" },
		{ "| " HEBREW " | b |\n|---|---|\n| c | d |",
		  "width=\"100%\" dir=\"rtl\" style=\"border-collapse" },
		{ "| " HEBREW " | b |\n|---|---|\n| c | d |",
		  "<th scope=\"col\" class=\"t hr\" dir=\"ltr\" "
		  "align=\"left\"" },
		/* within it what is of the letter's direction says so */
		{ "> " HEBREW "\n>\n> english",
		  "<p class=\"t\" dir=\"ltr\" style=\"margin:0;"
		  "text-align:left;" },
		{ "- a\n- " HEBREW "\n\n  english",
		  "<p class=\"t\" dir=\"ltr\" style=\"margin:0;"
		  "text-align:left;" },
		{ "- " HEBREW "\n- english",
		  "<li class=\"t\" dir=\"ltr\" style=" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		rig_holds(html_of(*state, cases[i].markdown), cases[i].html);
}

static void a_name_does_not_turn_what_is_around_it(void **state)
{
	struct rig *rig = *state;

	rig->values[FIELD_NAME] = STR(HEBREW);
	rig_holds(html_of(rig, "Dear {{subscriber.name}}!"),
		  "Dear &#8296;" HEBREW "&#8297;!");
	rig_holds(html_of(rig, "At {{subscriber.email}}!"),
		  "At Ana@Example.org!");
	/* Of one direction it needs none. */
	rig->values[FIELD_NAME] = STR("Ana");
	rig_holds(html_of(rig, "Dear {{subscriber.name}}!"), "Dear Ana!");
	rig_holds(html_of(rig, "On {{issue.title}}!"), "On Salt!");
	rig_markdown(rig, "On {{issue.title}}!");
	rig->article.title = STR("< " HEBREW);
	rig_holds(rig_letter(rig).html, "On &#8296;&lt; " HEBREW "&#8297;!");
}

/* --- the author's own HTML ------------------------------------------------ */

static void raw_html_looks_like_the_letter(void **state)
{
	static const struct {
		const char *markdown, *html;
	} cases[] = {
		{ "<p>a</p>", "<p class=\"t\" style=\"margin:0;font-family:" },
		{ "<h1>a</h1>", "<h2 class=\"t\" style=" },
		{ "<p align=center>a</p>",
		  "style=\"margin:0;text-align:center;font-family:" },
		{ "<p><a href=\"foo?a=1&amp;b=2\">a</a></p>",
		  "<a class=\"l\" href=\"https://letters.example.org/"
		  "foo?a=1&amp;b=2\" style=\"font-family:" },
		{ "<a href=//evil.example/x>a</a>",
		  "href=\"https://evil.example/x\"" },
		{ "<div><img src=https://x.example/a.png alt='Tom &amp; \"J\"'>"
		  "</div>",
		  "<img class=\"s\" src=\"https://x.example/a.png\" "
		  "alt=\"Tom &amp; &quot;J&quot;\" width=\"536\" "
		  "border=\"0\"" },
		{ "<table><tr><th>a<tr><td>b</table>",
		  "<th scope=\"col\" class=\"t hr\" align=\"left\" style=" },
		{ "<p>Dear {{subscriber.first_name}}</p>", "Dear ana</p>" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		rig_holds(html_of(*state, cases[i].markdown), cases[i].html);
}

static void a_picture_of_raw_html_must_be_there(void **state)
{
	struct rig *rig = *state;
	struct render_output output;

	rig_markdown(rig, "a\n\n<div>\n<img src=\"missing.png\">\n</div>\n");
	assert_int_equal(
		render_letter(&rig->input, rig->arena, &output, &rig->err), -1);
	assert_string_equal(rig->err.place, "articles/x.md:7");
	rig_holds(str_of(rig->err.message), "missing.png");
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(every_cell_says_its_type),
		test(a_ground_is_below_every_text),
		test(a_quotation_makes_nothing_else_oblique),
		test(code_stands_out_on_paper_and_in_a_callout),
		test(a_long_text_is_looked_at_as_far_as_needed),
		test(a_picture_in_many_quotations_can_be_seen),
		test(sides_follow_the_direction_of_a_block),
		test(a_name_does_not_turn_what_is_around_it),
		test(raw_html_looks_like_the_letter),
		test(a_picture_of_raw_html_must_be_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
