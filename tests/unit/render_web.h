/* render_web.h - an issue's page for tests, and whether it is well formed */
#ifndef RENDER_WEB_H
#define RENDER_WEB_H

#include "render_rig.h"

static inline struct str page_of(struct rig *rig, const char *markdown)
{
	struct str page;

	rig_markdown(rig, markdown);
	if (render_web(&rig->input, rig->arena, &page, &rig->err) < 0)
		fail_msg("%s: %s (%s)", rig->err.place, rig->err.message,
			 rig->err.hint);
	return page;
}

/* The article alone. */
static inline struct str body_of(struct rig *rig, const char *markdown)
{
	struct str body;

	rig_markdown(rig, markdown);
	if (render_body(&rig->input, "web", rig->arena, &body, &rig->err) < 0)
		fail_msg("%s: %s (%s)", rig->err.place, rig->err.message,
			 rig->err.hint);
	return body;
}

/* --- well-formedness ------------------------------------------------------ */

/* Elements that have no end tag. */
static inline bool is_void(struct str name)
{
	static const char *const names[] = { "img",  "br",   "hr",
					     "meta", "link", "!DOCTYPE" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_eqz(name, names[i]))
			return true;
	return false;
}

static inline struct str name_of(struct str tag)
{
	size_t n = 0;

	while (n < tag.len && tag.at[n] != ' ')
		n++;
	return str_head(tag, n);
}

/* The value of `name="..."` in a tag, or nothing. */
static inline struct str attribute(struct rig *rig, struct str tag,
				   const char *name)
{
	struct str begin = arena_fmt(rig->arena, " %s=\"", name);
	ptrdiff_t at = str_find_str(tag, begin);
	struct str rest;

	if (at < 0)
		return STR_NONE;
	return str_cut(str_skip(tag, (size_t)at + begin.len), '"', &rest);
}

static inline size_t count(struct str page, struct str piece)
{
	size_t n = 0;
	ptrdiff_t at;

	while ((at = str_find_str(page, piece)) >= 0) {
		page = str_skip(page, (size_t)at + piece.len);
		n++;
	}
	return n;
}

static inline void check_ids(struct rig *rig, struct str page, struct str tag)
{
	struct str id = attribute(rig, tag, "id");
	struct str href = attribute(rig, tag, "href");

	if (id.len > 0)
		assert_int_equal(
			count(page, arena_fmt(rig->arena, " id=\"" STR_FMT "\"",
					      STR_ARG(id))),
			1);
	if (str_starts(href, STR("#")))
		rig_holds(page, arena_fmt(rig->arena, " id=\"" STR_FMT "\"",
					  STR_ARG(str_skip(href, 1)))
					.at);
	if (str_find_str(tag, STR(" style=")) >= 0)
		fail_msg("a style in <" STR_FMT ">", STR_ARG(tag));
}

static inline void check_tag(struct rig *rig, struct str page, struct str tag,
			     struct str *open, size_t *depth)
{
	struct str name = name_of(tag);

	check_ids(rig, page, tag);
	if (is_void(name))
		return;
	if (!str_starts(tag, STR("/"))) {
		assert_true(*depth < 100);
		open[(*depth)++] = name;
		return;
	}
	assert_true(*depth > 0);
	name = str_skip(name, 1);
	if (!str_eq(open[--*depth], name))
		fail_msg("</" STR_FMT "> ends <" STR_FMT "> in:\n" STR_FMT,
			 STR_ARG(name), STR_ARG(open[*depth]), STR_ARG(page));
}

/* Each tag is closed where it was opened, each id is there once, each link
 * within the page has its target, and no element has a style of its own. */
static inline void check_page(struct rig *rig, struct str page)
{
	struct str open[100];
	struct str rest = page;
	size_t depth = 0;
	ptrdiff_t at;

	while ((at = str_find(rest, '<')) >= 0) {
		struct str tag = str_cut(str_skip(rest, (size_t)at + 1), '>',
					 &rest);

		check_tag(rig, page, tag, open, &depth);
		if (!str_eqz(tag, "style"))
			continue;
		at = str_find_str(rest, STR("</style>"));
		assert_true(at > 0);
		rest = str_skip(rest, (size_t)at);
	}
	assert_int_equal(depth, 0);
}

#endif
