/* html_picture.c - a picture within a line as HTML for mail */
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

/* src, alt, size and border; the style is the caller's. Word shows a picture
 * without a width attribute as wide as its file is; with a height a page does
 * not jump while its pictures come. */
static int open_image(struct html *h, const struct block *image, int room)
{
	const struct picture *picture = picture_of(h, image);
	int width;
	int height;

	picture_fit(picture, image->number, room, &width, &height);
	/* The class is for the alternative text in the dark. */
	pen_put(&h->pen, "<img class=\"s\" src=\"");
	pen_href(&h->pen, picture->url);
	pen_put(&h->pen, "\" alt=\"");
	alt(h, image);
	pen_fmt(&h->pen, "\" width=\"%d\"", width);
	if (height > 0)
		pen_fmt(&h->pen, " height=\"%d\"", height);
	pen_put(&h->pen, " border=\"0\" style=\"");
	return width;
}

void html_image(struct html *h, const struct block *image)
{
	int width = open_image(h, image, h->theme->column);

	pen_fmt(&h->pen,
		"width:%dpx;max-width:100%%;height:auto;border:0;"
		"vertical-align:middle\">",
		width);
}
