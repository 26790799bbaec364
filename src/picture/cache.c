/* cache.c - pictures made before, by what they were made from
 *
 * One file a picture: ID-WIDTH.picture. It is only a shortcut: what is not
 * there, not whole or not readable is made anew.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "picture_priv.h"

/* Another number whenever the same file would become another picture. */
#define VERSION	  1
#define ENDING	  ".picture"
#define MOST	  ((uint64_t)256 * 1024 * 1024)
#define FILES_MAX 65536

struct head {
	uint32_t version;
	int32_t type, width, height;
	uint64_t sum; /* of what stands before and behind it */
};

const char *picture_cache_folder(struct arena *arena)
{
	const char *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	/* A relative one is to be ignored, says its specification. */
	if (cache && cache[0] == '/')
		return arena_fmt(arena, "%s/tidings/pictures", cache).at;
	if (home && home[0] == '/')
		return arena_fmt(arena, "%s/.cache/tidings/pictures", home).at;
	return NULL;
}

static uint64_t add_sum(uint64_t sum, struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		sum = (sum ^ byte_at(bytes, i)) * 0x100000001b3u;
	return sum;
}

/* FNV-1a over all but itself: against damage, not against people. */
static uint64_t sum_of(const struct head *head, struct str bytes)
{
	const char *at = (const char *)head;
	uint64_t sum = add_sum(0xcbf29ce484222325u,
			       str_at(at, offsetof(struct head, sum)));

	return add_sum(sum, bytes);
}

static char *path_of(const struct picture_wish *wish, struct arena *arena)
{
	if (!wish->cache || wish->id.len == 0)
		return NULL;
	return arena_z(arena,
		       arena_fmt(arena, "%s/" STR_FMT "-%d" ENDING, wish->cache,
				 STR_ARG(wish->id), wish->width));
}

static bool open_entry(struct str entry, struct picture_ready *ready)
{
	struct head head;

	if (entry.len < sizeof(head))
		return false;
	memcpy(&head, entry.at, sizeof(head));
	ready->type = (enum picture_type)head.type;
	ready->width = head.width;
	ready->height = head.height;
	ready->bytes = str_skip(entry, sizeof(head));
	return head.version == VERSION &&
	       head.sum == sum_of(&head, ready->bytes) && ready_ok(ready);
}

bool cache_get(const struct picture_wish *wish, struct arena *arena,
	       struct picture_ready *ready_out)
{
	char *path = path_of(wish, arena);
	struct picture_ready ready;
	struct err ignored;
	struct str entry;

	if (!path ||
	    file_read(path, 2 * PICTURE_FILE_MAX, arena, &entry, &ignored) < 0)
		return false;
	if (!open_entry(entry, &ready))
		return false;
	/* It was of use now. */
	utimensat(AT_FDCWD, path, NULL, 0);
	*ready_out = ready;
	return true;
}

void cache_put(const struct picture_wish *wish,
	       const struct picture_ready *ready)
{
	struct arena *scratch = arena_new("a picture's place", 1024 * 1024);
	char *path = path_of(wish, scratch);
	struct head head = { VERSION, (int32_t)ready->type, ready->width,
			     ready->height, 0 };
	struct err ignored;
	struct buf entry;

	head.sum = sum_of(&head, ready->bytes);
	buf_init(&entry, sizeof(head) + ready->bytes.len);
	buf_add(&entry, str_at((const char *)&head, sizeof(head)));
	buf_add(&entry, ready->bytes);
	if (path && file_make_dir(wish->cache, &ignored) == 0 &&
	    file_write(path, buf_str(&entry), 0600, &ignored) == 0)
		cache_trim(wish->cache, MOST);
	buf_done(&entry);
	arena_free(&scratch);
}

/* --- keeping it small ----------------------------------------------------- */

struct entry {
	char *path;
	uint64_t size;
	struct timespec used;
};

static int by_use(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->used.tv_sec != y->used.tv_sec)
		return x->used.tv_sec < y->used.tv_sec ? -1 : 1;
	if (x->used.tv_nsec != y->used.tv_nsec)
		return x->used.tv_nsec < y->used.tv_nsec ? -1 : 1;
	return strcmp(x->path, y->path);
}

static size_t list_entries(const char *folder, struct entry *entries,
			   struct arena *arena)
{
	DIR *dir = opendir(folder);
	const struct dirent *name;
	size_t count = 0;
	struct stat st;

	while (dir && count < FILES_MAX && (name = readdir(dir)) != NULL) {
		char *path;

		if (!str_ends(str_of(name->d_name), STR(ENDING)))
			continue;
		path = file_path(arena, folder, str_of(name->d_name));
		if (lstat(path, &st) == 0 && S_ISREG(st.st_mode))
			entries[count++] = (struct entry){ path,
							   (uint64_t)st.st_size,
							   st.st_mtim };
	}
	if (dir)
		closedir(dir);
	return count;
}

void cache_trim(const char *folder, uint64_t most)
{
	struct arena *arena = arena_new("the cache of pictures",
					(size_t)1024 * 1024 * 1024);
	struct entry *entries = arena_many(arena, struct entry, FILES_MAX);
	size_t count = list_entries(folder, entries, arena);
	uint64_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += entries[i].size;
	if (total > most)
		qsort(entries, count, sizeof(*entries), by_use);
	for (size_t i = 0; i < count && total > most; i++)
		if (unlink(entries[i].path) == 0 || errno == ENOENT)
			total -= entries[i].size;
	arena_free(&arena);
}
