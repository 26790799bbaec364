/* From nothing to a connection that is logged in: greeting, EHLO, TLS with the
 * certificate verified, AUTH; and why it did not come to that. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "net_rig.h"

#define EHLO	   "C EHLO client.example\r\n"
#define HELLO	   "S 220 here\n" EHLO "S 250-here\n"
#define TLS_WANTED HELLO "S 250 STARTTLS\nC STARTTLS\r\n"

static char pem[] = "/tmp/tidings-net-XXXXXX";

static int make_pem(void **state)
{
	int fd = mkstemp(pem);

	(void)state;
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

static int remove_pem(void **state)
{
	(void)state;
	return unlink(pem);
}

static void what_ehlo_offers_is_what_we_use(void **state)
{
	static const struct {
		const char *script;
		struct smtp_caps caps;
	} cases[] = {
		{ "S 220 hi\n" EHLO "S 250 here\nW\n", { 0 } },
		{ HELLO "S 250-PIPELINING\nS 250-SIZE 35882577\n"
			"S 250-8BITMIME\nS 250-SMTPUTF8\nS 250-CHUNKING\n"
			"S 250-DSN\nS 250-AUTH PLAIN\n"
			"S 250 ENHANCEDSTATUSCODES\nW\n",
		  { true, true, true, true, true, true, 35882577 } },
		{ HELLO "S 250-pipelining\nS 250 X-PIPELINING DSN\nW\n",
		  { .pipelining = true } },
		/* An old server: HELO is enough. */
		{ "S 220 hi\n" EHLO "S 502 what\nC HELO client.example\r\n"
		  "S 250 here\nW\n",
		  { 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig rig;

		rig_open(&rig, cases[i].script, NULL);
		rig_log_in(&rig);
		assert_memory_equal(&rig.caps, &cases[i].caps,
				    sizeof(rig.caps));
		assert_false(rig.closed);
		rig_close(&rig);
	}
}

static void no_connection_says_at_which_stage_and_in_whose_words(void **state)
{
	static const struct {
		const char *script;
		enum smtp_stage stage;
		int code;
		const char *status, *text;
	} cases[] = {
		{ "S 554 5.7.1 not you\nW\n", SMTP_GREETING, 554, "5.7.1",
		  "554 5.7.1 not you" },
		{ "S 421 4.3.2 busy\nW\n", SMTP_GREETING, 421, "4.3.2",
		  "busy" },
		{ "", SMTP_GREETING, 0, "", "" },
		{ "S HTTP/1.1 400 what\n", SMTP_GREETING, 0, "", "" },
		{ "S 220 hi\n" EHLO, SMTP_EHLO, 0, "", "" },
		{ "S 220 hi\n" EHLO "S 550 5.7.1 no\nC HELO\n"
		  "S 550 5.7.1 no\nW\n",
		  SMTP_EHLO, 550, "5.7.1", "no" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig rig;

		rig_open(&rig, cases[i].script, NULL);
		rig_connect(&rig);
		rig_until_closed(&rig);
		assert_int_equal(rig.ready, 0);
		assert_true(rig.has_why);
		assert_verdict(&rig.why, cases[i].stage, cases[i].code,
			       cases[i].status, cases[i].text);
		assert_true(rig.why.text[0] != 0);
		rig_close(&rig);
	}
}

static void nobody_at_home_is_a_failure_to_connect(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, "", NULL);
	/* The port of a listener that will have gone. */
	rig_connect(&rig);
	rig_until_closed(&rig);
	smtp_free(&rig.smtp);
	server_join(&rig.server);
	rig.closed = false;
	rig_connect(&rig);
	rig_until_closed(&rig);
	assert_verdict(&rig.why, SMTP_CONNECT, 0, "", "onnect");
	smtp_free(&rig.smtp);
	net_close(&rig.net);
	loop_close(&rig.loop);
}

/* The time for all of connecting is one. */
static void a_silent_server_is_left_when_the_time_is_up(void **state)
{
	static const struct {
		const char *script;
		enum smtp_stage stage;
	} cases[] = {
		{ "W\n", SMTP_GREETING },
		{ "S 220 hi\n" EHLO "W\n", SMTP_EHLO },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig rig;
		int64_t before;

		rig_open(&rig, cases[i].script, NULL);
		rig_connect(&rig);
		rig_until_waited(&rig);
		assert_false(rig.closed);
		rig_pass(&rig, CONNECT_MS);
		rig_until_closed(&rig);
		assert_verdict(&rig.why, cases[i].stage, 0, "", "");
		before = clock_boot_ms();
		smtp_free(&rig.smtp);
		assert_true(clock_boot_ms() - before < 1000);
		rig_close(&rig);
	}
}

/* --- TLS -------------------------------------------------------------------- */

static const struct {
	const char *names; /* in the certificate */
	bool trusted, taken;
	const char *text;
} certificates[] = {
	{ "IP:127.0.0.1", true, true, "" },
	{ "DNS:localhost,IP:127.0.0.1", true, true, "" },
	{ "IP:127.0.0.1", false, false, "self" },
	{ "DNS:other.example", true, false, "127.0.0.1" },
	{ "IP:127.0.0.2", true, false, "127.0.0.1" },
};

static void check_certificate(size_t i, bool starttls)
{
	/* A client that does not trust us says no word behind the handshake. */
	const char *then = certificates[i].taken ? "S 220 hi\n" EHLO
						   "S 250 ok\nW\n"
						 : "W\n";
	char script[512];
	SSL_CTX *ctx = server_certificate(certificates[i].names, pem);
	struct rig rig;

	if (starttls && certificates[i].taken)
		then = EHLO "S 250 ok\nW\n";
	snprintf(script, sizeof(script), "%sT\n%s",
		 starttls ? TLS_WANTED "S 220 go\n" : "", then);
	rig_open(&rig, script, ctx);
	rig.to.tls = starttls ? SMTP_STARTTLS : SMTP_IMPLICIT_TLS;
	if (certificates[i].trusted)
		rig.to.ca_file = str_of(pem);
	rig_connect(&rig);
	if (certificates[i].taken) {
		rig_until(&rig, &rig.ready, 1);
	} else {
		rig_until_closed(&rig);
		assert_int_equal(rig.ready, 0);
		assert_verdict(&rig.why, SMTP_TLS, 0, "", certificates[i].text);
	}
	rig_close(&rig);
	SSL_CTX_free(ctx);
}

static void only_a_certificate_vouched_for_and_of_that_name_is_taken(
	void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(certificates) / sizeof(*certificates);
	     i++) {
		check_certificate(i, false);
		check_certificate(i, true);
	}
}

static void a_letter_goes_through_tls(void **state)
{
	static char big[3 * 1024 * 1024];
	SSL_CTX *ctx = server_certificate("IP:127.0.0.1", pem);
	struct rig rig;

	(void)state;
	memset(big, 'x', sizeof(big));
	for (size_t i = 62; i < sizeof(big); i += 64)
		memcpy(big + i, "\r\n", 2);
	rig_open(&rig,
		 TLS_WANTED
		 "S 220 go\nT\n" EHLO "S 250-x\n"
		 "S 250 PIPELINING\nC MAIL\nC RCPT\nC DATA\nS 250 a\nS 250 b\n"
		 "S 354 c\nB\nS 250 2.0.0 kept\nC QUIT\nS 221 bye\n",
		 ctx);
	rig.to.tls = SMTP_STARTTLS;
	rig.to.ca_file = str_of(pem);
	rig_log_in(&rig);
	rig.letter.bytes = str_at(big, sizeof(big));
	rig_offer(&rig);
	rig_finish(&rig);
	rig_until(&rig, &rig.verdicts, 1);
	assert_verdict(&rig.verdict, SMTP_DOT, 250, "2.0.0", "kept");
	rig_quit(&rig);
	rig_close(&rig);
	SSL_CTX_free(ctx);
}

/* What was offered in clear could have been put there by anybody. */
static void what_was_offered_in_clear_does_not_count_behind_tls(void **state)
{
	SSL_CTX *ctx = server_certificate("IP:127.0.0.1", pem);
	struct rig rig;

	(void)state;
	rig_open(&rig,
		 HELLO "S 250-PIPELINING\nS 250-SIZE 5\nS 250 STARTTLS\n"
		       "C STARTTLS\r\nS 220 go\nT\n" EHLO
		       "S 250-x\nS 250 DSN\nW\n",
		 ctx);
	rig.to.tls = SMTP_STARTTLS;
	rig.to.ca_file = str_of(pem);
	rig_log_in(&rig);
	assert_false(rig.caps.pipelining);
	assert_int_equal(rig.caps.size, 0);
	assert_true(rig.caps.dsn);
	rig_close(&rig);
	SSL_CTX_free(ctx);
}

/* Nothing goes out without the TLS that was asked for: no password above all.
 * (RFC 3207 6: a man in the middle takes the word STARTTLS away, or puts
 * replies of his own behind its 220.) */
static void without_tls_there_is_no_login_and_no_letter(void **state)
{
	static const struct {
		const char *script;
		enum smtp_stage stage;
		int code;
		const char *status;
	} cases[] = {
		{ HELLO "S 250-PIPELINING\nS 250 AUTH PLAIN LOGIN\nW\n",
		  SMTP_TLS, 0, "" },
		{ HELLO "S 250-AUTH PLAIN\nS 250 STARTTLS\nC STARTTLS\r\n"
			"S 454 4.7.0 no TLS now\nW\n",
		  SMTP_TLS, 454, "4.7.0" },
		{ HELLO "S 250-AUTH PLAIN\nS 250 STARTTLS\nC STARTTLS\r\n"
			"S 502 5.5.1 never\nW\n",
		  SMTP_TLS, 502, "5.5.1" },
		{ HELLO "S 250-AUTH PLAIN\nS 250 STARTTLS\nC STARTTLS\r\n"
			"S 220 go\nS 250-x\nS 250 AUTH PLAIN\nW\n",
		  SMTP_EHLO, 0, "" },
		{ "S 220 hi\n" EHLO "S 502 what\nW\n", SMTP_EHLO, 502, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig rig;

		rig_open(&rig, cases[i].script, NULL);
		rig.to.tls = SMTP_STARTTLS;
		rig.to.user = STR("me");
		rig.to.password = STR("secret");
		rig_connect(&rig);
		rig_until_closed(&rig);
		assert_int_equal(rig.ready, 0);
		assert_verdict(&rig.why, cases[i].stage, cases[i].code,
			       cases[i].status, "");
		rig_close(&rig); /* W: not a word more */
		assert_null(strstr(rig.server.heard, "AUTH"));
	}
}

/* --- AUTH ------------------------------------------------------------------- */

static void a_login_is_plain_or_login_as_offered(void **state)
{
	/* "\0me\0secret", "me", "secret" */
	static const char *const scripts[] = {
		HELLO "S 250 AUTH PLAIN\nC AUTH PLAIN\r\nS 334 \n"
		      "C AG1lAHNlY3JldA==\r\nS 235 2.7.0 welcome\nW\n",
		HELLO "S 250 AUTH LOGIN\nC AUTH LOGIN\r\nS 334 VXNlcm5hbWU6\n"
		      "C bWU=\r\nS 334 UGFzc3dvcmQ6\nC c2VjcmV0\r\n"
		      "S 235 2.7.0 welcome\nW\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++) {
		struct rig rig;

		rig_open(&rig, scripts[i], NULL);
		rig.to.user = STR("me");
		rig.to.password = STR("secret");
		rig_log_in(&rig);
		rig_close(&rig);
	}
}

static void a_login_that_fails_is_no_connection(void **state)
{
	static const struct {
		const char *script;
		int code;
		const char *status, *text;
	} cases[] = {
		{ HELLO "S 250 AUTH PLAIN\nC AUTH PLAIN\nS 334 \nC AG1l\n"
			"S 535 5.7.8 wrong\nD\n",
		  535, "5.7.8", "wrong" },
		{ HELLO "S 250 AUTH PLAIN\nC AUTH PLAIN\nS 334 \nC AG1l\n"
			"S 454 4.7.0 later\nD\n",
		  454, "4.7.0", "later" },
		{ HELLO "S 250 PIPELINING\nW\n", 0, "", "offers no login" },
		{ HELLO "S 250 AUTH X-OURS\nW\n", 0, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig rig;

		rig_open(&rig, cases[i].script, NULL);
		rig.to.user = STR("me");
		rig.to.password = STR("secret");
		rig_connect(&rig);
		rig_until_closed(&rig);
		assert_int_equal(rig.ready, 0);
		assert_verdict(&rig.why, SMTP_AUTH, cases[i].code,
			       cases[i].status, cases[i].text);
		rig_close(&rig);
	}
}

static void a_long_password_arrives_whole(void **state)
{
	static char password[3000];
	struct rig rig;

	(void)state;
	memset(password, 'p', sizeof(password));
	rig_open(&rig,
		 HELLO "S 250 AUTH LOGIN\nC AUTH LOGIN\r\nS 334 a\n"
		       "C bWU=\r\nS 334 b\nC cHBw\nS 235 ok\nW\n",
		 NULL);
	rig.to.user = STR("me");
	rig.to.password = str_at(password, sizeof(password));
	rig_log_in(&rig);
	rig_close(&rig);
	/* Base64 of 3000 bytes is 4000 long. */
	assert_int_equal(strlen(strstr(rig.server.heard, "cHBw")), 4002);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_ehlo_offers_is_what_we_use),
		cmocka_unit_test(
			no_connection_says_at_which_stage_and_in_whose_words),
		cmocka_unit_test(nobody_at_home_is_a_failure_to_connect),
		cmocka_unit_test(a_silent_server_is_left_when_the_time_is_up),
		cmocka_unit_test(
			only_a_certificate_vouched_for_and_of_that_name_is_taken),
		cmocka_unit_test(a_letter_goes_through_tls),
		cmocka_unit_test(
			what_was_offered_in_clear_does_not_count_behind_tls),
		cmocka_unit_test(without_tls_there_is_no_login_and_no_letter),
		cmocka_unit_test(a_login_is_plain_or_login_as_offered),
		cmocka_unit_test(a_login_that_fails_is_no_connection),
		cmocka_unit_test(a_long_password_arrives_whole),
	};

	return cmocka_run_group_tests(tests, make_pem, remove_pem);
}
