/* list_priv.h - inside the list: its statements, and the way of an import */
#ifndef LIST_PRIV_H
#define LIST_PRIV_H

#include "list/import.h"
#include "list/subscriber.h"

struct list {
	struct db *db;
	struct seal *seal;
	struct db_set *set;
};

/* One person as a line of a file has it, checked. */
struct import_row {
	struct str email, name, first_name, last_name, language, tags, lists,
		   attributes;
	enum list_state state;
	int64_t joined_at;
};

/* Reads records; `row` gets the fields of one, in the file's order. */
struct csv_events {
	int (*record)(void *arg, int line, const struct str *fields,
		      size_t count, struct err *err);
	void *arg;
};
int csv_read(const char *path, const struct csv_events *events,
	     struct err *err);

/* What each column means, found from the header row. */
#define COLUMNS_MAX 200
struct columns {
	const struct import_options *options;
	int meaning[COLUMNS_MAX];	/* of column i; -1 ignored */
	size_t count;
	bool plain;			/* no header: one address a line */
};

/* Does this first record name columns (rather than hold an address)? */
bool columns_is_header(const struct str *fields, size_t count);
int columns_read(struct columns *columns, const struct str *fields,
		 size_t count, struct err *err);

/* Check one record; strings are made in `arena`. */
int columns_row(const struct columns *columns, const struct str *fields,
		size_t count, int64_t now, struct arena *arena,
		struct import_row *row_out, struct err *err);

/* The staged rows become people, in chunks nobody sees until the last. `set`
 * holds the statements from create_staging on. */
int apply_import(struct list *list, struct db_set *set,
		 const struct import_options *options, struct err *err);

/* Throw away what a killed import left. 0 also when there is none; ERR_AGAIN
 * while another one is alive. */
int apply_clean_up(struct list *list, struct err *err);

#endif
