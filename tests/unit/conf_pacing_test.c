/* conf_pacing_test.c - what pacing and the breakers are set with */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "conf_rig.h"

static const struct conf *with(const char *relay, const char *more)
{
	return parse(arena_fmt(arena,
			       "publication: {name: P}\nfrom: a@b.example\n"
			       "lists: {w: }\nrelays:\n  main:\n"
			       "    url: dir:out\n%s%s",
			       relay, more)
			     .at);
}

static void quotas_are_one_or_several(void **state)
{
	const struct conf_rates *q;

	(void)state;
	q = &with("    quota: [500/h, 2000/d]\n", "")->relays->quota;
	assert_int_equal(q->count, 2);
	assert_int_equal(q->at[0].count, 500);
	assert_int_equal(q->at[0].per_ms, TIME_HOUR_MS);
	assert_int_equal(q->at[1].count, 2000);
	assert_int_equal(q->at[1].per_ms, TIME_DAY_MS);
	q = &with("    quota: 500/h\n", "")->relays->quota;
	assert_int_equal(q->count, 1);
	assert_int_equal(with("", "")->relays->quota.count, 0);
}

static void a_warm_up_is_a_number_a_day(void **state)
{
	const struct conf_numbers *w;

	(void)state;
	w = &with("    warmup: [200, 400, 800]\n", "")->relays->warmup;
	assert_int_equal(w->count, 3);
	assert_int_equal(w->at[0], 200);
	assert_int_equal(w->at[2], 800);
}

static void hours_are_of_a_day_and_may_pass_midnight(void **state)
{
	static const struct {
		const char *text;
		int from, to;
	} cases[] = {
		{ "    hours: 08:00-20:00\n", 480, 1200 },
		{ "    hours: 22:30-6:00\n", 1350, 360 },
		{ "    hours: 00:00-24:00\n", 0, 1440 },
		{ "", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct conf_hours h =
			with(cases[i].text, "")->relays->hours;

		assert_int_equal(h.from, cases[i].from);
		assert_int_equal(h.to, cases[i].to);
	}
}

static void breakers_have_defaults_and_fractions(void **state)
{
	const struct conf *c = with("", "");

	(void)state;
	assert_int_equal(c->breakers.failed, 100);
	assert_int_equal(c->breakers.deferred, 500);
	assert_int_equal(c->breakers.min_results, 200);
	assert_int_equal(c->breakers.min_events, 3);
	assert_int_equal(c->send.spread_ms, 0);
	c = with("", "breakers: {failed: 0.5%, deferred: 12.25%, "
		     "min_results: 10, min_events: 1}\nsend: {spread: 4h}\n");
	assert_int_equal(c->breakers.failed, 50);
	assert_int_equal(c->breakers.deferred, 1225);
	assert_int_equal(c->breakers.min_results, 10);
	assert_int_equal(c->breakers.min_events, 1);
	assert_int_equal(c->send.spread_ms, 4 * TIME_HOUR_MS);
}

static void what_is_none_of_that_is_refused(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "    quota: 500\n",
		  "'relays.main.quota' wants RATES, not '500'" },
		{ "    quota: [500/h, 400/h]\n",
		  "'relays.main.quota' wants RATES, not '400/h'" },
		{ "    quota: {a: b}\n",
		  "'relays.main.quota' wants RATES, not 'a map'" },
		{ "    quota: [[500/h]]\n",
		  "'relays.main.quota' wants RATES, not 'a list'" },
		{ "    warmup: [200, 0]\n",
		  "'relays.main.warmup' wants NUMBERS, not '0'" },
		{ "    warmup: soon\n",
		  "'relays.main.warmup' wants NUMBERS, not 'soon'" },
		{ "    hours: 8-20\n",
		  "'relays.main.hours' wants HOURS, not '8-20'" },
		{ "    hours: 08:00-08:00\n",
		  "'relays.main.hours' wants HOURS, not '08:00-08:00'" },
		{ "    hours: 08:00-24:01\n",
		  "'relays.main.hours' wants HOURS, not '08:00-24:01'" },
		{ "breakers: {failed: 1}\n",
		  "'breakers.failed' wants PERCENT, not '1'" },
		{ "breakers: {failed: 0%}\n",
		  "'breakers.failed' wants PERCENT, not '0%'" },
		{ "breakers: {failed: 101%}\n",
		  "'breakers.failed' wants PERCENT, not '101%'" },
		{ "breakers: {failed: 1.-5%}\n",
		  "'breakers.failed' wants PERCENT, not '1.-5%'" },
		{ "breakers: {min_events: 0}\n",
		  "'breakers.min_events' must lie between 1 and 1000000, not "
		  "0" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = refused(
			arena_fmt(arena,
				  "publication: {name: P}\nfrom: a@b.example\n"
				  "lists: {w: }\nrelays:\n  main:\n"
				  "    url: dir:out\n%s",
				  cases[i].text)
				.at);

		assert_string_equal(err.message, cases[i].message);
	}
}

static int remember(void *arg, const struct conf_row *row)
{
	struct str *all = arg;

	*all = arena_fmt(arena, STR_FMT "%s=" STR_FMT "\n", STR_ARG(*all),
			 row->setting, STR_ARG(row->value));
	return 0;
}

static void what_is_shown_can_be_written(void **state)
{
	static const char *const lines[] = {
		"relays.main.quota=500/h, 2000/d\n",
		"relays.main.warmup=200, 400\n",
		"relays.main.hours=08:00-20:30\n",
		"breakers.failed=0.25%\n",
		"breakers.deferred=7.5%\n",
		"send.spread=\n",
	};
	struct str all = STR_NONE;

	(void)state;
	conf_each(with("    quota: [500/h, 2000/d]\n    warmup: [200, 400]\n"
		       "    hours: 8:00-20:30\n",
		       "breakers: {failed: 0.25%, deferred: 7.5%}\n"),
		  arena, remember, &all);
	for (size_t i = 0; i < COUNT(lines); i++)
		if (str_find_str(all, str_of(lines[i])) < 0)
			fail_msg("no %sin\n" STR_FMT, lines[i], STR_ARG(all));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(quotas_are_one_or_several),
		TEST(a_warm_up_is_a_number_a_day),
		TEST(hours_are_of_a_day_and_may_pass_midnight),
		TEST(breakers_have_defaults_and_fractions),
		TEST(what_is_none_of_that_is_refused),
		TEST(what_is_shown_can_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
