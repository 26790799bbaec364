/* lines.c - footnotes and `::` lines, taken out before cmark reads the rest
 *
 * A footnote's definition would be a link's definition to cmark. It moves to
 * the front as a quotation of its own, which keeps whatever is in it, and the
 * k-th quotation of the tree is then the k-th footnote. A `:::` line becomes
 * a comment in its place: such a comment ends the paragraph before it, stands
 * alone in lists and quotes too, and keeps the count of lines.
 */
#include <stdlib.h>

#include "markdown_priv.h"

#define LABEL_MAX      100
#define DIRECTIVES_MAX 2000

struct cutter {
	struct markdown *m;
	struct str text;
	bool *code; /* by line, from 1 */
	struct buf notes, body;
	uint32_t *note_lines; /* the source line of each line in notes */
	size_t note_line_count;
	struct note *open; /* whose lines we are in */
	uint32_t blanks;   /* empty lines since: its own or not */
	bool paragraph;	   /* its last line can go on without indent */
};

static size_t count_lines(struct str text)
{
	size_t count = 1;

	for (size_t i = 0; i < text.len; i++)
		count += text.at[i] == '\n';
	return count;
}

static size_t count_of(struct str text, struct str what)
{
	size_t count = 0;

	for (ptrdiff_t at; (at = str_find_str(text, what)) >= 0; count++)
		text = str_skip(text, (size_t)at + what.len);
	return count;
}

static bool is_blank(struct str line)
{
	return str_trim(line).len == 0;
}

/* Blanks at the start, a tab for four. */
static size_t indent_of(struct str line, size_t *bytes_out)
{
	size_t columns = 0;
	size_t i = 0;

	for (; i < line.len && columns < 4; i++) {
		if (line.at[i] == '\t')
			columns = 4;
		else if (line.at[i] == ' ')
			columns++;
		else
			break;
	}
	*bytes_out = i;
	return columns;
}

/* Four columns of indentation taken off, if there are. */
static bool cut_indent(struct str *line)
{
	size_t bytes;

	if (indent_of(*line, &bytes) < 4)
		return false;
	*line = str_skip(*line, bytes);
	return true;
}

/* "[^label]:" with at most three blanks before it. */
static bool is_definition(struct str line, struct str *label_out,
			  struct str *rest_out)
{
	size_t at, end;

	if (indent_of(line, &at) > 3 ||
	    !str_starts(str_skip(line, at), STR("[^")))
		return false;
	line = str_skip(line, at + 2);
	for (end = 0; end < line.len && end <= LABEL_MAX; end++)
		if (memchr(" \t[]", line.at[end], 4))
			break;
	if (end == 0 || end > LABEL_MAX ||
	    !str_starts(str_skip(line, end), STR("]:")))
		return false;
	*label_out = str_head(line, end);
	*rest_out = str_skip(line, end + 2);
	return true;
}

/* A line that begins something of its own, so that it cannot go on with the
 * paragraph of a footnote. */
static bool begins_block(struct str line)
{
	size_t i;

	line = str_trim(line);
	if (line.len > 0 && memchr("#>-*+<=`~:|", line.at[0], 11))
		return true;
	for (i = 0; i < line.len && is_digit(line.at[i]); i++)
		;
	return i > 0 && i < line.len &&
	       (line.at[i] == '.' || line.at[i] == ')');
}

static void add_note_line(struct cutter *c, struct str line, uint32_t number)
{
	buf_addz(&c->notes, "> ");
	buf_add(&c->notes, line);
	buf_byte(&c->notes, '\n');
	c->note_lines[c->note_line_count++] = number;
}

static void close_note(struct cutter *c)
{
	if (!c->open)
		return;
	c->open = NULL;
	/* An empty line parts this quotation from the next. */
	buf_byte(&c->notes, '\n');
	c->note_lines[c->note_line_count++] = 0;
}

/* In a footnote: is line `number` still of it? */
static bool goes_on(struct cutter *c, struct str line, uint32_t number)
{
	struct str label, rest;

	if (is_blank(line)) {
		c->blanks++;
		return true;
	}
	if (!cut_indent(&line) &&
	    (c->blanks > 0 || !c->paragraph || begins_block(line) ||
	     is_definition(line, &label, &rest)))
		return false;
	for (; c->blanks > 0; c->blanks--)
		add_note_line(c, STR_NONE, number - c->blanks);
	add_note_line(c, line, number);
	c->paragraph = !begins_block(line);
	return true;
}

static void open_note(struct cutter *c, struct str label, struct str rest,
		      uint32_t number)
{
	struct note *note = &c->m->notes[c->m->note_count++];

	*note = (struct note){ .label = label, .line = number };
	c->open = note;
	c->blanks = 0;
	c->paragraph = !is_blank(rest) && !begins_block(rest);
	add_note_line(c, str_trim(rest), number);
}

/* "-", "*", "+", "1." or "1)" with a blank behind it: the length, else 0. */
static size_t list_mark_len(struct str line)
{
	size_t i = 0;

	while (i < line.len && is_digit(line.at[i]))
		i++;
	if (i == line.len || !(i > 0 ? memchr(".)", line.at[i], 2)
				     : memchr("-*+", line.at[i], 3)))
		return 0;
	i++;
	return i < line.len && memchr(" \t", line.at[i], 2) ? i : 0;
}

/* What may stand before a block in its line: blanks, the marks of quotations
 * and of list items. */
static size_t before_block(struct str line)
{
	size_t at = 0;
	size_t len;

	do {
		while (at < line.len && memchr(" \t>", line.at[at], 3))
			at++;
		len = list_mark_len(str_skip(line, at));
		at += len;
	} while (len > 0);
	return at;
}

/* Each block is written by a template: a thousand would be no letter. */
static int too_many(const struct markdown *m, uint32_t line, struct err *err)
{
	err_set(err, ERR_INPUT,
		"the article has more than %d lines that begin or end blocks",
		DIRECTIVES_MAX);
	err_hint(err, "make several articles of it");
	return markdown_place(m, err, line, 0);
}

/* 1 when `line` was a directive and its mark is in the body, 0, or -1. */
static int cut_directive(struct cutter *c, struct str line, uint32_t number,
			 struct err *err)
{
	struct markdown *m = c->m;
	struct directive *d = &m->directives[m->directive_count];
	size_t at = before_block(line);
	struct str rest = str_skip(line, at);
	int rc = 0;

	if (str_starts(rest, STR("::")))
		rc = directive_read(m, rest, number, (uint32_t)at + 1, d, err);
	else if (str_starts(rest, STR(MARK_OPEN)))
		rc = directive_read_tag(m, rest, number, d);
	if (rc <= 0)
		return rc;
	if (m->directive_count >= DIRECTIVES_MAX)
		return too_many(m, number, err);
	buf_add(&c->body, str_head(line, at));
	buf_fmt(&c->body, "<!--" MARK_CLOSE "%zu" MARK_CLOSE "-->",
		m->directive_count++);
	return 1;
}

static int cut_line(struct cutter *c, struct str line, uint32_t number,
		    struct err *err)
{
	struct str label, rest;
	int rc;

	if (c->open) {
		if (goes_on(c, line, number)) {
			buf_byte(&c->body, '\n');
			return 0;
		}
		close_note(c);
	}
	if (!c->code[number] && is_definition(line, &label, &rest)) {
		open_note(c, label, rest, number);
		buf_byte(&c->body, '\n');
		return 0;
	}
	rc = c->code[number] ? 0 : cut_directive(c, line, number, err);
	if (rc == 0)
		buf_add(&c->body, line);
	buf_byte(&c->body, '\n');
	return rc < 0 ? -1 : 0;
}

static int by_label(const void *a, const void *b)
{
	const struct note *x = a;
	const struct note *y = b;
	int order = str_cmp(x->label, y->label);

	if (order != 0)
		return order;
	return x->line < y->line ? -1 : x->line > y->line;
}

static int sort_notes(struct markdown *m, struct err *err)
{
	if (m->note_count == 0)
		return 0;
	qsort(m->notes, m->note_count, sizeof(m->notes[0]), by_label);
	for (size_t i = 1; i < m->note_count; i++) {
		if (!str_eq(m->notes[i].label, m->notes[i - 1].label))
			continue;
		err_set(err, ERR_INPUT,
			"the footnote '" STR_FMT "' is defined a second time",
			STR_ARG(source_restore(m, m->notes[i].label)));
		err_hint(err, "give one of the two another name");
		return markdown_place(m, err, m->notes[i].line, 0);
	}
	return 0;
}

/* The footnotes in the order in which their quotations stand. */
static int by_line(const void *a, const void *b)
{
	const struct note *x = *(struct note *const *)a;
	const struct note *y = *(struct note *const *)b;

	return x->line < y->line ? -1 : x->line > y->line;
}

static void order_notes(struct markdown *m)
{
	m->notes_met = arena_many(m->arena, struct note *, m->note_count + 1);
	for (size_t i = 0; i < m->note_count; i++)
		m->notes_met[i] = &m->notes[i];
	if (m->note_count > 1)
		qsort(m->notes_met, m->note_count, sizeof(m->notes_met[0]),
		      by_line);
}

/* m->text, and where its lines begin and come from. */
static void set_text(struct markdown *m, struct str text,
		     const uint32_t *note_lines, size_t note_line_count)
{
	size_t count = count_lines(text);
	uint32_t *line_of = arena_many(m->arena, uint32_t, count + 2);
	size_t *starts = arena_many(m->arena, size_t, count + 2);
	size_t line = 1;

	for (size_t n = 1; n <= count; n++)
		line_of[n] = n <= note_line_count
				     ? note_lines[n - 1]
				     : (uint32_t)(n - note_line_count);
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == '\n')
			starts[++line] = i + 1;
	starts[count + 1] = text.len + 1;
	m->text = text;
	m->line_count = (uint32_t)count;
	m->line_of = line_of;
	m->starts = starts;
}

struct str lines_get(const struct markdown *m, uint32_t n)
{
	if (n < 1 || n > m->line_count)
		return STR_NONE;
	return str_at(m->text.at + m->starts[n],
		      m->starts[n + 1] - m->starts[n] - 1);
}

static int cut_lines(struct cutter *c, struct err *err)
{
	struct str rest = c->text;

	for (uint32_t number = 1; rest.len > 0; number++) {
		struct str line = str_cut(rest, '\n', &rest);

		if (cut_line(c, line, number, err) < 0)
			return -1;
	}
	close_note(c);
	return sort_notes(c->m, err);
}

int lines_cut(struct markdown *m, struct str text, struct err *err)
{
	struct cutter c = { .m = m, .text = text };
	size_t lines = count_lines(text);
	size_t notes = count_of(text, STR("[^"));
	size_t directives = count_of(text, STR("::")) + m->condition_tags;
	int rc;

	if (m->bare || notes + directives == 0) {
		set_text(m, text, NULL, 0);
		order_notes(m);
		return 0;
	}
	c.code = arena_many(m->arena, bool, lines + 2);
	c.note_lines = arena_many(m->arena, uint32_t, 2 * lines + 2);
	m->notes = arena_many(m->arena, struct note, notes + 1);
	m->directives = arena_many(m->arena, struct directive, directives + 1);
	tree_find_code(text, c.code, lines);
	buf_init(&c.notes, 8 * text.len + 1024);
	buf_init(&c.body, 16 * text.len + 1024);
	rc = cut_lines(&c, err);
	buf_add(&c.notes, buf_str(&c.body));
	if (rc == 0) {
		set_text(m, arena_dup(m->arena, buf_str(&c.notes)),
			 c.note_lines, c.note_line_count);
		order_notes(m);
	}
	buf_done(&c.notes);
	buf_done(&c.body);
	return rc;
}
