/* html_cells.c - tables of raw HTML become tables of ours, or what they hold
 *
 * A table that only arranges pictures and paragraphs is taken apart: they
 * stand below each other, as on a phone. In a table of data a cell that goes
 * over several columns or rows leaves empty ones beside and below it.
 */
#include "html_priv.h"

#define COLUMNS_MAX 100

struct table {
	struct builder *b;
	struct node *node;
	int below[COLUMNS_MAX]; /* rows that a cell still reaches into */
};

/* --- what kind of table ---------------------------------------------------*/

static bool is_head(const GumboElement *element)
{
	return element->tag == GUMBO_TAG_TH;
}

/* What no cell of data has. */
static bool is_arranged(const GumboElement *element)
{
	switch ((int)element->tag) {
	case GUMBO_TAG_TBODY:
	case GUMBO_TAG_THEAD:
	case GUMBO_TAG_TFOOT:
	case GUMBO_TAG_TR:
	case GUMBO_TAG_TD:
	case GUMBO_TAG_CAPTION:
		return false;
	case GUMBO_TAG_IMG:
		return true;
	default:
		return html_rule_of(element) == HTML_KEEP ||
		       html_rule_of(element) == HTML_PART;
	}
}

static bool has_below(const GumboElement *element, int depth,
		      bool (*is)(const GumboElement *element))
{
	for (unsigned i = 0; i < element->children.length; i++) {
		const GumboNode *child = element->children.data[i];

		if (child->type == GUMBO_NODE_ELEMENT && depth < DEPTH_MAX &&
		    (is(&child->v.element) ||
		     has_below(&child->v.element, depth + 1, is)))
			return true;
	}
	return false;
}

/* --- rows -----------------------------------------------------------------*/

static bool is_full(const struct table *t)
{
	return t->b->m->nodes > NODES_MAX;
}

static struct node *add_cell(const struct table *t, struct node *row)
{
	struct node *cell = html_make(t->b, BLOCK_CELL);

	node_push(row, cell);
	row->number++;
	return cell;
}

/* Columns that a cell of an earlier row reaches into. */
static void add_reached(struct table *t, struct node *row)
{
	while (row->number < COLUMNS_MAX && t->below[row->number] > 0) {
		t->below[row->number]--;
		add_cell(t, row);
	}
}

static int read_span(const GumboElement *element, const char *name)
{
	int64_t span;

	if (!str_int64(str_of(html_get(element, name)), &span) || span < 1)
		return 1;
	return (int)span;
}

static void put_cell(struct table *t, struct node *row,
		     const GumboElement *element)
{
	int rows = read_span(element, "rowspan");
	int columns = read_span(element, "colspan");
	struct node *words;
	struct node *cell;

	add_reached(t, row);
	if (row->number >= COLUMNS_MAX)
		return;
	t->below[row->number] = rows - 1;
	words = cell = add_cell(t, row);
	cell->level = html_align(element, ALIGN_NONE);
	if (is_head(element) && !(row->flags & BLOCK_HEAD)) {
		words = html_make(t->b, BLOCK_STRONG);
		node_push(cell, words);
	}
	html_words(t->b, words, element);
	while (--columns > 0 && row->number < COLUMNS_MAX) {
		t->below[row->number] = rows - 1;
		add_cell(t, row);
	}
}

/* A cell of the row, or NULL. */
static const GumboElement *cell_at(const GumboElement *row, unsigned i)
{
	const GumboNode *child = row->children.data[i];

	if (child->type != GUMBO_NODE_ELEMENT ||
	    (child->v.element.tag != GUMBO_TAG_TD &&
	     child->v.element.tag != GUMBO_TAG_TH))
		return NULL;
	return &child->v.element;
}

static bool is_head_row(const GumboElement *element)
{
	bool any = false;

	for (unsigned i = 0; i < element->children.length; i++) {
		const GumboElement *cell = cell_at(element, i);

		if (cell && !is_head(cell))
			return false;
		any = any || cell;
	}
	return any;
}

static void put_row(struct table *t, const GumboElement *element)
{
	struct node *row = html_make(t->b, BLOCK_ROW);

	if (!t->node->first && is_head_row(element))
		row->flags = BLOCK_HEAD;
	for (unsigned i = 0; i < element->children.length && !is_full(t); i++)
		if (cell_at(element, i))
			put_cell(t, row, cell_at(element, i));
	add_reached(t, row);
	if (!row->first)
		return;
	if (row->number > t->node->number)
		t->node->number = row->number;
	node_push(t->node, row);
}

static void put_rows(struct table *t, const GumboElement *element)
{
	for (unsigned i = 0; i < element->children.length && !is_full(t); i++) {
		const GumboNode *child = element->children.data[i];

		if (child->type != GUMBO_NODE_ELEMENT)
			continue;
		if (child->v.element.tag == GUMBO_TAG_TR)
			put_row(t, &child->v.element);
		else if (child->v.element.tag == GUMBO_TAG_CAPTION)
			html_part(t->b, &child->v.element);
		else if (element->tag == GUMBO_TAG_TABLE)
			put_rows(t, &child->v.element);
	}
}

/* All rows as wide as the widest; a row's number is not for the reader. */
static void even_out(struct table *t)
{
	for (struct node *row = t->node->first; row; row = row->next) {
		while (row->number < t->node->number && !is_full(t))
			add_cell(t, row);
		row->number = 0;
	}
}

void html_cells(struct builder *b, const GumboElement *element)
{
	struct table t = { .b = b };

	if (!has_below(element, 0, is_head) &&
	    has_below(element, 0, is_arranged)) {
		html_part(b, element);
		return;
	}
	t.node = html_make(b, BLOCK_TABLE);
	put_rows(&t, element);
	even_out(&t);
	if (t.node->first)
		node_push(b->into, t.node);
}
