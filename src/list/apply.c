/* apply.c - staged rows become people, in chunks nobody sees until the last
 *
 * New rows carry the batch's number, news about known people wait in next_*;
 * the views leave out both until import_clock.shown is raised to that number,
 * in one statement. Killed before that, what was written is thrown away by
 * recover.c; killed after it, the move is finished there.
 */
#include "list_priv.h"

#include "import_sql.h"

#define PEOPLE_AT_ONCE 4000 /* keeps a transaction well under 100 ms */

struct apply {
	struct list *list;
	struct db_set *set;
	const struct import_options *options;
	int64_t batch, people;
	int64_t after, to; /* the chunk: ordinals of import_person */
	int64_t met;	   /* who joined since they were sorted */
};

static struct db_stmt *use(const struct apply *a, size_t statement)
{
	return db_use(a->set, statement - IMPORT_SQL_SORT_PEOPLE);
}

static int open_batch(struct apply *a, struct err *err)
{
	struct db_stmt *s = use(a, IMPORT_SQL_OPEN_BATCH);

	db_bind_text(s, ":file", str_of(a->options->path));
	db_bind_text(s, ":who", a->options->who);
	db_bind_int(s, ":now", a->options->now);
	if (db_one(s, err) < 0)
		return -1;
	a->batch = db_int(s, 0);
	/* With RETURNING the row is there only when the step said done. */
	return db_step(s, err) < 0 ? -1 : 0;
}

/* The evidence follows the states: it is kept for those alone that this batch
 * really changes. */
static const struct {
	size_t statement;
	bool batch, now, stretch; /* what it asks for besides the chunk */
} steps[] = {
	{ IMPORT_SQL_MEET, false, false, false },
	{ IMPORT_SQL_APPLY_PEOPLE, true, true, true },
	{ IMPORT_SQL_APPLY_NEWS, true, false, false },
	{ IMPORT_SQL_APPLY_STATES, true, true, true },
	{ IMPORT_SQL_APPLY_CONSENT, true, true, true },
};

static int apply_step(struct apply *a, size_t step, struct err *err)
{
	struct db_stmt *s = use(a, steps[step].statement);

	db_bind_int(s, ":after", a->after);
	db_bind_int(s, ":to", a->to);
	if (steps[step].batch)
		db_bind_int(s, ":batch", a->batch);
	if (steps[step].now)
		db_bind_int(s, ":now", a->options->now);
	if (steps[step].stretch)
		db_bind_int(s, ":stretch", INT64_MAX / a->people);
	if (db_run(s, err) < 0)
		return -1;
	if (steps[step].statement == IMPORT_SQL_MEET)
		a->met += db_changes(a->list->db);
	return 0;
}

static int apply_chunk(struct apply *a, struct err *err)
{
	if (db_begin(a->list->db, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (apply_step(a, i, err) < 0) {
			db_rollback(a->list->db);
			return -1;
		}
	return db_commit(a->list->db, err);
}

static int apply_all(struct apply *a, struct err *err)
{
	for (a->after = 0; a->after < a->people; a->after = a->to) {
		a->to = a->after + PEOPLE_AT_ONCE;
		if (apply_chunk(a, err) < 0)
			return -1;
		db_give_way(a->list->db);
	}
	return 0;
}

static int publish(const struct apply *a, struct err *err)
{
	struct db_stmt *s = use(a, IMPORT_SQL_PUBLISH);

	db_bind_int(s, ":batch", a->batch);
	return db_run(s, err);
}

int apply_import(struct list *list, struct db_set *set,
		 const struct import_options *options, int64_t people,
		 int64_t *met_out, struct err *err)
{
	struct apply a = {
		.list = list, .set = set, .options = options, .people = people
	};

	if (open_batch(&a, err) < 0 || apply_all(&a, err) < 0)
		return -1;
	*met_out = a.met;
	return publish(&a, err);
}
