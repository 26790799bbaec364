/* log.c - one line per event to stderr: see base/log.h */
#include "base/log.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/utf8.h"

#define LINE_MAX_BYTES 4096 /* a pipe takes so many in one piece */
#define VALUE_MAX      768

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

		if (c == ' ' || c == '"' || c == '=' || c == '\\')
			return true;
	}
	return text.len == 0 || utf8_has_control(text) || !utf8_ok(text, NULL);
}

/* A terminal may take a stray byte for a control character of C1, too. */
static void add_character(struct buf *line, struct str c)
{
	if (utf8_has_control(c) || !utf8_ok(c, NULL))
		for (size_t i = 0; i < c.len; i++)
			buf_fmt(line, "\\x%02x", (unsigned char)c.at[i]);
	else
		buf_fmt(line, "%s" STR_FMT,
			c.at[0] == '"' || c.at[0] == '\\' ? "\\" : "",
			STR_ARG(c));
}

static void add_quoted(struct buf *line, struct str text, const char *tail)
{
	buf_byte(line, '"');
	while (text.len > 0) {
		size_t len;

		utf8_next(text, &len);
		add_character(line, str_head(text, len));
		text = str_skip(text, len);
	}
	buf_fmt(line, "%s\"", tail);
}

/* The end of a long value is lost, not the fields behind it. */
static void add_value(struct buf *line, struct str text)
{
	struct str head = str_head(text, VALUE_MAX);
	const char *tail = text.len > VALUE_MAX ? "..." : "";

	/* Back to the start of a character, if it is one. */
	while (head.len < text.len && head.len + 3 > VALUE_MAX &&
	       ((unsigned char)text.at[head.len] & 0xc0) == 0x80)
		head.len--;
	if (needs_quotes(head))
		add_quoted(line, head, tail);
	else
		buf_fmt(line, STR_FMT "%s", STR_ARG(head), tail);
}

void log_event(enum log_level level, const char *event,
	       const struct log_field *fields, size_t count)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };
	struct buf line;
	ssize_t ignored;

	if (level < lowest)
		return;
	buf_init(&line, LINE_MAX_BYTES);
	buf_fmt(&line, "%s %s", names[level], event);
	for (size_t i = 0; i < count; i++) {
		buf_fmt(&line, " %s=", fields[i].key);
		add_value(&line, fields[i].text);
	}
	buf_cut(&line, LINE_MAX_BYTES - 1);
	line.over = false;
	buf_byte(&line, '\n');
	ignored = write(2, line.at, line.len);
	(void)ignored;
	buf_done(&line);
}
