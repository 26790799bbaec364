/* arena.c - memory that dies together: see base/arena.h */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"

#define CHUNK_MIN ((size_t)16 * 1024)
#define ALIGNMENT _Alignof(max_align_t)

struct chunk {
	struct chunk *older;
	size_t size, used;	/* of data[] */
	max_align_t data[];
};

struct arena {
	const char *purpose;
	size_t ceiling, total;
	struct chunk *newest;
};

struct arena *arena_new(const char *purpose, size_t ceiling)
{
	struct arena *arena = die_calloc(1, sizeof(*arena), purpose);

	arena->purpose = purpose;
	/* No allocation can be larger; sums up to here cannot overflow. */
	arena->ceiling = ceiling < PTRDIFF_MAX / 2 ? ceiling : PTRDIFF_MAX / 2;
	return arena;
}

static void drop(struct chunk *chunk)
{
	while (chunk) {
		struct chunk *older = chunk->older;

		free(chunk);
		chunk = older;
	}
}

void arena_free(struct arena **arena)
{
	if (!*arena)
		return;
	drop((*arena)->newest);
	free(*arena);
	*arena = NULL;
}

/* The newest chunk is nearly always the largest and is kept: work that
 * repeats settles on one chunk and allocates no more. */
void arena_reset(struct arena *arena)
{
	struct chunk *keep = arena->newest;

	if (!keep)
		return;
	drop(keep->older);
	keep->older = NULL;
	keep->used = 0;
	arena->total = keep->size;
}

/* A chunk kept by a reset and too small now would only stand in the way of
 * one that is large enough. */
static void drop_unused(struct arena *arena)
{
	struct chunk *chunk = arena->newest;

	if (!chunk || chunk->used > 0)
		return;
	arena->newest = chunk->older;
	arena->total -= chunk->size;
	free(chunk);
}

static void grow(struct arena *arena, size_t size)
{
	size_t want = arena->newest ? arena->newest->size * 2 : CHUNK_MIN;
	struct chunk *chunk;
	size_t left;

	drop_unused(arena);
	left = arena->ceiling - arena->total;
	if (size > left)
		die("%s needs more than %zu bytes", arena->purpose,
		    arena->ceiling);
	if (want > arena->ceiling / 4)
		want = arena->ceiling / 4;
	if (want > left)
		want = left;
	if (want < size)
		want = size;
	chunk = die_alloc(sizeof(*chunk) + want, arena->purpose);
	chunk->older = arena->newest;
	chunk->size = want;
	chunk->used = 0;
	arena->newest = chunk;
	arena->total += want;
}

void *arena_take(struct arena *arena, size_t size)
{
	/* Even nothing gets a place of its own. */
	size_t rounded = ((size ? size : 1) + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	char *at;

	if (rounded < size)
		die("%s: size overflow", arena->purpose);
	if (!arena->newest ||
	    arena->newest->size - arena->newest->used < rounded)
		grow(arena, rounded);
	at = (char *)arena->newest->data + arena->newest->used;
	arena->newest->used += rounded;
	return memset(at, 0, rounded);
}

void *arena_take_many(struct arena *arena, size_t n, size_t size)
{
	size_t all;

	if (__builtin_mul_overflow(n, size, &all))
		die("%s: size overflow", arena->purpose);
	return arena_take(arena, all);
}

char *arena_z(struct arena *arena, struct str s)
{
	char *copy = arena_take(arena, s.len + 1);

	if (s.len > 0)
		memcpy(copy, s.at, s.len);
	return copy;
}

struct str arena_dup(struct arena *arena, struct str s)
{
	return (struct str){ arena_z(arena, s), s.len };
}

struct str arena_fmt(struct arena *arena, const char *fmt, ...)
{
	va_list args, again;
	char *text;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		die("%s: bad format", arena->purpose);
	text = arena_take(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, fmt, again);
	va_end(again);
	return (struct str){ text, (size_t)len };
}
