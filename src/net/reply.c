/* reply.c - see reply_priv.h */
#include "reply_priv.h"

#include <stdio.h>

#include "base/utf8.h"

void reply_reset(struct reply *reply)
{
	*reply = (struct reply){ 0 };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number of one to three digits. */
static bool is_part(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_digit(text.at[i]))
			return false;
	return text.len >= 1 && text.len <= 3;
}

/* "5.1.1" after the code (RFC 3463, 2034): class, subject, detail. */
static void read_status(struct reply *r, struct str text)
{
	struct str rest, subject, detail;
	struct str status = str_cut(text, ' ', &rest);
	struct str class = str_cut(status, '.', &rest);

	subject = str_cut(rest, '.', &detail);
	if (class.len != 1 || class.at[0] != (char)('0' + r->code / 100) ||
	    !is_part(subject) || !is_part(detail))
		return;
	memcpy(r->status, status.at, status.len);
	r->status[status.len] = 0;
}

/* The words are kept for people: no control may reach a terminal, and no
 * broken UTF-8 the ledger. */
static void keep(struct reply *r, struct str text)
{
	size_t room = sizeof(r->text) - 1;

	if (r->lines > 1 && r->text_len < room)
		r->text[r->text_len++] = '\n';
	while (text.len > 0) {
		size_t len;
		bool broken_byte = utf8_next(text, &len) == 0xfffd && len == 1;
		struct str c = str_head(text, len);

		if (broken_byte)
			c = STR("?");
		else if (utf8_has_control(c))
			c = STR(" ");
		if (r->text_len + c.len > room)
			break;
		memcpy(r->text + r->text_len, c.at, c.len);
		r->text_len += c.len;
		text = str_skip(text, len);
	}
	r->text[r->text_len] = 0;
}

static enum reply_result broken(struct reply *r, const char *why)
{
	r->code = 0;
	snprintf(r->text, sizeof(r->text), "%s", why);
	return REPLY_BROKEN;
}

static enum reply_result end_line(struct reply *r)
{
	struct str line = str_at(r->line, r->line_len);
	char separator;
	int code;

	r->line_len = 0;
	if (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	separator = line.len > 3 ? line.at[3] : ' ';
	if (line.len < 3 || !is_part(str_head(line, 3)) || line.at[0] < '2' ||
	    line.at[0] > '5' || (separator != ' ' && separator != '-'))
		return broken(r, "the server does not speak SMTP");
	code = (line.at[0] - '0') * 100 + (line.at[1] - '0') * 10 +
	       (line.at[2] - '0');
	if (r->lines > 0 && code != r->code)
		return broken(r, "the lines of a reply differ in their code");
	r->code = code;
	if (++r->lines > REPLY_LINES)
		return broken(r, "the server's reply does not end");
	if (r->lines == 1)
		read_status(r, str_skip(line, line.len > 3 ? 4 : 3));
	keep(r, r->lines == 1 ? line
			      : str_skip(line, line.len > 3 ? 4 : 3));
	return separator == '-' ? REPLY_MORE : REPLY_DONE;
}

enum reply_result reply_feed(struct reply *reply, struct str *bytes)
{
	while (bytes->len > 0) {
		char c = bytes->at[0];
		enum reply_result result;

		*bytes = str_skip(*bytes, 1);
		if (c != '\n') {
			/* What is too long is cut, not refused: its end still
			 * counts. */
			if (reply->line_len < sizeof(reply->line))
				reply->line[reply->line_len++] = c;
			continue;
		}
		result = end_line(reply);
		if (result != REPLY_MORE)
			return result;
	}
	return REPLY_MORE;
}
