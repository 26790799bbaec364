/* pacing.h - how fast a relay and each large provider want their letters
 *
 * Pure: no clock, no database; callers pass `now` in milliseconds of a clock
 * that does not jump (boot ms). One pacer a relay; not safe to use from two
 * threads at once.
 *
 * A lane is a destination: a provider with all its domains, or one domain.
 * Lane PACE_RELAY is the relay itself and holds for every letter. Each has a
 * speed of its own:
 *
 *   unknown  doubles while all is taken             (slow start)
 *   known    after the first sign: half of what was used, back within some two
 *            seconds to 95 % of where the sign came, then on by a
 *            two-thousandth a step; steps double after each 60 in peace
 *   closed   "try again in N", or four signs in a row without a letter taken;
 *            then one letter is the probe, and the waits double up to 5 min
 */
#ifndef QUEUE_PACING_H
#define QUEUE_PACING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define PACE_RELAY     0
#define PACE_AHEAD_MS  INT64_C(600000) /* slots are promised so far ahead */
#define PACE_CLOSED_MS INT64_C(300000) /* the longest wait for a probe */

enum pace_sign {
	PACE_UNUSED,  /* the letter never got so far: says nothing */
	PACE_FINE,    /* taken */
	PACE_OTHER,   /* refused or deferred, and not for coming too fast: a
			 full mailbox, greylisting, no such user */
	PACE_PERHAPS, /* 450, 451, 452 without a reason that we know: counts
			 once it passes a tenth of a lane's last 50 */
	PACE_SLOWER   /* too fast */
};

struct pace_said {
	enum pace_sign sign;
	int64_t wait_ms; /* "try again in N"; 0: not said */
};

/* What a reply says about speed. `code` 0: no reply. */
struct pace_said pace_judge(int code, struct str status, struct str text);

struct pace;

struct pace_plan {
	double start; /* letters a second before anything is known */
	/* Of the last 200 letters: where more are put off for a reason that
	 * may be ours, the relay's speed is halved; 0: never. */
	double deferred_max;
};

/* Never fails. Takes about half a MB, and nothing a letter. */
struct pace *pace_new(const struct pace_plan *plan);
void pace_free(struct pace **pace);

/* The lane of a domain in lower-case A-labels. The first thousand domains
 * have one each, all further ones share. */
int pace_lane(struct pace *pace, struct str domain);
int pace_lanes(const struct pace *pace); /* numbers run from 0 below that */
/* "gmail", "example.org", "*" for PACE_RELAY, "" for a shared lane. As long as
 * the pacer. */
struct str pace_name(const struct pace *pace, int lane);
/* The lane of that name, which may become a new one. */
int pace_named(struct pace *pace, struct str name);

/* One letter: 0, it may go now and is counted; or when to ask again. Every
 * asker is told a slot of its own, at most twice PACE_AHEAD_MS ahead. */
int64_t pace_ask(struct pace *pace, int lane, int64_t now);

/* Whether a lane would let one go now: 0, or when; no slot is given away. */
int64_t pace_wait(struct pace *pace, int lane, int64_t now);

/* What came of a letter that was let go at `asked_at`. Signs that were under
 * way when the speed was cut do not cut it again. */
void pace_news(struct pace *pace, int lane, int64_t asked_at,
	       const struct pace_said *said, int64_t now);

/* When a closed lane is probed next, `now` or later; 0: it is open, or the
 * probe may go. */
int64_t pace_shut(const struct pace *pace, int lane, int64_t now);

/* A lane has become clearly faster since it told askers their slots, and some
 * of those are far: whoever was put back had better ask again. Once. */
bool pace_lifted(struct pace *pace, int64_t now);

/* Letters a second at which a lane last complained; 0: it never did. Kept
 * over runs by whoever owns the pacer. */
double pace_limit(const struct pace *pace, int lane);
void pace_learn(struct pace *pace, int lane, double limit);

/* Letters a second that a lane is let go with now. */
double pace_speed(const struct pace *pace, int lane);

#endif
