/* base_err_test.c - errors say where, what and how to cure it */
#include "base_rig.h"

#include <errno.h>

#include "base/err.h"
#include "base/utf8.h"

/* DESIGN 5.3: scripts depend on these numbers and names. */
static void every_code_has_the_exit_status_and_the_name_that_scripts_know(
	void **state)
{
	static const struct {
		enum err_code code;
		int status;
		const char *name;
	} cases[] = {
		{ ERR_NONE, 0, "none" },
		{ ERR_EMPTY, 3, "empty" },
		{ ERR_FAILED, 4, "failed" },
		{ ERR_UNCERTAIN, 5, "uncertain" },
		{ ERR_HELD, 6, "held" },
		{ ERR_USAGE, 64, "usage" },
		{ ERR_INPUT, 65, "input" },
		{ ERR_MISSING, 66, "missing" },
		{ ERR_INTERNAL, 70, "internal" },
		{ ERR_DB, 70, "database" },
		{ ERR_IO, 74, "io" },
		{ ERR_AGAIN, 75, "again" },
		{ ERR_CONFIG, 78, "config" },
	};

	(void)state;
	assert_int_equal(COUNT(cases), ERR_CODE_COUNT);
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(err_status(cases[i].code), cases[i].status);
		assert_string_equal(err_name(cases[i].code), cases[i].name);
	}
}

static void a_new_error_forgets_the_place_and_the_hint_of_the_old(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	err_set(&err, ERR_USAGE, "old");
	err_place(&err, "somewhere");
	err_hint(&err, "try this");
	assert_int_equal(err_set(&err, ERR_INPUT, "'%s' is no %s", "x", "y"),
			 -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.message, "'x' is no y");
	assert_string_equal(err.place, "");
	assert_string_equal(err.hint, "");
}

static void places_chain_from_the_outside_in(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	err_set(&err, ERR_INPUT, "bad");
	assert_int_equal(err_place(&err, "%d:%d", 3, 7), -1);
	assert_string_equal(err.place, "3:7");
	err_place(&err, "articles/%s.md", "x");
	assert_string_equal(err.place, "articles/x.md: 3:7");
	err_place(&err, "issue june");
	assert_string_equal(err.place, "issue june: articles/x.md: 3:7");
	assert_string_equal(err.message, "bad");
	assert_int_equal(err.code, ERR_INPUT);
}

static void the_last_hint_is_the_one_that_counts(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	err_set(&err, ERR_INPUT, "bad");
	assert_int_equal(err_hint(&err, "first"), -1);
	assert_int_equal(err_hint(&err, "did you mean '%s'?", "x"), -1);
	assert_string_equal(err.hint, "did you mean 'x'?");
}

static void the_system_is_quoted_behind_what_was_tried(void **state)
{
	static const struct {
		int problem;
		enum err_code code;
		const char *message;
	} cases[] = {
		{ ENOENT, ERR_MISSING,
		  "cannot open 'x': No such file or directory" },
		{ EACCES, ERR_IO, "cannot open 'x': Permission denied" },
		{ ENOSPC, ERR_IO, "cannot open 'x': No space left on device" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;

		errno = cases[i].problem;
		assert_int_equal(err_sys(&err, "cannot open '%s'", "x"), -1);
		assert_int_equal(err.code, cases[i].code);
		assert_string_equal(err.message, cases[i].message);
	}
}

/* Each text of a's and two-byte characters, cut wherever the array ends. */
static void what_is_too_long_ends_in_a_whole_character(void **state)
{
	char text[1100];

	(void)state;
	for (size_t lead = 0; lead < 4; lead++) {
		struct err err = ERR_INIT;

		memset(text, 'a', lead);
		for (size_t i = lead; i + 4 < sizeof(text); i += 4)
			memcpy(text + i, "\xF0\x9F\x98\x80", 5);
		err_set(&err, ERR_INPUT, "%s", text);
		err_place(&err, "%s", text);
		err_hint(&err, "%s", text);
		assert_true(utf8_ok(str_of(err.message), NULL));
		assert_true(utf8_ok(str_of(err.place), NULL));
		assert_true(utf8_ok(str_of(err.hint), NULL));
		assert_true(strlen(err.message) >= sizeof(err.message) - 4);
		assert_true(strlen(err.place) >= sizeof(err.place) - 4);
		assert_true(strlen(err.hint) >= sizeof(err.hint) - 4);
		err_place(&err, "outer");
		assert_true(utf8_ok(str_of(err.place), NULL));
		assert_memory_equal(err.place, "outer: ", 7);
	}
}

static void however_long_the_name_the_reason_is_still_read(void **state)
{
	char name[1000];
	struct err err = ERR_INIT;
	const char *end = ": Permission denied";

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	errno = EACCES;
	err_sys(&err, "cannot open '%s'", name);
	assert_string_equal(err.message + strlen(err.message) - strlen(end),
			    end);
	assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
}

static void an_excerpt_has_its_mark_below_the_byte(void **state)
{
	static const struct {
		const char *line;
		size_t at;
		const char *excerpt;
	} cases[] = {
		{ "a {{b}}", 2, "a {{b}}\n  ^" },
		{ "", 0, "\n^" },
		{ "ab", 2, "ab\n  ^" },
		{ "ab", 3, "" },
		{ "\t{{b}}  \r", 1, " {{b}}\n ^" },
		{ "\xE6\x97\xA5 x", 4, "\xE6\x97\xA5 x\n   ^" },
		{ "e\xCC\x81 x", 4, "e\xCC\x81 x\n  ^" },
		{ "a\x1b[1mb", 5, "a [1mb\n     ^" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = ERR_INIT;

		err_set(&err, ERR_INPUT, "x");
		assert_int_equal(
			err_excerpt(&err, str_of(cases[i].line), cases[i].at),
			-1);
		assert_string_equal(err.excerpt, cases[i].excerpt);
	}
}

/* The mark stands below the X, wherever on the line that is. */
static void a_long_line_is_shown_in_part(void **state)
{
	static const char *const fill[] = { "a", "\xC3\xA4", "\xE6\x97\xA5",
					    "\xF0\x9F\x98\x80", "e\xCC\x81" };
	char line[4096];

	(void)state;
	for (size_t f = 0; f < sizeof(fill) / sizeof(*fill); f++) {
		for (size_t before = 0; before < 500; before += 7) {
			struct err err = ERR_INIT;
			size_t at = before * strlen(fill[f]);
			const char *mark, *x;

			line[0] = 0;
			for (size_t i = 0; i < before + 300; i++)
				strcat(line, i == before ? "X" : fill[f]);
			err_set(&err, ERR_INPUT, "x");
			err_excerpt(&err, str_of(line), at);
			mark = strchr(err.excerpt, '\n') + 1;
			x = strchr(err.excerpt, 'X');
			assert_non_null(x);
			assert_true(utf8_ok(str_of(err.excerpt), NULL));
			assert_int_equal(
				strlen(mark) - 1,
				utf8_width(str_at(err.excerpt,
						  (size_t)(x - err.excerpt))));
			assert_in_range(strlen(mark), 1, 73);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_code_has_the_exit_status_and_the_name_that_scripts_know),
		cmocka_unit_test(
			a_new_error_forgets_the_place_and_the_hint_of_the_old),
		cmocka_unit_test(places_chain_from_the_outside_in),
		cmocka_unit_test(the_last_hint_is_the_one_that_counts),
		cmocka_unit_test(the_system_is_quoted_behind_what_was_tried),
		cmocka_unit_test(an_excerpt_has_its_mark_below_the_byte),
		cmocka_unit_test(a_long_line_is_shown_in_part),
		cmocka_unit_test(what_is_too_long_ends_in_a_whole_character),
		cmocka_unit_test(
			however_long_the_name_the_reason_is_still_read),
	};

	return cmocka_run_group_tests_name("base_err", tests, NULL, NULL);
}
