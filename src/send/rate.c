/* rate.c - see rate_priv.h */
#include "rate_priv.h"

#define SAVED_US 100000

static int64_t space(const struct rate_gate *gate)
{
	return gate->rate.per_ms * 1000 / gate->rate.count;
}

int64_t rate_wait(struct rate_gate *gate, int64_t now_ms)
{
	int64_t now = now_ms * 1000;

	if (gate->rate.per_ms == 0)
		return 0;
	if (gate->next_us < now - SAVED_US)
		gate->next_us = now - SAVED_US;
	/* A clock that jumped back must not stop the send for long. */
	if (gate->next_us > now + space(gate) + SAVED_US)
		gate->next_us = now + space(gate);
	if (gate->next_us > now)
		return (gate->next_us - now + 999) / 1000;
	return 0;
}

int64_t rate_take(struct rate_gate *gate, int64_t now_ms)
{
	int64_t wait = rate_wait(gate, now_ms);

	if (wait == 0 && gate->rate.per_ms > 0)
		gate->next_us += space(gate);
	return wait;
}

struct rate rate_slower(struct rate a, struct rate b)
{
	double of_a = (double)a.count * (double)b.per_ms;
	double of_b = (double)b.count * (double)a.per_ms;

	if (a.per_ms == 0 || b.per_ms == 0)
		return a.per_ms == 0 ? b : a;
	return of_a <= of_b ? a : b;
}
