/* position_priv.h - where in an HTML page the next byte would stand
 *
 * A small reading of HTML, enough to tell text from attributes: templates are
 * the user's own, so what is doubtful is refused rather than guessed.
 */
#ifndef POSITION_PRIV_H
#define POSITION_PRIV_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "render/program.h"

enum position_state {
	POSITION_TEXT,
	POSITION_TAG,	/* inside <...>, outside a quoted value */
	POSITION_VALUE, /* inside a quoted attribute value */
	POSITION_COMMENT,
	POSITION_STYLE /* between <style> or <script> and its end */
};

/* Of a tag, outside a quoted value (HTML 13.2.5.8 and what follows). */
enum position_step {
	STEP_ELEMENT, /* its name, closing slash and all */
	STEP_BETWEEN,
	STEP_NAME,   /* of an attribute */
	STEP_NAMED,  /* blanks behind it */
	STEP_EQUALS, /* and the sign */
	STEP_UNQUOTED
};

/* A beginning longer than this has named its host, or never will. */
#define POSITION_VALUE_MAX 300

struct position {
	enum position_state state;
	enum position_step step;
	char quote;
	char word[24]; /* attribute or element name, in lower case */
	size_t word_len;
	char element[16]; /* of the tag we are in */
	bool described;	  /* which has a name or property, */
	bool commands;	  /* or an http-equiv */
	char raw[8];	  /* "style" or "script" while inside it */
	char last[8];	  /* the latest bytes, in lower case */
	char value[POSITION_VALUE_MAX]; /* how an attribute's value begins */
	size_t value_len;
};

void position_feed(struct position *position, struct str text);

/* A reader's field stands here, escaped for `context`. */
void position_feed_slot(struct position *position, enum slot_context context);

/* How a field must be escaped here, or -1 with ERR_INPUT where none of a
 * reader may stand: in a tag's name, unquoted, in an attribute that is not
 * known to hold text or an address, as the host of an address, in style,
 * script or a comment, in what a browser is told to do. */
int position_context(const struct position *position,
		     enum slot_context *context_out, struct err *err);

/* An address is read, from its beginning (SLOT_HREF) or behind it. */
bool position_in_address(const struct position *position,
			 enum slot_context *context_out);

/* A section came to `after` or left us at `before`, as the reader is: false
 * when what follows would mean something else. */
bool position_join(struct position *after, const struct position *before);

#endif
