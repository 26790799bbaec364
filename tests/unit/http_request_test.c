/* http_request_test.c - what reaches a handler, and what is refused before */
#include "http_rig.h"

#define HOST  "Host: localhost\r\n"
#define CLOSE HOST "Connection: close\r\n\r\n"
#define FORM  "Content-Type: application/x-www-form-urlencoded\r\n"

static const struct {
	const char *request, *status, *words;
} good[] = {
	{ "GET / HTTP/1.1\r\n" CLOSE, "200",
	  "get /||\x7c"
	  "0\n" },
	{ "GET /i/ferry HTTP/1.1\r\n" CLOSE, "200", "get /i/:slug|ferry|" },
	{ "GET /i/f%C3%A4hre/to/x+y HTTP/1.1\r\n" CLOSE, "200",
	  "get /i/:slug/to/:form|f\xC3\xA4hre|x+y|" },
	/* An escaped slash stays in its segment. */
	{ "GET /i/a%2Fb HTTP/1.1\r\n" CLOSE, "200", "|a/b|" },
	{ "GET /?a=1&b=%26+%2B&&c&a=2 HTTP/1.1\r\n" CLOSE, "200",
	  "|?a=1|?b=& +|?c=|?a=2|" },
	{ "GET http://localhost/i/x?q=1 HTTP/1.1\r\n" CLOSE, "200",
	  "|x||?q=1|" },
	{ "GET http://localhost HTTP/1.1\r\n" CLOSE, "200", "get /|" },
	{ "POST /i/x HTTP/1.1\r\n" FORM "Content-Length: 13\r\n" CLOSE
	  "a=1&b=%0Ax%21",
	  "200", "post /i/:slug|x||a=1|b=\nx!|13\n" },
	{ "POST /i/x HTTP/1.1\r\n"
	  "content-type: Application/X-WWW-Form-Urlencoded; charset=utf-8\r\n"
	  "Content-Length: 3\r\n" CLOSE "a=1",
	  "200", "|a=1|3\n" },
	/* Another type is the handler's to read. */
	{ "POST /i/x HTTP/1.1\r\nContent-Type: text/plain\r\n"
	  "Content-Length: 3\r\n" CLOSE "a=1",
	  "200", "post /i/:slug|x||3\n" },
	{ "POST /i/x HTTP/1.1\r\nContent-Length: 0\r\n" CLOSE, "200", "|0\n" },
	{ "GET / HTTP/1.0\r\n" HOST "\r\n", "200", "get /" },
	{ "GET / HTTP/1.1\r\nX:\r\nY:    a  b \t \r\nZ:a\r\n" CLOSE, "200",
	  "get /" },
	{ "GET / HTTP/1.1\r\nConnection: close\r\nHost: localhost \r\n\r\n",
	  "200", "get /" },
	{ "GET / HTTP/1.1\nX:\nConnection: close\nHost: localhost\n\n", "200",
	  "get /" },
};

static void what_is_well_formed_reaches_its_handler_decoded(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	for (size_t i = 0; i < COUNT(good); i++) {
		const char *said = ask(&rig, good[i].request);

		assert_in(said, good[i].status);
		assert_in(said, good[i].words);
		assert_int_equal(rig.handled, i + 1);
	}
	rig_close(&rig);
}

static const struct {
	const char *request, *status;
} bad[] = {
	{ "GET /nothing HTTP/1.1\r\n" CLOSE, "404" },
	{ "GET /i HTTP/1.1\r\n" CLOSE, "404" },
	{ "GET /i/ HTTP/1.1\r\n" CLOSE, "404" },
	{ "GET /i/x/ HTTP/1.1\r\n" CLOSE, "404" },
	{ "GET //i/x HTTP/1.1\r\n" CLOSE, "404" },
	{ "GET /I/x HTTP/1.1\r\n" CLOSE, "404" },
	{ "GET /i/x%00y HTTP/1.1\r\n" CLOSE, "400" },
	{ "GET /i/x%0d%0aSet-Cookie:a HTTP/1.1\r\n" CLOSE, "400" },
	{ "GET /i/%ff HTTP/1.1\r\n" CLOSE, "400" },
	{ "GET /i/%C0%AF HTTP/1.1\r\n" CLOSE, "400" },
	{ "GET /i/%4 HTTP/1.1\r\n" CLOSE, "400" },
	{ "GET /i/%zz HTTP/1.1\r\n" CLOSE, "400" },
	{ "GET /i/.. HTTP/1.1\r\n" CLOSE, "400" },
	{ "GET /i/%2e%2E HTTP/1.1\r\n" CLOSE, "400" },
	{ "GET /./ HTTP/1.1\r\n" CLOSE, "400" },
	{ "GET i HTTP/1.1\r\n" CLOSE, "400" },
	{ "GET * HTTP/1.1\r\n" CLOSE, "400" },
	{ "GET /?a=%g1 HTTP/1.1\r\n" CLOSE, "400" },
	{ "GET /?%00=1 HTTP/1.1\r\n" CLOSE, "400" },
	{ "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "400" },
	{ "GET / HTTP/1.1\r\nHost: evil.example\r\n" CLOSE, "400" },
	{ "POST /i/x HTTP/1.1\r\n" FORM "Content-Length: 5\r\n" CLOSE "a=%4x",
	  "400" },
	{ "POST /i/x HTTP/1.1\r\nContent-Length: 3\r\n"
	  "Content-Length: 3\r\n" CLOSE "a=1",
	  "400" },
	{ "POST /i/x HTTP/1.1\r\nContent-Length: 3\r\n"
	  "Transfer-Encoding: chunked\r\n" CLOSE "3\r\na=1\r\n0\r\n\r\n",
	  "400" },
	{ "POST /i/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" CLOSE
	  "3\r\na=1\r\n0\r\n\r\n",
	  "411" },
	{ "POST /i/x HTTP/1.1\r\nContent-Length: x\r\n" CLOSE, "400" },
	{ "POST /i/x HTTP/1.1\r\nContent-Length: -1\r\n" CLOSE, "400" },
	{ "POST /i/x HTTP/1.1\r\nContent-Length : 3\r\n" CLOSE "a=1", "400" },
	{ "GET / HTTP/1.1\r\nX: a\r\n folded\r\n" CLOSE, "400" },
	{ "GET / HTTP/1.1\r\n" HOST "a : b\r\nConnection: close\r\n\r\n",
	  "400" },
};

static void what_is_malformed_never_reaches_a_handler(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *said = ask(&rig, bad[i].request);
		char wanted[32];

		snprintf(wanted, sizeof(wanted), "HTTP/1.1 %s ", bad[i].status);
		if (strncmp(said, wanted, strlen(wanted)) != 0)
			fail_msg("wanted %s of\n%s, got\n%s", bad[i].status,
				 bad[i].request, said);
		assert_int_equal(rig.handled, 0);
	}
	rig_close(&rig);
}

static const struct {
	const char *method, *path, *status, *allow;
} methods[] = {
	{ "PUT", "/", "405", "Allow: GET, HEAD\r\n" },
	{ "POST", "/", "405", "Allow: GET, HEAD\r\n" },
	{ "OPTIONS", "/i/x", "405", "Allow: GET, HEAD, POST\r\n" },
	{ "GET", "/only/post", "405", "Allow: POST\r\n" },
	{ "HEAD", "/only/post", "405", "Allow: POST\r\n" },
	{ "get", "/", "405", "Allow: GET, HEAD\r\n" },
	{ "DELETE", "/nothing", "404", "\r\n" },
};

static void a_method_that_is_not_there_is_told_which_ones_are(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	for (size_t i = 0; i < COUNT(methods); i++) {
		char request[200];
		const char *said;

		snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\n" CLOSE,
			 methods[i].method, methods[i].path);
		said = ask(&rig, request);
		assert_in(said, methods[i].status);
		assert_in(said, methods[i].allow);
	}
	assert_int_equal(rig.handled, 0);
	rig_close(&rig);
}

static void head_is_get_without_its_body(void **state)
{
	struct rig rig;
	const char *said;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	said = ask(&rig, "HEAD /i/ferry HTTP/1.1\r\n" CLOSE);
	assert_in(said, "HTTP/1.1 200 ");
	assert_in(said, "Content-Length: 22\r\n");
	assert_string_equal(strstr(said, "\r\n\r\n"), "\r\n\r\n");
	assert_int_equal(rig.handled, 1);
	rig_close(&rig);
}

static void every_answer_has_the_headers_that_protect_it(void **state)
{
	static const char *const requests[] = {
		"GET / HTTP/1.1\r\n" CLOSE,
		"GET /nothing HTTP/1.1\r\n" CLOSE,
		"GET /fails HTTP/1.1\r\n" CLOSE,
	};
	struct rig rig;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	for (size_t i = 0; i < COUNT(requests); i++) {
		const char *said = ask(&rig, requests[i]);

		assert_in(said, "X-Content-Type-Options: nosniff\r\n");
		assert_in(said, "Referrer-Policy: no-referrer\r\n");
		assert_in(said, "Content-Security-Policy: default-src 'none'; "
				"base-uri 'none'; form-action 'none'; "
				"frame-ancestors 'none'\r\n");
		assert_in(said, "Cache-Control: no-store\r\n");
		assert_in(said, "Cross-Origin-Resource-Policy: "
				"same-origin\r\n");
	}
	rig_close(&rig);
}

static void a_handler_may_say_what_its_page_may_do(void **state)
{
	struct rig rig;
	const char *said;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	said = ask(&rig, "GET /header?word=a%20b HTTP/1.1\r\n" CLOSE);
	assert_in(said, "HTTP/1.1 200 ");
	assert_in(said, "Content-Security-Policy: default-src 'self'\r\n");
	assert_in(said, "Cache-Control: max-age=60\r\n");
	assert_in(said, "Content-Type: text/html; charset=utf-8\r\n");
	assert_in(said, "X-Word: a b\r\n");
	rig_close(&rig);
}

static void no_word_of_a_stranger_becomes_a_header_of_its_own(void **state)
{
	static const char *const words[] = { "a%0d%0aSet-Cookie:x=1",
					     "a%0aSet-Cookie:x=1", "a%09b",
					     "%C3%A4" };
	struct rig rig;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	for (size_t i = 0; i < COUNT(words); i++) {
		char request[200];
		const char *said;

		snprintf(request, sizeof(request),
			 "GET /header?word=%s HTTP/1.1\r\n" CLOSE, words[i]);
		said = ask(&rig, request);
		assert_in(said, "HTTP/1.1 500 ");
		assert_not_in(said, "Set-Cookie");
	}
	rig_close(&rig);
}

static void a_handlers_failure_is_a_500_that_says_nothing(void **state)
{
	struct rig rig;
	const char *said;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	said = ask(&rig, "GET /fails HTTP/1.1\r\n" CLOSE);
	assert_in(said, "HTTP/1.1 500 ");
	assert_not_in(said, "secret");
	assert_not_in(said, "half a page");
	rig_close(&rig);
}

static void error_pages_may_be_the_callers(void *arg, int status,
					   struct http_response *page)
{
	(void)arg;
	page->type = "text/html";
	page->status = 200; /* not for it to say */
	page->body = status == 404 ? STR("<h1>lost</h1>") : STR("<h1>?</h1>");
}

static void an_error_page_may_be_ones_own_but_not_its_status(void **state)
{
	struct http_options options = {
		.error_page = error_pages_may_be_the_callers
	};
	struct rig rig;
	const char *said;

	(void)state;
	rig_open(&rig, options);
	said = ask(&rig, "GET /nothing HTTP/1.1\r\n" CLOSE);
	assert_in(said, "HTTP/1.1 404 ");
	assert_in(said, "<h1>lost</h1>");
	rig_close(&rig);
}

static const struct {
	const char *host;
	bool ours;
} hosts[] = {
	{ "localhost", true },
	{ "LOCALHOST:8026", true },
	{ "127.0.0.1:80", true },
	{ "127.9.9.9", true },
	{ "[::1]:8026", true },
	{ "preview.localhost", true },
	{ "evil.example", false },
	{ "localhost.evil.example", false },
	{ "127.0.0.1.evil.example", false },
	{ "notlocalhost", false },
	{ "10.0.0.1", false },
	{ "[::2]", false },
	{ "0.0.0.0", false },
};

static void on_loopback_only_loopbacks_names_are_answered(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	for (size_t i = 0; i < COUNT(hosts); i++) {
		char request[200];

		snprintf(request, sizeof(request),
			 "GET / HTTP/1.1\r\nConnection: close\r\n"
			 "Host: %s\r\n\r\n",
			 hosts[i].host);
		assert_in(ask(&rig, request),
			  hosts[i].ours ? " 200 " : " 421 ");
	}
	/* The host in the address counts more than the header. */
	assert_in(ask(&rig, "GET http://evil.example/ HTTP/1.1\r\n" CLOSE),
		  " 421 ");
	rig_close(&rig);
}

#define HOST_OF(host) \
	STR("GET / HTTP/1.1\r\nHost: " host "\r\nConnection: close\r\n\r\n")
#define ADDRESS_OF(host) STR("GET http://" host "/ HTTP/1.1\r\n" CLOSE)
#define BAD_HOSTS(X)                   \
	X("")                          \
	X(":80")                       \
	X("localhost:")                \
	X("localhost:80@evil.example") \
	X("localhost:123456")          \
	X("localhost:80:80")           \
	X("localhost:\"><x>")          \
	X("localhost:\xff")            \
	X("local_host")                \
	X("\"localhost")               \
	X("a@localhost")               \
	X("[::1")                      \
	X("[::1]80")                   \
	X("[::1]:")                    \
	X("[localhost]")               \
	X("[::1%lo]")                  \
	X("localhost\0.evil.example")  \
	X("localhost\0")

/* Whatever a handler makes of request->host, a page or an address, it is one
 * name and one port. */
static void a_host_that_is_no_name_and_port_is_refused(void **state)
{
	static const struct str requests[] = {
#define X(host) HOST_OF(host), ADDRESS_OF(host),
		BAD_HOSTS(X)
#undef X
	};
	struct rig rig;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	for (size_t i = 0; i < COUNT(requests); i++) {
		const char *said = ask_bytes(&rig, requests[i]);

		if (!strstr(said, "HTTP/1.1 400 "))
			fail_msg("wanted 400 of\n%s, got\n%s", requests[i].at,
				 said);
	}
	assert_int_equal(rig.handled, 0);
	rig_close(&rig);
}

static const struct str nuls[] = {
	STR("GET /i/x\0y HTTP/1.1\r\n" CLOSE),
	STR("GET /i/x\0 HTTP/1.1\r\n" CLOSE),
	STR("GET /i/x?a=1\0&b HTTP/1.1\r\n" CLOSE),
	STR("GET /i/x?\0 HTTP/1.1\r\n" CLOSE),
	STR("GET /i/x HTTP/1.1\r\nX-Word: a\0b\r\n" CLOSE),
	STR("GET /i/x HTTP/1.1\r\nX-Word: a\0\r\n" CLOSE),
	STR("GET /i/x HTTP/1.1\r\nX\0Y: a\r\n" CLOSE),
	STR("GET / HTTP/1.1\r\nHost: localhost\0.evil.example\r\n\r\n"),
	STR("POST /i/x HTTP/1.1\r\nContent-Length: 0\0\r\n" CLOSE),
	STR("POST /i/x HTTP/1.1\r\nContent-Length: 1\0001\r\n" CLOSE "a"),
};

static void nothing_is_hidden_behind_a_nul(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, (struct http_options){ 0 });
	for (size_t i = 0; i < COUNT(nuls); i++) {
		const char *said = ask_bytes(&rig, nuls[i]);

		if (!strstr(said, "HTTP/1.1 400 "))
			fail_msg("line %zu, got\n%s", i, said);
		assert_int_equal(rig.handled, 0);
	}
	rig_close(&rig);
}

static bool is_swamp(void *arg, struct str host)
{
	(void)arg;
	return str_eq(host, STR("swamp.example"));
}

static void a_server_may_have_names_of_its_own(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig, (struct http_options){ .host_ok = is_swamp });
	assert_in(ask(&rig, "GET / HTTP/1.1\r\nConnection: close\r\n"
			    "Host: swamp.example:8080\r\n\r\n"),
		  " 200 ");
	assert_in(ask(&rig, "GET / HTTP/1.1\r\n" CLOSE), " 421 ");
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			what_is_well_formed_reaches_its_handler_decoded),
		cmocka_unit_test(what_is_malformed_never_reaches_a_handler),
		cmocka_unit_test(
			a_method_that_is_not_there_is_told_which_ones_are),
		cmocka_unit_test(head_is_get_without_its_body),
		cmocka_unit_test(every_answer_has_the_headers_that_protect_it),
		cmocka_unit_test(a_handler_may_say_what_its_page_may_do),
		cmocka_unit_test(
			no_word_of_a_stranger_becomes_a_header_of_its_own),
		cmocka_unit_test(a_handlers_failure_is_a_500_that_says_nothing),
		cmocka_unit_test(
			an_error_page_may_be_ones_own_but_not_its_status),
		cmocka_unit_test(on_loopback_only_loopbacks_names_are_answered),
		cmocka_unit_test(a_host_that_is_no_name_and_port_is_refused),
		cmocka_unit_test(nothing_is_hidden_behind_a_nul),
		cmocka_unit_test(a_server_may_have_names_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
