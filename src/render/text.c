/* text.c - the blocks of an article as plain text */
#include "block_priv.h"
#include "render/wrap.h"
#include "text_priv.h"

static void one_block(struct text *t, struct lead *lead,
		      const struct block *node, bool tight);

/* --- what only some readers get ------------------------------------------- */

/* A branch that nothing stands above ends in the empty line that would else
 * stand before what comes next: whether it is taken is not known yet. */
static void end_branch(struct text *t, bool begun)
{
	if (!begun && t->begun)
		pen_put(&t->pen, "\n");
	t->begun = begun;
}

struct some { /* as it was above */
	bool begun;
	int space;
};

static struct some begin_some(struct text *t, struct lead *lead)
{
	int space = t->space;

	/* A list's mark is there for everybody. */
	if (!lead->begun && !str_eq(lead->first, lead->rest)) {
		text_line(t, lead, STR_NONE);
		space = 0;
	}
	t->conditions++;
	return (struct some){ t->begun, space };
}

static void turn_some(struct text *t, struct some some)
{
	end_branch(t, some.begun);
	t->space = some.space;
}

static void end_some(struct text *t, struct some some)
{
	turn_some(t, some);
	t->conditions--;
	pen_end(&t->pen);
}

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

/* Of one of which nothing is known of how wide it will be. */
#define WIDTH_GUESSED 12

/* Underlined as wide as it is; where that depends on the reader, as for one of
 * whom nothing is known. */
static void underlined(struct text *t, struct lead *lead, struct draft *words,
		       int level)
{
	static const char signs[] = { [2] = '-', [3] = '.', [4] = '~' };
	struct lead margin = { STR_NONE, STR_NONE, true };
	struct str lines = text_lines(
		t->letter, draft_plain(words, t->letter->arena), &margin, true);
	size_t width = text_width(lines);

	text_space(t, lead, level == 2 ? 2 : 1);
	text_fill_hard(t, lead, words);
	underline(t, lead, width > 0 ? width : WIDTH_GUESSED, signs[level]);
}

static void heading(struct text *t, struct lead *lead, const struct block *node)
{
	struct draft *words = text_inlines(t, node);
	struct presence presence = text_presence(t, node);
	struct some some;

	if (!presence.all && presence.test.len == 0)
		return;
	if (presence.all) {
		underlined(t, lead, words, t->rank[node->level]);
	} else {
		some = begin_some(t, lead);
		pen_presence(&t->pen, &presence, node->line);
		underlined(t, lead, words, t->rank[node->level]);
		end_some(t, some);
	}
	text_space(t, lead, 1);
}

static void rule(struct text *t, struct lead *lead, const struct block *node)
{
	(void)node;
	text_centred(t, lead, STR("* * *"));
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

/* --- code, notes, quotes --------------------------------------------------- */

/* Of empty lines in a row no more than two are left. */
static void code(struct text *t, struct lead *lead, const struct block *node)
{
	struct lead inner = text_inside(t, lead, "    ", "    ");
	struct str text = blocks_str(t->blocks, node->text);
	int empty = 0;

	while (text.len > 0) {
		struct str line = str_cut(text, '\n', &text);

		empty = str_trim(line).len == 0 ? empty + 1 : 0;
		if (empty <= 2)
			text_line(t, &inner, code_line(t->letter, line));
	}
}

static void put_note(struct text *t, struct lead *lead,
		     const struct block *node)
{
	struct str mark = text_note_mark(t, node->number);
	struct lead inner;

	mark = arena_fmt(t->letter->arena, "[" STR_FMT "] ", STR_ARG(mark));
	inner = text_inside(t, lead, mark.at, "");
	text_blocks(t, &inner, node, false);
}

/* What nobody is shown the mark of is left out. */
static void note(struct text *t, struct lead *lead, const struct block *node)
{
	const struct presence *of = note_presence(t->letter, node->number);
	struct some some;

	if (of && of->all) {
		put_note(t, lead, node);
	} else if (of) {
		some = begin_some(t, lead);
		pen_presence(&t->pen, of, node->line);
		t->letter->some++;
		put_note(t, lead, node);
		t->letter->some--;
		end_some(t, some);
	}
}

static void quote(struct text *t, struct lead *lead, const struct block *node)
{
	struct lead inner = text_inside(t, lead, "> ", "> ");

	text_blocks(t, &inner, node, false);
}

static void paragraph(struct text *t, struct lead *lead,
		      const struct block *node)
{
	text_fill(t, lead, text_inlines(t, node));
}

/* --- for some readers, for one medium ------------------------------------- */

static void condition(struct text *t, struct lead *lead,
		      const struct block *node)
{
	const struct block *child = blocks_first(t->blocks, node);
	enum audience audience = branch_audience(
		t->letter, pen_source(&t->pen, node->number));
	struct some some = begin_some(t, lead);
	int around = t->letter->some;

	pen_if(&t->pen, node->number, node->line);
	t->letter->some = around + (audience != FOR_ALL);
	for (; child; child = blocks_next(t->blocks, child)) {
		if (child->kind == BLOCK_ELSE) {
			turn_some(t, some);
			t->letter->some = around + (audience != FOR_NOBODY);
			pen_else(&t->pen);
			text_blocks(t, lead, child, false);
		} else {
			one_block(t, lead, child, false);
		}
	}
	t->letter->some = around;
	end_some(t, some);
}

static void only(struct text *t, struct lead *lead, const struct block *node)
{
	if (!(node->flags & BLOCK_WEB))
		text_blocks(t, lead, node, false);
}

/* --- the walk ------------------------------------------------------------- */

/* The others have a template, or belong inside one of these. */
static void (*const writers[BLOCK_KIND_COUNT])(struct text *, struct lead *,
					       const struct block *) = {
	[BLOCK_PARAGRAPH] = paragraph, [BLOCK_HEADING] = heading,
	[BLOCK_QUOTE] = quote,	       [BLOCK_LIST] = list,
	[BLOCK_CODE] = code,	       [BLOCK_RULE] = rule,
	[BLOCK_TABLE] = text_table,    [BLOCK_NOTE] = note,
	[BLOCK_ONLY] = only,	       [BLOCK_IF] = condition,
};

static void one_block(struct text *t, struct lead *lead,
		      const struct block *node, bool tight)
{
	const char *template = block_template(t->letter, node);

	if (!tight)
		text_space(t, lead, 1);
	if (template)
		text_partial(t, lead, node, template);
	else if (writers[node->kind])
		writers[node->kind](t, lead, node);
}

void text_blocks(struct text *t, struct lead *lead, const struct block *parent,
		 bool tight)
{
	const struct block *child = blocks_first(t->blocks, parent);

	for (; child; child = blocks_next(t->blocks, child))
		one_block(t, lead, child, tight);
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
