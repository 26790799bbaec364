/* "seed=7; rcpt:451@10%": what goes wrong, when, and how often. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "catch/catch_priv.h"

struct rig {
	struct arena *arena;
	struct faults faults;
	struct err err;
};

static void rig_parse(struct rig *rig, const char *spec)
{
	*rig = (struct rig){ .err = ERR_INIT };
	rig->arena = arena_new("a test", (size_t)1 << 20);
	if (faults_parse(str_of(spec), rig->arena, &rig->faults, &rig->err) < 0)
		fail_msg("'%s': %s", spec, rig->err.message);
}

static void rig_done(struct rig *rig)
{
	arena_free(&rig->arena);
}

static void a_rule_says_when_what_and_how_often(void **state)
{
	static const struct {
		const char *spec;
		enum fault_moment moment;
		enum fault_kind kind;
		int percent;
		int64_t number;
		const char *reply, *domain;
	} cases[] = {
		{ "rcpt:550", FAULT_RCPT, FAULT_REPLY, 100, 0,
		  "550 as asked for", "" },
		{ "rcpt:550 5.1.1@50%", FAULT_RCPT, FAULT_REPLY, 50, 0,
		  "550 5.1.1 as asked for", "" },
		{ "  rcpt : 451 4.7.1 @ 10% ", FAULT_RCPT, FAULT_REPLY, 10, 0,
		  "451 4.7.1 as asked for", "" },
		{ "rcpt:550 domain=bad.example", FAULT_RCPT, FAULT_REPLY, 100,
		  0, "550 as asked for", "bad.example" },
		{ "rcpt:550@5% domain=bad.example", FAULT_RCPT, FAULT_REPLY, 5,
		  0, "550 as asked for", "bad.example" },
		{ ";; connect:drop;", FAULT_CONNECT, FAULT_DROP, 100, 0, NULL,
		  "" },
		{ "greeting:421", FAULT_GREETING, FAULT_REPLY, 100, 0,
		  "421 as asked for", "" },
		{ "ehlo:stall@0%", FAULT_EHLO, FAULT_STALL, 0, 0, NULL, "" },
		{ "tls:454", FAULT_TLS, FAULT_REPLY, 100, 0, "454 as asked for",
		  "" },
		{ "auth:tarpit", FAULT_AUTH, FAULT_TARPIT, 100, 0, NULL, "" },
		{ "mail:grey=60", FAULT_MAIL, FAULT_GREY, 100, 60, NULL, "" },
		{ "data:delay=1500", FAULT_DATA, FAULT_DELAY, 100, 1500, NULL,
		  "" },
		{ "body:drop@1%", FAULT_BODY, FAULT_DROP, 1, 0, NULL, "" },
		{ "dot:drop-kept", FAULT_DOT, FAULT_DROP_KEPT, 100, 0, NULL,
		  "" },
		{ "dot:close-after=3", FAULT_DOT, FAULT_CLOSE_AFTER, 100, 3,
		  NULL, "" },
		{ "dot:delay=1000000000", FAULT_DOT, FAULT_DELAY, 100,
		  1000000000, NULL, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct fault *f;
		struct rig rig;

		rig_parse(&rig, cases[i].spec);
		f = rig.faults.first;
		assert_non_null(f);
		assert_null(f->next);
		assert_int_equal(f->moment, cases[i].moment);
		assert_int_equal(f->kind, cases[i].kind);
		assert_int_equal(f->percent, cases[i].percent);
		assert_int_equal(f->number, cases[i].number);
		if (cases[i].reply)
			assert_string_equal(f->reply.at, cases[i].reply);
		assert_true(str_eqz(f->domain, cases[i].domain));
		rig_done(&rig);
	}
}

static void no_fault_is_a_good_spec_too(void **state)
{
	static const char *const specs[] = { "", " ", ";", "seed=9",
					     "seed=-1;" };

	(void)state;
	for (size_t i = 0; i < sizeof(specs) / sizeof(*specs); i++) {
		struct rig rig;

		rig_parse(&rig, specs[i]);
		assert_null(rig.faults.first);
		rig_done(&rig);
	}
}

static void a_mistake_is_named_with_what_may_have_been_meant(void **state)
{
	static const struct {
		const char *spec, *message, *hint;
	} cases[] = {
		{ "rpct:550", "'rpct' is no fault", "did you mean 'rcpt'?" },
		{ "greet:550", "'greet' is no fault",
		  "did you mean 'greeting'?" },
		{ "dot:550; daat:451", "'daat' is no fault",
		  "did you mean 'data'?" },
		{ "dot:dorp", "'dorp' is no fault", "did you mean 'drop'?" },
		{ "dot:drop-kpet", "'drop-kpet' is no fault",
		  "did you mean 'drop-kept'?" },
		{ "dot:delya=5", "'delya=5' is no fault",
		  "did you mean 'delay'?" },
		{ "zebra:550", "'zebra' is no fault", "write WHEN:WHAT@P%" },
		{ "rcpt", "'' is no fault", "write WHEN:WHAT@P%" },
		{ "rcpt:", "'' is no fault", "write WHEN:WHAT@P%" },
		{ "rcpt:zebra", "'zebra' is no fault", "write WHEN:WHAT@P%" },
		{ "rcpt:199", "'199' is no fault", "write WHEN:WHAT@P%" },
		{ "rcpt:600", "'600' is no fault", "write WHEN:WHAT@P%" },
		{ "rcpt:55", "'55' is no fault", "write WHEN:WHAT@P%" },
		{ "rcpt:5500", "'5500' is no fault", "write WHEN:WHAT@P%" },
		{ "rcpt:550@", "'' is no fault", "write WHEN:WHAT@P%" },
		{ "rcpt:550@10", "'10' is no fault", "write WHEN:WHAT@P%" },
		{ "rcpt:550@101%", "'101%' is no fault", "write WHEN:WHAT@P%" },
		{ "rcpt:550@-1%", "'-1%' is no fault", "write WHEN:WHAT@P%" },
		{ "rcpt:550@%", "'%' is no fault", "write WHEN:WHAT@P%" },
		{ "dot:delay", "'delay' is no fault", "write WHEN:WHAT@P%" },
		{ "dot:delay=soon", "'delay=soon' is no fault",
		  "write WHEN:WHAT@P%" },
		{ "dot:delay=-1", "'delay=-1' is no fault",
		  "write WHEN:WHAT@P%" },
		{ "mail:grey=9223372036854775807",
		  "'grey=9223372036854775807' is no fault",
		  "write WHEN:WHAT@P%" },
		{ "dot:drop=5", "'drop=5' is no fault", "write WHEN:WHAT@P%" },
		{ "rcpt:550 domain=", "'rcpt:550 domain=' is no fault",
		  "write WHEN:WHAT@P%" },
		{ "seed=many", "'seed=many' is no fault",
		  "write WHEN:WHAT@P%" },
		/* It would be a reply of its own on the wire. */
		{ "rcpt:550 a\r\n250 b", "is no fault", "write WHEN:WHAT@P%" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = ERR_INIT;

		assert_int_equal(
			catch_faults_check(str_of(cases[i].spec), &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		if (!strstr(err.message, cases[i].message))
			fail_msg("'%s' says '%s'", cases[i].spec, err.message);
		if (!strstr(err.hint, cases[i].hint))
			fail_msg("'%s' hints '%s'", cases[i].spec, err.hint);
	}
}

/* --- when they strike --------------------------------------------------------- */

static const char *strikes(struct rig *rig, enum fault_moment moment,
			   const char *recipient, int64_t later_ms)
{
	const struct fault *f = faults_strike(&rig->faults, moment,
					      str_of(recipient),
					      rig->faults.started + later_ms);

	return !f ? "" : f->kind == FAULT_REPLY ? f->reply.at : "?";
}

static void a_fault_strikes_at_its_moment_for_its_domain_in_its_time(
	void **state)
{
	struct rig rig;

	(void)state;
	rig_parse(&rig, "rcpt:550 domain=Bad.Example; rcpt:451; mail:grey=60");
	assert_string_equal(strikes(&rig, FAULT_DATA, "a@bad.example", 0), "");
	assert_string_equal(strikes(&rig, FAULT_RCPT, "a@bad.example", 0),
			    "550 as asked for");
	assert_string_equal(strikes(&rig, FAULT_RCPT, "a@sub.bad.example", 0),
			    "451 as asked for");
	assert_string_equal(strikes(&rig, FAULT_RCPT, "a@good.example", 0),
			    "451 as asked for");
	assert_string_equal(strikes(&rig, FAULT_MAIL, "", 60000), "?");
	assert_string_equal(strikes(&rig, FAULT_MAIL, "", 60001), "");
	rig_done(&rig);
}

/* It strikes by the count of letters, and does not stand before others. */
static void close_after_hides_no_other_rule(void **state)
{
	struct rig rig;

	(void)state;
	rig_parse(&rig, "dot:close-after=5; dot:451");
	assert_string_equal(strikes(&rig, FAULT_DOT, "a@x", 0),
			    "451 as asked for");
	rig_done(&rig);
}

static void the_same_seed_brings_the_same_faults_and_the_share_is_right(
	void **state)
{
	static const int shares[] = { 0, 1, 10, 50, 99, 100 };

	(void)state;
	for (size_t i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
		int struck = 0, differ = 0;
		struct rig one, two, other;
		char spec[64];

		snprintf(spec, sizeof(spec), "seed=7;dot:451@%d%%", shares[i]);
		rig_parse(&one, spec);
		rig_parse(&two, spec);
		spec[5] = '8';
		rig_parse(&other, spec);
		for (int n = 0; n < 10000; n++) {
			bool hit = *strikes(&one, FAULT_DOT, "a@x", 0) != 0;

			assert_int_equal(
				hit, *strikes(&two, FAULT_DOT, "a@x", 0) != 0);
			differ += hit !=
				  (*strikes(&other, FAULT_DOT, "a@x", 0) != 0);
			struck += hit;
		}
		assert_in_range(struck + 200, 200 + shares[i] * 100 - 150,
				200 + shares[i] * 100 + 150);
		if (shares[i] == 0 || shares[i] == 100)
			assert_int_equal(struck, shares[i] * 100);
		else
			assert_true(differ > 0);
		rig_done(&one);
		rig_done(&two);
		rig_done(&other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_says_when_what_and_how_often),
		cmocka_unit_test(no_fault_is_a_good_spec_too),
		cmocka_unit_test(
			a_mistake_is_named_with_what_may_have_been_meant),
		cmocka_unit_test(
			a_fault_strikes_at_its_moment_for_its_domain_in_its_time),
		cmocka_unit_test(close_after_hides_no_other_rule),
		cmocka_unit_test(
			the_same_seed_brings_the_same_faults_and_the_share_is_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
