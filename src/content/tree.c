/* tree.c - cmark's tree becomes ours; the only file that knows cmark */
#include <cmark.h>
#include <stdlib.h>

#include "markdown_priv.h"

struct growth { /* one tree being copied */
	struct markdown *m;
	struct node *open[DEPTH_MAX + 1];
	int depth;     /* open[depth] takes the next node */
	uint32_t line; /* of all nodes, or 0: ask cmark */
};

static const enum block_kind kinds[] = {
	[CMARK_NODE_DOCUMENT] = BLOCK_DOCUMENT,
	[CMARK_NODE_BLOCK_QUOTE] = BLOCK_QUOTE,
	[CMARK_NODE_LIST] = BLOCK_LIST,
	[CMARK_NODE_ITEM] = BLOCK_ITEM,
	[CMARK_NODE_CODE_BLOCK] = BLOCK_CODE,
	[CMARK_NODE_HTML_BLOCK] = BLOCK_HTML,
	[CMARK_NODE_PARAGRAPH] = BLOCK_PARAGRAPH,
	[CMARK_NODE_HEADING] = BLOCK_HEADING,
	[CMARK_NODE_THEMATIC_BREAK] = BLOCK_RULE,
	[CMARK_NODE_TEXT] = BLOCK_TEXT,
	[CMARK_NODE_SOFTBREAK] = BLOCK_SOFTBREAK,
	[CMARK_NODE_LINEBREAK] = BLOCK_LINEBREAK,
	[CMARK_NODE_CODE] = BLOCK_CODESPAN,
	[CMARK_NODE_HTML_INLINE] = BLOCK_HTML_INLINE,
	[CMARK_NODE_EMPH] = BLOCK_EMPH,
	[CMARK_NODE_STRONG] = BLOCK_STRONG,
	[CMARK_NODE_LINK] = BLOCK_LINK,
	[CMARK_NODE_IMAGE] = BLOCK_IMAGE,
};

/* cmark tells no end of what cannot have children. */
static const bool is_leaf[] = {
	[CMARK_NODE_TEXT] = true,	 [CMARK_NODE_CODE] = true,
	[CMARK_NODE_SOFTBREAK] = true,	 [CMARK_NODE_LINEBREAK] = true,
	[CMARK_NODE_HTML_INLINE] = true, [CMARK_NODE_HTML_BLOCK] = true,
	[CMARK_NODE_CODE_BLOCK] = true,	 [CMARK_NODE_THEMATIC_BREAK] = true,
	[CMARK_NODE_IMAGE] = false,
};

static struct str copy(const struct growth *g, const char *z)
{
	return z && *z ? arena_dup(g->m->arena, str_of(z)) : STR_NONE;
}

static uint32_t line_of(const struct growth *g, cmark_node *from)
{
	int line = cmark_node_get_start_line(from);

	if (g->line > 0)
		return g->line;
	if (line < 1 || (uint32_t)line > g->m->line_count)
		return g->open[g->depth]->line;
	return g->m->line_of[line];
}

static void copy_list(struct node *node, cmark_node *from)
{
	if (cmark_node_get_list_tight(from))
		node->flags |= BLOCK_TIGHT;
	if (cmark_node_get_list_type(from) != CMARK_ORDERED_LIST)
		return;
	node->flags |= BLOCK_ORDERED;
	node->number = cmark_node_get_list_start(from);
}

static struct node *copy_node(const struct growth *g, cmark_node *from)
{
	enum block_kind kind = kinds[cmark_node_get_type(from)];
	struct node *node = node_new(g->m, kind, line_of(g, from));

	node->text = copy(g, cmark_node_get_literal(from));
	if (kind == BLOCK_CODE)
		node->url = copy(g, cmark_node_get_fence_info(from));
	if (kind == BLOCK_HEADING)
		node->level = cmark_node_get_heading_level(from);
	if (kind == BLOCK_LIST)
		copy_list(node, from);
	if (kind == BLOCK_LINK || kind == BLOCK_IMAGE) {
		node->url = copy(g, cmark_node_get_url(from));
		node->title = copy(g, cmark_node_get_title(from));
	}
	if (kind == BLOCK_PARAGRAPH) {
		node->from = (uint32_t)cmark_node_get_start_line(from);
		node->to = (uint32_t)cmark_node_get_end_line(from);
		node->column = (uint32_t)cmark_node_get_start_column(from);
	}
	return node;
}

static int enter(struct growth *g, cmark_node *from, struct err *err)
{
	struct node *node = copy_node(g, from);

	if (g->m->nodes > NODES_MAX)
		return markdown_too_many(g->m, node->line, err);
	node_push(g->open[g->depth], node);
	if (is_leaf[cmark_node_get_type(from)])
		return 0;
	if (g->depth == DEPTH_MAX)
		return markdown_too_deep(g->m, node->line, err);
	g->open[++g->depth] = node;
	return 0;
}

/* What is below `from` is copied below `into`. */
static int grow(struct markdown *m, cmark_node *from, struct node *into,
		uint32_t line, struct err *err)
{
	struct growth g = { .m = m, .line = line };
	cmark_iter *iter = cmark_iter_new(from);
	cmark_event_type event;
	int rc = 0;

	g.open[0] = into;
	while (rc == 0 && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);

		if (node == from)
			continue;
		if (event == CMARK_EVENT_ENTER)
			rc = enter(&g, node, err);
		else
			g.depth--;
	}
	cmark_iter_free(iter);
	return rc;
}

int tree_read(struct markdown *m, struct node **document_out, struct err *err)
{
	cmark_node *from = cmark_parse_document(m->text.at, m->text.len,
						CMARK_OPT_DEFAULT);
	struct node *document = node_new(m, BLOCK_DOCUMENT, 1);
	int rc = grow(m, from, document, 0, err);

	cmark_node_free(from);
	if (rc == 0)
		*document_out = document;
	return rc;
}

/* A piece is led by a mark and a blank: so it is a paragraph whatever it
 * begins with, and what it begins with still has a blank before it. */
static void lead_off(struct node *node)
{
	struct node *first = node->first;

	if (!first || first->kind != BLOCK_TEXT ||
	    !str_starts(first->text, STR(MARK_CLOSE)))
		return;
	first->text = str_skip(first->text, MARK_LEN);
	if (str_starts(first->text, STR(" ")))
		first->text = str_skip(first->text, 1);
}

static struct str join_pieces(const struct markdown *m)
{
	struct buf all;
	struct str text;

	buf_init(&all, 64 * m->text.len + 1024);
	for (const struct piece *p = m->pieces; p; p = p->next) {
		buf_addz(&all, MARK_CLOSE " ");
		buf_add(&all, p->text);
		buf_addz(&all, "\n\n");
	}
	/* The whole article again, for the definitions of its links. */
	if (str_find_str(m->text, STR("]:")) >= 0)
		buf_add(&all, m->text);
	text = arena_dup(m->arena, buf_str(&all));
	buf_done(&all);
	return text;
}

int tree_read_pieces(struct markdown *m, struct err *err)
{
	cmark_node *document, *from;
	struct str text;
	int rc = 0;

	if (!m->pieces)
		return 0;
	text = join_pieces(m);
	document = cmark_parse_document(text.at, text.len, CMARK_OPT_DEFAULT);
	from = cmark_node_first_child(document);
	for (const struct piece *p = m->pieces; p && from && rc == 0;
	     p = p->next, from = cmark_node_next(from)) {
		rc = grow(m, from, p->into, p->line, err);
		if (rc == 0)
			lead_off(p->into);
	}
	cmark_node_free(document);
	return rc;
}

void tree_html(struct str text, struct buf *out)
{
	char *html = cmark_markdown_to_html(
		text.at, text.len, CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_UNSAFE);

	buf_addz(out, html);
	free(html);
}

void tree_find_code(struct str text, bool *code, size_t lines)
{
	cmark_node *document = cmark_parse_document(text.at, text.len,
						    CMARK_OPT_DEFAULT);
	cmark_iter *iter = cmark_iter_new(document);
	cmark_event_type event;

	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);
		int line = cmark_node_get_start_line(node);

		if (event != CMARK_EVENT_ENTER ||
		    (type != CMARK_NODE_CODE_BLOCK &&
		     type != CMARK_NODE_HTML_BLOCK))
			continue;
		for (; line > 0 && line <= cmark_node_get_end_line(node) &&
		       (size_t)line <= lines;
		     line++)
			code[line] = true;
	}
	cmark_iter_free(iter);
	cmark_node_free(document);
}
