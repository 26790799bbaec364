/* base_child_test.c - work that may do anything and can lose nothing */
#include "base_rig.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/die.h"

#define MIB ((size_t)1024 * 1024)

/* The shadow of AddressSanitizer alone is larger than any limit. */
#if defined(__SANITIZE_ADDRESS__)
#define MEMORY_IS_LIMITED 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MEMORY_IS_LIMITED 0
#endif
#endif
#ifndef MEMORY_IS_LIMITED
#define MEMORY_IS_LIMITED 1
#endif

static const struct child_limits roomy = {
	.cpu_s = 5,
	.wall_ms = 20000,
	.memory = 64 * MIB,
	.answer = 65536,
};

/* Run `work` and expect an error with these words in its message. */
static void assert_ends(const struct child_limits *limits, child_work work,
			void *arg, const char *message)
{
	struct buf out;
	struct err err = ERR_INIT;
	int rc;

	buf_init(&out, MIB);
	buf_addz(&out, "before");
	alarm(60);
	rc = child_run(limits, "reading 'x'", work, arg, &out, &err);
	alarm(0);
	assert_int_equal(rc, -1);
	assert_int_equal(err.code, ERR_INPUT);
	if (!strstr(err.message, message))
		fail_msg("'%s' instead of '%s'", err.message, message);
	/* Nothing half done, and nobody left behind. */
	assert_string_equal(out.at, "before");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	buf_done(&out);
}

static int answer(void *arg, struct buf *out, struct err *err)
{
	(void)err;
	for (int i = 0; i < *(int *)arg; i++)
		buf_byte(out, (char)i);
	return 0;
}

static void what_the_child_built_is_appended(void **state)
{
	static int sizes[] = { 0, 1, 65535, 65536 };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct err err = ERR_INIT;
		struct buf out;

		buf_init(&out, MIB);
		buf_addz(&out, "before");
		assert_int_equal(
			child_run(&roomy, "x", answer, &sizes[i], &out, &err),
			0);
		assert_int_equal(err.code, ERR_NONE);
		assert_int_equal(out.len, 6 + sizes[i]);
		assert_memory_equal(out.at, "before", 6);
		for (int k = 0; k < sizes[i]; k++)
			assert_int_equal(out.at[6 + k], (char)k);
		buf_done(&out);
	}
}

static int complain(void *arg, struct buf *out, struct err *err)
{
	(void)arg;
	buf_addz(out, "half an answer");
	err_set(err, ERR_CONFIG, "'x' is %d too many", 3);
	err_hint(err, "take some away");
	return err_place(err, "x.md:%d", 7);
}

static void the_childs_own_error_is_passed_on_whole(void **state)
{
	struct err err = ERR_INIT;
	struct buf out;

	(void)state;
	buf_init(&out, MIB);
	assert_int_equal(child_run(&roomy, "x", complain, NULL, &out, &err),
			 -1);
	assert_int_equal(err.code, ERR_CONFIG);
	assert_string_equal(err.message, "'x' is 3 too many");
	assert_string_equal(err.hint, "take some away");
	assert_string_equal(err.place, "x.md:7");
	assert_int_equal(out.len, 0);
	buf_done(&out);
}

static int change(void *arg, struct buf *out, struct err *err)
{
	(void)out, (void)err;
	*(int *)arg = 2;
	return 0;
}

static void the_child_changes_nothing_of_ours(void **state)
{
	struct err err = ERR_INIT;
	struct buf out;
	int ours = 1;

	(void)state;
	buf_init(&out, MIB);
	assert_int_equal(child_run(&roomy, "x", change, &ours, &out, &err), 0);
	assert_int_equal(ours, 1);
	buf_done(&out);
}

/* --- limits ---------------------------------------------------------------- */

static int spin(void *arg, struct buf *out, struct err *err)
{
	volatile unsigned long n = 0;

	(void)arg, (void)out, (void)err;
	while (n + 1 > 0)
		n++;
	return 0;
}

static double children_s(void)
{
	struct rusage used;

	assert_int_equal(getrusage(RUSAGE_CHILDREN, &used), 0);
	return (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void work_without_end_stops_at_its_processor_time(void **state)
{
	struct child_limits limits = roomy;
	double begun = children_s();

	(void)state;
	limits.cpu_s = 1;
	limits.wall_ms = 50000;
	assert_ends(&limits, spin, NULL,
		    "reading 'x' took more than 1 s of processor time");
	assert_true(children_s() - begun < 2);
}

static int idle(void *arg, struct buf *out, struct err *err)
{
	(void)arg, (void)out, (void)err;
	while (pause() < 0)
		continue;
	return 0;
}

static void a_child_that_waits_is_ended_by_the_clock_on_the_wall(void **state)
{
	struct child_limits limits = roomy;
	int64_t begun = clock_boot_ms();

	(void)state;
	limits.wall_ms = 100;
	assert_ends(&limits, idle, NULL, "reading 'x' took more than 0.1 s");
	assert_true(clock_boot_ms() - begun >= 100);
	limits.wall_ms = 0;
	assert_ends(&limits, idle, NULL, "took more than 0 s");
}

static int devour(void *arg, struct buf *out, struct err *err)
{
	size_t want = *(size_t *)arg;
	char *all = die_alloc(want, "a test");

	(void)err;
	memset(all, 1, want);
	buf_byte(out, all[want - 1]);
	free(all);
	return 0;
}

static void memory_past_the_limit_is_not_given(void **state)
{
	size_t fine = 48 * MIB, much = 80 * MIB;
	struct err err = ERR_INIT;
	struct buf out;

	(void)state;
	/* Valgrind allocates behind the back of the kernel's limit. */
	if (!MEMORY_IS_LIMITED || under_valgrind())
		skip();
	buf_init(&out, MIB);
	assert_int_equal(child_run(&roomy, "x", devour, &fine, &out, &err), 0);
	buf_done(&out);
	assert_ends(&roomy, devour, &much,
		    "reading 'x' needed more than 64 MiB or broke down "
		    "(status 70)");
}

static void a_result_past_the_ceiling_is_refused(void **state)
{
	int size = 65537;

	(void)state;
	assert_ends(&roomy, answer, &size,
		    "the result is larger than 65536 bytes");
}

/* --- a child in a stranger's hands ------------------------------------------ */

/* The pipe is the only descriptor beside stderr. */
static int find_pipe(void)
{
	for (int fd = 0; fd < 4096; fd++)
		if (fd != 2 && fcntl(fd, F_GETFD) >= 0)
			return fd;
	return -1;
}

static int flood(void *arg, struct buf *out, struct err *err)
{
	static char zeros[65536];

	(void)arg, (void)out, (void)err;
	while (write(find_pipe(), zeros, sizeof(zeros)) > 0)
		continue;
	_exit(1);
}

static int mutter(void *arg, struct buf *out, struct err *err)
{
	(void)arg, (void)out, (void)err;
	if (write(find_pipe(), "words", 5) != 5)
		_exit(1);
	_exit(0);
}

static int vanish(void *arg, struct buf *out, struct err *err)
{
	(void)arg, (void)out, (void)err;
	_exit(0);
}

static int die_of_signal(void *arg, struct buf *out, struct err *err)
{
	(void)out, (void)err;
	raise(*(int *)arg);
	_exit(0);
}

static int fail_without_a_word(void *arg, struct buf *out, struct err *err)
{
	(void)arg, (void)out, (void)err;
	return -1;
}

/* More bytes behind the answer than its head says. */
static int say_too_much(void *arg, struct buf *out, struct err *err)
{
	static char head[8192];

	(void)arg, (void)out, (void)err;
	if (write(find_pipe(), head, sizeof(head)) < 0)
		_exit(1);
	_exit(0);
}

static void an_answer_that_does_not_add_up_is_not_believed(void **state)
{
	static int killed = SIGKILL, terminated = SIGTERM;

	(void)state;
	assert_ends(&roomy, flood, NULL, "gave more than 65536 bytes");
	assert_ends(&roomy, mutter, NULL, "broke down (status 0)");
	assert_ends(&roomy, say_too_much, NULL, "broke down (status 0)");
	assert_ends(&roomy, vanish, NULL, "broke down (status 0)");
	assert_ends(&roomy, die_of_signal, &killed, "broke down (signal 9)");
	assert_ends(&roomy, die_of_signal, &terminated,
		    "broke down (signal 15)");
	assert_ends(&roomy, fail_without_a_word, NULL, "broke down");
}

static int hang_up_and_stay(void *arg, struct buf *out, struct err *err)
{
	close(find_pipe());
	return idle(arg, out, err);
}

static void a_child_that_hangs_up_and_stays_is_not_waited_for(void **state)
{
	int64_t begun = clock_boot_ms();

	(void)state;
	assert_ends(&roomy, hang_up_and_stay, NULL, "broke down (signal 9)");
	assert_true(clock_boot_ms() - begun < roomy.wall_ms);
}

static int count_files(void *arg, struct buf *out, struct err *err)
{
	int count = 0;

	(void)arg, (void)err;
	for (int fd = 0; fd < 4096; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	buf_fmt(out, "%d open, %s", count,
		open("/dev/null", O_RDONLY) < 0 ? "none more" : "more");
	return 0;
}

static void the_child_holds_no_file_and_can_open_none(void **state)
{
	struct err err = ERR_INIT;
	struct buf out;
	int low, high;

	(void)state;
	/* Valgrind keeps a limit of its own, and descriptors above it. */
	if (under_valgrind())
		skip();
	low = open("/dev/null", O_RDONLY);
	high = fcntl(low, F_DUPFD, 1500);
	assert_true(low >= 0);
	buf_init(&out, MIB);
	assert_int_equal(child_run(&roomy, "x", count_files, NULL, &out, &err),
			 0);
	/* stderr and the pipe */
	assert_string_equal(out.at, "2 open, none more");
	buf_done(&out);
	close(low);
	if (high >= 0)
		close(high);
}

static void run_without_standard_files(const void *arg)
{
	struct err err = ERR_INIT;
	struct buf out;
	int size = 1000, rc;

	(void)arg;
	close(0);
	close(1);
	buf_init(&out, MIB);
	rc = child_run(&roomy, "x", answer, &size, &out, &err);
	if (out.len != 1000)
		rc = -1;
	buf_done(&out);
	_exit(rc < 0);
}

/* The pipe then gets the number of a standard file. */
static void a_parent_without_standard_files_is_answered(void **state)
{
	int status;

	(void)state;
	last_words(run_without_standard_files, NULL, &status);
	assert_int_equal(status, 0);
}

static void a_hundred_children_leave_no_descriptor_behind(void **state)
{
	int before = dup(2), after, size = 10;

	(void)state;
	close(before);
	for (int i = 0; i < 100; i++) {
		struct err err = ERR_INIT;
		struct buf out;

		buf_init(&out, MIB);
		assert_int_equal(child_run(&roomy, "x", i % 2 ? answer : vanish,
					   &size, &out, &err),
				 i % 2 ? 0 : -1);
		buf_done(&out);
	}
	after = dup(2);
	close(after);
	assert_int_equal(after, before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_child_built_is_appended),
		cmocka_unit_test(the_childs_own_error_is_passed_on_whole),
		cmocka_unit_test(the_child_changes_nothing_of_ours),
		cmocka_unit_test(work_without_end_stops_at_its_processor_time),
		cmocka_unit_test(
			a_child_that_waits_is_ended_by_the_clock_on_the_wall),
		cmocka_unit_test(memory_past_the_limit_is_not_given),
		cmocka_unit_test(a_result_past_the_ceiling_is_refused),
		cmocka_unit_test(
			an_answer_that_does_not_add_up_is_not_believed),
		cmocka_unit_test(
			a_child_that_hangs_up_and_stays_is_not_waited_for),
		cmocka_unit_test(the_child_holds_no_file_and_can_open_none),
		cmocka_unit_test(a_parent_without_standard_files_is_answered),
		cmocka_unit_test(a_hundred_children_leave_no_descriptor_behind),
	};

	return cmocka_run_group_tests_name("base_child", tests, NULL, NULL);
}
