/* send_report_priv.h - how a send is going, and what came of it */
#ifndef CLI_SEND_REPORT_PRIV_H
#define CLI_SEND_REPORT_PRIV_H

#include "cli/command.h"
#include "queue/ledger.h"
#include "send/send.h"

/* The rows of an issue as a person counts them. */
struct tally {
	int64_t total;
	int64_t sent;	   /* also what came back later */
	int64_t failed;	   /* refused or too old */
	int64_t uncertain; /* nobody knows; also those held for a person */
	int64_t waiting;
	int64_t skipped; /* left or were suppressed since the freeze */
};
struct tally tally_of(const struct ledger_counts *counts);

struct progress {
	const struct app *app;
	struct str slug;
	int64_t said_at; /* boot ms of the last line off a terminal */
	bool drawn;	 /* the bar stands on the terminal */
};

/* For struct send_options: draws the bar, or says a line a minute. */
void progress_show(void *arg, const struct ledger_counts *counts,
		   double per_second);
/* Takes the bar away. */
void progress_end(struct progress *progress);

/* One word for the whole issue: the ledger's own while it is being made or
 * held, else what its rows say. */
const char *report_state(const struct ledger_issue *issue,
			 const struct ledger_counts *counts);
/* The object of `status --json`, which a send ends with as well. */
void report_json(const struct app *app, const struct ledger_issue *issue,
		 const struct ledger_counts *counts);

/* What the exit status says: 0, or -1 with ERR_UNCERTAIN, ERR_FAILED or
 * ERR_AGAIN (the first of them that is true) and what to do. */
int report_done(struct str slug, const struct send_done *done, struct err *err);

#endif
