/* file.c - reading and writing whole files: see base/file.h */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"

/* A pipe that nobody writes to would hold a blocking open for ever. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

static int read_all(int fd, const char *path, size_t limit, struct buf *text,
		    struct err *err)
{
	for (;;) {
		char *room = buf_reserve(text, 65536);
		ssize_t got;

		/* The ceiling is past the limit by one read: what does not
		 * fit is too large, whatever the file system said before. */
		if (!room || text->len > limit) {
			err_set(err, ERR_INPUT, "'%s' is larger than %zu bytes",
				path, limit);
			return err_hint(err, "split it into smaller ones");
		}
		got = read(fd, room, 65536);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(err, "cannot read '%s'", path);
		if (got == 0)
			return 0;
		text->len += (size_t)got;
		text->at[text->len] = 0;
	}
}

/* A file that may be read. It can still grow: read_all() counts again. */
static int check_file(int fd, const char *path, size_t limit, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(err, "cannot read '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_INPUT, "'%s' is not a file", path);
	if ((uintmax_t)st.st_size <= limit)
		return 0;
	err_set(err, ERR_INPUT, "'%s' has %jd bytes, %zu at most are read",
		path, (intmax_t)st.st_size, limit);
	return err_hint(err, "split it into smaller ones");
}

static int read_open(int fd, const char *path, size_t limit,
		     struct arena *arena, struct str *text_out, struct err *err)
{
	struct buf text;
	int rc = -1;

	buf_init(&text, limit + 2 * 65536);
	if (read_all(fd, path, limit, &text, err) < 0)
		goto out;
	if (text.len > limit) {
		err_set(err, ERR_INPUT, "'%s' is larger than %zu bytes", path,
			limit);
		err_hint(err, "split it into smaller ones");
		goto out;
	}
	*text_out = arena_dup(arena, buf_str(&text));
	rc = 0;
out:
	buf_done(&text);
	return rc;
}

int file_read(const char *path, size_t limit, struct arena *arena,
	      struct str *text_out, struct err *err)
{
	bool standard = !strcmp(path, "-");
	int fd = standard ? 0 : open(path, OPEN_FLAGS);
	int rc;

	if (fd < 0)
		return err_sys(err, "cannot open '%s'", path);
	rc = standard ? 0 : check_file(fd, path, limit, err);
	if (rc == 0)
		rc = read_open(fd, path, limit, arena, text_out, err);
	if (!standard)
		close(fd);
	return rc;
}

/* Does the name, read as it stands, go above where it began? */
static bool climbs_out(struct str name)
{
	int depth = 0;

	while (name.len > 0 && depth >= 0) {
		struct str part = str_cut(name, '/', &name);

		if (str_eqz(part, ".."))
			depth--;
		else if (part.len > 0 && !str_eqz(part, "."))
			depth++;
	}
	return depth < 0;
}

/* Without openat2 (old kernels, some sandboxes): compare the real names. */
static int open_checked(const char *dir, const char *name)
{
	char root[PATH_MAX], whole[PATH_MAX], real[PATH_MAX];
	size_t n;

	if (name[0] == '/' || climbs_out(str_of(name)))
		return errno = EXDEV, -1;
	if (!realpath(dir, root))
		return -1;
	if (snprintf(whole, sizeof(whole), "%s/%s", root, name) >=
	    (int)sizeof(whole))
		return errno = ENAMETOOLONG, -1;
	if (!realpath(whole, real))
		return -1;
	n = strlen(root);
	if (n > 1 && (strncmp(real, root, n) != 0 || real[n] != '/'))
		return errno = EXDEV, -1;
	return open(real, OPEN_FLAGS);
}

static int open_below(const char *dir, const char *name)
{
	struct open_how how = { .flags = OPEN_FLAGS,
				.resolve = RESOLVE_BENEATH };
	int root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd, problem;

	if (root < 0)
		return -1;
	fd = (int)syscall(SYS_openat2, root, name, &how, sizeof(how));
	problem = errno;
	close(root);
	errno = problem;
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return open_checked(dir, name);
	return fd;
}

int file_read_below(const char *dir, struct str name, size_t limit,
		    struct arena *arena, struct str *text_out, struct err *err)
{
	const char *z = arena_z(arena, name);
	int fd, rc;

	if (memchr(z, 0, name.len) || name.len == 0)
		return err_set(err, ERR_INPUT, "'%s' is no file name", z);
	fd = open_below(dir, z);
	if (fd < 0 && (errno == EXDEV || errno == ELOOP)) {
		err_set(err, ERR_INPUT, "'%s' leads out of the publication", z);
		return err_hint(err, "copy the file into the publication's "
				     "folder");
	}
	if (fd < 0)
		return err_sys(err, "cannot open '%s'", z);
	rc = check_file(fd, z, limit, err);
	if (rc == 0)
		rc = read_open(fd, z, limit, arena, text_out, err);
	close(fd);
	return rc;
}

static int fill_draft(struct file_draft *draft, struct str text,
		      struct err *err)
{
	while (text.len > 0) {
		ssize_t put = write(draft->fd, text.at, text.len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0) {
			err_sys(err, "cannot write '%s'", draft->path);
			file_draft_drop(draft);
			return -1;
		}
		text = str_skip(text, (size_t)put);
	}
	return 0;
}

int file_write(const char *path, struct str text, unsigned mode,
	       struct err *err)
{
	struct file_draft draft;

	if (file_draft_open(path, mode, &draft, err) < 0 ||
	    fill_draft(&draft, text, err) < 0)
		return -1;
	return file_draft_keep(&draft, err);
}

int file_create(const char *path, struct str text, unsigned mode,
		struct err *err)
{
	struct file_draft draft;

	if (file_draft_open(path, mode, &draft, err) < 0 ||
	    (!draft.special && fill_draft(&draft, text, err) < 0))
		return -1;
	return file_draft_keep_new(&draft, err);
}

bool file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

/* mkdir(2) says EEXIST of a file, too. */
static int make_one(const char *path)
{
	struct stat st;

	if (mkdir(path, 0777) == 0)
		return 0;
	if (errno != EEXIST || stat(path, &st) < 0)
		return -1;
	if (S_ISDIR(st.st_mode))
		return 0;
	errno = ENOTDIR;
	return -1;
}

int file_make_dir(const char *path, struct err *err)
{
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (len == 0 || len >= sizeof(part))
		return err_set(err, ERR_IO, "'%.200s' is no folder's name",
			       path);
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != 0)
			continue;
		memcpy(part, path, i);
		part[i] = 0;
		if (make_one(part) < 0)
			return err_sys(err, "cannot make the folder '%s'",
				       part);
	}
	return 0;
}

char *file_path(struct arena *arena, const char *dir, struct str name)
{
	struct str path = arena_fmt(arena, "%s/" STR_FMT, dir, STR_ARG(name));

	return arena_z(arena, path);
}
