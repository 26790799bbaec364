/* guard.c - connections and their deadlines, and the names we answer to
 *
 * microhttpd's own time-out starts anew with every byte: who sends one every
 * few seconds stays for ever. So each connection also has a deadline for the
 * whole of a request and its answer.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/die.h"
#include "server_priv.h"

struct origin origin_of(const struct sockaddr *address)
{
	static const unsigned char mapped[12] = { [10] = 0xFF, 0xFF };
	struct origin origin = { { 0 } };
	struct sockaddr_in6 v6;
	struct sockaddr_in v4;

	if (address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		memcpy(origin.bytes, mapped, sizeof(mapped));
		memcpy(origin.bytes + 12, &v4.sin_addr, 4);
	} else if (address->sa_family == AF_INET6) {
		memcpy(&v6, address, sizeof(v6));
		memcpy(origin.bytes, &v6.sin6_addr,
		       IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) ? 16 : 8);
	}
	return origin;
}

enum MHD_Result guest_may_come(void *server_, const struct sockaddr *address,
			       socklen_t len)
{
	const struct http_server *server = server_;
	struct origin origin = origin_of(address);
	unsigned count = 0;

	(void)len;
	for (const struct guest *g = server->guests; g; g = g->next)
		count += memcmp(&g->origin, &origin, sizeof(origin)) == 0;
	return count < server->limits.per_address ? MHD_YES : MHD_NO;
}

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
	guest->origin = origin_of(
		MHD_get_connection_info(connection,
					MHD_CONNECTION_INFO_CLIENT_ADDRESS)
			->client_addr);
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

bool guest_has_left(const struct guest *guest)
{
	struct pollfd end = { .fd = guest->fd, .events = POLLRDHUP };

	return poll(&end, 1, 0) > 0;
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

static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '.' || c == '-'))
			return false;
	}
	return name.len > 0;
}

static bool is_v6(struct str text)
{
	struct in6_addr v6;
	char z[INET6_ADDRSTRLEN] = "";

	if (text.len >= sizeof(z))
		return false;
	memcpy(z, text.at, text.len);
	return strlen(z) == text.len && inet_pton(AF_INET6, z, &v6) == 1;
}

/* Nothing, or ":80". */
static bool is_port(struct str text)
{
	if (text.len == 0)
		return true;
	if (text.at[0] != ':' || text.len < 2 || text.len > 6)
		return false;
	for (size_t i = 1; i < text.len; i++)
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
	return true;
}

/* Without the port and the brackets of IPv6. False when `host` is no such
 * thing: it may end up in an address or a page. */
static bool name_of(struct str host, struct str *name_out)
{
	bool v6 = str_starts(host, STR("["));
	struct str name, rest;

	if (v6) {
		name = str_cut(str_skip(host, 1), ']', &rest);
		*name_out = name;
		return name.len + 2 <= host.len && is_v6(name) && is_port(rest);
	}
	name = str_cut(host, ':', &rest);
	*name_out = name;
	return is_name(name) && is_port(str_skip(host, name.len));
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
	if (inet_pton(AF_INET6, z, &v6) != 1)
		return false;
	return IN6_IS_ADDR_V4MAPPED(&v6) ? v6.s6_addr[12] == 127
					 : IN6_IS_ADDR_LOOPBACK(&v6);
}

int guard_host(const struct http_server *server, struct str host)
{
	struct str name;
	bool ours;

	if (!name_of(host, &name))
		return 400;
	if (server->options.host_ok)
		ours = server->options.host_ok(server->options.arg, name);
	else
		ours = !server->loopback || http_is_loopback(name);
	return ours ? 0 : 421;
}
