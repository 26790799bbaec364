/* preview_priv.h - the preview's parts: articles at hand, pages, answers */
#ifndef DESK_PREVIEW_PRIV_H
#define DESK_PREVIEW_PRIV_H

#include "base/loop.h"
#include "desk/preview.h"
#include "desk/trial.h"
#include "http/server.h"

#define GMAIL_CUTS  104448	/* 102 KiB of HTML, decoded */
#define GMAIL_CLOSE 81920

/* --- shelf.c: articles as they were loaded last */

struct shown {
	char *name;		/* the file, as addresses name it */
	int64_t version;	/* of the files when it was loaded */
	int64_t used;
	struct arena *arena;
	const struct conf *conf;	/* NULL: `err` says why */
	const struct issue *issue;	/* NULL: `err` says why */
	struct err err;
};

struct shelf;
struct shelf *shelf_new(const char *dir);
void shelf_free(struct shelf **shelf);
/* The article, read again when the files have changed since. Valid until the
 * next call. */
const struct shown *shelf_get(struct shelf *shelf, struct str name,
			      int64_t version);

/* --- preview.c */

struct preview {
	const struct preview_options *options;
	struct loop *loop;
	struct http_server *server;
	struct shelf *shelf;
	struct seal *seal;	/* of this run alone: its letters are nobody's */
	int64_t version;	/* grows with each save */
	int64_t saved;		/* boot ms of news not yet told; 0: none */
};

/* --- page.c and listing.c: answers of HTML, and of text */

typedef int answer_(void *preview, const struct http_request *request,
		    struct http_response *response, struct err *err);
answer_ page_article, page_letter, page_message, page_web, page_index;

/* Our own pages load from us alone and run one script. */
extern const char page_policy[];

/* "articles/x.md" as addresses have it: "x.md", percent-encoded; "/i/" first.
 */
struct str page_path(struct str file, struct arena *arena);

#endif
