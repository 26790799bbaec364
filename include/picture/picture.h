/* picture.h - a picture file made ready for letters
 *
 * Mail shows PNG, JPEG and GIF. What comes out is one of these, turned as the
 * camera was held, without anything that tells where or when it was taken,
 * and scaled down where the file is far wider than it shows. The bytes are
 * strangers': all of it happens in a child process with limits.
 */
#ifndef PICTURE_PICTURE_H
#define PICTURE_PICTURE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* Larger files are refused before they are read. */
#define PICTURE_FILE_MAX ((size_t)20 * 1024 * 1024)
/* An animation goes as it is, if it is no larger. */
#define PICTURE_MOVING_MAX ((size_t)4 * 1024 * 1024)
/* Above this a file is no picture for a letter, whatever its bytes. */
#define PICTURE_PIXELS_MAX 50000000
/* Word cuts pictures off below this. */
#define PICTURE_HEIGHT_MAX 1728

enum picture_type { PICTURE_PNG, PICTURE_JPEG, PICTURE_GIF };

struct picture_wish {
	struct str bytes;
	const char *name;	/* for errors: "articles/path.jpg" */
	int width;		/* px it shows, at most; 1 or more */
	const char *cache;	/* folder of made pictures, or NULL */
	struct str id;		/* tells `bytes` from all others: a hash; the
				   name of a file in the cache */
};

struct picture_ready {
	enum picture_type type;
	int width, height;	/* px of the file */
	struct str bytes;
};

/* Everything in `ready_out` lives in `arena`. ERR_INPUT without place when it
 * is no picture, damaged, or too much for a letter. The same bytes and width
 * give the same result, out of the cache or not; a cache that cannot be read
 * or written is no error. Call it while the process has one thread. */
int picture_ready(const struct picture_wish *wish, struct arena *arena,
		  struct picture_ready *ready_out, struct err *err);

/* How large a file of `width` by `height` px shows where `room` px are: no
 * wider than it is, and no taller than PICTURE_HEIGHT_MAX. */
void picture_shown(int width, int height, int room, int *width_out,
		   int *height_out);

/* "image/png" and "png". */
const char *picture_media_type(enum picture_type type);
const char *picture_ending(enum picture_type type);

/* $XDG_CACHE_HOME/tidings/pictures, or ~/.cache/..., or NULL when neither
 * variable tells a place. */
const char *picture_cache_folder(struct arena *arena);

#endif
