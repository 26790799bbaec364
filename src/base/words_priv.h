/* words_priv.h - which plural form a number takes, as a checked program */
#ifndef WORDS_PRIV_H
#define WORDS_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define PLURAL_FORMS_MAX 8 /* no language has more than six */
#define PLURAL_OPS_MAX	 128
#define PLURAL_STACK_MAX 32

enum plural_kind {
	PLURAL_N, /* push n */
	PLURAL_NUMBER,
	PLURAL_NOT,
	PLURAL_MULTIPLY,
	PLURAL_DIVIDE,
	PLURAL_REST,
	PLURAL_ADD,
	PLURAL_SUBTRACT,
	PLURAL_LESS,
	PLURAL_MORE,
	PLURAL_AT_MOST,
	PLURAL_AT_LEAST,
	PLURAL_SAME,
	PLURAL_OTHER,
	PLURAL_AND,
	PLURAL_OR,
	PLURAL_CHOOSE /* condition ? yes : no */
};

struct plural {
	unsigned forms;
	unsigned count;
	struct {
		enum plural_kind kind;
		uint64_t number;
	} ops[PLURAL_OPS_MAX]; /* operands first */
};

/* "nplurals=2; plural=(n != 1);" as in C. False when it is not, has too many
 * forms or would need more than the limits above. */
bool plural_parse(struct str source, struct plural *out);

/* The form for `n`, below `forms`: 0 when the formula gives none of them. */
unsigned plural_form(const struct plural *plural, uint64_t n);

#endif
