/* cmd_template.c - tidings template: Mustache by itself */
#include "base/file.h"
#include "cli_priv.h"
#include "render/template.h"

#define TEXT_MAX   ((size_t)1024 * 1024)
#define DATA_MAX   ((size_t)4 * 1024 * 1024)
#define OUTPUT_MAX ((size_t)4 * 1024 * 1024)

struct template_opts {
	const char *data, *partials;
};

#define T(field) offsetof(struct template_opts, field)

static const struct option options[] = {
	{ "data", 'd', OPTION_TEXT, T(data), "FILE",
	  "JSON with the values, - for standard input; else there are none" },
	{ "partials", 'p', OPTION_TEXT, T(partials), "DIR",
	  "where {{>NAME}} is NAME.mustache or NAME.html" },
	{ 0 }
};

static int read_data(const char *path, struct arena *arena,
		     struct value **data_out, struct err *err)
{
	struct json *json;
	struct str text;

	*data_out = value_map(arena);
	if (!path)
		return 0;
	if (file_read(path, DATA_MAX, arena, &text, err) < 0)
		return -1;
	if (json_parse(text, &json, err) < 0)
		return err_place(err, "%s", path);
	*data_out = value_json(arena, json);
	json_free(&json);
	return 0;
}

static int put(struct app *app, const struct draft *draft, struct err *err)
{
	struct buf out;
	bool over;

	buf_init(&out, OUTPUT_MAX);
	draft_write(draft, &out);
	over = buf_over(&out);
	if (!over)
		print_page(app->out, buf_str(&out));
	buf_done(&out);
	if (over)
		return err_set(err, ERR_INPUT,
			       "the template makes more than %zu MiB",
			       OUTPUT_MAX >> 20);
	return 0;
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	const struct template_opts *o = opts;
	struct draft *draft = draft_new(app->arena);
	struct value *data;
	struct str text;

	(void)argc;
	if (o->data && !strcmp(o->data, "-") && !strcmp(argv[0], "-")) {
		err_set(err, ERR_USAGE,
			"template and values cannot both be standard input");
		return err_hint(err, "put one of them into a file");
	}
	if (o->partials && !file_exists(o->partials))
		return err_set(err, ERR_MISSING, "there is no folder '%s'",
			       o->partials);
	if (file_read(argv[0], TEXT_MAX, app->arena, &text, err) < 0 ||
	    read_data(o->data, app->arena, &data, err) < 0 ||
	    template_plain(text, argv[0], o->partials, data, app->arena, draft,
			   err) < 0)
		return -1;
	return put(app, draft, err);
}

const struct command cmd_template = {
	.name = "template",
	.args = "FILE",
	.summary = "run a Mustache template over values in JSON",
	.needs = NEED_NONE,
	.options = options,
	.opts_size = sizeof(struct template_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
