/* html_text.c - paragraphs, headings, lists and notes as HTML for mail */
#include "html_priv.h"
#include "presence_priv.h"

/* --- text ----------------------------------------------------------------- */

void html_paragraph(struct html *h, const struct block *block,
		    struct frame frame)
{
	struct margin margin = { 0, html_gap(h, block, frame) };

	html_open(h, "p", block, margin, frame.face);
	html_inlines(h, block, frame.face);
	pen_put(&h->pen, "</p>\n");
}

/* In a box it is no part of the article's outline. */
static void boxed_heading(struct html *h, const struct block *block)
{
	html_open(h, "p", block, (struct margin){ 0, 6 }, FACE_STRONG);
	html_inlines(h, block, FACE_STRONG);
	pen_put(&h->pen, "</p>\n");
}

void html_heading(struct html *h, const struct block *block, struct frame frame)
{
	static const struct {
		enum theme_face face;
		const char *tag;
		struct margin margin;
	} forms[] = {
		[2] = { FACE_H2, "h2", { 36, 12 } },
		[3] = { FACE_H3, "h3", { 28, 10 } },
		[4] = { FACE_H4, "h4", { 24, 8 } },
		[5] = { FACE_H4, "h5", { 24, 8 } },
		[6] = { FACE_H4, "h6", { 24, 8 } },
	};
	int level = h->rank[block->level];

	if (frame.face != FACE_BODY) {
		boxed_heading(h, block);
		return;
	}

	/* Screen readers stumble over a level left out. */
	if (level > h->heading + 1)
		level = h->heading + 1;
	h->heading = level;
	html_open(h, forms[level].tag, block, forms[level].margin,
		  forms[level].face);
	html_inlines(h, block, forms[level].face);
	pen_fmt(&h->pen, "</%s>\n", forms[level].tag);
}

/* --- lists ---------------------------------------------------------------- */

/* A tight item's paragraph is the item's own text. */
static void item_child(struct html *h, const struct block *child, bool tight,
		       struct frame frame)
{
	const struct block *link;

	if (tight && child->kind == BLOCK_PARAGRAPH &&
	    !lone_picture(h->letter, child, &link)) {
		html_inlines(h, child, frame.face);
		pen_put(&h->pen, blocks_next(h->blocks, child) ? "\n" : "");
		return;
	}
	html_walk(h, child, frame);
}

static void item(struct html *h, const struct block *block, bool tight,
		 struct frame frame)
{
	const struct block *child = blocks_first(h->blocks, block);
	bool last = !blocks_next(h->blocks, block);

	h->rtl = frame.rtl;
	html_open(h, "li", block, (struct margin){ 0, last ? 0 : 8 },
		  frame.face);
	h->rtl = frame.rtl = html_is_rtl(h, block);
	if (block->flags & BLOCK_TASK)
		pen_put(&h->pen, block->flags & BLOCK_DONE ? "&#9745;&nbsp;"
							   : "&#9744;&nbsp;");
	for (; child; child = blocks_next(h->blocks, child))
		item_child(h, child, tight, frame);
	pen_put(&h->pen, "</li>\n");
}

static bool has_tasks(const struct html *h, const struct block *list)
{
	const struct block *item = blocks_first(h->blocks, list);

	for (; item; item = blocks_next(h->blocks, item))
		if (item->flags & BLOCK_TASK)
			return true;
	return false;
}

/* Room for the marks: on both sides where an item is of another direction. */
static void put_indent(struct html *h, const struct block *list, int indent)
{
	const struct block *child = blocks_first(h->blocks, list);
	bool mixed = false;

	for (; child && !mixed; child = blocks_next(h->blocks, child))
		mixed = html_is_rtl(h, child) != h->rtl;
	pen_fmt(&h->pen, "padding:0 %dpx 0 %dpx;", h->rtl || mixed ? indent : 0,
		h->rtl && !mixed ? 0 : indent);
}

static void open_list(struct html *h, const struct block *block, bool rtl,
		      struct frame frame)
{
	bool ordered = block->flags & BLOCK_ORDERED;
	bool tasks = has_tasks(h, block);

	pen_fmt(&h->pen, "<%s%s", ordered ? "ol" : "ul", html_dir(h, rtl));
	if (ordered && block->number != 1)
		pen_fmt(&h->pen, " start=\"%d\"", block->number);
	pen_fmt(&h->pen, " style=\"margin:%dpx 0 %dpx;",
		frame.boxed && frame.gap < 12 ? 8 : 0,
		html_gap(h, block, frame));
	if (rtl != h->rtl)
		pen_fmt(&h->pen, "text-align:%s;", html_start(rtl));
	h->rtl = rtl;
	put_indent(h, block, tasks ? 4 : 26);
	pen_fmt(&h->pen, "list-style-type:%s\">\n",
		tasks	  ? "none"
		: ordered ? "decimal"
			  : "disc");
}

void html_list(struct html *h, const struct block *block, struct frame frame)
{
	const struct block *child = blocks_first(h->blocks, block);
	bool ordered = block->flags & BLOCK_ORDERED;
	bool tight = block->flags & BLOCK_TIGHT;
	struct frame inner = html_inside(frame, 26);

	inner.gap = tight ? 8 : 12;
	inner.rtl = html_is_rtl(h, block);
	open_list(h, block, inner.rtl, frame);
	for (; child; child = blocks_next(h->blocks, child))
		item(h, child, tight, inner);
	pen_put(&h->pen, ordered ? "</ol>\n" : "</ul>\n");
}

/* --- footnotes ------------------------------------------------------------ */

static void first_of_note(struct html *h, const struct block *note,
			  const struct block *paragraph, struct frame frame)
{
	html_open(h, "p", paragraph, (struct margin){ 0, frame.gap },
		  frame.face);
	pen_fmt(&h->pen, "[%d] ", note->number);
	html_inlines(h, paragraph, frame.face);
	pen_put(&h->pen, "</p>\n");
}

static void note(struct html *h, const struct block *block, struct frame frame)
{
	const struct block *child = blocks_first(h->blocks, block);

	if (child && child->kind == BLOCK_PARAGRAPH) {
		first_of_note(h, block, child, frame);
		child = blocks_next(h->blocks, child);
	}
	for (; child; child = blocks_next(h->blocks, child))
		html_walk(h, child, frame);
}

/* Above the first note, for whoever gets one; rather for all than not at
 * all. */
static void rule_above(struct html *h, const struct block *block,
		       struct frame frame)
{
	const struct presence *any = notes_presence(h->letter);
	bool all = any->all || any->over;

	if (h->notes)
		return;
	h->notes = true;
	if (!all)
		pen_presence(&h->pen, any, block->line);
	html_rule(h, block, frame);
	if (!all)
		pen_end(&h->pen);
}

/* What nobody is shown the mark of is left out. */
void html_note(struct html *h, const struct block *block, struct frame frame)
{
	const struct presence *of = note_presence(h->letter, block->number);

	if (!of)
		return;
	frame.face = FACE_SMALL;
	frame.gap = 10;
	rule_above(h, block, frame);
	if (of->all) {
		note(h, block, frame);
		return;
	}
	pen_presence(&h->pen, of, block->line);
	h->letter->some++;
	note(h, block, frame);
	h->letter->some--;
	pen_end(&h->pen);
}
