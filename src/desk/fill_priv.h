/* fill_priv.h - the preview's own pages: built-in files with holes to fill */
#ifndef DESK_FILL_PRIV_H
#define DESK_FILL_PRIV_H

#include "base/arena.h"
#include "base/buf.h"

#define HOLES_MAX 24

struct holes {			/* what goes where */
	struct arena *arena;
	struct {
		const char *name;
		struct str html;
	} at[HOLES_MAX];
	size_t count;
};

/* `text` is escaped, `html` is not. Both live in the arena or longer. */
void hole_text(struct holes *holes, const char *name, struct str text);
void hole_html(struct holes *holes, const char *name, struct str html);

/* A built-in file ("style.css"). A name that is not there is a bug and dies. */
struct str fill_file(const char *name);

/* The file with every {{name}} in it filled; so is one that is not given, by
 * a bug. In the arena of `holes`. */
struct str fill(const char *name, const struct holes *holes);

/* Percent-encoded for a path or a query. */
struct str fill_url(struct str text, struct arena *arena);

#endif
