/* exif.c - how the camera was held (EXIF 2.32, 4.6) */
#include "picture_priv.h"

#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT	3
#define ENTRY		12

/* Byte order goes through the whole structure. */
struct tiff {
	struct str bytes;
	bool little;
};

static uint32_t get16(const struct tiff *t, size_t i)
{
	return t->little ? little16(t->bytes, i) : big16(t->bytes, i);
}

static uint32_t get32(const struct tiff *t, size_t i)
{
	return t->little ? little32(t->bytes, i) : big32(t->bytes, i);
}

static int turn_of(const struct tiff *t, size_t at)
{
	size_t count = get16(t, at);

	at += 2;
	for (size_t i = 0; i < count && at + ENTRY <= t->bytes.len; i++) {
		uint32_t value = get16(t, at + 8);

		if (get16(t, at) == TAG_ORIENTATION)
			return get16(t, at + 2) == TYPE_SHORT && value >= 1 &&
					       value <= 8
				       ? (int)value
				       : 1;
		at += ENTRY;
	}
	return 1;
}

int exif_turn(struct str bytes)
{
	struct tiff t = { .bytes = bytes };
	uint32_t at;

	if (bytes.len < 10)
		return 1;
	t.little = bytes.at[0] == 'I';
	if (get16(&t, 2) != 42)
		return 1;
	at = get32(&t, 4);
	return at <= bytes.len - 2 ? turn_of(&t, at) : 1;
}
