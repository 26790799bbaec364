/* cmd_test.c - tidings test: the letter to a few addresses, for looking at */
#include "base/clock.h"
#include "cli_priv.h"
#include "desk/trial.h"
#include "mail/address.h"
#include "send/once.h"

#define ADDRESSES_MAX 20

struct test_opts {
	const char *as;
};

#define T(field) offsetof(struct test_opts, field)

static const struct option options[] = {
	{ "as", 'a', OPTION_TEXT, T(as), "ADDRESS",
	  "with the name, tags and attributes of this subscriber, for all" },
	{ 0 }
};

struct testing {
	struct app *app;
	struct list *list;
	struct issue *issue;
	struct trial *trial;
	struct str addresses[ADDRESSES_MAX];
	struct issue_reader readers[ADDRESSES_MAX];
	size_t count;
	int64_t now;
	char name[64];
	size_t said, refused, lost;
};

/* --- who gets it ------------------------------------------------------------ */

static bool is_there(const struct testing *t, struct str address)
{
	struct arena *arena = t->app->arena;
	struct str key = address_key(arena, address);

	for (size_t i = 0; i < t->count; i++)
		if (str_eq(key, address_key(arena, t->addresses[i])))
			return true;
	return false;
}

static int read_addresses(struct testing *t, int count, char **words,
			  struct err *err)
{
	for (int i = 0; i < count; i++) {
		struct str address = str_trim(str_of(words[i]));
		const char *why;

		if (!address_ok(address, &why))
			return err_set(err, ERR_USAGE,
				       "'%.200s' is no address: %s", words[i],
				       why);
		if (is_there(t, address))
			continue;
		if (t->count == ADDRESSES_MAX) {
			err_set(err, ERR_USAGE,
				"that is more than %d addresses",
				ADDRESSES_MAX);
			return err_hint(err, "a test mail is for a few eyes; "
					     "'tidings send' is for the list");
		}
		t->addresses[t->count++] = address;
	}
	return 0;
}

static int is_suppressed(struct str address, struct err *err)
{
	err_set(err, ERR_INPUT,
		"'" STR_FMT "' is suppressed: nothing is sent "
		"there",
		STR_ARG(str_head(address, 200)));
	return err_hint(err, "'tidings subscriber lift' takes that back, if "
			     "they ask for it");
}

/* The subscriber of that address, or somebody with only an address. Never one
 * who must not be mailed. */
static int find_reader(struct testing *t, struct str address,
		       struct issue_reader *out, struct err *err)
{
	struct arena *arena = t->app->arena;
	struct err none = ERR_INIT;
	bool suppressed;

	if (list_is_suppressed(t->list, address, arena, &suppressed, err) < 0)
		return -1;
	if (suppressed)
		return is_suppressed(address, err);
	if (issue_subscriber(t->issue, t->list, address, arena, out, &none) ==
	    0)
		return 0;
	if (none.code == ERR_MISSING)
		return issue_anybody(t->issue, address, arena, out, err);
	*err = none;
	return -1;
}

/* With --as the values are that subscriber's; the address stays that of
 * whoever gets it. */
static int find_readers(struct testing *t, const char *as, struct err *err)
{
	struct issue_reader model;

	if (as && issue_subscriber(t->issue, t->list, str_of(as), t->app->arena,
				   &model, err) < 0)
		return -1;
	for (size_t i = 0; i < t->count; i++) {
		struct issue_reader *reader = &t->readers[i];

		if (find_reader(t, t->addresses[i], reader, err) < 0)
			return -1;
		reader->address = t->addresses[i];
		if (as)
			reader->fields = model.fields;
	}
	return 0;
}

/* --- sending ---------------------------------------------------------------- */

/* A number of its own for each: a program that has seen a Message-ID does not
 * show the next letter of that name. */
static int next_letter(void *arg, size_t index, struct send_letter *letter,
		       struct err *err)
{
	struct testing *t = arg;
	const struct issue_reader *reader = &t->readers[index];
	uint64_t number = seal_random_id();

	if (trial_letter(t->trial, reader, number, "[Test]", t->now,
			 &letter->bytes, err) < 0)
		return -1;
	letter->sender = trial_sender(t->trial, reader, number, t->now);
	letter->recipient = reader->address;
	snprintf(t->name, sizeof(t->name), "test-%016llx.eml",
		 (unsigned long long)number);
	letter->name = t->name;
	return 0;
}

enum outcome { ACCEPTED, REFUSED, LOST };

/* No reply after the dot: the relay may have it or not. */
static enum outcome outcome_of(const struct smtp_verdict *verdict)
{
	if (verdict->stage != SMTP_DOT)
		return REFUSED;
	if (verdict->code == 0)
		return LOST;
	return verdict->code / 100 == 2 ? ACCEPTED : REFUSED;
}

static void say_json(const struct testing *t, struct str address,
		     const struct smtp_verdict *verdict, enum outcome outcome)
{
	struct json *json = json_map();

	json_add_str(json, "address", address);
	json_add_bool(json, "accepted", outcome == ACCEPTED);
	json_add_bool(json, "uncertain", outcome == LOST);
	json_add_str(json, "stage", str_of(smtp_stage_name(verdict->stage)));
	json_add_int(json, "code", verdict->code);
	json_add_str(json, "status", str_of(verdict->status));
	json_add_str(json, "reply", str_of(verdict->text));
	print_json(t->app->out, &json);
}

/* A reply of several lines in one. */
static void say_words(const struct testing *t, struct str address,
		      const struct smtp_verdict *verdict, enum outcome outcome)
{
	static const char *const words[] = {
		[ACCEPTED] = "  accepted:",
		[REFUSED] = "  not accepted:",
		[LOST] = "  nobody knows:",
	};
	struct str rest = str_of(verdict->text);
	FILE *out = t->app->out;

	print_clean(out, address);
	fputs(words[outcome], out);
	while (rest.len > 0) {
		fputc(' ', out);
		print_clean(out, str_cut(rest, '\n', &rest));
	}
	fputc('\n', out);
}

static void say(void *arg, size_t index, const struct smtp_verdict *verdict)
{
	struct testing *t = arg;
	struct str address = t->addresses[index];
	enum outcome outcome = outcome_of(verdict);

	t->said++;
	t->refused += outcome == REFUSED;
	t->lost += outcome == LOST;
	if (t->app->json)
		say_json(t, address, verdict, outcome);
	else if (!t->app->quiet || outcome != ACCEPTED)
		say_words(t, address, verdict, outcome);
	fflush(t->app->out);
}

static int deliver(struct testing *t, struct err *err)
{
	struct send_once once = {
		.conf = t->app->conf,
		.count = t->count,
		.stop = signals_stop(),
		.next = next_letter,
		.said = say,
		.arg = t,
	};

	if (send_once(&once, err) < 0)
		return -1;
	if (t->said < t->count)
		return err_set(err, ERR_AGAIN,
			       "stopped after %zu of %zu "
			       "letters",
			       t->said, t->count);
	if (t->lost > 0)
		return err_set(err, ERR_UNCERTAIN,
			       "of %zu of %zu test letters nobody knows "
			       "whether they were accepted",
			       t->lost, t->count);
	if (t->refused > 0)
		return err_set(err, ERR_FAILED,
			       "%zu of %zu test letters were "
			       "not accepted",
			       t->refused, t->count);
	return 0;
}

static int test(struct testing *t, const struct test_opts *o, const char *what,
		struct err *err)
{
	struct app *app = t->app;
	struct issue_wish wish = { str_of(what), STR_NONE, t->now, true };

	if (issue_load(app->conf, &wish, app->arena, &t->issue, err) < 0 ||
	    issue_reach(app->conf, app->arena, err) < 0 ||
	    app_open(app, NEED_SEAL, err) < 0 ||
	    list_open(app->db, app->seal, &t->list, err) < 0 ||
	    find_readers(t, o->as, err) < 0 ||
	    issue_keep_pictures(app->conf, t->issue, err) < 0 ||
	    trial_open(t->issue, app->seal, app->arena, &t->trial, err) < 0)
		return -1;
	return deliver(t, err);
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	struct testing t = { .app = app, .now = clock_now_ms() };
	int rc;

	if (read_addresses(&t, argc - 1, argv + 1, err) < 0)
		return -1;
	rc = test(&t, opts, argv[0], err);
	trial_close(&t.trial);
	list_close(&t.list);
	return rc;
}

const struct command cmd_test = {
	.name = "test",
	.args = "ISSUE ADDRESS...",
	.summary = "send a letter to a few addresses, for looking at",
	.needs = NEED_CONF | NEED_DB_READ,
	.options = options,
	.opts_size = sizeof(struct test_opts),
	.min_args = 2,
	.max_args = 1000,
	.run = run,
};
