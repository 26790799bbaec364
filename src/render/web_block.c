/* web_block.c - the blocks of Markdown as a page has them */
#include "base/utf8.h"
#include "web_priv.h"

/* --- text ----------------------------------------------------------------- */

void web_paragraph(struct web *web, const struct block *block)
{
	const char *align = web_align(block);

	pen_put(&web->pen, "<p");
	if (*align)
		pen_fmt(&web->pen, " class=\"%s\"", align);
	pen_fmt(&web->pen, "%s>", web_dir(web, web_is_rtl(web, block)));
	web_inlines(web, block);
	pen_put(&web->pen, "</p>\n");
}

/* The link that a heading has to itself is for those who want to pass it on;
 * its sign is the style's, so that nobody has it read out or copied. */
static void self_link(struct web *web, struct str id)
{
	pen_put(&web->pen, "<a class=\"self\" href=\"#");
	pen_attribute(&web->pen, id);
	pen_put(&web->pen, "\" tabindex=\"-1\" aria-hidden=\"true\"></a>");
}

void web_heading(struct web *web, const struct block *block)
{
	struct str id = blocks_str(web->blocks, block->url);
	int level = web->rank[block->level % 7];
	bool named = id.len > 0 && web_target(web, id) == block;

	if (block_is_empty(web->letter, block))
		return;
	/* Screen readers stumble over a level left out. */
	if (level > web->heading + 1)
		level = web->heading + 1;
	web->heading = level;
	pen_fmt(&web->pen, "<h%d", level);
	if (named) {
		pen_put(&web->pen, " id=\"");
		pen_attribute(&web->pen, id);
		pen_put(&web->pen, "\"");
	}
	pen_fmt(&web->pen, "%s>", web_dir(web, web_is_rtl(web, block)));
	web_inlines(web, block);
	if (named)
		self_link(web, id);
	pen_fmt(&web->pen, "</h%d>\n", level);
}

/* --- lists ---------------------------------------------------------------- */

/* A tight item's paragraph is the item's own text. */
static void item_child(struct web *web, const struct block *child, bool tight)
{
	const struct block *link;

	if (!tight || child->kind != BLOCK_PARAGRAPH ||
	    lone_picture(web->letter, child, &link)) {
		web_walk(web, child);
		return;
	}
	web_inlines(web, child);
	pen_put(&web->pen, blocks_next(web->blocks, child) ? "\n" : "");
}

static void item(struct web *web, const struct block *block, bool tight)
{
	const struct block *child = blocks_first(web->blocks, block);
	bool list = web->rtl;
	bool task = block->flags & BLOCK_TASK;
	bool rtl = web_is_rtl(web, block);

	pen_fmt(&web->pen, "<li%s%s>", task ? " class=\"task\"" : "",
		web_dir(web, rtl));
	web->rtl = rtl;
	if (task)
		pen_fmt(&web->pen, "<span class=\"box\">%s</span> ",
			block->flags & BLOCK_DONE ? "&#9745;" : "&#9744;");
	pen_put(&web->pen, child && !tight ? "\n" : "");
	for (; child; child = blocks_next(web->blocks, child))
		item_child(web, child, tight);
	pen_put(&web->pen, "</li>\n");
	web->rtl = list;
}

void web_list(struct web *web, const struct block *block)
{
	const struct block *child = blocks_first(web->blocks, block);
	bool ordered = block->flags & BLOCK_ORDERED;
	bool rtl = web_is_rtl(web, block);

	pen_fmt(&web->pen, "<%s%s", ordered ? "ol" : "ul", web_dir(web, rtl));
	if (ordered && block->number != 1)
		pen_fmt(&web->pen, " start=\"%d\"", block->number);
	pen_put(&web->pen, ">\n");
	web->rtl = rtl;
	for (; child; child = blocks_next(web->blocks, child))
		item(web, child, block->flags & BLOCK_TIGHT);
	pen_put(&web->pen, ordered ? "</ol>\n" : "</ul>\n");
}

/* --- quotes, code and rules ----------------------------------------------- */

void web_quote(struct web *web, const struct block *block)
{
	bool rtl = web_is_rtl(web, block);

	pen_fmt(&web->pen, "<blockquote%s>\n", web_dir(web, rtl));
	web->rtl = rtl;
	web_inside(web, block);
	pen_put(&web->pen, "</blockquote>\n");
}

/* "sh" of "sh {linenos}", as programs that colour code want it. */
static struct str language(struct str info)
{
	size_t n = 0;

	while (n < info.len && info.at[n] > ' ' && info.at[n] != '{')
		n++;
	return str_head(info, n);
}

void web_code(struct web *web, const struct block *block)
{
	struct str text = blocks_str(web->blocks, block->text);
	struct str name = language(blocks_str(web->blocks, block->url));

	if (str_ends(text, STR("\n")))
		text.len--;
	/* One that scrolls must be reached without a mouse. */
	pen_put(&web->pen, "<pre tabindex=\"0\" dir=\"ltr\"><code");
	if (name.len > 0) {
		pen_put(&web->pen, " class=\"language-");
		pen_attribute(&web->pen, name);
		pen_put(&web->pen, "\"");
	}
	pen_put(&web->pen, ">");
	for (bool first = true; first || text.len > 0; first = false) {
		struct str line = str_cut(text, '\n', &text);

		pen_put(&web->pen, first ? "" : "\n");
		pen_attribute(&web->pen, code_line(web->letter, line));
	}
	pen_put(&web->pen, "</code></pre>\n");
}

void web_rule(struct web *web, const struct block *block)
{
	(void)block;
	pen_put(&web->pen, "<hr>\n");
}

/* --- tables --------------------------------------------------------------- */

/* More than this many characters must not be squeezed into a column as narrow
 * as their longest word: rather the table scrolls. */
#define CELL_LONG 24

/* A head that says nothing is none. */
static void cell(struct web *web, const struct block *block, bool head)
{
	bool names = head && blocks_first(web->blocks, block);
	struct str words = block_words(web->letter, block, 200);
	const char *wide = utf8_width(words) > CELL_LONG ? "long" : "";
	const char *align = web_align(block);

	pen_put(&web->pen, names ? "<th scope=\"col\"" : "<td");
	if (*align || *wide)
		pen_fmt(&web->pen, " class=\"%s%s%s\"", align,
			*align && *wide ? " " : "", wide);
	pen_fmt(&web->pen, "%s>", web_dir(web, web_is_rtl(web, block)));
	web_inlines(web, block);
	pen_put(&web->pen, names ? "</th>\n" : "</td>\n");
}

static void row(struct web *web, const struct block *block)
{
	const struct block *child = blocks_first(web->blocks, block);

	pen_put(&web->pen, "<tr>\n");
	for (; child; child = blocks_next(web->blocks, child))
		cell(web, child, block->flags & BLOCK_HEAD);
	pen_put(&web->pen, "</tr>\n");
}

/* The rows from `first` on that are all of the head, or all not. */
static const struct block *rows(struct web *web, const struct block *first)
{
	int head = first->flags & BLOCK_HEAD;
	const char *tag = head ? "thead" : "tbody";

	pen_fmt(&web->pen, "<%s>\n", tag);
	for (; first && (first->flags & BLOCK_HEAD) == head;
	     first = blocks_next(web->blocks, first))
		row(web, first);
	pen_fmt(&web->pen, "</%s>\n", tag);
	return first;
}

void web_table(struct web *web, const struct block *block)
{
	const struct block *next = blocks_first(web->blocks, block);
	bool rtl = web_is_rtl(web, block);

	pen_fmt(&web->pen, "<div class=\"wide\" tabindex=\"0\"%s>\n<table>\n",
		web_dir(web, rtl));
	web->rtl = rtl;
	while (next)
		next = rows(web, next);
	pen_put(&web->pen, "</table>\n</div>\n");
}

/* --- footnotes ------------------------------------------------------------ */

/* The number leads back to where it stands in the text. */
static void note(struct web *web, const struct block *block)
{
	const struct block *child = blocks_first(web->blocks, block);
	int number = block->number;
	bool rtl = web_is_rtl(web, block);
	bool around = web->rtl;

	pen_fmt(&web->pen,
		"<li id=\"note:%d\"%s>\n<p><a role=\"doc-backlink\" "
		"href=\"#ref:%d\">[%d]</a> ",
		number, web_dir(web, rtl), number, number);
	web->rtl = rtl;
	if (child && child->kind == BLOCK_PARAGRAPH) {
		web_inlines(web, child);
		child = blocks_next(web->blocks, child);
	}
	pen_put(&web->pen, "</p>\n");
	for (; child; child = blocks_next(web->blocks, child))
		web_walk(web, child);
	pen_put(&web->pen, "</li>\n");
	web->rtl = around;
}

/* In the order of what refers to them first; a note that nothing shown refers
 * to is left out, and one may add others to the row. */
void web_notes(struct web *web)
{
	if (web->row_length == 0)
		return;
	pen_put(&web->pen,
		"<section class=\"notes\" role=\"doc-endnotes\">\n<ol>\n");
	for (int i = 0; i < web->row_length; i++)
		note(web, web->note[web->row[i]]);
	pen_put(&web->pen, "</ol>\n</section>\n");
}
