/* man.c - manual pages: tables from the program, prose from docs/commands
 *
 * The date on top is that of this version's heading in docs/CHANGELOG.md.
 */
#include "base/file.h"
#include "base/time.h"
#include "cli_priv.h"
#include "options_priv.h"

#define PAGE_MAX ((size_t)256 * 1024)
#define HEADING	 "## " TIDINGS_VERSION " - "

struct page {
	FILE *to;
	const char *docs; /* the folder of the prose */
	struct date released;
	struct arena *arena;
};

/* "## 0.1.0 - 2026-11-24" */
static int read_released(struct page *page, struct err *err)
{
	char *path = file_path(page->arena, page->docs, STR("../CHANGELOG.md"));
	struct str text;

	if (file_read(path, PAGE_MAX, page->arena, &text, err) < 0)
		return -1;
	while (text.len > 0) {
		struct str line = str_cut(text, '\n', &text);

		if (str_starts(line, STR(HEADING)) &&
		    time_date_parse(str_skip(line, sizeof(HEADING) - 1),
				    &page->released))
			return 0;
	}
	err_set(err, ERR_INPUT, "this version has no heading");
	err_hint(err, "write '" HEADING "YYYY-MM-DD'");
	return err_place(err, "%s", path);
}

static void put_head(const struct page *page, const char *title,
		     const char *section)
{
	static const char *const months[] = {
		"January",   "February", "March",    "April",
		"May",	     "June",	 "July",     "August",
		"September", "October",	 "November", "December",
	};
	FILE *to = page->to;

	fprintf(to, ".Dd %s %d, %d\n.Dt ", months[page->released.month - 1],
		page->released.day, page->released.year);
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

static int read_prose(const struct page *page, const char *name,
		      struct str *text_out, char **path_out, struct err *err)
{
	struct str file = arena_fmt(page->arena, "%s.md", name);

	*path_out = file_path(page->arena, page->docs, file);
	return file_read(*path_out, PAGE_MAX, page->arena, text_out, err);
}

static int command_page(const struct page *page, const struct command *command,
			struct err *err)
{
	FILE *to = page->to;
	struct str text, rest;
	char *path;

	if (read_prose(page, command->name, &text, &path, err) < 0)
		return -1;
	put_head(page, arena_fmt(page->arena, "tidings-%s", command->name).at,
		 "1");
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

/* The next command by the alphabet, or NULL. */
static const char *name_after(const char *name)
{
	const char *next = NULL;

	for (size_t i = 0; commands[i]; i++)
		if (strcmp(commands[i]->name, name) > 0 &&
		    (!next || strcmp(commands[i]->name, next) < 0))
			next = commands[i]->name;
	return next;
}

static int main_page(const struct page *page, struct err *err)
{
	FILE *to = page->to;
	const char *name = "";
	struct str text, rest;
	char *path;

	if (read_prose(page, "tidings", &text, &path, err) < 0)
		return -1;
	put_head(page, "tidings", "1");
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
	while ((name = name_after(name)))
		fprintf(to, ".Xr tidings-%s 1 ,\n", name);
	fputs(".Xr tidings.yaml 5\n", to);
	return 0;
}

static void settings_page(const struct page *page)
{
	FILE *to = page->to;

	put_head(page, "tidings.yaml", "5");
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
	struct page page = { .to = to, .docs = docs, .arena = arena };
	const struct command *command;

	if (read_released(&page, err) < 0)
		return -1;
	if (!strcmp(name, "tidings"))
		return main_page(&page, err);
	if (!strcmp(name, "tidings.yaml")) {
		settings_page(&page);
		return 0;
	}
	command = options_command(name, err);
	return command ? command_page(&page, command, err) : -1;
}
