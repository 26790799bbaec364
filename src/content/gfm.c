/* gfm.c - HTML as the specification of GitHub's Markdown writes it
 *
 * For comparison with others, not for letters: raw HTML goes through, but for
 * the tags that GitHub takes the '<' from.
 */
#include "base/utf8.h"
#include "markdown_priv.h"

struct writer {
	struct buf *out;
};

static void inlines(struct writer *w, const struct node *parent);
static void blocks(struct writer *w, const struct node *parent, bool tight);

/* --- bytes ----------------------------------------------------------------*/

/* A new line, unless one has just begun. */
static void fresh(struct writer *w)
{
	if (w->out->len > 0 && w->out->at[w->out->len - 1] != '\n')
		buf_byte(w->out, '\n');
}

static void put_escaped(struct writer *w, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		struct str rest = str_skip(text, i);

		if (str_starts(rest, STR(MARK_CLOSE)))
			i += MARK_LEN - 1;
		else if (text.at[i] == '&')
			buf_addz(w->out, "&amp;");
		else if (text.at[i] == '<')
			buf_addz(w->out, "&lt;");
		else if (text.at[i] == '>')
			buf_addz(w->out, "&gt;");
		else if (text.at[i] == '"')
			buf_addz(w->out, "&quot;");
		else
			buf_byte(w->out, text.at[i]);
	}
}

static void put_address(struct writer *w, struct str url)
{
	for (size_t i = 0; i < url.len; i++) {
		char c = url.at[i];

		if (str_starts(str_skip(url, i), STR(MARK_CLOSE)))
			i += MARK_LEN - 1;
		else if (c == '&')
			buf_addz(w->out, "&amp;");
		else if (c == '\'')
			buf_addz(w->out, "&#x27;");
		else if (is_alnum(c) || memchr("-_.+!*(),%#@?=;:/$~", c, 19))
			buf_byte(w->out, c);
		else
			buf_fmt(w->out, "%%%02X", (unsigned)(unsigned char)c);
	}
}

/* The tags that GitHub shows as text (6.11). */
static bool is_filtered(struct str tag)
{
	static const struct str names[] = {
		STR("title"),	 STR("textarea"), STR("style"),
		STR("xmp"),	 STR("iframe"),	  STR("noembed"),
		STR("noframes"), STR("script"),	  STR("plaintext"),
	};

	tag = str_skip(tag, str_starts(tag, STR("</")) ? 2 : 1);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct str rest;

		if (!str_starts_nocase(tag, names[i]))
			continue;
		rest = str_skip(tag, names[i].len);
		if (rest.len == 0 || memchr(" \t\n\f\r/>", rest.at[0], 7))
			return true;
	}
	return false;
}

static void put_html(struct writer *w, struct str html)
{
	for (size_t i = 0; i < html.len; i++) {
		struct str rest = str_skip(html, i);

		if (str_starts(rest, STR(MARK_CLOSE)))
			i += MARK_LEN - 1;
		else if (html.at[i] == '<' && is_filtered(rest))
			buf_addz(w->out, "&lt;");
		else
			buf_byte(w->out, html.at[i]);
	}
}

/* --- within a line --------------------------------------------------------*/

static void around(struct writer *w, const char *tag, const struct node *node)
{
	buf_fmt(w->out, "<%s>", tag);
	inlines(w, node);
	buf_fmt(w->out, "</%s>", tag);
}

static void put_title(struct writer *w, const struct node *node)
{
	if (node->title.len == 0)
		return;
	buf_addz(w->out, " title=\"");
	put_escaped(w, node->title);
	buf_byte(w->out, '"');
}

/* A picture's words, without tags. */
static void put_alt(struct writer *w, const struct node *node)
{
	if (node->kind == BLOCK_SOFTBREAK || node->kind == BLOCK_LINEBREAK)
		buf_byte(w->out, ' ');
	put_escaped(w, node->text);
	for (const struct node *c = node->first; c; c = c->next)
		put_alt(w, c);
}

static void put_image(struct writer *w, const struct node *node)
{
	buf_addz(w->out, "<img src=\"");
	put_address(w, node->url);
	buf_addz(w->out, "\" alt=\"");
	for (const struct node *c = node->first; c; c = c->next)
		put_alt(w, c);
	buf_byte(w->out, '"');
	put_title(w, node);
	buf_addz(w->out, " />");
}

static void put_link(struct writer *w, const struct node *node)
{
	buf_addz(w->out, "<a href=\"");
	put_address(w, node->url);
	buf_byte(w->out, '"');
	put_title(w, node);
	buf_byte(w->out, '>');
	inlines(w, node);
	buf_addz(w->out, "</a>");
}

static void put_inline(struct writer *w, const struct node *node)
{
	if (node->kind == BLOCK_TEXT) {
		put_escaped(w, node->text);
	} else if (node->kind == BLOCK_SOFTBREAK) {
		buf_byte(w->out, '\n');
	} else if (node->kind == BLOCK_LINEBREAK) {
		buf_addz(w->out, "<br />\n");
	} else if (node->kind == BLOCK_CODESPAN) {
		buf_addz(w->out, "<code>");
		put_escaped(w, node->text);
		buf_addz(w->out, "</code>");
	} else if (node->kind == BLOCK_HTML_INLINE) {
		put_html(w, node->text);
	} else if (node->kind == BLOCK_EMPH) {
		around(w, "em", node);
	} else if (node->kind == BLOCK_STRONG) {
		around(w, "strong", node);
	} else if (node->kind == BLOCK_STRIKE) {
		around(w, "del", node);
	} else if (node->kind == BLOCK_LINK) {
		put_link(w, node);
	} else if (node->kind == BLOCK_IMAGE) {
		put_image(w, node);
	}
}

static void inlines(struct writer *w, const struct node *parent)
{
	for (const struct node *c = parent->first; c; c = c->next)
		put_inline(w, c);
}

/* --- blocks ---------------------------------------------------------------*/

static void put_code(struct writer *w, const struct node *node)
{
	size_t len = 0;

	while (len < node->url.len && !memchr(" \t\n", node->url.at[len], 3))
		len++;
	buf_addz(w->out, "<pre><code");
	if (len > 0) {
		buf_addz(w->out, " class=\"language-");
		put_escaped(w, str_head(node->url, len));
		buf_byte(w->out, '"');
	}
	buf_byte(w->out, '>');
	put_escaped(w, node->text);
	buf_addz(w->out, "</code></pre>\n");
}

static void put_box(struct writer *w, unsigned flags)
{
	if (flags & BLOCK_TASK)
		buf_fmt(w->out, "<input %sdisabled=\"\" type=\"checkbox\"> ",
			flags & BLOCK_DONE ? "checked=\"\" " : "");
}

/* A task's box stands before its first words. */
static void put_item(struct writer *w, const struct node *item, bool tight)
{
	buf_addz(w->out, "<li>");
	if (tight)
		put_box(w, item->flags);
	blocks(w, item, tight);
	buf_addz(w->out, "</li>\n");
}

static void put_list(struct writer *w, const struct node *list)
{
	bool ordered = list->flags & BLOCK_ORDERED;

	buf_addz(w->out, ordered ? "<ol" : "<ul");
	if (ordered && list->number != 1)
		buf_fmt(w->out, " start=\"%d\"", list->number);
	buf_addz(w->out, ">\n");
	for (const struct node *item = list->first; item; item = item->next)
		put_item(w, item, list->flags & BLOCK_TIGHT);
	buf_addz(w->out, ordered ? "</ol>\n" : "</ul>\n");
}

static void put_cell(struct writer *w, const struct node *cell, bool head)
{
	static const char *const aligns[] = {
		[ALIGN_NONE] = "",
		[ALIGN_LEFT] = " align=\"left\"",
		[ALIGN_CENTER] = " align=\"center\"",
		[ALIGN_RIGHT] = " align=\"right\"",
	};

	buf_fmt(w->out, "<t%c%s>", head ? 'h' : 'd', aligns[cell->level]);
	inlines(w, cell);
	buf_fmt(w->out, "</t%c>\n", head ? 'h' : 'd');
}

static void put_table(struct writer *w, const struct node *table)
{
	buf_addz(w->out, "<table>\n<thead>\n");
	for (const struct node *row = table->first; row; row = row->next) {
		bool head = row->flags & BLOCK_HEAD;

		buf_addz(w->out, "<tr>\n");
		for (const struct node *c = row->first; c; c = c->next)
			put_cell(w, c, head);
		buf_addz(w->out, "</tr>\n");
		if (head)
			buf_addz(w->out, "</thead>\n");
		if (head && row->next)
			buf_addz(w->out, "<tbody>\n");
	}
	if (table->first && table->first->next)
		buf_addz(w->out, "</tbody>\n");
	buf_addz(w->out, "</table>\n");
}

static void put_paragraph(struct writer *w, const struct node *node,
			  const struct node *parent, bool tight)
{
	if (tight) {
		inlines(w, node);
		return;
	}
	fresh(w);
	buf_addz(w->out, "<p>");
	if (parent->first == node)
		put_box(w, parent->flags);
	inlines(w, node);
	buf_addz(w->out, "</p>\n");
}

static void put_block(struct writer *w, const struct node *node)
{
	fresh(w);
	if (node->kind == BLOCK_QUOTE) {
		buf_addz(w->out, "<blockquote>\n");
		blocks(w, node, false);
		fresh(w);
		buf_addz(w->out, "</blockquote>\n");
	} else if (node->kind == BLOCK_LIST) {
		put_list(w, node);
	} else if (node->kind == BLOCK_HEADING) {
		buf_fmt(w->out, "<h%d>", node->level);
		inlines(w, node);
		buf_fmt(w->out, "</h%d>\n", node->level);
	} else if (node->kind == BLOCK_CODE) {
		put_code(w, node);
	} else if (node->kind == BLOCK_RULE) {
		buf_addz(w->out, "<hr />\n");
	} else if (node->kind == BLOCK_TABLE) {
		put_table(w, node);
	} else if (node->kind == BLOCK_HTML) {
		put_html(w, node->text);
		fresh(w);
	}
}

static void blocks(struct writer *w, const struct node *parent, bool tight)
{
	for (const struct node *c = parent->first; c; c = c->next) {
		if (c->kind == BLOCK_PARAGRAPH)
			put_paragraph(w, c, parent, tight);
		else
			put_block(w, c);
	}
}

/* What is no character becomes U+FFFD, as CommonMark has it of NUL; what is
 * kept for marks has no other way through. */
static struct str repaired(struct str text, struct arena *arena)
{
	struct str whole;
	struct buf out;

	buf_init(&out, 3 * text.len + 1);
	while (text.len > 0) {
		size_t len;
		uint32_t c = utf8_next(text, &len);

		if (c == 0 || c == 0xFFFD || blocks_is_kept(c))
			buf_addz(&out, "\xEF\xBF\xBD");
		else
			buf_add(&out, str_head(text, len));
		text = str_skip(text, len);
	}
	whole = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return whole;
}

int gfm_html(struct str text, const char *name, struct arena *arena,
	     struct buf *out, struct err *err)
{
	struct markdown m = { .arena = arena,
			      .name = name,
			      .first_line = 1,
			      .bare = true,
			      .raw_html = true };
	struct writer writer = { .out = out };
	struct node *document;

	if (!utf8_ok(text, NULL) || memchr(text.at, 0, text.len) ||
	    str_find_str(text, STR("\xEE\x80")) >= 0)
		text = repaired(text, arena);
	if (markdown_tree(&m, text, &document, err) < 0)
		return -1;
	blocks(&writer, document, false);
	return 0;
}
