/* cli_print_test.c - what reaches a person is whole, and steers nothing */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/die.h"
#include "cli/cli_priv.h"

static char *text_of(void (*print)(FILE *to, void *arg), void *arg)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	assert_non_null(to);
	print(to, arg);
	assert_int_equal(fclose(to), 0);
	return text;
}

static void put_json(FILE *to, void *arg)
{
	struct json **json = arg;

	print_json(to, json);
}

static void a_line_of_json_is_whole_whatever_its_length(void **state)
{
	static const size_t lengths[] = { 0, 1, 1 << 20, 5 << 20 };

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		char *value = die_alloc(lengths[i] + 1, "a test");
		struct json *json = json_map(), *again;
		struct err err = ERR_INIT;
		struct str read;
		char *line;

		memset(value, 'x', lengths[i]);
		json_add_str(json, "value", str_at(value, lengths[i]));
		line = text_of(put_json, &json);
		assert_null(json);
		assert_int_equal(json_parse(str_of(line), &again, &err), 0);
		assert_true(json_str(json_get(again, "value"), &read));
		assert_true(str_eq(read, str_at(value, lengths[i])));
		assert_string_equal(line + strlen(line) - 2, "}\n");
		json_free(&again);
		free(line);
		free(value);
	}
}

static void put_clean(FILE *to, void *arg)
{
	print_clean(to, str_of(arg));
}

static void nothing_foreign_steers_the_terminal(void **state)
{
#define OUT "\xEF\xBF\xBD"
	static char cases[][2][40] = {
		{ "plain, \xC3\xA9t\xC3\xA9", "plain, \xC3\xA9t\xC3\xA9" },
		{ "\033[31mred", OUT "[31mred" },
		{ "a\nb\tc\r", "a" OUT "b" OUT "c" OUT },
		{ "\xC2\x9B"
		  "2J",
		  OUT "2J" },
		{ "\xE2\x80\xAE"
		  "txt.exe",
		  OUT "txt.exe" },
		{ "\xFFx", OUT "x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *line = text_of(put_clean, cases[i][0]);

		assert_string_equal(line, cases[i][1]);
		free(line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_of_json_is_whole_whatever_its_length),
		cmocka_unit_test(nothing_foreign_steers_the_terminal),
	};

	return cmocka_run_group_tests_name("cli_print", tests, NULL, NULL);
}
