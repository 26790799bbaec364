/* db_open_test.c - which files are opened, how, and which are not */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "db_rig.h"

#include "schema.h"

static int newest(void)
{
	int count = 0;

	while (schema_files[count].name)
		count++;
	return atoi(schema_files[count - 1].name);
}

/* As another program would write to the file. */
static void raw(const char *path, const char *sql)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static struct err not_opened(const char *path, enum db_mode mode)
{
	struct err err = ERR_INIT;
	struct db *db = NULL;

	assert_int_equal(db_open(path, mode, &db, &err), -1);
	assert_null(db);
	assert_true(strstr(err.place, path) || strstr(err.message, path));
	assert_true(err.message[0]);
	return err;
}

static const enum db_mode modes[] = { DB_READ, DB_WRITE, DB_CREATE };

static void only_to_create_makes_a_file(void **state)
{
	struct rig rig;
	struct err err;

	(void)state;
	rig_dir(&rig);
	for (int i = 0; i < 2; i++) {
		err = not_opened(rig.path, modes[i]);
		assert_int_equal(err.code, ERR_MISSING);
		assert_non_null(strstr(err.hint, "tidings init"));
		assert_int_equal(access(rig.path, F_OK), -1);
	}
	must(db_open(rig.path, DB_CREATE, &rig.db, &rig.err), &rig.err);
	assert_true(db_writes(rig.db));
	rig_down(&rig);
}

static mode_t rights_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 0777;
}

static void nobody_else_may_read_a_made_file(void **state)
{
	mode_t before = umask(0);
	struct rig rig;
	char beside[160];

	(void)state;
	rig_open(&rig);
	umask(before);
	ask(rig.db, "INSERT INTO list (key) VALUES ('weekly')");
	assert_int_equal(rights_of(rig.path), 0600);
	snprintf(beside, sizeof(beside), "%s-wal", rig.path);
	assert_int_equal(rights_of(beside), 0600);
	rig_down(&rig);
}

static void a_made_file_opens_in_every_mode(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig);
	ask(rig.db, "INSERT INTO list (key) VALUES ('weekly')");
	for (size_t i = 0; i < COUNT(modes); i++) {
		db_close(&rig.db);
		must(db_open(rig.path, modes[i], &rig.db, &rig.err), &rig.err);
		assert_int_equal(db_writes(rig.db), modes[i] != DB_READ);
		assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 1);
	}
	rig_down(&rig);
}

static void a_file_is_durable_strict_and_defended(void **state)
{
	static const struct {
		const char *sql;
		int64_t want;
	} cases[] = {
		{ "SELECT journal_mode = 'wal' FROM pragma_journal_mode", 1 },
		{ "SELECT synchronous FROM pragma_synchronous", 2 },
		{ "SELECT foreign_keys FROM pragma_foreign_keys", 1 },
		{ "SELECT trusted_schema FROM pragma_trusted_schema", 0 },
		{ "SELECT application_id FROM pragma_application_id",
		  0x54444e47 },
	};
	struct rig rig;

	(void)state;
	rig_open(&rig);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(ask(rig.db, cases[i].sql), cases[i].want);
	assert_int_equal(
		ask(rig.db, "SELECT user_version FROM pragma_user_version"),
		newest());
	ask(rig.db, "PRAGMA writable_schema = ON");
	refused(rig.db, "UPDATE sqlite_schema SET sql = ''");
	refused(rig.db, "INSERT INTO subscription VALUES"
			" (9, 9, 'confirmed', 1, 0, NULL, NULL)");
	rig_down(&rig);
}

static void who_opens_to_read_cannot_write(void **state)
{
	static const char *const sql[] = {
		"INSERT INTO list (key) VALUES ('x')",
		"DELETE FROM list",
		"UPDATE list SET key = 'x'",
		"DROP TABLE list",
		"CREATE TABLE x (a)",
		"PRAGMA user_version = 99",
	};
	struct rig rig;

	(void)state;
	rig_open(&rig);
	ask(rig.db, "INSERT INTO list (key) VALUES ('weekly')");
	db_close(&rig.db);
	must(db_open(rig.path, DB_READ, &rig.db, &rig.err), &rig.err);
	for (size_t i = 0; i < COUNT(sql); i++) {
		struct err err = refused(rig.db, sql[i]);

		assert_int_equal(err.code, ERR_DB);
		assert_string_equal(err.message,
				    "the database may not be written");
		assert_non_null(strstr(err.hint, "rights"));
	}
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 1);
	rig_down(&rig);
}

static void memory_is_for_tests_and_needs_no_file(void **state)
{
	struct rig rig = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(modes); i++) {
		must(db_open(":memory:", modes[i], &rig.db, &rig.err),
		     &rig.err);
		assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 0);
		if (modes[i] == DB_READ)
			refused(rig.db, "INSERT INTO list (key) VALUES ('x')");
		db_close(&rig.db);
	}
	db_close(&rig.db);
}

static void a_file_of_another_program_is_left_alone(void **state)
{
	static const char *const sql[] = {
		"CREATE TABLE theirs (a)",
		"PRAGMA application_id = 7",
		"PRAGMA user_version = 3",
		"CREATE TABLE list (id, key); PRAGMA user_version = 1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(sql); i++) {
		for (size_t j = 0; j < COUNT(modes); j++) {
			struct rig rig;
			struct stat before, after;
			struct err err;

			rig_dir(&rig);
			raw(rig.path, sql[i]);
			stat(rig.path, &before);
			err = not_opened(rig.path, modes[j]);
			assert_int_equal(err.code, ERR_DB);
			assert_string_equal(err.message, "this database "
							 "belongs to another "
							 "program");
			stat(rig.path, &after);
			assert_int_equal(before.st_size, after.st_size);
			rig_down(&rig);
		}
	}
}

static void a_newer_file_asks_for_a_newer_tidings(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig);
	db_close(&rig.db);
	raw(rig.path, "PRAGMA user_version = 998");
	for (size_t i = 0; i < COUNT(modes); i++) {
		struct err err = not_opened(rig.path, modes[i]);

		assert_int_equal(err.code, ERR_DB);
		assert_non_null(strstr(err.message, "schema 998"));
		assert_non_null(strstr(err.hint, "install"));
	}
	rig_down(&rig);
}

/* The schema as it was after the first file. */
static void make_old(const char *path)
{
	raw(path, schema_files[0].text);
	raw(path, "PRAGMA application_id = 0x54444e47;"
		  "PRAGMA user_version = 1; INSERT INTO list (key)"
		  " VALUES ('kept')");
}

static void an_older_file_is_brought_up_to_date_by_who_may_write(void **state)
{
	struct rig rig;
	struct err err;

	(void)state;
	rig_dir(&rig);
	make_old(rig.path);
	err = not_opened(rig.path, DB_READ);
	assert_int_equal(err.code, ERR_DB);
	assert_non_null(strstr(err.message, "older"));
	must(db_open(rig.path, DB_WRITE, &rig.db, &rig.err), &rig.err);
	assert_int_equal(
		ask(rig.db, "SELECT user_version FROM pragma_user_version"),
		newest());
	assert_int_equal(ask(rig.db, "SELECT key = 'kept' FROM list"), 1);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM issue"), 0);
	rig_down(&rig);
}

/* A file that stops in the middle of what the second migration makes. */
static void a_migration_that_fails_has_not_happened(void **state)
{
	struct rig rig;
	struct err err;

	(void)state;
	rig_dir(&rig);
	make_old(rig.path);
	raw(rig.path, "CREATE TABLE dispatcher (mine)");
	err = not_opened(rig.path, DB_WRITE);
	assert_int_equal(err.code, ERR_DB);
	assert_memory_equal(err.place, "002-", 4);
	assert_non_null(strstr(err.message, "dispatcher"));
	raw(rig.path, "DROP TABLE dispatcher");
	must(db_open(rig.path, DB_WRITE, &rig.db, &rig.err), &rig.err);
	rig_down(&rig);
}

/* --- what is no database, or no longer ------------------------------------ */

static void overwrite(const char *path, off_t at, int byte, size_t len)
{
	char *bytes = malloc(len);
	int fd = open(path, O_RDWR);

	assert_non_null(bytes);
	memset(bytes, byte, len);
	assert_int_equal(pwrite(fd, bytes, len, at), (ssize_t)len);
	close(fd);
	free(bytes);
}

static void a_text_file_is_no_database(void **state)
{
	struct rig rig;
	FILE *out;

	(void)state;
	rig_dir(&rig);
	out = fopen(rig.path, "w");
	assert_non_null(out);
	for (int i = 0; i < 1000; i++)
		fputs("not a database, but many words\n", out);
	fclose(out);
	for (size_t i = 0; i < COUNT(modes); i++) {
		struct err err = not_opened(rig.path, modes[i]);

		assert_int_equal(err.code, ERR_DB);
		assert_string_equal(err.message, "this is not a database");
		assert_non_null(strstr(err.hint, "backup"));
	}
	rig_down(&rig);
}

static void a_damaged_head_is_told_when_opening(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig);
	db_close(&rig.db);
	overwrite(rig.path, 100, 0xff, 3900);
	for (size_t i = 0; i < COUNT(modes); i++) {
		struct err err = not_opened(rig.path, modes[i]);

		assert_int_equal(err.code, ERR_DB);
		assert_string_equal(err.message, "the database is damaged");
		assert_non_null(strstr(err.hint, "backup"));
	}
	rig_down(&rig);
}

static void damage_further_in_is_told_when_it_is_met(void **state)
{
	struct rig rig;
	struct stat st;
	struct err err;

	(void)state;
	rig_open(&rig);
	ask(rig.db, "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL"
		    " SELECT i + 1 FROM n WHERE i < 3000)"
		    " INSERT INTO list (key) SELECT 'key-' || i FROM n");
	db_close(&rig.db);
	assert_int_equal(stat(rig.path, &st), 0);
	overwrite(rig.path, st.st_size - 16 * 4096, 0xff, 16 * 4096);
	must(db_open(rig.path, DB_WRITE, &rig.db, &rig.err), &rig.err);
	err = refused(rig.db, "SELECT sum(length(key) + id) FROM list"
			      " NOT INDEXED");
	assert_int_equal(err.code, ERR_DB);
	assert_string_equal(err.message, "the database is damaged");
	assert_string_equal(err.place, rig.path);
	rig_down(&rig);
}

static void a_file_cut_short_is_damaged(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig);
	db_close(&rig.db);
	assert_int_equal(truncate(rig.path, 4096 + 100), 0);
	for (size_t i = 0; i < COUNT(modes); i++)
		assert_int_equal(not_opened(rig.path, modes[i]).code, ERR_DB);
	rig_down(&rig);
}

static void an_empty_file_is_a_new_one(void **state)
{
	struct rig rig;

	(void)state;
	rig_dir(&rig);
	close(open(rig.path, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(not_opened(rig.path, DB_READ).code, ERR_DB);
	must(db_open(rig.path, DB_WRITE, &rig.db, &rig.err), &rig.err);
	rig_down(&rig);
}

static void a_folder_is_no_database(void **state)
{
	struct rig rig;

	(void)state;
	rig_dir(&rig);
	for (size_t i = 0; i < COUNT(modes); i++)
		assert_int_equal(not_opened(rig.dir, modes[i]).code, ERR_IO);
	rig_down(&rig);
}

/* --- rights: asked as somebody who has no others -------------------------- */

struct rights {
	const struct rig *rig;
	enum db_mode mode;
	int code; /* 0: is opened */
	const char *hint;
};

#define NOT_LET_IN 9

static int open_as_nobody(void *arg)
{
	const struct rights *r = arg;
	struct err err = ERR_INIT;
	struct db *db = NULL;
	int rc;

	if (getuid() == 0 && (setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
		return 3;
	if (access("/tmp", X_OK) < 0)
		return NOT_LET_IN;
	rc = db_open(r->rig->path, r->mode, &db, &err);
	db_close(&db);
	if (rc == 0)
		return r->code == 0 ? 0 : 4;
	if (r->code == (int)err.code && strstr(err.hint, r->hint))
		return 0;
	fprintf(stderr, "%d %s: %s (%s)\n", err.code, err.place, err.message,
		err.hint);
	return 5;
}

static void what_may_not_be_touched_is_told_with_the_rights_to_look_at(
	void **state)
{
	static const struct {
		mode_t dir, file; /* file 0: there is none */
		enum db_mode mode;
		int code;
	} cases[] = {
		{ 0777, 0666, DB_WRITE, 0 },
		{ 0777, 0666, DB_READ, 0 },
		{ 0777, 0444, DB_WRITE, ERR_DB },
		{ 0777, 0444, DB_CREATE, ERR_DB },
		{ 0777, 0000, DB_READ, ERR_IO },
		{ 0777, 0000, DB_WRITE, ERR_IO },
		{ 0555, 0666, DB_WRITE, ERR_DB },
		{ 0555, 0444, DB_WRITE, ERR_DB },
		{ 0555, 0000, DB_CREATE, ERR_IO },
		{ 0555, 0, DB_CREATE, ERR_IO },
		{ 0000, 0666, DB_READ, ERR_IO },
		{ 0000, 0666, DB_WRITE, ERR_IO },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rig rig;
		struct rights r = { &rig, cases[i].mode, cases[i].code,
				    "rights" };
		int end;

		rig_dir(&rig);
		if (cases[i].file || i < 9) {
			must(db_open(rig.path, DB_CREATE, &rig.db, &rig.err),
			     &rig.err);
			db_close(&rig.db);
			chmod(rig.path, cases[i].file);
		}
		chmod(rig.dir, cases[i].dir);
		end = end_of(start(open_as_nobody, &r));
		chmod(rig.dir, 0700);
		rig_down(&rig);
		if (end == NOT_LET_IN)
			skip(); /* not even to /tmp */
		if (end != 0)
			fail_msg("case %zu: %d", i, end);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_to_create_makes_a_file),
		cmocka_unit_test(nobody_else_may_read_a_made_file),
		cmocka_unit_test(a_made_file_opens_in_every_mode),
		cmocka_unit_test(a_file_is_durable_strict_and_defended),
		cmocka_unit_test(who_opens_to_read_cannot_write),
		cmocka_unit_test(memory_is_for_tests_and_needs_no_file),
		cmocka_unit_test(a_file_of_another_program_is_left_alone),
		cmocka_unit_test(a_newer_file_asks_for_a_newer_tidings),
		cmocka_unit_test(
			an_older_file_is_brought_up_to_date_by_who_may_write),
		cmocka_unit_test(a_migration_that_fails_has_not_happened),
		cmocka_unit_test(a_text_file_is_no_database),
		cmocka_unit_test(a_damaged_head_is_told_when_opening),
		cmocka_unit_test(damage_further_in_is_told_when_it_is_met),
		cmocka_unit_test(a_file_cut_short_is_damaged),
		cmocka_unit_test(an_empty_file_is_a_new_one),
		cmocka_unit_test(a_folder_is_no_database),
		cmocka_unit_test(
			what_may_not_be_touched_is_told_with_the_rights_to_look_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
