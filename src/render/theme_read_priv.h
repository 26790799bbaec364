/* theme_read_priv.h - reading one token: what theme_read.c and theme_type.c
 * share
 *
 * A function that refuses says what is wrong, where, and what would do.
 */
#ifndef THEME_READ_PRIV_H
#define THEME_READ_PRIV_H

#include "base/yaml.h"
#include "theme_priv.h"

struct reading {
	struct theme_tokens *tokens;
	const char *file;
	struct arena *arena;
};

extern const char *const theme_colour_names[COLOUR_COUNT];

/* Where the node's value stands. */
struct theme_place token_place(const struct reading *r,
			       const struct yaml *node);

/* Adds that place to what is in `err`. Returns -1. */
int token_refuse(const struct reading *r, const struct yaml *node,
		 struct err *err);

/* The number of the node's key among `names`, or -1. */
int token_key(const struct reading *r, const struct yaml *node,
	      const char *what, const char *const *names, int count,
	      struct err *err);

/* Is it a map? */
int token_map(const struct reading *r, const struct yaml *node,
	      struct err *err);

/* One of `names`, as a value: its number or -1. */
int token_choice(const struct reading *r, const struct yaml *node,
		 const char *const *names, int count, struct err *err);

/* One of two words: is it the other one? */
int token_pair(const struct reading *r, const struct yaml *node,
	       const char *plain, const char *other, bool *out,
	       struct err *err);

int token_number(const struct reading *r, const struct yaml *node, int low,
		 int high, int *out, struct err *err);

/* What stands under `fonts` and `faces` (theme_type.c). */
int token_fonts(const struct reading *r, const struct yaml *node,
		struct err *err);
int token_faces(const struct reading *r, const struct yaml *node,
		struct err *err);

#endif
