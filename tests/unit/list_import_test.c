/* A file of people: all or none, and nobody comes back who is gone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "list_rig.h"

static int64_t rows_in_all(struct rig *rig)
{
	return ask(rig, "SELECT (SELECT count(*) FROM subscriber)"
			" + (SELECT count(*) FROM subscription)"
			" + (SELECT count(*) FROM consent)"
			" + (SELECT count(*) FROM import_batch)"
			" + (SELECT shown FROM import_clock)");
}

static void a_wrong_last_line_undoes_the_whole_file(void **state)
{
	struct import_options options;
	struct import_done done = { .rows = 77 };
	struct rig rig;
	struct buf text;

	(void)state;
	rig_open(&rig);
	buf_init(&text, (size_t)1 << 20);
	for (int i = 0; i < 5000; i++)
		buf_fmt(&text, "reader%d@example.org\n", i);
	buf_addz(&text, "reader");
	options = options_for(&rig);
	assert_int_equal(import_with(&rig, text.at, &options, &done), -1);
	assert_non_null(strstr(rig.err.place, "people.csv:5001"));
	assert_int_equal(rows_in_all(&rig), 0);
	assert_int_equal(done.rows, 77);
	buf_addz(&text, "@example.org\n");
	assert_int_equal(import(&rig, text.at).added, 5001);
	buf_done(&text);
	rig_close(&rig);
}

static void a_dry_run_counts_and_changes_nothing(void **state)
{
	struct import_options options;
	struct import_done done;
	struct rig rig;
	int64_t before;

	(void)state;
	rig_open(&rig);
	import(&rig, "email,name\nana@example.org,Ana\nbo@example.org,Bo\n");
	set_state(&rig, "bo@example.org", 1, LIST_UNSUBSCRIBED);
	before = rows_in_all(&rig);
	options = options_for(&rig);
	options.dry_run = true;
	must(import_with(&rig,
			 "email,name\nana@example.org,Ann\n"
			 "bo@example.org,Bo\ncy@example.org,Cy\n",
			 &options, &done),
	     &rig.err);
	assert_int_equal(done.rows, 3);
	assert_int_equal(done.added, 1);
	assert_int_equal(done.changed, 1);
	assert_int_equal(done.kept_out, 1);
	assert_int_equal(rows_in_all(&rig), before);
	assert_str(find(&rig, "ana@example.org").name, "Ana");
	rig_close(&rig);
}

static void a_file_with_nobody_in_it_is_taken_and_changes_nothing(void **state)
{
	static const char *const files[] = { "", "\n\n", "email,name\n",
					     "\xEF\xBB\xBF" };
	struct rig rig;

	(void)state;
	rig_open(&rig);
	for (size_t i = 0; i < COUNT(files); i++)
		assert_int_equal(import(&rig, files[i]).rows, 0);
	assert_int_equal(rows_in_all(&rig), 0);
	rig_close(&rig);
}

static void one_person_is_one_whatever_the_case_and_the_last_row_counts(
	void **state)
{
	struct import_done done;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	done = import(&rig, "email,name,tags\n"
			    "Ana@Example.ORG,First,a\n"
			    "bo@xn--bcher-kva.example,Bo,\n"
			    "ana@example.org,Second,b\n"
			    "bo@b\xC3\xBC"
			    "cher.example,Bob,\n"
			    "ANA@EXAMPLE.org,Third,\n");
	assert_int_equal(done.rows, 5);
	assert_int_equal(done.added, 2);
	assert_int_equal(done.repeated, 3);
	assert_str(find(&rig, "ana@example.org").name, "Third");
	assert_str(find(&rig, "ana@example.org").tags, "");
	assert_str(find(&rig, "ana@example.org").address, "ANA@example.org");
	assert_str(find(&rig, "bo@b\xC3\xBC"
			      "cher.example")
			   .name,
		   "Bob");
	rig_close(&rig);
}

static void each_kind_of_row_is_counted_once(void **state)
{
	static const char text[] = "email,name\n"
				   "new@example.org,N\nsame@example.org,S\n"
				   "changed@example.org,New\n"
				   "gone@example.org,G\nbad@example.org,B\n"
				   "new@example.org,N\nother@example.org,O\n";
	struct import_done done;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	import(&rig, "email,name\nsame@example.org,S\nchanged@example.org,C\n"
		     "gone@example.org,G\n");
	import(&rig, "email,name,lists\nother@example.org,O,daily\n");
	set_state(&rig, "gone@example.org", 1, LIST_BOUNCED);
	must(list_suppress(rig.list, STR("bad@example.org"), STR("asked"), NOW,
			   &rig.err),
	     &rig.err);
	done = import(&rig, text);
	assert_int_equal(done.rows, 7);
	assert_int_equal(done.added, 1);
	assert_int_equal(done.changed, 2);
	assert_int_equal(done.known, 1);
	assert_int_equal(done.kept_out, 2);
	assert_int_equal(done.repeated, 1);
	done = import(&rig, text);
	assert_int_equal(done.added + done.changed, 0);
	assert_int_equal(done.known, 4);
	rig_close(&rig);
}

static void what_an_import_makes_of_each_state(void **state)
{
	static const struct {
		enum list_state before;
		const char *row, *after;
	} cases[] = {
		{ LIST_PENDING, "", "confirmed" },
		{ LIST_PENDING, "pending", "pending" },
		{ LIST_PENDING, "unsubscribed", "unsubscribed" },
		{ LIST_CONFIRMED, "", "confirmed" },
		{ LIST_CONFIRMED, "pending", "pending" },
		{ LIST_CONFIRMED, "bounced", "bounced" },
		{ LIST_CONFIRMED, "complained", "complained" },
		{ LIST_BOUNCED, "", "bounced" },
		{ LIST_BOUNCED, "confirmed", "bounced" },
		{ LIST_BOUNCED, "pending", "bounced" },
		{ LIST_BOUNCED, "unsubscribed", "unsubscribed" },
		{ LIST_BOUNCED, "complained", "complained" },
		{ LIST_UNSUBSCRIBED, "", "unsubscribed" },
		{ LIST_UNSUBSCRIBED, "confirmed", "unsubscribed" },
		{ LIST_UNSUBSCRIBED, "pending", "unsubscribed" },
		{ LIST_UNSUBSCRIBED, "bounced", "unsubscribed" },
		{ LIST_UNSUBSCRIBED, "complained", "complained" },
		{ LIST_COMPLAINED, "", "complained" },
		{ LIST_COMPLAINED, "confirmed", "complained" },
		{ LIST_COMPLAINED, "pending", "complained" },
		{ LIST_COMPLAINED, "bounced", "complained" },
		{ LIST_COMPLAINED, "unsubscribed", "complained" },
	};

	(void)state;
	for (int many = 0; many < 2; many++)
		for (size_t i = 0; i < COUNT(cases); i++) {
			struct rig rig;
			char text[128];

			rig_open(&rig);
			import(&rig, "ana@example.org\n");
			set_state(&rig, "ana@example.org", 1, cases[i].before);
			snprintf(text, sizeof(text),
				 "email,state%s\nana@example.org,%s%s\n",
				 many ? ",lists" : "", cases[i].row,
				 many ? ",weekly" : "");
			import(&rig, text);
			if (strcmp(state_on(&rig, "ana@example.org", "weekly"),
				   cases[i].after) != 0)
				fail_msg("case %zu: %s", i,
					 state_on(&rig, "ana@example.org",
						  "weekly"));
			rig_close(&rig);
		}
}

static void who_is_suppressed_is_never_added_or_changed(void **state)
{
	struct import_done done;
	struct rig rig;
	int64_t audience;

	(void)state;
	rig_open(&rig);
	import(&rig, "email,name\nana@example.org,Ana\n");
	must(list_suppress(rig.list, STR("ANA@example.org"), STR("asked"), NOW,
			   &rig.err),
	     &rig.err);
	must(list_suppress(rig.list, STR("bo@example.org"), STR("asked"), NOW,
			   &rig.err),
	     &rig.err);
	done = import(&rig, "email,name,lists\n"
			    "ana@example.org,Ann,weekly;daily\n"
			    "Bo@example.org,Bo,weekly\n");
	assert_int_equal(done.kept_out, 2);
	assert_str(find(&rig, "ana@example.org").name, "Ana");
	assert_string_equal(state_on(&rig, "ana@example.org", "daily"), "");
	assert_false(is_known(&rig, "bo@example.org"));
	for (int64_t id = 1; id <= 2; id++) {
		must(list_audience_count(rig.list, id, &audience, &rig.err),
		     &rig.err);
		assert_int_equal(audience, 0);
	}
	rig_close(&rig);
}

static void empty_cells_and_missing_columns_change_nothing(void **state)
{
	static const char full[] =
		"email,name,first_name,last_name,language,tags,joined,plan,"
		"age\n"
		"ana@example.org,Ana A,Ana,A,de,x;y,2020-01-02,gold,7\n";
	struct subscriber who;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	import(&rig, full);
	assert_int_equal(import(&rig, "ana@example.org\n").known, 1);
	assert_int_equal(import(&rig, "email,name,first_name,last_name,"
				      "language,tags,joined,plan,age,vip\n"
				      "ana@example.org,,,,,,,,,true\n")
				 .changed,
			 1);
	who = find(&rig, "ana@example.org");
	assert_str(who.name, "Ana A");
	assert_str(who.first_name, "Ana");
	assert_str(who.last_name, "A");
	assert_str(who.language, "de");
	assert_str(who.tags, "x;y");
	assert_int_equal(who.joined_at, INT64_C(1577923200000));
	assert_str(who.attributes,
		   "{\"plan\":\"gold\",\"age\":\"7\",\"vip\":\"true\"}");
	rig_close(&rig);
}

static void a_column_of_lists_puts_each_where_the_row_says(void **state)
{
	struct import_options options;
	struct import_done done;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	import(&rig, "email,lists,state\n"
		     "ana@example.org,weekly; daily,\n"
		     "bo@example.org,daily,pending\n"
		     "cy@example.org,,\n"
		     "di@example.org,weekly,unsubscribed\n"
		     "di@example.org,daily,confirmed\n"
		     "di@example.org,daily,bounced\n");
	assert_string_equal(state_on(&rig, "ana@example.org", "weekly"),
			    "confirmed");
	assert_string_equal(state_on(&rig, "ana@example.org", "daily"),
			    "confirmed");
	assert_string_equal(state_on(&rig, "bo@example.org", "weekly"), "");
	assert_string_equal(state_on(&rig, "bo@example.org", "daily"),
			    "pending");
	assert_string_equal(state_on(&rig, "cy@example.org", "weekly"),
			    "confirmed");
	assert_string_equal(state_on(&rig, "di@example.org", "weekly"),
			    "unsubscribed");
	assert_string_equal(state_on(&rig, "di@example.org", "daily"),
			    "bounced");

	options = options_for(&rig);
	options.list_id = 0;
	assert_int_equal(import_with(&rig, "email,lists\nx@example.org,\n",
				     &options, &done),
			 -1);
	assert_string_equal(rig.err.message, "the row names no list");
	assert_int_equal(import_with(&rig, "x@example.org\n", &options, &done),
			 -1);
	assert_int_equal(rig.err.code, ERR_USAGE);
	assert_non_null(strstr(rig.err.hint, "--list"));
	rig_close(&rig);
}

static void the_evidence_names_file_and_person_and_only_what_changed(
	void **state)
{
	char line[512];
	struct rig rig;

	(void)state;
	rig_open(&rig);
	import(&rig, "email,lists\nana@example.org,weekly;daily\n");
	snprintf(line, sizeof(line),
		 "0 weekly import %s by ann\n0 daily import %s by ann\n",
		 rig.file, rig.file);
	assert_string_equal(evidence_of(&rig, "ana@example.org"), line);
	import(&rig, "email,lists,name\nana@example.org,weekly;daily,Ana\n");
	assert_string_equal(evidence_of(&rig, "ana@example.org"), line);
	set_state(&rig, "ana@example.org", 1, LIST_UNSUBSCRIBED);
	snprintf(line, sizeof(line),
		 "0 weekly import %s by ann\n0 daily import %s by ann\n"
		 "1 weekly unsubscribed\n",
		 rig.file, rig.file);
	import(&rig, "email,lists\nana@example.org,weekly;daily\n");
	assert_string_equal(evidence_of(&rig, "ana@example.org"), line);
	rig_close(&rig);
}

static void who_joined_when_is_taken_from_the_file_or_from_now(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig);
	import(&rig, "email,joined\nana@example.org,2020-01-02T03:04:05.678Z\n"
		     "bo@example.org,\n");
	assert_int_equal(find(&rig, "ana@example.org").joined_at,
			 INT64_C(1577934245678));
	assert_int_equal(find(&rig, "bo@example.org").joined_at, NOW);
	rig_close(&rig);
}

/* --- two at once ----------------------------------------------------------- */

struct second {
	struct rig *rig;
	struct list *list;
	struct import_options options;
	int rc;
	struct err err;
};

/* Called while the first one reads its file. */
static void import_too(void *arg, int64_t rows)
{
	struct second *second = arg;
	struct import_done done;

	(void)rows;
	second->rc = list_import(second->list, &second->options, &done,
				 &second->err);
}

static void a_second_import_at_once_is_told_to_come_again(void **state)
{
	struct second second = { .err = ERR_INIT };
	struct import_options options;
	struct import_done done;
	struct db *db;
	struct rig rig;
	struct buf text;

	(void)state;
	rig_open(&rig);
	must(db_open(rig.path, DB_WRITE, &db, &rig.err), &rig.err);
	must(list_open(db, rig.seal, &second.list, &rig.err), &rig.err);
	second.options = options_for(&rig);
	buf_init(&text, (size_t)1 << 20);
	for (int i = 0; i < 10000; i++)
		buf_fmt(&text, "reader%d@example.org\n", i);
	options = options_for(&rig);
	options.progress = import_too;
	options.progress_arg = &second;
	must(import_with(&rig, text.at, &options, &done), &rig.err);
	assert_int_equal(second.rc, -1);
	assert_int_equal(second.err.code, ERR_AGAIN);
	assert_true(second.err.hint[0] != 0);
	assert_int_equal(done.added, 10000);

	must(list_import(second.list, &second.options, &done, &rig.err),
	     &rig.err);
	assert_int_equal(done.known, 10000);
	list_close(&second.list);
	db_close(&db);
	buf_done(&text);
	rig_close(&rig);
}

/* --- by hand, between two transactions of an import ------------------------ */

static struct rig *meanwhile;		    /* NULL: nothing is done */
static void (*somebody)(struct rig *other); /* what is done then */

int sqlite3_sleep(int ms);

/* The import gives way with it between its transactions; here somebody else
 * then writes, with people of a later one. */
int sqlite3_sleep(int ms)
{
	struct rig other, *rig = meanwhile;

	meanwhile = NULL;
	if (!rig)
		return ms;
	other = *rig;
	open_list(&other, DB_WRITE);
	somebody(&other);
	close_list(&other);
	return ms;
}

static void leave(struct rig *rig)
{
	must(list_suppress(rig->list, STR("zz@example.org"), STR("asked"),
			   NOW + 1, &rig->err),
	     &rig->err);
	set_state(rig, "zy@example.org", 1, LIST_UNSUBSCRIBED);
}

static void join(struct rig *rig)
{
	const struct subscriber who = {
		.address = STR("zy@example.org"),
		.name = STR("Zy"),
		.first_name = STR("Old"),
		.last_name = STR_NONE,
		.language = STR_NONE,
		.tags = STR_NONE,
		.attributes = STR("{}"),
	};

	must(list_add(rig->list, &who, 1, false, STR("by hand"), NOW + 1,
		      &rig->err),
	     &rig->err);
}

static void who_goes_after_the_file_was_read_is_not_brought_back(void **state)
{
	char line[256];
	struct rig rig;
	struct buf text;

	(void)state;
	rig_open(&rig);
	import(&rig, "email,state\nzy@example.org,pending\n");
	buf_init(&text, (size_t)1 << 20);
	for (int i = 0; i < 12000; i++)
		buf_fmt(&text, "reader%d@example.org\n", i);
	buf_addz(&text, "zy@example.org\nzz@example.org\n");
	meanwhile = &rig;
	somebody = leave;
	assert_int_equal(import(&rig, text.at).rows, 12002);
	assert_null(meanwhile);
	assert_false(is_known(&rig, "zz@example.org"));
	assert_string_equal(state_on(&rig, "zy@example.org", "weekly"),
			    "unsubscribed");
	snprintf(line, sizeof(line),
		 "0 weekly import %s by ann\n1 weekly unsubscribed\n",
		 rig.file);
	assert_string_equal(evidence_of(&rig, "zy@example.org"), line);
	buf_done(&text);
	rig_close(&rig);
}

static void who_joins_after_the_file_was_read_gets_its_news(void **state)
{
	struct import_done done;
	struct rig rig;
	struct buf text;

	(void)state;
	rig_open(&rig);
	buf_init(&text, (size_t)1 << 20);
	buf_addz(&text, "email,first_name\n");
	for (int i = 0; i < 12000; i++)
		buf_fmt(&text, "reader%d@example.org,\n", i);
	buf_addz(&text, "zy@example.org,New\n");
	meanwhile = &rig;
	somebody = join;
	done = import(&rig, text.at);
	assert_null(meanwhile);
	assert_int_equal(done.added, 12000);
	assert_int_equal(done.changed, 1);
	assert_str(find(&rig, "zy@example.org").first_name, "New");
	assert_str(find(&rig, "zy@example.org").name, "Zy");
	buf_done(&text);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wrong_last_line_undoes_the_whole_file),
		cmocka_unit_test(a_dry_run_counts_and_changes_nothing),
		cmocka_unit_test(
			a_file_with_nobody_in_it_is_taken_and_changes_nothing),
		cmocka_unit_test(
			one_person_is_one_whatever_the_case_and_the_last_row_counts),
		cmocka_unit_test(each_kind_of_row_is_counted_once),
		cmocka_unit_test(what_an_import_makes_of_each_state),
		cmocka_unit_test(who_is_suppressed_is_never_added_or_changed),
		cmocka_unit_test(
			empty_cells_and_missing_columns_change_nothing),
		cmocka_unit_test(
			a_column_of_lists_puts_each_where_the_row_says),
		cmocka_unit_test(
			the_evidence_names_file_and_person_and_only_what_changed),
		cmocka_unit_test(
			who_joined_when_is_taken_from_the_file_or_from_now),
		cmocka_unit_test(a_second_import_at_once_is_told_to_come_again),
		cmocka_unit_test(
			who_goes_after_the_file_was_read_is_not_brought_back),
		cmocka_unit_test(
			who_joins_after_the_file_was_read_gets_its_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
