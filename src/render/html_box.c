/* html_box.c - blocks that need a cell of their own: quotes, callouts, code,
 * rules and buttons */
#include "base/utf8.h"
#include "html_priv.h"

/* --- quotes and callouts -------------------------------------------------- */

/* The cell of a box with a bar where its text begins: Word pads only cells, so
 * the bar is the border of one. `padding` has four sides. */
static void open_bar(struct html *h, struct frame inner, const char *padding)
{
	html_open_table(h, "");
	pen_fmt(&h->pen,
		"<tr>\n<td class=\"%s q\"%s align=\"%s\" style=\"padding:%s;"
		"border-%s:4px solid "
		"%s;background-color:%s;text-align:%s;" STR_FMT ";color:%s"
		"\">\n",
		html_ground_class(inner.ground), html_dir(h, inner.rtl),
		html_start(inner.rtl), padding, html_start(inner.rtl),
		theme_colour(COLOUR_BAR, false),
		theme_colour(inner.ground, false), html_start(inner.rtl),
		/* What it is in must not make a table or code oblique. */
		STR_ARG(h->theme->font[inner.face]),
		theme_colour(COLOUR_INK, false));
}

static void close_box(struct html *h, const struct block *block,
		      struct frame frame)
{
	pen_put(&h->pen, "</td>\n</tr>\n");
	html_close_table(h, html_gap(h, block, frame));
}

void html_quote(struct html *h, const struct block *block, struct frame frame)
{
	struct frame inner = html_inside(frame, 24);

	inner.face = FACE_QUOTE;
	inner.gap = 14;
	inner.rtl = html_is_rtl(h, block);
	open_bar(h, inner, inner.rtl ? "2px 20px 2px 0" : "2px 0 2px 20px");
	html_walk_all(h, block, inner);
	close_box(h, block, frame);
}

/* "Tip" is English whatever the callout says. */
static void callout_title(struct html *h, struct str label, bool rtl)
{
	if (label.len > 0)
		pen_fmt(&h->pen,
			"<p class=\"t\" style=\"margin:0 0 "
			"6px;text-align:%s;" STR_FMT "\">" STR_FMT "</p>\n",
			html_start(rtl), STR_ARG(h->theme->text[FACE_STRONG]),
			STR_ARG(label));
}

void html_callout(struct html *h, const struct block *block, struct frame frame)
{
	struct frame inner = html_inside(frame, 44);

	inner.face = FACE_BOX;
	inner.gap = 12;
	inner.ground = COLOUR_TINT;
	inner.rtl = html_is_rtl(h, block);
	open_bar(h, inner, "18px 20px");
	callout_title(h, callout_label(h->letter, block), inner.rtl);
	html_walk_all(h, block, inner);
	close_box(h, block, frame);
}

/* --- code ----------------------------------------------------------------- */

/* Where white-space:pre is unknown (Word, Samsung) blanks at the start of a
 * line and runs of them must not collapse. */
static void put_code(struct html *h, struct str line)
{
	bool blank = true;

	while (line.len > 0) {
		size_t word = 0;

		while (word < line.len && line.at[word] != ' ')
			word++;
		pen_attribute(&h->pen, str_head(line, word));
		blank = blank && word == 0;
		line = str_skip(line, word);
		while (line.len > 0 && line.at[0] == ' ') {
			pen_put(&h->pen, blank ? "&nbsp;" : " ");
			line = str_skip(line, 1);
			blank = true;
		}
		blank = false;
	}
}

void html_code(struct html *h, const struct block *block, struct frame frame)
{
	struct str text = blocks_str(h->blocks, block->text);
	enum theme_colour ground = html_contrast(h->ground);

	if (str_ends(text, STR("\n")))
		text.len--;
	/* Else the longest line would be as wide as it likes in Word. */
	html_open_table(h, " style=\"table-layout:fixed;width:100%\"");
	pen_fmt(&h->pen,
		"<tr>\n<td class=\"%s\" dir=\"ltr\" align=\"left\" style=\""
		"padding:16px 20px;border-radius:6px;background-color:%s;"
		"text-align:left;word-break:break-all;word-break:break-"
		"word;" STR_FMT "\">",
		html_ground_class(ground), theme_colour(ground, false),
		STR_ARG(h->theme->text[FACE_CODE]));
	for (bool first = true; first || text.len > 0; first = false) {
		struct str line = str_cut(text, '\n', &text);

		pen_put(&h->pen, first ? "" : "<br>\n");
		put_code(h, code_line(h->letter, line));
	}
	close_box(h, block, frame);
}

/* --- rules ---------------------------------------------------------------- */

void html_rule(struct html *h, const struct block *block, struct frame frame)
{
	(void)block;
	html_open_table(h, "");
	pen_fmt(&h->pen,
		"<tr>\n<td height=\"%d\" style=\"height:%dpx;font-size:0;"
		"line-height:0\">&nbsp;</td>\n</tr>\n"
		"<tr>\n<td class=\"hr\" style=\"border-top:1px solid %s;"
		"font-size:1px;line-height:1px\">&nbsp;</td>\n</tr>\n",
		frame.gap, frame.gap, theme_colour(COLOUR_LINE, false));
	html_close_table(h, frame.gap + 12);
}

/* --- buttons -------------------------------------------------------------- */

/* Word draws neither radius nor padding of a link: it gets a shape of VML. Its
 * width must be said; the letters of 16 px bold are about 9.5 px wide. */
static void vml_button(struct html *h, struct str label, struct str url)
{
	pen_put(&h->pen, "<!--[if mso]>\n<v:roundrect href=\"");
	pen_href(&h->pen, url);
	pen_fmt(&h->pen,
		"\" style=\"height:48px;width:%zupx;"
		"v-text-anchor:middle\" arcsize=\"13%%\" stroke=\"f\" "
		"fillcolor=\"%s\">\n<center style=\"",
		56 + utf8_width(label) * 19 / 2,
		theme_colour(COLOUR_BUTTON, false));
	pen_fmt(&h->pen, STR_FMT "\">", STR_ARG(h->theme->text[FACE_LABEL]));
	pen_attribute(&h->pen, label);
	pen_put(&h->pen, "</center>\n</v:roundrect>\n<![endif]-->\n"
			 "<!--[if !mso]><!-->\n");
}

static void link_button(struct html *h, struct str label, struct str url)
{
	pen_put(&h->pen, "<a class=\"b\" href=\"");
	pen_href(&h->pen, url);
	pen_fmt(&h->pen,
		"\" style=\"display:inline-block;padding:12px 28px;"
		"border-radius:6px;background-color:%s;"
		"text-decoration:none;" STR_FMT "\">",
		theme_colour(COLOUR_BUTTON, false),
		STR_ARG(h->theme->text[FACE_LABEL]));
	pen_attribute(&h->pen, label);
	pen_put(&h->pen, "</a>\n");
}

/* What depends on the reader may not stand in Word's comments; there the cell
 * itself is coloured and padded. */
static void open_button_cell(struct html *h, bool vml)
{
	html_open_table(h, "");
	pen_fmt(&h->pen,
		"<tr>\n<td align=\"center\" style=\"padding:8px 0 12px;"
		"text-align:center;" STR_FMT "\">\n",
		STR_ARG(h->theme->text[FACE_STRONG]));
	if (!vml)
		pen_fmt(&h->pen,
			"<table role=\"presentation\" border=\"0\" "
			"cellpadding=\"0\" cellspacing=\"0\">\n<tr>\n"
			"<td class=\"b\" align=\"center\" bgcolor=\"%s\" "
			"style=\"mso-padding-alt:12px 28px;border-radius:6px;"
			"background-color:%s;" STR_FMT "\">\n",
			theme_colour(COLOUR_BUTTON, false),
			theme_colour(COLOUR_BUTTON, false),
			STR_ARG(h->theme->text[FACE_LABEL]));
}

void html_button(struct html *h, const struct block *block, struct frame frame)
{
	struct str label = blocks_str(h->blocks, block->text);
	struct str url = link_absolute(
		h->letter, blocks_str(h->blocks, block->url), block->line);
	bool vml = !h->letter->web && !pen_has_field(label) &&
		   !pen_has_field(url) && str_find_str(url, STR("--")) < 0;

	open_button_cell(h, vml);
	if (vml)
		vml_button(h, label, url);
	link_button(h, label, url);
	pen_put(&h->pen,
		vml ? "<!--<![endif]-->\n" : "</td>\n</tr>\n</table>\n");
	close_box(h, block, frame);
}
