/* pacing_lane.c - the speed of one lane: see queue/pacing.h
 *
 * Why not plain halving and adding: a saw between half and all of the limit
 * uses three quarters of it. Coming back quickly to just below where the last
 * sign came, and feeling on slowly from there, uses nearly all of it and meets
 * the limit seldom.
 */
#include "pacing_priv.h"

#define SAVED_MS      100.0 /* so much may be caught up after a pause */
#define FAR_MS	      5000.0
#define STEP_MS	      250
#define COOL_MS	      1000
#define SETTLE_MS     3000
#define QUIET_STEPS   60
#define STORM	      4 /* signs in a row, nothing taken between */
#define CLOSED_MIN_MS INT64_C(5000)
#define PROBE_MS      INT64_C(60000) /* then a lost probe is given up */
#define PERHAPS_MAX   5		     /* a tenth of 50 */

/* --- asking --------------------------------------------------------------- */

static double space(const struct lane *lane)
{
	return lane->speed >= SPEED_TOP ? 0.0 : 1000.0 / lane->speed;
}

/* A clock that jumped back must not put the lane to sleep. */
static void mend_clock(struct lane *lane, int64_t now)
{
	if (lane->closed_until > now + lane->closed_ms)
		lane->closed_until = now + lane->closed_ms;
	if (lane->last <= now)
		return;
	lane->last = lane->cut_at = lane->raised_at = now;
	lane->next = (double)now + space(lane);
	lane->promised = 0;
	if (lane->probe_at > now)
		lane->probe_at = now;
	if (lane->closed_at > now)
		lane->closed_at = now;
	lane->opened_at = 0;
}

/* 0, or when it may be asked again. Nothing is counted yet. */
double lane_blocked(struct lane *lane, int64_t now)
{
	mend_clock(lane, now);
	if (lane->closed_until > now)
		return (double)lane->closed_until;
	if (lane->closed_until > 0 && lane->probe_at > 0 &&
	    now - lane->probe_at < PROBE_MS)
		return (double)now + (double)COOL_MS;
	return lane->next > (double)now ? lane->next : 0.0;
}

/* Each asker another slot; far away ones are spread, to ask again then. */
int64_t lane_promise(struct lane *lane, double from, int64_t now)
{
	const double ahead = (double)PACE_AHEAD_MS;
	double slot = lane->promised > from ? lane->promised : from;
	double base = from > (double)now ? from - (double)now : 0.0;

	if (slot > (double)now + base + 2 * ahead)
		slot = (double)now + base + ahead;
	if (lane->promised <= from)
		lane->promised_at = lane->speed;
	lane->promised = slot + space(lane);
	return (int64_t)slot + 1;
}

bool lane_lifted(const struct lane *lane, int64_t now)
{
	bool back = lane->speed >= 0.95 * lane->limit;

	return lane->closed_until == 0 &&
	       lane->promised > (double)now + FAR_MS &&
	       lane->speed >= (back ? 1.1 : 1.5) * lane->promised_at;
}

void lane_let_go(struct lane *lane, int64_t now)
{
	double between = (double)(now - lane->last);
	double most = 2 * space(lane) > COOL_MS ? 2 * space(lane) : COOL_MS;

	if (between > most || between < 0)
		between = most;
	lane->gap = lane->gap > 0 ? lane->gap + (between - lane->gap) / 16
				  : space(lane);
	lane->last = now;
	if (lane->next < (double)now - SAVED_MS)
		lane->next = (double)now - SAVED_MS;
	lane->next += space(lane);
	if (lane->closed_until > 0)
		lane->probe_at = now;
}

/* --- news ----------------------------------------------------------------- */

static void close_lane(struct lane *lane, int64_t ms, int64_t now)
{
	if (lane->closed_until == 0)
		lane->closed_at = now;
	lane->closed_ms = ms;
	lane->closed_until = now + ms;
	lane->probe_at = 0;
}

static int64_t next_closure(const struct lane *lane)
{
	int64_t ms = lane->closed_until > 0 ? 2 * lane->closed_ms : 0;

	ms = ms > CLOSED_MIN_MS ? ms : CLOSED_MIN_MS;
	return ms < PACE_CLOSED_MS ? ms : PACE_CLOSED_MS;
}

/* A limit over a long window shows as short runs and long closures: then the
 * mean over both is what it lets through. */
static void learn_from_closure(struct lane *lane, int64_t now)
{
	int64_t open = lane->closed_at - lane->opened_at;
	int64_t shut = now - lane->closed_at;
	double mean;

	if (lane->opened_at == 0 || open > shut || now <= lane->opened_at)
		return;
	mean = 1000.0 * (double)lane->opened_taken /
	       (double)(now - lane->opened_at);
	mean = mean > SPEED_FLOOR ? 1.25 * mean : SPEED_FLOOR;
	if (lane->limit > mean)
		lane->limit = mean;
}

static void open_lane(struct lane *lane, int64_t now)
{
	learn_from_closure(lane, now);
	lane->closed_until = lane->closed_ms = lane->probe_at = 0;
	lane->opened_at = now;
	lane->opened_taken = 0;
	lane->speed = lane->limit > 0 ? lane->limit / 4 : lane->speed / 4;
	lane->speed = lane->speed > SPEED_FLOOR ? lane->speed : SPEED_FLOOR;
	lane->next = (double)now + space(lane);
	lane->promised = 0;
	lane->raised_at = now;
}

/* What really went, where that was clearly less than allowed: a speed that
 * nobody used is not what the relay complains about. */
static double used_speed(const struct lane *lane)
{
	double used = lane->gap > 0 ? 1000.0 / lane->gap : lane->speed;

	return used < 0.75 * lane->speed ? used : lane->speed;
}

/* Half of what went; where less than half of that was taken, what was taken
 * is the measure. */
static void cut(struct lane *lane, int64_t now)
{
	double used = used_speed(lane);
	double share = lane->heard >= 10
			       ? (double)lane->passed / (double)lane->heard
			       : 1;

	if (lane->passed > 0 && share < 0.5)
		used *= share;
	if (lane->limit <= 0)
		lane->settled_at = now + SETTLE_MS;
	/* A storm, in which nothing at all is taken, teaches no limit. */
	if (lane->limit <= 0 || lane->passed > 0)
		lane->limit = used > SPEED_FLOOR ? used : SPEED_FLOOR;
	lane->speed = used / 2 > SPEED_FLOOR ? used / 2 : SPEED_FLOOR;
	lane->gap = space(lane);
	lane->next = (double)now + space(lane);
	lane->cut_at = lane->raised_at = now;
	lane->taken = lane->calm = lane->heard = lane->passed = 0;
	lane->perhaps = 0;
}

/* The slow start ended well beyond the limit: that needs no second look. */
static bool is_far_off(const struct lane *lane, int64_t now)
{
	return now < lane->settled_at && lane->heard >= 10 &&
	       2 * lane->passed < lane->heard;
}

static void slower(struct lane *lane, int64_t asked_at, int64_t wait_ms,
		   int64_t now)
{
	if (lane->closed_until > 0) {
		if (lane->probe_at > 0 && asked_at >= lane->probe_at)
			close_lane(lane,
				   wait_ms > 0 ? wait_ms : next_closure(lane),
				   now);
		return;
	}
	if (wait_ms == 0 && lane->cut_at > 0 && asked_at < lane->cut_at)
		return;
	if (wait_ms == 0 && lane->cut_at > 0 && now - lane->cut_at < COOL_MS) {
		if (is_far_off(lane, now))
			cut(lane, now);
		return;
	}
	lane->signs++;
	cut(lane, now);
	if (wait_ms > 0 || lane->signs >= STORM)
		close_lane(lane, wait_ms > 0 ? wait_ms : CLOSED_MIN_MS, now);
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

static void double_speed(struct lane *lane)
{
	if (lane->taken < 10 || lane->taken < lane->speed / 20)
		return;
	lane->speed = least(2 * lane->speed, SPEED_TOP);
	lane->taken = 0;
}

static void raise_speed(struct lane *lane, int64_t now)
{
	double near = 0.95 * lane->limit;
	int doublings = lane->calm / QUIET_STEPS;

	if (now - lane->raised_at < STEP_MS)
		return;
	lane->raised_at = now;
	if (lane->speed < near) {
		lane->speed = least(near, lane->speed + 0.056 * lane->limit);
		return;
	}
	lane->calm++;
	lane->speed += lane->limit / 2000 *
		       (double)(INT64_C(1)
				<< (doublings < 20 ? doublings : 20));
	lane->speed = least(lane->speed, SPEED_TOP);
}

/* The lane took it, or had nothing against its speed. */
static void well(struct lane *lane, int64_t asked_at, int64_t now)
{
	if (lane->closed_until > 0) {
		if (lane->probe_at > 0 && asked_at >= lane->probe_at)
			open_lane(lane, now);
		return;
	}
	if (asked_at < lane->cut_at)
		return;
	lane->signs = 0;
	lane->passed++;
	lane->taken++;
	lane->opened_taken++;
	if (lane->limit > 0)
		raise_speed(lane, now);
	else
		double_speed(lane);
}

static bool perhaps_counts(struct lane *lane)
{
	uint64_t bits = lane->perhaps & ((UINT64_C(1) << 50) - 1);
	int count = 0;

	for (; bits; bits &= bits - 1)
		count++;
	return count > PERHAPS_MAX;
}

void lane_hear(struct lane *lane, int64_t asked_at,
	       const struct pace_said *said, int64_t now)
{
	if (said->sign == PACE_UNUSED) {
		if (asked_at >= lane->probe_at)
			lane->probe_at = 0;
		return;
	}
	lane->heard += asked_at >= lane->cut_at;
	lane->perhaps = lane->perhaps << 1 | (said->sign == PACE_PERHAPS);
	if (said->sign == PACE_SLOWER ||
	    (said->sign == PACE_PERHAPS && perhaps_counts(lane)))
		slower(lane, asked_at, said->wait_ms, now);
	else
		well(lane, asked_at, now);
}
