/* program_open.c - a blob is checked once, number by number */
#include "program_priv.h"

static bool range_ok(const struct program *p, uint32_t at, uint32_t len)
{
	return at <= p->bytes.len && len <= p->bytes.len - at;
}

static bool op_ok(const struct program *p, uint32_t index)
{
	const struct op *op = &p->ops[index];

	if (op->kind >= OP_COUNT || !range_ok(p, op->a_at, op->a_len) ||
	    !range_ok(p, op->b_at, op->b_len))
		return false;
	if ((op->kind == OP_SLOT || op->kind == OP_IF) &&
	    (op->field >= FIELD_MAX || op->context > SLOT_HEADER ||
	     op->filter > FILTER_TITLE))
		return false;
	if (op->kind == OP_HEAD &&
	    (op->a_len < 2 || p->bytes.at[op->a_at + op->a_len - 1] != 0))
		return false;
	return true;
}

/* Every begin has its end where its jump says, properly nested; WRAP and HEAD
 * do not nest. */
static bool nesting_ok(const struct program *p)
{
	static const uint8_t begins[OP_COUNT] = { [OP_END_IF] = OP_IF,
						  [OP_END_WRAP] = OP_WRAP,
						  [OP_END_HEAD] = OP_HEAD };
	uint32_t open[PROGRAM_NESTING_MAX];
	int depth = 0, raw = 0;

	for (uint32_t i = 0; i < p->count; i++) {
		const struct op *op = &p->ops[i];
		const struct op *begin;

		if (op->kind == OP_IF || op->kind == OP_WRAP ||
		    op->kind == OP_HEAD) {
			raw += op->kind != OP_IF;
			if (depth == PROGRAM_NESTING_MAX || raw > 1)
				return false;
			open[depth++] = i;
		}
		if (begins[op->kind] == OP_LIT)
			continue;
		if (depth == 0)
			return false;
		begin = &p->ops[open[--depth]];
		if (begin->kind != begins[op->kind] || begin->jump != i + 1)
			return false;
		raw -= begin->kind != OP_IF;
	}
	return depth == 0;
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
	if (head.magic != PROGRAM_MAGIC || head.version != PROGRAM_VERSION ||
	    head.part > PART_TEXT || head.ops > PROGRAM_OPS_MAX ||
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
	if (!nesting_ok(p))
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
