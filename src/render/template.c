/* template.c - running a template over data: what is known now becomes text,
 * what depends on the reader becomes slots */
#include "condition_priv.h"
#include "filter_priv.h"
#include "program_priv.h"
#include "seen_priv.h"
#include "slot_priv.h"
#include "template_run_priv.h"

/* Texts made while a template runs: partials indented, values escaped. */
#define OUTPUT_MAX ((size_t)2 * 1024 * 1024)

/* The same of all templates of one letter, with what they put in that was made
 * before: an article is copied once for each box that stands around it. */
#define LETTER_MAX ((size_t)64 * 1024 * 1024)

/* Tags carried out: partials that call each other twice would double them
 * thirty-two times over without writing a byte. */
#define TAGS_MAX 250000

/* Half of what a program may nest: the parts put in have their own. */
#define READER_SECTIONS (PROGRAM_NESTING_MAX / 2)

int run_place(const struct run *run, const struct tag *tag, struct err *err)
{
	return source_place(&run->page->source, tag->line, tag->column, err);
}

static struct field_source source_in(const struct run *run,
				     const struct scope *scope)
{
	return (struct field_source){ scope, run->fields, run->arena,
				      run->plain };
}

static int count_output(struct run *run, size_t more, struct err *err)
{
	run->from->output += more;
	if (run->from->output <= LETTER_MAX)
		return 0;
	err_set(err, ERR_INPUT,
		"the templates of a letter make more than 64 "
		"MiB");
	return err_hint(err, "look for one that puts in the same content again "
			     "and again");
}

static int emit(struct run *run, struct str text, struct err *err)
{
	run->output += text.len;
	if (run->output > OUTPUT_MAX)
		return err_set(err, ERR_INPUT,
			       "the template makes more than 2 MiB");
	if (count_output(run, text.len, err) < 0)
		return -1;
	if (run->html)
		position_feed(&run->position, text);
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
	if (field_slot(expr, field, context, run->draft, err) < 0)
		return -1;
	if (run->html)
		position_feed_slot(&run->position, context);
	return 0;
}

static int emit_address(struct run *run, const struct draft *draft,
			const struct field_expr *expr, struct err *err)
{
	enum slot_context context = SLOT_HTML;

	if (count_output(run, draft_size(draft), err) < 0)
		return -1;
	if (!draft_has_slots(draft)) {
		draft_append(run->draft, draft);
		return 0;
	}
	if (!position_in_address(&run->position, &context) ||
	    context != SLOT_HREF)
		return err_set(err, ERR_INPUT,
			       "'" STR_FMT "' is an address with a reader's "
			       "field: it may only be a whole href or src",
			       STR_ARG(expr->name));
	draft_append(run->draft, draft);
	position_feed_slot(&run->position, SLOT_HREF);
	return 0;
}

/* With a reader's words in it, a draft is text wherever it stands. */
static int emit_draft(struct run *run, const struct draft *draft, bool raw,
		      const struct field_expr *expr, struct err *err)
{
	enum slot_context context = SLOT_HTML;

	if (expr->filters.len > 0)
		return err_set(err, ERR_INPUT, "'" STR_FMT "' takes no filter",
			       STR_ARG(expr->name));
	if (run->html && !raw)
		return err_set(err, ERR_INPUT,
			       "'" STR_FMT "' is HTML of our own: write it in "
			       "three braces",
			       STR_ARG(expr->name));
	if (run->html && draft_has_slots(draft) &&
	    position_context(&run->position, &context, err) < 0)
		return -1;
	if (context != SLOT_HTML)
		return err_set(err, ERR_INPUT,
			       "'" STR_FMT "' may not be in an address",
			       STR_ARG(expr->name));
	if (count_output(run, draft_size(draft), err) < 0)
		return -1;
	draft_append(run->draft, draft);
	return 0;
}

/* Mustache's own way: a text goes in byte by byte, but for what HTML means
 * something by. */
static int emit_plain(struct run *run, const struct value *value,
		      const struct field_expr *expr, bool raw, struct err *err)
{
	struct str text = expr->standard;

	if (value && value->kind == VALUE_BOOL)
		text = value->truth ? STR("true") : STR("false");
	else if (value && value->text.len > 0)
		text = value->text;
	text = filter_apply(expr->filters, text, run->arena);
	return emit(run, raw ? text : slot_entities(text, run->arena), err);
}

static int emit_known(struct run *run, const struct value *value,
		      const struct field_expr *expr, bool raw, struct err *err)
{
	enum slot_context context = SLOT_TEXT;
	struct str text;

	if (value->kind == VALUE_DRAFT && value->address && run->html && raw)
		return emit_address(run, value->draft, expr, err);
	if (value->kind == VALUE_DRAFT)
		return emit_draft(run, value->draft, raw, expr, err);
	if (run->html && !raw && !position_in_address(&run->position, &context))
		context = SLOT_HTML;
	if (field_known(expr, value, context, run->arena, &text, err) < 0)
		return -1;
	return emit(run, text, err);
}

static int run_field(struct run *run, const struct tag *tag,
		     const struct scope *scope, struct err *err)
{
	struct field_source from = source_in(run, scope);
	bool raw = tag->kind == TAG_RAW;
	const struct value *value;
	struct field_expr expr;
	enum field field;
	int is_reader;

	if (field_parse(tag->text, &from, &expr, err) < 0)
		return -1;
	value = scope_find(scope, expr.name);
	if (run->plain)
		return emit_plain(run, value, &expr, raw, err);
	if (value)
		return emit_known(run, value, &expr, raw, err);
	is_reader = field_of_reader(expr.name, run->fields, &field, err);
	if (is_reader < 0)
		return -1;
	if (!is_reader)
		return field_unknown(expr.name, &from, err);
	if (raw)
		return err_set(err, ERR_INPUT,
			       "a reader's field is never raw: write it in "
			       "two braces");
	return emit_slot(run, field, &expr, err);
}

/* --- sections ------------------------------------------------------------- */

static int run_list(struct run *run, const struct tag *tag,
		    const struct value *list, const struct scope *scope,
		    struct err *err)
{
	for (const struct value *v = list->first; v; v = v->next) {
		struct scope inner = { v, scope };

		if (run_tags(run, tag->first, &inner, err) < 0)
			return -1;
	}
	return 0;
}

static int run_known_section(struct run *run, const struct tag *tag,
			     const struct value *value,
			     const struct scope *scope, struct err *err)
{
	struct scope inner = { value, scope };

	if (tag->kind == TAG_INVERTED)
		return value_is_true(value)
			       ? 0
			       : run_tags(run, tag->first, scope, err);
	if (value->kind == VALUE_LIST)
		return run_list(run, tag, value, scope, err);
	if (!value_is_true(value))
		return 0;
	return run_tags(run, tag->first, &inner, err);
}

static int begin_condition(struct run *run, const struct tag *tag,
			   struct str test, struct err *err)
{
	if (run->reader_sections == READER_SECTIONS) {
		err_set(err, ERR_INPUT,
			"more than %d sections over readers' fields in each "
			"other",
			READER_SECTIONS);
		return run_place(run, tag, err);
	}
	run->reader_sections++;
	draft_if(run->draft, test);
	return 0;
}

/* What only each reader decides: both ways through must leave the page at the
 * same place, so the place is kept. */
static int run_condition(struct run *run, const struct tag *tag,
			 struct str test, const struct scope *scope,
			 struct err *err)
{
	struct position before = run->position;

	if (begin_condition(run, tag, test, err) < 0 ||
	    run_tags(run, tag->first, scope, err) < 0)
		return -1;
	if (tag->other) {
		struct position first = run->position;

		run->position = before;
		before = first;
		draft_else(run->draft);
		if (run_tags(run, tag->other, scope, err) < 0)
			return -1;
	}
	draft_end(run->draft);
	run->reader_sections--;
	if (!run->html || position_join(&run->position, &before))
		return 0;
	err_set(err, ERR_INPUT,
		"a section over a reader's field must end in the same tag, "
		"attribute or comment as it began in");
	err_hint(err, "put all of the tag into it, or let it begin and end "
		      "between tags");
	return run_place(run, tag, err);
}

static int run_section(struct run *run, const struct tag *tag,
		       const struct scope *scope, struct err *err)
{
	const struct value *value = scope_find(scope, tag->text);
	struct field_source from = source_in(run, scope);
	enum field field;
	int is_reader;

	if (value)
		return run_known_section(run, tag, value, scope, err);
	if (run->plain)
		return tag->kind == TAG_INVERTED
			       ? run_tags(run, tag->first, scope, err)
			       : 0;
	is_reader = field_of_reader(tag->text, run->fields, &field, err);
	if (is_reader < 0)
		return run_place(run, tag, err);
	if (!is_reader) {
		field_unknown(tag->text, &from, err);
		return run_place(run, tag, err);
	}
	return run_condition(
		run, tag,
		condition_present(field, tag->kind == TAG_SECTION, run->arena),
		scope, err);
}

static int run_if(struct run *run, const struct tag *tag,
		  const struct scope *scope, struct err *err)
{
	struct field_source from = source_in(run, scope);
	struct str test;

	if (condition_parse(tag->text, tag->kind == TAG_IF, &from, &test, err) <
	    0)
		return run_place(run, tag, err);
	if (!condition_is_decided(test))
		return run_condition(run, tag, test, scope, err);
	return run_tags(run,
			condition_holds(test, NULL) ? tag->first : tag->other,
			scope, err);
}

/* --- all ------------------------------------------------------------------ */

static int run_tag(struct run *run, const struct tag *tag,
		   const struct scope *scope, struct err *err)
{
	switch (tag->kind) {
	case TAG_TEXT:
		return emit(run, tag->text, err);
	case TAG_FIELD:
	case TAG_RAW:
		return run_field(run, tag, scope, err);
	case TAG_SECTION:
	case TAG_INVERTED:
		return run_section(run, tag, scope, err);
	case TAG_IF:
	case TAG_UNLESS:
		return run_if(run, tag, scope, err);
	case TAG_PARTIAL:
		return run_file(run, tag->text, tag->indent, scope, err);
	case TAG_PARENT:
		return run_parent(run, tag, scope, err);
	case TAG_BLOCK:
		return run_block(run, tag, scope, err);
	}
	return 0;
}

int run_tags(struct run *run, const struct tag *tag, const struct scope *scope,
	     struct err *err)
{
	for (; tag; tag = tag->next) {
		const struct page *page = run->page;

		if (++run->tags > TAGS_MAX) {
			err_set(err, ERR_INPUT,
				"the template runs more than %d tags",
				TAGS_MAX);
			err_hint(err, "look for partials that call each other");
			return run_place(run, tag, err);
		}
		if (run_tag(run, tag, scope, err) == 0)
			continue;
		/* What went wrong further in has said where. */
		run->page = page;
		return err->place[0] ? -1 : run_place(run, tag, err);
	}
	return 0;
}

static struct run run_of(struct templates *from, struct arena *arena,
			 struct draft *draft)
{
	return (struct run){ .from = from,
			     .medium = "",
			     .arena = arena,
			     .draft = draft,
			     .plain = from->plain };
}

struct templates *templates_new(const char *dir, const char *theme,
				struct arena *arena)
{
	struct templates *templates = arena_new_of(arena, struct templates);

	templates->dir = dir;
	templates->theme = theme;
	templates->arena = arena;
	templates->pages = seen_new(arena);
	return templates;
}

int template_run(struct templates *from, const char *medium, const char *name,
		 const struct value *data, struct fields_known *fields,
		 struct arena *arena, struct draft *draft, struct err *err)
{
	struct scope scope = { data, NULL };
	struct run run = run_of(from, arena, draft);

	run.innermost = &run.outermost;
	run.medium = medium;
	run.fields = fields;
	run.html = str_ends(str_of(name), STR(".html"));
	return run_file(&run, str_of(name), STR_NONE, &scope, err);
}

int template_plain(struct str text, const char *name, const char *partials,
		   const struct value *data, struct arena *arena,
		   struct draft *draft, struct err *err)
{
	struct templates *from = templates_new(partials, "", arena);
	struct scope scope = { data, NULL };
	struct source source = source_of(name, text);
	struct run run;

	from->plain = true;
	run = run_of(from, arena, draft);
	run.innermost = &run.outermost;
	return run_source(&run, &source, STR("\n"), &scope, err);
}
