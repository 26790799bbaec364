/* child.c - work in a process that can lose nothing: see base/child.h */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

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

/* The answer is this head and then `len` bytes. */
struct answer {
	int failed;
	size_t len;
	struct err err;
};

/* How listening ended. */
enum heard { HEARD_OUT, HEARD_TOO_LONG, HEARD_TOO_MUCH };

static void limit(unsigned what, rlim_t soft, rlim_t hard)
{
	struct rlimit limit = { soft, hard };

	setrlimit(what, &limit);
}

/* RLIMIT_DATA counts what the parent had already. */
static size_t data_now(void)
{
	size_t pages = 0;
	char text[128];
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	int field = 0;

	if (fd >= 0)
		close(fd);
	for (ssize_t i = 0; i < len; i++) {
		if (text[i] == ' ')
			field++;
		else if (field == 5 && text[i] >= '0' && text[i] <= '9')
			pages = pages * 10 + (size_t)(text[i] - '0');
	}
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Only stderr stays: the last words of a child that dies go there. */
static void close_all_but(int keep)
{
	int last = keep > STDERR_FILENO ? keep : STDERR_FILENO;
	int end = (int)sysconf(_SC_OPEN_MAX);

	for (int fd = 0; fd < last; fd++)
		if (fd != keep && fd != STDERR_FILENO)
			close(fd);
	if (close_range((unsigned)last + 1, ~0u, 0) < 0)
		for (int fd = last + 1; fd < end; fd++)
			close(fd);
}

static void confine(const struct child_limits *limits, int keep)
{
	rlim_t cpu = (rlim_t)limits->cpu_s;
	rlim_t data = data_now() + limits->memory;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	close_all_but(keep);
	limit(RLIMIT_CORE, 0, 0);
	limit(RLIMIT_FSIZE, 0, 0);
	/* Last words to a stderr that is a file fail, and do not kill. */
	signal(SIGXFSZ, SIG_IGN);
	/* Apart, so that SIGXCPU tells it from other killers. */
	limit(RLIMIT_CPU, cpu, cpu + 1);
	if (MEMORY_IS_LIMITED && limits->memory > 0)
		limit(RLIMIT_DATA, data, data);
	limit(RLIMIT_NOFILE, 0, 0);
}

static bool put(int fd, const void *from, size_t len)
{
	const char *at = from;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static _Noreturn void be_child(const struct child_limits *limits,
			       child_work work, void *arg, int fd)
{
	struct answer answer = { .err = ERR_INIT };
	struct buf made;
	bool told;

	confine(limits, fd);
	buf_init(&made, limits->answer);
	answer.failed = work(arg, &made, &answer.err) < 0;
	if (!answer.failed && buf_over(&made))
		answer.failed = err_set(&answer.err, ERR_INPUT,
					"the result is larger than %zu bytes",
					limits->answer) < 0;
	answer.len = answer.failed ? 0 : made.len;
	told = put(fd, &answer, sizeof(answer)) && put(fd, made.at, answer.len);
	_exit(told ? 0 : 1);
}

/* All that the child says until it closes the pipe or time is up. */
static enum heard listen_to(int fd, int64_t wall_ms, struct buf *heard)
{
	int64_t end = clock_boot_ms() + wall_ms;

	for (;;) {
		struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
		int64_t left = end - clock_boot_ms();
		char *room = buf_reserve(heard, 65536);
		ssize_t n;

		if (left <= 0)
			return HEARD_TOO_LONG;
		if (!room)
			return HEARD_TOO_MUCH;
		if (poll(&poll_fd, 1, (int)left) <= 0)
			continue;
		n = read(fd, room, 65536);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return HEARD_OUT;
		heard->len += (size_t)n;
	}
}

static int say_why(const struct child_limits *limits, const char *what,
		   int status, enum heard how, struct err *err)
{
	bool killed = WIFSIGNALED(status);

	if (killed && WTERMSIG(status) == SIGXCPU) {
		err_set(err, ERR_INPUT,
			"%s took more than %d s of processor time", what,
			limits->cpu_s);
		return err_hint(err, "it nests too deeply or repeats itself "
				     "without end: make it simpler");
	}
	if (how == HEARD_TOO_LONG) {
		err_set(err, ERR_INPUT, "%s took more than %g s", what,
			limits->wall_ms / 1000.0);
		return err_hint(err, "make it smaller, or try again when the "
				     "machine is less busy");
	}
	if (how == HEARD_TOO_MUCH) {
		err_set(err, ERR_INPUT, "%s gave more than %zu bytes", what,
			limits->answer);
		return err_hint(err, "make it smaller");
	}
	err_set(err, ERR_INPUT,
		"%s needed more than %zu MiB or broke down (%s %d)", what,
		limits->memory >> 20, killed ? "signal" : "status",
		killed ? WTERMSIG(status) : WEXITSTATUS(status));
	return err_hint(err, "make it smaller or simpler");
}

static int believe(const struct buf *heard, size_t ceiling, struct buf *out,
		   struct err *err)
{
	struct answer answer;

	if (heard->len < sizeof(answer))
		return 0;
	memcpy(&answer, heard->at, sizeof(answer));
	if (answer.len != heard->len - sizeof(answer) || answer.len > ceiling)
		return 0;
	if (!answer.failed) {
		buf_add(out, str_at(heard->at + sizeof(answer), answer.len));
		return 1;
	}
	if (answer.err.code <= ERR_NONE || answer.err.code >= ERR_CODE_COUNT)
		return 0;
	answer.err.place[sizeof(answer.err.place) - 1] = 0;
	answer.err.message[sizeof(answer.err.message) - 1] = 0;
	answer.err.excerpt[sizeof(answer.err.excerpt) - 1] = 0;
	answer.err.hint[sizeof(answer.err.hint) - 1] = 0;
	*err = answer.err;
	return -1;
}

int child_run(const struct child_limits *limits, const char *what,
	      child_work work, void *arg, struct buf *out, struct err *err)
{
	struct buf heard;
	int pipes[2], status = 0, rc;
	enum heard how;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return err_sys(err, "cannot start a helper process");
	pid = fork();
	if (pid < 0) {
		err_sys(err, "cannot start a helper process");
		close(pipes[0]);
		close(pipes[1]);
		return -1;
	}
	if (pid == 0)
		be_child(limits, work, arg, pipes[1]);
	close(pipes[1]);
	buf_init(&heard, limits->answer + sizeof(struct answer) + 2 * 65536);
	how = listen_to(pipes[0], limits->wall_ms, &heard);
	close(pipes[0]);
	/* Also when it has said all: the end of its words is not the end of
	 * its life. One that is exiting already does not notice. */
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	rc = how == HEARD_OUT ? believe(&heard, limits->answer, out, err) : 0;
	if (rc == 0)
		rc = say_why(limits, what, status, how, err);
	else
		rc = rc < 0 ? -1 : 0;
	buf_done(&heard);
	return rc;
}
