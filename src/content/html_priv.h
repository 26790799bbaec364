/* html_priv.h - reading a block of raw HTML; the only place that knows gumbo */
#ifndef HTML_PRIV_H
#define HTML_PRIV_H

#include <gumbo.h>

#include "markdown_priv.h"

#define HTML_MAX (64 * 1024)   /* bytes of one block */
#define SAFE_MAX (1024 * 1024) /* the same when balanced */

/* What becomes of an element. */
enum html_rule {
	HTML_UNWRAP = 0, /* what is in it stays */
	HTML_PART,	 /* the same, on lines of its own */
	HTML_DROP,
	HTML_KEEP,
	HTML_INLINE, /* may stand inside a line of Markdown, too */
	HTML_VOID,   /* has no end tag */
	HTML_VOID_INLINE
};
enum html_rule html_rule_of(const GumboElement *element);

/* An attribute's value if it may stay, else "". */
const char *html_get(const GumboElement *element, const char *name);

/* The element's start tag as it may stand, and its attributes. */
void html_read(struct arena *arena, const GumboElement *element,
	       struct tag *tag_out);

int html_too_tangled(const struct markdown *m, const struct node *node,
		     struct err *err);

typedef void (*html_visitor)(const GumboNode *root, void *arg);

/* Parse `html` and show its tree to `visit`; the tree is gone afterwards.
 * False when that took more memory than an honest block can need. */
bool html_parse(struct str html, html_visitor visit, void *arg);

/* --- a tree of HTML on its way to blocks (html_tree.c, html_cells.c) ------ */

struct builder {
	struct markdown *m;
	uint32_t line_number;
	struct node *into; /* takes the blocks */
	struct node *line; /* takes the words, NULL: none begun */
	int align;	   /* of its paragraphs */
	int depth;	   /* of elements */
	int breaks;	   /* line breaks before the next word */
	bool words_only;   /* blocks must stay in the line */
	bool begun;	   /* the line has a word */
	bool blank;	   /* nothing, or a blank, before the next word */
	bool in_link;
};

struct node *html_make(struct builder *b, enum block_kind kind);

/* What is in `element`: words for a node that takes words only, or blocks. */
void html_words(struct builder *b, struct node *node,
		const GumboElement *element);
void html_part(struct builder *b, const GumboElement *element);

/* enum block_align, `otherwise` where it says nothing. */
int html_align(const GumboElement *element, int otherwise);

void html_cells(struct builder *b, const GumboElement *element);

#endif
