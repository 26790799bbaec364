/* What becomes of a value on its way into a letter and onto the page: the
 * same for both, and never more than text. */
#include "render_rig.h"

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

static struct str page_of(struct rig *rig)
{
	struct str page;

	if (render_web(&rig->input, rig->arena, &page, &rig->err) < 0)
		fail_msg("%s: %s", rig->err.place, rig->err.message);
	return page;
}

static void refused(struct rig *rig, const char *message)
{
	struct render_output output;

	rig->err = (struct err)ERR_INIT;
	if (render_letter(&rig->input, rig->arena, &output, &rig->err) == 0)
		fail_msg("was rendered instead of: %s", message);
	assert_int_equal(rig->err.code, ERR_INPUT);
	assert_string_equal(rig->err.message, message);
}

/* --- without a reader ----------------------------------------------------- */

static void a_default_is_on_the_page_what_it_is_in_the_letter(void **state)
{
	static const struct {
		const char *markdown, *holds;
	} cases[] = {
		{ "a {{subscriber.plan | default '<script>\"&'}}",
		  "&lt;script&gt;&quot;&amp;" },
		{ "[y](https://e.example/?a={{subscriber.plan | default "
		  "'a b&c\"><b>'}})",
		  "href=\"https://e.example/?a=a%20b%26c%22%3E%3Cb%3E\"" },
		{ "{{subscriber.plan | default \"bob\" | upper}}", "BOB" },
		{ "{{subscriber.plan | default \"an old plan\" | title}}",
		  "An Old Plan" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		rig_markdown(rig, cases[i].markdown);
		rig_holds(rig_letter(rig).html, cases[i].holds);
		rig_holds(page_of(rig), cases[i].holds);
		rig_lacks(page_of(rig), "<script>");
	}
}

static void a_subject_in_a_listing_has_its_filters(void **state)
{
	struct rig *rig = *state;
	struct rig_letter letter;

	rig_markdown(rig, "a");
	rig->article.subject = STR(
		"{{subscriber.plan | default 'bob' | upper}}, come");
	letter = rig_letter(rig);
	assert_true(str_eqz(letter.subject, "Subject: BOB, come\r\n"));
	assert_true(str_eqz(letter.output.subject_plain, "BOB, come"));
}

/* --- values --------------------------------------------------------------- */

static void a_title_begins_each_word_known_or_not(void **state)
{
	static const struct {
		const char *value, *becomes;
	} cases[] = {
		{ "ana maría o'neill", "Ana María O'neill" },
		{ "élan vital", "Élan Vital" },
		{ "MacLeod of the isles", "MacLeod Of The Isles" },
		/* One letter, three capitals. */
		{ "\u0390 \u0390", "\u0399\u0308\u0301 \u0399\u0308\u0301" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str text;

		rig_markdown(rig, "<{{subscriber.name | title}}> and "
				  "<{{issue.topic | title}}>");
		rig->values[FIELD_NAME] = str_of(cases[i].value);
		rig->article.topic = str_of(cases[i].value);
		text = rig_letter(rig).text;
		rig_holds(text, arena_fmt(rig->arena, "<%s> and <%s>",
					  cases[i].becomes, cases[i].becomes)
					.at);
	}
}

static void no_name_turns_round_what_stands_behind_it(void **state)
{
	static const char *const turns[] = {
		"\u202a", "\u202b", "\u202c", "\u202d", "\u202e",
		"\u2066", "\u2067", "\u2068", "\u2069",
	};
	struct rig *rig = *state;

	rig_markdown(rig, "<{{subscriber.name}}> and <{{subscriber.plan}}>");
	for (size_t i = 0; i < sizeof(turns) / sizeof(*turns); i++) {
		struct rig_letter letter;

		rig->values[FIELD_NAME] = arena_fmt(rig->arena, "%sevil",
						    turns[i]);
		letter = rig_letter(rig);
		rig_holds(letter.text, "<evil>");
		rig_holds(letter.html, "evil");
		rig_lacks(letter.html, turns[i]);
	}
	/* Marks only say how what is beside them is read. */
	rig->values[FIELD_NAME] = STR("a\u200eb");
	rig_holds(rig_letter(rig).text, "<a\u200eb>");
}

/* --- front matter --------------------------------------------------------- */

static void private_characters_of_a_deck_are_no_fields(void **state)
{
	struct rig *rig = *state;
	struct rig_letter letter;

	rig_markdown(rig, "a");
	rig->article.deck = STR("a \uE0000\uE001 & b");
	letter = rig_letter(rig);
	rig_holds(letter.html, "a \uE0000\uE001 &amp; b");
	rig->article.deck = STR("a \uE00099999\uE001");
	rig_holds(rig_letter(rig).html, "a \uE00099999\uE001");
}

static void a_field_in_a_subject_has_a_default(void **state)
{
	static const char *const subjects[] = {
		"{{subscriber.name}}",
		"Dear {{subscriber.name | upper}}",
		"{{subscriber.name | default \"\"}}",
		"{{subscriber.name | default ' '}}",
	};
	struct rig *rig = *state;

	rig_markdown(rig, "a");
	for (size_t i = 0; i < sizeof(subjects) / sizeof(*subjects); i++) {
		rig->article.subject = str_of(subjects[i]);
		refused(rig, "'subscriber.name' in a subject has no default "
			     "for readers without it");
		assert_string_equal(rig->err.hint,
				    "write {{subscriber.name | default "
				    "\"friend\"}}");
	}
	/* What all readers see alike needs none. */
	rig->article.subject = STR("{{issue.title}} again");
	assert_true(
		str_eqz(rig_letter(rig).subject, "Subject: Salt again\r\n"));
}

static void a_headline_with_a_field_is_named(void **state)
{
	struct rig *rig = *state;

	rig_markdown(rig, "a");
	rig->article.deck = STR("for {{subscriber.name}}");
	refused(rig, "'deck' takes no merge fields");
	assert_string_equal(rig->err.place, "articles/x.md");
	rig->article.title = STR("for {{subscriber.name}}");
	refused(rig, "'title' takes no merge fields");
	assert_string_equal(rig->err.place, "articles/x.md:2");
}

static void braces_behind_a_backslash_are_only_braces(void **state)
{
	struct rig *rig = *state;
	struct rig_letter letter;

	rig_markdown(rig, "a");
	rig->article.title = STR("What \\{{x}} means");
	rig->article.deck = STR("\\{{ and \\{{");
	rig->article.preheader = STR("\\{{y}} {{issue.slug}}");
	letter = rig_letter(rig);
	rig_holds(letter.html, "What {{x}} means<");
	rig_holds(letter.html, ">{{ and {{<");
	rig_holds(letter.html, "{{y}} salt-road");
	rig_holds(letter.text, "What {{x}} means\n===");
	assert_true(str_eqz(letter.subject, "Subject: What {{x}} means\r\n"));
	rig->article.subject = STR("\\{{z}}: {{issue.title}}");
	letter = rig_letter(rig);
	assert_true(str_eqz(letter.subject,
			    "Subject: {{z}}: What {{x}} means\r\n"));
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_default_is_on_the_page_what_it_is_in_the_letter),
		test(a_subject_in_a_listing_has_its_filters),
		test(a_title_begins_each_word_known_or_not),
		test(no_name_turns_round_what_stands_behind_it),
		test(private_characters_of_a_deck_are_no_fields),
		test(a_field_in_a_subject_has_a_default),
		test(a_headline_with_a_field_is_named),
		test(braces_behind_a_backslash_are_only_braces),
	};

	return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
