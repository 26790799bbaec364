/* claim.c - rows taken, rows settled: always inside the caller's transaction */
#include "ledger_priv.h"

#include "queue_sql.h"

/* Who left is skipped on the way; a claim looks at no more than so many times
 * the rows it was asked for, that the transaction stays short. */
#define ROUNDS 20
#define EXPIRE_AT_ONCE 1000

struct due_issue {
	int64_t id, list_id, not_after;
};

struct taking {
	struct ledger *ledger;
	int64_t owner, now, lease_until;
	struct arena *arena;
	struct ledger_claim *claims;
	int count, limit;
};

static int expire(const struct taking *t, const struct due_issue *issue,
		  struct err *err)
{
	struct db_stmt *s = db_use(t->ledger->set, QUEUE_SQL_EXPIRE);

	db_bind_int(s, ":issue", issue->id);
	db_bind_int(s, ":now", t->now);
	db_bind_int(s, ":limit", EXPIRE_AT_ONCE);
	return db_run(s, err);
}

static void read_claim(struct taking *t, struct db_stmt *s,
		       const struct due_issue *issue)
{
	struct ledger_claim *c = &t->claims[t->count++];

	c->issue = issue->id;
	c->list_id = issue->list_id;
	c->frozen_not_after = issue->not_after;
	c->ordinal = db_int(s, 1);
	c->epoch = db_int(s, 2);
	c->subscriber = db_int(s, 3);
	c->address = arena_dup(t->arena, db_text(s, 4));
	c->fields = arena_dup(t->arena, db_text(s, 5));
	c->date_ms = db_int(s, 6);
	c->attempts = (int)db_int(s, 7);
	c->revision = (int)db_int(s, 8);
}

/* How many rows were looked at, or -1. */
static int claim_rows(struct taking *t, const struct due_issue *issue,
		      struct err *err)
{
	struct db_stmt *s = db_use(t->ledger->set, QUEUE_SQL_CLAIM);
	int seen = 0;
	int rc;

	db_bind_int(s, ":issue", issue->id);
	db_bind_int(s, ":list", issue->list_id);
	db_bind_int(s, ":owner", t->owner);
	db_bind_int(s, ":lease", t->lease_until);
	db_bind_int(s, ":now", t->now);
	db_bind_int(s, ":limit", t->limit - t->count);
	/* Stepped to its end: with RETURNING a row counts only then. */
	while ((rc = db_step(s, err)) == 1) {
		seen++;
		if (db_int(s, 0))
			read_claim(t, s, issue);
	}
	return rc < 0 ? -1 : seen;
}

static int claim_issue(struct taking *t, const struct due_issue *issue,
		       struct err *err)
{
	if (issue->not_after < t->now)
		return expire(t, issue, err);
	for (int i = 0; i < ROUNDS && t->count < t->limit; i++) {
		int seen = claim_rows(t, issue, err);

		if (seen <= 0)
			return seen;
	}
	return 0;
}

/* The issues that may be sent now; few, since old ones hold no due row. */
static int ready_issues(struct ledger *ledger, int64_t issue,
			struct arena *arena, struct due_issue **out,
			size_t *count_out, struct err *err)
{
	const size_t room = 1000;
	struct due_issue *all = arena_many(arena, struct due_issue, room);
	struct db_stmt *s = db_use(ledger->set, issue
				   ? QUEUE_SQL_READY_ISSUE
				   : QUEUE_SQL_READY_ISSUES);
	size_t count = 0;
	int rc;

	if (issue)
		db_bind_int(s, ":issue", issue);
	while ((rc = db_step(s, err)) == 1 && count < room) {
		all[count].id = db_int(s, 0);
		all[count].list_id = db_int(s, 1);
		all[count++].not_after = db_int(s, 2);
	}
	db_reset(s);
	*out = all;
	*count_out = count;
	return rc < 0 ? -1 : 0;
}

int ledger_claim(struct ledger *ledger, int64_t issue, int64_t owner,
		 int64_t now, int64_t lease_until, int limit,
		 struct arena *arena, struct ledger_claim *claims,
		 struct err *err)
{
	struct taking t = { ledger, owner,  now, lease_until,
			    arena,  claims, 0,	 limit };
	struct due_issue *issues;
	size_t count;

	if (ready_issues(ledger, issue, arena, &issues, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && t.count < limit; i++)
		if (claim_issue(&t, &issues[i], err) < 0)
			return -1;
	return t.count;
}

int ledger_wanted(struct ledger *ledger, int64_t issue, int64_t subscriber,
		  struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_STILL_WANTED);
	int wanted;

	db_bind_int(s, ":issue", issue);
	db_bind_int(s, ":subscriber", subscriber);
	if (db_one(s, err) < 0)
		return -1;
	wanted = db_int(s, 0) != 0;
	db_reset(s);
	return wanted;
}

/* --- results -------------------------------------------------------------- */

static int log_attempt(struct ledger *ledger, const struct ledger_result *r,
		       struct str state, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_LOG_ATTEMPT);

	db_bind_int(s, ":issue", r->issue);
	db_bind_int(s, ":ordinal", r->ordinal);
	db_bind_int(s, ":epoch", r->epoch);
	db_bind_int(s, ":at", r->at);
	db_bind_text(s, ":state", state);
	db_bind_text(s, ":relay", r->relay);
	db_bind_text(s, ":stage", r->stage);
	db_bind_int(s, ":code", r->code);
	db_bind_text(s, ":status", r->status);
	db_bind_text(s, ":reply", r->reply);
	return db_run(s, err);
}

/* 1 applied, 0 the row is in another state or hand, -1. */
static int move(struct ledger *ledger, const struct ledger_result *r,
		enum delivery_state from, enum delivery_state to,
		struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_SETTLE);

	db_bind_int(s, ":issue", r->issue);
	db_bind_int(s, ":ordinal", r->ordinal);
	db_bind_int(s, ":owner", r->owner);
	db_bind_int(s, ":epoch", r->epoch);
	db_bind_text(s, ":from", str_of(delivery_state_name(from)));
	db_bind_text(s, ":state", str_of(delivery_state_name(to)));
	db_bind_int(s, ":at", r->at);
	db_bind_int(s, ":due", r->due);
	db_bind_int(s, ":uncounted", r->event == EVENT_RELEASE);
	db_bind_int(s, ":code", r->code);
	db_bind_text(s, ":status", r->status);
	db_bind_text(s, ":reply", r->reply);
	if (db_run(s, err) < 0)
		return -1;
	return db_changes(ledger->db) > 0;
}

int ledger_settle(struct ledger *ledger, const struct ledger_result *result,
		  struct err *err)
{
	/* Uncertain, too: an answer that comes after all for what recovery
	 * gave up. Whoever held the connection knows better. */
	static const enum delivery_state froms[] = { DELIVERY_CLAIMED,
						     DELIVERY_UNCERTAIN };
	enum delivery_state to = DELIVERY_NONE;
	int moved = 0;

	for (size_t i = 0; i < sizeof(froms) / sizeof(*froms) && !moved; i++) {
		to = delivery_next(froms[i], result->event);
		if (to == DELIVERY_NONE)
			continue;
		moved = move(ledger, result, froms[i], to, err);
	}
	if (moved != 1 || to == DELIVERY_SENT ||
	    result->event == EVENT_RELEASE)
		return moved;
	return log_attempt(ledger, result, str_of(delivery_state_name(to)),
			   err) < 0 ? -1 : 1;
}

int ledger_uncertain(struct ledger *ledger, bool hold, int64_t now,
		     struct err *err)
{
	enum delivery_state state = delivery_next(
		DELIVERY_UNCERTAIN, hold ? EVENT_HOLD : EVENT_RETRY);
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_UNCERTAIN_AGAIN);

	db_bind_text(s, ":state", str_of(delivery_state_name(state)));
	db_bind_int(s, ":now", now);
	if (db_run(s, err) < 0)
		return -1;
	return (int)db_changes(ledger->db);
}

int ledger_recall(struct ledger *ledger, int64_t issue, int64_t now,
		  struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_RECALL);

	db_bind_int(s, ":issue", issue);
	db_bind_int(s, ":now", now);
	if (db_run(s, err) < 0)
		return -1;
	return (int)db_changes(ledger->db);
}

int ledger_outcomes(struct ledger *ledger, int64_t issue,
		    struct ledger_outcomes *out, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_OUTCOMES);

	db_bind_int(s, ":issue", issue);
	if (db_one(s, err) < 0)
		return -1;
	*out = (struct ledger_outcomes){ db_int(s, 0), db_int(s, 1),
					 db_int(s, 2) };
	db_reset(s);
	return 0;
}
