/* Whole runs against a relay that has limits of its own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdatomic.h>

#include "send_rig.h"
#include "send_sink.h"

#define PER_SECOND 40
#define BURST	   20

static struct send_rig rig;
static struct sink sink;
static atomic_int refused;

/* Every second reader of 160 is at a large provider. */
static int open_rig(void **state)
{
	(void)state;
	send_rig_open(&rig, 160);
	sink_open(&sink);
	ask(&rig.books,
	    "UPDATE delivery SET address = 'reader' || ordinal || '@gmail.com'"
	    " WHERE ordinal % 2 = 1",
	    0, 0, "");
	refused = 0;
	return 0;
}

static int close_rig(void **state)
{
	(void)state;
	sink_close(&sink);
	send_rig_close(&rig);
	return 0;
}

static void run(int connections)
{
	char relay[100];

	snprintf(relay, sizeof(relay),
		 "url: \"smtp://127.0.0.1:%d\", connections: %d", sink.port,
		 connections);
	send_rig_settings(&rig, relay, "");
	must(send_run(&rig.options, &rig.done, &rig.books.err), &rig.books.err);
}

/* A bucket that holds BURST and fills at PER_SECOND; in the sink's thread. */
static const char *limit_gmail(const char *when, const char *to)
{
	static int64_t filled_at;
	static double bucket;
	int64_t now = clock_boot_ms();

	if (strcmp(when, "RCPT") || !strstr(to, "@gmail.com"))
		return NULL;
	if (filled_at == 0)
		bucket = BURST;
	else
		bucket += (double)(now - filled_at) * PER_SECOND / 1000;
	bucket = bucket < BURST ? bucket : BURST;
	filled_at = now;
	if (bucket < 1) {
		refused++;
		return "421 4.7.0 too many messages from you";
	}
	bucket -= 1;
	return NULL;
}

static bool is_gmail(int letter)
{
	return strstr(sink.letters[letter].to, "@gmail.com") != NULL;
}

/* All get their letter, few are refused on the way, and who is elsewhere does
 * not wait for them. */
static void a_limited_provider_is_served_at_its_own_speed(void **state)
{
	int late = 0;

	(void)state;
	sink.answer = limit_gmail;
	run(4);
	assert_int_equal(sink.count, 160);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 160);
	assert_int_equal(
		ask(&rig.books, "SELECT max(attempts) FROM delivery", 0, 0, ""),
		1);
	assert_in_range(refused, 1, 50);
	for (int i = 160 - 25; i < 160; i++)
		late += is_gmail(i);
	assert_int_equal(late, 25);
	assert_int_equal(ask(&rig.books,
			     "SELECT count(*) FROM pace_limit"
			     " WHERE lane = 'gmail' AND speed > 0",
			     0, 0, ""),
			 1);
}

/* The third connection is one too many, until the others are gone. */
static const char *two_at_once(const char *when, const char *to)
{
	int open = 0;

	(void)to;
	if (strcmp(when, "connect"))
		return NULL;
	for (int i = 0; i < SINK_CONNECTIONS; i++)
		open += sink.all[i].fd >= 0;
	if (open <= 2)
		return NULL;
	refused++;
	return "421 4.7.0 too many connections from you";
}

static void a_relay_that_takes_two_connections_is_asked_for_no_more(
	void **state)
{
	(void)state;
	sink.answer = two_at_once;
	run(8);
	assert_int_equal(sink.count, 160);
	assert_int_equal(rows_in(&rig, DELIVERY_SENT), 160);
	/* Some before the first refusal was known, and no storm of them. */
	assert_in_range(refused, 1, 30);
	assert_string_equal(rig.done.last_trouble, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_limited_provider_is_served_at_its_own_speed),
		TEST(a_relay_that_takes_two_connections_is_asked_for_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
