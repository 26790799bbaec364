/* die.h - the end of the program for reasons nobody can handle
 *
 * Only for what cannot be an answer: no memory left, a ceiling of our own
 * passed, an invariant broken. Everything else is a `struct err`.
 */
#ifndef BASE_DIE_H
#define BASE_DIE_H

#include <stddef.h>

/* Print "tidings: MESSAGE" to stderr and leave with status 70. */
_Noreturn void die(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* malloc, calloc and realloc that cannot fail: they die, naming `purpose`. */
void *die_alloc(size_t size, const char *purpose);
void *die_calloc(size_t n, size_t size, const char *purpose);
void *die_realloc(void *old, size_t size, const char *purpose);

#endif
