/* html.c - the walk over an article that writes it as HTML for mail */
#include "block_priv.h"
#include "html_priv.h"
#include "presence_priv.h"

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

/* A heading keeps its own distance, which margins share but tables do not. */
int html_gap(const struct html *h, const struct block *block,
	     struct frame frame)
{
	const struct block *next = blocks_next(h->blocks, block);

	if (!next || next->kind == BLOCK_ELSE)
		return frame.boxed ? 0 : frame.gap;
	return next->kind == BLOCK_HEADING ? frame.gap / 4 : frame.gap;
}

/* Classes are for dark mode alone. */
const char *html_ground_class(enum theme_colour ground)
{
	static const char *const classes[COLOUR_COUNT] = {
		[COLOUR_TINT] = "c",
		[COLOUR_INFO] = "ci",
		[COLOUR_TIP] = "ct",
		[COLOUR_WARNING] = "cw",
	};

	return classes[ground] ? classes[ground] : "paper t";
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

	pen_fmt(&h->pen, "<%s class=\"%s\"%s", tag, theme_class(h->theme, face),
		html_dir(h, rtl));
	put_margin(h, margin);
	if (align)
		pen_fmt(&h->pen, "text-align:%s;", align);
	pen_fmt(&h->pen, STR_FMT "\">", STR_ARG(h->theme->text[face]));
}

/* --- the walk ------------------------------------------------------------- */

/* What is inside stands as if it were alone: its last block is the last of
 * all only when nothing follows. */
static struct frame opened(const struct html *h, const struct block *block,
			   struct frame frame)
{
	frame.boxed = frame.boxed && !blocks_next(h->blocks, block);
	return frame;
}

/* What only the page shows is skipped. */
static void only(struct html *h, const struct block *block, struct frame frame)
{
	if (!(block->flags & BLOCK_WEB))
		html_walk_all(h, block, opened(h, block, frame));
}

/* Its ELSE is the last child. */
static void condition(struct html *h, const struct block *block,
		      struct frame frame)
{
	const struct block *child = blocks_first(h->blocks, block);
	enum audience audience = branch_audience(
		h->letter, pen_source(&h->pen, block->number));
	int some = h->letter->some;

	frame = opened(h, block, frame);
	pen_if(&h->pen, block->number, block->line);
	h->letter->some = some + (audience != FOR_ALL);
	for (; child; child = blocks_next(h->blocks, child)) {
		if (child->kind == BLOCK_ELSE)
			h->letter->some = some + (audience != FOR_NOBODY);
		html_walk(h, child, frame);
	}
	h->letter->some = some;
	pen_end(&h->pen);
}

static void otherwise(struct html *h, const struct block *block,
		      struct frame frame)
{
	pen_else(&h->pen);
	html_walk_all(h, block, frame);
}

static void (*const writers[BLOCK_KIND_COUNT])(struct html *,
					       const struct block *,
					       struct frame) = {
	[BLOCK_DOCUMENT] = html_walk_all,
	[BLOCK_ITEM] = html_walk_all,
	[BLOCK_PARAGRAPH] = html_paragraph,
	[BLOCK_HEADING] = html_heading,
	[BLOCK_QUOTE] = html_quote,
	[BLOCK_LIST] = html_list,
	[BLOCK_CODE] = html_code,
	[BLOCK_RULE] = html_rule,
	[BLOCK_TABLE] = html_table,
	[BLOCK_NOTE] = html_note,
	[BLOCK_ONLY] = only,
	[BLOCK_IF] = condition,
	[BLOCK_ELSE] = otherwise,
};

void html_walk(struct html *h, const struct block *block, struct frame frame)
{
	bool rtl = h->rtl;
	enum theme_colour ground = h->ground;

	h->rtl = frame.rtl;
	h->ground = frame.ground;
	if (block_template(h->letter, block))
		html_newsletter(h, block, frame);
	else if (writers[block->kind])
		writers[block->kind](h, block, frame);
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

/* The picture that an article begins with, for the top of the letter. */
static const struct block *take_hero(struct letter *letter,
				     const struct block *first)
{
	const struct block *link;
	const struct block *image = NULL;

	if (first && first->kind == BLOCK_PARAGRAPH)
		image = lone_picture(letter, first, &link);
	if (!image)
		return first;
	letter->hero = block_picture(letter, image, link,
				     letter->theme->tokens.width);
	return blocks_next(letter->blocks, first);
}

void html_body(struct letter *letter, struct draft *draft)
{
	const struct theme *theme = letter->theme;
	const struct block *block = blocks_first(letter->blocks,
						 letter->blocks->at);
	struct frame frame = { .face = FACE_BODY,
			       .room = theme->column,
			       .boxed = true,
			       .gap = theme->tokens.gap,
			       .rtl = theme->rtl,
			       .ground = COLOUR_PAPER };
	struct html h = { .letter = letter,
			  .blocks = letter->blocks,
			  .theme = theme };

	if (theme->tokens.hero && letter->framed)
		block = take_hero(letter, block);
	heading_ranks(letter->blocks, 6, h.rank);
	h.heading = 1;
	pen_open(&h.pen, letter, draft);
	for (; block; block = blocks_next(letter->blocks, block))
		html_walk(&h, block, frame);
	/* The template has a line feed of its own behind the body. */
	if (str_ends(buf_str(&h.pen.text), STR("\n")))
		buf_cut(&h.pen.text, h.pen.text.len - 1);
	pen_close(&h.pen);
}
