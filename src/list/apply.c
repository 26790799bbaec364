/* apply.c - staged rows become people, in chunks nobody sees until the last
 *
 * New rows carry the batch's number, news about known people wait in next_*;
 * the views leave out both until import_clock.shown is raised to that number,
 * in one statement. Killed before that, what was written is thrown away by
 * recover.c; killed after it, the move is finished there.
 */
#include "list_priv.h"

#include "import_sql.h"

#define PEOPLE_AT_ONCE 1000 /* keeps a transaction well under 100 ms */

struct apply {
	struct list *list;
	struct db_set *set;
	const struct import_options *options;
	int64_t batch, people;
	int64_t after, to; /* the chunk: ordinals of import_person */
};

static struct db_stmt *use(const struct apply *a, size_t statement)
{
	return db_use(a->set, statement - IMPORT_SQL_STAGE);
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

static void bind_chunk(const struct apply *a, struct db_stmt *s)
{
	db_bind_int(s, ":after", a->after);
	db_bind_int(s, ":to", a->to);
	db_bind_int(s, ":batch", a->batch);
}

static int apply_people(const struct apply *a, struct err *err)
{
	struct db_stmt *s = use(a, IMPORT_SQL_APPLY_PEOPLE);

	bind_chunk(a, s);
	db_bind_int(s, ":now", a->options->now);
	db_bind_int(s, ":stretch", INT64_MAX / a->people);
	return db_run(s, err);
}

static int apply_news(const struct apply *a, struct err *err)
{
	struct db_stmt *s = use(a, IMPORT_SQL_APPLY_NEWS);

	bind_chunk(a, s);
	return db_run(s, err);
}

static int apply_wishes(const struct apply *a, size_t statement,
			struct err *err)
{
	struct db_stmt *s = use(a, statement);

	bind_chunk(a, s);
	db_bind_int(s, ":now", a->options->now);
	return db_run(s, err);
}

static int apply_chunk(const struct apply *a, struct err *err)
{
	if (db_begin(a->list->db, err) < 0)
		return -1;
	/* The evidence follows the states: it is kept for those alone that
	 * this batch really changes. */
	if (apply_people(a, err) == 0 && apply_news(a, err) == 0 &&
	    apply_wishes(a, IMPORT_SQL_APPLY_STATES, err) == 0 &&
	    apply_wishes(a, IMPORT_SQL_APPLY_CONSENT, err) == 0)
		return db_commit(a->list->db, err);
	db_rollback(a->list->db);
	return -1;
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
		 struct err *err)
{
	struct apply a = {
		.list = list, .set = set, .options = options, .people = people
	};

	if (open_batch(&a, err) < 0 || apply_all(&a, err) < 0)
		return -1;
	return publish(&a, err);
}
