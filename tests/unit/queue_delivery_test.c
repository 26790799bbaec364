/* The law of a delivery's life: states, words, waits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "queue_rig.h"

static const struct {
	enum delivery_state from;
	enum delivery_event event;
	enum delivery_state to;
} moves[] = {
	{ DELIVERY_QUEUED, EVENT_CLAIM, DELIVERY_CLAIMED },
	{ DELIVERY_QUEUED, EVENT_LEFT, DELIVERY_SKIPPED },
	{ DELIVERY_QUEUED, EVENT_EXPIRED, DELIVERY_EXPIRED },
	{ DELIVERY_DEFERRED, EVENT_CLAIM, DELIVERY_CLAIMED },
	{ DELIVERY_DEFERRED, EVENT_LEFT, DELIVERY_SKIPPED },
	{ DELIVERY_DEFERRED, EVENT_EXPIRED, DELIVERY_EXPIRED },
	{ DELIVERY_CLAIMED, EVENT_RELEASE, DELIVERY_QUEUED },
	{ DELIVERY_CLAIMED, EVENT_ACCEPTED, DELIVERY_SENT },
	{ DELIVERY_CLAIMED, EVENT_DEFERRED, DELIVERY_DEFERRED },
	{ DELIVERY_CLAIMED, EVENT_REFUSED, DELIVERY_FAILED },
	{ DELIVERY_CLAIMED, EVENT_LOST, DELIVERY_UNCERTAIN },
	{ DELIVERY_UNCERTAIN, EVENT_RELEASE, DELIVERY_QUEUED },
	{ DELIVERY_UNCERTAIN, EVENT_ACCEPTED, DELIVERY_SENT },
	{ DELIVERY_UNCERTAIN, EVENT_DEFERRED, DELIVERY_DEFERRED },
	{ DELIVERY_UNCERTAIN, EVENT_REFUSED, DELIVERY_FAILED },
	{ DELIVERY_UNCERTAIN, EVENT_RETRY, DELIVERY_QUEUED },
	{ DELIVERY_UNCERTAIN, EVENT_HOLD, DELIVERY_HELD },
	{ DELIVERY_UNCERTAIN, EVENT_BOUNCED, DELIVERY_BOUNCED },
	{ DELIVERY_UNCERTAIN, EVENT_COMPLAINED, DELIVERY_COMPLAINED },
	{ DELIVERY_HELD, EVENT_ACCEPTED, DELIVERY_SENT },
	{ DELIVERY_HELD, EVENT_REFUSED, DELIVERY_FAILED },
	{ DELIVERY_HELD, EVENT_RETRY, DELIVERY_QUEUED },
	{ DELIVERY_HELD, EVENT_BOUNCED, DELIVERY_BOUNCED },
	{ DELIVERY_HELD, EVENT_COMPLAINED, DELIVERY_COMPLAINED },
	{ DELIVERY_SENT, EVENT_BOUNCED, DELIVERY_BOUNCED },
	{ DELIVERY_SENT, EVENT_COMPLAINED, DELIVERY_COMPLAINED },
};

static enum delivery_state expected(int from, int event)
{
	for (size_t i = 0; i < sizeof(moves) / sizeof(*moves); i++)
		if ((int)moves[i].from == from &&
		    (int)moves[i].event == event)
			return moves[i].to;
	return DELIVERY_NONE;
}

static void only_the_moves_of_the_table_exist(void **state)
{
	(void)state;
	for (int from = 0; from < DELIVERY_STATE_COUNT; from++)
		for (int event = 0; event < EVENT_COUNT; event++)
			assert_int_equal(
				delivery_next((enum delivery_state)from,
					      (enum delivery_event)event),
				expected(from, event));
}

static void what_was_sent_changes_only_by_news_from_outside(void **state)
{
	(void)state;
	for (int event = 0; event < EVENT_COUNT; event++) {
		enum delivery_state next = delivery_next(
			DELIVERY_SENT, (enum delivery_event)event);

		assert_true(next == DELIVERY_NONE ||
			    next == DELIVERY_BOUNCED ||
			    next == DELIVERY_COMPLAINED);
	}
}

static void a_state_is_its_word_and_a_word_its_state(void **state)
{
	(void)state;
	for (int i = DELIVERY_NONE + 1; i < DELIVERY_STATE_COUNT; i++) {
		const char *name =
			delivery_state_name((enum delivery_state)i);

		assert_int_equal(delivery_state_of(str_of(name)), i);
	}
	assert_int_equal(delivery_state_of(STR("snet")), DELIVERY_NONE);
	assert_int_equal(delivery_state_of(STR("")), DELIVERY_NONE);
}

/* Nothing that is done can be claimed, and all that waits comes to an end. */
static void an_end_is_never_claimed_again(void **state)
{
	(void)state;
	for (int i = DELIVERY_NONE + 1; i < DELIVERY_STATE_COUNT; i++) {
		enum delivery_state s = (enum delivery_state)i;

		if (delivery_state_ends(s)) {
			assert_int_equal(delivery_next(s, EVENT_CLAIM),
					 DELIVERY_NONE);
			/* Only a person sends what is held once more. */
			assert_int_equal(delivery_next(s, EVENT_RETRY),
					 s == DELIVERY_HELD ? DELIVERY_QUEUED
							    : DELIVERY_NONE);
		}
	}
	assert_false(delivery_state_ends(DELIVERY_UNCERTAIN));
	assert_true(delivery_state_ends(DELIVERY_HELD));
}

/* The schema's CHECK knows the words of the C table and no other: each is
 * taken, and what is left of the CHECK without them is no word. */
static void the_schema_and_the_code_name_the_same_states(void **state)
{
	struct rig rig;
	int64_t known = 0;

	(void)state;
	rig_open(&rig, 1);
	freeze_first(&rig);
	for (int i = DELIVERY_NONE + 1; i < DELIVERY_STATE_COUNT; i++) {
		const char *name =
			delivery_state_name((enum delivery_state)i);

		ask(&rig, "UPDATE delivery SET state = :text, lease_until ="
			  " iif(:text = 'claimed', 1, NULL)", 0, 0, name);
		known++;
	}
	assert_int_equal(
		ask(&rig, "SELECT length(c) - length(replace(c, ',', '')) + 1"
			  " FROM (SELECT substr(t, 1, instr(t, '))') - 1) AS c"
			  " FROM (SELECT substr(sql, instr(sql, 'state IN (')) AS"
			  " t FROM sqlite_schema WHERE name = 'delivery'))",
		    0, 0, ""), known);
	for (int i = ISSUE_NONE + 1; i < ISSUE_STATE_COUNT; i++)
		ask(&rig, "UPDATE issue SET state = :text", 0, 0,
		    issue_state_name((enum issue_state)i));
	rig_close(&rig);
}

static void waits_double_up_to_the_cap_and_stay_within_a_tenth(void **state)
{
	static const struct {
		int attempt;
		int64_t base, cap, middle;
	} cases[] = {
		{ 1, 300000, 14400000, 300000 },
		{ 2, 300000, 14400000, 600000 },
		{ 4, 300000, 14400000, 2400000 },
		{ 7, 300000, 14400000, 14400000 },
		{ 60, 300000, 14400000, 14400000 },
		{ 1000000, 300000, 14400000, 14400000 },
		{ 1, 1, 14400000, 1 },
		{ 0, 1000, 2000, 1000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t low = INT64_MAX, high = 0;

		for (uint64_t seed = 0; seed < 1000; seed++) {
			int64_t wait = delivery_backoff(
				cases[i].attempt, cases[i].base, cases[i].cap,
				seed);

			low = wait < low ? wait : low;
			high = wait > high ? wait : high;
		}
		assert_in_range(low, cases[i].middle - cases[i].middle / 10,
				cases[i].middle);
		assert_in_range(high, cases[i].middle,
				cases[i].middle + cases[i].middle / 10);
		/* A crowd spreads over most of the room. */
		if (cases[i].middle >= 1000)
			assert_true(high - low > cases[i].middle / 6);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_moves_of_the_table_exist),
		cmocka_unit_test(what_was_sent_changes_only_by_news_from_outside),
		cmocka_unit_test(a_state_is_its_word_and_a_word_its_state),
		cmocka_unit_test(an_end_is_never_claimed_again),
		cmocka_unit_test(the_schema_and_the_code_name_the_same_states),
		cmocka_unit_test(waits_double_up_to_the_cap_and_stay_within_a_tenth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
