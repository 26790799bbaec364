/* People out as CSV, and back as they were. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "list_rig.h"

static void a_line_has_a_person_with_all_lists_of_one_state(void **state)
{
	struct list_export what = { .raw = true };
	struct rig rig;

	(void)state;
	rig_open(&rig);
	import(&rig,
	       "email,name,lists,state,joined,tags\n"
	       "bo@example.org,\"B, \"\"o\"\"\",weekly;daily,,2020-01-02,y;x\n"
	       "Ana@example.org,Ana,weekly,bounced,2020-01-02,\n"
	       "Ana@example.org,Ana,daily,,2020-01-02,\n");
	must(list_suppress(rig.list, STR("bo@example.org"), STR("asked"), NOW,
			   &rig.err),
	     &rig.err);
	assert_str(export_as(&rig, &what),
		   "email,name,first_name,last_name,language,tags,lists,state,"
		   "joined\n"
		   "Ana@example.org,Ana,,,,,weekly,bounced,"
		   "2020-01-02T00:00:00.000Z\n"
		   "Ana@example.org,Ana,,,,,daily,confirmed,"
		   "2020-01-02T00:00:00.000Z\n"
		   "bo@example.org,\"B, \"\"o\"\"\",,,,x;y,weekly;daily,"
		   "unsubscribed,2020-01-02T00:00:00.000Z\n");
	rig_close(&rig);
}

static size_t lines(struct str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.at[i] == '\n';
	return count;
}

static void an_export_is_of_one_list_or_state_when_asked(void **state)
{
	static const struct {
		int64_t list;
		enum list_state state;
		size_t people;
	} cases[] = {
		{ 0, LIST_NONE, 5 },	{ 1, LIST_NONE, 2 },
		{ 2, LIST_NONE, 3 },	{ 0, LIST_CONFIRMED, 2 },
		{ 0, LIST_BOUNCED, 2 }, { 2, LIST_BOUNCED, 1 },
		{ 1, LIST_PENDING, 0 }, { 0, LIST_COMPLAINED, 0 },
	};
	struct rig rig;

	(void)state;
	rig_open(&rig);
	import(&rig, "email,lists,state\n"
		     "a@example.org,weekly,\nb@example.org,weekly,bounced\n"
		     "c@example.org,daily,\nd@example.org,daily,bounced\n"
		     "e@example.org,daily,pending\n");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct list_export what = { .list_id = cases[i].list,
					    .state = cases[i].state };

		assert_int_equal(lines(export_as(&rig, &what)),
				 cases[i].people + 1);
	}
	rig_close(&rig);
}

static void a_spreadsheet_runs_nothing_of_what_a_stranger_wrote(void **state)
{
	static const char *const cells[] = { "=cmd|' /C calc'!A0", "+1", "-1",
					     "@SUM(A1)", "'=x" };
	struct rig rig;
	struct str text;

	(void)state;
	rig_open(&rig);
	for (size_t i = 0; i < COUNT(cells); i++) {
		struct subscriber who = { .address = STR("=a@example.org"),
					  .first_name = STR_NONE,
					  .last_name = STR_NONE,
					  .language = STR_NONE,
					  .tags = STR("-t"),
					  .attributes = STR(
						  "{\"plan\":\"+49\"}"),
					  .joined_at = NOW };
		char wanted[64];

		who.name = str_of(cells[i]);
		must(list_add(rig.list, &who, 1, false, STR("x"), NOW,
			      &rig.err),
		     &rig.err);
		text = export(&rig, false);
		snprintf(wanted, sizeof(wanted), "\n'=a@example.org,'%s,,,,'-t",
			 cells[i]);
		assert_true(str_find_str(text, str_of(wanted)) >= 0);
		assert_true(str_find_str(text, STR(",'+49,")) >= 0);
	}
	text = export(&rig, true);
	assert_true(str_find_str(text, STR("\n=a@example.org")) >= 0);
	rig_close(&rig);
}

/* --- random people --------------------------------------------------------- */

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return *seed >> 33;
}

static const char *pick(uint64_t *seed, const char *const *from, size_t count)
{
	return from[next(seed) % count];
}

/* Pieces that once mattered to somebody's CSV. */
static void add_cell(struct buf *out, uint64_t *seed)
{
	static const char *const pieces[] = {
		"a",
		"Z",
		" ",
		",",
		"\"\"",
		";",
		"'",
		"=",
		"+",
		"-",
		"@",
		"\\",
		"%",
		"{",
		"\xC3\xA9",
		"<",
		"\xF0\x9F\x98\x80",
		"\xD7\x90",
		"0",
	};
	uint64_t count = next(seed) % 8;

	buf_byte(out, '"');
	while (count-- > 0)
		buf_addz(out, pick(seed, pieces, COUNT(pieces)));
	buf_byte(out, '"');
}

static void random_people(struct buf *out, int count, uint64_t *seed)
{
	static const char *const states[] = { "",	   "pending",
					      "confirmed", "unsubscribed",
					      "bounced",   "complained" };
	static const char *const lists[] = { "", "weekly", "daily",
					     "daily;weekly" };
	static const char *const numbers[] = { "", "-1", "+1.50", "7e2" };
	static const char *const before[] = { "", "'", "=", "+", "-", "''=" };

	buf_addz(out, "email,lists,state,age,vip,name,first_name,last_name,"
		      "tags,plan\n");
	for (int i = 0; i < count; i++) {
		buf_fmt(out, "%sr%d@example.org,%s,%s,%s,%s",
			pick(seed, before, COUNT(before)), i,
			pick(seed, lists, COUNT(lists)),
			pick(seed, states, COUNT(states)),
			pick(seed, numbers, COUNT(numbers)),
			next(seed) % 2 ? "true" : "");
		for (int cell = 0; cell < 5; cell++) {
			buf_byte(out, ',');
			add_cell(out, seed);
		}
		buf_byte(out, '\n');
	}
}

static void an_export_comes_back_as_it_was(void **state)
{
	uint64_t seed = 20260522;

	(void)state;
	for (int round = 0; round < 6; round++) {
		struct import_done done;
		struct str first, again, raw;
		struct rig rig, other;
		struct buf people;

		rig_open(&rig);
		rig_open(&other);
		buf_init(&people, (size_t)1 << 20);
		random_people(&people, 300, &seed);
		done = import(&rig, people.at);
		assert_int_equal(done.rows, 300);
		first = export(&rig, round % 2);
		raw = export(&rig, true);
		done = import(&other, arena_z(rig.arena, first));
		assert_int_equal(done.added, ask(&rig, "SELECT count(*) FROM"
						       " subscriber"));
		again = export(&other, true);
		assert_int_equal(again.len, raw.len);
		assert_memory_equal(again.at, raw.at, raw.len);
		/* And in its own house it brings nothing new. */
		done = import(&rig, arena_z(rig.arena, first));
		assert_int_equal(done.added + done.changed, 0);
		buf_done(&people);
		rig_close(&rig);
		rig_close(&other);
	}
}

static int stop_at_third(void *arg, struct str text)
{
	int *count = arg;

	(void)text;
	return ++*count == 3;
}

static void an_export_ends_when_its_reader_has_enough(void **state)
{
	struct list_export what = { .raw = true };
	struct rig rig;
	int count = 0;

	(void)state;
	rig_open(&rig);
	import(&rig, "a@example.org\nb@example.org\nc@example.org\n");
	must(list_export(rig.list, &what, stop_at_third, &count, &rig.err),
	     &rig.err);
	assert_int_equal(count, 3);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_line_has_a_person_with_all_lists_of_one_state),
		cmocka_unit_test(an_export_is_of_one_list_or_state_when_asked),
		cmocka_unit_test(
			a_spreadsheet_runs_nothing_of_what_a_stranger_wrote),
		cmocka_unit_test(an_export_comes_back_as_it_was),
		cmocka_unit_test(an_export_ends_when_its_reader_has_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
