/* An issue that is refused too often stops by itself, and at once. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdatomic.h>

#include "send/breaker_priv.h"
#include "send/hours_priv.h"
#include "send/rate_priv.h"
#include "send_rig.h"
#include "send_sink.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* --- the sum ------------------------------------------------------------------ */

static const struct conf usual = {
	.breakers = { .failed = 100, .min_results = 200, .min_events = 3 }
};

static void a_breaker_trips_past_its_limit_and_not_before(void **state)
{
	static const struct {
		int64_t results, failed, policy;
		bool trips;
	} cases[] = {
		{ 200, 3, 0, true },	 { 199, 3, 0, false },
		{ 199, 199, 0, false },	 { 200, 2, 0, false },
		{ 300, 3, 0, false },	 { 299, 3, 0, true },
		{ 1000, 10, 0, false },	 { 1000, 11, 0, true },
		{ 200, 0, 3, true },	 { 200, 0, 2, false },
		{ 1000, 10, 10, false }, { 0, 0, 0, false },
	};
	char why[320];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct breaker b = { .results = cases[i].results,
				     .failed = cases[i].failed,
				     .policy = cases[i].policy };

		if (breaker_trips(&b, &usual, why) != cases[i].trips)
			fail_msg("%lld of %lld, %lld for policy",
				 (long long)cases[i].failed,
				 (long long)cases[i].results,
				 (long long)cases[i].policy);
	}
}

static void it_says_why_in_a_sentence(void **state)
{
	struct breaker b = { .results = 1034, .failed = 12 };
	char why[320];

	(void)state;
	assert_true(breaker_trips(&b, &usual, why));
	assert_string_equal(why, "12 of 1034 letters were refused for good "
				 "(1.2 %); the limit is 1 %");
	b = (struct breaker){ .results = 250,
			      .policy = 5,
			      .words = "550 5.7.1 go away" };
	assert_true(breaker_trips(&b, &usual, why));
	assert_string_equal(why, "5 of 250 letters were refused for reasons "
				 "of policy, '550 5.7.1 go away' (2.0 %); the "
				 "limit is 1 %");
}

static void only_what_a_relay_decided_is_a_result(void **state)
{
	static const struct {
		enum delivery_event event;
		struct smtp_verdict verdict;
		int64_t results, failed, policy;
	} cases[] = {
		{ EVENT_ACCEPTED, { SMTP_DOT, 250, "2.0.0", "" }, 1, 0, 0 },
		{ EVENT_REFUSED, { SMTP_RCPT, 550, "5.1.1", "" }, 1, 1, 0 },
		{ EVENT_DEFERRED, { SMTP_RCPT, 550, "5.7.1", "" }, 1, 0, 1 },
		{ EVENT_DEFERRED, { SMTP_RCPT, 451, "4.7.1", "" }, 0, 0, 0 },
		{ EVENT_RELEASE, { SMTP_MAIL, 550, "5.7.1", "" }, 0, 0, 0 },
		{ EVENT_RELEASE, { SMTP_CONNECT, 0, "", "" }, 0, 0, 0 },
		{ EVENT_LOST, { SMTP_DOT, 0, "", "" }, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct breaker b = { 0 };

		breaker_count(&b, cases[i].event, &cases[i].verdict);
		assert_int_equal(b.results, cases[i].results);
		assert_int_equal(b.failed, cases[i].failed);
		assert_int_equal(b.policy, cases[i].policy);
	}
}

/* --- the stop ------------------------------------------------------------------- */

static struct send_rig rig;
static struct sink sink;
static atomic_int refused, taken_after;

static int open_rig(void **state)
{
	(void)state;
	send_rig_open(&rig, 400);
	sink_open(&sink);
	refused = taken_after = 0;
	return 0;
}

static int close_rig(void **state)
{
	(void)state;
	sink_close(&sink);
	send_rig_close(&rig);
	return 0;
}

/* Every tenth reader is refused; a letter taken once three of 30 answers were
 * refusals is counted. */
static const char *refuse_tenths(const char *when, const char *to)
{
	bool bad = strstr(to, "0@") != NULL;

	if (!strcmp(when, "RCPT") && bad) {
		refused++;
		return "550 5.1.1 nobody here";
	}
	if (!strcmp(when, "dot") && refused >= 3 && sink.count + refused >= 30)
		taken_after++;
	return NULL;
}

static void run_refused(int connections)
{
	char relay[100];

	sink.answer = refuse_tenths;
	snprintf(relay, sizeof(relay),
		 "url: \"smtp://127.0.0.1:%d\", connections: %d", sink.port,
		 connections);
	send_rig_settings(&rig, relay, "breakers: {min_results: 30}\n");
	must(send_run(&rig.options, &rig.done, &rig.books.err), &rig.books.err);
}

static void no_connection_sends_another_letter_past_the_limit(void **state)
{
	static const int connections[] = { 1, 4, 16 };

	(void)state;
	for (size_t i = 0; i < COUNT(connections); i++) {
		open_rig(state);
		run_refused(connections[i]);
		if (taken_after > connections[i])
			fail_msg("%d connections: %d letters more",
				 connections[i], (int)taken_after);
		assert_int_equal(ask(&rig.books,
				     "SELECT count(*) FROM issue"
				     " WHERE state = 'paused' AND"
				     " why LIKE '%refused for good%'",
				     0, 0, ""),
				 1);
		assert_int_equal(rows_in(&rig, DELIVERY_CLAIMED), 0);
		assert_int_equal(rows_in(&rig, DELIVERY_SENT), sink.count);
		close_rig(state);
	}
}

static void a_resumed_issue_is_counted_anew(void **state)
{
	int count;

	open_rig(state);
	run_refused(2);
	count = sink.count;
	must(ledger_change(rig.books.ledger, rig.options.issue, CHANGE_RESUME,
			   STR_NONE, clock_now_ms(), &rig.books.err),
	     &rig.books.err);
	run_refused(2);
	/* Another thirty answers before it stopped again. */
	assert_in_range(sink.count - count, 25, 32);
	close_rig(state);
}

/* --- hours, and the slower of two rates -------------------------------------------- */

#define NOON INT64_C(1780056000000) /* 2026-05-29 12:00 UTC */

static void letters_wait_for_the_hour(void **state)
{
	static const struct {
		struct conf_hours hours;
		int64_t wait; /* minutes */
	} cases[] = {
		{ { 0, 0 }, 0 },      { { 480, 1200 }, 0 },
		{ { 720, 721 }, 0 },  { { 600, 720 }, 22 * 60 },
		{ { 721, 800 }, 1 },  { { 1320, 360 }, 10 * 60 },
		{ { 1320, 780 }, 0 }, { { 0, 1440 }, 0 },
		{ { 700, 700 }, 0 },
	};

	(void)state;
	setenv("TZ", "UTC0", 1);
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t opens = hours_open(&cases[i].hours, NOON);

		assert_int_equal(opens, cases[i].wait == 0
						? 0
						: NOON + cases[i].wait * 60000);
	}
	unsetenv("TZ");
}

static void of_two_rates_the_slower_holds(void **state)
{
	static const struct {
		struct rate a, b;
		int64_t count;
	} cases[] = {
		{ { 10, 1000 }, { 500, 3600000 }, 500 },
		{ { 1, 3600000 }, { 20, 1000 }, 1 },
		{ { 0, 0 }, { 7, 1000 }, 7 },
		{ { 7, 1000 }, { 0, 0 }, 7 },
		{ { 0, 0 }, { 0, 0 }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(rate_slower(cases[i].a, cases[i].b).count,
				 cases[i].count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_breaker_trips_past_its_limit_and_not_before),
		cmocka_unit_test(it_says_why_in_a_sentence),
		cmocka_unit_test(only_what_a_relay_decided_is_a_result),
		cmocka_unit_test(
			no_connection_sends_another_letter_past_the_limit),
		cmocka_unit_test(a_resumed_issue_is_counted_anew),
		cmocka_unit_test(letters_wait_for_the_hour),
		cmocka_unit_test(of_two_rates_the_slower_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
