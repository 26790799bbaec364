/* http_limit_test.c - sizes, counts, times: nobody takes more than their part */
#include "http_rig.h"

#include "base/buf.h"
#include "http/server_priv.h"

#define HOST  "Host: localhost\r\n"
#define CLOSE HOST "Connection: close\r\n\r\n"
#define FORM  "Content-Type: application/x-www-form-urlencoded\r\n"

static struct origin origin_of_text(const char *text)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return origin_of((const struct sockaddr *)&v4);
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return origin_of((const struct sockaddr *)&v6);
}

static const struct {
	size_t path, query, header; /* bytes of each */
	const char *status;
} sizes[] = {
	{ 100, 0, 0, "200" },	{ 3000, 0, 0, "200" },	{ 0, 3000, 0, "200" },
	{ 0, 0, 3000, "200" },	{ 60000, 0, 0, "414" }, { 0, 60000, 0, "414" },
	{ 0, 0, 60000, "431" },
};

static void fill(struct buf *buf, char c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_byte(buf, c);
}

static void headers_have_a_limit(void **state)
{
	struct http_options options = { .limits = { .headers = 8192 } };
	struct rig rig;
	struct buf request;

	(void)state;
	rig_open(&rig, options);
	buf_init(&request, 200000);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		char wanted[32];

		buf_reset(&request);
		buf_addz(&request, "GET /i/x");
		fill(&request, 'p', sizes[i].path);
		buf_addz(&request, "?q=");
		fill(&request, 'q', sizes[i].query);
		buf_addz(&request, " HTTP/1.1\r\nX-Long: ");
		fill(&request, 'h', sizes[i].header);
		buf_addz(&request, "\r\n" CLOSE);
		snprintf(wanted, sizeof(wanted), "HTTP/1.1 %s ",
			 sizes[i].status);
		assert_in(ask(&rig, request.at), wanted);
	}
	buf_done(&request);
	rig_close(&rig);
}

static void so_has_their_number(void **state)
{
	struct rig rig;
	struct buf request;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	buf_init(&request, 20000);
	for (int count = 90; count <= 110; count += 20) {
		buf_reset(&request);
		buf_addz(&request, "GET / HTTP/1.1\r\n");
		for (int i = 0; i < count; i++)
			buf_addz(&request, "A: b\r\n");
		buf_addz(&request, CLOSE);
		assert_in(ask(&rig, request.at),
			  count < 100 ? " 200 " : " 431 ");
	}
	buf_done(&request);
	rig_close(&rig);
}

static void a_body_may_be_as_large_as_its_limit_and_no_larger(void **state)
{
	struct http_options options = { .limits = { .body = 1000 } };
	struct rig rig;
	struct buf request;

	(void)state;
	rig_open(&rig, options);
	buf_init(&request, 20000);
	for (size_t size = 1000; size <= 1001; size++) {
		buf_reset(&request);
		buf_fmt(&request,
			"POST /i/x HTTP/1.1\r\n" FORM
			"Content-Length: %zu\r\n" CLOSE "a=",
			size);
		fill(&request, 'b', size - 2);
		assert_in(ask(&rig, request.at),
			  size == 1000 ? "|1000\n" : "HTTP/1.1 413 ");
	}
	assert_int_equal(rig.handled, 1);
	buf_done(&request);
	rig_close(&rig);
}

/* Who announces too much need not even send it. */
static void too_large_a_body_is_refused_before_it_comes(void **state)
{
	struct rig rig;
	int fd;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	fd = join(&rig);
	say(&rig, fd,
	    STR("POST /i/x HTTP/1.1\r\n" HOST "Expect: 100-continue\r\n"
		"Content-Length: 99999999999\r\n\r\n"));
	assert_in(hear(&rig, fd, NULL), "HTTP/1.1 413 ");
	close(fd);
	rig_close(&rig);
}

static void fields_are_counted(void **state)
{
	static const struct {
		const char *query, *form, *status;
	} cases[] = {
		{ "a&b&c", "a=1&b=2&c=3", " 200 " },
		{ "&&&&&a", "&&&&&&", " 200 " },
		{ "a&b&c&d", "", " 413 " },
		{ "", "a&b&c&d", " 413 " },
	};
	struct http_options options = { .limits = { .fields = 3 } };
	struct rig rig;

	(void)state;
	rig_open(&rig, options);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char request[500];

		snprintf(request, sizeof(request),
			 "POST /i/x?%s HTTP/1.1\r\n" FORM
			 "Content-Length: %zu\r\n" CLOSE "%s",
			 cases[i].query, strlen(cases[i].form), cases[i].form);
		assert_in(ask(&rig, request), cases[i].status);
	}
	rig_close(&rig);
}

/* It is closed without an answer: there is none to give to a crowd. */
static void connections_have_a_limit(struct http_limits limits)
{
	static const struct str get = STR("GET / HTTP/1.1\r\n" HOST "\r\n");
	struct http_options options = { .limits = limits };
	struct rig rig;
	int fds[2], late;

	rig_open(&rig, options);
	for (size_t i = 0; i < COUNT(fds); i++) {
		fds[i] = join(&rig);
		say(&rig, fds[i], get);
		assert_in(hear(&rig, fds[i], "|0\n"), " 200 ");
	}
	late = join(&rig);
	say(&rig, late, get);
	assert_int_equal(rig.handled, 2);
	close(fds[0]);
	while (rig.handled < 3) { /* the next one finds room */
		close(late);
		late = join(&rig);
		say(&rig, late, get);
		turn(&rig);
	}
	close(late);
	close(fds[1]);
	rig_close(&rig);
}

static void all_connections_together_have_a_limit(void **state)
{
	(void)state;
	connections_have_a_limit((struct http_limits){ .connections = 2 });
}

static void connections_from_one_address_have_a_limit(void **state)
{
	(void)state;
	connections_have_a_limit((struct http_limits){ .per_address = 2 });
}

/* The library counts whole seconds, and none as for ever. */
static void who_says_nothing_is_hung_up_on(void **state)
{
	static const int64_t idle[] = { 1000, 1 };
	struct rig rig;

	(void)state;
	for (size_t i = 0; i < COUNT(idle); i++) {
		struct http_options options = { .limits = {
							.idle_ms = idle[i] } };
		int fd;

		rig_open(&rig, options);
		fd = join(&rig);
		hear(&rig, fd, NULL); /* comes back once it is closed */
		close(fd);
		rig_close(&rig);
	}
}

/* Heard in a loop that waits for nothing but what http_run() asks for. */
static void assert_answered_at_once(struct rig *rig, struct str request,
				    const char *words)
{
	time_t start = time(NULL);
	char text[2000];
	ssize_t n = -1;
	int fd = join(rig);

	assert_int_equal(send(fd, request.at, request.len, 0), request.len);
	for (;;) {
		int64_t next = http_run(rig->server, rig->now);

		n = recv(fd, text, sizeof(text) - 1, 0);
		if (n >= 0 || errno != EAGAIN)
			break;
		if (time(NULL) >= start + PATIENCE_S)
			fail_msg("no answer to %.9s", request.at);
		loop_wait(rig->loop, next == rig->now ? 0 : 1000 * PATIENCE_S);
	}
	text[n > 0 ? n : 0] = 0;
	assert_in(text, words);
	close(fd);
}

/* More than the library has room for beside their text. */
static void a_crowd_of_fields_or_headers_is_answered_at_once(void **state)
{
	static const struct {
		const char *before, *each, *after, *words;
	} cases[] = {
		{ "GET /?", "a=1&", " HTTP/1.1\r\n" CLOSE, " 413 " },
		{ "GET /?", "&", " HTTP/1.1\r\n" CLOSE, " 200 " },
		{ "GET / HTTP/1.1\r\n", "A:\r\n", CLOSE, " 431 " },
	};
	struct rig rig;
	struct buf request;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	buf_init(&request, 200000);
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_reset(&request);
		buf_addz(&request, cases[i].before);
		for (int k = 0; k < 1500; k++)
			buf_addz(&request, cases[i].each);
		buf_addz(&request, cases[i].after);
		assert_answered_at_once(&rig, buf_str(&request),
					cases[i].words);
	}
	buf_done(&request);
	rig_close(&rig);
}

/* Loopback has one address of IPv6, so that which are one is told alone. */
static void an_address_of_ipv6_stands_for_its_network(void **state)
{
	static const struct {
		const char *a, *b;
		bool one;
	} cases[] = {
		{ "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true },
		{ "2001:db8:1:2::1", "2001:db8:1:3::1", false },
		{ "::ffff:10.0.0.1", "10.0.0.1", true },
		{ "::ffff:10.0.0.1", "::ffff:10.0.0.2", false },
		{ "10.0.0.1", "10.0.0.2", false },
		{ "10.0.0.1", "2001:db8::1", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct origin a = origin_of_text(cases[i].a);
		struct origin b = origin_of_text(cases[i].b);

		assert_int_equal(memcmp(&a, &b, sizeof(a)) == 0, cases[i].one);
	}
}

static void a_mapped_address_is_loopback_when_it_is(void **state)
{
	static const struct {
		const char *host;
		bool is;
	} cases[] = {
		{ "::ffff:127.0.0.1", true }, { "::ffff:7f00:1", true },
		{ "::ffff:10.0.0.1", false }, { "::1", true },
		{ "::127.0.0.1", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(http_is_loopback(str_of(cases[i].host)),
				 cases[i].is);
}

static const char *const trickles[] = {
	"GET / HTTP/1.1\r\nX: ",
	"POST /i/x HTTP/1.1\r\n" HOST "Content-Length: 5000\r\n\r\n",
	"",
};

/* One byte whenever the idle time would end: the whole request has an end,
 * too. */
static void who_trickles_is_cut_off_at_the_deadline(void **state)
{
	/* It is not for idling that they are. */
	struct http_options options = { .limits = { .idle_ms = 3600000 } };
	struct rig rig;

	(void)state;
	rig_open(&rig, options);
	for (size_t i = 0; i < COUNT(trickles); i++) {
		int fd = join(&rig);
		char c;

		turn(&rig); /* it is taken in */
		say(&rig, fd, str_of(trickles[i]));
		for (int k = 0; k < 59; k++) {
			rig.now += 1000;
			say(&rig, fd, STR("x"));
		}
		assert_int_equal(recv(fd, &c, 1, 0), -1);
		assert_int_equal(errno, EAGAIN);
		rig.now += 1000;
		turn(&rig);
		hear(&rig, fd, NULL);
		close(fd);
	}
	assert_int_equal(rig.handled, 0);
	rig_close(&rig);
}

static void each_answer_gives_a_connection_its_time_again(void **state)
{
	struct rig rig;
	int fd;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	fd = join(&rig);
	for (int i = 0; i < 5; i++) {
		say(&rig, fd, STR("GET / HTTP/1.1\r\n" HOST "\r\n"));
		assert_in(hear(&rig, fd, "|0\n"), " 200 ");
		rig.now += 59000;
		turn(&rig);
	}
	close(fd);
	rig_close(&rig);
}

static void where_it_listens_is_checked_and_told(void **state)
{
	static const struct {
		const char *listen, *address; /* NULL: refused */
	} cases[] = {
		{ "127.0.0.1:0", "127.0.0.1:" },
		{ "localhost:0", "127.0.0.1:" },
		{ "[::1]:0", "[::1]:" },
		{ "127.0.0.1", NULL },
		{ "::1:0", NULL },
		{ ":80", NULL },
		{ "127.0.0.1:65536", NULL },
		{ "127.0.0.1:-1", NULL },
		{ "example.org:80", NULL },
		{ "127.0.0.1:http", NULL },
		{ "[]:0", NULL },
		{ "", NULL },
	};
	struct err err = ERR_INIT;
	struct loop *loop;

	(void)state;
	assert_int_equal(loop_open(&loop, &err), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct http_options options = {
			.listen = str_of(cases[i].listen),
			.routes = rig_routes,
		};
		struct http_server *server;
		int rc = http_open(loop, &options, &server, &err);

		if (!cases[i].address) {
			assert_int_equal(rc, -1);
			assert_int_equal(err.code, ERR_USAGE);
			continue;
		}
		if (rc < 0)
			fail_msg("%s", err.message);
		assert_in(http_address(server), cases[i].address);
		assert_int_not_equal(
			atoi(strrchr(http_address(server), ':') + 1), 0);
		http_close(&server);
	}
	loop_close(&loop);
}

static void a_port_that_somebody_has_is_said_to_be_taken(void **state)
{
	struct http_options options = { .routes = rig_routes };
	struct http_server *second;
	struct err err = ERR_INIT;
	struct rig rig;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	options.listen = str_of(http_address(rig.server));
	assert_int_equal(http_open(rig.loop, &options, &second, &err), -1);
	assert_int_equal(err.code, ERR_AGAIN);
	assert_in(err.hint, "somebody has that port");
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_have_a_limit),
		cmocka_unit_test(so_has_their_number),
		cmocka_unit_test(
			a_body_may_be_as_large_as_its_limit_and_no_larger),
		cmocka_unit_test(too_large_a_body_is_refused_before_it_comes),
		cmocka_unit_test(fields_are_counted),
		cmocka_unit_test(all_connections_together_have_a_limit),
		cmocka_unit_test(connections_from_one_address_have_a_limit),
		cmocka_unit_test(who_says_nothing_is_hung_up_on),
		cmocka_unit_test(
			a_crowd_of_fields_or_headers_is_answered_at_once),
		cmocka_unit_test(an_address_of_ipv6_stands_for_its_network),
		cmocka_unit_test(a_mapped_address_is_loopback_when_it_is),
		cmocka_unit_test(who_trickles_is_cut_off_at_the_deadline),
		cmocka_unit_test(each_answer_gives_a_connection_its_time_again),
		cmocka_unit_test(where_it_listens_is_checked_and_told),
		cmocka_unit_test(a_port_that_somebody_has_is_said_to_be_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
