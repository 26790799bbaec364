/* notes.c - for which readers each footnote is there
 *
 * A note is for those who get a mark that leads to it: what is told below the
 * letter of a part that only some read would else be told to everybody.
 */
#include "presence_priv.h"

struct notes {
	struct branch branch;
	const struct blocks *blocks;
	const struct block **block; /* by number */
	struct presence *of;	    /* by number */
	struct presence any;
	int max;
	int *open, *some; /* for all; for some: numbers in order, each once */
	int open_count, some_count;
};

static void look(struct notes *notes, const struct block *parent);

/* --- one mark ------------------------------------------------------------- */

static void meet(struct notes *notes, int number)
{
	struct arena *arena = notes->branch.letter->arena;
	struct presence *of;
	bool all;
	bool met;

	if (number <= 0 || number > notes->max || !notes->block[number])
		return;
	of = &notes->of[number];
	all = of->all;
	met = all || of->over || of->first;
	presence_add(of, notes->branch.here, arena);
	presence_add(&notes->any, notes->branch.here, arena);
	if (of->all && !all)
		notes->open[notes->open_count++] = number;
	else if (!met)
		notes->some[notes->some_count++] = number;
}

/* --- the walk ------------------------------------------------------------- */

static void look_at_text(struct notes *notes, struct str text)
{
	struct str plain;
	int field;

	while (blocks_piece(&text, &plain, &field))
		if (field >= 0)
			branch_field(&notes->branch, field);
}

static void look_at_branches(struct notes *notes, const struct block *block)
{
	const struct blocks *blocks = notes->blocks;
	const struct block *child = blocks_first(blocks, block);
	const struct block_field *field;

	if ((size_t)block->number >= blocks->field_count)
		return;
	field = &blocks->fields[block->number];
	branch_enter(&notes->branch, blocks_str(blocks, field->source));
	look(notes, block);
	while (child && child->kind != BLOCK_ELSE)
		child = blocks_next(blocks, child);
	branch_turn(&notes->branch);
	if (child)
		look(notes, child);
	branch_leave(&notes->branch);
}

static void look_at(struct notes *notes, const struct block *block)
{
	unsigned other = notes->branch.letter->web ? BLOCK_MAIL : BLOCK_WEB;

	if (block->kind == BLOCK_NOTE || block->kind == BLOCK_ELSE)
		return; /* in their own time */
	if (block->kind == BLOCK_ONLY && block->flags & other)
		return;
	if (block->kind == BLOCK_NOTE_REF)
		meet(notes, block->number);
	else if (block->kind == BLOCK_TEXT)
		look_at_text(notes, blocks_str(notes->blocks, block->text));
	else if (block->kind == BLOCK_IF)
		look_at_branches(notes, block);
	else
		look(notes, block);
}

/* Tags of a condition within a line are balanced among one parent's. */
static void look(struct notes *notes, const struct block *parent)
{
	const struct block *child = blocks_first(notes->blocks, parent);
	struct branch around = notes->branch;

	for (; child; child = blocks_next(notes->blocks, child))
		look_at(notes, child);
	notes->branch = around;
}

/* Notes may lead to notes in turn. Those for everybody come first, so that
 * what they lead to is known when those for some are looked at. */
static void look_at_notes(struct notes *notes)
{
	struct arena *arena = notes->branch.letter->arena;

	for (int i = 0; i < notes->open_count; i++)
		look(notes, notes->block[notes->open[i]]);
	for (int i = 0; i < notes->some_count; i++) {
		const struct presence *of = &notes->of[notes->some[i]];

		if (of->all || of->over)
			continue;
		notes->branch.here = arena_fmt(arena, "(" STR_FMT ")",
					       STR_ARG(of->test));
		look(notes, notes->block[notes->some[i]]);
	}
	notes->branch.here = STR_NONE;
}

/* --- all ------------------------------------------------------------------ */

static void gather(struct notes *notes)
{
	const struct blocks *blocks = notes->blocks;

	for (uint32_t i = 0; i < blocks->count; i++) {
		const struct block *block = &blocks->at[i];

		if (block->kind == BLOCK_NOTE && block->number > 0 &&
		    block->number <= notes->max)
			notes->block[block->number] = block;
	}
}

static struct notes *notes_of(struct letter *letter)
{
	const struct blocks *blocks = letter->blocks;
	struct arena *arena = letter->arena;
	struct notes *notes = letter->notes;
	size_t room = 1;

	if (notes)
		return notes;
	letter->notes = notes = arena_new_of(arena, struct notes);
	notes->branch.letter = letter;
	notes->blocks = blocks;
	for (uint32_t i = 0; i < blocks->count; i++)
		room += blocks->at[i].kind == BLOCK_NOTE;
	notes->max = (int)room - 1;
	notes->block = arena_many(arena, const struct block *, room);
	notes->of = arena_many(arena, struct presence, room);
	notes->open = arena_many(arena, int, room);
	notes->some = arena_many(arena, int, room);
	gather(notes);
	look(notes, blocks->at);
	look_at_notes(notes);
	return notes;
}

const struct presence *note_presence(struct letter *letter, int number)
{
	struct notes *notes = notes_of(letter);
	const struct presence *of;

	if (number <= 0 || number > notes->max)
		return NULL;
	of = &notes->of[number];
	return of->all || of->over || of->first ? of : NULL;
}

const struct presence *notes_presence(struct letter *letter)
{
	return &notes_of(letter)->any;
}
