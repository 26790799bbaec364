/* What the text part of a letter promises for each kind of block. */
#include "render_text_rig.h"

static void each_block_has_its_form(void **state)
{
	static const struct {
		const char *markdown, *text;
	} cases[] = {
		{ "Plain.", "Plain.\n" },
		{ "*a* **b** ~~c~~ `d`", "_a_ *b* ~c~ `d`\n" },
		{ "a\nb", "a b\n" },
		{ "a\\\nb", "a\nb\n" },
		{ "塩の\n道", "塩の道\n" },
		{ "a\n\nb", "a\n\nb\n" },
		{ "a\n\n# One\n\nb", "a\n\n\nOne\n---\n\nb\n" },
		{ "a\n\n# 塩\n\n## Two\n\nb",
		  "a\n\n\n塩\n--\n\nTwo\n...\n\nb\n" },
		{ "- a\n- b", " - a\n - b\n" },
		{ "- a\n\n- b", " - a\n\n - b\n" },
		{ "- a\n  - b", " - a\n   - b\n" },
		{ "9. a\n10. b", "  9. a\n 10. b\n" },
		{ "- [x] a\n- [ ] b", " - [x] a\n - [ ] b\n" },
		{ "> a\n>\n> > b", "> a\n>\n> > b\n" },
		{ "```\na\n\tb\n```", "     a\n         b\n" },
		{ "```\n塩\tb\nc\td\n```", "     塩  b\n     c   d\n" },
		{ "a\n\n---\n\nb",
		  "a\n\n                                  * * *\n\nb\n" },
		{ "| a | b |\n|---|---|\n| x | 10 |\n| yy | 9 |",
		  " a    b\n --  --\n x   10\n yy   9\n" },
		{ "a ![gate](https://x.example/g.png) b",
		  "a [Image: gate] b\n" },
		{ "See [![](https://x.example/g.png)](https://x.example/).",
		  "See [1].\n\n------------------------\n"
		  "[1] https://x.example/\n" },
		{ "Go to https://x.example/. Or https://x.example/ now.",
		  "Go to <https://x.example/>. Or https://x.example/ now.\n" },
		{ "so\u00ADft\uFEFF", "soft\n" },
		{ "a[^1] b[^2]\n\n[^1]: One.\n[^2]: Two.",
		  "a[a] b[b]\n\n[a] One.\n\n[b] Two.\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		same(text_of(*state, cases[i].markdown), cases[i].text);
}

static void links_are_numbered_in_reading_order_and_once(void **state)
{
	struct str text = text_of(
		*state, "[a](https://x.example/1) [b](https://x.example/2) "
			"[c](https://x.example/1) <https://x.example/3> "
			"<d@x.example>");

	same(text, "a [1] b [2] c [1] https://x.example/3 d@x.example\n\n"
		   "------------------------\n"
		   "[1] https://x.example/1\n"
		   "[2] https://x.example/2\n");
}

static void a_wide_table_becomes_lines_of_head_and_value(void **state)
{
	struct str text = text_of(
		*state,
		"| one long head of a column | another long head | third head "
		"|\n|---|---|---|\n| a value of some length | b and c | a "
		"third value, of more length |");

	same(text, "one long head of a column: a value of some length\n"
		   "another long head: b and c\n"
		   "third head: a third value, of more length\n");
}

static size_t longest_line(struct str text)
{
	size_t longest = 0;

	while (text.len > 0) {
		struct str line = str_cut(text, '\n', &text);

		longest = line.len > longest ? line.len : longest;
	}
	return longest;
}

static void prose_is_wrapped_and_marks_its_soft_ends(void **state)
{
	struct str text = text_of(
		*state,
		"> Some words that go on for much longer than a line of text "
		"may be, so that they have to be broken in two or three.");
	struct str rest;

	assert_true(longest_line(text) <= 73);
	assert_true(str_ends(str_cut(text, '\n', &rest), STR(" ")));
	assert_true(str_starts(rest, STR("> ")));
	assert_true(str_ends(text, STR("three.\n")));
}

static void code_and_money_stay_on_their_line(void **state)
{
	struct str text = text_of(
		*state, "Padding words up to the end of this first line, then "
			"run `walk --very slowly` and pay, when you are at the "
			"well at last, exactly 200 € a person.");

	rig_holds(text, "`walk --very slowly`");
	rig_holds(text, "200 €");
}

static void a_long_name_keeps_the_margin(void **state)
{
	struct rig *rig = *state;
	struct str text;

	rig->values[FIELD_NAME] = STR(
		"Maximiliane Theodora Wilhelmine von und zu Hohenstein");
	text = text_of(rig, "- Dear {{subscriber.name}}, this is a line that "
			    "was not long before the name came into it.");
	assert_true(longest_line(text) <= 73);
	assert_true(str_starts(text, STR(" - Dear Maximiliane")));
	rig_holds(text, "\n   ");
}

static void addresses_with_fields_are_percent_encoded(void **state)
{
	rig_holds(text_of(*state,
			  "[a](https://x.example/?w={{subscriber.email}})"),
		  "[1] https://x.example/?w=Ana%40Example.org\n");
}

static void raw_html_is_text_like_all_else(void **state)
{
	static const struct {
		const char *html, *text;
	} cases[] = {
		{ "<table><tr><th>A<th>B<tr><td>a &amp; b<td>c&#8217;s</table>",
		  " A      B\n -----  ---\n a & b  c’s\n" },
		{ "<table><tr><td>a<td>b<tr><td>c<td>d</table>",
		  " a  b\n c  d\n" },
		{ "<img src=https://x.example/a.png alt=\"Tom &amp; Jerry\">",
		  "[Image: Tom & Jerry]\n" },
		{ "<p>See <a href=/b>this</a>.</p>",
		  "See this [1].\n\n------------------------\n"
		  "[1] https://letters.example.org/b\n" },
		{ "<dl><dt>T1<dd>D1<dt>T2<dd>D2</dl>",
		  "*T1*\n\nD1\n\n*T2*\n\nD2\n" },
		{ "<blockquote>q</blockquote><pre>p\n  r</pre>",
		  "> q\n\n     p\n       r\n" },
		{ "<h5>a</h5><h6>b</h6>", "a\n-\n\nb\n.\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		same(text_of(*state, cases[i].html), cases[i].text);
}

static void a_wide_table_without_a_head_has_lines_of_values(void **state)
{
	same(text_of(*state,
		     "<table><tr><td>the first value of rather some length"
		     "<td>and a second one, of length enough</table>"),
	     "the first value of rather some length\n"
	     "and a second one, of length enough\n");
}

static void no_line_looks_like_the_start_of_a_signature(void **state)
{
	struct str text = text_of(
		*state, "https://x.example/an/address/that/is/as/long/as/a/line"
			"/may/be/in/a/letter -- "
			"https://x.example/an/address/that/is/as/long/as/a/line"
			"/may/be/here/xyz");

	rig_lacks(text, "\n-- \n");
	rig_holds(text, "\n--\nhttps://x.example/");
}

static void control_characters_do_not_reach_a_terminal(void **state)
{
	same(text_of(*state, "a\x07 \x1b[31mb &#13;c &#10;d\xc2\x92\n\n"
			     "| a\tb |\n|---|\n| c |\n"),
	     "a [31mb c d\n\n a b\n ---\n c\n");
}

static void the_frame_keeps_the_margin_and_quotes_nobody(void **state)
{
	struct rig *rig = *state;
	struct str text;

	rig_markdown(rig, "Body.");
	rig->input.publication.tagline = STR(
		"> Letters from a walk that is so long that its tagline "
		"does not go into one line of a letter, by far");
	rig->input.publication.name = STR("From here");
	rig->input.publication.copyright = STR(
		"the authors, the photographers and all who carried a bag");
	rig->input.publication.address = STR("> 7 Harbour Steps\nOldport");
	rig->article.topic = STR("walks");
	text = rig_letter(rig).text;
	assert_true(longest_line(text) <= 73);
	rig_holds(text, "\n-- \n From here\n > Letters from a walk");
	rig_holds(text, "\n > 7 Harbour Steps\nOldport\n");
	rig_lacks(text, "\n>");
	rig_lacks(text, "\nFrom ");
}

static void the_frame_has_all_its_parts(void **state)
{
	static const char whole[] =
		"Salt\n====\n"
		"https://letters.example.org/i/salt-road\n\n"
		"Of salt.\n\n"
		"By Mara Okonjo · 22 May 2026 · 3 min read\n"
		"Topic: walks\n"
		"https://letters.example.org/topic/walks\n\n"
		"Body.\n\n"
		"About Mara Okonjo: Walks, and writes down what the road "
		"said.\n\n"
		"Mara Okonjo, Her site:\n"
		"https://mara.example/\n\n"
		"Mastodon:\nhttps://social.example/@saltroad\n"
		"Photographs:\nhttps://photos.example/saltroad\n\n"
		"-- \n"
		"The Salt Road\n"
		"Letters from a long walk\n\n"
		"You get this at Ana@Example.org because you subscribed to "
		"Salt Road \nWeekly.\n\n"
		"Salt Road Press\n7 Harbour Steps\n1000 Oldport\n\n"
		"Unsubscribe:\nhttps://letters.example.org/u/aaaa\n"
		"Preferences:\nhttps://letters.example.org/p/aaaa\n"
		"Explore:\nhttps://letters.example.org/archive\n"
		"Contact:\nhttps://letters.example.org/contact\n"
		"Privacy:\nhttps://letters.example.org/privacy\n\n"
		"© 2026 Salt Road Press. All rights reserved.\n";
	struct rig *rig = *state;

	rig_markdown(rig, "Body.");
	rig->article.deck = STR("Of salt.");
	rig->article.topic = STR("walks");
	same(rig_letter(rig).text, whole);
}

static void there_are_never_three_empty_lines(void **state)
{
	rig_lacks(text_of(*state, "# a\n\n---\n\n# b\n\n- c\n\n# d\n\n```\n"
				  "```\n\n> e\n\n# f\n\n```\na\n\n\n\n\nb\n"
				  "```\n"),
		  "\n\n\n\n");
}

static void a_long_title_is_underlined_as_wide_as_its_lines(void **state)
{
	struct str text = text_of(
		*state, "a\n\n# A head of many words that goes on until it "
			"does not go into one line of a letter any more");

	rig_holds(text, "\n\n\nA head of many words that goes on until it does "
			"not go into one line of\na letter any more\n"
			"--------------------------------------------------"
			"---------------------\n");
}

static void fifty_columns_become_lines_and_nothing_is_lost(void **state)
{
	struct buf markdown;
	struct str text;

	buf_init(&markdown, 1 << 16);
	for (int i = 0; i < 50; i++)
		buf_fmt(&markdown, "|h%d", i);
	buf_addz(&markdown, "|\n");
	for (int i = 0; i < 50; i++)
		buf_addz(&markdown, "|---");
	buf_addz(&markdown, "|\n");
	for (int i = 0; i < 50; i++)
		buf_fmt(&markdown, i == 7 ? "|" : "|v%d", i);
	buf_addz(&markdown, "|\n");
	text = text_of(*state, markdown.at);
	assert_true(str_starts(text, STR("h0: v0\nh1: v1\n")));
	/* An empty cell has nothing to say. */
	rig_holds(text, "\nh6: v6\nh8: v8\n");
	rig_holds(text, "\nh49: v49\n");
	buf_done(&markdown);
}

static void a_name_without_end_is_cut(void **state)
{
	struct rig *rig = *state;
	char *name = arena_take(rig->arena, 10001);
	struct str text;

	for (int i = 0; i < 10000; i++)
		name[i] = i % 5 == 4 ? ' ' : 'n';
	rig->values[FIELD_NAME] = str_at(name, 10000);
	text = text_of(rig, "Dear {{subscriber.name}}!");
	assert_true(longest_line(text) <= 72);
	assert_true(text.len < 230);
}

/* Marks that turn the text around stay out of it, from the reader or not. */
static void a_name_cannot_turn_the_line_around(void **state)
{
	struct rig *rig = *state;

	rig->values[FIELD_NAME] = STR("a\u202Eb\u2066c\u200Bd\r\n> e");
	rig_lacks(text_of(rig, "Dear {{subscriber.name}}!"), "\u202E");
	rig_lacks(text_of(rig, "Dear {{subscriber.name}}!"), "\n>");
}

static void a_subject_greets_or_is_the_title(void **state)
{
	struct rig *rig = *state;
	struct rig_letter letter;

	rig_markdown(rig, "a");
	letter = rig_letter(rig);
	assert_true(str_eqz(letter.subject, "Subject: Salt\r\n"));
	rig->article.subject = STR(
		"For {{subscriber.first_name | default \"you\" | title}}");
	letter = rig_letter(rig);
	assert_true(str_eqz(letter.subject, "Subject: For Ana\r\n"));
	assert_true(str_eqz(letter.output.subject_plain, "For You"));
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(each_block_has_its_form),
		test(links_are_numbered_in_reading_order_and_once),
		test(a_wide_table_becomes_lines_of_head_and_value),
		test(prose_is_wrapped_and_marks_its_soft_ends),
		test(code_and_money_stay_on_their_line),
		test(a_long_name_keeps_the_margin),
		test(addresses_with_fields_are_percent_encoded),
		test(raw_html_is_text_like_all_else),
		test(a_wide_table_without_a_head_has_lines_of_values),
		test(no_line_looks_like_the_start_of_a_signature),
		test(control_characters_do_not_reach_a_terminal),
		test(the_frame_keeps_the_margin_and_quotes_nobody),
		test(the_frame_has_all_its_parts),
		test(there_are_never_three_empty_lines),
		test(a_long_title_is_underlined_as_wide_as_its_lines),
		test(fifty_columns_become_lines_and_nothing_is_lost),
		test(a_name_without_end_is_cut),
		test(a_name_cannot_turn_the_line_around),
		test(a_subject_greets_or_is_the_title),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
