/* breaker.c - see breaker_priv.h
 *
 * One reader in a hundred who is refused for good is a list that is not what
 * it was thought to be: going on costs the sender's good name, and a person
 * should look first.
 */
#include "breaker_priv.h"

#include <stdio.h>

#include "policy_priv.h"

void breaker_count(struct breaker *breaker, enum delivery_event event,
		   const struct smtp_verdict *verdict)
{
	if (verdict_is_policy(verdict)) {
		breaker->policy++;
		snprintf(breaker->words, sizeof(breaker->words), "%.150s",
			 verdict->text);
	} else if (event == EVENT_REFUSED) {
		breaker->failed++;
	} else if (event != EVENT_ACCEPTED) {
		return;
	}
	breaker->results++;
}

static bool too_many(const struct breaker *breaker, int64_t count,
		     const struct conf *conf)
{
	return breaker->results >= conf->breakers.min_results &&
	       count >= conf->breakers.min_events &&
	       count * 10000 > breaker->results * conf->breakers.failed;
}

static void say(const struct breaker *breaker, int64_t count,
		const char *refused, const struct conf *conf, char why[320])
{
	int limit = conf->breakers.failed;

	snprintf(why, 320,
		 "%lld of %lld letters were refused %s (%.1f %%); "
		 "the limit is %g %%",
		 (long long)count, (long long)breaker->results, refused,
		 100.0 * (double)count / (double)breaker->results,
		 (double)limit / 100);
}

bool breaker_trips(const struct breaker *breaker, const struct conf *conf,
		   char why[320])
{
	char reason[200];

	if (too_many(breaker, breaker->failed, conf)) {
		say(breaker, breaker->failed, "for good", conf, why);
		return true;
	}
	if (!too_many(breaker, breaker->policy, conf))
		return false;
	snprintf(reason, sizeof(reason), "for reasons of policy, '%s'",
		 breaker->words);
	say(breaker, breaker->policy, reason, conf, why);
	return true;
}
