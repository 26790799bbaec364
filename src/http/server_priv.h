/* server_priv.h - the guard's books: connections, requests, who waits
 *
 * microhttpd runs in the caller's thread on an epoll descriptor that the
 * caller's loop watches. It parses requests and writes answers; what it leaves
 * open is closed here: a connection that trickles is cut off at a deadline,
 * and its decoding of addresses, which stops at a NUL, is not used.
 */
#ifndef HTTP_SERVER_PRIV_H
#define HTTP_SERVER_PRIV_H

#include <microhttpd.h>

#include "base/buf.h"
#include "decode_priv.h"

struct origin { /* an address, of IPv6 the network: that is one customer's */
	unsigned char bytes[16];
};

struct guest { /* one connection */
	struct guest *next, **at;
	struct http_server *server;
	struct origin origin;
	int fd;
	int64_t since; /* boot ms: its start, or the last answer */
	int waiting;   /* requests of it that wait: no deadline */
};

struct exchange {		     /* one request and its answer */
	struct exchange *next, **at; /* among those who wait */
	struct http_server *server;
	struct MHD_Connection *connection;
	struct guest *guest;
	const struct http_route *route;
	struct http_request request;
	const char *address_end; /* in the library's buffer */
	struct str raw_query;
	struct buf body;
	int64_t first_asked; /* boot ms; 0: not yet */
	int64_t waits_until; /* boot ms, while suspended */
	bool begun, answered;
};

struct http_server {
	struct http_options options;
	struct http_limits limits; /* without zeros */
	struct loop *loop;
	struct MHD_Daemon *daemon;
	int epoll; /* microhttpd's */
	char address[80];
	bool loopback;
	bool woken, closing;
	int64_t now;	    /* boot ms of the latest http_run() */
	int64_t looked_for; /* boot ms of the latest look for who waits */
	struct guest *guests;
	struct exchange *waiting;
};

/* --- exchange.c: microhttpd's callbacks for a request */

void *exchange_open(void *server, const char *uri,
		    struct MHD_Connection *connection);
enum MHD_Result exchange_step(void *server, struct MHD_Connection *connection,
			      const char *url, const char *method,
			      const char *version, const char *bytes,
			      size_t *size, void **context);
void exchange_close(void *server, struct MHD_Connection *connection,
		    void **context, enum MHD_RequestTerminationCode how);
/* Let one that waits be asked again. */
void exchange_resume(struct exchange *e);

/* --- answer.c: a response in microhttpd's terms */

/* MHD_NO: it could not be queued, and the connection ends. */
enum MHD_Result answer(struct exchange *e, struct http_response *response);
/* An error page; `allow` for 405, else NULL. */
enum MHD_Result answer_error(struct exchange *e, int status, const char *allow);

/* --- guard.c: connections and their deadlines */

void guest_news(void *server, struct MHD_Connection *connection, void **context,
		enum MHD_ConnectionNotificationCode what);
struct guest *guest_of(struct MHD_Connection *connection);
/* Has the other side hung up? The library does not look while one waits. */
bool guest_has_left(const struct guest *guest);
struct origin origin_of(const struct sockaddr *address);
/* MHD_NO for one too many from the same origin. */
enum MHD_Result guest_may_come(void *server, const struct sockaddr *address,
			       socklen_t len);
/* Cut off who is past the deadline. The boot ms of the next one, or -1. */
int64_t guests_check(struct http_server *server);
/* 0; 400 when it is no name with a port or without; 421 when it is no name
 * that we answer to. */
int guard_host(const struct http_server *server, struct str host);

#endif
