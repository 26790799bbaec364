/* preview.h - the letter in the browser, as it will look, while it is written
 *
 * A server on loopback that shows an article as readers would see it, and
 * again whenever a file of the publication is saved. It writes nothing and
 * sends nothing. One thread, since articles are parsed in forked children.
 */
#ifndef DESK_PREVIEW_H
#define DESK_PREVIEW_H

#include "base/err.h"
#include "base/str.h"

#define PREVIEW_PORT 8026

struct preview_options {
	const char *dir;	/* the publication's folder */
	const char *database;	/* opened for reading when a subscriber is
				   asked for */
	const char *key;	/* the same; its letters are sealed with a
				   secret of the run's own */
	const char *issue;	/* the file or slug to begin with; NULL: the
				   list of all */
	/* HOST:PORT, loopback only; NULL: 127.0.0.1:8026, or where that is
	 * taken one of the next ten. */
	const char *listen;
	const volatile int *stop;	/* polled; non-zero: end */
	/* It listens, and this is the address to open. */
	void (*ready)(void *arg, const char *url);
	/* Said once: a folder whose files are shown as they are when a page is
	 * loaded, but whose saves are not seen. */
	void (*unwatched)(void *arg, const char *folder);
	void *arg;
};

/* Returns 0 once stopped. ERR_USAGE for a place to listen that is not on
 * loopback, ERR_MISSING for an article that is not there, ERR_AGAIN when the
 * port is taken. */
int preview_run(const struct preview_options *options, struct err *err);

#endif
