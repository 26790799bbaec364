/* once.h - a few letters by the relay, outside the ledger
 *
 * For test mails: one connection at a time, one letter after the other, what
 * the relay said handed back at once. Nothing is recorded. A letter whose
 * connection was lost before its MAIL was answered is offered once more, on a
 * new one; nothing else is tried again. The relay's login, certificate and rate and the signature are those of `send`.
 */
#ifndef SEND_ONCE_H
#define SEND_ONCE_H

#include <stdint.h>

#include "base/err.h"
#include "conf/conf.h"
#include "net/smtp.h"

struct send_letter {
	struct str sender, recipient;	/* of the envelope */
	struct str bytes;		/* wire form; in front of it LETTER_ROOM
					   bytes for the signature */
	const char *name;		/* of its file where the relay is a
					   folder: "test-....eml" */
};

struct send_once {
	const struct conf *conf;
	size_t count;
	const volatile int *stop;	/* polled; non-zero: send no more */
	/* Fill letter `index`; its texts are needed until the next call. */
	int (*next)(void *arg, size_t index, struct send_letter *letter,
		    struct err *err);
	/* What was said about it, as soon as it was. */
	void (*said)(void *arg, size_t index,
		     const struct smtp_verdict *verdict);
	void *arg;
};

/* 0 once all were offered, whatever was said, or when stopped. ERR_AGAIN with
 * the relay's words when no connection comes about (nobody there, no login, no
 * trust), be it for the first letter or a later one. For those left `said` is
 * not called. */
int send_once(const struct send_once *once, struct err *err);

#endif
