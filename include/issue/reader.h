/* reader.h - one person as an issue's letter would address them
 *
 * For looking at a letter before it is frozen: what the freeze would store of
 * a subscriber, or a sample reader of whom nothing is known.
 */
#ifndef ISSUE_READER_H
#define ISSUE_READER_H

#include "base/arena.h"
#include "base/err.h"
#include "issue/issue.h"
#include "list/subscriber.h"

#define ISSUE_SAMPLE STR("reader@example.com")

struct issue_reader {
	int64_t id;		/* of the subscriber; 0: the sample reader */
	struct str address;
	struct str fields;	/* as struct letter_reader wants them */
	int64_t list_id;	/* of the issue's list; 0: nobody was on it */
	const char *spared;	/* why they would not get it ("unsubscribed",
				   "suppressed"), or NULL */
};

/* Somebody of whom no more is known than an address; texts in `arena`. */
int issue_anybody(const struct issue *issue, struct str address,
		  struct arena *arena, struct issue_reader *out,
		  struct err *err);

/* The subscriber of that address. ERR_MISSING when there is none. */
int issue_subscriber(const struct issue *issue, struct list *list,
		     struct str address, struct arena *arena,
		     struct issue_reader *out, struct err *err);

#endif
