/* owner.c - dispatchers on the books, and what they hold */
#include "ledger_priv.h"

#include "queue_sql.h"

int ledger_enlist(struct ledger *ledger, struct str boot_id, int64_t now,
		  int64_t *owner_out, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_ENLIST);

	db_bind_text(s, ":boot", boot_id);
	db_bind_int(s, ":now", now);
	if (db_run(s, err) < 0)
		return -1;
	*owner_out = db_last_id(ledger->db);
	return 0;
}

int ledger_dismiss(struct ledger *ledger, int64_t owner, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_DISMISS);

	db_bind_int(s, ":owner", owner);
	return db_run(s, err);
}

int ledger_renew(struct ledger *ledger, int64_t owner, int64_t lease_until,
		 struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_RENEW);

	db_bind_int(s, ":owner", owner);
	db_bind_int(s, ":lease", lease_until);
	return db_run(s, err);
}

int ledger_held(struct ledger *ledger, int64_t owner,
		int (*row)(void *arg, int64_t issue, int64_t ordinal,
			   int64_t epoch), void *arg, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_HELD);
	int rc;

	db_bind_int(s, ":owner", owner);
	while ((rc = db_step(s, err)) == 1)
		if (row(arg, db_int(s, 0), db_int(s, 1), db_int(s, 2)))
			break;
	db_reset(s);
	return rc < 0 ? -1 : 0;
}

int ledger_owners(struct ledger *ledger,
		  int (*row)(void *arg, int64_t owner, struct str boot_id),
		  void *arg, struct err *err)
{
	struct db_stmt *s = db_use(ledger->set, QUEUE_SQL_OWNERS);
	int rc;

	while ((rc = db_step(s, err)) == 1)
		if (row(arg, db_int(s, 0), db_text(s, 1)))
			break;
	db_reset(s);
	return rc < 0 ? -1 : 0;
}
