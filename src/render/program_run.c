/* program_run.c - one reader's part: literals copied, slots filled in */
#include <stdlib.h>

#include "base/die.h"
#include "mail/header.h"
#include "mail/qp.h"
#include "condition_priv.h"
#include "program_priv.h"
#include "render/wrap.h"
#include "slot_priv.h"

#define RAW_MAX ((size_t)1024 * 1024)

struct program_scratch {
	struct buf raw;	     /* what WRAP or HEAD collects */
	struct buf value;    /* one slot, escaped */
	struct buf lines;    /* a paragraph, wrapped */
	struct arena *arena; /* filters */
};

struct run {
	const struct program *program;
	const struct str *values;
	struct program_scratch *scratch;
	struct buf *out;
	bool raw;	/* inside WRAP or HEAD */
	bool over;	/* a paragraph or a value passed its ceiling */
	uint32_t begin; /* the op that began it */
};

struct program_scratch *program_scratch_new(void)
{
	struct program_scratch *s = die_calloc(1, sizeof(*s), "a letter");

	buf_init(&s->raw, RAW_MAX);
	buf_init(&s->value, RAW_MAX);
	buf_init(&s->lines, 2 * RAW_MAX);
	s->arena = arena_new("a merge field", RAW_MAX);
	return s;
}

void program_scratch_free(struct program_scratch **scratch)
{
	if (!*scratch)
		return;
	buf_done(&(*scratch)->raw);
	buf_done(&(*scratch)->value);
	buf_done(&(*scratch)->lines);
	arena_free(&(*scratch)->arena);
	free(*scratch);
	*scratch = NULL;
}

/* --- ops ------------------------------------------------------------------ */

static void emit(struct run *run, struct str encoded, struct str plain)
{
	struct qp qp = { 0 };

	if (run->raw) {
		buf_add(&run->scratch->raw, plain);
		run->over |= buf_over(&run->scratch->raw);
	} else if (encoded.at) {
		buf_add(run->out, encoded);
	} else {
		qp_piece(run->out, &qp, plain);
		qp_soft(run->out, &qp);
	}
}

static struct str text_at(const struct run *run, uint32_t at, uint32_t len)
{
	return str_at(run->program->bytes.at + at, len);
}

static void run_slot(struct run *run, const struct op *op)
{
	struct slot slot = { (enum field)op->field,
			     (enum slot_context)op->context,
			     text_at(run, op->b_at, op->b_len) };
	struct program_scratch *s = run->scratch;
	struct str value;

	buf_reset(&s->value);
	arena_reset(s->arena);
	slot_write(&slot, run->values[op->field],
		   text_at(run, op->a_at, op->a_len), s->arena, &s->value);
	run->over |= buf_over(&s->value);
	value = buf_str(&s->value);
	if (slot.context == SLOT_HEADER)
		emit(run, value, value);
	else
		emit(run, (struct str){ NULL, 0 }, value);
}

static void end_wrap(struct run *run)
{
	const struct op *op = &run->program->ops[run->begin];
	struct program_scratch *s = run->scratch;

	buf_reset(&s->lines);
	wrap_text(buf_str(&s->raw), text_at(run, op->a_at, op->a_len),
		  text_at(run, op->b_at, op->b_len), &s->lines);
	run->over |= buf_over(&s->lines);
	run->raw = false;
	emit(run, (struct str){ NULL, 0 }, buf_str(&s->lines));
}

static int end_head(struct run *run, struct err *err)
{
	const struct op *op = &run->program->ops[run->begin];

	run->raw = false;
	return header_text(run->out, run->program->bytes.at + op->a_at,
			   buf_str(&run->scratch->raw), err);
}

/* The index of the next op, or -1. */
static int64_t run_op(struct run *run, uint32_t index, struct err *err)
{
	const struct op *op = &run->program->ops[index];
	struct str bytes = text_at(run, op->a_at, op->a_len);

	switch ((enum op_kind)op->kind) {
	case OP_LIT:
		emit(run, bytes, bytes);
		break;
	case OP_SLOT:
		run_slot(run, op);
		break;
	case OP_IF:
		if (!condition_holds(bytes, run->values))
			return op->jump;
		break;
	case OP_ELSE:
		return op->jump;
	case OP_WRAP:
	case OP_HEAD:
		buf_reset(&run->scratch->raw);
		run->raw = true;
		run->begin = index;
		break;
	case OP_END_WRAP:
		end_wrap(run);
		break;
	case OP_END_HEAD:
		if (end_head(run, err) < 0)
			return -1;
		break;
	case OP_END_IF:
	case OP_COUNT:
		break;
	}
	return (int64_t)index + 1;
}

int program_run(const struct program *program, const struct str *values,
		struct program_scratch *scratch, struct buf *out,
		struct err *err)
{
	struct run run = { .program = program,
			   .values = values,
			   .scratch = scratch,
			   .out = out };
	int64_t at = 0;

	while (at >= 0 && at < program->count && !run.over && !buf_over(out))
		at = run_op(&run, (uint32_t)at, err);
	if (at < 0)
		return -1;
	if (run.over || buf_over(out)) {
		err_set(err, ERR_INPUT, "%s would be larger than %zu bytes",
			run.over ? "a paragraph" : "the letter",
			run.over ? RAW_MAX : out->ceiling);
		return err_hint(err, "mail programs cut letters off far "
				     "below that: make it shorter");
	}
	return 0;
}
