/* list_cut.h - an import that dies in the middle
 *
 * It runs in a child whose writes and syncs are counted here (SQLite calls the
 * program's own pwrite64 and fdatasync before those of the C library): the
 * child ends itself with SIGKILL before the Nth write or right after the Nth
 * sync. A sync follows each commit. Include behind cmocka.h. */
#ifndef LIST_CUT_H
#define LIST_CUT_H

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "list_rig.h"

static long die_at_write, die_after_sync; /* 0: never */

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at);
int fdatasync(int fd);

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	if (die_at_write > 0 && --die_at_write == 0)
		raise(SIGKILL);
	return syscall(SYS_pwrite64, fd, bytes, len, at);
}

int fdatasync(int fd)
{
	int rc = (int)syscall(SYS_fdatasync, fd);

	if (die_after_sync > 0 && --die_after_sync == 0)
		raise(SIGKILL);
	return rc;
}

/* Keep the database as it is now, or put it back; closed both times. */
static inline void copy_file(const char *from, const char *to)
{
	char bytes[65536];
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	size_t len;

	assert_non_null(in);
	assert_non_null(out);
	while ((len = fread(bytes, 1, sizeof(bytes), in)) > 0)
		assert_int_equal(fwrite(bytes, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
	fclose(in);
}

static inline const char *kept_path(const struct rig *rig, char out[160])
{
	snprintf(out, 160, "%s-kept", rig->path);
	return out;
}

/* With the list closed and the last connection gone there is one file. */
static inline void keep(struct rig *rig)
{
	char kept[160];

	close_list(rig);
	copy_file(rig->path, kept_path(rig, kept));
}

static inline void put_back(struct rig *rig)
{
	static const char *const others[] = { "-wal", "-shm" };
	char path[160];

	for (size_t i = 0; i < COUNT(others); i++) {
		snprintf(path, sizeof(path), "%s%s", rig->path, others[i]);
		unlink(path);
	}
	copy_file(kept_path(rig, path), rig->path);
}

static inline void drop_kept(struct rig *rig)
{
	char kept[160];

	unlink(kept_path(rig, kept));
}

/* The file is imported by a child; not waited for. */
static inline pid_t start_import(struct rig *rig, long write, long sync)
{
	struct import_options options = options_for(rig);
	struct import_done done;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child > 0)
		return child;
	die_at_write = write;
	die_after_sync = sync;
	if (db_open(rig->path, DB_WRITE, &rig->db, &rig->err) < 0 ||
	    list_open(rig->db, rig->seal, &rig->list, &rig->err) < 0 ||
	    list_import(rig->list, &options, &done, &rig->err) < 0)
		_exit(9);
	_exit(0);
}

/* True: killed where it should; false: it came to its end. */
static inline bool cut_import(struct rig *rig, long write, long sync)
{
	int status;
	pid_t child = start_import(rig, write, sync);

	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return true;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return false;
}

/* Cut it after the first commit that makes `when` true. Left are the open
 * database and the guard of an import that seems to be alive. */
static inline struct db_guard *cut_when(struct rig *rig, const char *text,
					const char *when)
{
	struct db_guard *guard = NULL;
	bool there = false;

	write_file(rig, str_of(text));
	keep(rig);
	for (long sync = 1; !there; sync++) {
		put_back(rig);
		assert_true(cut_import(rig, 0, sync));
		must(db_open(rig->path, DB_WRITE, &rig->db, &rig->err),
		     &rig->err);
		there = ask(rig, when) != 0;
		if (!there)
			db_close(&rig->db);
	}
	drop_kept(rig);
	assert_int_equal(db_guard(rig->db, IMPORT_GUARD, &guard, &rig->err), 1);
	must(list_open(rig->db, rig->seal, &rig->list, &rig->err), &rig->err);
	return guard;
}

#define HALF_DONE                                 \
	"SELECT (SELECT shown FROM import_clock)" \
	"     < (SELECT max(batch) FROM consent)"
#define JUST_PUBLISHED                            \
	"SELECT (SELECT shown FROM import_clock)" \
	"     = (SELECT id FROM import_batch WHERE settled = 0)"

/* The import lives on, or another writer finds it dead. */
static inline void publish_and_settle(struct rig *rig, struct db_guard **guard)
{
	ask(rig, "UPDATE import_clock SET shown ="
		 " (SELECT id FROM import_batch WHERE settled = 0)");
	must(recover_import(rig->list, &rig->err), &rig->err);
	db_unguard(guard);
}

static inline void throw_away(struct rig *rig, struct db_guard **guard)
{
	db_unguard(guard);
	close_list(rig);
	open_list(rig, DB_WRITE);
}

/* Rows that no finished import may leave. */
static inline int64_t leftovers(struct rig *rig)
{
	return ask(rig,
		   "WITH c AS (SELECT shown FROM import_clock)"
		   " SELECT (SELECT count(*) FROM subscriber, c WHERE"
		   "  batch > shown OR next_batch IS NOT NULL OR"
		   "  next_name IS NOT NULL OR next_attributes IS NOT NULL)"
		   " + (SELECT count(*) FROM subscription, c WHERE"
		   "  batch > shown OR next_batch IS NOT NULL)"
		   " + (SELECT count(*) FROM consent, c WHERE batch > shown)"
		   " + (SELECT count(*) FROM import_batch, c WHERE"
		   "  settled = 0 OR id > shown)");
}

#endif
