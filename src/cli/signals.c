/* signals.c - a polite end for commands that run for a while */
#include <signal.h>

#include "cli_priv.h"

static volatile sig_atomic_t stop;

/* The second signal finds the default again: it ends the program at once. */
static void on_stop(int number)
{
	(void)number;
	stop = 1;
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
}

static void on_pipe(int number)
{
	(void)number;
}

const volatile sig_atomic_t *signals_stop(void)
{
	struct sigaction action = { .sa_handler = on_stop };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	/* A connection that breaks is an error to be seen, no reason to die.
	 * A handler, unlike SIG_IGN, is not inherited by programs we start. */
	action.sa_handler = on_pipe;
	action.sa_flags = SA_RESTART;
	sigaction(SIGPIPE, &action, NULL);
	return &stop;
}
