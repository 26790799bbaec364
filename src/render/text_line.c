/* text_line.c - lines of the text part: their beginnings, ends and widths */
#include "base/utf8.h"
#include "render/wrap.h"
#include "text_priv.h"

#define LINES_MAX ((size_t)16 * 1024 * 1024)

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

void text_centred(struct text *t, struct lead *lead, struct str line)
{
	size_t width = text_width(line) + text_width(lead->rest);
	size_t blanks = width < WRAP_WIDTH ? (WRAP_WIDTH - width) / 2 : 0;

	text_line(t, lead,
		  arena_fmt(t->letter->arena, "%*s" STR_FMT, (int)blanks, "",
			    STR_ARG(line)));
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
	struct buf lines;
	struct buf ended;

	buf_init(&lines, LINES_MAX);
	buf_init(&ended, LINES_MAX);
	wrap_text(words, lead->begun ? lead->rest : lead->first, lead->rest,
		  &lines);
	if (hard)
		end_hard(&lines, &ended);
	result = arena_dup(letter->arena, buf_str(hard ? &ended : &lines));
	buf_done(&lines);
	buf_done(&ended);
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
