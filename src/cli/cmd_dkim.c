/* cmd_dkim.c - tidings dkim: the keys that sign letters */
#include "cli_priv.h"
#include "options_priv.h"
#include "seal/dkim.h"
#include "send/signer.h"

#define RECORD_MAX  ((size_t)16 * 1024)
#define ZONE_STRING 250 /* of a TXT record at most 255 octets each */

struct dkim_opts {
	const char *selector;
	bool ed25519;
};

static const struct option options[] = {
	{ "selector", 's', OPTION_TEXT, offsetof(struct dkim_opts, selector),
	  "NAME", "what the new key is called in the DNS; default tidings" },
	{ "ed25519", 0, OPTION_FLAG, offsetof(struct dkim_opts, ed25519), NULL,
	  "make an Ed25519 key, for a second signature" },
	{ 0 }
};

struct task {
	struct app *app;
	const struct dkim_opts *opts;
	struct str domain;
};

/* --- what to write into the DNS ------------------------------------------- */

static void show_json(const struct task *t, struct str selector,
		      struct str record)
{
	struct json *json = json_map();

	json_add_str(json, "name",
		     arena_fmt(t->app->arena, STR_FMT "._domainkey." STR_FMT,
			       STR_ARG(selector), STR_ARG(t->domain)));
	json_add_str(json, "type", STR("TXT"));
	json_add_str(json, "value", record);
	print_json(t->app->out, &json);
}

/* As a zone file has it: strings of at most 255 octets, which belong
 * together. */
static void show_zone(const struct task *t, struct str selector,
		      struct str record)
{
	FILE *out = t->app->out;

	fprintf(out, STR_FMT "._domainkey." STR_FMT ". IN TXT (",
		STR_ARG(selector), STR_ARG(t->domain));
	while (record.len > 0) {
		struct str part = str_head(record, ZONE_STRING);

		fprintf(out, "\n\t\"" STR_FMT "\"", STR_ARG(part));
		record = str_skip(record, part.len);
	}
	fprintf(out, " )\n");
}

static int show_record(const struct task *t, struct str selector,
		       const char *path, struct err *err)
{
	struct buf record;
	int rc;

	buf_init(&record, RECORD_MAX);
	rc = dkim_record(path, &record, err);
	if (rc == 0 && t->app->json)
		show_json(t, selector, buf_str(&record));
	else if (rc == 0)
		show_zone(t, selector, buf_str(&record));
	buf_done(&record);
	return rc;
}

/* --- verbs ---------------------------------------------------------------- */

static int make(const struct task *t, struct err *err)
{
	struct str selector = str_of(t->opts->selector	? t->opts->selector
				     : t->opts->ed25519 ? "tidings-ed25519"
							: "tidings");
	struct str file = arena_fmt(t->app->arena, "dkim." STR_FMT ".key",
				    STR_ARG(selector));
	const char *prefix = t->opts->ed25519 ? "ed25519_" : "";

	if (!dkim_name_ok(selector)) {
		err_set(err, ERR_USAGE, "'" STR_FMT "' is no selector",
			STR_ARG(str_head(selector, 80)));
		return err_hint(err, "letters, digits and '-', such as "
				     "'letters2026'");
	}
	if (dkim_create(app_path(t->app, file.at),
			t->opts->ed25519 ? DKIM_ED25519 : DKIM_RSA, err) < 0 ||
	    show_record(t, selector, app_path(t->app, file.at), err) < 0)
		return -1;
	print_remark(t->app,
		     "the private key is in '%s'; publish the record above, "
		     "then write into " CONF_FILE ":\n"
		     "dkim:\n  %sselector: " STR_FMT "\n  %skey_file: %s",
		     file.at, prefix, STR_ARG(selector), prefix, file.at);
	return 0;
}

static int show(const struct task *t, struct err *err)
{
	const struct {
		struct str selector, file;
	} keys[] = {
		{ t->app->conf->dkim.selector, t->app->conf->dkim.key_file },
		{ t->app->conf->dkim.ed25519_selector,
		  t->app->conf->dkim.ed25519_key_file },
	};

	if (keys[0].file.len == 0) {
		err_set(err, ERR_MISSING, "the settings name no signing key");
		return err_hint(err, "'tidings dkim new' makes one");
	}
	for (size_t i = 0; i < 2 && keys[i].file.len > 0; i++)
		if (show_record(t, keys[i].selector,
				signer_key_path(t->app->conf, t->app->arena,
						keys[i].file),
				err) < 0)
			return -1;
	return 0;
}

static const struct {
	struct str name;
	int (*run)(const struct task *t, struct err *err);
} verbs[] = {
	{ STR("new"), make },
	{ STR("show"), show },
};

#define VERB_COUNT (sizeof(verbs) / sizeof(*verbs))

/* --- all ------------------------------------------------------------------ */

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	struct task t = { .app = app, .opts = opts };
	struct str names[VERB_COUNT];

	(void)argc;
	if (signer_domain(app->conf, app->arena, &t.domain, err) < 0)
		return -1;
	for (size_t i = 0; i < VERB_COUNT; i++) {
		names[i] = verbs[i].name;
		if (str_eqz(names[i], argv[0]))
			return verbs[i].run(&t, err);
	}
	return options_unknown("dkim command", str_of(argv[0]), names,
			       VERB_COUNT, err);
}

const struct command cmd_dkim = {
	.name = "dkim",
	.args = "new|show",
	.summary = "the keys that sign letters, and their DNS records",
	.needs = NEED_CONF,
	.options = options,
	.opts_size = sizeof(struct dkim_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
