/* clock.h - the only place that asks what time it is
 *
 * Library code takes `now` as a parameter; only commands, the dispatcher's
 * threads and servers call these.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

int64_t clock_now_ms(void);	/* UTC, may jump */
int64_t clock_boot_ms(void);	/* CLOCK_BOOTTIME: never jumps, counts sleep */

/* The instant `ms` from now as pthread_cond_timedwait() wants it. */
struct timespec;
void clock_wait_until(struct timespec *out, int64_t ms);

/* The kernel's id of this boot as text, NUL-terminated: two instants of
 * clock_boot_ms() compare only under one id. Empty where unknown. */
void clock_boot_id(char out[40]);

#endif
