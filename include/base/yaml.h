/* yaml.h - a YAML document as a tree that knows its lines
 *
 * One document, no anchors, aliases, tags or merge keys (they are refused by
 * name and place), no duplicate keys, at most 64 deep and 100,000 nodes.
 * Scalars keep their text; what type a scalar is, is for the reader to say.
 */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum yaml_kind { YAML_SCALAR, YAML_MAP, YAML_SEQ };

struct yaml {
	enum yaml_kind kind;
	struct str key;		/* in a map: the name it stands under */
	struct str text;	/* of a scalar; NUL behind it */
	bool plain;		/* a scalar without quotes: null, 3, yes ... */
	int line, column;	/* of the value, from 1 */
	int key_line, key_column;
	struct yaml *first;	/* of a map or sequence */
	struct yaml *next;	/* sibling */
	size_t count;		/* children */
};

/* Parse `text`. `name` and `first_line` (1 for a whole file) make the places
 * in errors: "NAME:LINE:COLUMN". An empty document gives an empty map. */
int yaml_parse(struct str text, const char *name, int first_line,
	       struct arena *arena, struct yaml **root_out, struct err *err);

/* The value under `key`, or NULL. */
const struct yaml *yaml_get(const struct yaml *map, struct str key);

/* An unquoted empty value, "~" or "null". */
bool yaml_is_null(const struct yaml *node);

/* true/false/yes/no/on/off in any case. False when it is none of them. */
bool yaml_bool(const struct yaml *node, bool *value_out);

#endif
