/* queue_pacing_rig.h - a relay with a hidden limit, and somebody who always has
 * letters for it, in a time of their own; include behind cmocka.h */
#ifndef QUEUE_PACING_RIG_H
#define QUEUE_PACING_RIG_H

#include <math.h>
#include <stdio.h>

#include "queue/pacing.h"

#define START	  INT64_C(9000000000) /* boot ms */
#define SECOND	  INT64_C(1000)
#define MINUTE	  (60 * SECOND)
#define UNDER_WAY 1024
#define TRIP	  50 /* ms from here to the relay and back */

/* --- a relay that hides its limit ------------------------------------------ */

struct hidden {
	double per_second; /* 0: no limit */
	double burst;	   /* a bucket of so many; 0: a window that rolls */
	int64_t window;
	/* what it holds of us */
	double bucket;
	int64_t filled_at;
	int64_t taken_at[20000]; /* ring, of a rolling window */
	int first, count;
	bool storm; /* everything is refused */
};

static inline bool bucket_takes(struct hidden *h, int64_t now)
{
	h->bucket += (double)(now - h->filled_at) * h->per_second / 1000;
	h->bucket = fmin(h->bucket, h->burst);
	h->filled_at = now;
	if (h->bucket < 1)
		return false;
	h->bucket -= 1;
	return true;
}

static inline bool window_takes(struct hidden *h, int64_t now)
{
	const int room = (int)(sizeof(h->taken_at) / sizeof(*h->taken_at));

	while (h->count > 0 && h->taken_at[h->first] <= now - h->window) {
		h->first = (h->first + 1) % room;
		h->count--;
	}
	if (h->count + 1 > h->per_second * (double)h->window / 1000)
		return false;
	assert_true(h->count < room);
	h->taken_at[(h->first + h->count++) % room] = now;
	return true;
}

static inline bool takes(struct hidden *h, int64_t now)
{
	if (h->storm)
		return false;
	if (h->per_second <= 0)
		return true;
	return h->burst > 0 ? bucket_takes(h, now) : window_takes(h, now);
}

/* --- somebody who always has letters ----------------------------------------- */

struct flight {
	int64_t asked_at, back_at;
	struct pace_said said;
};

struct world {
	struct pace *pace;
	int lane;
	struct hidden relay;
	const char *slow; /* what the relay says when it is too much */
	int slow_code;
	const char *slow_status;
	int64_t now, ask_at;
	struct flight flights[UNDER_WAY]; /* ring */
	int first, count;
	int64_t taken, refused, asked;
};

/* As pace_plan has it; 0 unless a test sets it. */
static double deferred_max;

static inline void world_open(struct world *w, double per_second, double burst,
			      int64_t window)
{
	const struct pace_plan plan = { .start = 20,
					.deferred_max = deferred_max };

	memset(w, 0, sizeof(*w));
	w->pace = pace_new(&plan);
	w->lane = pace_lane(w->pace, STR("example.org"));
	w->relay = (struct hidden){ .per_second = per_second,
				    .burst = burst,
				    .bucket = burst,
				    .window = window,
				    .filled_at = START };
	w->now = w->ask_at = START;
	w->slow_code = 451;
	w->slow_status = "4.7.1";
	w->slow = "451 4.7.1 too many messages";
}

static inline void hear_back(struct world *w)
{
	while (w->count > 0 && w->flights[w->first].back_at <= w->now) {
		const struct flight *f = &w->flights[w->first];

		pace_news(w->pace, w->lane, f->asked_at, &f->said, w->now);
		w->first = (w->first + 1) % UNDER_WAY;
		w->count--;
	}
}

static inline void send_one(struct world *w)
{
	struct flight *f = &w->flights[(w->first + w->count++) % UNDER_WAY];
	bool taken = takes(&w->relay, w->now);

	f->asked_at = w->now;
	f->back_at = w->now + TRIP;
	f->said = taken ? pace_judge(250, STR("2.0.0"), STR("250 ok"))
			: pace_judge(w->slow_code, str_of(w->slow_status),
				     str_of(w->slow));
	w->taken += taken;
	w->refused += !taken;
}

static inline void pass(struct world *w, int64_t ms)
{
	int64_t end = w->now + ms;

	for (; w->now < end; w->now++) {
		hear_back(w);
		while (w->ask_at <= w->now && w->count < UNDER_WAY) {
			int64_t later = pace_ask(w->pace, w->lane, w->now);

			w->asked++;
			assert_true(later == 0 || later > w->now);
			assert_true(later <= w->now + 65 * MINUTE);
			if (later > 0)
				w->ask_at = later;
			else
				send_one(w);
		}
	}
}

/* Letters a second that were taken in the next `ms`. */
static inline double mean_over(struct world *w, int64_t ms)
{
	int64_t before = w->taken;

	pass(w, ms);
	return (double)(w->taken - before) * 1000 / (double)ms;
}

static inline void world_close(struct world *w)
{
	pace_free(&w->pace);
}

static struct world world;

#endif
