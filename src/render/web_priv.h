/* web_priv.h - the walk that writes an article's blocks as a page for browsers
 *
 * Semantic HTML, classes and no style: templates/web/style.html has the look.
 * There is no reader: conditions are decided here, and what is a reader's own
 * address leads to the help page. Ids of the page's own hold a ':', which
 * those of headings never do, so that the two cannot meet.
 */
#ifndef WEB_PRIV_H
#define WEB_PRIV_H

#include "letter_priv.h"
#include "seen_priv.h"

/* What a picture of the article is at most wide, px; the column cuts it. */
#define WEB_ROOM 1600
/* From here on it may be wider than the text. */
#define WEB_BROAD 960

struct web {
	struct letter *letter;
	const struct blocks *blocks;
	struct pen pen;
	int rank[7];		   /* <h?> for each level of the Markdown */
	int heading;		   /* <h?> of the latest heading */
	bool rtl;		   /* direction of what is around */
	struct seen *targets;	   /* headings by id */
	const struct block **note; /* by number; NULL: no such note */
	int note_max;
	bool *met; /* by number: something refers to it */
	int *row;  /* the numbers met, in that order */
	int row_length;
	const struct block *picture; /* the first lone one that is shown */
	int pictures;		     /* that may be lazy, written so far */
	int open, skipped; /* conditions in a line; see web_inline.c */
};

/* One block, or all in `parent` that a page shows. */
void web_walk(struct web *web, const struct block *block);
void web_inside(struct web *web, const struct block *parent);

/* What runs inside a line of `parent`. */
void web_inlines(struct web *web, const struct block *parent);

/* Would somebody of whom nothing is known see what field `number`, "#if ...",
 * is about? */
bool web_holds(struct web *web, int number, uint32_t line);

/* The heading that has this id, or NULL: none that is shown. */
const struct block *web_target(struct web *web, struct str id);

/* Is this address the reader's own? Nobody is the reader: it leads to the help
 * page, where who wants to leave is told how. */
bool web_is_readers(const struct web *web, struct str url);
struct str web_help(const struct web *web);

/* --- blocks of Markdown (web_block.c) ------------------------------------- */

void web_paragraph(struct web *web, const struct block *block);
void web_heading(struct web *web, const struct block *block);
void web_list(struct web *web, const struct block *block);
void web_quote(struct web *web, const struct block *block);
void web_code(struct web *web, const struct block *block);
void web_rule(struct web *web, const struct block *block);
void web_table(struct web *web, const struct block *block);

/* The footnotes that the text refers to, as a section at its end. */
void web_notes(struct web *web);

/* --- a newsletter's own blocks (web_kind.c) ------------------------------- */

/* By its template `name`, without ".html". */
void web_kind(struct web *web, const struct block *block, const char *name);

/* --- common forms --------------------------------------------------------- */

/* Written from right to left? A block of no direction is as what is around. */
bool web_is_rtl(const struct web *web, const struct block *block);

/* " dir=..." where that is not what is around; else "". */
const char *web_dir(const struct web *web, bool rtl);

/* Without the line feed at its end: the template has one of its own. */
void web_trim(struct pen *pen);

/* "left", "center", "right" of a paragraph or cell; else "". */
const char *web_align(const struct block *block);

#endif
