/* picture_rig.h - pictures to be made ready, drawn here
 *
 * Every drawing has four fields, red and green above, blue and white below,
 * so that a turn shows; and a grain that keeps files from being tiny.
 */
#ifndef PICTURE_RIG_H
#define PICTURE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gd.h>

#include "base/child.h"
#include "picture/picture_priv.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What must not leave the house; it stands in every file that can hold it. */
#define SECRET "52 31 12 N 13 24 17 E"

struct rig {
	struct arena *arena;
	struct err err;
};

static inline int rig_up(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	rig->arena = arena_new("a test's pictures", (size_t)1 << 30);
	*state = rig;
	return 0;
}

static inline int rig_down(void **state)
{
	struct rig *rig = *state;

	arena_free(&rig->arena);
	free(rig);
	return 0;
}

/* --- drawings ------------------------------------------------------------- */

static inline gdImagePtr draw(int width, int height, bool clear)
{
	static const int colours[2][2] = { { 0xe01010, 0x10c010 },
					   { 0x1010e0, 0xf0f0f0 } };
	gdImagePtr image = gdImageCreateTrueColor(width, height);
	unsigned grain = 1;

	gdImageAlphaBlending(image, 0);
	gdImageSaveAlpha(image, clear);
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			int colour = colours[y * 2 / height][x * 2 / width];

			grain = grain * 1103515245 + 12345;
			colour ^= (int)(grain >> 16 & 0x0f0f0f);
			if (clear && x < width / 8)
				colour |= 0x7f000000;
			gdImageTrueColorPixel(image, x, y) = colour;
		}
	return image;
}

/* The library's answer in the rig's arena. */
static inline struct str keep(struct rig *rig, gdImagePtr image, void *made,
			      int size)
{
	struct str bytes;

	assert_non_null(made);
	bytes = arena_dup(rig->arena, str_at(made, (size_t)size));
	gdFree(made);
	gdImageDestroy(image);
	return bytes;
}

static inline struct str a_png(struct rig *rig, int width, int height)
{
	gdImagePtr image = draw(width, height, false);
	int size;
	void *made = gdImagePngPtr(image, &size);

	return keep(rig, image, made, size);
}

static inline struct str a_palette_png(struct rig *rig, int width, int height)
{
	gdImagePtr image = draw(width, height, false);
	int size;
	void *made;

	gdImageTrueColorToPalette(image, 0, 64);
	made = gdImagePngPtr(image, &size);
	return keep(rig, image, made, size);
}

static inline struct str a_jpeg(struct rig *rig, int width, int height)
{
	gdImagePtr image = draw(width, height, false);
	int size;
	void *made = gdImageJpegPtr(image, &size, 90);

	return keep(rig, image, made, size);
}

static inline struct str a_gif(struct rig *rig, int width, int height)
{
	gdImagePtr image = draw(width, height, false);
	int size;
	void *made = gdImageGifPtr(image, &size);

	return keep(rig, image, made, size);
}

static inline struct str a_moving_gif(struct rig *rig, int width, int height,
				      int frames)
{
	gdImagePtr image = draw(width, height, false);
	struct buf all;
	struct str bytes;
	int size;
	void *part;

	gdImageTrueColorToPalette(image, 0, 64);
	buf_init(&all, (size_t)1 << 26);
	part = gdImageGifAnimBeginPtr(image, &size, 1, 0);
	buf_add(&all, str_at(part, (size_t)size));
	gdFree(part);
	for (int i = 0; i < frames; i++) {
		part = gdImageGifAnimAddPtr(image, &size, 0, i, i, 5, 1, NULL);
		buf_add(&all, str_at(part, (size_t)size));
		gdFree(part);
	}
	part = gdImageGifAnimEndPtr(&size);
	buf_add(&all, str_at(part, (size_t)size));
	gdFree(part);
	bytes = arena_dup(rig->arena, buf_str(&all));
	buf_done(&all);
	gdImageDestroy(image);
	return bytes;
}

static inline struct str a_webp(struct rig *rig, int width, int height,
				bool clear)
{
	gdImagePtr image = draw(width, height, clear);
	int size;
	void *made = gdImageWebpPtr(image, &size);

	return keep(rig, image, made, size);
}

/* Encoders that lose memory lose it in a child. */
static inline int encode_avif(void *image, struct buf *out, struct err *err)
{
	int size = 0;
	void *made = gdImageAvifPtrEx(image, &size, 60, 10);

	(void)err;
	buf_add(out, str_at(made ? made : "", (size_t)size));
	return 0;
}

static inline int encode_heic(void *image, struct buf *out, struct err *err)
{
	int size = 0;
	void *made = gdImageHeifPtr(image, &size);

	(void)err;
	buf_add(out, str_at(made ? made : "", (size_t)size));
	return 0;
}

/* STR_NONE where the library was built without it. */
static inline struct str encoded(struct rig *rig, child_work encode, int width,
				 int height, bool clear)
{
	static const struct child_limits limits = { 60, 60000, 0,
						    (size_t)1 << 26 };
	gdImagePtr image = draw(width, height, clear);
	struct buf out;
	struct str bytes;

	buf_init(&out, limits.answer);
	if (child_run(&limits, "encoding", encode, image, &out, &rig->err) < 0)
		fail_msg("%s", rig->err.message);
	bytes = arena_dup(rig->arena, buf_str(&out));
	buf_done(&out);
	gdImageDestroy(image);
	return bytes;
}

static inline struct str an_avif(struct rig *rig, int width, int height,
				 bool clear)
{
	struct str bytes = encoded(rig, encode_avif, width, height, clear);

	assert_true(bytes.len > 0);
	return bytes;
}

static inline struct str a_heic(struct rig *rig, int width, int height)
{
	return encoded(rig, encode_heic, width, height, false);
}

/* --- what files hold besides ---------------------------------------------- */

/* `inside` put into `bytes` at `at`. */
static inline struct str with(struct rig *rig, struct str bytes, size_t at,
			      struct str inside)
{
	char *out = arena_take(rig->arena, bytes.len + inside.len + 1);

	memcpy(out, bytes.at, at);
	memcpy(out + at, inside.at, inside.len);
	memcpy(out + at + inside.len, bytes.at + at, bytes.len - at);
	return str_at(out, bytes.len + inside.len);
}

/* A TIFF structure that tells `turn`, and where it was. */
static inline struct str exif(struct rig *rig, int turn)
{
	struct str head = STR("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01");
	char value[8] = { 0, (char)turn, 0, 0, 0, 0, 0, 0 };
	struct str all = with(rig, STR(SECRET), 0, str_at(value, 8));

	return with(rig, all, 0, head);
}

static inline struct str segment(struct rig *rig, unsigned mark,
				 struct str body)
{
	char head[4] = { (char)0xff, (char)mark, (char)((body.len + 2) >> 8),
			 (char)(body.len + 2) };

	return with(rig, body, 0, str_at(head, 4));
}

static inline struct str chunk(struct rig *rig, const char *name,
			       struct str data)
{
	char *out = arena_take(rig->arena, data.len + 12);
	uint32_t crc = 0xffffffff;
	size_t n = data.len;

	out[0] = (char)(n >> 24), out[1] = (char)(n >> 16);
	out[2] = (char)(n >> 8), out[3] = (char)n;
	memcpy(out + 4, name, 4);
	memcpy(out + 8, data.at, n);
	for (size_t i = 4; i < n + 8; i++) {
		crc ^= (unsigned char)out[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	crc = ~crc;
	out[n + 8] = (char)(crc >> 24), out[n + 9] = (char)(crc >> 16);
	out[n + 10] = (char)(crc >> 8), out[n + 11] = (char)crc;
	return str_at(out, n + 12);
}

/* Behind the first segment of a JPEG of the library's, and behind the head of
 * a PNG. */
#define JPEG_INSIDE 20
#define PNG_INSIDE  33

static inline struct str turned_jpeg(struct rig *rig, int width, int height,
				     int turn)
{
	struct str body = with(rig, exif(rig, turn), 0, STR("Exif\0\0"));

	return with(rig, a_jpeg(rig, width, height), JPEG_INSIDE,
		    segment(rig, 0xe1, body));
}

/* 8 by 8 in four inks: one block a component, each of one tone. `frame` 0xc0
 * is all at once, 0xc2 in steps. */
static inline struct str ink_jpeg(struct rig *rig, unsigned frame, int width,
				  int height)
{
	char tones[65] = { 0 };
	char head[] = { 8,
			(char)(height >> 8),
			(char)height,
			(char)(width >> 8),
			(char)width,
			4,
			1,
			0x11,
			0,
			2,
			0x11,
			0,
			3,
			0x11,
			0,
			4,
			0x11,
			0 };
	char dc[19] = { 0, 1, 1 };
	char ac[18] = { 0x10, 1 };
	struct str all = STR("\xff\xd9");

	memset(tones + 1, 8, 64);
	dc[18] = 7; /* one bit: no change; two: seven bits of it follow */
	/* 10 1100100 0 | 0 0 | 0 0 | 0 0, filled up with ones */
	all = with(rig, all, 0, STR("\xb2\x00\xff\x00"));
	all = with(rig, all, 0,
		   segment(rig, 0xda, STR("\4\1\0\2\0\3\0\4\0\0\x3f\0")));
	all = with(rig, all, 0, segment(rig, 0xc4, str_at(ac, 18)));
	all = with(rig, all, 0, segment(rig, 0xc4, str_at(dc, 19)));
	all = with(rig, all, 0, segment(rig, frame, str_at(head, 18)));
	all = with(rig, all, 0, segment(rig, 0xdb, str_at(tones, 65)));
	all = with(rig, all, 0,
		   segment(rig, 0xee, STR("Adobe\0\x64\0\0\0\0\0")));
	return with(rig, all, 0, STR("\xff\xd8"));
}

/* --- asking --------------------------------------------------------------- */

static inline struct picture_wish wish_for(struct str bytes, int width)
{
	return (struct picture_wish){ .bytes = bytes,
				      .name = "articles/a.jpg",
				      .width = width,
				      .id = STR_NONE };
}

static inline struct picture_ready ready_of(struct rig *rig, struct str bytes,
					    int width)
{
	struct picture_wish wish = wish_for(bytes, width);
	struct picture_ready ready;

	if (picture_ready(&wish, rig->arena, &ready, &rig->err) < 0)
		fail_msg("%s (%s)", rig->err.message, rig->err.hint);
	return ready;
}

static inline void assert_lacks(struct str bytes, const char *piece)
{
	if (str_find_str(bytes, str_of(piece)) >= 0)
		fail_msg("'%s' is still in it", piece);
}

static inline void assert_size(const struct picture_ready *ready, int width,
			       int height)
{
	struct look look;

	assert_int_equal(ready->width, width);
	assert_int_equal(ready->height, height);
	assert_int_equal(look_at(ready->bytes, &look), FAULT_NONE);
	assert_int_equal(look.width, width);
	assert_int_equal(look.height, height);
	assert_int_equal(look.turn, 1);
}

#endif
