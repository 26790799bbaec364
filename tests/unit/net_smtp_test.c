/* A letter's way over a connection that stands: what is said, what it means,
 * and what is never said. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "net_rig.h"

#define HELLO "S 220 here\nC EHLO client.example\nS 250-here\n"
#define PLAIN HELLO "S 250 8BITMIME\n"
#define PIPED HELLO "S 250 PIPELINING\n"
/* All three come before the first is answered. */
#define GROUP                                                              \
	"C MAIL FROM:<from@example.org>\r\nC RCPT TO:<to@example.net>\r\n" \
	"C DATA\r\n"
#define TAKEN	 GROUP "S 250 sender\nS 250 recipient\nS 354 go\n"
#define FAREWELL "C QUIT\r\nS 221 bye\nW\n"

static const char by_turns[] = PLAIN
	"C MAIL FROM:<from@example.org>\r\nQ\nS 250 sender\n"
	"C RCPT TO:<to@example.net>\r\nQ\nS 250 recipient\n"
	"C DATA\r\nQ\nS 354 go\n"
	"B\nS 250 2.0.0 kept\n" FAREWELL;
static const char at_once[] = PIPED TAKEN "B\nS 250 2.0.0 kept\n" FAREWELL;

static void a_letter_arrives_byte_for_byte(void **state)
{
	static const char *const scripts[] = { by_turns, at_once };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct rig rig;

		rig_open(&rig, scripts[i], NULL);
		rig_log_in(&rig);
		rig_offer(&rig);
		assert_int_equal(rig.dots, 0);
		rig_finish(&rig);
		rig_until(&rig, &rig.verdicts, 1);
		assert_verdict(&rig.verdict, SMTP_DOT, 250, "2.0.0",
			       "250 2.0.0 kept");
		assert_int_equal(rig.dots, 1);
		assert_int_equal(rig.go, 1);
		rig_quit(&rig);
		rig_close(&rig);
		assert_non_null(strstr(rig.server.heard,
				       "DATA\r\n" LETTER ".\r\nQUIT\r\n"));
	}
}

static void two_letters_share_a_connection(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig,
		 PIPED TAKEN
		 "B\nS 250 2.0.0 first\n"
		 "C MAIL FROM:<from@example.org>\nC RCPT TO:<b@example.net>\n"
		 "C DATA\nS 250 a\nS 250 b\nS 354 c\nB\nS 250 2.0.0 "
		 "second\n" FAREWELL,
		 NULL);
	rig_log_in(&rig);
	rig_offer(&rig);
	rig_finish(&rig);
	rig_until(&rig, &rig.verdicts, 1);
	rig.letter.recipient = STR("b@example.net");
	rig_offer(&rig);
	rig_finish(&rig);
	rig_until(&rig, &rig.verdicts, 2);
	assert_verdict(&rig.verdict, SMTP_DOT, 250, "2.0.0", "second");
	assert_int_equal(rig.dots, 2);
	rig_quit(&rig);
	rig_close(&rig);
}

/* --- refusals ---------------------------------------------------------------- */

#define MAIL_SAYS(reply) "C MAIL\nQ\nS " reply "\n"
#define RCPT_SAYS(reply) MAIL_SAYS("250 a") "C RCPT\nQ\nS " reply "\n"
#define DATA_SAYS(reply) RCPT_SAYS("250 b") "C DATA\nQ\nS " reply "\n"
#define DOT_SAYS(reply)	 DATA_SAYS("354 c") "B\nS " reply "\n"
#define RESET		 "C RSET\r\nS 250 clean\n"

static const struct {
	const char *script;
	enum smtp_stage stage;
	int code;
	const char *status;
} refusals[] = {
	{ PLAIN MAIL_SAYS("451 4.7.1 later") RESET, SMTP_MAIL, 451, "4.7.1" },
	{ PLAIN MAIL_SAYS("550 5.7.1 no") RESET, SMTP_MAIL, 550, "5.7.1" },
	{ PLAIN RCPT_SAYS("450 4.2.0 grey") RESET, SMTP_RCPT, 450, "4.2.0" },
	{ PLAIN RCPT_SAYS("550 5.1.1 who") RESET, SMTP_RCPT, 550, "5.1.1" },
	{ PLAIN DATA_SAYS("451 wait") RESET, SMTP_DATA, 451, "" },
	{ PLAIN DATA_SAYS("554 5.5.1 no") RESET, SMTP_DATA, 554, "5.5.1" },
	{ PLAIN DOT_SAYS("452 4.3.1 full"), SMTP_DOT, 452, "4.3.1" },
	{ PLAIN DOT_SAYS("550 5.7.1 spam"), SMTP_DOT, 550, "5.7.1" },
	/* In one group the first refusal is the one that counts. */
	{ PIPED GROUP "S 451 4.7.1 later\nS 503 rcpt\nS 503 data\n" RESET,
	  SMTP_MAIL, 451, "4.7.1" },
	{ PIPED GROUP "S 250 a\nS 550 5.1.1 who\nS 554 5.5.1 none\n" RESET,
	  SMTP_RCPT, 550, "5.1.1" },
	{ PIPED GROUP "S 250 a\nS 450-4.2.0 grey\nS 450 4.2.0 x\n"
		      "S 503 none\n" RESET,
	  SMTP_RCPT, 450, "4.2.0" },
	{ PIPED GROUP "S 250 a\nS 250 b\nS 451 4.3.0 no\n" RESET, SMTP_DATA,
	  451, "4.3.0" },
	{ PIPED TAKEN "B\nS 554 5.6.0 no\n", SMTP_DOT, 554, "5.6.0" },
	/* RFC 2920 3.1: DATA got its 354 all the same. A lone dot ends what
	 * was never begun, and nothing of the letter has been said. */
	{ PIPED GROUP "S 250 a\nS 550 5.1.1 who\nS 354 go\nC .\r\n"
		      "S 554 5.5.1 none\n",
	  SMTP_RCPT, 550, "5.1.1" },
	{ PIPED GROUP "S 250 a\nS 451 4.7.1 grey\nS 354 go\nC .\r\n"
		      "S 250 2.0.0 queued as nothing\n",
	  SMTP_RCPT, 451, "4.7.1" },
};

/* ... and the connection serves the next letter. */
static void a_refusal_keeps_the_servers_words_and_the_connection(void **state)
{
	char script[2048];

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		bool dot = refusals[i].stage == SMTP_DOT;
		struct rig rig;

		snprintf(script, sizeof(script), "%sC MAIL FROM:<next@\n%sW\n",
			 refusals[i].script,
			 strstr(refusals[i].script, "PIPELINING")
				 ? "C RCPT\nC DATA\n"
				 : "");
		rig_open(&rig, script, NULL);
		rig_log_in(&rig);
		smtp_offer(rig.smtp, &rig.letter);
		if (dot) {
			rig_until(&rig, &rig.go, 1);
			rig_finish(&rig);
		}
		rig_until(&rig, &rig.verdicts, 1);
		assert_verdict(&rig.verdict, refusals[i].stage,
			       refusals[i].code, refusals[i].status, "");
		assert_int_equal(rig.go, dot);
		assert_int_equal(rig.dots, dot);
		rig.letter.sender = STR("next@example.org");
		smtp_offer(rig.smtp, &rig.letter);
		rig_until_waited(&rig);
		assert_false(rig.closed);
		rig_close(&rig);
		assert_int_equal(!strstr(rig.server.heard, "Subject"), !dot);
	}
}

/* --- silence ---------------------------------------------------------------- */

static const struct {
	const char *script;
	enum smtp_stage stage;
	int go, dots;
} losses[] = {
	{ PLAIN "C MAIL\n", SMTP_MAIL, 0, 0 },
	{ PLAIN MAIL_SAYS("250 a") "C RCPT\n", SMTP_RCPT, 0, 0 },
	{ PLAIN RCPT_SAYS("250 b") "C DATA\n", SMTP_DATA, 0, 0 },
	{ PLAIN DATA_SAYS("354 c"), SMTP_BODY, 1, 0 },
	{ PLAIN DATA_SAYS("354 c") "B\n", SMTP_DOT, 1, 1 },
	{ PIPED GROUP, SMTP_MAIL, 0, 0 },
	{ PIPED GROUP "S 250 a\n", SMTP_RCPT, 0, 0 },
	{ PIPED GROUP "S 250 a\nS 250 b\n", SMTP_DATA, 0, 0 },
	{ PIPED TAKEN, SMTP_BODY, 1, 0 },
	{ PIPED TAKEN "B\n", SMTP_DOT, 1, 1 },
	/* Half a reply is none. */
	{ PIPED TAKEN "B\nS 250-2.0.0 kept\n", SMTP_DOT, 1, 1 },
};

/* Only behind the dot does nobody know; before it nothing was sent. */
static void silence_is_code_0_at_the_stage_that_had_no_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(losses) / sizeof(*losses); i++) {
		struct rig rig;

		rig_open(&rig, losses[i].script, NULL);
		rig_log_in(&rig);
		smtp_offer(rig.smtp, &rig.letter);
		if (losses[i].stage == SMTP_DOT) {
			rig_until(&rig, &rig.go, 1);
			rig_finish(&rig);
		}
		rig_until_closed(&rig);
		assert_int_equal(rig.verdicts, 1);
		assert_verdict(&rig.verdict, losses[i].stage, 0, "",
			       "the connection was lost");
		assert_int_equal(rig.go, losses[i].go);
		assert_int_equal(rig.dots, losses[i].dots);
		assert_false(rig.has_why);
		rig_close(&rig);
	}
}

/* The refusal came first: the connection's end changes nothing about it. */
static void a_refusal_outlives_its_connection(void **state)
{
	static const char *const scripts[] = {
		PLAIN RCPT_SAYS("550 5.1.1 who") "C RSET\n",
		PIPED GROUP "S 250 a\nS 550 5.1.1 who\n",
		PIPED GROUP "S 250 a\nS 550 5.1.1 who\nS 421 4.3.2 bye\n",
		PIPED GROUP "S 250 a\nS 550 5.1.1 who\nS 354 go\nC .\n",
		PIPED GROUP "S 250 a\nS 550 5.1.1 who\nS 250 what\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++) {
		struct rig rig;

		rig_open(&rig, scripts[i], NULL);
		rig_log_in(&rig);
		smtp_offer(rig.smtp, &rig.letter);
		rig_until_closed(&rig);
		assert_int_equal(rig.verdicts, 1);
		assert_verdict(&rig.verdict, SMTP_RCPT, 550, "5.1.1", "who");
		rig_close(&rig);
	}
}

static void each_wait_has_its_own_end_and_the_dots_is_the_longest(void **state)
{
	static const struct {
		const char *script;
		enum smtp_stage stage;
		int64_t wait;
	} cases[] = {
		{ PIPED GROUP "W\n", SMTP_MAIL, REPLY_MS },
		{ PIPED GROUP "S 250 a\nW\n", SMTP_RCPT, REPLY_MS },
		{ PIPED TAKEN "B\nW\n", SMTP_DOT, DOT_MS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig rig;

		rig_open(&rig, cases[i].script, NULL);
		rig_log_in(&rig);
		smtp_offer(rig.smtp, &rig.letter);
		if (cases[i].stage == SMTP_DOT) {
			rig_until(&rig, &rig.go, 1);
			rig_finish(&rig);
		}
		rig_until_waited(&rig);
		rig_turn(&rig, true);
		/* The test itself may take seconds, but no minute. */
		rig_pass(&rig, cases[i].wait - 60000);
		assert_int_equal(rig.verdicts, 0);
		rig_pass(&rig, 60001);
		assert_int_equal(rig.verdicts, 1);
		assert_verdict(&rig.verdict, cases[i].stage, 0, "",
			       "no reply in time");
		assert_true(rig.closed);
		rig_close(&rig);
	}
}

/* Between 354 and the letter the time is ours. */
static void a_letter_may_wait_behind_its_354(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, at_once, NULL);
	rig_log_in(&rig);
	rig_offer(&rig);
	rig_pass(&rig, 10 * DOT_MS);
	assert_int_equal(rig.verdicts, 0);
	rig_finish(&rig);
	rig_until(&rig, &rig.verdicts, 1);
	assert_int_equal(rig.verdict.code, 250);
	rig_quit(&rig);
	rig_close(&rig);
}

static void what_is_given_up_never_gets_its_dot(void **state)
{
	(void)state;
	for (int quit = 0; quit < 2; quit++) {
		struct rig rig;

		rig_open(&rig, PIPED TAKEN "W\n", NULL);
		rig_log_in(&rig);
		rig_offer(&rig);
		/* QUIT here would be a line of the letter. */
		if (quit)
			smtp_quit(rig.smtp);
		else
			smtp_abandon(rig.smtp);
		rig_until_closed(&rig);
		assert_int_equal(rig.verdicts, 1);
		assert_verdict(&rig.verdict, SMTP_BODY, 0, "",
			       "given up before the dot");
		assert_int_equal(rig.dots, 0);
		rig_close(&rig); /* W: not a byte behind DATA */
	}
}

static void what_is_given_up_in_the_last_moment_gets_no_dot_either(
	void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, PIPED TAKEN "D\n", NULL);
	rig_log_in(&rig);
	rig.no_dot = true;
	rig_offer(&rig);
	rig_finish(&rig);
	rig_until_closed(&rig);
	assert_int_equal(rig.dots, 1);
	assert_int_equal(rig.verdicts, 1);
	assert_verdict(&rig.verdict, SMTP_BODY, 0, "",
		       "given up before the dot");
	smtp_free(&rig.smtp);
	server_await(&rig.server);
	assert_non_null(strstr(rig.server.heard, LETTER));
	assert_null(strstr(rig.server.heard, "\r\n.\r\n"));
	rig_close(&rig);
}

/* --- servers that leave, or talk out of turn --------------------------------- */

static const struct {
	const char *script;
	enum smtp_stage stage;
	int code;
} departures[] = {
	{ PLAIN MAIL_SAYS("421 4.3.2 bye") "W\n", SMTP_MAIL, 421 },
	{ PLAIN RCPT_SAYS("421 4.3.2 bye") "W\n", SMTP_RCPT, 421 },
	{ PLAIN DATA_SAYS("421 4.3.2 bye") "W\n", SMTP_DATA, 421 },
	{ PLAIN DATA_SAYS("354 go") "S 421 4.4.2 bye\nW\n", SMTP_BODY, 421 },
	{ PLAIN DOT_SAYS("421 4.3.2 bye") "W\n", SMTP_DOT, 421 },
	{ PIPED GROUP "S 421 4.3.2 bye\nW\n", SMTP_MAIL, 421 },
	{ PIPED TAKEN "B\nS 421 4.3.2 bye\nW\n", SMTP_DOT, 421 },
};

static void after_421_nothing_more_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(departures) / sizeof(*departures); i++) {
		struct rig rig;

		rig_open(&rig, departures[i].script, NULL);
		rig_log_in(&rig);
		smtp_offer(rig.smtp, &rig.letter);
		if (departures[i].stage == SMTP_DOT) {
			rig_until(&rig, &rig.go, 1);
			rig_finish(&rig);
		}
		rig_until_closed(&rig);
		assert_int_equal(rig.verdicts, 1);
		assert_verdict(
			&rig.verdict, departures[i].stage, departures[i].code,
			departures[i].stage == SMTP_BODY ? "4.4.2" : "4.3.2",
			"bye");
		rig_close(&rig);
	}
}

static void an_idle_servers_421_is_why_it_closed(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig,
		 PIPED TAKEN "B\nS 250 2.0.0 kept\n"
			     "S 421 4.4.2 idle too long\nW\n",
		 NULL);
	rig_log_in(&rig);
	rig_offer(&rig);
	rig_finish(&rig);
	rig_until_closed(&rig);
	assert_int_equal(rig.verdicts, 1);
	assert_verdict(&rig.verdict, SMTP_DOT, 250, "2.0.0", "kept");
	assert_true(rig.has_why);
	assert_verdict(&rig.why, SMTP_GREETING, 421, "4.4.2", "idle");
	rig_close(&rig);
}

/* Answers that fit no question: which letter they are about is unknown, so
 * that none may count as accepted and nothing more is said. */
static const struct {
	const char *script;
	enum smtp_stage stage;
} nonsense[] = {
	{ PLAIN MAIL_SAYS("354 what") "W\n", SMTP_MAIL },
	{ PLAIN RCPT_SAYS("354 what") "W\n", SMTP_RCPT },
	{ PLAIN DATA_SAYS("250 what") "W\n", SMTP_DATA },
	{ PLAIN DOT_SAYS("354 what") "W\n", SMTP_DOT },
	{ PLAIN DOT_SAYS("<html>") "W\n", SMTP_DOT },
	{ PLAIN DOT_SAYS("2500 bananas") "W\n", SMTP_DOT },
	{ PLAIN MAIL_SAYS("250-a\nS 550 b") "W\n", SMTP_MAIL },
	/* One reply too many: DATA's would be taken for the next one's. */
	{ PIPED GROUP "S 250 a\nS 250 a\nS 250 b\nS 354 go\nW\n", SMTP_DATA },
};

static void nonsense_is_no_acceptance(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(nonsense) / sizeof(*nonsense); i++) {
		struct rig rig;

		rig_open(&rig, nonsense[i].script, NULL);
		rig_log_in(&rig);
		smtp_offer(rig.smtp, &rig.letter);
		if (nonsense[i].stage == SMTP_DOT) {
			rig_until(&rig, &rig.go, 1);
			rig_finish(&rig);
		}
		rig_until_closed(&rig);
		assert_int_equal(rig.verdicts, 1);
		assert_verdict(&rig.verdict, nonsense[i].stage, 0, "", "");
		rig_close(&rig);
	}
}

/* The dot of the cancelled letter would deliver an empty one: MAIL was
 * refused and yet the recipient taken. */
static void no_dot_follows_a_recipient_that_was_taken(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, PIPED GROUP "S 451 4.3.0 odd\nS 250 b\nS 354 go\nW\n",
		 NULL);
	rig_log_in(&rig);
	smtp_offer(rig.smtp, &rig.letter);
	rig_until_closed(&rig);
	assert_verdict(&rig.verdict, SMTP_MAIL, 451, "4.3.0", "odd");
	rig_close(&rig);
}

/* Complained and hung up while the letter was on its way: its words count. */
static void a_complaint_in_the_middle_of_the_letter_is_heard(void **state)
{
	static char big[16 * 1024 * 1024]; /* over all buffers */
	struct rig rig;

	(void)state;
	memset(big, 'x', sizeof(big));
	for (size_t i = 78; i < sizeof(big); i += 80)
		memcpy(big + i, "\r\n", 2);
	memcpy(big + sizeof(big) - 2, "\r\n", 2);
	rig_open(&rig, PIPED TAKEN "P xxxx\nS 552 5.3.4 too much\nH\nD\n",
		 NULL);
	rig_log_in(&rig);
	rig.letter.bytes = str_at(big, sizeof(big));
	rig_offer(&rig);
	rig_finish(&rig);
	rig_until_closed(&rig);
	assert_verdict(&rig.verdict, SMTP_BODY, 552, "5.3.4", "too much");
	assert_int_equal(rig.dots, 0);
	server_release(&rig.server);
	rig_close(&rig);
}

/* Its words and its end have come, but the loop has not told us yet: writing
 * fails, and the words are found. */
static void last_words_are_heard_though_writing_fails(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, PIPED TAKEN "H\nS 421 4.4.2 too slow\n", NULL);
	rig_log_in(&rig);
	rig_offer(&rig);
	server_release(&rig.server);
	server_await(&rig.server);
	rig_finish(&rig);
	net_run(rig.net, clock_boot_ms());
	assert_int_equal(rig.verdicts, 1);
	assert_verdict(&rig.verdict, SMTP_DOT, 421, "4.4.2", "too slow");
	assert_true(rig.closed);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_arrives_byte_for_byte),
		cmocka_unit_test(two_letters_share_a_connection),
		cmocka_unit_test(
			a_refusal_keeps_the_servers_words_and_the_connection),
		cmocka_unit_test(
			silence_is_code_0_at_the_stage_that_had_no_answer),
		cmocka_unit_test(a_refusal_outlives_its_connection),
		cmocka_unit_test(
			each_wait_has_its_own_end_and_the_dots_is_the_longest),
		cmocka_unit_test(a_letter_may_wait_behind_its_354),
		cmocka_unit_test(what_is_given_up_never_gets_its_dot),
		cmocka_unit_test(
			what_is_given_up_in_the_last_moment_gets_no_dot_either),
		cmocka_unit_test(after_421_nothing_more_is_said),
		cmocka_unit_test(an_idle_servers_421_is_why_it_closed),
		cmocka_unit_test(nonsense_is_no_acceptance),
		cmocka_unit_test(no_dot_follows_a_recipient_that_was_taken),
		cmocka_unit_test(
			a_complaint_in_the_middle_of_the_letter_is_heard),
		cmocka_unit_test(last_words_are_heard_though_writing_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
