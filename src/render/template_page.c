/* template_page.c - partials, and parents with their blocks */
#include "seen_priv.h"
#include "template_run_priv.h"

static int parsed(struct run *run, const struct source *source, void **known,
		  struct err *err)
{
	struct page *page = arena_new_of(run->from->arena, struct page);

	page->source = *source;
	if (template_parse(&page->source, run->from->arena, &page->first, err) <
	    0)
		return -1;
	*known = page;
	return 0;
}

static int run_page(struct run *run, const struct page *page,
		    const struct scope *scope, struct err *err)
{
	const struct page *before = run->page;

	if (run->partials == TEMPLATE_PARTIALS)
		return err_set(err, ERR_INPUT,
			       "more than %d partials in each other",
			       TEMPLATE_PARTIALS);
	run->partials++;
	run->page = page;
	if (run_tags(run, page->first, scope, err) < 0)
		return -1;
	run->page = before;
	run->partials--;
	return 0;
}

/* --- files ---------------------------------------------------------------- */

static int read_file(struct run *run, struct str name, struct str indent,
		     struct source *source, struct err *err)
{
	struct arena *arena = run->from->arena;
	struct str text, file = STR_NONE;
	const char *place;

	if (run->plain) {
		if (template_partial(run->from->dir, name, arena, &text, &file,
				     err) < 0)
			return -1;
		place = file.at;
	} else {
		if (template_text(run->from, run->medium, name, arena, &text,
				  err) < 0)
			return -1;
		place = arena_fmt(arena, "templates/%s/" STR_FMT, run->medium,
				  STR_ARG(name))
				.at;
	}
	*source = source_of(place, text);
	return source_moved(source, 0, indent, true, arena, err);
}

int run_file(struct run *run, struct str name, struct str indent,
	     const struct scope *scope, struct err *err)
{
	/* A file's name has no line feed in it. */
	struct str key = arena_fmt(run->from->arena, "%s/" STR_FMT "\n" STR_FMT,
				   run->medium, STR_ARG(name), STR_ARG(indent));
	void **known = seen_at(run->from->pages, key);
	struct source source;

	if (!*known && (read_file(run, name, indent, &source, err) < 0 ||
			parsed(run, &source, known, err) < 0))
		return -1;
	return run_page(run, *known, scope, err);
}

/* --- parents and blocks --------------------------------------------------- */

int run_parent(struct run *run, const struct tag *tag,
	       const struct scope *scope, struct err *err)
{
	struct heir heir = { .parent = tag };
	struct heir **before = run->innermost;

	*before = &heir;
	run->innermost = &heir.inner;
	if (run_file(run, tag->text, tag->indent, scope, err) < 0)
		return -1;
	run->innermost = before;
	*before = NULL;
	return 0;
}

static bool is_active(const struct run *run, const struct tag *block)
{
	for (const struct active *a = run->active; a; a = a->outer)
		if (a->block == block)
			return true;
	return false;
}

/* The block `name` of a parent: the first, or the one after `before`. */
static const struct tag *block_of(const struct tag *parent, struct str name,
				  const struct tag *before)
{
	const struct tag *t = before ? before->next : parent->first;

	if (parent->blocks)
		return before ? before->namesake
			      : seen_get(parent->blocks, name);
	while (t && (t->kind != TAG_BLOCK || !str_eq(t->text, name)))
		t = t->next;
	return t;
}

/* What takes the block's place: the first that inherits has the word. */
static const struct tag *override_of(const struct run *run, struct str name)
{
	for (const struct heir *h = run->outermost; h; h = h->inner) {
		const struct tag *t = block_of(h->parent, name, NULL);

		while (t && is_active(run, t))
			t = block_of(h->parent, name, t);
		if (t)
			return t;
	}
	return NULL;
}

/* The lines of `block` where `site` stands: without the indentation that they
 * have at home, with that of the place. */
static int settled(struct run *run, const struct tag *block,
		   const struct tag *site, struct source *source,
		   struct err *err)
{
	struct str indent = site->indent;
	size_t home = 0;

	*source = *block->inside;
	if (block->alone)
		home = source_indent(source->text).len;
	if (site->alone && str_trim(site->inside->text).len > 0)
		indent = source_indent(site->inside->text);
	if (site->alone && source->text.len > 0 &&
	    !str_ends(source->text, STR("\n")))
		source->text = arena_fmt(run->from->arena, STR_FMT "\n",
					 STR_ARG(source->text));
	else if (!site->alone && site->own_line &&
		 str_ends(source->text, STR("\n")))
		source->text.len--;
	return source_moved(source, home, indent, site->alone, run->from->arena,
			    err);
}

static int run_override(struct run *run, const struct tag *block,
			const struct tag *site, const struct scope *scope,
			struct err *err)
{
	struct active active = { block, run->active };
	struct str key = arena_fmt(run->from->arena, "\n%p\n%p",
				   (const void *)block, (const void *)site);
	void **known = seen_at(run->from->pages, key);
	struct source source;

	if (!*known && (settled(run, block, site, &source, err) < 0 ||
			parsed(run, &source, known, err) < 0))
		return -1;
	run->active = &active;
	if (run_page(run, *known, scope, err) < 0)
		return -1;
	run->active = active.outer;
	return 0;
}

int run_block(struct run *run, const struct tag *tag, const struct scope *scope,
	      struct err *err)
{
	const struct tag *block = override_of(run, tag->text);

	if (block)
		return run_override(run, block, tag, scope, err);
	return run_tags(run, tag->first, scope, err);
}

int run_source(struct run *run, const struct source *source, struct str key,
	       const struct scope *scope, struct err *err)
{
	void **known = seen_at(run->from->pages, key);

	if (!*known && parsed(run, source, known, err) < 0)
		return -1;
	return run_page(run, *known, scope, err);
}
