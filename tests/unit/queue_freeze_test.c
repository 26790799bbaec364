/* A freeze: whole, once, and restartable. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "queue_rig.h"

static struct ledger_issue issue_of(struct rig *rig)
{
	struct ledger_issue issue = { 0 };

	assert_int_equal(ledger_issue(rig->ledger, STR("first"), rig->arena,
				      &issue, &rig->err), 1);
	return issue;
}

static void everybody_on_the_list_gets_one_row_in_order(void **state)
{
	struct rig rig;
	struct ledger_issue issue;

	(void)state;
	rig_open(&rig, 12345);
	freeze_first(&rig);
	issue = issue_of(&rig);
	assert_int_equal(issue.state, ISSUE_READY);
	assert_int_equal(issue.total, 12345);
	assert_int_equal(in_state(&rig, DELIVERY_QUEUED), 12345);
	assert_int_equal(ask(&rig, "SELECT count(*) FROM delivery WHERE"
				   " ordinal <> subscriber_id", 0, 0, ""), 0);
	rig_close(&rig);
}

static void an_issue_for_nobody_leaves_nothing(void **state)
{
	struct rig rig;
	int64_t id;

	(void)state;
	rig_open(&rig, 2);
	leave(&rig, 1);
	leave(&rig, 2);
	assert_int_equal(ledger_freeze(rig.ledger, &rig_freeze, &id, &rig.err),
			 -1);
	assert_int_equal(rig.err.code, ERR_EMPTY);
	assert_true(rig.err.hint[0] != 0);
	assert_int_equal(ask(&rig, "SELECT (SELECT count(*) FROM issue) +"
				   " (SELECT count(*) FROM revision)", 0, 0,
			     ""), 0);
	rig_close(&rig);
}

static void a_frozen_slug_is_never_frozen_again(void **state)
{
	struct rig rig;
	int64_t first, second = 0;

	(void)state;
	rig_open(&rig, 3);
	first = freeze_first(&rig);
	add_person(&rig, 4);
	assert_int_equal(ledger_freeze(rig.ledger, &rig_freeze, &second,
				       &rig.err), 1);
	assert_int_equal(first, second);
	assert_int_equal(issue_of(&rig).total, 3);
	rig_close(&rig);
}

/* Cut after any chunk: what a dead process leaves is an issue that nobody may
 * send, and the next one goes on behind the last reader stored. */
static void a_freeze_cut_short_is_finished_by_the_next(void **state)
{
	struct rig rig;
	struct ledger_claim claims[4];
	int64_t id;

	(void)state;
	rig_open(&rig, 11000);
	freeze_first(&rig);
	ask(&rig, "DELETE FROM delivery WHERE ordinal > 5000", 0, 0, "");
	ask(&rig, "UPDATE issue SET state = 'freezing', upto = 5000,"
		  " total = 5000", 0, 0, "");
	assert_int_equal(claim(&rig, enlist(&rig, "b"), NOW, 4, claims), 0);
	assert_int_equal(ledger_freeze(rig.ledger, &rig_freeze, &id, &rig.err),
			 1);
	assert_int_equal(issue_of(&rig).state, ISSUE_READY);
	assert_int_equal(issue_of(&rig).total, 11000);
	assert_int_equal(ask(&rig, "SELECT count(DISTINCT subscriber_id) FROM"
				   " delivery", 0, 0, ""), 11000);
	rig_close(&rig);
}

/* Readers `from` to `to` come by the import numbered `batch`. */
static void import_people(struct rig *rig, int64_t from, int64_t to,
			  int64_t batch)
{
	add_people(rig, from, to);
	ask(rig, "UPDATE subscription SET batch = :b WHERE subscriber_id >= :a",
	    from, batch, "");
	ask(rig, "UPDATE subscriber SET batch = :b WHERE id >= :a", from, batch,
	    "");
}

/* Readers `from` to `to` were asked long ago; import 2 brings their consent. */
static void confirm_people(struct rig *rig, int64_t from, int64_t to)
{
	ask(rig, "UPDATE subscription SET state = 'pending',"
		 " next_state = 'confirmed', next_batch = 2"
		 " WHERE subscriber_id BETWEEN :a AND :b", from, to, "");
}

static void publish(struct rig *rig, int64_t batch)
{
	ask(rig, "UPDATE import_clock SET shown = :a", batch, 0, "");
}

/* An import published between two chunks would count for those behind the
 * last reader stored and not for those before. */
static void an_import_published_meanwhile_stays_out_whole(void **state)
{
	struct rig rig;
	struct ledger_freeze next = rig_freeze;
	int64_t id;

	(void)state;
	rig_open(&rig, 6000);
	import_people(&rig, 6001, 6100, 1);
	publish(&rig, 1);
	import_people(&rig, 6101, 6200, 2);
	confirm_people(&rig, 5901, 5910);
	freeze_first(&rig);
	ask(&rig, "DELETE FROM delivery WHERE ordinal > 5000", 0, 0, "");
	ask(&rig, "UPDATE issue SET state = 'freezing', upto = 5000,"
		  " total = 5000", 0, 0, "");
	publish(&rig, 2);
	assert_int_equal(ledger_freeze(rig.ledger, &rig_freeze, &id, &rig.err),
			 1);
	assert_int_equal(issue_of(&rig).total, 6090);
	assert_int_equal(ask(&rig, "SELECT max(subscriber_id) FROM delivery",
			     0, 0, ""), 6100);
	next.slug = STR("next");
	must(ledger_freeze(rig.ledger, &next, &id, &rig.err), &rig.err);
	assert_int_equal(ask(&rig, "SELECT total FROM issue WHERE id = :a", id,
			     0, ""), 6200);
	rig_close(&rig);
}

static struct str fields_of(struct rig *rig, uint64_t fields,
			    const struct str *attributes, size_t count)
{
	struct ledger_freeze freeze = rig_freeze;
	struct ledger_claim claims[1];
	int64_t id;

	freeze.fields = fields;
	freeze.attributes = attributes;
	freeze.attribute_count = count;
	must(ledger_freeze(rig->ledger, &freeze, &id, &rig->err), &rig->err);
	assert_int_equal(claim(rig, enlist(rig, "b"), NOW, 1, claims), 1);
	return claims[0].fields;
}

static void a_row_keeps_the_fields_that_the_letter_uses_and_no_others(
	void **state)
{
	static const struct str attributes[] = { STR("city"), STR("none"),
						 STR("plan") };
	static const struct {
		uint64_t fields;
		size_t attributes;
		const char *kept;
	} cases[] = {
		{ 0, 0, "\x1f\x1f\x1f\x1f\x1f" },
		{ 1u << 1, 0, "Ada L\x1f\x1f\x1f\x1f\x1f" },
		{ 1u << 2 | 1u << 5, 0, "\x1f" "Ada\x1f\x1f\x1f" "2026-05-18"
		  "\x1f" },
		{ 1u << 3 | 1u << 4 | 1u << 6, 0, "\x1f\x1fL\x1f" "en\x1f\x1f"
		  "x, y" },
		{ 0, 3, "\x1f\x1f\x1f\x1f\x1f\x1fYork\x1f\x1fgold" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig rig;
		struct str kept;

		rig_open(&rig, 1);
		kept = fields_of(&rig, cases[i].fields, attributes,
				 cases[i].attributes);
		assert_int_equal(kept.len, strlen(cases[i].kept));
		assert_memory_equal(kept.at, cases[i].kept, kept.len);
		rig_close(&rig);
	}
}

static void the_form_comes_back_byte_for_byte(void **state)
{
	struct rig rig;
	struct ledger_freeze freeze = rig_freeze;
	struct str form;
	int64_t id;

	(void)state;
	rig_open(&rig, 1);
	freeze.form = str_at("a\0b\xff", 4);
	must(ledger_freeze(rig.ledger, &freeze, &id, &rig.err), &rig.err);
	must(ledger_form(rig.ledger, id, 1, rig.arena, &form, &rig.err),
	     &rig.err);
	assert_int_equal(form.len, 4);
	assert_memory_equal(form.at, "a\0b\xff", 4);
	assert_int_equal(ledger_form(rig.ledger, id, 2, rig.arena, &form,
				     &rig.err), -1);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_on_the_list_gets_one_row_in_order),
		cmocka_unit_test(an_issue_for_nobody_leaves_nothing),
		cmocka_unit_test(a_frozen_slug_is_never_frozen_again),
		cmocka_unit_test(a_freeze_cut_short_is_finished_by_the_next),
		cmocka_unit_test(an_import_published_meanwhile_stays_out_whole),
		cmocka_unit_test(a_row_keeps_the_fields_that_the_letter_uses_and_no_others),
		cmocka_unit_test(the_form_comes_back_byte_for_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
