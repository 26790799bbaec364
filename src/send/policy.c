/* policy.c - what is the reader's fault, what the relay's, what ours
 *
 * The rows are the stages of a transaction, the columns what was said there:
 * 2yz, 4yz, 5yz, or nothing (the connection was lost). Before the final dot
 * nothing has been sent, so that the letter can be given back without blame;
 * after the dot silence means that nobody knows. An answer that has no place
 * in the protocol (3yz) tells no more than silence.
 */
#include <string.h>

#include "policy_priv.h"

enum { SAID_2, SAID_4, SAID_5, SAID_NOTHING, SAID_COUNT };

#define RELEASE(relay)                       \
	{                                    \
		EVENT_RELEASE, RELAY_##relay \
	}
#define BLAMES_NOBODY(last)                                     \
	{                                                       \
		RELEASE(SAME), RELEASE(TROUBLE), RELEASE(last), \
			RELEASE(TROUBLE)                        \
	}

static const struct policy table[SMTP_STAGE_COUNT][SAID_COUNT] = {
	[SMTP_CONNECT] = BLAMES_NOBODY(TROUBLE),
	/* A certificate does not get better by waiting. */
	[SMTP_TLS] = { RELEASE(SAME), RELEASE(TROUBLE), RELEASE(FATAL),
		       RELEASE(FATAL) },
	[SMTP_GREETING] = BLAMES_NOBODY(TROUBLE),
	[SMTP_EHLO] = BLAMES_NOBODY(TROUBLE),
	[SMTP_AUTH] = BLAMES_NOBODY(FATAL),
	/* Our own sender is refused: no reader has a part in that. */
	[SMTP_MAIL] = BLAMES_NOBODY(TROUBLE),
	[SMTP_RCPT] = { RELEASE(FINE),
			{ EVENT_DEFERRED, RELAY_FINE },
			{ EVENT_REFUSED, RELAY_FINE },
			RELEASE(TROUBLE) },
	[SMTP_DATA] = { RELEASE(FINE),
			{ EVENT_DEFERRED, RELAY_FINE },
			{ EVENT_REFUSED, RELAY_FINE },
			RELEASE(TROUBLE) },
	/* Lost in the middle of the letter: surely not sent, but the letter
	 * itself may be why, so its tries are counted. */
	[SMTP_BODY] = { RELEASE(SAME),
			RELEASE(TROUBLE),
			RELEASE(TROUBLE),
			{ EVENT_DEFERRED, RELAY_TROUBLE } },
	[SMTP_DOT] = { { EVENT_ACCEPTED, RELAY_FINE },
		       { EVENT_DEFERRED, RELAY_FINE },
		       { EVENT_REFUSED, RELAY_FINE },
		       { EVENT_LOST, RELAY_SAME } },
};

/* RFC 3463 3.8: security or policy. The next reader would hear the same, so
 * that it must not cost a whole list its letters. */
bool verdict_is_policy(const struct smtp_verdict *verdict)
{
	return verdict->code >= 500 && !strncmp(verdict->status, "5.7.", 4) &&
	       verdict->stage >= SMTP_RCPT;
}

struct policy policy_of(const struct smtp_verdict *verdict)
{
	int said = verdict->code >= 500	  ? SAID_5
		   : verdict->code >= 400 ? SAID_4
		   : verdict->code >= 300 ? SAID_NOTHING
		   : verdict->code >= 200 ? SAID_2
					  : SAID_NOTHING;

	if (verdict_is_policy(verdict))
		return (struct policy){ EVENT_DEFERRED, RELAY_TROUBLE };
	/* RFC 5321 3.8: 421 is about the service, whatever it answers. Said of
	 * a recipient it may be about one destination: its lane is slowed or
	 * closed, and the relay has no rest from the others. */
	if (verdict->code == 421 &&
	    (verdict->stage == SMTP_RCPT || verdict->stage == SMTP_DATA))
		return (struct policy)RELEASE(SAME);
	if (verdict->code == 421 && verdict->stage != SMTP_DOT)
		return (struct policy)RELEASE(TROUBLE);
	return table[verdict->stage][said];
}
