/* db.c - opening the file, and its transactions */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/file.h"
#include "db_priv.h"

#define BUSY_MS 5000

int db_exec(struct db *db, const char *sql, struct err *err)
{
	if (sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return db_failed(db, err);
}

static int set_up(struct db *db, struct err *err)
{
	sqlite3_busy_timeout(db->sqlite, BUSY_MS);
	sqlite3_extended_result_codes(db->sqlite, 1);
	sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (db_exec(db, "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
		    err) < 0)
		return -1;
	if (!db->writes)
		return 0;
	return db_exec(db, "PRAGMA journal_mode = WAL;"
			   "PRAGMA synchronous = FULL;", err);
}

int db_open(const char *path, enum db_mode mode, struct db **db_out,
	    struct err *err)
{
	bool memory = !strcmp(path, ":memory:");
	struct db *db;
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

	if (mode != DB_CREATE && !memory && !file_exists(path)) {
		err_set(err, ERR_MISSING, "there is no '%s'", path);
		return err_hint(err, "run 'tidings init' to make a "
				     "publication");
	}
	/* Reading a WAL database needs its -shm file, hence "read-write" also
	 * for readers; query_only keeps them honest. */
	flags |= mode == DB_READ ? SQLITE_OPEN_READWRITE
				 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	db = die_calloc(1, sizeof(*db), "a database");
	db->path = die_alloc(strlen(path) + 1, "a database");
	memcpy(db->path, path, strlen(path) + 1);
	db->writes = mode != DB_READ;
	if (sqlite3_open_v2(path, &db->sqlite, flags, NULL) != SQLITE_OK) {
		db_failed(db, err);
		goto out;
	}
	if (db->writes && !memory &&
	    sqlite3_db_readonly(db->sqlite, "main") == 1) {
		db_failed_code(path, SQLITE_READONLY, "", err);
		goto out;
	}
	if (set_up(db, err) < 0 || db_migrate(db, err) < 0)
		goto out;
	if (!db->writes && db_exec(db, "PRAGMA query_only = ON", err) < 0)
		goto out;
	*db_out = db;
	return 0;
out:
	db_close(&db);
	return -1;
}

void db_close(struct db **db)
{
	if (!*db)
		return;
	sqlite3_close((*db)->sqlite);
	free((*db)->path);
	free(*db);
	*db = NULL;
}

int db_begin(struct db *db, struct err *err)
{
	return db_exec(db, "BEGIN IMMEDIATE", err);
}

int db_commit(struct db *db, struct err *err)
{
	if (db_exec(db, "COMMIT", err) == 0)
		return 0;
	db_rollback(db);
	return -1;
}

void db_rollback(struct db *db)
{
	if (!sqlite3_get_autocommit(db->sqlite))
		sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
}

int64_t db_changes(struct db *db)
{
	return sqlite3_changes64(db->sqlite);
}

int64_t db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->sqlite);
}

void db_checkpoint(struct db *db)
{
	sqlite3_wal_checkpoint_v2(db->sqlite, NULL, SQLITE_CHECKPOINT_TRUNCATE,
				  NULL, NULL);
}
