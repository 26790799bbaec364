/* nearest.h - "did you mean ...?" */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

#include "base/str.h"

/* The name among `names` closest to `word` (Damerau-Levenshtein, prefix
 * counts as close), or STR_NONE when none is close enough to suggest. */
struct str nearest(struct str word, const struct str *names, size_t count);

#endif
