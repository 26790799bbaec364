/* template_priv.h - a template as a tree of tags */
#ifndef TEMPLATE_PRIV_H
#define TEMPLATE_PRIV_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define TEMPLATE_MAX	  ((size_t)256 * 1024)
#define TEMPLATE_SECTIONS 64 /* open at once */
#define TEMPLATE_PARTIALS 32 /* one inside another, blocks included */
#define TEMPLATE_WALKED	  16 /* blocks of a parent: more are found by name */

enum tag_kind {
	TAG_TEXT,     /* not a tag: what stands between */
	TAG_FIELD,    /* {{x}} */
	TAG_RAW,      /* {{{x}}} and {{&x}} */
	TAG_SECTION,  /* {{#x}} ... {{/x}} */
	TAG_INVERTED, /* {{^x}} ... {{/x}} */
	TAG_IF,	      /* {{#if x}} ... {{else}} ... {{/if}} */
	TAG_UNLESS,   /* {{#unless x}} ... {{/unless}} */
	TAG_PARTIAL,  /* {{>x}} */
	TAG_PARENT,   /* {{<x}} ... {{/x}}: what counts inside are blocks */
	TAG_BLOCK     /* {{$x}} ... {{/x}} */
};

struct seen;

struct tag {
	enum tag_kind kind;
	struct str text;   /* the text, or what stands in the braces */
	struct str indent; /* of a partial, parent or block: of its lines */
	int line, column;
	struct tag *first; /* inside a section */
	struct tag *other; /* of an if: behind its {{else}} */
	struct tag *next;
	struct seen *blocks; /* of a parent of many: the first of each name */
	/* of a block: */
	struct tag *namesake;  /* the next of that name in a parent of many */
	struct source *inside; /* as it stands in the file */
	bool alone;	       /* its first tag has a line of its own */
	bool own_line;	       /* nothing stands before and behind it */
};

/* A text to be parsed, with the place in the file where it begins. */
struct source {
	const char *name;	/* for places: "templates/mail/x.html" */
	struct str text;	/* moved in or out as its place wants it */
	struct str file;	/* the whole file, for excerpts */
	struct str open, close; /* delimiters */
	int line, column;	/* of its first byte, from 1 */
	int moved;		/* its lines stand so much further right, */
	int first_moved;	/* and the first of them so much */
	bool within;		/* its first byte begins no line */
};

/* What an unread file is: delimiters as ever, from line 1. */
struct source source_of(const char *name, struct str text);

/* `source` with its lines moved out by as many blanks as there are, at most
 * `out`, and in by `indent`; the first of them by the latter only if so. */
int source_moved(struct source *source, size_t out, struct str indent,
		 bool first, struct arena *arena, struct err *err);

/* How far the first line with something in it is moved in. */
struct str source_indent(struct str text);

/* Line `number` of a file, without its end. */
struct str source_line(struct str file, int number);

/* Everything points into the source's text and `arena`. */
int template_parse(const struct source *source, struct arena *arena,
		   struct tag **first_out, struct err *err);

/* Say where in `source` it happened, by line and column of what was parsed,
 * and show the line. Returns -1. */
int source_place(const struct source *source, int line, int column,
		 struct err *err);

struct templates {
	const char *dir, *theme;
	bool plain;	     /* any Mustache: see template_plain() */
	struct arena *arena; /* what was read and parsed is kept here */
	struct seen *pages;  /* by medium, name and indent */
	size_t output;	     /* of all that ran, for one letter */
};

/* A built-in file below templates/ ("mail/letter.html"), or NULL. */
const char *template_built_in(struct str path);

/* The text of template `name`; see template_run(). ERR_MISSING with the
 * nearest built-in name. */
int template_text(const struct templates *from, const char *medium,
		  struct str name, struct arena *arena, struct str *text_out,
		  struct err *err);

/* The same for plain Mustache: NAME.mustache, then NAME.html in `dir`; none is
 * an empty one. `file_out` is its file's name. */
int template_partial(const char *dir, struct str name, struct arena *arena,
		     struct str *text_out, struct str *file_out,
		     struct err *err);

#endif
