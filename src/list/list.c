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
	if (db_prepare(db, list_queries, LIST_SQL_CREATE_STAGING, &list->set,
		       err) < 0) {
		free(list);
		return -1;
	}
	list->seal = seal_copy(seal);
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

static int look_up(struct list *list, struct str key, int64_t *id_out,
		   struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_ID_OF);
	int found;

	db_bind_text(s, ":key", key);
	found = db_one(s, err);
	if (found == 1) {
		*id_out = db_int(s, 0);
		db_reset(s);
	}
	return found;
}

int list_id(struct list *list, struct str key, bool create, int64_t *id_out,
	    struct err *err)
{
	int found = look_up(list, key, id_out, err);
	struct db_stmt *s;

	if (found < 0)
		return -1;
	if (found == 1)
		return 0;
	if (!create) {
		err_set(err, ERR_MISSING, "there is no list '" STR_FMT "'",
			STR_ARG(str_head(key, 60)));
		return err_hint(err, "lists are named in tidings.yaml under "
				     "'lists'");
	}
	s = db_use(list->set, LIST_SQL_ADD_LIST);
	db_bind_text(s, ":key", key);
	if (db_run(s, err) < 0)
		return -1;
	found = look_up(list, key, id_out, err);
	if (found == 0)
		return err_set(err, ERR_DB, "the list '" STR_FMT "' vanished",
			       STR_ARG(key));
	return found < 0 ? -1 : 0;
}

int list_audience_count(struct list *list, int64_t list_id,
			int64_t *count_out, struct err *err)
{
	struct db_stmt *s = db_use(list->set, LIST_SQL_AUDIENCE_COUNT);

	db_bind_int(s, ":list", list_id);
	if (db_one(s, err) < 0)
		return -1;
	*count_out = db_int(s, 0);
	db_reset(s);
	return 0;
}
