/* people.c - one person at a time: found, added, let go, suppressed */
#include "base/buf.h"
#include "base/utf8.h"
#include "list_priv.h"
#include "mail/address.h"

#include "list_sql.h"

/* --- checks ---------------------------------------------------------------- */

static int check_address(struct str address, struct err *err)
{
	const char *why = "";

	if (address_ok(address, &why))
		return 0;
	return err_set(err, ERR_INPUT, "'" STR_FMT "' is not an address: %s",
		       STR_ARG(str_head(address, 100)), why);
}

int person_text_ok(const char *field, struct str text, struct err *err)
{
	if (!utf8_ok(text, NULL))
		return err_set(err, ERR_INPUT, "'%s' is not UTF-8", field);
	if (utf8_has_control(text))
		return err_set(err, ERR_INPUT,
			       "'%s' has a control character or line break",
			       field);
	if (text.len > LIST_NAME_MAX && strcmp(field, "tags") != 0)
		return err_set(err, ERR_INPUT, "'%s' has more than %d bytes",
			       field, LIST_NAME_MAX);
	return 0;
}

static int check_person(const struct subscriber *who, struct err *err)
{
	const struct {
		const char *field;
		struct str text;
	} texts[] = {
		{ "name", who->name },
		{ "first_name", who->first_name },
		{ "last_name", who->last_name },
		{ "language", who->language },
		{ "tags", who->tags },
	};

	if (check_address(who->address, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (person_text_ok(texts[i].field, texts[i].text, err) < 0)
			return -1;
	return 0;
}

/* --- looking --------------------------------------------------------------- */

static struct str text(struct db_stmt *s, int column, struct arena *arena)
{
	return arena_dup(arena, db_text(s, column));
}

static void fill(struct db_stmt *s, struct arena *arena, struct subscriber *out)
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
}

/* 1 found, 0 not, -1. */
static int find_person(struct list *list, struct str key, struct arena *arena,
		       struct subscriber *out, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_PERSON_BY_KEY);
	int found;

	db_bind_text(s, ":key", key);
	found = db_one(s, err);
	if (found == 1)
		fill(s, arena, out);
	db_reset(s);
	return found;
}

/* An address may be suppressed and belong to nobody we know. */
static int nobody(struct list *list, struct str address, struct arena *arena,
		  struct err *err)
{
	struct db_stmt *s;
	int found = suppression_find(list, address_key(arena, address), &s,
				     err);

	if (found < 0)
		return -1;
	err_set(err, ERR_MISSING, "there is no subscriber '" STR_FMT "'",
		STR_ARG(address));
	if (found == 1)
		err_hint(err, "the address is suppressed: " STR_FMT,
			 STR_ARG(db_text(s, 0)));
	db_reset(s);
	return -1;
}

int list_find(struct list *list, struct str address, struct arena *arena,
	      struct subscriber *out, struct err *err)
{
	int found;

	if (check_address(address, err) < 0)
		return -1;
	found = find_person(list, address_key(arena, address), arena, out, err);
	if (found == 0)
		return nobody(list, address, arena, err);
	return found < 0 ? -1 : 0;
}

int list_is_suppressed(struct list *list, struct str address,
		       struct arena *arena, bool *suppressed_out,
		       struct err *err)
{
	struct str key = address_key(arena, address);
	struct subscriber who = { .suppressed = STR_NONE };
	struct db_stmt *s;
	int found;

	if (find_person(list, key, arena, &who, err) < 0)
		return -1;
	found = suppression_find(list, key, &s, err);
	db_reset(s);
	if (found < 0)
		return -1;
	*suppressed_out = found == 1 || who.suppressed.len > 0;
	return 0;
}

int list_subscriptions(struct list *list, int64_t subscriber,
		       struct arena *arena, struct subscription **out,
		       size_t *count_out, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_SUBSCRIPTIONS);
	struct subscription *all = NULL;
	size_t count = 0, room = 0;
	int rc;

	db_bind_int(s, ":id", subscriber);
	while ((rc = db_step(s, err)) == 1) {
		if (count == room) {
			struct subscription *more;

			room = 2 * room + 8;
			more = arena_many(arena, struct subscription, room);
			if (count > 0)
				memcpy(more, all, count * sizeof(*more));
			all = more;
		}
		all[count].list = text(s, 0, arena);
		all[count].state = list_state_of(db_text(s, 1));
		all[count++].changed_at = db_int(s, 2);
	}
	*out = all;
	*count_out = count;
	return rc;
}

int list_evidence(struct list *list, int64_t subscriber,
		  int (*row)(void *arg, int64_t at, struct str list,
			     struct str what),
		  void *arg, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_EVIDENCE);
	int rc;

	db_bind_int(s, ":id", subscriber);
	while ((rc = db_step(s, err)) == 1)
		if (row(arg, db_int(s, 0), db_text(s, 1), db_text(s, 2)))
			break;
	db_reset(s);
	return rc < 0 ? -1 : 0;
}

/* --- changing: inside a transaction --------------------------------------- */

static int log_consent(struct list *list, int64_t subscriber, int64_t list_id,
		       struct str what, int64_t now, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_LOG_CONSENT);

	db_bind_int(s, ":id", subscriber);
	db_bind_int(s, ":list", list_id);
	db_bind_int(s, ":now", now);
	db_bind_text(s, ":what", what);
	return db_run(s, err);
}

static int settle_person(struct list *list, struct str key, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_SETTLE_PERSON);

	db_bind_text(s, ":key", key);
	return db_run(s, err);
}

static int settle_states(struct list *list, int64_t subscriber, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_SETTLE_STATES);

	db_bind_int(s, ":id", subscriber);
	return db_run(s, err);
}

/* Their state on that list (0: on any): 1 and *state_out, 0 none, -1. */
static int standing(struct list *list, int64_t subscriber, int64_t list_id,
		    enum list_state *state_out, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_STANDING);
	int found;

	db_bind_int(s, ":id", subscriber);
	db_bind_int(s, ":list", list_id);
	found = db_one(s, err);
	if (found == 1)
		*state_out = list_state_of(db_text(s, 0));
	db_reset(s);
	return found;
}

struct addition {
	struct list *list;
	const struct subscriber *who;
	struct str key, evidence;
	int64_t list_id, now;
	bool revive;
	struct arena *arena;
};

static int uncover_person(const struct addition *a, struct err *err)
{
	struct db_stmt *s = db_use(a->list->set, LIST_SQL_UNCOVER_PERSON);

	db_bind_text(s, ":key", a->key);
	db_bind_text(s, ":address", address_wire(a->arena, a->who->address));
	db_bind_int(s, ":joined_at", a->who->joined_at);
	return db_run(s, err);
}

static int add_person(const struct addition *a, int64_t *id_out,
		      struct err *err)
{
	struct db_stmt *s = db_use(a->list->set, LIST_SQL_ADD_PERSON);
	const struct subscriber *who = a->who;

	db_bind_int(s, ":id", (int64_t)seal_random_id());
	db_bind_text(s, ":key", a->key);
	db_bind_text(s, ":address", address_wire(a->arena, who->address));
	db_bind_text(s, ":name", who->name);
	db_bind_text(s, ":first_name", who->first_name);
	db_bind_text(s, ":last_name", who->last_name);
	db_bind_text(s, ":language", who->language);
	db_bind_text(s, ":tags", tags_sorted(who->tags, a->arena));
	db_bind_text(s, ":attributes",
		     who->attributes.len ? who->attributes : STR("{}"));
	db_bind_int(s, ":joined_at", who->joined_at);
	if (db_one(s, err) < 0)
		return -1;
	*id_out = db_int(s, 0);
	return db_step(s, err) < 0 ? -1 : 0;
}

/* 1 when that changed something, 0 when not, -1. */
static int subscribe(const struct addition *a, int64_t id, struct err *err)
{
	struct db_stmt *s = db_use(a->list->set, LIST_SQL_SUBSCRIBE);
	int changed;

	db_bind_int(s, ":list", a->list_id);
	db_bind_int(s, ":id", id);
	db_bind_int(s, ":now", a->now);
	db_bind_int(s, ":revive", a->revive);
	changed = db_step(s, err);
	if (changed == 1 && db_step(s, err) < 0)
		return -1;
	return changed;
}

static int check_gone(const struct addition *a, int64_t id, struct err *err)
{
	enum list_state state = LIST_NONE;

	if (standing(a->list, id, a->list_id, &state, err) < 0)
		return -1;
	if (state == LIST_CONFIRMED)
		return 0;
	err_set(err, ERR_INPUT, "'" STR_FMT "' is %s", STR_ARG(a->who->address),
		list_state_name(state));
	return err_hint(err, "if they asked to come back, add '--revive'");
}

static int check_suppressed(const struct addition *a, struct err *err)
{
	struct db_stmt *s;
	int found = suppression_find(a->list, a->key, &s, err);

	if (found == 1) {
		err_set(err, ERR_INPUT, "'" STR_FMT "' is suppressed: " STR_FMT,
			STR_ARG(a->who->address), STR_ARG(db_text(s, 0)));
		err_hint(err, "'tidings subscriber lift' takes that back");
		found = -1;
	}
	db_reset(s);
	return found;
}

static int add(const struct addition *a, struct err *err)
{
	int64_t id;
	int changed;

	if (check_suppressed(a, err) < 0 ||
	    settle_person(a->list, a->key, err) < 0 ||
	    uncover_person(a, err) < 0 || add_person(a, &id, err) < 0 ||
	    settle_states(a->list, id, err) < 0)
		return -1;
	changed = subscribe(a, id, err);
	if (changed == 0)
		return check_gone(a, id, err);
	if (changed < 0)
		return -1;
	return log_consent(a->list, id, a->list_id, a->evidence, a->now, err);
}

int list_add(struct list *list, const struct subscriber *who, int64_t list_id,
	     bool revive, struct str evidence, int64_t now, struct err *err)
{
	struct addition a = { .list = list,
			      .who = who,
			      .evidence = evidence,
			      .list_id = list_id,
			      .now = now,
			      .revive = revive };
	int rc;

	if (check_person(who, err) < 0 || db_begin(list->db, err) < 0)
		return -1;
	a.arena = arena_new("a person", (size_t)1 << 20);
	a.key = address_key(a.arena, who->address);
	rc = add(&a, err);
	if (rc == 0)
		rc = db_commit(list->db, err);
	else
		db_rollback(list->db);
	arena_free(&a.arena);
	return rc;
}

/* The lists on which the state changed, as numbers in `changed`. */
static int set_states(struct list *list, int64_t subscriber, int64_t list_id,
		      struct str state, int64_t now, struct buf *changed,
		      struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_SET_STATE);
	int rc;

	db_bind_int(s, ":id", subscriber);
	db_bind_int(s, ":list", list_id);
	db_bind_text(s, ":state", state);
	db_bind_int(s, ":now", now);
	while ((rc = db_step(s, err)) == 1) {
		int64_t on = db_int(s, 0);

		buf_add(changed, str_at((const char *)&on, sizeof(on)));
	}
	return rc;
}

int list_set_state(struct list *list, int64_t subscriber, int64_t list_id,
		   enum list_state state, int64_t now, struct err *err)
{
	struct str name = str_of(list_state_name(state));
	enum list_state before;
	struct buf changed;
	int64_t on;
	int rc = standing(list, subscriber, list_id, &before, err);

	if (rc == 0)
		return err_set(err, ERR_MISSING, "they are not on that list");
	if (rc < 0 || settle_states(list, subscriber, err) < 0)
		return -1;
	buf_init(&changed, sizeof(on) * 65536);
	rc = set_states(list, subscriber, list_id, name, now, &changed, err);
	for (size_t i = 0; rc == 0 && i < changed.len; i += sizeof(on)) {
		memcpy(&on, changed.at + i, sizeof(on));
		rc = log_consent(list, subscriber, on, name, now, err);
	}
	buf_done(&changed);
	return rc;
}

/* --- suppression: the hash and the mark change together ------------------- */

struct barrier {
	struct list *list;
	struct str address, key;
	struct str reason; /* "" lifts it */
	int64_t now;
	struct arena *arena;
};

static int set_hash(const struct barrier *b, struct err *err)
{
	bool lift = b->reason.len == 0;
	struct db_stmt *s = db_use(b->list->set,
				   lift ? LIST_SQL_LIFT : LIST_SQL_SUPPRESS);
	char hash[65];

	suppression_hash(b->list, b->key, hash);
	db_bind_text(s, ":hash", str_of(hash));
	if (!lift) {
		db_bind_text(s, ":reason", b->reason);
		db_bind_int(s, ":now", b->now);
	}
	if (db_run(s, err) < 0)
		return -1;
	if (lift && db_changes(b->list->db) == 0)
		return err_set(err, ERR_MISSING,
			       "'" STR_FMT "' is not suppressed",
			       STR_ARG(b->address));
	return 0;
}

/* The mark on the person, who need not be known. */
static int set_mark(const struct barrier *b, struct err *err)
{
	struct db_stmt *s = db_use(b->list->set, LIST_SQL_MARK_SUPPRESSED);
	struct str what = STR("suppression lifted");
	int64_t id;
	int found;

	db_bind_text(s, ":key", b->key);
	db_bind_text(s, ":reason", b->reason);
	found = db_step(s, err);
	if (found != 1)
		return found;
	id = db_int(s, 0);
	if (db_step(s, err) < 0)
		return -1;
	if (b->reason.len > 0)
		what = arena_fmt(b->arena, "suppressed: " STR_FMT,
				 STR_ARG(b->reason));
	return log_consent(b->list, id, 0, what, b->now, err);
}

static int set_barrier(struct list *list, struct str address, struct str reason,
		       int64_t now, struct err *err)
{
	struct barrier b = {
		.list = list, .address = address, .reason = reason, .now = now
	};
	int rc;

	if (check_address(address, err) < 0 || db_begin(list->db, err) < 0)
		return -1;
	b.arena = arena_new("an address", (size_t)1 << 20);
	b.key = address_key(b.arena, address);
	rc = set_hash(&b, err);
	if (rc == 0)
		rc = set_mark(&b, err);
	if (rc == 0)
		rc = db_commit(list->db, err);
	else
		db_rollback(list->db);
	arena_free(&b.arena);
	return rc;
}

int list_suppress(struct list *list, struct str address, struct str reason,
		  int64_t now, struct err *err)
{
	if (reason.len == 0)
		return err_set(err, ERR_INPUT, "a suppression has a reason");
	if (person_text_ok("reason", reason, err) < 0)
		return -1;
	return set_barrier(list, address, reason, now, err);
}

int list_lift(struct list *list, struct str address, int64_t now,
	      struct err *err)
{
	return set_barrier(list, address, STR_NONE, now, err);
}
