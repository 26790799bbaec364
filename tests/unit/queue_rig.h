/* queue_rig.h - a ledger with people to write to, for the tests of queue and
 * send; include behind cmocka.h */
#ifndef QUEUE_RIG_H
#define QUEUE_RIG_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "queue/ledger.h"

#define NOW INT64_C(1780000000000)
#define LIFE (5 * INT64_C(86400000))

struct rig {
	char dir[64], path[128];
	struct db *db;
	struct ledger *ledger;
	struct arena *arena;
	struct err err;
};

static inline void must(int rc, const struct err *err)
{
	if (rc < 0)
		fail_msg("%s: %s", err->place, err->message);
}

/* Run one statement with up to two numbers and a text. */
static inline int64_t ask(struct rig *rig, const char *sql, int64_t a,
			  int64_t b, const char *text)
{
	struct db_query query = { "ask", sql };
	struct db_set *set = NULL;
	struct db_stmt *s;
	int64_t answer = 0;
	int rc;

	must(db_prepare(rig->db, &query, 1, &set, &rig->err), &rig->err);
	s = db_use(set, 0);
	if (strstr(sql, ":a"))
		db_bind_int(s, ":a", a);
	if (strstr(sql, ":b"))
		db_bind_int(s, ":b", b);
	if (strstr(sql, ":text"))
		db_bind_text(s, ":text", str_of(text));
	rc = db_step(s, &rig->err);
	must(rc, &rig->err);
	if (rc == 1) {
		answer = db_int(s, 0);
		must(db_run(s, &rig->err), &rig->err);
	}
	db_finish(&set);
	return answer;
}

/* Person `id` on list 1, reader<id>@example.org, confirmed. */
static inline void add_person(struct rig *rig, int64_t id)
{
	char address[64];

	snprintf(address, sizeof(address), "reader%lld@example.org",
		 (long long)id);
	ask(rig, "INSERT INTO subscriber (id, key, address, name, first_name,"
		 " last_name, language, tags, attributes, joined_at)"
		 " VALUES (:a, :text, :text, 'Ada L', 'Ada', 'L', 'en',"
		 " 'x;y', '{\"plan\":\"gold\",\"city\":\"York\"}',"
		 " 1779062400000)", id, 0, address);
	ask(rig, "INSERT INTO subscription (list_id, subscriber_id, state,"
		 " changed_at) VALUES (1, :a, 'confirmed', 1)", id, 0, "");
}

static inline void add_people(struct rig *rig, int64_t from, int64_t to)
{
	must(db_begin(rig->db, &rig->err), &rig->err);
	for (int64_t id = from; id <= to; id++)
		add_person(rig, id);
	must(db_commit(rig->db, &rig->err), &rig->err);
}

static inline void leave(struct rig *rig, int64_t id)
{
	ask(rig, "UPDATE subscription SET state = 'unsubscribed'"
		 " WHERE subscriber_id = :a", id, 0, "");
}

/* With `people` readers, ids from 1. */
static inline int rig_open(struct rig *rig, int64_t people)
{
	struct err *err = &rig->err;

	*rig = (struct rig){ 0 };
	snprintf(rig->dir, sizeof(rig->dir), "/tmp/tidings-queue-XXXXXX");
	assert_non_null(mkdtemp(rig->dir));
	snprintf(rig->path, sizeof(rig->path), "%s/tidings.db", rig->dir);
	rig->arena = arena_new("a test", (size_t)64 << 20);
	must(db_open(rig->path, DB_CREATE, &rig->db, err), err);
	must(ledger_open(rig->db, &rig->ledger, err), err);
	ask(rig, "INSERT INTO list (key) VALUES ('weekly')", 0, 0, "");
	if (people > 0)
		add_people(rig, 1, people);
	return 0;
}

static inline void rig_close(struct rig *rig)
{
	static const char *const files[] = { "", "-wal", "-shm" };
	char path[160];

	ledger_close(&rig->ledger);
	db_close(&rig->db);
	arena_free(&rig->arena);
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", rig->path, files[i]);
		unlink(path);
	}
	rmdir(rig->dir);
}

static const struct ledger_freeze rig_freeze = {
	.slug = { "first", 5 }, .title = { "First", 5 },
	.subject = { "Hello", 5 }, .source_hash = { "abcd", 4 },
	.list_id = 1, .now = NOW, .not_after = NOW + LIFE,
	.form = { "form", 4 },
};

static inline int64_t freeze_first(struct rig *rig)
{
	int64_t id = 0;

	must(ledger_freeze(rig->ledger, &rig_freeze, &id, &rig->err),
	     &rig->err);
	return id;
}

static inline int64_t enlist(struct rig *rig, const char *boot)
{
	int64_t owner = 0;

	must(ledger_enlist(rig->ledger, str_of(boot), NOW, &owner, &rig->err),
	     &rig->err);
	return owner;
}

/* A claim in a transaction of its own. */
static inline int claim(struct rig *rig, int64_t owner, int64_t now, int limit,
			struct ledger_claim *claims)
{
	int count;

	must(db_begin(rig->db, &rig->err), &rig->err);
	count = ledger_claim(rig->ledger, 0, owner, now, now + 900000, limit,
			     rig->arena, claims, &rig->err);
	must(count, &rig->err);
	must(db_commit(rig->db, &rig->err), &rig->err);
	return count;
}

static inline struct ledger_result result_of(const struct ledger_claim *claim,
					     int64_t owner,
					     enum delivery_event event)
{
	return (struct ledger_result){
		.issue = claim->issue, .ordinal = claim->ordinal,
		.owner = owner, .epoch = claim->epoch, .event = event,
		.at = NOW + 1, .code = 250,
		.status = STR_NONE, .reply = { "said", 4 },
		.relay = { "main", 4 }, .stage = { "dot", 3 },
	};
}

static inline int settle(struct rig *rig, const struct ledger_result *result)
{
	int applied;

	must(db_begin(rig->db, &rig->err), &rig->err);
	applied = ledger_settle(rig->ledger, result, &rig->err);
	must(applied, &rig->err);
	must(db_commit(rig->db, &rig->err), &rig->err);
	return applied;
}

static inline int64_t in_state(struct rig *rig, enum delivery_state state)
{
	struct ledger_counts counts;

	must(ledger_counts(rig->ledger, 1, &counts, &rig->err), &rig->err);
	return counts.by_state[state];
}

#endif
