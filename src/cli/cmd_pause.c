/* cmd_pause.c - tidings pause, resume and cancel: whether an issue goes on */
#include "base/clock.h"
#include "cli_priv.h"
#include "queue/ledger.h"
#include "send_report_priv.h"

#define REASON_MAX 500

struct pause_opts {
	const char *reason;
};

static const struct option options[] = {
	{ "reason", 'r', OPTION_TEXT, offsetof(struct pause_opts, reason),
	  "TEXT", "why, for those who look at it later" },
	{ 0 }
};

static struct str reason_of(struct app *app, const struct pause_opts *opts)
{
	if (opts && opts->reason && opts->reason[0])
		return str_head(str_of(opts->reason), REASON_MAX);
	return arena_fmt(app->arena, "by " STR_FMT,
			 STR_ARG(find_user(app->arena)));
}

static void report(const struct app *app, const struct ledger_issue *issue,
		   enum issue_change change, bool changed)
{
	static const char *const said[] = {
		[CHANGE_PAUSE] = "is paused; letters on the wire are finished, "
				 "and nothing more is sent until 'tidings "
				 "resume'",
		[CHANGE_RESUME] = "may be sent again: 'tidings send' goes on",
		[CHANGE_CANCEL] = "is cancelled for good",
	};
	static const char *const states[] = {
		[CHANGE_PAUSE] = "paused",
		[CHANGE_RESUME] = "ready",
		[CHANGE_CANCEL] = "cancelled",
	};
	struct json *json;

	if (app->json) {
		json = json_map();
		json_add_str(json, "issue", issue->slug);
		json_add_str(json, "state", str_of(states[change]));
		json_add_bool(json, "changed", changed);
		print_json(app->out, &json);
		return;
	}
	print_remark(app, "'" STR_FMT "' %s%s", STR_ARG(issue->slug),
		     changed ? "" : "already ", said[change]);
}

/* Every letter of it has had its end, so that there is nothing to stop: to
 * call it paused or cancelled would say that somebody did not get it. 1: so it
 * is, and it is said; 0, -1. */
static int is_over(struct app *app, struct ledger *ledger,
		   const struct ledger_issue *issue, enum issue_change change,
		   struct err *err)
{
	struct ledger_counts counts;
	struct json *json;

	if (change == CHANGE_RESUME || issue->state != ISSUE_READY)
		return 0;
	if (ledger_counts(ledger, issue->id, &counts, err) < 0)
		return -1;
	if (tally_of(&counts).uncertain > 0 ||
	    strcmp(report_state(issue, &counts), "done") != 0)
		return 0;
	if (app->json) {
		json = json_map();
		json_add_str(json, "issue", issue->slug);
		json_add_str(json, "state", STR("done"));
		json_add_bool(json, "changed", false);
		print_json(app->out, &json);
	} else {
		print_remark(app,
			     "'" STR_FMT "' is done: nothing is left to "
			     "stop",
			     STR_ARG(issue->slug));
	}
	return 1;
}

/* Senders under way look at the ledger before they let the next letter go,
 * once they are told that something has changed. */
static int change(struct app *app, const char *what, enum issue_change change_,
		  const struct pause_opts *opts, struct err *err)
{
	struct ledger_issue issue;
	struct ledger *ledger;
	int over, changed = 0;

	if (ledger_open(app->db, &ledger, err) < 0)
		return -1;
	over = find_frozen(app, ledger, what, &issue, err);
	if (over == 0)
		over = is_over(app, ledger, &issue, change_, err);
	if (over == 0)
		changed = ledger_change(ledger, issue.id, change_,
					reason_of(app, opts), clock_now_ms(),
					err);
	ledger_close(&ledger);
	if (over != 0)
		return over < 0 ? -1 : 0;
	if (changed < 0 || (changed > 0 && app_tell_senders(app, err) < 0))
		return -1;
	report(app, &issue, change_, changed > 0);
	return 0;
}

static int run_pause(struct app *app, const void *opts, int argc, char **argv,
		     struct err *err)
{
	(void)argc;
	return change(app, argv[0], CHANGE_PAUSE, opts, err);
}

static int run_resume(struct app *app, const void *opts, int argc, char **argv,
		      struct err *err)
{
	(void)argc;
	(void)opts;
	return change(app, argv[0], CHANGE_RESUME, NULL, err);
}

static int run_cancel(struct app *app, const void *opts, int argc, char **argv,
		      struct err *err)
{
	(void)argc;
	return change(app, argv[0], CHANGE_CANCEL, opts, err);
}

const struct command cmd_pause = {
	.name = "pause",
	.args = "ISSUE",
	.summary = "stop an issue for now",
	.needs = NEED_CONF | NEED_DB_WRITE,
	.options = options,
	.opts_size = sizeof(struct pause_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_pause,
};

const struct command cmd_resume = {
	.name = "resume",
	.args = "ISSUE",
	.summary = "let a paused issue be sent again",
	.needs = NEED_CONF | NEED_DB_WRITE,
	.min_args = 1,
	.max_args = 1,
	.run = run_resume,
};

const struct command cmd_cancel = {
	.name = "cancel",
	.args = "ISSUE",
	.summary = "stop an issue for good",
	.needs = NEED_CONF | NEED_DB_WRITE,
	.options = options,
	.opts_size = sizeof(struct pause_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run_cancel,
};
