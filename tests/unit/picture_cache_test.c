/* picture_cache_test.c - made pictures found again */
#include "base/file.h"
#include "picture_rig.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID "0123456789abcdef"

struct cache {
	char dir[64], folder[80], path[160];
	struct picture_wish wish;
};

static void cache_up(struct cache *cache, struct str bytes)
{
	snprintf(cache->dir, sizeof(cache->dir), "/tmp/tidings-cache-XXXXXX");
	assert_non_null(mkdtemp(cache->dir));
	snprintf(cache->folder, sizeof(cache->folder), "%s/a/b", cache->dir);
	snprintf(cache->path, sizeof(cache->path), "%s/" ID "-100.picture",
		 cache->folder);
	cache->wish = wish_for(bytes, 100);
	cache->wish.cache = cache->folder;
	cache->wish.id = STR(ID);
}

static int count_files(const char *folder, bool forget)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	int count = 0;
	char path[512];

	while (dir && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		count++;
		if (forget)
			unlink(path);
	}
	if (dir)
		closedir(dir);
	return count;
}

static void cache_down(struct cache *cache)
{
	char above[80];

	snprintf(above, sizeof(above), "%s/a", cache->dir);
	chmod(cache->folder, 0700);
	count_files(cache->folder, true);
	rmdir(cache->folder);
	rmdir(above);
	assert_int_equal(rmdir(cache->dir), 0);
}

static struct picture_ready made(struct rig *rig, const struct cache *cache)
{
	struct picture_ready ready;

	if (picture_ready(&cache->wish, rig->arena, &ready, &rig->err) < 0)
		fail_msg("%s", rig->err.message);
	return ready;
}

/* Bytes that no library would make anything of prove where it came from. */
static void a_picture_made_before_is_taken_from_the_cache(void **state)
{
	struct rig *rig = *state;
	struct picture_ready first, again;
	struct cache cache;

	cache_up(&cache, a_jpeg(rig, 900, 300));
	first = made(rig, &cache);
	cache.wish.bytes = STR("not looked at");
	again = made(rig, &cache);
	assert_int_equal(again.type, first.type);
	assert_size(&again, 200, 67);
	assert_true(str_eq(first.bytes, again.bytes));
	cache_down(&cache);
}

static void another_width_is_another_picture(void **state)
{
	struct rig *rig = *state;
	struct picture_ready ready;
	struct cache cache;

	cache_up(&cache, a_jpeg(rig, 900, 300));
	made(rig, &cache);
	cache.wish.width = 50;
	ready = made(rig, &cache);
	assert_int_equal(ready.width, 100);
	assert_int_equal(count_files(cache.folder, false), 2);
	cache_down(&cache);
}

static void a_damaged_picture_of_the_cache_is_made_anew(void **state)
{
	struct rig *rig = *state;
	struct picture_ready first;
	struct str entry;
	struct cache cache;

	cache_up(&cache, a_png(rig, 90, 30));
	first = made(rig, &cache);
	assert_int_equal(file_read(cache.path, (size_t)1 << 20, rig->arena,
				   &entry, &rig->err),
			 0);
	for (size_t i = 0; i < entry.len; i += i < 48 ? 1 : 997) {
		char *bad = memcpy(arena_take(rig->arena, entry.len), entry.at,
				   entry.len);
		struct picture_ready again;
		struct str now;

		bad[i] ^= 0x10;
		assert_int_equal(file_write(cache.path, str_at(bad, entry.len),
					    0600, &rig->err),
				 0);
		again = made(rig, &cache);
		assert_size(&again, 90, 30);
		assert_true(str_eq(first.bytes, again.bytes));
		assert_int_equal(file_read(cache.path, (size_t)1 << 20,
					   rig->arena, &now, &rig->err),
				 0);
		assert_true(str_eq(now, entry));
	}
	for (size_t len = 0; len < entry.len; len += 211) {
		assert_int_equal(file_write(cache.path, str_head(entry, len),
					    0600, &rig->err),
				 0);
		assert_true(str_eq(first.bytes, made(rig, &cache).bytes));
	}
	cache_down(&cache);
}

static void a_cache_that_cannot_be_written_is_no_error(void **state)
{
	struct rig *rig = *state;
	struct picture_ready ready;
	struct cache cache;

	cache_up(&cache, a_jpeg(rig, 900, 300));
	cache.wish.cache = "/proc/tidings/pictures";
	ready = made(rig, &cache);
	assert_size(&ready, 200, 67);
	cache.wish.cache = NULL;
	ready = made(rig, &cache);
	assert_size(&ready, 200, 67);
	assert_int_equal(count_files(cache.folder, false), 0);
	cache_down(&cache);
}

static void what_was_unused_for_longest_goes_when_the_cache_is_full(
	void **state)
{
	struct rig *rig = *state;
	struct cache cache;
	char path[128];

	cache_up(&cache, a_jpeg(rig, 900, 300));
	made(rig, &cache);
	for (int i = 0; i < 5; i++) {
		struct timespec times[2] = { { .tv_sec = 1000 + i },
					     { .tv_sec = 1000 + i } };

		snprintf(path, sizeof(path), "%s/%d.picture", cache.folder, i);
		assert_int_equal(
			file_write(path, STR("0123456789"), 0600, &rig->err),
			0);
		assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	}
	snprintf(path, sizeof(path), "%s/notes.txt", cache.folder);
	assert_int_equal(file_write(path, STR("mine"), 0600, &rig->err), 0);
	unlink(cache.path);
	cache_trim(cache.folder, 30);
	assert_int_equal(count_files(cache.folder, false), 4);
	for (int i = 0; i < 5; i++) {
		snprintf(path, sizeof(path), "%s/%d.picture", cache.folder, i);
		assert_int_equal(file_exists(path), i >= 2);
	}
	cache_down(&cache);
}

static void a_picture_that_is_used_stays_young(void **state)
{
	struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	struct rig *rig = *state;
	struct cache cache;
	struct stat st;

	cache_up(&cache, a_png(rig, 90, 30));
	made(rig, &cache);
	assert_int_equal(utimensat(AT_FDCWD, cache.path, old, 0), 0);
	made(rig, &cache);
	assert_int_equal(stat(cache.path, &st), 0);
	assert_true(st.st_mtime > 1000);
	assert_int_equal(st.st_mode & 0777, 0600);
	cache_down(&cache);
}

static void the_cache_lies_where_the_user_keeps_caches(void **state)
{
	static const struct {
		const char *cache, *home, *folder;
	} cases[] = {
		{ "/var/c", "/home/a", "/var/c/tidings/pictures" },
		{ "relative", "/home/a", "/home/a/.cache/tidings/pictures" },
		{ NULL, "/home/a", "/home/a/.cache/tidings/pictures" },
		{ "", NULL, NULL },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *folder;

		unsetenv("XDG_CACHE_HOME");
		unsetenv("HOME");
		if (cases[i].cache)
			setenv("XDG_CACHE_HOME", cases[i].cache, 1);
		if (cases[i].home)
			setenv("HOME", cases[i].home, 1);
		folder = picture_cache_folder(rig->arena);
		if (cases[i].folder)
			assert_string_equal(folder, cases[i].folder);
		else
			assert_null(folder);
	}
}

#define test(f) cmocka_unit_test_setup_teardown(f, rig_up, rig_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_picture_made_before_is_taken_from_the_cache),
		test(another_width_is_another_picture),
		test(a_damaged_picture_of_the_cache_is_made_anew),
		test(a_cache_that_cannot_be_written_is_no_error),
		test(what_was_unused_for_longest_goes_when_the_cache_is_full),
		test(a_picture_that_is_used_stays_young),
		test(the_cache_lies_where_the_user_keeps_caches),
	};

	return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
