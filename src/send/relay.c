/* relay.c - what all threads know of the relay: trouble, rest, despair */
#include <stdio.h>

#include "base/file.h"
#include "send_priv.h"

#define CONNECT_MS (30 * TIME_SECOND_MS)
#define WIDEN_MS   (60 * TIME_SECOND_MS)
#define REPLY_MS   (5 * TIME_MINUTE_MS) /* RFC 5321 4.5.3.2 */

int relay_server(const struct conf *conf, const struct conf_relay *relay,
		 struct arena *arena, struct smtp_server *server,
		 struct err *err)
{
	if (conf_secret(conf, relay, arena, &server->password, err) < 0)
		return -1;
	server->host = relay->host;
	server->port = relay->port;
	server->tls = relay->kind == RELAY_SMTPS      ? SMTP_IMPLICIT_TLS
		      : relay->kind == RELAY_STARTTLS ? SMTP_STARTTLS
						      : SMTP_PLAIN;
	server->user = relay->user;
	server->ca_file = relay->ca_file;
	if (relay->ca_file.len > 0 && relay->ca_file.at[0] != '/')
		server->ca_file = str_of(
			file_path(arena, conf->dir.at, relay->ca_file));
	server->helo = conf->envelope_domain;
	server->connect_ms = CONNECT_MS;
	server->reply_ms = REPLY_MS;
	server->dot_ms = DOT_MS;
	return 0;
}

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
	int64_t until, shut;

	pthread_mutex_lock(&relay->lock);
	until = boot_now < relay->rest_until ? relay->rest_until : 0;
	shut = relay->pace ? pace_shut(relay->pace, PACE_RELAY, boot_now) : 0;
	pthread_mutex_unlock(&relay->lock);
	return shut > until ? shut : until;
}

bool relay_hopeless(struct relay_state *relay)
{
	bool hopeless;

	pthread_mutex_lock(&relay->lock);
	hopeless = relay->fatal || relay->troubles > TROUBLES_MAX;
	pthread_mutex_unlock(&relay->lock);
	return hopeless;
}

/* --- speed ----------------------------------------------------------------- */

static const struct pace_said unused = { PACE_UNUSED, 0 };

void relay_heard(struct relay_state *relay, const struct job *job,
		 const struct smtp_verdict *verdict, int64_t boot_now)
{
	struct pace_said said = pace_judge(
		verdict->code, str_of(verdict->status), str_of(verdict->text));
	int64_t asked_at = job ? job->asked_at : boot_now;

	if (!relay->pace || (!job && said.sign != PACE_SLOWER))
		return;
	pthread_mutex_lock(&relay->lock);
	if (said.sign == PACE_SLOWER)
		snprintf(relay->slow_words, sizeof(relay->slow_words),
			 "%s: %.480s", smtp_stage_name(verdict->stage),
			 verdict->text);
	if (job && verdict->stage >= SMTP_RCPT) {
		pace_news(relay->pace, job->pace_lane, asked_at, &said,
			  boot_now);
	} else {
		pace_news(relay->pace, PACE_RELAY, asked_at, &said, boot_now);
		if (job)
			pace_news(relay->pace, job->pace_lane, asked_at,
				  &unused, boot_now);
	}
	pthread_mutex_unlock(&relay->lock);
}

void relay_slow_words(struct relay_state *relay, char *out, size_t size)
{
	pthread_mutex_lock(&relay->lock);
	snprintf(out, size, "%s", relay->slow_words);
	pthread_mutex_unlock(&relay->lock);
}

void relay_unused(struct relay_state *relay, const struct job *job,
		  int64_t boot_now)
{
	if (!relay->pace || job->pace_lane == PACE_RELAY)
		return;
	pthread_mutex_lock(&relay->lock);
	pace_news(relay->pace, job->pace_lane, job->asked_at, &unused,
		  boot_now);
	pthread_mutex_unlock(&relay->lock);
}

/* --- connections ------------------------------------------------------------ */

bool relay_connect(struct relay_state *relay, int64_t boot_now)
{
	bool may;

	pthread_mutex_lock(&relay->lock);
	if (relay->allowed < relay->conf->connections &&
	    boot_now >= relay->widen_at) {
		relay->allowed++;
		relay->widen_at = boot_now + WIDEN_MS;
	}
	may = relay->tried < relay->allowed;
	relay->tried += may;
	pthread_mutex_unlock(&relay->lock);
	return may;
}

void relay_connected(struct relay_state *relay)
{
	pthread_mutex_lock(&relay->lock);
	relay->ready++;
	pthread_mutex_unlock(&relay->lock);
}

void relay_disconnected(struct relay_state *relay, bool was_ready)
{
	pthread_mutex_lock(&relay->lock);
	relay->tried--;
	relay->ready -= was_ready;
	pthread_mutex_unlock(&relay->lock);
}

bool relay_crowded(struct relay_state *relay, int64_t boot_now)
{
	bool crowded;

	pthread_mutex_lock(&relay->lock);
	crowded = relay->ready > 0;
	if (crowded) {
		relay->allowed = relay->ready;
		relay->widen_at = boot_now + WIDEN_MS;
	}
	pthread_mutex_unlock(&relay->lock);
	return crowded;
}

bool relay_wears(struct relay_state *relay, int letters)
{
	bool same;

	pthread_mutex_lock(&relay->lock);
	same = relay->worn_at == letters;
	relay->worn_at = letters;
	if (same)
		relay->most = letters;
	pthread_mutex_unlock(&relay->lock);
	return same;
}

int relay_most(struct relay_state *relay)
{
	int set = relay->conf->messages_per_connection;
	int known;

	pthread_mutex_lock(&relay->lock);
	known = relay->most;
	pthread_mutex_unlock(&relay->lock);
	return known > 0 && (set == 0 || known < set) ? known : set;
}
