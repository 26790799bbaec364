/* gif.c - the blocks of a GIF (GIF89a, 15 to 27) */
#include "picture_priv.h"

#define HEAD	    13 /* signature and screen */
#define IMAGE	    0x2c
#define EXTENSION   0x21
#define TRAILER	    0x3b
#define COMMENT	    0xfe
#define APPLICATION 0xff

struct block {
	unsigned kind, label;
	struct str whole;
};

/* Bytes of the table of colours that `flags` speak of. */
static size_t colours(unsigned flags)
{
	return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* Behind the sub-blocks that begin at `at`, or 0 when they do not end. */
static size_t behind_data(struct str s, size_t at)
{
	while (at < s.len) {
		unsigned len = byte_at(s, at);

		at += 1 + len;
		if (len == 0)
			return at <= s.len ? at : 0;
	}
	return 0;
}

/* Where the block at the start of `s` ends; 0 when it does not. */
static size_t block_end(struct str s, const struct block *block)
{
	if (block->kind == EXTENSION)
		return behind_data(s, 2);
	if (s.len < 10)
		return 0;
	/* Behind the colours stands one byte, then the data. */
	return behind_data(s, 11 + colours(byte_at(s, 9)));
}

/* Cut the next block off `*rest`. A file may lack its trailer, and may be
 * padded with zeros. */
static enum fault next_block(struct str *rest, struct block *out)
{
	size_t end;

	while (rest->len > 0 && rest->at[0] == 0)
		*rest = str_skip(*rest, 1);
	out->kind = rest->len > 0 ? byte_at(*rest, 0) : TRAILER;
	if (out->kind == TRAILER)
		return FAULT_NONE;
	if (out->kind != IMAGE && out->kind != EXTENSION)
		return FAULT_DAMAGED;
	if (rest->len < 2)
		return FAULT_CUT;
	out->label = byte_at(*rest, 1);
	end = block_end(*rest, out);
	if (end == 0)
		return FAULT_CUT;
	out->whole = str_head(*rest, end);
	*rest = str_skip(*rest, end);
	return FAULT_NONE;
}

/* Behind the head and its colours; FAULT_CUT when they are not all there. */
static enum fault skip_head(struct str *rest)
{
	size_t len = HEAD;

	if (rest->len < HEAD)
		return FAULT_CUT;
	len += colours(byte_at(*rest, 10));
	if (rest->len < len)
		return FAULT_CUT;
	*rest = str_skip(*rest, len);
	return FAULT_NONE;
}

enum fault gif_look(struct str bytes, struct look *look)
{
	struct str rest = bytes;
	enum fault fault = skip_head(&rest);
	struct block block = { .kind = 0 };
	size_t frames = 0;

	if (fault != FAULT_NONE)
		return fault;
	look->width = (int)little16(bytes, 6);
	look->height = (int)little16(bytes, 8);
	look->palette = true;
	while (block.kind != TRAILER) {
		fault = next_block(&rest, &block);
		if (fault != FAULT_NONE)
			return fault;
		frames += block.kind == IMAGE;
	}
	look->moves = frames > 1;
	return frames > 0 && look->width > 0 && look->height > 0
		       ? FAULT_NONE
		       : FAULT_DAMAGED;
}

/* Of the applications' blocks those that let it repeat are needed. */
static bool is_needed(const struct block *block)
{
	struct str name = str_head(block->whole, 14);

	if (block->kind != EXTENSION || block->label < COMMENT)
		return true;
	return block->label == APPLICATION &&
	       (str_ends(name, STR("NETSCAPE2.0")) ||
		str_ends(name, STR("ANIMEXTS1.0")));
}

void gif_strip(struct str bytes, struct buf *out)
{
	struct block block = { .kind = 0 };
	struct str rest = bytes;

	if (skip_head(&rest) != FAULT_NONE)
		return;
	buf_add(out, str_head(bytes, bytes.len - rest.len));
	while (next_block(&rest, &block) == FAULT_NONE && block.kind != TRAILER)
		if (is_needed(&block))
			buf_add(out, block.whole);
	buf_byte(out, TRAILER);
}
