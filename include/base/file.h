/* file.h - reading and writing whole files, inside a folder and nowhere else */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* The whole of `path` into `arena`. Refused: more than `limit` bytes
 * (ERR_INPUT, says both sizes), a folder, pipe or device (ERR_INPUT), not
 * there (ERR_MISSING), unreadable (ERR_IO). `path` "-" is standard input. */
int file_read(const char *path, size_t limit, struct arena *arena,
	      struct str *text_out, struct err *err);

/* The same for `name` below the folder `dir`: refused with ERR_INPUT when the
 * name is absolute or leads out of `dir`, through ".." or a symbolic link
 * (openat2 RESOLVE_BENEATH where the kernel has it, else checked with
 * realpath). `name` is the author's text. */
int file_read_below(const char *dir, struct str name, size_t limit,
		    struct arena *arena, struct str *text_out, struct err *err);

/* Write a whole file so that it is there complete or not at all: as a draft,
 * see below. */
int file_write(const char *path, struct str text, unsigned mode,
	       struct err *err);

/* The same where nothing of that name may be yet; ERR_INPUT when it is there,
 * also when somebody else makes it in the same moment. */
int file_create(const char *path, struct str text, unsigned mode,
		struct err *err);

/* A file that appears whole or not at all: written through `fd`, then kept
 * (fsync, rename, fsync of the folder) or dropped, which closes it either
 * way. `mode` as in open(2). What is no regular file (/dev/null, a pipe) is
 * written into instead, since a file in its place would take it from
 * everybody. */
struct file_draft {
	int fd;
	bool special, named; /* private, and what follows */
	char path[4096], temporary[4096];
};
int file_draft_open(const char *path, unsigned mode, struct file_draft *draft,
		    struct err *err);
int file_draft_keep(struct file_draft *draft, struct err *err);
int file_draft_keep_new(struct file_draft *draft, struct err *err);
void file_draft_drop(struct file_draft *draft);

/* Whatever it is: a file, a folder, a device. */
bool file_exists(const char *path);

/* mkdir -p. An existing folder is fine, a file in its place is not. */
int file_make_dir(const char *path, struct err *err);

/* DIR/NAME in `arena`. */
char *file_path(struct arena *arena, const char *dir, struct str name);

#endif
