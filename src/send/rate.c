/* rate.c - see rate_priv.h */
#include "rate_priv.h"

#define SAVED_US 100000

int64_t rate_take(struct rate_gate *gate, int64_t now_ms)
{
	int64_t now = now_ms * 1000;
	int64_t space;

	if (gate->rate.per_ms == 0)
		return 0;
	space = gate->rate.per_ms * 1000 / gate->rate.count;
	if (gate->next_us < now - SAVED_US)
		gate->next_us = now - SAVED_US;
	/* A clock that jumped back must not stop the send for long. */
	if (gate->next_us > now + space + SAVED_US)
		gate->next_us = now + space;
	if (gate->next_us > now)
		return (gate->next_us - now + 999) / 1000;
	gate->next_us += space;
	return 0;
}
