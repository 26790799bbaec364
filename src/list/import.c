/* import.c - a file of people: staged and checked to its end, then applied */
#include <stdlib.h>

#include "list_priv.h"
#include "mail/address.h"

#include "list_sql.h"

/* Statements behind create_staging are prepared once the table is there. */
#define STAGED(name) (LIST_SQL_##name - LIST_SQL_CREATE_STAGING)

struct import {
	struct list *list;
	const struct import_options *options;
	struct db_set *set;
	struct columns columns;
	bool begun;		/* the first record was seen */
	bool any_suppressed;
	struct arena *arena;	/* of one row */
	struct import_done done;
};

static int stage_on(struct import *im, const struct import_row *row,
		    struct str key, struct str suppressed, int64_t list_id,
		    struct err *err)
{
	struct db_stmt *s = db_use(im->set, STAGED(STAGE));

	db_bind_text(s, ":key", key);
	db_bind_text(s, ":address", address_wire(im->arena, row->email));
	db_bind_text(s, ":name", row->name);
	db_bind_text(s, ":first_name", row->first_name);
	db_bind_text(s, ":last_name", row->last_name);
	db_bind_text(s, ":language", row->language);
	db_bind_text(s, ":tags", row->tags);
	db_bind_text(s, ":attributes", row->attributes);
	db_bind_int(s, ":joined_at", row->joined_at);
	db_bind_int(s, ":list", list_id);
	db_bind_text(s, ":state", str_of(list_state_name(row->state)));
	db_bind_text(s, ":suppressed", suppressed);
	return db_run(s, err);
}

static int reason_of(struct import *im, struct str key, struct str *reason_out,
		     struct err *err)
{
	char hash[65];
	struct db_stmt *s;
	int rc;

	*reason_out = STR_NONE;
	if (!im->any_suppressed)
		return 0;
	seal_hash(im->list->seal, "suppression", key, hash);
	s = db_use(im->list->set, LIST_SQL_REASON_OF);
	db_bind_text(s, ":hash", str_of(hash));
	rc = db_one(s, err);
	if (rc == 1)
		*reason_out = arena_dup(im->arena, db_text(s, 0));
	db_reset(s);
	return rc < 0 ? -1 : 0;
}

static int stage_row(struct import *im, const struct import_row *row,
		     struct err *err)
{
	struct str key = address_key(im->arena, row->email);
	struct str rest = row->lists;
	struct str suppressed;

	if (reason_of(im, key, &suppressed, err) < 0)
		return -1;
	if (rest.len == 0)
		return stage_on(im, row, key, suppressed,
				im->options->list_id, err);
	while (rest.len > 0) {
		struct str name = str_trim(str_cut(rest, ';', &rest));
		int64_t on;

		if (name.len == 0)
			continue;
		if (list_id(im->list, name, false, &on, err) < 0) {
			err->code = ERR_INPUT;
			return -1;
		}
		if (stage_on(im, row, key, suppressed, on, err) < 0)
			return -1;
	}
	return 0;
}

static int on_record(void *arg, int line, const struct str *fields,
		     size_t count, struct err *err)
{
	struct import *im = arg;
	struct import_row row;

	(void)line;
	if (!im->begun) {
		im->begun = true;
		if (columns_is_header(fields, count))
			return columns_read(&im->columns, fields, count, err);
		im->columns.count = 1;
		im->columns.meaning[0] = 0;
	}
	arena_reset(im->arena);
	if (columns_row(&im->columns, fields, count, im->options->now,
			im->arena, &row, err) < 0 ||
	    stage_row(im, &row, err) < 0)
		return -1;
	im->done.rows++;
	if (im->options->progress && im->done.rows % 10000 == 0)
		im->options->progress(im->options->progress_arg,
				      im->done.rows);
	return 0;
}

static int stage_file(struct import *im, struct err *err)
{
	struct csv_events events = { on_record, im };

	if (csv_read(im->options->path, &events, err) == 0)
		return 0;
	if (err->code == ERR_INPUT && !err->hint[0])
		err_hint(err, "nothing was imported; correct the line and run "
			      "the same command again");
	return -1;
}

/* --- counting what would happen ------------------------------------------- */

static int count(struct import *im, size_t statement, int64_t *out,
		 struct err *err)
{
	struct db_stmt *s = db_use(im->set, statement);

	if (db_one(s, err) < 0)
		return -1;
	*out = db_int(s, 0);
	db_reset(s);
	return 0;
}

static int count_all(struct import *im, struct err *err)
{
	struct import_done *d = &im->done;
	int64_t people;

	if (count(im, STAGED(COUNT_PEOPLE), &people, err) < 0 ||
	    count(im, STAGED(COUNT_NEW), &d->added, err) < 0 ||
	    count(im, STAGED(COUNT_KEPT_OUT), &d->kept_out, err) < 0 ||
	    count(im, STAGED(COUNT_CHANGED), &d->changed, err) < 0)
		return -1;
	d->known = people - d->added - d->changed;
	return 0;
}

static int run(struct import *im, size_t statement, struct err *err)
{
	return db_run(db_use(im->set, statement), err);
}

static int prepare(struct import *im, struct err *err)
{
	struct db_stmt *s = db_use(im->list->set, LIST_SQL_ANY_SUPPRESSION);
	struct db_set *create;
	int rc;

	if (db_one(s, err) < 0)
		return -1;
	im->any_suppressed = db_int(s, 0) != 0;
	db_reset(s);
	if (db_prepare(im->list->db, &list_queries[LIST_SQL_CREATE_STAGING], 1,
		       &create, err) < 0)
		return -1;
	rc = db_run(db_use(create, 0), err);
	db_finish(&create);
	if (rc < 0)
		return -1;
	return db_prepare(im->list->db, &list_queries[LIST_SQL_CREATE_STAGING],
			  LIST_SQL_COUNT - LIST_SQL_CREATE_STAGING, &im->set,
			  err);
}

int list_import(struct list *list, const struct import_options *options,
		struct import_done *done_out, struct err *err)
{
	struct import im = { .list = list, .options = options };
	int rc = -1;

	im.columns.options = options;
	im.arena = arena_new("a row of a list", (size_t)4 << 20);
	if (prepare(&im, err) < 0 || run(&im, STAGED(UNINDEX_STAGING), err) < 0 ||
	    run(&im, STAGED(EMPTY_STAGING), err) < 0 ||
	    stage_file(&im, err) < 0 ||
	    run(&im, STAGED(INDEX_STAGING), err) < 0 ||
	    run(&im, STAGED(DROP_REPEATED), err) < 0)
		goto out;
	im.done.repeated = db_changes(list->db);
	if (count_all(&im, err) < 0)
		goto out;
	if (!options->dry_run && apply_import(list, im.set, options, err) < 0)
		goto out;
	*done_out = im.done;
	rc = 0;
out:
	db_finish(&im.set);
	arena_free(&im.arena);
	return rc;
}
