/* str.h - borrowed slices of bytes
 *
 * A `struct str` is passed by value and never owns what it points at. It may
 * hold any byte, NUL included, and is not NUL-terminated. Whoever keeps one
 * longer than its owner lives copies it with arena_dup().
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *at;		/* not NUL-terminated; someone else's memory */
	size_t len;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_NONE ((struct str){ "", 0 })
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).len, (s).at

static inline struct str str_of(const char *z)
{
	return (struct str){ z, strlen(z) };
}

/* The `len` bytes at `at`. */
static inline struct str str_at(const char *at, size_t len)
{
	return (struct str){ at, len };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.at, b.at, a.len));
}

static inline bool str_eqz(struct str a, const char *z)
{
	return str_eq(a, str_of(z));
}

/* `s` without its first `n` bytes; n <= s.len. */
static inline struct str str_skip(struct str s, size_t n)
{
	return (struct str){ s.at + n, s.len - n };
}

/* The first `n` bytes of `s`, or all of it when it is shorter. */
static inline struct str str_head(struct str s, size_t n)
{
	return (struct str){ s.at, s.len < n ? s.len : n };
}

/* Cut `s` before the first `c`. The part after it goes to `rest_out`, which
 * is empty when `c` does not occur. */
struct str str_cut(struct str s, char c, struct str *rest_out);

/* Byte by byte. */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

/* Only A-Z and a-z are folded: for keywords of protocols, never for people's
 * names. */
bool str_eq_nocase(struct str a, struct str b);
bool str_starts_nocase(struct str s, struct str prefix);

/* Position of the first `c`, or -1. */
ptrdiff_t str_find(struct str s, char c);

/* Position of the first `needle`, or -1. An empty needle is found at 0. */
ptrdiff_t str_find_str(struct str s, struct str needle);

/* Without blanks, tabs, CR and LF at both ends. */
struct str str_trim(struct str s);

/* Byte order, shorter first when one begins the other: <0, 0 or >0. */
int str_cmp(struct str a, struct str b);

/* What a digit of 0-9, a-f, A-F stands for, or -1. */
int str_hex(char c);

/* A whole decimal number, optional leading minus, nothing else. False when it
 * is not one or does not fit; *value_out is then left alone. */
bool str_int64(struct str s, int64_t *value_out);

#endif
