/* apply.c - staged rows become people, in chunks nobody sees until the last
 *
 * New rows carry the import's number, and the views hide that number while
 * `import_state.running` names it. The last transaction changes what was
 * known and sets it to 0: all is there at once. Killed before that, what it
 * left is invisible and thrown away by the next import.
 */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "list_priv.h"

#include "list_sql.h"

#define STAGED(name) (LIST_SQL_##name - LIST_SQL_CREATE_STAGING)
#define CHUNK 2000		/* people; well under 100 ms */

struct apply {
	struct list *list;
	struct db_set *set;
	const struct import_options *options;
	int64_t batch;
	struct arena *arena;
	struct str after, upto;
	struct str what;	/* evidence */
};

static int run_batch(struct list *list, size_t statement, int64_t batch,
		     struct err *err)
{
	struct db_stmt *s = db_use(list->set, statement);

	db_bind_int(s, ":batch", batch);
	return db_run(s, err);
}

static int throw_away(struct list *list, int64_t batch, struct err *err)
{
	if (db_begin(list->db, err) < 0)
		return -1;
	if (run_batch(list, LIST_SQL_DROP_SUBSCRIPTIONS, batch, err) == 0 &&
	    run_batch(list, LIST_SQL_DROP_CONSENTS, batch, err) == 0 &&
	    run_batch(list, LIST_SQL_DROP_SUBSCRIBERS, batch, err) == 0 &&
	    db_run(db_use(list->set, LIST_SQL_IMPORT_OVER), err) == 0)
		return db_commit(list->db, err);
	db_rollback(list->db);
	return -1;
}

int apply_clean_up(struct list *list, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_IMPORT_RUNNING);
	int64_t batch, process;

	if (db_one(s, err) < 0)
		return -1;
	batch = db_int(s, 0);
	process = db_int(s, 1);
	db_reset(s);
	if (batch == 0)
		return 0;
	if (process != getpid() && (kill((pid_t)process, 0) == 0 ||
				    errno == EPERM)) {
		err_set(err, ERR_AGAIN, "another import is under way (process "
			"%lld)", (long long)process);
		return err_hint(err, "try again when it has ended");
	}
	return throw_away(list, batch, err);
}

static int begin(struct apply *a, struct err *err)
{
	struct db_stmt *s = db_use(a->set, STAGED(IMPORT_BEGIN));

	db_bind_int(s, ":process", getpid());
	if (db_one(s, err) < 0)
		return -1;
	a->batch = db_int(s, 0);
	/* With RETURNING the change counts only when the step said done. */
	return db_step(s, err) < 0 ? -1 : 0;
}

static int run_chunk(struct apply *a, size_t statement, bool now, bool what,
		     struct err *err)
{
	struct db_stmt *s = db_use(a->set, statement);

	db_bind_int(s, ":batch", a->batch);
	db_bind_text(s, ":after", a->after);
	db_bind_text(s, ":upto", a->upto);
	if (now)
		db_bind_int(s, ":now", a->options->now);
	if (what)
		db_bind_text(s, ":what", a->what);
	return db_run(s, err);
}

/* 1 when a->upto is the end of the next chunk, 0 when all is done. */
static int next_chunk(struct apply *a, struct err *err)
{
	struct db_stmt *s = db_use(a->set, STAGED(NEXT_KEY));
	int found;

	db_bind_text(s, ":after", a->after);
	db_bind_int(s, ":limit", CHUNK);
	if (db_one(s, err) < 0)
		return -1;
	found = !db_null(s, 0);
	if (found)
		a->upto = arena_dup(a->arena, db_text(s, 0));
	db_reset(s);
	return found;
}

static int apply_chunk(struct apply *a, struct err *err)
{
	if (db_begin(a->list->db, err) < 0)
		return -1;
	if (run_chunk(a, STAGED(APPLY_PEOPLE), false, false, err) == 0 &&
	    run_chunk(a, STAGED(APPLY_SUBSCRIPTIONS), true, false, err) == 0 &&
	    run_chunk(a, STAGED(APPLY_CONSENTS), true, true, err) == 0)
		return db_commit(a->list->db, err);
	db_rollback(a->list->db);
	return -1;
}

static int publish(struct apply *a, struct err *err)
{
	struct db_stmt *s;

	if (db_begin(a->list->db, err) < 0)
		return -1;
	s = db_use(a->set, STAGED(PUBLISH_PEOPLE));
	db_bind_int(s, ":batch", a->batch);
	if (db_run(s, err) < 0)
		goto out;
	s = db_use(a->set, STAGED(PUBLISH_STATES));
	db_bind_int(s, ":batch", a->batch);
	db_bind_int(s, ":now", a->options->now);
	if (db_run(s, err) < 0 ||
	    db_run(db_use(a->list->set, LIST_SQL_IMPORT_OVER), err) < 0)
		goto out;
	return db_commit(a->list->db, err);
out:
	db_rollback(a->list->db);
	return -1;
}

static int apply_all(struct apply *a, struct err *err)
{
	int more;

	while ((more = next_chunk(a, err)) == 1) {
		if (apply_chunk(a, err) < 0)
			return -1;
		a->after = a->upto;
	}
	return more < 0 ? -1 : publish(a, err);
}

int apply_import(struct list *list, struct db_set *set,
		 const struct import_options *options, struct err *err)
{
	struct apply a = { .list = list,
			   .set = set,
			   .options = options,
			   .after = STR_NONE };
	struct err ignored = ERR_INIT;
	int rc = -1;

	if (apply_clean_up(list, err) < 0)
		return -1;
	a.arena = arena_new("an import", (size_t)64 << 20);
	a.what = arena_fmt(a.arena, "import %s by " STR_FMT, options->path,
			   STR_ARG(options->who));
	if (begin(&a, err) == 0) {
		rc = apply_all(&a, err);
		if (rc < 0)
			throw_away(list, a.batch, &ignored);
	}
	arena_free(&a.arena);
	return rc;
}
