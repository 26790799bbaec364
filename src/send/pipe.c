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
#include <sys/mman.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "send_priv.h"

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

/* False when an address would be taken for an option: it begins with a dash,
 * is a word of its own and no "--" stands before it. */
static bool put_addresses(struct str *word, struct str sender,
			  struct str recipient, bool ended, struct arena *arena)
{
	bool dash = str_starts(*word, STR("-"));

	*word = replaced(*word, STR("{sender}"), sender, arena);
	*word = replaced(*word, STR("{recipient}"), recipient, arena);
	return dash || ended || !str_starts(*word, STR("-"));
}

/* NULL when the recipient would be taken for an option. */
static char **split(struct str command, struct str sender, struct str recipient,
		    struct arena *arena)
{
	char **argv = arena_many(arena, char *, command.len + 1);
	bool ended = false;
	int count = 0;

	while (str_trim(command).len > 0) {
		struct str word = next_word(&command);

		if (!put_addresses(&word, sender, recipient, ended, arena))
			return NULL;
		ended = ended || str_eq(word, STR("--"));
		argv[count++] = arena_z(arena, word);
	}
	return argv;
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

/* A file in memory and no pipe: should we die while the program reads, it
 * still gets the whole letter. Half of one would pass for the whole. */
static int letter_file(struct str bytes)
{
	int fd = memfd_create("letter", MFD_CLOEXEC);

	while (fd >= 0 && bytes.len > 0) {
		ssize_t n = write(fd, bytes.at, bytes.len);

		if (n < 0) {
			close(fd);
			return -1;
		}
		bytes = str_skip(bytes, (size_t)n);
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

/* With signals as a program expects them (this thread blocks them all), and in
 * a group of its own: the interrupt key is for us, who finish the letter. */
static void set_signals(posix_spawnattr_t *attr)
{
	sigset_t none, normal;

	sigemptyset(&none);
	sigemptyset(&normal);
	sigaddset(&normal, SIGPIPE);
	sigaddset(&normal, SIGINT);
	posix_spawnattr_setsigmask(attr, &none);
	posix_spawnattr_setsigdefault(attr, &normal);
	posix_spawnattr_setpgroup(attr, 0);
	posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK |
					       POSIX_SPAWN_SETSIGDEF |
					       POSIX_SPAWN_SETPGROUP);
}

/* -1 with errno. */
static pid_t start(char *argv[], int in)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	pid_t pid = -1;
	int rc;

	posix_spawnattr_init(&attr);
	set_signals(&attr);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	rc = posix_spawnp(&pid, argv[0], &actions, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	errno = rc;
	return rc == 0 ? pid : -1;
}

/* False: it had to be killed, and all that it had started. */
static bool reap(pid_t pid, int64_t until, int *status)
{
	while (clock_boot_ms() < until) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
		poll(NULL, 0, 5);
	}
	kill(-pid, SIGKILL);
	waitpid(pid, status, 0);
	return false;
}

static void judge(int status, struct smtp_verdict *verdict)
{
	int code = WEXITSTATUS(status);

	if (!WIFEXITED(status)) {
		local_verdict(
			verdict, 0, "",
			"the program was ended by signal %d: nobody knows "
			"whether it took the letter",
			WTERMSIG(status));
	} else if (code == 0) {
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

static void run(char *argv[], struct str bytes, int64_t patience_ms,
		struct smtp_verdict *verdict)
{
	int64_t until = clock_boot_ms() + patience_ms;
	int in = letter_file(bytes);
	pid_t pid = in < 0 ? -1 : start(argv, in);
	int status;

	if (pid < 0) {
		local_verdict(verdict, 0, "", "cannot run '%s': %s", argv[0],
			      strerror(errno));
		verdict->stage = SMTP_CONNECT;
	} else if (reap(pid, until, &status)) {
		judge(status, verdict);
	} else {
		local_verdict(verdict, 0, "",
			      "the program did not end in %lld s: nobody knows "
			      "whether it took the letter",
			      (long long)(patience_ms / 1000));
	}
	if (in >= 0)
		close(in);
}

void pipe_deliver(const struct conf_relay *relay, struct str sender,
		  struct str recipient, struct str bytes, int64_t patience_ms,
		  struct smtp_verdict *verdict_out)
{
	struct arena *arena = arena_new("a pipe", 2 * (size_t)LETTER_MAX);
	char **argv = split(relay->command, sender, recipient, arena);

	if (argv) {
		run(argv, with_lf(bytes, arena), patience_ms, verdict_out);
	} else {
		local_verdict(verdict_out, 553, "5.1.3",
			      "553 5.1.3 the address begins with '-', and the "
			      "relay's command has no '--' before it");
		verdict_out->stage = SMTP_RCPT;
	}
	arena_free(&arena);
}
