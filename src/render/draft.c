/* draft.c - a template's output before it is encoded: see render/template.h */
#include "base/buf.h"
#include "base/die.h"
#include "condition_priv.h"
#include "program_priv.h"
#include "render/template.h"
#include "render/wrap.h"
#include "slot_priv.h"

enum piece_kind {
	PIECE_TEXT,
	PIECE_SLOT,
	PIECE_IF,
	PIECE_ELSE,
	PIECE_WRAP,
	PIECE_END
};

struct piece {
	enum piece_kind kind;
	struct str text; /* TEXT; a slot's default; IF's condition; WRAP's
			    first line */
	struct str rest; /* SLOT's filters; WRAP's other lines */
	enum field field;
	enum slot_context context;
	struct piece *begin;  /* of ELSE and END: the IF or WRAP */
	struct piece *other;  /* of IF: its ELSE or NULL */
	struct piece *end;    /* of IF and WRAP */
	struct piece *around; /* of IF and WRAP: what they began in */
	struct piece *next;
};

struct draft {
	struct arena *arena;
	struct piece *first, *last;
	struct piece *open; /* the innermost IF or WRAP without its end */
	size_t size;	    /* see draft_size() */
};

/* A piece takes memory however little it says. */
#define PIECE_LEAST 32

struct draft *draft_new(struct arena *arena)
{
	struct draft *draft = arena_new_of(arena, struct draft);

	draft->arena = arena;
	return draft;
}

static void match(struct draft *draft, struct piece *piece)
{
	switch (piece->kind) {
	case PIECE_TEXT:
	case PIECE_SLOT:
		break;
	case PIECE_IF:
	case PIECE_WRAP:
		piece->around = draft->open;
		draft->open = piece;
		break;
	case PIECE_ELSE:
		piece->begin = draft->open;
		draft->open->other = piece;
		break;
	case PIECE_END:
		piece->begin = draft->open;
		draft->open->end = piece;
		draft->open = draft->open->around;
		break;
	}
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
	match(draft, piece);
	return piece;
}

static void weigh(struct draft *draft, const struct piece *piece)
{
	size_t bytes = piece->text.len + piece->rest.len;

	draft->size += bytes > PIECE_LEAST ? bytes : PIECE_LEAST;
}

size_t draft_size(const struct draft *draft)
{
	return draft->size;
}

void draft_text(struct draft *draft, struct str text)
{
	struct piece *piece;

	if (text.len == 0)
		return;
	piece = append(draft, PIECE_TEXT);
	piece->text = arena_dup(draft->arena, text);
	weigh(draft, piece);
}

void draft_slot(struct draft *draft, enum field field,
		enum slot_context context, struct str filters,
		struct str standard)
{
	struct piece *piece = append(draft, PIECE_SLOT);

	piece->field = field;
	piece->context = context;
	piece->rest = arena_dup(draft->arena, filters);
	piece->text = arena_dup(draft->arena, standard);
	weigh(draft, piece);
}

void draft_if(struct draft *draft, struct str test)
{
	struct piece *piece = append(draft, PIECE_IF);

	piece->text = arena_dup(draft->arena, test);
	weigh(draft, piece);
}

bool draft_in_if(const struct draft *draft)
{
	return draft->open && draft->open->kind == PIECE_IF;
}

int draft_depth(const struct draft *draft)
{
	int depth = 0;

	for (const struct piece *p = draft->open; p; p = p->around)
		depth++;
	return depth;
}

bool draft_may_else(const struct draft *draft)
{
	return draft_in_if(draft) && !draft->open->other;
}

struct arena *draft_arena(const struct draft *draft)
{
	return draft->arena;
}

void draft_else(struct draft *draft)
{
	if (!draft_may_else(draft))
		die("a draft has an else without an if");
	append(draft, PIECE_ELSE);
}

void draft_wrap(struct draft *draft, struct str first, struct str rest)
{
	struct piece *piece = append(draft, PIECE_WRAP);

	piece->text = arena_dup(draft->arena, first);
	piece->rest = arena_dup(draft->arena, rest);
}

void draft_end(struct draft *draft)
{
	if (!draft->open)
		die("a draft ends what it never began");
	append(draft, PIECE_END);
}

static void append_copy(struct draft *draft, const struct piece *piece)
{
	struct piece *copy = append(draft, piece->kind);

	copy->text = piece->text;
	copy->rest = piece->rest;
	copy->field = piece->field;
	copy->context = piece->context;
	weigh(draft, copy);
}

void draft_append(struct draft *draft, const struct draft *other)
{
	for (const struct piece *p = other->first; p; p = p->next)
		append_copy(draft, p);
}

/* --- what is left out ----------------------------------------------------- */

/* A walk over what some reader gets, or, `alone`, what one gets of whom
 * nothing is known. */
struct walk {
	const struct piece *next;
	bool alone;
};

static bool is_decided(const struct walk *walk, const struct piece *piece)
{
	return piece && piece->kind == PIECE_IF &&
	       (walk->alone || condition_is_decided(piece->text));
}

/* Behind `piece`, when it belongs to a condition that is decided. */
static bool passed(struct walk *walk, const struct piece *piece)
{
	const struct piece *to;

	if (is_decided(walk, piece)) {
		to = piece->other ? piece->other : piece->end;
		if (condition_holds(piece->text, NULL))
			to = piece;
	} else if (is_decided(walk, piece->begin)) {
		to = piece->begin->end;
	} else {
		return false;
	}
	walk->next = to ? to->next : NULL;
	return true;
}

static const struct piece *step(struct walk *walk)
{
	const struct piece *piece = walk->next;

	while (piece && passed(walk, piece))
		piece = walk->next;
	if (piece)
		walk->next = piece->next;
	return piece;
}

/* --- out of it ------------------------------------------------------------ */

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
		program_slot(builder, piece->field, piece->context, piece->rest,
			     piece->text);
		break;
	case PIECE_IF:
		program_if(builder, piece->text);
		break;
	case PIECE_ELSE:
		program_else(builder);
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
	struct walk walk = { draft->first, false };
	const struct piece *p;
	bool fits = true;
	struct buf text;

	buf_init(&text, PROGRAM_MAX);
	while ((p = step(&walk))) {
		if (p->kind == PIECE_TEXT) {
			buf_add(&text, p->text);
			continue;
		}
		fits = flush(&text, builder) && fits;
		build_piece(p, builder);
	}
	fits = flush(&text, builder) && fits;
	/* An article's tags are balanced; what is not is no reason to die. */
	for (p = draft->open; p; p = p->around)
		if (!is_decided(&walk, p))
			program_end(builder);
	buf_done(&text);
	return fits;
}

bool draft_has_slots(const struct draft *draft)
{
	struct walk walk = { draft->first, false };
	const struct piece *p;

	while ((p = step(&walk)))
		if (p->kind == PIECE_SLOT || p->kind == PIECE_IF)
			return true;
	return false;
}

/* From *at to the end of the branch, where *at then stands. */
static bool gives_all(const struct piece **at)
{
	bool gives = false;

	while (*at && (*at)->kind != PIECE_ELSE && (*at)->kind != PIECE_END) {
		const struct piece *p = *at;
		bool first, second = false;

		*at = p->next;
		if (p->kind == PIECE_TEXT || p->kind == PIECE_SLOT)
			gives |= str_trim(p->text).len > 0;
		if (p->kind != PIECE_IF && p->kind != PIECE_WRAP)
			continue;
		first = gives_all(at);
		if (*at && (*at)->kind == PIECE_ELSE) {
			*at = (*at)->next;
			second = gives_all(at);
		}
		if (p->kind == PIECE_IF && condition_is_decided(p->text))
			gives |= condition_holds(p->text, NULL) ? first
								: second;
		else
			gives |= first && (second || p->kind == PIECE_WRAP);
		*at = *at ? (*at)->next : NULL;
	}
	return gives;
}

bool draft_gives_all(const struct draft *draft)
{
	const struct piece *at = draft->first;

	return gives_all(&at);
}

static void write_slot(const struct piece *piece, struct arena *arena,
		       struct buf *out)
{
	struct slot slot = { piece->field, piece->context, piece->rest };

	slot_write(&slot, STR_NONE, piece->text, arena, out);
}

void draft_write(const struct draft *draft, struct buf *out)
{
	struct walk walk = { draft->first, true };
	struct buf lines; /* of a WRAP, which holds no other */
	struct buf *to = out;
	const struct piece *p;

	buf_init(&lines, PROGRAM_MAX);
	while ((p = step(&walk))) {
		if (p->kind == PIECE_SLOT)
			write_slot(p, draft->arena, to);
		else if (p->kind == PIECE_TEXT)
			buf_add(to, p->text);
		else if (p->kind == PIECE_WRAP)
			to = &lines;
		if (p->kind != PIECE_END || p->begin->kind != PIECE_WRAP)
			continue;
		wrap_text(buf_str(&lines), p->begin->text, p->begin->rest, out);
		out->over |= buf_over(&lines);
		buf_reset(&lines);
		to = out;
	}
	buf_done(&lines);
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

/* --- lines ---------------------------------------------------------------- */

/* What a line begins with is one text, from however many it was made. */
static void add_to_line(struct draft *line, struct str text)
{
	struct piece *last = line->last;

	if (last && last->kind == PIECE_TEXT)
		last->text = arena_fmt(line->arena, STR_FMT STR_FMT,
				       STR_ARG(last->text), STR_ARG(text));
	else
		draft_text(line, text);
}

static bool is_one_line(const struct piece *begin)
{
	for (const struct piece *p = begin; p && p != begin->end; p = p->next)
		if (p->kind == PIECE_WRAP ||
		    (p->kind == PIECE_TEXT && str_find(p->text, '\n') >= 0))
			return false;
	return true;
}

/* Does it begin, turn or end what goes over several lines? */
static bool is_between(const struct piece *piece)
{
	switch (piece->kind) {
	case PIECE_TEXT:
	case PIECE_SLOT:
		return false;
	case PIECE_IF:
	case PIECE_WRAP:
		return !is_one_line(piece);
	case PIECE_ELSE:
	case PIECE_END:
		break;
	}
	return !is_one_line(piece->begin);
}

bool draft_line(const struct draft *from, struct draft_at *at, struct draft *to,
		struct draft **line_out)
{
	struct draft *line = draft_new(from->arena);
	const struct piece *p = at->piece ? at->piece : from->first;

	*line_out = NULL;
	if (at->done || !p)
		return false;
	for (; p && !is_between(p); p = p->next, at->offset = 0) {
		struct str rest = str_skip(p->text, at->offset);
		ptrdiff_t end = str_find(rest, '\n');

		if (p->kind != PIECE_TEXT || rest.len > 0)
			*line_out = line;
		if (p->kind != PIECE_TEXT) {
			append_copy(line, p);
		} else if (end >= 0) {
			add_to_line(line, str_head(rest, (size_t)end));
			at->offset += (size_t)end + 1;
			at->piece = p;
			return true;
		} else {
			add_to_line(line, rest);
		}
	}
	/* All of a paragraph that is wrapped already goes at once. */
	for (bool more = p && !*line_out; more; p = p->next) {
		append_copy(to, p);
		more = to->open && to->open->kind == PIECE_WRAP;
	}
	at->piece = p;
	at->done = !p;
	return true;
}

bool draft_cut(struct draft *draft, struct str text, bool anywhere)
{
	for (struct piece *p = draft->first; p; p = p->next) {
		ptrdiff_t at = p->kind == PIECE_TEXT
				       ? str_find_str(p->text, text)
				       : -1;

		if (at == 0 || (at > 0 && anywhere)) {
			size_t end = (size_t)at + text.len;

			p->text = arena_fmt(draft->arena, STR_FMT STR_FMT,
					    (int)at, p->text.at,
					    STR_ARG(str_skip(p->text, end)));
			return true;
		}
		if (!anywhere)
			break;
	}
	return false;
}
