/* What a reply means for speed, whose lane a letter is in, and when each may
 * go. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "queue_pacing_rig.h"

/* --- what is not about speed ---------------------------------------------------- */

static double speed_under(const char *reply, const char *status, int code,
			  int percent)
{
	const struct pace_said fine = { PACE_FINE, 0 };
	struct pace_said said = pace_judge(code, str_of(status), str_of(reply));
	double speed;

	world_open(&world, 0, 0, 0);
	for (int i = 0; i < 3000; i++) {
		bool bad = (i * 37) % 100 < percent;

		world.now += 50;
		if (pace_ask(world.pace, world.lane, world.now) == 0)
			pace_news(world.pace, world.lane, world.now,
				  bad ? &said : &fine, world.now + 1);
	}
	speed = pace_speed(world.pace, world.lane);
	world_close(&world);
	return speed;
}

static void full_mailboxes_and_greylisting_choke_no_send(void **state)
{
	static const struct {
		const char *reply, *status;
		int code, percent;
		bool choked;
	} cases[] = {
		{ "452 4.2.2 mailbox full", "4.2.2", 452, 100, false },
		{ "450 4.2.1 receiving at a rate that", "4.2.1", 450, 100,
		  false },
		{ "451 4.7.1 Greylisting in action", "4.7.1", 451, 100, false },
		{ "450 4.2.0 Greylisted for 300 seconds", "4.2.0", 450, 100,
		  false },
		{ "421 4.7.0 Gray-listed, come back", "4.7.0", 421, 100,
		  false },
		{ "550 5.1.1 nobody here", "5.1.1", 550, 100, false },
		{ "451 temporary failure", "", 451, 6, false },
		{ "450 4.1.8 sender domain not found now", "4.1.8", 450, 6,
		  false },
		{ "451 temporary failure", "", 451, 20, true },
		{ "452 4.3.1 insufficient storage", "4.3.1", 452, 20, true },
		{ "451 4.7.1 not now", "4.7.1", 451, 2, true },
		{ "450 4.7.650 too many", "4.7.650", 450, 2, true },
		{ "451 4.3.2 not accepting", "4.3.2", 451, 2, true },
		{ "421 busy", "", 421, 2, true },
		{ "450 your sending rate is too high", "", 450, 2, true },
		{ "451 try again in 5 seconds", "", 451, 2, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		double speed = speed_under(cases[i].reply, cases[i].status,
					   cases[i].code, cases[i].percent);

		if ((speed < 20) != cases[i].choked)
			fail_msg("'%s' at %d %%: %g a second", cases[i].reply,
				 cases[i].percent, speed);
	}
}

static void a_wait_is_read_in_the_words_that_relays_use(void **state)
{
	static const struct {
		const char *words;
		int64_t ms;
	} cases[] = {
		{ "451 4.7.1 try again in 5 minutes", 5 * MINUTE },
		{ "450 Try Again In 30 Seconds", 30 * SECOND },
		{ "421 too fast, wait 20 s", 20 * SECOND },
		{ "421 please retry after 300", 300 * SECOND },
		{ "421 retry in 2h", 120 * MINUTE },
		{ "421 try again in 99999999 hours", 240 * MINUTE },
		{ "421 try again in 250 ms", 250 },
		{ "421 try again later", 0 },
		{ "421 try again in a while", 0 },
		{ "421 try again in ", 0 },
		{ "421 await 5 judgement", 5 * SECOND },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pace_said said = pace_judge(421, STR_NONE,
						   str_of(cases[i].words));

		if (said.wait_ms != cases[i].ms)
			fail_msg("'%s': %lld ms", cases[i].words,
				 (long long)said.wait_ms);
	}
}

/* --- lanes -------------------------------------------------------------------------- */

static int lane_of(struct pace *pace, const char *domain)
{
	return pace_lane(pace, str_of(domain));
}

static void a_provider_is_one_lane_under_all_its_domains(void **state)
{
	static const char *const same[][2] = {
		{ "gmail.com", "googlemail.com" },
		{ "outlook.com", "hotmail.co.uk" },
		{ "yahoo.com", "aol.com" },
		{ "icloud.com", "mac.com" },
		{ "gmx.de", "web.de" },
		{ "orange.fr", "wanadoo.fr" },
		{ "proton.me", "pm.me" },
		{ "qq.com", "foxmail.com" },
		{ "example.org", "example.org" },
	};
	static const char *const other[][2] = {
		{ "gmail.com", "outlook.com" },
		{ "example.org", "example.com" },
		{ "free.fr", "orange.fr" },
		{ "mail.ru", "mail.com" },
	};
	const struct pace_plan plan = { .start = 20 };
	struct pace *pace = pace_new(&plan);

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		assert_int_equal(lane_of(pace, same[i][0]),
				 lane_of(pace, same[i][1]));
	for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++)
		assert_int_not_equal(lane_of(pace, other[i][0]),
				     lane_of(pace, other[i][1]));
	assert_true(str_eqz(pace_name(pace, lane_of(pace, "web.de")), "gmx"));
	assert_int_not_equal(lane_of(pace, "relay"), PACE_RELAY);
	pace_free(&pace);
}

static void a_million_domains_take_no_more_room_than_a_thousand(void **state)
{
	const struct pace_plan plan = { .start = 20 };
	struct pace *pace = pace_new(&plan);
	char domain[40];
	int most = 0;
	int first = lane_of(pace, "0.example");

	(void)state;
	for (int i = 0; i < 1000000; i++) {
		int lane;

		snprintf(domain, sizeof(domain), "%d.example", i);
		lane = lane_of(pace, domain);
		assert_true(lane > PACE_RELAY);
		most = lane > most ? lane : most;
	}
	assert_true(most < 1200);
	assert_true(pace_lanes(pace) < 1200);
	assert_int_equal(lane_of(pace, "0.example"), first);
	/* The same domain is always in the same shared lane. */
	assert_int_equal(lane_of(pace, domain), lane_of(pace, domain));
	pace_free(&pace);
}

static void one_lane_that_is_closed_stops_no_other(void **state)
{
	const struct pace_plan plan = { .start = 20 };
	const struct pace_said slow = { PACE_SLOWER, 60 * SECOND };
	struct pace *pace = pace_new(&plan);
	int a = lane_of(pace, "gmail.com"), b = lane_of(pace, "example.org");
	int went = 0;

	(void)state;
	assert_int_equal(pace_ask(pace, a, START), 0);
	pace_news(pace, a, START, &slow, START + 1);
	for (int64_t now = START + 100; now < START + 30 * SECOND; now += 50) {
		assert_true(pace_ask(pace, a, now) > now);
		went += pace_ask(pace, b, now) == 0;
	}
	assert_true(went >= 590);
	pace_free(&pace);
}

static void a_relay_that_says_slower_to_all_is_slowed_as_a_whole(void **state)
{
	static const char *const domains[] = { "a.example", "b.example",
					       "c.example", "d.example" };
	const struct pace_plan plan = { .start = 20 };
	struct pace *pace = pace_new(&plan);
	const struct pace_said slow = { PACE_SLOWER, 0 };
	int64_t now = START;

	(void)state;
	for (int i = 0; i < 40; i++, now += 100) {
		int lane = lane_of(pace, domains[i % 4]);

		if (pace_ask(pace, lane, now) == 0)
			pace_news(pace, lane, now, &slow, now + 1);
		if (pace_limit(pace, PACE_RELAY) > 0)
			break;
	}
	assert_true(pace_limit(pace, PACE_RELAY) > 0);
	pace_free(&pace);
}

static int64_t letters_until_slowed(const char *domains[], int count,
				    int percent)
{
	const struct pace_plan plan = { .start = 2000, .deferred_max = 0.05 };
	const struct pace_said fine = { PACE_FINE, 0 };
	const struct pace_said perhaps = { PACE_PERHAPS, 0 };
	struct pace *pace = pace_new(&plan);
	int64_t now = START;
	int i;

	for (i = 0; i < 5000 && pace_limit(pace, PACE_RELAY) == 0; i++) {
		int lane = lane_of(pace, domains[i % count]);
		bool bad = (i * 37) % 100 < percent;

		now += 50;
		assert_int_equal(pace_ask(pace, lane, now), 0);
		pace_news(pace, lane, now, bad ? &perhaps : &fine, now);
	}
	pace_free(&pace);
	return i;
}

static void more_than_a_twentieth_put_off_slows_the_relay(void **state)
{
	const char *domains[] = { "a.example", "b.example", "c.example",
				  "d.example", "e.example" };

	(void)state;
	assert_in_range(letters_until_slowed(domains, 5, 8), 199, 210);
	assert_int_equal(letters_until_slowed(domains, 5, 4), 5000);
	assert_int_equal(letters_until_slowed(domains, 5, 0), 5000);
}

/* --- askers ------------------------------------------------------------------------- */

/* A thousand letters for a lane of 5 a second, each put back until its slot. */
static void a_letter_is_put_back_once_and_goes_at_its_slot(void **state)
{
	static int64_t slots[1000];
	const struct pace_plan plan = { .start = 20 };
	struct pace *pace = pace_new(&plan);
	int lane = lane_of(pace, "example.org");
	int went = 0, asked = 0;

	(void)state;
	pace_learn(pace, lane, 10);
	for (int i = 0; i < 500; i++)
		slots[i] = START;
	for (int64_t now = START; now < START + 120 * SECOND; now++) {
		for (int i = 0; i < 500; i++) {
			if (slots[i] == 0 || slots[i] > now)
				continue;
			asked++;
			slots[i] = pace_ask(pace, lane, now);
			went += slots[i] == 0;
		}
	}
	assert_int_equal(went, 500);
	assert_true(asked <= 2 * 500);
	pace_free(&pace);
}

static void no_two_askers_are_told_the_same_slot(void **state)
{
	const struct pace_plan plan = { .start = 20 };
	struct pace *pace = pace_new(&plan);
	int lane = lane_of(pace, "example.org");
	int64_t before = 0;

	(void)state;
	while (pace_ask(pace, lane, START) == 0)
		;
	for (int i = 0; i < 1000; i++) {
		int64_t slot = pace_ask(pace, lane, START);

		assert_true(slot > before);
		assert_true(slot <= START + 2 * PACE_AHEAD_MS);
		before = slot;
	}
	pace_free(&pace);
}

static void a_probe_that_is_lost_is_followed_by_another(void **state)
{
	const struct pace_plan plan = { .start = 20 };
	const struct pace_said slow = { PACE_SLOWER, 10 * SECOND };
	const struct pace_said unused = { PACE_UNUSED, 0 };
	struct pace *pace = pace_new(&plan);
	int lane = lane_of(pace, "example.org");
	int64_t now = START;

	(void)state;
	assert_int_equal(pace_ask(pace, lane, now), 0);
	pace_news(pace, lane, now, &slow, now);
	now += 11 * SECOND;
	assert_int_equal(pace_ask(pace, lane, now), 0);
	assert_true(pace_ask(pace, lane, now) > now);
	/* given up by its reader */
	pace_news(pace, lane, now, &unused, now + SECOND);
	now += 2 * SECOND;
	assert_int_equal(pace_ask(pace, lane, now), 0);
	/* never heard of again */
	now += 61 * SECOND;
	assert_int_equal(pace_ask(pace, lane, now), 0);
	pace_free(&pace);
}

static void signs_that_were_under_way_cut_once(void **state)
{
	const struct pace_plan plan = { .start = 1000 };
	const struct pace_said slow = { PACE_SLOWER, 0 };
	struct pace *pace = pace_new(&plan);
	int lane = lane_of(pace, "example.org");
	double after;

	(void)state;
	for (int i = 0; i < 50; i++)
		assert_int_equal(pace_ask(pace, lane, START + i), 0);
	pace_news(pace, lane, START, &slow, START + 60);
	after = pace_speed(pace, lane);
	for (int i = 1; i < 50; i++)
		pace_news(pace, lane, START + i, &slow, START + 2000 + i);
	assert_true(after > 0 && pace_speed(pace, lane) >= after);
	pace_free(&pace);
}

/* Slots that were told for a slow lane are told anew once it is quick. */
static void a_lane_that_became_faster_calls_everybody_back(void **state)
{
	const struct pace_plan plan = { .start = 20 };
	const struct pace_said fine = { PACE_FINE, 0 };
	struct pace *pace = pace_new(&plan);
	int lane = lane_of(pace, "example.org");
	int64_t now = START, lifted_at = 0;
	double before;

	(void)state;
	pace_learn(pace, lane, 4);
	before = pace_speed(pace, lane);
	for (int i = 0; i < 200; i++)
		pace_ask(pace, lane, now);
	for (; now < START + 60 * SECOND && !lifted_at; now += 250) {
		if (pace_lifted(pace, now))
			lifted_at = now;
		if (pace_wait(pace, lane, now) == 0 &&
		    pace_ask(pace, lane, now) == 0)
			pace_news(pace, lane, now, &fine, now);
	}
	assert_true(lifted_at > 0);
	assert_true(pace_speed(pace, lane) >= 1.5 * before);
	/* Once. */
	assert_false(pace_lifted(pace, now));
	pace_free(&pace);
}

static void looking_gives_no_slot_away(void **state)
{
	const struct pace_plan plan = { .start = 20 };
	const struct pace_said slow = { PACE_SLOWER, 60 * SECOND };
	struct pace *pace = pace_new(&plan);
	int lane = lane_of(pace, "example.org");
	int64_t slot;

	(void)state;
	assert_int_equal(pace_wait(pace, lane, START), 0);
	while (pace_ask(pace, lane, START) == 0)
		;
	slot = pace_wait(pace, lane, START);
	assert_true(slot > START);
	assert_int_equal(pace_wait(pace, lane, START), slot);
	assert_int_equal(pace_shut(pace, lane, START), 0);
	pace_news(pace, lane, START, &slow, START + 1);
	assert_int_equal(pace_shut(pace, lane, START + 2),
			 START + 1 + 60 * SECOND);
	assert_int_equal(pace_shut(pace, lane, START + 2 + 60 * SECOND), 0);
	assert_int_equal(pace_shut(pace, PACE_RELAY, START + 2), 0);
	pace_free(&pace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_mailboxes_and_greylisting_choke_no_send),
		cmocka_unit_test(a_wait_is_read_in_the_words_that_relays_use),
		cmocka_unit_test(a_provider_is_one_lane_under_all_its_domains),
		cmocka_unit_test(
			a_million_domains_take_no_more_room_than_a_thousand),
		cmocka_unit_test(one_lane_that_is_closed_stops_no_other),
		cmocka_unit_test(
			a_relay_that_says_slower_to_all_is_slowed_as_a_whole),
		cmocka_unit_test(more_than_a_twentieth_put_off_slows_the_relay),
		cmocka_unit_test(
			a_letter_is_put_back_once_and_goes_at_its_slot),
		cmocka_unit_test(no_two_askers_are_told_the_same_slot),
		cmocka_unit_test(a_probe_that_is_lost_is_followed_by_another),
		cmocka_unit_test(
			a_lane_that_became_faster_calls_everybody_back),
		cmocka_unit_test(looking_gives_no_slot_away),
		cmocka_unit_test(signs_that_were_under_way_cut_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
