/* tags.c - HTML tags inside a line, in pairs or not at all
 *
 * Where we have a kind of our own for a tag (<b>, <a>, <img> ...) it becomes
 * that, so that the text part of a letter knows it too. The others stay as
 * tags. An opening without its end, and an end without opening, are dropped.
 */
#include "markdown_priv.h"

struct pairing {
	struct markdown *m;
	struct node *parent;
	struct node *open;	  /* the innermost not yet closed */
	unsigned counts[TAG_IDS]; /* open ones by id */
	bool endless[TAG_IDS];	  /* no end tag follows */
	bool in_link;
};

/* Nothing is left of it; empty texts are not written. */
static void erase(struct node *node)
{
	node->kind = BLOCK_TEXT;
	node->text = STR_NONE;
	node->number = 0;
}

static bool has_link(const struct node *node)
{
	for (; node; node = node->next)
		if (node->kind == BLOCK_LINK || has_link(node->first))
			return true;
	return false;
}

void tags_image(struct markdown *m, struct node *image, const struct tag *tag)
{
	struct node *alt;
	int64_t width;

	image->url = tag->url;
	image->title = tag->title;
	if (str_int64(tag->width, &width) && width > 0)
		image->number = (int)width;
	if (tag->alt.len == 0)
		return;
	alt = node_new(m, BLOCK_TEXT, image->line);
	alt->text = tag->alt;
	node_push(image, alt);
}

static void push_void(struct pairing *p, struct node *node,
		      const struct tag *tag)
{
	node->kind = html_kind_of(tag->id);
	node->text = STR_NONE;
	node_push(p->parent, node);
	if (node->kind == BLOCK_IMAGE)
		tags_image(p->m, node, tag);
}

static void push_open(struct pairing *p, struct node *node,
		      const struct tag *tag)
{
	/* No link inside a link. */
	if (html_kind_of(tag->id) == BLOCK_LINK &&
	    (p->in_link || p->counts[tag->id] > 0))
		return;
	node->text = tag->safe;
	node->url = tag->url;
	node->title = tag->title;
	node->number = tag->id;
	node->under = p->open;
	p->open = node;
	p->counts[tag->id]++;
	node_push(p->parent, node);
}

static void push_close(struct pairing *p, struct node *node,
		       const struct tag *tag)
{
	struct node *open;
	enum block_kind kind = html_kind_of(tag->id);

	if (p->counts[tag->id] == 0)
		return;
	for (open = p->open; open->number != tag->id; open = open->under) {
		p->counts[open->number]--;
		erase(open);
	}
	p->open = open->under;
	p->counts[tag->id]--;
	open->number = 0;
	if (kind == BLOCK_HTML_INLINE) {
		open->url = open->title = STR_NONE;
		node->text = tag->safe;
		node_push(p->parent, node);
		return;
	}
	if (kind == BLOCK_LINK && has_link(open->next)) {
		erase(open);
		return;
	}
	open->kind = kind;
	open->text = STR_NONE;
	if (kind != BLOCK_LINK)
		open->url = open->title = STR_NONE;
	node_adopt(p->parent, open);
}

/* <script> and the like: the nodes up to its end are dropped, if it has one.
 * Returns what is to be read next. */
static struct node *hide(struct pairing *p, struct node *next, int id)
{
	for (struct node *n = p->endless[id] ? NULL : next; n; n = n->next)
		if (n->kind == BLOCK_HTML_INLINE && html_is_end(n->text, id))
			return n->next;
	p->endless[id] = true;
	return next;
}

static int push_tag(struct pairing *p, struct node *node, struct node **next,
		    struct err *err)
{
	const struct directive *d = directive_of(p->m, node->text);
	struct tag tag;

	if (d) { /* it had no line of its own after all */
		node->kind = BLOCK_TEXT;
		node->text = d->whole;
		node_push(p->parent, node);
		return 0;
	}
	if (html_tag(p->m, node, &tag, err) < 0)
		return -1;
	switch (tag.form) {
	case TAG_NONE:
		break;
	case TAG_VOID:
		push_void(p, node, &tag);
		break;
	case TAG_OPENS:
		push_open(p, node, &tag);
		break;
	case TAG_CLOSES:
		push_close(p, node, &tag);
		break;
	case TAG_HIDES:
		*next = hide(p, *next, tag.id);
		break;
	}
	return 0;
}

int tags_pair(struct markdown *m, struct node *parent, bool in_link,
	      struct err *err)
{
	struct pairing p = { .m = m, .parent = parent, .in_link = in_link };
	struct node *next;
	bool any = false;

	for (const struct node *c = parent->first; c && !any; c = c->next)
		any = c->kind == BLOCK_HTML_INLINE;
	if (!any)
		return 0;
	for (struct node *node = node_take_all(parent); node; node = next) {
		next = node->next;
		if (node->kind != BLOCK_HTML_INLINE)
			node_push(parent, node);
		else if (push_tag(&p, node, &next, err) < 0)
			return -1;
	}
	for (; p.open; p.open = p.open->under)
		erase(p.open);
	return 0;
}
