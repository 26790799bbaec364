/* send.h - the dispatcher: from claimed rows to settled ones
 *
 * T threads share nothing: each has its loop, its connections, its press.
 * One more thread, the bookkeeper, is the only writer: each of its ticks is
 * one transaction of all results so far and the next claims,
 * synchronous=FULL; a connection's next dot waits until its last result is
 * durable. Recovery of dead dispatchers runs first.
 */
#ifndef SEND_SEND_H
#define SEND_SEND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "conf/conf.h"
#include "queue/ledger.h"
#include "seal/seal.h"

struct send_options {
	const struct conf *conf;
	const struct seal *seal;
	const char *database;		/* path; the bookkeeper opens its own */
	int64_t issue;			/* 0: whatever is due */
	/* Polled; non-zero: claim nothing more, finish what is on the wire,
	 * settle, return. May be set by a signal handler. */
	const volatile int *stop;
	/* Called from the caller's own thread about ten times a second. */
	void (*progress)(void *arg, const struct ledger_counts *counts,
			 double per_second);
	void *progress_arg;
};

struct send_done {
	struct ledger_counts counts;	/* of the issue, at the end */
	int64_t next_due;		/* 0: nothing waits */
	bool stopped;			/* *stop was set */
	char last_trouble[512];		/* the relay's or transport's words,
					   "" when all went well */
};

/* Returns when nothing is due within 60 s, when stopped, or -1: the ledger
 * could not be written (then nothing more is sent), the form is broken, the
 * relay's settings are wrong. A relay that cannot be reached is no error:
 * rows stay queued and last_trouble says why. */
int send_run(const struct send_options *options, struct send_done *done_out,
	     struct err *err);

/* Settle what dead dispatchers left (RELIABILITY: the slots decide). Also
 * part of send_run(). `rows_out` may be NULL. */
int send_recover(const struct send_options *options, int64_t *rows_out,
		 struct err *err);

#endif
