/* migrate.c - the schema's numbered files, each run once
 *
 * `PRAGMA user_version` holds the number of the last one and changes in the
 * transaction of the file itself: killed in the middle, it has not happened.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "db_priv.h"

#include "schema.h"

/* "TDNG": tells our files from everybody else's. */
#define APPLICATION_ID 0x54444e47

/* What the file says of itself. */
struct label {
	int64_t application, version, tables;
};

static int ask(struct db *db, const char *sql, int64_t *value_out,
	       struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = -1;

	if (sqlite3_prepare_v2(db->sqlite, sql, -1, &stmt, NULL) != SQLITE_OK)
		return db_failed(db, err);
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		*value_out = sqlite3_column_int64(stmt, 0);
		rc = 0;
	} else {
		db_failed(db, err);
	}
	sqlite3_finalize(stmt);
	return rc;
}

static int read_label(struct db *db, struct label *out, struct err *err)
{
	if (ask(db, "SELECT count(*) FROM sqlite_schema", &out->tables, err) <
		    0 ||
	    ask(db, "PRAGMA application_id", &out->application, err) < 0 ||
	    ask(db, "PRAGMA user_version", &out->version, err) < 0)
		return -1;
	return 0;
}

/* "007-inbox.sql" is number 7. */
static int number(int index)
{
	long n = strtol(schema_files[index].name, NULL, 10);

	if (n < 1 || n > 999)
		die("schema file '%s' has no number", schema_files[index].name);
	return (int)n;
}

/* The first file with a number above `version`, or -1. They are embedded in
 * the order of their names. */
static int next_file(int64_t version)
{
	for (int i = 0; schema_files[i].name; i++)
		if (number(i) > version)
			return i;
	return -1;
}

static int newest(void)
{
	int last = 0;

	for (int i = 0; schema_files[i].name; i++)
		last = number(i);
	return last;
}

static int not_ours(const struct db *db, struct err *err)
{
	err_set(err, ERR_DB, "this database belongs to another program");
	err_hint(err, "move it away, or name another folder with -C");
	return err_place(err, "%s", db->path);
}

static int too_new(const struct db *db, int64_t version, struct err *err)
{
	err_set(err, ERR_DB,
		"the database was made by a newer tidings (schema %lld, known "
		"%d)", (long long)version, newest());
	err_hint(err, "install that version or a later one");
	return err_place(err, "%s", db->path);
}

static int too_old(const struct db *db, struct err *err)
{
	err_set(err, ERR_DB, "the database was made by an older tidings");
	err_hint(err, "run a command that writes, such as 'tidings send' or "
		      "'tidings import', to bring it up to date");
	return err_place(err, "%s", db->path);
}

/* Read in one transaction: between two pragmas another process may just have
 * filled a new file, and its tables without its number look like a stranger's.
 */
int db_check_owner(struct db *db, struct err *err)
{
	struct label label = { 0, 0, 0 };
	int rc;

	if (db_begin_read(db, err) < 0)
		return -1;
	rc = read_label(db, &label, err);
	db_rollback(db);
	if (rc < 0)
		return -1;
	if (label.application != APPLICATION_ID &&
	    (label.application || label.version || label.tables))
		return not_ours(db, err);
	if (label.version > newest())
		return too_new(db, label.version, err);
	return 0;
}

static int apply(struct db *db, int index, struct err *err)
{
	char sql[96];

	snprintf(sql, sizeof(sql),
		 "PRAGMA application_id = %d; PRAGMA user_version = %d;",
		 APPLICATION_ID, number(index));
	if (db_exec(db, schema_files[index].text, err) < 0)
		return err_place(err, "%s", schema_files[index].name);
	return db_exec(db, sql, err);
}

/* Look again under the lock: another process may have been first. */
static int apply_next(struct db *db, struct err *err)
{
	int64_t version;
	int index;

	if (db_begin(db, err) < 0)
		return -1;
	if (ask(db, "PRAGMA user_version", &version, err) < 0)
		goto out;
	index = next_file(version);
	if (index >= 0 && apply(db, index, err) < 0)
		goto out;
	return db_commit(db, err);
out:
	db_rollback(db);
	return -1;
}

int db_migrate(struct db *db, struct err *err)
{
	int64_t version;

	for (;;) {
		if (ask(db, "PRAGMA user_version", &version, err) < 0)
			return -1;
		if (next_file(version) < 0)
			return 0;
		if (!db->writes && !db->memory)
			return too_old(db, err);
		if (apply_next(db, err) < 0)
			return -1;
	}
}
