/* list.c - the lists themselves, and the words for states */
#include <stdlib.h>

#include "base/die.h"
#include "list_priv.h"

#include "list_sql.h"

static const struct str state_names[LIST_STATE_COUNT] = {
	[LIST_NONE] = STR("none"),
#define X(name, text) [LIST_##name] = STR(text),
	LIST_STATES(X)
#undef X
};

const char *list_state_name(enum list_state state)
{
	return state_names[state].at;
}

enum list_state list_state_of(struct str name)
{
	for (int i = LIST_NONE + 1; i < LIST_STATE_COUNT; i++)
		if (str_eq(name, state_names[i]))
			return (enum list_state)i;
	return LIST_NONE;
}

int list_open(struct db *db, const struct seal *seal, struct list **list_out,
	      struct err *err)
{
	struct list *list = die_calloc(1, sizeof(*list), "the list");

	list->db = db;
	list->seal = seal ? seal_copy(seal) : NULL;
	if (db_prepare(db, list_queries, LIST_SQL_COUNT, &list->set, err) < 0 ||
	    (db_writes(db) && recover_if_dead(list, err) < 0)) {
		list_close(&list);
		return -1;
	}
	*list_out = list;
	return 0;
}

void list_close(struct list **list)
{
	if (!*list)
		return;
	db_finish(&(*list)->set);
	seal_close(&(*list)->seal);
	free(*list);
	*list = NULL;
}

void suppression_hash(struct list *list, struct str key, char out[65])
{
	seal_address(list->seal, key, out);
}

int suppression_find(struct list *list, struct str key, struct db_stmt **s_out,
		     struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_IS_SUPPRESSED);
	char hash[65];

	suppression_hash(list, key, hash);
	db_bind_text(s, ":hash", str_of(hash));
	*s_out = s;
	return db_one(s, err);
}

/* 1 found, 0 not, -1. */
static int look_up(struct list *list, struct str key, int64_t *id_out,
		   struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_LIST_FIND);
	int found;

	db_bind_text(s, ":key", key);
	found = db_one(s, err);
	if (found == 1) {
		*id_out = db_int(s, 0);
		db_reset(s);
	}
	return found;
}

static int make(struct list *list, struct str key, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_LIST_MAKE);

	db_bind_text(s, ":key", key);
	return db_run(s, err);
}

int list_id(struct list *list, struct str key, bool create, int64_t *id_out,
	    struct err *err)
{
	int found = look_up(list, key, id_out, err);

	if (found == 0 && create) {
		if (make(list, key, err) < 0)
			return -1;
		found = look_up(list, key, id_out, err);
	}
	if (found != 0)
		return found < 0 ? -1 : 0;
	err_set(err, ERR_MISSING, "there is no list '" STR_FMT "'",
		STR_ARG(str_head(key, 60)));
	return err_hint(err, "lists are named in tidings.yaml under 'lists'");
}

int list_audience_count(struct list *list, int64_t list_id, int64_t *count_out,
			struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_AUDIENCE_COUNT);

	db_bind_int(s, ":list", list_id);
	if (db_one(s, err) < 0)
		return -1;
	*count_out = db_int(s, 0);
	db_reset(s);
	return 0;
}
