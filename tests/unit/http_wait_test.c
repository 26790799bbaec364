/* http_wait_test.c - requests that wait for news, and the end of a server */
#include "http_rig.h"

static const struct str get_waits = STR("GET /waits HTTP/1.1\r\n"
					"Host: localhost\r\n\r\n");

static int begin(struct rig *rig)
{
	int fd = join(rig);
	int before = rig->handled;

	say(rig, fd, get_waits);
	while (rig->handled == before)
		turn(rig);
	return fd;
}

static void assert_silent(int fd)
{
	char c;

	assert_int_equal(recv(fd, &c, 1, MSG_PEEK), -1);
	assert_int_equal(errno, EAGAIN);
}

static void who_waits_hears_news_when_there_are_some(void **state)
{
	struct rig rig;
	int first, second;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	first = begin(&rig);
	second = begin(&rig);
	assert_silent(first);
	rig.release = 1;
	turn(&rig);
	assert_silent(first); /* nobody woke it */
	http_wake(rig.server);
	assert_in(hear(&rig, first, "news"), " 200 ");
	assert_in(hear(&rig, second, "news"), " 200 ");
	assert_int_equal(rig.handled, 4);
	close(first);
	close(second);
	rig_close(&rig);
}

static void no_news_is_said_when_the_time_is_up(void **state)
{
	struct rig rig;
	int fd;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	fd = begin(&rig);
	rig.now += 4000;
	http_wake(rig.server); /* a false alarm does not prolong it */
	turn(&rig);
	assert_int_equal(rig.handled, 2);
	rig.now += 999;
	turn(&rig);
	assert_silent(fd);
	rig.now += 1;
	assert_in(hear(&rig, fd, "no news"), " 200 ");
	assert_int_equal(rig.handled, 3);
	close(fd);
	rig_close(&rig);
}

/* A handler that would wait for ever does not: the second HTTP_LATER counts as
 * its failure. */
static int never(void *arg, const struct http_request *r,
		 struct http_response *response, struct err *err)
{
	(void)arg;
	(void)r;
	(void)err;
	response->wait_ms = 1000;
	return HTTP_LATER;
}

static void an_answer_that_is_due_must_come(void **state)
{
	static const struct http_route routes[] = {
		{ HTTP_GET, "/waits", never }, { 0 }
	};
	struct rig rig;
	int fd;

	(void)state;
	rig_open(&rig, (struct http_options){ .routes = routes });
	fd = join(&rig);
	say(&rig, fd, get_waits);
	rig.now += 1000;
	assert_in(hear(&rig, fd, "\r\n\r\n"), " 500 ");
	close(fd);
	rig_close(&rig);
}

static void waiting_is_not_held_against_the_deadline(void **state)
{
	struct http_options options = { .limits = { .request_ms = 2000 } };
	struct rig rig;
	int fd;

	(void)state;
	rig_open(&rig, options);
	fd = begin(&rig);
	rig.now += 4999;
	turn(&rig);
	rig.release = 1;
	http_wake(rig.server);
	assert_in(hear(&rig, fd, "news"), " 200 ");
	close(fd);
	rig_close(&rig);
}

static void http_run_says_when_it_wants_to_be_called_again(void **state)
{
	struct rig rig;
	int fd;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	assert_int_equal(http_run(rig.server, rig.now), -1);
	fd = begin(&rig);
	/* Who waits may leave: it is looked after each second. */
	assert_int_equal(http_run(rig.server, rig.now), rig.now + 1000);
	for (int i = 0; i < 4; i++) {
		rig.now += 1000;
		http_run(rig.server, rig.now);
	}
	rig.now += 500;
	assert_int_equal(http_run(rig.server, rig.now), rig.now + 500);
	close(fd);
	rig_close(&rig);
}

static void a_server_that_closes_leaves_nobody_waiting(void **state)
{
	struct rig rig;
	char text[1000];
	ssize_t n;
	int fd;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	fd = begin(&rig);
	rig_close(&rig);
	fcntl(fd, F_SETFL, 0);
	n = recv(fd, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = 0;
	assert_in(text, "HTTP/1.1 503 ");
	assert_int_equal(rig.handled, 1);
	close(fd);
}

/* The other side hangs up while it waits: nothing is left behind (the
 * sanitizers would tell), and others go on. */
static void who_leaves_while_waiting_is_forgotten(void **state)
{
	struct rig rig;
	int gone, here;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	gone = begin(&rig);
	here = begin(&rig);
	close(gone);
	rig.release = 1;
	http_wake(rig.server);
	assert_in(hear(&rig, here, "news"), " 200 ");
	close(here);
	turn(&rig);
	rig_close(&rig);
}

/* A page that polls and is loaded anew again and again must not shut its own
 * address out; nor does what it said before it left, read or not. */
static void who_leaves_while_waiting_gives_up_the_place(void **state)
{
	static const struct str last_words[] = { STR(""), STR("GET / HT") };
	struct http_options options = { .limits = { .per_address = 1 } };
	struct rig rig;

	(void)state;
	rig_open(&rig, options);
	for (size_t i = 0; i < COUNT(last_words); i++) {
		int fd = begin(&rig);

		say(&rig, fd, last_words[i]);
		close(fd);
		rig.now += 1000;
		turn(&rig);
		turn(&rig);
		fd = join(&rig);
		say(&rig, fd, STR("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
		assert_in(hear(&rig, fd, "|0\n"), " 200 ");
		close(fd);
		turn(&rig);
	}
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_waits_hears_news_when_there_are_some),
		cmocka_unit_test(no_news_is_said_when_the_time_is_up),
		cmocka_unit_test(an_answer_that_is_due_must_come),
		cmocka_unit_test(waiting_is_not_held_against_the_deadline),
		cmocka_unit_test(
			http_run_says_when_it_wants_to_be_called_again),
		cmocka_unit_test(a_server_that_closes_leaves_nobody_waiting),
		cmocka_unit_test(who_leaves_while_waiting_is_forgotten),
		cmocka_unit_test(who_leaves_while_waiting_gives_up_the_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
