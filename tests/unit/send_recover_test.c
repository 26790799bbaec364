/* What a dead dispatcher left, wherever it died. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "send_rig.h"

static struct send_rig rig;

static int open_rig(void **state)
{
	(void)state;
	send_rig_open(&rig, 3);
	return 0;
}

static int open_crowd(void **state)
{
	(void)state;
	send_rig_open(&rig, 300);
	return 0;
}

static int close_rig(void **state)
{
	(void)state;
	send_rig_close(&rig);
	return 0;
}

/* --- a dispatcher, step by step ---------------------------------------------- */

enum step {
	UNNAMED, /* a slot file without a name */
	NAMED,	 /* a name, but not yet on the books */
	ENLISTED,
	CLAIMING, /* the claim is not yet committed */
	CLAIMED,
	BEGUN, /* the slot names the row */
	DOT,
	ANSWERED, /* the answer is in the slot */
	SETTLING, /* its result is not yet committed */
	SETTLED,
	FREED,
	DISMISSED /* off the books, the file still there */
};

struct dispatcher {
	struct db *db;
	struct ledger *ledger;
	struct slots *slots;
	int64_t owner;
	struct ledger_claim claims[300];
	int count;
	struct err err;
};

static void die_now(void)
{
	kill(getpid(), SIGKILL);
}

static void begin(struct dispatcher *d)
{
	must(db_open(rig.books.path, DB_WRITE, &d->db, &d->err), &d->err);
	must(ledger_open(d->db, &d->ledger, &d->err), &d->err);
	must(slots_create(rig.books.dir, 200, &d->slots, &d->err), &d->err);
}

static void enlist_until(struct dispatcher *d, enum step step)
{
	char boot_id[40];

	clock_boot_id(boot_id);
	if (step == UNNAMED)
		die_now();
	must(db_begin(d->db, &d->err), &d->err);
	must(ledger_enlist(d->ledger, str_of(boot_id), NOW, &d->owner, &d->err),
	     &d->err);
	must(slots_name(d->slots, d->owner, &d->err), &d->err);
	if (step == NAMED)
		die_now();
	must(db_commit(d->db, &d->err), &d->err);
	if (step == ENLISTED)
		die_now();
}

static void claim_until(struct dispatcher *d, int rows, enum step step)
{
	int64_t now = clock_now_ms();

	must(db_begin(d->db, &d->err), &d->err);
	d->count = ledger_claim(d->ledger, 0, d->owner, now, now + 900000, rows,
				rig.books.arena, d->claims, &d->err);
	must(d->count, &d->err);
	if (step == CLAIMING)
		die_now();
	must(db_commit(d->db, &d->err), &d->err);
	if (step == CLAIMED)
		die_now();
}

/* A letter with another answer has gone through the cell before. */
static struct slot_cell *used_cell(struct dispatcher *d)
{
	struct slot_cell *cell = slots_cell(d->slots, 1, 1);

	slot_claim(cell, 1, 99, 1);
	slot_dot(cell);
	slot_done(cell, 250, "2.9.9", "250 said of another letter");
	slot_free(cell);
	return cell;
}

static void send_until(struct dispatcher *d, int code, enum step step)
{
	struct slot_cell *cell = used_cell(d);

	slot_claim(cell, d->claims[0].issue, d->claims[0].ordinal,
		   d->claims[0].epoch);
	if (step == BEGUN)
		die_now();
	slot_dot(cell);
	if (step == DOT)
		die_now();
	slot_done(cell, code, "", "the answer");
	if (step == ANSWERED)
		die_now();
}

static void settle_until(struct dispatcher *d, enum step step)
{
	struct ledger_result r = result_of(&d->claims[0], d->owner,
					   EVENT_ACCEPTED);

	must(db_begin(d->db, &d->err), &d->err);
	assert_int_equal(ledger_settle(d->ledger, &r, &d->err), 1);
	if (step == SETTLING)
		die_now();
	must(db_commit(d->db, &d->err), &d->err);
	if (step == SETTLED)
		die_now();
	slot_free(slots_cell(d->slots, 1, 1));
	if (step == FREED)
		die_now();
	must(ledger_dismiss(d->ledger, d->owner, &d->err), &d->err);
	die_now();
}

static void die_in(int rows, int code, enum step step)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		static struct dispatcher d;

		begin(&d);
		enlist_until(&d, step);
		claim_until(&d, rows, step);
		send_until(&d, code, step);
		settle_until(&d, step);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* --- recovery ----------------------------------------------------------------- */

static int64_t recover(void)
{
	int64_t rows = -1;

	must(send_recover(&rig.options, &rows, &rig.books.err), &rig.books.err);
	return rows;
}

static int64_t one(const char *sql)
{
	return ask(&rig.books, sql, 0, 0, "");
}

/* A number over all that the books say. */
static int64_t books(void)
{
	return one("SELECT (SELECT sum(ordinal * 31 + epoch * 7 + attempts"
		   " + unicode(state) * 1009 + due_at + length(reply))"
		   " FROM delivery) + (SELECT count(*) FROM attempt) * 65537"
		   " + (SELECT count(*) FROM dispatcher) * 131071");
}

static void assert_clean(void)
{
	assert_int_equal(rows_in(&rig, DELIVERY_CLAIMED), 0);
	assert_int_equal(one("SELECT count(*) FROM dispatcher"), 0);
	assert_true(send_rig_files(&rig, SLOTS_DIR) <= 0);
}

static const struct {
	enum step step;
	int code;
	enum delivery_state state;
	int attempts;
} deaths[] = {
	{ UNNAMED, 0, DELIVERY_QUEUED, 0 },
	{ NAMED, 0, DELIVERY_QUEUED, 0 },
	{ ENLISTED, 0, DELIVERY_QUEUED, 0 },
	{ CLAIMING, 0, DELIVERY_QUEUED, 0 },
	{ CLAIMED, 0, DELIVERY_QUEUED, 0 },
	{ BEGUN, 0, DELIVERY_QUEUED, 0 },
	{ DOT, 0, DELIVERY_UNCERTAIN, 1 },
	{ ANSWERED, 250, DELIVERY_SENT, 1 },
	{ ANSWERED, 451, DELIVERY_DEFERRED, 1 },
	{ ANSWERED, 552, DELIVERY_FAILED, 1 },
	{ ANSWERED, 354, DELIVERY_UNCERTAIN, 1 },
	{ SETTLING, 250, DELIVERY_SENT, 1 },
	{ SETTLED, 250, DELIVERY_SENT, 1 },
	{ FREED, 250, DELIVERY_SENT, 1 },
	{ DISMISSED, 250, DELIVERY_SENT, 1 },
};

static void wherever_it_dies_the_row_is_what_it_must_be(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(deaths) / sizeof(*deaths); i++) {
		die_in(1, deaths[i].code, deaths[i].step);
		recover();
		if (rows_in(&rig, deaths[i].state) !=
		    (deaths[i].state == DELIVERY_QUEUED ? 3 : 1))
			fail_msg("death %zu: the row is not '%s'", i,
				 delivery_state_name(deaths[i].state));
		assert_int_equal(one("SELECT attempts FROM delivery"
				     " WHERE ordinal = 1"),
				 deaths[i].attempts);
		assert_clean();
		close_rig(NULL);
		open_rig(NULL);
	}
}

static void recovering_again_changes_nothing_more(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(deaths) / sizeof(*deaths); i++) {
		int64_t before;

		die_in(1, deaths[i].code, deaths[i].step);
		recover();
		before = books();
		assert_int_equal(recover(), 0);
		assert_int_equal(books(), before);
		close_rig(NULL);
		open_rig(NULL);
	}
}

static void an_answer_that_was_seen_is_kept_word_by_word(void **state)
{
	(void)state;
	die_in(1, 451, ANSWERED);
	recover();
	assert_int_equal(one("SELECT count(*) FROM delivery WHERE code = 451"
			     " AND reply = 'the answer' AND due_at > at"),
			 1);
}

/* The cell still holds the words that were said of the letter before. */
static void a_lost_answer_is_not_the_one_before_it(void **state)
{
	(void)state;
	die_in(1, 250, DOT);
	recover();
	assert_int_equal(one("SELECT count(*) FROM delivery WHERE"
			     " state = 'uncertain' AND code = 0 AND"
			     " status = '' AND reply LIKE 'no reply was%'"),
			 1);
}

static void an_uncertain_row_waits_as_long_as_the_settings_say(void **state)
{
	(void)state;
	send_rig_settings(&rig, "url: \"dir:outbox\"", "uncertain_after: 7m\n");
	die_in(1, 250, DOT);
	recover();
	assert_int_equal(one("SELECT due_at - at FROM delivery WHERE"
			     " state = 'uncertain'"),
			 7 * 60000);
}

static void rows_that_no_slot_names_are_free_at_once(void **state)
{
	(void)state;
	die_in(3, 250, ANSWERED);
	assert_int_equal(rows_in(&rig, DELIVERY_CLAIMED), 3);
	assert_int_equal(recover(), 3);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 1);
	assert_int_equal(rows_in(&rig, DELIVERY_QUEUED), 2);
	assert_int_equal(one("SELECT sum(attempts) FROM delivery"), 1);
}

/* After a power cut memory proves nothing, whatever it seems to say. */
static void after_another_boot_all_is_uncertain(void **state)
{
	int fd;

	(void)state;
	die_in(3, 250, ANSWERED);
	fd = open(send_rig_path(&rig, SLOTS_DIR "/1"), O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "another boot", 13, 8), 13);
	close(fd);
	recover();
	assert_int_equal(rows_in(&rig, DELIVERY_UNCERTAIN), 3);
	assert_clean();
}

static void without_a_slot_file_all_is_uncertain(void **state)
{
	(void)state;
	die_in(3, 250, ANSWERED);
	unlink(send_rig_path(&rig, SLOTS_DIR "/1"));
	recover();
	assert_int_equal(rows_in(&rig, DELIVERY_UNCERTAIN), 3);
	assert_clean();
}

static void a_truncated_slot_file_makes_all_uncertain(void **state)
{
	(void)state;
	die_in(3, 250, ANSWERED);
	assert_int_equal(truncate(send_rig_path(&rig, SLOTS_DIR "/1"), 100), 0);
	recover();
	assert_int_equal(rows_in(&rig, DELIVERY_UNCERTAIN), 3);
	assert_clean();
}

static void a_slot_of_another_claim_says_nothing_of_this_one(void **state)
{
	(void)state;
	die_in(1, 250, ANSWERED);
	ask(&rig.books, "UPDATE delivery SET epoch = 2 WHERE ordinal = 1", 0, 0,
	    "");
	recover();
	assert_int_equal(rows_in(&rig, DELIVERY_QUEUED), 3);
}

static void a_living_dispatcher_keeps_its_rows(void **state)
{
	static struct dispatcher d;

	(void)state;
	d = (struct dispatcher){ 0 };
	begin(&d);
	enlist_until(&d, DISMISSED);
	claim_until(&d, 2, DISMISSED);
	assert_int_equal(recover(), 0);
	assert_int_equal(rows_in(&rig, DELIVERY_CLAIMED), 2);
	assert_int_equal(one("SELECT count(*) FROM dispatcher"), 1);
	slots_close(&d.slots, false);
	assert_int_equal(recover(), 2);
	assert_clean();
	ledger_close(&d.ledger);
	db_close(&d.db);
}

/* --- several at once ------------------------------------------------------------ */

/* The end of the pipe starts all of them together. */
static pid_t recover_aside(int go[2])
{
	pid_t pid = fork();

	if (pid == 0) {
		struct err err = ERR_INIT;
		char byte;

		close(go[1]);
		if (read(go[0], &byte, 1) != 0)
			_exit(9);
		_exit(send_recover(&rig.options, NULL, &err) < 0);
	}
	return pid;
}

static void several_processes_recover_together_and_settle_once(void **state)
{
	pid_t pids[4];
	int go[2], status;

	(void)state;
	die_in(150, 550, ANSWERED);
	die_in(150, 550, DOT);
	assert_int_equal(pipe2(go, O_CLOEXEC), 0);
	for (size_t i = 0; i < 4; i++)
		pids[i] = recover_aside(go);
	close(go[0]);
	close(go[1]);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_clean();
	assert_int_equal(rows_in(&rig, DELIVERY_FAILED), 1);
	assert_int_equal(rows_in(&rig, DELIVERY_UNCERTAIN), 1);
	assert_int_equal(rows_in(&rig, DELIVERY_QUEUED), 298);
	assert_int_equal(one("SELECT count(*) FROM attempt"), 2);
}

/* It died before its number was durable; the number is given out again, and
 * must not meet whoever clears the dead one's file away. */
static void a_number_that_a_file_bears_is_not_given_out(void **state)
{
	struct slots *held = NULL;

	(void)state;
	must(slots_create(rig.books.dir, 1, &held, &rig.books.err),
	     &rig.books.err);
	must(slots_name(held, 1, &rig.books.err), &rig.books.err);
	must(send_run(&rig.options, &rig.done, &rig.books.err), &rig.books.err);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 3);
	assert_int_equal(one("SELECT count(*) FROM delivery WHERE owner = 1"),
			 0);
	assert_true(slots_exist(rig.books.dir, 1));
	slots_close(&held, true);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(wherever_it_dies_the_row_is_what_it_must_be),
		TEST(recovering_again_changes_nothing_more),
		TEST(an_answer_that_was_seen_is_kept_word_by_word),
		TEST(a_lost_answer_is_not_the_one_before_it),
		TEST(an_uncertain_row_waits_as_long_as_the_settings_say),
		TEST(rows_that_no_slot_names_are_free_at_once),
		TEST(after_another_boot_all_is_uncertain),
		TEST(without_a_slot_file_all_is_uncertain),
		TEST(a_truncated_slot_file_makes_all_uncertain),
		TEST(a_slot_of_another_claim_says_nothing_of_this_one),
		TEST(a_living_dispatcher_keeps_its_rows),
		cmocka_unit_test_setup_teardown(
			several_processes_recover_together_and_settle_once,
			open_crowd, close_rig),
		TEST(a_number_that_a_file_bears_is_not_given_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
