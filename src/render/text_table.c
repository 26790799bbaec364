/* text_table.c - tables in the text part: columns where they fit the line,
 * else a "Head: value" line for each cell */
#include "base/utf8.h"
#include "phrases_priv.h"
#include "render/wrap.h"
#include "text_priv.h"

#define COLUMNS_MAX 64
#define BETWEEN	    2 /* blanks between columns */

struct grid {
	struct text *t;
	const struct block *table;
	size_t columns;
	size_t width[COLUMNS_MAX];
	bool right[COLUMNS_MAX]; /* numbers, or told so */
	bool slots;		 /* a cell depends on the reader */
};

static bool is_number(struct str s)
{
	bool digit = false;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		digit = digit || (c >= '0' && c <= '9');
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
			return false;
	}
	return digit;
}

static struct str plain_cell(struct text *t, const struct block *cell,
			     bool *slots)
{
	struct draft *draft = text_inlines(t, cell);
	struct str text = draft_plain(draft, t->letter->arena);
	char *copy = arena_z(t->letter->arena, text);

	if (draft_has_slots(draft))
		*slots = true;
	for (size_t i = 0; i < text.len; i++)
		if (copy[i] == '\n')
			copy[i] = ' ';
	return str_trim(str_at(copy, text.len));
}

/* A column is to the right when the author says so, or when he says nothing
 * and all below its head are numbers. */
static void measure(struct grid *grid, const struct block *row)
{
	const struct block *cell = blocks_first(grid->t->blocks, row);
	size_t column = 0;

	for (; cell && column < COLUMNS_MAX;
	     cell = blocks_next(grid->t->blocks, cell), column++) {
		struct str text = plain_cell(grid->t, cell, &grid->slots);
		size_t width = utf8_width(text);
		bool head = row->flags & BLOCK_HEAD;

		if (width > grid->width[column])
			grid->width[column] = width;
		if (head)
			grid->right[column] = cell->level == ALIGN_NONE ||
					      cell->level == ALIGN_RIGHT;
		else if (cell->level == ALIGN_NONE && !is_number(text))
			grid->right[column] = false;
		if (column + 1 > grid->columns)
			grid->columns = column + 1;
	}
}

static size_t total_width(const struct grid *grid)
{
	size_t total = 0;

	for (size_t i = 0; i < grid->columns; i++)
		total += grid->width[i] + (i > 0 ? BETWEEN : 0);
	return total;
}

static void blanks(struct buf *line, size_t n)
{
	while (n-- > 0)
		buf_byte(line, ' ');
}

static void put_cell(const struct grid *grid, size_t column, struct str text,
		     struct buf *line)
{
	size_t fill = grid->width[column] - utf8_width(text);

	blanks(line, column > 0 ? BETWEEN : 0);
	blanks(line, grid->right[column] ? fill : 0);
	buf_add(line, text);
	if (column + 1 < grid->columns)
		blanks(line, grid->right[column] ? 0 : fill);
}

static void put_row(const struct grid *grid, struct lead *lead,
		    const struct block *row)
{
	const struct block *cell = blocks_first(grid->t->blocks, row);
	struct buf line;
	bool slots;

	buf_init(&line, ARTICLE_MAX * 4);
	for (size_t i = 0; i < grid->columns; i++) {
		struct str text = STR_NONE;

		if (cell) {
			text = plain_cell(grid->t, cell, &slots);
			cell = blocks_next(grid->t->blocks, cell);
		}
		put_cell(grid, i, text, &line);
	}
	text_line(grid->t, lead, buf_str(&line));
	buf_done(&line);
}

static void put_rule(const struct grid *grid, struct lead *lead)
{
	struct buf line;

	buf_init(&line, ARTICLE_MAX);
	for (size_t i = 0; i < grid->columns; i++) {
		blanks(&line, i > 0 ? BETWEEN : 0);
		for (size_t n = 0; n < grid->width[i]; n++)
			buf_byte(&line, '-');
	}
	text_line(grid->t, lead, buf_str(&line));
	buf_done(&line);
}

static void put_columns(const struct grid *grid, struct lead *lead)
{
	const struct block *row = blocks_first(grid->t->blocks, grid->table);
	struct lead stuffed = { STR(" "), STR(" "), false };

	/* A number to the right may begin a line with blanks: then all lines
	 * of the table get the one more that RFC 3676 asks for. */
	if (lead->rest.len == 0)
		lead = &stuffed;
	for (; row; row = blocks_next(grid->t->blocks, row)) {
		put_row(grid, lead, row);
		if (row->flags & BLOCK_HEAD)
			put_rule(grid, lead);
	}
}

/* --- too wide ------------------------------------------------------------- */

static void put_pair(struct text *t, struct lead *lead,
		     const struct block *head, const struct block *cell)
{
	struct draft *words = text_inlines(t, cell);
	struct draft *label = draft_new(t->letter->arena);
	bool slots;

	if (!draft_has_slots(words) &&
	    str_trim(draft_plain(words, t->letter->arena)).len == 0)
		return;
	if (head) {
		draft_text(label, plain_cell(t, head, &slots));
		words = phrase_label_draft(t->letter, label, words);
	}
	text_fill(t, lead, words);
}

static void put_pairs(const struct grid *grid, struct lead *lead)
{
	struct text *t = grid->t;
	const struct block *first = blocks_first(t->blocks, grid->table);
	const struct block *row = first;
	bool has_head = first->flags & BLOCK_HEAD;

	if (has_head)
		row = blocks_next(t->blocks, row);
	for (; row; row = blocks_next(t->blocks, row)) {
		const struct block *head = has_head ? blocks_first(t->blocks,
								   first)
						    : NULL;
		const struct block *cell = blocks_first(t->blocks, row);

		text_space(t, lead, 1);
		for (; cell; cell = blocks_next(t->blocks, cell)) {
			put_pair(t, lead, head, cell);
			if (head)
				head = blocks_next(t->blocks, head);
		}
	}
}

void text_table(struct text *t, struct lead *lead, const struct block *table)
{
	struct grid grid = { .t = t, .table = table };
	const struct block *row = blocks_first(t->blocks, table);
	size_t used = text_width(lead->rest);
	size_t room = used < WRAP_WIDTH ? WRAP_WIDTH - used : 0;

	if (!row)
		return;
	for (; row; row = blocks_next(t->blocks, row))
		measure(&grid, row);
	if (grid.slots || total_width(&grid) > room)
		put_pairs(&grid, lead);
	else
		put_columns(&grid, lead);
}
