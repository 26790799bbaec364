/* render_presence_test.c - what is there for some readers brings nothing along
 * for the others: no note, no mark, no line */
#include "render_text_rig.h"

static void named(struct rig *rig, bool is)
{
	rig->values[FIELD_NAME] = is ? STR("Ana") : STR_NONE;
}

static void planned(struct rig *rig, bool is)
{
	rig->values[FIELD_ATTRIBUTE] = is ? STR("pro") : STR_NONE;
}

/* --- footnotes ------------------------------------------------------------ */

/* `for_ana` and `for_all` are words of notes, "" for none. */
static const struct {
	const char *markdown, *for_ana, *for_all;
} notes[] = {
	{ "A {{#if subscriber.name}}b[^1]{{/if}} c\n\n[^1]: secret", "secret",
	  "" },
	{ "A\n\n:::if subscriber.name\nb[^1]\n:::\n\n[^1]: secret", "secret",
	  "" },
	{ "A\n\n:::if subscriber.plan\nb\n::else\nc[^1]\n:::\n\n[^1]: open", "",
	  "open" },
	{ "A {{#unless subscriber.name}}b[^1]{{/unless}}\n\n[^1]: open", "",
	  "open" },
	{ "A {{#if subscriber.name}}b[^1]{{/if}} c[^1]\n\n[^1]: open", "",
	  "open" },
	{ "{{#if subscriber.name}}b[^1]{{/if}} "
	  "{{#if subscriber.plan}}c[^1]{{/if}}\n\n[^1]: secret",
	  "secret", "" },
	/* a note that leads to a note */
	{ "A {{#if subscriber.name}}b[^1]{{/if}}\n\n"
	  "[^1]: x[^2]\n[^2]: secret",
	  "secret", "" },
	{ "A {{#if subscriber.name}}b[^1]{{/if}} c[^2]\n\n"
	  "[^1]: open\n[^2]: x[^1]",
	  "", "open" },
	/* what is decided when the issue is made */
	{ "A {{#if issue.title}}b[^1]{{/if}}\n\n[^1]: open", "", "open" },
	{ "A {{#if issue.topic}}b[^1]{{/if}}{{#if issue.title}}[^2]{{/if}}"
	  "\n\n[^1]: nothing\n[^2]: open",
	  "", "open" },
};

static void shows(struct str part, const char *word, bool is)
{
	if (*word && is)
		rig_holds(part, word);
	else if (*word)
		rig_lacks(part, word);
}

static void a_note_is_for_those_who_get_its_mark(void **state)
{
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(notes) / sizeof(*notes); i++) {
		for (int is = 0; is < 2; is++) {
			struct rig_letter letter;

			named(rig, is);
			planned(rig, false);
			rig_markdown(rig, notes[i].markdown);
			letter = rig_letter(rig);
			shows(letter.html, notes[i].for_ana, is);
			shows(letter.text, notes[i].for_ana, is);
			/* Ana has no part in an else. */
			if (is)
				continue;
			shows(letter.html, notes[i].for_all, true);
			shows(letter.text, notes[i].for_all, true);
			rig_lacks(letter.text, "nothing");
			rig_lacks(letter.html, "nothing");
		}
	}
}

static void a_note_under_two_conditions_comes_by_either_and_once(void **state)
{
	static const char markdown[] =
		"{{#if subscriber.name}}b[^1]{{/if}} "
		"{{#if subscriber.plan}}c[^1]{{/if}} d\n\n[^1]: N.";
	struct rig *rig = *state;

	named(rig, false);
	planned(rig, true);
	same(text_of(rig, markdown), "c[a] d\n\n[a] N.\n");
	named(rig, true);
	same(text_of(rig, markdown), "b[a] c[a] d\n\n[a] N.\n");
	named(rig, false);
	planned(rig, false);
	same(text_of(rig, markdown), "d\n");
}

static void notes_of_what_only_the_page_shows_stay_there(void **state)
{
	static const char markdown[] =
		"a\n\n:::web\nb[^w]\n:::\n\n:::mail\nc[^m]\n:::\n\n"
		"[^w]: for the page\n[^m]: for the letter";
	struct rig *rig = *state;
	struct rig_letter letter;
	struct str page;

	rig_markdown(rig, markdown);
	letter = rig_letter(rig);
	rig_lacks(letter.html, "for the page");
	rig_lacks(letter.text, "for the page");
	rig_holds(letter.html, "for the letter");
	rig_holds(letter.text, "for the letter");
	assert_int_equal(render_web(&rig->input, rig->arena, &page, &rig->err),
			 0);
	rig_holds(page, "for the page");
	rig_lacks(page, "for the letter");
}

static bool has_rule(struct rig *rig, const char *markdown)
{
	struct str body;

	rig_markdown(rig, markdown);
	assert_int_equal(
		render_body(&rig->input, "mail", rig->arena, &body, &rig->err),
		0);
	return str_find_str(body, STR("border-top:1px solid")) >= 0;
}

static void the_rule_above_notes_is_for_who_gets_one(void **state)
{
	struct rig *rig = *state;

	/* The body alone is for nobody in particular. */
	assert_true(has_rule(rig, "a[^1]\n\n[^1]: N."));
	assert_false(has_rule(rig, "{{#if subscriber.name}}a[^1]{{/if}} b\n\n"
				   "[^1]: N."));
	assert_true(has_rule(rig, "{{#if subscriber.name}}a[^1]{{/if}} b[^2]\n"
				  "\n[^1]: N.\n[^2]: M."));
	assert_false(has_rule(rig, "a\n\n:::web\nb[^1]\n:::\n\n[^1]: N."));
}

static void too_many_conditions_on_a_note_are_refused(void **state)
{
	struct rig *rig = *state;
	struct render_output output;
	struct buf markdown;

	buf_init(&markdown, 65536);
	for (int i = 0; i < 40; i++)
		buf_fmt(&markdown,
			"{{#if subscriber.plan == \"%d\"}}a[^1]{{/if}} ", i);
	buf_addz(&markdown, "\n\n[^1]: N.");
	buf_byte(&markdown, 0);
	rig_markdown(rig, markdown.at);
	buf_done(&markdown);
	assert_int_equal(
		render_letter(&rig->input, rig->arena, &output, &rig->err), -1);
	assert_string_equal(rig->err.place, "articles/x.md:7");
}

/* --- authors -------------------------------------------------------------- */

static void who_is_shown_to_some_is_shown_to_the_others_too(void **state)
{
	static const struct {
		const char *markdown;
		bool at_the_end;
	} cases[] = {
		{ "a\n\n:::if subscriber.plan\n::author\n:::", true },
		{ "a\n\n:::if subscriber.plan\nb\n::else\n::author\n:::",
		  true },
		{ "a\n\n:::if issue.topic\n::author\n:::", true },
		{ "a\n\n:::if issue.title\n::author\n:::\n\nb", false },
		{ "a\n\n:::if issue.topic\nb\n::else\n::author\n:::\n\nb",
		  false },
		{ "::author\n\nb", false },
	};
	struct rig *rig = *state;

	planned(rig, false);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig_letter letter;
		struct str text;
		ptrdiff_t end;

		rig_markdown(rig, cases[i].markdown);
		letter = rig_letter(rig);
		rig_holds(letter.html, ">Mara Okonjo</p>");
		rig_holds(letter.text, "About Mara Okonjo");
		end = str_find_str(letter.text, STR("\n\nb\n"));
		text = str_skip(letter.text, end < 0 ? 0 : (size_t)end);
		if (cases[i].at_the_end)
			rig_holds(text, "About Mara Okonjo");
		else
			rig_lacks(text, "About Mara Okonjo");
	}
}

/* --- marks ---------------------------------------------------------------- */

static void marks_stand_around_something(void **state)
{
	static const struct {
		const char *markdown, *ana, *other;
	} cases[] = {
		{ "a **{{subscriber.name}}** b", "a *Ana* b\n", "a b\n" },
		{ "a *{{subscriber.name | default \"you\"}}* b", "a _Ana_ b\n",
		  "a _you_ b\n" },
		{ "a ~~{{#if subscriber.name}}x{{/if}}~~ b", "a ~x~ b\n",
		  "a b\n" },
		{ "a **{{#if subscriber.name}}x{{else}}y{{/if}}** b",
		  "a *x* b\n", "a *y* b\n" },
		{ "a [{{subscriber.name}}](https://x.example/) b",
		  "a Ana <https://x.example/> b\n", "a b\n" },
		{ "a ![{{subscriber.name}}](https://x.example/g.png) b",
		  "a [Image: Ana] b\n", "a b\n" },
		{ "a **{{issue.topic}}** b", "a b\n", "a b\n" },
		{ "a\n\n# {{subscriber.name}}\n\nb",
		  "a\n\n\nAna\n------------\n\nb\n", "a\n\nb\n" },
		{ "# {{issue.topic}}\n\nb", "b\n", "b\n" },
		{ "# Hi {{subscriber.name}}\n\nb", "Hi Ana\n--\n\nb\n",
		  "Hi\n--\n\nb\n" },
		{ "- # {{subscriber.name}}\n- b",
		  " -\n\n\n   Ana\n   ------------\n\n - b\n", " -\n\n - b\n" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		named(rig, true);
		same(text_of(rig, cases[i].markdown), cases[i].ana);
		named(rig, false);
		same(text_of(rig, cases[i].markdown), cases[i].other);
	}
}

/* More fields than one condition asks for: rather stars around nothing. */
static void many_conditions_in_a_word_are_no_error(void **state)
{
	struct rig *rig = *state;
	struct buf markdown;

	buf_init(&markdown, 65536);
	buf_addz(&markdown, "**");
	for (int i = 0; i < 40; i++)
		buf_fmt(&markdown, "{{#if subscriber.plan == \"%d\"}}a{{/if}}",
			i);
	buf_addz(&markdown, "**");
	buf_byte(&markdown, 0);
	planned(rig, false);
	same(text_of(rig, markdown.at), "**\n");
	buf_done(&markdown);
}

/* --- direction ------------------------------------------------------------ */

static void a_name_in_an_arabic_text_keeps_its_signs(void **state)
{
	struct rig *rig = *state;

	rig->input.publication.language = STR("ar");
	rig_markdown(rig, "مرحبا {{subscriber.first_name}}، أهلا");
	rig_holds(rig_letter(rig).text, " \xe2\x81\xa8"
					"ana\xe2\x81\xa9،");
	rig_fill(rig, ".");
	rig_markdown(rig, "Hello {{subscriber.first_name}}, well");
	rig_holds(rig_letter(rig).text, "Hello ana, well");
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_note_is_for_those_who_get_its_mark),
		test(a_note_under_two_conditions_comes_by_either_and_once),
		test(notes_of_what_only_the_page_shows_stay_there),
		test(the_rule_above_notes_is_for_who_gets_one),
		test(too_many_conditions_on_a_note_are_refused),
		test(who_is_shown_to_some_is_shown_to_the_others_too),
		test(marks_stand_around_something),
		test(many_conditions_in_a_word_are_no_error),
		test(a_name_in_an_arabic_text_keeps_its_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
