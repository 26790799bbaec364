/* article.h - one Markdown file with front matter
 *
 * Limits: 1 MiB, UTF-8, no NUL. Everything lives in the caller's arena.
 * Places in errors are "articles/x.md:LINE[:COLUMN]".
 */
#ifndef CONTENT_ARTICLE_H
#define CONTENT_ARTICLE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "content/blocks.h"

#define ARTICLE_MAX (1024 * 1024)

struct article_place {		/* of a value in the front matter */
	int line, column;	/* from 1; 0: not given */
};

struct article {
	struct str path;	/* as named in errors, below the publication */
	struct str slug;	/* `slug:`, else the file's name without
				   YYYY-MM-DD- and .md; [a-z0-9-] */
	struct str title;	/* required */
	struct str deck, subject, preheader, topic, list, lang;
	struct str *authors;	/* keys or plain names, in order */
	size_t author_count;
	struct str *tags;
	size_t tag_count;
	struct date date;	/* year 0: not given */
	bool draft;
	int author_line, list_line;	/* for later errors, as the places */
	struct article_place title_place, deck_place;
	struct article_place subject_place, preheader_place;

	struct str body;	/* Markdown behind the front matter */
	int body_line;		/* its first line in the file, from 1 */
	const struct blocks *blocks;	/* NULL until article_blocks() */
	int words;		/* of the blocks' text, for the reading time */
};

/* The slug that a file's name gives, without folders, YYYY-MM-DD- and .md: in
 * lower case, each run of other than a-z and 0-9 one '-', none at the ends.
 * Empty when nothing is left. It need not exist. */
struct str article_slug(struct arena *arena, struct str path);

/* The same of words that are no path: a '/' in them is one more '-'. */
struct str article_slug_of_title(struct arena *arena, struct str title);

/* `name` is a path below the publication `dir`. Refused: front matter not
 * closed, not a map, unknown or duplicate key, a value of the wrong type, no
 * title, a title or subject with a control character. */
int article_read(const char *dir, struct str name, struct arena *arena,
		 struct article **article_out, struct err *err);

/* The same from text at hand. */
int article_parse(struct str name, struct str text, struct arena *arena,
		  struct article **article_out, struct err *err);

/* The whole of `text` is its body: an article without a title. */
int article_body(struct str name, struct str text, struct arena *arena,
		 struct article **article_out, struct err *err);

/* One or the other, as the text has front matter. */
int article_bare(struct str name, struct str text, struct arena *arena,
		 struct article **article_out, struct err *err);

/* Parse the body in a child under limits (2 s of CPU, memory, size); fills
 * blocks and words. `style` may be NULL. */
struct markdown_style;
int article_blocks(struct article *article, const struct markdown_style *style,
		   struct arena *arena, struct err *err);

/* ERR_INPUT when another file of articles/ has the slug of this one: what is
 * sent under it would be a matter of chance. */
int article_alone(const char *dir, const struct article *article,
		  struct arena *arena, struct err *err);

/* The file that ISSUE names: a path, or a slug found among articles/X.md
 * (dated names too). ERR_MISSING with the nearest slug. `name_out` is a path
 * below `dir`. */
int article_locate(const char *dir, struct str issue, struct arena *arena,
		   struct str *name_out, struct err *err);

#endif
