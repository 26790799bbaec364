/* program_build.c - literals and slots put together into one blob */
#include <stdlib.h>

#include "base/buf.h"
#include "base/die.h"
#include "mail/qp.h"
#include "condition_priv.h"
#include "program_priv.h"

struct program_builder {
	enum program_part part;
	struct buf ops, bytes;
	uint64_t fields;
	uint32_t open[PROGRAM_NESTING_MAX]; /* ops not yet ended */
	int depth;
	int raw;   /* inside WRAP or HEAD */
	bool over; /* nests deeper, or a text is longer, than an op may;
		      ops and bytes know it themselves */
};

struct program_builder *program_new(enum program_part part)
{
	struct program_builder *b = die_calloc(1, sizeof(*b), "a program");

	b->part = part;
	buf_init(&b->ops, PROGRAM_OPS_MAX * sizeof(struct op));
	buf_init(&b->bytes, PROGRAM_MAX);
	return b;
}

void program_drop(struct program_builder **builder)
{
	if (!*builder)
		return;
	buf_done(&(*builder)->ops);
	buf_done(&(*builder)->bytes);
	free(*builder);
	*builder = NULL;
}

static bool is_over(const struct program_builder *b)
{
	return b->over || buf_over(&b->ops) || buf_over(&b->bytes);
}

static uint32_t count(const struct program_builder *b)
{
	return (uint32_t)(b->ops.len / sizeof(struct op));
}

static void add(struct program_builder *b, struct op op)
{
	buf_add(&b->ops, str_at((const char *)&op, sizeof(op)));
}

static uint32_t keep(struct program_builder *b, struct str bytes)
{
	uint32_t at = (uint32_t)b->bytes.len;

	buf_add(&b->bytes, bytes);
	return at;
}

/* Encoded so that it begins and ends at the start of a line: what stands
 * before and behind it never matters to it. */
static void keep_encoded(struct program_builder *b, struct str text)
{
	struct qp qp = { 0 };

	qp_piece(&b->bytes, &qp, text);
	qp_soft(&b->bytes, &qp);
}

void program_literal(struct program_builder *builder, struct str text)
{
	struct op op = { .kind = OP_LIT };

	op.a_at = (uint32_t)builder->bytes.len;
	if (builder->raw > 0 || builder->part == PART_HEADERS)
		keep(builder, text);
	else
		keep_encoded(builder, text);
	op.a_len = (uint32_t)builder->bytes.len - op.a_at;
	add(builder, op);
}

void program_slot(struct program_builder *builder, enum field field,
		  enum slot_context context, struct str filters,
		  struct str standard)
{
	struct op op = { .kind = OP_SLOT,
			 .field = (uint8_t)field,
			 .context = (uint8_t)context };

	builder->over |= standard.len > PROGRAM_DEFAULT_MAX;
	op.a_at = keep(builder, standard);
	op.a_len = (uint32_t)standard.len;
	op.b_at = keep(builder, filters);
	op.b_len = (uint32_t)filters.len;
	builder->fields |= UINT64_C(1) << field;
	add(builder, op);
}

static void open(struct program_builder *b, struct op op)
{
	if (b->depth < PROGRAM_NESTING_MAX)
		b->open[b->depth] = count(b);
	else
		b->over = true;
	b->depth++;
	add(b, op);
}

void program_if(struct program_builder *builder, struct str test)
{
	struct op op = { .kind = OP_IF };

	op.a_at = keep(builder, test);
	op.a_len = (uint32_t)test.len;
	builder->fields |= condition_fields(test);
	open(builder, op);
}

static struct op *latest_begin(struct program_builder *b)
{
	if (b->depth == 0)
		die("a program ends what it never began");
	return (struct op *)(void *)b->ops.at + b->open[b->depth - 1];
}

/* The ELSE takes the place of its IF among what is open. */
void program_else(struct program_builder *builder)
{
	struct op *begin;

	if (is_over(builder))
		return;
	begin = latest_begin(builder);
	if (begin->kind != OP_IF)
		die("a program has an else without an if");
	begin->jump = count(builder) + 1;
	builder->open[builder->depth - 1] = count(builder);
	add(builder, (struct op){ .kind = OP_ELSE });
}

void program_wrap(struct program_builder *builder, struct str first,
		  struct str rest)
{
	struct op op = { .kind = OP_WRAP };

	builder->over |= first.len > PROGRAM_LEAD_MAX ||
			 rest.len > PROGRAM_LEAD_MAX;
	op.a_at = keep(builder, first);
	op.a_len = (uint32_t)first.len;
	op.b_at = keep(builder, rest);
	op.b_len = (uint32_t)rest.len;
	open(builder, op);
	builder->raw++;
}

void program_head(struct program_builder *builder, const char *name)
{
	struct op op = { .kind = OP_HEAD };

	/* With its NUL: the header's writer wants a C string. */
	op.a_at = keep(builder, str_at(name, strlen(name) + 1));
	op.a_len = (uint32_t)strlen(name) + 1;
	open(builder, op);
	builder->raw++;
}

void program_end(struct program_builder *builder)
{
	static const uint8_t ends[OP_COUNT] = { [OP_IF] = OP_END_IF,
						[OP_ELSE] = OP_END_IF,
						[OP_WRAP] = OP_END_WRAP,
						[OP_HEAD] = OP_END_HEAD };
	struct op *begin;

	/* What is over is never run, but every begin keeps its end. */
	if (is_over(builder)) {
		builder->depth--;
		return;
	}
	begin = latest_begin(builder);
	builder->depth--;
	if (begin->kind == OP_WRAP || begin->kind == OP_HEAD)
		builder->raw--;
	begin->jump = count(builder) + 1;
	add(builder, (struct op){ .kind = ends[begin->kind] });
}

void program_finish(struct program_builder **builder, struct buf *out)
{
	struct program_builder *b = *builder;
	struct program_head head = { PROGRAM_MAGIC,	     PROGRAM_VERSION,
				     (uint16_t)b->part,	     count(b),
				     (uint32_t)b->bytes.len, b->fields };

	if (b->depth != 0)
		die("a program is not ended");
	if (is_over(b))
		out->over = true;
	buf_add(out, str_at((const char *)&head, sizeof(head)));
	buf_add(out, buf_str(&b->ops));
	buf_add(out, buf_str(&b->bytes));
	program_drop(builder);
}
