/* quota.h - so many letters in an hour or a day, over all runs and processes
 *
 * In every window of a quota's length there are at most so many MAIL commands.
 * Counted are the rows in somebody's hands, whose MAIL may come at any moment,
 * and the commands said; both change only in transactions, so that whoever
 * claims sees all others. A command counts from when its result is written,
 * which is never before it was said.
 *
 * Time is the machine's own, carried on in the database: no clock that is set
 * forward makes room, none that is set back puts the send to sleep.
 *
 * Owns the tables quota_use, quota_clock and quota_first.
 */
#ifndef QUEUE_QUOTA_H
#define QUEUE_QUOTA_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "db/db.h"

#define QUOTA_RATES_MAX 8

struct quota_plan { /* borrowed */
	struct str relay;
	const struct rate *rates;
	size_t count; /* at most QUOTA_RATES_MAX */
	/* Letters a day from the first on; none behind the last. */
	const int64_t *warmup;
	size_t warmup_days;
	struct str boot_id;
};

struct quota_time {
	int64_t utc_ms, boot_ms;
};

struct quota;

/* `db` must outlive it. *quota_out is NULL where the plan limits nothing; all
 * functions take that. */
int quota_open(struct db *db, const struct quota_plan *plan,
	       struct quota **quota_out, struct err *err);
void quota_close(struct quota **quota);

struct quota_room {
	int64_t letters;   /* that may be claimed now */
	int64_t opens;	   /* UTC ms when there will be some; 0: now */
	struct rate limit; /* which one leaves the least */
};

/* Inside the caller's transaction, before its claims and after its results. */
int quota_room(struct quota *quota, const struct quota_time *now,
	       struct quota_room *room_out, struct err *err);

/* Inside the caller's transaction: so many claimed rows are settled whose MAIL
 * was said, or may have been. */
int quota_spend(struct quota *quota, const struct quota_time *now,
		int64_t count, struct err *err);

#endif
