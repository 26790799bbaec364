/* db_crash_test.c - killed at any write, or out of room at any write: what was
 * recorded is there, and nothing is half there */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/resource.h>

#include "db_faults.h"
#include "db_rig.h"

#include "schema.h"

/* More changes than any of these makes: an end for the loops. */
#define CHANGES_MAX 2000

static void run_sql(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
}

/* All that is in the schema, as one text; the caller frees it. */
static char *objects(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	char *all;

	assert_int_equal(
		sqlite3_prepare_v2(db,
				   "SELECT coalesce(group_concat(t), '')"
				   " FROM (SELECT name || coalesce(sql, '')"
				   " AS t FROM sqlite_schema WHERE name NOT"
				   " LIKE 'sqlite_stat%' ORDER BY name)",
				   -1, &stmt, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	all = sqlite3_mprintf("%s", sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return all;
}

static int64_t number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t value;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

static int schema_number(size_t index)
{
	return atoi(schema_files[index].name);
}

/* The schema as of a version is exactly what its files make. */
static void assert_whole(const char *path, int64_t least, int64_t *version_out)
{
	sqlite3 *want = NULL, *got = NULL;
	char *want_all, *got_all;
	int64_t version;

	assert_int_equal(sqlite3_open(path, &got), SQLITE_OK);
	version = number(got, "PRAGMA user_version");
	assert_true(version >= least);
	assert_int_equal(sqlite3_open(":memory:", &want), SQLITE_OK);
	for (size_t i = 0; schema_files[i].name; i++)
		if (schema_number(i) <= version)
			run_sql(want, schema_files[i].text);
	want_all = objects(want);
	got_all = objects(got);
	assert_string_equal(got_all, want_all);
	assert_int_equal(number(got, "SELECT count(*) FROM"
				     " pragma_integrity_check"
				     " WHERE integrity_check <> 'ok'"),
			 0);
	sqlite3_free(want_all);
	sqlite3_free(got_all);
	sqlite3_close(want);
	sqlite3_close(got);
	*version_out = version;
}

/* --- killed --------------------------------------------------------------- */

struct crash {
	const struct rig *rig;
	enum db_mode mode;
	enum fault kind;
	long at;
	int (*work)(struct db *db, struct err *err);
};

/* 0: got through before the fault was due. */
static int open_and_die(void *arg)
{
	const struct crash *c = arg;
	struct err err = ERR_INIT;
	struct db *db = NULL;

	faults_set(c->kind, c->at);
	if (db_open(c->rig->path, c->mode, &db, &err) < 0) {
		fprintf(stderr, "%s: %s\n", err.place, err.message);
		return 1;
	}
	if (c->work && c->work(db, &err) < 0)
		return 2;
	faults_set(FAULT_NONE, 0);
	db_close(&db);
	return 0;
}

/* The schema as it was after the first file, with something in it. */
static void make_old(const char *path)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	run_sql(db, schema_files[0].text);
	run_sql(db, "PRAGMA application_id = 0x54444e47;"
		    "PRAGMA user_version = 1; PRAGMA journal_mode = WAL;"
		    "INSERT INTO list (key) VALUES ('kept')");
	sqlite3_close(db);
}

/* True when the migration was killed, false when it got through. */
static bool killed_at(enum fault kind, long at, bool old)
{
	struct rig rig;
	struct crash c = { &rig, DB_CREATE, kind, at, NULL };
	int64_t version;
	int end;

	rig_dir(&rig);
	if (old)
		make_old(rig.path);
	end = end_of(start(open_and_die, &c));
	assert_true(end == 0 || end == 1000 + SIGKILL);
	if (access(rig.path, F_OK) == 0)
		assert_whole(rig.path, old ? 1 : 0, &version);
	must(db_open(rig.path, DB_CREATE, &rig.db, &rig.err), &rig.err);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), old);
	db_close(&rig.db);
	assert_whole(rig.path, 2, &version);
	rig_down(&rig);
	return end != 0;
}

static void a_migration_killed_at_any_write_is_done_or_not_begun(void **state)
{
	static const enum fault kinds[] = { FAULT_KILL, FAULT_TORN_KILL };

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		for (int old = 0; old < 2; old++) {
			long at = 0;

			while (killed_at(kinds[i], at, old == 1))
				assert_true(++at < CHANGES_MAX);
			/* It was no idle loop. */
			assert_true(at > 20);
		}
	}
}

static int add_in_three_transactions(struct db *db, struct err *err)
{
	for (int i = 0; i < 3; i++) {
		if (db_begin(db, err) < 0)
			return -1;
		ask(db, "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL"
			" SELECT i + 1 FROM n WHERE i < 100)"
			" INSERT INTO list (key)"
			" SELECT format('%d-%080d', (SELECT count(*)"
			" FROM list), i) FROM n");
		if (db_commit(db, err) < 0)
			return -1;
	}
	return 0;
}

static void a_transaction_killed_at_any_write_is_whole_or_not_there(
	void **state)
{
	int64_t most = 0;
	long at = 0;

	(void)state;
	for (;; at++) {
		struct rig rig;
		struct crash c = { &rig, DB_WRITE, FAULT_TORN_KILL, at,
				   add_in_three_transactions };
		int64_t count;
		int end;

		rig_open(&rig);
		db_close(&rig.db);
		end = end_of(start(open_and_die, &c));
		must(db_open(rig.path, DB_WRITE, &rig.db, &rig.err), &rig.err);
		count = ask(rig.db, "SELECT count(*) FROM list");
		assert_int_equal(count % 100, 0);
		assert_true(count >= most);
		most = count;
		rig_down(&rig);
		if (end == 0)
			break;
		assert_int_equal(end, 1000 + SIGKILL);
		assert_true(at < CHANGES_MAX);
	}
	assert_int_equal(most, 300);
	assert_true(at > 10);
}

/* --- no room -------------------------------------------------------------- */

static const char add_much[] =
	"WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL"
	" SELECT i + 1 FROM n WHERE i < 2000)"
	" INSERT INTO list (key) SELECT hex(randomblob(100)) FROM n";

/* Insert in a transaction; 0 committed, -1 rolled back. */
static int add(struct db *db, const char *sql, struct err *err)
{
	struct db_query query = { "add", sql };
	struct db_set *set = NULL;
	int rc;

	if (db_begin(db, err) < 0)
		return -1;
	must(db_prepare(db, &query, 1, &set, err), err);
	rc = db_run(db_use(set, 0), err);
	db_finish(&set);
	if (rc == 0)
		return db_commit(db, err);
	db_rollback(db);
	return -1;
}

static void a_full_database_says_so_and_keeps_what_it_had(void **state)
{
	struct rig rig;
	char sql[64];

	(void)state;
	rig_open(&rig);
	must(add(rig.db, "INSERT INTO list (key) VALUES ('kept')", &rig.err),
	     &rig.err);
	snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %lld",
		 (long long)ask(rig.db, "SELECT page_count + 2"
					" FROM pragma_page_count"));
	ask(rig.db, sql);
	assert_int_equal(add(rig.db, add_much, &rig.err), -1);
	assert_int_equal(rig.err.code, ERR_IO);
	assert_string_equal(rig.err.message, "the disk is full");
	assert_string_equal(rig.err.place, rig.path);
	assert_non_null(strstr(rig.err.hint, "make room"));
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 1);
	ask(rig.db, "PRAGMA max_page_count = 1000000");
	must(add(rig.db, add_much, &rig.err), &rig.err);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 2001);
	rig_down(&rig);
}

/* Of a disk that is full from a certain write on, until room is made. */
static void no_room_at_any_write_loses_nothing(void **state)
{
	long at = 0;
	int rc;

	(void)state;
	do {
		struct rig rig;

		faults_set(FAULT_NONE, 0);
		rig_open(&rig);
		must(add(rig.db, "INSERT INTO list (key) VALUES ('kept')",
			 &rig.err),
		     &rig.err);
		ask(rig.db, "PRAGMA cache_size = 50");
		faults_set(FAULT_FULL, at);
		rc = add(rig.db, add_much, &rig.err);
		faults_set(FAULT_NONE, 0);
		if (rc < 0) {
			assert_int_equal(rig.err.code, ERR_IO);
			assert_true(rig.err.hint[0]);
			assert_int_equal(
				ask(rig.db, "SELECT count(*) FROM list"), 1);
			must(add(rig.db, add_much, &rig.err), &rig.err);
		}
		db_close(&rig.db);
		must(db_open(rig.path, DB_READ, &rig.db, &rig.err), &rig.err);
		assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"),
				 2001);
		rig_down(&rig);
		at += 1 + at / 4;
	} while (rc < 0 && at < 100 * CHANGES_MAX);
	assert_int_equal(rc, 0);
	assert_true(at > 50);
}

static void no_room_for_a_new_database_leaves_a_file_that_can_be_made(
	void **state)
{
	struct rig rig;
	long at = 0;
	int rc;

	(void)state;
	do {
		rig_dir(&rig);
		faults_set(FAULT_FULL, at);
		rc = db_open(rig.path, DB_CREATE, &rig.db, &rig.err);
		faults_set(FAULT_NONE, 0);
		if (rc < 0) {
			assert_int_equal(rig.err.code, ERR_IO);
			must(db_open(rig.path, DB_CREATE, &rig.db, &rig.err),
			     &rig.err);
		}
		assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 0);
		rig_down(&rig);
		at++;
	} while (rc < 0 && at < CHANGES_MAX);
	assert_int_equal(rc, 0);
	assert_true(at > 10);
}

static int write_past_the_limit(void *arg)
{
	const struct rig *rig = arg;
	struct rlimit limit = { 256 * 1024, 256 * 1024 };
	struct err err = ERR_INIT;
	struct db *db = NULL;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	if (db_open(rig->path, DB_CREATE, &db, &err) < 0)
		return 1;
	if (add(db, "INSERT INTO list (key) VALUES ('kept')", &err) < 0)
		return 2;
	if (add(db, add_much, &err) == 0 || err.code != ERR_IO || !err.hint[0])
		return 3;
	return ask(db, "SELECT count(*) FROM list") == 1 ? 0 : 4;
}

static void a_file_that_may_not_grow_is_io_trouble(void **state)
{
	struct rig rig;

	(void)state;
	rig_dir(&rig);
	assert_int_equal(end_of(start(write_past_the_limit, &rig)), 0);
	must(db_open(rig.path, DB_WRITE, &rig.db, &rig.err), &rig.err);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 1);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_migration_killed_at_any_write_is_done_or_not_begun),
		cmocka_unit_test(
			a_transaction_killed_at_any_write_is_whole_or_not_there),
		cmocka_unit_test(a_full_database_says_so_and_keeps_what_it_had),
		cmocka_unit_test(no_room_at_any_write_loses_nothing),
		cmocka_unit_test(
			no_room_for_a_new_database_leaves_a_file_that_can_be_made),
		cmocka_unit_test(a_file_that_may_not_grow_is_io_trouble),
	};

	return cmocka_run_group_tests(tests, faults_install, NULL);
}
