/* Faults on the wire: each is what its name says, and nothing else is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "base/clock.h"
#include "catch_rig.h"

/* The whole session is said at once, and these codes come back. */
static const char session[] =
	"EHLO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n";
static const char letter[] = "hello\r\n.\r\n";

static const struct {
	const char *spec;
	int codes[8];
	bool ends; /* the connection */
	bool kept;
} cases[] = {
	{ "", { 220, 250, 250, 250, 354, 250 }, false, true },
	{ "connect:drop", { 0 }, true, false },
	{ "greeting:554 5.7.1", { 554 }, true, false },
	{ "greeting:421", { 421 }, true, false },
	{ "ehlo:drop", { 220 }, true, false },
	{ "mail:451 4.7.1", { 220, 250, 451, 503, 503 }, false, false },
	/* What was said before still goes out. */
	{ "mail:drop", { 220, 250 }, true, false },
	{ "rcpt:drop", { 220, 250, 250 }, true, false },
	{ "rcpt:550 5.1.1", { 220, 250, 250, 550, 554 }, false, false },
	{ "rcpt:421", { 220, 250, 250, 421 }, true, false },
	{ "rcpt:550 domain=x", { 220, 250, 250, 550, 554 }, false, false },
	{ "rcpt:550 domain=y", { 220, 250, 250, 250, 354, 250 }, false, true },
	{ "rcpt:550@0%", { 220, 250, 250, 250, 354, 250 }, false, true },
	{ "rcpt:grey=3600", { 220, 250, 250, 451, 554 }, false, false },
	{ "data:554 5.5.1", { 220, 250, 250, 250, 554 }, false, false },
	{ "data:drop", { 220, 250, 250, 250 }, true, false },
	{ "body:drop", { 220, 250, 250, 250, 354 }, true, false },
	{ "body:452 4.3.1", { 220, 250, 250, 250, 354, 452 }, true, false },
	{ "body:452 domain=y", { 220, 250, 250, 250, 354, 250 }, false, true },
	{ "dot:550 5.7.1", { 220, 250, 250, 250, 354, 550 }, false, false },
	{ "dot:drop", { 220, 250, 250, 250, 354 }, true, false },
	{ "dot:drop-kept", { 220, 250, 250, 250, 354 }, true, true },
	{ "dot:delay=1", { 220, 250, 250, 250, 354, 250 }, false, true },
	{ "dot:close-after=1",
	  { 220, 250, 250, 250, 354, 250, 421 },
	  true,
	  true },
	{ "dot:close-after=2; dot:550",
	  { 220, 250, 250, 250, 354, 550 },
	  false,
	  false },
	/* One throw of the dice decides: a letter is refused or kept. */
	{ "dot:550; dot:drop-kept",
	  { 220, 250, 250, 250, 354, 550 },
	  false,
	  false },
};

static void a_fault_does_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct client c;
		struct rig rig;
		bool data = false;

		rig_init(&rig);
		rig.options.faults = str_of(cases[i].spec);
		assert_true(rig_start(&rig));
		client_open(&c, rig.port);
		client_say(&c, session);
		for (int n = 0; n < 8; n++) {
			int want = cases[i].codes[n];

			/* Behind the last one nothing more may come: asked by
			 * a command that is always answered. */
			if (want == 0 && !cases[i].ends) {
				client_say(&c, "VRFY x\r\n");
				want = 252;
			}
			if (client_hear(&c) != want)
				fail_msg("%s, reply %d: %s", cases[i].spec, n,
					 c.reply);
			if (want == 0 || want == 252)
				break;
			if (want == 354 && !data) {
				data = true;
				client_say(&c, letter);
			}
		}
		client_close(&c);
		assert_int_equal(rig_has(&rig, "000001.eml"), cases[i].kept);
		rig_end(&rig);
	}
}

/* The mixture holds over many letters: who was answered 250 or dropped as kept
 * has a file, and nobody else. */
static void a_mixture_of_dot_faults_keeps_just_what_it_says(void **state)
{
	struct client c = { .fd = -1 };
	int kept = 0, refused = 0, dropped = 0;
	struct rig rig;
	char name[32];

	(void)state;
	rig_init(&rig);
	rig.options.faults = STR(
		"seed=5; dot:drop-kept@20%; dot:451@30%; dot:drop@20%");
	assert_true(rig_start(&rig));
	for (int i = 0; i < 200; i++) {
		int code;

		if (c.fd < 0)
			client_greet(&c, rig.port);
		client_begin(&c);
		code = client_ask(&c, "x\r\n.");
		snprintf(name, sizeof(name), "%06d.eml", kept + 1);
		if (code == 250) {
			kept++;
			assert_true(rig_has(&rig, name));
		} else if (code == 451) {
			refused++;
			assert_false(rig_has(&rig, name));
		} else {
			assert_int_equal(code, 0);
			dropped++;
			kept += rig_has(&rig, name);
			client_close(&c);
			c.fd = -1;
		}
	}
	if (c.fd >= 0)
		client_close(&c);
	/* 20 % kept in silence, 24 % refused, 11 % gone. */
	assert_in_range(refused, 30, 70);
	assert_in_range(dropped, 40, 85);
	assert_in_range(kept - (200 - refused - dropped), 25, 60);
	rig_end(&rig);
}

static void a_delay_takes_its_time(void **state)
{
	struct client c;
	struct rig rig;
	int64_t before;

	(void)state;
	rig_init(&rig);
	rig.options.faults = STR("mail:delay=150");
	assert_true(rig_start(&rig));
	client_greet(&c, rig.port);
	before = clock_boot_ms();
	assert_int_equal(client_ask(&c, "MAIL FROM:<a@x>"), 250);
	assert_true(clock_boot_ms() - before >= 149);
	client_close(&c);
	rig_end(&rig);
}

/* A stalled client may talk on for ever, and hears nothing; the others are
 * served meanwhile. */
static void a_stall_holds_up_nobody_else(void **state)
{
	static char much[3 * 1024 * 1024];
	struct client stalled, other;
	struct rig rig;

	(void)state;
	memset(much, 'x', sizeof(much));
	rig_init(&rig);
	rig.options.faults = STR("rcpt:stall domain=slow.example");
	assert_true(rig_start(&rig));
	client_greet(&stalled, rig.port);
	client_say(&stalled, "MAIL FROM:<a@x>\r\nRCPT TO:<b@slow.example>\r\n");
	assert_int_equal(client_hear(&stalled), 250);
	client_send(&stalled, much, sizeof(much));
	client_greet(&other, rig.port);
	client_begin(&other);
	assert_int_equal(client_ask(&other, "x\r\n."), 250);
	/* Not even closed. */
	assert_int_equal(recv(stalled.fd, much, 1, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
	client_close(&other);
	client_close(&stalled);
	rig_end(&rig);
}

static int64_t cpu_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Replies that nobody reads, and one that is held back: neither costs CPU
 * until its time, and all come in the end. */
static void what_waits_costs_no_cpu_and_is_not_lost(void **state)
{
	enum { COUNT = 10000 };
	static char flood[8 * COUNT];
	struct client deaf, other;
	clockid_t clock;
	struct rig rig;
	int64_t before;

	(void)state;
	rig_init(&rig);
	rig.options.faults = STR("mail:delay=400");
	assert_true(rig_start(&rig));
	assert_int_equal(pthread_getcpuclockid(rig.thread, &clock), 0);
	deaf = (struct client){ .fd = rig_dial_narrow(rig.port, 536) };
	assert_int_equal(client_hear(&deaf), 220);
	for (int i = 0; i < COUNT; i++)
		memcpy(flood + 8 * i, "VRFY x\r\n", 8);
	client_send(&deaf, flood, sizeof(flood));
	/* Behind all of those, since they came before. */
	client_greet(&other, rig.port);
	before = cpu_ms(clock);
	assert_int_equal(client_ask(&other, "MAIL FROM:<a@x>"), 250);
	assert_true(cpu_ms(clock) - before < 150);
	for (int i = 0; i < COUNT; i++)
		assert_int_equal(client_hear(&deaf), 252);
	client_close(&other);
	client_close(&deaf);
	rig_end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fault_does_what_it_says),
		cmocka_unit_test(
			a_mixture_of_dot_faults_keeps_just_what_it_says),
		cmocka_unit_test(a_delay_takes_its_time),
		cmocka_unit_test(a_stall_holds_up_nobody_else),
		cmocka_unit_test(what_waits_costs_no_cpu_and_is_not_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
