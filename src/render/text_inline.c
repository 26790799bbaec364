/* text_inline.c - what runs inside a line, as plain text */
#include "phrases_priv.h"
#include "seen_priv.h"
#include "text_priv.h"

static void inlines(struct text *t, struct pen *pen,
		    const struct block *parent);

/* --- addresses ------------------------------------------------------------ */

int text_address(struct text *t, struct str url)
{
	struct address *address;
	void **known;

	if (!t->seen)
		t->seen = seen_new(t->letter->arena);
	known = seen_at(t->seen, url);
	if (*known)
		return ((struct address *)*known)->number;
	/* The list is everybody's: what only some have read has no place. */
	if (t->conditions > 0)
		return 0;
	*known = address = arena_new_of(t->letter->arena, struct address);
	address->url = url;
	address->number = ++t->address_count;
	*t->last = address;
	t->last = &address->next;
	return address->number;
}

/* Is the address the very text of the link? Then it is not said twice. */
static bool says_itself(struct str words, struct str url)
{
	if (str_starts(url, STR("mailto:")))
		return str_eq(words, str_skip(url, 7));
	if (str_eq(words, url))
		return true;
	/* "www.example.org" or "example.org/x", linked as https://... */
	for (const char *const *s =
		     (const char *const[]){ "https://", "http://", NULL };
	     *s; s++)
		if (str_starts(url, str_of(*s)) &&
		    str_eq(words, str_skip(url, strlen(*s))))
			return true;
	return false;
}

/* An address that a sign follows stands in brackets, or the sign would be
 * taken for its end. */
static bool is_followed(struct text *t, const struct block *node)
{
	const struct block *next = blocks_next(t->blocks, node);
	struct str text = next ? blocks_str(t->blocks, next->text) : STR_NONE;

	return text.len > 0 && next->kind == BLOCK_TEXT &&
	       memchr(".,;:!?", text.at[0], 6);
}

static void bracketed(struct pen *pen, struct str url)
{
	pen_put(pen, "<");
	pen_address(pen, url);
	pen_put(pen, ">");
}

static void put_itself(struct text *t, struct pen *pen,
		       const struct block *node, struct str url)
{
	if (str_starts(url, STR("mailto:")))
		pen_address(pen, str_skip(url, 7));
	else if (is_followed(t, node))
		bracketed(pen, url);
	else
		pen_address(pen, url);
}

/* --- marks ---------------------------------------------------------------- */

struct str text_note_mark(struct text *t, int number)
{
	char mark[8];
	size_t at = sizeof(mark);

	for (; number > 0 && at > 0; number = (number - 1) / 26)
		mark[--at] = (char)('a' + (number - 1) % 26);
	return arena_dup(t->letter->arena,
			 str_at(mark + at, sizeof(mark) - at));
}

/* Soft hyphens and byte order marks are for other media. */
static bool is_hidden(struct str here)
{
	return str_starts(here, STR("\xc2\xad")) ||
	       str_starts(here, STR("\xef\xbb\xbf"));
}

static void visible(struct pen *pen, struct str text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.len; i++) {
		struct str here = str_skip(text, i);

		if (!is_hidden(here))
			continue;
		pen_add(pen, str_at(text.at + from, i - from));
		from = i + (text.at[i] == '\xc2' ? 2 : 3);
	}
	pen_add(pen, str_skip(text, from));
}

static void put_field(struct text *t, struct pen *pen, int field)
{
	struct str source = STR_NONE;

	if ((size_t)field < t->blocks->field_count)
		source = blocks_str(t->blocks, t->blocks->fields[field].source);
	t->conditions += str_starts(source, STR("#"));
	t->conditions -= str_starts(source, STR("/"));
	pen_isolated(pen, field, SLOT_TEXT);
}

static void text_node(struct text *t, struct pen *pen, struct str text)
{
	struct str plain;
	int field;

	while (blocks_piece(&text, &plain, &field)) {
		if (field < 0)
			visible(pen, plain);
		else
			put_field(t, pen, field);
	}
}

/* --- marks around words --------------------------------------------------- */

static void settle(struct text *t, struct presence *presence)
{
	switch (presence_audience(t->letter, presence)) {
	case FOR_ALL:
		presence->all = true;
		break;
	case FOR_SOME:
		break;
	case FOR_NOBODY:
		presence->test = STR_NONE;
		break;
	}
}

struct presence text_presence(struct text *t, const struct block *parent)
{
	struct presence presence = presence_of(t->letter, parent);

	settle(t, &presence);
	return presence;
}

/* Marks stand only where there is something between them: within its test.
 * False when there is nothing for anybody. */
static bool begin_some(struct text *t, struct pen *pen,
		       const struct block *node, struct presence *presence)
{
	settle(t, presence);
	if (presence->all)
		return true;
	if (presence->test.len == 0)
		return false;
	pen_presence(pen, presence, node->line);
	t->conditions++;
	return true;
}

static void end_some(struct text *t, struct pen *pen,
		     const struct presence *presence)
{
	if (presence->all)
		return;
	pen_end(pen);
	t->conditions--;
}

static void marked(struct text *t, struct pen *pen, const struct block *node,
		   const char *mark)
{
	struct presence presence = presence_of(t->letter, node);

	if (!begin_some(t, pen, node, &presence))
		return;
	pen_put(pen, mark);
	inlines(t, pen, node);
	pen_put(pen, mark);
	end_some(t, pen, &presence);
}

/* Words, then the number of the address or itself in brackets. */
static void put_link(struct text *t, struct pen *pen, const struct block *node,
		     struct str url)
{
	int number;

	inlines(t, pen, node);
	if (url.len == 0)
		return;
	number = text_address(t, url);
	pen_put(pen, " ");
	if (number > 0)
		pen_fmt(pen, "[%d]", number);
	else
		bracketed(pen, url);
}

static void link(struct text *t, struct pen *pen, const struct block *node)
{
	struct str words = block_words(t->letter, node, 4000);
	struct str url = link_absolute(
		t->letter, blocks_str(t->blocks, node->url), node->line);
	struct presence presence;

	if (url.len > 0 && says_itself(words, url)) {
		put_itself(t, pen, node, url);
		return;
	}
	presence = presence_of(t->letter, node);
	if (begin_some(t, pen, node, &presence)) {
		put_link(t, pen, node, url);
		end_some(t, pen, &presence);
	}
}

static void image(struct text *t, struct pen *pen, const struct block *node)
{
	struct presence presence = presence_of(t->letter, node);
	struct draft *alt;

	/* Without an alternative text it only adorns. */
	if (!begin_some(t, pen, node, &presence))
		return;
	alt = text_inlines(t, node);
	pen_put(pen, "[");
	pen_flush(pen);
	draft_append(pen->draft,
		     phrase_label_draft(
			     t->letter,
			     text_words(t, letter_word(t->letter, WORD_IMAGE)),
			     alt));
	pen_put(pen, "]");
	end_some(t, pen, &presence);
}

static void inline_html(struct text *t, struct pen *pen,
			const struct block *node)
{
	struct str tag = blocks_str(t->blocks, node->text);

	if (str_starts_nocase(tag, STR("<br")))
		pen_put(pen, "\n");
}

static void plain(struct text *t, struct pen *pen, const struct block *node)
{
	text_node(t, pen, blocks_str(t->blocks, node->text));
}

static void line_break(struct text *t, struct pen *pen,
		       const struct block *node)
{
	(void)t;
	(void)node;
	pen_put(pen, "\n");
}

static void code(struct text *t, struct pen *pen, const struct block *node)
{
	pen_put(pen, "`");
	pen_add(pen, blocks_str(t->blocks, node->text));
	pen_put(pen, "`");
}

static void emph(struct text *t, struct pen *pen, const struct block *node)
{
	marked(t, pen, node, "_");
}

static void strong(struct text *t, struct pen *pen, const struct block *node)
{
	marked(t, pen, node, "*");
}

static void strike(struct text *t, struct pen *pen, const struct block *node)
{
	marked(t, pen, node, "~");
}

static void note_ref(struct text *t, struct pen *pen, const struct block *node)
{
	pen_fmt(pen, "[" STR_FMT "]", STR_ARG(text_note_mark(t, node->number)));
}

/* A soft break asks what stands around it, so it is not here. */
static void (*const writers[BLOCK_KIND_COUNT])(struct text *, struct pen *,
					       const struct block *) = {
	[BLOCK_TEXT] = plain,	 [BLOCK_LINEBREAK] = line_break,
	[BLOCK_CODESPAN] = code, [BLOCK_HTML_INLINE] = inline_html,
	[BLOCK_EMPH] = emph,	 [BLOCK_STRONG] = strong,
	[BLOCK_STRIKE] = strike, [BLOCK_LINK] = link,
	[BLOCK_IMAGE] = image,	 [BLOCK_NOTE_REF] = note_ref,
};

static void soft_break(struct text *t, struct pen *pen,
		       const struct block *before, const struct block *node)
{
	const struct block *after = blocks_next(t->blocks, node);

	if (!softbreak_joins(t->letter, before, after))
		pen_put(pen, " ");
}

static void inlines(struct text *t, struct pen *pen, const struct block *parent)
{
	const struct block *node = blocks_first(t->blocks, parent);
	const struct block *before = NULL;

	for (; node; node = blocks_next(t->blocks, node)) {
		if (node->kind == BLOCK_SOFTBREAK)
			soft_break(t, pen, before, node);
		else if (writers[node->kind])
			writers[node->kind](t, pen, node);
		before = node;
	}
}

struct draft *text_inlines(struct text *t, const struct block *parent)
{
	struct draft *draft = draft_new(t->letter->arena);
	struct pen pen;

	pen_open(&pen, t->letter, draft);
	inlines(t, &pen, parent);
	pen_close(&pen);
	return draft;
}

struct draft *text_words(struct text *t, struct str text)
{
	struct draft *draft = draft_new(t->letter->arena);
	struct pen pen;

	pen_open(&pen, t->letter, draft);
	text_node(t, &pen, text);
	pen_close(&pen);
	return draft;
}
