/* web_inline.c - what runs inside a line, as a page has it */
#include "web_priv.h"

/* --- conditions ----------------------------------------------------------- */

/* A condition within a line goes over the nodes of one parent. `open` counts
 * those begun; `skipped` is the one, from 1, whose branch is passed over. */

static void condition_opens(struct web *web, int field)
{
	web->open++;
	if (!web->skipped && !web_holds(web, field, 0))
		web->skipped = web->open;
}

static void condition_turns(struct web *web)
{
	if (!web->skipped)
		web->skipped = web->open;
	else if (web->skipped == web->open)
		web->skipped = 0;
}

static void condition_ends(struct web *web)
{
	if (web->skipped == web->open)
		web->skipped = 0;
	web->open--;
}

/* False when the field is no part of a condition. */
static bool condition(struct web *web, struct str source, int field)
{
	if (str_starts(source, STR("#if ")) ||
	    str_starts(source, STR("#unless ")))
		condition_opens(web, field);
	else if (str_eqz(source, "else"))
		condition_turns(web);
	else if (str_eqz(source, "/if") || str_eqz(source, "/unless"))
		condition_ends(web);
	else
		return false;
	return true;
}

/* --- a reader's own addresses --------------------------------------------- */

struct str web_help(const struct web *web)
{
	return arena_fmt(web->letter->arena, STR_FMT "/help",
			 STR_ARG(web->letter->base));
}

/* --- text ----------------------------------------------------------------- */

/* `marked` is the field as it stands in the text. */
static void field_in_text(struct web *web, int field, struct str marked)
{
	struct str source = pen_source(&web->pen, field);

	if (condition(web, source, field) || web->skipped)
		return;
	if (pen_is_link(web->letter, field))
		pen_attribute(&web->pen, web_help(web));
	else
		pen_html(&web->pen, marked);
}

static void text(struct web *web, const struct block *node)
{
	struct str rest = blocks_str(web->blocks, node->text);
	struct str from = rest;
	struct str plain;
	int field;

	for (; blocks_piece(&rest, &plain, &field); from = rest) {
		if (field >= 0)
			field_in_text(web, field,
				      str_head(from, from.len - rest.len));
		else if (!web->skipped)
			pen_attribute(&web->pen, plain);
	}
}

static void linebreak(struct web *web, const struct block *node)
{
	(void)node;
	pen_put(&web->pen, "<br>\n");
}

static void codespan(struct web *web, const struct block *node)
{
	pen_put(&web->pen, "<code>");
	pen_attribute(&web->pen, blocks_str(web->blocks, node->text));
	pen_put(&web->pen, "</code>");
}

static void wrapped(struct web *web, const struct block *node, const char *tag)
{
	if (block_is_empty(web->letter, node))
		return;
	pen_fmt(&web->pen, "<%s>", tag);
	web_inlines(web, node);
	pen_fmt(&web->pen, "</%s>", tag);
}

static void emphasis(struct web *web, const struct block *node)
{
	wrapped(web, node, "em");
}

static void strong(struct web *web, const struct block *node)
{
	wrapped(web, node, "strong");
}

static void strike(struct web *web, const struct block *node)
{
	wrapped(web, node, "del");
}

/* --- links ---------------------------------------------------------------- */

/* "#part" leads to a heading of this page, or nowhere. */
static struct str within_page(struct web *web, struct str url)
{
	return web_target(web, str_skip(url, 1)) ? url : STR_NONE;
}

bool web_is_readers(const struct web *web, struct str url)
{
	struct str plain;
	int field;

	return blocks_piece(&url, &plain, &field) && field >= 0 &&
	       pen_is_link(web->letter, field);
}

static struct str address(struct web *web, const struct block *link)
{
	struct str url = blocks_str(web->blocks, link->url);

	if (str_starts(url, STR("#")))
		return within_page(web, url);
	if (web_is_readers(web, url))
		return web_help(web);
	return link_absolute(web->letter, url, link->line);
}

static void link(struct web *web, const struct block *node)
{
	struct str title = blocks_str(web->blocks, node->title);
	struct str url = address(web, node);

	if (block_is_empty(web->letter, node))
		return;
	if (url.len == 0) {
		web_inlines(web, node);
		return;
	}
	pen_put(&web->pen, "<a href=\"");
	pen_href(&web->pen, url);
	if (title.len > 0) {
		pen_put(&web->pen, "\" title=\"");
		pen_attribute(&web->pen, title);
	}
	pen_put(&web->pen, "\">");
	web_inlines(web, node);
	pen_put(&web->pen, "</a>");
}

/* The way back leads to the first of the links to a note. */
static void note_ref(struct web *web, const struct block *node)
{
	int number = node->number;
	bool known = number > 0 && number <= web->note_max && web->note[number];

	if (!known) {
		pen_fmt(&web->pen, "<sup>[%d]</sup>", number);
		return;
	}
	pen_fmt(&web->pen, "<sup><a role=\"doc-noteref\" href=\"#note:%d\"",
		number);
	if (!web->met[number]) {
		pen_fmt(&web->pen, " id=\"ref:%d\"", number);
		web->row[web->row_length++] = number;
	}
	web->met[number] = true;
	pen_fmt(&web->pen, ">[%d]</a></sup>", number);
}

/* --- pictures ------------------------------------------------------------- */

static void alt(struct web *web, const struct block *parent)
{
	const struct block *child = blocks_first(web->blocks, parent);

	for (; child; child = blocks_next(web->blocks, child)) {
		if (child->kind == BLOCK_TEXT || child->kind == BLOCK_CODESPAN)
			pen_attribute(&web->pen,
				      blocks_str(web->blocks, child->text));
		if (child->kind == BLOCK_SOFTBREAK ||
		    child->kind == BLOCK_LINEBREAK)
			pen_put(&web->pen, " ");
		alt(web, child);
	}
}

static void image(struct web *web, const struct block *node)
{
	const struct picture *picture = picture_get(
		web->letter, web->letter->folder,
		blocks_str(web->blocks, node->url), false, node->line);

	int width = 0;
	int height = 0;

	if (picture->width > 0 || node->number > 0)
		picture_fit(picture, node->number, WEB_ROOM, &width, &height);
	pen_put(&web->pen, "<img src=\"");
	pen_href(&web->pen, picture->url);
	pen_put(&web->pen, "\" alt=\"");
	alt(web, node);
	/* Both sizes, so that the text does not jump when it comes. */
	pen_put(&web->pen, "\"");
	if (width > 0)
		pen_fmt(&web->pen, " width=\"%d\"", width);
	if (height > 0)
		pen_fmt(&web->pen, " height=\"%d\"", height);
	pen_put(&web->pen, " loading=\"lazy\">");
}

/* --- all ------------------------------------------------------------------ */

static void (*const inlines[BLOCK_KIND_COUNT])(struct web *web,
					       const struct block *node) = {
	[BLOCK_LINEBREAK] = linebreak, [BLOCK_CODESPAN] = codespan,
	[BLOCK_EMPH] = emphasis,       [BLOCK_STRONG] = strong,
	[BLOCK_STRIKE] = strike,       [BLOCK_LINK] = link,
	[BLOCK_IMAGE] = image,	       [BLOCK_NOTE_REF] = note_ref,
};

static void inline_node(struct web *web, const struct block *node,
			const struct block *before)
{
	const struct block *after = blocks_next(web->blocks, node);

	if (node->kind == BLOCK_TEXT)
		text(web, node);
	else if (node->kind == BLOCK_HTML_INLINE)
		/* Also where it is passed over: tags come in pairs, and the
		 * other one may stand outside. */
		pen_raw(&web->pen, blocks_str(web->blocks, node->text));
	else if (web->skipped)
		return;
	else if (node->kind == BLOCK_SOFTBREAK)
		pen_put(&web->pen, softbreak_joins(web->letter, before, after)
					   ? ""
					   : "\n");
	else if (inlines[node->kind])
		inlines[node->kind](web, node);
}

void web_inlines(struct web *web, const struct block *parent)
{
	const struct block *node = blocks_first(web->blocks, parent);
	const struct block *before = NULL;

	for (; node; node = blocks_next(web->blocks, node)) {
		inline_node(web, node, before);
		before = node;
	}
}
