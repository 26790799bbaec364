/* html_inline.c - what runs inside a line, as HTML for mail */
#include "base/utf8.h"
#include "html_priv.h"

static void codespan(struct html *h, const struct block *node)
{
	enum theme_colour ground = html_contrast(h->ground);

	pen_fmt(&h->pen,
		"<code class=\"%s\" style=\"padding:2px 3px;border-radius:4px;"
		"background-color:%s;" STR_FMT "\">",
		html_ground_class(ground), theme_colour(ground, false),
		STR_ARG(h->theme->text[FACE_CODE]));
	pen_html(&h->pen, blocks_str(h->blocks, node->text));
	pen_put(&h->pen, "</code>");
}

/* The line height must not grow where a raised number stands. Jumping inside
 * a mail fails in Gmail and Yahoo, so only the web page links. */
static void note_ref(struct html *h, const struct block *node)
{
	pen_fmt(&h->pen,
		"<sup class=\"s\" style=\"font-size:14px;line-height:1px;"
		"color:%s\">",
		theme_colour(COLOUR_SOFT, false));
	if (h->letter->web)
		pen_fmt(&h->pen, "<a class=\"l\" href=\"#note-%d\">[%d]</a>",
			node->number, node->number);
	else
		pen_fmt(&h->pen, "[%d]", node->number);
	pen_put(&h->pen, "</sup>");
}

/* An address shown as it is may break anywhere; words may not. */
static bool shows_address(const struct html *h, const struct block *link)
{
	struct str words = block_words(h->letter, link, 2000);

	return words.len > 30 && str_find(words, ' ') < 0;
}

/* On the web page nobody is the reader: an address that is his leads
 * nowhere. */
static bool leads_nowhere(struct html *h, struct str url)
{
	struct draft *draft = draft_new(h->letter->arena);
	struct pen pen;

	if (url.len == 0 || !h->letter->web)
		return url.len == 0;
	pen_open(&pen, h->letter, draft);
	pen_href(&pen, url);
	pen_close(&pen);
	return draft_plain(draft, h->letter->arena).len == 0;
}

bool html_open_link(struct html *h, const struct block *link,
		    enum theme_face face)
{
	struct str url = link_absolute(
		h->letter, blocks_str(h->blocks, link->url), link->line);

	if (leads_nowhere(h, url))
		return false;
	pen_put(&h->pen, "<a class=\"l\" href=\"");
	pen_href(&h->pen, url);
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
		wrapped(h, node, "em", face);
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
