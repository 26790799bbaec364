/* html_box.c - blocks that need a cell of their own: quotes, code, rules */
#include "block_make_priv.h"
#include "html_priv.h"

/* --- quotes -------------------------------------------------- */

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
		theme_colour(h->theme, COLOUR_BAR, false),
		theme_colour(h->theme, inner.ground, false),
		html_start(inner.rtl),
		/* What it is in must not make a table or code oblique. */
		STR_ARG(h->theme->font[inner.face]),
		theme_colour(h->theme, COLOUR_INK, false));
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

/* The first word of the info string names the language. */
static void code_label(struct html *h, const struct block *block)
{
	struct str info = str_trim(blocks_str(h->blocks, block->url));
	struct str rest;
	struct str word = str_cut(info, ' ', &rest);

	if (word.len == 0)
		return;
	pen_fmt(&h->pen,
		"\n<p class=\"s\" style=\"margin:0 0 8px;" STR_FMT "\">",
		STR_ARG(h->theme->text[FACE_SMALL]));
	pen_attribute(&h->pen, word);
	pen_put(&h->pen, "</p>\n");
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
		html_ground_class(ground),
		theme_colour(h->theme, ground, false),
		STR_ARG(h->theme->text[FACE_CODE]));
	code_label(h, block);
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
	struct value *map = value_map(h->letter->arena);

	(void)block;
	block_set_number(h->letter, map, "gap", frame.gap);
	pen_flush(&h->pen);
	letter_partial(h->letter, "rule.html", map, h->pen.draft);
}
