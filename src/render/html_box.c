/* html_box.c - blocks that need a cell of their own: quotes, callouts, code,
 * rules and buttons */
#include "base/utf8.h"
#include "html_priv.h"

/* --- quotes and callouts -------------------------------------------------- */

/* Word pads only cells, so the bar is the border of one. */
void html_quote(struct html *h, const struct block *block, struct frame frame)
{
	struct frame inner = { .face = FACE_QUOTE,
			       .room = frame.room - 24,
			       .boxed = true,
			       .gap = 14 };
	bool rtl = h->theme->rtl;

	html_open_table(h, "");
	pen_fmt(&h->pen,
		"<tr>\n<td class=\"q\" style=\"padding:2px %dpx 2px %dpx;"
		"border-%s:4px solid %s\">\n",
		rtl ? 20 : 0, rtl ? 0 : 20, h->theme->start,
		theme_colour(COLOUR_BAR, false));
	html_walk_all(h, block, inner);
	pen_put(&h->pen, "</td>\n</tr>\n");
	html_close_table(h, html_gap(h, block, frame));
}

void html_callout(struct html *h, const struct block *block, struct frame frame)
{
	struct frame inner = { .face = FACE_BOX,
			       .room = frame.room - 44,
			       .boxed = true,
			       .gap = 12 };
	struct str label = callout_label(h->letter, block);

	html_open_table(h, "");
	pen_fmt(&h->pen,
		"<tr>\n<td class=\"c q\" style=\"padding:18px 20px;"
		"border-%s:4px solid %s;background-color:%s\">\n",
		h->theme->start, theme_colour(COLOUR_BAR, false),
		theme_colour(COLOUR_TINT, false));
	if (label.len > 0)
		pen_fmt(&h->pen,
			"<p class=\"t\" style=\"margin:0 0 6px;" STR_FMT
			"\">" STR_FMT "</p>\n",
			STR_ARG(h->theme->text[FACE_STRONG]), STR_ARG(label));
	html_walk_all(h, block, inner);
	pen_put(&h->pen, "</td>\n</tr>\n");
	html_close_table(h, html_gap(h, block, frame));
}

/* --- code ----------------------------------------------------------------- */

/* Where white-space:pre is unknown (Word, Samsung) blanks at the start of a
 * line and runs of them must not collapse. A tab goes to the next fourth. */
static void code_line(struct html *h, struct str line)
{
	int column = 0;
	bool blank = true;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.at[i];
		int times = c == '\t' ? 4 - column % 4 : 1;

		if (c != ' ' && c != '\t') {
			size_t from = i;

			while (i + 1 < line.len && line.at[i + 1] != ' ' &&
			       line.at[i + 1] != '\t')
				i++;
			pen_attribute(&h->pen,
				      str_at(line.at + from, i + 1 - from));
			column += (int)(i + 1 - from);
			blank = false;
			continue;
		}
		column += times;
		while (times-- > 0) {
			pen_put(&h->pen, blank || c == '\t' ? "&nbsp;" : " ");
			blank = true;
		}
	}
}

void html_code(struct html *h, const struct block *block, struct frame frame)
{
	struct str text = blocks_str(h->blocks, block->text);
	struct str line;

	if (str_ends(text, STR("\n")))
		text.len--;
	/* Else the longest line would be as wide as it likes in Word. */
	html_open_table(h, " style=\"table-layout:fixed;width:100%\"");
	pen_fmt(&h->pen,
		"<tr>\n<td class=\"c\" dir=\"ltr\" align=\"left\" style=\""
		"padding:16px 20px;border-radius:6px;background-color:%s;"
		"text-align:left;word-break:break-all;word-break:break-"
		"word;" STR_FMT "\">",
		theme_colour(COLOUR_TINT, false),
		STR_ARG(h->theme->text[FACE_CODE]));
	for (bool first = true; first || text.len > 0; first = false) {
		line = str_cut(text, '\n', &text);
		pen_put(&h->pen, first ? "" : "<br>\n");
		code_line(h, line);
	}
	pen_put(&h->pen, "</td>\n</tr>\n");
	html_close_table(h, html_gap(h, block, frame));
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
	pen_put(&h->pen, "<tr>\n<td align=\"center\" "
			 "style=\"padding:8px 0 12px\">\n");
	if (!vml)
		pen_fmt(&h->pen,
			"<table role=\"presentation\" border=\"0\" "
			"cellpadding=\"0\" cellspacing=\"0\">\n<tr>\n"
			"<td class=\"b\" align=\"center\" bgcolor=\"%s\" "
			"style=\"mso-padding-alt:12px 28px;border-radius:6px;"
			"background-color:%s\">\n",
			theme_colour(COLOUR_BUTTON, false),
			theme_colour(COLOUR_BUTTON, false));
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
	pen_put(&h->pen, "</td>\n</tr>\n");
	html_close_table(h, html_gap(h, block, frame));
}
