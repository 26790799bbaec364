/* import.c - a file of people: staged and checked to its end, then applied */
#include "base/buf.h"
#include "list_priv.h"
#include "mail/address.h"

#include "import_sql.h"
#include "list_sql.h"

struct known_list {
	int64_t id;
	struct str key;
};

struct import {
	struct list *list;
	const struct import_options *options;
	struct db_set *tables; /* import.sql before `stage` */
	struct db_set *stage;  /* that one */
	struct db_set *set;    /* and those behind it */
	struct columns columns;
	struct known_list *lists;
	size_t list_count;
	bool begun;	     /* the first record was seen */
	struct arena *arena; /* of the whole import */
	struct arena *row_arena;
	int64_t people; /* each counted once */
	struct import_done done;
};

static struct db_stmt *use(const struct import *im, size_t statement)
{
	return db_use(im->set, statement - IMPORT_SQL_SORT_PEOPLE);
}

/* --- staging --------------------------------------------------------------- */

/* What the row does not say is NULL: it changes nothing that is known. */
static void bind_said(struct db_stmt *s, const char *name, struct str text)
{
	if (text.len > 0)
		db_bind_text(s, name, text);
}

static int no_such_list(struct str name, struct err *err)
{
	err_set(err, ERR_INPUT, "there is no list '" STR_FMT "'",
		STR_ARG(str_head(name, 60)));
	return err_hint(err, "lists are named in "
			     "tidings.yaml under 'lists'");
}

static const struct known_list *find_list(const struct import *im,
					  struct str key)
{
	for (size_t i = 0; i < im->list_count; i++)
		if (str_eq(im->lists[i].key, key))
			return &im->lists[i];
	return NULL;
}

static void add_number(struct buf *numbers, int64_t id)
{
	buf_fmt(numbers, "%s%lld", numbers->len ? "," : "[", (long long)id);
}

/* "weekly; daily" as "[1,2"; the option's list when the row names none. */
static int add_numbers(const struct import *im, struct str names,
		       struct buf *numbers, struct err *err)
{
	while (names.len > 0) {
		struct str name = str_trim(str_cut(names, ';', &names));
		const struct known_list *known = find_list(im, name);

		if (name.len == 0)
			continue;
		if (!known)
			return no_such_list(name, err);
		add_number(numbers, known->id);
	}
	if (numbers->len > 0)
		return 0;
	if (im->options->list_id == 0) {
		err_set(err, ERR_INPUT, "the row names no list");
		return err_hint(err, "say with --list "
				     "where such rows belong");
	}
	add_number(numbers, im->options->list_id);
	return 0;
}

static int list_numbers(struct import *im, struct str names,
			struct str *json_out, struct err *err)
{
	struct buf numbers;
	int rc;

	/* Behind each ";" a number of at most five digits. */
	buf_init(&numbers, 8 * CSV_FIELD_MAX);
	rc = add_numbers(im, names, &numbers, err);
	buf_byte(&numbers, ']');
	if (rc == 0)
		*json_out = arena_dup(im->row_arena, buf_str(&numbers));
	buf_done(&numbers);
	return rc;
}

static int stage_row(struct import *im, const struct import_row *row,
		     struct err *err)
{
	struct str key = address_key(im->row_arena, row->email);
	struct db_stmt *s = db_use(im->stage, 0);
	struct str lists = STR_NONE;
	char hash[65];

	if (im->columns.has_lists &&
	    list_numbers(im, row->lists, &lists, err) < 0)
		return -1;
	suppression_hash(im->list, key, hash);
	db_bind_text(s, ":key", key);
	db_bind_text(s, ":hash", str_of(hash));
	db_bind_text(s, ":address", address_wire(im->row_arena, row->email));
	bind_said(s, ":name", row->name);
	bind_said(s, ":first_name", row->first_name);
	bind_said(s, ":last_name", row->last_name);
	bind_said(s, ":language", row->language);
	bind_said(s, ":tags", row->tags);
	bind_said(s, ":attributes", row->attributes);
	if (row->joined_at != 0)
		db_bind_int(s, ":joined_at", row->joined_at);
	db_bind_text(s, ":state", str_of(list_state_name(row->state)));
	bind_said(s, ":lists", lists);
	return db_run(s, err);
}

static int begin_columns(struct import *im, const struct str *fields,
			 size_t count, struct err *err)
{
	im->begun = true;
	if (columns_is_header(fields, count))
		return columns_read(&im->columns, fields, count, err) < 0 ? -1
									  : 1;
	columns_plain(&im->columns);
	return 0;
}

static int need_list(const struct import *im, struct err *err)
{
	if (im->columns.has_lists || im->options->list_id != 0)
		return 0;
	err_set(err, ERR_USAGE,
		"there are several lists, and the file has no "
		"column 'lists'");
	return err_hint(err, "say which with --list");
}

static int on_record(void *arg, int line, const struct str *fields,
		     size_t count, struct err *err)
{
	struct import *im = arg;
	struct import_row row;
	int header = 0;

	(void)line;
	if (!im->begun) {
		header = begin_columns(im, fields, count, err);
		if (header < 0 || need_list(im, err) < 0)
			return -1;
	}
	if (header)
		return 0;
	arena_reset(im->row_arena);
	if (columns_row(&im->columns, fields, count, im->row_arena, &row, err) <
		    0 ||
	    stage_row(im, &row, err) < 0)
		return -1;
	im->done.rows++;
	if (im->options->progress && im->done.rows % 10000 == 0)
		im->options->progress(im->options->progress_arg, im->done.rows);
	return 0;
}

/* Whatever is wrong with a file, its owner asks that first. */
static int reassure(struct err *err)
{
	char cure[sizeof(err->hint)];

	if (err->code != ERR_INPUT && err->code != ERR_USAGE)
		return -1;
	memcpy(cure, err->hint, sizeof(cure));
	return err_hint(err, "nothing was imported; %s",
			cure[0] ? cure
				: "correct the line and run the same "
				  "command again");
}

/* In one transaction, so that the temporary tables are not settled a million
 * times; the database itself is not touched and takes no lock. */
static int stage_file(struct import *im, struct err *err)
{
	struct csv_events events = { on_record, im };

	if (db_begin_read(im->list->db, err) < 0)
		return -1;
	if (csv_read(im->options->path, &events, err) == 0)
		return db_commit(im->list->db, err);
	db_rollback(im->list->db);
	return reassure(err);
}

/* --- what each row comes to ------------------------------------------------ */

/* Once the header has told where each person's lists stand. */
static int prepare_rest(struct import *im, struct err *err)
{
	size_t wish = im->columns.has_lists ? IMPORT_SQL_WISH_OF_MANY
					    : IMPORT_SQL_WISH_OF_ONE;

	if (db_run(db_use(im->tables, wish), err) < 0)
		return -1;
	return db_prepare(im->list->db, &import_queries[IMPORT_SQL_SORT_PEOPLE],
			  IMPORT_SQL_COUNT - IMPORT_SQL_SORT_PEOPLE, &im->set,
			  err);
}

static int sort_out(struct import *im, struct err *err)
{
	struct db_stmt *s;

	if (prepare_rest(im, err) < 0)
		return -1;
	s = use(im, IMPORT_SQL_SORT_PEOPLE);
	db_bind_int(s, ":list", im->options->list_id);
	if (db_run(s, err) < 0)
		return -1;
	if (!im->columns.has_lists)
		return 0;
	if (db_run(use(im, IMPORT_SQL_INDEX_PEOPLE), err) < 0)
		return -1;
	return db_run(use(im, IMPORT_SQL_WISH_FOR_MANY), err);
}

static int count(struct import *im, struct err *err)
{
	struct db_stmt *s = use(im, IMPORT_SQL_COUNT_PEOPLE);
	struct import_done *d = &im->done;

	if (db_one(s, err) < 0)
		return -1;
	im->people = db_int(s, 0);
	d->added = db_int(s, 1);
	d->changed = db_int(s, 2);
	d->kept_out = db_int(s, 3);
	d->known = im->people - d->added - d->changed - d->kept_out;
	d->repeated = d->rows - im->people;
	db_reset(s);
	return 0;
}

/* --- the whole ------------------------------------------------------------- */

static int read_lists(struct import *im, struct err *err)
{
	struct db_stmt *s = db_use(im->list->set, LIST_SQL_LISTS);
	size_t room = 0;
	int rc;

	while ((rc = db_step(s, err)) == 1) {
		if (im->list_count == room) {
			struct known_list *more = arena_many(
				im->arena, struct known_list, 2 * room + 16);

			if (room > 0)
				memcpy(more, im->lists, room * sizeof(*more));
			im->lists = more;
			room = 2 * room + 16;
		}
		im->lists[im->list_count].id = db_int(s, 0);
		im->lists[im->list_count++].key = arena_dup(im->arena,
							    db_text(s, 1));
	}
	return rc;
}

static int run_tables(struct import *im, size_t from, size_t to,
		      struct err *err)
{
	for (size_t i = from; i <= to; i++)
		if (db_run(db_use(im->tables, i), err) < 0)
			return -1;
	return 0;
}

static int make_tables(struct import *im, struct err *err)
{
	if (db_prepare(im->list->db, import_queries, IMPORT_SQL_STAGE,
		       &im->tables, err) < 0 ||
	    run_tables(im, IMPORT_SQL_DROP_ROW, IMPORT_SQL_DROP_WISH, err) <
		    0 ||
	    run_tables(im, IMPORT_SQL_MAKE_ROW, IMPORT_SQL_MAKE_MANY, err) < 0)
		return -1;
	return db_prepare(im->list->db, &import_queries[IMPORT_SQL_STAGE], 1,
			  &im->stage, err);
}

static void drop_tables(struct import *im)
{
	struct err ignored = ERR_INIT;

	db_finish(&im->set);
	db_finish(&im->stage);
	if (im->tables)
		run_tables(im, IMPORT_SQL_DROP_ROW, IMPORT_SQL_DROP_WISH,
			   &ignored);
	db_finish(&im->tables);
}

static int check_file(struct import *im, struct err *err)
{
	if (make_tables(im, err) < 0 || read_lists(im, err) < 0 ||
	    stage_file(im, err) < 0 || sort_out(im, err) < 0)
		return -1;
	return count(im, err);
}

static int guarded_import(struct import *im, struct err *err)
{
	struct err ignored = ERR_INIT;
	int64_t met = 0;
	int rc;

	if (recover_import(im->list, err) < 0 || check_file(im, err) < 0)
		return -1;
	if (im->options->dry_run || im->people == 0)
		return 0;
	rc = apply_import(im->list, im->set, im->options, im->people, &met,
			  err);
	im->done.added -= met;
	im->done.changed += met;
	/* Whichever way it went: what is left to move or to throw away. If
	 * that fails, the next who writes does it. */
	recover_import(im->list, &ignored);
	return rc;
}

int list_import(struct list *list, const struct import_options *options,
		struct import_done *done_out, struct err *err)
{
	struct import im = { .list = list,
			     .options = options,
			     .columns.options = options };
	struct db_guard *guard = NULL;
	int rc = db_guard(list->db, IMPORT_GUARD, &guard, err);

	if (rc < 0)
		return -1;
	if (rc == 0) {
		err_set(err, ERR_AGAIN, "another import is under way");
		return err_hint(err, "try again when it has ended");
	}
	im.arena = arena_new("an import", (size_t)64 << 20);
	im.row_arena = arena_new("a row of a list", (size_t)4 << 20);
	rc = guarded_import(&im, err);
	if (rc == 0)
		*done_out = im.done;
	drop_tables(&im);
	arena_free(&im.row_arena);
	arena_free(&im.arena);
	db_unguard(&guard);
	return rc;
}
