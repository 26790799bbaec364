/* container.c - blocks between `:::` lines, or the tags of a condition */
#include "directive_priv.h"

#define CONTAINERS_MAX 20 /* in each other */
#define GALLERY_MIN    2
#define GALLERY_MAX    8
#define ANSWERS_MIN    2
#define ANSWERS_MAX    10

struct pairing {
	struct markdown *m;
	struct node *parent;
	struct {
		struct node *node, *otherwise; /* its ELSE */
		const struct directive *by;
	} open[CONTAINERS_MAX];
	int depth;
};

static int refuse(const struct markdown *m, uint32_t line, struct err *err)
{
	return markdown_place(m, err, line, 0);
}

static int push_open(struct pairing *p, const struct directive *d,
		     struct err *err)
{
	if (p->m->containers + p->depth >= CONTAINERS_MAX) {
		err_set(err, ERR_INPUT, "more than %d blocks in each other",
			CONTAINERS_MAX);
		err_hint(err, "close one first, with a line ':::'");
		return refuse(p->m, d->line, err);
	}
	node_push(p->parent, d->node);
	p->open[p->depth].node = d->node;
	p->open[p->depth].otherwise = NULL;
	p->open[p->depth++].by = d;
	return 0;
}

/* The closing line of a block opened by `d`. */
static const char *close_of(const struct directive *d)
{
	if (d->tag == COND_IF)
		return "{{/if}}";
	return d->tag == COND_UNLESS ? "{{/unless}}" : ":::";
}

static bool is_closed_by(const struct directive *open,
			 const struct directive *d)
{
	if (open->tag == COND_IF)
		return d->tag == COND_END_IF;
	if (open->tag == COND_UNLESS)
		return d->tag == COND_END_UNLESS;
	return d->tag == COND_FIELD;
}

static int closes_nothing(const struct pairing *p, const struct directive *d,
			  struct err *err)
{
	const struct directive *open;

	err_set(err, ERR_INPUT, "'" STR_FMT "' closes nothing",
		STR_ARG(d->name));
	if (p->depth == 0) {
		err_hint(err,
			 "open the block before it, in the same list "
			 "item or quotation, with %s",
			 d->tag == COND_FIELD	 ? ":::callout or another"
			 : d->tag == COND_END_IF ? "{{#if ...}}"
						 : "{{#unless ...}}");
	} else {
		open = p->open[p->depth - 1].by;
		err_hint(err, "the '" STR_FMT "' of line %d ends with %s",
			 STR_ARG(open->name),
			 (int)open->line + p->m->first_line - 1,
			 close_of(open));
	}
	return refuse(p->m, d->line, err);
}

static int pop_open(struct pairing *p, const struct directive *d,
		    struct err *err)
{
	int last = p->depth - 1;

	if (p->depth == 0 || !is_closed_by(p->open[last].by, d))
		return closes_nothing(p, d, err);
	if (p->open[last].otherwise)
		node_adopt(p->parent, p->open[last].otherwise);
	node_adopt(p->parent, p->open[last].node);
	p->depth--;
	return 0;
}

static int turn(struct pairing *p, const struct directive *d, struct err *err)
{
	int last = p->depth - 1;

	if (p->depth > 0 && p->open[last].node->kind == BLOCK_IF &&
	    !p->open[last].otherwise) {
		node_push(p->parent, d->node);
		p->open[last].otherwise = d->node;
		return 0;
	}
	err_set(err, ERR_INPUT,
		p->depth > 0 && p->open[last].otherwise
			? "a second '" STR_FMT "'"
			: "'" STR_FMT "' without a condition",
		STR_ARG(d->name));
	err_hint(err, "it parts what is between :::if CONDITION and ::: in "
		      "two");
	return refuse(p->m, d->line, err);
}

static int place(struct pairing *p, const struct directive *d, struct err *err)
{
	switch (d->kind) {
	case DIRECTIVE_OPEN:
		return push_open(p, d, err);
	case DIRECTIVE_CLOSE:
		return pop_open(p, d, err);
	case DIRECTIVE_ELSE:
		return turn(p, d, err);
	case DIRECTIVE_LEAF:
		node_push(p->parent, d->node);
		break;
	}
	return 0;
}

static int not_closed(const struct pairing *p, struct err *err)
{
	const struct directive *open = p->open[p->depth - 1].by;

	err_set(err, ERR_INPUT, "the '" STR_FMT "' is not closed",
		STR_ARG(open->name));
	err_hint(err,
		 "end it with a line %s in the same list item or quotation",
		 close_of(open));
	return refuse(p->m, open->line, err);
}

int container_pair(struct markdown *m, struct node *parent, struct err *err)
{
	struct pairing p = { .m = m, .parent = parent };
	struct node *next;

	if (m->directive_count == 0)
		return 0;
	for (struct node *child = node_take_all(parent); child; child = next) {
		const struct directive *d = NULL;

		next = child->next;
		if (child->kind == BLOCK_HTML)
			d = directive_of(m, child->text);
		if (!d)
			node_push(parent, child);
		else if (place(&p, d, err) < 0)
			return -1;
	}
	return p.depth > 0 ? not_closed(&p, err) : 0;
}

/* --- galleries ------------------------------------------------------------*/

static bool is_break(const struct node *node)
{
	return node->kind == BLOCK_SOFTBREAK || node->kind == BLOCK_LINEBREAK ||
	       (node->kind == BLOCK_TEXT && str_trim(node->text).len == 0);
}

static bool is_picture(const struct node *node)
{
	if (node->kind == BLOCK_LINK && node->first && !node->first->next)
		node = node->first;
	return node->kind == BLOCK_IMAGE && node->url.len > 0;
}

static int no_picture(const struct markdown *m, const struct node *node,
		      struct err *err)
{
	err_set(err, ERR_INPUT, "a gallery has pictures and nothing else");
	err_hint(err, "between :::gallery and ::: write ![words](file.jpg), "
		      "each on a line of its own");
	return refuse(m, node->line, err);
}

/* Each picture of `from` becomes a paragraph of its own below `gallery`. */
static int part_pictures(struct markdown *m, struct node *gallery,
			 struct node *from, int *count, struct err *err)
{
	struct node *next;

	for (struct node *node = node_take_all(from); node; node = next) {
		struct node *paragraph;

		next = node->next;
		if (is_break(node))
			continue;
		if (!is_picture(node))
			return no_picture(m, node, err);
		paragraph = node_new(m, BLOCK_PARAGRAPH, node->line);
		node_push(gallery, paragraph);
		node_push(paragraph, node);
		++*count;
	}
	return 0;
}

static int end_gallery(struct markdown *m, struct node *gallery,
		       struct err *err)
{
	struct node *next;
	int count = 0;

	for (struct node *node = node_take_all(gallery); node; node = next) {
		next = node->next;
		if (node->kind != BLOCK_PARAGRAPH)
			return no_picture(m, node, err);
		if (part_pictures(m, gallery, node, &count, err) < 0)
			return -1;
	}
	if (count >= GALLERY_MIN && count <= GALLERY_MAX)
		return 0;
	err_set(err, ERR_INPUT, "a gallery has %d to %d pictures, not %d",
		GALLERY_MIN, GALLERY_MAX, count);
	err_hint(err, count < GALLERY_MIN ? "one picture alone needs no gallery"
					  : "make two galleries of it");
	return refuse(m, gallery->line, err);
}

/* --- polls ----------------------------------------------------------------*/

static int no_answer(const struct markdown *m, const struct node *node,
		     struct err *err)
{
	err_set(err, ERR_INPUT,
		"a poll has a list of answers and nothing "
		"else, each plain words or one link");
	err_hint(err, "between :::poll and ::: write '- Yes', '- No' or "
		      "'- [Yes](https://example.org/yes)'");
	return refuse(m, node->line, err);
}

/* Plain text below `from`, to `out`; false when there is anything else. */
static bool take_words(const struct node *from, struct buf *out)
{
	for (const struct node *c = from->first; c; c = c->next) {
		if (c->kind == BLOCK_TEXT)
			buf_add(out, c->text);
		else if (is_break(c))
			buf_byte(out, ' ');
		else
			return false;
	}
	return true;
}

static int add_answer(struct markdown *m, struct node *poll, struct node *item,
		      int number, struct err *err)
{
	struct node *answer = node_new(m, BLOCK_ANSWER, item->line);
	const struct node *words = item->first;
	struct buf label;
	bool plain;

	if (!words || words->next || words->kind != BLOCK_PARAGRAPH)
		return no_answer(m, item, err);
	if (words->first && words->first->kind == BLOCK_LINK &&
	    !words->first->next) {
		words = words->first;
		answer->url = words->url;
	}
	buf_init(&label, ANSWER_MAX);
	plain = take_words(words, &label);
	answer->text = arena_dup(m->arena, str_trim(buf_str(&label)));
	buf_done(&label);
	answer->number = number;
	node_push(poll, answer);
	return plain && answer->text.len > 0 ? 0 : no_answer(m, item, err);
}

static int end_poll(struct markdown *m, struct node *poll, struct err *err)
{
	struct node *list = node_take_all(poll);
	int count = 0;

	if (list && (list->kind != BLOCK_LIST || list->next))
		return no_answer(m, list->next ? list->next : list, err);
	for (struct node *item = list ? list->first : NULL; item;
	     item = item->next)
		if (add_answer(m, poll, item, ++count, err) < 0)
			return -1;
	if (count >= ANSWERS_MIN && count <= ANSWERS_MAX)
		return 0;
	err_set(err, ERR_INPUT, "a poll has %d to %d answers, not %d",
		ANSWERS_MIN, ANSWERS_MAX, count);
	err_hint(err, "write them as a list: '- Yes', '- No'");
	return refuse(m, poll->line, err);
}

int container_end(struct markdown *m, struct node *node, struct err *err)
{
	if (node->kind == BLOCK_GALLERY)
		return end_gallery(m, node, err);
	if (node->kind == BLOCK_POLL)
		return end_poll(m, node, err);
	return 0;
}

bool container_is(enum block_kind kind)
{
	return kind == BLOCK_CALLOUT || kind == BLOCK_PULLQUOTE ||
	       kind == BLOCK_GALLERY || kind == BLOCK_POLL ||
	       kind == BLOCK_SPONSOR || kind == BLOCK_ONLY || kind == BLOCK_IF;
}
