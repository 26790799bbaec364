/* png.c - the chunks of a PNG (PNG third edition, 5 and 11) */
#include "picture_priv.h"

#define SIGNATURE 8
#define AROUND	  12 /* length, name and checksum of a chunk */

struct chunk {
	struct str name, data;
	struct str whole;
};

/* Cut the next chunk off `*rest`. */
static enum fault next_chunk(struct str *rest, struct chunk *out)
{
	size_t len;

	if (rest->len < AROUND)
		return FAULT_CUT;
	len = big32(*rest, 0);
	if (len > INT32_MAX)
		return FAULT_DAMAGED;
	if (rest->len - AROUND < len)
		return FAULT_CUT;
	out->name = str_at(rest->at + 4, 4);
	out->data = str_at(rest->at + 8, len);
	out->whole = str_head(*rest, len + AROUND);
	*rest = str_skip(*rest, len + AROUND);
	return FAULT_NONE;
}

static bool is_one_of(struct str name, const char *const *names)
{
	for (; *names; names++)
		if (str_eqz(name, *names))
			return true;
	return false;
}

static bool tells_colours(struct str name)
{
	static const char *const names[] = { "iCCP", "sRGB", "gAMA",
					     "cHRM", "cICP", NULL };

	return is_one_of(name, names);
}

/* All others tell of something else than how the picture looks. */
static bool is_needed(struct str name)
{
	static const char *const names[] = { "IHDR", "PLTE", "IDAT", "IEND",
					     "tRNS", "sBIT", "pHYs", "acTL",
					     "fcTL", "fdAT", NULL };

	return tells_colours(name) || is_one_of(name, names);
}

static enum fault read_head(struct str *rest, struct look *look)
{
	struct chunk chunk;
	enum fault fault = next_chunk(rest, &chunk);
	uint32_t width, height;
	unsigned colours;

	if (fault != FAULT_NONE)
		return fault;
	if (!str_eqz(chunk.name, "IHDR") || chunk.data.len != 13)
		return FAULT_DAMAGED;
	width = big32(chunk.data, 0);
	height = big32(chunk.data, 4);
	colours = byte_at(chunk.data, 9);
	if (width == 0 || height == 0 || width > INT32_MAX ||
	    height > INT32_MAX)
		return FAULT_DAMAGED;
	look->width = (int)width;
	look->height = (int)height;
	look->palette = colours == 3;
	look->grey = colours == 0 || colours == 4;
	return FAULT_NONE;
}

enum fault png_look(struct str bytes, struct look *look)
{
	struct str rest = str_skip(bytes, SIGNATURE);
	enum fault fault = read_head(&rest, look);
	struct chunk chunk = { .name = STR_NONE };

	while (fault == FAULT_NONE && !str_eqz(chunk.name, "IEND")) {
		fault = next_chunk(&rest, &chunk);
		if (fault != FAULT_NONE)
			break;
		if (str_eqz(chunk.name, "acTL"))
			look->moves = true;
		if (str_eqz(chunk.name, "eXIf"))
			look->turn = exif_turn(chunk.data);
	}
	return fault;
}

static void add_colours(struct str from, struct buf *out)
{
	struct str rest = str_skip(from, SIGNATURE);
	struct chunk chunk;

	while (next_chunk(&rest, &chunk) == FAULT_NONE)
		if (tells_colours(chunk.name))
			buf_add(out, chunk.whole);
}

/* The colours' chunks stand between the head and all others. */
static void copy(struct str bytes, struct str colours, struct buf *out)
{
	struct str rest = str_skip(bytes, SIGNATURE);
	struct chunk chunk = { .name = STR_NONE };

	buf_add(out, str_head(bytes, SIGNATURE));
	while (!str_eqz(chunk.name, "IEND") &&
	       next_chunk(&rest, &chunk) == FAULT_NONE) {
		if (!is_needed(chunk.name) ||
		    (colours.len > 0 && tells_colours(chunk.name)))
			continue;
		buf_add(out, chunk.whole);
		if (colours.len > 0 && str_eqz(chunk.name, "IHDR"))
			add_colours(colours, out);
	}
}

void png_strip(struct str bytes, struct buf *out)
{
	copy(bytes, STR_NONE, out);
}

void png_dress(struct str made, struct str from, struct buf *out)
{
	copy(made, from, out);
}
