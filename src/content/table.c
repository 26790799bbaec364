/* table.c - GFM tables, found in what cmark takes for paragraphs
 *
 * A table is a paragraph one of whose lines says how columns are aligned and
 * has as many cells as the line before it. Cells are cut from the lines as
 * they were written: a '|' parts them even inside `code` (GFM 4.10), so the
 * inlines that cmark made of the paragraph are of no use.
 */
#include "markdown_priv.h"

#define COLUMNS_MAX 50 /* no letter shows so many */

struct search {
	struct markdown *m;
	int quotes; /* quotations around */
	const struct node *paragraph;
};

struct row {
	struct str cells[COLUMNS_MAX];
	size_t count; /* one more than the maximum: too many */
	bool piped;   /* has a '|' at all */
};

/* Line `n` of the paragraph without what its containers ask for. */
static struct str get_line(const struct search *s, uint32_t n)
{
	struct str line = lines_get(s->m, n);

	if (n == s->paragraph->from && s->paragraph->column > 0 &&
	    s->paragraph->column <= line.len)
		return str_trim(str_skip(line, s->paragraph->column - 1));
	line = str_trim(line);
	for (int i = 0; i < s->quotes && str_starts(line, STR(">")); i++)
		line = str_trim(str_skip(line, 1));
	return line;
}

static size_t find_pipe(struct str line, size_t at)
{
	for (; at < line.len; at++)
		if (line.at[at] == '|' && (at == 0 || line.at[at - 1] != '\\'))
			break;
	return at;
}

static void cut_row(struct str line, struct row *row)
{
	row->count = 0;
	row->piped = find_pipe(line, 0) < line.len;
	if (str_starts(line, STR("|")))
		line = str_skip(line, 1);
	while (line.len > 0) {
		size_t end = find_pipe(line, 0);

		if (row->count == COLUMNS_MAX) {
			row->count++;
			return;
		}
		row->cells[row->count++] = str_trim(str_head(line, end));
		line = str_skip(line, end < line.len ? end + 1 : end);
	}
}

/* ":---:", or false. */
static bool read_alignment(struct str cell, int *align_out)
{
	bool left = str_starts(cell, STR(":"));
	bool right = cell.len > 1 && str_ends(cell, STR(":"));

	cell = str_skip(cell, left);
	cell.len -= right;
	for (size_t i = 0; i < cell.len; i++)
		if (cell.at[i] != '-')
			return false;
	*align_out = left && right ? ALIGN_CENTER
		     : left	   ? ALIGN_LEFT
		     : right	   ? ALIGN_RIGHT
				   : ALIGN_NONE;
	return cell.len > 0;
}

static bool read_alignments(const struct row *row, int *aligns)
{
	if (row->count == 0)
		return false;
	for (size_t i = 0; i < row->count && i < COLUMNS_MAX; i++)
		if (!read_alignment(row->cells[i], &aligns[i]))
			return false;
	return true;
}

/* Most lines are no delimiter rows; their first byte tells. */
static bool may_be_delimiters(struct str line)
{
	return line.len > 0 && memchr("|:-", line.at[0], 3);
}

/* The line of the delimiters, or 0. */
static uint32_t find_delimiters(const struct search *s, int *aligns,
				size_t *columns_out)
{
	for (uint32_t n = s->paragraph->from + 1; n <= s->paragraph->to; n++) {
		struct str line = get_line(s, n);
		struct row marks, head;

		if (!may_be_delimiters(line))
			continue;
		cut_row(line, &marks);
		if (!read_alignments(&marks, aligns))
			continue;
		cut_row(get_line(s, n - 1), &head);
		if (head.count != marks.count || !(head.piped || marks.piped))
			continue;
		*columns_out = marks.count;
		return n;
	}
	return 0;
}

static void add_piece(struct markdown *m, struct node *into, struct str text)
{
	struct piece *piece = arena_new_of(m->arena, struct piece);

	piece->into = into;
	piece->text = text;
	piece->line = into->line;
	if (m->last_piece)
		m->last_piece->next = piece;
	else
		m->pieces = piece;
	m->last_piece = piece;
}

/* "\|" is how a cell says "|", in code too. */
static struct str unescape(struct arena *arena, struct str cell)
{
	char *plain;
	size_t len = 0;

	if (str_find_str(cell, STR("\\|")) < 0)
		return cell;
	plain = arena_take(arena, cell.len + 1);
	for (size_t i = 0; i < cell.len; i++)
		if (cell.at[i] != '\\' || i + 1 == cell.len ||
		    cell.at[i + 1] != '|')
			plain[len++] = cell.at[i];
	return str_at(plain, len);
}

/* Cells that are missing are empty, those too many are dropped (GFM). */
static int add_row(const struct search *s, struct node *table, uint32_t n,
		   const int *aligns, struct err *err)
{
	struct markdown *m = s->m;
	struct node *row = node_new(m, BLOCK_ROW, m->line_of[n]);
	size_t columns = (size_t)table->number;
	struct row cut;

	cut_row(get_line(s, n), &cut);
	if (!table->first)
		row->flags = BLOCK_HEAD;
	node_push(table, row);
	for (size_t i = 0; i < columns; i++) {
		struct node *cell = node_new(m, BLOCK_CELL, row->line);

		cell->level = aligns[i];
		node_push(row, cell);
		if (i < cut.count && cut.cells[i].len > 0)
			add_piece(m, cell, unescape(m->arena, cut.cells[i]));
	}
	if (m->nodes > NODES_MAX)
		return markdown_too_many(m, row->line, err);
	return 0;
}

static bool is_link_definition(struct str line)
{
	return str_starts(line, STR("[")) && str_find_str(line, STR("]:")) > 0;
}

/* Lines `from` to before `head` stay a paragraph. Blanks lead all but the
 * first, so that none of them begins a block of its own. */
static void keep_paragraph(const struct search *s, struct node *parent,
			   uint32_t head)
{
	struct markdown *m = s->m;
	uint32_t n = s->paragraph->from;
	struct node *node;
	struct buf text;

	while (n < head && is_link_definition(get_line(s, n)))
		n++;
	if (n == head)
		return;
	node = node_new(m, BLOCK_PARAGRAPH, m->line_of[n]);
	node_push(parent, node);
	buf_init(&text, 16 * m->text.len + 1024);
	for (; n < head; n++) {
		buf_add(&text, get_line(s, n));
		if (n + 1 < head)
			buf_addz(&text, "\n    ");
	}
	add_piece(m, node, arena_dup(m->arena, buf_str(&text)));
	buf_done(&text);
}

static int too_wide(const struct markdown *m, uint32_t line, struct err *err)
{
	err_set(err, ERR_INPUT, "a table of more than %d columns", COLUMNS_MAX);
	err_hint(err, "turn it on its side, or make several of it");
	return markdown_place(m, err, line, 0);
}

/* Put the paragraph, or the table that it is, below `parent`. */
static int place(const struct search *s, struct node *parent,
		 struct node *paragraph, struct err *err)
{
	int aligns[COLUMNS_MAX];
	size_t columns;
	uint32_t n = find_delimiters(s, aligns, &columns);
	struct node *table;

	if (n == 0) {
		node_push(parent, paragraph);
		return 0;
	}
	if (columns > COLUMNS_MAX)
		return too_wide(s->m, s->m->line_of[n - 1], err);
	keep_paragraph(s, parent, n - 1);
	table = node_new(s->m, BLOCK_TABLE, s->m->line_of[n - 1]);
	table->number = (int)columns;
	node_push(parent, table);
	if (add_row(s, table, n - 1, aligns, err) < 0)
		return -1;
	while (++n <= paragraph->to)
		if (add_row(s, table, n, aligns, err) < 0)
			return -1;
	return 0;
}

static int search_below(struct search s, struct node *parent, struct err *err)
{
	struct node *next;

	s.quotes += parent->kind == BLOCK_QUOTE;
	for (struct node *child = node_take_all(parent); child; child = next) {
		int rc = 0;

		next = child->next;
		s.paragraph = child;
		if (child->kind == BLOCK_PARAGRAPH && child->to > child->from &&
		    child->to <= s.m->line_count) {
			rc = place(&s, parent, child, err);
		} else {
			if (child->kind == BLOCK_QUOTE ||
			    child->kind == BLOCK_LIST ||
			    child->kind == BLOCK_ITEM)
				rc = search_below(s, child, err);
			node_push(parent, child);
		}
		if (rc < 0)
			return -1;
	}
	return 0;
}

int table_find(struct markdown *m, struct node *document, struct err *err)
{
	struct search s = { .m = m };

	if (str_find(m->text, '|') < 0)
		return 0;
	return search_below(s, document, err);
}
