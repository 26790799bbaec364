/* commands.c - the table of all commands */
#include "cli_priv.h"

const struct command *const commands[] = {
#define X(name) &cmd_##name,
	COMMANDS(X)
#undef X
	NULL
};
