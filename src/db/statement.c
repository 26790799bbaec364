/* statement.c - named statements: prepared once, bound by name, stepped */
#include <stdlib.h>

#include "base/die.h"
#include "db_priv.h"

struct db_stmt {
	struct db *db;
	sqlite3_stmt *sqlite;
	const char *name;
};

struct db_set {
	size_t count;
	struct db_stmt stmts[];
};

int db_prepare(struct db *db, const struct db_query *queries, size_t count,
	       struct db_set **set_out, struct err *err)
{
	struct db_set *set = die_calloc(1, sizeof(*set) +
					count * sizeof(struct db_stmt),
					"statements");

	set->count = count;
	for (size_t i = 0; i < count; i++) {
		struct db_stmt *stmt = &set->stmts[i];

		stmt->db = db;
		stmt->name = queries[i].name;
		if (sqlite3_prepare_v3(db->sqlite, queries[i].sql, -1,
				       SQLITE_PREPARE_PERSISTENT,
				       &stmt->sqlite, NULL) == SQLITE_OK)
			continue;
		db_failed(db, err);
		if (sqlite3_errcode(db->sqlite) == SQLITE_ERROR)
			err_place(err, "statement '%s'", stmt->name);
		db_finish(&set);
		return -1;
	}
	*set_out = set;
	return 0;
}

void db_finish(struct db_set **set)
{
	if (!*set)
		return;
	for (size_t i = 0; i < (*set)->count; i++)
		sqlite3_finalize((*set)->stmts[i].sqlite);
	free(*set);
	*set = NULL;
}

struct db_stmt *db_use(struct db_set *set, size_t index)
{
	struct db_stmt *stmt = &set->stmts[index];

	if (index >= set->count)
		die("there is no statement %zu of %zu", index, set->count);
	sqlite3_reset(stmt->sqlite);
	sqlite3_clear_bindings(stmt->sqlite);
	return stmt;
}

static int parameter(struct db_stmt *stmt, const char *name)
{
	int index = sqlite3_bind_parameter_index(stmt->sqlite, name);

	if (index == 0)
		die("statement '%s' has no parameter '%s'", stmt->name, name);
	return index;
}

/* Binding fails only for our bugs, or for more than a gigabyte. */
static void bound(const struct db_stmt *stmt, const char *name, int rc)
{
	if (rc != SQLITE_OK)
		die("statement '%s': '%s' cannot be bound: %s", stmt->name,
		    name, sqlite3_errstr(rc));
}

/* A null pointer would be NULL, not the empty text. */
static const char *there(struct str s)
{
	return s.at ? s.at : "";
}

void db_bind_int(struct db_stmt *stmt, const char *name, int64_t value)
{
	bound(stmt, name,
	      sqlite3_bind_int64(stmt->sqlite, parameter(stmt, name), value));
}

void db_bind_text(struct db_stmt *stmt, const char *name, struct str text)
{
	bound(stmt, name,
	      sqlite3_bind_text64(stmt->sqlite, parameter(stmt, name),
				  there(text), text.len, SQLITE_STATIC,
				  SQLITE_UTF8));
}

void db_bind_blob(struct db_stmt *stmt, const char *name, struct str bytes)
{
	bound(stmt, name,
	      sqlite3_bind_blob64(stmt->sqlite, parameter(stmt, name),
				  there(bytes), bytes.len, SQLITE_STATIC));
}

void db_bind_null(struct db_stmt *stmt, const char *name)
{
	bound(stmt, name,
	      sqlite3_bind_null(stmt->sqlite, parameter(stmt, name)));
}

int db_step(struct db_stmt *stmt, struct err *err)
{
	int rc = sqlite3_step(stmt->sqlite);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE) {
		sqlite3_reset(stmt->sqlite);
		return 0;
	}
	db_failed(stmt->db, err);
	sqlite3_reset(stmt->sqlite);
	return -1;
}

int db_run(struct db_stmt *stmt, struct err *err)
{
	int rc;

	do
		rc = db_step(stmt, err);
	while (rc == 1);
	return rc;
}

int db_one(struct db_stmt *stmt, struct err *err)
{
	return db_step(stmt, err);
}

void db_reset(struct db_stmt *stmt)
{
	sqlite3_reset(stmt->sqlite);
}

int64_t db_int(struct db_stmt *stmt, int column)
{
	return sqlite3_column_int64(stmt->sqlite, column);
}

/* NULL stands for itself and for "no memory"; the latter must not pass as an
 * empty address. */
static struct str nothing(const struct db_stmt *stmt)
{
	if (sqlite3_errcode(stmt->db->sqlite) == SQLITE_NOMEM)
		die("statement '%s': out of memory", stmt->name);
	return STR_NONE;
}

struct str db_text(struct db_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt->sqlite,
							     column);

	if (!text)
		return nothing(stmt);
	return str_at(text,
		      (size_t)sqlite3_column_bytes(stmt->sqlite, column));
}

struct str db_blob(struct db_stmt *stmt, int column)
{
	const char *bytes = sqlite3_column_blob(stmt->sqlite, column);

	if (!bytes)
		return nothing(stmt);
	return str_at(bytes,
		      (size_t)sqlite3_column_bytes(stmt->sqlite, column));
}

bool db_null(struct db_stmt *stmt, int column)
{
	return sqlite3_column_type(stmt->sqlite, column) == SQLITE_NULL;
}
