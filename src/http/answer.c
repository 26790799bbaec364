/* answer.c - a response in microhttpd's terms, with the headers of all */
#include <stdio.h>

#include "base/buf.h"
#include "server_priv.h"

/* Nothing is loaded, framed, submitted: a handler that needs more says so. */
#define POLICY                                                      \
	"default-src 'none'; base-uri 'none'; form-action 'none'; " \
	"frame-ancestors 'none'"

void http_add(struct http_response *response, const char *name,
	      struct str value)
{
	if (response->more_count < HTTP_HEADERS_MAX)
		response->more[response->more_count] = (struct http_pair){
			str_of(name), value
		};
	/* One too many is noticed when they are put in. */
	response->more_count++;
}

void http_redirect(struct http_response *response, struct str place)
{
	response->status = 303;
	http_add(response, "Location", place);
}

static bool is_line(struct str value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.at[i] < ' ' || value.at[i] > '~')
			return false;
	return true;
}

static bool put(struct MHD_Response *to, const char *name, const char *value)
{
	return MHD_add_response_header(to, name, value) == MHD_YES;
}

static bool put_more(struct MHD_Response *to, struct arena *arena,
		     const struct http_response *response)
{
	if (response->more_count > HTTP_HEADERS_MAX)
		return false;
	for (size_t i = 0; i < response->more_count; i++) {
		const struct http_pair *p = &response->more[i];

		if (!is_line(p->value) ||
		    !put(to, p->name.at, arena_z(arena, p->value)))
			return false;
	}
	return true;
}

static bool put_headers(struct MHD_Response *to, struct arena *arena,
			const struct http_response *response)
{
	return put(to, "Content-Type", response->type) &&
	       put(to, "X-Content-Type-Options", "nosniff") &&
	       put(to, "Referrer-Policy", "no-referrer") &&
	       put(to, "Cross-Origin-Resource-Policy", "same-origin") &&
	       put(to, "Content-Security-Policy",
		   response->policy ? response->policy : POLICY) &&
	       put(to, "Cache-Control",
		   response->cache ? response->cache : "no-store") &&
	       put_more(to, arena, response);
}

/* The body lives in the request's arena, which outlives the response: the end
 * of the exchange is told after the last byte has left. */
static enum MHD_Result queue(struct exchange *e,
			     const struct http_response *response)
{
	struct MHD_Response *to = MHD_create_response_from_buffer(
		response->body.len, (void *)(uintptr_t)response->body.at,
		MHD_RESPMEM_PERSISTENT);
	enum MHD_Result rc = MHD_NO;

	if (!to)
		return MHD_NO;
	if (put_headers(to, e->request.arena, response))
		rc = MHD_queue_response(e->connection,
					(unsigned)response->status, to);
	MHD_destroy_response(to);
	return rc;
}

enum MHD_Result answer(struct exchange *e, struct http_response *response)
{
	e->answered = true;
	if (queue(e, response) == MHD_YES)
		return MHD_YES;
	return answer_error(e, 500, NULL);
}

static const char *words_of(int status)
{
	static const struct {
		int status;
		const char *words;
	} table[] = {
		{ 400, "Bad request" },
		{ 404, "Not found" },
		{ 405, "Method not allowed" },
		{ 411, "Length required" },
		{ 413, "Too large" },
		{ 421, "Not a name of this server" },
		{ 431, "Too many headers" },
		{ 500, "Something went wrong here" },
		{ 503, "Closing" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].status == status)
			return table[i].words;
	return "Error";
}

enum MHD_Result answer_error(struct exchange *e, int status, const char *allow)
{
	struct http_server *server = e->server;
	struct http_response page = { .status = status,
				      .type = "text/plain; charset=utf-8" };

	e->answered = true;
	page.body = arena_fmt(e->request.arena, "%s\n", words_of(status));
	if (server->options.error_page)
		server->options.error_page(server->options.arg, status, &page);
	page.status = status;
	if (allow)
		http_add(&page, "Allow", str_of(allow));
	return queue(e, &page);
}

void http_escape(struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		switch (c) {
		case '&':
			buf_add(out, STR("&amp;"));
			break;
		case '<':
			buf_add(out, STR("&lt;"));
			break;
		case '>':
			buf_add(out, STR("&gt;"));
			break;
		case '"':
			buf_add(out, STR("&quot;"));
			break;
		case '\'':
			buf_add(out, STR("&#39;"));
			break;
		default:
			buf_byte(out, c);
		}
	}
}
