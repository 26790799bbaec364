/* What was learnt is kept for a week, and rows that were put back return. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "queue/pacing_store.h"
#include "queue_rig.h"

#define DAY    INT64_C(86400000)
#define MINUTE INT64_C(60000)

static struct rig rig;

static int open_rig(void **state)
{
	(void)state;
	rig_open(&rig, 6);
	freeze_first(&rig);
	return 0;
}

static int close_rig(void **state)
{
	(void)state;
	rig_close(&rig);
	return 0;
}

/* --- limits ------------------------------------------------------------------- */

static void save(const char *relay, const char *lane, double limit, int64_t now)
{
	const struct pace_learnt learnt = { str_of(lane), limit };
	struct pace_store *store = NULL;

	must(pace_store_open(rig.db, str_of(relay), &store, &rig.err),
	     &rig.err);
	must(db_begin(rig.db, &rig.err), &rig.err);
	must(pace_store_save(store, &learnt, 1, now, &rig.err), &rig.err);
	must(db_commit(rig.db, &rig.err), &rig.err);
	pace_store_close(&store);
}

/* In thousandths, as a new pacer is taught at `now`. */
static int64_t limit_of(const char *relay, const char *lane, int64_t now)
{
	const struct pace_plan plan = { .start = 20 };
	struct pace *pace = pace_new(&plan);
	struct pace_store *store = NULL;
	int64_t limit;

	must(pace_store_open(rig.db, str_of(relay), &store, &rig.err),
	     &rig.err);
	must(pace_store_load(store, pace, now, &rig.err), &rig.err);
	limit = (int64_t)(1000 *
			  pace_limit(pace, pace_named(pace, str_of(lane))));
	pace_store_close(&store);
	pace_free(&pace);
	return limit;
}

static void a_limit_is_kept_by_relay_and_lane(void **state)
{
	(void)state;
	save("main", "gmail", 12.5, NOW);
	save("main", "example.org", 3, NOW);
	save("main", "*", 50, NOW);
	save("second", "gmail", 7, NOW);
	save("main", "example.org", 4, NOW + 1);
	assert_int_equal(limit_of("main", "gmail", NOW + 2), 12500);
	assert_int_equal(limit_of("main", "example.org", NOW + 2), 4000);
	assert_int_equal(limit_of("main", "*", NOW + 2), 50000);
	assert_int_equal(limit_of("second", "gmail", NOW + 2), 7000);
	assert_int_equal(limit_of("second", "example.org", NOW + 2), 0);
}

static void after_a_week_it_is_forgotten(void **state)
{
	(void)state;
	save("main", "gmail", 12.5, NOW);
	assert_int_equal(limit_of("main", "gmail", NOW + 7 * DAY - 1), 12500);
	assert_int_equal(limit_of("main", "gmail", NOW + 7 * DAY), 0);
	save("main", "yahoo", 1, NOW + 8 * DAY);
	assert_int_equal(ask(&rig, "SELECT count(*) FROM pace_limit", 0, 0, ""),
			 1);
}

/* --- rows ----------------------------------------------------------------------- */

static void settle_as(const struct ledger_claim *claim,
		      enum delivery_event event, int code, const char *status,
		      int64_t due)
{
	struct ledger_result r = result_of(claim, 1, event);

	r.code = code;
	r.status = str_of(status);
	r.due = due;
	assert_int_equal(settle(&rig, &r), 1);
}

static void what_was_put_back_is_called_and_what_was_put_off_is_not(
	void **state)
{
	struct ledger_claim c[3];

	(void)state;
	assert_int_equal(claim(&rig, 1, NOW, 3, c), 3);
	settle_as(&c[0], EVENT_RELEASE, 0, "", NOW + 10 * MINUTE);
	settle_as(&c[1], EVENT_DEFERRED, 451, "", NOW + 10 * MINUTE);
	settle_as(&c[2], EVENT_ACCEPTED, 250, "", 0);
	assert_int_equal(ledger_recall(rig.ledger, 1, NOW, &rig.err), 1);
	assert_int_equal(ledger_recall(rig.ledger, 1, NOW, &rig.err), 0);
	assert_int_equal(ledger_recall(rig.ledger, 2, NOW, &rig.err), 0);
	assert_int_equal(ask(&rig,
			     "SELECT count(*) FROM delivery"
			     " WHERE due_at <= :a AND state = 'queued'",
			     NOW, 0, ""),
			 4);
	assert_int_equal(ask(&rig,
			     "SELECT due_at FROM delivery"
			     " WHERE state = 'deferred'",
			     0, 0, ""),
			 NOW + 10 * MINUTE);
}

static struct ledger_outcomes outcomes(void)
{
	struct ledger_outcomes out;

	must(ledger_outcomes(rig.ledger, 1, &out, &rig.err), &rig.err);
	return out;
}

static void outcomes_count_from_when_an_issue_was_resumed(void **state)
{
	struct ledger_claim c[6];
	struct ledger_outcomes o = outcomes();

	(void)state;
	assert_int_equal(o.taken + o.failed + o.policy, 0);
	assert_int_equal(claim(&rig, 1, NOW, 6, c), 6);
	settle_as(&c[0], EVENT_ACCEPTED, 250, "2.0.0", 0);
	settle_as(&c[1], EVENT_ACCEPTED, 250, "2.0.0", 0);
	settle_as(&c[2], EVENT_REFUSED, 550, "5.1.1", 0);
	settle_as(&c[3], EVENT_DEFERRED, 550, "5.7.1", NOW + MINUTE);
	settle_as(&c[4], EVENT_DEFERRED, 451, "4.7.1", NOW + MINUTE);
	o = outcomes();
	assert_int_equal(o.taken, 2);
	assert_int_equal(o.failed, 1);
	assert_int_equal(o.policy, 1);
	must(ledger_change(rig.ledger, 1, CHANGE_PAUSE, STR("x"), NOW + MINUTE,
			   &rig.err),
	     &rig.err);
	must(ledger_change(rig.ledger, 1, CHANGE_RESUME, STR_NONE,
			   NOW + 2 * MINUTE, &rig.err),
	     &rig.err);
	o = outcomes();
	assert_int_equal(o.taken + o.failed + o.policy, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_limit_is_kept_by_relay_and_lane),
		TEST(after_a_week_it_is_forgotten),
		TEST(what_was_put_back_is_called_and_what_was_put_off_is_not),
		TEST(outcomes_count_from_when_an_issue_was_resumed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
