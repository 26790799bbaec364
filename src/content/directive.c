/* directive.c - one `::` line of an article
 *
 *	:::callout {tone=tip}
 *	Text with **Markdown**.
 *	:::
 *
 *	::button[Read on](https://example.org/)
 *
 * shape.c has what may be written; the tags of a condition on lines of their
 * own are lines of this kind, too.
 */
#include "base/nearest.h"
#include "condition_priv.h"
#include "directive_priv.h"

int directive_refuse(const struct reading *r, struct err *err)
{
	return markdown_place(r->m, err, r->line, 0);
}

int directive_misplaced(const struct reading *r, struct str rest,
			struct err *err)
{
	struct str shown = source_restore(r->m, rest);

	err_set(err, ERR_INPUT, "'" STR_FMT "' is not understood here",
		STR_ARG(str_head(shown, 80)));
	err_hint(err, "write %s", r->shape->right);
	return directive_refuse(r, err);
}

static int unknown(const struct reading *r, struct str name, struct err *err)
{
	const struct str *names;
	size_t count = shape_names(&names);
	struct str close = nearest(name, names, count);

	err_set(err, ERR_INPUT, "no block is called '" STR_FMT "'",
		STR_ARG(str_head(name, 80)));
	if (close.len > 0)
		err_hint(err, "did you mean '" STR_FMT "'? write %s",
			 STR_ARG(close), shape_find(close)->right);
	return directive_refuse(r, err);
}

/* Two colons where three belong, or the other way round. */
static int wrong_colons(const struct reading *r, struct err *err)
{
	bool leaf = r->shape->form == FORM_LEAF || r->shape->form == FORM_ELSE;

	err_set(err, ERR_INPUT, "'" STR_FMT "' is not understood here",
		STR_ARG(str_head(source_restore(r->m, r->out->whole), 80)));
	err_hint(err,
		 leaf ? "it is one line, with two colons: %s"
		      : "it begins with three colons and ends with a line "
			":::, so %s",
		 r->shape->right);
	return directive_refuse(r, err);
}

static struct str cut_name(struct str *rest)
{
	size_t len = 0;
	struct str name;

	while (len < rest->len &&
	       (is_alnum(rest->at[len]) || rest->at[len] == '-' ||
		rest->at[len] == '_'))
		len++;
	name = str_head(*rest, len);
	*rest = str_skip(*rest, len);
	return name;
}

/* --- leaves ---------------------------------------------------------------*/

/* What is between the brackets at the start of `*rest`, which moves on. */
static bool cut_brackets(struct str *rest, char open, char close,
			 struct str *inside_out)
{
	size_t depth = 0;

	for (size_t i = 0; i < rest->len; i++) {
		char c = rest->at[i];

		if (c == '\\')
			i++;
		else if (c == open)
			depth++;
		else if (c == close && --depth == 0) {
			*inside_out = str_at(rest->at + 1, i - 1);
			*rest = str_skip(*rest, i + 1);
			return true;
		}
	}
	return false;
}

static int is_wanting(const struct reading *r, const char *what,
		      struct err *err)
{
	err_set(err, ERR_INPUT, "'" STR_FMT "' without %s",
		STR_ARG(r->shape->name), what);
	err_hint(err, "write %s", r->shape->right);
	return directive_refuse(r, err);
}

static int read_label(const struct reading *r, struct str *rest,
		      struct err *err)
{
	const struct shape *shape = r->shape;
	struct str label = STR_NONE;

	if (rest->len > 0 && rest->at[0] == '[') {
		if (shape->label == PART_NONE ||
		    !cut_brackets(rest, '[', ']', &label))
			return directive_misplaced(r, *rest, err);
	} else if (shape->label == PART_MUST) {
		return directive_misplaced(r, r->out->whole, err);
	}
	if (value_put(r, STR("label"), shape->label_takes, TO_TEXT, label,
		      err) < 0)
		return -1;
	if (shape->label == PART_MUST && r->node->text.len == 0)
		return is_wanting(r, "a label", err);
	return 0;
}

static int read_address(const struct reading *r, struct str *rest,
			struct err *err)
{
	const struct shape *shape = r->shape;
	struct str address = STR_NONE;

	if (shape->address == PART_NONE)
		return 0;
	if (rest->len == 0 || rest->at[0] != '(' ||
	    !cut_brackets(rest, '(', ')', &address))
		return directive_misplaced(r, r->out->whole, err);
	if (str_trim(address).len == 0)
		return is_wanting(r, "an address", err);
	return value_put(r, STR("address"), shape->address_takes, TO_URL,
			 address, err);
}

/* A thumbnail is described by what it leads to. */
static void describe_picture(const struct reading *r)
{
	for (struct node *c = r->node->first; c; c = c->next) {
		struct node *alt;

		if (c->kind != BLOCK_IMAGE)
			continue;
		alt = node_new(r->m, BLOCK_TEXT, r->line);
		alt->text = r->node->text;
		node_push(c, alt);
	}
}

/* In the tree a thumbnail is before whom it is by. */
static void order_below(struct node *node)
{
	struct node *first = node->first;

	if (!first || !first->next || first->kind == BLOCK_IMAGE)
		return;
	node->first = first->next;
	node->last = first;
	node->first->next = first;
	first->next = NULL;
}

static int read_leaf(const struct reading *r, struct str rest, struct err *err)
{
	r->out->kind = DIRECTIVE_LEAF;
	if (read_label(r, &rest, err) < 0 || read_address(r, &rest, err) < 0 ||
	    settings_read(r, str_trim(rest), err) < 0)
		return -1;
	describe_picture(r);
	order_below(r->node);
	return 1;
}

/* --- containers and conditions --------------------------------------------*/

static int read_condition(const struct reading *r, struct str name,
			  struct str rest, struct err *err)
{
	ptrdiff_t column = rest.at - r->out->whole.at;

	if (rest.len == 0)
		return is_wanting(r, "a condition", err);
	if (str_find_str(rest, STR(MARK_OPEN)) >= 0)
		return directive_misplaced(r, rest, err);
	r->node->text = source_add_field(
		r->m,
		arena_fmt(r->m->arena, "#" STR_FMT " " STR_FMT, STR_ARG(name),
			  STR_ARG(rest)),
		r->line, r->out->column + (uint32_t)column);
	r->out->kind = DIRECTIVE_OPEN;
	return 1;
}

static int read_container(const struct reading *r, struct str rest,
			  struct err *err)
{
	r->out->kind = DIRECTIVE_OPEN;
	return settings_read(r, rest, err) < 0 ? -1 : 1;
}

static void begin(struct reading *r)
{
	r->node = node_new(r->m, r->shape->kind, r->line);
	r->node->flags = r->shape->flags;
	if (r->shape->kind == BLOCK_CALLOUT)
		r->node->text = STR("info");
	if (r->shape->kind == BLOCK_CONTENTS)
		r->node->number = 2;
	r->out->node = r->node;
	r->out->name = r->shape->name;
}

/* --- a line ---------------------------------------------------------------*/

/* Behind `:::`. */
static int read_three(struct reading *r, struct str rest, struct err *err)
{
	struct str name;

	rest = str_trim(rest);
	if (rest.len == 0) {
		r->out->kind = DIRECTIVE_CLOSE;
		r->out->name = STR(":::");
		return 1;
	}
	if (!is_alpha(rest.at[0]))
		return 0;
	name = cut_name(&rest);
	r->shape = shape_find(name);
	if (!r->shape)
		return unknown(r, name, err);
	begin(r);
	rest = str_trim(rest);
	switch (r->shape->form) {
	case FORM_CONTAINER:
		return read_container(r, rest, err);
	case FORM_CONDITION:
		return read_condition(r, name, rest, err);
	case FORM_LEAF:
	case FORM_ELSE:
		break;
	}
	return wrong_colons(r, err);
}

/* Only what has the shape is meant: ::std::string is text. */
static bool has_shape(struct str rest, bool known)
{
	return rest.len == 0 || rest.at[0] == '[' || rest.at[0] == '{' ||
	       (known && memchr(" \t(", rest.at[0], 3));
}

/* Behind `::`. */
static int read_two(struct reading *r, struct str rest, struct err *err)
{
	struct str name = cut_name(&rest);

	if (name.len == 0)
		return 0;
	r->shape = shape_find(name);
	if (!has_shape(rest, r->shape != NULL))
		return 0;
	if (!r->shape)
		return unknown(r, name, err);
	begin(r);
	switch (r->shape->form) {
	case FORM_LEAF:
		return read_leaf(r, rest, err);
	case FORM_ELSE:
		if (rest.len > 0)
			return directive_misplaced(r, rest, err);
		r->out->kind = DIRECTIVE_ELSE;
		return 1;
	case FORM_CONTAINER:
	case FORM_CONDITION:
		break;
	}
	return wrong_colons(r, err);
}

int directive_read(struct markdown *m, struct str line, uint32_t number,
		   uint32_t column, struct directive *out, struct err *err)
{
	struct reading r = { .m = m, .line = number, .out = out };
	struct str rest = str_trim(line);
	size_t colons = 0;

	*out = (struct directive){ .whole = rest,
				   .line = number,
				   .column = column };
	while (colons < rest.len && rest.at[colons] == ':')
		colons++;
	rest = str_skip(rest, colons);
	return colons > 2 ? read_three(&r, rest, err) : read_two(&r, rest, err);
}

bool directive_read_tag(struct markdown *m, struct str line, uint32_t number,
			struct directive *out)
{
	const struct field *field;
	size_t len;
	struct str mark = str_trim(line);

	field = source_field(m, mark, &len);
	if (!field || field->fault != FIELD_FINE || len != mark.len)
		return false;
	*out = (struct directive){ .whole = mark,
				   .line = number,
				   .name = field->whole,
				   .tag = condition_tag(field->inside) };
	switch (out->tag) {
	case COND_IF:
	case COND_UNLESS:
		out->kind = DIRECTIVE_OPEN;
		out->node = node_new(m, BLOCK_IF, number);
		out->node->text = mark;
		return true;
	case COND_ELSE:
		out->kind = DIRECTIVE_ELSE;
		out->node = node_new(m, BLOCK_ELSE, number);
		return true;
	case COND_END_IF:
	case COND_END_UNLESS:
		out->kind = DIRECTIVE_CLOSE;
		return true;
	case COND_FIELD:
		break;
	}
	return false;
}
