/* pacing_store.h - what was learnt of a relay's speed, kept over runs
 *
 * So that the next run begins near the limit and not beyond it. Owns the table
 * pace_limit. What is older than a week is forgotten.
 */
#ifndef QUEUE_PACING_STORE_H
#define QUEUE_PACING_STORE_H

#include "base/err.h"
#include "db/db.h"
#include "queue/pacing.h"

struct pace_store;

/* `db` and `relay`, its key in the settings, must outlive it. */
int pace_store_open(struct db *db, struct str relay,
		    struct pace_store **store_out, struct err *err);
void pace_store_close(struct pace_store **store);

/* Teach the pacer what stands there. */
int pace_store_load(struct pace_store *store, struct pace *pace, int64_t now,
		    struct err *err);

struct pace_learnt {
	struct str lane;
	double limit;
};

/* Inside the caller's transaction. */
int pace_store_save(struct pace_store *store, const struct pace_learnt *learnt,
		    size_t count, int64_t now, struct err *err);

#endif
