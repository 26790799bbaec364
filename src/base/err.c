/* err.c - what went wrong, in words: see base/err.h */
#include "base/err.h"

#include <errno.h>
#include <stdio.h>

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

int err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list args;

	begin(err, code);
	va_start(args, fmt);
	vsnprintf(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	return -1;
}

int err_sys(struct err *err, const char *fmt, ...)
{
	int problem = errno;
	va_list args;
	size_t used;

	begin(err, problem == ENOENT ? ERR_MISSING : ERR_IO);
	va_start(args, fmt);
	vsnprintf(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	used = strlen(err->message);
	snprintf(err->message + used, sizeof(err->message) - used, ": %s",
		 strerror(problem));
	return -1;
}

int err_place(struct err *err, const char *fmt, ...)
{
	char place[sizeof(err->place)];
	va_list args;
	size_t used;

	va_start(args, fmt);
	vsnprintf(place, sizeof(place), fmt, args);
	va_end(args);
	used = strlen(place);
	if (err->place[0] && used < sizeof(place))
		snprintf(place + used, sizeof(place) - used, ": %.200s",
			 err->place);
	memcpy(err->place, place, sizeof(place));
	return -1;
}

int err_hint(struct err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err->hint, sizeof(err->hint), fmt, args);
	va_end(args);
	return -1;
}
