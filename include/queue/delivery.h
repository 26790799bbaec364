/* delivery.h - the life of one delivery: one issue to one subscriber
 *
 *   QUEUED ---claim---> CLAIMED --accepted--> SENT ---> BOUNCED, COMPLAINED
 *   DEFERRED --claim------^ | | |                          ^
 *      ^                    | | '---lost----> UNCERTAIN ---'
 *      '------deferred------' '---refused---> FAILED
 *   QUEUED <---released---- CLAIMED        (surely not sent: no try counted)
 *   QUEUED, DEFERRED --left--> SKIPPED     --expired--> EXPIRED
 *   UNCERTAIN --retry--> QUEUED            --hold--> HELD
 *   UNCERTAIN --accepted, deferred, refused, released--> as from CLAIMED
 *   HELD --accepted, refused, retry--> SENT, FAILED, QUEUED (a person says)
 *
 * CLAIMED is durable before the wire is touched. Only "dot out, no reply"
 * makes UNCERTAIN; the slots (slots.h) tell after a crash. SENT may become
 * only BOUNCED or COMPLAINED. The table in delivery.c is the law.
 */
#ifndef QUEUE_DELIVERY_H
#define QUEUE_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* name; text in the schema's CHECK and on the outside; is it an end? */
#define DELIVERY_STATES(X)						\
	X(QUEUED, "queued", false)					\
	X(CLAIMED, "claimed", false)					\
	X(DEFERRED, "deferred", false)					\
	X(UNCERTAIN, "uncertain", false)				\
	X(SENT, "sent", true)						\
	X(FAILED, "failed", true)					\
	X(SKIPPED, "skipped", true)					\
	X(HELD, "held", true)	/* by itself */			\
	X(EXPIRED, "expired", true)					\
	X(BOUNCED, "bounced", true)					\
	X(COMPLAINED, "complained", true)

enum delivery_state {
	DELIVERY_NONE = 0,	/* no such transition */
#define X(name, text, end) DELIVERY_##name,
	DELIVERY_STATES(X)
#undef X
	DELIVERY_STATE_COUNT
};

enum delivery_event {
	EVENT_CLAIM,		/* a dispatcher takes it */
	EVENT_RELEASE,		/* given back: surely not sent, no blame */
	EVENT_ACCEPTED,		/* 2yz after the dot */
	EVENT_DEFERRED,		/* 4yz about this letter: later */
	EVENT_REFUSED,		/* 5yz about this letter */
	EVENT_LOST,		/* the dot may be out, no reply */
	EVENT_LEFT,		/* unsubscribed or suppressed since */
	EVENT_EXPIRED,		/* too old to try again */
	EVENT_RETRY,		/* uncertain, and time to send again */
	EVENT_HOLD,		/* uncertain, kept for a person */
	EVENT_BOUNCED,		/* a report came back later */
	EVENT_COMPLAINED,
	EVENT_COUNT
};

/* The state that follows, or DELIVERY_NONE when the event has no meaning
 * there. Pure: no clock, no database. */
enum delivery_state delivery_next(enum delivery_state from,
				  enum delivery_event event);

/* The outside word of a state; the state of a word, or DELIVERY_NONE; whether
 * nothing more is to be done about it. */
const char *delivery_state_name(enum delivery_state state);
enum delivery_state delivery_state_of(struct str name);
bool delivery_state_ends(enum delivery_state state);

/* Milliseconds to wait before try number `attempt` (the first retry is 1):
 * doubling from `base_ms`, never more than `cap_ms`, then moved by up to a
 * tenth either way by `seed`, so that a crowd deferred together returns
 * apart. */
int64_t delivery_backoff(int attempt, int64_t base_ms, int64_t cap_ms,
			 uint64_t seed);

#endif
