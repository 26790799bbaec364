/* catch.c - the server: listens, steps its sessions, ends when asked */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "catch_priv.h"

#define MAX_SIZE (25 * 1024 * 1024)

/* "127.0.0.1:2525", "[::1]:0" */
static int parse_listen(struct str listen, char host[128], char port[16],
			struct err *err)
{
	const char *colon = memrchr(listen.at, ':', listen.len);
	struct str name = str_head(listen,
				   colon ? (size_t)(colon - listen.at) : 0);
	struct str number = colon ? str_skip(listen, name.len + 1) : STR_NONE;
	int64_t value;

	if (name.len > 2 && name.at[0] == '[')
		name = str_at(name.at + 1, name.len - 2);
	if (name.len == 0 || name.len >= 128 || !str_int64(number, &value) ||
	    value < 0 || value > 65535) {
		err_set(err, ERR_USAGE, "'" STR_FMT "' is no HOST:PORT",
			STR_ARG(str_head(listen, 100)));
		return err_hint(err, "write 127.0.0.1:2525");
	}
	snprintf(host, 128, STR_FMT, STR_ARG(name));
	snprintf(port, 16, "%d", (int)value);
	return 0;
}

static int open_listener(struct str listen_on, struct err *err)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_NUMERICSERV | AI_PASSIVE };
	struct addrinfo *list;
	char host[128], port[16];
	int fd = -1, one = 1, rc;

	if (parse_listen(listen_on, host, port, err) < 0)
		return -1;
	rc = getaddrinfo(host, port, &hints, &list);
	if (rc != 0)
		return err_set(err, ERR_IO, "cannot listen on '%s': %s", host,
			       gai_strerror(rc));
	fd = socket(list->ai_family,
		    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, list->ai_addr, list->ai_addrlen) < 0 ||
	    listen(fd, 512) < 0) {
		err_sys(err, "cannot listen on %s:%s", host, port);
		err_hint(err, "another program may listen there; name another "
			      "port with --smtp");
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(list);
	return fd;
}

static void print_address(int fd, char *out, size_t room)
{
	struct sockaddr_storage addr;
	socklen_t len = sizeof(addr);
	char host[INET6_ADDRSTRLEN], port[16];

	if (getsockname(fd, (struct sockaddr *)(void *)&addr, &len) < 0 ||
	    getnameinfo((struct sockaddr *)(void *)&addr, len, host,
			sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		snprintf(out, room, "?");
	else
		snprintf(out, room, strchr(host, ':') ? "[%s]:%s" : "%s:%s",
			 host, port);
}

static void on_client(void *arg, int fd, unsigned events)
{
	struct session *session = arg;

	/* A note for step_all(), which does the work. */
	(void)fd;
	(void)events;
	session->woken = true;
}

static void on_listener(void *arg, int fd, unsigned events)
{
	struct server *server = arg;
	int client;

	(void)events;
	while ((client = accept4(fd, NULL, NULL,
				 SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		loop_watch(server->loop, client, LOOP_READ, on_client,
			   session_open(server, client));
	}
}

/* Step all; the ms until one wants it without news, or -1. */
static int64_t step_all(struct server *server)
{
	int64_t wait = -1;
	struct session *after;

	for (struct session *s = server->first; s; s = after) {
		int64_t due;

		after = s->next;
		if (!session_step(s)) {
			session_close(s);
			continue;
		}
		loop_watch(server->loop, s->fd,
			   LOOP_READ | (s->want_write ? LOOP_WRITE : 0u),
			   on_client, s);
		due = session_due(s);
		if (due >= 0 && (wait < 0 || due - server->now < wait))
			wait = due > server->now ? due - server->now : 0;
	}
	return wait;
}

static int run(struct server *server, struct err *err)
{
	while (!*server->options->stop && !server->failed) {
		int64_t wait;

		server->now = clock_boot_ms();
		wait = step_all(server);
		/* A second at most, so that the flag is seen even when the
		 * signal came just before the wait. */
		loop_wait(server->loop, wait < 0 || wait > 1000 ? 1000 : wait);
	}
	if (!server->failed)
		return 0;
	*err = server->err;
	return -1;
}

static int announce(struct server *server, struct str pem, struct err *err)
{
	const struct catch_options *options = server->options;
	char path[4096], address[128];

	snprintf(path, sizeof(path), "%s/catch.pem", options->dir);
	if (file_write(path, pem, 0644, err) < 0)
		return -1;
	print_address(server->listener, address, sizeof(address));
	if (options->ready)
		options->ready(options->arg, address, path);
	return 0;
}

static int serve(struct server *server, struct err *err)
{
	struct str pem;

	if (tls_server_self_signed(&server->tls, &pem, err) < 0 ||
	    loop_open(&server->loop, err) < 0)
		return -1;
	server->listener = open_listener(server->options->listen, err);
	if (server->listener < 0)
		return -1;
	loop_watch(server->loop, server->listener, LOOP_READ, on_listener,
		   server);
	if (announce(server, pem, err) < 0)
		return -1;
	return run(server, err);
}

int catch_run(const struct catch_options *options, struct err *err)
{
	struct server server = { .options = options, .listener = -1 };
	struct arena *arena = arena_new("the catcher", (size_t)1 << 20);
	int rc = -1;

	server.max_size = options->max_size ? options->max_size : MAX_SIZE;
	if (faults_parse(options->faults, arena, &server.faults, err) == 0 &&
	    store_open(options->dir, options->maildir, &server.store, err) == 0)
		rc = serve(&server, err);
	while (server.first)
		session_close(server.first);
	if (server.listener >= 0)
		close(server.listener);
	tls_server_free(&server.tls);
	if (server.loop)
		loop_close(&server.loop);
	store_close(&server.store);
	arena_free(&arena);
	return rc;
}
