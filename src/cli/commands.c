/* commands.c - every command, in the order in which they are shown */
#include "cli_priv.h"

const struct command *const commands[] = {
	&cmd_init,   &cmd_new,	  &cmd_render, &cmd_send,	&cmd_who,
	&cmd_status, &cmd_import, &cmd_export, &cmd_subscriber, &cmd_catch,
	&cmd_config, &cmd_help,	  NULL
};
