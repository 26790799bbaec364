/* err.h - what went wrong, in words fit for the person at the keyboard
 *
 * Every fallible function takes `struct err *err` as its last parameter and
 * returns 0, or -1 after filling it. On success the struct is left alone, so
 * a chain of calls can share one. Library code never prints and never exits;
 * the caller who owns the struct decides who hears of it.
 *
 * Manners of a message: lower case, no full stop, the thing in single quotes,
 * what failed first. The place stands apart ("weekly.md:12:3"), and so does
 * the cure (the hint).
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>

#include "base/str.h"

/* code, name in --json, exit status */
#define ERR_CODES(X)							\
	X(NONE, "none", 0)						\
	X(EMPTY, "empty", 3)		/* nothing to send */		\
	X(FAILED, "failed", 4)		/* finished, some failed */	\
	X(UNCERTAIN, "uncertain", 5)	/* finished, some uncertain */	\
	X(HELD, "held", 6)		/* held by checks or a plan */	\
	X(USAGE, "usage", 64)		/* the command line is wrong */	\
	X(INPUT, "input", 65)		/* an article or list is wrong */ \
	X(MISSING, "missing", 66)	/* what is named is not there */ \
	X(INTERNAL, "internal", 70)	/* our fault, out of memory */	\
	X(DB, "database", 70)		/* SQLite refused */		\
	X(IO, "io", 74)			/* the system refused */	\
	X(AGAIN, "again", 75)		/* relay down, locked, waiting */ \
	X(CONFIG, "config", 78)		/* tidings.yaml is wrong */

enum err_code {
#define X(code, name, status) ERR_##code,
	ERR_CODES(X)
#undef X
	ERR_CODE_COUNT
};

struct err {
	enum err_code code;
	char place[256];	/* "articles/x.md:3:7", or empty */
	char message[512];	/* "cannot read 'x.md': No such file" */
	char excerpt[320];	/* the line in question, "\n", a caret; or empty */
	char hint[256];		/* "run 'tidings init' first", or empty */
};

#define ERR_INIT { .code = ERR_NONE }

/* Fill `err` (place and hint emptied) and return -1, so that a failure is one
 * line:	return err_set(err, ERR_INPUT, "'%s' is no address", z); */
int err_set(struct err *err, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* As err_set() with ERR_IO (ENOENT gives ERR_MISSING), followed by ": " and
 * the text of errno. */
int err_sys(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Say where it happened. A place that is there already goes behind the new
 * one, with ": " between. Returns -1. */
int err_place(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Show the line where it happened, with a caret below its byte `at`; a long
 * line in part. Returns -1. */
int err_excerpt(struct err *err, struct str line, size_t at);

/* Say what the reader may try next, in place of an earlier hint. Returns -1. */
int err_hint(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The name in --json, and the exit status of DESIGN 5.3. */
const char *err_name(enum err_code code);
int err_status(enum err_code code);	/* exit status, DESIGN 5.3 */

#endif
