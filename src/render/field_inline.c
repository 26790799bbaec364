/* field_inline.c - merge fields and conditions of an article or a subject */
#include "condition_priv.h"
#include "field_priv.h"
#include "slot_priv.h"

#define CONDITIONS 16 /* in each other: a template has its own */

enum field_mark field_mark(struct str source, struct str *test_out)
{
	*test_out = STR_NONE;
	if (str_starts(source, STR("#if ")))
		*test_out = str_trim(str_skip(source, 4));
	else if (str_starts(source, STR("#unless ")))
		*test_out = str_trim(str_skip(source, 8));
	if (test_out->len > 0)
		return source.at[1] == 'i' ? MARK_IF : MARK_UNLESS;
	if (str_eqz(source, "else"))
		return MARK_ELSE;
	if (str_eqz(source, "/if") || str_eqz(source, "/unless"))
		return MARK_END;
	return MARK_NONE;
}

static int add_field(struct str source, const struct field_source *from,
		     enum slot_context context, struct draft *draft,
		     struct err *err)
{
	const struct value *value;
	struct field_expr expr;
	enum field field;
	struct str text;
	int is_reader;

	if (field_parse(source, from, &expr, err) < 0)
		return -1;
	value = scope_find(from->scope, expr.name);
	if (value) {
		if (field_known(&expr, value, context, from->arena, &text,
				err) < 0)
			return -1;
		draft_text(draft, text);
		return 0;
	}
	is_reader = field_of_reader(expr.name, from->fields, &field, err);
	if (is_reader < 0)
		return -1;
	if (!is_reader)
		return field_unknown(expr.name, from, err);
	return field_slot(&expr, field, context, draft, err);
}

static int add_mark(enum field_mark mark, struct str test,
		    const struct field_source *from, enum slot_context context,
		    struct draft *draft, struct err *err)
{
	struct str compiled;

	if (context == SLOT_HREF || context == SLOT_URL)
		return err_set(err, ERR_INPUT,
			       "a condition may not stand in an address");
	if (mark == MARK_ELSE && draft_may_else(draft)) {
		draft_else(draft);
	} else if (mark == MARK_END && draft_in_if(draft)) {
		draft_end(draft);
	} else if (mark == MARK_ELSE || mark == MARK_END) {
		err_set(err, ERR_INPUT, "there is no condition open here");
		return err_hint(err, "it begins with {{#if subscriber.name}}");
	} else if (draft_depth(draft) >= CONDITIONS) {
		return err_set(err, ERR_INPUT,
			       "more than %d conditions in each other",
			       CONDITIONS);
	} else {
		if (condition_parse(test, mark == MARK_IF, from, &compiled,
				    err) < 0)
			return -1;
		draft_if(draft, compiled);
	}
	return 0;
}

int template_field(struct str source, const char *place,
		   const struct value *data, struct fields_known *fields,
		   enum slot_context context, struct arena *arena,
		   struct draft *draft, struct err *err)
{
	struct scope scope = { data, NULL };
	struct field_source from = { &scope, fields, arena, false };
	struct str test;
	enum field_mark mark = field_mark(source, &test);
	int rc = mark ? add_mark(mark, test, &from, context, draft, err)
		      : add_field(source, &from, context, draft, err);

	return rc < 0 ? err_place(err, "%s", place) : 0;
}

/* The field at the start of `text`, which moves behind it. */
static int inline_field(struct str *text, const char *place,
			const struct value *data, struct fields_known *fields,
			enum slot_context context, struct arena *arena,
			struct draft *draft, struct err *err)
{
	struct str inside = str_skip(*text, 2);
	ptrdiff_t close = str_find_str(inside, STR("}}"));

	if (close < 0) {
		err_set(err, ERR_INPUT, "a merge field is not closed");
		err_hint(err, "write {{subscriber.name}}, or \\{{ for the "
			      "braces themselves");
		return err_place(err, "%s", place);
	}
	*text = str_skip(inside, (size_t)close + 2);
	return template_field(str_trim(str_head(inside, (size_t)close)), place,
			      data, fields, context, arena, draft, err);
}

static int add_inline(struct str text, const char *place,
		      const struct value *data, struct fields_known *fields,
		      enum slot_context context, struct arena *arena,
		      struct draft *draft, struct err *err)
{
	const struct str all = text;
	size_t passed;

	/* A text of the front matter is one line. */
	while (text.len > 0) {
		ptrdiff_t open = str_find_str(text, STR("{{"));
		struct str plain = open < 0 ? text
					    : str_head(text, (size_t)open);
		bool literal = open >= 0 && str_ends(plain, STR("\\"));

		passed = all.len - text.len;
		text = str_skip(text, plain.len);
		if (literal)
			plain.len--;
		draft_text(draft, slot_escaped(plain, context, arena));
		if (literal) {
			draft_text(draft, STR("{{"));
			text = str_skip(text, 2);
		} else if (text.len > 0 &&
			   inline_field(&text, place, data, fields, context,
					arena, draft, err) < 0) {
			return err_excerpt(err, all, (size_t)open + passed);
		}
	}
	return 0;
}

int template_inline(struct str text, const char *place,
		    const struct value *data, struct fields_known *fields,
		    enum slot_context context, struct arena *arena,
		    struct draft *draft, struct err *err)
{
	/* Apart, so that what is open is open in this text. */
	struct draft *own = draft_new(arena);

	if (add_inline(text, place, data, fields, context, arena, own, err) < 0)
		return -1;
	if (draft_in_if(own)) {
		err_set(err, ERR_INPUT, "a condition is not closed");
		err_hint(err, "close it with {{/if}}");
		return err_place(err, "%s", place);
	}
	draft_append(draft, own);
	if (context != SLOT_HEADER || draft_gives_all(own))
		return 0;
	err_set(err, ERR_INPUT, "some readers would get an empty subject");
	err_hint(err, "write words outside the condition, or behind {{else}}");
	return err_place(err, "%s", place);
}
