/* generation.c - one number in shared memory: "somebody has left" */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/die.h"
#include "base/file.h"
#include "send/slots.h"

struct generation {
	void *map;
	_Atomic uint64_t *number;
};

int generation_open(const char *dir, struct generation **out, struct err *err)
{
	struct generation *generation = die_calloc(1, sizeof(*generation),
						   "the generation");
	char path[PATH_MAX];
	void *at = MAP_FAILED;
	int fd;

	snprintf(path, sizeof(path), "%s/" SLOTS_DIR, dir);
	if (file_make_dir(path, err) < 0)
		goto out;
	snprintf(path, sizeof(path), "%s/" SLOTS_DIR "/generation", dir);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	/* posix_fallocate: a full disk is met now, not as SIGBUS later. */
	if (fd >= 0 && (errno = posix_fallocate(fd, 0, sizeof(uint64_t))) == 0)
		at = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE,
			  MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (at == MAP_FAILED) {
		err_sys(err, "cannot use '%s'", path);
		goto out;
	}
	generation->map = at;
	generation->number = at;
	*out = generation;
	return 0;
out:
	free(generation);
	return -1;
}

void generation_close(struct generation **generation)
{
	if (!*generation)
		return;
	munmap((*generation)->map, sizeof(uint64_t));
	free(*generation);
	*generation = NULL;
}

uint64_t generation_read(const struct generation *generation)
{
	return atomic_load(generation->number);
}

void generation_raise(struct generation *generation)
{
	atomic_fetch_add(generation->number, 1);
}
