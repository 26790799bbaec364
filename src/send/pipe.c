/* pipe.c - delivery through a program, such as sendmail: never through a shell
 *
 * The command's words are split here; {sender} and {recipient} are replaced
 * inside words, so that an address is always one argument or part of one.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "send_priv.h"

#define WORDS_MAX 64
#define PATIENCE_MS (10 * TIME_MINUTE_MS)

extern char **environ;

static struct str replaced(struct str word, struct str name, struct str value,
			   struct arena *arena)
{
	ptrdiff_t at = str_find_str(word, name);

	if (at < 0)
		return word;
	return arena_fmt(arena, STR_FMT STR_FMT STR_FMT,
			 STR_ARG(str_head(word, (size_t)at)), STR_ARG(value),
			 STR_ARG(str_skip(word, (size_t)at + name.len)));
}

/* Blank-separated, "quoted words" as one. */
static struct str next_word(struct str *rest)
{
	struct str word;

	*rest = str_trim(*rest);
	if (rest->len > 0 && rest->at[0] == '"') {
		*rest = str_skip(*rest, 1);
		return str_cut(*rest, '"', rest);
	}
	word = str_cut(*rest, ' ', rest);
	return word;
}

static void split(struct str command, struct str sender, struct str recipient,
		  struct arena *arena, char *argv[WORDS_MAX + 1])
{
	int count = 0;

	while (str_trim(command).len > 0 && count < WORDS_MAX) {
		struct str word = next_word(&command);

		word = replaced(word, STR("{sender}"), sender, arena);
		word = replaced(word, STR("{recipient}"), recipient, arena);
		argv[count++] = arena_z(arena, word);
	}
	argv[count] = NULL;
}

/* Programs expect the line ends of the system. */
static struct str with_lf(struct str bytes, struct arena *arena)
{
	char *at = arena_take(arena, bytes.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < bytes.len; i++)
		if (bytes.at[i] != '\r')
			at[len++] = bytes.at[i];
	return str_at(at, len);
}

static pid_t start(char *argv[], int *in_out)
{
	posix_spawn_file_actions_t actions;
	int pipes[2];
	pid_t pid = -1;
	int rc;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		return -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipes[0], 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY,
					 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY,
					 0);
	rc = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[0]);
	if (rc != 0) {
		close(pipes[1]);
		errno = rc;
		return -1;
	}
	*in_out = pipes[1];
	return pid;
}

/* A program that ends early has an exit status that tells more than EPIPE. */
static void feed(int fd, struct str bytes, int64_t until)
{
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (bytes.len > 0) {
		struct pollfd p = { .fd = fd, .events = POLLOUT };
		int64_t left = until - clock_boot_ms();
		ssize_t n;

		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			break;
		n = write(fd, bytes.at, bytes.len);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			break;
		if (n > 0)
			bytes = str_skip(bytes, (size_t)n);
	}
	close(fd);
}

static int reap(pid_t pid, int64_t until)
{
	int status = 0;

	for (;;) {
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid)
			return status;
		if (got < 0 && errno != EINTR)
			return -1;
		if (clock_boot_ms() >= until)
			kill(pid, SIGKILL);
		poll(NULL, 0, 5);
	}
}

static void judge(int status, struct smtp_verdict *verdict)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	if (code == 0) {
		local_verdict(verdict, 250, "2.0.0", "250 the program took it");
	} else if (code == EX_TEMPFAIL) {
		local_verdict(verdict, 451, "4.3.0",
			      "451 the program says: try again (status 75)");
	} else if (code == EX_NOUSER || code == EX_NOHOST ||
		   code == EX_DATAERR) {
		local_verdict(verdict, 550, "5.1.1",
			      "550 the program refused it (status %d)", code);
	} else {
		local_verdict(verdict, 451, "4.3.0",
			      "the program failed (status %d)", code);
		verdict->stage = SMTP_MAIL;
	}
}

void pipe_deliver(const struct conf_relay *relay, struct str sender,
		  struct str recipient, struct str bytes,
		  struct smtp_verdict *verdict_out)
{
	struct arena *arena = arena_new("a pipe", 2 * (size_t)LETTER_MAX);
	int64_t until = clock_boot_ms() + PATIENCE_MS;
	char *argv[WORDS_MAX + 1];
	pid_t pid;
	int in;

	split(relay->command, sender, recipient, arena, argv);
	pid = start(argv, &in);
	if (pid < 0) {
		local_verdict(verdict_out, 0, "", "cannot run '%s': %s",
			      argv[0], strerror(errno));
		verdict_out->stage = SMTP_CONNECT;
	} else {
		feed(in, with_lf(bytes, arena), until);
		judge(reap(pid, until), verdict_out);
	}
	arena_free(&arena);
}
