/* db_faults.h - a file system for SQLite that ends the process, or says that
 * the disk is full, at a chosen write
 *
 * Every change of a file counts: write, truncate, sync, delete. What the
 * kernel has been given before survives the process, as after kill -9; so
 * nothing is really synced, which would only take time.
 */
#ifndef DB_FAULTS_H
#define DB_FAULTS_H

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

enum fault { FAULT_NONE, FAULT_KILL, FAULT_TORN_KILL, FAULT_FULL };

static struct {
	enum fault kind;
	long at;    /* the how manieth change */
	long count; /* of changes so far */
	sqlite3_vfs *real;
} faults;

struct fault_file {
	sqlite3_file base;
	sqlite3_file *real;
};

static sqlite3_file *real_of(sqlite3_file *file)
{
	return ((struct fault_file *)(void *)file)->real;
}

static bool due(void)
{
	if (faults.kind == FAULT_NONE || faults.count++ < faults.at)
		return false;
	if (faults.kind == FAULT_KILL)
		kill(getpid(), SIGKILL);
	return true;
}

static int fault_write(sqlite3_file *file, const void *bytes, int len,
		       sqlite3_int64 at)
{
	sqlite3_file *real = real_of(file);

	if (due()) {
		if (faults.kind == FAULT_FULL)
			return SQLITE_FULL;
		real->pMethods->xWrite(real, bytes, len / 2, at);
		kill(getpid(), SIGKILL);
	}
	return real->pMethods->xWrite(real, bytes, len, at);
}

static int fault_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	sqlite3_file *real = real_of(file);

	if (due() && faults.kind == FAULT_TORN_KILL)
		kill(getpid(), SIGKILL);
	return real->pMethods->xTruncate(real, size);
}

static int fault_sync(sqlite3_file *file, int flags)
{
	(void)file, (void)flags;
	if (due()) {
		if (faults.kind == FAULT_FULL)
			return SQLITE_IOERR_FSYNC;
		kill(getpid(), SIGKILL);
	}
	return SQLITE_OK;
}

static int fault_close(sqlite3_file *file)
{
	return real_of(file)->pMethods->xClose(real_of(file));
}

static int fault_read(sqlite3_file *file, void *bytes, int len,
		      sqlite3_int64 at)
{
	return real_of(file)->pMethods->xRead(real_of(file), bytes, len, at);
}

static int fault_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int fault_lock(sqlite3_file *file, int how)
{
	return real_of(file)->pMethods->xLock(real_of(file), how);
}

static int fault_unlock(sqlite3_file *file, int how)
{
	return real_of(file)->pMethods->xUnlock(real_of(file), how);
}

static int fault_reserved(sqlite3_file *file, int *out)
{
	return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}

static int fault_control(sqlite3_file *file, int what, void *arg)
{
	return real_of(file)->pMethods->xFileControl(real_of(file), what, arg);
}

static int fault_sector(sqlite3_file *file)
{
	return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int fault_device(sqlite3_file *file)
{
	return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int fault_shm_map(sqlite3_file *file, int page, int size, int extend,
			 void volatile **out)
{
	return real_of(file)->pMethods->xShmMap(real_of(file), page, size,
						extend, out);
}

static int fault_shm_lock(sqlite3_file *file, int at, int n, int flags)
{
	return real_of(file)->pMethods->xShmLock(real_of(file), at, n, flags);
}

static void fault_shm_barrier(sqlite3_file *file)
{
	real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int fault_shm_unmap(sqlite3_file *file, int remove)
{
	return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

static const sqlite3_io_methods fault_methods = {
	2,
	fault_close,
	fault_read,
	fault_write,
	fault_truncate,
	fault_sync,
	fault_size,
	fault_lock,
	fault_unlock,
	fault_reserved,
	fault_control,
	fault_sector,
	fault_device,
	fault_shm_map,
	fault_shm_lock,
	fault_shm_barrier,
	fault_shm_unmap,
	NULL,
	NULL,
};

static int fault_open(sqlite3_vfs *vfs, sqlite3_filename name,
		      sqlite3_file *file, int flags, int *flags_out)
{
	struct fault_file *ours = (struct fault_file *)(void *)file;
	int rc;

	(void)vfs;
	ours->real = (sqlite3_file *)(void *)(ours + 1);
	rc = faults.real->xOpen(faults.real, name, ours->real, flags,
				flags_out);
	ours->base.pMethods = ours->real->pMethods ? &fault_methods : NULL;
	return rc;
}

static int fault_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	if (due() && faults.kind == FAULT_TORN_KILL)
		kill(getpid(), SIGKILL);
	return faults.real->xDelete(faults.real, name, sync);
}

/* From now on files are opened through this. For cmocka's group. */
static int faults_install(void **state)
{
	static sqlite3_vfs vfs;

	(void)state;

	faults.real = sqlite3_vfs_find(NULL);
	vfs = *faults.real;
	vfs.zName = "faults";
	vfs.szOsFile += (int)sizeof(struct fault_file);
	vfs.xOpen = fault_open;
	vfs.xDelete = fault_delete;
	return sqlite3_vfs_register(&vfs, 1);
}

static void faults_set(enum fault kind, long at)
{
	faults.kind = kind;
	faults.at = at;
	faults.count = 0;
}

#endif
