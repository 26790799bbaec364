/* text_line.c - lines of the text part: their beginnings, ends and widths */
#include "base/utf8.h"
#include "render/wrap.h"
#include "text_priv.h"

#define LINES_MAX ((size_t)16 * 1024 * 1024)

/* A blank that must stay one and where no line may end: inside code, before
 * a unit. Of the private characters; a blank again after wrapping. */
#define KEPT	 STR("\xee\x80\x82")
#define KEPT_MAX 60 /* longer code may break rather than stick out */

/* --- beginnings ----------------------------------------------------------- */

void text_space(struct text *t, const struct lead *lead, int n)
{
	/* Nothing stands above the first line, of the letter or of an item. */
	if (!t->begun || !lead->begun)
		return;
	if (n > t->space)
		t->space = n;
	t->space_lead = str_trim(lead->rest);
}

/* Empty lines that were asked for, then what the next line begins with. */
static struct str begin(struct text *t, struct lead *lead)
{
	struct str start = lead->begun ? lead->rest : lead->first;

	for (; t->space > 0; t->space--) {
		pen_add(&t->pen, t->space_lead);
		pen_put(&t->pen, "\n");
	}
	t->begun = true;
	lead->begun = true;
	return start;
}

struct lead text_inside(struct text *t, struct lead *outer, const char *first,
			const char *rest)
{
	/* At the margin a line that starts with a blank needs one more; so do
	 * all its neighbours, or they would not stand below each other. */
	const char *stuff = outer->rest.len == 0 && rest[0] == ' ' ? " " : "";
	struct str start = outer->begun ? outer->rest : outer->first;
	struct arena *arena = t->letter->arena;

	outer->begun = true;
	return (struct lead){
		.first = arena_fmt(arena, STR_FMT "%s%s", STR_ARG(start), stuff,
				   first),
		.rest = arena_fmt(arena, STR_FMT "%s%s", STR_ARG(outer->rest),
				  stuff, rest),
	};
}

/* --- lines ---------------------------------------------------------------- */

static struct str without_blanks(struct str s)
{
	while (s.len > 0 && s.at[s.len - 1] == ' ')
		s.len--;
	return s;
}

void text_line(struct text *t, struct lead *lead, struct str line)
{
	struct str start = begin(t, lead);

	line = without_blanks(line);
	pen_add(&t->pen, line.len > 0 ? start : without_blanks(start));
	if (start.len == 0 &&
	    (str_starts(line, STR(" ")) || str_starts(line, STR(">")) ||
	     str_starts(line, STR("From "))))
		pen_put(&t->pen, " ");
	pen_add(&t->pen, line);
	pen_put(&t->pen, "\n");
}

void text_address_line(struct text *t, struct lead *lead, const char *label,
		       struct str url)
{
	pen_add(&t->pen, begin(t, lead));
	pen_put(&t->pen, label);
	pen_address(&t->pen, url);
	pen_put(&t->pen, "\n");
}

/* --- paragraphs ----------------------------------------------------------- */

static bool is_unit(struct str s)
{
	static const struct str units[] = {
		STR("€"), STR("£"), STR("$"), STR("¥"), STR("%"), STR("°"),
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (str_starts(s, units[i]))
			return true;
	return false;
}

/* Length of the code that begins at `s` with a back-tick, or 0. */
static size_t code_length(struct str s)
{
	ptrdiff_t end = str_find(str_skip(s, 1), '`');

	return end > 0 && end < KEPT_MAX ? (size_t)end + 2 : 0;
}

static void keep_blanks(struct str text, struct buf *out)
{
	size_t code = 0; /* bytes of it that are still to come */

	for (size_t i = 0; i < text.len; i++) {
		bool digit = i > 0 && text.at[i - 1] >= '0' &&
			     text.at[i - 1] <= '9';
		bool kept = code > 0 ||
			    (digit && is_unit(str_skip(text, i + 1)));

		if (text.at[i] == '`' && code == 0)
			code = code_length(str_skip(text, i));
		if (text.at[i] == ' ' && kept)
			buf_add(out, KEPT);
		else
			buf_byte(out, text.at[i]);
		code -= code > 0;
	}
}

static void free_blanks(struct str text, struct buf *out)
{
	ptrdiff_t hit;

	while ((hit = str_find_str(text, KEPT)) >= 0) {
		buf_add(out, str_head(text, (size_t)hit));
		buf_byte(out, ' ');
		text = str_skip(text, (size_t)hit + KEPT.len);
	}
	buf_add(out, text);
}

static void end_hard(struct buf *lines, struct buf *out)
{
	struct str rest = buf_str(lines);
	bool first = true;

	for (; first || rest.len > 0; first = false) {
		buf_addz(out, first ? "" : "\n");
		buf_add(out, without_blanks(str_cut(rest, '\n', &rest)));
	}
}

struct str text_lines(struct letter *letter, struct str words,
		      const struct lead *lead, bool hard)
{
	struct str result;
	struct buf one;
	struct buf two;

	buf_init(&one, LINES_MAX);
	buf_init(&two, LINES_MAX);
	keep_blanks(words, &one);
	wrap_text(buf_str(&one), lead->begun ? lead->rest : lead->first,
		  lead->rest, &two);
	buf_reset(&one);
	free_blanks(buf_str(&two), &one);
	buf_reset(&two);
	if (hard)
		end_hard(&one, &two);
	result = hard ? buf_str(&two) : without_blanks(buf_str(&one));
	result = arena_dup(letter->arena, result);
	buf_done(&one);
	buf_done(&two);
	return result;
}

/* Lines wrapped at what the lead gives, after the empty ones asked for. */
static void put_lines(struct text *t, struct lead *lead, struct str words,
		      bool hard)
{
	struct str lines = text_lines(t->letter, words, lead, hard);

	begin(t, lead);
	pen_add(&t->pen, lines);
	pen_put(&t->pen, "\n");
}

static void fill(struct text *t, struct lead *lead, const struct draft *words,
		 bool hard)
{
	struct str start;

	if (!draft_has_slots(words)) {
		put_lines(t, lead, draft_plain(words, t->letter->arena), hard);
		return;
	}
	start = begin(t, lead);
	pen_flush(&t->pen);
	draft_wrap(t->pen.draft, start, lead->rest);
	draft_append(t->pen.draft, words);
	draft_end(t->pen.draft);
	pen_put(&t->pen, "\n");
}

void text_fill(struct text *t, struct lead *lead, const struct draft *words)
{
	fill(t, lead, words, false);
}

void text_fill_hard(struct text *t, struct lead *lead,
		    const struct draft *words)
{
	fill(t, lead, words, true);
}

size_t text_width(struct str text)
{
	size_t widest = 0;

	while (text.len > 0) {
		size_t width = utf8_width(str_cut(text, '\n', &text));

		widest = width > widest ? width : widest;
	}
	return widest;
}
