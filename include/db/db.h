/* db.h - one SQLite file, opened, migrated, and asked by named statements
 *
 * The only owner of sqlite3. A handle belongs to one thread. Every statement
 * of a module is prepared when the module opens, so that a slip stops the
 * program at the start. WAL, synchronous=FULL, foreign keys on, defensive,
 * trusted_schema off, busy time-out 5 s.
 *
 * Errors: locked by another for longer than the time-out is ERR_AGAIN; not a
 * database, not ours, a newer schema, corrupt, read-only are ERR_DB; disk
 * full and I/O trouble are ERR_IO. Each names the file and a cure.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define DB_FILE "tidings.db"

struct db;
struct db_set;			/* the prepared statements of one module */
struct db_stmt;			/* one of them */

struct db_query {
	const char *name;
	const char *sql;
};

enum db_mode {
	DB_READ,		/* no writing at all */
	DB_WRITE,		/* the file must be there; migrates */
	DB_CREATE		/* made when it is not there; migrates */
};

/* ":memory:" is allowed for tests. DB_READ refuses an older schema with the
 * hint to run a command that writes; migrations run once, one transaction
 * each, and survive kill -9. */
int db_open(const char *path, enum db_mode mode, struct db **db_out,
	    struct err *err);
void db_close(struct db **db);
bool db_writes(const struct db *db);	/* not opened with DB_READ */

/* How long to wait for somebody else's lock, in place of the 5 s. */
void db_busy_ms(struct db *db, int ms);

/* Write transactions. db_begin takes the write lock at once (BEGIN IMMEDIATE).
 * They do not nest. db_rollback never fails and may be called when none is
 * open. */
int db_begin(struct db *db, struct err *err);
int db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);

/* One unchanging view of the file for several reads, until db_rollback(). */
int db_begin_read(struct db *db, struct err *err);

/* Between many short transactions in a row: time for others who wait for the
 * write lock (a moment's sleep). */
void db_give_way(struct db *db);

/* A lock between processes beside the file, freed by the kernel when its
 * owner dies. 1 taken, 0 somebody else has it, -1. Never waits. */
struct db_guard;
int db_guard(struct db *db, const char *name, struct db_guard **guard_out,
	     struct err *err);
void db_unguard(struct db_guard **guard);

/* Prepare `count` statements; their order is the index of db_use(). */
int db_prepare(struct db *db, const struct db_query *queries, size_t count,
	       struct db_set **set_out, struct err *err);
void db_finish(struct db_set **set);

/* Statement `index`, reset and with all parameters NULL, ready to bind. */
struct db_stmt *db_use(struct db_set *set, size_t index);

/* Bind by name (":issue"). An unknown name is a bug and dies. Text and blobs
 * are borrowed until the statement is used again. */
void db_bind_int(struct db_stmt *stmt, const char *name, int64_t value);
void db_bind_text(struct db_stmt *stmt, const char *name, struct str text);
void db_bind_blob(struct db_stmt *stmt, const char *name, struct str bytes);
void db_bind_null(struct db_stmt *stmt, const char *name);

/* 1: a row stands ready; 0: done (and reset); -1. With RETURNING a statement
 * counts as done only after the step that said 0. */
int db_step(struct db_stmt *stmt, struct err *err);

/* Step to the end, rows dropped. */
int db_run(struct db_stmt *stmt, struct err *err);

/* The one row a statement yields: 1 and the row ready (call db_reset when
 * read), 0 when there is none. */
int db_one(struct db_stmt *stmt, struct err *err);
void db_reset(struct db_stmt *stmt);

/* Columns of the current row, from 0. Text and blobs live until the next step
 * or reset; NULL reads as 0 and empty. */
int64_t db_int(struct db_stmt *stmt, int column);
struct str db_text(struct db_stmt *stmt, int column);
struct str db_blob(struct db_stmt *stmt, int column);
bool db_null(struct db_stmt *stmt, int column);

int64_t db_changes(struct db *db);	/* rows of the last statement */
int64_t db_last_id(struct db *db);

/* Bring the -wal file back into the database; best effort. */
void db_checkpoint(struct db *db);

#endif
