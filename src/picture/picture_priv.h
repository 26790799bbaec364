/* picture_priv.h - what a file says of itself, and the painter that makes
 * another of it
 *
 * All that reads bytes here runs in the child; look.c and the formats'
 * files do without the library and are tried out alone.
 */
#ifndef PICTURE_PRIV_H
#define PICTURE_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "picture/picture.h"

enum kind {
	KIND_PNG,
	KIND_JPEG,
	KIND_GIF,
	KIND_WEBP,
	KIND_AVIF,
	KIND_HEIC,
	KIND_COUNT
};

/* What may be wrong: the words behind the file's name, and the cure. */
#define FAULTS(X)                                                        \
	X(NONE, "", "")                                                  \
	X(EMPTY, "is empty", "save the picture anew")                    \
	X(UNKNOWN, "is no picture",                                      \
	  "PNG, JPEG and GIF are, also WebP, AVIF and HEIC")             \
	X(SVG, "is an SVG drawing, which mail programs do not show",     \
	  "export it as PNG, twice as wide as it shall show")            \
	X(OTHER, "is a BMP, TIFF or icon file",                          \
	  "mail programs do not show these: save it as PNG or JPEG")     \
	X(CUT, "ends before its picture does",                           \
	  "the file was cut off on its way: copy it anew")               \
	X(DAMAGED, "is damaged",                                         \
	  "open it in an image program and save it anew")                \
	X(LARGE, "has more than 50 million pixels",                      \
	  "save it smaller: 1200 pixels wide are enough")                \
	X(HEAVY, "takes more memory to read than a picture may",         \
	  "save it smaller: 1200 pixels wide are enough")                \
	X(MOVES, "is an animation of more than 4 MiB",                   \
	  "make it smaller or shorter, or link to a film")               \
	X(MOVES_ODDLY, "is an animation that mail programs do not show", \
	  "save it as GIF")                                              \
	X(NO_LIBRARY,                                                    \
	  "has to be made smaller or turned, and libgd is not there",    \
	  "install it (Debian: libgd3), or save the picture as it shall show")

enum fault {
#define X(name, words, cure) FAULT_##name,
	FAULTS(X)
#undef X
		FAULT_COUNT
};

struct look {
	enum kind kind;
	int width, height; /* as stored, before it is turned */
	int turn;	   /* 1 to 8, as EXIF counts orientations; 1: none */
	bool moves;	   /* more than one frame */
	bool palette;
	bool grey; /* no colours, so a colour profile would not fit */
	bool inks; /* CMYK */
};

/* Read the head of a file, as far as it must be known here. */
enum fault look_at(struct str bytes, struct look *look);

/* One a format; each fills all of `look` but the kind. */
enum fault png_look(struct str bytes, struct look *look);
enum fault jpeg_look(struct str bytes, struct look *look);
enum fault gif_look(struct str bytes, struct look *look);
enum fault webp_look(struct str bytes, struct look *look);
enum fault box_look(struct str bytes, struct look *look); /* AVIF, HEIC */

/* The same picture without what it does not need to be shown: places, times,
 * comments, thumbnails. For what the look found whole. */
void png_strip(struct str bytes, struct buf *out);
void jpeg_strip(struct str bytes, struct buf *out);
void gif_strip(struct str bytes, struct buf *out);

/* `made`, stripped, with the colour profile of the file it was made from. */
void png_dress(struct str made, struct str from, struct buf *out);
void jpeg_dress(struct str made, struct str from, struct buf *out);

/* The orientation in a TIFF structure, 1 when it tells none. */
int exif_turn(struct str tiff);

/* --- numbers in bytes ----------------------------------------------------- */

static inline unsigned byte_at(struct str s, size_t i)
{
	return (unsigned char)s.at[i];
}

static inline uint32_t big16(struct str s, size_t i)
{
	return byte_at(s, i) << 8 | byte_at(s, i + 1);
}

static inline uint32_t big32(struct str s, size_t i)
{
	return big16(s, i) << 16 | big16(s, i + 2);
}

static inline uint32_t little16(struct str s, size_t i)
{
	return byte_at(s, i + 1) << 8 | byte_at(s, i);
}

static inline uint32_t little32(struct str s, size_t i)
{
	return little16(s, i + 2) << 16 | little16(s, i);
}

/* --- the painter (paint.c): the library ----------------------------------- */

struct paint;

/* To be called before the child is forked: a child opens no files. Where the
 * library is not there paint_open() says so. */
void paint_load(void);

bool paint_loaded(void);

/* Decode. FAULT_NO_LIBRARY without the library, FAULT_DAMAGED when it cannot,
 * FAULT_HEAVY when there is too little memory for it. */
enum fault paint_open(struct str bytes, enum kind kind,
		      struct paint **paint_out);
void paint_close(struct paint **paint);

void paint_size(const struct paint *paint, int *width_out, int *height_out);
bool paint_is_clear(const struct paint *paint); /* somewhere */

/* False when there is no memory for it. */
bool paint_scale(struct paint *paint, int width, int height);
bool paint_turn(struct paint *paint, int turn);

/* `palette`: with 256 colours, if it is not clear anywhere. */
bool paint_write(struct paint *paint, enum picture_type type, bool palette,
		 struct buf *out);

/* --- the cache (cache.c) -------------------------------------------------- */

/* False when it is not there, or not whole. */
bool cache_get(const struct picture_wish *wish, struct arena *arena,
	       struct picture_ready *ready_out);
void cache_put(const struct picture_wish *wish,
	       const struct picture_ready *ready);

/* Those unused for longest go, until all of `folder` is `most` bytes. */
void cache_trim(const char *folder, uint64_t most);

/* Does it hold what it says? For what came out of a pipe or a file. */
bool ready_ok(const struct picture_ready *ready);

#endif
