/* err.c - what went wrong, in words: see base/err.h */
#include "base/err.h"

#include <errno.h>
#include <stdio.h>

#include "base/utf8.h"

static const struct {
	const char *name;
	int status;
} codes[ERR_CODE_COUNT] = {
#define X(code, name, status) [ERR_##code] = { name, status },
	ERR_CODES(X)
#undef X
};

const char *err_name(enum err_code code)
{
	return codes[code].name;
}

int err_status(enum err_code code)
{
	return codes[code].status;
}

static void begin(struct err *err, enum err_code code)
{
	err->code = code;
	err->place[0] = err->excerpt[0] = err->hint[0] = err->message[0] = 0;
}

/* A text cut at the end of its array may end in half a character. */
static void end_whole(char *text, size_t room)
{
	size_t len = strlen(text), bad;

	if (len + 1 == room && !utf8_ok(str_at(text, len), &bad) &&
	    bad + 4 > len)
		text[bad] = 0;
}

int err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list args;

	begin(err, code);
	va_start(args, fmt);
	vsnprintf(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	end_whole(err->message, sizeof(err->message));
	return -1;
}

int err_sys(struct err *err, const char *fmt, ...)
{
	int problem = errno;
	const char *why = strerror(problem);
	/* Of a long name the end is lost, never the reason. */
	size_t room = sizeof(err->message) - strlen(why) - 2;
	va_list args;
	size_t used;

	begin(err, problem == ENOENT ? ERR_MISSING : ERR_IO);
	va_start(args, fmt);
	vsnprintf(err->message, room, fmt, args);
	va_end(args);
	end_whole(err->message, room);
	used = strlen(err->message);
	snprintf(err->message + used, sizeof(err->message) - used, ": %s", why);
	return -1;
}

int err_place(struct err *err, const char *fmt, ...)
{
	char place[sizeof(err->place)] = "";
	va_list args;
	size_t used;

	va_start(args, fmt);
	vsnprintf(place, sizeof(place), fmt, args);
	va_end(args);
	used = strlen(place);
	if (err->place[0] && used < sizeof(place))
		snprintf(place + used, sizeof(place) - used, ": %.253s",
			 err->place);
	end_whole(place, sizeof(place));
	memcpy(err->place, place, sizeof(place));
	return -1;
}

int err_hint(struct err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err->hint, sizeof(err->hint), fmt, args);
	va_end(args);
	end_whole(err->hint, sizeof(err->hint));
	return -1;
}

/* --- the line in question ------------------------------------------------- */

#define EXCERPT_COLUMNS 72

/* One character as it is shown: what moves the cursor is a blank. */
static void put_shown(struct str c, char *out, size_t room)
{
	bool moves = (unsigned char)c.at[0] < ' ' || c.at[0] == 0x7f;
	size_t used = strlen(out);

	if (used + c.len + 1 > room)
		return;
	memcpy(out + used, moves ? " " : c.at, moves ? 1 : c.len);
	out[used + (moves ? 1 : c.len)] = 0;
}

/* Where a part of EXCERPT_COLUMNS begins that has byte `at` in it. */
static size_t part_from(struct str line, size_t at)
{
	size_t from = at, len;

	/* No column takes more than a few bytes: what is before cannot show. */
	while (from > 0 && (at - from < 4 * EXCERPT_COLUMNS ||
			    ((unsigned char)line.at[from] & 0xC0) == 0x80))
		from--;
	while (utf8_width(str_at(line.at + from, at - from)) >
	       EXCERPT_COLUMNS * 3 / 4) {
		utf8_next(str_skip(line, from), &len);
		from += len;
	}
	return from;
}

int err_excerpt(struct err *err, struct str line, size_t at)
{
	char shown[sizeof(err->excerpt) - EXCERPT_COLUMNS - 2] = "";
	size_t from, caret = 0, len;

	while (line.len > 0 &&
	       (line.at[line.len - 1] == '\r' || line.at[line.len - 1] == ' '))
		line.len--;
	/* What is longer is no text that somebody wrote by hand. */
	if (at > line.len || line.len > 4096)
		return -1;
	from = part_from(line, at);
	for (size_t i = from; i < line.len; i += len) {
		if (i == at)
			caret = utf8_width(str_of(shown));
		if (utf8_width(str_of(shown)) >= EXCERPT_COLUMNS)
			break;
		utf8_next(str_skip(line, i), &len);
		put_shown(str_at(line.at + i, len), shown, sizeof(shown));
	}
	if (at == line.len)
		caret = utf8_width(str_of(shown));
	snprintf(err->excerpt, sizeof(err->excerpt), "%s\n%*s^", shown,
		 (int)caret, "");
	return -1;
}
