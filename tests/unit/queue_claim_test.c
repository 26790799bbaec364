/* Claims and results: on disk first, fenced, once. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "queue_rig.h"

#define MINUTE INT64_C(60000)

static struct rig rig;

static int open_rig(void **state)
{
	(void)state;
	rig_open(&rig, 5);
	freeze_first(&rig);
	return 0;
}

static int close_rig(void **state)
{
	(void)state;
	rig_close(&rig);
	return 0;
}

static void a_claim_is_on_disk_before_anything_is_sent(void **state)
{
	struct rig other = { 0 };
	struct ledger_claim claims[5];

	(void)state;
	assert_int_equal(claim(&rig, 7, NOW, 2, claims), 2);
	must(db_open(rig.path, DB_READ, &other.db, &other.err), &other.err);
	assert_int_equal(ask(&other, "SELECT count(*) FROM delivery WHERE"
				     " state = 'claimed' AND owner = 7 AND"
				     " epoch = 1 AND lease_until = :a",
			     NOW + 900000, 0, ""), 2);
	db_close(&other.db);
}

static void nobody_is_claimed_twice(void **state)
{
	struct ledger_claim claims[5];

	(void)state;
	assert_int_equal(claim(&rig, 1, NOW, 3, claims), 3);
	assert_int_equal(claim(&rig, 2, NOW, 5, claims), 2);
	assert_int_equal(claim(&rig, 3, NOW, 5, claims), 0);
	assert_int_equal(in_state(&rig, DELIVERY_CLAIMED), 5);
}

static void the_date_is_set_by_the_first_claim_and_stays(void **state)
{
	struct ledger_claim c;
	struct ledger_result r;

	(void)state;
	assert_int_equal(claim(&rig, 1, NOW, 1, &c), 1);
	assert_int_equal(c.date_ms, NOW);
	assert_int_equal(c.attempts, 1);
	r = result_of(&c, 1, EVENT_DEFERRED);
	r.due = NOW - 1;
	assert_int_equal(settle(&rig, &r), 1);
	ask(&rig, "UPDATE delivery SET state = 'sent' WHERE ordinal > 1", 0, 0,
	    "");
	assert_int_equal(claim(&rig, 1, NOW + MINUTE, 1, &c), 1);
	assert_int_equal(c.date_ms, NOW);
	assert_int_equal(c.attempts, 2);
	assert_int_equal(c.epoch, 2);
}

static void a_release_counts_no_try_and_frees_the_row_at_once(void **state)
{
	struct ledger_claim c;
	struct ledger_result r;

	(void)state;
	assert_int_equal(claim(&rig, 1, NOW, 1, &c), 1);
	r = result_of(&c, 1, EVENT_RELEASE);
	assert_int_equal(settle(&rig, &r), 1);
	assert_int_equal(ask(&rig, "SELECT attempts FROM delivery WHERE"
				   " ordinal = 1", 0, 0, ""), 0);
	assert_int_equal(ask(&rig, "SELECT count(*) FROM attempt", 0, 0, ""),
			 0);
	assert_int_equal(claim(&rig, 2, NOW, 1, &c), 1);
	assert_int_equal(c.ordinal, 1);
	assert_int_equal(c.attempts, 1);
}

static void a_late_result_of_an_older_claim_changes_nothing(void **state)
{
	struct ledger_claim old, new;
	struct ledger_result r;

	(void)state;
	assert_int_equal(claim(&rig, 1, NOW, 1, &old), 1);
	r = result_of(&old, 1, EVENT_RELEASE);
	assert_int_equal(settle(&rig, &r), 1);
	assert_int_equal(claim(&rig, 1, NOW, 1, &new), 1);
	assert_int_equal(new.ordinal, old.ordinal);
	r = result_of(&old, 1, EVENT_REFUSED);
	assert_int_equal(settle(&rig, &r), 0);
	r = result_of(&new, 2, EVENT_REFUSED);	/* somebody else's */
	assert_int_equal(settle(&rig, &r), 0);
	r = result_of(&new, 1, EVENT_ACCEPTED);
	assert_int_equal(settle(&rig, &r), 1);
	assert_int_equal(settle(&rig, &r), 0);	/* the same again */
	assert_int_equal(in_state(&rig, DELIVERY_SENT), 1);
}

static void every_result_leads_where_the_table_says(void **state)
{
	static const struct {
		enum delivery_event event;
		const char *state;
		int logged;
	} cases[] = {
		{ EVENT_ACCEPTED, "sent", 0 },
		{ EVENT_DEFERRED, "deferred", 1 },
		{ EVENT_REFUSED, "failed", 1 },
		{ EVENT_LOST, "uncertain", 1 },
		{ EVENT_RELEASE, "queued", 0 },
	};
	struct ledger_claim claims[5];

	(void)state;
	assert_int_equal(claim(&rig, 1, NOW, 5, claims), 5);
	for (size_t i = 0; i < 5; i++) {
		struct ledger_result r =
			result_of(&claims[i], 1, cases[i].event);

		r.due = NOW + MINUTE;
		assert_int_equal(settle(&rig, &r), 1);
		assert_int_equal(
			ask(&rig, "SELECT count(*) FROM delivery WHERE"
				  " ordinal = :a AND state = :text AND"
				  " reply = 'said' AND lease_until IS NULL",
			    claims[i].ordinal, 0, cases[i].state), 1);
		assert_int_equal(
			ask(&rig, "SELECT count(*) FROM attempt WHERE"
				  " ordinal = :a AND state = :text",
			    claims[i].ordinal, 0, cases[i].state),
			cases[i].logged);
	}
}

static void an_answer_after_all_settles_what_was_called_uncertain(void **state)
{
	struct ledger_claim c;
	struct ledger_result r;

	(void)state;
	assert_int_equal(claim(&rig, 1, NOW, 1, &c), 1);
	r = result_of(&c, 1, EVENT_LOST);
	r.due = NOW + MINUTE;
	assert_int_equal(settle(&rig, &r), 1);
	r = result_of(&c, 1, EVENT_ACCEPTED);
	assert_int_equal(settle(&rig, &r), 1);
	assert_int_equal(in_state(&rig, DELIVERY_SENT), 1);
	assert_int_equal(in_state(&rig, DELIVERY_UNCERTAIN), 0);
}

static void who_left_since_the_freeze_is_skipped_in_the_claim(void **state)
{
	struct ledger_claim claims[5];

	(void)state;
	leave(&rig, 1);
	leave(&rig, 3);
	ask(&rig, "UPDATE subscriber SET suppressed = 'asked' WHERE id = 5", 0,
	    0, "");
	assert_int_equal(claim(&rig, 1, NOW, 2, claims), 2);
	assert_int_equal(claims[0].subscriber + claims[1].subscriber, 2 + 4);
	assert_int_equal(claim(&rig, 1, NOW, 2, claims), 0);
	assert_int_equal(in_state(&rig, DELIVERY_SKIPPED), 3);
}

static int wanted(int64_t subscriber)
{
	int answer = ledger_wanted(rig.ledger, 1, subscriber, &rig.err);

	must(answer, &rig.err);
	return answer;
}

static void a_claimed_row_is_asked_for_again_before_it_goes_out(void **state)
{
	(void)state;
	assert_int_equal(wanted(1), 1);
	leave(&rig, 1);
	assert_int_equal(wanted(1), 0);
	assert_int_equal(wanted(2), 1);
	ask(&rig, "UPDATE subscriber SET suppressed = 'asked' WHERE id = 2", 0,
	    0, "");
	assert_int_equal(wanted(2), 0);
	assert_int_equal(wanted(99), 0);
	ask(&rig, "UPDATE issue SET state = 'paused'", 0, 0, "");
	assert_int_equal(wanted(3), 0);
}

static void nothing_is_tried_past_the_issues_time(void **state)
{
	struct ledger_claim claims[5];

	(void)state;
	assert_int_equal(claim(&rig, 1, NOW + LIFE, 1, claims), 1);
	assert_int_equal(claim(&rig, 1, NOW + LIFE + 1, 5, claims), 0);
	assert_int_equal(in_state(&rig, DELIVERY_EXPIRED), 4);
	assert_int_equal(in_state(&rig, DELIVERY_CLAIMED), 1);
}

static void a_deferred_row_waits_for_its_time(void **state)
{
	struct ledger_claim c;
	struct ledger_result r;
	int64_t due;

	(void)state;
	ask(&rig, "UPDATE delivery SET state = 'sent' WHERE ordinal > 1", 0, 0,
	    "");
	assert_int_equal(claim(&rig, 1, NOW, 1, &c), 1);
	r = result_of(&c, 1, EVENT_DEFERRED);
	r.due = NOW + MINUTE;
	assert_int_equal(settle(&rig, &r), 1);
	assert_int_equal(claim(&rig, 1, NOW + MINUTE - 1, 1, &c), 0);
	must(ledger_next_due(rig.ledger, 1, &due, &rig.err), &rig.err);
	assert_int_equal(due, NOW + MINUTE);
	assert_int_equal(claim(&rig, 1, NOW + MINUTE, 1, &c), 1);
}

static void a_paused_issue_is_left_alone(void **state)
{
	struct ledger_claim claims[5];
	int64_t due;

	(void)state;
	ask(&rig, "UPDATE issue SET state = 'paused'", 0, 0, "");
	assert_int_equal(claim(&rig, 1, NOW, 5, claims), 0);
	must(ledger_next_due(rig.ledger, 0, &due, &rig.err), &rig.err);
	assert_int_equal(due, 0);
}

/* Years of issues stay in the books. */
static void old_issues_do_not_stand_before_a_new_one(void **state)
{
	struct ledger_freeze next = rig_freeze;
	struct ledger_claim claims[5];
	int64_t id;

	(void)state;
	ask(&rig, "UPDATE issue SET state = 'cancelled'", 0, 0, "");
	ask(&rig, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
		  " SELECT i + 1 FROM n WHERE i < 1500)"
		  " INSERT INTO issue (id, slug, title, subject, list_id,"
		  " state, frozen_at, not_after, revision, source_hash, uses,"
		  " attributes, batch) SELECT i + 1, 'old-' || i, 't', 's', 1, 'ready',"
		  " 1, 2, 1, 'h', 0, '[]', 0 FROM n", 0, 0, "");
	next.slug = STR("next");
	must(ledger_freeze(rig.ledger, &next, &id, &rig.err), &rig.err);
	assert_true(id > 1500);
	assert_int_equal(claim(&rig, 1, NOW, 5, claims), 5);
}

static void make_uncertain(void)
{
	struct ledger_claim c;
	struct ledger_result r;

	assert_int_equal(claim(&rig, 1, NOW, 1, &c), 1);
	r = result_of(&c, 1, EVENT_LOST);
	r.due = NOW + MINUTE;
	assert_int_equal(settle(&rig, &r), 1);
}

static int uncertain(bool hold, int64_t now)
{
	int moved;

	must(db_begin(rig.db, &rig.err), &rig.err);
	moved = ledger_uncertain(rig.ledger, hold, now, &rig.err);
	must(moved, &rig.err);
	must(db_commit(rig.db, &rig.err), &rig.err);
	return moved;
}

static void what_is_uncertain_is_sent_again_when_its_time_has_come(
	void **state)
{
	struct ledger_claim claims[5];
	int64_t due;

	(void)state;
	make_uncertain();
	ask(&rig, "UPDATE delivery SET state = 'sent' WHERE ordinal > 1", 0, 0,
	    "");
	must(ledger_next_due(rig.ledger, 1, &due, &rig.err), &rig.err);
	assert_int_equal(due, NOW + MINUTE);
	assert_int_equal(uncertain(false, NOW + MINUTE - 1), 0);
	assert_int_equal(uncertain(false, NOW + MINUTE), 1);
	assert_int_equal(claim(&rig, 1, NOW + MINUTE, 5, claims), 1);
	assert_int_equal(claims[0].date_ms, NOW);
}

static void what_is_uncertain_waits_for_a_person_when_told_to(void **state)
{
	struct ledger_claim claims[5];

	(void)state;
	make_uncertain();
	assert_int_equal(uncertain(true, NOW + MINUTE), 1);
	assert_int_equal(in_state(&rig, DELIVERY_HELD), 1);
	assert_int_equal(claim(&rig, 1, NOW + 2 * MINUTE, 5, claims), 4);
}

static int remember(void *arg, int64_t issue, int64_t ordinal, int64_t epoch)
{
	int64_t *sum = arg;

	*sum += issue * 100 + ordinal * 10 + epoch;
	return 0;
}

static int count_owner(void *arg, int64_t owner, struct str boot)
{
	int *count = arg;

	(void)owner;
	assert_true(str_eqz(boot, "boot"));
	(*count)++;
	return 0;
}

static void an_owner_is_dismissed_only_when_its_rows_are_settled(void **state)
{
	struct ledger_claim claims[2];
	int64_t owner = enlist(&rig, "boot");
	int64_t sum = 0;
	int count = 0;

	(void)state;
	assert_int_equal(claim(&rig, owner, NOW, 2, claims), 2);
	must(ledger_held(rig.ledger, owner, remember, &sum, &rig.err),
	     &rig.err);
	assert_int_equal(sum, 2 * 100 + (1 + 2) * 10 + 2);
	must(ledger_dismiss(rig.ledger, owner, &rig.err), &rig.err);
	must(ledger_owners(rig.ledger, count_owner, &count, &rig.err),
	     &rig.err);
	assert_int_equal(count, 1);
	for (int i = 0; i < 2; i++) {
		struct ledger_result r =
			result_of(&claims[i], owner, EVENT_ACCEPTED);

		assert_int_equal(settle(&rig, &r), 1);
	}
	must(ledger_dismiss(rig.ledger, owner, &rig.err), &rig.err);
	count = 0;
	must(ledger_owners(rig.ledger, count_owner, &count, &rig.err),
	     &rig.err);
	assert_int_equal(count, 0);
	assert_true(enlist(&rig, "boot") > owner);	/* never used again */
}

static void a_renewal_moves_the_leases_of_its_owner_only(void **state)
{
	struct ledger_claim claims[2];

	(void)state;
	assert_int_equal(claim(&rig, 1, NOW, 2, claims), 2);
	assert_int_equal(claim(&rig, 2, NOW, 1, claims), 1);
	must(ledger_renew(rig.ledger, 1, NOW + LIFE, &rig.err), &rig.err);
	assert_int_equal(ask(&rig, "SELECT count(*) FROM delivery WHERE"
				   " lease_until = :a", NOW + LIFE, 0, ""), 2);
}

struct seen {
	int rows;
	int64_t last;
};

static int see(void *arg, const struct ledger_row *row)
{
	struct seen *seen = arg;

	assert_true(row->ordinal > seen->last);
	assert_true(str_ends(row->address, STR("@example.org")));
	seen->last = row->ordinal;
	seen->rows++;
	return 0;
}

static void the_rows_are_told_in_order_and_by_state(void **state)
{
	struct ledger_claim claims[2];
	struct seen all = { 0 }, some = { 0 };

	(void)state;
	assert_int_equal(claim(&rig, 1, NOW, 2, claims), 2);
	must(ledger_rows(rig.ledger, 1, 0, see, &all, &rig.err), &rig.err);
	must(ledger_rows(rig.ledger, 1, 1u << DELIVERY_CLAIMED, see, &some,
			 &rig.err), &rig.err);
	assert_int_equal(all.rows, 5);
	assert_int_equal(some.rows, 2);
}

/* The sum over the states is the audience, whatever happens. */
static void nobody_is_lost_from_the_books(void **state)
{
	struct ledger_counts counts;

	(void)state;
	for (uint32_t step = 0, seed = 1; step < 400; step++) {
		static const enum delivery_event events[] = {
			EVENT_RELEASE, EVENT_DEFERRED, EVENT_LOST,
			EVENT_RELEASE, EVENT_ACCEPTED, EVENT_REFUSED,
		};
		struct ledger_claim c;
		int64_t sum = 0;

		seed = seed * 1664525u + 1013904223u;
		uncertain(false, NOW + step * MINUTE);
		if (claim(&rig, 1, NOW + step * MINUTE, 1, &c) == 1) {
			struct ledger_result r = result_of(
				&c, 1, events[(seed >> 16) %
					      (step < 380 ? 4 : 6)]);

			r.due = NOW + step * MINUTE;
			assert_int_equal(settle(&rig, &r), 1);
		}
		must(ledger_counts(rig.ledger, 1, &counts, &rig.err),
		     &rig.err);
		for (int i = 1; i < DELIVERY_STATE_COUNT; i++)
			sum += counts.by_state[i];
		assert_int_equal(sum, 5);
		assert_int_equal(counts.by_state[DELIVERY_NONE], 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_claim_is_on_disk_before_anything_is_sent),
		TEST(nobody_is_claimed_twice),
		TEST(the_date_is_set_by_the_first_claim_and_stays),
		TEST(a_release_counts_no_try_and_frees_the_row_at_once),
		TEST(a_late_result_of_an_older_claim_changes_nothing),
		TEST(every_result_leads_where_the_table_says),
		TEST(an_answer_after_all_settles_what_was_called_uncertain),
		TEST(who_left_since_the_freeze_is_skipped_in_the_claim),
		TEST(a_claimed_row_is_asked_for_again_before_it_goes_out),
		TEST(nothing_is_tried_past_the_issues_time),
		TEST(a_deferred_row_waits_for_its_time),
		TEST(a_paused_issue_is_left_alone),
		TEST(old_issues_do_not_stand_before_a_new_one),
		TEST(what_is_uncertain_is_sent_again_when_its_time_has_come),
		TEST(what_is_uncertain_waits_for_a_person_when_told_to),
		TEST(an_owner_is_dismissed_only_when_its_rows_are_settled),
		TEST(a_renewal_moves_the_leases_of_its_owner_only),
		TEST(the_rows_are_told_in_order_and_by_state),
		TEST(nobody_is_lost_from_the_books),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
