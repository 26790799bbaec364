/* markdown.c - Markdown in, blocks out: see content/markdown.h */
#include "markdown_priv.h"

struct node *node_new(struct markdown *m, enum block_kind kind, uint32_t line)
{
	struct node *node = arena_new_of(m->arena, struct node);

	m->nodes++;
	node->kind = kind;
	node->line = line;
	node->text = node->url = node->title = STR_NONE;
	return node;
}

void node_push(struct node *parent, struct node *child)
{
	child->next = NULL;
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

struct node *node_take_all(struct node *parent)
{
	struct node *first = parent->first;

	parent->first = parent->last = NULL;
	return first;
}

void node_adopt(struct node *parent, struct node *child)
{
	child->first = child->next;
	child->last = child->next ? parent->last : NULL;
	child->next = NULL;
	parent->last = child;
}

int markdown_place(const struct markdown *m, struct err *err, uint32_t line,
		   uint32_t column)
{
	int in_file = (int)line + m->first_line - 1;

	if (line == 0)
		return err_place(err, "%s", m->name);
	if (column == 0)
		return err_place(err, "%s:%d", m->name, in_file);
	return err_place(err, "%s:%d:%u", m->name, in_file, column);
}

int markdown_too_deep(const struct markdown *m, uint32_t line, struct err *err)
{
	err_set(err, ERR_INPUT, "more than %d things inside each other",
		DEPTH_MAX);
	err_hint(err, "no screen shows so many; move some to the margin");
	return markdown_place(m, err, line, 0);
}

int markdown_too_many(const struct markdown *m, uint32_t line, struct err *err)
{
	err_set(err, ERR_INPUT, "the article has more than %d parts",
		NODES_MAX);
	err_hint(err, "make two articles of it");
	return markdown_place(m, err, line, 0);
}

/* Blocks of HTML with nothing but blank lines between them are one: a table
 * may be written that way, and only the whole of it is balanced. */
static int read_html(struct markdown *m, struct node *parent, struct node *node,
		     struct node **next, struct err *err)
{
	struct node *child;
	struct buf all;

	buf_init(&all, ANSWER_MAX);
	for (*next = node; *next && (*next)->kind == BLOCK_HTML;
	     *next = (*next)->next)
		buf_add(&all, (*next)->text);
	node->text = arena_dup(m->arena, buf_str(&all));
	buf_done(&all);
	if (html_block(m, node, err) < 0)
		return -1;
	for (node = node_take_all(node); node; node = child) {
		child = node->next;
		node_push(parent, node);
	}
	return 0;
}

static bool takes_inlines(const struct node *node)
{
	return node->kind == BLOCK_PARAGRAPH || node->kind == BLOCK_HEADING ||
	       node->kind == BLOCK_CELL;
}

/* What it has below is read already. */
static bool is_linked(const struct node *node)
{
	return node->kind == BLOCK_BOOKMARK || node->kind == BLOCK_VIDEO ||
	       node->kind == BLOCK_AUDIO;
}

static int read_blocks(struct markdown *m, struct node *parent, int depth,
		       struct err *err);

static int read_line(struct markdown *m, struct node *node, int depth,
		     struct err *err)
{
	if (inline_read(m, node, depth, false, err) < 0 ||
	    picture_align(m, node, err) < 0)
		return -1;
	return node->kind == BLOCK_HEADING && !m->bare
		       ? heading_read(m, node, err)
		       : 0;
}

static int read_block(struct markdown *m, struct node *node, int depth,
		      struct err *err)
{
	if (node->kind == BLOCK_CODE) {
		node->text = source_restore(m, node->text);
		node->url = source_restore(m, node->url);
		return 0;
	}
	if (node->kind == BLOCK_ITEM && !m->pure)
		inline_task(node);
	if (takes_inlines(node))
		return read_line(m, node, depth, err);
	if (is_linked(node))
		return 0;
	m->containers += container_is(node->kind);
	if (read_blocks(m, node, depth, err) < 0)
		return -1;
	m->containers -= container_is(node->kind);
	return container_end(m, node, err);
}

static bool is_empty_paragraph(const struct node *node)
{
	if (node->kind != BLOCK_PARAGRAPH)
		return false;
	for (const struct node *c = node->first; c; c = c->next)
		if (c->kind != BLOCK_SOFTBREAK &&
		    (c->kind != BLOCK_TEXT || str_trim(c->text).len > 0))
			return false;
	return true;
}

static int read_blocks(struct markdown *m, struct node *parent, int depth,
		       struct err *err)
{
	struct node *next;

	if (depth > DEPTH_MAX)
		return markdown_too_deep(m, parent->line, err);
	if (container_pair(m, parent, err) < 0)
		return -1;
	for (struct node *node = node_take_all(parent); node; node = next) {
		next = node->next;
		if (node->kind == BLOCK_HTML && !m->raw_html) {
			if (read_html(m, parent, node, &next, err) < 0)
				return -1;
			continue;
		}
		if (read_block(m, node, depth + 1, err) < 0)
			return -1;
		if (!is_empty_paragraph(node))
			node_push(parent, node);
	}
	return 0;
}

/* The footnotes stand first, as quotations in the order of the source. */
static void take_notes(struct markdown *m, struct node *document)
{
	struct node *node = node_take_all(document);
	struct node *next;
	size_t taken = 0;

	for (; node; node = next) {
		next = node->next;
		if (taken == m->note_count) {
			node_push(document, node);
			continue;
		}
		node->kind = BLOCK_NOTE;
		node->line = m->notes_met[taken]->line;
		m->notes_met[taken++]->node = node;
	}
}

/* Those that are used, at the end. They may use others in turn. */
static int put_notes(struct markdown *m, struct node *document, struct err *err)
{
	for (const struct note *n = m->used_first; n; n = n->next_used) {
		n->node->number = n->number;
		if (read_blocks(m, n->node, 1, err) < 0)
			return -1;
		node_push(document, n->node);
	}
	return 0;
}

static int check_conditions(const struct markdown *m,
			    const struct blocks *blocks, struct err *err)
{
	struct condition_fault fault;
	const struct block_field *field;

	if (conditions_ok(blocks, &fault))
		return 0;
	field = &blocks->fields[fault.field];
	err_set(err, ERR_INPUT, "%s", fault.message);
	err_hint(err, "%s", fault.hint);
	return markdown_place(m, err, field->line, field->column);
}

int markdown_tree(struct markdown *m, struct str text,
		  struct node **document_out, struct err *err)
{
	struct node *document;

	if (source_read(m, text, &text, err) < 0 ||
	    lines_cut(m, text, err) < 0 || tree_read(m, &document, err) < 0 ||
	    (!m->pure && table_find(m, document, err) < 0) ||
	    tree_read_pieces(m, err) < 0)
		return -1;
	take_notes(m, document);
	if (read_blocks(m, document, 0, err) < 0 ||
	    put_notes(m, document, err) < 0)
		return -1;
	*document_out = document;
	return 0;
}

int markdown_parse(struct str text, const char *name, int first_line,
		   const struct markdown_style *style, struct arena *arena,
		   struct blocks **blocks_out, struct err *err)
{
	struct markdown m = {
		.arena = arena,
		.name = name,
		.first_line = first_line,
		.bare = style && style->dialect != MARKDOWN_LETTER,
		.pure = style && style->dialect == MARKDOWN_COMMON
	};
	struct blocks *blocks;
	struct node *document;

	if (markdown_tree(&m, text, &document, err) < 0 ||
	    heading_name(&m, document, err) < 0)
		return -1;
	if (style && style->smart)
		smart_read(&m, document, style->lang);
	if (flatten(&m, document, &blocks, err) < 0 ||
	    check_conditions(&m, blocks, err) < 0)
		return -1;
	*blocks_out = blocks;
	return 0;
}
