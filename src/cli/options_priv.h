/* options_priv.h - reading a command line by the tables of options */
#ifndef CLI_OPTIONS_PRIV_H
#define CLI_OPTIONS_PRIV_H

#include "cli/command.h"

/* What every command takes. */
struct globals {
	const char *dir;
	bool json, quiet, verbose, help, version;
};
extern const struct option global_options[];

struct options {		  /* a command line in the course of reading */
	const struct option *own; /* the command's; NULL: none */
	void *opts;		  /* its struct */
	struct globals *globals;
	const char *command; /* for hints; NULL before it is known */
	char **argv;
	int argc, at; /* `at`: the next to be read */
	char **words; /* what is no option; room for argc */
	int count;
};

/* Read on to the end, or, while `command` is NULL, to the first word that is
 * no option (`at` then points at it). Options may be written --name VALUE,
 * --name=VALUE, -nVALUE, -n VALUE; flags may be bundled; behind "--" nothing
 * is an option. ERR_USAGE with the nearest name. */
int options_parse(struct options *o, struct err *err);

/* The command named `word`. ERR_USAGE with the nearest name. */
const struct command *options_command(const char *word, struct err *err);

/* ERR_USAGE unless the number of words suits the command. */
int options_count(const struct command *command, int count, char **words,
		  struct err *err);

/* ERR_USAGE "there is no WHAT 'WORD'" with the nearest of `names` as the
 * hint, or else all of them. */
int options_unknown(const char *what, struct str word, const struct str *names,
		    size_t count, struct err *err);

#endif
