/* import.h - moving people in and out as CSV (RFC 4180) or one address a line
 *
 * All or none: the file is read and checked to its end into a staging table
 * before anything is applied; what is applied stays invisible to every other
 * reader of the list_* views until the last chunk is in, and each chunk's
 * transaction is under 100 ms. Killed in the middle, the next import (or
 * list_open for writing) throws the half-done one away. One at a time: a
 * second one is ERR_AGAIN.
 *
 * A first line without an "@" is a header row; without one there is a single
 * column of addresses.
 * Columns: email (or address, e-mail), name, first_name, last_name, language,
 * tags (";" between), lists (";"), state, joined, and declared attributes.
 * Others are refused unless mapped or ignored. BOM, LF, CRLF and CR are taken.
 * Who left, bounced or is suppressed is never revived; a later import never
 * downgrades a confirmed reader unless the row's state says so.
 */
#ifndef LIST_IMPORT_H
#define LIST_IMPORT_H

#include "base/err.h"
#include "list/subscriber.h"

struct import_map { /* --map COL=FIELD, --ignore COL (field "") */
	struct str column, field;
};

/* One error is reported whole; `errors` says how many lines were wrong. */
struct import_options {
	const char *path; /* "-" is standard input */
	int64_t list_id;  /* for rows without a `lists` column */
	const struct import_map *maps;
	size_t map_count;
	const struct str *attributes; /* declared names */
	const struct str
		*attribute_types; /* text number date bool, same order */
	size_t attribute_count;
	struct str who; /* for the evidence: the user running it */
	bool dry_run;
	int64_t now;
	/* Called now and then with rows done and bytes read; may be NULL. */
	void (*progress)(void *arg, int64_t rows);
	void *progress_arg;
};

struct import_done {
	int64_t rows;	  /* data rows read */
	int64_t added;	  /* new people */
	int64_t changed;  /* known, something new about them */
	int64_t known;	  /* known, nothing new */
	int64_t kept_out; /* left, bounced or suppressed: not revived */
	int64_t repeated; /* the same person twice in the file */
};

/* ERR_INPUT: place is "FILE:LINE" (":COLUMN-NAME" where it helps), the
 * message says what is wrong there, the hint that nothing was imported. */
int list_import(struct list *list, const struct import_options *options,
		struct import_done *done_out, struct err *err);

struct list_export {
	int64_t list_id;	      /* 0: of all lists */
	enum list_state state;	      /* LIST_NONE: in all */
	bool raw;		      /* no apostrophes, see below */
	const struct str *attributes; /* declared names, a column each */
	size_t attribute_count;
};

/* Everybody visible, as CSV with a header that list_import() takes back, in
 * the order of addresses: a line for each person and state, with the lists
 * they are in it on. Who is suppressed counts as unsubscribed. Cells that a
 * spreadsheet would run (= + - @ tab CR first) get an apostrophe unless
 * `raw`, which list_import() takes away again. `write` gets a line at a time
 * and returns non-zero to stop. */
int list_export(struct list *list, const struct list_export *what,
		int (*write)(void *arg, struct str text), void *arg,
		struct err *err);

#endif
