/* words_plural.c - the plural formula of a catalogue: see words_priv.h */
#include "words_priv.h"

#define NESTING_MAX 64

struct parser {
	struct str rest;
	struct plural *out;
	unsigned height; /* of the stack when it has run so far */
	unsigned nesting;
};

/* What is longer comes before what it begins with. */
static const struct sign {
	struct str text;
	int rank; /* binds tighter the higher */
	enum plural_kind kind;
} signs[] = {
	{ STR("||"), 1, PLURAL_OR },	  { STR("&&"), 2, PLURAL_AND },
	{ STR("=="), 3, PLURAL_SAME },	  { STR("!="), 3, PLURAL_OTHER },
	{ STR("<="), 4, PLURAL_AT_MOST }, { STR(">="), 4, PLURAL_AT_LEAST },
	{ STR("<"), 4, PLURAL_LESS },	  { STR(">"), 4, PLURAL_MORE },
	{ STR("+"), 5, PLURAL_ADD },	  { STR("-"), 5, PLURAL_SUBTRACT },
	{ STR("*"), 6, PLURAL_MULTIPLY }, { STR("/"), 6, PLURAL_DIVIDE },
	{ STR("%"), 6, PLURAL_REST },
};

static bool choice(struct parser *p);

/* --- reading -------------------------------------------------------------- */

static void skip_blanks(struct parser *p)
{
	while (p->rest.len > 0 &&
	       (p->rest.at[0] == ' ' || p->rest.at[0] == '\t'))
		p->rest = str_skip(p->rest, 1);
}

static bool takes(struct parser *p, struct str text)
{
	skip_blanks(p);
	if (!str_starts(p->rest, text))
		return false;
	p->rest = str_skip(p->rest, text.len);
	return true;
}

static bool number(struct parser *p, uint64_t *out)
{
	uint64_t n = 0;
	size_t i = 0;

	skip_blanks(p);
	for (; i < p->rest.len && p->rest.at[i] >= '0' && p->rest.at[i] <= '9';
	     i++) {
		if (n > UINT32_MAX)
			return false;
		n = n * 10 + (uint64_t)(p->rest.at[i] - '0');
	}
	p->rest = str_skip(p->rest, i);
	*out = n;
	return i > 0;
}

/* `takes_off` operands from the stack, one result onto it. */
static bool emit(struct parser *p, enum plural_kind kind, uint64_t value,
		 unsigned takes_off)
{
	struct plural *out = p->out;

	p->height = p->height - takes_off + 1;
	if (out->count == PLURAL_OPS_MAX || p->height > PLURAL_STACK_MAX)
		return false;
	out->ops[out->count].kind = kind;
	out->ops[out->count].number = value;
	out->count++;
	return true;
}

/* --- the grammar, which is C's -------------------------------------------- */

static bool operand(struct parser *p)
{
	uint64_t value;

	if (takes(p, STR("n")))
		return emit(p, PLURAL_N, 0, 0);
	if (takes(p, STR("!")))
		return ++p->nesting < NESTING_MAX && operand(p) &&
		       p->nesting-- && emit(p, PLURAL_NOT, 0, 1);
	if (takes(p, STR("(")))
		return choice(p) && takes(p, STR(")"));
	return number(p, &value) && emit(p, PLURAL_NUMBER, value, 0);
}

static const struct sign *sign_here(struct parser *p)
{
	skip_blanks(p);
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (str_starts(p->rest, signs[i].text))
			return &signs[i];
	return NULL;
}

/* Operands joined by signs of at least `rank`; those of one rank are grouped
 * from the left. Goes at most six deep, once for each rank. */
static bool joined(struct parser *p, int rank)
{
	const struct sign *sign;

	if (!operand(p))
		return false;
	while ((sign = sign_here(p)) && sign->rank >= rank) {
		p->rest = str_skip(p->rest, sign->text.len);
		if (!joined(p, sign->rank + 1) || !emit(p, sign->kind, 0, 2))
			return false;
	}
	return true;
}

static bool choice(struct parser *p)
{
	bool fine;

	if (++p->nesting >= NESTING_MAX)
		return false;
	fine = joined(p, 1);
	if (fine && takes(p, STR("?")))
		fine = choice(p) && takes(p, STR(":")) && choice(p) &&
		       emit(p, PLURAL_CHOOSE, 0, 3);
	p->nesting--;
	return fine;
}

bool plural_parse(struct str source, struct plural *out)
{
	struct plural made = { .forms = 0 };
	struct parser p = { .rest = source, .out = &made };
	uint64_t forms;

	if (!takes(&p, STR("nplurals")) || !takes(&p, STR("=")) ||
	    !number(&p, &forms) || forms < 1 || forms > PLURAL_FORMS_MAX ||
	    !takes(&p, STR(";")) || !takes(&p, STR("plural")) ||
	    !takes(&p, STR("=")) || !choice(&p))
		return false;
	takes(&p, STR(";"));
	skip_blanks(&p);
	made.forms = (unsigned)forms;
	if (p.rest.len > 0)
		return false;
	*out = made;
	return true;
}

/* --- running -------------------------------------------------------------- */

/* Nothing here can fail: to divide by nothing gives nothing. */
static uint64_t computed(enum plural_kind kind, uint64_t a, uint64_t b)
{
	switch (kind) {
	case PLURAL_MULTIPLY:
		return a * b;
	case PLURAL_DIVIDE:
		return b ? a / b : 0;
	case PLURAL_REST:
		return b ? a % b : 0;
	case PLURAL_ADD:
		return a + b;
	case PLURAL_SUBTRACT:
		return a - b;
	case PLURAL_LESS:
		return a < b;
	case PLURAL_MORE:
		return a > b;
	case PLURAL_AT_MOST:
		return a <= b;
	case PLURAL_AT_LEAST:
		return a >= b;
	case PLURAL_SAME:
		return a == b;
	case PLURAL_OTHER:
		return a != b;
	case PLURAL_AND:
		return a && b;
	case PLURAL_OR:
		return a || b;
	case PLURAL_N:
	case PLURAL_NUMBER:
	case PLURAL_NOT:
	case PLURAL_CHOOSE:
		break;
	}
	return 0;
}

/* The parser has counted: the stack neither overflows nor runs empty. */
unsigned plural_form(const struct plural *plural, uint64_t n)
{
	uint64_t stack[PLURAL_STACK_MAX] = { 0 };
	size_t top = 0;

	for (unsigned i = 0; i < plural->count; i++) {
		enum plural_kind kind = plural->ops[i].kind;

		if (kind == PLURAL_N || kind == PLURAL_NUMBER) {
			stack[top++] = kind == PLURAL_N ? n
							: plural->ops[i].number;
		} else if (kind == PLURAL_NOT) {
			stack[top - 1] = !stack[top - 1];
		} else if (kind == PLURAL_CHOOSE) {
			top -= 2;
			stack[top - 1] = stack[top - 1] ? stack[top]
							: stack[top + 1];
		} else {
			top--;
			stack[top - 1] = computed(kind, stack[top - 1],
						  stack[top]);
		}
	}
	return stack[0] < plural->forms ? (unsigned)stack[0] : 0;
}
