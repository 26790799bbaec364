/* value_priv.h - the tree of data that templates ask */
#ifndef VALUE_PRIV_H
#define VALUE_PRIV_H

#include "render/template.h"

enum value_kind { VALUE_MAP, VALUE_LIST, VALUE_TEXT, VALUE_BOOL, VALUE_DRAFT };

struct seen;

struct value {
	enum value_kind kind;
	struct str name; /* in a map */
	struct str text;
	bool truth;
	const struct draft *draft;
	bool address;		    /* the draft is one, from its beginning */
	struct value *first, *last; /* children */
	struct seen *index;	    /* of a map: by name, once it is large */
	size_t count;
	struct value *next; /* sibling */
};

/* What a dotted name looks through: the innermost section first. */
struct scope {
	const struct value *value;
	const struct scope *outer;
};

/* The child `name` of a map, or NULL. */
const struct value *value_get(const struct value *map, struct str name);

/* "a.b.c" or ".": the first part is searched from the inside out, the rest
 * strictly within what was found. NULL when there is none. */
const struct value *scope_find(const struct scope *scope, struct str name);

/* The name in reach that is most like `name`, or STR_NONE. */
struct str scope_nearest(const struct scope *scope, struct str name,
			 struct arena *arena);

/* False, an empty text and an empty list do not open a section. */
bool value_is_true(const struct value *value);

#endif
