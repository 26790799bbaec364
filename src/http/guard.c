/* guard.c - connections and their deadlines, and the names we answer to
 *
 * microhttpd's own time-out starts anew with every byte: who sends one every
 * few seconds stays for ever. So each connection also has a deadline for the
 * whole of a request and its answer.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/die.h"
#include "server_priv.h"

void guest_news(void *server_, struct MHD_Connection *connection,
		void **context, enum MHD_ConnectionNotificationCode what)
{
	struct http_server *server = server_;
	struct guest *guest = *context;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (guest->next)
			guest->next->at = guest->at;
		*guest->at = guest->next;
		free(guest);
		*context = NULL;
		return;
	}
	guest = die_calloc(1, sizeof(*guest), "a connection");
	guest->server = server;
	guest->fd = MHD_get_connection_info(connection,
					    MHD_CONNECTION_INFO_CONNECTION_FD)
			    ->connect_fd;
	guest->since = server->now;
	guest->next = server->guests;
	guest->at = &server->guests;
	if (guest->next)
		guest->next->at = &guest->next;
	server->guests = guest;
	*context = guest;
}

struct guest *guest_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection,
				       MHD_CONNECTION_INFO_SOCKET_CONTEXT)
		->socket_context;
}

/* The library still owns the descriptor: it sees the end of the connection and
 * closes. */
int64_t guests_check(struct http_server *server)
{
	int64_t next = -1;

	for (struct guest *g = server->guests; g; g = g->next) {
		int64_t end = g->since + server->limits.request_ms;

		if (g->waiting > 0)
			continue;
		if (end <= server->now) {
			shutdown(g->fd, SHUT_RDWR);
			g->since = server->now;
		} else if (next < 0 || end < next) {
			next = end;
		}
	}
	return next;
}

/* --- names ----------------------------------------------------------------- */

/* Without the port and the brackets of IPv6. */
static struct str name_of(struct str host)
{
	struct str rest;

	if (str_starts(host, STR("[")))
		return str_cut(str_skip(host, 1), ']', &rest);
	return str_cut(host, ':', &rest);
}

bool http_is_loopback(struct str host)
{
	static const struct str name = STR("localhost");
	struct in6_addr v6;
	struct in_addr v4;
	char z[64] = "";

	if (str_eq_nocase(host, name))
		return true;
	if (host.len > name.len + 1 &&
	    host.at[host.len - name.len - 1] == '.' &&
	    str_eq_nocase(str_skip(host, host.len - name.len), name))
		return true;
	if (host.len == 0 || host.len >= sizeof(z))
		return false;
	memcpy(z, host.at, host.len);
	if (inet_pton(AF_INET, z, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, z, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool guard_host(const struct http_server *server, struct str host)
{
	struct str name = name_of(host);

	if (server->options.host_ok)
		return server->options.host_ok(server->options.arg, name);
	return !server->loopback || http_is_loopback(name);
}
