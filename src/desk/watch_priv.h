/* watch_priv.h - has the author saved something?
 *
 * inotify on the publication's folders. What the program itself keeps there
 * (database, slots, outbox, catch) is not looked at, nor what editors leave
 * about while they save.
 */
#ifndef DESK_WATCH_PRIV_H
#define DESK_WATCH_PRIV_H

#include "base/err.h"
#include "base/loop.h"

struct watch;

/* `changed` is called from loop_wait(), once for all that was saved since. */
int watch_open(struct loop *loop, const char *dir, void (*changed)(void *arg),
	       void *arg, struct watch **watch_out, struct err *err);
/* The first folder that is not watched, being one too many or too deep, or the
 * system's watches being used up; NULL when all are. */
const char *watch_missed(const struct watch *watch);
void watch_close(struct watch **watch);

#endif
