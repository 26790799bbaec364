/* list_rig.h - a publication's people in a folder of their own, and a second
 * reader of them; include behind cmocka.h */
#ifndef LIST_RIG_H
#define LIST_RIG_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "list/import.h"
#include "list/list_priv.h"

#define NOW	     INT64_C(1780000000000)
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct rig {
	char dir[64], path[128], file[128];
	struct seal *seal;
	struct db *db;
	struct list *list;
	struct arena *arena;
	struct err err;
};

static inline void must(int rc, const struct err *err)
{
	if (rc < 0)
		fail_msg("%s: %s", err->place, err->message);
}

/* The first number of one statement, with up to two numbers and a text. */
static inline int64_t ask_db(struct db *db, const char *sql, int64_t a,
			     int64_t b, const char *text)
{
	struct db_query query = { "ask", sql };
	struct db_set *set = NULL;
	struct err err = ERR_INIT;
	struct db_stmt *s;
	int64_t answer = 0;
	int rc;

	must(db_prepare(db, &query, 1, &set, &err), &err);
	s = db_use(set, 0);
	if (strstr(sql, ":a"))
		db_bind_int(s, ":a", a);
	if (strstr(sql, ":b"))
		db_bind_int(s, ":b", b);
	if (strstr(sql, ":text"))
		db_bind_text(s, ":text", str_of(text));
	rc = db_step(s, &err);
	must(rc, &err);
	if (rc == 1) {
		answer = db_int(s, 0);
		must(db_run(s, &err), &err);
	}
	db_finish(&set);
	return answer;
}

static inline int64_t ask(struct rig *rig, const char *sql)
{
	return ask_db(rig->db, sql, 0, 0, "");
}

static inline void open_list(struct rig *rig, enum db_mode mode)
{
	must(db_open(rig->path, mode, &rig->db, &rig->err), &rig->err);
	must(list_open(rig->db, rig->seal, &rig->list, &rig->err), &rig->err);
}

static inline void close_list(struct rig *rig)
{
	list_close(&rig->list);
	db_close(&rig->db);
}

/* With the lists weekly (1) and daily (2), and nobody on them. */
static inline void rig_open(struct rig *rig)
{
	static const unsigned char secret[32] =
		"a secret for the tests of list";
	int64_t id;

	*rig = (struct rig){ 0 };
	snprintf(rig->dir, sizeof(rig->dir), "/tmp/tidings-list-XXXXXX");
	assert_non_null(mkdtemp(rig->dir));
	snprintf(rig->path, sizeof(rig->path), "%s/tidings.db", rig->dir);
	snprintf(rig->file, sizeof(rig->file), "%s/people.csv", rig->dir);
	rig->arena = arena_new("a test", (size_t)64 << 20);
	rig->seal = seal_of(secret);
	open_list(rig, DB_CREATE);
	must(list_id(rig->list, STR("weekly"), true, &id, &rig->err),
	     &rig->err);
	must(list_id(rig->list, STR("daily"), true, &id, &rig->err), &rig->err);
	assert_int_equal(id, 2);
}

static inline void rig_close(struct rig *rig)
{
	static const char *const files[] = { "", "-wal", "-shm", "-import" };
	char path[160];

	close_list(rig);
	seal_close(&rig->seal);
	arena_free(&rig->arena);
	for (size_t i = 0; i < COUNT(files); i++) {
		snprintf(path, sizeof(path), "%s%s", rig->path, files[i]);
		unlink(path);
	}
	unlink(rig->file);
	rmdir(rig->dir);
}

static inline void write_file(const struct rig *rig, struct str text)
{
	FILE *out = fopen(rig->file, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(text.at, 1, text.len, out), text.len);
	assert_int_equal(fclose(out), 0);
}

static const struct str rig_attributes[] = { STR("plan"), STR("age"),
					     STR("since"), STR("vip") };
static const struct str rig_types[] = { STR("text"), STR("number"), STR("date"),
					STR("bool") };

static inline struct import_options options_for(const struct rig *rig)
{
	return (struct import_options){ .path = rig->file,
					.list_id = 1,
					.attributes = rig_attributes,
					.attribute_types = rig_types,
					.attribute_count = 4,
					.who = STR("ann"),
					.now = NOW };
}

static inline int import_with(struct rig *rig, const char *text,
			      const struct import_options *options,
			      struct import_done *done)
{
	write_file(rig, str_of(text));
	rig->err = (struct err)ERR_INIT;
	return list_import(rig->list, options, done, &rig->err);
}

/* What must go well. */
static inline struct import_done import(struct rig *rig, const char *text)
{
	struct import_options options = options_for(rig);
	struct import_done done = { 0 };

	must(import_with(rig, text, &options, &done), &rig->err);
	return done;
}

static inline struct subscriber find(struct rig *rig, const char *address)
{
	struct subscriber who;

	must(list_find(rig->list, str_of(address), rig->arena, &who, &rig->err),
	     &rig->err);
	return who;
}

/* Their state on that list, "" when they are not on it. */
static inline const char *state_on(struct rig *rig, const char *address,
				   const char *list)
{
	struct subscriber who = find(rig, address);
	struct subscription *on;
	size_t count;

	must(list_subscriptions(rig->list, who.id, rig->arena, &on, &count,
				&rig->err),
	     &rig->err);
	for (size_t i = 0; i < count; i++)
		if (str_eqz(on[i].list, list))
			return list_state_name(on[i].state);
	return "";
}

static inline void set_state(struct rig *rig, const char *address,
			     int64_t list_id, enum list_state state)
{
	struct subscriber who = find(rig, address);

	must(db_begin(rig->db, &rig->err), &rig->err);
	must(list_set_state(rig->list, who.id, list_id, state, NOW + 1,
			    &rig->err),
	     &rig->err);
	must(db_commit(rig->db, &rig->err), &rig->err);
}

static inline int add_line(void *arg, int64_t at, struct str list,
			   struct str what)
{
	buf_fmt(arg, "%lld " STR_FMT " " STR_FMT "\n", (long long)(at - NOW),
		STR_ARG(list), STR_ARG(what));
	return 0;
}

/* "0 weekly import FILE by ann\n..." with the time since NOW. */
static inline const char *evidence_of(struct rig *rig, const char *address)
{
	struct buf lines;
	struct str kept;

	buf_init(&lines, 65536);
	must(list_evidence(rig->list, find(rig, address).id, add_line, &lines,
			   &rig->err),
	     &rig->err);
	kept = arena_dup(rig->arena, buf_str(&lines));
	buf_done(&lines);
	return kept.at;
}

static inline int put(void *arg, struct str text)
{
	buf_add(arg, text);
	return 0;
}

static inline struct str export_as(struct rig *rig,
				   const struct list_export *what)
{
	struct buf text;
	struct str kept;

	buf_init(&text, (size_t)32 << 20);
	must(list_export(rig->list, what, put, &text, &rig->err), &rig->err);
	assert_false(buf_over(&text));
	kept = arena_dup(rig->arena, buf_str(&text));
	buf_done(&text);
	return kept;
}

static inline struct str export(struct rig *rig, bool raw)
{
	struct list_export what = { .raw = raw,
				    .attributes = rig_attributes,
				    .attribute_count = 4 };

	return export_as(rig, &what);
}

static inline bool is_known(struct rig *rig, const char *address)
{
	struct err err = ERR_INIT;
	struct subscriber who;

	if (list_find(rig->list, str_of(address), rig->arena, &who, &err) == 0)
		return true;
	assert_int_equal(err.code, ERR_MISSING);
	return false;
}

#define assert_str(s, z) assert_string_equal(arena_z(rig.arena, (s)), (z))

#endif
