/* db_rig.h - a database in a folder of its own, and processes that use it, for
 * the tests of db; include behind cmocka.h */
#ifndef DB_RIG_H
#define DB_RIG_H

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/db_priv.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NOBODY	     65534

struct rig {
	char dir[64], path[128];
	struct db *db;
	struct err err;
};

static inline void must(int rc, const struct err *err)
{
	if (rc < 0)
		fail_msg("%s: %s", err->place, err->message);
}

static inline void rig_dir(struct rig *rig)
{
	*rig = (struct rig){ 0 };
	snprintf(rig->dir, sizeof(rig->dir), "/tmp/tidings-db-XXXXXX");
	assert_non_null(mkdtemp(rig->dir));
	snprintf(rig->path, sizeof(rig->path), "%s/tidings.db", rig->dir);
}

static inline void rig_remove(const struct rig *rig, const char *suffix)
{
	char path[160];

	snprintf(path, sizeof(path), "%s%s", rig->path, suffix);
	unlink(path);
}

static inline void rig_remove_files(const struct rig *rig)
{
	static const char *const suffixes[] = { "", "-wal", "-shm",
						"-journal" };

	for (size_t i = 0; i < COUNT(suffixes); i++)
		rig_remove(rig, suffixes[i]);
}

static inline void rig_down(struct rig *rig)
{
	db_close(&rig->db);
	rig_remove_files(rig);
	if (rmdir(rig->dir) < 0)
		fail_msg("'%s' is not empty", rig->dir);
}

static inline void rig_open(struct rig *rig)
{
	rig_dir(rig);
	must(db_open(rig->path, DB_CREATE, &rig->db, &rig->err), &rig->err);
}

/* The number that one statement yields, run to its end. */
static inline int64_t ask(struct db *db, const char *sql)
{
	struct db_query query = { "ask", sql };
	struct err err = ERR_INIT;
	struct db_set *set = NULL;
	struct db_stmt *stmt;
	int64_t answer = 0;
	int rc;

	must(db_prepare(db, &query, 1, &set, &err), &err);
	stmt = db_use(set, 0);
	rc = db_step(stmt, &err);
	must(rc, &err);
	if (rc == 1) {
		answer = db_int(stmt, 0);
		must(db_run(stmt, &err), &err);
	}
	db_finish(&set);
	return answer;
}

/* The same for a statement that is to fail. */
static inline struct err refused(struct db *db, const char *sql)
{
	struct db_query query = { "refused", sql };
	struct err err = ERR_INIT;
	struct db_set *set = NULL;
	int rc = db_prepare(db, &query, 1, &set, &err);

	if (rc == 0)
		rc = db_run(db_use(set, 0), &err);
	db_finish(&set);
	if (rc != -1)
		fail_msg("done: %s", sql);
	return err;
}

/* `work` in a process of its own, which ends with ours at the latest; what it
 * returns is the exit status. */
static inline pid_t start(int (*work)(void *arg), void *arg)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(work(arg));
	}
	return pid;
}

/* The exit status, or 1000 and the signal's number. */
static inline int end_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : 1000 + WTERMSIG(status);
}

/* A word from one process to another: the other end of a pipe. */
static inline void tell(int fd)
{
	assert_int_equal(write(fd, "x", 1), 1);
}

static inline void hear(int fd)
{
	char c;

	assert_int_equal(read(fd, &c, 1), 1);
}

#endif
