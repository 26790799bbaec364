/* A reader's value on its way into a letter: cut, filtered, cleaned, escaped */
#include "render_rig.h"

#include "base/utf8.h"
#include "render/condition_priv.h"
#include "render/filter_priv.h"
#include "render/slot_priv.h"

#define FAMILY "\U0001F468\u200D\U0001F469\u200D\U0001F467" /* one is seen */
#define FLAG   "\U0001F1E9\U0001F1EA"
#define ACCENT "e\u0301"

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

static struct str many(struct rig *rig, const char *text, size_t count)
{
	struct str all;
	struct buf buf;

	buf_init(&buf, 1024 * 1024);
	for (size_t i = 0; i < count; i++)
		buf_addz(&buf, text);
	all = arena_dup(rig->arena, buf_str(&buf));
	buf_done(&buf);
	return all;
}

static struct str chain_of(struct rig *rig, const char *source)
{
	struct buf chain;
	struct str made;

	buf_init(&chain, FILTER_BYTES);
	assert_int_equal(filter_parse(str_of(source), NULL, &chain, &rig->err),
			 1);
	made = arena_dup(rig->arena, buf_str(&chain));
	assert_true(filter_ok(made));
	buf_done(&chain);
	return made;
}

static struct str written(struct rig *rig, struct str value,
			  enum slot_context context, struct str filters)
{
	struct slot slot = { FIELD_NAME, context, filters };
	struct str result;
	struct buf out;

	buf_init(&out, 1024 * 1024);
	slot_write(&slot, value, STR("you"), rig->arena, &out);
	result = arena_dup(rig->arena, buf_str(&out));
	buf_done(&out);
	return result;
}

static void a_long_value_ends_between_what_is_seen_as_one(void **state)
{
	struct rig *rig = *state;
	const struct {
		struct str value;
		size_t bytes;
	} cases[] = {
		{ many(rig, "x", 200), 200 },
		{ many(rig, "x", 10000), 200 },
		{ many(rig, "\u65E5", 10000), 600 },
		/* Five characters each: the fortieth is the last that fits. */
		{ many(rig, FAMILY, 50), 40 * strlen(FAMILY) },
		{ arena_fmt(rig->arena, "x%.*s",
			    STR_ARG(many(rig, FAMILY, 50))),
		  1 + 39 * strlen(FAMILY) },
		{ arena_fmt(rig->arena, "x%.*s", STR_ARG(many(rig, FLAG, 150))),
		  1 + 99 * strlen(FLAG) },
		{ arena_fmt(rig->arena, "x%.*s",
			    STR_ARG(many(rig, ACCENT, 150))),
		  1 + 99 * strlen(ACCENT) },
		/* One letter under a tower of accents is cut all the same. */
		{ arena_fmt(rig->arena, "e%.*s",
			    STR_ARG(many(rig, "\u0301", 5000))),
		  1 + 199 * 2 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str got = written(rig, cases[i].value, SLOT_TEXT,
					 FILTER_NONE);

		assert_int_equal(got.len, cases[i].bytes);
		assert_true(utf8_ok(got, NULL));
		assert_true(str_starts(cases[i].value, got));
	}
}

static void truncate_ends_between_what_is_seen_as_one(void **state)
{
	static const struct {
		const char *filter, *value, *gives;
	} cases[] = {
		{ "truncate 5", "Maria", "Maria" },
		{ "truncate 5", "Marian", "Mari\u2026" },
		{ "truncate 5", "Ana Maria", "Ana\u2026" },
		{ "truncate 1", "Ana", "\u2026" },
		{ "truncate 3", FAMILY "x", "\u2026" },
		{ "truncate 7", FAMILY FAMILY, FAMILY "\u2026" },
		{ "truncate 3", "a" ACCENT ACCENT, "a\u2026" },
		{ "truncate 2", "\u65E5\u672C\u8A9E", "\u65E5\u2026" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str got = written(rig, str_of(cases[i].value), SLOT_TEXT,
					 chain_of(rig, cases[i].filter));

		assert_string_equal(arena_z(rig->arena, got), cases[i].gives);
	}
}

static void what_shows_nothing_is_no_name(void **state)
{
	static const struct {
		const char *value, *gives;
	} cases[] = {
		{ "\u200B", "you" },
		{ " \u00AD\uFEFF\u2060 ", "you" },
		{ "\u3000\u2003\u00A0\u2029", "you" },
		{ "\u3164", "you" },
		{ "\u2800\u115F\uFFA0", "you" },
		{ "\u034F\u200D\uFE0F", "you" },
		{ "\x01\x7F\xC2\x85", "you" },
		{ "\xff\xfe", "you" },
		{ "A\u3164n\u034Fa\U000E0001", "Ana" },
		{ "A\u200Bn\uFEFFa\u00AD", "Ana" },
		{ "\u202EAna\u2066", "Ana" },
		/* These join letters and emoji: they are needed. */
		{ "\u0646\u200C\u0647", "\u0646\u200C\u0647" },
		{ FAMILY, FAMILY },
		{ "a\x01\x1b[2Jb\x7f\xC2\x85", "a[2Jb" },
		{ "a\r\nBcc: x", "a  Bcc: x" },
		{ "\xff"
		  "a\xfe",
		  "a" },
		{ "\u3000a\u2003", "\u3000a\u2003" },
		{ "\u2764\uFE0F\u200F\u061C", "\u2764\uFE0F\u200F\u061C" },
		{ "\U0001F3F4\U000E0067\U000E0062\U000E007F",
		  "\U0001F3F4\U000E0067\U000E0062\U000E007F" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str got = written(rig, str_of(cases[i].value), SLOT_TEXT,
					 FILTER_NONE);

		assert_string_equal(arena_z(rig->arena, got), cases[i].gives);
	}
}

static void what_a_condition_finds_is_what_a_slot_shows(void **state)
{
	static const struct {
		const char *value;
		bool there;
	} cases[] = {
		{ "", false },	       { "Ana", true },
		{ " ", false },	       { "\u200B", false },
		{ "\u00A0", false },   { "\u3000\u2003", false },
		{ "\u3164", false },   { "\u2800\u034F", false },
		{ "\u200BA", true },   { "\xff", false },
		{ "\x01\x1b", false }, { "\U0001F600", true },
	};
	struct rig *rig = *state;
	struct str is_there = condition_present(FIELD_NAME, true, rig->arena);
	struct str none = STR("=\x01\0\0");

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str value = str_of(cases[i].value);
		bool shown = !str_eqz(
			written(rig, value, SLOT_TEXT, FILTER_NONE), "you");

		rig->values[FIELD_NAME] = value;
		if (condition_holds(is_there, rig->values) != cases[i].there ||
		    condition_holds(none, rig->values) == cases[i].there ||
		    shown != cases[i].there)
			fail_msg("case %zu", i);
	}
	/* What the letter makes of itself is there as it is. */
	rig->values[FIELD_UNSUBSCRIBE] = STR(" ");
	assert_true(condition_holds(
		condition_present(FIELD_UNSUBSCRIBE, true, rig->arena),
		rig->values));
}

static void a_value_is_escaped_for_its_place(void **state)
{
	static const struct {
		enum slot_context context;
		const char *filter, *gives;
	} cases[] = {
		{ SLOT_TEXT, NULL, "<a href='x'>\"&" },
		{ SLOT_HTML, NULL, "&lt;a href=&#39;x&#39;&gt;&quot;&amp;" },
		{ SLOT_URL, NULL, "%3Ca%20href%3D%27x%27%3E%22%26" },
		{ SLOT_HTML, "upper", "&lt;A HREF=&#39;X&#39;&gt;&quot;&amp;" },
		{ SLOT_TEXT, "url", "%3Ca%20href%3D%27x%27%3E%22%26" },
		{ SLOT_HEADER, NULL, "<a href='x'>\"&" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str chain = FILTER_NONE;
		struct str got;

		if (cases[i].filter)
			chain = chain_of(rig, cases[i].filter);
		got = written(rig, STR("<a href='x'>\"&"), cases[i].context,
			      chain);
		assert_string_equal(arena_z(rig->arena, got), cases[i].gives);
	}
}

static void a_date_is_written_in_the_letters_language(void **state)
{
	static const char *const names[12] = {
		"janvier",   "f\u00E9vrier", "mars",	 "avril",
		"mai",	     "juin",	     "juillet",	 "ao\u00FBt",
		"septembre", "octobre",	     "novembre", "d\u00E9cembre"
	};
	struct rig *rig = *state;
	struct value *months = value_list(rig->arena);
	struct value *words = value_map(rig->arena);
	struct value *known = value_map(rig->arena);
	struct fields_known fields = { 0 };
	struct draft *draft = draft_new(rig->arena);

	for (size_t i = 0; i < 12; i++)
		value_push(months, value_text(rig->arena, str_of(names[i])));
	value_set(words, rig->arena, "months", months);
	value_set(known, rig->arena, "words", words);
	value_set(known, rig->arena, "day",
		  value_text(rig->arena, STR("2026-08-02")));
	assert_int_equal(template_field(STR("day | date '%e %B %Y'"), "x",
					known, &fields, SLOT_TEXT, rig->arena,
					draft, &rig->err),
			 0);
	assert_string_equal(draft_plain(draft, rig->arena).at,
			    "2 ao\u00FBt 2026");
}

static void a_readers_day_is_written_as_the_article_says(void **state)
{
	struct rig *rig = *state;

	rig_markdown(rig, "<{{subscriber.joined | date \"%d.%m.%y, %e %B\" | "
			  "upper | default 'once'}}>");
	rig_holds(rig_letter(rig).text, "<01.03.24, 1 MARCH>");
	rig->values[FIELD_JOINED] = STR_NONE;
	rig_holds(rig_letter(rig).text, "<ONCE>");
	rig->values[FIELD_JOINED] = STR("soon");
	rig_holds(rig_letter(rig).text, "<SOON>");
}

static void a_wrong_filter_is_refused(void **state)
{
	static const struct {
		const char *source, *message, *hint;
	} cases[] = {
		{ "issue.title | truncat 4", "there is no filter 'truncat 4'",
		  "did you mean 'truncate'?" },
		{ "issue.title | truncate",
		  "'truncate' wants a number from 1 "
		  "to 1000",
		  "write truncate 40" },
		{ "issue.title | date", "'date' wants a pattern in quotes",
		  "write date \"%e %B %Y\"; %d %e %m %B %y %Y are known" },
		{ "issue.title | date \"%H\"",
		  "'date' wants a pattern in quotes",
		  "write date \"%e %B %Y\"; %d %e %m %B %y %Y are known" },
		{ "issue.title | upper 3", "'upper' takes nothing behind it",
		  "" },
		{ "issue.title | upper | upper | upper | upper | upper | upper"
		  " | upper | upper | upper",
		  "more than 8 filters", "" },
		{ "links.unsubscribe | upper",
		  "'links.unsubscribe' takes no filter but default", "" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct render_output output;

		rig_markdown(
			rig,
			arena_fmt(rig->arena, "a {{%s}}", cases[i].source).at);
		rig->err = (struct err)ERR_INIT;
		assert_int_equal(render_letter(&rig->input, rig->arena, &output,
					       &rig->err),
				 -1);
		assert_string_equal(rig->err.message, cases[i].message);
		assert_string_equal(rig->err.hint, cases[i].hint);
		assert_string_equal(rig->err.place, "articles/x.md:5:3");
	}
}

static void bytes_that_no_parser_made_are_no_filters(void **state)
{
	static const struct str bad[] = {
		STR("u"),
		STR("u\0"),
		STR("u\0\1x"),
		STR("x\0\0"),
		STR("n\0\1x"),
		STR("n\0\0"),
		STR("d\0\0"),
		STR("d\0\2%q"),
		STR("d\0\2%B"),
		STR("u\xff\xffx"),
		STR("u\0\0u\0\0u\0\0u\0\0u\0\0u\0\0u\0\0"
		    "u\0\0u\0\0"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(filter_ok(bad[i]));
	assert_true(filter_ok(STR("u\0\0l\0\0")));
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_long_value_ends_between_what_is_seen_as_one),
		test(truncate_ends_between_what_is_seen_as_one),
		test(what_shows_nothing_is_no_name),
		test(what_a_condition_finds_is_what_a_slot_shows),
		test(a_value_is_escaped_for_its_place),
		test(a_date_is_written_in_the_letters_language),
		test(a_readers_day_is_written_as_the_article_says),
		test(a_wrong_filter_is_refused),
		test(bytes_that_no_parser_made_are_no_filters),
	};

	return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
