/* mail_header_find_test.c - a field found in somebody's message */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mail/header.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void the_first_field_of_a_name_is_found_and_unfolded(void **state)
{
	static const struct {
		const char *message, *name, *value;
	} cases[] = {
		{ "Subject: x\r\n\r\n", "Subject", "x" },
		{ "Subject: x\n\n", "Subject", "x" },
		{ "SUBJECT:x", "subject", "x" },
		{ "A: 1\r\nSubject:\t x \t\r\nB: 2\r\n", "Subject", "x" },
		{ "Subject: a\r\n b\r\n\tc  \r\nD: d", "Subject", "a b c" },
		{ "Subject:\r\n a\r\n", "Subject", "a" },
		{ "Subject: a\r\n \r\n b\r\n \r\n", "Subject", "a b" },
		{ "Subject:\r\n\r\n", "Subject", "" },
		{ "Subject: 1\r\nSubject: 2\r\n", "Subject", "1" },
		{ "X-Subject: no\r\nSubject: yes\r\n", "Subject", "yes" },
		{ "A: a\r\n Subject: no\r\nSubject: yes\r\n", "Subject",
		  "yes" },
		{ "Subjects: no\r\nSubject: yes\r\n", "Subject", "yes" },
		{ "A: a\r\n\r\nSubject: body\r\n", "Subject", NULL },
		{ "\r\nSubject: body\r\n", "Subject", NULL },
		{ "Subject", "Subject", NULL },
		{ "", "Subject", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf value;

		buf_init(&value, 4096);
		buf_addz(&value, "kept ");
		assert_int_equal(header_find(str_of(cases[i].message),
					     cases[i].name, &value),
				 cases[i].value != NULL);
		assert_true(str_starts(buf_str(&value), STR("kept ")));
		assert_string_equal(value.at + 5,
				    cases[i].value ? cases[i].value : "");
		buf_done(&value);
	}
}

/* Lines of 8 octets: the last within the first 256 KiB, or the next. */
static void the_search_ends_after_256_kib(void **state)
{
	static const size_t size = (size_t)256 * 1024;
	struct buf message, value;

	(void)state;
	buf_init(&message, 1 << 20);
	buf_init(&value, 4096);
	for (int inside = 0; inside < 2; inside++) {
		buf_reset(&message);
		while (message.len < size - (inside ? 8 : 0))
			buf_addz(&message, "A: aaa\r\n");
		buf_addz(&message, "Z: zzz\r\n");
		assert_int_equal(header_find(buf_str(&message), "Z", &value),
				 inside);
		assert_string_equal(value.at, inside ? "zzz" : "");
	}
	buf_done(&message);
	buf_done(&value);
}

/* What we write, we find. */
static void what_was_written_is_found_again(void **state)
{
	struct err err = ERR_INIT;
	struct buf wire, value;
	char text[300];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 7 == 6 ? ' ' : 'x';
	text[sizeof(text) - 1] = 'y';
	buf_init(&wire, 4096);
	buf_init(&value, 4096);
	assert_int_equal(header_raw(&wire, "A", STR("a"), &err), 0);
	assert_int_equal(
		header_text(&wire, "Subject", str_at(text, sizeof(text)), &err),
		0);
	assert_true(header_find(buf_str(&wire), "Subject", &value));
	assert_int_equal(value.len, sizeof(text));
	assert_memory_equal(value.at, text, sizeof(text));
	buf_done(&wire);
	buf_done(&value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_first_field_of_a_name_is_found_and_unfolded),
		cmocka_unit_test(the_search_ends_after_256_kib),
		cmocka_unit_test(what_was_written_is_found_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
