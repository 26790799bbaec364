/* mail_address_test.c - which addresses there are, and their three forms */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "mail/address.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define X10	     "xxxxxxxxxx"
#define X60	     X10 X10 X10 X10 X10 X10
#define LABEL_63     X60 "xxx"

static struct arena *arena;

static int up(void **state)
{
	(void)state;
	arena = arena_new("a test", 1 << 24);
	return 0;
}

static int down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void assert_str(struct str got, const char *want)
{
	assert_string_equal(arena_z(arena, got), want);
}

static void addresses_of_people_are_ok(void **state)
{
	static const char *const good[] = {
		"a@b.cd",
		"ana@example.org",
		"Ana.Maria+news@Mail.Example.ORG",
		"!#$%&'*+-/=?^_`{|}~@example.org",
		/* Legal, and why no program of ours takes an address for an
		 * option: it stands behind "--", never in a shell. */
		"-oQ/tmp@x.test",
		"|id@example.org",
		"1@2.example",
		"a@localhost",
		"a@LocalHost",
		"\"ana\"@example.org",
		"\"a.b..c\"@example.org",
		"\"a@b\"@example.org",
		"\"a\\\"b\"@example.org",
		"\"a\\\\\"@example.org",
		"\"(),:;[]\"@example.org",
		"björk@example.org",
		"用户@例子.测试",
		"a@bücher.example",
		"a@BÜCHER.example",
		"a@xn--bcher-kva.example",
		"a@XN--BCHER-KVA.example",
		"a@ab--c.example",
		"a@straße.example",
		"نام\u200cه@example.org",
		"a@1.2.3.4.example",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		const char *why = NULL;

		if (!address_ok(str_of(good[i]), &why))
			fail_msg("'%s': %s", good[i], why);
		assert_null(why);
	}
}

static const struct {
	const char *address, *why;
} bad[] = {
	{ "", "no @" },
	{ "ana", "no @" },
	{ "ana.example.org", "no @" },
	{ "@example.org", "nothing stands before" },
	{ "ana@", "nothing stands behind" },
	{ "@", "nothing stands before" },
	{ "ana@example", "no dot" },
	{ "ana@localhost.", "ends in a dot" },
	{ "ana@example.org.", "ends in a dot" },
	{ "ana@.example.org", "not a host name" },
	{ "ana@example..org", "not a host name" },
	{ "ana@-example.org", "not a host name" },
	{ "ana@example-.org", "not a host name" },
	{ "ana@exam_ple.org", "not a host name" },
	{ "ana@example.org:25", "not a host name" },
	{ "ana@example.org>", "not a host name" },
	{ "ana@example.org SIZE=1", "not a host name" },
	{ "ana@bob@example.org", "may not stand" },
	{ ".ana@example.org", "dot in a wrong place" },
	{ "ana.@example.org", "dot in a wrong place" },
	{ "a..b@example.org", "dot in a wrong place" },
	{ "a b@example.org", "may not stand" },
	{ " ana@example.org", "may not stand" },
	{ "ana @example.org", "may not stand" },
	{ "<ana@example.org", "may not stand" },
	{ "<ana@example.org>", "may not stand" },
	{ "a>b@example.org", "may not stand" },
	{ "a,b@example.org", "may not stand" },
	{ "a:b@example.org", "may not stand" },
	{ "a(b)@example.org", "may not stand" },
	{ "a\\b@example.org", "may not stand" },
	{ "a\"b@example.org", "may not stand" },
	{ "@relay.example:ana@example.org", "may not stand" },
	{ "\"@example.org", "quotes" },
	{ "\"\"@example.org", "quotes" },
	{ "\"a\"b@example.org", "quotes" },
	{ "\"a\"b\"@example.org", "quotes" },
	{ "\"a\\\"@example.org", "quotes" },
	{ "\"a b\"@example.org", "quotes" },
	{ "\"a<b\"@example.org", "quotes" },
	{ "\"a\\>b\"@example.org", "quotes" },
	{ "ana@[192.0.2.1]", "not a host name" },
	{ "ana@[IPv6:2001:db8::1]", "not a host name" },
	{ "ana@192.0.2.1", "ends in a number" },
	{ "ana@example.42", "ends in a number" },
	{ "ana@xn--.org", "not a host name" },
};

static void anything_else_is_refused_with_its_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *why = "";

		if (address_ok(str_of(bad[i].address), &why))
			fail_msg("'%s' is ok", bad[i].address);
		if (!strstr(why, bad[i].why))
			fail_msg("'%s': %s", bad[i].address, why);
		assert_false(address_ok(str_of(bad[i].address), NULL));
	}
}

/* Each stands before, inside and behind either half. */
static void no_control_or_unseen_character_passes_anywhere(void **state)
{
	static const struct str never[] = {
		STR("\r"),
		STR("\n"),
		STR("\r\n"),
		STR("\0"),
		STR("\t"),
		STR("\x1b"),
		STR("\x7f"),
		STR("\xc2\x80"),
		STR("\xc2\x85"),
		STR("\xc2\x9f"),
		STR("\u2028"),
		STR("\u2029"),
		STR(" "),
		STR("<"),
		STR(">"),
		STR("\x80"),
		STR("\xc3"),
		STR("\xff"),
		STR("\xed\xa0\x80"),
		STR("\xc0\xaf"),
	};
	static const struct str unseen[] = {
		STR("\xc2\xa0"), STR("\xc2\xad"), STR("\u200b"), STR("\u200e"),
		STR("\u202e"),	 STR("\u2066"),	  STR("\u3000"), STR("\ufeff"),
	};
	static const char *const shapes[] = {
		"%.*sa@b.cd", "a%.*sa@b.cd", "a%.*s@b.cd", "\"a%.*sb\"@b.cd",
		"a@%.*sb.cd", "a@b%.*sb.cd", "a@b.cd%.*s", "a@bü%.*sb.cd",
	};

	(void)state;
	for (size_t k = 0; k < COUNT(shapes); k++) {
		/* The local part alone: a host name's mapping drops some. */
		size_t more = k < 4 ? COUNT(unseen) : 0;

		for (size_t i = 0; i < COUNT(never) + more; i++) {
			struct str mark = i < COUNT(never)
						  ? never[i]
						  : unseen[i - COUNT(never)];
			struct str shape = str_of(shapes[k]);
			ptrdiff_t at = str_find(shape, '%');
			struct str tail = str_skip(shape, (size_t)at + 4);
			char *whole = arena_take(arena, 64);
			size_t len = (size_t)at + mark.len + tail.len;

			memcpy(whole, shape.at, (size_t)at);
			memcpy(whole + at, mark.at, mark.len);
			memcpy(whole + at + mark.len, tail.at, tail.len);
			if (address_ok(str_at(whole, len), NULL))
				fail_msg("shape %zu took mark %zu", k, i);
		}
	}
}

static const char *sized(size_t local, size_t domain)
{
	static const char end[] = ".example";
	char *at = arena_take(arena, local + domain + 2);

	memset(at, 'a', local + 1 + domain);
	at[local] = '@';
	for (size_t i = 1; i < domain; i++)
		if (i % 50 == 0)
			at[local + 1 + i] = '.';
	memcpy(at + local + 1 + domain - sizeof(end) + 1, end, sizeof(end));
	return at;
}

static void the_limits_are_64_and_254_octets_and_63_a_label(void **state)
{
	static const struct {
		size_t local, domain;
		const char *why;
	} cases[] = {
		{ 63, 100, NULL },	   { 64, 100, NULL },
		{ 65, 100, "64 octets" },  { 64, 188, NULL },
		{ 64, 189, NULL },	   { 64, 190, "254 octets" },
		{ 1, 252, NULL },	   { 1, 253, "254 octets" },
		{ 1, 1000, "254 octets" },
	};
	const char *why;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str address = str_of(
			sized(cases[i].local, cases[i].domain));

		assert_int_equal(address.len,
				 cases[i].local + 1 + cases[i].domain);
		why = "";
		assert_int_equal(address_ok(address, &why), !cases[i].why);
		if (cases[i].why)
			assert_non_null(strstr(why, cases[i].why));
	}
	assert_true(address_ok(STR("a@" X60 "xx.example"), NULL));
	assert_true(address_ok(STR("a@" LABEL_63 ".example"), NULL));
	assert_false(address_ok(STR("a@" LABEL_63 "x.example"), NULL));
	assert_true(address_ok(STR("a@b." LABEL_63), NULL));
	assert_false(address_ok(STR("a@b." LABEL_63 "x"), NULL));
	/* Octets, not characters: 32 times two are the limit. */
	assert_true(
		address_ok(STR("üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü@b.cd"), NULL));
	assert_false(address_ok(STR("üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü@b.cd"),
				NULL));
}

/* What counts is what goes out: "ü." is three octets, its A-label eight. */
static void the_limits_hold_for_the_form_on_the_wire(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, 1024);
	buf_addz(&text, "a@");
	for (int labels = 1; labels <= 40; labels++) {
		struct str address;
		const char *why = "";

		buf_addz(&text, "ü.");
		address = arena_fmt(arena, "%scom", text.at);
		assert_true(address.len < 128);
		assert_int_equal(address_ok(address, &why), labels <= 31);
		assert_int_equal(why[0] != 0, labels > 31);
	}
	buf_done(&text);
}

/* Wide forms of signs become the plain ones when a host name is mapped: they
 * would end the address on the wire and let a parameter of SMTP begin. */
static void no_sign_comes_out_of_the_mapping_of_a_host_name(void **state)
{
	static const char *const hosts[] = {
		"x.com＞　notify＝never.com",
		"x.com＞",
		"x＜.com",
		"b＠c.com",
		"a℀b.com",
		"⑴.com",
		"x.c㏂m",
		"ü.c＞m",
		"b.c。",
		"b。。com",
		"☃.com",
		"１.２.３.４",
		"a.\u0301x.com",
		"x／y.com",
		"x：25.com",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct str address = arena_fmt(arena, "a@%s", hosts[i]);

		if (address_ok(address, NULL))
			fail_msg("'a@%s' is ok, as '%s'", hosts[i],
				 arena_z(arena, address_wire(arena, address)));
		/* And nobody is led on who did not ask. */
		assert_true(str_eq(address_wire(arena, address), address));
	}
}

static void the_wire_form_changes_the_domain_alone(void **state)
{
	static const struct {
		const char *address, *wire;
	} cases[] = {
		{ "Ana@Example.ORG", "Ana@example.org" },
		{ "ana@example.org", "ana@example.org" },
		{ "a@BÜCHER.Example", "a@xn--bcher-kva.example" },
		{ "a@bu\u0308cher.example", "a@xn--bcher-kva.example" },
		{ "a@XN--BCHER-KVA.Example", "a@xn--bcher-kva.example" },
		{ "a@XN--ZZZZZZ99999.Example", "a@xn--zzzzzz99999.example" },
		{ "Å@straße.example", "Å@xn--strae-oqa.example" },
		{ "A\u030A@b.cd", "A\u030A@b.cd" },
		{ "a@bücher。example", "a@xn--bcher-kva.example" },
		{ "a@例子.测试", "a@xn--fsqu00a.xn--0zwm56d" },
		{ "\"A@B\"@C.De", "\"A@B\"@c.de" },
		{ "-oQ/tmp@X.test", "-oQ/tmp@x.test" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_str(address_wire(arena, str_of(cases[i].address)),
			   cases[i].wire);
}

static void one_person_has_one_key_however_written(void **state)
{
	static const struct {
		const char *address, *key;
	} cases[] = {
		{ "Ana@Example.ORG", "ana@example.org" },
		{ "\"Ana\"@example.org", "ana@example.org" },
		{ "\"A\\na\"@example.org", "ana@example.org" },
		{ "\"ana.\"@example.org", "\"ana.\"@example.org" },
		{ "\"\\a\\n\\a\\.\"@example.org", "\"ana.\"@example.org" },
		{ "\"a\\\"b\"@example.org", "\"a\\\"b\"@example.org" },
		{ "\"\\\"a\\\"\"@example.org", "\"\\\"a\\\"\"@example.org" },
		{ "\"a@b\"@example.org", "\"a@b\"@example.org" },
		{ "BJÖRK@example.org", "björk@example.org" },
		{ "bjo\u0308rk@example.org", "björk@example.org" },
		{ "BJO\u0308RK@bücher.example", "björk@xn--bcher-kva.example" },
		{ "a.b@example.org", "a.b@example.org" },
		{ "a+b@example.org", "a+b@example.org" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str key = address_key(arena, str_of(cases[i].address));

		assert_str(key, cases[i].key);
		assert_str(address_key(arena, key), cases[i].key);
	}
}

static void the_halves_part_at_the_last_at(void **state)
{
	static const struct {
		const char *address, *local, *domain;
		bool utf8;
	} cases[] = {
		{ "a@b.cd", "a", "b.cd", false },
		{ "\"a@b\"@c.de", "\"a@b\"", "c.de", false },
		{ "ä@b.cd", "ä", "b.cd", true },
		{ "a@ä.cd", "a", "ä.cd", false },
		{ "nobody", "", "", false },
		{ "", "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str address = str_of(cases[i].address);

		assert_str(address_local(address), cases[i].local);
		assert_str(address_domain(address), cases[i].domain);
		assert_int_equal(address_needs_utf8(address), cases[i].utf8);
	}
}

static void a_mailbox_is_a_name_and_an_address(void **state)
{
	static const struct {
		const char *text, *name, *address;
	} cases[] = {
		{ "a@b.cd", "", "a@b.cd" },
		{ "  a@b.cd\t", "", "a@b.cd" },
		{ "<a@b.cd>", "", "a@b.cd" },
		{ "Ana <a@b.cd>", "Ana", "a@b.cd" },
		{ "Ana<a@b.cd>", "Ana", "a@b.cd" },
		{ "Ana  Ruiz   < a@b.cd >", "Ana  Ruiz", "a@b.cd" },
		{ "\"Q. Name\" <a@b.cd>", "Q. Name", "a@b.cd" },
		{ "\"A \\\"B\\\" \\\\\" <a@b.cd>", "A \"B\" \\", "a@b.cd" },
		{ "The Swamp, Ltd. <a@b.cd>", "The Swamp, Ltd.", "a@b.cd" },
		{ "Björk <björk@b.cd>", "Björk", "björk@b.cd" },
		{ "A <b> <a@b.cd>", "A <b>", "a@b.cd" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct mailbox box;
		struct err err = ERR_INIT;

		if (mailbox_parse(str_of(cases[i].text), arena, &box, &err) < 0)
			fail_msg("'%s': %s", cases[i].text, err.message);
		assert_str(box.name, cases[i].name);
		assert_str(box.address, cases[i].address);
	}
}

static void what_is_no_mailbox_is_refused_and_leaves_all_alone(void **state)
{
	static const struct {
		struct str text;
		const char *message;
	} cases[] = {
		{ STR(""), "no @" },
		{ STR("Ana"), "no @" },
		{ STR("a@b.cd>"), "not an address" },
		{ STR("Ana a@b.cd>"), "not an address" },
		{ STR(">"), "no @" },
		{ STR("<>"), "no @" },
		{ STR("Ana <a@b.cd"), "not an address" },
		{ STR("a@b.cd, c@d.ef"), "not an address" },
		{ STR("a@b.cd (Ana)"), "not an address" },
		{ STR("Ana <a@b.cd> x"), "not an address" },
		{ STR("A\nBcc: x@y.zz <a@b.cd>"), "control character" },
		{ STR("A\rB <a@b.cd>"), "control character" },
		{ STR("A\0B <a@b.cd>"), "control character" },
		{ STR("A\xc2\x85Z <a@b.cd>"), "control character" },
		{ STR("A\u2028B <a@b.cd>"), "control character" },
		{ STR("A\xffZ <a@b.cd>"), "control character" },
		{ STR("\"A\\\nB\" <a@b.cd>"), "control character" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct mailbox box = { STR("was"), STR("there") };
		struct err err = ERR_INIT;

		assert_int_equal(
			mailbox_parse(cases[i].text, arena, &box, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		if (!strstr(err.message, cases[i].message))
			fail_msg("%zu: %s", i, err.message);
		assert_str(box.name, "was");
		assert_str(box.address, "there");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_of_people_are_ok),
		cmocka_unit_test(anything_else_is_refused_with_its_reason),
		cmocka_unit_test(
			no_control_or_unseen_character_passes_anywhere),
		cmocka_unit_test(
			the_limits_are_64_and_254_octets_and_63_a_label),
		cmocka_unit_test(the_limits_hold_for_the_form_on_the_wire),
		cmocka_unit_test(
			no_sign_comes_out_of_the_mapping_of_a_host_name),
		cmocka_unit_test(the_wire_form_changes_the_domain_alone),
		cmocka_unit_test(one_person_has_one_key_however_written),
		cmocka_unit_test(the_halves_part_at_the_last_at),
		cmocka_unit_test(a_mailbox_is_a_name_and_an_address),
		cmocka_unit_test(
			what_is_no_mailbox_is_refused_and_leaves_all_alone),
	};

	return cmocka_run_group_tests(tests, up, down);
}
