/* content_dump.h - blocks as one line of text, for tests to compare
 *
 *	paragraph('a ' strong('b') link<url "title">('c'))
 *
 * Kind, then what it has of level, number, flags, text, address and title,
 * then its children. A merge field is {0}, {1} ...
 */
#ifndef CONTENT_DUMP_H
#define CONTENT_DUMP_H

#include "base/buf.h"
#include "content/blocks.h"

static inline void dump_str(struct buf *out, struct str text)
{
	struct str plain;
	int field;

	while (blocks_piece(&text, &plain, &field)) {
		if (field >= 0)
			buf_fmt(out, "{%d}", field);
		for (size_t i = 0; i < plain.len; i++)
			if (plain.at[i] == '\n')
				buf_addz(out, "\\n");
			else
				buf_byte(out, plain.at[i]);
	}
}

static inline void dump_flags(struct buf *out, const struct block *b)
{
	static const char *const names[] = { "ordered", "tight", "task",
					     "done",	"head",	 "cid",
					     "web",	"mail" };
	static const char *const aligns[] = { "", "left", "center", "right" };

	for (unsigned i = 0; i < 8; i++)
		if (b->flags & (1u << i))
			buf_fmt(out, " %s", names[i]);
	if ((b->kind == BLOCK_CELL || b->kind == BLOCK_PARAGRAPH) &&
	    b->level > 0)
		buf_fmt(out, " %s", aligns[b->level]);
	if (b->kind == BLOCK_HEADING)
		buf_fmt(out, " %d", b->level);
	if (b->number != 0)
		buf_fmt(out, " #%d", b->number);
}

static inline void dump_node(struct buf *out, const struct blocks *blocks,
			     const struct block *b)
{
	struct str text = blocks_str(blocks, b->text);
	struct str url = blocks_str(blocks, b->url);
	struct str title = blocks_str(blocks, b->title);

	if (b->kind != BLOCK_TEXT)
		buf_addz(out, block_kind_name((enum block_kind)b->kind));
	dump_flags(out, b);
	if (url.len > 0 || title.len > 0) {
		buf_byte(out, '<');
		dump_str(out, url);
		if (title.len > 0) {
			buf_addz(out, " \"");
			dump_str(out, title);
			buf_byte(out, '"');
		}
		buf_byte(out, '>');
	}
	if (text.len > 0) {
		buf_byte(out, '\'');
		dump_str(out, text);
		buf_byte(out, '\'');
	}
	if (!b->first)
		return;
	buf_byte(out, '(');
	for (const struct block *c = blocks_first(blocks, b); c;
	     c = blocks_next(blocks, c)) {
		dump_node(out, blocks, c);
		if (c->next)
			buf_byte(out, ' ');
	}
	buf_byte(out, ')');
}

/* All but the document around it. */
static inline void dump(struct buf *out, const struct blocks *blocks)
{
	for (const struct block *c = blocks_first(blocks, blocks->at); c;
	     c = blocks_next(blocks, c)) {
		dump_node(out, blocks, c);
		if (c->next)
			buf_byte(out, ' ');
	}
}

#endif
