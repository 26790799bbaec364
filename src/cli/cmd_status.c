/* cmd_status.c - tidings status: how issues stand */
#include "base/clock.h"
#include "cli_priv.h"
#include "send_report_priv.h"

struct status {
	struct app *app;
	struct ledger *ledger;
	struct err *err;
	int64_t now;
	int64_t shown;
	bool failed;
};

/* One word for the whole issue: the ledger's own while it is being made or
 * held, else what its rows say. */
static const char *state_of(const struct ledger_issue *issue,
			    const struct ledger_counts *counts)
{
	struct tally t = tally_of(counts);

	if (issue->state != ISSUE_READY)
		return issue_state_name(issue->state);
	if (counts->by_state[DELIVERY_CLAIMED] > 0)
		return "sending";
	if (t.waiting > 0 || counts->by_state[DELIVERY_UNCERTAIN] > 0)
		return "waiting";
	return "done";
}

/* A row that was never tried is due since its issue was frozen. */
static int64_t next_due(const struct ledger_issue *issue,
			const struct ledger_counts *counts)
{
	if (counts->next_due > 0 && counts->next_due < issue->frozen_at)
		return issue->frozen_at;
	return counts->next_due;
}

static void show_json(const struct status *s, const struct ledger_issue *issue,
		      const struct ledger_counts *counts)
{
	struct json *json = json_map(), *by = json_map(), *relays = json_list();

	json_add_str(json, "issue", issue->slug);
	json_add_str(json, "subject", issue->subject);
	json_add_str(json, "state", str_of(state_of(issue, counts)));
	json_add_int(json, "total", counts->total);
	for (int i = DELIVERY_NONE + 1; i < DELIVERY_STATE_COUNT; i++)
		json_add_int(by, delivery_state_name((enum delivery_state)i),
			     counts->by_state[i]);
	json_add(json, "counts", &by);
	/* Only the process that sends knows how fast it is. */
	json_add_null(json, "rate");
	json_add_null(json, "eta");
	json_add_time(json, "next_due", next_due(issue, counts));
	json_add_time(json, "frozen_at", issue->frozen_at);
	json_add_time(json, "not_after", issue->not_after);
	for (const struct conf_relay *r = s->app->conf->relays; r; r = r->next)
		json_push_str(relays, r->key);
	json_add(json, "relays", &relays);
	print_json(s->app->out, &json);
}

static void put_heading(FILE *to)
{
	fprintf(to, "%-24s %-9s %8s %8s %8s %8s %9s %8s  %s\n", "ISSUE",
		"STATE", "TOTAL", "SENT", "WAITING", "FAILED", "UNCERTAIN",
		"SKIPPED", "FROZEN");
}

static void show_line(const struct status *s, const struct ledger_issue *issue,
		      const struct ledger_counts *counts)
{
	struct tally t = tally_of(counts);
	char when[TIME_RFC3339_MAX];
	FILE *to = s->app->out;

	if (s->shown == 0)
		put_heading(to);
	print_clean(to, issue->slug);
	time_rfc3339(issue->frozen_at, when);
	when[16] = 0;
	when[10] = ' ';
	fprintf(to, "%*s %-9s %8lld %8lld %8lld %8lld %9lld %8lld  %s\n",
		issue->slug.len < 24 ? 24 - (int)issue->slug.len : 0, "",
		state_of(issue, counts), (long long)t.total, (long long)t.sent,
		(long long)t.waiting, (long long)t.failed,
		(long long)t.uncertain, (long long)t.skipped, when);
	if (counts->next_due > s->now)
		fprintf(to, "  next try %s\n",
			time_rfc3339(counts->next_due, when));
	else if (counts->next_due > 0)
		fprintf(to, "  due now: 'tidings send " STR_FMT "' goes on\n",
			STR_ARG(issue->slug));
}

static int show(void *arg, const struct ledger_issue *issue)
{
	struct status *s = arg;
	struct ledger_counts counts;

	if (ledger_counts(s->ledger, issue->id, &counts, s->err) < 0) {
		s->failed = true;
		return 1;
	}
	if (s->app->json)
		show_json(s, issue, &counts);
	else
		show_line(s, issue, &counts);
	s->shown++;
	return ferror(s->app->out);
}

static int show_all(struct status *s, const char *what, struct err *err)
{
	struct ledger_issue issue = { .id = 0 };

	if (what && find_frozen(s->app, s->ledger, what, &issue, err) < 0)
		return -1;
	if (ledger_issues(s->ledger, issue.id, s->app->arena, show, s, err) <
		    0 ||
	    s->failed)
		return -1;
	if (s->shown == 0)
		print_remark(s->app, "nothing was sent yet");
	return 0;
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	struct status s = { .app = app, .err = err, .now = clock_now_ms() };
	int rc;

	(void)opts;
	if (ledger_open(app->db, &s.ledger, err) < 0)
		return -1;
	rc = show_all(&s, argc > 0 ? argv[0] : NULL, err);
	ledger_close(&s.ledger);
	return rc;
}

const struct command cmd_status = {
	.name = "status",
	.args = "[ISSUE]",
	.summary = "say how an issue stands, or all of them",
	.needs = NEED_CONF | NEED_DB_READ,
	.max_args = 1,
	.run = run,
};
