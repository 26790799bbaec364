/* What depends on a condition: decided when the issue is made where that can
 * be, and else for each reader. */
#include "render_rig.h"

#include "render/condition_priv.h"

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

/* --- an expression -------------------------------------------------------- */

static struct str compiled(struct rig *rig, const char *source)
{
	struct fields_known *fields = arena_new_of(rig->arena,
						   struct fields_known);
	struct value *known = value_map(rig->arena);
	struct scope scope = { known, NULL };
	struct field_source from = { &scope, fields, rig->arena, false };
	struct str test;

	fields->declared = rig->input.attributes;
	fields->declared_count = rig->input.attribute_count;
	value_set(known, rig->arena, "yes", value_bool(rig->arena, true));
	value_set(known, rig->arena, "word",
		  value_text(rig->arena, STR("salt")));
	value_set(known, rig->arena, "empty", value_text(rig->arena, STR_NONE));
	value_set(known, rig->arena, "list", value_list(rig->arena));
	rig->err = (struct err)ERR_INIT;
	if (condition_parse(str_of(source), true, &from, &test, &rig->err) < 0)
		return STR_NONE;
	assert_true(condition_ok(test));
	return test;
}

static void what_is_known_is_decided_when_the_issue_is_made(void **state)
{
	static const struct {
		const char *source;
		bool holds;
	} cases[] = {
		{ "yes", true },
		{ "not yes", false },
		{ "empty", false },
		{ "list", false },
		{ "word == \"salt\"", true },
		{ "word == 'Salt'", false },
		{ "word != 'pepper'", true },
		{ "yes == true", true },
		{ "empty == \"\"", true },
		{ "not not (empty or yes) and word", true },
		{ "yes or subscriber.plan", true },
		{ "empty and subscriber.plan == 'x'", false },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str test = compiled(rig, cases[i].source);

		assert_true(condition_is_decided(test));
		assert_int_equal(condition_holds(test, NULL), cases[i].holds);
	}
}

static void a_readers_part_is_asked_of_each_of_them(void **state)
{
	static const struct {
		const char *source, *name, *plan;
		bool holds;
	} cases[] = {
		{ "subscriber.name", "Ana", "", true },
		{ "subscriber.name", "", "pro", false },
		{ "subscriber.plan == \"pro\"", "", "pro", true },
		{ "subscriber.plan == \"pro\"", "", "prose", false },
		{ "subscriber.plan != \"pro\"", "", "", true },
		{ "subscriber.plan == 5", "", "5", true },
		{ "subscriber.plan == ''", "", "", true },
		{ "not subscriber.name and yes", "", "", true },
		/* `and` before `or` */
		{ "subscriber.name or subscriber.plan and empty", "a", "",
		  true },
		{ "(subscriber.name or subscriber.plan) and not "
		  "subscriber.name",
		  "a", "b", false },
		{ "(subscriber.name or subscriber.plan) and not "
		  "subscriber.name",
		  "", "b", true },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str test = compiled(rig, cases[i].source);

		assert_false(condition_is_decided(test));
		rig->values[FIELD_NAME] = str_of(cases[i].name);
		rig->values[FIELD_ATTRIBUTE] = str_of(cases[i].plan);
		if (condition_holds(test, rig->values) != cases[i].holds)
			fail_msg("%s", cases[i].source);
	}
}

static void what_is_no_condition_is_refused(void **state)
{
	static const struct {
		const char *source, *message;
	} cases[] = {
		{ "", "a condition ends too early" },
		{ "subscriber.name ==", "a condition ends too early" },
		{ "subscriber.name = 'a'",
		  "a condition cannot go on with '= 'a''" },
		{ "subscriber.name == Ana",
		  "a condition cannot go on with 'Ana'" },
		{ "subscriber.name == \"Ana",
		  "a condition cannot go on with '\"Ana'" },
		{ "(yes", "a condition ends too early" },
		{ "yes yes", "a condition cannot go on with 'yes'" },
		{ "yes and or yes", "a condition cannot go on with 'or yes'" },
		{ "subscriber.plam", "there is no merge field "
				     "'subscriber.plam'" },
		{ "list == 'a'", "only texts can be compared" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(compiled(rig, cases[i].source).len, 0);
		assert_string_equal(rig->err.message, cases[i].message);
	}
}

static void bytes_that_no_parser_made_are_no_condition(void **state)
{
	static const struct str bad[] = {
		STR(""),
		STR("p"),
		STR("p\xff"),
		STR("x"),
		STR("!"),
		STR("p\x01&"),
		STR("p\x01p\x02"),
		STR("=\x01\x00"),
		STR("=\x01\x00\x05"
		    "abcd"),
		STR("11"),
	};
	char deep[100];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(condition_ok(bad[i]));
	memset(deep, '1', sizeof(deep));
	memset(deep + 50, '&', 49);
	assert_false(condition_ok(str_at(deep, 99)));
	assert_true(condition_ok(STR("p\x01!")));
	assert_true(condition_ok(STR("=\x01\x00\x04"
				     "abcd1|")));
}

/* --- in an article -------------------------------------------------------- */

#define PLANS                                                            \
	"{{#if subscriber.plan == \"pro\"}}\n\nYou pay.\n\n{{else}}\n\n" \
	"You {{#unless subscriber.name}}nobody{{else}}"                  \
	"{{subscriber.name}}{{/unless}} do not.\n\n{{/if}}\n"

static void each_reader_gets_one_branch(void **state)
{
	static const struct {
		const char *name, *plan, *holds, *lacks;
	} cases[] = {
		{ "", "pro", "You pay.", "do not" },
		{ "", "free", "You nobody do not.", "pay" },
		{ "Ana", "", "You Ana do not.", "pay" },
	};
	struct rig *rig = *state;

	rig_markdown(rig, PLANS);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig_letter letter;

		rig->values[FIELD_NAME] = str_of(cases[i].name);
		rig->values[FIELD_ATTRIBUTE] = str_of(cases[i].plan);
		letter = rig_letter(rig);
		rig_holds(letter.html, cases[i].holds);
		rig_lacks(letter.html, cases[i].lacks);
		rig_holds(letter.text, cases[i].holds);
		rig_lacks(letter.text, cases[i].lacks);
	}
}

static void a_branch_that_nobody_gets_is_not_in_the_letter(void **state)
{
	struct rig *rig = *state;
	struct rig_letter letter;

	rig_markdown(rig, "{{#if issue.title == \"Salt\"}}\n\nkept\n\n{{else}}"
			  "\n\ndropped\n\n{{/if}}\n\n"
			  "in {{#unless issue.title}}dropped{{else}}line"
			  "{{/unless}}\n");
	letter = rig_letter(rig);
	rig_holds(letter.html, "kept");
	rig_holds(letter.text, "in line");
	rig_lacks(letter.output.html, "dropped");
	rig_lacks(letter.output.text, "dropped");
}

static void the_page_is_what_a_reader_gets_who_is_not_known(void **state)
{
	struct rig *rig = *state;
	struct str page;

	rig_markdown(rig, PLANS);
	assert_int_equal(render_web(&rig->input, rig->arena, &page, &rig->err),
			 0);
	rig_holds(page, "You nobody do not.");
	rig_lacks(page, "You pay.");
}

static void refused(struct rig *rig, const char *place, const char *message)
{
	struct render_output output;

	rig->err = (struct err)ERR_INIT;
	assert_int_equal(
		render_letter(&rig->input, rig->arena, &output, &rig->err), -1);
	assert_string_equal(rig->err.message, message);
	assert_string_equal(rig->err.place, place);
}

static void a_wrong_condition_is_named_by_its_place(void **state)
{
	struct rig *rig = *state;

	rig_markdown(rig, "a\n\n{{#if subscriber.plam}}\n\nb\n\n{{/if}}\n");
	refused(rig, "articles/x.md:7:1",
		"there is no merge field 'subscriber.plam'");
	assert_string_equal(rig->err.hint, "did you mean 'subscriber.plan'?");
	assert_string_equal(rig->err.excerpt, "{{#if subscriber.plam}}\n^");
	rig_markdown(rig, "a {{#if subscriber.plan = 1}}b{{/if}}\n");
	refused(rig, "articles/x.md:5:3",
		"a condition cannot go on with '= 1'");
}

/* --- in a subject --------------------------------------------------------- */

static void a_subject_may_ask_and_is_never_empty(void **state)
{
	struct rig *rig = *state;

	rig_markdown(rig, "a");
	rig->article.subject = STR("{{#if subscriber.name}}For {{subscriber"
				   ".name | default \"you\"}}{{else}}For all"
				   "{{/if}}");
	rig->values[FIELD_NAME] = STR("Ana");
	assert_true(str_eqz(rig_letter(rig).subject, "Subject: For Ana\r\n"));
	rig->values[FIELD_NAME] = STR_NONE;
	assert_true(str_eqz(rig_letter(rig).subject, "Subject: For all\r\n"));
	rig->article.subject = STR("{{#if subscriber.name}}Hello{{/if}}");
	refused(rig, "articles/x.md",
		"some readers would get an empty subject");
	rig->article.subject = STR("{{#if issue.title}}Hello{{/if}}");
	assert_true(str_eqz(rig_letter(rig).subject, "Subject: Hello\r\n"));
}

static void conditions_of_a_subject_are_balanced_and_few(void **state)
{
	struct rig *rig = *state;
	struct buf deep;

	rig_markdown(rig, "a");
	rig->article.subject = STR("a{{#if subscriber.name}}b");
	refused(rig, "articles/x.md", "a condition is not closed");
	rig->article.subject = STR("a{{/if}}");
	refused(rig, "articles/x.md", "there is no condition open here");
	rig->article.subject = STR("a{{#if subscriber.name}}b{{else}}c{{else}}"
				   "{{/if}}");
	refused(rig, "articles/x.md", "there is no condition open here");
	buf_init(&deep, 1024 * 1024);
	for (int i = 0; i < 10000; i++)
		buf_addz(&deep, "{{#if subscriber.name}}");
	rig->article.subject = buf_str(&deep);
	refused(rig, "articles/x.md", "more than 16 conditions in each other");
	buf_done(&deep);
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_known_is_decided_when_the_issue_is_made),
		test(a_readers_part_is_asked_of_each_of_them),
		test(what_is_no_condition_is_refused),
		test(bytes_that_no_parser_made_are_no_condition),
		test(each_reader_gets_one_branch),
		test(a_branch_that_nobody_gets_is_not_in_the_letter),
		test(the_page_is_what_a_reader_gets_who_is_not_known),
		test(a_wrong_condition_is_named_by_its_place),
		test(a_subject_may_ask_and_is_never_empty),
		test(conditions_of_a_subject_are_balanced_and_few),
	};

	return cmocka_run_group_tests_name("conditions", tests, NULL, NULL);
}
