/* program_run.c - one reader's part: literals copied, slots filled in */
#include <stdlib.h>

#include "base/die.h"
#include "base/utf8.h"
#include "mail/header.h"
#include "mail/qp.h"
#include "program_priv.h"
#include "render/wrap.h"

#define VALUE_CHARS 200 /* of a reader's field; LETTER 2.4 */
#define RAW_MAX	    ((size_t)1024 * 1024)

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

/* --- values --------------------------------------------------------------- */

/* Ours are whole addresses and finished header values; the reader's own words
 * are what must be cut and cleaned. */
static bool is_readers(enum field field)
{
	return field < FIELD_UNSUBSCRIBE || field >= FIELD_ATTRIBUTE;
}

static struct str cut(struct str value)
{
	struct str rest = value;
	int chars = 0;

	while (rest.len > 0 && chars < VALUE_CHARS) {
		size_t len;

		utf8_next(rest, &len);
		rest = str_skip(rest, len);
		chars++;
	}
	return str_head(value, value.len - rest.len);
}

static struct str title_case(struct str value, struct arena *arena)
{
	size_t first = 0;

	if (value.len > 0)
		utf8_next(value, &first);
	return arena_fmt(arena, STR_FMT STR_FMT,
			 STR_ARG(utf8_upper(arena, str_head(value, first))),
			 STR_ARG(str_skip(value, first)));
}

static struct str filtered(struct str value, enum slot_filter filter,
			   struct arena *arena)
{
	switch (filter) {
	case FILTER_NONE:
		return value;
	case FILTER_UPPER:
		return utf8_upper(arena, value);
	case FILTER_LOWER:
		return utf8_lower(arena, value);
	case FILTER_TITLE:
		return title_case(value, arena);
	}
	return value;
}

static const char *entity(unsigned char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

/* One character of a value, for its place. Controls (C0, DEL, C1 and the
 * line and paragraph separators) become blanks where they part words, else
 * nothing. */
static void add_char(struct buf *out, struct str bytes, uint32_t c,
		     enum slot_context context)
{
	const char *e = c < 0x80 ? entity((unsigned char)c) : NULL;

	if (c == '\n' || c == '\t' || c == '\r' || c == 0x2028 || c == 0x2029)
		bytes = STR(" ");
	else if (c < 0x20 || (c >= 0x7f && c < 0xA0) || c == 0xFFFD)
		return;
	if ((context == SLOT_HTML || context == SLOT_HREF) && e)
		buf_addz(out, e);
	else
		buf_add(out, bytes);
}

static bool is_unreserved(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

static void add_url(struct buf *out, struct str value)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.at[i];

		if (is_unreserved(c))
			buf_byte(out, (char)c);
		else
			buf_fmt(out, "%%%02X", c);
	}
}

static void escape(struct str value, enum slot_context context, struct buf *out)
{
	if (context == SLOT_URL) {
		add_url(out, value);
		return;
	}
	while (value.len > 0) {
		size_t len;
		uint32_t c = utf8_next(value, &len);

		add_char(out, str_head(value, len), c, context);
		value = str_skip(value, len);
	}
}

static struct str value_of(const struct run *run, const struct op *op)
{
	struct str value = run->values[op->field];

	if (value.len == 0)
		value = str_at(run->program->bytes.at + op->a_at, op->a_len);
	return is_readers((enum field)op->field) ? cut(value) : value;
}

/* --- ops ------------------------------------------------------------------ */

static void emit(struct run *run, struct str encoded, struct str plain)
{
	struct qp qp = { 0 };

	if (run->raw) {
		buf_add(&run->scratch->raw, plain);
	} else if (encoded.at) {
		buf_add(run->out, encoded);
	} else {
		qp_piece(run->out, &qp, plain);
		qp_soft(run->out, &qp);
	}
}

static void run_slot(struct run *run, const struct op *op)
{
	struct program_scratch *s = run->scratch;
	struct str value = value_of(run, op);
	enum slot_context context = (enum slot_context)op->context;

	if (op->filter != FILTER_NONE) {
		arena_reset(s->arena);
		value = filtered(value, (enum slot_filter)op->filter, s->arena);
	}
	/* In a header the value goes in as it is: the door that every header
	 * passes refuses what must not be there, and says so. */
	if (context == SLOT_HEADER) {
		emit(run, value, value);
		return;
	}
	buf_reset(&s->value);
	escape(value, context, &s->value);
	emit(run, (struct str){ NULL, 0 }, buf_str(&s->value));
}

static struct str text_at(const struct run *run, uint32_t at, uint32_t len)
{
	return str_at(run->program->bytes.at + at, len);
}

static void end_wrap(struct run *run)
{
	const struct op *op = &run->program->ops[run->begin];
	struct program_scratch *s = run->scratch;

	buf_reset(&s->lines);
	wrap_text(buf_str(&s->raw), text_at(run, op->a_at, op->a_len),
		  text_at(run, op->b_at, op->b_len), &s->lines);
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
		if ((run->values[op->field].len > 0) != (op->context != 0))
			return op->jump;
		break;
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

	while (at >= 0 && at < program->count)
		at = run_op(&run, (uint32_t)at, err);
	if (at < 0)
		return -1;
	if (buf_over(out) || buf_over(&scratch->raw) ||
	    buf_over(&scratch->lines)) {
		err_set(err, ERR_INPUT,
			"the letter would be larger than %zu "
			"bytes",
			out->ceiling);
		return err_hint(err, "mail programs cut letters off far "
				     "below that: make it shorter");
	}
	return 0;
}
