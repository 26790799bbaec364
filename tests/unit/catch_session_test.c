/* The catcher as its clients meet it: what it takes, and what it refuses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "catch/catch_priv.h"
#include "catch_rig.h"

static void ehlo_offers_what_there_is(void **state)
{
	static const char *const words[] = {
		"PIPELINING\n", "SIZE 26214400\n",    "8BITMIME\n",
		"SMTPUTF8\n",	"AUTH PLAIN LOGIN\n", "ENHANCEDSTATUSCODES\n",
	};
	struct client c;
	struct rig rig;

	(void)state;
	rig_init(&rig);
	assert_true(rig_start(&rig));
	client_greet(&c, rig.port);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		assert_non_null(strstr(c.reply, words[i]));
	assert_non_null(strstr(c.reply, "STARTTLS\n"));
	assert_int_equal(client_ask(&c, "STARTTLS"), 220);
	client_tls(&c);
	assert_int_equal(client_ask(&c, "EHLO test"), 250);
	assert_null(strstr(c.reply, "STARTTLS\n"));
	assert_non_null(strstr(c.reply, "PIPELINING\n"));
	assert_int_equal(client_ask(&c, "QUIT"), 221);
	assert_int_equal(client_hear(&c), 0);
	client_close(&c);
	rig_end(&rig);
}

/* One connection, from the greeting on. */
static void commands_have_their_order(void **state)
{
	static const struct {
		const char *command;
		int code;
	} steps[] = {
		{ "MAIL FROM:<a@x>", 503 },
		{ "RCPT TO:<b@x>", 503 },
		{ "DATA", 503 },
		{ "EHLO", 250 },
		{ "RCPT TO:<b@x>", 503 },
		{ "DATA", 503 },
		{ "MAIL FROM:<a@x>", 250 },
		{ "MAIL FROM:<a@x>", 503 },
		{ "DATA", 554 },
		{ "RCPT TO:<>", 501 },
		{ "RCPT TO:b@x", 501 },
		{ "RCPT <b@x>", 501 },
		{ "RCPT TO:<b x>", 501 },
		{ "RCPT TO:<b@x", 501 },
		{ "rcpt to: <b@x>", 250 },
		{ "RSET", 250 },
		{ "RCPT TO:<b@x>", 503 },
		{ "MAIL FROM:<>", 250 },
		{ "EHLO", 250 },
		{ "RCPT TO:<b@x>", 503 },
		{ "MAIL FROM:<a@x> SIZE=100 BODY=8BITMIME SMTPUTF8", 250 },
		{ "NOOP", 250 },
		{ "VRFY b", 252 },
		{ "HELO", 250 },
		{ "MAIL FROM:<a@x> size=26214401", 552 },
		{ "MAIL FROM:<a@x> XSIZE=26214401 SIZE=26214400", 250 },
		{ "BDAT 5", 500 },
		{ "", 500 },
		{ "QUIT", 221 },
	};
	struct client c;
	struct rig rig;

	(void)state;
	rig_init(&rig);
	assert_true(rig_start(&rig));
	client_open(&c, rig.port);
	assert_int_equal(client_hear(&c), 220);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (client_ask(&c, steps[i].command) != steps[i].code)
			fail_msg("%s: %s", steps[i].command, c.reply);
	assert_int_equal(client_hear(&c), 0);
	client_close(&c);
	rig_end(&rig);
}

/* --- letters ----------------------------------------------------------------- */

#define S(text) STR(text)

static void a_letter_is_kept_as_it_was_meant(void **state)
{
	static const struct {
		struct str said, kept;
	} cases[] = {
		{ S("Subject: x\r\n\r\nhello\r\n.\r\n"),
		  S("Subject: x\r\n\r\nhello\r\n") },
		{ S(".\r\n"), S("") },
		/* RFC 5321 4.5.2 */
		{ S("..\r\n...a\r\n.b\r\nc.\r\n.\r\n"),
		  S(".\r\n..a\r\nb\r\nc.\r\n") },
		/* Only CRLF . CRLF is the end: no smuggling. */
		{ S("a\n.\nb\n.\r\nc\r\n.\nd\r\n.\r\n"),
		  S("a\n.\nb\n.\r\nc\r\n\nd\r\n") },
		{ S("a\r.\r\nb\r\n.\rc\r\n.\r\n"), S("a\r.\r\nb\r\n\rc\r\n") },
		{ S("\0\x80\xff\r\n.\r\n"), S("\0\x80\xff\r\n") },
	};
	struct client c;
	struct rig rig;

	(void)state;
	rig_init(&rig);
	assert_true(rig_start(&rig));
	client_greet(&c, rig.port);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char name[32], want[512] = HEAD;
		size_t head = sizeof(HEAD) - 1;

		client_begin(&c);
		client_send(&c, cases[i].said.at, cases[i].said.len);
		assert_int_equal(client_hear(&c), 250);
		memcpy(want + head, cases[i].kept.at, cases[i].kept.len);
		snprintf(name, sizeof(name), "%06d.eml", (int)i + 1);
		assert_kept(&rig, name, want, head + cases[i].kept.len);
	}
	client_close(&c);
	rig_end(&rig);
}

/* How TCP cut it makes no difference: around the sizes of our buffers too. */
static void a_line_of_any_length_is_kept_whole(void **state)
{
	static const size_t lengths[] = { 998,	 65534,	 65535, 65536,
					  65537, 131071, 300001 };
	static char bytes[310000], want[310000];
	struct client c;
	struct rig rig;

	(void)state;
	rig_init(&rig);
	assert_true(rig_start(&rig));
	client_greet(&c, rig.port);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		size_t len = lengths[i];
		char name[32];

		/* Dots everywhere, of which none begins a line but one. */
		memset(bytes, '.', sizeof(bytes));
		bytes[0] = 'x';
		memcpy(bytes + len, "\r\n..end\r\n.\r\n", 12);
		memcpy(want, HEAD, sizeof(HEAD) - 1);
		memcpy(want + sizeof(HEAD) - 1, bytes, len);
		memcpy(want + sizeof(HEAD) - 1 + len, "\r\n.end\r\n", 8);
		client_begin(&c);
		client_send(&c, bytes, len + 12);
		assert_int_equal(client_hear(&c), 250);
		snprintf(name, sizeof(name), "%06d.eml", (int)i + 1);
		assert_kept(&rig, name, want, sizeof(HEAD) - 1 + len + 8);
	}
	client_close(&c);
	rig_end(&rig);
}

static void what_is_too_large_is_refused_and_the_next_taken(void **state)
{
	struct client c;
	struct rig rig;

	(void)state;
	rig_init(&rig);
	rig.options.max_size = 100;
	assert_true(rig_start(&rig));
	client_greet(&c, rig.port);
	assert_non_null(strstr(c.reply, "SIZE 100\n"));
	assert_int_equal(client_ask(&c, "MAIL FROM:<a@example.org> SIZE=101"),
			 552);
	client_begin(&c);
	for (int i = 0; i < 10; i++)
		client_say(&c, "0123456789\r\n");
	assert_int_equal(client_ask(&c, "."), 552);
	assert_false(rig_has(&rig, "000001.eml"));
	client_begin(&c);
	assert_int_equal(client_ask(&c, "small\r\n."), 250);
	assert_kept(&rig, "000001.eml", HEAD "small\r\n", sizeof(HEAD) + 6);
	client_close(&c);
	rig_end(&rig);
}

static void a_command_line_that_does_not_end_is_refused(void **state)
{
	static char bytes[60000];
	struct client c;
	struct rig rig;

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	rig_init(&rig);
	assert_true(rig_start(&rig));
	for (int ended = 0; ended < 2; ended++) {
		client_greet(&c, rig.port);
		memcpy(bytes, "MAIL FROM:<", 11);
		if (ended)
			memcpy(bytes + sizeof(bytes) - 3, ">\r\n", 3);
		client_send(&c, bytes, sizeof(bytes));
		assert_int_equal(client_hear(&c), 500);
		assert_int_equal(client_hear(&c), 0);
		client_close(&c);
	}
	rig_end(&rig);
}

static void all_may_be_said_at_once(void **state)
{
	static const int codes[] = { 220, 250, 250, 250, 354, 250, 250,
				     250, 250, 354, 250, 221, 0 };
	struct client c;
	struct rig rig;

	(void)state;
	rig_init(&rig);
	assert_true(rig_start(&rig));
	client_open(&c, rig.port);
	client_say(&c, "EHLO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n"
		       "one\r\n.\r\nMAIL FROM:<c@x>\r\nRCPT TO:<d@x>\r\n"
		       "RCPT TO:<e@x>\r\nDATA\r\ntwo\r\n.\r\nQUIT\r\n");
	/* Who has said all may close, and is answered all the same. */
	shutdown(c.fd, SHUT_WR);
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		assert_int_equal(client_hear(&c), codes[i]);
	assert_kept(&rig, "000002.eml",
		    "Return-Path: <c@x>\r\n"
		    "X-Original-To: d@x\r\nX-Original-To: e@x\r\ntwo\r\n",
		    65);
	client_close(&c);
	rig_end(&rig);
}

/* Bytes and end are there together when the catcher looks. */
static void who_has_closed_one_way_is_answered_all_the_same(void **state)
{
	static const char said[] = "EHLO x\r\nMAIL FROM:<a@x>\r\n"
				   "RCPT TO:<b@x>\r\nDATA\r\none\r\n.\r\n";
	static const int codes[] = { 220, 250, 250, 250, 354, 250, 0 };
	struct server server = { 0 };
	struct client c = { 0 };
	struct session *s;
	struct rig rig;
	int fds[2];

	(void)state;
	rig_init(&rig);
	server.options = &rig.options;
	server.max_size = 1000;
	assert_int_equal(loop_open(&server.loop, &rig.err), 0);
	assert_int_equal(store_open(rig.dir, false, &server.store, &rig.err),
			 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	s = session_open(&server, fds[0]);
	c.fd = fds[1];
	client_say(&c, said);
	shutdown(c.fd, SHUT_WR);
	s->woken = true;
	assert_false(session_step(s));
	session_close(s);
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		assert_int_equal(client_hear(&c), codes[i]);
	assert_true(rig_has(&rig, "000001.eml"));
	client_close(&c);
	store_close(&server.store);
	loop_close(&server.loop);
	rig_remove(&rig);
}

/* --- AUTH and TLS -------------------------------------------------------------- */

/* "\0me\0right", "\0me\0wrong", "me", "right", "wrong" */
#define PLAIN_RIGHT "AG1lAHJpZ2h0"
#define PLAIN_WRONG "AG1lAHdyb25n"
#define ME	    "bWU="
#define RIGHT	    "cmlnaHQ="
#define WRONG	    "d3Jvbmc="

static void only_the_right_password_logs_in(void **state)
{
	static const struct {
		const char *say[4];
		int code[4], mail;
	} cases[] = {
		{ { "NOOP" }, { 250 }, 530 },
		{ { "AUTH PLAIN " PLAIN_RIGHT }, { 235 }, 250 },
		{ { "AUTH PLAIN", PLAIN_RIGHT }, { 334, 235 }, 250 },
		{ { "auth plain " PLAIN_WRONG }, { 535 }, 530 },
		{ { "AUTH PLAIN", PLAIN_WRONG }, { 334, 535 }, 530 },
		{ { "AUTH PLAIN ====" }, { 535 }, 530 },
		{ { "AUTH PLAIN !" }, { 501 }, 530 },
		{ { "AUTH PLAIN", "*" }, { 334, 501 }, 530 },
		{ { "AUTH LOGIN", ME, RIGHT }, { 334, 334, 235 }, 250 },
		{ { "AUTH LOGIN " ME, RIGHT }, { 334, 235 }, 250 },
		{ { "AUTH LOGIN", ME, WRONG }, { 334, 334, 535 }, 530 },
		{ { "AUTH LOGIN", ME, "" }, { 334, 334, 535 }, 530 },
		{ { "AUTH LOGIN", ME, "?" }, { 334, 334, 501 }, 530 },
		{ { "AUTH LOGIN", "*" }, { 334, 501 }, 530 },
		{ { "AUTH LOGIN", ME, "*" }, { 334, 334, 501 }, 530 },
		{ { "AUTH CRAM-MD5" }, { 504 }, 530 },
		{ { "AUTH" }, { 504 }, 530 },
		{ { "AUTH PLAIN " PLAIN_WRONG, "AUTH PLAIN " PLAIN_RIGHT },
		  { 535, 235 },
		  250 },
		{ { "AUTH PLAIN " PLAIN_RIGHT, "AUTH PLAIN " PLAIN_RIGHT },
		  { 235, 503 },
		  250 },
		/* RFC 3207 4.2: behind TLS all begins anew. */
		{ { "AUTH PLAIN " PLAIN_RIGHT, "STARTTLS", NULL, "EHLO x" },
		  { 235, 220, 0, 250 },
		  530 },
	};
	struct rig rig;

	(void)state;
	rig_init(&rig);
	rig.options.password = STR("right");
	rig.options.require_auth = true;
	assert_true(rig_start(&rig));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct client c;

		client_greet(&c, rig.port);
		for (int n = 0; n < 4 && cases[i].code[n]; n++) {
			assert_int_equal(client_ask(&c, cases[i].say[n]),
					 cases[i].code[n]);
			if (cases[i].code[n] != 220)
				continue;
			client_tls(&c);
			n++;
			assert_int_equal(client_ask(&c, cases[i].say[n + 1]),
					 cases[i].code[n + 1]);
		}
		assert_int_equal(client_ask(&c, "MAIL FROM:<a@x>"),
				 cases[i].mail);
		client_close(&c);
	}
	rig_end(&rig);
}

/* The sender named in clear is forgotten, and what was said in clear behind
 * STARTTLS was never said. */
static void starttls_forgets_all_that_came_in_clear(void **state)
{
	struct client c;
	struct rig rig;

	(void)state;
	rig_init(&rig);
	assert_true(rig_start(&rig));
	client_greet(&c, rig.port);
	assert_int_equal(client_ask(&c, "MAIL FROM:<a@example.org>"), 250);
	client_say(&c, "STARTTLS\r\nRCPT TO:<evil@example.net>\r\nNOOP\r\n");
	assert_int_equal(client_hear(&c), 220);
	client_tls(&c);
	assert_int_equal(client_ask(&c, "RCPT TO:<b@example.net>"), 503);
	assert_int_equal(client_ask(&c, "EHLO x"), 250);
	client_begin(&c);
	assert_int_equal(client_ask(&c, "x\r\n."), 250);
	assert_kept(&rig, "000001.eml", HEAD "x\r\n", sizeof(HEAD) + 2);
	client_close(&c);
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ehlo_offers_what_there_is),
		cmocka_unit_test(commands_have_their_order),
		cmocka_unit_test(a_letter_is_kept_as_it_was_meant),
		cmocka_unit_test(a_line_of_any_length_is_kept_whole),
		cmocka_unit_test(
			what_is_too_large_is_refused_and_the_next_taken),
		cmocka_unit_test(a_command_line_that_does_not_end_is_refused),
		cmocka_unit_test(all_may_be_said_at_once),
		cmocka_unit_test(
			who_has_closed_one_way_is_answered_all_the_same),
		cmocka_unit_test(only_the_right_password_logs_in),
		cmocka_unit_test(starttls_forgets_all_that_came_in_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
