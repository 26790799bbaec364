/* quota.c - see queue/quota.h
 *
 * Why no window ever holds too many: of all commands in it take the one that
 * was claimed last. At its claim each of the others was in hand, or written
 * down in a slice that ends after the command was said, and so was counted.
 */
#include "queue/quota.h"

#include <stdlib.h>

#include "base/die.h"

#include "quota_sql.h"

#define SLICES	1000
#define SOON_MS 1000

struct quota {
	struct db_set *set;
	struct quota_plan plan;
};

int quota_open(struct db *db, const struct quota_plan *plan,
	       struct quota **quota_out, struct err *err)
{
	struct quota *quota;

	*quota_out = NULL;
	if (plan->count == 0 && plan->warmup_days == 0)
		return 0;
	quota = die_calloc(1, sizeof(*quota), "a quota");
	quota->plan = *plan;
	if (db_prepare(db, quota_queries, QUOTA_SQL_COUNT, &quota->set, err) <
	    0) {
		free(quota);
		return -1;
	}
	*quota_out = quota;
	return 0;
}

void quota_close(struct quota **quota)
{
	if (!*quota)
		return;
	db_finish(&(*quota)->set);
	free(*quota);
	*quota = NULL;
}

/* --- time ----------------------------------------------------------------- */

static int64_t passed(int64_t from, int64_t to)
{
	return to > from ? to - from : 0;
}

/* Within one boot the machine's time is right; between two there is only the
 * clock on the wall. */
static int read_time(struct quota *q, const struct quota_time *now,
		     int64_t *at_out, struct err *err)
{
	struct db_stmt *s = db_use(q->set, QUOTA_SQL_CLOCK);
	int found = db_one(s, err);

	if (found < 0)
		return -1;
	*at_out = now->utc_ms;
	if (found == 0)
		return 0;
	if (q->plan.boot_id.len > 0 && str_eq(db_text(s, 0), q->plan.boot_id))
		*at_out = db_int(s, 3) + passed(db_int(s, 1), now->boot_ms);
	else
		*at_out = db_int(s, 3) + passed(db_int(s, 2), now->utc_ms);
	db_reset(s);
	return 0;
}

static int write_time(struct quota *q, const struct quota_time *now, int64_t at,
		      struct err *err)
{
	struct db_stmt *s = db_use(q->set, QUOTA_SQL_SET_CLOCK);

	db_bind_text(s, ":boot", q->plan.boot_id);
	db_bind_int(s, ":boot_ms", now->boot_ms);
	db_bind_int(s, ":utc_ms", now->utc_ms);
	db_bind_int(s, ":at", at);
	return db_run(s, err);
}

/* --- room ----------------------------------------------------------------- */

/* The limits of now, the warm-up's day among them. How many, or -1. */
static int limits_at(struct quota *q, int64_t at,
		     struct rate limits[QUOTA_RATES_MAX + 1], struct err *err)
{
	struct db_stmt *s = db_use(q->set, QUOTA_SQL_FIRST);
	int count = (int)q->plan.count;
	int64_t first = at;
	size_t day;
	int found;

	for (int i = 0; i < count; i++)
		limits[i] = q->plan.rates[i];
	if (q->plan.warmup_days == 0)
		return count;
	db_bind_text(s, ":relay", q->plan.relay);
	found = db_one(s, err);
	if (found < 0)
		return -1;
	if (found == 1) {
		first = db_int(s, 0);
		db_reset(s);
	}
	day = (size_t)(passed(first, at) / TIME_DAY_MS);
	if (day < q->plan.warmup_days)
		limits[count++] = (struct rate){ q->plan.warmup[day],
						 TIME_DAY_MS };
	return count;
}

static struct db_stmt *window(struct quota *q, size_t statement, int64_t at,
			      int64_t span)
{
	struct db_stmt *s = db_use(q->set, statement);

	db_bind_text(s, ":relay", q->plan.relay);
	db_bind_int(s, ":span", span);
	db_bind_int(s, ":from", at - span);
	return s;
}

static int ask_number(struct db_stmt *s, int64_t *number, struct err *err)
{
	if (db_one(s, err) < 0)
		return -1;
	*number = db_int(s, 0);
	db_reset(s);
	return 0;
}

/* When so many of a window's commands are out of it again. What is in hand
 * settles soon, one way or the other. */
static int when_free(struct quota *q, int64_t at, int64_t span, int64_t need,
		     int64_t *when, struct err *err)
{
	struct db_stmt *s = window(q, QUOTA_SQL_SLICES, at, span);
	int rc;

	*when = at + SOON_MS;
	while ((rc = db_step(s, err)) == 1 && need > 0) {
		need -= db_int(s, 1);
		if (need <= 0)
			*when = db_int(s, 0) + span;
	}
	db_reset(s);
	return rc < 0 ? -1 : 0;
}

static int narrow(struct quota *q, int64_t at, int64_t in_hand,
		  const struct rate *limit, struct quota_room *room,
		  struct err *err)
{
	int64_t used, left, when;

	if (ask_number(window(q, QUOTA_SQL_USED, at, limit->per_ms), &used,
		       err) < 0)
		return -1;
	left = limit->count - used - in_hand;
	if (left < room->letters) {
		room->letters = left > 0 ? left : 0;
		room->limit = *limit;
	}
	if (left > 0)
		return 0;
	if (when_free(q, at, limit->per_ms, 1 - left, &when, err) < 0)
		return -1;
	if (when - at > room->opens) {
		room->opens = when - at;
		room->limit = *limit;
	}
	return 0;
}

int quota_room(struct quota *quota, const struct quota_time *now,
	       struct quota_room *room_out, struct err *err)
{
	struct rate limits[QUOTA_RATES_MAX + 1];
	struct quota_room room = { .letters = INT64_MAX };
	int64_t at, in_hand;
	int count;

	*room_out = room;
	if (!quota)
		return 0;
	if (read_time(quota, now, &at, err) < 0 ||
	    ask_number(db_use(quota->set, QUOTA_SQL_IN_HAND), &in_hand, err) <
		    0)
		return -1;
	count = limits_at(quota, at, limits, err);
	if (count < 0)
		return -1;
	for (int i = 0; i < count; i++)
		if (narrow(quota, at, in_hand, &limits[i], &room, err) < 0)
			return -1;
	if (room.opens > 0)
		room.opens += now->utc_ms;
	*room_out = room;
	return 0;
}

/* --- spending -------------------------------------------------------------- */

static int spend(struct quota *q, int64_t at, int64_t span, int64_t count,
		 struct err *err)
{
	struct db_stmt *s = db_use(q->set, QUOTA_SQL_SPEND);
	int64_t slice = span > SLICES ? span / SLICES : 1;

	db_bind_text(s, ":relay", q->plan.relay);
	db_bind_int(s, ":span", span);
	db_bind_int(s, ":until", (at / slice + 1) * slice);
	db_bind_int(s, ":count", count);
	return db_run(s, err);
}

static bool is_among(const struct rate *rates, size_t count, int64_t span)
{
	for (size_t i = 0; i < count; i++)
		if (rates[i].per_ms == span)
			return true;
	return false;
}

/* One slice for each length of window. */
static int spend_all(struct quota *q, int64_t at, int64_t count,
		     struct err *err)
{
	const struct quota_plan *p = &q->plan;

	for (size_t i = 0; i < p->count; i++)
		if (!is_among(p->rates, i, p->rates[i].per_ms) &&
		    spend(q, at, p->rates[i].per_ms, count, err) < 0)
			return -1;
	if (p->warmup_days == 0 || is_among(p->rates, p->count, TIME_DAY_MS))
		return 0;
	return spend(q, at, TIME_DAY_MS, count, err);
}

static int run_at(struct quota *q, size_t statement, int64_t at,
		  struct err *err)
{
	struct db_stmt *s = db_use(q->set, statement);

	db_bind_text(s, ":relay", q->plan.relay);
	db_bind_int(s, ":at", at);
	return db_run(s, err);
}

int quota_spend(struct quota *quota, const struct quota_time *now,
		int64_t count, struct err *err)
{
	int64_t at;

	if (!quota || count == 0)
		return 0;
	if (read_time(quota, now, &at, err) < 0 ||
	    write_time(quota, now, at, err) < 0 ||
	    run_at(quota, QUOTA_SQL_SET_FIRST, at, err) < 0 ||
	    run_at(quota, QUOTA_SQL_FORGET, at, err) < 0)
		return -1;
	return spend_all(quota, at, count, err);
}
