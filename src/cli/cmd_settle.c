/* cmd_settle.c - tidings settle: what became of letters nobody knows about
 *
 * Their last reply was lost. A person who has asked the relay, or has its log,
 * says how it ended; the ledger keeps who said so.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "cli_priv.h"
#include "options_priv.h"
#include "queue/ledger.h"
#include "settle_log_priv.h"

#define BATCH 500 /* rows in one transaction: others want to write, too */

struct settle_opts {
	const char *as, *log;
	bool all;
};

#define S(field) offsetof(struct settle_opts, field)

static const struct option options[] = {
	{ "as", 0, OPTION_TEXT, S(as), "WORD",
	  "sent, failed, or queued to send it again" },
	{ "all", 'a', OPTION_FLAG, S(all), NULL,
	  "every letter of the issue that is uncertain or held" },
	{ "log", 0, OPTION_TEXT, S(log), "FILE",
	  "the relay's log: what it says was taken was sent; - is standard "
	  "input" },
	{ 0 }
};

static const struct {
	struct str word;
	enum delivery_event event;
} outcomes[] = {
	{ STR("sent"), EVENT_ACCEPTED },
	{ STR("failed"), EVENT_REFUSED },
	{ STR("queued"), EVENT_RETRY },
};

#define OUTCOME_COUNT (sizeof(outcomes) / sizeof(*outcomes))

struct doubtful { /* an uncertain or held row */
	int64_t ordinal;
	struct str address;
	struct log_letter letter;
	bool chosen;
	struct doubtful *next;
};

struct settle {
	struct app *app;
	const struct settle_opts *opts;
	struct ledger *ledger;
	struct ledger_issue issue;
	struct doubtful *rows, **last;
	int64_t count;
	enum delivery_event event;
	struct str words;
};

/* --- the rows in doubt ---------------------------------------------------- */

static int take_row(void *arg, const struct ledger_row *row)
{
	struct settle *s = arg;
	struct doubtful *d = arena_new_of(s->app->arena, struct doubtful);

	d->ordinal = row->ordinal;
	d->address = arena_dup(s->app->arena, row->address);
	seal_message_id(s->app->seal, (uint32_t)row->issue,
			(uint64_t)row->subscriber, d->letter.id);
	*s->last = d;
	s->last = &d->next;
	s->count++;
	return 0;
}

static int read_rows(struct settle *s, struct err *err)
{
	const uint32_t states = 1u << DELIVERY_UNCERTAIN | 1u << DELIVERY_HELD;

	s->last = &s->rows;
	return ledger_rows(s->ledger, s->issue.id, states, take_row, s, err);
}

/* --- which of them -------------------------------------------------------- */

static int choose_address(struct settle *s, const char *address,
			  struct err *err)
{
	bool found = false;

	for (struct doubtful *d = s->rows; d; d = d->next)
		if (str_eq_nocase(d->address, str_of(address)))
			d->chosen = found = true;
	if (found)
		return 0;
	err_set(err, ERR_MISSING,
		"no letter of '" STR_FMT "' to '%.200s' is uncertain or held",
		STR_ARG(s->issue.slug), address);
	return err_hint(err,
			"'tidings who " STR_FMT " --state uncertain,held' "
			"names them",
			STR_ARG(s->issue.slug));
}

static int choose_by_log(struct settle *s, struct err *err)
{
	struct log_letter **letters = arena_many(
		s->app->arena, struct log_letter *, (size_t)s->count + 1);
	size_t count = 0;

	for (struct doubtful *d = s->rows; d; d = d->next)
		letters[count++] = &d->letter;
	if (settle_log_read(s->opts->log, letters, count, err) < 0)
		return -1;
	for (struct doubtful *d = s->rows; d; d = d->next)
		d->chosen = d->letter.taken;
	return 0;
}

static int choose(struct settle *s, int argc, char **argv, struct err *err)
{
	if (s->opts->log)
		return choose_by_log(s, err);
	if (s->opts->all)
		for (struct doubtful *d = s->rows; d; d = d->next)
			d->chosen = true;
	for (int i = 1; i < argc; i++)
		if (choose_address(s, argv[i], err) < 0)
			return -1;
	return 0;
}

/* --- settling ------------------------------------------------------------- */

/* From `*at` on, at most one batch; `*at` is moved behind it. */
static int settle_batch(struct settle *s, struct doubtful **at, int64_t *done,
			struct err *err)
{
	int64_t now = clock_now_ms();
	int64_t settled = 0;

	if (db_begin(s->app->db, err) < 0)
		return -1;
	for (int n = 0; *at && n < BATCH; *at = (*at)->next) {
		int rc;

		if (!(*at)->chosen)
			continue;
		rc = ledger_decide(s->ledger, s->issue.id, (*at)->ordinal,
				   s->event, s->words, now, err);
		if (rc < 0) {
			db_rollback(s->app->db);
			return -1;
		}
		settled += rc;
		n++;
	}
	if (db_commit(s->app->db, err) < 0)
		return -1;
	*done += settled;
	db_give_way(s->app->db);
	return 0;
}

static void report(const struct settle *s, int64_t done)
{
	struct json *json;

	if (s->app->json) {
		json = json_map();
		json_add_str(json, "issue", s->issue.slug);
		json_add_int(json, "settled", done);
		json_add_int(json, "left", s->count - done);
		print_json(s->app->out, &json);
		return;
	}
	print_remark(s->app,
		     "'" STR_FMT "': %lld letters settled, %lld still in doubt",
		     STR_ARG(s->issue.slug), (long long)done,
		     (long long)(s->count - done));
}

static int settle(struct settle *s, int argc, char **argv, struct err *err)
{
	struct doubtful *at;
	int64_t done = 0;

	if (find_frozen(s->app, s->ledger, argv[0], &s->issue, err) < 0 ||
	    read_rows(s, err) < 0 || choose(s, argc, argv, err) < 0)
		return -1;
	for (at = s->rows; at;)
		if (settle_batch(s, &at, &done, err) < 0)
			return -1;
	report(s, done);
	return 0;
}

/* --- the command ---------------------------------------------------------- */

static int read_outcome(struct settle *s, struct err *err)
{
	struct str names[OUTCOME_COUNT];

	if (s->opts->log && !s->opts->as) {
		s->event = EVENT_ACCEPTED;
		return 0;
	}
	for (size_t i = 0; i < OUTCOME_COUNT; i++) {
		names[i] = outcomes[i].word;
		s->event = outcomes[i].event;
		if (s->opts->as && str_eqz(names[i], s->opts->as))
			return 0;
	}
	if (s->opts->as)
		return options_unknown("outcome", str_of(s->opts->as), names,
				       OUTCOME_COUNT, err);
	err_set(err, ERR_USAGE, "what became of them?");
	return err_hint(err, "--as sent, --as failed or --as queued; or --log "
			     "FILE to look them up");
}

static int check_use(struct settle *s, int argc, struct err *err)
{
	int ways = (s->opts->log != NULL) + s->opts->all + (argc > 1);

	if (read_outcome(s, err) < 0)
		return -1;
	if (s->opts->log && s->event != EVENT_ACCEPTED)
		return err_set(err, ERR_USAGE,
			       "what stands in the relay's log was sent: "
			       "--log goes with no other --as");
	if (ways == 1)
		return 0;
	err_set(err, ERR_USAGE,
		ways ? "addresses, --all and --log do not go together"
		     : "which letters?");
	return err_hint(err, "name addresses, or say --all, or --log FILE");
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	struct settle s = { .app = app, .opts = opts };
	int rc;

	if (check_use(&s, argc, err) < 0)
		return -1;
	s.words = arena_fmt(app->arena, "settled%s by " STR_FMT,
			    s.opts->log ? " from the relay's log" : "",
			    STR_ARG(find_user(app->arena)));
	if (ledger_open(app->db, &s.ledger, err) < 0)
		return -1;
	rc = settle(&s, argc, argv, err);
	ledger_close(&s.ledger);
	return rc;
}

const struct command cmd_settle = {
	.name = "settle",
	.args = "ISSUE [ADDRESS...]",
	.summary = "say what became of letters whose last reply was lost",
	.needs = NEED_CONF | NEED_SEAL | NEED_DB_WRITE,
	.options = options,
	.opts_size = sizeof(struct settle_opts),
	.min_args = 1,
	.max_args = 1000,
	.run = run,
};
