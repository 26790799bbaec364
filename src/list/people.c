/* people.c - one person at a time: found, added, let go, suppressed */
#include "list_priv.h"
#include "mail/address.h"

#include "list_sql.h"

static struct str text(struct db_stmt *s, int column, struct arena *arena)
{
	return arena_dup(arena, db_text(s, column));
}

static void fill(struct db_stmt *s, struct arena *arena,
		 struct subscriber *out)
{
	out->id = db_int(s, 0);
	out->address = text(s, 1, arena);
	out->name = text(s, 2, arena);
	out->first_name = text(s, 3, arena);
	out->last_name = text(s, 4, arena);
	out->language = text(s, 5, arena);
	out->tags = text(s, 6, arena);
	out->attributes = text(s, 7, arena);
	out->joined_at = db_int(s, 8);
	out->suppressed = text(s, 9, arena);
	db_reset(s);
}

static int check_address(struct str address, struct err *err)
{
	const char *why = "";

	if (address_ok(address, &why))
		return 0;
	return err_set(err, ERR_INPUT, "'" STR_FMT "' is not an address: %s",
		       STR_ARG(str_head(address, 100)), why);
}

int list_find(struct list *list, struct str address, struct arena *arena,
	      struct subscriber *out, struct err *err)
{
	struct db_stmt *s;
	int found;

	if (check_address(address, err) < 0)
		return -1;
	s = db_use(list->set, LIST_SQL_BY_KEY);
	db_bind_text(s, ":key", address_key(arena, address));
	found = db_one(s, err);
	if (found == 1)
		fill(s, arena, out);
	if (found == 0)
		return err_set(err, ERR_MISSING,
			       "there is no subscriber '" STR_FMT "'",
			       STR_ARG(address));
	return found < 0 ? -1 : 0;
}

int list_reader(struct list *list, int64_t subscriber, struct arena *arena,
		struct subscriber *out, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_BY_ID);
	int found;

	db_bind_int(s, ":id", subscriber);
	found = db_one(s, err);
	if (found == 1)
		fill(s, arena, out);
	return found;
}

static int reason_of(struct list *list, struct str key, struct arena *arena,
		     struct str *reason_out, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_REASON_OF);
	char hash[65];
	int found;

	seal_hash(list->seal, "suppression", key, hash);
	db_bind_text(s, ":hash", str_of(hash));
	found = db_one(s, err);
	if (found == 1)
		*reason_out = text(s, 0, arena);
	db_reset(s);
	return found;
}

static int add_person(struct list *list, const struct subscriber *who,
		      struct str key, struct arena *arena, int64_t *id_out,
		      struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_ADD_SUBSCRIBER);

	db_bind_int(s, ":id", (int64_t)seal_random_id());
	db_bind_text(s, ":key", key);
	db_bind_text(s, ":address", address_wire(arena, who->address));
	db_bind_text(s, ":name", who->name);
	db_bind_text(s, ":first_name", who->first_name);
	db_bind_text(s, ":last_name", who->last_name);
	db_bind_text(s, ":language", who->language);
	db_bind_text(s, ":tags", who->tags);
	db_bind_text(s, ":attributes", who->attributes.len ? who->attributes
							  : STR("{}"));
	db_bind_int(s, ":joined_at", who->joined_at);
	if (db_one(s, err) < 0)
		return -1;
	*id_out = db_int(s, 0);
	return db_step(s, err) < 0 ? -1 : 0;
}

static int add_consent(struct list *list, int64_t subscriber, int64_t list_id,
		       struct str what, int64_t now, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_ADD_CONSENT);

	db_bind_int(s, ":subscriber", subscriber);
	db_bind_int(s, ":list", list_id);
	db_bind_int(s, ":now", now);
	db_bind_text(s, ":what", what);
	return db_run(s, err);
}

struct addition {
	struct list *list;
	const struct subscriber *who;
	struct str key, evidence;
	int64_t list_id, now;
	bool revive;
	struct arena *arena;
};

static int add_all(const struct addition *a, struct err *err)
{
	struct db_stmt *s;
	int64_t id;

	if (add_person(a->list, a->who, a->key, a->arena, &id, err) < 0)
		return -1;
	s = db_use(a->list->set, LIST_SQL_ADD_SUBSCRIPTION);
	db_bind_int(s, ":list", a->list_id);
	db_bind_int(s, ":subscriber", id);
	db_bind_int(s, ":now", a->now);
	db_bind_int(s, ":revive", a->revive);
	if (db_run(s, err) < 0)
		return -1;
	return add_consent(a->list, id, a->list_id, a->evidence, a->now, err);
}

int list_add(struct list *list, const struct subscriber *who, int64_t list_id,
	     bool revive, struct str evidence, int64_t now, struct err *err)
{
	struct addition a = { .list = list, .who = who, .evidence = evidence,
			      .list_id = list_id, .now = now,
			      .revive = revive };
	struct str reason = STR_NONE;
	int rc = -1;

	if (check_address(who->address, err) < 0)
		return -1;
	a.arena = arena_new("a person", (size_t)1 << 20);
	a.key = address_key(a.arena, who->address);
	if (reason_of(list, a.key, a.arena, &reason, err) < 0)
		goto out;
	if (reason.len > 0) {
		err_set(err, ERR_INPUT, "'" STR_FMT "' is suppressed: " STR_FMT,
			STR_ARG(who->address), STR_ARG(reason));
		err_hint(err, "'tidings subscriber lift' takes that back");
		goto out;
	}
	if (db_begin(list->db, err) < 0)
		goto out;
	rc = add_all(&a, err);
	if (rc == 0)
		rc = db_commit(list->db, err);
	else
		db_rollback(list->db);
out:
	arena_free(&a.arena);
	return rc;
}

int list_set_state(struct list *list, int64_t subscriber, int64_t list_id,
		   enum list_state state, int64_t now, struct err *err)
{
	struct db_stmt *s = db_use(list->set,
				   list_id ? LIST_SQL_SET_STATE
					   : LIST_SQL_SET_STATE_EVERYWHERE);
	struct str name = str_of(list_state_name(state));

	db_bind_text(s, ":state", name);
	db_bind_int(s, ":subscriber", subscriber);
	db_bind_int(s, ":now", now);
	if (list_id)
		db_bind_int(s, ":list", list_id);
	if (db_run(s, err) < 0)
		return -1;
	return add_consent(list, subscriber, list_id, name, now, err);
}

static int mark(struct list *list, struct str key, struct str reason,
		struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_MARK_SUPPRESSED);

	db_bind_text(s, ":key", key);
	db_bind_text(s, ":reason", reason);
	return db_run(s, err);
}

/* The hash and the mark change together. */
static int change_suppression(struct list *list, struct str address,
			      struct str reason, int64_t now, struct err *err)
{
	struct arena *arena = arena_new("an address", (size_t)1 << 20);
	struct str key = address_key(arena, address);
	struct db_stmt *s;
	char hash[65];
	int rc;

	seal_hash(list->seal, "suppression", key, hash);
	rc = db_begin(list->db, err);
	if (rc == 0) {
		s = db_use(list->set, reason.len ? LIST_SQL_SUPPRESS
						 : LIST_SQL_LIFT);
		db_bind_text(s, ":hash", str_of(hash));
		if (reason.len > 0) {
			db_bind_text(s, ":reason", reason);
			db_bind_int(s, ":now", now);
		}
		rc = db_run(s, err);
		if (rc == 0)
			rc = mark(list, key, reason, err);
		if (rc == 0)
			rc = db_commit(list->db, err);
		else
			db_rollback(list->db);
	}
	arena_free(&arena);
	return rc;
}

int list_suppress(struct list *list, struct str address, struct str reason,
		  int64_t now, struct err *err)
{
	if (check_address(address, err) < 0)
		return -1;
	return change_suppression(list, address, reason, now, err);
}

int list_lift(struct list *list, struct str address, struct err *err)
{
	if (check_address(address, err) < 0)
		return -1;
	return change_suppression(list, address, STR_NONE, 0, err);
}

int list_subscriptions(struct list *list, int64_t subscriber,
		       struct arena *arena, struct subscription **out,
		       size_t *count_out, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_SUBSCRIPTIONS);
	struct subscription *all = arena_many(arena, struct subscription, 256);
	size_t count = 0;
	int rc;

	db_bind_int(s, ":subscriber", subscriber);
	while ((rc = db_step(s, err)) == 1 && count < 256) {
		all[count].list = text(s, 0, arena);
		all[count].state = list_state_of(db_text(s, 1));
		all[count++].changed_at = db_int(s, 2);
	}
	db_reset(s);
	*out = all;
	*count_out = count;
	return rc < 0 ? -1 : 0;
}

int list_evidence(struct list *list, int64_t subscriber,
		  int (*row)(void *arg, int64_t at, struct str list,
			     struct str what), void *arg, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_EVIDENCE);
	int rc;

	db_bind_int(s, ":subscriber", subscriber);
	while ((rc = db_step(s, err)) == 1)
		if (row(arg, db_int(s, 0), db_text(s, 1), db_text(s, 2)))
			break;
	db_reset(s);
	return rc < 0 ? -1 : 0;
}
