/* header.c - header fields, written once and safely: see mail/header.h */
#include "mail/header.h"

#include "base/utf8.h"

#define FOLD 78			/* RFC 5322 2.1.1, without CRLF */
#define LINE 998
#define WORD 75			/* RFC 2047 2 */
#define ADDRESS_LINE 500	/* an address, or a List-Id */
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
	if (!utf8_has_control(value))
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

/* What may stand for itself in an encoded word wherever that word stands, in
 * a display name too (RFC 2047 5 (3)). */
static bool is_q_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '!' || c == '*' || c == '+' ||
	       c == '-' || c == '/';
}

/* The bytes of a directional override or isolate (U+202A-202E, U+2066-2069)
 * that `s` begins with. One in a name would turn around all that an inbox
 * shows behind it; none is written. */
static size_t override_len(struct str s)
{
	const unsigned char *c = (const unsigned char *)s.at;

	if (s.len < 3 || c[0] != 0xE2)
		return 0;
	if (c[1] == 0x80)
		return c[2] >= 0xAA && c[2] <= 0xAE ? 3 : 0;
	return c[1] == 0x81 && c[2] >= 0xA6 && c[2] <= 0xA9 ? 3 : 0;
}

static struct str past_overrides(struct str s)
{
	size_t skip;

	while ((skip = override_len(s)) > 0)
		s = str_skip(s, skip);
	return s;
}

static size_t q_size(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		size_t skip = override_len(str_skip(s, i));

		if (skip > 0)
			i += skip - 1;
		else
			n += s.at[i] == ' ' || is_q_plain(s.at[i]) ? 1 : 3;
	}
	return n;
}

static void add_q(struct line *line, struct str s)
{
	struct buf *out = line->out;

	line->column += q_size(s);
	for (size_t i = 0; i < s.len; i++) {
		size_t skip = override_len(str_skip(s, i));
		char c = s.at[i];

		if (skip > 0)
			i += skip - 1;
		else if (c == ' ')
			buf_byte(out, '_');
		else if (is_q_plain(c))
			buf_byte(out, c);
		else
			buf_fmt(out, "=%02X", (unsigned char)c);
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

	value = past_overrides(value);
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
		add_q(line, str_head(value, n));
		add(line, STR("?="));
		value = past_overrides(str_skip(value, n));
		if (value.len > 0)
			fold(line);
	}
}

/* ASCII that might be taken for an encoded word, or has no blank to fold at,
 * is encoded as well; so is a word behind so many blanks that the line would
 * be too long with them. */
static bool needs_encoding(struct str value)
{
	size_t run = 0;

	if (!is_ascii(value) || str_find_str(value, STR("=?")) >= 0)
		return true;
	if (value.len > 0 &&
	    (value.at[0] == ' ' || value.at[value.len - 1] == ' '))
		return true;
	for (size_t i = 0; i < value.len; i++) {
		bool begins = value.at[i] == ' ' && i > 0 &&
			      value.at[i - 1] != ' ';

		run = begins ? 1 : run + 1;
		if (run > FOLD)
			return true;
	}
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
	if (value.len + strlen(name) + 2 > LINE)
		return err_set(err, ERR_INPUT, "'%s' would be too long", name);
	line = begin(out, name);
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

static size_t quoted_size(struct str name)
{
	size_t n = 2;

	for (size_t i = 0; i < name.len; i++)
		n += name.at[i] == '"' || name.at[i] == '\\' ? 2 : 1;
	return n;
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

static void add_name(struct line *line, struct str name)
{
	size_t size = is_phrase(name) ? name.len : quoted_size(name);

	/* Only encoded words can be parted where there is no blank. */
	if (!is_ascii(name) || needs_encoding(name) ||
	    line->column + size > FOLD)
		add_encoded(line, name);
	else if (is_phrase(name))
		add(line, name);
	else
		add_quoted(line, name);
}

/* Addresses are checked where they come in, by address_ok(); what could end
 * the address early or begin a second one is refused once more. */
static int check_address(const char *name, struct str address, struct err *err)
{
	if (check(name, address, err) < 0)
		return -1;
	if (address.len == 0 || address.len > ADDRESS_LINE)
		return err_set(err, ERR_INPUT,
			       "an address of %zu octets would stand in '%s'",
			       address.len, name);
	for (size_t i = 0; i < address.len; i++)
		if (strchr(" <>", address.at[i]))
			return err_set(err, ERR_INPUT,
				       "a blank or angle bracket would stand "
				       "in the address of '%s'", name);
	return 0;
}

int header_mailbox(struct buf *out, const char *name,
		   const struct mailbox *mailbox, struct err *err)
{
	struct arena *arena = arena_new("an address", 65536);
	struct str address = mailbox->address;
	struct line line;
	int rc = -1;

	if (check(name, mailbox->name, err) < 0 ||
	    check_address(name, address, err) < 0)
		goto out;
	address = address_wire(arena, address);
	line = begin(out, name);
	if (mailbox->name.len > 0) {
		add_name(&line, mailbox->name);
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

/* What begins on `first` and continues at the start of `rest`; lines with
 * nothing but blanks leave none behind. */
static void add_unfolded(struct buf *out, struct str first, struct str rest)
{
	struct str part = str_trim(first);
	bool begun = part.len > 0;

	buf_add(out, part);
	while (continues(rest)) {
		part = str_trim(next_line(&rest));
		if (begun && part.len > 0)
			buf_byte(out, ' ');
		buf_add(out, part);
		begun |= part.len > 0;
	}
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
		add_unfolded(value_out, str_skip(line, wanted.len + 1), rest);
		return true;
	}
	return false;
}
