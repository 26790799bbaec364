/* template.h - Mustache templates, from the publication or built in
 *
 * All of Mustache's specification and its inheritance, and in the places that
 * it leaves free `{{field | default "text"}}` with the filters upper, lower,
 * title, date, truncate and url, `{{#if a == "b" and not c}}`, `{{else}}` and
 * `{{#unless a}}`. Data known when the issue is made is filled in at once;
 * fields of the reader become slots; anything unknown is an error with file,
 * line, column and the nearest name.
 */
#ifndef RENDER_TEMPLATE_H
#define RENDER_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "render/program.h"

/* What a template may ask for: a tree made by the caller. */
struct value;

/* Empty, or with their content; texts are borrowed. */
struct value *value_map(struct arena *arena);
struct value *value_list(struct arena *arena);
struct value *value_text(struct arena *arena, struct str text);
struct value *value_bool(struct arena *arena, bool truth);
/* HTML of our own making, with slots: only `{{{name}}}` may take it. */
struct draft;
struct value *value_draft(struct arena *arena, const struct draft *draft);
/* The same, and a whole address: it begins an href or src, and a reader's
 * fields in it are escaped for there. */
struct value *value_address(struct arena *arena, const struct draft *draft);
/* In place of a child of that name, where there is one. */
void value_set(struct value *map, struct arena *arena, const char *name,
	       struct value *child);
void value_push(struct value *list, struct value *child);

/* A template's output before it is encoded: texts, slots, ifs, in order. */
struct draft *draft_new(struct arena *arena);
void draft_text(struct draft *draft, struct str text);
void draft_slot(struct draft *draft, enum field field,
		enum slot_context context, struct str filters,
		struct str standard);
/* Close both with draft_end(). What a condition that is decided already leaves
 * out is in no program. */
void draft_if(struct draft *draft, struct str test);
void draft_else(struct draft *draft); /* only right within an if */
void draft_wrap(struct draft *draft, struct str first, struct str rest);
void draft_end(struct draft *draft);
void draft_append(struct draft *draft, const struct draft *other);
/* The lines of a draft, one a call, without their line feeds; `at` is zeroed
 * before the first. Beginnings and ends of what goes over several lines stand
 * between them: such a call appends them to `to`, and *line_out is NULL. False
 * behind the last. */
struct draft_at { const struct piece *piece; size_t offset; bool done; };
bool draft_line(const struct draft *from, struct draft_at *at,
		struct draft *to, struct draft **line_out);
/* Take `text` out, at the beginning or where it first stands within one piece;
 * false: it is not there. */
bool draft_cut(struct draft *draft, struct str text, bool anywhere);
/* Into a builder; literals are joined before they are encoded. False when one
 * of them is larger than a program may be. */
bool draft_build(const struct draft *draft, struct program_builder *builder);
/* Something in it depends on the reader. */
bool draft_has_slots(const struct draft *draft);
/* Every reader gets something of it, be it a slot's default. */
bool draft_gives_all(const struct draft *draft);
/* As what a reader gets of whom nothing is known: slots give their defaults,
 * filtered and escaped as ever, an `if` is decided. `out` may be over then. */
void draft_write(const struct draft *draft, struct buf *out);
/* The same of a part of a letter, such as a paragraph; in `arena`. */
struct str draft_plain(const struct draft *draft, struct arena *arena);

/* The source between the braces of a merge field, as an article or a subject
 * has it: `subscriber.first_name | default "friend"`. What is known now is
 * added to `draft` as text escaped for `context`; a reader's field as a slot.
 * `place` is "x.md:12:3". */
struct fields_known {		/* declared attributes, in order of use */
	const struct str *declared;
	size_t declared_count;
	struct str used[FIELD_ATTRIBUTES_MAX];
	size_t used_count;
};
int template_field(struct str source, const char *place,
		   const struct value *data, struct fields_known *fields,
		   enum slot_context context, struct arena *arena,
		   struct draft *draft, struct err *err);

/* A plain text with {{fields}} in it, such as a subject; "\{{" is "{{". */
int template_inline(struct str text, const char *place,
		    const struct value *data, struct fields_known *fields,
		    enum slot_context context, struct arena *arena,
		    struct draft *draft, struct err *err);

/* The templates of publication `dir` in one theme. Each is read and parsed
 * once; what is kept lives in `arena`. Both texts must outlive it. */
struct templates;
struct templates *templates_new(const char *dir, const char *theme,
				struct arena *arena);

/* Run template `name` ("letter.html") of `medium`, which is "mail", "text" or
 * "web": DIR/templates/MEDIUM/NAME when it is there (below the folder only),
 * else the theme's built-in one, else the one of all themes. Partials
 * likewise, of the same medium. In .html values are escaped for HTML, in .txt
 * not at all. */
int template_run(struct templates *from, const char *medium, const char *name,
		 const struct value *data, struct fields_known *fields,
		 struct arena *arena, struct draft *draft, struct err *err);

/* Mustache by itself: any name will do, and what is unknown is empty. A
 * partial is NAME.mustache, else NAME.html, in the folder `partials` (NULL:
 * there are none), else empty. `name` is for places. Values are escaped for
 * HTML. */
int template_plain(struct str text, const char *name, const char *partials,
		   const struct value *data, struct arena *arena,
		   struct draft *draft, struct err *err);

/* What was parsed as JSON; its texts are copied. */
struct json;
struct value *value_json(struct arena *arena, const struct json *json);

#endif
