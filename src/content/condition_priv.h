/* condition_priv.h - the tags of {{#if ...}} {{else}} {{/if}} */
#ifndef CONDITION_PRIV_H
#define CONDITION_PRIV_H

#include "content/blocks.h"

enum condition_tag {
	COND_FIELD, /* an ordinary field */
	COND_IF,
	COND_UNLESS,
	COND_ELSE,
	COND_END_IF,
	COND_END_UNLESS
};

/* What the inside of a field's braces is. */
enum condition_tag condition_tag(struct str inside);

struct condition_fault {
	uint32_t field; /* the tag at fault */
	const char *message, *hint;
};

/* The tags among the texts of each node are balanced, and none stands where
 * nothing could be left out. False with the first that is not so. */
bool conditions_ok(const struct blocks *blocks,
		   struct condition_fault *fault_out);

#endif
