/* migrate.c - the schema's numbered files, each run once
 *
 * `PRAGMA user_version` counts them and changes in the transaction of the
 * file itself: killed in the middle, a migration has not happened.
 */
#include <stdio.h>
#include <stdlib.h>

#include "db_priv.h"

#include "schema.h"

/* "TDNG": tells our files from everybody else's. */
#define APPLICATION_ID 0x54444e47

static int pragma(struct db *db, const char *sql, int64_t *value_out,
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

static int newest(void)
{
	int n = 0;

	while (schema_files[n].name)
		n++;
	return n;
}

/* A file with tables of somebody else's is not ours to fill. */
static int check_owner(struct db *db, int64_t version, struct err *err)
{
	int64_t id, tables;

	if (pragma(db, "PRAGMA application_id", &id, err) < 0 ||
	    pragma(db, "SELECT count(*) FROM sqlite_schema", &tables, err) < 0)
		return -1;
	if (id == APPLICATION_ID || (id == 0 && tables == 0 && version == 0))
		return 0;
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
	err_hint(err, "run a command that writes, such as 'tidings import "
		      "--dry-run', to bring it up to date");
	return err_place(err, "%s", db->path);
}

static int apply(struct db *db, int index, struct err *err)
{
	char sql[96];

	snprintf(sql, sizeof(sql),
		 "PRAGMA application_id = %d; PRAGMA user_version = %d;",
		 APPLICATION_ID, index + 1);
	return db_exec(db, schema_files[index].text, err) < 0 ||
			       db_exec(db, sql, err) < 0
		       ? -1
		       : 0;
}

/* Look again under the lock: another process may have been first. */
static int apply_next(struct db *db, struct err *err)
{
	int64_t version;

	if (db_begin(db, err) < 0)
		return -1;
	if (pragma(db, "PRAGMA user_version", &version, err) < 0 ||
	    (version < newest() && apply(db, (int)version, err) < 0)) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, err);
}

int db_migrate(struct db *db, struct err *err)
{
	int64_t version;

	for (;;) {
		if (pragma(db, "PRAGMA user_version", &version, err) < 0 ||
		    check_owner(db, version, err) < 0)
			return -1;
		if (version > newest())
			return too_new(db, version, err);
		if (version == newest())
			return 0;
		if (!db->writes)
			return too_old(db, err);
		if (apply_next(db, err) < 0)
			return -1;
	}
}
