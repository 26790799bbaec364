/* log.c - one line per event to stderr: see base/log.h */
#include "base/log.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"

#define LINE_MAX_BYTES 4096

static _Atomic enum log_level lowest = LOG_WARN;

void log_level(enum log_level level)
{
	lowest = level;
}

struct log_field log_int(const char *key, int64_t number, char number_text[24])
{
	snprintf(number_text, 24, "%lld", (long long)number);
	return (struct log_field){ key, str_of(number_text) };
}

static bool needs_quotes(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f)
			return true;
	}
	return text.len == 0;
}

static void add_quoted(struct buf *line, struct str text)
{
	buf_byte(line, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c == '"' || c == '\\')
			buf_fmt(line, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			buf_fmt(line, "\\x%02x", c);
		else
			buf_byte(line, (char)c);
	}
	buf_byte(line, '"');
}

void log_event(enum log_level level, const char *event,
	       const struct log_field *fields, size_t count)
{
	static const char *const names[] = { "debug", "info", "warn",
					     "error" };
	struct buf line;
	ssize_t ignored;

	if (level < lowest)
		return;
	buf_init(&line, LINE_MAX_BYTES);
	buf_fmt(&line, "%s %s", names[level], event);
	for (size_t i = 0; i < count; i++) {
		buf_fmt(&line, " %s=", fields[i].key);
		if (needs_quotes(fields[i].text))
			add_quoted(&line, fields[i].text);
		else
			buf_add(&line, fields[i].text);
	}
	buf_cut(&line, LINE_MAX_BYTES - 1);
	line.over = false;
	buf_byte(&line, '\n');
	ignored = write(2, line.at, line.len);
	(void)ignored;
	buf_done(&line);
}
