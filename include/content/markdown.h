/* markdown.h - Markdown in, blocks out (cmark; tables and the rest are ours)
 *
 * Pure and single-minded: no files. Use it through article_blocks(), which
 * runs it in a child; cmark 0.30 is quadratic on hostile input.
 */
#ifndef CONTENT_MARKDOWN_H
#define CONTENT_MARKDOWN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "content/blocks.h"

/* `name` and `first_line` make places in errors. Refused with ERR_INPUT: a
 * merge field not closed, U+E000/U+E001 in the text, a `:::` block not
 * closed or unknown, nesting over 100. */
int markdown_parse(struct str text, const char *name, int first_line,
		   struct arena *arena, struct blocks **blocks_out,
		   struct err *err);

/* For the pipe: a flat image of the blocks, and back (checked). */
void blocks_pack(const struct blocks *blocks, struct buf *out);
int blocks_unpack(struct str bytes, struct arena *arena,
		  struct blocks **blocks_out, struct err *err);

#endif
