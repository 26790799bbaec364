/* page_priv.h - one page of the preview in the making */
#ifndef DESK_PAGE_PRIV_H
#define DESK_PAGE_PRIV_H

#include "preview_priv.h"

enum view {
	VIEW_DESKTOP,
	VIEW_PHONE,
	VIEW_TEXT,
	VIEW_SOURCE,
	VIEW_WEB,
	VIEW_COUNT
};

struct page {
	struct preview *preview;
	const struct http_request *request;
	struct arena *arena;	/* the request's */
	const struct shown *shown;
	struct str path;	/* "/i/x.md" */
	enum view view;
	bool dark, bare;
	struct str as;		/* the address asked for, or "" */
	struct issue_reader reader;
	struct str note;	/* about that reader, or "" */
	struct str html, text, message; /* the letter */
	struct err err;		/* why there is none */
};

/* What the request asks for. */
void page_open(struct page *page, struct preview *preview,
	       const struct http_request *request);

/* page->err with the lines around its place, in place of the letter. */
struct str page_error(struct page *page);

#endif
