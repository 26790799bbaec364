/* cmd_config.c - tidings config: the settings and where each came from */
#include "base/nearest.h"
#include "cli_priv.h"
#include "issue/issue.h"
#include "options_priv.h"

struct shown {
	struct app *app;
	struct str wanted; /* "" for all; else a setting or a section */
	struct str *names; /* of all rows, for did-you-mean */
	size_t count, room, hits;
};

static bool is_wanted(const struct shown *s, struct str name)
{
	if (s->wanted.len == 0 || str_eq(name, s->wanted))
		return true;
	return str_starts(name, s->wanted) && name.at[s->wanted.len] == '.';
}

/* One line, whatever is in it. */
static void put_value(FILE *to, struct str value)
{
	while (value.len > 0) {
		print_clean(to, str_cut(value, '\n', &value));
		if (value.len > 0)
			fputs("\\n", to);
	}
}

static void put_row(const struct app *app, const struct conf_row *row)
{
	struct json *json;

	if (app->json) {
		json = json_map();
		json_add_str(json, "setting", str_of(row->setting));
		json_add_str(json, "value", row->value);
		json_add_str(json, "origin", str_of(row->origin));
		json_add_str(json, "help", str_of(row->help));
		print_json(app->out, &json);
		return;
	}
	fprintf(app->out, "%s = ", row->setting);
	put_value(app->out, row->value);
	fputs("\t# ", app->out);
	print_clean(app->out, str_of(row->origin));
	fputc('\n', app->out);
}

static void add_name(struct shown *s, struct str name)
{
	if (s->count < s->room)
		s->names[s->count++] = name;
}

static int show(void *arg, const struct conf_row *row)
{
	struct shown *s = arg;
	struct str name = str_of(row->setting);
	struct str rest;

	add_name(s, name);
	add_name(s, str_cut(name, '.', &rest));
	if (!is_wanted(s, name))
		return 0;
	s->hits++;
	put_row(s->app, row);
	return 0;
}

#define NAMES_MAX 5000

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	struct shown s = { .app = app, .wanted = STR_NONE, .room = NAMES_MAX };
	struct str close;

	(void)opts;
	if (issue_settings(app->conf, app->arena, err) < 0)
		return -1;
	if (argc > 0)
		s.wanted = str_of(argv[0]);
	s.names = arena_many(app->arena, struct str, NAMES_MAX);
	conf_each(app->conf, app->arena, show, &s);
	if (s.hits > 0)
		return 0;
	close = nearest(s.wanted, s.names, s.count);
	err_set(err, ERR_USAGE, "there is no setting '" STR_FMT "'",
		STR_ARG(str_head(s.wanted, 100)));
	if (close.len > 0)
		return err_hint(err, "did you mean '" STR_FMT "'?",
				STR_ARG(close));
	return err_hint(err, "'tidings config' shows all of them");
}

const struct command cmd_config = {
	.name = "config",
	.args = "[SETTING]",
	.summary = "show the settings and where each came from",
	.needs = NEED_CONF,
	.max_args = 1,
	.run = run,
};
