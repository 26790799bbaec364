/* draft.c - a template's output before it is encoded: see render/template.h */
#include "base/buf.h"
#include "program_priv.h"
#include "render/template.h"
#include "slot_priv.h"

enum piece_kind { PIECE_TEXT, PIECE_SLOT, PIECE_IF, PIECE_WRAP, PIECE_END };

struct piece {
	enum piece_kind kind;
	struct str text; /* TEXT; a slot's default; WRAP's first line */
	struct str rest; /* WRAP's other lines */
	enum field field;
	enum slot_context context;
	enum slot_filter filter;
	bool present; /* IF: the field must be there */
	struct piece *next;
};

struct draft {
	struct arena *arena;
	struct piece *first, *last;
};

struct draft *draft_new(struct arena *arena)
{
	struct draft *draft = arena_new_of(arena, struct draft);

	draft->arena = arena;
	return draft;
}

static struct piece *append(struct draft *draft, enum piece_kind kind)
{
	struct piece *piece = arena_new_of(draft->arena, struct piece);

	piece->kind = kind;
	if (draft->last)
		draft->last->next = piece;
	else
		draft->first = piece;
	draft->last = piece;
	return piece;
}

void draft_text(struct draft *draft, struct str text)
{
	if (text.len > 0)
		append(draft, PIECE_TEXT)->text = arena_dup(draft->arena, text);
}

void draft_slot(struct draft *draft, enum field field,
		enum slot_context context, enum slot_filter filter,
		struct str standard)
{
	struct piece *piece = append(draft, PIECE_SLOT);

	piece->field = field;
	piece->context = context;
	piece->filter = filter;
	piece->text = arena_dup(draft->arena, standard);
}

void draft_if(struct draft *draft, enum field field, bool present)
{
	struct piece *piece = append(draft, PIECE_IF);

	piece->field = field;
	piece->present = present;
}

void draft_wrap(struct draft *draft, struct str first, struct str rest)
{
	struct piece *piece = append(draft, PIECE_WRAP);

	piece->text = arena_dup(draft->arena, first);
	piece->rest = arena_dup(draft->arena, rest);
}

void draft_end(struct draft *draft)
{
	append(draft, PIECE_END);
}

void draft_append(struct draft *draft, const struct draft *other)
{
	for (const struct piece *p = other->first; p; p = p->next) {
		struct piece *copy = append(draft, p->kind);
		struct piece *behind = copy->next;

		*copy = *p;
		copy->next = behind;
	}
}

/* What stands between two slots is encoded as one literal: the fewer seams,
 * the fewer soft line breaks. False when it is more than a program holds. */
static bool flush(struct buf *text, struct program_builder *builder)
{
	bool fits = !buf_over(text);

	if (text->len > 0)
		program_literal(builder, buf_str(text));
	buf_reset(text);
	return fits;
}

static void build_piece(const struct piece *piece,
			struct program_builder *builder)
{
	switch (piece->kind) {
	case PIECE_TEXT:
		break;
	case PIECE_SLOT:
		program_slot(builder, piece->field, piece->context,
			     piece->filter, piece->text);
		break;
	case PIECE_IF:
		program_if(builder, piece->field, piece->present);
		break;
	case PIECE_WRAP:
		program_wrap(builder, piece->text, piece->rest);
		break;
	case PIECE_END:
		program_end(builder);
		break;
	}
}

bool draft_build(const struct draft *draft, struct program_builder *builder)
{
	bool fits = true;
	struct buf text;

	buf_init(&text, PROGRAM_MAX);
	for (const struct piece *p = draft->first; p; p = p->next) {
		if (p->kind == PIECE_TEXT) {
			buf_add(&text, p->text);
			continue;
		}
		fits = flush(&text, builder) && fits;
		build_piece(p, builder);
	}
	fits = flush(&text, builder) && fits;
	buf_done(&text);
	return fits;
}

bool draft_has_slots(const struct draft *draft)
{
	for (const struct piece *p = draft->first; p; p = p->next)
		if (p->kind == PIECE_SLOT || p->kind == PIECE_IF)
			return true;
	return false;
}

static void write_slot(const struct piece *piece, struct arena *arena,
		       struct buf *out)
{
	struct slot slot = { piece->field, piece->context, piece->filter };

	slot_write(&slot, STR_NONE, piece->text, arena, out);
}

void draft_write(const struct draft *draft, struct buf *out)
{
	int skipped = 0;

	for (const struct piece *p = draft->first; p; p = p->next) {
		bool opens = p->kind == PIECE_IF || p->kind == PIECE_WRAP;
		bool closed = p->kind == PIECE_IF && p->present;

		if (opens && (skipped > 0 || closed))
			skipped++;
		else if (p->kind == PIECE_END && skipped > 0)
			skipped--;
		else if (skipped == 0 && p->kind == PIECE_SLOT)
			write_slot(p, draft->arena, out);
		else if (skipped == 0)
			buf_add(out, p->text);
	}
}

struct str draft_plain(const struct draft *draft, struct arena *arena)
{
	struct str result;
	struct buf out;

	buf_init(&out, PROGRAM_MAX);
	draft_write(draft, &out);
	result = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return result;
}
