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

#define MAGIC	  0x4c535444u /* "DTSL" */
#define COUNT_MAX 512

struct slot_cell {
	_Atomic uint32_t phase; /* the last thing written: see slot_claim() */
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
	struct slot_cell *cells; /* two a connection */
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

/* 1: locked, and still what others find under that path; 0: somebody else's,
 * or removed meanwhile; -1 with errno. */
static int take_lock(int fd, const char *path)
{
	struct stat mine, there;

	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? 0 : -1;
	return fstat(fd, &mine) == 0 && stat(path, &there) == 0 &&
	       mine.st_dev == there.st_dev && mine.st_ino == there.st_ino;
}

/* A file of our own, locked. Whoever clears away what the dead have left may
 * find it before it is locked: then the next one. */
static int make_file(struct slots *slots)
{
	int locked = 0;

	while (locked == 0) {
		snprintf(slots->path, sizeof(slots->path), "%s/new.XXXXXX",
			 slots->dir);
		slots->fd = mkostemp(slots->path, O_CLOEXEC);
		if (slots->fd < 0)
			return -1;
		locked = take_lock(slots->fd, slots->path);
		if (locked == 0)
			close(slots->fd);
	}
	return locked < 0 ? -1 : 0;
}

int slots_create(const char *dir, int count, struct slots **slots_out,
		 struct err *err)
{
	struct slots *slots = die_calloc(1, sizeof(*slots), "slots");

	slots->fd = -1;
	snprintf(slots->dir, sizeof(slots->dir), "%s/" SLOTS_DIR, dir);
	slots->size = size_of((uint32_t)count);
	if (file_make_dir(slots->dir, err) < 0)
		goto out;
	/* posix_fallocate: a full disk is met now, not as SIGBUS later. */
	if (make_file(slots) < 0 ||
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
 * between two stores leaves the earlier truth. Names change only under FREE;
 * the fence keeps them behind it. */
void slot_claim(struct slot_cell *cell, int64_t issue, int64_t ordinal,
		int64_t epoch)
{
	atomic_store_explicit(&cell->phase, CELL_FREE, memory_order_release);
	atomic_thread_fence(memory_order_release);
	cell->issue = issue;
	cell->ordinal = ordinal;
	cell->epoch = epoch;
	atomic_store_explicit(&cell->phase, CELL_CLAIMED, memory_order_release);
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
	return slots->head->magic == MAGIC && slots->head->count <= COUNT_MAX &&
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
	struct slot_record *records = die_calloc(2 * COUNT_MAX,
						 sizeof(*records), "slots");
	char boot_id[40];
	bool this_boot = false;
	int count = 0, rc;

	clock_boot_id(boot_id);
	if (readable(slots)) {
		/* Where the boot is unknown, none is this one. */
		this_boot = boot_id[0] &&
			    !strncmp(boot_id, slots->head->boot_id,
				     sizeof(boot_id));
		count = read_records(slots, records);
	}
	rc = visit->dead(visit->arg, owner, this_boot, records, count, err);
	free(records);
	return rc;
}

/* `owner` 0: a file that never got its name. */
static int visit_path(const char *path, int64_t owner,
		      const struct slots_visit *visit, struct err *err)
{
	struct slots *slots = die_calloc(1, sizeof(*slots), "slots");
	int locked = 0, rc = 0;

	snprintf(slots->path, sizeof(slots->path), "%s", path);
	slots->fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (slots->fd >= 0)
		locked = take_lock(slots->fd, path);
	else if (errno != ENOENT && errno != EISDIR)
		locked = -1;
	/* Locked: its owner lives, or somebody else is at this very work. But
	 * what cannot be looked at must not pass for alive for ever. */
	if (locked < 0)
		rc = err_sys(err, "cannot look at '%s'", path);
	else if (locked == 1 && owner > 0)
		rc = visit_file(slots, owner, visit, err);
	slots_close(&slots, locked == 1 && rc == 0);
	return rc;
}

/* The owner in a file's name as slots_name() writes it: "7" and no "07". */
static int64_t owner_of(const char *name)
{
	char again[24];
	int64_t owner;

	if (!str_int64(str_of(name), &owner) || owner <= 0)
		return 0;
	snprintf(again, sizeof(again), "%lld", (long long)owner);
	return strcmp(again, name) ? 0 : owner;
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
		return errno == ENOENT
			       ? 0
			       : err_sys(err, "cannot open '%s'", folder);
	while (rc == 0 && (entry = readdir(d))) {
		int64_t owner = owner_of(entry->d_name);

		snprintf(path, sizeof(path), "%s/%.20s", folder, entry->d_name);
		if (owner > 0 || str_starts(str_of(entry->d_name), STR("new.")))
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
