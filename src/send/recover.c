/* recover.c - what dead dispatchers left: the slots decide
 *
 *   slot DONE               the relay's answer, as if it had just come
 *   slot DOT                nobody knows: uncertain
 *   slot CLAIMED, or a row  surely not sent: given back
 *     claimed but in no slot
 *   no slot file, or one    all that owner's rows are uncertain: after a
 *     of another boot       power cut memory proves nothing
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/die.h"
#include "gauge_priv.h"

#define HELD_MAX 4096

struct recovery {
	const struct send_options *options;
	struct db *db;
	struct ledger *ledger;
	struct quota *quota;
	int64_t now;
	int64_t rows;
	int64_t offered; /* of this transaction */
	struct err *err;
};

struct held {
	int64_t issue, ordinal, epoch;
};

struct held_list {
	struct held *rows;
	int count;
};

static int keep_held(void *arg, int64_t issue, int64_t ordinal, int64_t epoch)
{
	struct held_list *list = arg;

	list->rows[list->count++] = (struct held){ issue, ordinal, epoch };
	return list->count == HELD_MAX;
}

static const struct slot_record *find(const struct held *row,
				      const struct slot_record *records,
				      int count)
{
	for (int i = 0; i < count; i++)
		if (records[i].issue == row->issue &&
		    records[i].ordinal == row->ordinal &&
		    records[i].epoch == row->epoch)
			return &records[i];
	return NULL;
}

/* What became of a row, from its cell (NULL: it had none). */
static struct smtp_verdict verdict_of(const struct slot_record *record)
{
	struct smtp_verdict v = { .stage = SMTP_MAIL };

	if (!record || record->phase == CELL_CLAIMED)
		return v;
	v.stage = SMTP_DOT;
	if (record->phase == CELL_DOT) {
		/* What else the cell holds was said of the letter before. */
		snprintf(v.text, sizeof(v.text),
			 "no reply was recorded: the "
			 "process or the machine died");
		return v;
	}
	v.code = record->code;
	memcpy(v.status, record->status, sizeof(v.status));
	memcpy(v.text, record->reply, sizeof(v.text));
	return v;
}

static int settle(struct recovery *r, int64_t owner, const struct held *row,
		  const struct smtp_verdict *v)
{
	const struct conf *conf = r->options->conf;
	struct ledger_result result = {
		.issue = row->issue,
		.ordinal = row->ordinal,
		.owner = owner,
		.epoch = row->epoch,
		.event = policy_of(v).event,
		.at = r->now,
		.due = r->now,
		.code = v->code,
		.status = str_of(v->status),
		.reply = str_of(v->text),
		.relay = STR("recovered"),
		.stage = str_of(smtp_stage_name(v->stage)),
	};

	if (result.event == EVENT_LOST)
		result.due += conf->uncertain_after_ms;
	else if (result.event == EVENT_DEFERRED)
		result.due += conf->send.retry_ms;
	r->rows++;
	return ledger_settle(r->ledger, &result, r->err) < 0 ? -1 : 0;
}

/* `records` NULL: nothing is known, all is uncertain. */
static int settle_held(struct recovery *r, int64_t owner,
		       const struct slot_record *records, int count,
		       struct held_list *list)
{
	const struct slot_record lost = { .phase = CELL_DOT };

	for (int i = 0; i < list->count; i++) {
		const struct held *row = &list->rows[i];
		const struct slot_record *record = records ? find(row, records,
								  count)
							   : &lost;
		struct smtp_verdict v = verdict_of(record);

		/* Its MAIL may have been said. */
		r->offered += record != NULL;
		if (settle(r, owner, row, &v) < 0)
			return -1;
	}
	return 0;
}

static int spend(struct recovery *r)
{
	struct quota_time now = gauge_time();

	return quota_spend(r->quota, &now, r->offered, r->err);
}

/* All the owner's rows, in transactions of HELD_MAX. */
static int settle_owner(struct recovery *r, int64_t owner,
			const struct slot_record *records, int count)
{
	struct held_list list = {
		.rows = die_calloc(HELD_MAX, sizeof(struct held), "recovery")
	};
	int rc = 0;

	do {
		list.count = 0;
		r->offered = 0;
		rc = db_begin(r->db, r->err);
		if (rc < 0)
			break;
		rc = ledger_held(r->ledger, owner, keep_held, &list, r->err);
		if (rc == 0)
			rc = settle_held(r, owner, records, count, &list);
		if (rc == 0)
			rc = spend(r);
		if (rc == 0 && list.count < HELD_MAX)
			rc = ledger_dismiss(r->ledger, owner, r->err);
		if (rc == 0)
			rc = db_commit(r->db, r->err);
		else
			db_rollback(r->db);
	} while (rc == 0 && list.count == HELD_MAX);
	free(list.rows);
	return rc;
}

static int on_dead(void *arg, int64_t owner, bool this_boot,
		   const struct slot_record *records, int count,
		   struct err *err)
{
	struct recovery *r = arg;

	r->err = err;
	return settle_owner(r, owner, this_boot ? records : NULL, count);
}

/* --- owners without a file --------------------------------------------------- */

struct fileless {
	const char *dir;
	int64_t owners[256];
	int count;
};

static int on_owner(void *arg, int64_t owner, struct str boot_id)
{
	struct fileless *f = arg;

	(void)boot_id;
	if (!slots_exist(f->dir, owner))
		f->owners[f->count++] = owner;
	return f->count == 256;
}

static int recover_fileless(struct recovery *r, const char *dir)
{
	struct fileless f = { .dir = dir };

	if (ledger_owners(r->ledger, on_owner, &f, r->err) < 0)
		return -1;
	for (int i = 0; i < f.count; i++)
		if (settle_owner(r, f.owners[i], NULL, 0) < 0)
			return -1;
	return 0;
}

int send_recover(const struct send_options *options, int64_t *rows_out,
		 struct err *err)
{
	struct recovery r = { .options = options,
			      .now = clock_now_ms(),
			      .err = err };
	struct slots_visit visit = { on_dead, &r };
	char boot_id[40];
	int rc = -1;

	if (db_open(options->database, DB_WRITE, &r.db, err) < 0)
		return -1;
	if (ledger_open(r.db, &r.ledger, err) == 0 &&
	    gauge_quota(options->conf, r.db, boot_id, &r.quota, err) == 0 &&
	    recover_fileless(&r, options->conf->dir.at) == 0)
		rc = slots_recover(options->conf->dir.at, &visit, err);
	quota_close(&r.quota);
	ledger_close(&r.ledger);
	db_close(&r.db);
	if (rc == 0 && rows_out)
		*rows_out = r.rows;
	return rc;
}
