/* gauge.c - see gauge_priv.h */
#include "gauge_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/die.h"
#include "hours_priv.h"
#include "queue/pacing_store.h"

struct watched { /* an issue */
	int64_t issue;
	struct breaker breaker;
	bool tripped;
	char why[320];
};

struct gauge {
	struct run *run;
	struct ledger *ledger;
	char boot_id[40];
	struct quota *quota;
	struct pace_store *store;
	double *saved; /* by lane */
	struct pace_learnt *learnt;
	int lanes; /* room of the two above */
	struct watched *watched;
	size_t count;
	int64_t opens; /* UTC ms */
	char why[160];
};

int gauge_quota(const struct conf *conf, struct db *db, char boot_id[40],
		struct quota **quota_out, struct err *err)
{
	const struct conf_relay *relay = conf->relays;
	struct quota_plan plan = {
		.relay = relay->key,
		.rates = relay->quota.at,
		.count = (size_t)relay->quota.count,
		.warmup = relay->warmup.at,
		.warmup_days = (size_t)relay->warmup.count,
	};

	clock_boot_id(boot_id);
	plan.boot_id = str_of(boot_id);
	return quota_open(db, &plan, quota_out, err);
}

struct quota_time gauge_time(void)
{
	return (struct quota_time){ clock_now_ms(), clock_boot_ms() };
}

/* --- what was learnt -------------------------------------------------------- */

static void make_room(struct gauge *g, int lanes)
{
	if (lanes <= g->lanes)
		return;
	g->saved = die_realloc(g->saved, (size_t)lanes * sizeof(*g->saved),
			       "pacing");
	g->learnt = die_realloc(g->learnt, (size_t)lanes * sizeof(*g->learnt),
				"pacing");
	for (int i = g->lanes; i < lanes; i++)
		g->saved[i] = 0;
	g->lanes = lanes;
}

/* Only what is news by more than a fiftieth. */
static size_t collect(struct gauge *g)
{
	struct pace *pace = g->run->relay.pace;
	size_t count = 0;

	pthread_mutex_lock(&g->run->relay.lock);
	make_room(g, pace_lanes(pace));
	for (int i = 0; i < g->lanes; i++) {
		double limit = pace_limit(pace, i);
		double before = g->saved[i];

		if (limit <= 0 ||
		    (limit < 1.02 * before && limit > 0.98 * before))
			continue;
		g->saved[i] = limit;
		g->learnt[count++] = (struct pace_learnt){ pace_name(pace, i),
							   limit };
	}
	pthread_mutex_unlock(&g->run->relay.lock);
	return count;
}

static int load_limits(struct gauge *g, struct db *db, struct err *err)
{
	struct relay_state *relay = &g->run->relay;
	int rc;

	if (!relay->pace)
		return 0;
	if (pace_store_open(db, relay->conf->key, &g->store, err) < 0)
		return -1;
	pthread_mutex_lock(&relay->lock);
	rc = pace_store_load(g->store, relay->pace, clock_now_ms(), err);
	pthread_mutex_unlock(&relay->lock);
	collect(g);
	return rc;
}

int gauge_keep(struct gauge *g, struct err *err)
{
	struct relay_state *relay = &g->run->relay;
	int64_t issue = g->run->options->issue;
	int64_t now = clock_now_ms();
	size_t count;
	bool lifted;

	if (!relay->pace)
		return 0;
	pthread_mutex_lock(&relay->lock);
	lifted = pace_lifted(relay->pace, clock_boot_ms());
	pthread_mutex_unlock(&relay->lock);
	if (lifted && issue > 0 &&
	    ledger_recall(g->ledger, issue, now, err) < 0)
		return -1;
	count = collect(g);
	return pace_store_save(g->store, g->learnt, count, now, err);
}

/* --- room ------------------------------------------------------------------- */

static void shut_by_quota(struct gauge *g, const struct quota_room *room)
{
	const struct rate *limit = &room->limit;
	const char *unit = limit->per_ms == TIME_HOUR_MS     ? "in an hour"
			   : limit->per_ms == TIME_DAY_MS    ? "in a day"
			   : limit->per_ms == TIME_MINUTE_MS ? "in a minute"
							     : "in a second";

	g->opens = room->opens;
	snprintf(g->why, sizeof(g->why),
		 "the relay '" STR_FMT "' may be given %lld letters %s, and "
		 "was",
		 STR_ARG(str_head(g->run->relay.conf->key, 40)),
		 (long long)limit->count, unit);
}

int gauge_room(struct gauge *g, int *limit, struct err *err)
{
	const struct conf_hours *hours = &g->run->relay.conf->hours;
	struct quota_time now = gauge_time();
	struct quota_room room;

	g->opens = hours_open(hours, now.utc_ms);
	if (g->opens > 0) {
		snprintf(g->why, sizeof(g->why),
			 "letters go out from %02d:%02d to %02d:%02d",
			 hours->from / 60, hours->from % 60, hours->to / 60,
			 hours->to % 60);
		*limit = 0;
		return 0;
	}
	if (quota_room(g->quota, &now, &room, err) < 0)
		return -1;
	if (room.letters == 0)
		shut_by_quota(g, &room);
	if (room.letters < *limit)
		*limit = (int)room.letters;
	return 0;
}

int64_t gauge_opens(const struct gauge *gauge)
{
	return gauge->opens;
}

const char *gauge_why(const struct gauge *gauge)
{
	return gauge->why;
}

int gauge_spend(struct gauge *g, const struct jobs *results, struct err *err)
{
	struct quota_time now = gauge_time();
	int64_t offered = 0;

	for (const struct job *job = results->first; job; job = job->next)
		offered += job->offered;
	return quota_spend(g->quota, &now, offered, err);
}

/* --- breakers --------------------------------------------------------------- */

/* What earlier runs heard counts, too, back to when it was last resumed. */
static int read_outcomes(struct gauge *g, struct watched *w, struct err *err)
{
	struct ledger_outcomes before;

	if (ledger_outcomes(g->ledger, w->issue, &before, err) < 0)
		return -1;
	w->breaker.failed = before.failed;
	w->breaker.policy = before.policy;
	w->breaker.results = before.taken + before.failed + before.policy;
	return 0;
}

static int watch(struct gauge *g, int64_t issue, struct watched **out,
		 struct err *err)
{
	struct watched *w;

	for (size_t i = 0; i < g->count; i++) {
		if (g->watched[i].issue != issue)
			continue;
		*out = &g->watched[i];
		return 0;
	}
	g->watched = die_realloc(
		g->watched, (g->count + 1) * sizeof(*g->watched), "issues");
	w = &g->watched[g->count];
	*w = (struct watched){ .issue = issue };
	if (read_outcomes(g, w, err) < 0)
		return -1;
	g->count++;
	*out = w;
	return 0;
}

static int count_owner(void *arg, int64_t owner, struct str boot_id)
{
	(void)owner;
	(void)boot_id;
	return ++*(int *)arg > 1;
}

int gauge_refresh(struct gauge *g, struct err *err)
{
	int owners = 0;

	if (ledger_owners(g->ledger, count_owner, &owners, err) < 0)
		return -1;
	/* Alone we know it all, without reading every row. */
	for (size_t i = 0; owners > 1 && i < g->count; i++)
		if (read_outcomes(g, &g->watched[i], err) < 0)
			return -1;
	return 0;
}

int gauge_count(struct gauge *g, const struct jobs *results, struct err *err)
{
	const struct conf *conf = g->run->options->conf;
	bool tripped = false;

	for (const struct job *job = results->first; job; job = job->next) {
		struct watched *w;

		if (watch(g, job->claim.issue, &w, err) < 0)
			return -1;
		breaker_count(&w->breaker, job->event, &job->verdict);
		if (!w->tripped && breaker_trips(&w->breaker, conf, w->why))
			w->tripped = tripped = true;
	}
	return tripped;
}

/* Somebody may have been quicker, or have cancelled it. */
static int pause_issue(struct gauge *g, struct watched *w, struct err *err)
{
	int rc = ledger_change(g->ledger, w->issue, CHANGE_PAUSE,
			       str_of(w->why), clock_now_ms(), err);

	w->tripped = false;
	w->breaker = (struct breaker){ 0 };
	return rc < 0 && err->code != ERR_INPUT ? -1 : 0;
}

int gauge_stop(struct gauge *g, struct err *err)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->watched[i].tripped &&
		    pause_issue(g, &g->watched[i], err) < 0)
			return -1;
	generation_raise(g->run->generation);
	return 0;
}

/* --- open and close ---------------------------------------------------------- */

int gauge_open(struct run *run, struct db *db, struct ledger *ledger,
	       struct gauge **gauge_out, struct err *err)
{
	struct gauge *g = die_calloc(1, sizeof(*g), "a gauge");

	g->run = run;
	g->ledger = ledger;
	if (gauge_quota(run->options->conf, db, g->boot_id, &g->quota, err) <
		    0 ||
	    load_limits(g, db, err) < 0) {
		gauge_close(&g);
		return -1;
	}
	*gauge_out = g;
	return 0;
}

void gauge_close(struct gauge **gauge)
{
	struct gauge *g = *gauge;

	if (!g)
		return;
	quota_close(&g->quota);
	pace_store_close(&g->store);
	free(g->saved);
	free(g->learnt);
	free(g->watched);
	free(g);
	*gauge = NULL;
}
