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
	err->place[0] = err->hint[0] = err->message[0] = 0;
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
