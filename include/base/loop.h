/* loop.h - one thread's wait for descriptors and times (epoll)
 *
 * A loop belongs to one thread; only loop_wake() may be called from others
 * and from signal handlers.
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct loop;

enum loop_events {
	LOOP_READ = 1,
	LOOP_WRITE = 2,
	LOOP_CLOSED = 4		/* error or hang-up; always watched */
};

typedef void (*loop_ready)(void *arg, int fd, unsigned events);

/* ERR_IO when the system gives no descriptor. */
int loop_open(struct loop **loop_out, struct err *err);
void loop_close(struct loop **loop);

/* Watch `fd` for `events`; a second call for the same fd replaces the first,
 * `events` 0 forgets it. Forget a descriptor before closing it; that is
 * allowed inside any callback. */
void loop_watch(struct loop *loop, int fd, unsigned events, loop_ready ready,
		void *arg);

/* Wait until something is ready, loop_wake() is called or `timeout_ms` has
 * passed (-1: no limit), and run the callbacks. */
void loop_wait(struct loop *loop, int64_t timeout_ms);

/* Make a loop_wait() of another thread, now or the next, return at once. */
void loop_wake(struct loop *loop);

#endif
