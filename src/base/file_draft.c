/* file_draft.c - a file without a name until it is whole
 *
 * Where the file system can, it has none at all (O_TMPFILE), so that whoever
 * is killed leaves nothing behind; elsewhere its name ends in ".part".
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static void folder_of(const char *path, char folder[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	snprintf(folder, PATH_MAX, "%.*s", slash ? (int)(slash - path) + 1 : 1,
		 slash ? path : ".");
}

static int sync_folder_of(const char *path)
{
	char folder[PATH_MAX];
	int fd, rc;

	folder_of(path, folder);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

/* What names a descriptor's file, so that it can get a name of its own. */
static void open_name(int fd, char name[64])
{
	snprintf(name, 64, "/proc/self/fd/%d", fd);
}

static int open_nameless(const char *path, unsigned mode)
{
	char folder[PATH_MAX], name[64];
	int fd;

	folder_of(path, folder);
	fd = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, (mode_t)mode);
	if (fd < 0)
		return -1;
	open_name(fd, name);
	if (access(name, F_OK) == 0)
		return fd;
	close(fd);
	return -1;
}

/* What a killed process left here, or somebody else put here, has its own
 * mode and may be a link: never write into it. */
static int open_named(const char *temporary, unsigned mode)
{
	unlink(temporary);
	return open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		    (mode_t)mode);
}

int file_draft_open(const char *path, unsigned mode, struct file_draft *draft,
		    struct err *err)
{
	draft->special = is_special(path);
	draft->named = false;
	if (strlen(path) >= sizeof(draft->path) ||
	    snprintf(draft->temporary, sizeof(draft->temporary), "%s.%ld.part",
		     path, (long)getpid()) >= (int)sizeof(draft->temporary))
		return err_set(err, ERR_IO, "the name '%.200s' is too long",
			       path);
	memcpy(draft->path, path, strlen(path) + 1);
	if (draft->special) {
		draft->fd = open(path, O_WRONLY | O_CLOEXEC);
	} else {
		draft->fd = open_nameless(path, mode);
		draft->named = draft->fd < 0;
		if (draft->named)
			draft->fd = open_named(draft->temporary, mode);
	}
	return draft->fd < 0 ? err_sys(err, "cannot write '%s'", path) : 0;
}

void file_draft_drop(struct file_draft *draft)
{
	if (draft->fd >= 0)
		close(draft->fd);
	if (draft->named)
		unlink(draft->temporary);
	draft->fd = -1;
	draft->named = false;
}

/* A further name for what was written; EEXIST when it is taken. */
static int give_name(const struct file_draft *draft, const char *path)
{
	char name[64];

	if (draft->named)
		return link(draft->temporary, path);
	open_name(draft->fd, name);
	return linkat(AT_FDCWD, name, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

static int replace(struct file_draft *draft)
{
	if (!draft->named) {
		unlink(draft->temporary);
		if (give_name(draft, draft->temporary) < 0)
			return -1;
		draft->named = true;
	}
	if (rename(draft->temporary, draft->path) < 0)
		return -1;
	draft->named = false;
	return 0;
}

static int put_in_place(struct file_draft *draft, bool fresh)
{
	if (draft->special)
		return 0;
	if (fsync(draft->fd) < 0 ||
	    (fresh ? give_name(draft, draft->path) : replace(draft)) < 0)
		return -1;
	return sync_folder_of(draft->path);
}

/* On failure errno is what went wrong. */
static int keep(struct file_draft *draft, bool fresh, struct err *err)
{
	int rc = put_in_place(draft, fresh);
	int problem;

	if (rc == 0) {
		rc = close(draft->fd);
		draft->fd = -1;
	}
	problem = errno;
	if (rc < 0)
		err_sys(err, "cannot write '%s'", draft->path);
	file_draft_drop(draft);
	errno = problem;
	return rc;
}

int file_draft_keep(struct file_draft *draft, struct err *err)
{
	return keep(draft, false, err);
}

int file_draft_keep_new(struct file_draft *draft, struct err *err)
{
	if (!draft->special) {
		if (keep(draft, true, err) == 0)
			return 0;
		if (errno != EEXIST)
			return -1;
	}
	file_draft_drop(draft);
	err_set(err, ERR_INPUT, "'%s' is there already", draft->path);
	return err_hint(err, "take another name, or move that one away");
}
