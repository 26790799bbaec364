/* send.c - a run of the dispatcher: threads up, progress, threads down */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "send_priv.h"

#define PROGRESS_MS 100
#define THREADS_MAX 4

/* A relay on this machine is one's own. What is a folder or a program has no
 * speed of its own. */
static void set_up_pace(struct relay_state *relay, const struct conf *conf)
{
	const struct pace_plan plan = {
		.start = relay->conf->loopback ? 1000 : 20,
		.deferred_max = conf->breakers.deferred / 10000.0,
	};

	if (relay->conf->kind != RELAY_DIR && relay->conf->kind != RELAY_PIPE)
		relay->pace = pace_new(&plan);
}

static int set_up_relay(struct run *run, struct arena *arena, struct err *err)
{
	const struct conf *conf = run->options->conf;

	pthread_mutex_init(&run->relay.lock, NULL);
	run->relay.conf = conf->relays;
	run->relay.gate.rate = conf->relays->rate;
	run->relay.allowed = conf->relays->connections;
	set_up_pace(&run->relay, conf);
	return relay_server(conf, conf->relays, arena, &run->relay.server, err);
}

/* Threads only pay with connections to share out. */
static int thread_count(const struct conf *conf)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int count = conf->send.threads	  ? conf->send.threads
		    : cores < THREADS_MAX ? (int)cores
					  : THREADS_MAX;

	if (count > conf->relays->connections)
		count = conf->relays->connections;
	return count > 0 ? count : 1;
}

static int open_sender(struct run *run, int index, int first_lane, int lanes,
		       struct err *err)
{
	struct sender *sender = &run->senders[index];

	sender->run = run;
	sender->index = index;
	sender->lane_count = lanes;
	sender->lanes = die_calloc((size_t)lanes, sizeof(struct lane),
				   "connections");
	pthread_mutex_init(&sender->lock, NULL);
	jobs_init(&sender->inbox);
	jobs_init(&sender->ready);
	for (int i = 0; i < lanes; i++) {
		sender->lanes[i].sender = sender;
		sender->lanes[i].index = first_lane + i;
		sender->lanes[i].press = letter_press_new(run->options->seal);
	}
	sender->dkim = run->dkim ? dkim_copy(run->dkim) : NULL;
	if (loop_open(&sender->loop, err) < 0 ||
	    net_open(sender->loop, &sender->net, err) < 0 ||
	    db_open(run->options->database, DB_READ, &sender->db, err) < 0)
		return -1;
	return ledger_open(sender->db, &sender->ledger, err);
}

static int open_senders(struct run *run, struct err *err)
{
	int lanes = run->options->conf->relays->connections;
	int first = 0;

	run->lane_count = lanes;
	run->sender_count = thread_count(run->options->conf);
	run->senders = die_calloc((size_t)run->sender_count,
				  sizeof(struct sender), "senders");
	for (int i = 0; i < run->sender_count; i++) {
		int share = (lanes - first) / (run->sender_count - i);

		if (open_sender(run, i, first, share, err) < 0)
			return -1;
		first += share;
	}
	return 0;
}

static void close_senders(struct run *run)
{
	for (int i = 0; run->senders && i < run->sender_count; i++) {
		struct sender *sender = &run->senders[i];

		net_close(&sender->net);
		for (int k = 0; k < sender->lane_count; k++) {
			letter_press_free(&sender->lanes[k].press);
			free(sender->lanes[k].job);
		}
		jobs_free(&sender->inbox);
		jobs_free(&sender->ready);
		ledger_close(&sender->ledger);
		db_close(&sender->db);
		dkim_close(&sender->dkim);
		loop_close(&sender->loop);
		free(sender->lanes);
	}
	free(run->senders);
}

/* A number whose slot file is there already was given to somebody who died
 * before it was durable: whoever clears that file away must not meet us. */
static int new_owner(struct run *run, struct ledger *ledger, struct err *err)
{
	const char *dir = run->options->conf->dir.at;
	char boot_id[40];

	clock_boot_id(boot_id);
	for (;;) {
		if (ledger_enlist(ledger, str_of(boot_id), clock_now_ms(),
				  &run->owner, err) < 0)
			return -1;
		if (!slots_exist(dir, run->owner))
			return slots_name(run->slots, run->owner, err);
		if (ledger_dismiss(ledger, run->owner, err) < 0)
			return -1;
	}
}

/* The slot file gets its name inside the transaction that puts the owner on
 * the books: nobody ever sees the one without the other. */
static int enlist(struct run *run, struct err *err)
{
	struct ledger *ledger = NULL;
	struct db *db = NULL;
	int rc = -1;

	if (db_open(run->options->database, DB_WRITE, &db, err) < 0 ||
	    ledger_open(db, &ledger, err) < 0 || db_begin(db, err) < 0)
		goto out;
	if (new_owner(run, ledger, err) == 0)
		rc = db_commit(db, err);
	else
		db_rollback(db);
out:
	ledger_close(&ledger);
	db_close(&db);
	return rc;
}

/* All is settled: off the books, and only then the file away. */
static bool dismiss(struct run *run)
{
	struct err ignored = ERR_INIT;
	struct ledger *ledger = NULL;
	struct db *db = NULL;
	bool clean = false;

	if (db_open(run->options->database, DB_WRITE, &db, &ignored) == 0 &&
	    ledger_open(db, &ledger, &ignored) == 0)
		clean = ledger_dismiss(ledger, run->owner, &ignored) == 0;
	ledger_close(&ledger);
	db_close(&db);
	return clean;
}

static void show_progress(struct run *run, struct books_report *report)
{
	const struct send_options *o = run->options;
	int64_t begun = clock_boot_ms();
	int64_t first_done = -1;

	for (;;) {
		int64_t sent, spent;

		books_look(run->books, report);
		sent = report->counts.by_state[DELIVERY_SENT];
		/* What earlier runs sent is no speed of this one; nothing is
		 * known before the first count. */
		if (first_done < 0 && report->counts.total > 0)
			first_done = sent;
		spent = clock_boot_ms() - begun;
		if (o->progress && report->counts.total > 0)
			o->progress(o->progress_arg, &report->counts,
				    spent > 0 ? (double)(sent - first_done) *
							1000.0 / (double)spent
					      : 0.0);
		if (report->over)
			return;
		poll(NULL, 0, PROGRESS_MS);
	}
}

/* Signals belong to the caller's thread. */
static void start(pthread_t *thread, void *(*body)(void *), void *arg)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	if (pthread_create(thread, NULL, body, arg) != 0)
		die("cannot start a thread");
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void run_threads(struct run *run, struct books_report *report)
{
	pthread_t books;

	for (int i = 0; i < run->sender_count; i++)
		start(&run->senders[i].thread, sender_main, &run->senders[i]);
	start(&books, books_main, run->books);
	show_progress(run, report);
	pthread_join(books, NULL);
	for (int i = 0; i < run->sender_count; i++)
		pthread_join(run->senders[i].thread, NULL);
}

static bool waits(const struct ledger_counts *counts)
{
	return counts->by_state[DELIVERY_QUEUED] +
		       counts->by_state[DELIVERY_DEFERRED] >
	       0;
}

static void report_done(const struct run *run,
			const struct books_report *report,
			struct send_done *done)
{
	*done = (struct send_done){ .counts = report->counts,
				    .next_due = report->counts.next_due,
				    .stopped = *run->options->stop != 0 };
	if (run->relay.troubles > 0 || run->relay.fatal)
		snprintf(done->last_trouble, sizeof(done->last_trouble), "%s",
			 run->relay.words);
	else if (report->opens == 0 && waits(&report->counts))
		snprintf(done->last_trouble, sizeof(done->last_trouble), "%s",
			 run->relay.slow_words);
	if (report->opens == 0)
		return;
	done->next_due = report->opens;
	snprintf(done->last_trouble, sizeof(done->last_trouble), "%s",
		 report->shut);
}

int send_run(const struct send_options *options, struct send_done *done_out,
	     struct err *err)
{
	struct run run = { .options = options };
	struct arena *arena = arena_new("a run", (size_t)1 << 20);
	struct books_report report = { 0 };
	bool clean = false;
	int rc = -1;

	if (send_recover(options, NULL, err) < 0 ||
	    set_up_relay(&run, arena, err) < 0 ||
	    signer_open(options->conf, &run.dkim, err) < 0 ||
	    generation_open(options->conf->dir.at, &run.generation, err) < 0 ||
	    slots_create(options->conf->dir.at,
			 options->conf->relays->connections, &run.slots,
			 err) < 0)
		goto out;
	clean = true;
	run.books = books_new(&run);
	if (open_senders(&run, err) < 0 || enlist(&run, err) < 0)
		goto out;
	run_threads(&run, &report);
	clean = !report.failed && dismiss(&run);
	if (report.failed) {
		*err = report.err;
		goto out;
	}
	report_done(&run, &report, done_out);
	rc = 0;
out:
	close_senders(&run);
	dkim_close(&run.dkim);
	books_free(&run.books);
	pace_free(&run.relay.pace);
	slots_close(&run.slots, clean);
	generation_close(&run.generation);
	arena_free(&arena);
	return rc;
}
