/* html_picture.c - pictures of an article as HTML for mail */
#include "html_priv.h"

static const struct picture *picture_of(struct html *h,
					const struct block *image)
{
	return picture_get(h->letter, h->letter->folder,
			   blocks_str(h->blocks, image->url),
			   image->flags & BLOCK_CID, image->line);
}

static void alt(struct html *h, const struct block *parent)
{
	const struct block *child = blocks_first(h->blocks, parent);

	for (; child; child = blocks_next(h->blocks, child)) {
		if (child->kind == BLOCK_TEXT || child->kind == BLOCK_CODESPAN)
			pen_attribute(&h->pen,
				      blocks_str(h->blocks, child->text));
		if (child->kind == BLOCK_SOFTBREAK ||
		    child->kind == BLOCK_LINEBREAK)
			pen_put(&h->pen, " ");
		alt(h, child);
	}
}

/* src, alt, width and border; the style is the caller's. */
static void open_image(struct html *h, const struct block *image,
		       const struct picture *picture, int width)
{
	/* The class is for the alternative text in the dark. */
	pen_put(&h->pen, "<img class=\"s\" src=\"");
	pen_href(&h->pen, picture->url);
	pen_put(&h->pen, "\" alt=\"");
	alt(h, image);
	pen_fmt(&h->pen, "\" width=\"%d\" border=\"0\" style=\"", width);
}

/* Word shows a picture without a width attribute as wide as its file is. */
static int width_of(const struct block *image, const struct picture *picture,
		    int room)
{
	int width = image->number > 0 ? image->number : picture->width;

	return width > 0 && width < room ? width : room;
}

void html_image(struct html *h, const struct block *image)
{
	const struct picture *picture = picture_of(h, image);
	int width = width_of(image, picture, THEME_COLUMN);

	open_image(h, image, picture, width);
	pen_fmt(&h->pen,
		"width:%dpx;max-width:100%%;height:auto;border:0;"
		"vertical-align:middle\">",
		width);
}

static void caption(struct html *h, const struct block *image)
{
	struct str title = blocks_str(h->blocks, image->title);

	if (title.len == 0)
		return;
	pen_fmt(&h->pen,
		"<tr>\n<td class=\"s\" align=\"center\" style=\"padding:8px 0 "
		"0;"
		"text-align:center;" STR_FMT "\">",
		STR_ARG(h->theme->text[FACE_SMALL]));
	pen_html(&h->pen, title);
	pen_put(&h->pen, "</td>\n</tr>\n");
}

void html_figure(struct html *h, const struct block *paragraph,
		 struct frame frame)
{
	const struct block *link;
	const struct block *image = lone_picture(h->letter, paragraph, &link);
	const struct picture *picture = picture_of(h, image);
	int width = width_of(image, picture, frame.room);
	bool linked;

	html_open_table(h, "");
	pen_fmt(&h->pen,
		"<tr>\n<td class=\"s\" align=\"center\" style=\"padding:4px 0 "
		"0;text-align:center;" STR_FMT "\">\n",
		STR_ARG(h->theme->text[FACE_SMALL]));
	linked = link && html_open_link(h, link, FACE_SMALL);
	open_image(h, image, picture, width);
	/* The alternative text shows in this type where pictures are off. */
	pen_fmt(&h->pen,
		"display:block;width:100%%;max-width:%dpx;height:auto;"
		"margin:0 auto;border:0;" STR_FMT "\">%s\n",
		width, STR_ARG(h->theme->text[FACE_SMALL]),
		linked ? "</a>" : "");
	pen_put(&h->pen, "</td>\n</tr>\n");
	caption(h, image);
	html_close_table(h, html_gap(h, paragraph, frame) ? frame.gap + 4 : 0);
}
