/* modern.c - WebP (RFC 9649), AVIF and HEIC (ISO 23008-12): how large, how
 * turned, moving or not; all else is the library's */
#include "picture_priv.h"

#define NEST_MAX 8

/* --- WebP ----------------------------------------------------------------- */

#define WEBP_MOVES 0x02

static void webp_extended(struct str data, struct look *look)
{
	if (data.len < 10)
		return;
	look->moves = byte_at(data, 0) & WEBP_MOVES;
	look->width = (int)(little32(data, 4) & 0xffffff) + 1;
	look->height = (int)(little16(data, 7) | byte_at(data, 9) << 16) + 1;
}

static void webp_lossy(struct str data, struct look *look)
{
	if (data.len < 10 || look->width > 0)
		return;
	look->width = (int)(little16(data, 6) & 0x3fff);
	look->height = (int)(little16(data, 8) & 0x3fff);
}

static void webp_lossless(struct str data, struct look *look)
{
	uint32_t bits;

	if (data.len < 5 || look->width > 0)
		return;
	bits = little32(data, 1);
	look->width = (int)(bits & 0x3fff) + 1;
	look->height = (int)(bits >> 14 & 0x3fff) + 1;
}

static void webp_chunk(struct str name, struct str data, struct look *look)
{
	if (str_eqz(name, "VP8X"))
		webp_extended(data, look);
	if (str_eqz(name, "VP8 "))
		webp_lossy(data, look);
	if (str_eqz(name, "VP8L"))
		webp_lossless(data, look);
	if (str_eqz(name, "EXIF"))
		look->turn = exif_turn(str_starts(data, STR("Exif\0\0"))
					       ? str_skip(data, 6)
					       : data);
}

enum fault webp_look(struct str bytes, struct look *look)
{
	size_t len = little32(bytes, 4);
	struct str rest;

	if (!str_starts(bytes, STR("RIFF")) || len < 4)
		return FAULT_DAMAGED;
	if (len > bytes.len - 8)
		return FAULT_CUT;
	rest = str_skip(str_head(bytes, len + 8), 12);
	while (rest.len >= 8) {
		size_t size = little32(rest, 4);

		if (size > rest.len - 8)
			return FAULT_CUT;
		webp_chunk(str_head(rest, 4), str_at(rest.at + 8, size), look);
		size += 8 + (size & 1);
		rest = str_skip(rest, size < rest.len ? size : rest.len);
	}
	return look->width > 0 && look->height > 0 ? FAULT_NONE : FAULT_DAMAGED;
}

/* --- boxes ---------------------------------------------------------------- */

static void box_of_size(struct str data, struct look *look)
{
	uint32_t width, height;

	if (data.len < 12)
		return;
	width = big32(data, 4);
	height = big32(data, 8);
	/* Tiles and thumbnails have theirs, too: the largest is the whole. */
	if (width > INT32_MAX || height > INT32_MAX || (int)width < look->width)
		return;
	look->width = (int)width;
	look->height = (int)height;
}

/* A quarter to the left for each step. The library leaves it to us. */
static void box_of_turn(struct str data, struct look *look)
{
	static const int turns[4] = { 1, 8, 3, 6 };

	if (data.len > 0)
		look->turn = turns[byte_at(data, 0) & 3];
}

static void walk_boxes(struct str rest, struct look *look, int depth)
{
	while (rest.len >= 8 && depth < NEST_MAX) {
		struct str name = str_at(rest.at + 4, 4);
		size_t size = big32(rest, 0);
		struct str data;

		if (size < 8 || size > rest.len)
			size = rest.len;
		data = str_skip(str_head(rest, size), 8);
		if (str_eqz(name, "meta") && data.len >= 4)
			walk_boxes(str_skip(data, 4), look, depth + 1);
		if (str_eqz(name, "iprp") || str_eqz(name, "ipco"))
			walk_boxes(data, look, depth + 1);
		if (str_eqz(name, "ispe"))
			box_of_size(data, look);
		if (str_eqz(name, "irot"))
			box_of_turn(data, look);
		rest = str_skip(rest, size);
	}
}

enum fault box_look(struct str bytes, struct look *look)
{
	walk_boxes(bytes, look, 0);
	look->moves = str_eqz(str_at(bytes.at + 8, 4), "avis");
	return look->width > 0 && look->height > 0 ? FAULT_NONE : FAULT_DAMAGED;
}
