/* page.c - an article's page in the preview, and what its frame shows */
#include "base/clock.h"
#include "fill_priv.h"
#include "inbox_priv.h"
#include "look_priv.h"
#include "mail/address.h"
#include "page_priv.h"

#define SHOWN_TEXT  ((size_t)256 * 1024) /* of a source, in the page */
#define INBOX_CHARS 140

const char page_policy[] =
	"default-src 'none'; style-src 'self'; script-src 'self'; "
	"img-src 'self'; connect-src 'self'; frame-src 'self'; "
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/* What a letter may do: show itself and pictures. Links open beside it. */
#define SANDBOX                                   \
	"sandbox allow-same-origin allow-popups " \
	"allow-popups-to-escape-sandbox; "
#define LETTER_POLICY                                             \
	SANDBOX                                                   \
	"default-src 'none'; style-src 'unsafe-inline'; "         \
	"img-src 'self' data: https: http:; form-action 'none'; " \
	"base-uri 'none'; frame-ancestors 'self'"
#define BARE_POLICY                                       \
	SANDBOX                                           \
	"default-src 'none'; style-src 'unsafe-inline'; " \
	"form-action 'none'; base-uri 'none'; frame-ancestors 'self'"

static const struct {
	const char *name, *checked, *title;
} views[VIEW_COUNT] = {
	[VIEW_DESKTOP] = { "desktop", "is_desktop",
			   "The letter, 700 pixels wide" },
	[VIEW_PHONE] = { "phone", "is_phone", "The letter, 375 pixels wide" },
	[VIEW_TEXT] = { "text", "is_text", "The plain-text part" },
	[VIEW_SOURCE] = { "source", "is_source", "The message as it is sent" },
	[VIEW_WEB] = { "web", "is_web", "The web version" },
};

struct str page_path(struct str file, struct arena *arena)
{
	static const struct str folder = STR("articles/");
	struct str name = file;

	if (str_starts(file, folder))
		name = str_skip(file, folder.len);
	if (str_find(name, '/') >= 0)
		name = file;
	else if (name.len == file.len)
		name = arena_fmt(arena, "./" STR_FMT, STR_ARG(file));
	name = fill_url(name, arena);
	return arena_fmt(arena, "/i/" STR_FMT, STR_ARG(name));
}

/* --- what was asked for ---------------------------------------------------- */

void page_open(struct page *page, struct preview *preview,
	       const struct http_request *request)
{
	struct str view = http_query(request, "view");

	*page = (struct page){ .preview = preview,
			       .request = request,
			       .arena = request->arena,
			       .err = ERR_INIT };
	for (int i = 0; i < VIEW_COUNT; i++)
		if (str_eqz(view, views[i].name))
			page->view = (enum view)i;
	page->dark = str_eq(http_query(request, "dark"), STR("on"));
	page->bare = str_eq(http_query(request, "images"), STR("off"));
	page->as = str_trim(http_query(request, "as"));
	page->shown = shelf_get(preview->shelf, request->params[0],
				preview->version);
	page->path = arena_fmt(
		page->arena, "/i/" STR_FMT,
		STR_ARG(fill_url(request->params[0], page->arena)));
	page->note = STR_NONE;
}

/* The key is there for this alone: no child that parses what strangers wrote
 * is forked with it in memory. */
static int find_subscriber(struct page *page, struct err *err)
{
	const struct preview_options *o = page->preview->options;
	struct seal *seal = NULL;
	struct list *list = NULL;
	struct db *db = NULL;
	int rc = -1;

	if (seal_open(o->key, &seal, err) == 0 &&
	    db_open(o->database, DB_READ, &db, err) == 0 &&
	    list_open(db, seal, &list, err) == 0)
		rc = issue_subscriber(page->shown->issue, list, page->as,
				      page->arena, &page->reader, err);
	list_close(&list);
	db_close(&db);
	seal_close(&seal);
	return rc;
}

/* Whoever was asked for; the sample reader where there is nobody like that. */
static int find_reader(struct page *page)
{
	const struct issue *issue = page->shown->issue;
	struct arena *arena = page->arena;
	struct issue_reader *reader = &page->reader;
	struct err err = ERR_INIT;

	if (page->as.len > 0 && find_subscriber(page, &err) == 0) {
		if (reader->spared)
			page->note = arena_fmt(
				arena,
				STR_FMT " would not get it: list '" STR_FMT
					"', %s.",
				STR_ARG(reader->address),
				STR_ARG(issue->list->key), reader->spared);
		return 0;
	}
	if (page->as.len > 0)
		page->note = arena_fmt(arena,
				       "%s%s%s. This is the letter to a reader "
				       "without a name.",
				       err.message, err.hint[0] ? "; " : "",
				       err.hint);
	return issue_anybody(issue, ISSUE_SAMPLE, arena, reader, &page->err);
}

/* Compose what the page is about. -1 with page->err. */
static int compose(struct page *page)
{
	int64_t now = clock_now_ms();
	struct trial *trial;
	struct str bytes;
	struct buf html;
	int rc;

	if (!page->shown->issue) {
		page->err = page->shown->err;
		return -1;
	}
	if (find_reader(page) < 0 ||
	    trial_open(page->shown->issue, page->preview->seal, page->arena,
		       &trial, &page->err) < 0)
		return -1;
	buf_init(&html, LETTER_MAX);
	rc = trial_part(trial, &page->reader, PART_HTML, now, &html,
			&page->err);
	if (rc == 0)
		rc = trial_letter(trial, &page->reader, 0, "", now, &bytes,
				  &page->err);
	if (rc == 0) {
		page->html = arena_dup(page->arena, buf_str(&html));
		page->message = arena_dup(page->arena, bytes);
		buf_reset(&html);
		rc = trial_part(trial, &page->reader, PART_TEXT, now, &html,
				&page->err);
		page->text = arena_dup(page->arena, buf_str(&html));
	}
	buf_done(&html);
	trial_close(&trial);
	return rc;
}

/* --- the stage ------------------------------------------------------------- */

static struct holes holes_in(const struct page *page)
{
	return (struct holes){ .arena = page->arena };
}

static struct str from_of(const struct page *page)
{
	struct str from = page->shown->conf->from;
	struct err ignored = ERR_INIT;
	struct mailbox box;

	if (mailbox_parse(from, page->arena, &box, &ignored) < 0)
		return from;
	return box.name.len > 0 ? box.name : box.address;
}

static struct str inbox(const struct page *page)
{
	struct holes holes = holes_in(page);
	struct buf words;
	struct str line;

	buf_init(&words, (size_t)16 * 1024);
	inbox_words(page->html, INBOX_CHARS, &words);
	hole_text(&holes, "from", from_of(page));
	hole_text(&holes, "subject", inbox_subject(page->message, page->arena));
	hole_text(&holes, "words", words.len ? buf_str(&words) : STR_NONE);
	line = fill("inbox.html", &holes);
	buf_done(&words);
	return line;
}

static struct str size_words(size_t size, struct arena *arena)
{
	const char *what = size > GMAIL_CUTS	? ": Gmail cuts it off at"
			   : size > GMAIL_CLOSE ? ", close to Gmail's"
						: " of Gmail's";

	return arena_fmt(arena, "%zu.%zu KB%s 102 KB", size / 1024,
			 size % 1024 * 10 / 1024, what);
}

static struct str meter(const struct page *page)
{
	struct holes holes = holes_in(page);
	size_t size = page->html.len;

	hole_html(&holes, "size",
		  arena_fmt(page->arena, "%zu",
			    size < GMAIL_CUTS ? size : (size_t)GMAIL_CUTS));
	hole_html(&holes, "close", arena_fmt(page->arena, "%d", GMAIL_CLOSE));
	hole_html(&holes, "limit", arena_fmt(page->arena, "%d", GMAIL_CUTS));
	hole_html(&holes, "state",
		  size > GMAIL_CUTS    ? STR("over")
		  : size > GMAIL_CLOSE ? STR("close")
				       : STR("fine"));
	hole_text(&holes, "words", size_words(size, page->arena));
	return fill("meter.html", &holes);
}

static struct str frame(const struct page *page)
{
	struct holes holes = holes_in(page);
	struct str as = fill_url(page->as, page->arena);

	hole_html(&holes, "kind", str_of(views[page->view].name));
	hole_html(&holes, "title", str_of(views[page->view].title));
	hole_html(&holes, "src",
		  arena_fmt(page->arena, STR_FMT "/%s?as=" STR_FMT "%s%s",
			    STR_ARG(page->path),
			    page->view == VIEW_WEB ? "web" : "letter",
			    STR_ARG(as), page->dark ? "&amp;dark=on" : "",
			    page->bare ? "&amp;images=off" : ""));
	return fill("frame.html", &holes);
}

static struct str text_part(const struct page *page)
{
	struct holes holes = holes_in(page);

	hole_text(&holes, "text", str_head(page->text, SHOWN_TEXT));
	return fill("text.html", &holes);
}

static struct str source(const struct page *page)
{
	struct holes holes = holes_in(page);
	struct str message = page->message;
	ptrdiff_t end = str_find_str(message, STR("\r\n\r\n"));
	struct str body = str_skip(message, (size_t)end + 4);

	hole_html(&holes, "download",
		  arena_fmt(page->arena, STR_FMT "/letter.eml?as=" STR_FMT,
			    STR_ARG(page->path),
			    STR_ARG(fill_url(page->as, page->arena))));
	hole_text(&holes, "bytes", arena_fmt(page->arena, "%zu", message.len));
	hole_text(&holes, "headers", str_head(message, (size_t)end));
	hole_text(&holes, "body", str_head(body, SHOWN_TEXT));
	hole_html(&holes, "cut",
		  body.len > SHOWN_TEXT ? STR("The rest is in the download.")
					: STR_NONE);
	return fill("source.html", &holes);
}

static struct str stage(struct page *page)
{
	struct holes holes = holes_in(page);
	struct str shown = STR_NONE;

	switch (page->view) {
	case VIEW_DESKTOP:
	case VIEW_PHONE:
	case VIEW_WEB:
		shown = frame(page);
		break;
	case VIEW_TEXT:
		shown = text_part(page);
		break;
	case VIEW_SOURCE:
		shown = source(page);
		break;
	case VIEW_COUNT:
		break;
	}
	hole_html(&holes, "inbox", inbox(page));
	hole_html(&holes, "meter", meter(page));
	hole_text(&holes, "note", page->note);
	hole_html(&holes, "shown", shown);
	return fill("stage.html", &holes);
}

/* --- answers --------------------------------------------------------------- */

static struct str title_of(const struct page *page)
{
	return page->shown->issue ? page->shown->issue->article->title
				  : page->request->params[0];
}

int page_article(void *preview, const struct http_request *request,
		 struct http_response *response, struct err *err)
{
	struct holes holes = { .arena = request->arena };
	struct page page;
	int rc;

	(void)err;
	page_open(&page, preview, request);
	rc = compose(&page);
	hole_text(&holes, "title", title_of(&page));
	hole_text(&holes, "as", page.as);
	hole_html(&holes, "is_dark", page.dark ? STR("checked") : STR_NONE);
	hole_html(&holes, "is_bare", page.bare ? STR("checked") : STR_NONE);
	for (int i = 0; i < VIEW_COUNT; i++)
		hole_html(&holes, views[i].checked,
			  page.view == (enum view)i ? STR("checked")
						    : STR_NONE);
	hole_html(&holes, "version",
		  arena_fmt(request->arena, "%lld",
			    (long long)page.preview->version));
	hole_html(&holes, "stage", rc == 0 ? stage(&page) : page_error(&page));
	response->type = "text/html; charset=utf-8";
	response->policy = page_policy;
	response->body = fill("page.html", &holes);
	return 0;
}

/* For the frame; where there is none to show, the page around says why. */
static int no_letter(struct http_response *response)
{
	response->status = 404;
	response->body = STR("There is no letter to show.\n");
	return 0;
}

static struct str without_slash(struct str url)
{
	while (url.len > 0 && url.at[url.len - 1] == '/')
		url.len--;
	return url;
}

static int show(const struct page *page, struct str html,
		struct http_response *response)
{
	const struct look look = {
		.dark = page->dark,
		.bare = page->bare,
		.base = page->path,
		.url = without_slash(page->shown->conf->publication.url),
	};
	struct buf out;

	buf_init(&out, 4 * (size_t)LETTER_MAX);
	look_apply(html, &look, &out);
	response->type = "text/html; charset=utf-8";
	response->policy = page->bare ? BARE_POLICY : LETTER_POLICY;
	response->body = arena_dup(page->arena, buf_str(&out));
	buf_done(&out);
	return 0;
}

int page_letter(void *preview, const struct http_request *request,
		struct http_response *response, struct err *err)
{
	struct page page;

	(void)err;
	page_open(&page, preview, request);
	if (compose(&page) < 0)
		return no_letter(response);
	return show(&page, page.html, response);
}

int page_message(void *preview, const struct http_request *request,
		 struct http_response *response, struct err *err)
{
	struct page page;

	(void)err;
	page_open(&page, preview, request);
	if (compose(&page) < 0)
		return no_letter(response);
	response->type = "message/rfc822";
	response->body = page.message;
	http_add(response, "Content-Disposition",
		 arena_fmt(request->arena,
			   "attachment; filename=\"" STR_FMT ".eml\"",
			   STR_ARG(page.shown->issue->slug)));
	return 0;
}

int page_web(void *preview, const struct http_request *request,
	     struct http_response *response, struct err *err)
{
	struct page page;
	struct str html;

	page_open(&page, preview, request);
	if (!page.shown->issue ||
	    issue_web(page.shown->issue, page.arena, &html, err) < 0)
		return no_letter(response);
	return show(&page, html, response);
}
