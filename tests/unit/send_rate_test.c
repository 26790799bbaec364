/* No window of time ever holds more than the rate, and hardly less. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "send/rate_priv.h"

#define START	  INT64_C(5000000) /* boot ms */
#define TAKEN_MAX 20000

static int64_t taken[TAKEN_MAX];
static int taken_count;

/* Somebody who always has work, and waits as long as he is told. */
static void take_all(struct rate_gate *gate, int64_t from, int64_t until)
{
	int64_t now = from;

	taken_count = 0;
	while (now < until && taken_count < TAKEN_MAX) {
		int64_t wait = rate_take(gate, now);

		assert_true(wait >= 0);
		if (wait == 0)
			taken[taken_count++] = now;
		now += wait;
	}
}

static int most_within(int64_t window)
{
	int most = 0;

	for (int i = 0, first = 0; i < taken_count; i++) {
		while (taken[i] - taken[first] >= window)
			first++;
		if (i - first + 1 > most)
			most = i - first + 1;
	}
	return most;
}

static const struct {
	int64_t count, per_ms;
} rates[] = {
	{ 1, 1000 },	{ 7, 1000 },	{ 20, 1000 },	 { 333, 1000 },
	{ 1000, 1000 }, { 100, 60000 }, { 60, 3600000 },
};
#define RATES (sizeof(rates) / sizeof(*rates))

/* One more than the rate, and a tenth of a second's worth saved up. */
static void no_window_holds_more_than_the_rate(void **state)
{
	(void)state;
	for (size_t i = 0; i < RATES; i++) {
		struct rate_gate gate = { .rate = { rates[i].count,
						    rates[i].per_ms } };
		int64_t allowed = rates[i].count + 1 +
				  rates[i].count * 100 / rates[i].per_ms;

		take_all(&gate, START, START + 10 * rates[i].per_ms);
		assert_true(most_within(rates[i].per_ms) <= allowed);
	}
}

static void the_rate_is_used_while_work_waits(void **state)
{
	(void)state;
	for (size_t i = 0; i < RATES; i++) {
		struct rate_gate gate = { .rate = { rates[i].count,
						    rates[i].per_ms } };

		take_all(&gate, START, START + 10 * rates[i].per_ms);
		assert_true(taken_count >= 10 * rates[i].count * 95 / 100);
	}
}

static void a_pause_saves_up_no_burst(void **state)
{
	struct rate_gate gate = { .rate = { 20, 1000 } };

	(void)state;
	take_all(&gate, START, START + 1000);
	take_all(&gate, START + 3600000, START + 3600000 + 1000);
	assert_true(most_within(1000) <= 20 + 2 + 1);
	assert_true(most_within(50) <= 4);
}

/* Many connections ask in turn: what one is told to wait costs no token. */
static void asking_in_vain_costs_nothing(void **state)
{
	struct rate_gate gate = { .rate = { 10, 1000 } };
	int count = 0;

	(void)state;
	for (int64_t now = START; now < START + 10000; now++)
		for (int connection = 0; connection < 8; connection++)
			count += rate_take(&gate, now) == 0;
	assert_in_range(count, 99, 102);
}

static void without_a_rate_nobody_waits(void **state)
{
	struct rate_gate gate = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(rate_take(&gate, START), 0);
}

static void a_clock_that_jumps_back_does_not_stop_the_send(void **state)
{
	struct rate_gate gate = { .rate = { 10, 1000 } };

	(void)state;
	take_all(&gate, START, START + 1000);
	take_all(&gate, START - 3600000, START - 3600000 + 1000);
	assert_in_range(taken_count, 9, 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_window_holds_more_than_the_rate),
		cmocka_unit_test(the_rate_is_used_while_work_waits),
		cmocka_unit_test(a_pause_saves_up_no_burst),
		cmocka_unit_test(asking_in_vain_costs_nothing),
		cmocka_unit_test(without_a_rate_nobody_waits),
		cmocka_unit_test(
			a_clock_that_jumps_back_does_not_stop_the_send),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
