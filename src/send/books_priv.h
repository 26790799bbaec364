/* books_priv.h - inside the bookkeeper */
#ifndef BOOKS_PRIV_H
#define BOOKS_PRIV_H

#include "gauge_priv.h"

struct books {
	struct run *run;
	pthread_mutex_t lock; /* of the five below */
	pthread_cond_t news;
	struct jobs results;
	bool woken;
	struct books_report report;

	struct db *db;
	struct ledger *ledger;
	struct gauge *gauge;
	struct forms *forms;
	struct arena *tick;
	struct ledger_claim *claims;
	int64_t outstanding; /* jobs with the senders */
	int64_t claim_after; /* boot ms */
	int64_t renew_at, recount_at, uncertain_at;
	int64_t idle_since, look_at; /* boot ms; 0: there is work */
	int64_t begun;		     /* the tick under way; boot ms */
	bool dry;		     /* the last claim found nothing */
};

/* Count the rows again, and note when. */
int books_recount(struct books *books, struct err *err);
/* Is there nothing more to do, or nothing that we wait for? */
int books_look_for_end(struct books *books, bool *over_out, struct err *err);

#endif
