/* look.c - what a file is, by its first bytes */
#include "picture_priv.h"

static const struct {
	size_t at;
	struct str magic;
	enum kind kind;
} magics[] = {
	{ 0, STR("\x89PNG\r\n\x1a\n"), KIND_PNG },
	{ 0, STR("\xff\xd8\xff"), KIND_JPEG },
	{ 0, STR("GIF87a"), KIND_GIF },
	{ 0, STR("GIF89a"), KIND_GIF },
	{ 8, STR("WEBPVP8"), KIND_WEBP },
	{ 4, STR("ftypavif"), KIND_AVIF },
	{ 4, STR("ftypavis"), KIND_AVIF },
	{ 4, STR("ftypheic"), KIND_HEIC },
	{ 4, STR("ftypheix"), KIND_HEIC },
	{ 4, STR("ftypmif1"), KIND_HEIC },
};

static bool is_svg(struct str bytes)
{
	struct str head = str_head(bytes, 1024);

	if (str_starts(head, STR("\xef\xbb\xbf")))
		head = str_skip(head, 3);
	head = str_trim(head);
	return str_starts(head, STR("<")) &&
	       (str_find_str(head, STR("<svg")) >= 0 ||
		str_find_str(head, STR("<!DOCTYPE svg")) >= 0);
}

static enum fault other(struct str bytes)
{
	if (bytes.len == 0)
		return FAULT_EMPTY;
	if (is_svg(bytes))
		return FAULT_SVG;
	if (str_starts(bytes, STR("BM")) || str_starts(bytes, STR("II*\0")) ||
	    str_starts(bytes, STR("MM\0*")) ||
	    str_starts(bytes, STR("\0\0\1\0")))
		return FAULT_OTHER;
	return FAULT_UNKNOWN;
}

/* A file of AVIF may have "mif1" for its first brand, as HEIC does. */
static enum kind brand_of(struct str bytes, enum kind kind)
{
	size_t len = big32(bytes, 0);
	struct str head = str_head(bytes, len < 256 ? len : 256);

	if (kind == KIND_HEIC && str_find_str(head, STR("avif")) >= 0)
		return KIND_AVIF;
	return kind;
}

static bool find_kind(struct str bytes, enum kind *kind_out)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++) {
		if (bytes.len < 16 ||
		    !str_starts(str_skip(bytes, magics[i].at), magics[i].magic))
			continue;
		*kind_out = brand_of(bytes, magics[i].kind);
		return true;
	}
	return false;
}

enum fault look_at(struct str bytes, struct look *look)
{
	static enum fault (*const looks[KIND_COUNT])(struct str,
						     struct look *) = {
		[KIND_PNG] = png_look,	[KIND_JPEG] = jpeg_look,
		[KIND_GIF] = gif_look,	[KIND_WEBP] = webp_look,
		[KIND_AVIF] = box_look, [KIND_HEIC] = box_look,
	};
	enum fault fault;

	*look = (struct look){ .turn = 1 };
	if (!find_kind(bytes, &look->kind))
		return other(bytes);
	fault = looks[look->kind](bytes, look);
	if (fault != FAULT_NONE)
		return fault;
	if ((int64_t)look->width * look->height > PICTURE_PIXELS_MAX)
		return FAULT_LARGE;
	return FAULT_NONE;
}
