/* wrap.h - prose in lines of 72 columns, as format=flowed wants them (RFC 3676)
 *
 * Widths are those of a terminal: East Asian characters count two, an emoji
 * sequence as one of two; a line may end between them, but not before what
 * closes nor behind what opens. Never broken are words, addresses, code in
 * back-ticks, and "12 €".
 */
#ifndef RENDER_WRAP_H
#define RENDER_WRAP_H

#include "base/buf.h"
#include "base/str.h"

#define WRAP_WIDTH 72

/* Append `text` in lines that begin with `first`, then `rest` ("- ", "  ").
 * Blanks run together; a line feed in `text` stays one (a hard break); control
 * characters are left out. A line that was broken here ends in a blank, so
 * that readers may join it again, but not within a quotation of a quotation; a
 * line that would be taken for a quotation or a "From " is moved in by one.
 * No line feed behind the last. */
void wrap_text(struct str text, struct str first, struct str rest,
	       struct buf *out);

#endif
