/* server.c - the listener and the daemon: see http/server.h */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/die.h"
#include "base/time.h"
#include "server_priv.h"

#define BACKLOG 128
#define LOOK_MS TIME_SECOND_MS /* how soon one who left is noticed */

/* How strictly clients are read: the option has changed its name. */
#if MHD_VERSION >= 0x00097601
#define STRICT MHD_OPTION_CLIENT_DISCIPLINE_LVL
#else
#define STRICT MHD_OPTION_STRICT_FOR_CLIENT
#endif

/* --- the listener ---------------------------------------------------------- */

bool http_split(struct str where, struct str *host_out, int *port_out)
{
	ptrdiff_t colon = -1;
	struct str host, port;
	int64_t number;

	for (size_t i = 0; i < where.len; i++)
		if (where.at[i] == ':')
			colon = (ptrdiff_t)i;
	if (colon <= 0)
		return false;
	host = str_head(where, (size_t)colon);
	port = str_skip(where, (size_t)colon + 1);
	if (!str_int64(port, &number) || number < 0 || number > 65535)
		return false;
	if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
		host = str_at(host.at + 1, host.len - 2);
	else if (str_find(host, ':') >= 0)
		return false;
	if (host.len == 0)
		return false;
	*host_out = host;
	*port_out = (int)number;
	return true;
}

static int no_listen(struct str where, struct err *err)
{
	err_set(err, ERR_USAGE, "'" STR_FMT "' is no HOST:PORT to listen on",
		STR_ARG(str_head(where, 200)));
	return err_hint(err, "such as 127.0.0.1:8026 or [::1]:8026");
}

/* NULL with `err`. Numbers only, and localhost: a name server has no say. */
static struct addrinfo *resolve(struct str where, struct err *err)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_PASSIVE | AI_NUMERICHOST |
					      AI_NUMERICSERV };
	struct addrinfo *found;
	char host[64], service[8];
	struct str name;
	int port;

	if (!http_split(where, &name, &port) || name.len >= sizeof(host)) {
		no_listen(where, err);
		return NULL;
	}
	if (str_eq_nocase(name, STR("localhost")))
		name = STR("127.0.0.1");
	snprintf(host, sizeof(host), STR_FMT, STR_ARG(name));
	snprintf(service, sizeof(service), "%d", port);
	if (getaddrinfo(host, service, &hints, &found) == 0)
		return found;
	no_listen(where, err);
	return NULL;
}

static int cannot_listen(int fd, struct str where, struct err *err)
{
	bool taken = errno == EADDRINUSE;

	err_sys(err, "cannot listen on '" STR_FMT "'",
		STR_ARG(str_head(where, 200)));
	if (taken) {
		err->code = ERR_AGAIN;
		err_hint(err, "somebody has that port: name another, or 0 "
			      "for any free one");
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

static int open_listener(struct str where, struct err *err)
{
	struct addrinfo *to = resolve(where, err);
	int fd, on = 1;

	if (!to)
		return -1;
	fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    0);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, to->ai_addr, to->ai_addrlen) < 0 ||
	    listen(fd, BACKLOG) < 0)
		fd = cannot_listen(fd, where, err);
	freeaddrinfo(to);
	return fd;
}

/* How it may be reached: the port that the system chose, brackets for IPv6. */
static int name_address(struct http_server *server, int fd, struct err *err)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);
	char host[64], service[8];
	bool v6;

	if (getsockname(fd, (struct sockaddr *)&at, &len) < 0 ||
	    getnameinfo((struct sockaddr *)&at, len, host, sizeof(host),
			service, sizeof(service),
			NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return err_sys(err, "cannot tell where the server listens");
	v6 = strchr(host, ':') != NULL;
	snprintf(server->address, sizeof(server->address), "%s%s%s:%s",
		 v6 ? "[" : "", host, v6 ? "]" : "", service);
	server->loopback = http_is_loopback(str_of(host));
	return 0;
}

const char *http_address(const struct http_server *server)
{
	return server->address;
}

/* --- the daemon ------------------------------------------------------------ */

static void set_limits(struct http_server *server)
{
	struct http_limits *l = &server->limits;

	*l = server->options.limits;
	l->headers = l->headers ? l->headers : 16 * 1024;
	l->body = l->body ? l->body : 8 * 1024;
	l->fields = l->fields ? l->fields : 64;
	l->memory = l->memory ? l->memory : 16 * 1024 * 1024;
	l->connections = l->connections ? l->connections : 256;
	l->per_address = l->per_address ? l->per_address : 32;
	l->idle_ms = l->idle_ms ? l->idle_ms : 10 * TIME_SECOND_MS;
	l->request_ms = l->request_ms ? l->request_ms : TIME_MINUTE_MS;
}

/* Addresses are decoded by us, from what was sent. */
static size_t leave_escaped(void *arg, struct MHD_Connection *connection,
			    char *text)
{
	(void)arg;
	(void)connection;
	return strlen(text);
}

/* The library's words about bad clients are no news to anybody. */
static void say_nothing(void *arg, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

static void say_nothing(void *arg, const char *fmt, va_list args)
{
	(void)arg;
	(void)fmt;
	(void)args;
}

static int start(struct http_server *server, int listener, struct err *err)
{
	const struct http_limits *l = &server->limits;

	server->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
		guest_may_come, server, exchange_step, server,
		MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
		MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_URI_LOG_CALLBACK,
		exchange_open, server, MHD_OPTION_NOTIFY_COMPLETED,
		exchange_close, server, MHD_OPTION_NOTIFY_CONNECTION,
		guest_news, server, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped,
		NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT, l->headers,
		MHD_OPTION_CONNECTION_LIMIT, l->connections,
		MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned)((l->idle_ms + 999) / TIME_SECOND_MS), STRICT, 1,
		MHD_OPTION_END);
	if (!server->daemon) {
		close(listener);
		return err_set(err, ERR_INTERNAL, "cannot start a web server");
	}
	server->epoll = MHD_get_daemon_info(server->daemon,
					    MHD_DAEMON_INFO_EPOLL_FD)
				->epoll_fd;
	return 0;
}

/* All is done in http_run(): the loop need only wake up. */
static void on_ready(void *arg, int fd, unsigned events)
{
	(void)arg;
	(void)fd;
	(void)events;
}

int http_open(struct loop *loop, const struct http_options *options,
	      struct http_server **server_out, struct err *err)
{
	struct http_server *server;
	int listener = open_listener(options->listen, err);

	if (listener < 0)
		return -1;
	server = die_calloc(1, sizeof(*server), "a web server");
	server->options = *options;
	server->loop = loop;
	set_limits(server);
	if (name_address(server, listener, err) < 0) {
		close(listener);
		free(server);
		return -1;
	}
	if (start(server, listener, err) < 0) {
		free(server);
		return -1;
	}
	loop_watch(loop, server->epoll, LOOP_READ, on_ready, NULL);
	*server_out = server;
	return 0;
}

static void resume_all(struct http_server *server)
{
	while (server->waiting)
		exchange_resume(server->waiting);
}

void http_close(struct http_server **server_)
{
	struct http_server *server = *server_;

	if (!server)
		return;
	server->closing = true;
	resume_all(server);
	MHD_run(server->daemon);
	loop_watch(server->loop, server->epoll, 0, NULL, NULL);
	MHD_stop_daemon(server->daemon);
	free(server);
	*server_ = NULL;
}

void http_wake(struct http_server *server)
{
	server->woken = true;
	loop_wake(server->loop);
}

/* Whoever left is due as well: the answer finds the connection closed, and it
 * ends. Who only has nothing more to say gets it. */
static bool is_due(const struct exchange *e, bool look)
{
	return e->waits_until <= e->server->now ||
	       (look && guest_has_left(e->guest));
}

/* Those whose time is up, or all; the boot ms of the next. */
static int64_t ask_again(struct http_server *server)
{
	bool look = server->now >= server->looked_for + LOOK_MS;
	struct exchange *after;
	int64_t next = -1;

	if (server->woken)
		resume_all(server);
	server->woken = false;
	if (look)
		server->looked_for = server->now;
	for (struct exchange *e = server->waiting; e; e = after) {
		after = e->next;
		if (is_due(e, look)) {
			e->waits_until = server->now;
			exchange_resume(e);
		} else {
			next = time_sooner(next, e->waits_until);
			next = time_sooner(next, server->looked_for + LOOK_MS);
		}
	}
	return next;
}

int64_t http_run(struct http_server *server, int64_t boot_now)
{
	MHD_UNSIGNED_LONG_LONG ms;
	int64_t next;

	server->now = boot_now;
	ask_again(server);
	MHD_run(server->daemon);
	next = time_sooner(ask_again(server), guests_check(server));
	if (MHD_get_timeout(server->daemon, &ms) == MHD_YES)
		next = time_sooner(next, boot_now + (int64_t)ms);
	return next;
}
