/* loop.c - one thread's wait for descriptors: see base/loop.h */
#include "base/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/die.h"

#define BATCH 64

struct watch {
	unsigned events;
	unsigned serial; /* tells a reused descriptor's stale event */
	loop_ready ready;
	void *arg;
};

struct loop {
	int epoll, wake;
	struct watch *watches; /* by descriptor */
	int room;
	unsigned serial;
};

int loop_open(struct loop **loop_out, struct err *err)
{
	struct loop *loop = die_calloc(1, sizeof(*loop), "a loop");
	struct epoll_event event = { .events = EPOLLIN };

	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	event.data.u64 = (uint64_t)(unsigned)loop->wake;
	if (loop->epoll < 0 || loop->wake < 0 ||
	    epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->wake, &event) < 0) {
		err_sys(err, "cannot wait for events");
		loop_close(&loop);
		return -1;
	}
	*loop_out = loop;
	return 0;
}

void loop_close(struct loop **loop)
{
	if (!*loop)
		return;
	if ((*loop)->epoll >= 0)
		close((*loop)->epoll);
	if ((*loop)->wake >= 0)
		close((*loop)->wake);
	free((*loop)->watches);
	free(*loop);
	*loop = NULL;
}

static void make_room(struct loop *loop, int fd)
{
	int room = loop->room ? loop->room : 64;

	if (fd < loop->room)
		return;
	while (room <= fd)
		room *= 2;
	loop->watches = die_realloc(
		loop->watches, (size_t)room * sizeof(struct watch), "a loop");
	for (int i = loop->room; i < room; i++)
		loop->watches[i] = (struct watch){ 0 };
	loop->room = room;
}

void loop_watch(struct loop *loop, int fd, unsigned events, loop_ready ready,
		void *arg)
{
	struct epoll_event event = { 0 };
	struct watch *watch;
	bool known;

	make_room(loop, fd);
	watch = &loop->watches[fd];
	known = watch->ready != NULL;
	if (events == 0) {
		if (known)
			epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, NULL);
		*watch = (struct watch){ 0 };
		return;
	}
	if (known && watch->events == events) {
		watch->ready = ready;
		watch->arg = arg;
		return;
	}
	if (!known)
		watch->serial = ++loop->serial;
	event.events = (events & LOOP_READ ? EPOLLIN : 0u) |
		       (events & LOOP_WRITE ? EPOLLOUT : 0u);
	event.data.u64 = (uint64_t)watch->serial << 32 | (unsigned)fd;
	/* A library may have closed the descriptor and opened another under
	 * its number before it says so. */
	if (epoll_ctl(loop->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd,
		      &event) < 0 &&
	    (errno == EEXIST || errno == ENOENT))
		epoll_ctl(loop->epoll, known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD,
			  fd, &event);
	watch->events = events;
	watch->ready = ready;
	watch->arg = arg;
}

static void dispatch(struct loop *loop, const struct epoll_event *event)
{
	int fd = (int)(event->data.u64 & 0xffffffffu);
	unsigned serial = (unsigned)(event->data.u64 >> 32);
	unsigned events = 0;
	struct watch watch;

	if (fd >= loop->room || !loop->watches[fd].ready ||
	    loop->watches[fd].serial != serial)
		return;
	watch = loop->watches[fd];
	if (event->events & EPOLLIN)
		events |= LOOP_READ;
	if (event->events & EPOLLOUT)
		events |= LOOP_WRITE;
	if (event->events & (EPOLLERR | EPOLLHUP))
		events |= LOOP_CLOSED;
	watch.ready(watch.arg, fd, events);
}

void loop_wait(struct loop *loop, int64_t timeout_ms)
{
	struct epoll_event events[BATCH];
	int timeout = timeout_ms < 0		 ? -1
		      : timeout_ms > 3600 * 1000 ? 3600 * 1000
						 : (int)timeout_ms;
	int n = epoll_wait(loop->epoll, events, BATCH, timeout);

	for (int i = 0; i < n; i++) {
		uint64_t count;
		ssize_t ignored;

		if (events[i].data.u64 != (uint64_t)(unsigned)loop->wake) {
			dispatch(loop, &events[i]);
			continue;
		}
		ignored = read(loop->wake, &count, sizeof(count));
		(void)ignored;
	}
}

void loop_wake(struct loop *loop)
{
	uint64_t one = 1;
	int problem = errno; /* a signal may stand inside anything */
	ssize_t ignored = write(loop->wake, &one, sizeof(one));

	(void)ignored;
	errno = problem;
}
