/* program_open.c - a blob is checked once, number by number */
#include "condition_priv.h"
#include "filter_priv.h"
#include "program_priv.h"

static bool range_ok(const struct program *p, uint32_t at, uint32_t len)
{
	return at <= p->bytes.len && len <= p->bytes.len - at;
}

static bool op_ok(const struct program *p, uint32_t index)
{
	const struct op *op = &p->ops[index];
	struct str a, b;

	if (op->kind >= OP_COUNT || !range_ok(p, op->a_at, op->a_len) ||
	    !range_ok(p, op->b_at, op->b_len))
		return false;
	a = str_at(p->bytes.at + op->a_at, op->a_len);
	b = str_at(p->bytes.at + op->b_at, op->b_len);
	if (op->kind == OP_SLOT)
		return op->field < FIELD_MAX && op->context <= SLOT_HEADER &&
		       a.len <= PROGRAM_DEFAULT_MAX && filter_ok(b);
	if (op->kind == OP_WRAP)
		return a.len <= PROGRAM_LEAD_MAX && b.len <= PROGRAM_LEAD_MAX;
	if (op->kind == OP_IF)
		return condition_ok(a);
	if (op->kind == OP_HEAD)
		return a.len >= 2 && a.at[a.len - 1] == 0;
	return true;
}

static uint64_t fields_of(const struct program *p, const struct op *op)
{
	if (op->kind == OP_SLOT)
		return UINT64_C(1) << op->field;
	if (op->kind == OP_IF)
		return condition_fields(
			str_at(p->bytes.at + op->a_at, op->a_len));
	return 0;
}

/* Each op has bytes of its own, so no run reads more than the blob holds; and
 * the head says what the ops ask for. */
static bool sums_ok(const struct program *p)
{
	uint64_t read = 0;
	uint64_t fields = 0;

	for (uint32_t i = 0; i < p->count; i++) {
		read += (uint64_t)p->ops[i].a_len + p->ops[i].b_len;
		fields |= fields_of(p, &p->ops[i]);
	}
	return read <= p->bytes.len && fields == p->fields;
}

struct open { /* ops that have begun and not ended */
	uint32_t at[PROGRAM_NESTING_MAX];
	int depth, raw;
};

static bool is_raw(const struct op *op)
{
	return op->kind == OP_WRAP || op->kind == OP_HEAD;
}

static bool begin_ok(struct open *open, const struct op *op, uint32_t index)
{
	open->raw += is_raw(op);
	if (open->depth == PROGRAM_NESTING_MAX || open->raw > 1)
		return false;
	open->at[open->depth++] = index;
	return true;
}

/* The innermost begin is one that `op` may end, or go on as its ELSE. */
static bool end_ok(const struct program *p, struct open *open, uint32_t index)
{
	uint8_t kind = p->ops[index].kind;
	const struct op *begin;
	bool suits;

	if (open->depth == 0)
		return false;
	begin = &p->ops[open->at[open->depth - 1]];
	if (kind == OP_END_IF)
		suits = begin->kind == OP_IF || begin->kind == OP_ELSE;
	else if (kind == OP_ELSE)
		suits = begin->kind == OP_IF;
	else
		suits = begin->kind ==
			(kind == OP_END_WRAP ? OP_WRAP : OP_HEAD);
	if (!suits || begin->jump != index + 1)
		return false;
	open->raw -= is_raw(begin);
	if (kind == OP_ELSE)
		open->at[open->depth - 1] = index;
	else
		open->depth--;
	return true;
}

/* Every begin has its end where its jump says, properly nested; WRAP and HEAD
 * do not nest. */
static bool nesting_ok(const struct program *p)
{
	struct open open = { .depth = 0 };

	for (uint32_t i = 0; i < p->count; i++) {
		const struct op *op = &p->ops[i];
		bool ok = true;

		if (op->kind == OP_IF || is_raw(op))
			ok = begin_ok(&open, op, i);
		else if (op->kind != OP_LIT && op->kind != OP_SLOT)
			ok = end_ok(p, &open, i);
		if (!ok)
			return false;
	}
	return open.depth == 0;
}

static int of_another_version(struct err *err)
{
	err_set(err, ERR_DB, "a merge program of another version of tidings");
	return err_hint(err, "what was frozen by one version is sent by the "
			     "same one");
}

int program_open(struct str blob, struct arena *arena,
		 const struct program **program_out, struct err *err)
{
	struct program *p = arena_new_of(arena, struct program);
	struct program_head head;
	struct op *ops;
	uint64_t size;

	if (blob.len < sizeof(head))
		goto bad;
	memcpy(&head, blob.at, sizeof(head));
	size = (uint64_t)head.ops * sizeof(struct op);
	if (head.magic == PROGRAM_MAGIC && head.version != PROGRAM_VERSION)
		return of_another_version(err);
	if (head.magic != PROGRAM_MAGIC || head.part > PART_TEXT ||
	    head.ops > PROGRAM_OPS_MAX ||
	    sizeof(head) + size + head.bytes != blob.len)
		goto bad;
	ops = arena_many(arena, struct op, head.ops);
	if (size > 0)
		memcpy(ops, blob.at + sizeof(head), (size_t)size);
	p->part = (enum program_part)head.part;
	p->ops = ops;
	p->count = head.ops;
	p->bytes = str_skip(blob, sizeof(head) + (size_t)size);
	p->fields = head.fields;
	for (uint32_t i = 0; i < p->count; i++)
		if (!op_ok(p, i))
			goto bad;
	if (!sums_ok(p) || !nesting_ok(p))
		goto bad;
	*program_out = p;
	return 0;
bad:
	return err_set(err, ERR_DB, "a merge program is damaged");
}

uint64_t program_fields(const struct program *program)
{
	return program->fields;
}
