/* cmd_send.c - tidings send: freeze an issue and get it to everybody */
#include "base/clock.h"
#include "cli_priv.h"
#include "issue/issue.h"
#include "letter/letter.h"
#include "send_report_priv.h"

struct send_opts {
	const char *to_list, *not_after;
	bool dry_run;
};

#define S(field) offsetof(struct send_opts, field)

static const struct option options[] = {
	{ "to-list", 'l', OPTION_TEXT, S(to_list), "LIST",
	  "to this list, in place of the one in the article" },
	{ "not-after", 0, OPTION_TEXT, S(not_after), "TIME",
	  "no more tries after this; RFC 3339, or YYYY-MM-DD HH:MM in UTC" },
	{ "dry-run", 'n', OPTION_FLAG, S(dry_run), NULL,
	  "check all and say who would get it; queue and send nothing" },
	{ 0 }
};

struct sending {
	struct app *app;
	const struct send_opts *opts;
	struct ledger *ledger;
	struct list *list;
	const char *what;
	int64_t now, not_after;
	bool known;	     /* it was frozen before */
	struct issue *issue; /* NULL: the ledger's word counts */
	struct str list_key;
	int64_t list_id;
	struct ledger_issue frozen;
	struct str slug;
};

static int read_not_after(struct sending *s, struct err *err)
{
	const char *text = s->opts->not_after;

	s->not_after = s->now + s->app->conf->send.not_after_ms;
	if (!text)
		return 0;
	if (!time_parse(str_of(text), &s->not_after)) {
		err_set(err, ERR_USAGE, "'%s' is no time", text);
		return err_hint(err, "such as 2026-05-22T18:00:00Z or "
				     "'2026-05-22 18:00' (UTC)");
	}
	if (s->not_after <= s->now)
		return err_set(err, ERR_USAGE, "'%s' is in the past", text);
	return 0;
}

/* --- whom it is for, and what it says */

/* The word for a list's number; none when the settings have dropped it. */
static int name_list(struct sending *s, struct err *err)
{
	const struct conf_list *l = s->app->conf->lists;
	int64_t id;

	for (; l; l = l->next) {
		if (list_id(s->list, l->key, false, &id, err) < 0)
			return -1;
		if (id == s->list_id)
			s->list_key = l->key;
	}
	return 0;
}

static int choose_list(struct sending *s, struct err *err)
{
	const char *word = s->opts->to_list;
	const struct conf_list *l;

	if (find_lists_made(s->app->conf, s->list, err) < 0)
		return -1;
	if (word && (find_list(s->app->conf, word, &l, err) < 0 ||
		     list_id(s->list, l->key, false, &s->list_id, err) < 0))
		return -1;
	if (word)
		s->list_key = l->key;
	if (!s->known)
		return 0;
	if (word && s->list_id != s->frozen.list_id) {
		err_set(err, ERR_INPUT,
			"'" STR_FMT "' was frozen for another list",
			STR_ARG(s->frozen.slug));
		return err_hint(err, "an issue goes to one list; a copy of "
				     "the article under another slug may go "
				     "to the next");
	}
	s->list_id = s->frozen.list_id;
	return name_list(s, err);
}

/* What was frozen goes out as it is, also when its file has since changed,
 * broken or gone. */
static void compare(const struct sending *s, struct issue_wish *wish)
{
	struct err broken = ERR_INIT;
	struct issue *issue;

	/* The date in a letter without `date:` is that of its freeze. */
	wish->now = s->frozen.frozen_at;
	if (issue_load(s->app->conf, wish, s->app->arena, &issue, &broken) < 0)
		print_warning(s->app,
			      "%s%s%s; what was frozen of '" STR_FMT "' counts",
			      broken.place, broken.place[0] ? ": " : "",
			      broken.message, STR_ARG(s->frozen.slug));
	else if (!str_eq(issue->source_hash, s->frozen.source_hash))
		print_warning(s->app,
			      "the files of '" STR_FMT "' have changed since "
			      "it was frozen; what was frozen counts",
			      STR_ARG(s->frozen.slug));
}

static int load(struct sending *s, struct err *err)
{
	struct issue_wish wish = { .what = str_of(s->what),
				   .list = s->list_key,
				   .now = s->now };

	if (s->known) {
		compare(s, &wish);
		return 0;
	}
	if (issue_load(s->app->conf, &wish, s->app->arena, &s->issue, err) < 0)
		return -1;
	s->list_key = s->issue->list->key;
	return list_id(s->list, s->list_key, false, &s->list_id, err);
}

/* A freeze that was cut short goes on from where it was; for that the ledger
 * needs no more than the slug. */
static int freeze(struct sending *s, int64_t *id_out, struct err *err)
{
	struct ledger_freeze freeze = { .slug = s->frozen.slug,
					.title = s->frozen.title,
					.subject = s->frozen.subject,
					.source_hash = s->frozen.source_hash,
					.list_id = s->list_id,
					.now = s->now,
					.not_after = s->not_after };
	const struct letter_form *form;

	if (!s->known) {
		freeze.slug = s->issue->slug;
		freeze.title = s->issue->article->title;
		freeze.subject = s->issue->subject;
		freeze.source_hash = s->issue->source_hash;
		freeze.form = s->issue->form;
		if (letter_form_open(freeze.form, s->app->arena, &form, err) <
		    0)
			return -1;
		freeze.fields = letter_form_fields(form);
		freeze.attributes = letter_form_attributes(
			form, &freeze.attribute_count);
		if (issue_keep_pictures(s->app->conf, s->issue, err) < 0)
			return -1;
	}
	if (app_open(s->app, NEED_SEAL, err) < 0)
		return -1;
	return ledger_freeze(s->ledger, &freeze, id_out, err);
}

static void show_plan(const struct sending *s, struct str subject,
		      int64_t audience)
{
	const struct app *app = s->app;
	struct json *json;

	if (app->json) {
		json = json_map();
		json_add_str(json, "issue", s->slug);
		json_add_str(json, "subject", subject);
		json_add_str(json, "list", s->list_key);
		json_add_int(json, "audience", audience);
		json_add_bool(json, "frozen", s->known);
		print_json(app->out, &json);
		return;
	}
	fputs("subject   ", app->out);
	print_clean(app->out, subject);
	fprintf(app->out, "\nlist      " STR_FMT "\naudience  %lld\n",
		STR_ARG(s->list_key), (long long)audience);
	if (s->known)
		fprintf(app->out,
			"it was frozen before: 'tidings status " STR_FMT
			"' shows how it stands\n",
			STR_ARG(s->slug));
}

static int plan(const struct sending *s, struct err *err)
{
	struct str subject = s->frozen.subject;
	int64_t audience = s->frozen.total;

	if (!s->known) {
		subject = s->issue->subject;
		if (list_audience_count(s->list, s->list_id, &audience, err) <
		    0)
			return -1;
	}
	show_plan(s, subject, audience);
	if (audience > 0)
		return 0;
	err_set(err, ERR_EMPTY, "nobody is on the list '" STR_FMT "'",
		STR_ARG(s->list_key));
	return err_hint(err, "'tidings import' brings readers in");
}

/* Nothing is left that a dispatcher could do. */
static bool is_over(const struct ledger_counts *counts)
{
	return tally_of(counts).waiting == 0 &&
	       counts->by_state[DELIVERY_UNCERTAIN] == 0;
}

static int dispatch(struct sending *s, int64_t id, struct send_done *done,
		    struct err *err)
{
	struct progress progress = { .app = s->app, .slug = s->slug };
	struct send_options options_ = {
		.conf = s->app->conf,
		.database = app_path(s->app, DB_FILE),
		.issue = id,
		.stop = signals_stop(),
		.progress = progress_show,
		.progress_arg = &progress,
	};
	int rc;

	if (app_open(s->app, NEED_SEAL, err) < 0)
		return -1;
	options_.seal = s->app->seal;
	rc = send_run(&options_, done, err);
	progress_end(&progress);
	return rc;
}

/* The issue as it stands now, for whoever reads --json. */
static int summarize(const struct sending *s,
		     const struct ledger_counts *counts, struct err *err)
{
	struct ledger_issue issue;

	if (!s->app->json)
		return 0;
	if (ledger_issue(s->ledger, s->slug, s->app->arena, &issue, err) < 0)
		return -1;
	report_json(s->app, &issue, counts);
	return 0;
}

static int is_stopped(struct sending *s, bool *stopped_out, struct err *err)
{
	if (ledger_issue(s->ledger, s->slug, s->app->arena, &s->frozen, err) <
	    0)
		return -1;
	*stopped_out = s->frozen.state == ISSUE_PAUSED ||
		       s->frozen.state == ISSUE_CANCELLED;
	return 0;
}

/* Before the send or during it, by another process; letters remain. */
static int say_stopped(struct sending *s, struct err *err)
{
	bool cancelled;
	bool stopped;

	if (is_stopped(s, &stopped, err) < 0)
		return -1;
	if (!stopped)
		return 0;
	cancelled = s->frozen.state == ISSUE_CANCELLED;
	err_set(err, cancelled ? ERR_EMPTY : ERR_AGAIN,
		"'" STR_FMT "' is %s: " STR_FMT, STR_ARG(s->slug),
		issue_state_name(s->frozen.state), STR_ARG(s->frozen.why));
	if (cancelled)
		return err_hint(err, "nothing more of it is sent, ever");
	return err_hint(err,
			"'tidings resume " STR_FMT "', then the same "
			"command again",
			STR_ARG(s->slug));
}

static int finish(struct sending *s, int64_t id, struct err *err)
{
	struct send_done done = { .last_trouble = "" };
	const char *how = "sent";
	bool stopped;
	struct tally t;

	if (ledger_counts(s->ledger, id, &done.counts, err) < 0)
		return -1;
	if (is_over(&done.counts))
		how = "already sent";
	else if (is_stopped(s, &stopped, err) < 0 ||
		 (!stopped && dispatch(s, id, &done, err) < 0))
		return -1;
	if (summarize(s, &done.counts, err) < 0 ||
	    (tally_of(&done.counts).waiting > 0 && say_stopped(s, err) < 0) ||
	    report_done(s->slug, &done, err) < 0)
		return -1;
	t = tally_of(&done.counts);
	print_remark(s->app, "'" STR_FMT "': %lld of %lld letters %s%s",
		     STR_ARG(s->slug), (long long)t.sent, (long long)t.total,
		     how, t.skipped ? "; who left in between was spared" : "");
	return 0;
}

/* Somebody else froze this slug while we looked at the article: from here on
 * it is as if that had been there before we came. */
static int give_way(struct sending *s, struct err *err)
{
	if (ledger_issue(s->ledger, s->slug, s->app->arena, &s->frozen, err) <
	    0)
		return -1;
	s->known = true;
	s->list_key = STR_NONE;
	seal_close(&s->app->seal); /* children parse the article again */
	return choose_list(s, err) < 0 ? -1 : load(s, err);
}

static int send(struct sending *s, struct err *err)
{
	int found = find_issue(s->app, s->ledger, s->what, &s->frozen, err);
	struct arena *arena = s->app->arena;
	int64_t id;

	if (found < 0 || read_not_after(s, err) < 0 ||
	    issue_alone(s->app->conf, str_of(s->what), arena, err) < 0)
		return -1;
	s->known = found == 1;
	if (choose_list(s, err) < 0 || load(s, err) < 0 ||
	    (!s->known && issue_reach(s->app->conf, arena, err) < 0))
		return -1;
	s->slug = s->known ? s->frozen.slug : s->issue->slug;
	if (s->opts->dry_run)
		return app_open(s->app, NEED_SEAL, err) < 0 ? -1 : plan(s, err);
	found = freeze(s, &id, err);
	if (found < 0 || (found == 1 && !s->known && give_way(s, err) < 0))
		return -1;
	if (s->known && s->opts->not_after)
		print_warning(s->app, "'--not-after' counts when an issue is "
				      "frozen; this one was frozen before");
	return finish(s, id, err);
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	struct sending s = {
		.app = app,
		.opts = opts,
		.what = argv[0],
		.now = clock_now_ms(),
		.list_key = STR_NONE,
	};
	int rc;

	(void)argc;
	if (list_open(app->db, NULL, &s.list, err) < 0)
		return -1;
	rc = ledger_open(app->db, &s.ledger, err);
	if (rc == 0) {
		rc = send(&s, err);
		ledger_close(&s.ledger);
	}
	list_close(&s.list);
	return rc;
}

const struct command cmd_send = {
	.name = "send",
	.args = "ISSUE",
	.summary = "freeze an issue and send it to everybody on its list",
	.needs = NEED_CONF | NEED_DB_WRITE,
	.options = options,
	.opts_size = sizeof(struct send_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
