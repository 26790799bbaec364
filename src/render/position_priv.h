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

struct position {
	enum position_state state;
	char quote;
	char word[16]; /* attribute or element name being read */
	size_t word_len;
	char element[16]; /* of the tag we are in */
	bool fresh;	  /* nothing of the value seen yet */
	char last[4];	  /* the latest bytes, for <!-- and --> */
};

void position_feed(struct position *position, struct str text);

/* How a reader's field must be escaped here, or -1 with ERR_INPUT where none
 * may stand: in a tag's name, unquoted, in style, script or a comment. */
int position_context(const struct position *position,
		     enum slot_context *context_out, struct err *err);

#endif
