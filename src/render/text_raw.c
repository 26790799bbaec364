/* text_raw.c - the author's own HTML, checked and balanced, as words */
#include "text_priv.h"

/* The tags that end a line; all others fall out of the words. */
static bool ends_line(struct str tag)
{
	static const struct str names[] = {
		STR("br"),  STR("/p"),	STR("/div"), STR("/tr"), STR("/li"),
		STR("/h1"), STR("/h2"), STR("/h3"),  STR("/h4"), STR("/table"),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct str rest;

		if (!str_starts_nocase(tag, names[i]))
			continue;
		rest = str_skip(tag, names[i].len);
		if (rest.len == 0 || rest.at[0] == ' ' || rest.at[0] == '/')
			return true;
	}
	return false;
}

/* The picture's alternative text. */
static void put_alt(struct str tag, struct buf *out)
{
	ptrdiff_t at = str_find_str(tag, STR("alt=\""));
	struct str alt;

	if (at < 0 || !str_starts_nocase(tag, STR("img")))
		return;
	alt = str_cut(str_skip(tag, (size_t)at + 5), '"', &(struct str){ 0 });
	if (alt.len > 0)
		buf_fmt(out, "[Image: " STR_FMT "]", STR_ARG(alt));
}

static void put_utf8(uint32_t c, struct buf *out)
{
	if (c < 0x80) {
		buf_byte(out, (char)c);
		return;
	}
	if (c >= 0x10000)
		buf_byte(out, (char)(0xf0 | c >> 18));
	if (c >= 0x800)
		buf_byte(out, (char)(c < 0x10000 ? 0xe0 | c >> 12
						 : 0x80 | (c >> 12 & 0x3f)));
	buf_byte(out,
		 (char)(c < 0x800 ? 0xc0 | c >> 6 : 0x80 | (c >> 6 & 0x3f)));
	buf_byte(out, (char)(0x80 | (c & 0x3f)));
}

/* "#8217" -> its character. Nothing of a control or a surrogate. */
static bool put_number(struct str name, struct buf *out)
{
	struct str digits = str_skip(name, 1);
	bool hex = digits.len > 0 && (digits.at[0] | 0x20) == 'x';
	uint32_t c = 0;

	digits = hex ? str_skip(digits, 1) : digits;
	if (digits.len == 0 || digits.len > 6)
		return false;
	for (size_t i = 0; i < digits.len; i++) {
		char d = digits.at[i];
		char low = (char)(d | 0x20);

		if (d >= '0' && d <= '9')
			c = c * (hex ? 16 : 10) + (uint32_t)(d - '0');
		else if (hex && low >= 'a' && low <= 'f')
			c = c * 16 + (uint32_t)(low - 'a' + 10);
		else
			return false;
	}
	if (c < 0xa0 ? c < ' ' || c >= 0x7f
		     : (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
		return false;
	put_utf8(c, out);
	return true;
}

static bool put_entity(struct str name, struct buf *out)
{
	static const struct {
		struct str name, text;
	} known[] = {
		{ STR("amp"), STR("&") },    { STR("lt"), STR("<") },
		{ STR("gt"), STR(">") },     { STR("quot"), STR("\"") },
		{ STR("apos"), STR("'") },   { STR("nbsp"), STR(" ") },
		{ STR("copy"), STR("©") },   { STR("hellip"), STR("…") },
		{ STR("ndash"), STR("–") },  { STR("mdash"), STR("—") },
		{ STR("middot"), STR("·") }, { STR("euro"), STR("€") },
		{ STR("shy"), STR("") },
	};

	if (name.len > 1 && name.at[0] == '#')
		return put_number(name, out);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (str_eq(name, known[i].name)) {
			buf_add(out, known[i].text);
			return true;
		}
	}
	return false;
}

/* Words between tags: entities decoded, line feeds are blanks. Returns what
 * is left. */
static struct str put_char(struct str html, struct buf *out)
{
	ptrdiff_t end = html.at[0] == '&' ? str_find(html, ';') : -1;
	char c = html.at[0];

	if (end > 1 && end < 12 &&
	    put_entity(str_at(html.at + 1, (size_t)end - 1), out))
		return str_skip(html, (size_t)end + 1);
	buf_byte(out, c == '\n' || c == '\t' ? ' ' : c);
	return str_skip(html, 1);
}

/* Empty lines come from the article's blocks, not from nested tags. */
static void end_line(struct buf *out)
{
	while (out->len > 0 && out->at[out->len - 1] == ' ')
		buf_cut(out, out->len - 1);
	if (out->len > 0 && out->at[out->len - 1] != '\n')
		buf_byte(out, '\n');
}

struct str text_of_html(struct str html, struct arena *arena)
{
	struct str result;
	struct buf out;

	buf_init(&out, html.len * 4 + 16);
	while (html.len > 0) {
		struct str tag;

		if (html.at[0] != '<') {
			html = put_char(html, &out);
			continue;
		}
		tag = str_cut(str_skip(html, 1), '>', &html);
		put_alt(tag, &out);
		if (ends_line(tag))
			end_line(&out);
		else if (str_starts_nocase(tag, STR("/td")))
			buf_byte(&out, ' ');
	}
	result = arena_dup(arena, str_trim(buf_str(&out)));
	buf_done(&out);
	return result;
}
