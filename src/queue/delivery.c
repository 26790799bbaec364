/* delivery.c - the law of a delivery's life: see queue/delivery.h */
#include "queue/delivery.h"

static const struct str names[DELIVERY_STATE_COUNT] = {
	[DELIVERY_NONE] = STR("none"),
#define X(name, text, end) [DELIVERY_##name] = STR(text),
	DELIVERY_STATES(X)
#undef X
};

static const bool ends[DELIVERY_STATE_COUNT] = {
#define X(name, text, end) [DELIVERY_##name] = end,
	DELIVERY_STATES(X)
#undef X
};

static const enum delivery_state next[DELIVERY_STATE_COUNT][EVENT_COUNT] = {
	[DELIVERY_QUEUED] = {
		[EVENT_CLAIM]      = DELIVERY_CLAIMED,
		[EVENT_LEFT]       = DELIVERY_SKIPPED,
		[EVENT_EXPIRED]    = DELIVERY_EXPIRED,
	},
	[DELIVERY_DEFERRED] = {
		[EVENT_CLAIM]      = DELIVERY_CLAIMED,
		[EVENT_LEFT]       = DELIVERY_SKIPPED,
		[EVENT_EXPIRED]    = DELIVERY_EXPIRED,
	},
	[DELIVERY_CLAIMED] = {
		[EVENT_RELEASE]    = DELIVERY_QUEUED,
		[EVENT_ACCEPTED]   = DELIVERY_SENT,
		[EVENT_DEFERRED]   = DELIVERY_DEFERRED,
		[EVENT_REFUSED]    = DELIVERY_FAILED,
		[EVENT_LOST]       = DELIVERY_UNCERTAIN,
	},
	[DELIVERY_UNCERTAIN] = {		/* the answer came after all */
		[EVENT_ACCEPTED]   = DELIVERY_SENT,
		[EVENT_DEFERRED]   = DELIVERY_DEFERRED,
		[EVENT_REFUSED]    = DELIVERY_FAILED,
		[EVENT_RELEASE]    = DELIVERY_QUEUED,
		[EVENT_RETRY]      = DELIVERY_QUEUED,
		[EVENT_HOLD]       = DELIVERY_HELD,
		[EVENT_BOUNCED]    = DELIVERY_BOUNCED,
		[EVENT_COMPLAINED] = DELIVERY_COMPLAINED,
	},
	[DELIVERY_HELD] = {			/* a person knows */
		[EVENT_ACCEPTED]   = DELIVERY_SENT,
		[EVENT_REFUSED]    = DELIVERY_FAILED,
		[EVENT_RETRY]      = DELIVERY_QUEUED,
		[EVENT_BOUNCED]    = DELIVERY_BOUNCED,
		[EVENT_COMPLAINED] = DELIVERY_COMPLAINED,
	},
	[DELIVERY_SENT] = {
		[EVENT_BOUNCED]    = DELIVERY_BOUNCED,
		[EVENT_COMPLAINED] = DELIVERY_COMPLAINED,
	},
};

enum delivery_state delivery_next(enum delivery_state from,
				  enum delivery_event event)
{
	return next[from][event];
}

const char *delivery_state_name(enum delivery_state state)
{
	return names[state].at;
}

enum delivery_state delivery_state_of(struct str name)
{
	for (int i = DELIVERY_NONE + 1; i < DELIVERY_STATE_COUNT; i++)
		if (str_eq(name, names[i]))
			return (enum delivery_state)i;
	return DELIVERY_NONE;
}

bool delivery_state_ends(enum delivery_state state)
{
	return ends[state];
}

int64_t delivery_backoff(int attempt, int64_t base_ms, int64_t cap_ms,
			 uint64_t seed)
{
	int64_t wait = base_ms;
	int64_t tenth;

	for (int i = 1; i < attempt && wait < cap_ms; i++)
		wait *= 2;
	if (wait > cap_ms)
		wait = cap_ms;
	tenth = wait / 10;
	if (tenth == 0)
		return wait;
	/* Spread by the seed: Knuth's multiplicative hash is even enough. */
	seed = (seed * UINT64_C(0x9e3779b97f4a7c15)) >> 33;
	return wait - tenth + (int64_t)(seed % (uint64_t)(2 * tenth + 1));
}
