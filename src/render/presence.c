/* presence.c - see presence_priv.h */
#include "condition_priv.h"
#include "presence_priv.h"

/* --- branches ------------------------------------------------------------- */

struct open_branch {
	struct str around, test;
	bool inverse;
	struct open_branch *outer;
};

/* What is too long already is refused where it is used: it need not grow. */
static struct str both(struct arena *arena, struct str a, const char *sign,
		       struct str b)
{
	if (a.len > CONDITION_MAX)
		return a;
	return arena_fmt(arena, STR_FMT "%s%s(" STR_FMT ")", STR_ARG(a),
			 a.len > 0 ? " and " : "", sign, STR_ARG(b));
}

static void stand(struct branch *branch, bool inverse)
{
	const struct open_branch *open = branch->open;

	branch->here = both(branch->letter->arena, open->around,
			    inverse ? "not " : "", open->test);
}

void branch_enter(struct branch *branch, struct str source)
{
	struct open_branch *open = arena_new_of(branch->letter->arena,
						struct open_branch);

	open->around = branch->here;
	open->outer = branch->open;
	open->inverse = field_mark(source, &open->test) == MARK_UNLESS;
	branch->open = open;
	stand(branch, open->inverse);
}

void branch_turn(struct branch *branch)
{
	if (branch->open)
		stand(branch, !branch->open->inverse);
}

void branch_leave(struct branch *branch)
{
	if (!branch->open)
		return;
	branch->here = branch->open->around;
	branch->open = branch->open->outer;
}

static struct str source_of(const struct letter *letter, int field)
{
	const struct blocks *blocks = letter->blocks;

	if ((size_t)field >= blocks->field_count)
		return STR_NONE;
	return blocks_str(blocks, blocks->fields[field].source);
}

bool branch_field(struct branch *branch, int field)
{
	struct str source = source_of(branch->letter, field);
	struct str test;

	switch (field_mark(source, &test)) {
	case MARK_NONE:
		return false;
	case MARK_IF:
	case MARK_UNLESS:
		branch_enter(branch, source);
		break;
	case MARK_ELSE:
		branch_turn(branch);
		break;
	case MARK_END:
		branch_leave(branch);
		break;
	}
	return true;
}

/* --- presence ------------------------------------------------------------- */

struct alternative {
	struct str test;
	struct alternative *next;
};

void presence_add(struct presence *presence, struct str here,
		  struct arena *arena)
{
	struct alternative *added;

	presence->all |= here.len == 0;
	if (presence->all || presence->over)
		return;
	for (const struct alternative *a = presence->first; a; a = a->next)
		if (str_eq(a->test, here))
			return;
	presence->over = presence->test.len + here.len > CONDITION_MAX;
	if (presence->over)
		return;
	added = arena_new_of(arena, struct alternative);
	*added = (struct alternative){ here, presence->first };
	presence->first = added;
	presence->test = arena_fmt(
		arena, STR_FMT "%s" STR_FMT, STR_ARG(presence->test),
		presence->test.len > 0 ? " or " : "", STR_ARG(here));
}

/* What cannot be read says what is wrong when it is written. */
static void add_field(struct branch *branch, int field, struct presence *to)
{
	struct letter *letter = branch->letter;
	struct scope scope = { letter->known, NULL };
	struct field_source from = { .scope = &scope,
				     .fields = letter->fields,
				     .arena = letter->arena };
	struct err ignored = ERR_INIT;
	struct field_expr expr;
	struct str here = branch->here;

	if (field_parse(source_of(letter, field), &from, &expr, &ignored) < 0)
		return;
	if (str_trim(expr.standard).len == 0)
		here = both(letter->arena, here, "", expr.name);
	presence_add(to, here, letter->arena);
}

static void add_text(struct branch *branch, struct str text,
		     struct presence *to)
{
	struct str plain;
	int field;

	while (blocks_piece(&text, &plain, &field)) {
		if (field >= 0 && !branch_field(branch, field))
			add_field(branch, field, to);
		else if (str_trim(plain).len > 0)
			presence_add(to, branch->here, branch->letter->arena);
	}
}

static void add_words(struct branch *branch, const struct block *parent,
		      struct presence *to)
{
	const struct blocks *blocks = branch->letter->blocks;
	const struct block *child = blocks_first(blocks, parent);
	struct branch around = *branch;

	for (; child && !to->all; child = blocks_next(blocks, child)) {
		if (child->kind == BLOCK_TEXT)
			add_text(branch, blocks_str(blocks, child->text), to);
		else if (child->kind == BLOCK_CODESPAN ||
			 child->kind == BLOCK_IMAGE ||
			 child->kind == BLOCK_NOTE_REF)
			presence_add(to, branch->here, branch->letter->arena);
		else
			add_words(branch, child, to);
	}
	*branch = around;
}

struct presence presence_of(struct letter *letter, const struct block *parent)
{
	struct branch branch = { .letter = letter };
	struct presence presence = { .all = false };

	add_words(&branch, parent, &presence);
	return presence;
}

/* --- who gets it ---------------------------------------------------------- */

static int open_test(struct letter *letter, struct str source,
		     const char *place, struct draft *draft, struct err *err)
{
	return template_field(source, place, letter->known, letter->fields,
			      SLOT_HTML, letter->arena, draft, err);
}

static struct str as_source(struct letter *letter,
			    const struct presence *presence)
{
	return arena_fmt(letter->arena, "#if " STR_FMT,
			 STR_ARG(presence->test));
}

/* -1 when it cannot be read. */
static int ask(struct letter *letter, struct str source,
	       enum audience *audience_out)
{
	struct draft *draft = draft_new(letter->arena);
	struct err ignored = ERR_INIT;

	if (open_test(letter, source, "", draft, &ignored) < 0)
		return -1;
	draft_text(draft, STR("1"));
	draft_end(draft);
	if (draft_has_slots(draft))
		*audience_out = FOR_SOME;
	else if (draft_plain(draft, letter->arena).len > 0)
		*audience_out = FOR_ALL;
	else
		*audience_out = FOR_NOBODY;
	return 0;
}

enum audience branch_audience(struct letter *letter, struct str source)
{
	enum audience audience = FOR_SOME;

	ask(letter, source, &audience);
	return audience;
}

enum audience presence_audience(struct letter *letter,
				const struct presence *presence)
{
	enum audience audience = FOR_ALL;

	if (presence->all || presence->over)
		return FOR_ALL;
	if (presence->test.len == 0)
		return FOR_NOBODY;
	ask(letter, as_source(letter, presence), &audience);
	return audience;
}

void pen_presence(struct pen *pen, const struct presence *presence,
		  uint32_t line)
{
	struct letter *letter = pen->letter;
	const char *place = letter_place(letter, line);

	if (letter->failed)
		return;
	pen_flush(pen);
	if (!presence->over && open_test(letter, as_source(letter, presence),
					 place, pen->draft, letter->err) == 0)
		return;
	if (presence->over) {
		err_set(letter->err, ERR_INPUT,
			"it is there under more conditions than one can hold");
		err_place(letter->err, "%s", place);
	}
	letter_fail(letter);
}
