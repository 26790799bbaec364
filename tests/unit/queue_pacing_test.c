/* The pacer finds what a relay lets through, in minutes that pass in a
 * moment: hidden limits, storms, runs that follow each other. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "queue_pacing_rig.h"

/* --- the limit --------------------------------------------------------------- */

static const struct limit {
	double per_second, burst;
	int64_t window, learning, measured;
} limits[] = {
	{ 0.5, 5, 0, 20 * MINUTE, 60 * MINUTE },
	{ 5, 5, 0, 3 * MINUTE, 20 * MINUTE },
	{ 20, 20, 0, 2 * MINUTE, 10 * MINUTE },
	{ 20, 0, SECOND, 2 * MINUTE, 10 * MINUTE },
	{ 20, 0, 10 * SECOND, 4 * MINUTE, 10 * MINUTE },
	{ 300, 300, 0, 2 * MINUTE, 5 * MINUTE },
	{ 300, 0, SECOND, 2 * MINUTE, 5 * MINUTE },
	{ 2000, 500, 0, 2 * MINUTE, 3 * MINUTE },
};

static void check_mean(const struct limit *l)
{
	double mean;

	world_open(&world, l->per_second, l->burst, l->window);
	pass(&world, l->learning);
	mean = mean_over(&world, l->measured);
	if (mean < 0.9 * l->per_second || mean > 1.01 * l->per_second)
		fail_msg("limit %g/s, window %lld, %g: mean %g/s",
			 l->per_second, (long long)l->window, deferred_max,
			 mean);
	world_close(&world);
}

static void the_mean_comes_within_a_tenth_of_a_hidden_limit(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		check_mean(&limits[i]);
}

static void also_where_a_twentieth_put_off_slows_the_relay(void **state)
{
	(void)state;
	deferred_max = 0.05;
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		check_mean(&limits[i]);
	deferred_max = 0;
}

/* Without a limit nothing holds the send back for long. */
static void slow_start_is_over_in_seconds(void **state)
{
	(void)state;
	world_open(&world, 0, 0, 0);
	pass(&world, 4 * SECOND);
	assert_true(mean_over(&world, SECOND) > 5000);
	assert_true(pace_limit(world.pace, world.lane) == 0);
	world_close(&world);
}

static void nothing_begins_at_full_speed(void **state)
{
	(void)state;
	world_open(&world, 0, 0, 0);
	assert_true(mean_over(&world, 500) <= 20 * 2);
	world_close(&world);
}

static void a_limit_that_is_lifted_is_found_in_two_minutes(void **state)
{
	(void)state;
	world_open(&world, 5, 5, 0);
	pass(&world, 5 * MINUTE);
	world.relay.per_second = 100;
	world.relay.burst = 100;
	pass(&world, 3 * MINUTE);
	assert_true(mean_over(&world, MINUTE) >= 90);
	world_close(&world);
}

static void a_limit_that_falls_is_found_at_once(void **state)
{
	int64_t refused;

	(void)state;
	world_open(&world, 100, 100, 0);
	pass(&world, 5 * MINUTE);
	world.relay.per_second = world.relay.burst = 5;
	refused = world.refused;
	pass(&world, 2 * MINUTE);
	assert_true(mean_over(&world, 5 * MINUTE) >= 4.5);
	/* Of 100/s no more were refused than what two seconds send. */
	assert_true(world.refused - refused < 250);
	world_close(&world);
}

/* --- storms -------------------------------------------------------------------- */

/* 451 to everything for ten minutes. */
static void a_storm_is_sat_out_with_few_letters_and_then_made_up(void **state)
{
	int64_t refused;

	(void)state;
	world_open(&world, 20, 20, 0);
	pass(&world, 5 * MINUTE);
	world.relay.storm = true;
	refused = world.refused;
	pass(&world, 10 * MINUTE);
	assert_true(world.refused - refused < 60);
	/* It taught nothing. */
	assert_true(pace_limit(world.pace, world.lane) > 8);
	world.relay.storm = false;
	/* The longest wait for a probe, and a minute to come back. */
	pass(&world, PACE_CLOSED_MS + MINUTE);
	assert_true(mean_over(&world, 5 * MINUTE) >= 18);
	world_close(&world);
}

static void after_a_storm_there_is_no_burst(void **state)
{
	(void)state;
	world_open(&world, 20, 20, 0);
	pass(&world, 5 * MINUTE);
	world.relay.storm = true;
	pass(&world, 10 * MINUTE);
	world.relay.storm = false;
	world.relay.per_second = 0;
	while (world.relay.storm == false && mean_over(&world, SECOND) == 0)
		;
	for (int i = 0; i < 10; i++)
		assert_true(mean_over(&world, SECOND) <= 21);
	world_close(&world);
}

static void a_relay_that_never_comes_back_is_probed_for_ever_and_seldom(
	void **state)
{
	int64_t refused;

	(void)state;
	world_open(&world, 20, 20, 0);
	world.relay.storm = true;
	pass(&world, 20 * MINUTE);
	refused = world.refused;
	pass(&world, 60 * MINUTE);
	assert_in_range(world.refused - refused, 10, 13);
	world_close(&world);
}

static void try_again_in_n_is_kept_to_the_second(void **state)
{
	static const struct {
		const char *words;
		int64_t ms;
	} cases[] = {
		{ "451 4.7.1 try again in 90 seconds", 90 * SECOND },
		{ "451 4.7.1 Please try again in 3 minutes.", 3 * MINUTE },
		{ "451 4.7.1 retry in 45s", 45 * SECOND },
		{ "451 4.7.1 try again after 1 hour", 60 * MINUTE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t taken, refused;

		world_open(&world, 0, 0, 0);
		pass(&world, SECOND);
		world.relay.storm = true;
		world.slow = cases[i].words;
		pass(&world, 2 * TRIP);
		world.relay.storm = false;
		taken = world.taken;
		refused = world.refused;
		/* What was under way has come back in the meantime. */
		pass(&world, cases[i].ms - 3 * TRIP);
		assert_int_equal(world.taken, taken);
		assert_int_equal(world.refused, refused);
		/* One letter is the probe; then the others. */
		pass(&world, 4 * TRIP);
		assert_int_equal(world.taken, taken + 1);
		pass(&world, 10 * SECOND);
		assert_true(world.taken > taken + 10);
		world_close(&world);
	}
}

/* --- over runs, and over jumps of the clock -------------------------------- */

static void what_was_learnt_is_where_the_next_run_begins(void **state)
{
	double learnt;

	(void)state;
	world_open(&world, 5, 5, 0);
	pass(&world, 10 * MINUTE);
	learnt = pace_limit(world.pace, world.lane);
	assert_true(learnt > 4.5 && learnt < 6);
	world_close(&world);
	world_open(&world, 5, 5, 0);
	pace_learn(world.pace, world.lane, learnt);
	assert_true(mean_over(&world, MINUTE) > 4);
	assert_true(world.refused < 5);
	world_close(&world);
}

static void a_clock_that_jumps_puts_no_lane_to_sleep(void **state)
{
	static const int64_t jumps[] = { -60 * MINUTE, 60 * MINUTE,
					 -40 * 24 * 60 * MINUTE,
					 40 * 24 * 60 * MINUTE };

	(void)state;
	for (size_t i = 0; i < sizeof(jumps) / sizeof(*jumps); i++) {
		world_open(&world, 0, 0, 0);
		pace_learn(world.pace, world.lane, 20);
		pass(&world, 10 * SECOND);
		world.count = 0;
		world.now += jumps[i];
		world.ask_at = world.now;
		assert_true(mean_over(&world, MINUTE) >= 8);
		assert_true(mean_over(&world, SECOND) <= 45);
		world_close(&world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			the_mean_comes_within_a_tenth_of_a_hidden_limit),
		cmocka_unit_test(
			also_where_a_twentieth_put_off_slows_the_relay),
		cmocka_unit_test(slow_start_is_over_in_seconds),
		cmocka_unit_test(nothing_begins_at_full_speed),
		cmocka_unit_test(
			a_limit_that_is_lifted_is_found_in_two_minutes),
		cmocka_unit_test(a_limit_that_falls_is_found_at_once),
		cmocka_unit_test(
			a_storm_is_sat_out_with_few_letters_and_then_made_up),
		cmocka_unit_test(after_a_storm_there_is_no_burst),
		cmocka_unit_test(
			a_relay_that_never_comes_back_is_probed_for_ever_and_seldom),
		cmocka_unit_test(try_again_in_n_is_kept_to_the_second),
		cmocka_unit_test(what_was_learnt_is_where_the_next_run_begins),
		cmocka_unit_test(a_clock_that_jumps_puts_no_lane_to_sleep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
