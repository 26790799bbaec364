/* picture_look_fuzz.c - whatever file: refused, or stripped into one that
 * looks the same
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "picture/picture_priv.h"

#define CEILING ((size_t)1 << 24)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void strip(enum kind kind, struct str bytes, struct buf *out)
{
	if (kind == KIND_PNG)
		png_strip(bytes, out);
	if (kind == KIND_JPEG)
		jpeg_strip(bytes, out);
	if (kind == KIND_GIF)
		gif_strip(bytes, out);
}

/* Nothing is lost but what it does not need, and that at once. */
static void check_stripped(struct str bytes, const struct look *look)
{
	struct buf once, twice;
	struct look now;

	buf_init(&once, CEILING);
	buf_init(&twice, CEILING);
	strip(look->kind, bytes, &once);
	strip(look->kind, buf_str(&once), &twice);
	assert(once.len <= bytes.len + 1);
	assert(str_eq(buf_str(&once), buf_str(&twice)));
	assert(look_at(buf_str(&once), &now) == FAULT_NONE);
	assert(now.kind == look->kind && now.moves == look->moves);
	assert(now.width == look->width && now.height == look->height);
	assert(now.inks == look->inks && now.palette == look->palette);
	assert(now.turn == 1);
	buf_done(&once);
	buf_done(&twice);
}

/* A picture made elsewhere gets the profile of this one and stays whole. */
static void check_dressed(struct str bytes, const struct look *look)
{
	struct buf out;
	struct look now;

	buf_init(&out, 2 * CEILING);
	if (look->kind == KIND_PNG)
		png_dress(bytes, bytes, &out);
	else
		jpeg_dress(bytes, bytes, &out);
	assert(look_at(buf_str(&out), &now) == FAULT_NONE);
	assert(now.width == look->width && now.height == look->height);
	buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_at((const char *)data, size);
	struct look look;
	int turn = exif_turn(bytes);

	assert(turn >= 1 && turn <= 8);
	if (look_at(bytes, &look) != FAULT_NONE)
		return 0;
	assert(look.turn >= 1 && look.turn <= 8);
	assert(look.width > 0 && look.height > 0);
	assert((int64_t)look.width * look.height <= PICTURE_PIXELS_MAX);
	if (look.kind == KIND_PNG || look.kind == KIND_JPEG ||
	    look.kind == KIND_GIF)
		check_stripped(bytes, &look);
	if (look.kind == KIND_PNG || look.kind == KIND_JPEG)
		check_dressed(bytes, &look);
	return 0;
}
