/* mail_qp_test.c - quoted-printable and base64, read back by another reader */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mail/qp.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- the other side ------------------------------------------------------- */

static int hex(char c)
{
	const char *digits = "0123456789ABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	if (!at)
		fail_msg("'%c' is no digit", c);
	return (int)(at - digits);
}

/* RFC 2045 6.7 read strictly: fails at whatever it does not allow. */
static void decode(struct str in, struct buf *out)
{
	for (size_t i = 0; i < in.len; i++) {
		unsigned char c = (unsigned char)in.at[i];

		if (c != '=') {
			assert_true(c == '\r' || c == '\n' || c == '\t' ||
				    (c >= ' ' && c < 0x7f));
			buf_byte(out, (char)c);
			continue;
		}
		assert_true(i + 2 < in.len);
		if (in.at[i + 1] == '\r')
			assert_int_equal(in.at[i + 2], '\n');
		else
			buf_byte(out, (char)(hex(in.at[i + 1]) << 4 |
					     hex(in.at[i + 2])));
		i += 2;
	}
}

static void check_line(struct str line)
{
	assert_in_range(line.len, 0, 76);
	if (line.len == 0)
		return;
	assert_int_not_equal(line.at[0], '.');
	assert_false(str_starts(line, STR("From ")));
	assert_int_not_equal(line.at[line.len - 1], ' ');
	/* DKIM's relaxed form as it stands. */
	assert_int_equal(str_find_str(line, STR("  ")), -1);
	assert_int_equal(str_find(line, '\t'), -1);
}

/* CRLF ends lines and nothing else does; the last need not have one. */
static void check_lines(struct str wire)
{
	while (wire.len > 0) {
		ptrdiff_t end = str_find_str(wire, STR("\r\n"));
		struct str line = str_head(wire,
					   end < 0 ? wire.len : (size_t)end);

		check_line(line);
		assert_int_equal(str_find(line, '\r'), -1);
		assert_int_equal(str_find(line, '\n'), -1);
		wire = str_skip(wire, line.len + (end < 0 ? 0 : 2));
	}
}

/* LF and CRLF alike become CRLF. */
static void canonical(struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '\n' && (i == 0 || text.at[i - 1] != '\r'))
			buf_byte(out, '\r');
		buf_byte(out, text.at[i]);
	}
}

static void assert_decodes(struct str wire, struct str want)
{
	struct buf got;

	buf_init(&got, 1 << 22);
	decode(wire, &got);
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.at, want.at, want.len);
	buf_done(&got);
}

/* --- texts ---------------------------------------------------------------- */

static const struct str texts[] = {
	STR(""),
	STR("\n"),
	STR("a"),
	STR("a\n"),
	STR("a\r\nb\nc\r\n"),
	STR("\n\n\n"),
	STR(".\n..\n.hidden\n"),
	STR("From here\nFrom there\nFromage\nF\n"),
	STR("blank \ntab\t\n \n\t\n  two  \n"),
	STR("blank at the end "),
	STR("tab at the end\t"),
	STR("1 + 1 = 2 =\n=3D\n"),
	STR("\xc3\xa4\xe2\x82\xac\xf0\x9f\x8c\xb1\n"),
	STR("bare\rreturn\r\rtwice\r"),
	STR("\r\r\n \r\n"),
	STR("\0nul\0\n\x01\x1b\x7f\x80\xff"),
	STR("0123456789012345678901234567890123456789012345678901234567890123"
	    "456789012345\n"),
	STR("01234567890123456789012345678901234567890123456789012345678901234"
	    "567890123 .From .From .\n"),
};

static void a_text_comes_back_as_it_was(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct buf wire, want;

		buf_init(&wire, 1 << 20);
		buf_init(&want, 1 << 20);
		qp_text(&wire, texts[i]);
		canonical(texts[i], &want);
		/* A last line without an end is given one. */
		if (want.len > 0 && !str_ends(buf_str(&want), STR("\r\n")))
			buf_addz(&want, "\r\n");
		check_lines(buf_str(&wire));
		assert_decodes(buf_str(&wire), buf_str(&want));
		buf_done(&wire);
		buf_done(&want);
	}
}

/* Any bytes, line by line of every length around the limit. */
static void lines_of_every_length_and_byte_come_back(void **state)
{
	static const char marks[] = { 'a', '.',	 'F',  ' ',	  '\t',
				      '=', '\r', '\0', (char)0xc3 };
	char line[200];

	(void)state;
	for (size_t k = 0; k < COUNT(marks); k++) {
		for (size_t len = 0; len < sizeof(line); len++) {
			struct buf wire;
			struct qp qp = { 0 };

			buf_init(&wire, 1 << 20);
			memset(line, marks[k], len);
			qp_piece(&wire, &qp, str_at(line, len));
			check_lines(buf_str(&wire));
			assert_decodes(buf_str(&wire), str_at(line, len));
			buf_done(&wire);
		}
	}
}

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return *seed >> 33;
}

static void any_bytes_come_back(void **state)
{
	static const char letters[] = "ab .=F\n\r\t\xc3\xa4\0";
	uint64_t seed = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		char text[300];
		size_t len = next(&seed) % sizeof(text);
		struct buf wire, want;

		for (size_t i = 0; i < len; i++)
			text[i] = letters[next(&seed) % sizeof(letters)];
		if (len > 0 && text[len - 1] != '\n')
			text[len - 1] = '\n';
		buf_init(&wire, 1 << 20);
		buf_init(&want, 1 << 20);
		qp_text(&wire, str_at(text, len));
		canonical(str_at(text, len), &want);
		check_lines(buf_str(&wire));
		assert_decodes(buf_str(&wire), buf_str(&want));
		buf_done(&wire);
		buf_done(&want);
	}
}

static bool splits_line_end(struct str text, size_t at)
{
	return at > 0 && at < text.len && text.at[at - 1] == '\r' &&
	       text.at[at] == '\n';
}

static void check_pieces(struct str text, size_t first, size_t second,
			 bool apart)
{
	struct qp qp = { 0 };
	struct buf wire, want;

	buf_init(&wire, 1 << 20);
	buf_init(&want, 1 << 20);
	qp_piece(&wire, &qp, str_head(text, first));
	if (apart)
		qp_soft(&wire, &qp);
	qp_piece(&wire, &qp, str_at(text.at + first, second - first));
	if (apart)
		qp_soft(&wire, &qp);
	qp_piece(&wire, &qp, str_skip(text, second));
	canonical(text, &want);
	check_lines(buf_str(&wire));
	assert_decodes(buf_str(&wire), buf_str(&want));
	buf_done(&wire);
	buf_done(&want);
}

/* As a letter is put together: literal, a reader's value, literal. */
static void pieces_make_the_same_text_wherever_they_part(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		for (size_t a = 0; a <= texts[i].len; a++) {
			if (splits_line_end(texts[i], a))
				continue;
			for (size_t b = a; b <= texts[i].len; b++) {
				if (splits_line_end(texts[i], b))
					continue;
				check_pieces(texts[i], a, b, false);
				check_pieces(texts[i], a, b, true);
			}
		}
	}
}

static void what_stands_for_itself_is_left_readable(void **state)
{
	static const struct {
		const char *text, *wire;
	} cases[] = {
		{ "Hello, world. Bye\n", "Hello, world. Bye\r\n" },
		{ ".\n", "=2E\r\n" },
		{ "a.\n", "a.\r\n" },
		{ "From x\n", "=46rom x\r\n" },
		{ " From x\n", " From x\r\n" },
		{ "x \n", "x=20\r\n" },
		{ "a=b", "a=3Db\r\n" },
		{ "\xc3\xa4", "=C3=A4\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf wire;

		buf_init(&wire, 1024);
		qp_text(&wire, str_of(cases[i].text));
		assert_string_equal(wire.at, cases[i].wire);
		buf_done(&wire);
	}
}

/* A soft break on an empty line would be a line with "=" alone: no harm, and
 * yet none is made. */
static void a_soft_break_is_made_only_where_a_line_has_begun(void **state)
{
	struct qp qp = { 0 };
	struct buf wire;

	(void)state;
	buf_init(&wire, 1024);
	qp_soft(&wire, &qp);
	assert_int_equal(wire.len, 0);
	qp_piece(&wire, &qp, STR("a"));
	qp_soft(&wire, &qp);
	qp_soft(&wire, &qp);
	assert_string_equal(wire.at, "a=\r\n");
	buf_done(&wire);
}

/* RFC 4648 10. */
static void base64_is_that_of_the_rfc(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "f", "Zg==\r\n" },
		{ "fo", "Zm8=\r\n" },
		{ "foo", "Zm9v\r\n" },
		{ "foob", "Zm9vYg==\r\n" },
		{ "fooba", "Zm9vYmE=\r\n" },
		{ "foobar", "Zm9vYmFy\r\n" },
		{ "\xfb\xff\xbf", "+/+/\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf wire;

		buf_init(&wire, 1024);
		base64_text(&wire, str_of(cases[i][0]));
		assert_string_equal(wire.at, cases[i][1]);
		buf_done(&wire);
	}
}

static void base64_lines_hold_76_octets_and_the_last_the_rest(void **state)
{
	char bytes[300];

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	for (size_t len = 1; len < sizeof(bytes); len++) {
		size_t digits = (len + 2) / 3 * 4;
		struct buf wire;
		struct str rest, line;

		buf_init(&wire, 1024);
		base64_text(&wire, str_at(bytes, len));
		assert_int_equal(wire.len, digits + (digits + 75) / 76 * 2);
		rest = buf_str(&wire);
		while (rest.len > 0) {
			line = str_cut(rest, '\n', &rest);
			assert_int_equal(line.at[line.len - 1], '\r');
			if (rest.len > 0)
				assert_int_equal(line.len, 77);
		}
		buf_done(&wire);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_comes_back_as_it_was),
		cmocka_unit_test(lines_of_every_length_and_byte_come_back),
		cmocka_unit_test(any_bytes_come_back),
		cmocka_unit_test(pieces_make_the_same_text_wherever_they_part),
		cmocka_unit_test(what_stands_for_itself_is_left_readable),
		cmocka_unit_test(
			a_soft_break_is_made_only_where_a_line_has_begun),
		cmocka_unit_test(base64_is_that_of_the_rfc),
		cmocka_unit_test(
			base64_lines_hold_76_octets_and_the_last_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
