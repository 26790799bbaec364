/* flatten.c - nodes and pointers become one array and one run of bytes */
#include "markdown_priv.h"

struct press {
	struct markdown *m;
	struct block *at;
	uint32_t count;
	struct block_field *fields;
	const struct field **used; /* the field behind each number */
	uint32_t field_count;
	struct buf bytes;
};

static bool is_nothing(const struct node *node)
{
	return node->kind == BLOCK_TEXT && node->text.len == 0;
}

/* All nodes from here on, or -1. */
static int count_nodes(const struct markdown *m, const struct node *node,
		       int depth, uint32_t *count, struct err *err)
{
	if (depth > DEPTH_MAX)
		return markdown_too_deep(m, node->line, err);
	if (++*count > NODES_MAX)
		return markdown_too_many(m, node->line, err);
	for (const struct node *c = node->first; c; c = c->next)
		if (!is_nothing(c) &&
		    count_nodes(m, c, depth + 1, count, err) < 0)
			return -1;
	return 0;
}

/* Fields are numbered anew: those in code do not count. */
static int number_field(struct press *p, struct field *field, struct err *err)
{
	if (source_field_ok(p->m, field, err) < 0)
		return -1;
	if (field->number == 0) {
		p->used[p->field_count] = field;
		field->number = ++p->field_count;
	}
	return 0;
}

static int put_field(struct press *p, struct field *field, struct err *err)
{
	if (number_field(p, field, err) < 0)
		return -1;
	buf_fmt(&p->bytes, MARK_OPEN "%u" MARK_CLOSE, field->number - 1);
	return 0;
}

/* What becomes of control characters. None of them shows anything; a terminal
 * that reads the text part would obey some, and Gmail clips a letter at one of
 * U+0080 to U+009F. */
enum controls { DROPPED, BLANKS, CODE };

static void put_byte(struct press *p, char c, enum controls controls)
{
	bool blank = c == '\t' || c == '\n';

	if (((unsigned char)c >= ' ' && c != 0x7f) ||
	    (blank && controls == CODE))
		buf_byte(&p->bytes, c);
	else if (blank && controls == BLANKS)
		buf_byte(&p->bytes, ' ');
}

static void put_plain(struct press *p, struct str text, enum controls controls)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\xc2' && i + 1 < text.len &&
		    (unsigned char)text.at[i + 1] < 0xa0)
			i++;
		else
			put_byte(p, text.at[i], controls);
	}
}

static int put_text(struct press *p, struct str text, enum controls controls,
		    struct block_text *out, struct err *err)
{
	size_t from = p->bytes.len;

	for (;;) {
		ptrdiff_t hit = str_find_str(text, STR("\xEE\x80"));
		struct field *field;
		size_t len = 0;

		put_plain(p, str_head(text, hit < 0 ? text.len : (size_t)hit),
			  controls);
		if (hit < 0)
			break;
		text = str_skip(text, (size_t)hit);
		field = source_field(p->m, text, &len);
		if (field && put_field(p, field, err) < 0)
			return -1;
		/* What is no mark of ours is another private character. */
		if (!field && !str_starts(text, STR(MARK_OPEN)) &&
		    !str_starts(text, STR(MARK_CLOSE)))
			buf_add(&p->bytes, str_head(text, MARK_LEN));
		if (!field)
			len = text.len < MARK_LEN ? text.len : MARK_LEN;
		text = str_skip(text, len);
	}
	out->at = (uint32_t)from;
	out->len = (uint32_t)(p->bytes.len - from);
	return 0;
}

static int put_node(struct press *p, const struct node *node, struct err *err);

/* Texts beside each other become one. */
static int put_children(struct press *p, const struct node *node, uint32_t here,
			struct err *err)
{
	const struct node *before = NULL;
	uint32_t *link = &p->at[here].first;

	for (const struct node *c = node->first; c; c = c->next) {
		struct block *last = &p->at[p->count - 1];
		struct block_text more;

		if (is_nothing(c))
			continue;
		if (before && before->kind == BLOCK_TEXT &&
		    c->kind == BLOCK_TEXT) {
			if (put_text(p, c->text, BLANKS, &more, err) < 0)
				return -1;
			last->text.len += more.len;
			continue;
		}
		*link = p->count;
		link = &p->at[p->count].next;
		if (put_node(p, c, err) < 0)
			return -1;
		before = c;
	}
	return 0;
}

/* Its field stands in no text. */
static int put_condition(struct press *p, const struct node *node,
			 struct block *block, struct err *err)
{
	size_t len;
	struct field *field = source_field(p->m, node->text, &len);

	if (number_field(p, field, err) < 0)
		return -1;
	block->number = (int32_t)field->number - 1;
	return put_children(p, node, (uint32_t)(block - p->at), err);
}

static int put_node(struct press *p, const struct node *node, struct err *err)
{
	uint32_t here = p->count++;
	struct block *block = &p->at[here];

	*block = (struct block){
		.kind = (uint8_t)node->kind,
		.level = (uint8_t)node->level,
		.flags = (uint16_t)node->flags,
		.number = node->number,
		.line = node->line,
	};
	if (node->kind == BLOCK_IF)
		return put_condition(p, node, block, err);
	if (put_text(p, node->url, DROPPED, &block->url, err) < 0 ||
	    put_text(p, node->title, BLANKS, &block->title, err) < 0 ||
	    put_text(p, node->text, node->kind == BLOCK_CODE ? CODE : BLANKS,
		     &block->text, err) < 0)
		return -1;
	return put_children(p, node, here, err);
}

static void put_sources(struct press *p)
{
	for (uint32_t i = 0; i < p->field_count; i++) {
		const struct field *field = p->used[i];

		p->fields[i] = (struct block_field){
			.source = { (uint32_t)p->bytes.len,
				    (uint32_t)field->inside.len },
			.line = field->line,
			.column = field->column,
		};
		buf_add(&p->bytes, field->inside);
	}
}

int flatten(struct markdown *m, const struct node *document,
	    struct blocks **blocks_out, struct err *err)
{
	struct press p = { .m = m };
	struct blocks *blocks;
	uint32_t count = 0;
	int rc;

	if (count_nodes(m, document, 0, &count, err) < 0)
		return -1;
	p.at = arena_many(m->arena, struct block, count);
	p.fields = arena_many(m->arena, struct block_field, m->field_count);
	p.used = arena_many(m->arena, const struct field *, m->field_count);
	buf_init(&p.bytes, ANSWER_MAX);
	rc = put_node(&p, document, err);
	put_sources(&p);
	if (rc == 0 && buf_over(&p.bytes))
		rc = markdown_too_many(m, 0, err);
	if (rc == 0) {
		blocks = arena_new_of(m->arena, struct blocks);
		*blocks = (struct blocks){
			.at = p.at,
			.count = p.count,
			.fields = p.fields,
			.field_count = p.field_count,
			.bytes = arena_dup(m->arena, buf_str(&p.bytes)),
		};
		*blocks_out = blocks;
	}
	buf_done(&p.bytes);
	return rc;
}
