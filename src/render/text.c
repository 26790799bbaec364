/* text.c - the blocks of an article as plain text */
#include "render/wrap.h"
#include "text_priv.h"

static void block(struct text *t, struct lead *lead, const struct block *node);

/* --- headings and rules --------------------------------------------------- */

static void underline(struct text *t, struct lead *lead, size_t width,
		      char sign)
{
	char line[WRAP_WIDTH];

	if (width > sizeof(line))
		width = sizeof(line);
	memset(line, sign, width);
	text_line(t, lead, str_at(line, width));
}

static void heading(struct text *t, struct lead *lead, const struct block *node)
{
	static const char signs[] = { [2] = '-', [3] = '.', [4] = '~' };
	int level = t->rank[node->level];
	struct draft *words = text_inlines(t, node);
	size_t width = text_width(draft_plain(words, t->letter->arena));

	text_space(t, lead, level == 2 ? 2 : 1);
	text_fill_hard(t, lead, words);
	underline(t, lead, width, signs[level]);
	text_space(t, lead, 1);
}

static void rule(struct text *t, struct lead *lead)
{
	static const char centred[] = "                                * * *";
	size_t indent = text_width(lead->rest) / 2;

	text_space(t, lead, 1);
	text_line(t, lead, str_skip(str_of(centred), indent < 32 ? indent : 0));
}

/* --- lists ---------------------------------------------------------------- */

static int digits(int number)
{
	int n = number < 0 ? 2 : 1;

	while (number > 9 || number < -9) {
		number /= 10;
		n++;
	}
	return n;
}

static int count(const struct text *t, const struct block *parent)
{
	const struct block *child = blocks_first(t->blocks, parent);
	int n = 0;

	for (; child; child = blocks_next(t->blocks, child))
		n++;
	return n;
}

static void item(struct text *t, struct lead *lead, const struct block *node,
		 struct str mark, bool tight)
{
	struct arena *arena = t->letter->arena;
	const char *box = "";
	struct lead inner;

	if (node->flags & BLOCK_TASK)
		box = node->flags & BLOCK_DONE ? "[x] " : "[ ] ";
	mark = arena_fmt(arena, STR_FMT "%s", STR_ARG(mark), box);
	inner = text_inside(t, lead, mark.at,
			    arena_fmt(arena, "%*s", (int)mark.len, "").at);
	if (!blocks_first(t->blocks, node))
		text_line(t, &inner, STR_NONE);
	text_blocks(t, &inner, node, tight);
}

static void list(struct text *t, struct lead *lead, const struct block *node)
{
	const struct block *child = blocks_first(t->blocks, node);
	bool tight = node->flags & BLOCK_TIGHT;
	int number = node->number;
	int width = digits(number + count(t, node) - 1);

	for (; child; child = blocks_next(t->blocks, child), number++) {
		struct str mark = STR("- ");

		if (node->flags & BLOCK_ORDERED)
			mark = arena_fmt(t->letter->arena, "%*d. ", width,
					 number);
		if (!tight && child != blocks_first(t->blocks, node))
			text_space(t, lead, 1);
		item(t, lead, child, mark, tight);
	}
}

/* --- boxes ---------------------------------------------------------------- */

static void callout(struct text *t, struct lead *lead, const struct block *node)
{
	struct str label = callout_label(t->letter, node);
	struct lead inner;

	if (label.len > 0)
		label = arena_fmt(t->letter->arena, "  " STR_FMT ": ",
				  STR_ARG(label));
	inner = text_inside(t, lead, label.len ? label.at : "  ", "  ");
	text_blocks(t, &inner, node, false);
}

static void code(struct text *t, struct lead *lead, const struct block *node)
{
	struct lead inner = text_inside(t, lead, "    ", "    ");
	struct str text = blocks_str(t->blocks, node->text);

	while (text.len > 0) {
		struct str line = str_cut(text, '\n', &text);

		text_line(t, &inner, code_line(t->letter, line));
	}
}

static void button(struct text *t, struct lead *lead, const struct block *node)
{
	struct draft *words = text_words(t, blocks_str(t->blocks, node->text));

	draft_text(words, STR(":"));
	text_fill_hard(t, lead, words);
	text_address_line(t, lead, "",
			  link_absolute(t->letter,
					blocks_str(t->blocks, node->url),
					node->line));
}

static void note(struct text *t, struct lead *lead, const struct block *node)
{
	struct str mark = text_note_mark(t, node->number);
	struct lead inner;

	mark = arena_fmt(t->letter->arena, "[" STR_FMT "] ", STR_ARG(mark));
	inner = text_inside(t, lead, mark.at, "");
	text_blocks(t, &inner, node, false);
}

/* --- the walk ------------------------------------------------------------- */

static void paragraph(struct text *t, struct lead *lead,
		      const struct block *node)
{
	if (!text_picture(t, lead, node))
		text_fill(t, lead, text_inlines(t, node));
}

static void block(struct text *t, struct lead *lead, const struct block *node)
{
	struct lead inner;

	switch ((enum block_kind)node->kind) {
	case BLOCK_PARAGRAPH:
		paragraph(t, lead, node);
		break;
	case BLOCK_HEADING:
		heading(t, lead, node);
		break;
	case BLOCK_QUOTE:
		inner = text_inside(t, lead, "> ", "> ");
		text_blocks(t, &inner, node, false);
		break;
	case BLOCK_LIST:
		list(t, lead, node);
		break;
	case BLOCK_CODE:
		code(t, lead, node);
		break;
	case BLOCK_RULE:
		rule(t, lead);
		break;
	case BLOCK_TABLE:
		text_table(t, lead, node);
		break;
	case BLOCK_CALLOUT:
		callout(t, lead, node);
		break;
	case BLOCK_BUTTON:
		button(t, lead, node);
		break;
	case BLOCK_NOTE:
		note(t, lead, node);
		break;
	case BLOCK_DOCUMENT:
	case BLOCK_HTML:
	case BLOCK_ITEM:
	case BLOCK_ROW:
	case BLOCK_CELL:
	case BLOCK_TEXT:
	case BLOCK_SOFTBREAK:
	case BLOCK_LINEBREAK:
	case BLOCK_CODESPAN:
	case BLOCK_HTML_INLINE:
	case BLOCK_EMPH:
	case BLOCK_STRONG:
	case BLOCK_STRIKE:
	case BLOCK_LINK:
	case BLOCK_IMAGE:
	case BLOCK_NOTE_REF:
	case BLOCK_KIND_COUNT:
		break;
	}
}

void text_blocks(struct text *t, struct lead *lead, const struct block *parent,
		 bool tight)
{
	const struct block *child = blocks_first(t->blocks, parent);

	for (; child; child = blocks_next(t->blocks, child)) {
		if (!tight)
			text_space(t, lead, 1);
		block(t, lead, child);
	}
}

static void put_addresses(struct text *t, struct lead *lead)
{
	if (!t->addresses)
		return;
	text_space(t, lead, 1);
	underline(t, lead, 24, '-');
	for (const struct address *a = t->addresses; a; a = a->next) {
		struct str label = arena_fmt(t->letter->arena, "[%d] ",
					     a->number);

		text_address_line(t, lead, label.at, a->url);
	}
}

void text_body(struct letter *letter, struct draft *draft)
{
	struct lead lead = { STR_NONE, STR_NONE, true };
	struct text t = { .letter = letter, .blocks = letter->blocks };

	t.last = &t.addresses;
	heading_ranks(letter->blocks, 4, t.rank);
	pen_open(&t.pen, letter, draft);
	text_blocks(&t, &lead, letter->blocks->at, false);
	put_addresses(&t, &lead);
	pen_close(&t.pen);
}
