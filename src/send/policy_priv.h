/* policy_priv.h - what follows from what a relay said: one table */
#ifndef POLICY_PRIV_H
#define POLICY_PRIV_H

#include <stdbool.h>

#include "net/smtp.h"
#include "queue/delivery.h"

enum relay_action {
	RELAY_FINE,    /* it works: earlier trouble is over */
	RELAY_SAME,    /* says nothing about the relay */
	RELAY_TROUBLE, /* let it rest, then try again */
	RELAY_FATAL    /* no use until the settings change */
};

struct policy {
	enum delivery_event event;
	enum relay_action relay;
};

struct policy policy_of(const struct smtp_verdict *verdict);

/* Refused from RCPT on for reasons of security or policy (5.7.x): it is about
 * us and no reader. */
bool verdict_is_policy(const struct smtp_verdict *verdict);

#endif
