/* content_blocks_fuzz.c - a lying child: any bytes as an image of blocks
 *
 * What is believed can be walked to its end, each node once, and packs into
 * the same bytes.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "content/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t walk(const struct blocks *blocks, const struct block *node,
		     int depth)
{
	struct str text = blocks_str(blocks, node->text);
	struct str plain;
	uint32_t count = 1;
	int field;

	assert(depth <= 100);
	while (blocks_piece(&text, &plain, &field))
		assert(field < (int)blocks->field_count);
	for (const struct block *c = blocks_first(blocks, node); c;
	     c = blocks_next(blocks, c))
		count += walk(blocks, c, depth + 1);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str image = { (const char *)data, size };
	struct arena *arena = arena_new("fuzzing", 1 << 26);
	struct blocks *blocks;
	struct err err = ERR_INIT;
	struct buf again;

	if (blocks_unpack(image, arena, &blocks, &err) == 0) {
		assert(walk(blocks, blocks->at, 0) == blocks->count);
		buf_init(&again, 1 << 26);
		blocks_pack(blocks, &again);
		assert(str_eq(buf_str(&again), image));
		buf_done(&again);
	} else {
		assert(err.message[0]);
	}
	arena_free(&arena);
	return 0;
}
