/* http_rig.h - a server on loopback and clients that speak raw bytes
 *
 * Server and client share the test's one thread: whoever waits for an answer
 * lets the server run. What time it is, the test says.
 */
#ifndef HTTP_RIG_H
#define HTTP_RIG_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http/server.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PATIENCE_S   20

struct rig {
	struct loop *loop;
	struct http_server *server;
	int64_t now;		/* boot ms as the server hears it */
	int handled;		/* calls of handlers */
	int release;		/* what /wait waits for */
};

/* Says what reached it: method, pattern, parameters, query, form, body. */
static inline int echo(void *arg, const struct http_request *r,
		       struct http_response *response, struct err *err)
{
	struct rig *rig = arg;
	struct str all = arena_fmt(
		r->arena, "%s %s|" STR_FMT "|" STR_FMT,
		r->method == HTTP_POST ? "post" : "get", r->route,
		STR_ARG(r->params[0]), STR_ARG(r->params[1]));

	(void)err;
	rig->handled++;
	for (size_t i = 0; i < r->query.count; i++)
		all = arena_fmt(r->arena, STR_FMT "|?" STR_FMT "=" STR_FMT,
				STR_ARG(all), STR_ARG(r->query.at[i].name),
				STR_ARG(r->query.at[i].value));
	for (size_t i = 0; i < r->form.count; i++)
		all = arena_fmt(r->arena, STR_FMT "|" STR_FMT "=" STR_FMT,
				STR_ARG(all), STR_ARG(r->form.at[i].name),
				STR_ARG(r->form.at[i].value));
	response->body = arena_fmt(r->arena, STR_FMT "|%zu\n", STR_ARG(all),
				   r->body.len);
	return 0;
}

static inline int server_fails(void *arg, const struct http_request *r,
			       struct http_response *response, struct err *err)
{
	(void)arg;
	(void)r;
	response->body = STR("half a page");
	return err_set(err, ERR_IO, "cannot read '/etc/secret'");
}

static inline int waits(void *arg, const struct http_request *r,
			struct http_response *response, struct err *err)
{
	struct rig *rig = arg;

	(void)err;
	rig->handled++;
	response->wait_ms = 5000;
	if (!rig->release && !r->waited)
		return HTTP_LATER;
	response->body = rig->release ? STR("news") : STR("no news");
	return 0;
}

static inline int with_header(void *arg, const struct http_request *r,
			      struct http_response *response, struct err *err)
{
	(void)arg;
	(void)err;
	response->cache = "max-age=60";
	response->policy = "default-src 'self'";
	response->type = "text/html; charset=utf-8";
	http_add(response, "X-Word", http_query(r, "word"));
	response->body = STR("<p>");
	return 0;
}

static const struct http_route rig_routes[] = {
	{ HTTP_GET, "/", echo },
	{ HTTP_GET, "/i/:slug", echo },
	{ HTTP_GET, "/i/:slug/to/:form", echo },
	{ HTTP_POST, "/i/:slug", echo },
	{ HTTP_POST, "/only/post", echo },
	{ HTTP_GET, "/fails", server_fails },
	{ HTTP_GET, "/waits", waits },
	{ HTTP_GET, "/header", with_header },
	{ 0 }
};

static inline void rig_open(struct rig *rig, struct http_options options)
{
	struct err err = ERR_INIT;

	*rig = (struct rig){ .now = 1000 };
	if (!options.routes)
		options.routes = rig_routes;
	if (options.listen.len == 0)
		options.listen = STR("127.0.0.1:0");
	options.arg = rig;
	assert_int_equal(loop_open(&rig->loop, &err), 0);
	if (http_open(rig->loop, &options, &rig->server, &err) < 0)
		fail_msg("%s", err.message);
}

static inline void rig_close(struct rig *rig)
{
	http_close(&rig->server);
	loop_close(&rig->loop);
}

/* Let the server do what it can; `rig->now` is its clock. */
static inline void turn(struct rig *rig)
{
	http_run(rig->server, rig->now);
	loop_wait(rig->loop, 1);
	http_run(rig->server, rig->now);
}

static inline int join(const struct rig *rig)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons(
		(uint16_t)atoi(strrchr(http_address(rig->server), ':') + 1));
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

/* All of it, while the server reads; it may close before the end. */
static inline void say(struct rig *rig, int fd, struct str bytes)
{
	while (bytes.len > 0) {
		ssize_t n = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			return;
		bytes = str_skip(bytes, n > 0 ? (size_t)n : 0);
		turn(rig);
	}
}

/* What the server says until `fd` ends, or `enough` stands in it. */
static inline const char *hear(struct rig *rig, int fd, const char *enough)
{
	static char text[65536];
	time_t end = time(NULL) + PATIENCE_S;
	size_t len = 0;

	for (;;) {
		ssize_t n = recv(fd, text + len, sizeof(text) - 1 - len, 0);

		if (n == 0 || (n < 0 && errno != EAGAIN))
			break;
		len += n > 0 ? (size_t)n : 0;
		text[len] = 0;
		if (enough && strstr(text, enough))
			break;
		if (time(NULL) > end)
			fail_msg("no answer in %d s", PATIENCE_S);
		turn(rig);
	}
	text[len] = 0;
	return text;
}

/* One request on a connection of its own, heard to the end. */
static inline const char *ask_bytes(struct rig *rig, struct str bytes)
{
	int fd = join(rig);
	const char *text;

	say(rig, fd, bytes);
	shutdown(fd, SHUT_WR);
	text = hear(rig, fd, NULL);
	close(fd);
	return text;
}

static inline const char *ask(struct rig *rig, const char *bytes)
{
	return ask_bytes(rig, str_of(bytes));
}

static inline void assert_in(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("'%s' is not in:\n%s", words, text);
}

static inline void assert_not_in(const char *text, const char *words)
{
	if (strstr(text, words))
		fail_msg("'%s' is in:\n%s", words, text);
}

#endif
