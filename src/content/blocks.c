/* blocks.c - blocks through a pipe, and whether to believe them */
#include "content/blocks.h"

#include "article_priv.h"
#include "condition_priv.h"
#include "content/markdown.h"

#define MAGIC 0x54424c31u /* "TBL1" */

/* The image: this head, the nodes, the fields, the bytes. It lives as long as
 * a pipe between two copies of one program, so it is in memory order. */
struct head {
	uint32_t magic, count, field_count, bytes;
};

/* What may stand inside a node. */
enum inside { NOTHING, BLOCKS, INLINES, ITEMS, ROWS, CELLS, ANSWERS };

static const struct {
	enum inside takes; /* inside the node */
	enum inside is;	   /* the node itself, among its siblings */
} places[BLOCK_KIND_COUNT] = {
	[BLOCK_DOCUMENT] = { BLOCKS, NOTHING },
	[BLOCK_PARAGRAPH] = { INLINES, BLOCKS },
	[BLOCK_HEADING] = { INLINES, BLOCKS },
	[BLOCK_QUOTE] = { BLOCKS, BLOCKS },
	[BLOCK_LIST] = { ITEMS, BLOCKS },
	[BLOCK_ITEM] = { BLOCKS, ITEMS },
	[BLOCK_CODE] = { NOTHING, BLOCKS },
	[BLOCK_HTML] = { NOTHING, NOTHING }, /* none is left by then */
	[BLOCK_RULE] = { NOTHING, BLOCKS },
	[BLOCK_TABLE] = { ROWS, BLOCKS },
	[BLOCK_ROW] = { CELLS, ROWS },
	[BLOCK_CELL] = { INLINES, CELLS },
	[BLOCK_CALLOUT] = { BLOCKS, BLOCKS },
	[BLOCK_BUTTON] = { NOTHING, BLOCKS },
	[BLOCK_PULLQUOTE] = { BLOCKS, BLOCKS },
	[BLOCK_GALLERY] = { BLOCKS, BLOCKS },
	[BLOCK_AUTHOR] = { NOTHING, BLOCKS },
	[BLOCK_CONTENTS] = { NOTHING, BLOCKS },
	[BLOCK_BOOKMARK] = { INLINES, BLOCKS },
	[BLOCK_VIDEO] = { INLINES, BLOCKS },
	[BLOCK_AUDIO] = { INLINES, BLOCKS },
	[BLOCK_POLL] = { ANSWERS, BLOCKS },
	[BLOCK_ANSWER] = { NOTHING, ANSWERS },
	[BLOCK_SPONSOR] = { BLOCKS, BLOCKS },
	[BLOCK_MORE] = { NOTHING, BLOCKS },
	[BLOCK_ONLY] = { BLOCKS, BLOCKS },
	[BLOCK_IF] = { BLOCKS, BLOCKS },
	[BLOCK_ELSE] = { BLOCKS, BLOCKS },
	[BLOCK_SHARE] = { NOTHING, BLOCKS },
	[BLOCK_SUBSCRIBE] = { NOTHING, BLOCKS },
	[BLOCK_NOTE] = { BLOCKS, BLOCKS },
	[BLOCK_TEXT] = { NOTHING, INLINES },
	[BLOCK_SOFTBREAK] = { NOTHING, INLINES },
	[BLOCK_LINEBREAK] = { NOTHING, INLINES },
	[BLOCK_CODESPAN] = { NOTHING, INLINES },
	[BLOCK_HTML_INLINE] = { NOTHING, INLINES },
	[BLOCK_EMPH] = { INLINES, INLINES },
	[BLOCK_STRONG] = { INLINES, INLINES },
	[BLOCK_STRIKE] = { INLINES, INLINES },
	[BLOCK_LINK] = { INLINES, INLINES },
	[BLOCK_IMAGE] = { INLINES, INLINES },
	[BLOCK_NOTE_REF] = { NOTHING, INLINES },
};

const char *block_kind_name(enum block_kind kind)
{
	static const char *const names[] = {
#define X(name, text) text,
		BLOCK_KINDS(X)
#undef X
	};

	return names[kind];
}

const struct block *blocks_first(const struct blocks *blocks,
				 const struct block *node)
{
	return node->first ? blocks->at + node->first : NULL;
}

const struct block *blocks_next(const struct blocks *blocks,
				const struct block *node)
{
	return node->next ? blocks->at + node->next : NULL;
}

bool blocks_has_kept(struct str text)
{
	static const char begin[] = "\xEE\x80";
	ptrdiff_t at;

	while ((at = str_find_str(text, STR(begin))) >= 0) {
		text = str_skip(text, (size_t)at + 2);
		if (text.len > 0 && ((unsigned char)text.at[0] & 0xF0) == 0x80)
			return true;
	}
	return false;
}

/* E000, digits, E001 at the start of `s`: its length and number, else 0. */
static size_t read_field(struct str s, int *field_out)
{
	size_t i = MARK_LEN;
	int field = 0;

	while (i < s.len && i < 11 && is_digit(s.at[i]))
		field = field * 10 + (s.at[i++] - '0');
	if (i == MARK_LEN || !str_starts(str_skip(s, i), STR(MARK_CLOSE)))
		return 0;
	*field_out = field;
	return i + MARK_LEN;
}

bool blocks_piece(struct str *text, struct str *plain_out, int *field_out)
{
	static const struct str open = STR(MARK_OPEN);
	struct str rest = *text;
	size_t at = 0;

	if (text->len == 0)
		return false;
	for (;;) {
		ptrdiff_t hit = str_find_str(str_skip(rest, at), open);
		int field;
		size_t len;

		if (hit < 0) {
			at = rest.len;
			break;
		}
		at += (size_t)hit;
		len = read_field(str_skip(rest, at), &field);
		if (len > 0 && at == 0) {
			*plain_out = STR_NONE;
			*field_out = field;
			*text = str_skip(rest, len);
			return true;
		}
		if (len > 0)
			break;
		at += open.len;
	}
	*plain_out = str_head(rest, at);
	*field_out = -1;
	*text = str_skip(rest, at);
	return true;
}

static bool within(const struct blocks *blocks, struct block_text text)
{
	return text.at <= blocks->bytes.len &&
	       text.len <= blocks->bytes.len - text.at;
}

static bool level_ok(const struct block *b)
{
	if (b->kind == BLOCK_HEADING)
		return b->level >= 1 && b->level <= 6;
	return b->level <= ALIGN_RIGHT;
}

/* No two texts share bytes in what we write, so their sum is bounded: a node
 * cannot make a reader copy the same bytes again and again. */
static bool texts_ok(const struct blocks *blocks)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < blocks->count; i++) {
		const struct block *b = &blocks->at[i];

		if (b->kind >= BLOCK_KIND_COUNT || !level_ok(b) ||
		    !within(blocks, b->text) || !within(blocks, b->url) ||
		    !within(blocks, b->title))
			return false;
		sum += (uint64_t)b->text.len + b->url.len + b->title.len;
	}
	return sum <= blocks->bytes.len;
}

/* A field's mark cannot come about by cutting a text: looking at all bytes
 * once looks at every text. */
static bool fields_ok(const struct blocks *blocks)
{
	struct str rest = blocks->bytes;
	struct str plain;
	int field;

	for (uint32_t i = 0; i < blocks->field_count; i++)
		if (!within(blocks, blocks->fields[i].source))
			return false;
	while (blocks_piece(&rest, &plain, &field))
		if (field >= 0 && (uint32_t)field >= blocks->field_count)
			return false;
	return true;
}

static bool may_hold(const struct block *parent, const struct block *child)
{
	if (child->kind == BLOCK_ELSE &&
	    (parent->kind != BLOCK_IF || child->next != 0))
		return false;
	return places[parent->kind].takes == places[child->kind].is &&
	       places[child->kind].is != NOTHING;
}

/* Nodes stand in the order in which a reader meets them: a node's first child
 * is the next node, and its sibling follows when all below it is through.
 * So every node is reached once and once only. */
static bool tree_ok(const struct blocks *blocks)
{
	const struct block *parents[BLOCKS_DEPTH_MAX];
	const struct block *here = blocks->at;
	int depth = 0;

	if (here->kind != BLOCK_DOCUMENT || here->next != 0)
		return false;
	for (uint32_t i = 1; i < blocks->count; i++) {
		if (here->first != 0) {
			if (here->first != i || depth == BLOCKS_DEPTH_MAX)
				return false;
			parents[depth++] = here;
		} else {
			while (depth > 0 && here->next == 0)
				here = parents[--depth];
			if (depth == 0 || here->next != i)
				return false;
		}
		here = &blocks->at[i];
		if (!may_hold(parents[depth - 1], here))
			return false;
	}
	if (here->first != 0)
		return false;
	while (here->next == 0 && depth > 0)
		here = parents[--depth];
	return here->next == 0;
}

/* Behind each IF is the field that decides. */
static bool decided(const struct blocks *blocks)
{
	for (uint32_t i = 0; i < blocks->count; i++) {
		const struct block *b = &blocks->at[i];
		enum condition_tag tag;

		if (b->kind != BLOCK_IF)
			continue;
		if (b->number < 0 || (uint32_t)b->number >= blocks->field_count)
			return false;
		tag = condition_tag(
			blocks_str(blocks, blocks->fields[b->number].source));
		if (tag != COND_IF && tag != COND_UNLESS)
			return false;
	}
	return true;
}

bool blocks_ok(const struct blocks *blocks)
{
	struct condition_fault fault;

	return blocks->count > 0 && texts_ok(blocks) && tree_ok(blocks) &&
	       fields_ok(blocks) && decided(blocks) &&
	       conditions_ok(blocks, &fault);
}

void blocks_pack(const struct blocks *blocks, struct buf *out)
{
	struct head head = { .magic = MAGIC,
			     .count = blocks->count,
			     .field_count = blocks->field_count,
			     .bytes = (uint32_t)blocks->bytes.len };

	buf_add(out, str_at((const char *)&head, sizeof(head)));
	buf_add(out, str_at((const char *)blocks->at,
			    blocks->count * sizeof(*blocks->at)));
	buf_add(out, str_at((const char *)blocks->fields,
			    blocks->field_count * sizeof(*blocks->fields)));
	buf_add(out, blocks->bytes);
}

static int is_damaged(struct err *err)
{
	return err_set(err, ERR_INTERNAL,
		       "the parsed article came back damaged");
}

int blocks_unpack(struct str bytes, struct arena *arena,
		  struct blocks **blocks_out, struct err *err)
{
	struct blocks *blocks;
	struct head head;
	size_t nodes, fields;
	char *copy;

	if (bytes.len < sizeof(head))
		return is_damaged(err);
	memcpy(&head, bytes.at, sizeof(head));
	bytes = str_skip(bytes, sizeof(head));
	nodes = (size_t)head.count * sizeof(*blocks->at);
	fields = (size_t)head.field_count * sizeof(*blocks->fields);
	if (head.magic != MAGIC || nodes > bytes.len ||
	    fields > bytes.len - nodes ||
	    head.bytes != bytes.len - nodes - fields)
		return is_damaged(err);
	copy = arena_take(arena, bytes.len + 1);
	memcpy(copy, bytes.at, bytes.len);
	blocks = arena_new_of(arena, struct blocks);
	*blocks = (struct blocks){
		.at = (const struct block *)(const void *)copy,
		.count = head.count,
		.fields = (const struct block_field *)(const void *)(copy +
								     nodes),
		.field_count = head.field_count,
		.bytes = str_at(copy + nodes + fields, head.bytes),
	};
	if (!blocks_ok(blocks))
		return is_damaged(err);
	*blocks_out = blocks;
	return 0;
}
