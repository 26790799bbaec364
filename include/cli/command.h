/* command.h - the one table of commands: parsing, -h, man pages, completion
 *
 * An entry says everything: name, arguments, one line, what it needs opened,
 * options bound to the fields of a struct. main() parses, opens, runs,
 * reports and closes, once.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/conf.h"
#include "db/db.h"
#include "seal/seal.h"

enum need {
	NEED_NONE = 0,
	NEED_CONF = 1,
	NEED_DB_READ = 2,
	NEED_DB_WRITE = 4,
	NEED_SEAL = 8
};

enum option_kind {
	OPTION_FLAG,		/* bool */
	OPTION_TEXT,		/* const char *, NULL when not given */
	OPTION_MANY		/* struct option_many, given several times */
};

#define OPTION_MANY_MAX 64
struct option_many { const char *at[OPTION_MANY_MAX]; int count; };

struct option {
	const char *name;	/* "dry-run" */
	char letter;		/* 'n' or 0 */
	enum option_kind kind;
	size_t offset;		/* of the field in the command's struct */
	const char *arg;	/* "LIST", NULL for flags */
	const char *help;	/* NULL: for the build alone, shown nowhere */
};

struct app {			/* what a command gets */
	const char *dir;	/* -C, or "." */
	bool json, quiet, verbose;
	bool terminal;		/* stderr is one */
	bool color;		/* and nobody asked for NO_COLOR */
	struct arena *arena;
	const struct conf *conf;
	struct db *db;
	struct seal *seal;
	FILE *out;
};

struct command {
	const char *name;
	const char *args;	/* "ISSUE", "FILE", "" */
	const char *summary;	/* one line, lower case, no full stop */
	unsigned needs;
	const struct option *options;	/* ends with { 0 }; may be NULL */
	size_t opts_size;
	int min_args, max_args;
	int (*run)(struct app *app, const void *opts, int argc, char **argv,
		   struct err *err);
};

extern const struct command *const commands[];	/* ends with NULL */

#endif
