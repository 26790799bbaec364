/* Who is to blame for what was said: the reader, the relay, nobody. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "send/policy_priv.h"

struct said {
	enum smtp_stage stage;
	int code;
	const char *status;
	enum delivery_event event;
	enum relay_action relay;
};

static struct policy of(enum smtp_stage stage, int code, const char *status)
{
	struct smtp_verdict verdict = { .stage = stage, .code = code };

	snprintf(verdict.status, sizeof(verdict.status), "%s", status);
	return policy_of(&verdict);
}

static void check(const struct said *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct said *c = &cases[i];
		struct policy p = of(c->stage, c->code, c->status);

		if (p.event != c->event || p.relay != c->relay)
			fail_msg("%s %d %s: event %d relay %d, want %d %d",
				 smtp_stage_name(c->stage), c->code, c->status,
				 (int)p.event, (int)p.relay, (int)c->event,
				 (int)c->relay);
	}
}
#define CHECK(cases) check(cases, sizeof(cases) / sizeof(*(cases)))

static void only_a_2yz_after_the_dot_is_sent(void **state)
{
	(void)state;
	for (int stage = 0; stage < SMTP_STAGE_COUNT; stage++) {
		for (int code = 0; code < 600; code++) {
			struct policy p = of((enum smtp_stage)stage, code, "");
			bool taken = stage == SMTP_DOT && code >= 200 &&
				     code < 300;

			assert_int_equal(p.event == EVENT_ACCEPTED, taken);
		}
	}
}

/* Before the dot nothing was sent, so that nothing can be uncertain; after it
 * silence, and an answer that means nothing there, is nothing else. */
static void only_silence_after_the_dot_is_uncertain(void **state)
{
	(void)state;
	for (int stage = 0; stage < SMTP_STAGE_COUNT; stage++) {
		for (int code = 0; code < 600; code++) {
			struct policy p = of((enum smtp_stage)stage, code, "");
			bool silent = code < 200 || code / 100 == 3;

			assert_int_equal(p.event == EVENT_LOST,
					 stage == SMTP_DOT && silent);
		}
	}
}

static void a_reader_is_blamed_only_for_what_was_said_of_the_letter(
	void **state)
{
	static const struct said cases[] = {
		{ SMTP_RCPT, 550, "5.1.1", EVENT_REFUSED, RELAY_FINE },
		{ SMTP_RCPT, 553, "", EVENT_REFUSED, RELAY_FINE },
		{ SMTP_RCPT, 451, "4.2.1", EVENT_DEFERRED, RELAY_FINE },
		{ SMTP_DATA, 554, "5.6.0", EVENT_REFUSED, RELAY_FINE },
		{ SMTP_DATA, 451, "", EVENT_DEFERRED, RELAY_FINE },
		{ SMTP_DOT, 250, "2.0.0", EVENT_ACCEPTED, RELAY_FINE },
		{ SMTP_DOT, 452, "4.3.1", EVENT_DEFERRED, RELAY_FINE },
		{ SMTP_DOT, 552, "5.2.2", EVENT_REFUSED, RELAY_FINE },
	};

	(void)state;
	CHECK(cases);
}

static void what_the_relay_has_against_us_costs_no_reader_a_try(void **state)
{
	static const struct said cases[] = {
		{ SMTP_CONNECT, 0, "", EVENT_RELEASE, RELAY_TROUBLE },
		{ SMTP_GREETING, 554, "", EVENT_RELEASE, RELAY_TROUBLE },
		{ SMTP_EHLO, 421, "4.3.2", EVENT_RELEASE, RELAY_TROUBLE },
		{ SMTP_AUTH, 454, "4.7.0", EVENT_RELEASE, RELAY_TROUBLE },
		{ SMTP_MAIL, 451, "4.3.0", EVENT_RELEASE, RELAY_TROUBLE },
		{ SMTP_MAIL, 550, "5.7.1", EVENT_RELEASE, RELAY_TROUBLE },
		{ SMTP_MAIL, 0, "", EVENT_RELEASE, RELAY_TROUBLE },
		{ SMTP_RCPT, 0, "", EVENT_RELEASE, RELAY_TROUBLE },
		{ SMTP_DATA, 0, "", EVENT_RELEASE, RELAY_TROUBLE },
	};

	(void)state;
	CHECK(cases);
}

static void what_waiting_cannot_cure_ends_the_run(void **state)
{
	static const struct said cases[] = {
		{ SMTP_AUTH, 535, "5.7.8", EVENT_RELEASE, RELAY_FATAL },
		{ SMTP_TLS, 0, "", EVENT_RELEASE, RELAY_FATAL },
		{ SMTP_TLS, 554, "", EVENT_RELEASE, RELAY_FATAL },
	};

	(void)state;
	CHECK(cases);
}

/* RFC 5321 3.8. Of a recipient it may be about one destination, which pacing
 * slows; after the dot it is an answer about the letter, too. */
static void a_421_is_about_the_service_and_no_reader(void **state)
{
	(void)state;
	for (int stage = SMTP_CONNECT; stage <= SMTP_DOT; stage++) {
		struct policy p = of((enum smtp_stage)stage, 421, "4.3.2");

		assert_int_equal(p.event, stage == SMTP_DOT ? EVENT_DEFERRED
							    : EVENT_RELEASE);
		if (stage != SMTP_DOT)
			assert_int_equal(p.relay,
					 stage == SMTP_RCPT ||
							 stage == SMTP_DATA
						 ? RELAY_SAME
						 : RELAY_TROUBLE);
	}
}

static void a_letter_that_breaks_its_connection_is_counted(void **state)
{
	static const struct said cases[] = {
		{ SMTP_BODY, 0, "", EVENT_DEFERRED, RELAY_TROUBLE },
		{ SMTP_BODY, 451, "", EVENT_RELEASE, RELAY_TROUBLE },
		{ SMTP_BODY, 554, "", EVENT_RELEASE, RELAY_TROUBLE },
	};

	(void)state;
	CHECK(cases);
}

/* "Relaying denied" said of every single reader must not fail a whole list. */
static void a_refusal_for_policy_fails_nobody_and_stops_the_relay(void **state)
{
	static const struct said cases[] = {
		{ SMTP_RCPT, 554, "5.7.1", EVENT_DEFERRED, RELAY_TROUBLE },
		{ SMTP_RCPT, 550, "5.7.26", EVENT_DEFERRED, RELAY_TROUBLE },
		{ SMTP_DATA, 554, "5.7.0", EVENT_DEFERRED, RELAY_TROUBLE },
		{ SMTP_DOT, 550, "5.7.1", EVENT_DEFERRED, RELAY_TROUBLE },
		/* and these are no policy */
		{ SMTP_RCPT, 550, "5.1.7", EVENT_REFUSED, RELAY_FINE },
		{ SMTP_RCPT, 550, "5.70.1", EVENT_REFUSED, RELAY_FINE },
		{ SMTP_RCPT, 451, "4.7.1", EVENT_DEFERRED, RELAY_FINE },
		{ SMTP_DOT, 250, "5.7.1", EVENT_ACCEPTED, RELAY_FINE },
	};

	(void)state;
	CHECK(cases);
}

static void every_answer_leads_somewhere_from_a_claimed_row(void **state)
{
	(void)state;
	for (int stage = 0; stage < SMTP_STAGE_COUNT; stage++)
		for (int code = -1; code < 1000; code++)
			assert_int_not_equal(
				delivery_next(
					DELIVERY_CLAIMED,
					of((enum smtp_stage)stage, code, "")
						.event),
				DELIVERY_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_2yz_after_the_dot_is_sent),
		cmocka_unit_test(only_silence_after_the_dot_is_uncertain),
		cmocka_unit_test(
			a_reader_is_blamed_only_for_what_was_said_of_the_letter),
		cmocka_unit_test(
			what_the_relay_has_against_us_costs_no_reader_a_try),
		cmocka_unit_test(what_waiting_cannot_cure_ends_the_run),
		cmocka_unit_test(a_421_is_about_the_service_and_no_reader),
		cmocka_unit_test(
			a_letter_that_breaks_its_connection_is_counted),
		cmocka_unit_test(
			a_refusal_for_policy_fails_nobody_and_stops_the_relay),
		cmocka_unit_test(
			every_answer_leads_somewhere_from_a_claimed_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
