/* What stands between MAIL and DATA: addresses that cannot break out of their
 * command, SIZE, SMTPUTF8. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "net_rig.h"

#define HELLO "S 220 here\nC EHLO client.example\nS 250-here\n"
#define LONG_64 \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LONG_254                                                      \
	LONG_64 "@" LONG_64 LONG_64 ".aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
		"aaaaaaaaaaaaaaaaaaaaaa.example"
_Static_assert(sizeof(LONG_254) == 255, "the longest path of RFC 5321");

static const struct {
	struct str sender, recipient;
	enum smtp_stage stage;
	const char *status;
} evil[] = {
#define TO(text)   STR("a@example.org"), STR(text), SMTP_RCPT, "5.1.3"
#define FROM(text) STR(text), STR("b@example.org"), SMTP_MAIL, "5.1.7"
	{ TO("b@example.org>\r\nRCPT TO:<c@example.org") },
	{ TO("b@example.org\r\nDATA") },
	{ TO("b@example.org\nDATA") },
	{ TO("b@example.org\r") },
	{ TO("b@example.org\0") },
	{ TO("b@example.org> NOTIFY=NEVER") },
	{ TO("b c@example.org") },
	{ TO("b\tc@example.org") },
	{ TO("<b@example.org") },
	{ TO("b@example.org\x7f") },
	{ TO("") },
	{ TO(LONG_254 "x") },
	{ FROM("a@example.org>\r\nRSET\r\nMAIL FROM:<x@example.org") },
	{ FROM("a@example.org\n") },
	{ FROM("a@example.org> BODY=8BITMIME") },
	{ FROM(LONG_254 "x") },
#undef TO
#undef FROM
};

static void an_address_that_breaks_out_never_reaches_the_wire(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, HELLO "S 250 PIPELINING\nW\n", NULL);
	rig_log_in(&rig);
	for (size_t i = 0; i < sizeof(evil) / sizeof(*evil); i++) {
		rig.letter.sender = evil[i].sender;
		rig.letter.recipient = evil[i].recipient;
		smtp_offer(rig.smtp, &rig.letter);
		assert_int_equal(rig.verdicts, i);
		rig_until(&rig, &rig.verdicts, (int)i + 1);
		assert_verdict(&rig.verdict, evil[i].stage, 553, evil[i].status,
			       evil[i].status);
		assert_false(rig.closed);
	}
	rig_close(&rig); /* W: nothing came behind EHLO */
}

/* Told by net_run() alone: no news from outside is needed. */
static void a_refusal_of_our_own_is_due_at_once(void **state)
{
	struct rig rig;
	int64_t now;

	(void)state;
	rig_open(&rig, HELLO "S 250 PIPELINING\nW\n", NULL);
	rig_log_in(&rig);
	rig_turn(&rig, false);
	rig.letter.recipient = STR("b c@example.org");
	smtp_offer(rig.smtp, &rig.letter);
	now = clock_boot_ms();
	net_run(rig.net, now);
	assert_int_equal(rig.verdicts, 1);
	/* And with nothing to do there is nothing to wait for. */
	assert_int_equal(net_run(rig.net, now), -1);
	smtp_abandon(rig.smtp);
	net_run(rig.net, now);
	assert_true(rig.closed);
	rig_close(&rig);
}

/* What a callback asks for is due at once too: whoever waits as long as
 * net_run() says does not oversleep it. */
static void offer_when_ready(void *arg, const struct smtp_caps *caps)
{
	struct rig *rig = arg;

	rig_ready(rig, caps);
	smtp_offer(rig->smtp, &rig->letter);
}

static void what_a_callback_asks_for_is_due_at_once(void **state)
{
	struct smtp_events events = rig_events;
	struct rig rig;

	(void)state;
	events.on_ready = offer_when_ready;
	rig_open(&rig, HELLO "S 250 PIPELINING\nW\n", NULL);
	rig.letter.recipient = STR("b c@example.org");
	rig.smtp = smtp_open(rig.net, &rig.to, &events, &rig);
	while (!rig.ready) {
		int64_t now = clock_boot_ms();
		int64_t next = net_run(rig.net, now);

		if (rig.ready)
			assert_int_equal(next, now);
		else
			loop_wait(rig.loop, next < 0 ? 1000 : next - now);
	}
	rig_until(&rig, &rig.verdicts, 1);
	assert_int_equal(rig.verdict.code, 553);
	rig_close(&rig);
}

static const struct {
	const char *ehlo;
	struct str sender, recipient;
	bool utf8;
	int64_t size;
	const char *mail, *rcpt; /* heard; NULL: refused by ourselves */
	enum smtp_stage stage;
	int code;
	const char *status;
} offers[] = {
#define ADDRESSES STR("a@example.org"), STR("b@example.net"), false
#define TO_B	  "RCPT TO:<b@example.net>\r\n"
#define UMLAUT	  "b\xc3\xbc@example.net"
	{ "S 250-SIZE 1000\nS 250 PIPELINING\n", ADDRESSES, 1000,
	  "MAIL FROM:<a@example.org> SIZE=1000\r\n", TO_B, 0, 0, NULL },
	{ "S 250-SIZE 1000\nS 250 PIPELINING\n", ADDRESSES, 1001, NULL, NULL,
	  SMTP_MAIL, 552, "5.3.4" },
	/* SIZE without a figure, with 0 or with nonsense: no limit known. */
	{ "S 250-SIZE\nS 250 PIPELINING\n", ADDRESSES, 5000,
	  "MAIL FROM:<a@example.org>\r\n", TO_B, 0, 0, NULL },
	{ "S 250-SIZE 0\nS 250 PIPELINING\n", ADDRESSES, 5000,
	  "MAIL FROM:<a@example.org>\r\n", TO_B, 0, 0, NULL },
	{ "S 250-SIZE -7\nS 250 PIPELINING\n", ADDRESSES, 5000,
	  "MAIL FROM:<a@example.org>\r\n", TO_B, 0, 0, NULL },
	{ "S 250-SIZE 99999999999999999999\nS 250 PIPELINING\n", ADDRESSES,
	  5000, "MAIL FROM:<a@example.org>\r\n", TO_B, 0, 0, NULL },
	{ "S 250-SIZE 1000\nS 250 PIPELINING\n", ADDRESSES, 0,
	  "MAIL FROM:<a@example.org>\r\n", TO_B, 0, 0, NULL },
	/* The null sender. */
	{ "S 250 PIPELINING\n", STR(""), STR("b@example.net"), false, 0,
	  "MAIL FROM:<>\r\n", TO_B, 0, 0, NULL },
	{ "S 250 PIPELINING\n", STR(LONG_254), STR("b@example.net"), false, 0,
	  "MAIL FROM:<" LONG_254 ">\r\n", TO_B, 0, 0, NULL },
	/* SMTPUTF8 where it is needed, whether we were told so or not. */
	{ "S 250-SMTPUTF8\nS 250 PIPELINING\n", STR("a@example.org"),
	  STR(UMLAUT), true, 0, "MAIL FROM:<a@example.org> SMTPUTF8\r\n",
	  "RCPT TO:<" UMLAUT ">\r\n", 0, 0, NULL },
	{ "S 250-smtputf8\nS 250-size 900\nS 250 pipelining\n",
	  STR("a@example.org"), STR(UMLAUT), false, 7,
	  "MAIL FROM:<a@example.org> SIZE=7 SMTPUTF8\r\n",
	  "RCPT TO:<" UMLAUT ">\r\n", 0, 0, NULL },
	{ "S 250-SMTPUTF8\nS 250 PIPELINING\n", ADDRESSES, 0,
	  "MAIL FROM:<a@example.org>\r\n", TO_B, 0, 0, NULL },
	{ "S 250 PIPELINING\n", STR("a@example.org"), STR(UMLAUT), true, 0,
	  NULL, NULL, SMTP_RCPT, 553, "5.6.7" },
	{ "S 250 PIPELINING\n", STR("a@example.org"), STR(UMLAUT), false, 0,
	  NULL, NULL, SMTP_RCPT, 553, "5.6.7" },
	{ "S 250 PIPELINING\n", STR(UMLAUT), STR("b@example.net"), false, 0,
	  NULL, NULL, SMTP_RCPT, 553, "5.6.7" },
};

static void what_is_offered_fits_what_the_server_takes(void **state)
{
	char script[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(offers) / sizeof(*offers); i++) {
		struct rig rig;

		if (offers[i].mail)
			snprintf(script, sizeof(script),
				 HELLO "%sC %sC %sC DATA\nW\n", offers[i].ehlo,
				 offers[i].mail, offers[i].rcpt);
		else
			snprintf(script, sizeof(script), HELLO "%sW\n",
				 offers[i].ehlo);
		rig_open(&rig, script, NULL);
		rig_log_in(&rig);
		rig.letter.sender = offers[i].sender;
		rig.letter.recipient = offers[i].recipient;
		rig.letter.utf8 = offers[i].utf8;
		rig.letter.size = offers[i].size;
		smtp_offer(rig.smtp, &rig.letter);
		if (offers[i].mail) {
			rig_until_waited(&rig);
		} else {
			rig_until(&rig, &rig.verdicts, 1);
			assert_verdict(&rig.verdict, offers[i].stage,
				       offers[i].code, offers[i].status, "");
		}
		rig_close(&rig);
		if (offers[i].mail) {
			assert_non_null(
				strstr(rig.server.heard, offers[i].mail));
			assert_non_null(
				strstr(rig.server.heard, offers[i].rcpt));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			an_address_that_breaks_out_never_reaches_the_wire),
		cmocka_unit_test(a_refusal_of_our_own_is_due_at_once),
		cmocka_unit_test(what_a_callback_asks_for_is_due_at_once),
		cmocka_unit_test(what_is_offered_fits_what_the_server_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
