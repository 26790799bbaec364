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
	enum slot_filter filter;
};

/* `name | default "x" | upper`. ERR_INPUT with what is wrong; the caller adds
 * the place. */
int field_parse(struct str source, struct field_expr *expr_out,
		struct err *err);

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
int field_unknown(struct str name, const struct scope *scope,
		  const struct fields_known *fields, struct arena *arena,
		  struct err *err);

#endif
