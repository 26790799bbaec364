/* relay.c - what all threads know of the relay: trouble, rest, despair */
#include <stdio.h>

#include "send_priv.h"

/* 0.2 s, 1 s, 2 s ... a minute. */
static int64_t rest(int troubles)
{
	return troubles <= 1
		       ? 200
		       : delivery_backoff(troubles - 1, TIME_SECOND_MS,
					  TIME_MINUTE_MS, (uint64_t)troubles);
}

void relay_news(struct relay_state *relay, enum relay_action action,
		const struct smtp_verdict *verdict, int64_t boot_now)
{
	pthread_mutex_lock(&relay->lock);
	switch (action) {
	case RELAY_FINE:
		relay->troubles = 0;
		relay->rest_until = 0;
		break;
	case RELAY_SAME:
		break;
	case RELAY_FATAL:
		relay->fatal = true;
		/* fall through */
	case RELAY_TROUBLE:
		/* Many connections meet one trouble at once: it counts once
		 * while the relay rests. */
		if (boot_now >= relay->rest_until) {
			relay->troubles++;
			relay->rest_until = boot_now + rest(relay->troubles);
		}
		snprintf(relay->words, sizeof(relay->words), "%s: %.480s",
			 smtp_stage_name(verdict->stage), verdict->text);
		break;
	}
	pthread_mutex_unlock(&relay->lock);
}

int64_t relay_resting(struct relay_state *relay, int64_t boot_now)
{
	int64_t until;

	pthread_mutex_lock(&relay->lock);
	until = boot_now < relay->rest_until ? relay->rest_until : 0;
	pthread_mutex_unlock(&relay->lock);
	return until;
}

bool relay_hopeless(struct relay_state *relay)
{
	bool hopeless;

	pthread_mutex_lock(&relay->lock);
	hopeless = relay->fatal || relay->troubles > TROUBLES_MAX;
	pthread_mutex_unlock(&relay->lock);
	return hopeless;
}
