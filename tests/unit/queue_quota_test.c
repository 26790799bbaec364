/* No hour ever holds one letter too many, and no send sleeps for ever. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "queue/quota.h"
#include "queue_rig.h"

#define SECOND	INT64_C(1000)
#define MINUTE	(60 * SECOND)
#define HOUR	(60 * MINUTE)
#define DAY	(24 * HOUR)
#define PEOPLE	2000
#define HANDS	8
#define SENDERS 3

static struct rig rig;

static int open_rig(void **state)
{
	(void)state;
	rig_open(&rig, PEOPLE);
	/* Nobody pulls the plug here. */
	ask(&rig, "PRAGMA synchronous = OFF", 0, 0, "");
	freeze_first(&rig);
	return 0;
}

static int close_rig(void **state)
{
	(void)state;
	rig_close(&rig);
	return 0;
}

/* --- a world with a true time ------------------------------------------------ */

static int64_t truth;	    /* ms; what nobody can set */
static int64_t wall;	    /* how far the clock is ahead of it */
static int64_t booted;	    /* when the machine started */
static char boot_id[8];	    /* and under which name */
static int64_t said[20000]; /* MAIL commands, true time, in order */
static int said_count;

static struct quota_time now(void)
{
	return (struct quota_time){ NOW + truth + wall, truth - booted };
}

static void world_begins(void)
{
	truth = wall = 0;
	booted = -5 * HOUR;
	said_count = 0;
	snprintf(boot_id, sizeof(boot_id), "a");
}

static struct quota *quota_of(struct db *db, const struct rate *rates,
			      size_t count, const int64_t *warmup, size_t days)
{
	const struct quota_plan plan = { .relay = STR("main"),
					 .rates = rates,
					 .count = count,
					 .warmup = warmup,
					 .warmup_days = days,
					 .boot_id = str_of(boot_id) };
	struct quota *quota = NULL;

	must(quota_open(db, &plan, &quota, &rig.err), &rig.err);
	return quota;
}

/* A process: what it holds, and whether its MAIL was said. */
struct sender {
	struct quota *quota;
	int64_t owner;
	struct ledger_claim hands[HANDS];
	bool offered[HANDS];
	int count;
};

/* Claims what the quota lets it, as a run does. When there will be room. */
static int64_t take(struct sender *s, int limit)
{
	struct quota_time t = now();
	struct quota_room room;
	int got;

	arena_reset(rig.arena); /* of claims only numbers are used here */
	must(db_begin(rig.db, &rig.err), &rig.err);
	must(quota_room(s->quota, &t, &room, &rig.err), &rig.err);
	if (room.letters < limit)
		limit = (int)room.letters;
	if (limit > HANDS - s->count)
		limit = HANDS - s->count;
	got = limit == 0 ? 0
			 : ledger_claim(rig.ledger, 0, s->owner, NOW + 1,
					NOW * 2, limit, rig.arena,
					s->hands + s->count, &rig.err);
	must(got, &rig.err);
	must(db_commit(rig.db, &rig.err), &rig.err);
	for (int i = 0; i < got; i++)
		s->offered[s->count++] = false;
	return room.opens;
}

static void say_mail(struct sender *s, int which)
{
	if (s->offered[which])
		return;
	s->offered[which] = true;
	said[said_count++] = truth;
}

/* The last in hand is settled; what was not said is given back. */
static void settle_one(struct sender *s)
{
	int i = --s->count;
	struct quota_time t = now();
	struct ledger_result r = result_of(&s->hands[i], s->owner,
					   s->offered[i] ? EVENT_ACCEPTED
							 : EVENT_RELEASE);

	must(db_begin(rig.db, &rig.err), &rig.err);
	must(ledger_settle(rig.ledger, &r, &rig.err), &rig.err);
	must(quota_spend(s->quota, &t, s->offered[i], &rig.err), &rig.err);
	must(db_commit(rig.db, &rig.err), &rig.err);
}

static int most_within(int64_t window)
{
	int most = 0;

	for (int i = 0, first = 0; i < said_count; i++) {
		while (said[i] - said[first] >= window)
			first++;
		if (i - first + 1 > most)
			most = i - first + 1;
	}
	return most;
}

static uint32_t dice(void)
{
	static uint64_t seed = 7;

	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)(seed >> 33);
}

static void some_step(struct sender *s)
{
	switch (dice() % 4) {
	case 0:
		take(s, (int)(dice() % HANDS) + 1);
		break;
	case 1:
	case 2:
		if (s->count > 0)
			say_mail(s, (int)dice() % s->count);
		break;
	default:
		if (s->count > 0)
			settle_one(s);
	}
}

static void sleep_some(void)
{
	truth += dice() % 40 == 0 ? dice() % (4 * HOUR)
				  : dice() % (20 * SECOND);
}

static void processes_end_and_begin(struct sender *senders,
				    const struct rate *rates, size_t count)
{
	for (int i = 0; i < SENDERS; i++) {
		struct sender *s = &senders[i];

		while (s->quota && s->count > 0)
			settle_one(s);
		quota_close(&s->quota);
		s->quota = quota_of(rig.db, rates, count, NULL, 0);
		s->owner = i + 1;
	}
}

/* --- the promises ---------------------------------------------------------------- */

static const struct rate limits[] = { { 20, HOUR }, { 100, DAY } };

static void no_window_ever_holds_more_than_the_quota(void **state)
{
	struct sender senders[SENDERS] = { 0 };

	(void)state;
	world_begins();
	processes_end_and_begin(senders, limits, 2);
	for (int i = 0; i < 8000 && said_count < 700; i++) {
		some_step(&senders[dice() % SENDERS]);
		sleep_some();
		if (dice() % 200 == 0)
			processes_end_and_begin(senders, limits, 2);
		if (dice() % 50 == 0)
			wall = (int64_t)(dice() % 5) * HOUR - 2 * HOUR;
		if (dice() % 500 == 0)
			wall = (int64_t)(dice() % 80) * DAY - 40 * DAY;
	}
	assert_true(said_count > 300);
	assert_in_range(most_within(HOUR), 18, 20);
	assert_in_range(most_within(DAY), 90, 100);
	processes_end_and_begin(senders, limits, 2);
	for (int i = 0; i < SENDERS; i++)
		quota_close(&senders[i].quota);
}

/* The machine starts again; its clock is right each time. */
static void a_reboot_makes_no_room(void **state)
{
	struct sender s = { .owner = 1 };

	(void)state;
	world_begins();
	for (int i = 0; i < 200; i++) {
		s.quota = quota_of(rig.db, limits, 1, NULL, 0);
		for (int step = 0; step < 20; step++) {
			some_step(&s);
			truth += dice() % (2 * MINUTE);
		}
		while (s.count > 0)
			settle_one(&s);
		quota_close(&s.quota);
		truth += dice() % (30 * MINUTE);
		booted = truth;
		snprintf(boot_id, sizeof(boot_id), "b%d", i % 1000);
	}
	assert_true(said_count > 300);
	assert_true(most_within(HOUR) <= 20);
}

/* As fast as it is let: each hour's worth is used, to the last letter. */
static void nothing_of_the_quota_is_wasted(void **state)
{
	struct sender s = { .owner = 1 };
	int64_t opens;

	(void)state;
	world_begins();
	s.quota = quota_of(rig.db, limits, 1, NULL, 0);
	while (truth < 10 * HOUR) {
		opens = take(&s, HANDS);
		if (s.count == 0) {
			assert_true(opens > now().utc_ms);
			assert_true(opens <= now().utc_ms + HOUR + 4 * SECOND);
			truth += opens - now().utc_ms;
			continue;
		}
		while (s.count > 0) {
			say_mail(&s, s.count - 1);
			truth += 10;
			settle_one(&s);
		}
	}
	assert_int_equal(most_within(HOUR), 20);
	assert_true(said_count >= 10 * 20);
	quota_close(&s.quota);
}

static void fill(struct sender *s, int count)
{
	for (int i = 0; i < count; i++) {
		take(s, 1);
		assert_int_equal(s->count, 1);
		say_mail(s, 0);
		settle_one(s);
	}
}

static void a_clock_set_back_puts_nobody_to_sleep(void **state)
{
	static const int64_t jumps[] = { -HOUR, -40 * DAY, HOUR, 40 * DAY };
	struct sender s = { .owner = 1 };

	(void)state;
	world_begins();
	s.quota = quota_of(rig.db, limits, 1, NULL, 0);
	for (size_t i = 0; i < sizeof(jumps) / sizeof(*jumps); i++) {
		fill(&s, 20);
		wall += jumps[i];
		take(&s, 1);
		assert_int_equal(s.count, 0);
		truth += HOUR - MINUTE;
		take(&s, 1);
		assert_int_equal(s.count, 0);
		truth += MINUTE + 5 * SECOND;
		take(&s, 1);
		assert_int_equal(s.count, 1);
		settle_one(&s);
	}
	quota_close(&s.quota);
}

static void what_was_never_said_is_given_back(void **state)
{
	struct sender s = { .owner = 1 };

	(void)state;
	world_begins();
	s.quota = quota_of(rig.db, limits, 1, NULL, 0);
	fill(&s, 18);
	take(&s, HANDS);
	assert_int_equal(s.count, 2);
	settle_one(&s);
	settle_one(&s);
	take(&s, HANDS);
	assert_int_equal(s.count, 2);
	quota_close(&s.quota);
}

static void what_another_holds_counts(void **state)
{
	struct sender a = { .owner = 1 }, b = { .owner = 2 };

	(void)state;
	world_begins();
	a.quota = quota_of(rig.db, limits, 1, NULL, 0);
	b.quota = quota_of(rig.db, limits, 1, NULL, 0);
	fill(&a, 15);
	take(&a, HANDS);
	assert_int_equal(a.count, 5);
	take(&b, HANDS);
	assert_int_equal(b.count, 0);
	/* Later one of the five is said: it counts from then. */
	truth += HOUR + MINUTE;
	say_mail(&a, 4);
	settle_one(&a);
	take(&b, HANDS);
	assert_int_equal(b.count, HANDS);
	quota_close(&a.quota);
	quota_close(&b.quota);
}

static void a_warm_up_allows_each_day_its_letters(void **state)
{
	static const int64_t days[] = { 5, 10, 20 };
	struct sender s = { .owner = 1 };
	int first;

	(void)state;
	world_begins();
	s.quota = quota_of(rig.db, NULL, 0, days, 3);
	while (truth < 4 * DAY - HOUR && said_count < 500) {
		take(&s, HANDS);
		while (s.count > 0) {
			say_mail(&s, s.count - 1);
			settle_one(&s);
		}
		truth += 10 * MINUTE;
		for (first = 0; said[first] <= truth - DAY; first++)
			;
		if (truth < 3 * DAY)
			assert_true(said_count - first <= days[truth / DAY]);
	}
	/* 5, 10 and 20, and behind the last day no limit at all */
	for (first = 0; said[first] < 3 * DAY; first++)
		;
	assert_in_range(first, 30, 35);
	assert_true(said_count >= 500);
	quota_close(&s.quota);
}

static void without_a_quota_there_is_room_for_all(void **state)
{
	struct quota *quota = quota_of(rig.db, NULL, 0, NULL, 0);
	struct quota_time t = now();
	struct quota_room room;

	(void)state;
	assert_null(quota);
	must(quota_room(quota, &t, &room, &rig.err), &rig.err);
	assert_true(room.letters == INT64_MAX);
	must(quota_spend(quota, &t, 5, &rig.err), &rig.err);
	quota_close(&quota);
}

static void what_is_written_stays_small(void **state)
{
	struct sender s = { .owner = 1 };
	int64_t rows;

	(void)state;
	world_begins();
	s.quota = quota_of(rig.db, limits, 2, NULL, 0);
	for (int i = 0; i < 1500; i++) {
		struct quota_time t = now();

		must(db_begin(rig.db, &rig.err), &rig.err);
		must(quota_spend(s.quota, &t, 1, &rig.err), &rig.err);
		must(db_commit(rig.db, &rig.err), &rig.err);
		truth += 10 * MINUTE;
	}
	rows = ask(&rig, "SELECT count(*) FROM quota_use", 0, 0, "");
	assert_true(rows <= 6 + 144 + 2);
	quota_close(&s.quota);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_window_ever_holds_more_than_the_quota),
		TEST(a_reboot_makes_no_room),
		TEST(nothing_of_the_quota_is_wasted),
		TEST(a_clock_set_back_puts_nobody_to_sleep),
		TEST(what_was_never_said_is_given_back),
		TEST(what_another_holds_counts),
		TEST(a_warm_up_allows_each_day_its_letters),
		TEST(without_a_quota_there_is_room_for_all),
		TEST(what_is_written_stays_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
