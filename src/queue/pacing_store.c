/* pacing_store.c - see queue/pacing_store.h */
#include "queue/pacing_store.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/time.h"

#include "pacing_store_sql.h"

#define KEPT_MS (7 * TIME_DAY_MS)

struct pace_store {
	struct db_set *set;
	struct str relay;
};

int pace_store_open(struct db *db, struct str relay,
		    struct pace_store **store_out, struct err *err)
{
	struct pace_store *store = die_calloc(1, sizeof(*store), "pacing");

	store->relay = relay;
	if (db_prepare(db, pacing_store_queries, PACING_STORE_SQL_COUNT,
		       &store->set, err) < 0) {
		free(store);
		return -1;
	}
	*store_out = store;
	return 0;
}

void pace_store_close(struct pace_store **store)
{
	if (!*store)
		return;
	db_finish(&(*store)->set);
	free(*store);
	*store = NULL;
}

int pace_store_load(struct pace_store *store, struct pace *pace, int64_t now,
		    struct err *err)
{
	struct db_stmt *s = db_use(store->set, PACING_STORE_SQL_LOAD);
	int rc;

	db_bind_text(s, ":relay", store->relay);
	db_bind_int(s, ":since", now - KEPT_MS);
	while ((rc = db_step(s, err)) == 1)
		pace_learn(pace, pace_named(pace, db_text(s, 0)),
			   (double)db_int(s, 1) / 1000);
	db_reset(s);
	return rc < 0 ? -1 : 0;
}

static int save(struct pace_store *store, const struct pace_learnt *learnt,
		int64_t now, struct err *err)
{
	struct db_stmt *s = db_use(store->set, PACING_STORE_SQL_SAVE);

	db_bind_text(s, ":relay", store->relay);
	db_bind_text(s, ":lane", learnt->lane);
	db_bind_int(s, ":speed", (int64_t)(learnt->limit * 1000));
	db_bind_int(s, ":now", now);
	return db_run(s, err);
}

int pace_store_save(struct pace_store *store, const struct pace_learnt *learnt,
		    size_t count, int64_t now, struct err *err)
{
	struct db_stmt *s;

	if (count == 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (save(store, &learnt[i], now, err) < 0)
			return -1;
	s = db_use(store->set, PACING_STORE_SQL_FORGET);
	db_bind_text(s, ":relay", store->relay);
	db_bind_int(s, ":since", now - KEPT_MS);
	return db_run(s, err);
}
