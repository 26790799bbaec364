/* arena.h - memory that dies together
 *
 * One arena per unit of work: an issue being built, an HTTP request, a bounce
 * being read. What is taken from it is never freed alone. Pointers into it
 * are handed out freely and live exactly as long as the work does.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/str.h"

struct arena;

/* `ceiling` is the most this work may ever need; going past it ends the
 * program with `purpose` in the message. Input is bounded long before, so
 * reaching the ceiling is our bug and not the user's mistake. `purpose` must
 * outlive the arena. */
struct arena *arena_new(const char *purpose, size_t ceiling);
void arena_free(struct arena **arena);

/* Everything taken so far is given back; the arena stays usable. */
void arena_reset(struct arena *arena);

/* Zeroed, aligned for any type, never NULL. */
void *arena_take(struct arena *arena, size_t size);

/* A copy of `s`, followed by a NUL that its length does not count. */
struct str arena_dup(struct arena *arena, struct str s);

/* The same as a C string: for file names and libraries. A NUL inside `s`
 * ends it early, so callers check strangers' text first. */
char *arena_z(struct arena *arena, struct str s);

/* Formatted text, NUL-terminated as above. */
struct str arena_fmt(struct arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define arena_new_of(arena, type) ((type *)arena_take(arena, sizeof(type)))
#define arena_many(arena, type, n) \
	((type *)arena_take_many(arena, (n), sizeof(type)))

/* `n` zeroed things of `size` bytes; ends the program if n * size overflows. */
void *arena_take_many(struct arena *arena, size_t n, size_t size);

#endif
