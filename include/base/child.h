/* child.h - work on strangers' bytes in a process that can lose nothing
 *
 * The work function runs in a forked child with limits on CPU, memory and
 * wall time, without open files but its pipe and stderr, unable to open any,
 * and answers with bytes. Call it only while the process has one thread.
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct child_limits {
	int cpu_s;		/* RLIMIT_CPU */
	int wall_ms;		/* killed after this */
	size_t memory;		/* RLIMIT_DATA, bytes on top of today's */
	size_t answer;		/* ceiling of what it may write back */
};

/* Runs in the child: fills `out` (or `err`, returning -1). */
typedef int (*child_work)(void *arg, struct buf *out, struct err *err);

/* Run `work(arg)` in a child and append what it built to `out`. -1 with the
 * child's own error, or ERR_INPUT "took more than 2 s ..." / "needed more
 * than ..." when a limit ended it; `what` names the work in that message,
 * such as "reading 'articles/x.md'". The child's answer is checked for size
 * before it is believed. */
int child_run(const struct child_limits *limits, const char *what,
	      child_work work, void *arg, struct buf *out, struct err *err);

#endif
