/* db_process_test.c - several processes at one database: locks, guards, and
 * who is first */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <time.h>

#include "db_rig.h"

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* What a second process does, with a word each way. */
struct other {
	const struct rig *rig;
	int ready[2], go[2];
	int hold_ms;
};

static void other_init(struct other *o, const struct rig *rig)
{
	*o = (struct other){ .rig = rig };
	assert_int_equal(pipe(o->ready), 0);
	assert_int_equal(pipe(o->go), 0);
}

static void other_done(struct other *o)
{
	for (int i = 0; i < 2; i++) {
		close(o->ready[i]);
		close(o->go[i]);
	}
}

/* No open database is taken over into a new process: SQLite forbids it. */
static pid_t start_beside(struct rig *rig, int (*work)(void *arg),
			  struct other *o)
{
	pid_t pid;

	db_close(&rig->db);
	pid = start(work, o);
	hear(o->ready[0]);
	must(db_open(rig->path, DB_WRITE, &rig->db, &rig->err), &rig->err);
	return pid;
}

/* Holds the write lock, until told or for so long. */
static int hold_lock(void *arg)
{
	struct other *o = arg;
	struct err err = ERR_INIT;
	struct db *db = NULL;

	if (db_open(o->rig->path, DB_WRITE, &db, &err) < 0 ||
	    db_begin(db, &err) < 0)
		return 1;
	ask(db, "INSERT INTO list (key) VALUES ('theirs')");
	tell(o->ready[1]);
	if (o->hold_ms)
		poll(NULL, 0, o->hold_ms);
	else
		hear(o->go[0]);
	if (db_commit(db, &err) < 0)
		return 2;
	db_close(&db);
	return 0;
}

static void a_lock_held_longer_than_we_wait_means_try_again(void **state)
{
	struct rig rig;
	struct other o;
	int64_t began;
	pid_t pid;

	(void)state;
	rig_open(&rig);
	other_init(&o, &rig);
	pid = start_beside(&rig, hold_lock, &o);
	db_busy_ms(rig.db, 60);
	began = now_ms();
	assert_int_equal(db_begin(rig.db, &rig.err), -1);
	assert_in_range(now_ms() - began, 60, 4000);
	assert_int_equal(rig.err.code, ERR_AGAIN);
	assert_string_equal(rig.err.message,
			    "the database is locked by another process");
	assert_string_equal(rig.err.place, rig.path);
	assert_true(rig.err.hint[0]);
	/* A single statement waits as long, and says the same. */
	rig.err = refused(rig.db, "INSERT INTO list (key) VALUES ('ours')");
	assert_int_equal(rig.err.code, ERR_AGAIN);
	/* Who does not wait is told at once. */
	db_busy_ms(rig.db, 0);
	assert_int_equal(db_begin(rig.db, &rig.err), -1);
	assert_int_equal(rig.err.code, ERR_AGAIN);
	tell(o.go[1]);
	assert_int_equal(end_of(pid), 0);
	db_busy_ms(rig.db, 5000);
	must(db_begin(rig.db, &rig.err), &rig.err);
	must(db_commit(rig.db, &rig.err), &rig.err);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 1);
	other_done(&o);
	rig_down(&rig);
}

static void reading_and_opening_go_on_while_another_writes(void **state)
{
	static const enum db_mode modes[] = { DB_READ, DB_WRITE, DB_CREATE };
	struct rig rig;
	struct other o;
	pid_t pid;

	(void)state;
	rig_open(&rig);
	other_init(&o, &rig);
	pid = start_beside(&rig, hold_lock, &o);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 0);
	for (size_t i = 0; i < COUNT(modes); i++) {
		struct db *db = NULL;

		must(db_open(rig.path, modes[i], &db, &rig.err), &rig.err);
		assert_int_equal(ask(db, "SELECT count(*) FROM list"), 0);
		db_close(&db);
	}
	tell(o.go[1]);
	assert_int_equal(end_of(pid), 0);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 1);
	other_done(&o);
	rig_down(&rig);
}

static void who_waits_for_a_lock_gets_it_when_it_is_free(void **state)
{
	struct rig rig;
	struct other o;
	pid_t pid;

	(void)state;
	rig_open(&rig);
	other_init(&o, &rig);
	o.hold_ms = 50;
	pid = start_beside(&rig, hold_lock, &o);
	must(db_begin(rig.db, &rig.err), &rig.err);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 1);
	must(db_commit(rig.db, &rig.err), &rig.err);
	assert_int_equal(end_of(pid), 0);
	other_done(&o);
	rig_down(&rig);
}

static void a_writer_that_is_killed_leaves_nothing_and_no_lock(void **state)
{
	struct rig rig;
	struct other o;
	pid_t pid;

	(void)state;
	rig_open(&rig);
	other_init(&o, &rig);
	pid = start_beside(&rig, hold_lock, &o);
	kill(pid, SIGKILL);
	assert_int_equal(end_of(pid), 1000 + SIGKILL);
	db_busy_ms(rig.db, 0);
	must(db_begin(rig.db, &rig.err), &rig.err);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 0);
	must(db_commit(rig.db, &rig.err), &rig.err);
	other_done(&o);
	rig_down(&rig);
}

/* Commits back to back, with a moment between, until it is told to stop. */
static int write_on_and_on(void *arg)
{
	struct other *o = arg;
	struct err err = ERR_INIT;
	struct db *db = NULL;
	struct pollfd stop = { .fd = o->go[0], .events = POLLIN };

	if (db_open(o->rig->path, DB_WRITE, &db, &err) < 0)
		return 1;
	tell(o->ready[1]);
	while (poll(&stop, 1, 0) == 0) {
		if (db_begin(db, &err) < 0)
			return 2;
		ask(db, "INSERT INTO list (key) VALUES (hex(randomblob(9)))");
		if (db_commit(db, &err) < 0)
			return 3;
		db_give_way(db);
	}
	db_close(&db);
	return 0;
}

static void one_who_gives_way_lets_others_write(void **state)
{
	struct rig rig;
	struct other o;
	pid_t pid;

	(void)state;
	rig_open(&rig);
	other_init(&o, &rig);
	pid = start_beside(&rig, write_on_and_on, &o);
	for (int i = 0; i < 20; i++) {
		must(db_begin(rig.db, &rig.err), &rig.err);
		must(db_commit(rig.db, &rig.err), &rig.err);
	}
	tell(o.go[1]);
	assert_int_equal(end_of(pid), 0);
	other_done(&o);
	rig_down(&rig);
}

/* --- the first to come ---------------------------------------------------- */

static int create_when_told(void *arg)
{
	struct other *o = arg;
	struct err err = ERR_INIT;
	struct db *db = NULL;
	char c;

	close(o->go[1]);
	if (read(o->go[0], &c, 1) != 0)
		return 1;
	if (db_open(o->rig->path, DB_CREATE, &db, &err) < 0) {
		fprintf(stderr, "%s: %s\n", err.place, err.message);
		return 2;
	}
	ask(db, "INSERT INTO list (key) VALUES (hex(randomblob(9)))");
	db_close(&db);
	return 0;
}

static void many_may_make_one_file_at_the_same_moment(void **state)
{
	enum { ROUNDS = 15, MANY = 4 };

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct rig rig;
		struct other o;
		pid_t pids[MANY];

		rig_dir(&rig);
		other_init(&o, &rig);
		for (int i = 0; i < MANY; i++)
			pids[i] = start(create_when_told, &o);
		/* All hear at once that nobody will ever speak. */
		close(o.go[1]);
		for (int i = 0; i < MANY; i++)
			assert_int_equal(end_of(pids[i]), 0);
		close(o.go[0]);
		close(o.ready[0]);
		close(o.ready[1]);
		must(db_open(rig.path, DB_READ, &rig.db, &rig.err), &rig.err);
		assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"),
				 MANY);
		rig_down(&rig);
	}
}

/* --- guards --------------------------------------------------------------- */

static int hold_guard(void *arg)
{
	struct other *o = arg;
	struct err err = ERR_INIT;
	struct db_guard *guard = NULL;
	struct db *db = NULL;

	if (db_open(o->rig->path, DB_WRITE, &db, &err) < 0 ||
	    db_guard(db, "import", &guard, &err) != 1)
		return 1;
	tell(o->ready[1]);
	hear(o->go[0]);
	db_unguard(&guard);
	db_close(&db);
	return 0;
}

static void a_guard_has_one_owner_and_ends_with_it(void **state)
{
	static const bool killed[] = { false, true };

	(void)state;
	for (size_t i = 0; i < COUNT(killed); i++) {
		struct db_guard *guard = NULL, *second = NULL;
		struct rig rig;
		struct other o;
		pid_t pid;

		rig_open(&rig);
		other_init(&o, &rig);
		pid = start_beside(&rig, hold_guard, &o);
		assert_int_equal(db_guard(rig.db, "import", &guard, &rig.err),
				 0);
		assert_null(guard);
		if (killed[i])
			kill(pid, SIGKILL);
		else
			tell(o.go[1]);
		assert_int_equal(end_of(pid), killed[i] ? 1000 + SIGKILL : 0);
		assert_int_equal(db_guard(rig.db, "import", &guard, &rig.err),
				 1);
		assert_int_equal(db_guard(rig.db, "import", &second, &rig.err),
				 0);
		db_unguard(&guard);
		assert_null(guard);
		db_unguard(&guard);
		other_done(&o);
		rig_down(&rig);
	}
}

static void guards_of_other_names_are_others(void **state)
{
	struct db_guard *one = NULL, *two = NULL;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	assert_int_equal(db_guard(rig.db, "one", &one, &rig.err), 1);
	assert_int_equal(db_guard(rig.db, "two", &two, &rig.err), 1);
	/* Neither disturbs the database's own locks. */
	must(db_begin(rig.db, &rig.err), &rig.err);
	db_unguard(&one);
	must(db_commit(rig.db, &rig.err), &rig.err);
	db_unguard(&two);
	rig_down(&rig);
}

static void a_guard_that_cannot_be_had_is_an_error(void **state)
{
	struct db_guard *guard = NULL;
	struct rig rig;
	char trap[160], target[160];

	(void)state;
	rig_open(&rig);
	assert_int_equal(db_guard(rig.db, "no/such/folder", &guard, &rig.err),
			 -1);
	assert_non_null(strstr(rig.err.message, "cannot lock"));
	snprintf(trap, sizeof(trap), "%s-trap", rig.path);
	snprintf(target, sizeof(target), "%s-target", rig.path);
	assert_int_equal(symlink(target, trap), 0);
	assert_int_equal(db_guard(rig.db, "trap", &guard, &rig.err), -1);
	assert_int_equal(access(target, F_OK), -1);
	assert_null(guard);
	unlink(trap);
	rig_down(&rig);
}

static void in_memory_there_is_nobody_to_guard_against(void **state)
{
	struct db_guard *guard = NULL;
	struct err err = ERR_INIT;
	struct db *db = NULL;

	(void)state;
	must(db_open(":memory:", DB_CREATE, &db, &err), &err);
	assert_int_equal(db_guard(db, "import", &guard, &err), 1);
	db_unguard(&guard);
	db_close(&db);
	assert_int_equal(access(":memory:-import", F_OK), -1);
}

/* Whoever has the guard makes a file that must not be there, again and again:
 * the lock file goes and comes between the looks of the others. */
static int guard_and_mark(void *arg)
{
	struct other *o = arg;
	struct err err = ERR_INIT;
	struct db *db = NULL;
	char mark[160];

	snprintf(mark, sizeof(mark), "%s-mark", o->rig->path);
	if (db_open(o->rig->path, DB_WRITE, &db, &err) < 0)
		return 1;
	for (int done = 0; done < 300;) {
		struct db_guard *guard = NULL;
		int got = db_guard(db, "import", &guard, &err);
		int fd;

		if (got < 0)
			return 2;
		if (got == 0)
			continue;
		fd = open(mark, O_CREAT | O_EXCL, 0600);
		if (fd < 0)
			return 3;
		close(fd);
		unlink(mark);
		db_unguard(&guard);
		done++;
	}
	db_close(&db);
	return 0;
}

static void never_do_two_have_one_guard(void **state)
{
	pid_t pids[3];
	struct rig rig;
	struct other o;

	(void)state;
	rig_open(&rig);
	db_close(&rig.db);
	other_init(&o, &rig);
	for (size_t i = 0; i < COUNT(pids); i++)
		pids[i] = start(guard_and_mark, &o);
	for (size_t i = 0; i < COUNT(pids); i++)
		assert_int_equal(end_of(pids[i]), 0);
	other_done(&o);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_lock_held_longer_than_we_wait_means_try_again),
		cmocka_unit_test(
			reading_and_opening_go_on_while_another_writes),
		cmocka_unit_test(who_waits_for_a_lock_gets_it_when_it_is_free),
		cmocka_unit_test(
			a_writer_that_is_killed_leaves_nothing_and_no_lock),
		cmocka_unit_test(one_who_gives_way_lets_others_write),
		cmocka_unit_test(many_may_make_one_file_at_the_same_moment),
		cmocka_unit_test(a_guard_has_one_owner_and_ends_with_it),
		cmocka_unit_test(guards_of_other_names_are_others),
		cmocka_unit_test(a_guard_that_cannot_be_had_is_an_error),
		cmocka_unit_test(in_memory_there_is_nobody_to_guard_against),
		cmocka_unit_test(never_do_two_have_one_guard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
