/* change.c - what people decide: whether an issue goes on, and what became of a
 * letter that nobody else knows about */
#include "ledger_priv.h"

#include "queue_sql.h"

/* --- an issue ------------------------------------------------------------- */

static const struct {
	enum issue_state to;
	const char *verb;
	bool from[ISSUE_STATE_COUNT];
} changes[] = {
	[CHANGE_PAUSE] = { ISSUE_PAUSED, "paused", { [ISSUE_READY] = true } },
	[CHANGE_RESUME] = { ISSUE_READY, "resumed", { [ISSUE_PAUSED] = true } },
	[CHANGE_CANCEL] = { ISSUE_CANCELLED,
			    "cancelled",
			    { [ISSUE_FREEZING] = true,
			      [ISSUE_READY] = true,
			      [ISSUE_PAUSED] = true } },
};

static int no_meaning(const struct ledger_issue *issue,
		      enum issue_change change, struct err *err)
{
	err_set(err, ERR_INPUT, "'" STR_FMT "' is %s and cannot be %s",
		STR_ARG(str_head(issue->slug, 200)),
		issue_state_name(issue->state), changes[change].verb);
	if (issue->state == ISSUE_CANCELLED)
		return err_hint(err, "a cancelled issue stays so; send a copy "
				     "of the article under another slug");
	return err_hint(err,
			"'tidings send " STR_FMT "' first finishes what "
			"was begun",
			STR_ARG(str_head(issue->slug, 150)));
}

static int take_issue(void *arg, const struct ledger_issue *issue)
{
	*(struct ledger_issue *)arg = *issue;
	return 1;
}

static int change_issue(struct ledger *ledger, struct arena *arena, int64_t id,
			enum issue_change change, struct str why, int64_t now,
			struct err *err)
{
	struct ledger_issue issue = { .state = ISSUE_NONE };
	struct db_stmt *s;

	if (ledger_issues(ledger, id, arena, take_issue, &issue, err) < 0)
		return -1;
	if (issue.state == ISSUE_NONE)
		return err_set(err, ERR_MISSING, "there is no such issue");
	if (issue.state == changes[change].to)
		return 0;
	if (!changes[change].from[issue.state])
		return no_meaning(&issue, change, err);
	s = db_use(ledger->set, QUEUE_SQL_CHANGE_ISSUE);
	db_bind_int(s, ":issue", id);
	db_bind_text(s, ":from", str_of(issue_state_name(issue.state)));
	db_bind_text(s, ":state", str_of(issue_state_name(changes[change].to)));
	db_bind_text(s, ":why", change == CHANGE_RESUME ? STR_NONE : why);
	db_bind_int(s, ":now", now);
	return db_run(s, err) < 0 ? -1 : 1;
}

int ledger_change(struct ledger *ledger, int64_t issue,
		  enum issue_change change, struct str why, int64_t now,
		  struct err *err)
{
	struct arena *arena = arena_new("an issue", 65536);
	int changed = -1;

	if (db_begin(ledger->db, err) == 0) {
		changed = change_issue(ledger, arena, issue, change, why, now,
				       err);
		if (changed < 0)
			db_rollback(ledger->db);
		else if (db_commit(ledger->db, err) < 0)
			changed = -1;
	}
	arena_free(&arena);
	return changed;
}

/* --- a letter ------------------------------------------------------------- */

static int log_decision(struct ledger *ledger, int64_t issue, int64_t ordinal,
			int64_t epoch, const char *state, struct str words,
			int64_t now, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_LOG_ATTEMPT);

	db_bind_int(s, ":issue", issue);
	db_bind_int(s, ":ordinal", ordinal);
	db_bind_int(s, ":epoch", epoch);
	db_bind_int(s, ":at", now);
	db_bind_text(s, ":state", str_of(state));
	db_bind_text(s, ":relay", STR_NONE);
	db_bind_text(s, ":stage", STR("person"));
	db_bind_int(s, ":code", 0);
	db_bind_text(s, ":status", STR_NONE);
	db_bind_text(s, ":reply", words);
	return db_run(s, err);
}

int ledger_decide(struct ledger *ledger, int64_t issue, int64_t ordinal,
		  enum delivery_event event, struct str words, int64_t now,
		  struct err *err)
{
	const char *state = delivery_state_name(
		delivery_next(DELIVERY_HELD, event));
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_DECIDE);
	int64_t epoch;
	int found;

	db_bind_int(s, ":issue", issue);
	db_bind_int(s, ":ordinal", ordinal);
	db_bind_text(s, ":state", str_of(state));
	db_bind_text(s, ":reply", words);
	db_bind_int(s, ":now", now);
	found = db_one(s, err);
	if (found != 1)
		return found;
	epoch = db_int(s, 0);
	db_reset(s);
	if (log_decision(ledger, issue, ordinal, epoch, state, words, now,
			 err) < 0)
		return -1;
	return 1;
}
