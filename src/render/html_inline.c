/* html_inline.c - what runs inside a line, as HTML for mail */
#include "base/utf8.h"
#include "html_priv.h"

static void codespan(struct html *h, const struct block *node)
{
	enum theme_colour ground = html_contrast(h->ground);

	pen_fmt(&h->pen,
		"<code class=\"%s\" style=\"padding:2px 3px;border-radius:4px;"
		"background-color:%s;" STR_FMT "\">",
		html_ground_class(ground),
		theme_colour(h->theme, ground, false),
		STR_ARG(h->theme->text[FACE_CODE]));
	pen_html(&h->pen, blocks_str(h->blocks, node->text));
	pen_put(&h->pen, "</code>");
}

/* The line height must not grow where a raised number stands. Jumping inside
 * a mail fails in Gmail and Yahoo, so it links nowhere. */
static void note_ref(struct html *h, const struct block *node)
{
	pen_fmt(&h->pen,
		"<sup class=\"s\" style=\"font-size:14px;line-height:1px;"
		"color:%s\">",
		theme_colour(h->theme, COLOUR_SOFT, false));
	pen_fmt(&h->pen, "[%d]</sup>", node->number);
}

/* Wider than a letter even where nobody knows <wbr>: such an address may break
 * anywhere. Shorter ones break at the places that pen_html() gives them. */
#define ADDRESS_LONG 56

static bool shows_address(const struct html *h, const struct block *link)
{
	struct str words = block_words(h->letter, link, 2000);

	return words.len > ADDRESS_LONG && str_find(words, ' ') < 0;
}

bool html_open_link(struct html *h, const struct block *link,
		    enum theme_face face)
{
	struct str url = link_absolute(
		h->letter, blocks_str(h->blocks, link->url), link->line);
	struct str title = blocks_str(h->blocks, link->title);

	if (url.len == 0)
		return false;
	pen_put(&h->pen, "<a class=\"l\" href=\"");
	pen_href(&h->pen, url);
	if (title.len > 0) {
		pen_put(&h->pen, "\" title=\"");
		pen_attribute(&h->pen, title);
	}
	pen_fmt(&h->pen, "\" style=\"%s" STR_FMT "\">",
		shows_address(h, link) ? "word-break:break-all;" : "",
		STR_ARG(h->theme->link[face]));
	return true;
}

static void link(struct html *h, const struct block *node, enum theme_face face)
{
	bool open = html_open_link(h, node, face);

	html_inlines(h, node, face);
	pen_put(&h->pen, open ? "</a>" : "");
}

/* Scripts without italics are stressed by weight. */
static void emphasis(struct html *h, const struct block *node,
		     enum theme_face face)
{
	pen_put(&h->pen,
		h->theme->upright
			? "<em style=\"font-style:normal;font-weight:bold\">"
			: "<em>");
	html_inlines(h, node, face);
	pen_put(&h->pen, "</em>");
}

static void wrapped(struct html *h, const struct block *node, const char *tag,
		    enum theme_face face)
{
	pen_fmt(&h->pen, "<%s>", tag);
	html_inlines(h, node, face);
	pen_fmt(&h->pen, "</%s>", tag);
}

static void inline_node(struct html *h, const struct block *node,
			const struct block *before, enum theme_face face)
{
	const struct block *after = blocks_next(h->blocks, node);

	switch ((enum block_kind)node->kind) {
	case BLOCK_TEXT:
		pen_html(&h->pen, blocks_str(h->blocks, node->text));
		break;
	case BLOCK_SOFTBREAK:
		if (!softbreak_joins(h->letter, before, after))
			pen_put(&h->pen, "\n");
		break;
	case BLOCK_LINEBREAK:
		pen_put(&h->pen, "<br>\n");
		break;
	case BLOCK_CODESPAN:
		codespan(h, node);
		break;
	case BLOCK_HTML_INLINE:
		pen_raw(&h->pen, blocks_str(h->blocks, node->text));
		break;
	case BLOCK_EMPH:
		emphasis(h, node, face);
		break;
	case BLOCK_STRONG:
		wrapped(h, node, "strong", face);
		break;
	case BLOCK_STRIKE:
		wrapped(h, node, "del", face);
		break;
	case BLOCK_LINK:
		link(h, node, face);
		break;
	case BLOCK_IMAGE:
		html_image(h, node);
		break;
	case BLOCK_NOTE_REF:
		note_ref(h, node);
		break;
	case BLOCK_DOCUMENT:
	case BLOCK_PARAGRAPH:
	case BLOCK_HEADING:
	case BLOCK_QUOTE:
	case BLOCK_LIST:
	case BLOCK_ITEM:
	case BLOCK_CODE:
	case BLOCK_HTML:
	case BLOCK_RULE:
	case BLOCK_TABLE:
	case BLOCK_ROW:
	case BLOCK_CELL:
	case BLOCK_PULLQUOTE:
	case BLOCK_GALLERY:
	case BLOCK_AUTHOR:
	case BLOCK_CONTENTS:
	case BLOCK_BOOKMARK:
	case BLOCK_VIDEO:
	case BLOCK_AUDIO:
	case BLOCK_POLL:
	case BLOCK_ANSWER:
	case BLOCK_SPONSOR:
	case BLOCK_MORE:
	case BLOCK_ONLY:
	case BLOCK_IF:
	case BLOCK_ELSE:
	case BLOCK_SHARE:
	case BLOCK_SUBSCRIBE:
	case BLOCK_CALLOUT:
	case BLOCK_BUTTON:
	case BLOCK_NOTE:
	case BLOCK_KIND_COUNT:
		break;
	}
}

void html_inlines(struct html *h, const struct block *parent,
		  enum theme_face face)
{
	const struct block *node = blocks_first(h->blocks, parent);
	const struct block *before = NULL;

	for (; node; node = blocks_next(h->blocks, node)) {
		inline_node(h, node, before, face);
		before = node;
	}
}
