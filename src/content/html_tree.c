/* html_tree.c - a block of raw HTML becomes blocks of ours
 *
 * So it gets the letter's type, colours and whole addresses like the rest, in
 * both parts. Where a block stands in a place for words only (a cell, a link)
 * it is on a line of its own there.
 */
#include "html_priv.h"

#define BREAKS_MAX 2 /* in a row: an empty line, but not two */

static void flow(struct builder *b, const GumboVector *children);
static void put_node(struct builder *b, const GumboNode *node);

struct node *html_make(struct builder *b, enum block_kind kind)
{
	return node_new(b->m, kind, b->line_number);
}

/* --- lines of words -------------------------------------------------------*/

static bool is_shown(const struct node *node)
{
	if (node->kind == BLOCK_IMAGE)
		return true;
	if (node->kind == BLOCK_TEXT)
		return str_trim(node->text).len > 0;
	for (const struct node *c = node->first; c; c = c->next)
		if (is_shown(c))
			return true;
	return false;
}

/* Blanks and breaks at the end show nothing. */
static void trim_line(struct node *line)
{
	struct node *last = NULL;

	for (struct node *c = line->first; c; c = c->next)
		if (is_shown(c) || c->kind == BLOCK_HTML_INLINE)
			last = c;
	line->last = last;
	if (!last) {
		line->first = NULL;
		return;
	}
	last->next = NULL;
	while (last->kind == BLOCK_TEXT && str_ends(last->text, STR(" ")))
		last->text.len--;
}

static void begin_line(struct builder *b)
{
	b->begun = false;
	b->blank = true;
	b->breaks = 0;
}

static struct node *open_line(struct builder *b)
{
	if (!b->line) {
		b->line = html_make(b, BLOCK_PARAGRAPH);
		b->line->level = b->align;
		begin_line(b);
	}
	return b->line;
}

static void close_line(struct builder *b)
{
	struct node *line = b->line;

	if (!line || b->words_only)
		return;
	b->line = NULL;
	trim_line(line);
	if (is_shown(line))
		node_push(b->into, line);
}

/* Line breaks count once something follows, and not before the first word. */
static struct node *next_word(struct builder *b)
{
	struct node *line = open_line(b);

	for (; b->breaks > 0; b->breaks--) {
		if (b->begun)
			node_push(line, html_make(b, BLOCK_LINEBREAK));
		b->blank = true;
	}
	return line;
}

/* Blanks run together as browsers have them, over the tags between. */
static struct str collapse(struct builder *b, struct str text)
{
	char *out = arena_take(b->m->arena, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		bool blank = text.at[i] == ' ' || text.at[i] == '\t' ||
			     text.at[i] == '\n' || text.at[i] == '\f' ||
			     text.at[i] == '\r';

		if (!blank)
			out[n++] = text.at[i];
		else if (!b->blank)
			out[n++] = ' ';
		b->blank = blank;
	}
	return str_at(out, n);
}

static void put_text(struct builder *b, struct str text)
{
	struct node *node;
	struct node *line;

	if (str_trim(text).len == 0 && (!b->line || b->blank || b->breaks > 0))
		return;
	line = next_word(b);
	node = html_make(b, BLOCK_TEXT);
	node->text = collapse(b, text);
	node_push(line, node);
	b->begun = true;
}

/* The words of `element` go below `node`, which is in the line already. */
static void put_inside(struct builder *b, struct node *node,
		       const GumboElement *element)
{
	struct builder outer = *b;

	b->line = node;
	b->words_only = true;
	b->in_link = b->in_link || node->kind == BLOCK_LINK;
	flow(b, &element->children);
	b->line = outer.line;
	b->words_only = outer.words_only;
	b->in_link = outer.in_link;
}

static void put_image(struct builder *b, const GumboElement *element)
{
	struct node *image = html_make(b, BLOCK_IMAGE);
	struct tag tag;

	html_read(b->m->arena, element, &tag);
	tags_image(b->m, image, &tag);
	node_push(next_word(b), image);
	b->begun = true;
	b->blank = false;
}

/* A tag that we have no kind of our own for stays, before and behind. */
static void put_tag(struct builder *b, const GumboElement *element)
{
	struct node *line = next_word(b);
	struct node *open = html_make(b, BLOCK_HTML_INLINE);
	struct node *close = html_make(b, BLOCK_HTML_INLINE);
	bool words_only = b->words_only;
	struct tag tag;

	html_read(b->m->arena, element, &tag);
	open->text = tag.safe;
	close->text = arena_fmt(b->m->arena, "</%s>",
				gumbo_normalized_tagname(element->tag));
	node_push(line, open);
	b->words_only = true;
	flow(b, &element->children);
	b->words_only = words_only;
	node_push(line, close);
}

static void put_inline(struct builder *b, const GumboElement *element)
{
	enum block_kind kind = html_kind_of((int)element->tag);
	struct node *node;
	struct tag tag;

	if (kind == BLOCK_LINEBREAK) {
		b->breaks += b->breaks < BREAKS_MAX;
	} else if (kind == BLOCK_IMAGE) {
		put_image(b, element);
	} else if (kind == BLOCK_HTML_INLINE) {
		put_tag(b, element);
	} else if (kind == BLOCK_LINK && b->in_link) {
		flow(b, &element->children);
	} else {
		node = html_make(b, kind);
		html_read(b->m->arena, element, &tag);
		if (kind == BLOCK_LINK) {
			node->url = tag.url;
			node->title = tag.title;
		}
		node_push(next_word(b), node);
		put_inside(b, node, element);
	}
}

/* --- blocks ---------------------------------------------------------------*/

/* What is in `element` becomes blocks below `node`. */
static void fill_blocks(struct builder *b, struct node *node,
			const GumboElement *element)
{
	struct node *into = b->into;

	b->into = node;
	flow(b, &element->children);
	close_line(b);
	b->into = into;
}

void html_words(struct builder *b, struct node *node,
		const GumboElement *element)
{
	begin_line(b);
	put_inside(b, node, element);
	trim_line(node);
}

static void push_shown(struct builder *b, struct node *node)
{
	if (is_shown(node))
		node_push(b->into, node);
}

int html_align(const GumboElement *element, int otherwise)
{
	static const char *const names[] = { [ALIGN_LEFT] = "left",
					     [ALIGN_CENTER] = "center",
					     [ALIGN_RIGHT] = "right" };
	struct str value = str_of(html_get(element, "align"));

	for (int i = ALIGN_LEFT; i <= ALIGN_RIGHT; i++)
		if (str_eq_nocase(value, str_of(names[i])))
			return i;
	return element->tag == GUMBO_TAG_CENTER ? ALIGN_CENTER : otherwise;
}

void html_part(struct builder *b, const GumboElement *element)
{
	int align = b->align;

	b->align = html_align(element, align);
	flow(b, &element->children);
	close_line(b);
	b->align = align;
}

static void put_heading(struct builder *b, const GumboElement *element)
{
	struct node *node = html_make(b, BLOCK_HEADING);

	node->level = 1 + (int)element->tag - (int)GUMBO_TAG_H1;
	html_words(b, node, element);
	push_shown(b, node);
}

/* A term is a line in strong type, what it means follows. */
static void put_term(struct builder *b, const GumboElement *element)
{
	struct node *node = html_make(b, BLOCK_PARAGRAPH);
	struct node *strong = html_make(b, BLOCK_STRONG);

	node_push(node, strong);
	html_words(b, strong, element);
	push_shown(b, node);
}

static void put_quote(struct builder *b, const GumboElement *element)
{
	struct node *node = html_make(b, BLOCK_QUOTE);

	fill_blocks(b, node, element);
	if (node->first)
		node_push(b->into, node);
}

static bool has_child(const GumboElement *element, GumboTag tag)
{
	for (unsigned i = 0; i < element->children.length; i++) {
		const GumboNode *child = element->children.data[i];

		if (child->type == GUMBO_NODE_ELEMENT &&
		    child->v.element.tag == tag)
			return true;
	}
	return false;
}

/* One item, or what strayed between items and joins the one before. */
static void put_item(struct builder *b, struct node *list,
		     const GumboNode *child)
{
	const GumboElement *element = &child->v.element;
	bool is_item = child->type == GUMBO_NODE_ELEMENT &&
		       element->tag == GUMBO_TAG_LI;
	struct node *into = b->into;

	if (child->type == GUMBO_NODE_WHITESPACE)
		return;
	if (is_item || !list->last)
		node_push(list, html_make(b, BLOCK_ITEM));
	if (is_item && has_child(element, GUMBO_TAG_P))
		list->flags &= ~(unsigned)BLOCK_TIGHT;
	b->into = list->last;
	if (is_item)
		flow(b, &element->children);
	else
		put_node(b, child);
	close_line(b);
	b->into = into;
}

static void put_list(struct builder *b, const GumboElement *element)
{
	struct node *list = html_make(b, BLOCK_LIST);
	int64_t start;

	list->flags = BLOCK_TIGHT;
	if (element->tag == GUMBO_TAG_OL) {
		list->flags |= BLOCK_ORDERED;
		list->number = 1;
		if (str_int64(str_of(html_get(element, "start")), &start))
			list->number = (int)start;
	}
	for (unsigned i = 0; i < element->children.length; i++)
		put_item(b, list, element->children.data[i]);
	if (list->first)
		node_push(b->into, list);
}

static void add_all_text(const GumboElement *element, int depth,
			 struct buf *out)
{
	for (unsigned i = 0; i < element->children.length; i++) {
		const GumboNode *child = element->children.data[i];

		if (child->type == GUMBO_NODE_TEXT ||
		    child->type == GUMBO_NODE_WHITESPACE)
			buf_addz(out, child->v.text.text);
		else if (child->type != GUMBO_NODE_ELEMENT ||
			 depth > DEPTH_MAX ||
			 html_rule_of(&child->v.element) == HTML_DROP)
			continue;
		else if (child->v.element.tag == GUMBO_TAG_BR)
			buf_byte(out, '\n');
		else
			add_all_text(&child->v.element, depth + 1, out);
	}
}

/* As between two lines of back-ticks: merge fields are shown as written. */
static void put_code(struct builder *b, const GumboElement *element)
{
	struct node *node = html_make(b, BLOCK_CODE);
	struct buf text;

	buf_init(&text, SAFE_MAX);
	add_all_text(element, 0, &text);
	node->text = source_restore(b->m,
				    arena_dup(b->m->arena, buf_str(&text)));
	buf_done(&text);
	if (str_trim(node->text).len > 0)
		node_push(b->into, node);
}

static void put_block(struct builder *b, const GumboElement *element)
{
	if (b->words_only) {
		b->breaks += b->breaks == 0;
		flow(b, &element->children);
		b->breaks += b->breaks == 0;
		return;
	}
	close_line(b);
	if (element->tag >= GUMBO_TAG_H1 && element->tag <= GUMBO_TAG_H6)
		put_heading(b, element);
	else if (element->tag == GUMBO_TAG_UL || element->tag == GUMBO_TAG_OL)
		put_list(b, element);
	else if (element->tag == GUMBO_TAG_DT)
		put_term(b, element);
	else if (element->tag == GUMBO_TAG_BLOCKQUOTE)
		put_quote(b, element);
	else if (element->tag == GUMBO_TAG_PRE)
		put_code(b, element);
	else if (element->tag == GUMBO_TAG_HR)
		node_push(b->into, html_make(b, BLOCK_RULE));
	else if (element->tag == GUMBO_TAG_TABLE)
		html_cells(b, element);
	else
		html_part(b, element);
}

/* --- all ------------------------------------------------------------------*/

static void put_element(struct builder *b, const GumboElement *element)
{
	switch (html_rule_of(element)) {
	case HTML_DROP:
		break;
	case HTML_UNWRAP:
		flow(b, &element->children);
		break;
	case HTML_PART:
	case HTML_KEEP:
	case HTML_VOID:
		put_block(b, element);
		break;
	case HTML_INLINE:
	case HTML_VOID_INLINE:
		put_inline(b, element);
		break;
	}
}

static void put_node(struct builder *b, const GumboNode *node)
{
	switch (node->type) {
	case GUMBO_NODE_TEXT:
	case GUMBO_NODE_CDATA:
	case GUMBO_NODE_WHITESPACE:
		put_text(b, str_of(node->v.text.text));
		break;
	case GUMBO_NODE_ELEMENT:
		put_element(b, &node->v.element);
		break;
	case GUMBO_NODE_DOCUMENT:
	case GUMBO_NODE_COMMENT:
	case GUMBO_NODE_TEMPLATE:
		break;
	}
}

/* What is nested deeper than any letter needs is left out. */
static void flow(struct builder *b, const GumboVector *children)
{
	if (b->depth == DEPTH_MAX)
		return;
	b->depth++;
	for (unsigned i = 0; i < children->length && b->m->nodes <= NODES_MAX;
	     i++)
		put_node(b, children->data[i]);
	b->depth--;
}

static void read_all(const GumboNode *root, void *arg)
{
	struct builder *b = arg;

	flow(b, &root->v.element.children);
	close_line(b);
}

int html_block(struct markdown *m, struct node *node, struct err *err)
{
	struct builder b = { .m = m, .line_number = node->line, .into = node };

	if (node->text.len > HTML_MAX || !html_parse(node->text, read_all, &b))
		return html_too_tangled(m, node, err);
	node->text = STR_NONE;
	return m->nodes > NODES_MAX ? markdown_too_many(m, node->line, err) : 0;
}
