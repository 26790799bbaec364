/* directive_priv.h - the blocks that `::` lines make, as data
 *
 *	::name[label](address){key=value}	one line
 *	:::name {key=value} ... :::		blocks inside
 */
#ifndef DIRECTIVE_PRIV_H
#define DIRECTIVE_PRIV_H

#include "markdown_priv.h"

/* What a value may be. */
enum takes {
	TAKES_WORDS,   /* anything that fits on a line */
	TAKES_ICON,    /* a character or two */
	TAKES_TONE,    /* of a callout */
	TAKES_DEPTH,   /* 1 to 6 */
	TAKES_LINK,    /* an address that does no harm */
	TAKES_WEB,     /* an address on the web */
	TAKES_PICTURE, /* a file, or an address on the web */
	TAKES_KEY,     /* of an author */
	TAKES_COUNT
};

/* Where it goes in the block's node. */
enum target {
	TO_TEXT,
	TO_URL,
	TO_TITLE,
	TO_NUMBER,
	TO_PICTURE, /* an image below it */
	TO_BY	    /* a text below it */
};

struct setting {
	struct str name;
	enum takes takes;
	enum target target;
	bool required;
};

#define SETTINGS_MAX 4

enum form { FORM_LEAF, FORM_CONTAINER, FORM_CONDITION, FORM_ELSE };
enum part { PART_NONE, PART_MAY, PART_MUST };

struct shape {
	struct str name;
	enum block_kind kind;
	enum form form;
	const char *right; /* how it is written */
	unsigned flags;	   /* of the node */
	enum part label, address;
	enum takes label_takes, address_takes;
	struct setting settings[SETTINGS_MAX];
};

/* The shape of that name, or NULL. */
const struct shape *shape_find(struct str name);
/* All names, for a suggestion. */
size_t shape_names(const struct str **names_out);

struct reading { /* one line */
	struct markdown *m;
	uint32_t line;
	struct directive *out;
	const struct shape *shape;
	struct node *node;
};

int directive_refuse(const struct reading *r, struct err *err);
/* `rest` cannot stand in the line; the right form is the cure. */
int directive_misplaced(const struct reading *r, struct str rest,
			struct err *err);

/* value.c: check `value` and put it into the node. `what` is its name in an
 * error: "label", "address" or a setting's. */
int value_put(const struct reading *r, struct str what, enum takes takes,
	      enum target target, struct str value, struct err *err);

/* The settings in `rest`, which begins with '{' and ends the line. */
int settings_read(const struct reading *r, struct str rest, struct err *err);

#endif
