/* db_priv.h - inside the handle */
#ifndef DB_PRIV_H
#define DB_PRIV_H

#include <sqlite3.h>

#include "db/db.h"

struct db {
	sqlite3 *sqlite;
	char *path;
	int busy_ms;		/* how long to wait for another's lock */
	int waited_ms;		/* of that, in the present wait */
	bool memory, writes;
};

/* The text and code of the latest failure as an error with a cure. -1. */
int db_failed(const struct db *db, struct err *err);

/* The same from a result code alone; `text` is what SQLite says to it. */
int db_failed_code(const char *path, int code, const char *text,
		   struct err *err);

/* Is the file ours, or empty, and not of a newer tidings? Looks only. */
int db_check_owner(struct db *db, struct err *err);

/* Bring the schema up to date, or check that it is (when not writing). */
int db_migrate(struct db *db, struct err *err);

/* Statements without parameters and without rows that matter. */
int db_exec(struct db *db, const char *sql, struct err *err);

#endif
