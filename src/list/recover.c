/* recover.c - what an import left: news to move in place, or half of itself
 *
 * Published means that its number is at or below import_clock.shown: then
 * what waits in next_* is what everybody reads already, and is moved in place.
 * Not published: nobody ever saw it, and it goes. Either way in short
 * transactions, so that it may be killed and begun again at any point.
 */
#include "list_priv.h"

#include "recover_sql.h"

#define ROWS_AT_ONCE 2000 /* well under 100 ms */

struct recovery {
	struct db *db;
	struct db_set *set;
	int64_t batch;
	bool published;
};

/* One statement in a transaction of its own, again until it finds nothing. */
static int drain(struct recovery *r, size_t statement, struct err *err)
{
	struct db_stmt *s;
	int64_t changed;

	do {
		s = db_use(r->set, statement);
		db_bind_int(s, ":limit", ROWS_AT_ONCE);
		if (db_run(s, err) < 0)
			return -1;
		changed = db_changes(r->db);
		if (changed > 0)
			db_give_way(r->db);
	} while (changed > 0);
	return 0;
}

static int drop_rows(struct recovery *r, size_t statement, int64_t after,
		     int64_t to, struct err *err)
{
	struct db_stmt *s = db_use(r->set, statement);

	db_bind_int(s, ":after", after);
	db_bind_int(s, ":to", to);
	db_bind_int(s, ":batch", r->batch);
	return db_run(s, err);
}

static int drop_stretch(struct recovery *r, int64_t after, int64_t to,
			struct err *err)
{
	if (db_begin(r->db, err) < 0)
		return -1;
	if (drop_rows(r, RECOVER_SQL_DROP_CONSENT, after, to, err) == 0 &&
	    drop_rows(r, RECOVER_SQL_DROP_SUBSCRIPTIONS, after, to, err) == 0 &&
	    drop_rows(r, RECOVER_SQL_DROP_PEOPLE, after, to, err) == 0)
		return db_commit(r->db, err);
	db_rollback(r->db);
	return -1;
}

/* 1 and the end of the next stretch of ids, 0 behind the last, -1. */
static int next_stretch(struct recovery *r, int64_t after, int64_t *to_out,
			struct err *err)
{
	struct db_stmt *s = db_use(r->set, RECOVER_SQL_NEXT_STRETCH);
	int found;

	db_bind_int(s, ":after", after);
	db_bind_int(s, ":limit", ROWS_AT_ONCE);
	if (db_one(s, err) < 0)
		return -1;
	found = !db_null(s, 0);
	*to_out = db_int(s, 0);
	db_reset(s);
	return found;
}

static int throw_away(struct recovery *r, struct err *err)
{
	int64_t after = 0, to;
	int more;

	if (drain(r, RECOVER_SQL_DROP_NEWS, err) < 0 ||
	    drain(r, RECOVER_SQL_DROP_STATES, err) < 0)
		return -1;
	while ((more = next_stretch(r, after, &to, err)) == 1) {
		if (drop_stretch(r, after, to, err) < 0)
			return -1;
		after = to;
		db_give_way(r->db);
	}
	return more;
}

static int move_in_place(struct recovery *r, struct err *err)
{
	if (drain(r, RECOVER_SQL_SETTLE_NEWS, err) < 0)
		return -1;
	return drain(r, RECOVER_SQL_SETTLE_ALL_STATES, err);
}

/* The batch's own row goes last: while it stands, there is work to do. */
static int finish(struct recovery *r, struct err *err)
{
	struct db_stmt *s;

	if ((r->published ? move_in_place(r, err) : throw_away(r, err)) < 0)
		return -1;
	s = db_use(r->set, r->published ? RECOVER_SQL_CLOSE_BATCH
					: RECOVER_SQL_DROP_BATCH);
	db_bind_int(s, ":batch", r->batch);
	return db_run(s, err);
}

/* 1 when an import left something, 0 when not, -1. */
static int find_leftover(struct recovery *r, struct err *err)
{
	struct db_stmt *s = db_use(r->set, RECOVER_SQL_LEFTOVER);
	int found = db_one(s, err);

	if (found == 1) {
		r->batch = db_int(s, 0);
		r->published = db_int(s, 1) != 0;
		db_reset(s);
	}
	return found;
}

static int open_recovery(struct list *list, struct recovery *r, struct err *err)
{
	*r = (struct recovery){ .db = list->db };
	return db_prepare(list->db, recover_queries, RECOVER_SQL_COUNT, &r->set,
			  err);
}

int recover_import(struct list *list, struct err *err)
{
	struct recovery r;
	int found;

	if (open_recovery(list, &r, err) < 0)
		return -1;
	found = find_leftover(&r, err);
	if (found == 1)
		found = finish(&r, err);
	db_finish(&r.set);
	return found;
}

int recover_if_dead(struct list *list, struct err *err)
{
	struct db_guard *guard = NULL;
	struct recovery r;
	int rc;

	if (open_recovery(list, &r, err) < 0)
		return -1;
	rc = find_leftover(&r, err);
	db_finish(&r.set);
	if (rc != 1)
		return rc;
	rc = db_guard(list->db, IMPORT_GUARD, &guard, err);
	if (rc == 1)
		rc = recover_import(list, err);
	db_unguard(&guard);
	return rc;
}
