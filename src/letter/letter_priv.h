/* letter_priv.h - the shape of a form, and what is at hand for one letter */
#ifndef LETTER_PRIV_H
#define LETTER_PRIV_H

#include "letter/letter.h"
#include "render/program.h"

#define FORM_MAGIC 0x4d464454u		/* "TDFM" */
#define FORM_VERSION 1
#define FORM_MAX ((size_t)24 * 1024 * 1024)

/* The parts of a form, in their order in the blob: each is its length in four
 * bytes and then its bytes. */
#define FORM_PARTS(X)							\
	X(URL)			/* publication.url */			\
	X(ENVELOPE)		/* envelope domain */			\
	X(FROM_DOMAIN)							\
	X(ATTRIBUTES)		/* names, 0x1f between */		\
	X(SUBJECT)		/* program, made by render */		\
	X(HEADERS)		/* program: all the other headers */	\
	X(OPEN)			/* MIME headers up to the text part */	\
	X(TEXT)			/* program */				\
	X(MIDDLE)		/* boundary and head of the HTML part */ \
	X(HTML)			/* program */				\
	X(CLOSE)		/* pictures and the last boundary */

enum form_part {
#define X(name) FORM_##name,
	FORM_PARTS(X)
#undef X
	FORM_PART_COUNT
};

struct letter_form {
	struct str parts[FORM_PART_COUNT];
	const struct program *subject, *headers, *text, *html;
	uint64_t fields;
	struct str attributes[FIELD_ATTRIBUTES_MAX];
	size_t attribute_count;
};

/* What is written into addresses and Message-IDs of ours as it is: ASCII to be
 * seen, no angle brackets, at least one octet and at most `max`. */
bool form_name_ok(struct str name, size_t max);
#define FORM_URL_MAX 900	/* leaves room for a token on a line of 998 */
#define FORM_DOMAIN_MAX 254
#define FORM_NAME_MAX 200	/* of a list or issue */

/* The program of all headers but the Subject and the MIME ones. Appends its
 * blob to `out`. */
int headers_build(const struct letter_head *head, struct buf *out,
		  struct err *err);

#endif
