/* server.h - an HTTP server with a guard before every handler
 *
 * Routes are a table. What reaches a handler has passed the guard: the host is
 * a name, with a port or without, and one of ours; the path is known, sizes and
 * counts are within their limits, every text of the address and of a form is
 * UTF-8 without controls. A handler fills a response and knows
 * nothing of the wire. Everything runs in the caller's thread and loop, so
 * that handlers may fork and share state without locks.
 *
 * Answered without asking a handler: 400 (not HTTP, a broken escape), 404,
 * 405 with Allow, 411 (a body of unknown length), 413, 414, 421 (not our
 * host), 431. HEAD is GET without the body. A handler that fails is a 500
 * that says nothing.
 *
 * What the library cannot read it answers alone, with a line of its own and
 * without our headers: no HTTP version or another, no Host in HTTP/1.1, a
 * length that is no number, a head that is too long. Of some of these its head
 * comes twice. No word of the request is in them, and the connection ends.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/loop.h"
#include "base/str.h"

#define HTTP_PARAMS_MAX	 4
#define HTTP_HEADERS_MAX 8

enum http_method { HTTP_GET, HTTP_POST, HTTP_METHOD_COUNT };

struct http_pair {
	struct str name, value;
};

struct http_pairs {
	struct http_pair *at;
	size_t count;
};

struct http_request {
	enum http_method method;   /* HEAD comes as GET */
	const char *route;	   /* the pattern that matched: fit for a log */
	struct str path;	   /* as it was sent, without the query */
	struct str params[HTTP_PARAMS_MAX]; /* decoded, in pattern order */
	struct http_pairs query;
	struct http_pairs form;	   /* of a body that is urlencoded */
	struct str body;	   /* as it came */
	struct str host;	   /* with the port, as the client names us */
	struct str peer;	   /* the other side's address, no port */
	bool waited;		   /* the time is up: an answer is due now */
	struct arena *arena;	   /* lives until the answer has left */
	void *connection;	   /* private */
};

/* The first of that name; "" when there is none. */
struct str http_query(const struct http_request *request, const char *name);
struct str http_form(const struct http_request *request, const char *name);
/* A header's value, its name in any case; "" when there is none. */
struct str http_header(const struct http_request *request, const char *name);

struct http_response {		/* given to a handler as a 200 without body */
	int status;
	const char *type;	/* "text/plain; charset=utf-8" at first */
	struct str body;	/* in the request's arena, or static */
	const char *policy;	/* Content-Security-Policy; NULL: all refused */
	const char *cache;	/* Cache-Control; NULL: "no-store" */
	struct http_pair more[HTTP_HEADERS_MAX];
	size_t more_count;
	int64_t wait_ms;	/* with HTTP_LATER: since the first call */
};

/* One more header. `name` is a literal, `value` lives in the arena; both ASCII
 * without controls, else the answer becomes a 500. */
void http_add(struct http_response *response, const char *name,
	      struct str value);

/* 303 to `place`, a path of ours. */
void http_redirect(struct http_response *response, struct str place);

/* A handler returns 0; or -1 (the client gets a plain 500); or HTTP_LATER:
 * nothing to say yet, ask again after http_wake() or `wait_ms`. After `wait_ms`
 * `waited` is set, and an answer is due; so it is when the client hangs up,
 * which is noticed within a second. */
#define HTTP_LATER 1
typedef int (*http_handle)(void *arg, const struct http_request *request,
			   struct http_response *response, struct err *err);

struct http_route {		/* ends with { 0 } */
	enum http_method method;
	const char *path;	/* "/i/:slug/text"; `:x` takes one segment,
				   never an empty one */
	http_handle handle;
};

struct http_limits {		/* 0: the default in brackets */
	size_t headers;		/* bytes of request line and headers [16 KiB] */
	size_t body;		/* [8 KiB] */
	size_t fields;		/* of a query, of a form [64] */
	size_t memory;		/* of one request, its answer included [16 MiB];
				   handlers stay below */
	unsigned connections;	/* [256] */
	unsigned per_address;	/* of IPv6: per network of 64 bits [32] */
	int64_t idle_ms;	/* without a byte, in whole seconds [10 s] */
	int64_t request_ms;	/* from the connection or the last answer to
				   the next one's end, waits apart [60 s] */
};

struct http_options {
	struct str listen;	/* HOST:PORT, HOST a numeric address or
				   localhost, [..] for IPv6; port 0: any free */
	const struct http_route *routes;
	void *arg;		/* of the handlers and hooks */
	struct http_limits limits;
	/* Is this (without the port) a name of ours? NULL: on loopback its
	 * names alone, so that no page elsewhere can reach in by a name of its
	 * own that leads here (DNS rebinding); else any. */
	bool (*host_ok)(void *arg, struct str host);
	/* Fill `response` with a page for `status`; NULL: a line of text. */
	void (*error_page)(void *arg, int status, struct http_response *page);
};

struct http_server;

/* ERR_USAGE when `listen` is no HOST:PORT; ERR_AGAIN when somebody else has
 * that port; ERR_IO. The texts of `options` must outlive the server. */
int http_open(struct loop *loop, const struct http_options *options,
	      struct http_server **server_out, struct err *err);
void http_close(struct http_server **server);

/* "127.0.0.1:8026": where it listens, the port as it came to be. */
const char *http_address(const struct http_server *server);

/* Let requests make progress: call after each loop_wait(). Returns the boot ms
 * by which it wants to be called again, or -1. */
int64_t http_run(struct http_server *server, int64_t boot_now);

/* Ask again those who wait (HTTP_LATER), in the next http_run(). */
void http_wake(struct http_server *server);

/* 127/8, also mapped into IPv6, ::1, localhost and names below it; without
 * brackets or port. */
bool http_is_loopback(struct str host);

/* HOST:PORT in two. False when it is none. Brackets of IPv6 are dropped. */
bool http_split(struct str listen, struct str *host_out, int *port_out);

/* `text` with & < > " ' as entities, into `out`. */
struct buf;
void http_escape(struct str text, struct buf *out);

#endif
