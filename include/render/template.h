/* template.h - Mustache templates, from the publication or built in
 *
 * Variables, sections, inverted sections, partials, comments, set delimiters
 * (Mustache specification), and `{{field | default "text"}}` with the filters
 * default, upper, lower and title. Data known when the issue is made is filled
 * in at once; fields of the reader become slots; anything unknown is an error
 * with file, line, column and the nearest name.
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
void value_set(struct value *map, struct arena *arena, const char *name,
	       struct value *child);
void value_push(struct value *list, struct arena *arena, struct value *child);

/* A template's output before it is encoded: texts, slots, ifs, in order. */
struct draft *draft_new(struct arena *arena);
void draft_text(struct draft *draft, struct str text);
void draft_slot(struct draft *draft, enum field field,
		enum slot_context context, enum slot_filter filter,
		struct str standard);
void draft_if(struct draft *draft, enum field field, bool present);
void draft_wrap(struct draft *draft, struct str first, struct str rest);
void draft_end(struct draft *draft);
void draft_append(struct draft *draft, const struct draft *other);
/* Into a builder; literals are joined before they are encoded. False when one
 * of them is larger than a program may be. */
bool draft_build(const struct draft *draft, struct program_builder *builder);
/* Something in it depends on the reader. */
bool draft_has_slots(const struct draft *draft);
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

/* Run template `name` ("letter.html"): DIR/templates/NAME when it is there
 * (below the folder only), else the built-in one. Partials likewise. In .html
 * values are escaped for HTML, in .txt not at all. */
int template_run(const char *dir, const char *name, const struct value *data,
		 struct fields_known *fields, struct arena *arena,
		 struct draft *draft, struct err *err);

#endif
