/* wrap.h - prose in lines of 72 columns, as format=flowed wants them (RFC 3676)
 *
 * Widths are those of a terminal: East Asian characters count two, and a line
 * may break between them. Words and addresses are never broken.
 */
#ifndef RENDER_WRAP_H
#define RENDER_WRAP_H

#include "base/buf.h"
#include "base/str.h"

#define WRAP_WIDTH 72

/* Append `text` in lines that begin with `first`, then `rest` ("- ", "  ").
 * Blanks run together; a line feed in `text` stays one (a hard break). A line
 * that was broken here ends in a blank, so that readers may join it again; a
 * line that would be taken for a quotation or a "From " is moved in by one.
 * No line feed behind the last line. */
void wrap_text(struct str text, struct str first, struct str rest,
	       struct buf *out);

#endif
