/* cmd_subscriber.c - tidings subscriber: one person at a time, by hand */
#include "base/clock.h"
#include "cli_priv.h"
#include "options_priv.h"

struct subscriber_opts {
	const char *list, *name, *first_name, *last_name, *language, *reason;
	bool revive;
};

#define S(field) offsetof(struct subscriber_opts, field)

static const struct option options[] = {
	{ "list", 'l', OPTION_TEXT, S(list), "LIST",
	  "add to, or leave, this list" },
	{ "name", 'n', OPTION_TEXT, S(name), "NAME", "add: the whole name" },
	{ "first-name", 0, OPTION_TEXT, S(first_name), "NAME",
	  "add: the name in 'Dear ...'" },
	{ "last-name", 0, OPTION_TEXT, S(last_name), "NAME",
	  "add: the family's name" },
	{ "language", 0, OPTION_TEXT, S(language), "TAG",
	  "add: such as en or pt-BR" },
	{ "revive", 0, OPTION_FLAG, S(revive), NULL,
	  "add: also who left, bounced or complained; they asked for it" },
	{ "reason", 'r', OPTION_TEXT, S(reason), "TEXT",
	  "suppress: why, for whoever asks later" },
	{ 0 }
};

struct task { /* a verb being done */
	struct app *app;
	struct list *list;
	const struct subscriber_opts *opts;
	struct str address;
};

/* --- show */

struct shown_evidence {
	const struct app *app;
	struct json *list; /* with --json */
};

static int show_evidence(void *arg, int64_t at, struct str list,
			 struct str what)
{
	struct shown_evidence *shown = arg;
	char when[TIME_RFC3339_MAX];
	struct json *json;

	time_rfc3339(at, when);
	if (shown->list) {
		json = json_map();
		json_add_time(json, "at", at);
		json_add_str(json, "list", list);
		json_add_str(json, "what", what);
		json_add(shown->list, NULL, &json);
		return 0;
	}
	fprintf(shown->app->out, "  %s  " STR_FMT "%s", when, STR_ARG(list),
		list.len ? ": " : "");
	print_clean(shown->app->out, what);
	fputc('\n', shown->app->out);
	return 0;
}

static void show_field(const struct app *app, const char *name, struct str text)
{
	if (text.len == 0)
		return;
	fprintf(app->out, "%-12s ", name);
	print_clean(app->out, text);
	fputc('\n', app->out);
}

static int show_text(const struct task *t, const struct subscriber *who,
		     const struct subscription *on, size_t count,
		     struct err *err)
{
	struct shown_evidence shown = { t->app, NULL };
	char when[TIME_RFC3339_MAX];

	show_field(t->app, "address", who->address);
	show_field(t->app, "name", who->name);
	show_field(t->app, "first name", who->first_name);
	show_field(t->app, "last name", who->last_name);
	show_field(t->app, "language", who->language);
	show_field(t->app, "tags", who->tags);
	if (!str_eqz(who->attributes, "{}"))
		show_field(t->app, "attributes", who->attributes);
	show_field(t->app, "joined",
		   str_of(time_rfc3339(who->joined_at, when)));
	show_field(t->app, "suppressed", who->suppressed);
	for (size_t i = 0; i < count; i++)
		fprintf(t->app->out, "%-12s " STR_FMT ": %s since %s\n", "list",
			STR_ARG(on[i].list), list_state_name(on[i].state),
			time_rfc3339(on[i].changed_at, when));
	fputs("evidence\n", t->app->out);
	return list_evidence(t->list, who->id, show_evidence, &shown, err);
}

static struct json *lists_of(const struct subscription *on, size_t count)
{
	struct json *lists = json_list();

	for (size_t i = 0; i < count; i++) {
		struct json *one = json_map();

		json_add_str(one, "list", on[i].list);
		json_add_str(one, "state",
			     str_of(list_state_name(on[i].state)));
		json_add_time(one, "changed_at", on[i].changed_at);
		json_add(lists, NULL, &one);
	}
	return lists;
}

static int show_json(const struct task *t, const struct subscriber *who,
		     const struct subscription *on, size_t count,
		     struct err *err)
{
	struct shown_evidence shown = { t->app, json_list() };
	struct json *json = json_map(), *lists = lists_of(on, count);
	struct json *attributes;
	int rc = -1;

	json_add_str(json, "address", who->address);
	json_add_str(json, "name", who->name);
	json_add_str(json, "first_name", who->first_name);
	json_add_str(json, "last_name", who->last_name);
	json_add_str(json, "language", who->language);
	json_add_str(json, "tags", who->tags);
	json_add_time(json, "joined", who->joined_at);
	json_add_str(json, "suppressed", who->suppressed);
	json_add(json, "lists", &lists);
	if (json_parse(who->attributes, &attributes, err) < 0)
		goto out;
	json_add(json, "attributes", &attributes);
	rc = list_evidence(t->list, who->id, show_evidence, &shown, err);
out:
	json_add(json, "evidence", &shown.list);
	if (rc == 0)
		print_json(t->app->out, &json);
	else
		json_free(&json);
	return rc;
}

static int show(const struct task *t, struct err *err)
{
	struct subscription *on;
	struct subscriber who;
	size_t count;

	if (list_find(t->list, t->address, t->app->arena, &who, err) < 0 ||
	    list_subscriptions(t->list, who.id, t->app->arena, &on, &count,
			       err) < 0)
		return -1;
	return t->app->json ? show_json(t, &who, on, count, err)
			    : show_text(t, &who, on, count, err);
}

/* --- change */

static struct str or_none(const char *text)
{
	return text ? str_of(text) : STR_NONE;
}

static int add(const struct task *t, struct err *err)
{
	const struct subscriber_opts *o = t->opts;
	struct subscriber who = { .address = t->address,
				  .name = or_none(o->name),
				  .first_name = or_none(o->first_name),
				  .last_name = or_none(o->last_name),
				  .language = or_none(o->language),
				  .tags = STR_NONE,
				  .attributes = STR("{}"),
				  .joined_at = clock_now_ms(),
				  .suppressed = STR_NONE };
	struct str user = find_user(t->app->arena);
	const struct conf_list *list;
	int64_t id;

	if (find_list(t->app->conf, o->list, &list, err) < 0 ||
	    find_lists_made(t->app->conf, t->list, err) < 0 ||
	    list_id(t->list, list->key, false, &id, err) < 0)
		return -1;
	return list_add(
		t->list, &who, id, o->revive,
		arena_fmt(t->app->arena, "added by " STR_FMT, STR_ARG(user)),
		who.joined_at, err);
}

static int leave_now(const struct task *t, int64_t id, int64_t list,
		     struct err *err)
{
	struct db *db = t->app->db;

	if (db_begin(db, err) < 0)
		return -1;
	if (list_set_state(t->list, id, list, LIST_UNSUBSCRIBED, clock_now_ms(),
			   err) == 0)
		return db_commit(db, err);
	db_rollback(db);
	return -1;
}

static int leave(const struct task *t, struct err *err)
{
	const struct conf_list *list;
	struct subscriber who;
	int64_t id = 0;

	if (list_find(t->list, t->address, t->app->arena, &who, err) < 0)
		return -1;
	if (t->opts->list &&
	    (find_list(t->app->conf, t->opts->list, &list, err) < 0 ||
	     list_id(t->list, list->key, false, &id, err) < 0))
		return -1;
	if (leave_now(t, who.id, id, err) < 0)
		return -1;
	return app_tell_senders(t->app, err);
}

static int suppress(const struct task *t, struct err *err)
{
	if (!t->opts->reason || !t->opts->reason[0]) {
		err_set(err, ERR_USAGE, "'suppress' wants '--reason TEXT'");
		return err_hint(err, "such as --reason 'asked by telephone'");
	}
	if (list_suppress(t->list, t->address, str_of(t->opts->reason),
			  clock_now_ms(), err) < 0)
		return -1;
	return app_tell_senders(t->app, err);
}

static int lift(const struct task *t, struct err *err)
{
	return list_lift(t->list, t->address, clock_now_ms(), err);
}

/* --- verbs */

static const struct verb {
	struct str name;
	unsigned need;
	const char *done; /* said on a terminal; NULL: it speaks itself */
	int (*run)(const struct task *t, struct err *err);
} verbs[] = {
	{ STR("show"), NEED_DB_READ, NULL, show },
	{ STR("add"), NEED_DB_WRITE, "is on the list", add },
	{ STR("leave"), NEED_DB_WRITE, "has left", leave },
	{ STR("suppress"), NEED_DB_WRITE, "is never mailed again", suppress },
	{ STR("lift"), NEED_DB_WRITE, "may be mailed again", lift },
};

#define VERB_COUNT (sizeof(verbs) / sizeof(*verbs))

static const struct verb *find_verb(const char *word, struct err *err)
{
	struct str names[VERB_COUNT];

	for (size_t i = 0; i < VERB_COUNT; i++) {
		names[i] = verbs[i].name;
		if (str_eqz(names[i], word))
			return &verbs[i];
	}
	options_unknown("subscriber command", str_of(word), names, VERB_COUNT,
			err);
	return NULL;
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	const struct verb *verb = find_verb(argv[0], err);
	struct task t = { .app = app, .opts = opts };
	int rc = 0;

	if (!verb || app_open(app, verb->need, err) < 0 ||
	    list_open(app->db, app->seal, &t.list, err) < 0)
		return -1;
	for (int i = 1; i < argc && rc == 0; i++) {
		t.address = str_of(argv[i]);
		rc = verb->run(&t, err);
		if (rc == 0 && verb->done)
			print_remark(app, "%s %s", argv[i], verb->done);
		if (rc < 0 && argc > 2)
			err_place(err, "%s (%d of %d)", argv[i], i, argc - 1);
	}
	list_close(&t.list);
	return rc;
}

const struct command cmd_subscriber = {
	.name = "subscriber",
	.args = "show|add|leave|suppress|lift ADDRESS...",
	.summary = "look after one subscriber at a time",
	.needs = NEED_CONF | NEED_SEAL,
	.options = options,
	.opts_size = sizeof(struct subscriber_opts),
	.min_args = 2,
	.max_args = 1000,
	.run = run,
};
