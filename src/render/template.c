/* template.c - running a template over data: what is known now becomes text,
 * what depends on the reader becomes slots */
#include "field_priv.h"
#include "position_priv.h"
#include "program_priv.h"
#include "seen_priv.h"
#include "template_priv.h"

/* Texts made while a template runs: partials indented, values escaped. */
#define OUTPUT_MAX ((size_t)2 * 1024 * 1024)

/* Tags carried out: partials that call each other twice would double them
 * thirty-two times over without writing a byte. */
#define TAGS_MAX 250000

/* Half of what a program may nest: the parts put in have their own. */
#define READER_SECTIONS (PROGRAM_NESTING_MAX / 2)

struct run {
	const char *dir;
	struct arena *arena;
	struct fields_known *fields;
	struct draft *draft;
	bool html;
	struct position position;
	struct seen *pages; /* read already, by name and indent */
	int partials;	    /* open inside each other */
	int reader_sections;
	size_t output, tags;
};

struct page { /* the file a tag stands in */
	const char *name;
	struct run *run;
	struct tag *first;
};

static int run_tags(struct page *page, const struct tag *tag,
		    const struct scope *scope, struct err *err);

static int at_tag(const struct page *page, const struct tag *tag,
		  struct err *err)
{
	return err_place(err, "templates/%s:%d:%d", page->name, tag->line,
			 tag->column);
}

static int too_large(struct err *err)
{
	return err_set(err, ERR_INPUT, "the template makes more than 2 MiB");
}

static int emit(struct run *run, struct str text, struct err *err)
{
	run->output += text.len;
	if (run->output > OUTPUT_MAX)
		return too_large(err);
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

/* With a reader's words in it, a draft is text wherever it stands. */
static int emit_draft(struct run *run, const struct draft *draft, bool raw,
		      const struct field_expr *expr, struct err *err)
{
	enum slot_context context = SLOT_HTML;

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
	draft_append(run->draft, draft);
	return 0;
}

static int emit_known(struct run *run, const struct value *value,
		      const struct field_expr *expr, bool raw, struct err *err)
{
	enum slot_context context = SLOT_TEXT;
	struct str text;

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

	if (run->reader_sections == READER_SECTIONS) {
		err_set(err, ERR_INPUT,
			"more than %d sections over readers' fields in each "
			"other",
			READER_SECTIONS);
		return at_tag(page, tag, err);
	}
	run->reader_sections++;
	draft_if(run->draft, field, tag->kind == TAG_SECTION);
	if (run_tags(page, tag->first, scope, err) < 0)
		return -1;
	draft_end(run->draft);
	run->reader_sections--;
	if (!run->html || position_join(&run->position, &before))
		return 0;
	err_set(err, ERR_INPUT,
		"a section over a reader's field must close the tags that it "
		"opens");
	return at_tag(page, tag, err);
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
static int indented(struct str *text, struct str indent, struct arena *arena,
		    struct err *err)
{
	struct str rest = *text;
	struct buf out;
	bool over;

	if (indent.len == 0)
		return 0;
	buf_init(&out, OUTPUT_MAX);
	while (rest.len > 0) {
		ptrdiff_t end = str_find(rest, '\n');
		size_t line = end < 0 ? rest.len : (size_t)end + 1;

		buf_add(&out, indent);
		buf_add(&out, str_head(rest, line));
		rest = str_skip(rest, line);
	}
	over = buf_over(&out);
	*text = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return over ? too_large(err) : 0;
}

static int read_page(struct run *run, struct str name, struct str indent,
		     struct page **page_out, struct err *err)
{
	struct page *page = arena_new_of(run->arena, struct page);
	struct str text;

	if (template_text(run->dir, name, run->arena, &text, err) < 0 ||
	    indented(&text, indent, run->arena, err) < 0)
		return -1;
	page->name = arena_z(run->arena, name);
	page->run = run;
	if (template_parse(text,
			   arena_fmt(run->arena, "templates/%s", page->name).at,
			   run->arena, &page->first, err) < 0)
		return -1;
	*page_out = page;
	return 0;
}

static int run_page(struct run *run, struct str name, struct str indent,
		    const struct scope *scope, struct err *err)
{
	/* A file's name has no line feed in it. */
	struct str key = arena_fmt(run->arena, STR_FMT "\n" STR_FMT,
				   STR_ARG(name), STR_ARG(indent));
	void **known = seen_at(run->pages, key);
	struct page *page = *known;

	if (run->partials == TEMPLATE_PARTIALS)
		return err_set(err, ERR_INPUT,
			       "more than %d partials in each other",
			       TEMPLATE_PARTIALS);
	if (!page && read_page(run, name, indent, &page, err) < 0)
		return -1;
	*known = page;
	run->partials++;
	if (run_tags(page, page->first, scope, err) < 0)
		return -1;
	run->partials--;
	return 0;
}

/* --- all ------------------------------------------------------------------ */

static int run_tag(struct page *page, const struct tag *tag,
		   const struct scope *scope, struct err *err)
{
	struct run *run = page->run;

	if (++run->tags > TAGS_MAX) {
		err_set(err, ERR_INPUT, "the template runs more than %d tags",
			TAGS_MAX);
		err_hint(err, "look for partials that call each other");
		return at_tag(page, tag, err);
	}
	switch (tag->kind) {
	case TAG_TEXT:
		return emit(run, tag->text, err) < 0 ? at_tag(page, tag, err)
						     : 0;
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
			   .pages = seen_new(arena),
			   .html = str_ends(str_of(name), STR(".html")) };

	return run_page(&run, str_of(name), STR_NONE, &scope, err);
}
