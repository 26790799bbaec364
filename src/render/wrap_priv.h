/* wrap_priv.h - where a line may not end */
#ifndef WRAP_PRIV_H
#define WRAP_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* May a line end between two characters with no blank between them? Only
 * where scripts without blanks are written, and there neither before what
 * closes nor behind what opens, nor inside a character of several parts. */
bool wrap_may_break(uint32_t before, uint32_t after);

/* A letter of a flag, of which two belong together. */
bool wrap_is_flag(uint32_t c);

/* The blank at `text.at[i]` stays where it is: "12 €", "§ 3", "text [4]". */
bool wrap_keeps_blank(struct str text, size_t i);

#endif
