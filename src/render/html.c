/* html.c - paragraphs, headings and lists of an article as HTML for mail */
#include "html_priv.h"

/* --- common forms --------------------------------------------------------- */

void html_open_table(struct html *h, const char *style)
{
	pen_fmt(&h->pen,
		"<table role=\"presentation\" border=\"0\" cellpadding=\"0\" "
		"cellspacing=\"0\" width=\"100%%\"%s%s>\n",
		h->theme->rtl ? " dir=\"rtl\"" : "", style);
}

void html_close_table(struct html *h, int gap)
{
	if (gap > 0)
		pen_fmt(&h->pen,
			"<tr>\n<td height=\"%d\" style=\"height:%dpx;"
			"font-size:0;line-height:0\">&nbsp;</td>\n</tr>\n",
			gap, gap);
	pen_put(&h->pen, "</table>\n");
}

int html_gap(const struct html *h, const struct block *block,
	     struct frame frame)
{
	return frame.boxed && !blocks_next(h->blocks, block) ? 0 : frame.gap;
}

/* The class is for dark mode alone: soft ink or ink. */
static const char *class_of(enum theme_face face)
{
	return face == FACE_SMALL || face == FACE_DECK ? "s" : "t";
}

bool html_is_rtl(const struct html *h, const struct block *block)
{
	int direction = text_direction(block_words(h->letter, block, 200));

	return direction < 0 ? h->rtl : direction == 1;
}

/* A block of the other direction says so itself; dir="auto" is not known
 * everywhere. */
const char *html_dir(const struct html *h, bool rtl)
{
	if (rtl == h->rtl)
		return "";
	return rtl ? " dir=\"rtl\"" : " dir=\"ltr\"";
}

/* What a paragraph's text is aligned to, or NULL: as all around. */
static const char *own_align(const struct html *h, const struct block *block,
			     bool rtl)
{
	static const char *const names[] = { [ALIGN_LEFT] = "left",
					     [ALIGN_CENTER] = "center",
					     [ALIGN_RIGHT] = "right" };

	if (block->kind == BLOCK_PARAGRAPH && block->level != ALIGN_NONE)
		return names[block->level];
	return rtl == h->rtl ? NULL : html_start(rtl);
}

/* The shortest form: it stands on every paragraph. */
static void put_margin(struct html *h, struct margin margin)
{
	const char *top = margin.top ? "px" : "";

	if (margin.top == 0 && margin.bottom == 0)
		pen_put(&h->pen, " style=\"margin:0;");
	else
		pen_fmt(&h->pen, " style=\"margin:%d%s 0 %d%s;", margin.top,
			top, margin.bottom, margin.bottom ? "px" : "");
}

void html_open(struct html *h, const char *tag, const struct block *block,
	       struct margin margin, enum theme_face face)
{
	bool rtl = html_is_rtl(h, block);
	const char *align = own_align(h, block, rtl);

	pen_fmt(&h->pen, "<%s class=\"%s\"%s", tag, class_of(face),
		html_dir(h, rtl));
	put_margin(h, margin);
	if (align)
		pen_fmt(&h->pen, "text-align:%s;", align);
	pen_fmt(&h->pen, STR_FMT "\">", STR_ARG(h->theme->text[face]));
}

/* --- text ----------------------------------------------------------------- */

static void paragraph(struct html *h, const struct block *block,
		      struct frame frame)
{
	struct margin margin = { 0, html_gap(h, block, frame) };
	const struct block *link;

	if (lone_picture(h->letter, block, &link)) {
		html_figure(h, block, frame);
		return;
	}
	html_open(h, "p", block, margin, frame.face);
	html_inlines(h, block, frame.face);
	pen_put(&h->pen, "</p>\n");
}

static void heading(struct html *h, const struct block *block)
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

static void list(struct html *h, const struct block *block, struct frame frame)
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
	if (h->letter->web)
		pen_fmt(&h->pen, "<a id=\"note-%d\"></a>", note->number);
	pen_fmt(&h->pen, "[%d] ", note->number);
	html_inlines(h, paragraph, frame.face);
	pen_put(&h->pen, "</p>\n");
}

static void note(struct html *h, const struct block *block, struct frame frame)
{
	const struct block *child = blocks_first(h->blocks, block);

	frame.face = FACE_SMALL;
	frame.gap = 10;
	if (!h->notes)
		html_rule(h, block, frame);
	h->notes = true;
	if (child && child->kind == BLOCK_PARAGRAPH) {
		first_of_note(h, block, child, frame);
		child = blocks_next(h->blocks, child);
	}
	for (; child; child = blocks_next(h->blocks, child))
		html_walk(h, child, frame);
}

/* --- the walk ------------------------------------------------------------- */

static void walk_block(struct html *h, const struct block *block,
		       struct frame frame)
{
	switch ((enum block_kind)block->kind) {
	case BLOCK_DOCUMENT:
	case BLOCK_ITEM:
		html_walk_all(h, block, frame);
		break;
	case BLOCK_PARAGRAPH:
		paragraph(h, block, frame);
		break;
	case BLOCK_HEADING:
		heading(h, block);
		break;
	case BLOCK_QUOTE:
		html_quote(h, block, frame);
		break;
	case BLOCK_LIST:
		list(h, block, frame);
		break;
	case BLOCK_CODE:
		html_code(h, block, frame);
		break;
	case BLOCK_RULE:
		html_rule(h, block, frame);
		break;
	case BLOCK_TABLE:
		html_table(h, block, frame);
		break;
	case BLOCK_CALLOUT:
		html_callout(h, block, frame);
		break;
	case BLOCK_BUTTON:
		html_button(h, block, frame);
		break;
	case BLOCK_NOTE:
		note(h, block, frame);
		break;
	case BLOCK_HTML:
	case BLOCK_ROW:
	case BLOCK_CELL:
	case BLOCK_TEXT:
	case BLOCK_SOFTBREAK:
	case BLOCK_LINEBREAK:
	case BLOCK_CODESPAN:
	case BLOCK_HTML_INLINE:
	case BLOCK_EMPH:
	case BLOCK_STRONG:
	case BLOCK_STRIKE:
	case BLOCK_LINK:
	case BLOCK_IMAGE:
	case BLOCK_NOTE_REF:
	case BLOCK_KIND_COUNT:
		break;
	}
}

void html_walk(struct html *h, const struct block *block, struct frame frame)
{
	bool rtl = h->rtl;
	enum theme_colour ground = h->ground;

	h->rtl = frame.rtl;
	h->ground = frame.ground;
	walk_block(h, block, frame);
	h->rtl = rtl;
	h->ground = ground;
}

void html_walk_all(struct html *h, const struct block *parent,
		   struct frame frame)
{
	const struct block *child = blocks_first(h->blocks, parent);

	for (; child; child = blocks_next(h->blocks, child))
		html_walk(h, child, frame);
}

void html_body(struct letter *letter, struct draft *draft)
{
	struct frame frame = { .face = FACE_BODY,
			       .room = THEME_COLUMN,
			       .boxed = true,
			       .gap = 20,
			       .rtl = letter->theme->rtl,
			       .ground = COLOUR_PAPER };
	struct html h = { .letter = letter,
			  .blocks = letter->blocks,
			  .theme = letter->theme };

	heading_ranks(letter->blocks, 6, h.rank);
	h.heading = 1;
	pen_open(&h.pen, letter, draft);
	html_walk_all(&h, letter->blocks->at, frame);
	/* The template has a line feed of its own behind the body. */
	if (str_ends(buf_str(&h.pen.text), STR("\n")))
		buf_cut(&h.pen.text, h.pen.text.len - 1);
	pen_close(&h.pen);
}
