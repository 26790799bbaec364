/* text_inline.c - what runs inside a line, as plain text */
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

static void link(struct text *t, struct pen *pen, const struct block *node)
{
	struct str words = block_words(t->letter, node, 4000);
	struct str url = link_absolute(
		t->letter, blocks_str(t->blocks, node->url), node->line);

	if (url.len > 0 && says_itself(words, url)) {
		bool mail = str_starts(url, STR("mailto:"));

		pen_address(pen, mail ? str_skip(url, 7) : url);
		return;
	}
	inlines(t, pen, node);
	if (url.len > 0)
		pen_fmt(pen, " [%d]", text_address(t, url));
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

static void text_node(struct pen *pen, struct str text)
{
	struct str plain;
	int field;

	while (blocks_piece(&text, &plain, &field)) {
		if (field < 0)
			pen_add(pen, plain);
		else
			pen_field(pen, field, SLOT_TEXT);
	}
}

static void marked(struct text *t, struct pen *pen, const struct block *node,
		   const char *mark)
{
	pen_put(pen, mark);
	inlines(t, pen, node);
	pen_put(pen, mark);
}

static void image(struct text *t, struct pen *pen, const struct block *node)
{
	if (!blocks_first(t->blocks, node))
		return; /* no alternative text: it only adorns */
	pen_put(pen, "[Image: ");
	inlines(t, pen, node);
	pen_put(pen, "]");
}

static void inline_html(struct pen *pen, struct str tag)
{
	if (str_starts_nocase(tag, STR("<br")))
		pen_put(pen, "\n");
}

static void inline_node(struct text *t, struct pen *pen,
			const struct block *node, const struct block *before)
{
	const struct block *after = blocks_next(t->blocks, node);
	struct str text = blocks_str(t->blocks, node->text);

	switch ((enum block_kind)node->kind) {
	case BLOCK_TEXT:
		text_node(pen, text);
		break;
	case BLOCK_SOFTBREAK:
		if (!softbreak_joins(t->letter, before, after))
			pen_put(pen, " ");
		break;
	case BLOCK_LINEBREAK:
		pen_put(pen, "\n");
		break;
	case BLOCK_CODESPAN:
		pen_put(pen, "`");
		pen_add(pen, text);
		pen_put(pen, "`");
		break;
	case BLOCK_HTML_INLINE:
		inline_html(pen, text);
		break;
	case BLOCK_EMPH:
		marked(t, pen, node, "_");
		break;
	case BLOCK_STRONG:
		marked(t, pen, node, "*");
		break;
	case BLOCK_STRIKE:
		marked(t, pen, node, "~");
		break;
	case BLOCK_LINK:
		link(t, pen, node);
		break;
	case BLOCK_IMAGE:
		image(t, pen, node);
		break;
	case BLOCK_NOTE_REF:
		pen_fmt(pen, "[" STR_FMT "]",
			STR_ARG(text_note_mark(t, node->number)));
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

static void inlines(struct text *t, struct pen *pen, const struct block *parent)
{
	const struct block *node = blocks_first(t->blocks, parent);
	const struct block *before = NULL;

	for (; node; node = blocks_next(t->blocks, node)) {
		inline_node(t, pen, node, before);
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
	text_node(&pen, text);
	pen_close(&pen);
	return draft;
}

/* The alternative text stands for the picture; one without only adorns. Its
 * title is the caption below. */
bool text_picture(struct text *t, struct lead *lead,
		  const struct block *paragraph)
{
	const struct block *link;
	const struct block *image = lone_picture(t->letter, paragraph, &link);
	struct str caption;

	if (!image)
		return false;
	if (blocks_first(t->blocks, image))
		text_fill(t, lead, text_inlines(t, link ? link : paragraph));
	if (link)
		text_address_line(
			t, lead, "",
			link_absolute(t->letter,
				      blocks_str(t->blocks, link->url),
				      link->line));
	caption = blocks_str(t->blocks, image->title);
	if (caption.len > 0)
		text_fill(t, lead, text_words(t, caption));
	return true;
}
