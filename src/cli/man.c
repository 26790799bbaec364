/* man.c - manual pages: tables from the program, prose from docs/commands */
#include "base/file.h"
#include "cli_priv.h"
#include "options_priv.h"

#define PAGE_MAX ((size_t)256 * 1024)
#define RELEASED "November 24, 2026"

static void put_head(FILE *to, const char *title, const char *section)
{
	fprintf(to, ".Dd " RELEASED "\n.Dt ");
	for (const char *c = title; *c; c++)
		fputc(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c, to);
	fprintf(to, " %s\n.Os\n.Sh NAME\n.Nm %s\n", section, title);
}

static void put_option(FILE *to, const struct option *option)
{
	if (!option->help)
		return;
	fputs(".It ", to);
	if (option->letter)
		fprintf(to, "Fl %c , ", option->letter);
	fprintf(to, "Fl \\-%s", option->name);
	if (option->arg)
		fprintf(to, " Ar %s", option->arg);
	fputc('\n', to);
	mdoc_text(to, str_of(option->help));
	fputs(option->kind == OPTION_MANY ? "; may be repeated.\n" : ".\n", to);
}

static void put_options(FILE *to, const struct option *option)
{
	fputs(".Bl -tag -width Ds\n", to);
	for (; option && option->name; option++)
		put_option(to, option);
	fputs(".El\n", to);
}

static bool has_options(const struct option *option)
{
	return option && option->name && option->help;
}

static void put_synopsis(FILE *to, const struct command *command)
{
	fprintf(to, ".Sh SYNOPSIS\n.Nm tidings\n.Cm %s\n.Op Ar OPTION ...\n",
		command->name);
	if (command->args[0])
		fprintf(to, ".Ar %s\n", command->args);
}

/* The prose up to its second section, and the rest. */
static struct str first_section(struct str text, struct str *rest_out)
{
	ptrdiff_t first = str_find_str(text, STR("\n## "));
	ptrdiff_t next;

	*rest_out = STR_NONE;
	if (first < 0)
		return text;
	next = str_find_str(str_skip(text, (size_t)first + 1), STR("\n## "));
	if (next < 0)
		return text;
	*rest_out = str_skip(text, (size_t)(first + 1 + next));
	return str_head(text, (size_t)(first + 1 + next) + 1);
}

static int read_prose(const char *docs, const char *name, struct arena *arena,
		      struct str *text_out, char **path_out, struct err *err)
{
	*path_out = file_path(arena, docs, arena_fmt(arena, "%s.md", name));
	return file_read(*path_out, PAGE_MAX, arena, text_out, err);
}

static int command_page(FILE *to, const struct command *command,
			const char *docs, struct arena *arena, struct err *err)
{
	struct str text, rest;
	char *path;

	if (read_prose(docs, command->name, arena, &text, &path, err) < 0)
		return -1;
	put_head(to, arena_fmt(arena, "tidings-%s", command->name).at, "1");
	fprintf(to, ".Nd %s\n", command->summary);
	put_synopsis(to, command);
	if (mdoc_from(to, first_section(text, &rest), path, err) < 0)
		return -1;
	fputs(".Sh OPTIONS\n", to);
	if (has_options(command->options))
		put_options(to, command->options);
	fputs(has_options(command->options) ? ".Pp\nThe" : "The", to);
	fputs(" options of every command are described in\n"
	      ".Xr tidings 1 .\n",
	      to);
	if (mdoc_from(to, rest, path, err) < 0)
		return -1;
	fputs(".Sh SEE ALSO\n.Xr tidings 1 ,\n.Xr tidings.yaml 5\n", to);
	return 0;
}

static int main_page(FILE *to, const char *docs, struct arena *arena,
		     struct err *err)
{
	struct str text, rest;
	char *path;

	if (read_prose(docs, "tidings", arena, &text, &path, err) < 0)
		return -1;
	put_head(to, "tidings", "1");
	fputs(".Nd turn a folder of Markdown into a newsletter and send it\n"
	      ".Sh SYNOPSIS\n.Nm\n.Op Fl C Ar DIR\n.Ar COMMAND\n"
	      ".Op Ar OPTION ...\n",
	      to);
	if (mdoc_from(to, first_section(text, &rest), path, err) < 0)
		return -1;
	fputs(".Ss Commands\nEach has a page of its own, such as\n"
	      ".Xr tidings-send 1 .\n.Bl -tag -width subscriber\n",
	      to);
	for (size_t i = 0; commands[i]; i++)
		fprintf(to, ".It Cm %s\n%s.\n", commands[i]->name,
			commands[i]->summary);
	fputs(".El\n.Ss Options of every command\n", to);
	put_options(to, global_options);
	if (mdoc_from(to, rest, path, err) < 0)
		return -1;
	fputs(".Sh SEE ALSO\n", to);
	for (size_t i = 0; commands[i]; i++)
		fprintf(to, ".Xr tidings-%s 1 ,\n", commands[i]->name);
	fputs(".Xr tidings.yaml 5\n", to);
	return 0;
}

static void settings_page(FILE *to)
{
	put_head(to, "tidings.yaml", "5");
	fputs(".Nd settings of a publication of tidings\n"
	      ".Sh DESCRIPTION\n"
	      "A publication is a folder with this file, in YAML.\n"
	      "Below, a\n.Sq *\nstands for a name of your own choice.\n"
	      "What is not known is refused, by line and column.\n"
	      "Secrets never stand here, only where to find them.\n"
	      ".Bl -tag -width Ds\n",
	      to);
	for (size_t i = 0; conf_settings(i); i++) {
		const struct conf_setting *s = conf_settings(i);

		fprintf(to, ".It Sy \"%s\" : Ar \"%s\"\n", s->name, s->type);
		mdoc_text(to, str_of(s->help));
		fputs(".\n", to);
		if (s->standard[0]) {
			fputs("The default is ", to);
			mdoc_text(to, str_of(s->standard));
			fputs(".\n", to);
		}
	}
	fputs(".El\n.Sh SEE ALSO\n.Xr tidings 1 ,\n.Xr tidings-config 1\n", to);
}

int man_print(FILE *to, const char *name, const char *docs, struct arena *arena,
	      struct err *err)
{
	const struct command *command;

	if (!strcmp(name, "tidings"))
		return main_page(to, docs, arena, err);
	if (!strcmp(name, "tidings.yaml")) {
		settings_page(to);
		return 0;
	}
	command = options_command(name, err);
	return command ? command_page(to, command, docs, arena, err) : -1;
}
