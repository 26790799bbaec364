/* books.c - the bookkeeper: the only thread that writes
 *
 * A tick is one transaction: all results so far and the next claims, committed
 * with synchronous=FULL. Only after the commit do senders hear that a result
 * is durable, and only then may the dot behind it leave.
 */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/die.h"
#include "books_priv.h"

#define TICK_MS	     100
#define LOCKED_MS    (60 * TIME_SECOND_MS)
#define UNCERTAIN_MS 500

struct books *books_new(struct run *run)
{
	struct books *books = die_calloc(1, sizeof(*books), "the books");

	books->run = run;
	pthread_mutex_init(&books->lock, NULL);
	pthread_cond_init(&books->news, NULL);
	jobs_init(&books->results);
	books->forms = forms_new();
	books->tick = arena_new("claims", (size_t)64 << 20);
	books->claims = die_calloc(CLAIM_MAX, sizeof(*books->claims), "claims");
	return books;
}

void books_free(struct books **books)
{
	struct books *b = *books;

	if (!b)
		return;
	jobs_free(&b->results);
	gauge_close(&b->gauge);
	ledger_close(&b->ledger);
	db_close(&b->db);
	forms_free(&b->forms);
	arena_free(&b->tick);
	pthread_mutex_destroy(&b->lock);
	pthread_cond_destroy(&b->news);
	free(b->claims);
	free(b);
	*books = NULL;
}

void books_result(struct books *books, struct job *job)
{
	pthread_mutex_lock(&books->lock);
	jobs_add(&books->results, job);
	pthread_cond_signal(&books->news);
	pthread_mutex_unlock(&books->lock);
}

void books_wake(struct books *books)
{
	pthread_mutex_lock(&books->lock);
	books->woken = true;
	pthread_cond_signal(&books->news);
	pthread_mutex_unlock(&books->lock);
}

void books_look(struct books *books, struct books_report *out)
{
	pthread_mutex_lock(&books->lock);
	*out = books->report;
	pthread_mutex_unlock(&books->lock);
}

/* --- one tick --------------------------------------------------------------- */

static int settle(struct books *b, struct job *job, struct err *err)
{
	const struct smtp_verdict *v = &job->verdict;
	struct ledger_result result = {
		.issue = job->claim.issue,
		.ordinal = job->claim.ordinal,
		.owner = b->run->owner,
		.epoch = job->claim.epoch,
		.event = job->event,
		.at = job->at,
		.due = job->due,
		.code = v->code,
		.status = str_of(v->status),
		.reply = str_of(v->text),
		.relay = b->run->relay.conf->key,
		.stage = str_of(smtp_stage_name(v->stage)),
	};

	return ledger_settle(b->ledger, &result, err) < 0 ? -1 : 0;
}

static int wants(struct sender *sender)
{
	int wanted;

	pthread_mutex_lock(&sender->lock);
	wanted = sender->wanted;
	pthread_mutex_unlock(&sender->lock);
	return wanted > 0 ? wanted : 0;
}

static int wanted(struct books *b)
{
	int total = 0;

	for (int i = 0; i < b->run->sender_count; i++)
		total += wants(&b->run->senders[i]);
	return total < CLAIM_MAX ? total : CLAIM_MAX;
}

/* Rows whose lost reply was waited for long enough, and leases, now and then:
 * both cost an index look-up when there is nothing to do. */
static int housekeeping(struct books *b, int64_t now, struct err *err)
{
	bool hold = b->run->options->conf->uncertain != UNCERTAIN_RESEND;

	if (b->begun >= b->uncertain_at &&
	    ledger_uncertain(b->ledger, hold, now, err) < 0)
		return -1;
	if (b->begun >= b->uncertain_at && gauge_keep(b->gauge, err) < 0)
		return -1;
	if (b->begun >= b->renew_at &&
	    ledger_renew(b->ledger, b->run->owner, now + LEASE_MS, err) < 0)
		return -1;
	return 0;
}

/* Once it is durable. Leases count from before the transaction. */
static void housekeeping_done(struct books *b)
{
	struct run *run = b->run;

	if (b->begun >= b->uncertain_at)
		b->uncertain_at = b->begun + UNCERTAIN_MS;
	if (b->begun < b->renew_at)
		return;
	if (b->begun >= run->lease_until)
		run->lease_begun = b->begun;
	run->lease_until = b->begun + LEASE_MS;
	b->renew_at = b->begun + LEASE_MS / 3;
}

/* How many were claimed; the transaction is not yet committed. */
static int write_all(struct books *b, const struct jobs *results, int limit,
		     struct err *err)
{
	int64_t now = clock_now_ms();

	for (struct job *job = results->first; job; job = job->next)
		if (settle(b, job, err) < 0)
			return -1;
	if (gauge_spend(b->gauge, results, err) < 0 ||
	    housekeeping(b, now, err) < 0)
		return -1;
	if (limit > 0 && gauge_room(b->gauge, &limit, err) < 0)
		return -1;
	if (limit == 0)
		return 0;
	return ledger_claim(b->ledger, b->run->options->issue, b->run->owner,
			    now, now + LEASE_MS, limit, b->tick, b->claims,
			    err);
}

static int try_tick(struct books *b, const struct jobs *results, int limit,
		    struct err *err)
{
	int claimed;

	arena_reset(b->tick);
	if (db_begin(b->db, err) < 0)
		return -1;
	claimed = write_all(b, results, limit, err);
	if (claimed < 0) {
		db_rollback(b->db);
		return -1;
	}
	return db_commit(b->db, err) < 0 ? -1 : claimed;
}

/* A locked database is waited for: the senders stand at their gates. */
static int tick(struct books *b, const struct jobs *results, int limit,
		struct err *err)
{
	int64_t until = clock_boot_ms() + LOCKED_MS;
	int claimed;

	b->begun = clock_boot_ms();
	do {
		claimed = try_tick(b, results, limit, err);
	} while (claimed < 0 && err->code == ERR_AGAIN &&
		 clock_boot_ms() < until && !*b->run->options->stop);
	if (claimed >= 0)
		housekeeping_done(b);
	return claimed;
}

/* --- what follows a commit --------------------------------------------------- */

static void count(struct books *b, const struct job *job)
{
	enum delivery_state state = delivery_next(DELIVERY_CLAIMED, job->event);

	pthread_mutex_lock(&b->lock);
	b->report.counts.by_state[DELIVERY_CLAIMED]--;
	b->report.counts.by_state[state]++;
	pthread_mutex_unlock(&b->lock);
}

static void tell_durable(struct books *b, struct jobs *results)
{
	struct job *job;

	while ((job = results->first)) {
		results->first = job->next;
		count(b, job);
		job->durable = true;
		b->outstanding--;
		sender_give(job->sender, job);
	}
}

static int make_job(struct books *b, const struct ledger_claim *claim,
		    uint64_t generation, struct job **job_out, struct err *err)
{
	const struct letter_form *form = NULL;
	struct job *job;

	if (forms_get(b->forms, b->ledger, claim, &form, err) < 0)
		return -1;
	job = job_new(claim);
	job->form = form;
	job->generation = generation;
	job->claimed_at = b->begun;
	*job_out = job;
	return 0;
}

/* To whoever wants most. */
static struct sender *hungriest(struct books *b)
{
	struct sender *best = &b->run->senders[0];
	int most = wants(best);

	for (int i = 1; i < b->run->sender_count; i++) {
		int more = wants(&b->run->senders[i]);

		if (more > most) {
			best = &b->run->senders[i];
			most = more;
		}
	}
	return best;
}

/* Until the next recount: a first try was queued, any other deferred. */
static void count_claims(struct books *b, int claimed)
{
	int64_t *by = b->report.counts.by_state;

	pthread_mutex_lock(&b->lock);
	for (int i = 0; i < claimed; i++)
		by[b->claims[i].attempts > 1 ? DELIVERY_DEFERRED
					     : DELIVERY_QUEUED]--;
	by[DELIVERY_CLAIMED] += claimed;
	pthread_mutex_unlock(&b->lock);
}

static int hand_out(struct books *b, int claimed, uint64_t generation,
		    struct err *err)
{
	for (int i = 0; i < claimed; i++) {
		struct sender *sender = hungriest(b);
		struct job *job;

		if (make_job(b, &b->claims[i], generation, &job, err) < 0)
			return -1;
		job->sender = sender;
		b->outstanding++;
		pthread_mutex_lock(&sender->lock);
		sender->wanted--;
		pthread_mutex_unlock(&sender->lock);
		sender_give(sender, job);
	}
	count_claims(b, claimed);
	return 0;
}

/* --- the thread ------------------------------------------------------------------ */

static void wait_for_news(struct books *b, struct jobs *results)
{
	struct timespec until;

	clock_wait_until(&until, TICK_MS);
	pthread_mutex_lock(&b->lock);
	while (!b->results.first && !b->woken &&
	       pthread_cond_timedwait(&b->news, &b->lock, &until) == 0)
		;
	b->woken = false;
	results->first = b->results.first;
	jobs_init(&b->results);
	pthread_mutex_unlock(&b->lock);
}

static int how_many(struct books *b)
{
	if (b->run->stopping || clock_boot_ms() < b->claim_after)
		return 0;
	return wanted(b);
}

/* Results are news to their senders only once what they mean for the issue is
 * settled, too: until then no connection's next dot leaves. */
static int work(struct books *b, struct jobs *results, int limit,
		struct err *err)
{
	uint64_t generation = generation_read(b->run->generation);
	int tripped = gauge_count(b->gauge, results, err);
	int claimed;

	if (tripped < 0)
		return -1;
	claimed = tick(b, results, tripped ? 0 : limit, err);
	if (claimed < 0 || (tripped && gauge_stop(b->gauge, err) < 0))
		return -1;
	tell_durable(b, results);
	if (hand_out(b, claimed, generation, err) < 0)
		return -1;
	if (limit > 0) {
		b->dry = claimed == 0;
		b->claim_after = b->dry ? clock_boot_ms() + TICK_MS : 0;
	}
	return 0;
}

static int turn(struct books *b, bool *over, struct err *err)
{
	struct jobs results;
	int limit;

	wait_for_news(b, &results);
	if (*b->run->options->stop)
		b->run->stopping = 1;
	limit = how_many(b);
	if ((results.first || limit > 0 ||
	     clock_boot_ms() >= b->uncertain_at) &&
	    work(b, &results, limit, err) < 0) {
		jobs_free(&results);
		return -1;
	}
	if (clock_boot_ms() >= b->recount_at && books_recount(b, err) < 0)
		return -1;
	return books_look_for_end(b, over, err);
}

/* An issue is spread over a time; what the settings say of the relay holds as
 * well. */
static void spread(struct books *b)
{
	struct run *run = b->run;
	struct rate even = { b->report.counts.total,
			     run->options->conf->send.spread_ms };

	if (even.count == 0 || even.per_ms == 0)
		return;
	pthread_mutex_lock(&run->relay.lock);
	run->relay.gate.rate = rate_slower(run->relay.gate.rate, even);
	pthread_mutex_unlock(&run->relay.lock);
}

/* What was learnt last is worth a transaction, and no failure. */
static void keep(struct books *b)
{
	struct err ignored = ERR_INIT;

	if (!b->gauge || db_begin(b->db, &ignored) < 0)
		return;
	if (gauge_keep(b->gauge, &ignored) == 0)
		db_commit(b->db, &ignored);
	else
		db_rollback(b->db);
}

static void finish(struct books *b, int rc, const struct err *err)
{
	struct err ignored = ERR_INIT;

	if (rc == 0) {
		keep(b);
		books_recount(b, &ignored);
	}
	pthread_mutex_lock(&b->lock);
	b->report.over = true;
	b->report.failed = rc < 0;
	if (rc < 0)
		b->report.err = *err;
	pthread_mutex_unlock(&b->lock);
	b->run->stopping = 1;
	b->run->over = 1;
	for (int i = 0; i < b->run->sender_count; i++)
		loop_wake(b->run->senders[i].loop);
}

void *books_main(void *arg)
{
	struct books *b = arg;
	struct err err = ERR_INIT;
	bool over = false;
	int rc;

	rc = db_open(b->run->options->database, DB_WRITE, &b->db, &err);
	if (rc == 0)
		rc = ledger_open(b->db, &b->ledger, &err);
	if (rc == 0)
		rc = gauge_open(b->run, b->db, b->ledger, &b->gauge, &err);
	if (rc == 0)
		rc = books_recount(b, &err);
	spread(b);
	b->run->lease_until = clock_boot_ms() + LEASE_MS;
	b->renew_at = clock_boot_ms() + LEASE_MS / 3;
	while (rc == 0 && !over)
		rc = turn(b, &over, &err);
	finish(b, rc, &err);
	return NULL;
}
