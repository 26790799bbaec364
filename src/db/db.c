/* db.c - opening the file, and its transactions */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "db_priv.h"

#define BUSY_MS 5000
#define GIVE_WAY_MS 2

int db_exec(struct db *db, const char *sql, struct err *err)
{
	if (sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return db_failed(db, err);
}

/* SQLite's own handler soon looks only every 100 ms and so finds the lock
 * taken again and again by one who commits back to back. */
static int wait_for_lock(void *arg, int tries)
{
	struct db *db = arg;
	int ms = tries < 8 ? 1 : 4;

	if (tries == 0)
		db->waited_ms = 0;
	if (db->waited_ms >= db->busy_ms)
		return 0;
	db->waited_ms += sqlite3_sleep(ms);
	return 1;
}

void db_busy_ms(struct db *db, int ms)
{
	db->busy_ms = ms;
}

void db_give_way(struct db *db)
{
	if (!db->memory)
		sqlite3_sleep(GIVE_WAY_MS);
}

/* What the connection itself is told; the file is not touched. Sorts and
 * temporary tables go to a file once they outgrow the cache: an import of a
 * million people must not live in memory. */
static int set_up(struct db *db, struct err *err)
{
	sqlite3_extended_result_codes(db->sqlite, 1);
	sqlite3_busy_handler(db->sqlite, wait_for_lock, db);
	if (sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1,
			      NULL) != SQLITE_OK ||
	    sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0,
			      NULL) != SQLITE_OK)
		return db_failed(db, err);
	return db_exec(db, "PRAGMA foreign_keys = ON;"
			   "PRAGMA cell_size_check = ON;"
			   "PRAGMA temp_store = FILE;"
			   "PRAGMA cache_size = -8000;"
			   "PRAGMA temp.cache_size = -8000", err);
}

/* Of two who make one file at once, one is told "busy" here without a call of
 * the handler, because waiting could be a deadlock. It is none: we hold
 * nothing. */
static int use_wal(struct db *db, struct err *err)
{
	static const char sql[] = "PRAGMA journal_mode = WAL;"
				  "PRAGMA synchronous = FULL";

	for (int tries = 0;; tries++) {
		int rc = sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL);

		if (rc == SQLITE_OK)
			return 0;
		if ((rc & 0xff) != SQLITE_BUSY || !wait_for_lock(db, tries))
			return db_failed(db, err);
	}
}

static int missing(const char *path, struct err *err)
{
	err_set(err, ERR_MISSING, "there is no database '%s'", path);
	return err_hint(err, "run 'tidings init' to make a publication");
}

/* SQLite would ask the umask who may read everybody's address; its -wal and
 * -shm follow the file. Nothing is closed here that somebody has open, which
 * would end their locks. */
static void create_private(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
}

static int open_file(struct db *db, enum db_mode mode, struct err *err)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

	/* Not there is one thing, out of reach another: SQLite says that. */
	if (mode != DB_CREATE && !db->memory && !file_exists(db->path) &&
	    (errno == ENOENT || errno == ENOTDIR))
		return missing(db->path, err);
	flags |= mode == DB_READ && !db->memory ? SQLITE_OPEN_READONLY
						: SQLITE_OPEN_READWRITE;
	if (mode == DB_CREATE || db->memory)
		flags |= SQLITE_OPEN_CREATE;
	if (mode == DB_CREATE && !db->memory)
		create_private(db->path);
	if (sqlite3_open_v2(db->path, &db->sqlite, flags, NULL) != SQLITE_OK)
		return db->sqlite ? db_failed(db, err)
				  : db_failed_code(db->path, SQLITE_NOMEM, "",
						   err);
	/* Without the right to write SQLite opens for reading, silently. */
	if (db->writes && !db->memory &&
	    sqlite3_db_readonly(db->sqlite, "main") == 1)
		return db_failed_code(db->path, SQLITE_READONLY, "", err);
	return 0;
}

int db_open(const char *path, enum db_mode mode, struct db **db_out,
	    struct err *err)
{
	struct db *db = die_calloc(1, sizeof(*db), "a database");

	db->path = die_alloc(strlen(path) + 1, "a database");
	memcpy(db->path, path, strlen(path) + 1);
	db->memory = !strcmp(path, ":memory:");
	db->writes = mode != DB_READ;
	db->busy_ms = BUSY_MS;
	if (open_file(db, mode, err) < 0 || set_up(db, err) < 0 ||
	    db_check_owner(db, err) < 0 ||
	    (db->writes && use_wal(db, err) < 0) || db_migrate(db, err) < 0 ||
	    (db->memory && !db->writes &&
	     db_exec(db, "PRAGMA query_only = ON", err) < 0)) {
		db_close(&db);
		return -1;
	}
	*db_out = db;
	return 0;
}

void db_close(struct db **db)
{
	if (!*db)
		return;
	sqlite3_close_v2((*db)->sqlite);
	free((*db)->path);
	free(*db);
	*db = NULL;
}

bool db_writes(const struct db *db)
{
	return db->writes;
}

int db_begin(struct db *db, struct err *err)
{
	return db_exec(db, "BEGIN IMMEDIATE", err);
}

int db_begin_read(struct db *db, struct err *err)
{
	return db_exec(db, "BEGIN", err);
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
