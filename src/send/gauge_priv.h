/* gauge_priv.h - how much the books may claim, and when they had better stop
 *
 * Quotas, hours, what was learnt of the relay's speed, and the breakers. The
 * bookkeeper's alone.
 */
#ifndef GAUGE_PRIV_H
#define GAUGE_PRIV_H

#include "queue/quota.h"
#include "send_priv.h"

struct gauge;

/* `db` and `ledger` must outlive it. Teaches the pacer what earlier runs
 * learnt. */
int gauge_open(struct run *run, struct db *db, struct ledger *ledger,
	       struct gauge **gauge_out, struct err *err);
void gauge_close(struct gauge **gauge);

/* Results that are about to be written: true when too many were refused, and
 * nothing more may be claimed before gauge_stop(). -1 on error. */
int gauge_count(struct gauge *gauge, const struct jobs *results,
		struct err *err);
/* They are written: pause what gauge_count() found, and tell every sender. */
int gauge_stop(struct gauge *gauge, struct err *err);

/* Outside any transaction, now and then: what other dispatchers heard of the
 * same issues counts, too. */
int gauge_refresh(struct gauge *gauge, struct err *err);

/* Inside the transaction of the results: what they cost. */
int gauge_spend(struct gauge *gauge, const struct jobs *results,
		struct err *err);
/* Inside it, behind them: of `limit` claims so many may be made. */
int gauge_room(struct gauge *gauge, int *limit, struct err *err);
/* Inside it, now and then: keep what was learnt, call back what may go sooner
 * than it was told. */
int gauge_keep(struct gauge *gauge, struct err *err);

/* UTC ms before which gauge_room() lets nothing be claimed, and why; 0. */
int64_t gauge_opens(const struct gauge *gauge);
const char *gauge_why(const struct gauge *gauge);

/* The quota of the settings, for whoever settles; NULL where there is none.
 * `boot_id` must outlive it. */
int gauge_quota(const struct conf *conf, struct db *db, char boot_id[40],
		struct quota **quota_out, struct err *err);
struct quota_time gauge_time(void);

#endif
