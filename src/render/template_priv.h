/* template_priv.h - a template as a tree of tags */
#ifndef TEMPLATE_PRIV_H
#define TEMPLATE_PRIV_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define TEMPLATE_MAX	  ((size_t)256 * 1024)
#define TEMPLATE_SECTIONS 64 /* open at once */
#define TEMPLATE_PARTIALS 32 /* one inside another */

enum tag_kind {
	TAG_TEXT,     /* not a tag: what stands between */
	TAG_FIELD,    /* {{x}} */
	TAG_RAW,      /* {{{x}}} and {{&x}} */
	TAG_SECTION,  /* {{#x}} ... {{/x}} */
	TAG_INVERTED, /* {{^x}} ... {{/x}} */
	TAG_PARTIAL   /* {{>x}} */
};

struct tag {
	enum tag_kind kind;
	struct str text;   /* the text, or what stands in the braces */
	struct str indent; /* of a partial alone on its line */
	int line, column;
	struct tag *first; /* inside a section */
	struct tag *next;
};

/* Parse `text`; `name` makes the places in errors. Everything points into
 * `text` and `arena`. */
int template_parse(struct str text, const char *name, struct arena *arena,
		   struct tag **first_out, struct err *err);

/* The text of template `name`: DIR/templates/NAME, else the built-in one.
 * ERR_MISSING with the nearest built-in name. */
int template_text(const char *dir, struct str name, struct arena *arena,
		  struct str *text_out, struct err *err);

#endif
