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

enum markdown_dialect {
	MARKDOWN_LETTER,	/* all that docs/formats.md tells of */
	MARKDOWN_GITHUB,	/* tables, ~~strike~~, addresses, tasks */
	MARKDOWN_COMMON		/* CommonMark and nothing else */
};

/* What is read, and how its words are set. */
struct markdown_style {
	struct str lang;	/* whose quotes; "" is English */
	bool smart;		/* quotes, dashes and dots as printed */
	enum markdown_dialect dialect;
};

/* `name` and `first_line` make places in errors; `style` may be NULL: a
 * letter, as it was typed. Refused with ERR_INPUT: a merge field not closed,
 * a character kept for marks, a `:::` block not closed or unknown, a condition
 * not balanced, nesting over 100. */
int markdown_parse(struct str text, const char *name, int first_line,
		   const struct markdown_style *style, struct arena *arena,
		   struct blocks **blocks_out, struct err *err);

/* `text` as the specification of that dialect, which is not ours, has it: raw
 * HTML goes through. For comparing, never for letters. Any bytes will do; made
 * in a child under limits as article_blocks() has them. `name` is for errors.
 */
int markdown_html(struct str text, const char *name,
		  enum markdown_dialect dialect, struct arena *arena,
		  struct str *html_out, struct err *err);

/* For the pipe: a flat image of the blocks, and back (checked). */
void blocks_pack(const struct blocks *blocks, struct buf *out);
int blocks_unpack(struct str bytes, struct arena *arena,
		  struct blocks **blocks_out, struct err *err);

#endif
