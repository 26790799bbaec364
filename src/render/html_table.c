/* html_table.c - tables of data as HTML for mail */
#include "base/utf8.h"
#include "html_priv.h"

/* More columns than this get smaller type: a phone has 335 px for them. */
#define COLUMNS_PLAIN 4
#define COLUMNS_MAX   64
#define PHONE_ROOM    335

#define CHAR_WIDTH   8 /* px, of either type, generously */
#define CELL_PADDING 12
#define WORD_MAX     16

struct columns {
	int count;
	int word[COLUMNS_MAX]; /* characters of the longest word */
	int whole;	       /* up to this length words are not broken */
	enum theme_face face;
	bool head; /* the row being written */
};

/* --- widths --------------------------------------------------------------- */

/* East Asian text breaks between any two characters. */
static int longest_word(struct str text)
{
	int longest = 0;
	int run = 0;

	while (text.len > 0) {
		size_t len;
		uint32_t c = utf8_next(text, &len);

		run = c == ' ' ? 0 : c >= 0x2e80 ? 2 : run + 1;
		longest = run > longest ? run : longest;
		text = str_skip(text, len);
	}
	return longest;
}

static void measure(const struct html *h, const struct block *row,
		    struct columns *columns)
{
	const struct block *cell = blocks_first(h->blocks, row);
	int i = 0;

	for (; cell && i < COLUMNS_MAX; cell = blocks_next(h->blocks, cell)) {
		int word = longest_word(block_words(h->letter, cell, 400));

		if (word > columns->word[i])
			columns->word[i] = word;
		i++;
	}
	columns->count = i > columns->count ? i : columns->count;
}

/* px that the table needs at least when longer words may be broken. */
static int needed(const struct columns *columns, int whole)
{
	int sum = 0;

	for (int i = 0; i < columns->count; i++) {
		int word = columns->word[i];

		sum += (word <= whole ? word : 1) * CHAR_WIDTH + CELL_PADDING;
	}
	return sum;
}

/* Words in cells stay whole as far as a phone has room for them. */
static struct columns read_columns(const struct html *h,
				   const struct block *table, int room)
{
	const struct block *row = blocks_first(h->blocks, table);
	struct columns columns = { .whole = WORD_MAX };

	for (; row; row = blocks_next(h->blocks, row))
		measure(h, row, &columns);
	while (columns.whole > 0 &&
	       needed(&columns, columns.whole) >
		       room - (h->theme->column - PHONE_ROOM))
		columns.whole--;
	columns.face = columns.count > COLUMNS_PLAIN ? FACE_FINE : FACE_CELL;
	return columns;
}

/* --- cells ---------------------------------------------------------------- */

static const char *align_of(const struct block *cell, bool rtl)
{
	switch ((enum block_align)cell->level) {
	case ALIGN_LEFT:
		return "left";
	case ALIGN_CENTER:
		return "center";
	case ALIGN_RIGHT:
		return "right";
	case ALIGN_NONE:
		break;
	}
	return html_start(rtl);
}

static void cell(struct html *h, const struct block *block,
		 const struct columns *columns, int column)
{
	bool head = columns->head;
	bool rtl = html_is_rtl(h, block);
	const char *align = align_of(block, rtl);
	bool whole = column < COLUMNS_MAX &&
		     columns->word[column] <= columns->whole;

	pen_fmt(&h->pen,
		"<%s class=\"t hr\"%s align=\"%s\" style=\"padding:8px 6px;"
		"border-bottom:%dpx solid %s;text-align:%s;%s" STR_FMT "%s\">",
		head ? "th scope=\"col\"" : "td", html_dir(h, rtl), align,
		head ? 2 : 1, theme_colour(h->theme, COLOUR_LINE, false), align,
		whole ? "word-break:normal;" : "",
		STR_ARG(h->theme->text[columns->face]),
		head ? ";font-weight:bold" : "");
	html_inlines(h, block, columns->face);
	if (!blocks_first(h->blocks, block))
		pen_put(&h->pen, "&nbsp;");
	pen_put(&h->pen, head ? "</th>\n" : "</td>\n");
}

static void row(struct html *h, const struct block *block,
		struct columns *columns)
{
	const struct block *child = blocks_first(h->blocks, block);

	columns->head = block->flags & BLOCK_HEAD;
	pen_put(&h->pen, "<tr valign=\"top\">\n");
	for (int i = 0; child; child = blocks_next(h->blocks, child), i++)
		cell(h, child, columns, i);
	pen_put(&h->pen, "</tr>\n");
}

void html_table(struct html *h, const struct block *block, struct frame frame)
{
	struct columns columns = read_columns(h, block, frame.room);
	const struct block *child = blocks_first(h->blocks, block);
	bool rtl = html_is_rtl(h, block);

	/* Margins of tables are not honoured: the cell around it keeps the
	 * distance. */
	html_open_table(h, "");
	pen_fmt(&h->pen,
		"<tr>\n<td style=\"padding:0;" STR_FMT "\">\n"
		"<table class=\"%s\" border=\"0\" cellpadding=\"0\" "
		"cellspacing=\"0\" "
		"width=\"100%%\"%s "
		"style=\"border-collapse:collapse;background-color:%s\">\n",
		STR_ARG(h->theme->text[columns.face]),
		html_ground_class(h->ground), rtl ? " dir=\"rtl\"" : "",
		theme_colour(h->theme, h->ground, false));
	h->rtl = rtl;
	for (; child; child = blocks_next(h->blocks, child))
		row(h, child, &columns);
	pen_put(&h->pen, "</table>\n</td>\n</tr>\n");
	html_close_table(h, html_gap(h, block, frame));
}
