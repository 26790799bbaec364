/* condition_parse.c - a condition read and, as far as it is known, decided:
 * see condition_priv.h */
#include "base/buf.h"
#include "condition_priv.h"

#define NESTING 16 /* of parentheses and `not` */

enum sort { TRUTH, HAS, IS, INVERSE, BOTH, EITHER };

struct node {
	enum sort sort;
	bool truth;	  /* TRUTH */
	enum field field; /* HAS, IS */
	struct str text;  /* IS */
	const struct node *a, *b;
};

struct reading {
	struct str rest;
	const struct field_source *from;
	int depth, tests;
	struct err *err;
};

/* --- nodes: what is decided is no more than a truth ----------------------- */

static const struct node *make(struct reading *r, struct node node)
{
	struct node *made = arena_new_of(r->from->arena, struct node);

	*made = node;
	return made;
}

static const struct node *truth(struct reading *r, bool is)
{
	return make(r, (struct node){ .sort = TRUTH, .truth = is });
}

static const struct node *inverse(struct reading *r, const struct node *a)
{
	if (a->sort == TRUTH)
		return truth(r, !a->truth);
	if (a->sort == INVERSE)
		return a->a;
	return make(r, (struct node){ .sort = INVERSE, .a = a });
}

/* `sort` is BOTH or EITHER, which a truth on one side decides or leaves to
 * the other. */
static const struct node *joined(struct reading *r, enum sort sort,
				 const struct node *a, const struct node *b)
{
	bool decides = sort == EITHER;

	if (a->sort == TRUTH)
		return a->truth == decides ? a : b;
	if (b->sort == TRUTH)
		return b->truth == decides ? b : a;
	return make(r, (struct node){ .sort = sort, .a = a, .b = b });
}

/* --- words ---------------------------------------------------------------- */

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
	       (unsigned char)c >= 0x80;
}

static struct str peek_word(const struct reading *r)
{
	size_t len = 0;

	while (len < r->rest.len && is_word_byte(r->rest.at[len]))
		len++;
	return str_head(r->rest, len);
}

static void go_on(struct reading *r, size_t len)
{
	r->rest = str_trim(str_skip(r->rest, len));
}

static bool take_word(struct reading *r, const char *word)
{
	if (!str_eqz(peek_word(r), word))
		return false;
	go_on(r, strlen(word));
	return true;
}

static bool take_sign(struct reading *r, struct str sign)
{
	if (!str_starts(r->rest, sign))
		return false;
	go_on(r, sign.len);
	return true;
}

static const struct node *wrong(struct reading *r)
{
	struct str at = str_head(r->rest, 40);

	if (at.len == 0)
		err_set(r->err, ERR_INPUT, "a condition ends too early");
	else
		err_set(r->err, ERR_INPUT,
			"a condition cannot go on with '" STR_FMT "'",
			STR_ARG(at));
	err_hint(r->err, "write {{#if subscriber.plan == \"pro\" and not "
			 "subscriber.vip}}");
	return NULL;
}

/* --- tests ---------------------------------------------------------------- */

static bool literal(struct reading *r, struct str *text_out)
{
	struct str rest = r->rest;
	struct str word = peek_word(r);

	if (field_quoted(&rest, text_out)) {
		r->rest = str_trim(rest);
		return true;
	}
	if (word.len == 0 ||
	    !((word.at[0] >= '0' && word.at[0] <= '9') || word.at[0] == '-' ||
	      str_eqz(word, "true") || str_eqz(word, "false")))
		return false;
	*text_out = word;
	go_on(r, word.len);
	return true;
}

static struct str text_of(const struct value *value)
{
	if (value->kind == VALUE_BOOL)
		return value->truth ? STR("true") : STR("false");
	return value->text;
}

static const struct node *known_test(struct reading *r,
				     const struct value *value, int equals,
				     struct str text)
{
	if (equals < 0)
		return truth(r, value_is_true(value));
	if (value->kind != VALUE_TEXT && value->kind != VALUE_BOOL) {
		err_set(r->err, ERR_INPUT, "only texts can be compared");
		return NULL;
	}
	return truth(r, str_eq(text_of(value), text) == (equals > 0));
}

static const struct node *reader_test(struct reading *r, struct str name,
				      int equals, struct str text)
{
	const struct field_source *from = r->from;
	struct node node = { .sort = equals < 0 ? HAS : IS, .text = text };
	int is_reader = 0;

	if (from->fields)
		is_reader = field_of_reader(name, from->fields, &node.field,
					    r->err);
	if (is_reader < 0)
		return NULL;
	if (!is_reader && from->plain)
		return truth(r, equals == 0 || (equals > 0 && text.len == 0));
	if (!is_reader) {
		field_unknown(name, from, r->err);
		return NULL;
	}
	if (++r->tests > CONDITION_TESTS) {
		err_set(r->err, ERR_INPUT,
			"more than %d tests of readers' "
			"fields in one condition",
			CONDITION_TESTS);
		return NULL;
	}
	return equals == 0 ? inverse(r, make(r, node)) : make(r, node);
}

/* NAME, NAME == "text", NAME != "text" */
static const struct node *test(struct reading *r)
{
	struct str name = peek_word(r);
	struct str text = STR_NONE;
	const struct value *value;
	int equals = -1; /* 1 ==, 0 != */

	if (!field_is_name(name) || str_eqz(name, "and") || str_eqz(name, "or"))
		return wrong(r);
	go_on(r, name.len);
	if (take_sign(r, STR("==")))
		equals = 1;
	else if (take_sign(r, STR("!=")))
		equals = 0;
	if (equals >= 0 && !literal(r, &text))
		return wrong(r);
	if (text.len > CONDITION_MAX / 4) {
		err_set(r->err, ERR_INPUT,
			"a text of a condition is longer "
			"than %d bytes",
			CONDITION_MAX / 4);
		return NULL;
	}
	value = scope_find(r->from->scope, name);
	if (value)
		return known_test(r, value, equals, text);
	return reader_test(r, name, equals, text);
}

/* --- and, or, not --------------------------------------------------------- */

static const struct node *either(struct reading *r);

static const struct node *single(struct reading *r)
{
	const struct node *node;

	if (r->depth == NESTING) {
		err_set(r->err, ERR_INPUT, "a condition nests deeper than %d",
			NESTING);
		return NULL;
	}
	r->depth++;
	if (take_word(r, "not")) {
		node = single(r);
		node = node ? inverse(r, node) : NULL;
	} else if (take_sign(r, STR("("))) {
		node = either(r);
		if (node && !take_sign(r, STR(")")))
			node = wrong(r);
	} else {
		node = test(r);
	}
	r->depth--;
	return node;
}

static const struct node *both(struct reading *r)
{
	const struct node *node = single(r);

	while (node && take_word(r, "and")) {
		const struct node *next = single(r);

		node = next ? joined(r, BOTH, node, next) : NULL;
	}
	return node;
}

static const struct node *either(struct reading *r)
{
	const struct node *node = both(r);

	while (node && take_word(r, "or")) {
		const struct node *next = both(r);

		node = next ? joined(r, EITHER, node, next) : NULL;
	}
	return node;
}

/* --- bytes ---------------------------------------------------------------- */

/* Not deeper than there are tests in the whole. */
static void put(const struct node *node, struct buf *out)
{
	if (node->a)
		put(node->a, out);
	if (node->b)
		put(node->b, out);
	switch (node->sort) {
	case TRUTH:
		buf_add(out, condition_always(node->truth));
		break;
	case HAS:
		condition_put_present(node->field, out);
		break;
	case IS:
		condition_put_equal(node->field, node->text, out);
		break;
	case INVERSE:
		buf_byte(out, CONDITION_NOT);
		break;
	case BOTH:
		buf_byte(out, CONDITION_AND);
		break;
	case EITHER:
		buf_byte(out, CONDITION_OR);
		break;
	}
}

int condition_parse(struct str source, bool wanted,
		    const struct field_source *from, struct str *test_out,
		    struct err *err)
{
	struct reading r = { .rest = str_trim(source),
			     .from = from,
			     .err = err };
	const struct node *node = either(&r);
	struct buf out;
	bool over;

	if (node && r.rest.len > 0)
		node = wrong(&r);
	if (!node)
		return -1;
	if (!wanted)
		node = inverse(&r, node);
	buf_init(&out, CONDITION_MAX);
	put(node, &out);
	over = buf_over(&out);
	*test_out = arena_dup(from->arena, buf_str(&out));
	buf_done(&out);
	if (over)
		return err_set(err, ERR_INPUT,
			       "a condition is longer than %d bytes",
			       CONDITION_MAX);
	return 0;
}
