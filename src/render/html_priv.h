/* html_priv.h - the walk that writes an article's blocks as HTML for mail
 *
 * One element a line and no indentation; every visible style inline on the
 * cell or text element; padding on cells only, rhythm by margins of text
 * (LETTER 1.2, 1.3). Plain Markdown is written here; a newsletter's own
 * blocks by templates/mail (html_block.c).
 */
#ifndef HTML_PRIV_H
#define HTML_PRIV_H

#include "letter_priv.h"

struct html {
	struct letter *letter;
	const struct blocks *blocks;
	const struct theme *theme;
	struct pen pen;
	int rank[7]; /* <h?> for each level of the Markdown */
	int heading; /* <h?> of the latest heading */
	bool notes;  /* the rule above the notes is drawn */
	bool rtl;    /* direction of what is around */
	enum theme_colour ground;
};

/* What a block must know of where it stands. */
struct frame {
	enum theme_face face;
	int room;   /* px of width */
	bool boxed; /* in a cell of its own: no gap at the end */
	int gap;    /* px below a block */
	bool rtl;   /* direction of the cell or list around it */
	enum theme_colour ground;
};

/* `frame` for a box inside it that takes `px` of its width. What is nested
 * deeper than a letter is wide still gets a picture that can be seen. */
static inline struct frame html_inside(struct frame frame, int px)
{
	frame.room = frame.room - px < 120 ? 120 : frame.room - px;
	frame.boxed = true;
	return frame;
}

/* The blocks inside `parent`, or one of them. */
void html_walk_all(struct html *h, const struct block *parent,
		   struct frame frame);
void html_walk(struct html *h, const struct block *block, struct frame frame);
void html_inlines(struct html *h, const struct block *parent,
		  enum theme_face face);

/* --- text (html_text.c) --------------------------------------------------- */

void html_paragraph(struct html *h, const struct block *block,
		    struct frame frame);
void html_heading(struct html *h, const struct block *block,
		  struct frame frame);
void html_list(struct html *h, const struct block *block, struct frame frame);
void html_note(struct html *h, const struct block *block, struct frame frame);

/* --- blocks with cells (html_box.c, html_table.c, html_picture.c) --------- */

void html_quote(struct html *h, const struct block *block, struct frame frame);
void html_code(struct html *h, const struct block *block, struct frame frame);
void html_rule(struct html *h, const struct block *block, struct frame frame);
void html_table(struct html *h, const struct block *block, struct frame frame);

/* A picture within a line. */
void html_image(struct html *h, const struct block *image);

/* --- a newsletter's own, by templates (html_block.c) ---------------------- */

void html_newsletter(struct html *h, const struct block *block,
		     struct frame frame);

/* --- common forms --------------------------------------------------------- */

/* <table role="presentation" ...> of full width, and its end: below it a row
 * of `gap` px where that is not 0. `style` is " style=..." or "". */
void html_open_table(struct html *h, const char *style);
void html_close_table(struct html *h, int gap);

/* The gap below `block` in `frame`. */
int html_gap(const struct html *h, const struct block *block,
	     struct frame frame);

/* Written from right to left? A block of no direction is as what is around. */
bool html_is_rtl(const struct html *h, const struct block *block);

/* " dir=..." where that is not what is around; else "". */
const char *html_dir(const struct html *h, bool rtl);

/* "left" or "right", where text of a direction begins. */
static inline const char *html_start(bool rtl)
{
	return rtl ? "right" : "left";
}

/* The class that gives a ground its colour in the dark. */
const char *html_ground_class(enum theme_colour ground);

/* Tint, or paper where all around is tinted. */
static inline enum theme_colour html_contrast(enum theme_colour ground)
{
	return ground == COLOUR_PAPER ? COLOUR_TINT : COLOUR_PAPER;
}

/* <p class= dir= style="margin:...;FACE">; `tag` is "p", "li", "h2". */
struct margin { /* px; none at the sides */
	int top, bottom;
};
void html_open(struct html *h, const char *tag, const struct block *block,
	       struct margin margin, enum theme_face face);

/* <a class="l" href= style=>. False when there is no address: then it is
 * plain text and has no end tag. */
bool html_open_link(struct html *h, const struct block *link,
		    enum theme_face face);

#endif
