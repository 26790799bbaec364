/* usage.c - what -h prints, from the table of commands */
#include "cli_priv.h"
#include "options_priv.h"

#define NAMES_WIDTH 25

static void put_option(FILE *to, const struct option *option)
{
	int width;

	if (!option->help)
		return;
	if (option->letter)
		width = fprintf(to, "  -%c, --%s", option->letter,
				option->name);
	else
		width = fprintf(to, "      --%s", option->name);
	if (option->arg)
		width += fprintf(to, " %s", option->arg);
	if (width > NAMES_WIDTH - 2)
		width = fprintf(to, "\n") - 1;
	fprintf(to, "%*s%s%s\n", NAMES_WIDTH - width, "", option->help,
		option->kind == OPTION_MANY ? " (may be repeated)" : "");
}

static void put_options(FILE *to, const char *title,
			const struct option *option)
{
	if (!option || !option->name || !option->help)
		return;
	fprintf(to, "\n%s:\n", title);
	for (; option->name; option++)
		put_option(to, option);
}

void usage_command(FILE *to, const struct command *command)
{
	fprintf(to, "usage: tidings %s [OPTION]...%s%s\n\n%s\n", command->name,
		command->args[0] ? " " : "", command->args, command->summary);
	put_options(to, "options", command->options);
	put_options(to, "of every command", global_options);
}

void usage_overview(FILE *to)
{
	fputs("usage: tidings [-C DIR] COMMAND [OPTION]... [WORD]...\n\n"
	      "turns a folder of Markdown into a newsletter and sends it\n\n"
	      "commands:\n",
	      to);
	for (size_t i = 0; commands[i]; i++)
		fprintf(to, "  %-12s%s\n", commands[i]->name,
			commands[i]->summary);
	put_options(to, "options of every command", global_options);
	fputs("\n'tidings COMMAND -h' says more about one; "
	      "'tidings init DIR' begins\n",
	      to);
}
