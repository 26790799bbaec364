/* mail_header_test.c - one value in, one field on the wire */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "mail/header.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- the other side: RFC 5322 unfolded, RFC 2047 decoded ------------------ */

static int hex(char c)
{
	const char *digits = "0123456789ABCDEF";
	const char *at = c ? strchr(digits, c) : NULL;

	assert_non_null(at);
	return (int)(at - digits);
}

/* The inside of "=?utf-8?q?...?=": whole characters, at most 75 octets. */
static void decode_word(struct str word, struct buf *out)
{
	struct str text = str_at(word.at + 10, word.len - 12);
	size_t before = out->len;

	assert_in_range(word.len, 13, 75);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		assert_true(c > ' ' && c < 0x7f && c != '?');
		if (c == '=') {
			assert_true(i + 2 < text.len);
			c = (char)(hex(text.at[i + 1]) << 4 |
				   hex(text.at[i + 2]));
			i += 2;
		} else if (c == '_') {
			c = ' ';
		}
		buf_byte(out, c);
	}
	assert_true(utf8_ok(str_skip(buf_str(out), before), NULL));
}

/* CRLF before a blank goes away; there is no other CR or LF. */
static void unfold(struct str wire, struct buf *out)
{
	assert_true(str_ends(wire, STR("\r\n")));
	wire.len -= 2;
	for (size_t i = 0; i < wire.len; i++) {
		if (wire.at[i] == '\r') {
			assert_true(i + 2 < wire.len);
			assert_int_equal(wire.at[i + 1], '\n');
			assert_int_equal(wire.at[i + 2], ' ');
			i++;
			continue;
		}
		assert_int_not_equal(wire.at[i], '\n');
		assert_true(wire.at[i] >= ' ' && wire.at[i] < 0x7f);
		buf_byte(out, wire.at[i]);
	}
}

static size_t word_end(struct str s)
{
	ptrdiff_t end = str_find_str(str_skip(s, 10), STR("?="));

	assert_true(end >= 0);
	return (size_t)end + 12;
}

/* Blanks between two encoded words are no part of the text. */
static void decode(struct str value, struct buf *out)
{
	bool word = false;

	while (value.len > 0) {
		size_t blanks = 0;

		while (blanks < value.len && value.at[blanks] == ' ')
			blanks++;
		if (str_starts(str_skip(value, blanks), STR("=?utf-8?q?"))) {
			size_t len;

			if (!word)
				buf_add(out, str_head(value, blanks));
			value = str_skip(value, blanks);
			len = word_end(value);
			decode_word(str_head(value, len), out);
			value = str_skip(value, len);
			word = true;
			continue;
		}
		buf_add(out, str_head(value, blanks > 0 ? blanks : 1));
		value = str_skip(value, blanks > 0 ? blanks : 1);
		word = false;
	}
}

static size_t longest_line(struct str wire)
{
	size_t longest = 0;

	while (wire.len > 0) {
		struct str line = str_cut(wire, '\n', &wire);

		/* A line of blanks alone would end the header for some. */
		assert_true(str_trim(line).len > 0);
		longest = line.len - 1 > longest ? line.len - 1 : longest;
	}
	return longest;
}

/* What a reader's program makes of the field `name`. */
static void read_back(struct buf *wire, const char *name, struct buf *out)
{
	struct buf line;

	buf_init(&line, 1 << 20);
	unfold(buf_str(wire), &line);
	assert_true(str_starts(buf_str(&line), str_of(name)));
	assert_true(
		str_starts(str_skip(buf_str(&line), strlen(name)), STR(": ")));
	decode(str_skip(buf_str(&line), strlen(name) + 2), out);
	buf_done(&line);
}

static void assert_text_comes_back(struct str text)
{
	struct err err = ERR_INIT;
	struct buf wire, back;

	buf_init(&wire, 1 << 20);
	buf_init(&back, 1 << 20);
	if (header_text(&wire, "Subject", text, &err) < 0)
		fail_msg("%s", err.message);
	read_back(&wire, "Subject", &back);
	assert_int_equal(back.len, text.len);
	assert_memory_equal(back.at, text.at, text.len);
	assert_in_range(longest_line(buf_str(&wire)), 0, 998);
	buf_done(&wire);
	buf_done(&back);
}

/* --- free text ------------------------------------------------------------ */

static void a_subject_comes_back_as_it_was(void **state)
{
	static const char *const texts[] = {
		"",
		"Hello",
		"Hello,  two blanks",
		" led by a blank",
		"ended by a blank ",
		" ",
		"=?utf-8?q?looks_encoded?=",
		"1 =? 2",
		"_under=score?",
		"Grüße aus dem Sumpf",
		"水の中の手紙",
		"🌱🌿🌳",
		"é and e\u0301",
		"\"quoted\" <angle@brackets> (comment), a;b:c\\d",
		"No blank at all: "
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		"Many words that have to be folded somewhere, since all of "
		"them together are longer than a line may be, and then some "
		"more of them so that there are three lines",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_text_comes_back(str_of(texts[i]));
}

static void texts_of_every_length_come_back(void **state)
{
	static const char *const parts[] = { "x", "x ", " ",   "ü",    "水",
					     "🌱", "xü", "= ?", "word " };
	char text[2600];

	(void)state;
	for (size_t k = 0; k < COUNT(parts); k++) {
		size_t n = strlen(parts[k]), len = 0;

		for (; len + n < sizeof(text); len += n) {
			memcpy(text + len, parts[k], n);
			if (len < 400 || len % 97 < n)
				assert_text_comes_back(str_at(text, len + n));
		}
	}
}

/* A blank run between two words, longer than any line. */
static void even_a_thousand_blanks_make_no_line_too_long(void **state)
{
	char text[1400];

	(void)state;
	for (size_t blanks = 1; blanks < 1200; blanks += 11) {
		memset(text, ' ', sizeof(text));
		text[0] = 'a';
		memset(text + 1 + blanks, 'b', 60);
		assert_text_comes_back(str_at(text, 61 + blanks));
	}
}

static void lines_are_folded_at_78_where_a_blank_allows_it(void **state)
{
	struct err err = ERR_INIT;
	struct buf wire;
	char text[4000];

	(void)state;
	for (size_t word = 1; word < 67; word++) {
		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = i % (word + 1) == word ? ' ' : 'x';
		text[sizeof(text) - 1] = 'x';
		buf_init(&wire, 1 << 20);
		assert_int_equal(header_text(&wire, "Subject",
					     str_at(text, sizeof(text)), &err),
				 0);
		assert_in_range(longest_line(buf_str(&wire)), 40, 78);
		buf_done(&wire);
		buf_init(&wire, 1 << 20);
		assert_int_equal(
			header_raw(&wire, "List-Help", str_at(text, 900), &err),
			0);
		assert_in_range(longest_line(buf_str(&wire)), 40, 78);
		buf_done(&wire);
	}
}

static void encoded_words_part_between_characters_alone(void **state)
{
	struct err err = ERR_INIT;
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 16);
	/* Each start shifts the place where the words part. */
	for (int shift = 0; shift < 80; shift++) {
		struct buf wire, back;

		buf_reset(&text);
		for (int i = 0; i < shift; i++)
			buf_byte(&text, 'a');
		for (int i = 0; i < 30; i++)
			buf_addz(&text, i % 2 ? "ü🌱" : "水a");
		buf_init(&wire, 1 << 16);
		buf_init(&back, 1 << 16);
		assert_int_equal(
			header_text(&wire, "Subject", buf_str(&text), &err), 0);
		/* decode_word() looks at each word. */
		read_back(&wire, "Subject", &back);
		assert_string_equal(back.at, text.at);
		assert_in_range(longest_line(buf_str(&wire)), 40, 78);
		buf_done(&wire);
		buf_done(&back);
	}
	buf_done(&text);
}

/* --- what may not stand in a header --------------------------------------- */

static const struct str evil[] = {
	STR("\r\nBcc: x@y.zz"),
	STR("\nBcc: x@y.zz"),
	STR("\rBcc: x@y.zz"),
	STR("\r\n\r\nbody"),
	STR("\n folded"),
	STR("\0"),
	STR("\t"),
	STR("\x0b"),
	STR("\x1b[2J"),
	STR("\x7f"),
	STR("\xc2\x80"),
	STR("\xc2\x85"),
	STR("\xc2\x9f"),
	STR("\u2028"),
	STR("\u2029"),
	STR("\xff"),
	STR("\xc3"),
	STR("\xc0\x8d"),
	STR("\xe5\x98\x8a"
	    "\xe5"),
};

static struct str around(struct buf *buf, const char *before, struct str mark,
			 const char *after)
{
	buf_reset(buf);
	buf_addz(buf, before);
	buf_add(buf, mark);
	buf_addz(buf, after);
	return buf_str(buf);
}

static void assert_refused(int rc, const struct err *err, struct buf *wire)
{
	assert_int_equal(rc, -1);
	assert_int_equal(err->code, ERR_INPUT);
	assert_non_null(strstr(err->message, "Subject"));
	assert_int_equal(wire->len, 0);
}

static void nobody_begins_a_header_of_his_own(void **state)
{
	static const char *const places[][2] = {
		{ "", "" },   { "a", "" },  { "", "b" },
		{ "a", "b" }, { "ü", "b" },
	};
	struct buf value, wire;

	(void)state;
	buf_init(&value, 1024);
	buf_init(&wire, 1024);
	for (size_t i = 0; i < COUNT(evil); i++) {
		for (size_t k = 0; k < COUNT(places); k++) {
			struct err err = ERR_INIT;
			struct str v = around(&value, places[k][0], evil[i],
					      places[k][1]);
			struct mailbox name = { v, STR("a@b.cd") };
			struct mailbox address = { STR("Ana"), v };

			assert_refused(header_text(&wire, "Subject", v, &err),
				       &err, &wire);
			assert_refused(header_raw(&wire, "Subject", v, &err),
				       &err, &wire);
			assert_refused(
				header_mailbox(&wire, "Subject", &name, &err),
				&err, &wire);
			assert_refused(header_mailbox(&wire, "Subject",
						      &address, &err),
				       &err, &wire);
		}
	}
	buf_done(&value);
	buf_done(&wire);
}

static void nobody_puts_a_second_address_into_his_own(void **state)
{
	static const char *const addresses[] = {
		"a@b.cd>",  "a@b.cd>, <x@y.zz", "a@b.cd> x", "<a@b.cd",
		"a@b.cd x", "a b@c.de",		" a@b.cd",   "",
	};
	struct buf wire;

	(void)state;
	buf_init(&wire, 1024);
	for (size_t i = 0; i < COUNT(addresses); i++) {
		struct err err = ERR_INIT;
		struct mailbox box = { STR("Ana"), str_of(addresses[i]) };

		assert_refused(header_mailbox(&wire, "Subject", &box, &err),
			       &err, &wire);
	}
	buf_done(&wire);
}

static void a_raw_value_is_ascii_and_fits_on_a_line(void **state)
{
	struct err err = ERR_INIT;
	struct buf wire;
	char value[1000];

	(void)state;
	memset(value, 'x', sizeof(value));
	buf_init(&wire, 4096);
	assert_refused(header_raw(&wire, "Subject", STR("ü"), &err), &err,
		       &wire);
	assert_refused(header_raw(&wire, "Subject", str_at(value, 990), &err),
		       &err, &wire);
	assert_int_equal(header_raw(&wire, "Subject", str_at(value, 989), &err),
			 0);
	assert_int_equal(wire.len, 1000);
	buf_done(&wire);
}

/* --- mailboxes ------------------------------------------------------------ */

static void a_display_name_is_quoted_or_encoded_as_it_needs(void **state)
{
	static const struct {
		const char *name, *address, *wire;
	} cases[] = {
		{ "", "a@b.cd", "From: a@b.cd\r\n" },
		{ "Ana Ruiz", "a@b.cd", "From: Ana Ruiz <a@b.cd>\r\n" },
		{ "Q. Name", "a@b.cd", "From: \"Q. Name\" <a@b.cd>\r\n" },
		{ "Swamp, Ltd", "a@b.cd", "From: \"Swamp, Ltd\" <a@b.cd>\r\n" },
		{ "x@y.zz", "a@b.cd", "From: \"x@y.zz\" <a@b.cd>\r\n" },
		{ "A \"B\" \\", "a@b.cd",
		  "From: \"A \\\"B\\\" \\\\\" <a@b.cd>\r\n" },
		{ "A <x@y>", "a@b.cd", "From: \"A <x@y>\" <a@b.cd>\r\n" },
		{ "Ana (x)", "a@b.cd", "From: \"Ana (x)\" <a@b.cd>\r\n" },
		{ "Ana;", "a@b.cd", "From: \"Ana;\" <a@b.cd>\r\n" },
		{ "group:", "a@b.cd", "From: \"group:\" <a@b.cd>\r\n" },
		{ " Ana", "a@b.cd", "From: =?utf-8?q?_Ana?= <a@b.cd>\r\n" },
		{ "=?x?", "a@b.cd",
		  "From: =?utf-8?q?=3D=3Fx=3F?= <a@b.cd>\r\n" },
		{ "Björk", "a@b.cd",
		  "From: =?utf-8?q?Bj=C3=B6rk?= <a@b.cd>\r\n" },
		/* RFC 2047 5 (3): few signs stand for themselves in a name. */
		{ "ü \"&'()<>,.@#", "a@b.cd",
		  "From: =?utf-8?q?=C3=BC_=22=26=27=28=29=3C=3E=2C=2E=40=23?="
		  " <a@b.cd>\r\n" },
		/* U+202E would turn round what an inbox shows behind it. */
		{ "\u202Eeve\u202C x\u2066", "a@b.cd",
		  "From: =?utf-8?q?eve_x?= <a@b.cd>\r\n" },
		{ "\u202E", "a@b.cd", "From:  <a@b.cd>\r\n" },
		{ "Ana", "A@BÜCHER.Example",
		  "From: Ana <A@xn--bcher-kva.example>\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct mailbox box = { str_of(cases[i].name),
				       str_of(cases[i].address) };
		struct err err = ERR_INIT;
		struct buf wire;

		buf_init(&wire, 4096);
		assert_int_equal(header_mailbox(&wire, "From", &box, &err), 0);
		assert_string_equal(wire.at, cases[i].wire);
		buf_done(&wire);
	}
}

static void long_names_and_addresses_are_folded(void **state)
{
	static const char *const letters[] = {
		"x", "x ", ". ", "\"", "ü", "水"
	};
	char name[400], address[] = "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"
				    "eeeeeeeeee@example.org";

	(void)state;
	for (size_t k = 0; k < COUNT(letters); k++) {
		size_t n = strlen(letters[k]);

		for (size_t len = 0; len + n < sizeof(name); len += n) {
			struct err err = ERR_INIT;
			struct mailbox box;
			struct buf wire;

			memcpy(name + len, letters[k], n);
			box = (struct mailbox){ str_at(name, len + n),
						str_of(address) };
			buf_init(&wire, 4096);
			assert_int_equal(
				header_mailbox(&wire, "Reply-To", &box, &err),
				0);
			assert_in_range(longest_line(buf_str(&wire)), 10, 78);
			assert_true(str_ends(buf_str(&wire),
					     STR("@example.org>\r\n")));
			buf_done(&wire);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_subject_comes_back_as_it_was),
		cmocka_unit_test(texts_of_every_length_come_back),
		cmocka_unit_test(even_a_thousand_blanks_make_no_line_too_long),
		cmocka_unit_test(
			lines_are_folded_at_78_where_a_blank_allows_it),
		cmocka_unit_test(encoded_words_part_between_characters_alone),
		cmocka_unit_test(nobody_begins_a_header_of_his_own),
		cmocka_unit_test(nobody_puts_a_second_address_into_his_own),
		cmocka_unit_test(a_raw_value_is_ascii_and_fits_on_a_line),
		cmocka_unit_test(
			a_display_name_is_quoted_or_encoded_as_it_needs),
		cmocka_unit_test(long_names_and_addresses_are_folded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
