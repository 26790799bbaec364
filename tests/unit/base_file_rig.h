/* base_file_rig.h - a folder of its own for every test of files */
#ifndef BASE_FILE_RIG_H
#define BASE_FILE_RIG_H

#include "base_rig.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"

#define MIB ((size_t)1024 * 1024)

static struct arena *arena;
static char top[] = "/tmp/tidings-file-XXXXXX";

static inline char *in_top(const char *name)
{
	return file_path(arena, top, str_of(name));
}

static inline int up(void **state)
{
	(void)state;
	arena = arena_new("a test", 256 * MIB);
	umask(022);
	return mkdtemp(top) ? 0 : -1;
}

static inline int remove_one(const char *path, const struct stat *st, int type,
			     struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static inline int down(void **state)
{
	(void)state;
	arena_free(&arena);
	return nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void put(const char *name, struct str text)
{
	struct err err = ERR_INIT;

	if (file_write(in_top(name), text, 0644, &err) < 0)
		fail_msg("%s", err.message);
}

static inline struct str get(const char *name)
{
	struct str text = STR_NONE;
	struct err err = ERR_INIT;

	if (file_read(in_top(name), 16 * MIB, arena, &text, &err) < 0)
		fail_msg("%s", err.message);
	return text;
}

static inline void make_dir(const char *name)
{
	struct err err = ERR_INIT;

	assert_int_equal(file_make_dir(in_top(name), &err), 0);
}

#endif
