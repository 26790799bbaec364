/* cmd_who.c - tidings who: the ledger of an issue, one line a reader */
#include "cli_priv.h"
#include "letter/letter.h"
#include "options_priv.h"

struct who_opts {
	const char *state;
};

static const struct option options[] = {
	{ "state", 's', OPTION_TEXT, offsetof(struct who_opts, state),
	  "STATE,...", "only those in one of these states" },
	{ 0 }
};

struct who {
	const struct app *app;
	struct ledger *ledger;
	const struct ledger_issue *issue;
	struct letter_press *press;
	const struct letter_form *form; /* of revision `revision` */
	int revision;			/* 0: none yet */
};

static int read_states(const char *text, uint32_t *states_out, struct err *err)
{
	struct str names[DELIVERY_STATE_COUNT];
	struct str rest;
	size_t count = 0;

	for (int i = DELIVERY_NONE + 1; i < DELIVERY_STATE_COUNT; i++)
		names[count++] = str_of(
			delivery_state_name((enum delivery_state)i));
	*states_out = 0;
	if (!text)
		return 0;
	rest = str_of(text);
	do {
		struct str word = str_trim(str_cut(rest, ',', &rest));
		enum delivery_state state = delivery_state_of(word);

		if (state == DELIVERY_NONE)
			return options_unknown("state", word, names, count,
					       err);
		*states_out |= UINT32_C(1) << state;
	} while (rest.len > 0);
	return 0;
}

/* A form that cannot be read costs its rows the Message-ID and no more: who
 * got what must be told in any case. */
static struct str message_id(struct who *w, const struct ledger_row *row)
{
	struct letter_reader reader = { .issue = (uint32_t)row->issue,
					.list = (uint16_t)w->issue->list_id,
					.subscriber = (uint64_t)row->subscriber,
					.address = row->address,
					.fields = STR_NONE,
					.date_ms = row->date_ms };
	struct err ignored = ERR_INIT;
	struct str blob;

	if (w->revision != row->revision) {
		w->revision = row->revision;
		w->form = NULL;
		if (ledger_form(w->ledger, row->issue, row->revision,
				w->app->arena, &blob, &ignored) == 0 &&
		    letter_form_open(blob, w->app->arena, &w->form, &ignored) <
			    0)
			w->form = NULL;
	}
	return w->form ? letter_message_id(w->press, w->form, &reader)
		       : STR_NONE;
}

/* Only of those who wait does the time of the next try mean something. */
static int64_t due_of(const struct ledger_row *row)
{
	return delivery_state_ends(row->state) ? 0 : row->due;
}

static void show_json(const struct who *w, const struct ledger_row *row,
		      struct str id)
{
	struct json *json = json_map();

	json_add_str(json, "issue", w->issue->slug);
	json_add_int(json, "ordinal", row->ordinal);
	json_add_str(json, "address", row->address);
	json_add_str(json, "state", str_of(delivery_state_name(row->state)));
	json_add_int(json, "attempts", row->attempts);
	json_add_time(json, "at", row->at);
	json_add_time(json, "due", due_of(row));
	if (row->code > 0)
		json_add_int(json, "code", row->code);
	else
		json_add_null(json, "code");
	json_add_str(json, "status", row->status);
	json_add_str(json, "reply", row->reply);
	json_add_str(json, "message_id", id);
	json_add_int(json, "revision", row->revision);
	print_json(w->app->out, &json);
}

static void put_time(FILE *to, int64_t ms)
{
	char text[TIME_RFC3339_MAX] = "";

	if (ms > 0)
		time_rfc3339(ms, text);
	fprintf(to, "%s\t", text);
}

static void put_text(FILE *to, struct str text, char after)
{
	print_clean(to, text);
	fputc(after, to);
}

static void show_tabs(const struct who *w, const struct ledger_row *row,
		      struct str id)
{
	FILE *to = w->app->out;

	put_text(to, w->issue->slug, '\t');
	fprintf(to, "%lld\t", (long long)row->ordinal);
	put_text(to, row->address, '\t');
	fprintf(to, "%s\t%d\t", delivery_state_name(row->state), row->attempts);
	put_time(to, row->at);
	put_time(to, due_of(row));
	if (row->code > 0)
		fprintf(to, "%d", row->code);
	fputc('\t', to);
	put_text(to, row->status, '\t');
	put_text(to, row->reply, '\t');
	put_text(to, id, '\t');
	fprintf(to, "%d\n", row->revision);
}

static int show(void *arg, const struct ledger_row *row)
{
	struct who *w = arg;
	struct str id = message_id(w, row);

	if (w->app->json)
		show_json(w, row, id);
	else
		show_tabs(w, row, id);
	return ferror(w->app->out);
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	const struct who_opts *o = opts;
	struct ledger_issue issue;
	struct who w = { .app = app, .issue = &issue };
	uint32_t states;
	int rc;

	(void)argc;
	if (read_states(o->state, &states, err) < 0 ||
	    ledger_open(app->db, &w.ledger, err) < 0)
		return -1;
	w.press = letter_press_new(app->seal);
	rc = find_frozen(app, w.ledger, argv[0], &issue, err);
	if (rc == 0)
		rc = ledger_rows(w.ledger, issue.id, states, show, &w, err);
	letter_press_free(&w.press);
	ledger_close(&w.ledger);
	return rc;
}

const struct command cmd_who = {
	.name = "who",
	.args = "ISSUE",
	.summary = "say who got an issue, and what their relay answered",
	.needs = NEED_CONF | NEED_SEAL | NEED_DB_READ,
	.options = options,
	.opts_size = sizeof(struct who_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
