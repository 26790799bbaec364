/* wrap.c - prose in lines: see render/wrap.h */
#include "render/wrap.h"

#include "base/utf8.h"
#include "wrap_priv.h"

#define KEPT_MAX 60 /* what is longer may break rather than stick out */

struct wrap {
	struct buf *out;
	struct str prefix; /* of this line: not written before its first word */
	struct str rest;   /* of the lines to come */
	size_t indent;	   /* columns of the prefix */
	size_t column;	   /* of the line so far, prefix included */
	bool empty;	   /* nothing written in this line yet */
	bool flows;	   /* lines broken here may be joined again */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* --- what stays together -------------------------------------------------- */

/* A control character shows nothing and may turn what follows. */
static bool is_control(uint32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') ||
	       (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

static size_t to_blank(struct str s)
{
	size_t n = 0;

	while (n < s.len && !is_blank(s.at[n]) && s.at[n] != '\n')
		n++;
	return n;
}

static bool is_address(struct str s)
{
	return str_starts(s, STR("https://")) ||
	       str_starts(s, STR("http://")) || str_starts(s, STR("mailto:"));
}

/* Length of the code that begins at `s` with a back-tick, or 0. */
static size_t code_len(struct str s)
{
	ptrdiff_t end = str_find(str_skip(s, 1), '`');
	struct str code = str_head(s, (size_t)end + 2);

	if (end <= 0 || end >= KEPT_MAX || str_find(code, '\n') >= 0)
		return 0;
	return code.len;
}

/* May the line end before the character `c` at `at`, which stands behind
 * `before`? `flags` is how many letters of flags come right before it. */
static bool may_end(uint32_t before, uint32_t c, int flags)
{
	if (wrap_is_flag(c) && flags % 2 == 1)
		return false;
	return wrap_may_break(before, c);
}

/* Most of most texts: what stands behind its like is never parted from it. */
static bool is_plain(char c)
{
	return c > ' ' && c < 0x7f && c != '`';
}

/* The shortest piece that must stay together: a word, code, an address, or
 * one wide character with what sticks to it. */
static size_t unit_len(struct str s)
{
	uint32_t before = 0;
	size_t at = 0;
	int flags = 0;

	if (is_address(s))
		return to_blank(s);
	while (at < s.len && s.at[at] != '\n') {
		struct str here = str_skip(s, at);
		uint32_t c = '`';
		size_t len;

		if (before < 0x80 && is_plain(here.at[0])) {
			before = (unsigned char)here.at[0];
			flags = 0;
			at++;
			continue;
		}
		len = here.at[0] == '`' ? code_len(here) : 0;
		if (is_blank(here.at[0]) &&
		    (at > KEPT_MAX || !wrap_keeps_blank(s, at)))
			break;
		if (len == 0)
			c = utf8_next(here, &len);
		if (at > 0 && may_end(before, c, flags))
			break;
		flags = wrap_is_flag(c) ? flags + 1 : 0;
		before = c;
		at += len;
	}
	return at;
}

static size_t width_of(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] >= 0x80)
			return utf8_width(s);
	return s.len;
}

/* --- lines ---------------------------------------------------------------- */

static void begin_line(struct wrap *w, struct str prefix)
{
	w->prefix = prefix;
	w->indent = w->column = width_of(prefix);
	w->empty = true;
}

/* RFC 3676 4.4: what begins with a blank, ">" or "From " is stuffed. */
static bool needs_stuffing(const struct wrap *w, struct str unit)
{
	return w->indent == 0 && unit.len > 0 &&
	       (unit.at[0] == '>' || unit.at[0] == ' ' ||
		str_eq(unit, STR("From")) || str_starts(unit, STR("From ")));
}

static void write_prefix(struct wrap *w, struct str unit)
{
	buf_add(w->out, w->prefix);
	if (needs_stuffing(w, unit)) {
		buf_byte(w->out, ' ');
		w->column++;
	}
}

/* Without a blank at its end: that would mean that the line goes on. */
static void end_line(struct wrap *w)
{
	struct str prefix = w->prefix;

	while (prefix.len > 0 && is_blank(prefix.at[prefix.len - 1]))
		prefix.len--;
	if (w->empty)
		buf_add(w->out, prefix);
}

/* "-- " at the end of a line would cut all that follows off as a signature
 * (RFC 3676 4.3): such a line does not flow. */
static bool is_separator(const struct wrap *w)
{
	return w->column == w->indent + 2 &&
	       str_ends(buf_str(w->out), STR("--"));
}

static void add_unit(struct wrap *w, struct str unit, bool blank)
{
	size_t width = width_of(unit);

	/* One column is kept for the blank of a flowed line. */
	if (!w->empty && w->column + blank + width > WRAP_WIDTH - 1) {
		/* Between wide characters nothing may be put: joining the
		 * lines again would leave a blank there. */
		bool flowed = blank && w->flows && !is_separator(w);

		buf_add(w->out, flowed ? STR(" \n") : STR("\n"));
		begin_line(w, w->rest);
	}
	if (w->empty) {
		write_prefix(w, unit);
		blank = false;
	}
	buf_add(w->out, blank ? STR(" ") : STR_NONE);
	buf_add(w->out, unit);
	w->column += blank + width;
	w->empty = false;
}

/* Neither C0, C1 nor U+2028 and U+2029. */
static bool is_clean(struct str unit)
{
	for (size_t i = 0; i < unit.len; i++) {
		unsigned char c = (unsigned char)unit.at[i];
		size_t len;

		if (c < 0x20 || c == 0x7f)
			return false;
		if ((c == 0xc2 || c == 0xe2) &&
		    is_control(utf8_next(str_skip(unit, i), &len)))
			return false;
	}
	return true;
}

/* A unit without its control characters; tabs in code become blanks. */
static void add_clean(struct wrap *w, struct str unit, bool blank)
{
	struct buf clean;

	buf_init(&clean, unit.len);
	while (unit.len > 0) {
		size_t len;
		uint32_t c = utf8_next(unit, &len);

		if (c == '\t')
			buf_byte(&clean, ' ');
		else if (!is_control(c))
			buf_add(&clean, str_head(unit, len));
		unit = str_skip(unit, len);
	}
	if (clean.len > 0)
		add_unit(w, buf_str(&clean), blank);
	buf_done(&clean);
}

void wrap_text(struct str text, struct str first, struct str rest,
	       struct buf *out)
{
	/* RFC 3676 4.5 wants ">>" where we write "> >", as people do: joined
	 * again, such lines would have quote marks in their middle. */
	struct wrap w = { .out = out,
			  .rest = rest,
			  .flows = str_find_str(rest, STR("> >")) < 0 };

	begin_line(&w, first);
	while (text.len > 0) {
		bool blank = false;
		struct str unit;

		while (text.len > 0 && is_blank(text.at[0])) {
			blank = true;
			text = str_skip(text, 1);
		}
		if (text.len > 0 && text.at[0] == '\n') {
			end_line(&w);
			buf_byte(out, '\n');
			begin_line(&w, rest);
			text = str_skip(text, 1);
			continue;
		}
		unit = str_head(text, unit_len(text));
		text = str_skip(text, unit.len);
		if (!is_clean(unit))
			add_clean(&w, unit, blank);
		else if (unit.len > 0)
			add_unit(&w, unit, blank);
	}
	end_line(&w);
}
