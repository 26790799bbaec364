/* hours_priv.h - the hours of the day in which letters go out */
#ifndef HOURS_PRIV_H
#define HOURS_PRIV_H

#include "conf/conf.h"

/* 0: they may go now; else the UTC ms at which they may. `now` is UTC ms; the
 * hours are those of the process's zone. */
int64_t hours_open(const struct conf_hours *hours, int64_t now);

#endif
