/* ledger.h - frozen issues, and one row for every issue and subscriber
 *
 * Owns the tables issue, revision, delivery, attempt and dispatcher; no other
 * module writes them. Reads people through list's view list_audience. Safe
 * to use from several processes at once: what may race is one statement.
 *
 * Nothing here reads the clock: callers pass `now` (UTC ms).
 */
#ifndef QUEUE_LEDGER_H
#define QUEUE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "db/db.h"
#include "queue/delivery.h"

struct ledger;

/* `db` must outlive the ledger. */
int ledger_open(struct db *db, struct ledger **ledger_out, struct err *err);
void ledger_close(struct ledger **ledger);

/* --- issues */

#define ISSUE_STATES(X)							\
	X(FREEZING, "freezing")		/* audience not yet whole */	\
	X(READY, "ready")		/* may be sent */		\
	X(PAUSED, "paused")						\
	X(CANCELLED, "cancelled")

enum issue_state {
	ISSUE_NONE = 0,
#define X(name, text) ISSUE_##name,
	ISSUE_STATES(X)
#undef X
	ISSUE_STATE_COUNT
};

/* The word in the schema and on the outside. */
const char *issue_state_name(enum issue_state state);

struct ledger_issue {
	int64_t id;		/* fits 4 bytes: tokens carry it */
	struct str slug, title, subject;
	int64_t list_id;
	enum issue_state state;
	int64_t frozen_at, not_after;
	int64_t total;		/* rows; known when READY */
	int revision;		/* the newest */
	struct str source_hash;	/* of what it was made from: files changed? */
	struct str why;		/* it is PAUSED or CANCELLED; else "" */
	int64_t changed_at;	/* to its state, by ledger_change(); or 0 */
};

struct ledger_freeze {
	struct str slug, title, subject, source_hash;
	int64_t list_id;
	int64_t now, not_after;
	struct str form;	/* the packed letter_form */
	uint64_t fields;	/* letter_form_fields(): bit 1 name, 2 first
				   name, 3 last name, 4 language, 5 joined,
				   6 tags; the row keeps these, in this order,
				   then the attributes, 0x1f between */
	const struct str *attributes;	/* declared attributes the form uses */
	size_t attribute_count;
};

/* Freeze: the issue, its first revision and its audience as of now, one row
 * each, in chunks, restartable; READY only when the last chunk is durable.
 * Two processes freezing one slug make one issue. `id_out` is set also when
 * the slug was there before, whole or begun (returns 1 then, and an audience
 * that was begun is finished for the form it was begun with; 0 when this call
 * made the issue).
 * ERR_EMPTY when nobody is in the audience: then nothing was frozen. */
int ledger_freeze(struct ledger *ledger, const struct ledger_freeze *freeze,
		  int64_t *id_out, struct err *err);

/* By slug: 1 found, 0 not, -1. Strings in `arena`. */
int ledger_issue(struct ledger *ledger, struct str slug, struct arena *arena,
		 struct ledger_issue *out, struct err *err);

/* Every issue, newest first; `row` returns non-zero to stop. */
int ledger_issues(struct ledger *ledger, int64_t id_or_0, struct arena *arena,
		  int (*row)(void *arg, const struct ledger_issue *issue),
		  void *arg, struct err *err);

/* The packed form of one revision, in `arena`. */
int ledger_form(struct ledger *ledger, int64_t issue, int revision,
		struct arena *arena, struct str *form_out, struct err *err);

/* What may be done to an issue: PAUSE a ready one, RESUME a paused one, CANCEL
 * any but a cancelled one, for ever. Rows keep their states: of a paused or
 * cancelled issue nothing is claimed. */
enum issue_change { CHANGE_PAUSE, CHANGE_RESUME, CHANGE_CANCEL };

/* Durable on return. `why` is kept in words, for PAUSE and CANCEL. 1 changed,
 * 0 it was so already, -1: ERR_INPUT when the change has no meaning in its
 * state, ERR_MISSING when there is no such issue. */
int ledger_change(struct ledger *ledger, int64_t issue,
		  enum issue_change change, struct str why, int64_t now,
		  struct err *err);

struct ledger_counts {
	int64_t total;
	int64_t by_state[DELIVERY_STATE_COUNT];
	int64_t next_due;	/* as ledger_next_due() */
};

/* Of one issue, or of all READY ones (`issue` 0). Reads every row. */
int ledger_counts(struct ledger *ledger, int64_t issue,
		  struct ledger_counts *out, struct err *err);

/* The earliest time at which a waiting row of a READY issue, or an uncertain
 * one, is due; 0: nothing waits. Cheap, whatever the size of the issue. */
int ledger_next_due(struct ledger *ledger, int64_t issue, int64_t *due_out,
		    struct err *err);

/* --- reading the rows */

struct ledger_row {
	int64_t issue, ordinal, subscriber;
	struct str address;
	enum delivery_state state;
	int attempts;
	int64_t at, due;	/* last change; next try */
	int code;
	struct str status, reply;	/* the relay's own words */
	int64_t date_ms;
	int revision;
};

/* In order of ordinals; `states` is a set of 1 << enum delivery_state, 0 is
 * all. `row` returns non-zero to stop. Constant memory. */
int ledger_rows(struct ledger *ledger, int64_t issue, uint32_t states,
		int (*row)(void *arg, const struct ledger_row *row), void *arg,
		struct err *err);

/* --- dispatchers, claims, results */

/* A new owner number, never used before; claims and slots carry it. */
int ledger_enlist(struct ledger *ledger, struct str boot_id, int64_t now,
		  int64_t *owner_out, struct err *err);
/* It is gone and all its rows are settled. */
int ledger_dismiss(struct ledger *ledger, int64_t owner, struct err *err);

struct ledger_claim {
	int64_t issue, ordinal, epoch;	/* epoch: fences this claim */
	int64_t subscriber, list_id;
	struct str address, fields;	/* as frozen */
	int64_t date_ms;		/* set by the row's first claim */
	int attempts;			/* counting the one to come */
	int revision;
	int64_t frozen_not_after;
};

/* Inside the caller's transaction: up to `limit` due rows of READY issues
 * (`issue` 0: of all) become CLAIMED by `owner` until `lease_until`; those
 * who left or are suppressed become SKIPPED, those past not_after EXPIRED.
 * Strings in `arena`. Returns how many claims, or -1. */
int ledger_claim(struct ledger *ledger, int64_t issue, int64_t owner,
		 int64_t now, int64_t lease_until, int limit,
		 struct arena *arena, struct ledger_claim *claims,
		 struct err *err);

/* Just before a claimed letter goes out: may its issue still be sent, and
 * this subscriber still be mailed for it? 1 yes, 0 no, -1. */
int ledger_wanted(struct ledger *ledger, int64_t issue, int64_t subscriber,
		  struct err *err);

struct ledger_result {
	int64_t issue, ordinal, owner, epoch;
	enum delivery_event event;
	int64_t at, due;		/* due: of DEFERRED and UNCERTAIN */
	int code;
	struct str status, reply, relay, stage;
};

/* Inside the caller's transaction: apply one result where the row is still
 * claimed under that owner and epoch (or became UNCERTAIN under them since).
 * 1 applied, 0 fenced off: somebody else has the row, -1. A try that did not
 * end in SENT is also logged in `attempt`. */
int ledger_settle(struct ledger *ledger, const struct ledger_result *result,
		  struct err *err);

/* Inside the caller's transaction: a person says what became of a letter that
 * is UNCERTAIN or HELD. `event` is ACCEPTED, REFUSED or RETRY; `words` stand in
 * the place of the relay's and in `attempt`. 1 done, 0 the row is neither any
 * more, -1. */
int ledger_decide(struct ledger *ledger, int64_t issue, int64_t ordinal,
		  enum delivery_event event, struct str words, int64_t now,
		  struct err *err);

/* Inside the caller's transaction: rows of an issue that were given back until
 * later are due now. Returns how many, or -1. */
int ledger_recall(struct ledger *ledger, int64_t issue, int64_t now,
		  struct err *err);

/* What relays said of an issue's letters since it was last resumed. */
struct ledger_outcomes {
	int64_t taken, failed;	/* 2yz; 5yz about the letter */
	int64_t policy;		/* 5.7.x: about us */
};
int ledger_outcomes(struct ledger *ledger, int64_t issue,
		    struct ledger_outcomes *out, struct err *err);

/* Extend the leases of all rows `owner` holds. */
int ledger_renew(struct ledger *ledger, int64_t owner, int64_t lease_until,
		 struct err *err);

/* Rows `owner` still holds: for recovery. In order. */
int ledger_held(struct ledger *ledger, int64_t owner,
		int (*row)(void *arg, int64_t issue, int64_t ordinal,
			   int64_t epoch), void *arg, struct err *err);

/* Every owner on the books. */
int ledger_owners(struct ledger *ledger,
		  int (*row)(void *arg, int64_t owner, struct str boot_id),
		  void *arg, struct err *err);

/* UNCERTAIN rows whose `due` has come go back to QUEUED (resend) or to HELD.
 * Inside the caller's transaction. Returns how many, or -1. */
int ledger_uncertain(struct ledger *ledger, bool hold, int64_t now,
		     struct err *err);

#endif
