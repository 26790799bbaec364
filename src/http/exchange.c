/* exchange.c - one request: admitted or refused, read, handled, answered */
#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/die.h"
#include "base/log.h"
#include "server_priv.h"

#define HEADER_COUNT_MAX 100
#define HEADER_GAP_MAX	 100 /* a colon and blanks between name and value */

/* --- what a handler asks --------------------------------------------------- */

static struct str find(const struct http_pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (str_eqz(pairs->at[i].name, name))
			return pairs->at[i].value;
	return STR_NONE;
}

struct str http_query(const struct http_request *request, const char *name)
{
	return find(&request->query, name);
}

struct str http_form(const struct http_request *request, const char *name)
{
	return find(&request->form, name);
}

struct str http_header(const struct http_request *request, const char *name)
{
	const char *value = MHD_lookup_connection_value(request->connection,
							MHD_HEADER_KIND, name);

	return value ? str_of(value) : STR_NONE;
}

/* --- open and close -------------------------------------------------------- */

/* The address as it was sent. In the library's buffer the query is emptied: it
 * would take it apart, and give up without a word when there are more fields
 * than it has room for. */
void *exchange_open(void *server, const char *uri,
		    struct MHD_Connection *connection)
{
	struct exchange *e = die_calloc(1, sizeof(*e), "a request");
	struct http_request *r = &e->request;
	char *query;

	e->server = server;
	e->connection = connection;
	e->guest = guest_of(connection);
	e->address_end = uri + strlen(uri);
	r->arena = arena_new("a request", e->server->limits.memory);
	r->connection = connection;
	r->host = r->peer = r->body = STR_NONE;
	r->path = str_cut(arena_dup(r->arena, str_of(uri)), '?', &e->raw_query);
	buf_init(&e->body, e->server->limits.body);
	query = strchr((char *)(uintptr_t)uri, '?');
	if (query)
		query[1] = 0;
	return e;
}

static void stop_waiting(struct exchange *e)
{
	if (!e->at)
		return;
	if (e->next)
		e->next->at = e->at;
	*e->at = e->next;
	e->at = NULL;
	e->guest->waiting--;
	e->guest->since = e->server->now;
}

void exchange_close(void *server, struct MHD_Connection *connection,
		    void **context, enum MHD_RequestTerminationCode how)
{
	struct exchange *e = *context;

	(void)server;
	(void)connection;
	(void)how;
	if (!e)
		return;
	stop_waiting(e);
	e->guest->since = e->server->now;
	buf_done(&e->body);
	arena_free(&e->request.arena);
	free(e);
	*context = NULL;
}

/* --- admission ------------------------------------------------------------- */

struct heads {		 /* what the headers come to */
	const char *end; /* of the latest: a NUL in the library's buffer */
	int count, hosts, lengths;
	bool chunked, odd;
};

/* RFC 9110 5.6.2. The library takes "Host : x" for a header named "Host ". */
static bool is_token(struct str s)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') ||
		      memchr(marks, c, sizeof(marks) - 1)))
			return false;
	}
	return s.len > 0;
}

/* Older libraries end a value at its first NUL and show nothing of the rest.
 * They cut lines in place, though: the next name stands behind one line end. A
 * line that was folded has moved, and is refused as well (RFC 9112 5.2). */
#if MHD_VERSION < 0x00097601
static bool is_cut(struct heads *h, struct str name, struct str value)
{
	const char *before = h->end;
	ptrdiff_t gap = value.at - (name.at + name.len);

	h->end = value.at + value.len;
	return gap <= 0 || gap > HEADER_GAP_MAX ||
	       (before && name.at != before + 1 && name.at != before + 2);
}

/* Behind the last there is a line end, and each byte of one has become NUL. */
static bool is_last_cut(const struct heads *h)
{
	return !h->odd && h->end && h->end[1] != 0;
}
#else
static bool is_cut(struct heads *h, struct str name, struct str value)
{
	(void)h;
	(void)name;
	return value.len > 0 && memchr(value.at, 0, value.len) != NULL;
}

static bool is_last_cut(const struct heads *h)
{
	(void)h;
	return false;
}
#endif

static enum MHD_Result count_header(void *arg, enum MHD_ValueKind kind,
				    const char *name, size_t name_len,
				    const char *value, size_t value_len)
{
	struct heads *h = arg;
	struct str n = str_at(name, name_len);

	(void)kind;
	h->count++;
	h->odd |= !is_token(n) || !value ||
		  is_cut(h, n, str_at(value, value_len));
	h->hosts += str_eq_nocase(n, STR("Host"));
	h->lengths += str_eq_nocase(n, STR("Content-Length"));
	h->chunked |= str_eq_nocase(n, STR("Transfer-Encoding"));
	return MHD_YES;
}

/* 0, or the status. A length that is said twice, or beside chunks, is how one
 * request is smuggled inside another: nothing behind it is read. */
static int check_headers(struct exchange *e)
{
	struct heads h = { 0 };
	struct str length;
	int64_t size = 0;

	MHD_get_connection_values_n(e->connection, MHD_HEADER_KIND,
				    count_header, &h);
	if (h.count > HEADER_COUNT_MAX)
		return 431;
	if (h.odd || is_last_cut(&h) || h.hosts > 1 || h.lengths > 1 ||
	    (h.lengths > 0 && h.chunked))
		return 400;
	if (h.chunked)
		return 411;
	length = http_header(&e->request, "Content-Length");
	if (h.lengths > 0 && (!str_int64(length, &size) || size < 0))
		return 400;
	return (uint64_t)size > e->server->limits.body ? 413 : 0;
}

/* "GET http://host/path" is for proxies, but allowed to come here: the host in
 * it is then the one that counts (RFC 9112 3.2.2). */
static void read_host(struct exchange *e)
{
	static const struct str scheme = STR("http://");
	struct http_request *r = &e->request;
	ptrdiff_t end;

	r->host = str_trim(http_header(r, "Host"));
	if (!str_starts_nocase(r->path, scheme))
		return;
	r->path = str_skip(r->path, scheme.len);
	end = str_find(r->path, '/');
	if (end < 0)
		end = (ptrdiff_t)r->path.len;
	r->host = str_head(r->path, (size_t)end);
	r->path = str_skip(r->path, (size_t)end);
	if (r->path.len == 0)
		r->path = STR("/");
}

static void read_peer(struct exchange *e)
{
	const struct sockaddr *from =
		MHD_get_connection_info(e->connection,
					MHD_CONNECTION_INFO_CLIENT_ADDRESS)
			->client_addr;
	const void *bytes =
		from->sa_family == AF_INET6
			? (const void *)&(
				  (const struct sockaddr_in6 *)(const void *)
					  from)
				  ->sin6_addr
			: (const void *)&(
				  (const struct sockaddr_in *)(const void *)
					  from)
				  ->sin_addr;
	char text[INET6_ADDRSTRLEN] = "";

	if (inet_ntop(from->sa_family, bytes, text, sizeof(text)))
		e->request.peer = arena_dup(e->request.arena, str_of(text));
}

static bool method_of(const char *word, enum http_method *out)
{
	struct str m = str_of(word);

	*out = str_eq(m, STR("POST")) ? HTTP_POST : HTTP_GET;
	return *out == HTTP_POST || str_eq(m, STR("GET")) ||
	       str_eq(m, STR("HEAD"));
}

/* 0, 404 or 405; which methods there are goes to `there`. */
static int find_route(struct exchange *e, const char *method,
		      bool there[HTTP_METHOD_COUNT])
{
	struct http_request *r = &e->request;
	bool known = method_of(method, &r->method);
	const struct http_route *route = e->server->options.routes;

	for (; route->path; route++) {
		if (!decode_match(route->path, r->path, r->arena, r->params))
			continue;
		there[route->method] = true;
		if (known && route->method == r->method) {
			e->route = route;
			r->route = route->path;
			return 0;
		}
	}
	return there[HTTP_GET] || there[HTTP_POST] ? 405 : 404;
}

static const char *allow_of(const bool there[HTTP_METHOD_COUNT])
{
	if (!there[HTTP_POST])
		return "GET, HEAD";
	return there[HTTP_GET] ? "GET, HEAD, POST" : "POST";
}

/* The library cuts the request line in place, so that one byte lies between
 * the address and the version. More: the address goes on behind a NUL. */
static bool hides_more(const struct exchange *e, const char *version)
{
	return version > e->address_end + 1 &&
	       version <= e->address_end + e->server->limits.headers;
}

/* Headers are here, the body is not: who is refused now need not send it. */
static enum MHD_Result admit(struct exchange *e, const char *method,
			     const char *version)
{
	struct http_server *server = e->server;
	struct http_request *r = &e->request;
	bool there[HTTP_METHOD_COUNT] = { false };
	int status = hides_more(e, version) ? 400 : check_headers(e);

	if (status)
		return answer_error(e, status, NULL);
	read_host(e);
	read_peer(e);
	status = guard_host(server, r->host);
	if (status)
		return answer_error(e, status, NULL);
	if (!decode_path_ok(r->path, r->arena))
		return answer_error(e, 400, NULL);
	status = decode_pairs(e->raw_query, server->limits.fields, r->arena,
			      &r->query);
	if (status)
		return answer_error(e, status, NULL);
	status = find_route(e, method, there);
	if (status)
		return answer_error(e, status,
				    status == 405 ? allow_of(there) : NULL);
	return MHD_YES;
}

/* --- handling -------------------------------------------------------------- */

static enum MHD_Result wait(struct exchange *e, int64_t wait_ms)
{
	struct http_server *server = e->server;

	e->waits_until = e->first_asked + wait_ms;
	e->next = server->waiting;
	e->at = &server->waiting;
	if (e->next)
		e->next->at = &e->next;
	server->waiting = e;
	e->guest->waiting++;
	MHD_suspend_connection(e->connection);
	return MHD_YES;
}

void exchange_resume(struct exchange *e)
{
	stop_waiting(e);
	e->request.waited = e->server->now >= e->waits_until;
	MHD_resume_connection(e->connection);
}

/* The pattern and not the path, which may hold a token. */
static void log_failure(const struct exchange *e, const struct err *err)
{
	const struct log_field fields[] = {
		LOG_TEXT("route", str_of(e->route->path)),
		LOG_TEXT("code", str_of(err_name(err->code))),
	};
	const struct log_field detail[] = {
		LOG_TEXT("message", str_of(err->message)),
	};

	log_event(LOG_ERROR, "http.failed", fields, 2);
	log_event(LOG_DEBUG, "http.failed", detail, 1);
}

static enum MHD_Result handle(struct exchange *e)
{
	struct http_response response = { .status = 200,
					  .type = "text/plain; charset=utf-8",
					  .body = STR_NONE };
	struct err err = ERR_INIT;
	int rc;

	if (e->server->closing)
		return answer_error(e, 503, NULL);
	if (!e->first_asked)
		e->first_asked = e->server->now;
	rc = e->route->handle(e->server->options.arg, &e->request, &response,
			      &err);
	if (rc == HTTP_LATER && !e->request.waited)
		return wait(e, response.wait_ms);
	if (rc == 0)
		return answer(e, &response);
	log_failure(e, &err);
	return answer_error(e, 500, NULL);
}

static enum MHD_Result read_form(struct exchange *e)
{
	static const struct str urlencoded = STR(
		"application/x-www-form-urlencoded");
	struct http_request *r = &e->request;
	struct str rest, type = http_header(r, "Content-Type");
	int status;

	r->body = e->body.len ? buf_str(&e->body) : STR_NONE;
	type = str_trim(str_cut(type, ';', &rest));
	if (!str_eq_nocase(type, urlencoded))
		return handle(e);
	status = decode_pairs(r->body, e->server->limits.fields, r->arena,
			      &r->form);
	return status ? answer_error(e, status, NULL) : handle(e);
}

enum MHD_Result exchange_step(void *server, struct MHD_Connection *connection,
			      const char *url, const char *method,
			      const char *version, const char *bytes,
			      size_t *size, void **context)
{
	struct exchange *e = *context;

	(void)server;
	(void)connection;
	(void)url;
	if (!e->begun) {
		e->begun = true;
		return admit(e, method, version);
	}
	if (e->answered) { /* refused: the rest is not looked at */
		*size = 0;
		return MHD_YES;
	}
	if (*size > 0) {
		buf_add(&e->body, str_at(bytes, *size));
		*size = 0;
		return buf_over(&e->body) ? MHD_NO : MHD_YES;
	}
	return e->first_asked ? handle(e) : read_form(e);
}
