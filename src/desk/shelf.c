/* shelf.c - articles as they were loaded last
 *
 * A page, its letter and the pictures in it are asked for one by one, and come
 * from one reading of the files. A few articles are kept, for several windows.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/die.h"
#include "preview_priv.h"

#define SHOWN_MAX    4
#define SHOWN_MEMORY ((size_t)512 * 1024 * 1024)

struct shelf {
	const char *dir;
	struct shown shown[SHOWN_MAX];
	int64_t uses;
};

struct shelf *shelf_new(const char *dir)
{
	struct shelf *shelf = die_calloc(1, sizeof(*shelf), "a shelf");

	shelf->dir = dir;
	return shelf;
}

static void clear(struct shown *shown)
{
	if (shown->arena)
		arena_free(&shown->arena);
	free(shown->name);
	*shown = (struct shown){ 0 };
}

void shelf_free(struct shelf **shelf)
{
	for (int i = 0; *shelf && i < SHOWN_MAX; i++)
		clear(&(*shelf)->shown[i]);
	free(*shelf);
	*shelf = NULL;
}

/* A bare name is one of articles/; see page_path(). */
static struct str path_of(const struct shown *shown)
{
	if (strchr(shown->name, '/'))
		return str_of(shown->name);
	return arena_fmt(shown->arena, "articles/%s", shown->name);
}

static void load(const struct shelf *shelf, struct shown *shown)
{
	struct issue_wish wish = { .what = path_of(shown),
				   .list = STR_NONE,
				   .now = clock_now_ms(),
				   .allow_draft = true };
	struct issue *issue;

	if (conf_load(shelf->dir, shown->arena, &shown->conf, &shown->err) < 0)
		shown->conf = NULL;
	else if (issue_load(shown->conf, &wish, shown->arena, &issue,
			    &shown->err) == 0)
		shown->issue = issue;
}

/* Its place, or that of the one that was not asked for longest. */
static struct shown *place_of(struct shelf *shelf, struct str name)
{
	struct shown *oldest = &shelf->shown[0];

	for (int i = 0; i < SHOWN_MAX; i++) {
		struct shown *s = &shelf->shown[i];

		if (s->name && str_eqz(name, s->name))
			return s;
		if (s->used < oldest->used)
			oldest = s;
	}
	return oldest;
}

const struct shown *shelf_get(struct shelf *shelf, struct str name,
			      int64_t version)
{
	struct shown *shown = place_of(shelf, name);

	if (!shown->name || !str_eqz(name, shown->name) ||
	    shown->version != version) {
		clear(shown);
		shown->arena = arena_new("an article on show", SHOWN_MEMORY);
		shown->name = strndup(name.at, name.len);
		shown->version = version;
		load(shelf, shown);
	}
	shown->used = ++shelf->uses;
	return shown;
}
