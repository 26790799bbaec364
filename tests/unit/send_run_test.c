/* Whole runs against a relay that answers as it likes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "send/send_priv.h"
#include "send_rig.h"
#include "send_sink.h"

static struct send_rig rig;
static struct sink sink;

static void open_rig(int people)
{
	send_rig_open(&rig, people);
	sink_open(&sink);
}

static int open_few(void **state)
{
	(void)state;
	open_rig(8);
	return 0;
}

static int open_many(void **state)
{
	(void)state;
	open_rig(200);
	return 0;
}

static int close_rig(void **state)
{
	(void)state;
	sink_close(&sink);
	send_rig_close(&rig);
	return 0;
}

/* Over `connections`, by the relay's further settings. */
static void use_sink(int connections, const char *relay, const char *more)
{
	char text[200];

	snprintf(text, sizeof(text),
		 "url: \"smtp://127.0.0.1:%d\", "
		 "connections: %d%s",
		 sink.port, connections, relay);
	send_rig_settings(&rig, text, more);
}

static void run(void)
{
	must(send_run(&rig.options, &rig.done, &rig.books.err), &rig.books.err);
}

static int64_t one(const char *sql)
{
	return ask(&rig.books, sql, 0, 0, "");
}

/* Each of the first `people` got `copies`, and nobody anything else. */
static void assert_copies(int people, int copies)
{
	for (int i = 1; i <= people; i++) {
		char to[64];

		snprintf(to, sizeof(to), "reader%d@example.org", i);
		if (sink_copies(&sink, to) != copies)
			fail_msg("%s got %d copies, want %d", to,
				 sink_copies(&sink, to), copies);
	}
	assert_int_equal(sink.count, people * copies);
}

static void assert_clean(void)
{
	assert_int_equal(rows_in(&rig, DELIVERY_CLAIMED), 0);
	assert_int_equal(one("SELECT count(*) FROM dispatcher"), 0);
	assert_int_equal(send_rig_files(&rig, SLOTS_DIR), 0);
}

/* --- answers ------------------------------------------------------------------ */

static void everybody_gets_one_letter(void **state)
{
	(void)state;
	use_sink(6, "", "");
	run();
	assert_copies(200, 1);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 200);
	assert_int_equal(rig.done.counts.by_state[DELIVERY_SENT], 200);
	assert_int_equal(rig.done.next_due, 0);
	assert_false(rig.done.stopped);
	assert_string_equal(rig.done.last_trouble, "");
	assert_true(sink.connections <= 6);
	assert_clean();
	run();
	assert_copies(200, 1);
}

static const char *refuse_some(const char *when, const char *to)
{
	if (!strcmp(when, "RCPT") && strstr(to, "reader3@"))
		return "550 5.1.1 nobody here";
	if (!strcmp(when, "RCPT") && strstr(to, "reader4@"))
		return "451 4.2.1 mailbox busy";
	if (!strcmp(when, "dot") && strstr(to, "reader5@"))
		return "554 5.6.0 we do not like it";
	return NULL;
}

static void a_refusal_is_its_readers_alone(void **state)
{
	(void)state;
	sink.answer = refuse_some;
	use_sink(2, "", "");
	run();
	assert_int_equal(rows_in(&rig, DELIVERY_FAILED), 2);
	assert_int_equal(rows_in(&rig, DELIVERY_DEFERRED), 1);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 5);
	assert_int_equal(sink.count, 5);
	assert_int_equal(one("SELECT count(*) FROM delivery WHERE ordinal = 3"
			     " AND code = 550 AND status = '5.1.1'"
			     " AND reply = '550 5.1.1 nobody here'"),
			 1);
	assert_true(rig.done.next_due > clock_now_ms());
	assert_clean();
}

static const char *deny_relaying(const char *when, const char *to)
{
	(void)to;
	return strcmp(when, "RCPT") ? NULL : "554 5.7.1 relaying denied";
}

static void a_relay_that_refuses_us_fails_nobody_and_is_left_alone(void **state)
{
	(void)state;
	sink.answer = deny_relaying;
	use_sink(2, "", "");
	run();
	assert_int_equal(rows_in(&rig, DELIVERY_QUEUED) +
				 rows_in(&rig, DELIVERY_DEFERRED),
			 200);
	assert_non_null(strstr(rig.done.last_trouble, "relaying denied"));
	assert_true(sink.offers <= 2 * (TROUBLES_MAX + 1));
	assert_int_equal(sink.count, 0);
	assert_clean();
}

static void a_relay_that_is_down_costs_nobody_a_try(void **state)
{
	(void)state;
	use_sink(3, "", "");
	sink_close(&sink);
	run();
	assert_int_equal(rows_in(&rig, DELIVERY_QUEUED), 8);
	assert_int_equal(one("SELECT sum(attempts) FROM delivery"), 0);
	assert_non_null(strstr(rig.done.last_trouble, "connect"));
	assert_clean();
}

/* --- connections ---------------------------------------------------------------- */

/* 421 in place of every thirtieth envelope. */
static const char *leave_often(const char *when, const char *to)
{
	(void)to;
	if (!strcmp(when, "MAIL") && sink.offers % 30 == 0)
		return "421 4.3.2 enough for now";
	return NULL;
}

static void a_relay_that_closes_often_loses_and_doubles_nobody(void **state)
{
	(void)state;
	sink.answer = leave_often;
	use_sink(2, "", "");
	run();
	assert_copies(200, 1);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 200);
	assert_int_equal(one("SELECT max(attempts) FROM delivery"), 1);
	assert_clean();
}

static void no_connection_carries_more_letters_than_the_settings_say(
	void **state)
{
	(void)state;
	use_sink(2, ", messages_per_connection: 7", "");
	run();
	assert_copies(200, 1);
	assert_true(sink.connections >= 200 / 7);
}

static atomic_int drops;

static const char *keep_and_drop(const char *when, const char *to)
{
	if (!strcmp(when, "dot") && strstr(to, "reader5@") && drops-- > 0)
		return "keep";
	return NULL;
}

static void a_lost_reply_is_uncertain_and_not_sent_again_at_once(void **state)
{
	(void)state;
	drops = 99;
	sink.answer = keep_and_drop;
	use_sink(2, "", "");
	run();
	assert_copies(8, 1);
	assert_int_equal(rows_in(&rig, DELIVERY_UNCERTAIN), 1);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 7);
	assert_int_equal(one("SELECT due_at - at FROM delivery WHERE"
			     " state = 'uncertain'"),
			 15 * 60000);
	assert_clean();
}

static uint64_t hash_of(const char *to, int nth)
{
	for (int i = 0; i < sink.count; i++)
		if (!strcmp(sink.letters[i].to, to) && nth-- == 0)
			return sink.letters[i].hash;
	return 0;
}

static void the_second_copy_is_the_first_byte_for_byte(void **state)
{
	const char *to = "reader5@example.org";

	(void)state;
	drops = 2;
	sink.answer = keep_and_drop;
	use_sink(2, "", "uncertain_after: 50ms\n");
	run();
	assert_int_equal(sink_copies(&sink, to), 3);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 8);
	assert_int_equal(hash_of(to, 0), hash_of(to, 1));
	assert_int_equal(hash_of(to, 0), hash_of(to, 2));
	assert_int_not_equal(hash_of(to, 0), hash_of("reader4@example.org", 0));
	assert_int_equal(one("SELECT attempts FROM delivery WHERE"
			     " ordinal = 5"),
			 3);
}

/* A relay that loses every reply must not be fed copies at a steady pace. */
static void each_further_copy_waits_longer(void **state)
{
	(void)state;
	drops = 99;
	sink.answer = keep_and_drop;
	use_sink(2, "", "uncertain_after: 1s\n");
	ask(&rig.books, "UPDATE delivery SET attempts = 3 WHERE ordinal = 5", 0,
	    0, "");
	run();
	assert_copies(8, 1);
	assert_int_equal(one("SELECT due_at - at FROM delivery WHERE"
			     " state = 'uncertain'"),
			 64000);
}

static void what_is_uncertain_is_held_when_told_to(void **state)
{
	(void)state;
	drops = 99;
	sink.answer = keep_and_drop;
	use_sink(2, "", "uncertain: hold\nuncertain_after: 50ms\n");
	run();
	assert_copies(8, 1);
	assert_int_equal(rows_in(&rig, DELIVERY_HELD), 1);
}

/* --- the rate ------------------------------------------------------------------- */

static void the_rate_is_kept_over_all_connections(void **state)
{
	int64_t spent;

	(void)state;
	use_sink(6, ", rate: 200/s", "send: {threads: 3}\n");
	run();
	assert_copies(200, 1);
	/* 200 letters, of which a tenth of a second's worth was saved up. */
	spent = sink.letters[199].at - sink.letters[0].at;
	assert_true(spent >= (200 - 1 - 21) * 5);
}

/* --- in the moment before the dot -------------------------------------------------- */

static void raise_generation(void)
{
	struct generation *generation = NULL;
	struct err err = ERR_INIT;

	must(generation_open(rig.books.dir, &generation, &err), &err);
	generation_raise(generation);
	generation_close(&generation);
}

/* From the sink's thread, while the letter is on its way. */
static const char *reader3_leaves(const char *when, const char *to)
{
	struct rig other = { 0 };

	if (strcmp(when, "DATA") || !strstr(to, "reader3@"))
		return NULL;
	must(db_open(rig.books.path, DB_WRITE, &other.db, &other.err),
	     &other.err);
	leave(&other, 3);
	db_close(&other.db);
	raise_generation();
	return NULL;
}

static void who_leaves_before_the_dot_is_spared_and_nobody_else(void **state)
{
	(void)state;
	sink.answer = reader3_leaves;
	use_sink(4, "", "send: {threads: 2}\n");
	run();
	assert_int_equal(sink_copies(&sink, "reader3@example.org"), 0);
	assert_int_equal(sink.count, 7);
	assert_int_equal(rows_in(&rig, DELIVERY_SKIPPED), 1);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 7);
	/* Only the one letter's connection had to be dropped. */
	assert_true(sink.connections <= 4 + 1);
	assert_int_equal(one("SELECT max(attempts) FROM delivery"), 1);
	assert_string_equal(rig.done.last_trouble, "");
	assert_clean();
}

static const char *strangers_leave(const char *when, const char *to)
{
	(void)to;
	if (!strcmp(when, "DATA"))
		raise_generation();
	return NULL;
}

/* A storm of people who leave must not stop the letters of those who stay. */
static void who_stays_gets_the_letter_however_many_leave(void **state)
{
	(void)state;
	sink.answer = strangers_leave;
	use_sink(4, "", "");
	run();
	assert_copies(200, 1);
	assert_true(sink.connections <= 4);
	assert_int_equal(one("SELECT max(epoch) FROM delivery"), 1);
}

static void a_claim_is_sent_only_with_half_a_minute_of_it_left(void **state)
{
	static const struct {
		int64_t claimed_at, now;
		int over;
		bool leased;
	} cases[] = {
		{ 1000, 1000, 0, true },
		{ 1000, 900000 - LEASE_SPARE_MS - 1, 0, true },
		{ 1000, 900000 - LEASE_SPARE_MS, 0, false },
		{ 1000, 900000, 0, false },
		{ 1000, 9000000, 0, false },
		/* claimed before all leases once ran out */
		{ 999, 1000, 0, false },
		/* nothing is recorded any more */
		{ 1000, 1000, 1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct run r = { .lease_begun = 1000,
				 .lease_until = 900000,
				 .over = cases[i].over };
		struct job job = { .claimed_at = cases[i].claimed_at };

		assert_int_equal(job_leased(&r, &job, cases[i].now),
				 cases[i].leased);
	}
	assert_true(LEASE_MS > DOT_MS + LEASE_SPARE_MS);
}

/* --- the books -------------------------------------------------------------------- */

static struct db *blocker;
static atomic_int dots, at_release, looks;

static const char *lock_at_the_first_dot(const char *when, const char *to)
{
	struct err err = ERR_INIT;

	(void)to;
	if (strcmp(when, "dot") || dots++ > 0)
		return NULL;
	must(db_open(rig.books.path, DB_WRITE, &blocker, &err), &err);
	must(db_begin(blocker, &err), &err);
	return NULL;
}

/* About ten times a second. */
static void release_after_a_while(void *arg, const struct ledger_counts *c,
				  double per_second)
{
	(void)arg;
	(void)c;
	(void)per_second;
	if (dots == 0 || looks++ != 8)
		return;
	at_release = dots;
	db_rollback(blocker);
	db_close(&blocker);
}

static void the_next_dot_waits_until_the_last_result_is_durable(void **state)
{
	(void)state;
	dots = at_release = looks = 0;
	sink.answer = lock_at_the_first_dot;
	use_sink(1, "", "");
	rig.options.progress = release_after_a_while;
	run();
	assert_int_equal(at_release, 1);
	assert_int_equal(dots, 8);
	assert_copies(8, 1);
}

static const char *count_dots(const char *when, const char *to)
{
	(void)to;
	dots += !strcmp(when, "dot");
	return NULL;
}

/* A sender that cannot record does not send. */
static void what_cannot_be_recorded_stops_the_send_and_stays_in_the_slots(
	void **state)
{
	int first;

	(void)state;
	dots = 0;
	sink.answer = count_dots;
	use_sink(3, "", "");
	one("CREATE TRIGGER full BEFORE UPDATE ON delivery"
	    " WHEN NEW.state = 'sent'"
	    " BEGIN SELECT RAISE(ABORT, 'no room'); END");
	assert_int_equal(send_run(&rig.options, &rig.done, &rig.books.err), -1);
	first = dots;
	assert_true(first >= 1 && first <= 3);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 0);
	assert_int_equal(send_rig_files(&rig, SLOTS_DIR), 1);
	one("DROP TRIGGER full");
	rig.books.err = (struct err)ERR_INIT;
	run();
	assert_int_equal(dots, 200);
	assert_copies(200, 1);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 200);
	assert_clean();
}

/* --- the end ------------------------------------------------------------------------ */

static const char *stop_at_the_twentieth(const char *when, const char *to)
{
	(void)to;
	if (!strcmp(when, "dot") && sink.count == 20)
		rig.stop = 1;
	return NULL;
}

static void a_stopped_run_finishes_what_is_on_the_wire_and_no_more(void **state)
{
	(void)state;
	sink.answer = stop_at_the_twentieth;
	use_sink(4, "", "");
	run();
	assert_true(rig.done.stopped);
	assert_in_range(sink.count, 21, 199);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), sink.count);
	assert_int_equal(rows_in(&rig, DELIVERY_QUEUED), 200 - sink.count);
	assert_clean();
	rig.stop = 0;
	sink.answer = NULL;
	run();
	assert_copies(200, 1);
}

static void two_dispatchers_at_once_send_each_letter_once(void **state)
{
	struct err err = ERR_INIT;
	int status;
	pid_t pid;

	(void)state;
	use_sink(3, "", "");
	pid = fork();
	if (pid == 0)
		_exit(send_run(&rig.options, &rig.done, &err) < 0);
	run();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_copies(200, 1);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 200);
	assert_clean();
}

/* A dispatcher that has claimed five rows and gets no further. */
static pid_t stuck_dispatcher(void)
{
	struct ledger_claim claims[5];
	struct rig other = { 0 };
	struct slots *slots = NULL;
	char boot_id[40], byte;
	int64_t owner;
	int ready[2];
	pid_t pid;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		clock_boot_id(boot_id);
		other.arena = arena_new("claims", (size_t)1 << 20);
		must(db_open(rig.books.path, DB_WRITE, &other.db, &other.err),
		     &other.err);
		must(ledger_open(other.db, &other.ledger, &other.err),
		     &other.err);
		must(slots_create(rig.books.dir, 3, &slots, &other.err),
		     &other.err);
		owner = enlist(&other, boot_id);
		must(slots_name(slots, owner, &other.err), &other.err);
		claim(&other, owner, clock_now_ms(), 5, claims);
		slot_claim(slots_cell(slots, 0, 0), claims[0].issue,
			   claims[0].ordinal, claims[0].epoch);
		close(ready[0]);
		close(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 0);
	close(ready[0]);
	return pid;
}

static pid_t stuck;

/* Once all others have their letter. */
static void kill_the_stuck(void *arg, const struct ledger_counts *c,
			   double per_second)
{
	int status;

	(void)arg;
	(void)c;
	(void)per_second;
	if (stuck == 0 || sink.count < 195)
		return;
	kill(stuck, SIGKILL);
	assert_int_equal(waitpid(stuck, &status, 0), stuck);
	stuck = 0;
}

static void the_rows_of_one_that_dies_meanwhile_are_sent_by_the_other(
	void **state)
{
	(void)state;
	use_sink(3, "", "");
	stuck = stuck_dispatcher();
	rig.options.progress = kill_the_stuck;
	run();
	assert_int_equal(stuck, 0);
	assert_copies(200, 1);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 200);
	assert_clean();
}

static void a_folder_or_a_program_is_fed_like_a_relay(void **state)
{
	(void)state;
	send_rig_settings(&rig, "url: \"dir:outbox\", connections: 3", "");
	run();
	assert_int_equal(send_rig_files(&rig, "outbox"), 8);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 8);
	ask(&rig.books, "UPDATE delivery SET state = 'queued'", 0, 0, "");
	send_rig_settings(&rig,
			  "url: 'pipe:/bin/sh -c \"exit 75\" -- "
			  "{recipient}'",
			  "");
	run();
	assert_int_equal(rows_in(&rig, DELIVERY_DEFERRED), 8);
	assert_clean();
}

#define TEST(name, open) cmocka_unit_test_setup_teardown(name, open, close_rig)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(everybody_gets_one_letter, open_many),
		TEST(a_refusal_is_its_readers_alone, open_few),
		TEST(a_relay_that_refuses_us_fails_nobody_and_is_left_alone,
		     open_many),
		TEST(a_relay_that_is_down_costs_nobody_a_try, open_few),
		TEST(a_relay_that_closes_often_loses_and_doubles_nobody,
		     open_many),
		TEST(no_connection_carries_more_letters_than_the_settings_say,
		     open_many),
		TEST(a_lost_reply_is_uncertain_and_not_sent_again_at_once,
		     open_few),
		TEST(the_second_copy_is_the_first_byte_for_byte, open_few),
		TEST(each_further_copy_waits_longer, open_few),
		TEST(what_is_uncertain_is_held_when_told_to, open_few),
		TEST(the_rate_is_kept_over_all_connections, open_many),
		TEST(who_leaves_before_the_dot_is_spared_and_nobody_else,
		     open_few),
		TEST(who_stays_gets_the_letter_however_many_leave, open_many),
		TEST(a_claim_is_sent_only_with_half_a_minute_of_it_left,
		     open_few),
		TEST(the_next_dot_waits_until_the_last_result_is_durable,
		     open_few),
		TEST(what_cannot_be_recorded_stops_the_send_and_stays_in_the_slots,
		     open_many),
		TEST(a_stopped_run_finishes_what_is_on_the_wire_and_no_more,
		     open_many),
		TEST(two_dispatchers_at_once_send_each_letter_once, open_many),
		TEST(the_rows_of_one_that_dies_meanwhile_are_sent_by_the_other,
		     open_many),
		TEST(a_folder_or_a_program_is_fed_like_a_relay, open_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
