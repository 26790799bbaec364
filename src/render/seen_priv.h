/* seen_priv.h - what was met before, found by its name at once
 *
 * An article may have sixty thousand links; a walk through all of them for
 * each would take seconds.
 */
#ifndef SEEN_PRIV_H
#define SEEN_PRIV_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct seen;

/* Lives in `arena`. */
struct seen *seen_new(struct arena *arena);

/* Where the thing named `key` is kept: NULL stands there when the key is new,
 * until the caller puts something. The place holds until the next call; `key`
 * is borrowed for good. */
void **seen_at(struct seen *seen, struct str key);

/* What is kept there, or NULL. */
void *seen_get(struct seen *seen, struct str key);

/* FNV-1a. Not a matter of security: whoever could make two things collide
 * already writes the letter. */
uint64_t seen_hash(struct str bytes);

#endif
