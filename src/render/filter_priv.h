/* filter_priv.h - what stands behind a field's bar: upper, date, truncate ...
 *
 * A chain of filters is a run of bytes, so that it can stand in a merge
 * program: for each its letter, the length of what it wants in two bytes, and
 * that. Months' names travel with the date that needs them: a program knows
 * no language.
 */
#ifndef FILTER_PRIV_H
#define FILTER_PRIV_H

#include <stdbool.h>

#include "base/buf.h"
#include "value_priv.h"

#define FILTERS_MAX  8	    /* in one chain */
#define FILTER_BYTES 2048   /* of one chain */

/* "truncate 40" added to `chain`: 1, or 0 when it is the name of no filter.
 * ERR_INPUT where its argument is wrong. `months` are twelve names, or NULL
 * for English ones. */
int filter_parse(struct str source, const struct value *months,
		 struct buf *chain, struct err *err);

/* The name of a filter most like `word`, or STR_NONE. */
struct str filter_nearest(struct str word);

/* A blob may hold anything: this chain can be run. */
bool filter_ok(struct str chain);

struct str filter_apply(struct str chain, struct str text,
			struct arena *arena);

/* `text` with all octets encoded but those that are no signs in any address
 * (RFC 3986, 2.3). */
void filter_put_url(struct str text, struct buf *out);

/* Without what an address does anyway. */
struct str filter_in_address(struct str chain, struct arena *arena);

#endif
