/* rate_priv.h - no more than so many in a time; pure but for `now` */
#ifndef RATE_PRIV_H
#define RATE_PRIV_H

#include "base/time.h"

/* Evenly spaced: one letter each per_ms / count, saving up at most a tenth of
 * a second's worth, so that no window ever holds more than the rate and that
 * small burst. */
struct rate_gate {
	struct rate rate;
	int64_t next_us; /* when the next may go; microseconds */
};

/* 0: go (and one is taken); else milliseconds to wait. */
int64_t rate_take(struct rate_gate *gate, int64_t now_ms);
/* The same, and nothing is taken. */
int64_t rate_wait(struct rate_gate *gate, int64_t now_ms);

/* The slower of two; a rate of no time is none. */
struct rate rate_slower(struct rate a, struct rate b);

#endif
