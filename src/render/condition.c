/* condition.c - a condition's bytes: see condition_priv.h */
#include "condition_priv.h"
#include "slot_priv.h"

/* 'p' FIELD; '=' FIELD HIGH LOW text; the others stand alone. */
enum {
	PRESENT = 'p',
	EQUAL = '=',
	NOT = CONDITION_NOT,
	AND = CONDITION_AND,
	OR = CONDITION_OR,
	YES = '1',
	NO = '0'
};

struct test {
	char kind;
	uint8_t field;
	struct str text;
};

/* The next test of `bytes`, which moves behind it. */
static bool next_test(struct str *bytes, struct test *out)
{
	size_t need = 1;

	*out = (struct test){ .kind = bytes->at[0], .text = STR_NONE };
	if (out->kind == PRESENT || out->kind == EQUAL)
		need = out->kind == PRESENT ? 2 : 4;
	if (bytes->len < need)
		return false;
	if (need > 1)
		out->field = (uint8_t)bytes->at[1];
	if (out->kind == EQUAL) {
		out->text.len = (size_t)(unsigned char)bytes->at[2] << 8 |
				(unsigned char)bytes->at[3];
		out->text.at = bytes->at + 4;
		need += out->text.len;
	}
	if (bytes->len < need)
		return false;
	*bytes = str_skip(*bytes, need);
	return true;
}

static bool is_of_field(const struct test *t)
{
	return t->kind == PRESENT || t->kind == EQUAL;
}

/* What a test takes from the stack of truths; it puts one there. */
static int taken(char kind)
{
	switch (kind) {
	case PRESENT:
	case EQUAL:
	case YES:
	case NO:
		return 0;
	case NOT:
		return 1;
	case AND:
	case OR:
		return 2;
	}
	return -1;
}

bool condition_ok(struct str test)
{
	struct test t;
	int depth = 0;
	int tests = 0;

	if (test.len > CONDITION_MAX)
		return false;
	while (test.len > 0) {
		int takes;

		if (!next_test(&test, &t))
			return false;
		takes = taken(t.kind);
		if (takes < 0 || takes > depth || t.field >= FIELD_MAX)
			return false;
		depth += 1 - takes;
		tests += takes == 0;
		if (tests > CONDITION_TESTS)
			return false;
	}
	return depth == 1;
}

bool condition_is_decided(struct str test)
{
	return test.len == 1;
}

/* A truth is a bit, the latest the lowest: no memory, no recursion. */
static uint64_t run(uint64_t stack, const struct test *t, struct str value)
{
	switch (t->kind) {
	case PRESENT:
		return stack << 1 | (value.len > 0);
	case EQUAL:
		return stack << 1 | str_eq(value, t->text);
	case YES:
	case NO:
		return stack << 1 | (t->kind == YES);
	case NOT:
		return stack ^ 1;
	case AND:
		return stack >> 1 & (stack | ~UINT64_C(1));
	case OR:
		return stack >> 1 | (stack & 1);
	}
	return stack;
}

bool condition_holds(struct str test, const struct str *values)
{
	uint64_t stack = 0;
	struct test t;

	while (test.len > 0 && next_test(&test, &t)) {
		struct str value = STR_NONE;

		if (values && is_of_field(&t))
			value = slot_value((enum field)t.field,
					   values[t.field]);
		stack = run(stack, &t, value);
	}
	return stack & 1;
}

uint64_t condition_fields(struct str test)
{
	uint64_t fields = 0;
	struct test t;

	while (test.len > 0 && next_test(&test, &t))
		if (is_of_field(&t))
			fields |= UINT64_C(1) << t.field;
	return fields;
}

struct str condition_always(bool truth)
{
	return truth ? STR("1") : STR("0");
}

void condition_put_present(enum field field, struct buf *out)
{
	buf_byte(out, PRESENT);
	buf_byte(out, (char)field);
}

void condition_put_equal(enum field field, struct str text, struct buf *out)
{
	buf_byte(out, EQUAL);
	buf_byte(out, (char)field);
	buf_byte(out, (char)(text.len >> 8));
	buf_byte(out, (char)(text.len & 0xff));
	buf_add(out, text);
}

struct str condition_present(enum field field, bool wanted, struct arena *arena)
{
	char bytes[3] = { PRESENT, (char)field, NOT };

	return arena_dup(arena, str_at(bytes, wanted ? 2 : 3));
}
