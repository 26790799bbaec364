/* end.c - when a run has nothing more to do */
#include <stdio.h>

#include "base/clock.h"
#include "books_priv.h"

#define SOON_MS	   (60 * TIME_SECOND_MS)
#define RECOUNT_MS 5000
#define LOOK_MS	   500

int books_recount(struct books *b, struct err *err)
{
	struct ledger_counts counts = { 0 };

	if (b->run->options->issue > 0 &&
	    ledger_counts(b->ledger, b->run->options->issue, &counts, err) < 0)
		return -1;
	if (gauge_refresh(b->gauge, err) < 0)
		return -1;
	pthread_mutex_lock(&b->lock);
	b->report.counts = counts;
	pthread_mutex_unlock(&b->lock);
	b->recount_at = clock_boot_ms() + RECOUNT_MS;
	return 0;
}

static bool is_far(int64_t due)
{
	return due == 0 || due > clock_now_ms() + SOON_MS;
}

/* Rows wait, and for longer than we do: a quota is used up, or the relay wants
 * to be left alone. */
static bool is_shut(struct books *b)
{
	int64_t boot_now = clock_boot_ms();
	int64_t rest = relay_resting(&b->run->relay, boot_now);
	int64_t now = clock_now_ms();
	int64_t opens = gauge_opens(b->gauge);
	char why[sizeof(b->report.shut)];

	snprintf(why, sizeof(why), "%s", gauge_why(b->gauge));
	if (rest > boot_now + SOON_MS) {
		opens = now + rest - boot_now;
		relay_slow_words(&b->run->relay, why, sizeof(why));
	} else if (!b->dry || opens <= now + SOON_MS) {
		return false;
	}
	pthread_mutex_lock(&b->lock);
	b->report.opens = opens;
	memcpy(b->report.shut, why, sizeof(why));
	pthread_mutex_unlock(&b->lock);
	return true;
}

/* Nothing is left to claim. What another dispatcher still holds is waited for
 * as long as for a row that is due soon; should it die, we go on for it. */
static int wait_for_others(struct books *b, bool *over, struct err *err)
{
	const struct ledger_counts *counts = &b->report.counts;
	int64_t now = clock_boot_ms();

	if (b->idle_since == 0)
		b->idle_since = now;
	if (now < b->look_at)
		return 0;
	b->look_at = now + LOOK_MS;
	if (books_recount(b, err) < 0)
		return -1;
	*over = is_far(counts->next_due) &&
		(counts->by_state[DELIVERY_CLAIMED] == 0 ||
		 now > b->idle_since + SOON_MS);
	if (*over || send_recover(b->run->options, NULL, err) == 0)
		return 0;
	return err->code == ERR_AGAIN ? 0 : -1;
}

int books_look_for_end(struct books *b, bool *over, struct err *err)
{
	int64_t due = 0;

	*over = false;
	if (relay_hopeless(&b->run->relay) || *b->run->options->stop)
		b->run->stopping = 1;
	if (b->outstanding > 0)
		return 0;
	if (b->run->stopping || is_shut(b)) {
		*over = true;
		return 0;
	}
	if (!b->dry) {
		b->idle_since = b->look_at = 0;
		return 0;
	}
	if (b->run->options->issue > 0 &&
	    ledger_next_due(b->ledger, b->run->options->issue, &due, err) < 0)
		return -1;
	return is_far(due) ? wait_for_others(b, over, err) : 0;
}
