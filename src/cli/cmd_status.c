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
		report_state(issue, counts), (long long)t.total,
		(long long)t.sent, (long long)t.waiting, (long long)t.failed,
		(long long)t.uncertain, (long long)t.skipped, when);
	if (issue->why.len > 0) {
		fprintf(to, "  %s %s: ", issue_state_name(issue->state),
			time_rfc3339(issue->changed_at, when));
		print_clean(to, issue->why);
		fputc('\n', to);
	}
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
		report_json(s->app, issue, &counts);
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
