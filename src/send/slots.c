/* slots.c - what was on the wire, in memory that outlives the process */
#include "send/slots.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"

#define MAGIC 0x4c535444u	/* "DTSL" */
#define COUNT_MAX 512

struct slot_cell {
	_Atomic uint32_t phase;	/* the last thing written: see slot_claim() */
	int32_t code;
	int64_t issue, ordinal, epoch;
	char status[16];
	char reply[512];
};

struct slots_head {
	uint32_t magic, count;
	char boot_id[40];
};

struct slots {
	char path[PATH_MAX];
	char dir[PATH_MAX - 32];
	int fd;
	size_t size;
	struct slots_head *head;
	struct slot_cell *cells;	/* two a connection */
};

static size_t size_of(uint32_t count)
{
	return sizeof(struct slots_head) +
	       2 * (size_t)count * sizeof(struct slot_cell);
}

static int map(struct slots *slots, struct err *err)
{
	void *at = mmap(NULL, slots->size, PROT_READ | PROT_WRITE, MAP_SHARED,
			slots->fd, 0);

	if (at == MAP_FAILED)
		return err_sys(err, "cannot map '%s'", slots->path);
	slots->head = at;
	slots->cells = (struct slot_cell *)(void *)((char *)at +
						    sizeof(*slots->head));
	return 0;
}

int slots_create(const char *dir, int count, struct slots **slots_out,
		 struct err *err)
{
	struct slots *slots = die_calloc(1, sizeof(*slots), "slots");

	slots->fd = -1;
	snprintf(slots->dir, sizeof(slots->dir), "%s/" SLOTS_DIR, dir);
	snprintf(slots->path, sizeof(slots->path), "%s/new.%ld", slots->dir,
		 (long)getpid());
	slots->size = size_of((uint32_t)count);
	if (file_make_dir(slots->dir, err) < 0)
		goto out;
	slots->fd = open(slots->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC,
			 0600);
	/* posix_fallocate: a full disk is met now, not as SIGBUS later. */
	if (slots->fd < 0 || flock(slots->fd, LOCK_EX | LOCK_NB) < 0 ||
	    (errno = posix_fallocate(slots->fd, 0, (off_t)slots->size)) != 0) {
		err_sys(err, "cannot write '%s'", slots->path);
		goto out;
	}
	if (map(slots, err) < 0)
		goto out;
	slots->head->count = (uint32_t)count;
	clock_boot_id(slots->head->boot_id);
	slots->head->magic = MAGIC;
	*slots_out = slots;
	return 0;
out:
	slots_close(&slots, true);
	return -1;
}

int slots_name(struct slots *slots, int64_t owner, struct err *err)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%lld", slots->dir, (long long)owner);
	if (rename(slots->path, path) < 0)
		return err_sys(err, "cannot name '%s'", path);
	snprintf(slots->path, sizeof(slots->path), "%s", path);
	return 0;
}

void slots_close(struct slots **slots, bool clean)
{
	struct slots *s = *slots;

	if (!s)
		return;
	if (s->head)
		munmap(s->head, s->size);
	if (s->fd >= 0 && clean)
		unlink(s->path);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
	*slots = NULL;
}

struct slot_cell *slots_cell(struct slots *slots, int connection, int cell)
{
	return &slots->cells[2 * connection + cell];
}

/* Each change ends with one store of the phase, released: a process killed
 * between two stores leaves the earlier truth. Names change only under FREE. */
void slot_claim(struct slot_cell *cell, int64_t issue, int64_t ordinal,
		int64_t epoch)
{
	atomic_store_explicit(&cell->phase, CELL_FREE, memory_order_release);
	cell->issue = issue;
	cell->ordinal = ordinal;
	cell->epoch = epoch;
	atomic_store_explicit(&cell->phase, CELL_CLAIMED,
			      memory_order_release);
}

void slot_dot(struct slot_cell *cell)
{
	atomic_store_explicit(&cell->phase, CELL_DOT, memory_order_release);
}

void slot_done(struct slot_cell *cell, int code, const char *status,
	       const char *reply)
{
	cell->code = code;
	snprintf(cell->status, sizeof(cell->status), "%s", status);
	snprintf(cell->reply, sizeof(cell->reply), "%s", reply);
	atomic_store_explicit(&cell->phase, CELL_DONE, memory_order_release);
}

void slot_free(struct slot_cell *cell)
{
	atomic_store_explicit(&cell->phase, CELL_FREE, memory_order_release);
}

/* --- after a crash -------------------------------------------------------- */

/* A file is only believed as far as it is whole. */
static bool readable(struct slots *slots)
{
	struct stat st;
	struct err ignored = ERR_INIT;

	if (fstat(slots->fd, &st) < 0 ||
	    (size_t)st.st_size < sizeof(struct slots_head))
		return false;
	slots->size = (size_t)st.st_size;
	if (map(slots, &ignored) < 0)
		return false;
	return slots->head->magic == MAGIC &&
	       slots->head->count <= COUNT_MAX &&
	       size_of(slots->head->count) <= slots->size;
}

static int read_records(struct slots *slots, struct slot_record *records)
{
	int count = 0;

	for (uint32_t i = 0; i < 2 * slots->head->count; i++) {
		struct slot_cell *cell = &slots->cells[i];
		struct slot_record *r = &records[count];
		uint32_t phase = atomic_load(&cell->phase);

		if (phase == CELL_FREE || phase > CELL_DONE)
			continue;
		*r = (struct slot_record){ .phase = (enum slot_phase)phase,
					   .issue = cell->issue,
					   .ordinal = cell->ordinal,
					   .epoch = cell->epoch,
					   .code = cell->code };
		memcpy(r->status, cell->status, sizeof(r->status) - 1);
		memcpy(r->reply, cell->reply, sizeof(r->reply) - 1);
		count++;
	}
	return count;
}

static int visit_file(struct slots *slots, int64_t owner,
		      const struct slots_visit *visit, struct err *err)
{
	struct slot_record *records =
		die_calloc(2 * COUNT_MAX, sizeof(*records), "slots");
	char boot_id[40];
	bool this_boot = false;
	int count = 0, rc;

	clock_boot_id(boot_id);
	if (readable(slots)) {
		this_boot = !strncmp(boot_id, slots->head->boot_id,
				     sizeof(boot_id));
		count = read_records(slots, records);
	}
	rc = visit->dead(visit->arg, owner, this_boot, records, count, err);
	free(records);
	return rc;
}

static int visit_path(const char *path, int64_t owner,
		      const struct slots_visit *visit, struct err *err)
{
	struct slots *slots = die_calloc(1, sizeof(*slots), "slots");
	int rc = 0;

	snprintf(slots->path, sizeof(slots->path), "%s", path);
	slots->fd = open(path, O_RDWR | O_CLOEXEC);
	/* Locked: its owner lives, or somebody else is at this very work. */
	if (slots->fd < 0 || flock(slots->fd, LOCK_EX | LOCK_NB) < 0) {
		slots_close(&slots, false);
		return 0;
	}
	rc = visit_file(slots, owner, visit, err);
	slots_close(&slots, rc == 0);
	return rc;
}

int slots_recover(const char *dir, const struct slots_visit *visit,
		  struct err *err)
{
	char folder[PATH_MAX - 32], path[PATH_MAX];
	const struct dirent *entry;
	int rc = 0;
	DIR *d;

	snprintf(folder, sizeof(folder), "%s/" SLOTS_DIR, dir);
	d = opendir(folder);
	if (!d)
		return errno == ENOENT ? 0
				       : err_sys(err, "cannot open '%s'",
						 folder);
	while (rc == 0 && (entry = readdir(d))) {
		int64_t owner;

		snprintf(path, sizeof(path), "%s/%.20s", folder,
			 entry->d_name);
		if (str_int64(str_of(entry->d_name), &owner) && owner > 0)
			rc = visit_path(path, owner, visit, err);
	}
	closedir(d);
	return rc;
}

bool slots_exist(const char *dir, int64_t owner)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/" SLOTS_DIR "/%lld", dir,
		 (long long)owner);
	return file_exists(path);
}
