/* look_priv.h - a letter's HTML made to look as one kind of reader sees it
 *
 * Pure: text in, text out. What mail programs decide by themselves (dark or
 * light, pictures or none) is decided here instead, whatever the browser
 * would prefer.
 */
#ifndef DESK_LOOK_PRIV_H
#define DESK_LOOK_PRIV_H

#include <stdbool.h>

#include "base/buf.h"

struct look {
	bool dark;
	bool bare;		/* no pictures: their texts stand instead */
	struct str base;	/* "/i/x.md": pictures are served below it */
	struct str url;		/* publication.url, without a slash behind */
};

/* Media queries for dark or light become always or never true, `cid:` and our
 * own /m/ pictures lead to `base`, links open beside the preview. */
void look_apply(struct str html, const struct look *look, struct buf *out);

#endif
