/* buf.h - a growing run of bytes with a ceiling
 *
 * The ceiling is stated at birth. Adding past it adds nothing more and sets
 * `over`; a builder may therefore go on adding and look once, at the end,
 * with buf_over(). `at` is never NULL and always NUL-terminated behind len.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct buf {
	char *at;
	size_t len;
	size_t room;		/* bytes allocated, 0 before the first growth */
	size_t ceiling;		/* len never passes this */
	bool over;		/* something did not fit */
};

/* Nothing is allocated yet; buf_done() gives all back. */
void buf_init(struct buf *buf, size_t ceiling);
void buf_done(struct buf *buf);

/* Empty again, memory kept, `over` cleared. */
void buf_reset(struct buf *buf);

/* Append bytes, a C string, one byte, formatted text. */
void buf_add(struct buf *buf, struct str s);
void buf_addz(struct buf *buf, const char *z);
void buf_byte(struct buf *buf, char c);
void buf_fmt(struct buf *buf, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same with the arguments of another function. */
void buf_vfmt(struct buf *buf, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Room for `n` more bytes and a NUL at the returned place, or NULL (and `over`
 * set) when that would pass the ceiling or something before it did not fit.
 * The caller then adds to buf->len what it wrote there, at most `n`, and
 * writes the NUL behind it when somebody will read buf->at as a C string. */
char *buf_reserve(struct buf *buf, size_t n);

/* Drop all behind the first `len` bytes. */
void buf_cut(struct buf *buf, size_t len);

static inline struct str buf_str(const struct buf *buf)
{
	return (struct str){ buf->at, buf->len };
}

static inline bool buf_over(const struct buf *buf)
{
	return buf->over;
}

#endif
