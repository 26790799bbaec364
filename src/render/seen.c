/* seen.c - see seen_priv.h: open addressing, never more than half full */
#include "seen_priv.h"

#define FIRST_ROOM 64 /* a power of two */

struct entry {
	struct str key; /* at NULL: free */
	void *thing;
};

struct seen {
	struct arena *arena;
	struct entry *entries;
	size_t room, count;
};

uint64_t seen_hash(struct str bytes)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < bytes.len; i++)
		h = (h ^ (unsigned char)bytes.at[i]) * UINT64_C(1099511628211);
	return h;
}

struct seen *seen_new(struct arena *arena)
{
	struct seen *seen = arena_new_of(arena, struct seen);

	seen->arena = arena;
	seen->room = FIRST_ROOM;
	seen->entries = arena_many(arena, struct entry, FIRST_ROOM);
	return seen;
}

/* The key's entry, or the free one where it belongs. */
static struct entry *find(struct seen *seen, struct str key)
{
	size_t i = (size_t)seen_hash(key) & (seen->room - 1);

	while (seen->entries[i].key.at && !str_eq(seen->entries[i].key, key))
		i = (i + 1) & (seen->room - 1);
	return &seen->entries[i];
}

static void grow(struct seen *seen)
{
	struct entry *old = seen->entries;
	size_t room = seen->room;

	seen->room = 2 * room;
	seen->entries = arena_many(seen->arena, struct entry, seen->room);
	for (size_t i = 0; i < room; i++)
		if (old[i].key.at)
			*find(seen, old[i].key) = old[i];
}

void *seen_get(struct seen *seen, struct str key)
{
	return find(seen, key)->thing;
}

void **seen_at(struct seen *seen, struct str key)
{
	struct entry *entry;

	if (2 * (seen->count + 1) > seen->room)
		grow(seen);
	entry = find(seen, key);
	if (!entry->key.at) {
		entry->key = key;
		seen->count++;
	}
	return &entry->thing;
}
