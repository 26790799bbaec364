/* cmd_export.c - tidings export: people as CSV that import takes back */
#include <errno.h>
#include <unistd.h>

#include "base/file.h"
#include "cli_priv.h"
#include "list/import.h"
#include "options_priv.h"

struct export_opts {
	const char *list, *state, *out;
	bool raw;
};

#define E(field) offsetof(struct export_opts, field)

static const struct option options[] = {
	{ "list", 'l', OPTION_TEXT, E(list), "LIST", "only of this list" },
	{ "state", 's', OPTION_TEXT, E(state), "STATE",
	  "only who is pending, confirmed, unsubscribed, bounced, complained" },
	{ "raw", 'r', OPTION_FLAG, E(raw), NULL,
	  "cells as they are, also those that a spreadsheet would run" },
	{ "output", 'o', OPTION_TEXT, E(out), "FILE",
	  "write it there (0600), in place of standard output" },
	{ 0 }
};

static int read_state(const char *word, enum list_state *state_out,
		      struct err *err)
{
	struct str names[LIST_STATE_COUNT];
	size_t count = 0;

	*state_out = LIST_NONE;
	if (!word)
		return 0;
	*state_out = list_state_of(str_of(word));
	if (*state_out != LIST_NONE)
		return 0;
	for (int i = LIST_NONE + 1; i < LIST_STATE_COUNT; i++)
		names[count++] = str_of(list_state_name((enum list_state)i));
	return options_unknown("state", str_of(word), names, count, err);
}

static int put(void *arg, struct str text)
{
	FILE *to = arg;

	return fwrite(text.at, 1, text.len, to) != text.len;
}

struct target {
	FILE *to;
	bool is_file;
	struct file_draft draft;
};

/* Addresses are nobody else's business, whatever the umask says. */
static int open_target(const struct app *app, const char *path,
		       struct target *target, struct err *err)
{
	int fd;

	target->to = app->out;
	target->is_file = path && strcmp(path, "-") != 0;
	if (!target->is_file)
		return 0;
	if (file_draft_open(path, 0600, &target->draft, err) < 0)
		return -1;
	fd = dup(target->draft.fd);
	target->to = fd < 0 ? NULL : fdopen(fd, "w");
	if (target->to)
		return 0;
	err_sys(err, "cannot write '%s'", path);
	if (fd >= 0)
		close(fd);
	file_draft_drop(&target->draft);
	return -1;
}

static int close_target(struct target *target, int rc, struct err *err)
{
	bool bad;

	if (!target->is_file)
		return rc;
	errno = EIO;	/* for what failed in an earlier write */
	bad = ferror(target->to);
	bad |= fclose(target->to) != 0;
	if (bad && rc == 0)
		rc = err_sys(err, "cannot write '%s'", target->draft.path);
	if (rc == 0)
		return file_draft_keep(&target->draft, err);
	file_draft_drop(&target->draft);
	return -1;
}

static int export(struct app *app, struct list *list,
		  const struct export_opts *o, struct err *err)
{
	const struct conf_list *conf_list;
	struct str *names, *types;
	struct list_export what = { .raw = o->raw };
	struct target target;
	int rc;

	if (read_state(o->state, &what.state, err) < 0)
		return -1;
	if (o->list &&
	    (find_list(app->conf, o->list, &conf_list, err) < 0 ||
	     list_id(list, conf_list->key, false, &what.list_id, err) < 0))
		return -1;
	what.attribute_count = find_attributes(app, &names, &types);
	what.attributes = names;
	if (open_target(app, o->out, &target, err) < 0)
		return -1;
	rc = list_export(list, &what, put, target.to, err);
	return close_target(&target, rc, err);
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	struct list *list;
	int rc;

	(void)argc;
	(void)argv;
	if (list_open(app->db, app->seal, &list, err) < 0)
		return -1;
	rc = export(app, list, opts, err);
	list_close(&list);
	return rc;
}

const struct command cmd_export = {
	.name = "export",
	.args = "",
	.summary = "write the subscribers as CSV",
	.needs = NEED_CONF | NEED_SEAL | NEED_DB_READ,
	.options = options,
	.opts_size = sizeof(struct export_opts),
	.run = run,
};
