/* smart_priv.h - how a language writes quotes and stops */
#ifndef SMART_PRIV_H
#define SMART_PRIV_H

#include <stdbool.h>

#include "base/str.h"

#define NARROW "\xE2\x80\xAF" /* a narrow no-break space */

struct smart_language {
	const char *tag;
	const char *quotes[2][2]; /* of " and ', opening and closing */
	const char *spaced;	  /* marks with a narrow space before them */
	const char *inside;	  /* between " and the words in it */
	const char *elided;	  /* " word word ": begin with an apostrophe */
	bool untouched;
	bool hebrew; /* geresh and gershayim inside words */
};

/* By a language tag: of the whole, else of its first part, else English. */
const struct smart_language *smart_language(struct str tag);

#endif
