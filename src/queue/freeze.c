/* freeze.c - an issue and its audience, as of now and for good
 *
 * The audience goes in by chunks, so that nobody else waits long for the
 * database. The issue remembers how far it came: whoever runs the command
 * again goes on from there, and only the last chunk makes it `ready`.
 */
#include "base/json.h"
#include "ledger_priv.h"

#include "queue_sql.h"

#define CHUNK 5000

/* ["$.\"plan\"", ...]: paths for json_extract, in order of use. */
static void attribute_paths(const struct ledger_freeze *freeze,
			    struct buf *out)
{
	struct json *list = json_list();

	for (size_t i = 0; i < freeze->attribute_count; i++) {
		struct buf path;

		buf_init(&path, 256);
		buf_fmt(&path, "$.\"" STR_FMT "\"",
			STR_ARG(freeze->attributes[i]));
		json_push_str(list, buf_str(&path));
		buf_done(&path);
	}
	json_line(list, out);
	json_free(&list);
}

static int add_form(struct ledger *ledger, int64_t issue, struct str form,
		    struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_ADD_REVISION);

	db_bind_int(s, ":issue", issue);
	db_bind_blob(s, ":form", form);
	return db_run(s, err);
}

/* --- chunks: each inside a transaction ------------------------------------ */

struct progress {
	int64_t list_id, uses, upto, total, now, batch;
	struct str attributes;
};

/* 1: still freezing, 0: it is done (by us or by another), -1. */
static int read_progress(struct ledger *ledger, int64_t issue,
			 struct arena *arena, struct progress *p,
			 struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_FREEZING);
	int found;

	db_bind_int(s, ":issue", issue);
	found = db_one(s, err);
	if (found == 1) {
		p->list_id = db_int(s, 0);
		p->uses = db_int(s, 1);
		p->attributes = arena_dup(arena, db_text(s, 2));
		p->upto = db_int(s, 3);
		p->total = db_int(s, 4);
		p->now = db_int(s, 5);
		p->batch = db_int(s, 6);
		db_reset(s);
	}
	return found;
}

static int note_progress(struct ledger *ledger, int64_t issue,
			 struct progress *p, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_FROZEN_UPTO);

	db_bind_int(s, ":issue", issue);
	db_bind_int(s, ":total", p->total);
	if (db_one(s, err) < 0)
		return -1;
	p->upto = db_int(s, 0);
	db_reset(s);
	s = db_use(ledger->set, QUEUE_SQL_FREEZE_STEP);
	db_bind_int(s, ":issue", issue);
	db_bind_int(s, ":upto", p->upto);
	db_bind_int(s, ":total", p->total);
	return db_run(s, err);
}

static int copy_people(struct ledger *ledger, int64_t issue,
		       const struct progress *p, int64_t *added_out,
		       struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_FREEZE_CHUNK);

	db_bind_int(s, ":issue", issue);
	db_bind_int(s, ":total", p->total);
	db_bind_int(s, ":uses", p->uses);
	db_bind_text(s, ":attributes", p->attributes);
	db_bind_int(s, ":list", p->list_id);
	db_bind_int(s, ":upto", p->upto);
	db_bind_int(s, ":limit", CHUNK);
	db_bind_int(s, ":now", p->now);
	db_bind_int(s, ":batch", p->batch);
	if (db_run(s, err) < 0)
		return -1;
	*added_out = db_changes(ledger->db);
	return 0;
}

static int nobody(struct err *err)
{
	err_set(err, ERR_EMPTY, "nobody is on the list");
	return err_hint(err, "'tidings import' brings readers in");
}

/* 1 when more may follow, 0 when the issue is ready. */
static int freeze_chunk(struct ledger *ledger, int64_t issue,
			struct arena *arena, struct err *err)
{
	struct progress p;
	struct db_stmt *s;
	int64_t added;
	int more = read_progress(ledger, issue, arena, &p, err);

	if (more != 1)
		return more;
	if (copy_people(ledger, issue, &p, &added, err) < 0)
		return -1;
	p.total += added;
	if (p.total == 0)
		return nobody(err);
	if (added > 0 && note_progress(ledger, issue, &p, err) < 0)
		return -1;
	if (added == CHUNK)
		return 1;
	s = db_use(ledger->set, QUEUE_SQL_FREEZE_DONE);
	db_bind_int(s, ":issue", issue);
	return db_run(s, err);
}

static int next_chunk(struct ledger *ledger, int64_t issue,
		      struct arena *arena, struct err *err)
{
	int more;

	if (db_begin(ledger->db, err) < 0)
		return -1;
	more = freeze_chunk(ledger, issue, arena, err);
	if (more < 0)
		db_rollback(ledger->db);
	else if (db_commit(ledger->db, err) < 0)
		more = -1;
	return more;
}

/* --- the issue ------------------------------------------------------------ */

/* 1: the row is new, 0: it was there, -1. */
static int add_issue(struct ledger *ledger, const struct ledger_freeze *f,
		     struct arena *arena, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_ADD_ISSUE);
	struct buf paths;
	int64_t issue;
	int rc;

	buf_init(&paths, 65536);
	attribute_paths(f, &paths);
	db_bind_text(s, ":slug", f->slug);
	db_bind_text(s, ":title", f->title);
	db_bind_text(s, ":subject", f->subject);
	db_bind_int(s, ":list", f->list_id);
	db_bind_int(s, ":now", f->now);
	db_bind_int(s, ":not_after", f->not_after);
	db_bind_text(s, ":source_hash", f->source_hash);
	db_bind_int(s, ":uses", (int64_t)f->fields);
	db_bind_text(s, ":attributes", str_trim(buf_str(&paths)));
	rc = db_run(s, err);
	buf_done(&paths);
	if (rc < 0)
		return -1;
	if (db_changes(ledger->db) == 0)
		return 0;
	/* The first readers come with it: an issue for nobody never is. */
	issue = db_last_id(ledger->db);
	if (add_form(ledger, issue, f->form, err) < 0 ||
	    freeze_chunk(ledger, issue, arena, err) < 0)
		return -1;
	return 1;
}

static int begin_issue(struct ledger *ledger, const struct ledger_freeze *f,
		       struct arena *arena, struct err *err)
{
	int added;

	if (db_begin(ledger->db, err) < 0)
		return -1;
	added = add_issue(ledger, f, arena, err);
	if (added < 0)
		db_rollback(ledger->db);
	else if (db_commit(ledger->db, err) < 0)
		added = -1;
	return added;
}

int ledger_freeze(struct ledger *ledger, const struct ledger_freeze *freeze,
		  int64_t *id_out, struct err *err)
{
	struct arena *arena = arena_new("an issue", (size_t)16 << 20);
	struct ledger_issue issue;
	int added = begin_issue(ledger, freeze, arena, err);
	int more = -1;

	if (added >= 0 &&
	    ledger_issue(ledger, freeze->slug, arena, &issue, err) == 1)
		more = 1;
	while (more == 1) {
		db_give_way(ledger->db);
		more = next_chunk(ledger, issue.id, arena, err);
		if (more == 0)
			*id_out = issue.id;
		arena_reset(arena);
	}
	arena_free(&arena);
	return more < 0 ? -1 : added == 0;
}
