/* cmd_help.c - tidings help, and the texts that the build makes of the table */
#include "cli_priv.h"
#include "options_priv.h"

struct help_opts {
	bool mdoc, index;
	const char *completion, *docs;
};

#define H(field) offsetof(struct help_opts, field)

static const struct option options[] = {
	{ "mdoc", 0, OPTION_FLAG, H(mdoc), NULL, NULL },
	{ "docs", 0, OPTION_TEXT, H(docs), "DIR", NULL },
	{ "completion", 0, OPTION_TEXT, H(completion), "SHELL", NULL },
	{ "index", 0, OPTION_FLAG, H(index), NULL, NULL },
	{ 0 }
};

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	const struct help_opts *o = opts;
	const struct command *command;

	if (o->index) {
		for (size_t i = 0; commands[i]; i++)
			fprintf(app->out, "%s\n", commands[i]->name);
		return 0;
	}
	if (o->completion)
		return completion_print(app->out, o->completion, err);
	if (o->mdoc)
		return man_print(app->out, argc ? argv[0] : "tidings",
				 o->docs ? o->docs : "docs/commands",
				 app->arena, err);
	if (argc == 0) {
		usage_overview(app->out);
		return 0;
	}
	command = options_command(argv[0], err);
	if (!command)
		return -1;
	usage_command(app->out, command);
	return 0;
}

const struct command cmd_help = {
	.name = "help",
	.args = "[COMMAND]",
	.summary = "list the commands, or say what one takes",
	.needs = NEED_NONE,
	.options = options,
	.opts_size = sizeof(struct help_opts),
	.max_args = 1,
	.run = run,
};
