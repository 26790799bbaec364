/* wrap.c - prose in lines: see render/wrap.h */
#include "render/wrap.h"

#include "base/utf8.h"

struct wrap {
	struct buf *out;
	struct str rest; /* prefix of the lines to come */
	size_t column;	 /* of the line so far, prefix included */
	size_t prefix;	 /* columns of the prefix */
	bool empty;	 /* nothing behind the prefix yet */
};

/* What may not begin a line: closing marks of Chinese and Japanese. */
static bool sticks_to_the_left(uint32_t c)
{
	static const uint32_t marks[] = { 0x3001, 0x3002, 0xFF0C, 0xFF0E,
					  0x300D, 0x300F, 0xFF09, 0xFF01,
					  0xFF1F, 0xFF1A, 0xFF1B, 0x3011,
					  0x3015, 0x300B, 0x30FC };

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (c == marks[i])
			return true;
	return false;
}

static bool is_wide(uint32_t c)
{
	return (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
	       (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE4F) ||
	       (c >= 0xFF00 && c <= 0xFF60) || (c >= 0x20000 && c <= 0x3FFFF);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The shortest piece that must stay together: a word, or one wide character
 * with what sticks to it. */
static size_t unit_len(struct str s)
{
	size_t at = 0;
	bool wide = false;

	while (at < s.len && !is_blank(s.at[at]) && s.at[at] != '\n') {
		size_t len;
		uint32_t c = utf8_next(str_skip(s, at), &len);

		if (at > 0 && (wide || is_wide(c)) && !sticks_to_the_left(c))
			break;
		wide = is_wide(c);
		at += len;
	}
	return at;
}

/* "-- " at the end of a line would cut all that follows off as a signature
 * (RFC 3676 4.3): such a line does not flow. */
static bool is_separator(const struct wrap *w)
{
	return w->column == w->prefix + 2 &&
	       str_ends(buf_str(w->out), STR("--"));
}

/* RFC 3676 4.4: what begins with a blank, ">" or "From " is stuffed. */
static bool needs_stuffing(const struct wrap *w, struct str unit)
{
	return w->prefix == 0 && w->empty && unit.len > 0 &&
	       (unit.at[0] == '>' || str_eq(unit, STR("From")));
}

static void new_line(struct wrap *w, bool flowed)
{
	buf_add(w->out, flowed ? STR(" \n") : STR("\n"));
	buf_add(w->out, w->rest);
	w->column = w->prefix = utf8_width(w->rest);
	w->empty = true;
}

static void add_unit(struct wrap *w, struct str unit, bool blank)
{
	size_t width = utf8_width(unit);

	/* One column is kept for the blank of a flowed line. */
	if (!w->empty && w->column + blank + width > WRAP_WIDTH - 1) {
		/* Between wide characters nothing may be put: joining the
		 * lines again would leave a blank there. */
		new_line(w, blank && !is_separator(w));
		blank = false;
	}
	if (needs_stuffing(w, unit)) {
		buf_byte(w->out, ' ');
		w->column++;
	}
	if (blank && !w->empty) {
		buf_byte(w->out, ' ');
		w->column++;
	}
	buf_add(w->out, unit);
	w->column += width;
	w->empty = false;
}

void wrap_text(struct str text, struct str first, struct str rest,
	       struct buf *out)
{
	struct wrap w = { .out = out, .rest = rest, .empty = true };

	buf_add(out, first);
	w.column = w.prefix = utf8_width(first);
	while (text.len > 0) {
		bool blank = false;
		size_t len;

		while (text.len > 0 && is_blank(text.at[0])) {
			blank = true;
			text = str_skip(text, 1);
		}
		if (text.len > 0 && text.at[0] == '\n') {
			new_line(&w, false);
			text = str_skip(text, 1);
			continue;
		}
		len = unit_len(text);
		if (len > 0)
			add_unit(&w, str_head(text, len), blank);
		text = str_skip(text, len);
	}
}
