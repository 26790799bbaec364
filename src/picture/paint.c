/* paint.c - pixels: decoded, scaled, turned, encoded (libgd) */
#include <dlfcn.h>
#include <errno.h>
#include <gd.h>
#include <limits.h>

#include "base/die.h"
#include "picture_priv.h"

#define JPEG_QUALITY 82
#define PNG_LEVEL    9
#define COLOURS_MAX  256

/* The library is loaded before the first picture that is made ready: it brings
 * some fifty others along, 15 ms and 8 MB that no other command should pay
 * for. */
#define LIBRARY "libgd.so.3"
#define FUNCTIONS(X)               \
	X(ImageCreateFromPngPtr)   \
	X(ImageCreateFromJpegPtr)  \
	X(ImageCreateFromGifPtr)   \
	X(ImageCreateFromWebpPtr)  \
	X(ImageCreateFromAvifPtr)  \
	X(ImageCreateFromHeifPtr)  \
	X(ImageCreateTrueColor)    \
	X(ImageDestroy)            \
	X(ImagePaletteToTrueColor) \
	X(ImageTrueColorToPalette) \
	X(ImageAlphaBlending)      \
	X(ImageSaveAlpha)          \
	X(ImageInterlace)          \
	X(ImageCopyResampled)      \
	X(ImageFlipHorizontal)     \
	X(ImageFlipVertical)       \
	X(ImageFlipBoth)           \
	X(ImageJpegPtr)            \
	X(ImagePngPtrEx)           \
	X(Free)                    \
	X(SetErrorMethod)

static struct {
#define X(name) __typeof__(gd##name) *name;
	FUNCTIONS(X)
#undef X
} gd;

static bool loaded;

void paint_load(void)
{
	void *library = loaded ? NULL : dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	bool whole = library != NULL;

	/* POSIX: what dlsym() gives may be called once it is cast like this. */
#define X(name)                                                  \
	if (whole) {                                             \
		*(void **)&gd.name = dlsym(library, "gd" #name); \
		whole = gd.name != NULL;                         \
	}
	FUNCTIONS(X)
#undef X
	loaded = loaded || whole;
}

bool paint_loaded(void)
{
	return loaded;
}

struct paint {
	gdImagePtr image; /* true colour */
};

/* What the library has to say is of use to nobody who has only a file. */
static void say_nothing(int priority, const char *format, va_list args)
{
	(void)priority;
	(void)format;
	(void)args;
}

static gdImagePtr decode(struct str bytes, enum kind kind)
{
	gdImagePtr (*const from[KIND_COUNT])(int, void *) = {
		[KIND_PNG] = gd.ImageCreateFromPngPtr,
		[KIND_JPEG] = gd.ImageCreateFromJpegPtr,
		[KIND_GIF] = gd.ImageCreateFromGifPtr,
		[KIND_WEBP] = gd.ImageCreateFromWebpPtr,
		[KIND_AVIF] = gd.ImageCreateFromAvifPtr,
		[KIND_HEIC] = gd.ImageCreateFromHeifPtr,
	};

	/* The library reads only, but does not promise it. */
	return from[kind]((int)bytes.len, (void *)(uintptr_t)bytes.at);
}

enum fault paint_open(struct str bytes, enum kind kind,
		      struct paint **paint_out)
{
	gdImagePtr image;

	if (bytes.len > INT_MAX)
		return FAULT_DAMAGED;
	if (!loaded)
		return FAULT_NO_LIBRARY;
	gd.SetErrorMethod(say_nothing);
	errno = 0;
	image = decode(bytes, kind);
	if (image && !gd.ImagePaletteToTrueColor(image)) {
		gd.ImageDestroy(image);
		image = NULL;
	}
	if (!image)
		return errno == ENOMEM ? FAULT_HEAVY : FAULT_DAMAGED;
	*paint_out = die_alloc(sizeof(**paint_out), "a picture");
	(*paint_out)->image = image;
	return FAULT_NONE;
}

void paint_close(struct paint **paint)
{
	if (!*paint)
		return;
	gd.ImageDestroy((*paint)->image);
	free(*paint);
	*paint = NULL;
}

void paint_size(const struct paint *paint, int *width_out, int *height_out)
{
	*width_out = gdImageSX(paint->image);
	*height_out = gdImageSY(paint->image);
}

bool paint_is_clear(const struct paint *paint)
{
	for (int y = 0; y < gdImageSY(paint->image); y++)
		for (int x = 0; x < gdImageSX(paint->image); x++)
			if (gdTrueColorGetAlpha(gdImageTrueColorPixel(
				    paint->image, x, y)) > 0)
				return true;
	return false;
}

static gdImagePtr blank(int width, int height)
{
	gdImagePtr image = gd.ImageCreateTrueColor(width, height);

	if (image)
		gd.ImageAlphaBlending(image, 0);
	return image;
}

static bool take(struct paint *paint, gdImagePtr made)
{
	if (!made)
		return false;
	gd.ImageDestroy(paint->image);
	paint->image = made;
	return true;
}

bool paint_scale(struct paint *paint, int width, int height)
{
	gdImagePtr made = blank(width, height);

	if (made)
		gd.ImageCopyResampled(made, paint->image, 0, 0, 0, 0, width,
				      height, gdImageSX(paint->image),
				      gdImageSY(paint->image));
	return take(paint, made);
}

/* Rows become columns: the first row is the first column. */
static bool transpose(struct paint *paint)
{
	int width = gdImageSX(paint->image);
	int height = gdImageSY(paint->image);
	gdImagePtr made = blank(height, width);

	for (int y = 0; made && y < height; y++)
		for (int x = 0; x < width; x++)
			gdImageTrueColorPixel(
				made, y,
				x) = gdImageTrueColorPixel(paint->image, x, y);
	return take(paint, made);
}

bool paint_turn(struct paint *paint, int turn)
{
	/* What is left to do once rows and columns are right. */
	void (*const flips[9])(gdImagePtr) = {
		[2] = gd.ImageFlipHorizontal, [3] = gd.ImageFlipBoth,
		[4] = gd.ImageFlipVertical,   [6] = gd.ImageFlipHorizontal,
		[7] = gd.ImageFlipBoth,	      [8] = gd.ImageFlipVertical,
	};

	if (turn >= 5 && !transpose(paint))
		return false;
	if (flips[turn])
		flips[turn](paint->image);
	return true;
}

static void *encode_png(struct paint *paint, bool palette, int *size)
{
	bool clear = paint_is_clear(paint);

	gd.ImageSaveAlpha(paint->image, clear);
	if (palette && !clear &&
	    !gd.ImageTrueColorToPalette(paint->image, 0, COLOURS_MAX))
		return NULL;
	return gd.ImagePngPtrEx(paint->image, size, PNG_LEVEL);
}

bool paint_write(struct paint *paint, enum picture_type type, bool palette,
		 struct buf *out)
{
	int size = 0;
	void *made;

	/* A JPEG that comes line by line from coarse to fine; a PNG would
	 * only be larger. */
	gd.ImageInterlace(paint->image, type == PICTURE_JPEG);
	made = type == PICTURE_JPEG
		       ? gd.ImageJpegPtr(paint->image, &size, JPEG_QUALITY)
		       : encode_png(paint, palette, &size);
	if (!made)
		return false;
	buf_add(out, str_at(made, (size_t)size));
	gd.Free(made);
	return true;
}
