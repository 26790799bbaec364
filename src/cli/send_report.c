/* send_report.c - how a send is going, and what came of it */
#include "send_report_priv.h"

#include "base/clock.h"
#include "base/time.h"
#include "cli_priv.h"

#define BAR	      24
#define LINE_EVERY_MS TIME_MINUTE_MS

struct tally tally_of(const struct ledger_counts *counts)
{
	const int64_t *by = counts->by_state;
	struct tally t = {
		.total = counts->total,
		.sent = by[DELIVERY_SENT] + by[DELIVERY_BOUNCED] +
			by[DELIVERY_COMPLAINED],
		.failed = by[DELIVERY_FAILED] + by[DELIVERY_EXPIRED],
		.uncertain = by[DELIVERY_UNCERTAIN] + by[DELIVERY_HELD],
		.skipped = by[DELIVERY_SKIPPED],
	};

	/* All the rest. While a send runs, what it has taken is counted a few
	 * seconds before it is missing among the queued. */
	t.waiting = t.total - t.sent - t.failed - t.uncertain - t.skipped;
	return t;
}

/* "1:02:03" or "2:03". */
static void put_eta(FILE *to, int64_t seconds)
{
	if (seconds >= 3600)
		fprintf(to, "%lld:%02lld:%02lld", (long long)(seconds / 3600),
			(long long)(seconds / 60 % 60),
			(long long)(seconds % 60));
	else
		fprintf(to, "%lld:%02lld", (long long)(seconds / 60),
			(long long)(seconds % 60));
}

static void draw(const struct progress *p, const struct tally *t,
		 double per_second)
{
	int64_t done = t->total - t->waiting;
	int filled = t->total > 0 ? (int)(done * BAR / t->total) : 0;

	fputc('\r', stderr);
	print_clean(stderr, str_head(p->slug, 20));
	fputs(" [", stderr);
	for (int i = 0; i < BAR; i++)
		fputc(i < filled ? '#' : '.', stderr);
	fprintf(stderr, "] %lld/%lld sent", (long long)t->sent,
		(long long)t->total);
	if (t->failed > 0)
		fprintf(stderr, ", %lld failed", (long long)t->failed);
	if (per_second >= 0.05)
		fprintf(stderr, ", %.*f/s", per_second < 10 ? 1 : 0,
			per_second);
	if (per_second >= 0.05 && t->waiting > 0) {
		fputs(", ", stderr);
		put_eta(stderr, (int64_t)((double)t->waiting / per_second));
		fputs(" left", stderr);
	}
	fputs("\033[K", stderr);
}

void progress_show(void *arg, const struct ledger_counts *counts,
		   double per_second)
{
	struct progress *p = arg;
	struct tally t = tally_of(counts);
	int64_t now = clock_boot_ms();

	if (!print_heard(p->app))
		return;
	if (p->app->terminal) {
		draw(p, &t, per_second);
		p->drawn = true;
		return;
	}
	if (p->said_at > 0 && now - p->said_at < LINE_EVERY_MS)
		return;
	p->said_at = now;
	print_remark(p->app,
		     STR_FMT ": %lld of %lld sent, %.1f/s, %lld "
			     "failed, %lld waiting",
		     STR_ARG(p->slug), (long long)t.sent, (long long)t.total,
		     per_second, (long long)t.failed, (long long)t.waiting);
}

void progress_end(struct progress *progress)
{
	if (progress->drawn)
		fputs("\r\033[K", stderr);
	progress->drawn = false;
}

const char *report_state(const struct ledger_issue *issue,
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

void report_json(const struct app *app, const struct ledger_issue *issue,
		 const struct ledger_counts *counts)
{
	struct json *json = json_map(), *by = json_map(), *relays = json_list();

	json_add_str(json, "issue", issue->slug);
	json_add_str(json, "subject", issue->subject);
	json_add_str(json, "state", str_of(report_state(issue, counts)));
	json_add_int(json, "total", counts->total);
	for (int i = DELIVERY_NONE + 1; i < DELIVERY_STATE_COUNT; i++)
		json_add_int(by, delivery_state_name((enum delivery_state)i),
			     counts->by_state[i]);
	json_add(json, "counts", &by);
	/* Only the process that sends knows how fast it is. */
	json_add_null(json, "rate");
	json_add_null(json, "eta");
	json_add_time(json, "next_due", next_due(issue, counts));
	json_add_str(json, "why", issue->why);
	json_add_time(json, "changed_at", issue->changed_at);
	json_add_time(json, "frozen_at", issue->frozen_at);
	json_add_time(json, "not_after", issue->not_after);
	for (const struct conf_relay *r = app->conf->relays; r; r = r->next)
		json_push_str(relays, r->key);
	json_add(json, "relays", &relays);
	print_json(app->out, &json);
}

static int say_uncertain(struct str slug, const struct tally *t,
			 struct err *err)
{
	err_set(err, ERR_UNCERTAIN,
		"%lld of %lld letters %s uncertain: the relay's last reply "
		"was lost (%lld sent, %lld failed, %lld waiting)",
		(long long)t->uncertain, (long long)t->total,
		t->uncertain == 1 ? "is" : "are", (long long)t->sent,
		(long long)t->failed, (long long)t->waiting);
	return err_hint(err,
			"'tidings who " STR_FMT " --state uncertain,held'"
			" names them; 'uncertain' and 'uncertain_after' in "
			"the settings say what the same command does next",
			STR_ARG(slug));
}

static int say_failed(struct str slug, const struct tally *t, struct err *err)
{
	err_set(err, ERR_FAILED,
		"%lld of %lld letters failed (%lld sent, %lld "
		"waiting)",
		(long long)t->failed, (long long)t->total, (long long)t->sent,
		(long long)t->waiting);
	return err_hint(err,
			"'tidings who " STR_FMT " --state failed,expired'"
			" shows what the relay said",
			STR_ARG(slug));
}

static int say_waiting(const struct send_done *done, const struct tally *t,
		       struct err *err)
{
	char when[TIME_RFC3339_MAX] = "";

	if (done->stopped) {
		err_set(err, ERR_AGAIN,
			"interrupted: %lld of %lld letters "
			"remain",
			(long long)t->waiting, (long long)t->total);
		return err_hint(err, "run the same command again to go on");
	}
	if (done->next_due > clock_now_ms())
		time_rfc3339(done->next_due, when);
	err_set(err, ERR_AGAIN, "%lld of %lld letters wait%s%s%s%s",
		(long long)t->waiting, (long long)t->total,
		when[0] ? " until " : "", when,
		done->last_trouble[0] ? ": " : "", done->last_trouble);
	if (t->sent == 0 && done->last_trouble[0])
		return err_hint(err, "look at 'tidings config relays' and "
				     "whether the relay is up, then run the "
				     "same command again");
	return err_hint(err,
			"run the same command again%s; it goes on where "
			"it stopped",
			when[0] ? " then" : "");
}

int report_done(struct str slug, const struct send_done *done, struct err *err)
{
	struct tally t = tally_of(&done->counts);

	/* What is cut short is not finished, whatever failed before. */
	if (done->stopped && t.waiting > 0)
		return say_waiting(done, &t, err);
	if (t.uncertain > 0)
		return say_uncertain(slug, &t, err);
	if (t.failed > 0)
		return say_failed(slug, &t, err);
	return t.waiting > 0 ? say_waiting(done, &t, err) : 0;
}
