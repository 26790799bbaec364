/* header.c - header fields, written once and safely: see mail/header.h */
#include "mail/header.h"

#include "base/utf8.h"

#define FOLD 78			/* RFC 5322 2.1.1, without CRLF */
#define LINE 998
#define WORD 75			/* RFC 2047 2 */
#define SEARCH_MAX ((size_t)256 * 1024)

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] >= 0x80)
			return false;
	return true;
}

static int check(const char *name, struct str value, struct err *err)
{
	if (!utf8_ok(value, NULL))
		return err_set(err, ERR_INPUT, "'%s' would not be UTF-8", name);
	if (!utf8_has_control(value) && !memchr(value.at, 0, value.len))
		return 0;
	err_set(err, ERR_INPUT,
		"a control character or line break would stand in '%s'", name);
	return err_hint(err, "take it out: it could begin a header of its own");
}

/* Where a field is being written: the column decides where to fold. */
struct line {
	struct buf *out;
	size_t column;
};

static void add(struct line *line, struct str s)
{
	buf_add(line->out, s);
	line->column += s.len;
}

static void fold(struct line *line)
{
	buf_add(line->out, STR("\r\n "));
	line->column = 1;
}

/* Blank-separated words, folded where the next would pass 78. */
static void add_words(struct line *line, struct str value)
{
	bool first = true;

	while (value.len > 0) {
		size_t blanks = 0;
		struct str word;
		size_t len;

		while (blanks < value.len && value.at[blanks] == ' ')
			blanks++;
		len = blanks;
		while (len < value.len && value.at[len] != ' ')
			len++;
		word = str_head(value, len);
		value = str_skip(value, len);
		if (!first && blanks > 0 && line->column + len > FOLD &&
		    len > blanks) {
			/* The fold's own blank stands for one of them. */
			buf_add(line->out, STR("\r\n"));
			line->column = 0;
		}
		add(line, word);
		first = false;
	}
}

/* One RFC 2047 word in Q or B, whichever is shorter, of whole characters. */
static size_t q_size(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		n += c == ' ' || (c < 0x80 && c > ' ' && !strchr("=?_\"(),.:;<>@[]\\", c)) ? 1 : 3;
	}
	return n;
}

static void add_q(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c == ' ')
			buf_byte(out, '_');
		else if (c < 0x80 && c > ' ' && !strchr("=?_\"(),.:;<>@[]\\", c))
			buf_byte(out, (char)c);
		else
			buf_fmt(out, "=%02X", c);
	}
}

/* As many characters of `s` as one word can hold in `room` octets. */
static size_t word_len(struct str s, size_t room)
{
	size_t used = 0;

	while (used < s.len) {
		size_t len;

		utf8_next(str_skip(s, used), &len);
		if (q_size(str_head(s, used + len)) > room)
			break;
		used += len;
	}
	return used;
}

static void add_encoded(struct line *line, struct str value)
{
	static const struct str open = STR("=?utf-8?q?");

	while (value.len > 0) {
		size_t limit = FOLD - line->column < WORD
				       ? FOLD - line->column : WORD;
		size_t n = limit > open.len + 2 + 12
				   ? word_len(value, limit - open.len - 2)
				   : 0;

		if (n == 0) {
			fold(line);
			continue;
		}
		add(line, open);
		add_q(line->out, str_head(value, n));
		add(line, STR("?="));
		value = str_skip(value, n);
		if (value.len > 0)
			fold(line);
	}
}

/* ASCII that might be taken for an encoded word, or has no blank to fold at,
 * is encoded as well. */
static bool needs_encoding(struct str value)
{
	struct str rest = value;

	if (!is_ascii(value) || str_find_str(value, STR("=?")) >= 0)
		return true;
	if (value.len > 0 &&
	    (value.at[0] == ' ' || value.at[value.len - 1] == ' '))
		return true;
	while (rest.len > 0)
		if (str_cut(rest, ' ', &rest).len > FOLD - 1)
			return true;
	return false;
}

static struct line begin(struct buf *out, const char *name)
{
	struct line line = { out, 0 };

	add(&line, str_of(name));
	add(&line, STR(": "));
	return line;
}

int header_text(struct buf *out, const char *name, struct str value,
		struct err *err)
{
	struct line line;

	if (check(name, value, err) < 0)
		return -1;
	line = begin(out, name);
	if (needs_encoding(value))
		add_encoded(&line, value);
	else
		add_words(&line, value);
	buf_add(out, STR("\r\n"));
	return 0;
}

int header_raw(struct buf *out, const char *name, struct str value,
	       struct err *err)
{
	struct line line;

	if (check(name, value, err) < 0)
		return -1;
	if (!is_ascii(value))
		return err_set(err, ERR_INPUT, "'%s' would not be ASCII", name);
	line = begin(out, name);
	if (value.len + strlen(name) + 2 > LINE)
		return err_set(err, ERR_INPUT, "'%s' would be too long", name);
	add_words(&line, value);
	buf_add(out, STR("\r\n"));
	return 0;
}

static bool is_phrase(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') ||
		      strchr("!#$%&'*+-/=?^_`{|}~ ", c)))
			return false;
	}
	return true;
}

static void add_quoted(struct line *line, struct str name)
{
	add(line, STR("\""));
	for (size_t i = 0; i < name.len; i++) {
		if (name.at[i] == '"' || name.at[i] == '\\')
			add(line, STR("\\"));
		add(line, str_at(name.at + i, 1));
	}
	add(line, STR("\""));
}

int header_mailbox(struct buf *out, const char *name,
		   const struct mailbox *mailbox, struct err *err)
{
	struct arena *arena = arena_new("an address", 65536);
	struct str address = address_wire(arena, mailbox->address);
	struct line line;
	int rc = -1;

	if (check(name, mailbox->name, err) < 0 ||
	    check(name, address, err) < 0)
		goto out;
	line = begin(out, name);
	if (mailbox->name.len > 0) {
		if (!is_ascii(mailbox->name) || mailbox->name.len > 60 ||
		    needs_encoding(mailbox->name))
			add_encoded(&line, mailbox->name);
		else if (is_phrase(mailbox->name))
			add(&line, mailbox->name);
		else
			add_quoted(&line, mailbox->name);
		if (line.column + address.len + 3 > FOLD)
			fold(&line);
		else
			add(&line, STR(" "));
		add(&line, STR("<"));
	}
	add(&line, address);
	if (mailbox->name.len > 0)
		add(&line, STR(">"));
	buf_add(out, STR("\r\n"));
	rc = 0;
out:
	arena_free(&arena);
	return rc;
}

/* --- reading -------------------------------------------------------------- */

static struct str next_line(struct str *rest)
{
	struct str line = str_cut(*rest, '\n', rest);

	if (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool continues(struct str rest)
{
	return rest.len > 0 && (rest.at[0] == ' ' || rest.at[0] == '\t');
}

bool header_find(struct str message, const char *name, struct buf *value_out)
{
	struct str rest = str_head(message, SEARCH_MAX);
	struct str wanted = str_of(name);

	while (rest.len > 0) {
		struct str line = next_line(&rest);

		if (line.len == 0)
			return false;
		if (line.len <= wanted.len || line.at[wanted.len] != ':' ||
		    !str_starts_nocase(line, wanted))
			continue;
		buf_add(value_out, str_trim(str_skip(line, wanted.len + 1)));
		while (continues(rest)) {
			buf_byte(value_out, ' ');
			buf_add(value_out, str_trim(next_line(&rest)));
		}
		return true;
	}
	return false;
}
