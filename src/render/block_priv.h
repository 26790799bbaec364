/* block_priv.h - a newsletter's block as values for its template
 *
 * The same for mail, text and web: the walks add what is theirs (`body`,
 * widths, grounds) and write the block with letter_partial(). Texts of the
 * article are drafts, since they may hold merge fields; they are escaped for
 * letter->medium.
 *
 *   kind                      "callout", "figure" for a lone picture
 *   label title more by question caption     {{{block.label}}}, or ""
 *   href                      a whole address, or false
 *   tone icon                 of a callout
 *   picture pictures          {src, width, height, alt, caption, href}
 *   answers                   [{label, href, number, more}]
 *   author authors            {name, tagline, dir, photo, links, has_links}
 *   entries                   [{title, href, level, deep}] of the contents
 *   links                     [{title, url, more}] to share by
 *   host                      "example.org" of where href leads
 */
#ifndef BLOCK_PRIV_H
#define BLOCK_PRIV_H

#include "letter_priv.h"

/* What goes wrong (an author nobody knows, a missing picture) fails the
 * letter. */
struct value *block_value(struct letter *letter, const struct block *block);

/* A picture, and what is around it, at most `room` px wide; 0: as it is. The
 * LINK around it may be NULL. */
struct value *block_picture(struct letter *letter, const struct block *image,
			    const struct block *link, int room);

/* The pictures of a gallery, each at most `room` px wide. */
struct value *block_pictures(struct letter *letter, const struct block *gallery,
			     int room);

/* "button" for its templates button.html and button.txt, or NULL: the block
 * has none and is written in C. */
const char *block_template(const struct letter *letter,
			   const struct block *block);

#endif
