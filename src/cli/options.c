/* options.c - a command line becomes the fields of a struct */
#include "options_priv.h"

#include "base/buf.h"
#include "base/nearest.h"

#define NAMES_MAX 64

#define G(field) offsetof(struct globals, field)

const struct option global_options[] = {
	{ "directory", 'C', OPTION_TEXT, G(dir), "DIR",
	  "the publication's folder, in place of this one" },
	{ "json", 0, OPTION_FLAG, G(json), NULL,
	  "answer and complain in JSON, one value a line" },
	{ "quiet", 'q', OPTION_FLAG, G(quiet), NULL,
	  "no progress, no remarks" },
	{ "verbose", 'v', OPTION_FLAG, G(verbose), NULL,
	  "remarks also where no terminal is" },
	{ "help", 'h', OPTION_FLAG, G(help), NULL,
	  "say what the command does and takes" },
	{ "version", 0, OPTION_FLAG, G(version), NULL,
	  "print the program's version" },
	{ 0 }
};

struct found {
	const struct option *option;
	void *target; /* the struct that its field is in */
};

static size_t add_names(const struct option *table, struct str *names,
			size_t count)
{
	for (; table && table->name && count < NAMES_MAX; table++)
		if (table->help)
			names[count++] = str_of(table->name);
	return count;
}

static int see_help(const struct options *o, struct err *err)
{
	if (!o->command)
		return err_hint(err, "see 'tidings -h'");
	return err_hint(err, "see 'tidings %s -h'", o->command);
}

static int unknown_name(const struct options *o, struct str name,
			struct err *err)
{
	struct str names[NAMES_MAX];
	size_t count = add_names(o->own, names, 0);
	struct str close;

	count = add_names(global_options, names, count);
	close = nearest(name, names, count);
	err_set(err, ERR_USAGE, "there is no option '--" STR_FMT "'",
		STR_ARG(name));
	if (close.len == 0)
		return see_help(o, err);
	return err_hint(err, "did you mean '--" STR_FMT "'?", STR_ARG(close));
}

static const struct option *by_name(const struct option *table, struct str name)
{
	for (; table && table->name; table++)
		if (str_eqz(name, table->name))
			return table;
	return NULL;
}

static const struct option *by_letter(const struct option *table, char letter)
{
	for (; table && table->name; table++)
		if (table->letter == letter)
			return table;
	return NULL;
}

/* What a command has goes before what all have. */
static struct found choose(const struct options *o, const struct option *own,
			   const struct option *global)
{
	if (own)
		return (struct found){ own, o->opts };
	return (struct found){ global, o->globals };
}

static int store(struct found found, const char *value, struct err *err)
{
	void *field = (char *)found.target + found.option->offset;
	struct option_many *many;

	switch (found.option->kind) {
	case OPTION_FLAG:
		*(bool *)field = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)field = value;
		return 0;
	case OPTION_MANY:
		many = field;
		if (many->count == OPTION_MANY_MAX)
			return err_set(err, ERR_USAGE,
				       "'--%s' is given more than %d times",
				       found.option->name, OPTION_MANY_MAX);
		many->at[many->count++] = value;
		return 0;
	}
	return 0;
}

/* The value of an option that did not carry it in the same word. */
static int store_next(struct options *o, struct found found, struct err *err)
{
	if (o->at < o->argc)
		return store(found, o->argv[o->at++], err);
	err_set(err, ERR_USAGE, "'--%s' wants %s behind it", found.option->name,
		found.option->arg);
	return see_help(o, err);
}

static int take_long(struct options *o, const char *text, struct err *err)
{
	struct str rest, name = str_cut(str_of(text), '=', &rest);
	bool joined = name.len < strlen(text);
	struct found found = choose(o, by_name(o->own, name),
				    by_name(global_options, name));

	if (!found.option)
		return unknown_name(o, name, err);
	if (found.option->kind == OPTION_FLAG && joined) {
		err_set(err, ERR_USAGE, "'--" STR_FMT "' takes no value",
			STR_ARG(name));
		return see_help(o, err);
	}
	if (found.option->kind == OPTION_FLAG)
		return store(found, NULL, err);
	return joined ? store(found, rest.at, err) : store_next(o, found, err);
}

static int take_letters(struct options *o, const char *letters, struct err *err)
{
	for (; *letters; letters++) {
		struct found found = choose(
			o, by_letter(o->own, *letters),
			by_letter(global_options, *letters));

		if (!found.option) {
			err_set(err, ERR_USAGE, "there is no option '-%c'",
				*letters);
			return see_help(o, err);
		}
		if (found.option->kind == OPTION_FLAG)
			store(found, NULL, err);
		else if (letters[1])
			return store(found, letters + 1, err);
		else
			return store_next(o, found, err);
	}
	return 0;
}

int options_parse(struct options *o, struct err *err)
{
	while (o->at < o->argc) {
		char *text = o->argv[o->at];
		int rc;

		if (!strcmp(text, "--")) {
			o->at++;
			break;
		}
		if (text[0] != '-' || !text[1]) {
			if (!o->command)
				return 0;
			o->words[o->count++] = text;
			o->at++;
			continue;
		}
		o->at++;
		rc = text[1] == '-' ? take_long(o, text + 2, err)
				    : take_letters(o, text + 1, err);
		if (rc < 0)
			return -1;
	}
	while (o->command && o->at < o->argc)
		o->words[o->count++] = o->argv[o->at++];
	return 0;
}

int options_unknown(const char *what, struct str word, const struct str *names,
		    size_t count, struct err *err)
{
	struct str close = nearest(word, names, count);
	struct buf all;

	err_set(err, ERR_USAGE, "there is no %s '" STR_FMT "'", what,
		STR_ARG(str_head(word, 100)));
	if (close.len > 0)
		return err_hint(err, "did you mean '" STR_FMT "'?",
				STR_ARG(close));
	buf_init(&all, sizeof(err->hint));
	for (size_t i = 0; i < count; i++)
		buf_fmt(&all, "%s" STR_FMT, i ? ", " : "", STR_ARG(names[i]));
	err_hint(err, "choose from: %s", all.at);
	buf_done(&all);
	return -1;
}

const struct command *options_command(const char *word, struct err *err)
{
	struct str names[NAMES_MAX];
	size_t count = 0;

	for (; commands[count] && count < NAMES_MAX; count++) {
		if (!strcmp(commands[count]->name, word))
			return commands[count];
		names[count] = str_of(commands[count]->name);
	}
	options_unknown("command", str_of(word), names, count, err);
	return NULL;
}

int options_count(const struct command *command, int count, char **words,
		  struct err *err)
{
	if (count < command->min_args)
		err_set(err, ERR_USAGE, "'%s' wants %s", command->name,
			command->args);
	else if (count > command->max_args)
		err_set(err, ERR_USAGE, "'%s' is one word too many",
			words[command->max_args]);
	else
		return 0;
	return err_hint(err, "see 'tidings %s -h'", command->name);
}
