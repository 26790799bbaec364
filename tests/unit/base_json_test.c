/* base_json_test.c - one value a line, always valid; and read back bounded */
#include "base_rig.h"

#include <math.h>

#include "base/json.h"

static struct str line_of(struct json **json)
{
	static struct buf line;

	buf_done(&line);
	buf_init(&line, 65536);
	json_line(*json, &line);
	assert_false(buf_over(&line));
	json_free(json);
	assert_null(*json);
	return buf_str(&line);
}

static void members_keep_the_order_in_which_they_came(void **state)
{
	struct json *map = json_map(), *list = json_list(), *inner = json_map();

	(void)state;
	json_add_str(map, "z", STR("x"));
	json_add_int(map, "a", INT64_MIN);
	json_add_real(map, "m", 0.5);
	json_add_bool(map, "yes", true);
	json_add_bool(map, "no", false);
	json_add_null(map, "nothing");
	json_push_str(list, STR("one"));
	json_add_int(inner, "id", 7);
	json_add(list, NULL, &inner);
	assert_null(inner);
	json_add(map, "list", &list);
	assert_null(list);
	json_add_int(map, "b", INT64_MAX);
	assert_str(line_of(&map),
		   STR("{\"z\":\"x\",\"a\":-9223372036854775808,\"m\":0.5,"
		       "\"yes\":true,\"no\":false,\"nothing\":null,"
		       "\"list\":[\"one\",{\"id\":7}],"
		       "\"b\":9223372036854775807}\n"));
}

static void a_line_has_its_only_line_feed_at_its_end(void **state)
{
	struct json *map = json_map();
	struct str line;

	(void)state;
	json_add_str(map, "a", STR("x\ny\r\t\0\"\\\x1b/"));
	line = line_of(&map);
	assert_int_equal(str_find(line, '\n'), line.len - 1);
	assert_str(line, STR("{\"a\":\"x\\ny\\r\\t\\u0000\\\"\\\\\\u001B/\"}"
			     "\n"));
}

static void broken_utf_8_is_repaired_byte_by_byte(void **state)
{
	static const struct {
		struct str text, want;
	} cases[] = {
		{ STR("caf\xC3\xA9"), STR("caf\xC3\xA9") },
		{ STR("caf\xE9!"), STR("caf\uFFFD!") },
		{ STR("\xF0\x9F\x98"), STR("\uFFFD\uFFFD\uFFFD") },
		{ STR("\xED\xA0\x80"), STR("\uFFFD\uFFFD\uFFFD") },
		{ STR("\xC0\x80"), STR("\uFFFD\uFFFD") },
		{ STR("\uFFFD\xFF"), STR("\uFFFD\uFFFD") },
		{ STR("\xFF"), STR("\uFFFD") },
		{ STR(""), STR("") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json *list = json_list();
		struct str line;

		json_push_str(list, cases[i].text);
		line = line_of(&list);
		assert_str(str_at(line.at + 2, line.len - 5), cases[i].want);
	}
}

static void a_time_is_rfc_3339_and_none_is_null(void **state)
{
	struct json *map = json_map();

	(void)state;
	json_add_time(map, "at", 1779436800007);
	json_add_time(map, "never", 0);
	assert_str(line_of(&map),
		   STR("{\"at\":\"2026-05-22T08:00:00.007Z\",\"never\":null}"
		       "\n"));
}

/* A share of nothing is no reason to die. */
static void what_is_no_number_is_null(void **state)
{
	struct json *map = json_map();

	(void)state;
	json_add_real(map, "a", (double)NAN);
	json_add_real(map, "b", (double)INFINITY);
	json_add_real(map, "c", (double)-INFINITY);
	assert_str(line_of(&map), STR("{\"a\":null,\"b\":null,\"c\":null}\n"));
}

static void what_was_written_can_be_looked_into(void **state)
{
	static const char text[] = "{\"name\":\"\\u00e9\", \"n\": -12, "
				   "\"list\": [1, \"two\", 3.5], \"no\": null}";
	struct json *json = NULL;
	struct err err = ERR_INIT;
	struct str got = STR("untouched");
	int64_t number = 4711;
	const struct json *list;

	(void)state;
	assert_int_equal(json_parse(str_of(text), &json, &err), 0);
	assert_true(json_str(json_get(json, "name"), &got));
	assert_str(got, STR("\xC3\xA9"));
	assert_true(json_int(json_get(json, "n"), &number));
	assert_int_equal(number, -12);
	list = json_get(json, "list");
	assert_int_equal(json_count(list), 3);
	assert_true(json_int(json_item(list, 0), &number));
	assert_int_equal(number, 1);
	/* What is not there or of another kind leaves the answer alone. */
	assert_false(json_int(json_item(list, 1), &number));
	assert_false(json_int(json_item(list, 2), &number));
	assert_false(json_int(json_item(list, 3), &number));
	assert_false(json_int(json_get(json, "none"), &number));
	assert_false(json_str(json_get(json, "n"), &got));
	assert_false(json_str(json_get(list, "n"), &got));
	assert_false(json_str(NULL, &got));
	assert_null(json_get(NULL, "n"));
	assert_null(json_item(json, 0));
	assert_int_equal(json_count(json), 0);
	assert_int_equal(json_count(NULL), 0);
	assert_int_equal(number, 1);
	assert_str(got, STR("\xC3\xA9"));
	json_free(&json);
}

static void one_value_of_any_kind_is_read(void **state)
{
	static const char *const cases[] = {
		"{}", "[]", "\"a\"", "12", "1.5", "true", "null", " {\n} \n"
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json *json = NULL;
		struct err err = ERR_INIT;

		if (json_parse(str_of(cases[i]), &json, &err) < 0)
			fail_msg("%s: %s: %s", cases[i], err.place,
				 err.message);
		assert_null(json_get(json, "x"));
		json_free(&json);
	}
}

static void what_is_no_json_is_refused_with_line_and_column(void **state)
{
	static const struct {
		struct str text;
		const char *place, *message;
	} cases[] = {
		{ STR(""), "1:0", "end of file" },
		{ { 0 }, "1:0", "end of file" },
		{ STR("{"), "1:1", "end of file" },
		{ STR("{\"a\":1}x"), "1:8", "'x'" },
		{ STR("{}{}"), "1:3", "end of file expected" },
		{ STR("{\n \"a\": tru}"), "2:9", "invalid token" },
		{ STR("{\"a\":1,\n\"a\":2}"), "2:3", "duplicate" },
		{ STR("[1,]"), "1:4", "unexpected token" },
		{ STR("[01]"), "1:2", "invalid token" },
		{ STR("['a']"), "1:2", "invalid token" },
		{ STR("[\"\xFF\"]"), "1:2", "unable to decode" },
		{ STR("[\"\xED\xA0\x80\"]"), "1:2", "unable to decode" },
		{ STR("[\"a\nb\"]"), "1:3", "unexpected newline" },
		{ STR("[\"\\u0000\"]"), "1:9", "not allowed" },
		{ STR("[\"\\ud800\"]"), "1:9", "Unicode" },
		{ STR("[9223372036854775808]"), "1:20", "too big" },
		{ STR("[1e999]"), "1:6", "overflow" },
		{ STR("[NaN]"), "1:4", "invalid token" },
		{ STR("[1]\0"), "1:4", "end of file expected" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json *json = NULL;
		struct err err = ERR_INIT;

		if (json_parse(cases[i].text, &json, &err) == 0)
			fail_msg("case %zu was taken", i);
		assert_null(json);
		assert_int_equal(err.code, ERR_INPUT);
		if (strcmp(err.place, cases[i].place) != 0 ||
		    strncmp(err.message, "not JSON: ", 10) != 0 ||
		    !strstr(err.message, cases[i].message))
			fail_msg("case %zu: %s: %s", i, err.place, err.message);
	}
}

static void nesting_has_an_end(void **state)
{
	static char text[200000];
	struct json *json = NULL;
	struct err err = ERR_INIT;

	(void)state;
	memset(text, '[', sizeof(text));
	assert_int_equal(json_parse(str_at(text, sizeof(text)), &json, &err),
			 -1);
	assert_non_null(strstr(err.message, "depth"));
}

static void a_map_is_walked_and_numbers_are_short(void **state)
{
	static const struct {
		const char *key;
		enum json_kind kind;
		const char *number;
	} members[] = {
		{ "z", JSON_KIND_NUMBER, "1.21" },
		{ "a", JSON_KIND_NUMBER, "-7" },
		{ "m", JSON_KIND_NUMBER, "0.1" },
		{ "e", JSON_KIND_NUMBER, "1e-07" },
		{ "t", JSON_KIND_BOOL, NULL },
		{ "n", JSON_KIND_NULL, NULL },
		{ "l", JSON_KIND_LIST, NULL },
		{ "o", JSON_KIND_MAP, NULL },
		{ "s", JSON_KIND_TEXT, NULL },
	};
	struct arena *arena = arena_new("a test", 1 << 20);
	struct err err = ERR_INIT;
	const struct json *value;
	struct json *json;
	struct str key;
	void *at = NULL;
	size_t i = 0;

	(void)state;
	assert_int_equal(
		json_parse(STR("{\"z\":1.21,\"a\":-7,\"m\":0.1,\"e\":1e-7,"
			       "\"t\":true,\"n\":null,\"l\":[],\"o\":{},"
			       "\"s\":\"\"}"),
			   &json, &err),
		0);
	for (; json_member(json, &at, &key, &value); i++) {
		assert_true(str_eqz(key, members[i].key));
		assert_int_equal(json_kind(value), members[i].kind);
		assert_int_equal(json_truth(value), members[i].key[0] == 't');
		if (members[i].number)
			assert_string_equal(json_number(value, arena).at,
					    members[i].number);
	}
	assert_int_equal(i, COUNT(members));
	json_free(&json);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_keep_the_order_in_which_they_came),
		cmocka_unit_test(a_line_has_its_only_line_feed_at_its_end),
		cmocka_unit_test(broken_utf_8_is_repaired_byte_by_byte),
		cmocka_unit_test(a_time_is_rfc_3339_and_none_is_null),
		cmocka_unit_test(what_is_no_number_is_null),
		cmocka_unit_test(what_was_written_can_be_looked_into),
		cmocka_unit_test(one_value_of_any_kind_is_read),
		cmocka_unit_test(
			what_is_no_json_is_refused_with_line_and_column),
		cmocka_unit_test(nesting_has_an_end),
		cmocka_unit_test(a_map_is_walked_and_numbers_are_short),
	};

	return cmocka_run_group_tests_name("base_json", tests, NULL, NULL);
}
