/* watch.c - has the author saved something? See watch_priv.h */
#include "watch_priv.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/str.h"

#define FOLDERS_MAX 500
#define DEPTH_MAX   8

/* A file is news when it is whole: closed, or moved into place. */
#define NEWS                                                        \
	(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | \
	 IN_CREATE | IN_ONLYDIR | IN_EXCL_UNLINK)

struct folder {
	int id;	    /* inotify's */
	char *path; /* below the publication, "" for itself */
	int depth;
};

struct watch {
	struct loop *loop;
	int fd;
	char *dir;
	struct folder folders[FOLDERS_MAX];
	int count;
	char *missed; /* the first that is not watched, or NULL */
	void (*changed)(void *arg);
	void *arg;
};

static bool is_one_of(struct str name, const struct str *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(name, names[i]))
			return true;
	return false;
}

/* A folder that authors write into. */
static bool is_authors(struct str name)
{
	static const struct str ours[] = { STR("outbox"), STR("catch"),
					   STR("build"), STR("node_modules") };

	return !str_starts(name, STR(".")) &&
	       !str_starts(name, STR("tidings.")) &&
	       !is_one_of(name, ours, sizeof(ours) / sizeof(*ours));
}

/* In the publication's own folder state and text lie side by side: there only
 * the settings and pictures count. */
static bool is_news_on_top(struct str name)
{
	static const struct str endings[] = { STR(".png"),  STR(".jpg"),
					      STR(".jpeg"), STR(".gif"),
					      STR(".webp"), STR(".avif"),
					      STR(".heic"), STR(".svg") };

	if (str_eq(name, STR("tidings.yaml")))
		return true;
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (name.len > endings[i].len &&
		    str_eq_nocase(str_skip(name, name.len - endings[i].len),
				  endings[i]))
			return true;
	return false;
}

/* Not what an editor writes beside the file: "x.md~", ".x.md.swp", "4913". */
static bool is_news(const struct folder *folder, struct str name)
{
	int64_t number;

	if (str_starts(name, STR(".")) || str_ends(name, STR("~")) ||
	    str_starts(name, STR("#")) || str_ends(name, STR(".tmp")) ||
	    str_int64(name, &number))
		return false;
	return folder->depth > 0 || is_news_on_top(name);
}

/* --- folders --------------------------------------------------------------- */

static struct folder *find(struct watch *watch, int id)
{
	for (int i = 0; i < watch->count; i++)
		if (watch->folders[i].id == id)
			return &watch->folders[i];
	return NULL;
}

static void add_folder(struct watch *watch, const char *path, int depth);

static void miss(struct watch *watch, const char *path)
{
	if (!watch->missed)
		watch->missed = strdup(path);
}

const char *watch_missed(const struct watch *watch)
{
	return watch->missed;
}

static void add_below(struct watch *watch, const char *full, const char *path,
		      int depth)
{
	DIR *dir = opendir(full);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char below[PATH_MAX];
		int len;

		/* Where the kind is not told, inotify finds out. */
		if ((entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN) ||
		    !is_authors(str_of(entry->d_name)))
			continue;
		len = snprintf(below, sizeof(below), "%s%s%s", path,
			       path[0] ? "/" : "", entry->d_name);
		if (len > 0 && (size_t)len < sizeof(below))
			add_folder(watch, below, depth + 1);
	}
	if (dir)
		closedir(dir);
}

/* Its place, new or old; NULL when there are too many. */
static struct folder *place_for(struct watch *watch, int id)
{
	struct folder *folder = find(watch, id);

	if (folder)
		return folder;
	if (watch->count == FOLDERS_MAX) {
		inotify_rm_watch(watch->fd, id);
		return NULL;
	}
	folder = &watch->folders[watch->count++];
	*folder = (struct folder){ .id = id };
	return folder;
}

/* One that is there already is only looked through again. */
static void add_folder(struct watch *watch, const char *path, int depth)
{
	struct folder *folder;
	char full[PATH_MAX];
	int id, len = snprintf(full, sizeof(full), "%s%s%s", watch->dir,
			       path[0] ? "/" : "", path);

	if (len < 0 || (size_t)len >= sizeof(full))
		return;
	if (depth > DEPTH_MAX) {
		miss(watch, path);
		return;
	}
	id = inotify_add_watch(watch->fd, full, NEWS);
	folder = id < 0 ? NULL : place_for(watch, id);
	if (!folder) {
		if (id >= 0 || errno == ENOSPC)
			miss(watch, path);
		return;
	}
	/* One that was moved has kept its number. */
	free(folder->path);
	folder->path = strdup(path);
	folder->depth = depth;
	add_below(watch, full, path, depth);
}

static void forget(struct watch *watch, int id)
{
	struct folder *folder = find(watch, id);

	if (!folder)
		return;
	free(folder->path);
	*folder = watch->folders[--watch->count];
}

/* --- news ------------------------------------------------------------------ */

/* A new folder may hold files that were there before we looked. */
static bool new_folder(struct watch *watch, const struct folder *folder,
		       const char *name)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s%s%s", folder->path,
			   folder->path[0] ? "/" : "", name);

	if (!is_authors(str_of(name)) || len < 0 || (size_t)len >= sizeof(path))
		return false;
	add_folder(watch, path, folder->depth + 1);
	return true;
}

static bool take(struct watch *watch, const struct inotify_event *event)
{
	struct folder *folder = find(watch, event->wd);

	if (event->mask & IN_Q_OVERFLOW) {
		add_folder(watch, "", 0);
		return true;
	}
	if (event->mask & IN_IGNORED) {
		forget(watch, event->wd);
		return false;
	}
	if (!folder || event->len == 0)
		return false;
	if (event->mask & IN_ISDIR)
		return event->mask & (IN_CREATE | IN_MOVED_TO)
			       ? new_folder(watch, folder, event->name)
			       : is_authors(str_of(event->name));
	/* A file that was only begun comes again when it is closed. */
	return event->mask != IN_CREATE && is_news(folder, str_of(event->name));
}

static void on_events(void *arg, int fd, unsigned events)
{
	struct watch *watch = arg;
	bool news = false;
	_Alignas(struct inotify_event) char bytes[16384];
	ssize_t len;

	(void)events;
	while ((len = read(fd, bytes, sizeof(bytes))) > 0) {
		for (const char *at = bytes; at < bytes + len;) {
			const struct inotify_event *event = (const void *)at;

			news |= take(watch, event);
			at += sizeof(*event) + event->len;
		}
	}
	if (news)
		watch->changed(watch->arg);
}

int watch_open(struct loop *loop, const char *dir, void (*changed)(void *arg),
	       void *arg, struct watch **watch_out, struct err *err)
{
	struct watch *watch = die_calloc(1, sizeof(*watch), "a watch");

	watch->loop = loop;
	watch->changed = changed;
	watch->arg = arg;
	watch->dir = strdup(dir);
	watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch->fd >= 0)
		add_folder(watch, "", 0);
	if (watch->fd < 0 || watch->count == 0) {
		err_sys(err, "cannot watch '%s'", dir);
		err_hint(err, "the system lets a user watch only so many "
			      "folders: fs.inotify.max_user_watches");
		watch_close(&watch);
		return -1;
	}
	loop_watch(loop, watch->fd, LOOP_READ, on_events, watch);
	*watch_out = watch;
	return 0;
}

void watch_close(struct watch **watch_)
{
	struct watch *watch = *watch_;

	if (!watch)
		return;
	if (watch->fd >= 0) {
		loop_watch(watch->loop, watch->fd, 0, NULL, NULL);
		close(watch->fd);
	}
	for (int i = 0; i < watch->count; i++)
		free(watch->folders[i].path);
	free(watch->missed);
	free(watch->dir);
	free(watch);
	*watch_ = NULL;
}
