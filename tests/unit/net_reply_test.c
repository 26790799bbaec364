/* A server's reply, byte by byte: whatever comes, however it was cut. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "net/reply_priv.h"

/* Feed `bytes` in pieces of `step`; what is left behind the reply goes to
 * *rest_out. */
static enum reply_result feed(struct reply *reply, struct str bytes,
			      size_t step, struct str *rest_out)
{
	reply_reset(reply);
	while (bytes.len > 0) {
		struct str piece = str_head(bytes, step);
		size_t given = piece.len;
		enum reply_result result = reply_feed(reply, &piece);

		bytes = str_skip(bytes, given - piece.len);
		*rest_out = bytes;
		if (result != REPLY_MORE)
			return result;
		assert_int_equal(piece.len, 0);
	}
	return REPLY_MORE;
}

static const struct {
	struct str bytes;
	enum reply_result result;
	int code;
	const char *status, *text;
	size_t rest;
} cases[] = {
	{ STR("250 ok\r\n"), REPLY_DONE, 250, "", "250 ok", 0 },
	{ STR("250 ok\n"), REPLY_DONE, 250, "", "250 ok", 0 },
	{ STR("250\r\n"), REPLY_DONE, 250, "", "250", 0 },
	{ STR("250 \r\n"), REPLY_DONE, 250, "", "250 ", 0 },
	{ STR("250 ok\r\n354 go\r\n"), REPLY_DONE, 250, "", "250 ok", 8 },
	{ STR("250-one\r\n250-two\r\n250 three\r\n"), REPLY_DONE, 250, "",
	  "250-one\ntwo\nthree", 0 },
	{ STR("550-\r\n550\r\n"), REPLY_DONE, 550, "", "550-\n", 0 },
	/* Enhanced status codes, or what only looks like one. */
	{ STR("550 5.1.1 no such user\r\n"), REPLY_DONE, 550, "5.1.1",
	  "550 5.1.1 no such user", 0 },
	{ STR("550-5.7.26 no\r\n550 5.1.1 no\r\n"), REPLY_DONE, 550, "5.7.26",
	  "550-5.7.26 no\n5.1.1 no", 0 },
	{ STR("452 4.2.2\r\n"), REPLY_DONE, 452, "4.2.2", "452 4.2.2", 0 },
	{ STR("550 5.123.456 x\r\n"), REPLY_DONE, 550, "5.123.456",
	  "550 5.123.456 x", 0 },
	{ STR("550 4.1.1 other class\r\n"), REPLY_DONE, 550, "",
	  "550 4.1.1 other class", 0 },
	{ STR("550 5.1 x\r\n"), REPLY_DONE, 550, "", "550 5.1 x", 0 },
	{ STR("550 5.1.1.1 x\r\n"), REPLY_DONE, 550, "", "550 5.1.1.1 x", 0 },
	{ STR("550 5..11 x\r\n"), REPLY_DONE, 550, "", "550 5..11 x", 0 },
	{ STR("550 5.1.1x\r\n"), REPLY_DONE, 550, "", "550 5.1.1x", 0 },
	{ STR("550 5.1.1234 x\r\n"), REPLY_DONE, 550, "", "550 5.1.1234 x", 0 },
	{ STR("550 55.1.1 x\r\n"), REPLY_DONE, 550, "", "550 55.1.1 x", 0 },
	/* Nothing that a terminal or a database would choke on. */
	{ STR("550 a\0b\x1b[2Jc\x7f\x07\r\r\n"), REPLY_DONE, 550, "",
	  "550 a b [2Jc   ", 0 },
	{ STR("550 \xc3\xa4\xc2\x9b\xe2\x80\xa8\x9b\xff\r\n"), REPLY_DONE, 550,
	  "", "550 \xc3\xa4  ??", 0 },
	/* No SMTP. */
	{ STR("HTTP/1.1 400 Bad Request\r\n"), REPLY_BROKEN, 0, "",
	  "the server does not speak SMTP", 0 },
	{ STR("\r\n"), REPLY_BROKEN, 0, "", "the server does not speak SMTP",
	  0 },
	{ STR("25\r\n"), REPLY_BROKEN, 0, "", "the server does not speak SMTP",
	  0 },
	{ STR("2500 bananas\r\n"), REPLY_BROKEN, 0, "",
	  "the server does not speak SMTP", 0 },
	{ STR("199 low\r\n"), REPLY_BROKEN, 0, "",
	  "the server does not speak SMTP", 0 },
	{ STR("600 high\r\n"), REPLY_BROKEN, 0, "",
	  "the server does not speak SMTP", 0 },
	{ STR("250-a\r\n251 b\r\n"), REPLY_BROKEN, 0, "",
	  "the lines of a reply differ in their code", 0 },
	{ STR("250-a\r\n550 b\r\n"), REPLY_BROKEN, 0, "",
	  "the lines of a reply differ in their code", 0 },
	/* Not the end yet. */
	{ STR("250 ok"), REPLY_MORE, 0, "", "", 0 },
	{ STR("250-ok\r\n"), REPLY_MORE, 250, "", "250-ok", 0 },
	{ STR(""), REPLY_MORE, 0, "", "", 0 },
};

static void a_reply_is_the_same_however_its_bytes_were_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (size_t step = 1; step <= cases[i].bytes.len + 1; step++) {
			struct str rest = STR_NONE;
			struct reply reply;

			assert_int_equal(
				feed(&reply, cases[i].bytes, step, &rest),
				cases[i].result);
			assert_int_equal(reply.code, cases[i].code);
			assert_string_equal(reply.status, cases[i].status);
			assert_string_equal(reply.text, cases[i].text);
			if (cases[i].result == REPLY_DONE)
				assert_int_equal(rest.len, cases[i].rest);
		}
	}
}

/* A line is cut at its ceiling, and its end is still seen. */
static void a_line_of_any_length_is_one_line(void **state)
{
	static const size_t lengths[] = { 506, 507, 508, 509,  510,
					  511, 512, 513, 4096, 100000 };
	static char bytes[100100];

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct str rest = STR_NONE;
		size_t len = lengths[i];
		struct reply reply;

		memset(bytes, 'x', sizeof(bytes));
		memcpy(bytes, "550-", 4);
		memcpy(bytes + 4 + len, "\r\n550 5.1.1 end\r\n250 ", 21);
		assert_int_equal(
			feed(&reply, str_at(bytes, len + 25), 4096, &rest),
			REPLY_DONE);
		assert_int_equal(reply.code, 550);
		assert_true(strlen(reply.text) < sizeof(reply.text));
		assert_true(strlen(reply.text) >= 510);
		assert_true(str_eq(rest, STR("250 ")));
	}
}

/* A character of several bytes at the ceiling is kept whole or not at all. */
static void a_text_that_is_cut_stays_utf8(void **state)
{
	(void)state;
	for (size_t pad = 0; pad < 4; pad++) {
		char bytes[1024] = "550-";
		struct str rest = STR_NONE;
		struct reply reply;
		size_t len = 4 + pad;

		memset(bytes + 4, 'x', pad);
		while (len < 400) {
			memcpy(bytes + len, "\xe2\x82\xac", 3);
			len += 3;
		}
		memcpy(bytes + len, "\r\n550 ", 6);
		len += 6;
		while (len < 900) {
			memcpy(bytes + len, "\xe2\x82\xac", 3);
			len += 3;
		}
		memcpy(bytes + len, "\r\n", 2);
		assert_int_equal(feed(&reply, str_at(bytes, len + 2), 7, &rest),
				 REPLY_DONE);
		assert_true(strlen(reply.text) >= sizeof(reply.text) - 3);
		len = strlen(reply.text);
		assert_memory_equal(reply.text + len - 3, "\xe2\x82\xac", 3);
	}
}

static void a_reply_of_a_hundred_lines_is_the_longest(void **state)
{
	(void)state;
	for (int lines = 99; lines <= 101; lines++) {
		struct reply reply;
		enum reply_result result = REPLY_MORE;

		reply_reset(&reply);
		for (int i = 1; i <= lines && result == REPLY_MORE; i++) {
			struct str line = i < lines ? STR("250-x\r\n")
						    : STR("250 x\r\n");

			result = reply_feed(&reply, &line);
		}
		assert_int_equal(result, lines <= REPLY_LINES ? REPLY_DONE
							      : REPLY_BROKEN);
		if (result == REPLY_BROKEN)
			assert_string_equal(reply.text,
					    "the server's reply does not end");
	}
}

static void a_reply_leaves_nothing_to_the_next(void **state)
{
	struct str first = STR("550-5.1.1 a\r\n550 b\r\n");
	struct str second = STR("250 ok\r\n");
	struct reply reply;

	(void)state;
	reply_reset(&reply);
	assert_int_equal(reply_feed(&reply, &first), REPLY_DONE);
	reply_reset(&reply);
	assert_int_equal(reply_feed(&reply, &second), REPLY_DONE);
	assert_int_equal(reply.code, 250);
	assert_string_equal(reply.status, "");
	assert_string_equal(reply.text, "250 ok");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_reply_is_the_same_however_its_bytes_were_cut),
		cmocka_unit_test(a_line_of_any_length_is_one_line),
		cmocka_unit_test(a_text_that_is_cut_stays_utf8),
		cmocka_unit_test(a_reply_of_a_hundred_lines_is_the_longest),
		cmocka_unit_test(a_reply_leaves_nothing_to_the_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
