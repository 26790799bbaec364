/* error.c - SQLite's codes as sentences with a cure */
#include "db_priv.h"

static const struct {
	int code;
	enum err_code kind;
	const char *message, *hint;
} causes[] = {
	{ SQLITE_BUSY, ERR_AGAIN, "the database is locked by another process",
	  "try again; if it stays, see which program has it open" },
	{ SQLITE_LOCKED, ERR_AGAIN, "the database is locked", "try again" },
	{ SQLITE_PROTOCOL, ERR_AGAIN, "the database is locked by others", "try again" },
	{ SQLITE_NOTADB, ERR_DB, "this is not a database",
	  "restore it from a backup, or move it away and import again" },
	{ SQLITE_CORRUPT, ERR_DB, "the database is damaged",
	  "restore it from a backup; sqlite3's .recover may save what is left" },
	{ SQLITE_READONLY, ERR_DB, "the database may not be written",
	  "check the owner and the rights of the file and of its folder" },
	{ SQLITE_CANTOPEN, ERR_IO, "the database cannot be opened",
	  "check the rights of the file and of its folder" },
	{ SQLITE_PERM, ERR_IO, "the database may not be opened",
	  "check the rights of the file and of its folder" },
	{ SQLITE_FULL, ERR_IO, "the disk is full",
	  "make room; nothing that was recorded is lost" },
	{ SQLITE_IOERR, ERR_IO, "the disk failed while the database was used",
	  "check the disk's room and health; nothing recorded is lost" },
	{ SQLITE_NOMEM, ERR_INTERNAL, "out of memory", "close other programs" },
};

int db_failed_code(const char *path, int code, const char *text,
		   struct err *err)
{
	/* A broken rule of the schema and the like: SQLite says it best. */
	err_set(err, ERR_DB, "%s", text);
	for (size_t i = 0; i < sizeof(causes) / sizeof(*causes); i++) {
		if (causes[i].code != (code & 0xff))
			continue;
		err_set(err, causes[i].kind, "%s", causes[i].message);
		err_hint(err, "%s", causes[i].hint);
	}
	return err_place(err, "%s", path);
}

int db_failed(const struct db *db, struct err *err)
{
	return db_failed_code(db->path, sqlite3_extended_errcode(db->sqlite),
			      sqlite3_errmsg(db->sqlite), err);
}
