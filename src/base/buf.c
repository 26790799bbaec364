/* buf.c - a growing run of bytes with a ceiling: see base/buf.h */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"

/* No allocation can be larger; sums up to here cannot overflow. */
#define CEILING_MAX ((size_t)PTRDIFF_MAX - 1)

/* What an empty buffer points at: never written, since room is 0. */
static char nothing[1];

void buf_init(struct buf *buf, size_t ceiling)
{
	*buf = (struct buf){ .at = nothing,
			     .ceiling = ceiling < CEILING_MAX ? ceiling
							      : CEILING_MAX };
}

void buf_done(struct buf *buf)
{
	if (buf->room > 0)
		free(buf->at);
	buf_init(buf, buf->ceiling);
}

void buf_reset(struct buf *buf)
{
	buf_cut(buf, 0);
	buf->over = false;
}

void buf_cut(struct buf *buf, size_t len)
{
	if (len >= buf->len)
		return;
	buf->len = len;
	buf->at[len] = 0;
}

/* Room for `n` more and the NUL behind them. */
static bool make_room(struct buf *buf, size_t n)
{
	size_t want = buf->room ? buf->room : 64;

	if (n > buf->ceiling - buf->len)
		buf->over = true;
	if (buf->over)
		return false;
	if (buf->room > buf->len + n)
		return true;
	while (want <= buf->len + n)
		want *= 2;
	if (want > buf->ceiling + 1)
		want = buf->ceiling + 1;
	buf->at = die_realloc(buf->room ? buf->at : NULL, want, "a buffer");
	buf->room = want;
	buf->at[buf->len] = 0;
	return true;
}

char *buf_reserve(struct buf *buf, size_t n)
{
	return make_room(buf, n) ? buf->at + buf->len : NULL;
}

void buf_add(struct buf *buf, struct str s)
{
	if (s.len == 0 || !make_room(buf, s.len))
		return;
	memcpy(buf->at + buf->len, s.at, s.len);
	buf->len += s.len;
	buf->at[buf->len] = 0;
}

void buf_addz(struct buf *buf, const char *z)
{
	buf_add(buf, str_of(z));
}

void buf_byte(struct buf *buf, char c)
{
	buf_add(buf, str_at(&c, 1));
}

void buf_vfmt(struct buf *buf, const char *fmt, va_list args)
{
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0)
		die("bad format");
	if (!make_room(buf, (size_t)len))
		return;
	vsnprintf(buf->at + buf->len, (size_t)len + 1, fmt, args);
	buf->len += (size_t)len;
}

void buf_fmt(struct buf *buf, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	buf_vfmt(buf, fmt, args);
	va_end(args);
}
