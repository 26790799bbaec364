/* field_priv.h - the words between the braces of a merge field */
#ifndef FIELD_PRIV_H
#define FIELD_PRIV_H

#include <stdbool.h>

#include "render/template.h"
#include "value_priv.h"

struct field_expr {
	struct str name;     /* "subscriber.first_name" */
	struct str standard; /* after `default`, without its quotes */
	bool has_standard;
	struct str filters; /* as filter_priv.h has them */
};

/* Where a field is looked for. */
struct field_source {
	const struct scope *scope;
	struct fields_known *fields; /* NULL: there is no reader */
	struct arena *arena;
	bool plain; /* any name will do, and what is unknown is empty */
};

/* Letters, digits, "_" and "-", with single dots between; or "." alone. */
bool field_is_name(struct str s);

/* `name | default "x" | upper`. ERR_INPUT with what is wrong; the caller adds
 * the place. */
int field_parse(struct str source, const struct field_source *from,
		struct field_expr *expr_out, struct err *err);

/* A text in quotes at the start of `s`, which moves behind it: either of `"`
 * and `'`, nothing is escaped inside. False when there is none. */
bool field_quoted(struct str *s, struct str *text_out);

/* The reader's field that `name` means: 1 and *field_out, 0 when it is none.
 * -1 for an attribute that is not declared, or one too many. */
int field_of_reader(struct str name, struct fields_known *fields,
		    enum field *field_out, struct err *err);

/* A reader's field as a slot of `draft`. ERR_INPUT where it may not stand: a
 * whole address is only ours to give, never a subscriber's word; in a subject
 * a field has a default. */
int field_slot(const struct field_expr *expr, enum field field,
	       enum slot_context context, struct draft *draft, struct err *err);

/* A field that is known now, as it must stand in `context`; in `arena`. A
 * whole address is one of links.* or another of ours. */
int field_known(const struct field_expr *expr, const struct value *value,
		enum slot_context context, struct arena *arena,
		struct str *text_out, struct err *err);

/* "no field 'x'" with the nearest name. Returns -1. */
int field_unknown(struct str name, const struct field_source *from,
		  struct err *err);

/* --- draft.c, beside what render/template.h has */

/* The innermost begin without an end is an IF; and has no else yet. */
bool draft_in_if(const struct draft *draft);
bool draft_may_else(const struct draft *draft);
int draft_depth(const struct draft *draft); /* begins without their ends */
/* What it takes to copy it: its texts, and something for each piece. */
size_t draft_size(const struct draft *draft);
struct arena *draft_arena(const struct draft *draft);

/* "#if ..." and "#unless ...", "else", "/if" and "/unless": what a tag of a
 * text without a template says of conditions. */
enum field_mark { MARK_NONE, MARK_IF, MARK_UNLESS, MARK_ELSE, MARK_END };
enum field_mark field_mark(struct str source, struct str *test_out);

#endif
