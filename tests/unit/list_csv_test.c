/* Records out of a file: RFC 4180 to the letter, bounded, each with its line. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "list_rig.h"

/* "LINE:field|field\n" for each record. */
static int note(void *arg, int line, const struct str *fields, size_t count,
		struct err *err)
{
	(void)err;
	buf_fmt(arg, "%d:", line);
	for (size_t i = 0; i < count; i++)
		buf_fmt(arg, "%s" STR_FMT, i ? "|" : "", STR_ARG(fields[i]));
	buf_byte(arg, '\n');
	return 0;
}

static int read_text(struct str text, struct buf *out, struct err *err)
{
	struct csv_events events = { note, out };
	FILE *in = fmemopen((void *)(uintptr_t)text.at, text.len, "r");
	int rc;

	assert_non_null(in);
	rc = csv_read_stream(in, "people.csv", &events, err);
	fclose(in);
	return rc;
}

static void records_are_read_as_rfc_4180_writes_them(void **state)
{
	static const struct {
		const char *text, *records;
	} cases[] = {
		{ "a,b\nc,d\n", "1:a|b\n2:c|d\n" },
		{ "a,b\nc,d", "1:a|b\n2:c|d\n" },
		{ "a,b\r\nc,d\r\n", "1:a|b\n2:c|d\n" },
		{ "\xEF\xBB\xBF"
		  "a,b\n",
		  "1:a|b\n" },
		{ "\xEF\xBB\xBF\"a\",b\n", "1:a|b\n" },
		{ "a\n\xEF\xBB\xBF"
		  "b\n",
		  "1:a\n2:\xEF\xBB\xBF"
		  "b\n" },
		{ "\"a,b\",\"c \"\"d\"\"\"\n", "1:a,b|c \"d\"\n" },
		{ "\"\",\"\"\"\"\n", "1:|\"\n" },
		{ ",,\n", "1:||\n" },
		{ "a,\n,b\n", "1:a|\n2:|b\n" },
		{ " a , b \n", "1:a|b\n" },
		{ "\" a \" ,b\n", "1: a |b\n" },
		{ "\"a\nb\",c\nd\n", "1:a\nb|c\n3:d\n" },
		{ "\"a\r\nb\"\r\nd\r\n", "1:a\r\nb\n3:d\n" },
		{ "a\rb\r\"c\rd\",e\rf", "1:a\n2:b\n3:c\rd|e\n5:f\n" },
		{ "a\r\r\nb\r", "1:a\n3:b\n" },
		{ "a\n\n\nb\n", "1:a\n4:b\n" },
		{ "a\n\"\n\n\n\",b\nc\n", "1:a\n2:\n\n\n|b\n6:c\n" },
		{ "a\n\"\"\nb\n", "1:a\n2:\n3:b\n" },
		{ "\n \t\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;
		struct buf out;

		buf_init(&out, 65536);
		must(read_text(str_of(cases[i].text), &out, &err), &err);
		assert_string_equal(out.at, cases[i].records);
		buf_done(&out);
	}
}

static void what_is_wrong_is_refused_at_the_line_where_its_record_begins(
	void **state)
{
	static const struct {
		struct str text;
		const char *place, *words;
	} cases[] = {
		{ STR("a\nb\"c\n"), "people.csv:2", "quotes" },
		{ STR("a\n\"b\"c\n"), "people.csv:2", "quotes" },
		{ STR("a\n\"b"), "people.csv:2", "quotes" },
		{ STR("a\n\"b\n\n\n\nc"), "people.csv:2", "quotes" },
		{ STR("a\n\"b\n\n\"c\nd\n"), "people.csv:2", "quotes" },
		{ STR("\n\n\n\"b\" c\n"), "people.csv:4", "quotes" },
		{ STR("\"a\nb\"\n\"c\"d\n"), "people.csv:3", "quotes" },
		{ STR("a\nb\xff\n"), "people.csv:2", "UTF-8" },
		{ STR("\xff\xfe"
		      "a\0\n\0"),
		  "people.csv:1", "UTF-8" },
		{ STR("a\n\"b\nc\xe9\"\n"), "people.csv:2", "UTF-8" },
		{ STR("a\n\xed\xa0\x80\n"), "people.csv:2", "UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;
		struct buf out;

		buf_init(&out, 65536);
		assert_int_equal(read_text(cases[i].text, &out, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		assert_string_equal(err.place, cases[i].place);
		assert_non_null(strstr(err.message, cases[i].words));
		assert_true(err.hint[0] != 0);
		buf_done(&out);
	}
}

/* `head`, then `count` times `unit`, then `tail`. */
static struct str repeated(struct arena *arena, const char *head,
			   const char *unit, size_t count, const char *tail)
{
	struct str text;
	struct buf b;

	buf_init(&b, (size_t)32 << 20);
	buf_addz(&b, head);
	for (size_t i = 0; i < count; i++)
		buf_addz(&b, unit);
	buf_addz(&b, tail);
	text = arena_dup(arena, buf_str(&b));
	buf_done(&b);
	return text;
}

static void every_limit_holds_to_the_byte(void **state)
{
	static const struct {
		const char *head, *unit;
		size_t count;
		const char *tail, *refused;
	} cases[] = {
		{ "a\n", "x", CSV_FIELD_MAX - 1, "\n", NULL },
		{ "a\n", "x", CSV_FIELD_MAX, "\n", NULL },
		{ "a\n", "x", CSV_FIELD_MAX + 1, "\n", "a field of more" },
		{ "a\n\"", "\n", CSV_FIELD_MAX, "\"\n", NULL },
		{ "a\n\"", "\n", CSV_FIELD_MAX + 1, "\"\n", "a field of more" },
		{ "a\n", ",", COLUMNS_MAX - 2, "\n", NULL },
		{ "a\n", ",", COLUMNS_MAX - 1, "\n", NULL },
		{ "a\n", ",", COLUMNS_MAX, "\n", "more than 200 columns" },
		{ "a\n", "\"\"\"\",", 13107, "\n", "more than 200 columns" },
		/* 8192 fields would be too many: blanks are none. */
		{ "a\n", " ", CSV_RECORD_MAX - 2, "\n", NULL },
		{ "a\n", " ", CSV_RECORD_MAX - 1, "\n", NULL },
		{ "a\n", " ", CSV_RECORD_MAX, "\n", "a record of more" },
		{ "a\n", "x", CSV_RECORD_MAX, "\n", "a record of more" },
		{ "a\n\"", "\n", CSV_RECORD_MAX, "\"\n", "a record of more" },
		/* A quote forgotten in a file of 8 MB. */
		{ "a\n\"", "b@example.org\n", 600000, "", "a record of more" },
		/* Many fields, each on lines of its own, none of them large. */
		{ "a\n", "\"12345678\n12345678\n\",", 199, "x\n", NULL },
	};
	struct arena *arena = arena_new("a test", (size_t)64 << 20);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str text = repeated(arena, cases[i].head, cases[i].unit,
					   cases[i].count, cases[i].tail);
		struct err err = ERR_INIT;
		struct buf out;
		int rc;

		buf_init(&out, (size_t)1 << 20);
		rc = read_text(text, &out, &err);
		if (!cases[i].refused)
			must(rc, &err);
		else if (rc == 0 || !strstr(err.message, cases[i].refused))
			fail_msg("case %zu: %d %s", i, rc, err.message);
		if (cases[i].refused)
			assert_string_equal(err.place, "people.csv:2");
		buf_done(&out);
	}
	arena_free(&arena);
}

/* All of a record's fields together were once more than its buffer. */
static void a_record_of_many_large_fields_is_refused_and_not_read_past(
	void **state)
{
	struct arena *arena = arena_new("a test", (size_t)64 << 20);
	struct str cell = repeated(arena, "\"", "0123456789abcde\n", 500,
				   "\",");
	struct str text = repeated(arena, "a\n", cell.at, 60, "\n");
	struct err err = ERR_INIT;
	struct buf out;

	(void)state;
	buf_init(&out, (size_t)1 << 20);
	assert_int_equal(read_text(text, &out, &err), -1);
	assert_string_equal(err.message, "a record of more than 65536 bytes");
	assert_string_equal(out.at, "1:a\n");
	buf_done(&out);
	arena_free(&arena);
}

static void a_file_without_an_end_of_line_takes_no_memory_for_it(void **state)
{
	struct csv_events events = { note, NULL };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(csv_read("/dev/zero", &events, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.place, "/dev/zero:1");
}

static void a_file_that_cannot_be_read_says_so(void **state)
{
	static const struct {
		const char *path;
		enum err_code code;
	} cases[] = {
		{ "/nowhere/people.csv", ERR_MISSING },
		{ "/tmp", ERR_IO },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct csv_events events = { note, NULL };
		struct err err = ERR_INIT;

		assert_int_equal(csv_read(cases[i].path, &events, &err), -1);
		assert_int_equal(err.code, cases[i].code);
		assert_non_null(strstr(err.message, cases[i].path));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read_as_rfc_4180_writes_them),
		cmocka_unit_test(
			what_is_wrong_is_refused_at_the_line_where_its_record_begins),
		cmocka_unit_test(every_limit_holds_to_the_byte),
		cmocka_unit_test(
			a_record_of_many_large_fields_is_refused_and_not_read_past),
		cmocka_unit_test(
			a_file_without_an_end_of_line_takes_no_memory_for_it),
		cmocka_unit_test(a_file_that_cannot_be_read_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
