/* ledger.c - opening the books, and reading them */
#include <stdlib.h>

#include "base/die.h"
#include "ledger_priv.h"

#include "queue_sql.h"

static const struct str issue_names[ISSUE_STATE_COUNT] = {
	[ISSUE_NONE] = STR("none"),
#define X(name, text) [ISSUE_##name] = STR(text),
	ISSUE_STATES(X)
#undef X
};

const char *issue_state_name(enum issue_state state)
{
	return issue_names[state].at;
}

static enum issue_state issue_state_of(struct str name)
{
	for (int i = ISSUE_NONE + 1; i < ISSUE_STATE_COUNT; i++)
		if (str_eq(name, issue_names[i]))
			return (enum issue_state)i;
	return ISSUE_NONE;
}

int ledger_open(struct db *db, struct ledger **ledger_out, struct err *err)
{
	struct ledger *ledger = die_calloc(1, sizeof(*ledger), "the ledger");

	ledger->db = db;
	if (db_prepare(db, queue_queries, QUEUE_SQL_COUNT, &ledger->set, err) <
	    0) {
		free(ledger);
		return -1;
	}
	*ledger_out = ledger;
	return 0;
}

void ledger_close(struct ledger **ledger)
{
	if (!*ledger)
		return;
	db_finish(&(*ledger)->set);
	free(*ledger);
	*ledger = NULL;
}

static void read_issue(struct db_stmt *s, struct arena *arena,
		       struct ledger_issue *out)
{
	out->id = db_int(s, 0);
	out->slug = arena_dup(arena, db_text(s, 1));
	out->title = arena_dup(arena, db_text(s, 2));
	out->subject = arena_dup(arena, db_text(s, 3));
	out->list_id = db_int(s, 4);
	out->state = issue_state_of(db_text(s, 5));
	out->frozen_at = db_int(s, 6);
	out->not_after = db_int(s, 7);
	out->total = db_int(s, 8);
	out->revision = (int)db_int(s, 9);
	out->source_hash = arena_dup(arena, db_text(s, 10));
	out->why = arena_dup(arena, db_text(s, 11));
	out->changed_at = db_int(s, 12);
}

int ledger_issue(struct ledger *ledger, struct str slug, struct arena *arena,
		 struct ledger_issue *out, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_ISSUE_BY_SLUG);
	int found;

	db_bind_text(s, ":slug", slug);
	found = db_one(s, err);
	if (found == 1) {
		read_issue(s, arena, out);
		db_reset(s);
	}
	return found;
}

int ledger_issues(struct ledger *ledger, int64_t id_or_0, struct arena *arena,
		  int (*row)(void *arg, const struct ledger_issue *issue),
		  void *arg, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, id_or_0 ? QUEUE_SQL_ISSUE_BY_ID
							: QUEUE_SQL_ISSUES);
	struct ledger_issue issue;
	int rc;

	if (id_or_0)
		db_bind_int(s, ":issue", id_or_0);
	while ((rc = db_step(s, err)) == 1) {
		read_issue(s, arena, &issue);
		if (row(arg, &issue))
			break;
	}
	db_reset(s);
	return rc < 0 ? -1 : 0;
}

int ledger_form(struct ledger *ledger, int64_t issue, int revision,
		struct arena *arena, struct str *form_out, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_FORM);
	int found;

	db_bind_int(s, ":issue", issue);
	db_bind_int(s, ":revision", revision);
	found = db_one(s, err);
	if (found == 1) {
		*form_out = arena_dup(arena, db_blob(s, 0));
		db_reset(s);
	}
	if (found == 0)
		return err_set(err, ERR_DB, "a frozen letter is missing");
	return found < 0 ? -1 : 0;
}

static int read_min(struct ledger *ledger, size_t statement, int64_t issue,
		    int64_t *least, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, statement);

	if (issue)
		db_bind_int(s, ":issue", issue);
	if (db_one(s, err) < 0)
		return -1;
	if (!db_null(s, 0) && (*least == 0 || db_int(s, 0) < *least))
		*least = db_int(s, 0) > 0 ? db_int(s, 0) : 1;
	db_reset(s);
	return 0;
}

int ledger_next_due(struct ledger *ledger, int64_t issue, int64_t *due_out,
		    struct err *err)
{
	int64_t due = 0;

	if (read_min(ledger, issue ? QUEUE_SQL_NEXT_DUE_OF
				   : QUEUE_SQL_NEXT_DUE, issue, &due, err) < 0 ||
	    read_min(ledger, issue ? QUEUE_SQL_NEXT_UNCERTAIN_OF
				   : QUEUE_SQL_NEXT_UNCERTAIN, issue, &due,
		     err) < 0)
		return -1;
	*due_out = due;
	return 0;
}

int ledger_counts(struct ledger *ledger, int64_t issue,
		  struct ledger_counts *out, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, issue ? QUEUE_SQL_COUNTS
						      : QUEUE_SQL_COUNTS_ALL);
	struct ledger_counts counts = { 0 };
	int rc;

	if (issue)
		db_bind_int(s, ":issue", issue);
	while ((rc = db_step(s, err)) == 1) {
		counts.by_state[delivery_state_of(db_text(s, 0))] =
			db_int(s, 1);
		counts.total += db_int(s, 1);
	}
	if (rc < 0 ||
	    ledger_next_due(ledger, issue, &counts.next_due, err) < 0)
		return -1;
	*out = counts;
	return 0;
}

int ledger_rows(struct ledger *ledger, int64_t issue, uint32_t states,
		int (*row)(void *arg, const struct ledger_row *row), void *arg,
		struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_ROWS);
	int rc;

	db_bind_int(s, ":issue", issue);
	while ((rc = db_step(s, err)) == 1) {
		struct ledger_row r = {
			.issue = issue,
			.ordinal = db_int(s, 0),
			.subscriber = db_int(s, 1),
			.address = db_text(s, 2),
			.state = delivery_state_of(db_text(s, 3)),
			.attempts = (int)db_int(s, 4),
			.at = db_int(s, 5),
			.due = db_int(s, 6),
			.code = (int)db_int(s, 7),
			.status = db_text(s, 8),
			.reply = db_text(s, 9),
			.date_ms = db_int(s, 10),
			.revision = (int)db_int(s, 11),
		};

		if ((states == 0 || states & 1u << r.state) && row(arg, &r))
			break;
	}
	db_reset(s);
	return rc < 0 ? -1 : 0;
}
