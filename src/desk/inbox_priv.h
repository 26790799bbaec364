/* inbox_priv.h - what an inbox shows of a letter before it is opened */
#ifndef DESK_INBOX_PRIV_H
#define DESK_INBOX_PRIV_H

#include "base/arena.h"
#include "base/buf.h"

/* The first words of the letter, at most `most` characters, in the way of mail
 * programs: no tags, no styles, blanks joined. Invisible characters in a row,
 * which templates put there for that, end it. */
void inbox_words(struct str html, size_t most, struct buf *out);

/* The subject of a message, decoded (RFC 2047, UTF-8 words). */
struct str inbox_subject(struct str message, struct arena *arena);

#endif
