/* base_log_test.c - one line an event, and nothing in it paints a terminal */
#include "base_rig.h"

#include <pthread.h>
#include <stdio.h>

#include "base/log.h"
#include "base/utf8.h"

static void say_value(const void *arg)
{
	const struct str *text = arg;
	const struct log_field fields[] = { LOG_TEXT("key", *text) };

	log_event(LOG_ERROR, "a.test", fields, 1);
}

static void a_value_is_quoted_and_escaped_when_it_must_be(void **state)
{
	static const struct {
		struct str text;
		const char *printed;
	} cases[] = {
		{ STR("plain-1.2/x:y@z"), "plain-1.2/x:y@z" },
		{ STR("caf\u00E9"), "caf\u00E9" },
		{ STR("\U0001F600"), "\U0001F600" },
		{ STR(""), "\"\"" },
		{ STR("two words"), "\"two words\"" },
		{ STR("a=b"), "\"a=b\"" },
		{ STR("say \"x\""), "\"say \\\"x\\\"\"" },
		{ STR("a\\b"), "\"a\\\\b\"" },
		/* Nobody begins a line of his own. */
		{ STR("x\ninfo fake=1"), "\"x\\x0ainfo fake=1\"" },
		{ STR("x\r"), "\"x\\x0d\"" },
		{ STR("\t"), "\"\\x09\"" },
		{ STR("a\0b"), "\"a\\x00b\"" },
		{ STR("\x1b[31mred"), "\"\\x1b[31mred\"" },
		{ STR("\x7f"), "\"\\x7f\"" },
		{ STR("\xC2\x9B"
		      "31m"),
		  "\"\\xc2\\x9b31m\"" },
		{ STR("\xC2\x85"), "\"\\xc2\\x85\"" },
		{ STR("\u2028"), "\"\\xe2\\x80\\xa8\"" },
		{ STR("\x9b"
		      "31m"),
		  "\"\\x9b31m\"" },
		{ STR("\xFF\u00E9"), "\"\\xff\u00E9\"" },
		{ STR("\xE2\x82"), "\"\\xe2\\x82\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char want[256];
		int status;

		snprintf(want, sizeof(want), "error a.test key=%s\n",
			 cases[i].printed);
		assert_string_equal(
			last_words(say_value, &cases[i].text, &status), want);
		assert_int_equal(status, 0);
	}
}

static void say_all(const void *arg)
{
	char number[24], lowest[24];
	const struct log_field fields[] = {
		LOG_TEXT("reply", STR("250 2.0.0 ok")),
		log_int("job", 1311, number),
		log_int("low", INT64_MIN, lowest),
	};

	log_event(LOG_WARN, "delivery.sent", fields, 3);
	log_event(LOG_ERROR, "the.end", NULL, 0);
	(void)arg;
}

static void a_line_is_level_event_and_fields_in_order(void **state)
{
	int status;

	(void)state;
	assert_string_equal(last_words(say_all, NULL, &status),
			    "warn delivery.sent reply=\"250 2.0.0 ok\" "
			    "job=1311 low=-9223372036854775808\n"
			    "error the.end\n");
}

static void say_all_levels(const void *arg)
{
	if (arg)
		log_level(*(const enum log_level *)arg);
	log_event(LOG_DEBUG, "d", NULL, 0);
	log_event(LOG_INFO, "i", NULL, 0);
	log_event(LOG_WARN, "w", NULL, 0);
	log_event(LOG_ERROR, "e", NULL, 0);
}

static void lines_below_the_level_are_dropped(void **state)
{
	static const enum log_level levels[] = { LOG_DEBUG, LOG_INFO, LOG_WARN,
						 LOG_ERROR };
	static const char *const want[] = {
		"debug d\ninfo i\nwarn w\nerror e\n",
		"info i\nwarn w\nerror e\n",
		"warn w\nerror e\n",
		"error e\n",
	};
	int status;

	(void)state;
	assert_string_equal(last_words(say_all_levels, NULL, &status), want[2]);
	for (size_t i = 0; i < COUNT(levels); i++)
		assert_string_equal(
			last_words(say_all_levels, &levels[i], &status),
			want[i]);
}

/* --- long ones -------------------------------------------------------------- */

static void say_long(const void *arg)
{
	static char text[5000];
	const char *unit = arg;
	struct log_field fields[2];

	for (size_t i = 0; i + strlen(unit) < sizeof(text); i += strlen(unit))
		memcpy(text + i, unit, strlen(unit));
	fields[0] = LOG_TEXT("long", str_of(text));
	fields[1] = LOG_TEXT("id", STR("7"));
	log_event(LOG_WARN, "a.test", fields, 2);
}

static void a_long_value_loses_its_end_and_not_the_next_field(void **state)
{
	static const char *const units[] = { "a",	"a b",	      "\u00E9",
					     "x\u65E5", "\U0001F600", "\x80",
					     "\n" };
	int status;

	(void)state;
	for (size_t i = 0; i < COUNT(units); i++) {
		struct str line = str_of(
			last_words(say_long, units[i], &status));

		assert_true(line.len > 700 && line.len <= 4096);
		assert_true(utf8_ok(line, NULL));
		assert_true(str_ends(line, STR("... id=7\n")) ||
			    str_ends(line, STR("...\" id=7\n")));
	}
}

static void say_too_many(const void *arg)
{
	struct log_field fields[1000];

	(void)arg;
	for (size_t i = 0; i < COUNT(fields); i++)
		fields[i] = LOG_TEXT("key", STR("some words"));
	log_event(LOG_WARN, "a.test", fields, COUNT(fields));
}

static void a_line_never_exceeds_what_a_pipe_takes_in_one_piece(void **state)
{
	int status;
	struct str line = str_of(last_words(say_too_many, NULL, &status));

	(void)state;
	assert_true(line.len > 4000);
	assert_true(line.len <= 4096);
	assert_int_equal(str_find(line, '\n'), line.len - 1);
}

static void *say_many(void *arg)
{
	for (int i = 0; i < 20; i++)
		log_event(LOG_ERROR, arg, NULL, 0);
	return NULL;
}

static void say_from_threads(const void *arg)
{
	static char names[4][41];
	pthread_t threads[4];

	(void)arg;
	for (int i = 0; i < 4; i++) {
		memset(names[i], 'a' + i, 40);
		pthread_create(&threads[i], NULL, say_many, names[i]);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
}

static void threads_do_not_write_into_each_others_lines(void **state)
{
	struct str text, line;
	int status, count = 0;

	(void)state;
	text = str_of(last_words(say_from_threads, NULL, &status));
	while (text.len > 0) {
		line = str_cut(text, '\n', &text);
		assert_int_equal(line.len, 6 + 40);
		for (size_t i = 7; i < line.len; i++)
			assert_int_equal(line.at[i], line.at[6]);
		count++;
	}
	assert_int_equal(count, 80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_quoted_and_escaped_when_it_must_be),
		cmocka_unit_test(a_line_is_level_event_and_fields_in_order),
		cmocka_unit_test(lines_below_the_level_are_dropped),
		cmocka_unit_test(
			a_long_value_loses_its_end_and_not_the_next_field),
		cmocka_unit_test(
			a_line_never_exceeds_what_a_pipe_takes_in_one_piece),
		cmocka_unit_test(threads_do_not_write_into_each_others_lines),
	};

	return cmocka_run_group_tests_name("base_log", tests, NULL, NULL);
}
