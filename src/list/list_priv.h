/* list_priv.h - inside the list: its statements, and the way of an import */
#ifndef LIST_PRIV_H
#define LIST_PRIV_H

#include <stdio.h>

#include "list/import.h"
#include "list/subscriber.h"

struct list {
	struct db *db;
	struct seal *seal;
	struct db_set *set;
};

/* What the suppression of an address is known by: 64 hex digits. */
void suppression_hash(struct list *list, struct str key, char out[65]);
/* 1 with the reason in the statement's row (db_reset it), 0 not, -1. */
int suppression_find(struct list *list, struct str key, struct db_stmt **s_out,
		     struct err *err);

/* May this stand as `field` of a person: a name, a language, tags? -1 with
 * ERR_INPUT. */
int person_text_ok(const char *field, struct str text, struct err *err);

/* "b; a;b" -> "a;b": sorted, each once. In `arena`. */
struct str tags_sorted(struct str tags, struct arena *arena);

/* Would a spreadsheet run this cell (= + - @ tab CR first)? Apostrophes before
 * that are looked past: an export puts one before such a cell, an import takes
 * one away, so that all comes back as it was. */
bool cell_is_formula(struct str cell);

/* One person as a line of a file has it, checked. What the line does not say
 * is "" or 0. */
struct import_row {
	struct str email, name, first_name, last_name, language, tags, lists,
		attributes;
	enum list_state state;
	int64_t joined_at;
};

/* A record of a file may have so many bytes as it is written, on one line or
 * on several, and a field so many. */
#define CSV_RECORD_MAX ((size_t)64 * 1024)
#define CSV_FIELD_MAX  ((size_t)8 * 1024)

/* Reads records; `record` gets the fields of one, in the file's order. */
struct csv_events {
	int (*record)(void *arg, int line, const struct str *fields,
		      size_t count, struct err *err);
	void *arg;
};
int csv_read(const char *path, const struct csv_events *events,
	     struct err *err);

/* The same of an open file; `name` is for the place of an error. */
int csv_read_stream(FILE *in, const char *name, const struct csv_events *events,
		    struct err *err);

/* What each column means, found from the header row. */
#define COLUMNS_MAX 200
struct columns {
	const struct import_options *options;
	int meaning[COLUMNS_MAX]; /* of column i; -1 ignored */
	size_t count;
	bool has_lists, has_attributes;
	bool plain; /* no header: one address a line */
};

/* Does this first record name columns (rather than hold an address)? */
bool columns_is_header(const struct str *fields, size_t count);
int columns_read(struct columns *columns, const struct str *fields,
		 size_t count, struct err *err);
void columns_plain(struct columns *columns);

/* Check one record; strings are made in `arena`. */
int columns_row(const struct columns *columns, const struct str *fields,
		size_t count, struct arena *arena, struct import_row *row_out,
		struct err *err);

/* The staged rows become people, in chunks nobody sees until the last. `set`
 * holds the statements of import.sql behind `stage`; `people` is how many
 * were sorted, `met_out` how many of those counted as added had joined since.
 * What is left to be moved in place is for recover_import(). */
int apply_import(struct list *list, struct db_set *set,
		 const struct import_options *options, int64_t people,
		 int64_t *met_out, struct err *err);

/* Finish an import that was published, throw away one that was not. The
 * caller holds IMPORT_GUARD. Also 0 when there is nothing to do. */
#define IMPORT_GUARD "import"
int recover_import(struct list *list, struct err *err);

/* The same when an import was cut off; 0 also while another one is alive. */
int recover_if_dead(struct list *list, struct err *err);

#endif
