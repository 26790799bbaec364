/* utf8.h - UTF-8 checked, counted and folded (over libunistring) */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* Well-formed by RFC 3629. On false the offset of the first bad byte goes to
 * *bad_out when that is not NULL. */
bool utf8_ok(struct str s, size_t *bad_out);

/* The character at the start of `s` and its length in bytes (>= 1). Broken
 * input yields U+FFFD and 1. `s` must not be empty. */
uint32_t utf8_next(struct str s, size_t *len_out);

/* Columns of a terminal: East Asian wide 2, combining 0, an emoji sequence
 * as one. */
size_t utf8_width(struct str s);

/* The length of the longest beginning of `s` that has at most `chars`
 * characters and ends between two that are seen as two: no accent loses its
 * letter, no emoji sequence its end. */
size_t utf8_cut(struct str s, size_t chars);

/* A control character of C0 or C1, or U+2028/2029: never in a header. */
bool utf8_has_control(struct str s);

/* It shows nothing of itself (Default_Ignorable_Code_Point): it joins, parts
 * or turns what stands around it, or asks for another form of that. */
bool utf8_is_ignorable(uint32_t c);

/* Something in `s` leaves a mark on the page: not only blanks of any kind,
 * controls, and what is ignorable. */
bool utf8_is_seen(struct str s);

/* The first strong direction is right to left. */
bool utf8_is_rtl(struct str s);

/* NFC. ASCII, and what is not UTF-8, gives the input back. */
struct str utf8_nfc(struct arena *arena, struct str s);

/* Lower case in the language-neutral way. Broken bytes become U+FFFD. */
struct str utf8_lower(struct arena *arena, struct str s);
struct str utf8_upper(struct arena *arena, struct str s);

/* A host name as A-labels by IDNA 2008 (libidn2), lower case: "bücher.de" ->
 * "xn--bcher-kva.de". Empty when it is no host name: letters, digits and
 * hyphens in labels of 1 to 63, 253 in all, no dot at the end. */
struct str utf8_host_ascii(struct arena *arena, struct str host);

#endif
