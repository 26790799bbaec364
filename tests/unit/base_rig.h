/* base_rig.h - what several tests of the lowest floor need */
#ifndef BASE_RIG_H
#define BASE_RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What `act(arg)` writes to stderr, run in a process of its own. Its exit
 * status goes to *status_out: 0 when it came back, -1 when a signal ended it.
 * The text is overwritten by the next call. */
static inline const char *last_words(void (*act)(const void *), const void *arg,
				     int *status_out)
{
	static char text[16384];
	size_t len = 0;
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], 2);
		close(ends[0]);
		close(ends[1]);
		act(arg);
		_exit(0);
	}
	close(ends[1]);
	while ((n = read(ends[0], text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	text[len] = 0;
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	*status_out = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return text;
}

/* `act(arg)` must end the program with status 70 and `words` in the message. */
static inline void assert_dies(void (*act)(const void *), const void *arg,
			       const char *words)
{
	int status;
	const char *said = last_words(act, arg, &status);

	if (status != 70 || strncmp(said, "tidings: ", 9) != 0 ||
	    !strstr(said, words))
		fail_msg("status %d, said '%s', wanted '%s'", status, said,
			 words);
}

static inline bool under_valgrind(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload && strstr(preload, "vgpreload");
}

/* Byte for byte, whatever stands in it. */
static inline void assert_str(struct str got, struct str want)
{
	if (!str_eq(got, want))
		fail_msg("got '%.*s' (%zu), wanted '%.*s' (%zu)", (int)got.len,
			 got.at, got.len, (int)want.len, want.at, want.len);
}

#endif
