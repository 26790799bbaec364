/* guard.c - locks between processes that end with their owner
 *
 * A lock file beside the database, held with flock(2): the kernel frees it
 * when the owner ends, however it ends. (The database file itself must not be
 * opened a second time: closing that descriptor would drop SQLite's own
 * locks, which POSIX ties to the file and not to the descriptor.)
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "db_priv.h"

struct db_guard {
	int fd;
	char path[];
};

/* 1: open and locked, 0: somebody else has it, -1 with errno. */
static int lock(const char *path, int *fd_out)
{
	struct stat mine, there;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return -1;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int problem = errno;

		close(fd);
		errno = problem;
		return problem == EWOULDBLOCK ? 0 : -1;
	}
	/* The last owner removed the file between our open and our lock:
	 * then what we hold is no longer what others will find. */
	if (fstat(fd, &mine) < 0 || stat(path, &there) < 0 ||
	    mine.st_ino != there.st_ino) {
		close(fd);
		return lock(path, fd_out);
	}
	*fd_out = fd;
	return 1;
}

int db_guard(struct db *db, const char *name, struct db_guard **guard_out,
	     struct err *err)
{
	size_t size = strlen(db->path) + strlen(name) + 2;
	struct db_guard *guard = die_calloc(1, sizeof(*guard) + size,
					    "a lock");
	int got = 1;

	snprintf(guard->path, size, "%s-%s", db->path, name);
	guard->fd = -1;
	if (!db->memory)
		got = lock(guard->path, &guard->fd);
	if (got < 0)
		err_sys(err, "cannot lock '%s'", guard->path);
	if (got == 1)
		*guard_out = guard;
	else
		free(guard);
	return got;
}

void db_unguard(struct db_guard **guard)
{
	if (!*guard)
		return;
	if ((*guard)->fd >= 0) {
		unlink((*guard)->path);
		close((*guard)->fd);
	}
	free(*guard);
	*guard = NULL;
}
