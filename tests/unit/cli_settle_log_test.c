/* cli_settle_log_test.c - what a relay's log says was taken, and no more */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "cli/settle_log_priv.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#define A     "00112233445566778899aabbccddeeff"
#define B     "ffeeddccbbaa99887766554433221100"
#define OTHER "0123456789abcdef0123456789abcdef"

#define CLEANUP	     "Nov 25 04:31:19 mx postfix/cleanup[7]: "
#define QMGR	     "Nov 25 04:31:19 mx postfix/qmgr[8]: "
#define SMTP	     "Nov 25 04:31:19 mx postfix/smtp[9]: "
#define IS(q, id)    CLEANUP q ": message-id=<" id "@example.org>\n"
#define ACTIVE(q)    QMGR q ": from=<b@e.org>, size=9, nrcpt=1 (queue active)\n"
#define REMOVED(q)   QMGR q ": removed\n"
#define STATUS(q, s) SMTP q ": to=<a@e.org>, relay=x, dsn=2.0.0, status=" s "\n"
#define EXIM	     "2026-11-25 04:31:19 1wAbCd-000000001-0aBc "

static void write_log(const char *path, const char *text, size_t len)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, len, out), len);
	assert_int_equal(fclose(out), 0);
}

/* 1 for A, 2 for B, 3 for both. */
static int taken_in(const char *text, size_t len)
{
	struct log_letter b = { .id = B }, a = { .id = A };
	struct log_letter *both[] = { &b, &a };
	char path[] = "/tmp/tidings-log-XXXXXX";
	struct err err = ERR_INIT;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	write_log(path, text, len);
	assert_int_equal(settle_log_read(path, both, 2, &err), 0);
	unlink(path);
	return a.taken + 2 * b.taken;
}

static void a_letter_counts_as_taken_where_the_log_says_so(void **state)
{
	static const struct {
		const char *why, *log;
		int taken;
	} cases[] = {
		{ "nothing", "", 0 },
		{ "taken, no line end", IS("4D", A) QMGR "4D: (queue active)",
		  1 },
		{ "delivered", IS("4D", A) STATUS("4D", "sent (250 ok)"), 1 },
		{ "ISO time, long queue id",
		  "2026-11-25T04:31:19.1+00:00 mx postfix/cleanup[7]: "
		  "4bYk1T2zQxz9v: message-id=<" A
		  "@example.org>\n" ACTIVE("4bYk1T2zQxz9v"),
		  1 },
		{ "not decided", IS("4D", A), 0 },
		{ "another was", IS("4D", A) ACTIVE("4E"), 0 },
		{ "active before its name", ACTIVE("4D") IS("4D", A), 0 },
		{ "refused by a milter",
		  IS("4D", A) CLEANUP "4D: milter-reject: END-OF-MESSAGE from "
				      "h[1.2.3.4]: 5.7.1 no\n",
		  0 },
		{ "refused by a body check, then active all the same",
		  IS("4D", A) CLEANUP "4D: reject: body x\n" ACTIVE("4D"), 0 },
		{ "discarded",
		  IS("4D", A) CLEANUP "4D: discard: header x\n" ACTIVE("4D"),
		  0 },
		{ "discarded by a milter",
		  IS("4D", A) CLEANUP "4D: milter-discard: x\n" ACTIVE("4D"),
		  0 },
		{ "the next server's words are not this one's",
		  IS("4D", A) ACTIVE("4D")
			  STATUS("4D", "bounced (said: 550 reject: no)"),
		  1 },
		{ "status=sent in another server's words",
		  IS("4D", A) STATUS("4D", "bounced (550 status=sent)"), 0 },
		{ "refused, tried again and taken",
		  IS("4D", A) CLEANUP "4D: reject: x\n" IS("4E", A)
			  ACTIVE("4E"),
		  1 },
		{ "taken, then refused as a double",
		  IS("4D", A) ACTIVE("4D") IS("4E", A) CLEANUP
		  "4E: reject: x\n",
		  1 },
		{ "a queue id used again by a letter of nobody's",
		  IS("4D", A) IS("4D", OTHER) ACTIVE("4D"), 0 },
		{ "a queue id used again, the later one refused",
		  IS("4D", A) ACTIVE("4D") REMOVED("4D") CLEANUP
		  "4D: reject: x\n",
		  1 },
		{ "a queue id used again by the other",
		  IS("4D", A) IS("4D", B) ACTIVE("4D"), 2 },
		{ "two at once",
		  IS("4D", A) IS("4E", B) ACTIVE("4E") ACTIVE("4D"), 3 },
		{ "the id in a header that was warned of",
		  CLEANUP "4D: warning: header References: <" A
			  "@example.org> from x\n" ACTIVE("4D"),
		  0 },
		{ "a pasted bounce", "> Message-ID: <" A "@example.org>\n", 0 },
		{ "Exim: arrived",
		  EXIM "<= b@e.org H=h [1.2.3.4] P=esmtps S=9 id=" A
		       "@example.org\n",
		  1 },
		{ "Exim: refused", EXIM "rejected after DATA: id=" A "@e.org\n",
		  0 },
		{ "Exim: named in a subject",
		  EXIM "<= b@e.org S=9 id=x@y T=\"" A "@example.org\"\n", 0 },
		{ "OpenSMTPD: ok",
		  "smtpd[3]: 1a2b mta delivery msgid=<" A
		  "@e.org> result=\"Ok\" stat=\"250\"\n",
		  1 },
		{ "OpenSMTPD: not",
		  "smtpd[3]: 1a2b mta delivery msgid=<" A
		  "@e.org> result=\"PermFail\"\n",
		  0 },
		{ "others: sent", "relay id=<" A "@e.org> status=sent\n", 1 },
		{ "others: not", "relay id=<" A "@e.org> status=failed\n", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int taken = taken_in(cases[i].log, strlen(cases[i].log));

		if (taken != cases[i].taken)
			fail_msg("%s: %d", cases[i].why, taken);
	}
}

static void long_lines_and_zero_bytes_hide_no_other_line(void **state)
{
	static const char rest[] = "\n" IS("4D", A) ACTIVE("4D");
	size_t noise = (size_t)1 << 20;
	char *log = die_alloc(noise + sizeof(rest), "a test");

	(void)state;
	for (int c = 0; c <= 'x'; c += 'x') {
		memset(log, c, noise);
		memcpy(log + noise, rest, sizeof(rest));
		assert_int_equal(taken_in(log, noise + sizeof(rest) - 1), 1);
	}
	free(log);
}

static void a_log_that_cannot_be_read_is_an_error(void **state)
{
	struct log_letter a = { .id = A }, *one[] = { &a };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(
		settle_log_read("/tmp/tidings-no-such-log", one, 1, &err), -1);
	assert_int_equal(err.code, ERR_MISSING);
	assert_int_equal(settle_log_read("/tmp", one, 1, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_false(a.taken);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_letter_counts_as_taken_where_the_log_says_so),
		cmocka_unit_test(long_lines_and_zero_bytes_hide_no_other_line),
		cmocka_unit_test(a_log_that_cannot_be_read_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
