/* base_loop_test.c - one thread's wait for descriptors and times */
#include "base_rig.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/loop.h"

#define MANY 150 /* more than one batch */

struct seen {
	struct loop *loop;
	int calls, fd;
	unsigned events;
	int other; /* a descriptor to forget, or -1 */
};

static void note(void *arg, int fd, unsigned events)
{
	struct seen *seen = arg;

	seen->calls++;
	seen->fd = fd;
	seen->events = events;
}

static struct loop *opened(void)
{
	struct loop *loop = NULL;
	struct err err = ERR_INIT;

	if (loop_open(&loop, &err) < 0)
		fail_msg("%s", err.message);
	/* No wait of a test may last for ever. */
	alarm(60);
	return loop;
}

static void closed(struct loop **loop)
{
	alarm(0);
	loop_close(loop);
	assert_null(*loop);
}

static void pair(int ends[2])
{
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
}

static void a_descriptor_is_reported_for_what_it_is_watched(void **state)
{
	struct loop *loop = opened();
	struct seen seen = { .fd = -1 };
	int ends[2];

	(void)state;
	pair(ends);
	loop_watch(loop, ends[0], LOOP_READ, note, &seen);
	loop_wait(loop, 0);
	assert_int_equal(seen.calls, 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	loop_wait(loop, -1);
	assert_int_equal(seen.calls, 1);
	assert_int_equal(seen.fd, ends[0]);
	assert_int_equal(seen.events, LOOP_READ);
	/* Unread bytes are reported again. */
	loop_wait(loop, -1);
	assert_int_equal(seen.calls, 2);
	loop_watch(loop, ends[0], LOOP_WRITE, note, &seen);
	loop_wait(loop, -1);
	assert_int_equal(seen.events, LOOP_WRITE);
	loop_watch(loop, ends[0], LOOP_READ | LOOP_WRITE, note, &seen);
	loop_wait(loop, -1);
	assert_int_equal(seen.events, LOOP_READ | LOOP_WRITE);
	loop_watch(loop, ends[0], 0, NULL, NULL);
	loop_wait(loop, 0);
	assert_int_equal(seen.calls, 4);
	close(ends[0]);
	close(ends[1]);
	closed(&loop);
}

static void the_end_of_the_other_side_is_always_watched(void **state)
{
	struct loop *loop = opened();
	struct seen seen = { .fd = -1 };
	int ends[2];

	(void)state;
	pair(ends);
	loop_watch(loop, ends[0], LOOP_WRITE, note, &seen);
	close(ends[1]);
	loop_wait(loop, -1);
	assert_true(seen.events & LOOP_CLOSED);
	loop_watch(loop, ends[0], 0, NULL, NULL);
	close(ends[0]);
	closed(&loop);
}

static void a_second_watch_replaces_the_first(void **state)
{
	struct loop *loop = opened();
	struct seen first = { .fd = -1 }, second = { .fd = -1 };
	int ends[2];

	(void)state;
	pair(ends);
	assert_int_equal(write(ends[1], "x", 1), 1);
	loop_watch(loop, ends[0], LOOP_READ, note, &first);
	loop_watch(loop, ends[0], LOOP_READ, note, &second);
	loop_wait(loop, -1);
	assert_int_equal(first.calls, 0);
	assert_int_equal(second.calls, 1);
	/* Forgetting twice, or what was never watched, harms nobody. */
	loop_watch(loop, ends[0], 0, NULL, NULL);
	loop_watch(loop, ends[0], 0, NULL, NULL);
	loop_watch(loop, 900, 0, NULL, NULL);
	loop_wait(loop, 0);
	assert_int_equal(second.calls, 1);
	close(ends[0]);
	close(ends[1]);
	closed(&loop);
}

static void a_wait_ends_after_its_time_and_not_before(void **state)
{
	static const int waits[] = { 0, 1, 30 };
	struct loop *loop = opened();

	(void)state;
	for (size_t i = 0; i < COUNT(waits); i++) {
		int64_t begun = clock_boot_ms();

		loop_wait(loop, waits[i]);
		/* Both clocks are cut to milliseconds. */
		assert_true(clock_boot_ms() - begun >= waits[i] - 1);
	}
	closed(&loop);
}

/* --- callbacks that change what is watched --------------------------------- */

static void note_and_forget(void *arg, int fd, unsigned events)
{
	struct seen *seen = arg;

	note(arg, fd, events);
	loop_watch(seen->loop, seen->other, 0, NULL, NULL);
	loop_watch(seen->loop, fd, 0, NULL, NULL);
}

static void what_a_callback_forgets_is_not_called_in_the_same_round(
	void **state)
{
	struct loop *loop = opened();
	struct seen one = { .loop = loop }, other = { .loop = loop };
	int a[2], b[2];

	(void)state;
	pair(a);
	pair(b);
	one.other = b[0];
	other.other = a[0];
	loop_watch(loop, a[0], LOOP_READ, note_and_forget, &one);
	loop_watch(loop, b[0], LOOP_READ, note_and_forget, &other);
	assert_int_equal(write(a[1], "x", 1), 1);
	assert_int_equal(write(b[1], "x", 1), 1);
	loop_wait(loop, -1);
	loop_wait(loop, 0);
	assert_int_equal(one.calls + other.calls, 1);
	close(a[0]);
	close(a[1]);
	close(b[0]);
	close(b[1]);
	closed(&loop);
}

/* Closes the other one and opens a new one under its number. */
static void swap_other(void *arg, int fd, unsigned events)
{
	struct seen *seen = arg;
	int ends[2];

	note(arg, fd, events);
	loop_watch(seen->loop, seen->other, 0, NULL, NULL);
	pair(ends);
	assert_int_equal(dup2(ends[0], seen->other), seen->other);
	close(ends[0]);
	loop_watch(seen->loop, seen->other, LOOP_READ, note, seen);
	loop_watch(seen->loop, fd, 0, NULL, NULL);
	close(ends[1]);
}

static void news_of_a_closed_descriptor_do_not_reach_its_successor(void **state)
{
	struct loop *loop = opened();
	struct seen one = { .loop = loop }, other = { .loop = loop };
	int a[2], b[2];

	(void)state;
	pair(a);
	pair(b);
	one.other = b[0];
	other.other = a[0];
	loop_watch(loop, a[0], LOOP_READ, swap_other, &one);
	loop_watch(loop, b[0], LOOP_READ, swap_other, &other);
	assert_int_equal(write(a[1], "x", 1), 1);
	assert_int_equal(write(b[1], "x", 1), 1);
	loop_wait(loop, -1);
	/* One swapped, and nobody was told of bytes that are gone. */
	assert_int_equal(one.calls + other.calls, 1);
	loop_wait(loop, -1);
	assert_int_equal(one.calls + other.calls, 2);
	assert_true((one.calls ? one.events : other.events) & LOOP_CLOSED);
	close(a[0]);
	close(a[1]);
	close(b[0]);
	close(b[1]);
	closed(&loop);
}

/* As some libraries do: closed, opened anew, and only then told. */
static void a_number_that_was_used_again_unseen_is_watched(void **state)
{
	struct loop *loop = opened();
	struct seen seen = { .fd = -1 };
	int a[2], b[2];

	(void)state;
	pair(a);
	pair(b);
	loop_watch(loop, a[0], LOOP_READ, note, &seen);
	close(a[0]);
	assert_int_equal(dup2(b[0], a[0]), a[0]);
	loop_watch(loop, a[0], LOOP_WRITE, note, &seen);
	loop_wait(loop, 1000);
	assert_int_equal(seen.calls, 1);
	assert_int_equal(seen.events, LOOP_WRITE);
	close(a[0]);
	close(a[1]);
	close(b[0]);
	close(b[1]);
	closed(&loop);
}

static void more_descriptors_than_one_round_holds_are_all_served(void **state)
{
	static struct seen seen[MANY];
	struct loop *loop = opened();
	int ends[MANY][2];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		pair(ends[i]);
		seen[i].loop = loop;
		seen[i].other = ends[i][0];
		loop_watch(loop, ends[i][0], LOOP_READ, note_and_forget,
			   &seen[i]);
		assert_int_equal(write(ends[i][1], "x", 1), 1);
	}
	for (int i = 0; i < MANY; i++)
		loop_wait(loop, 0);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(seen[i].calls, 1);
		assert_int_equal(seen[i].fd, ends[i][0]);
		close(ends[i][0]);
		close(ends[i][1]);
	}
	closed(&loop);
}

/* --- waking ---------------------------------------------------------------- */

static void a_wake_before_the_wait_is_not_lost_and_counts_once(void **state)
{
	struct loop *loop = opened();
	int64_t begun;

	(void)state;
	loop_wake(loop);
	loop_wake(loop);
	loop_wait(loop, -1);
	begun = clock_boot_ms();
	loop_wait(loop, 30);
	assert_true(clock_boot_ms() - begun >= 29);
	closed(&loop);
}

static void *wake_it(void *arg)
{
	loop_wake(arg);
	return NULL;
}

static void another_thread_ends_a_wait_without_limit(void **state)
{
	struct loop *loop = opened();

	(void)state;
	for (int i = 0; i < 200; i++) {
		pthread_t thread;

		assert_int_equal(pthread_create(&thread, NULL, wake_it, loop),
				 0);
		loop_wait(loop, -1);
		assert_int_equal(pthread_join(thread, NULL), 0);
	}
	closed(&loop);
}

static struct loop *woken_by_signal;

static void on_signal(int number)
{
	(void)number;
	loop_wake(woken_by_signal);
}

/* The lowest free number: what the next descriptor will get. */
static int next_fd(void)
{
	int fd = dup(2);

	assert_true(fd >= 0);
	close(fd);
	return fd;
}

static void a_signal_may_wake_it_and_leaves_errno_alone(void **state)
{
	uint64_t full = UINT64_MAX - 1;
	int wake = next_fd() + 1; /* behind the one of epoll */
	struct loop *loop = opened();

	(void)state;
	woken_by_signal = loop;
	signal(SIGUSR1, on_signal);
	for (int i = 0; i < 2; i++) {
		errno = E2BIG;
		raise(SIGUSR1);
		assert_int_equal(errno, E2BIG);
		loop_wait(loop, -1);
		/* The second time the counter is full and the write fails. */
		assert_int_equal(write(wake, &full, sizeof(full)),
				 sizeof(full));
	}
	signal(SIGUSR1, SIG_DFL);
	closed(&loop);
}

static void without_descriptors_a_loop_says_so(void **state)
{
	struct rlimit was, few;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	/* It needs two. */
	for (int spare = 0; spare < 2; spare++) {
		struct loop *loop = NULL;
		struct err err = ERR_INIT;
		int rc, before = next_fd();

		few = (struct rlimit){ (rlim_t)(before + spare), was.rlim_max };
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
		rc = loop_open(&loop, &err);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
		assert_int_equal(rc, -1);
		assert_null(loop);
		assert_int_equal(err.code, ERR_IO);
		assert_non_null(strstr(err.message, "Too many open files"));
		assert_int_equal(next_fd(), before);
		loop_close(&loop);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_descriptor_is_reported_for_what_it_is_watched),
		cmocka_unit_test(the_end_of_the_other_side_is_always_watched),
		cmocka_unit_test(a_second_watch_replaces_the_first),
		cmocka_unit_test(a_wait_ends_after_its_time_and_not_before),
		cmocka_unit_test(
			what_a_callback_forgets_is_not_called_in_the_same_round),
		cmocka_unit_test(
			news_of_a_closed_descriptor_do_not_reach_its_successor),
		cmocka_unit_test(
			a_number_that_was_used_again_unseen_is_watched),
		cmocka_unit_test(
			more_descriptors_than_one_round_holds_are_all_served),
		cmocka_unit_test(
			a_wake_before_the_wait_is_not_lost_and_counts_once),
		cmocka_unit_test(another_thread_ends_a_wait_without_limit),
		cmocka_unit_test(a_signal_may_wake_it_and_leaves_errno_alone),
		cmocka_unit_test(without_descriptors_a_loop_says_so),
	};

	return cmocka_run_group_tests_name("base_loop", tests, NULL, NULL);
}
