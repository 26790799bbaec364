/* template.c - running a template over data: what is known now becomes text,
 * what depends on the reader becomes slots */
#include "field_priv.h"
#include "position_priv.h"
#include "template_priv.h"

/* Texts made while a template runs: partials indented, values escaped. */
#define OUTPUT_MAX ((size_t)2 * 1024 * 1024)

struct run {
	const char *dir;
	struct arena *arena;
	struct fields_known *fields;
	struct draft *draft;
	bool html;
	struct position position;
	int partials; /* open inside each other */
	size_t output;
};

struct page { /* the file a tag stands in */
	const char *name;
	struct run *run;
};

static int run_tags(struct page *page, const struct tag *tag,
		    const struct scope *scope, struct err *err);

static int at_tag(const struct page *page, const struct tag *tag,
		  struct err *err)
{
	return err_place(err, "templates/%s:%d:%d", page->name, tag->line,
			 tag->column);
}

static int emit(struct run *run, struct str text, struct err *err)
{
	run->output += text.len;
	if (run->output > OUTPUT_MAX)
		return err_set(err, ERR_INPUT,
			       "the template makes more than 2 MiB");
	draft_text(run->draft, text);
	return 0;
}

/* --- fields --------------------------------------------------------------- */

static int emit_slot(struct run *run, enum field field,
		     const struct field_expr *expr, struct err *err)
{
	enum slot_context context = SLOT_TEXT;

	if (run->html && position_context(&run->position, &context, err) < 0)
		return -1;
	if (context == SLOT_HTML &&
	    (field == FIELD_UNSUBSCRIBE || field == FIELD_PREFERENCES))
		context = SLOT_HREF;
	if (field_may_stand(field, context, err) < 0)
		return -1;
	draft_slot(run->draft, field, context, expr->filter, expr->standard);
	return 0;
}

static int emit_known(struct run *run, const struct value *value,
		      const struct field_expr *expr, bool raw, struct err *err)
{
	struct str text = value->text;

	if (value->kind == VALUE_DRAFT) {
		if (run->html && !raw)
			return err_set(err, ERR_INPUT,
				       "'" STR_FMT "' is HTML of our own: "
				       "write it in three braces",
				       STR_ARG(expr->name));
		draft_append(run->draft, value->draft);
		return 0;
	}
	if (value->kind != VALUE_TEXT)
		return err_set(err, ERR_INPUT,
			       "'" STR_FMT "' is not a single text",
			       STR_ARG(expr->name));
	if (text.len == 0)
		text = expr->standard;
	text = field_filter(text, expr->filter, run->arena);
	if (run->html && !raw)
		text = field_escape(text, SLOT_HTML, run->arena);
	return emit(run, text, err);
}

static int run_field(struct run *run, const struct tag *tag,
		     const struct scope *scope, struct err *err)
{
	bool raw = tag->kind == TAG_RAW;
	const struct value *value;
	struct field_expr expr;
	enum field field;
	int is_reader;

	if (field_parse(tag->text, &expr, err) < 0)
		return -1;
	value = scope_find(scope, expr.name);
	if (value)
		return emit_known(run, value, &expr, raw, err);
	is_reader = field_of_reader(expr.name, run->fields, &field, err);
	if (is_reader < 0)
		return -1;
	if (!is_reader)
		return field_unknown(expr.name, scope, run->fields, run->arena,
				     err);
	if (raw)
		return err_set(err, ERR_INPUT,
			       "a reader's field is never raw: write it in "
			       "two braces");
	return emit_slot(run, field, &expr, err);
}

/* --- sections ------------------------------------------------------------- */

static int run_list(struct page *page, const struct tag *tag,
		    const struct value *list, const struct scope *scope,
		    struct err *err)
{
	for (const struct value *v = list->first; v; v = v->next) {
		struct scope inner = { v, scope };

		if (run_tags(page, tag->first, &inner, err) < 0)
			return -1;
	}
	return 0;
}

static int run_known_section(struct page *page, const struct tag *tag,
			     const struct value *value,
			     const struct scope *scope, struct err *err)
{
	struct scope inner = { value, scope };

	if (tag->kind == TAG_INVERTED)
		return value_is_true(value)
			       ? 0
			       : run_tags(page, tag->first, scope, err);
	if (value->kind == VALUE_LIST)
		return run_list(page, tag, value, scope, err);
	if (!value_is_true(value))
		return 0;
	return run_tags(page, tag->first, &inner, err);
}

/* Whether the reader has the field is known only for each of them. Both
 * branches must leave the page at the same place, so the place is kept. */
static int run_reader_section(struct page *page, const struct tag *tag,
			      enum field field, const struct scope *scope,
			      struct err *err)
{
	struct run *run = page->run;
	struct position before = run->position;

	draft_if(run->draft, field, tag->kind == TAG_SECTION);
	if (run_tags(page, tag->first, scope, err) < 0)
		return -1;
	draft_end(run->draft);
	if (run->html && run->position.state != before.state)
		return err_set(err, ERR_INPUT,
			       "a section over a reader's field must close "
			       "the tags that it opens");
	return 0;
}

static int run_section(struct page *page, const struct tag *tag,
		       const struct scope *scope, struct err *err)
{
	const struct value *value = scope_find(scope, tag->text);
	struct run *run = page->run;
	enum field field;
	int is_reader;

	if (value)
		return run_known_section(page, tag, value, scope, err);
	is_reader = field_of_reader(tag->text, run->fields, &field, err);
	if (is_reader < 0)
		return at_tag(page, tag, err);
	if (!is_reader) {
		field_unknown(tag->text, scope, run->fields, run->arena, err);
		return at_tag(page, tag, err);
	}
	return run_reader_section(page, tag, field, scope, err);
}

/* --- partials ------------------------------------------------------------- */

/* A partial alone on its line has each of its lines moved in as far. */
static struct str indented(struct str text, struct str indent,
			   struct arena *arena)
{
	struct str result;
	struct buf out;

	if (indent.len == 0)
		return text;
	buf_init(&out, OUTPUT_MAX);
	while (text.len > 0) {
		ptrdiff_t end = str_find(text, '\n');
		size_t line = end < 0 ? text.len : (size_t)end + 1;

		buf_add(&out, indent);
		buf_add(&out, str_head(text, line));
		text = str_skip(text, line);
	}
	result = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return result;
}

static int run_page(struct run *run, struct str name, struct str indent,
		    const struct scope *scope, struct err *err)
{
	struct page page = { arena_z(run->arena, name), run };
	const char *place;
	struct tag *first;
	struct str text;

	if (run->partials == TEMPLATE_PARTIALS)
		return err_set(err, ERR_INPUT,
			       "more than %d partials in each other",
			       TEMPLATE_PARTIALS);
	if (template_text(run->dir, name, run->arena, &text, err) < 0)
		return -1;
	place = arena_fmt(run->arena, "templates/%s", page.name).at;
	text = indented(text, indent, run->arena);
	if (template_parse(text, place, run->arena, &first, err) < 0)
		return -1;
	run->partials++;
	if (run_tags(&page, first, scope, err) < 0)
		return -1;
	run->partials--;
	return 0;
}

/* --- all ------------------------------------------------------------------ */

static int run_tag(struct page *page, const struct tag *tag,
		   const struct scope *scope, struct err *err)
{
	struct run *run = page->run;

	switch (tag->kind) {
	case TAG_TEXT:
		if (run->html)
			position_feed(&run->position, tag->text);
		return emit(run, tag->text, err);
	case TAG_FIELD:
	case TAG_RAW:
		if (run_field(run, tag, scope, err) < 0)
			return at_tag(page, tag, err);
		return 0;
	case TAG_SECTION:
	case TAG_INVERTED:
		return run_section(page, tag, scope, err);
	case TAG_PARTIAL:
		if (run_page(run, tag->text, tag->indent, scope, err) == 0)
			return 0;
		return err->place[0] ? -1 : at_tag(page, tag, err);
	}
	return 0;
}

static int run_tags(struct page *page, const struct tag *tag,
		    const struct scope *scope, struct err *err)
{
	for (; tag; tag = tag->next)
		if (run_tag(page, tag, scope, err) < 0)
			return -1;
	return 0;
}

int template_run(const char *dir, const char *name, const struct value *data,
		 struct fields_known *fields, struct arena *arena,
		 struct draft *draft, struct err *err)
{
	struct scope scope = { data, NULL };
	struct run run = { .dir = dir,
			   .arena = arena,
			   .fields = fields,
			   .draft = draft,
			   .html = str_ends(str_of(name), STR(".html")) };

	return run_page(&run, str_of(name), STR_NONE, &scope, err);
}
