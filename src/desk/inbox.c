/* inbox.c - what an inbox shows of a letter: see inbox_priv.h */
#include "inbox_priv.h"

#include "base/utf8.h"
#include "mail/header.h"

#define INVISIBLE_RUN 4 /* so many of them are no accident */

/* --- the first words -------------------------------------------------------- */

struct words {
	struct buf *out;
	size_t left;	/* characters */
	bool blank;	/* one is due before the next character */
	int invisible;	/* in a row, blanks between them or not */
	uint32_t joint; /* one that shapes its neighbours; 0: none */
};

static bool is_invisible(uint32_t c)
{
	return c == 0xAD || c == 0x34F || (c >= 0x200B && c <= 0x200F) ||
	       c == 0x2007 || c == 0x2060 || c == 0xFEFF || c == 0x61C;
}

static bool is_blank(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0;
}

static void put_utf8(struct buf *out, uint32_t c)
{
	if (c < 0x80) {
		buf_byte(out, (char)c);
	} else if (c < 0x800) {
		buf_byte(out, (char)(0xC0 | c >> 6));
		buf_byte(out, (char)(0x80 | (c & 0x3F)));
	} else if (c < 0x10000) {
		buf_byte(out, (char)(0xE0 | c >> 12));
		buf_byte(out, (char)(0x80 | (c >> 6 & 0x3F)));
		buf_byte(out, (char)(0x80 | (c & 0x3F)));
	} else {
		buf_byte(out, (char)(0xF0 | c >> 18));
		buf_byte(out, (char)(0x80 | (c >> 12 & 0x3F)));
		buf_byte(out, (char)(0x80 | (c >> 6 & 0x3F)));
		buf_byte(out, (char)(0x80 | (c & 0x3F)));
	}
}

/* Inside a word, an emoji or Persian, a joiner belongs to it. */
static void put_joint(struct words *words)
{
	if (words->joint && !words->blank)
		put_utf8(words->out, words->joint);
	words->joint = 0;
}

/* False when no more is wanted. */
static bool put_char(struct words *words, uint32_t c)
{
	if (is_invisible(c)) {
		words->joint = c == 0x200C || c == 0x200D ? c : 0;
		return ++words->invisible < INVISIBLE_RUN;
	}
	if (is_blank(c)) {
		words->blank = words->out->len > 0;
		return true;
	}
	words->invisible = 0;
	put_joint(words);
	if (words->blank) {
		buf_byte(words->out, ' ');
		words->blank = false;
		words->left -= words->left > 0;
	}
	if (words->left == 0)
		return false;
	put_utf8(words->out, c);
	words->left--;
	return true;
}

/* "&amp;" or "&#847;" at the front of `s`; false when it is none we know. */
static bool entity(struct str s, uint32_t *c_out, size_t *len_out)
{
	static const struct {
		struct str name;
		uint32_t c;
	} named[] = {
		{ STR("amp"), '&' },	  { STR("lt"), '<' },
		{ STR("gt"), '>' },	  { STR("quot"), '"' },
		{ STR("nbsp"), 0xA0 },	  { STR("zwnj"), 0x200C },
		{ STR("zwj"), 0x200D },	  { STR("shy"), 0xAD },
		{ STR("middot"), 0xB7 },  { STR("ndash"), 0x2013 },
		{ STR("mdash"), 0x2014 }, { STR("hellip"), 0x2026 },
		{ STR("copy"), 0xA9 },
	};
	struct str rest,
		name = str_cut(str_head(str_skip(s, 1), 12), ';', &rest);
	int64_t number;

	*len_out = name.len + 2;
	if (name.len + 1 >= s.len || s.at[name.len + 1] != ';')
		return false;
	if (str_starts(name, STR("#")) &&
	    str_int64(str_skip(name, 1), &number) && number > 0 &&
	    number < 0x110000 && (number < 0xD800 || number > 0xDFFF)) {
		*c_out = (uint32_t)number;
		return true;
	}
	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (str_eq(named[i].name, name)) {
			*c_out = named[i].c;
			return true;
		}
	return false;
}

/* Behind `end`, or at the end of all. */
static struct str past(struct str s, struct str end)
{
	ptrdiff_t at = str_find_str(s, end);

	return at < 0 ? str_skip(s, s.len) : str_skip(s, (size_t)at + end.len);
}

/* Inside a line: what they wrap goes on without a blank. */
static bool is_inline(struct str tag)
{
	static const struct str names[] = {
		STR("a"),      STR("abbr"), STR("b"),	  STR("bdi"),
		STR("code"),   STR("em"),   STR("font"),  STR("i"),
		STR("mark"),   STR("s"),    STR("small"), STR("span"),
		STR("strong"), STR("sub"),  STR("sup"),	  STR("u"),
	};
	size_t len = 0;

	if (str_starts(tag, STR("/")))
		tag = str_skip(tag, 1);
	while (len < tag.len && tag.at[len] != ' ' && tag.at[len] != '>')
		len++;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eq_nocase(str_head(tag, len), names[i]))
			return true;
	return false;
}

/* The rest behind a tag, a comment, or an element that is no text. */
static struct str skip_tag(struct words *words, struct str html)
{
	if (str_starts(html, STR("<!--")))
		return past(html, STR("-->"));
	if (str_starts_nocase(html, STR("<style")))
		return past(html, STR("</style>"));
	if (str_starts_nocase(html, STR("<title")))
		return past(html, STR("</title>"));
	if (!is_inline(str_skip(html, 1)))
		words->blank = words->out->len > 0;
	return past(html, STR(">"));
}

void inbox_words(struct str html, size_t most, struct buf *out)
{
	struct words words = { .out = out, .left = most };
	bool more = true;

	while (html.len > 0 && more) {
		size_t len;
		uint32_t c;

		if (html.at[0] == '<') {
			html = skip_tag(&words, html);
			continue;
		}
		if (html.at[0] != '&' || !entity(html, &c, &len))
			c = utf8_next(html, &len);
		more = put_char(&words, c);
		html = str_skip(html, len);
	}
}

/* --- the subject ------------------------------------------------------------ */

static void add_q(struct str text, struct buf *out)
{
	while (text.len > 0) {
		bool escape = text.at[0] == '=' && text.len > 2 &&
			      str_hex(text.at[1]) >= 0 &&
			      str_hex(text.at[2]) >= 0;

		if (escape)
			buf_byte(out, (char)(str_hex(text.at[1]) << 4 |
					     str_hex(text.at[2])));
		else
			buf_byte(out, text.at[0] == '_' ? ' ' : text.at[0]);
		text = str_skip(text, escape ? 3 : 1);
	}
}

/* As our own headers are written: words of utf-8 in Q, one blank between them
 * that is none. */
static void decode(struct str value, struct buf *out)
{
	static const struct str open = STR("=?utf-8?q?");

	while (value.len > 0) {
		struct str word = str_starts_nocase(value, open)
					  ? str_skip(value, open.len)
					  : STR_NONE;
		ptrdiff_t end = str_find_str(word, STR("?="));

		if (word.len == 0 || end < 0) {
			buf_byte(out, value.at[0]);
			value = str_skip(value, 1);
			continue;
		}
		add_q(str_head(word, (size_t)end), out);
		value = str_skip(word, (size_t)end + 2);
		if (str_starts(value, STR(" =?")))
			value = str_skip(value, 1);
	}
}

struct str inbox_subject(struct str message, struct arena *arena)
{
	struct buf raw, text;
	struct str subject;

	buf_init(&raw, (size_t)64 * 1024);
	buf_init(&text, (size_t)64 * 1024);
	header_find(message, "Subject", &raw);
	if (raw.len > 0)
		decode(buf_str(&raw), &text);
	subject = arena_dup(arena, text.len ? buf_str(&text) : STR_NONE);
	buf_done(&raw);
	buf_done(&text);
	return subject;
}
