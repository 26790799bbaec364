/* preview.c - the preview's server: see desk/preview.h */
#include "preview_priv.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/time.h"
#include "content/article.h"
#include "fill_priv.h"
#include "watch_priv.h"

#define PORTS_TRIED 10
#define WAIT_MS	    1000 /* the stop flag is looked at that often */
#define POLL_MS	    25000
#define SETTLE_MS   30 /* an editor's save is several events */

/* --- small answers --------------------------------------------------------- */

static int lost(struct http_response *response)
{
	response->status = 404;
	response->body = STR("Not found\n");
	return 0;
}

/* The number of the files' state, as soon as it is another than `seen`. */
static int news(void *arg, const struct http_request *request,
		struct http_response *response, struct err *err)
{
	const struct preview *preview = arg;
	int64_t seen = 0;

	(void)err;
	str_int64(http_query(request, "seen"), &seen);
	response->wait_ms = POLL_MS;
	if (seen == preview->version && !request->waited)
		return HTTP_LATER;
	response->body = arena_fmt(request->arena, "%lld\n",
				   (long long)preview->version);
	return 0;
}

static int file(void *arg, const struct http_request *request,
		struct http_response *response, struct err *err)
{
	static const struct {
		const char *name, *type;
	} files[] = {
		{ "style.css", "text/css; charset=utf-8" },
		{ "script.js", "text/javascript; charset=utf-8" },
		{ "icon.svg", "image/svg+xml" },
	};

	(void)arg;
	(void)err;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (str_eqz(request->params[0], files[i].name)) {
			response->type = files[i].type;
			response->body = fill_file(files[i].name);
			return 0;
		}
	return lost(response);
}

/* A picture of the letter, by its name below /m/. */
static int hosted(void *arg, const struct http_request *request,
		  struct http_response *response, struct err *err)
{
	struct preview *preview = arg;
	const struct shown *shown = shelf_get(
		preview->shelf, request->params[0], preview->version);
	const struct render_input *in = shown->issue ? shown->issue->input
						     : NULL;

	(void)err;
	for (size_t i = 0; in && i < in->image_count; i++) {
		const struct render_image *image = &in->images[i];

		if (!str_eq(image->file, request->params[1]))
			continue;
		response->type = arena_z(request->arena, image->type);
		response->body = arena_dup(request->arena, image->bytes);
		return 0;
	}
	return lost(response);
}

/* One that travels inside the letter, by its Content-ID. */
static int inside(void *arg, const struct http_request *request,
		  struct http_response *response, struct err *err)
{
	struct preview *preview = arg;
	const struct shown *shown = shelf_get(
		preview->shelf, request->params[0], preview->version);
	const struct render_output *out = shown->issue ? &shown->issue->parts
						       : NULL;

	(void)err;
	for (size_t i = 0; out && i < out->picture_count; i++) {
		const struct render_picture *picture = &out->pictures[i];

		if (!str_eq(picture->cid, request->params[1]))
			continue;
		response->type = arena_z(request->arena, picture->type);
		response->body = arena_dup(request->arena, picture->bytes);
		return 0;
	}
	return lost(response);
}

static void error_page(void *arg, int status, struct http_response *page)
{
	(void)arg;
	if (status != 404)
		return;
	page->type = "text/html; charset=utf-8";
	page->policy = page_policy;
	page->body = fill_file("lost.html");
}

static const struct http_route routes[] = {
	{ HTTP_GET, "/", page_index },
	{ HTTP_GET, "/i/:name", page_article },
	{ HTTP_GET, "/i/:name/letter", page_letter },
	{ HTTP_GET, "/i/:name/letter.eml", page_message },
	{ HTTP_GET, "/i/:name/web", page_web },
	{ HTTP_GET, "/i/:name/m/:file", hosted },
	{ HTTP_GET, "/i/:name/cid/:id", inside },
	{ HTTP_GET, "/news", news },
	{ HTTP_GET, "/preview/:file", file },
	{ 0 }
};

/* --- where to listen ------------------------------------------------------- */

/* Drafts, addresses, readers' values: not for the network. */
static int check_loopback(struct str listen, struct err *err)
{
	struct str host;
	int port;

	if (!http_split(listen, &host, &port) || http_is_loopback(host))
		return 0; /* what is none is said when it is opened */
	err_set(err, ERR_USAGE,
		"the preview listens on this machine only, and '" STR_FMT
		"' is not",
		STR_ARG(str_head(listen, 100)));
	return err_hint(err,
			"to look at it from elsewhere, forward a port: "
			"ssh -L %d:127.0.0.1:%d HOST",
			PREVIEW_PORT, PREVIEW_PORT);
}

static int open_at(struct preview *preview, struct str listen, struct err *err)
{
	struct http_options options = {
		.listen = listen,
		.routes = routes,
		.arg = preview,
		.limits = { .memory = (size_t)128 * 1024 * 1024 },
		.error_page = error_page,
	};

	return http_open(preview->loop, &options, &preview->server, err);
}

static int open_server(struct preview *preview, struct err *err)
{
	const char *listen = preview->options->listen;
	char text[40];
	int rc = -1;

	if (listen)
		return check_loopback(str_of(listen), err) < 0
			       ? -1
			       : open_at(preview, str_of(listen), err);
	for (int i = 0; rc < 0 && i < PORTS_TRIED; i++) {
		snprintf(text, sizeof(text), "127.0.0.1:%d", PREVIEW_PORT + i);
		rc = open_at(preview, str_of(text), err);
		if (rc < 0 && err->code != ERR_AGAIN)
			break;
	}
	return rc;
}

/* --- the run --------------------------------------------------------------- */

static void on_saved(void *arg)
{
	struct preview *preview = arg;

	if (!preview->saved)
		preview->saved = clock_boot_ms();
}

/* How long to wait for the rest of a save, or -1. */
static int64_t tell(struct preview *preview, int64_t now)
{
	if (!preview->saved)
		return -1;
	if (now < preview->saved + SETTLE_MS)
		return preview->saved + SETTLE_MS - now;
	preview->saved = 0;
	preview->version++;
	http_wake(preview->server);
	return -1;
}

/* Once, whether it was there at the beginning or came later. */
static void tell_missed(const struct preview *preview,
			const struct watch *watch, bool *told)
{
	const char *missed = watch_missed(watch);

	if (*told || !missed || !preview->options->unwatched)
		return;
	preview->options->unwatched(preview->options->arg, missed);
	*told = true;
}

static void serve(struct preview *preview, const struct watch *watch)
{
	bool told = false;

	while (!*preview->options->stop) {
		int64_t now = clock_boot_ms();
		int64_t settle = tell(preview, now);
		int64_t next = http_run(preview->server, now);
		int64_t wait = time_sooner(WAIT_MS, settle);

		tell_missed(preview, watch, &told);
		if (next >= 0)
			wait = time_sooner(wait, next > now ? next - now : 0);
		loop_wait(preview->loop, wait);
	}
}

static int announce(const struct preview *preview, struct err *err)
{
	const struct preview_options *o = preview->options;
	struct arena *arena = arena_new("an address", (size_t)256 << 20);
	struct str name, path = STR("/"), url;
	int rc = 0;

	if (o->issue) {
		rc = article_locate(o->dir, str_of(o->issue), arena, &name,
				    err);
		if (rc == 0)
			path = page_path(name, arena);
	}
	if (rc == 0 && o->ready) {
		url = arena_fmt(arena, "http://%s" STR_FMT,
				http_address(preview->server), STR_ARG(path));
		o->ready(o->arg, url.at);
	}
	arena_free(&arena);
	return rc;
}

int preview_run(const struct preview_options *options, struct err *err)
{
	/* Another run's number must not pass for this one's. */
	struct preview preview = { .options = options,
				   .version = clock_now_ms() };
	unsigned char secret[32];
	struct watch *watch = NULL;
	int rc = -1;

	preview.shelf = shelf_new(options->dir);
	seal_random(secret, sizeof(secret));
	preview.seal = seal_of(secret);
	if (loop_open(&preview.loop, err) < 0 ||
	    watch_open(preview.loop, options->dir, on_saved, &preview, &watch,
		       err) < 0 ||
	    open_server(&preview, err) < 0 || announce(&preview, err) < 0)
		goto out;
	serve(&preview, watch);
	rc = 0;
out:
	http_close(&preview.server);
	watch_close(&watch);
	if (preview.loop)
		loop_close(&preview.loop);
	shelf_free(&preview.shelf);
	seal_close(&preview.seal);
	return rc;
}
