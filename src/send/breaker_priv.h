/* breaker_priv.h - when an issue had better be stopped; pure */
#ifndef BREAKER_PRIV_H
#define BREAKER_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/conf.h"
#include "net/smtp.h"
#include "queue/delivery.h"

/* What relays said of an issue's letters, since it was last resumed. */
struct breaker {
	int64_t results; /* taken, or refused for good, or for policy */
	int64_t failed, policy;
	char words[160]; /* of the latest refusal for policy */
};

void breaker_count(struct breaker *breaker, enum delivery_event event,
		   const struct smtp_verdict *verdict);

/* True, and why in a sentence, once too many were refused. */
bool breaker_trips(const struct breaker *breaker, const struct conf *conf,
		   char why[320]);

#endif
