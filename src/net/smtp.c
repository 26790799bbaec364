/* smtp.c - a session once it is connected: bytes out, replies in */
#include <errno.h>
#include <stdio.h>

#include "base/clock.h"
#include "net_priv.h"

static const char *const stage_names[SMTP_STAGE_COUNT] = {
#define X(name, text) [SMTP_##name] = text,
	SMTP_STAGES(X)
#undef X
};

const char *smtp_stage_name(enum smtp_stage stage)
{
	return stage_names[stage];
}

void smtp_wait(struct smtp *smtp, int64_t ms)
{
	smtp->deadline = smtp->net->now + ms;
}

void verdict_reply(struct smtp *smtp, enum smtp_stage stage)
{
	smtp->verdict = (struct smtp_verdict){ .stage = stage,
					       .code = smtp->reply.code };
	memcpy(smtp->verdict.status, smtp->reply.status,
	       sizeof(smtp->verdict.status));
	memcpy(smtp->verdict.text, smtp->reply.text,
	       sizeof(smtp->verdict.text));
}

void verdict_own(struct smtp *smtp, enum smtp_stage stage, int code,
		 const char *status, const char *text)
{
	smtp->verdict = (struct smtp_verdict){ .stage = stage, .code = code };
	snprintf(smtp->verdict.status, sizeof(smtp->verdict.status), "%s",
		 status);
	snprintf(smtp->verdict.text, sizeof(smtp->verdict.text), "%s", text);
}

/* --- ends ----------------------------------------------------------------- */

static void close_now(struct smtp *smtp, const struct smtp_verdict *why)
{
	smtp->state = STATE_CLOSED;
	smtp->deadline = 0;
	if (smtp->fd >= 0)
		loop_watch(smtp->net->loop, smtp->fd, 0, NULL, NULL);
	smtp->events->on_closed(smtp->arg, why);
}

/* The letter in the making ends with the verdict at hand. */
static void end_letter(struct smtp *smtp)
{
	smtp->letter = NULL;
	smtp->events->on_verdict(smtp->arg, &smtp->verdict);
}

/* What that means depends on how far we were: before the dot surely nothing
 * was sent; after it nobody knows. */
void smtp_broken(struct smtp *smtp, const char *why)
{
	switch (smtp->state) {
	case STATE_ENVELOPE:
		if (!smtp->refused)
			verdict_own(smtp, smtp->stage, 0, "", why);
		break;
	case STATE_GO:
	case STATE_BODY:
		verdict_own(smtp, SMTP_BODY, 0, "", why);
		break;
	case STATE_DOT:
		verdict_own(smtp, SMTP_DOT, 0, "", why);
		break;
	case STATE_CANCEL:
	case STATE_RESET:
		break;		/* the refusal stands */
	case STATE_QUIT:
		close_now(smtp, NULL);
		return;
	case STATE_CONNECTING:
	case STATE_IDLE:
	case STATE_CLOSED:
		verdict_own(smtp, SMTP_GREETING, 0, "", why);
		break;
	}
	if (smtp->letter) {
		end_letter(smtp);
		close_now(smtp, NULL);
		return;
	}
	close_now(smtp, &smtp->verdict);
}

/* --- bytes ---------------------------------------------------------------- */

/* How many were taken; 0 when none can be now; -1 broken. */
static ssize_t push(struct smtp *smtp, struct str bytes)
{
	size_t sent = 0;
	CURLcode rc = curl_easy_send(smtp->easy, bytes.at, bytes.len, &sent);

	if (rc == CURLE_OK)
		return (ssize_t)sent;
	return rc == CURLE_AGAIN ? 0 : -1;
}

/* False when the connection broke. */
static bool flush_commands(struct smtp *smtp)
{
	while (smtp->out_at < smtp->out.len) {
		ssize_t n = push(smtp, str_skip(buf_str(&smtp->out),
						smtp->out_at));

		if (n < 0)
			return false;
		if (n == 0) {
			smtp->want_write = true;
			return true;
		}
		smtp->out_at += (size_t)n;
	}
	buf_reset(&smtp->out);
	smtp->out_at = 0;
	return true;
}

/* The body first; the dot in a call of its own, so that "surely not sent" is
 * exact up to that call. */
static bool flush_body(struct smtp *smtp)
{
	while (smtp->body_at < smtp->body.len) {
		ssize_t n = push(smtp, str_skip(smtp->body, smtp->body_at));

		if (n < 0)
			return false;
		if (n == 0) {
			smtp->want_write = true;
			return true;
		}
		smtp->body_at += (size_t)n;
		smtp_wait(smtp, smtp->server->reply_ms);
	}
	if (!smtp->before_dot(smtp->before_dot_arg)) {
		smtp->abandoned = true;
		return true;
	}
	smtp->state = STATE_DOT;
	smtp_wait(smtp, smtp->server->dot_ms);
	smtp_command(smtp, ".");
	return flush_commands(smtp);
}

static bool flush(struct smtp *smtp)
{
	smtp->want_write = false;
	if (!flush_commands(smtp))
		return false;
	if (smtp->state == STATE_BODY && smtp->out.len == 0)
		return flush_body(smtp);
	return true;
}

/* --- replies -------------------------------------------------------------- */

static void end_transaction(struct smtp *smtp)
{
	smtp->state = STATE_IDLE;
	smtp->deadline = 0;
	end_letter(smtp);
}

/* RFC 5321 3.8: after 421 the server closes, whatever it was about. A refusal
 * that came before it stands. */
static void leave(struct smtp *smtp)
{
	enum smtp_stage stage = smtp->state == STATE_DOT ? SMTP_DOT
							 : smtp->stage;

	if (!smtp->refused)
		verdict_reply(smtp, stage);
	end_letter(smtp);
	verdict_reply(smtp, stage);
	close_now(smtp, &smtp->verdict);
}

/* The reply to what was asked while a letter is in the making. */
static void take_answer(struct smtp *smtp)
{
	if (smtp->reply.code == 421) {
		leave(smtp);
	} else if (smtp->state == STATE_ENVELOPE) {
		envelope_reply(smtp);
	} else if (smtp->reply.code / 100 == 3) {
		/* No 3yz ends anything: it is no proof of acceptance. */
		smtp_broken(smtp, "the server's replies are out of step");
	} else {
		if (smtp->state == STATE_DOT)
			verdict_reply(smtp, SMTP_DOT);
		end_transaction(smtp);
	}
}

static void take_reply(struct smtp *smtp)
{
	switch (smtp->state) {
	case STATE_ENVELOPE:
	case STATE_DOT:
	case STATE_CANCEL:
	case STATE_RESET:
		take_answer(smtp);
		break;
	case STATE_QUIT:
		close_now(smtp, NULL);
		break;
	case STATE_GO:
	case STATE_BODY:
		/* Unasked, before the dot: the server is leaving. */
		verdict_reply(smtp, SMTP_BODY);
		end_letter(smtp);
		close_now(smtp, NULL);
		break;
	case STATE_CONNECTING:
	case STATE_IDLE:
	case STATE_CLOSED:
		verdict_reply(smtp, SMTP_GREETING);
		close_now(smtp, &smtp->verdict);
		break;
	}
}

/* False when the connection broke. */
static bool read_replies(struct smtp *smtp)
{
	char bytes[4096];

	while (smtp->state != STATE_CLOSED) {
		size_t got = 0;
		CURLcode rc = curl_easy_recv(smtp->easy, bytes, sizeof(bytes),
					     &got);
		struct str rest = str_at(bytes, got);

		if (rc == CURLE_AGAIN)
			return true;
		if (rc != CURLE_OK || got == 0)
			return false;
		while (rest.len > 0 && smtp->state != STATE_CLOSED) {
			enum reply_result result =
				reply_feed(&smtp->reply, &rest);

			if (result == REPLY_BROKEN) {
				smtp_broken(smtp, smtp->reply.text);
				return true;
			}
			if (result == REPLY_DONE) {
				take_reply(smtp);
				reply_reset(&smtp->reply);
			}
		}
	}
	return true;
}

bool smtp_has_work(const struct smtp *smtp)
{
	return smtp->own_verdict || smtp->abandoned || smtp->woken ||
	       (!smtp->want_write &&
		(smtp->out.len > 0 || smtp->state == STATE_BODY));
}

/* False when the connection broke. What has come is read before anything
 * leaves: a server that hung up or complained is noticed before the dot. */
static bool exchange(struct smtp *smtp)
{
	if (smtp->woken) {
		smtp->woken = false;
		smtp->want_write = false;
		if (!read_replies(smtp))
			return false;
	}
	if (smtp->state == STATE_CLOSED || smtp->want_write || flush(smtp))
		return true;
	/* What the server said before it hung up is the better reason. */
	read_replies(smtp);
	return smtp->state == STATE_CLOSED;
}

static void give_up_letter(struct smtp *smtp)
{
	if (smtp->letter)
		smtp_broken(smtp, "given up before the dot");
	else
		close_now(smtp, NULL);
}

void smtp_step(struct smtp *smtp)
{
	if (smtp->own_verdict) {
		smtp->own_verdict = false;
		end_letter(smtp);
	}
	if (smtp->abandoned) {
		give_up_letter(smtp);
		return;
	}
	if (!exchange(smtp)) {
		smtp_broken(smtp, "the connection was lost");
		return;
	}
	if (smtp->state == STATE_CLOSED)
		return;
	if (smtp->deadline > 0 && smtp->net->now >= smtp->deadline) {
		smtp_broken(smtp, "no reply in time");
		return;
	}
	loop_watch(smtp->net->loop, smtp->fd,
		   LOOP_READ | (smtp->want_write ? LOOP_WRITE : 0u),
		   net_woken, smtp);
}

/* --- what callers ask for ------------------------------------------------- */

void smtp_offer(struct smtp *smtp, const struct smtp_letter *letter)
{
	smtp->letter = letter;
	smtp->abandoned = false;
	envelope_begin(smtp);
}

void smtp_finish(struct smtp *smtp, struct str bytes,
		 bool (*before_dot)(void *arg), void *arg)
{
	smtp->body = bytes;
	smtp->body_at = 0;
	smtp->before_dot = before_dot;
	smtp->before_dot_arg = arg;
	smtp->state = STATE_BODY;
	smtp_wait(smtp, smtp->server->reply_ms);
}

void smtp_abandon(struct smtp *smtp)
{
	smtp->abandoned = true;
}

void smtp_quit(struct smtp *smtp)
{
	if (smtp->state == STATE_CLOSED)
		return;
	/* Behind a 354 QUIT would be a line of the letter. */
	if (smtp->letter) {
		smtp_abandon(smtp);
		return;
	}
	smtp->state = STATE_QUIT;
	smtp_command(smtp, "QUIT");
	/* 221 is a courtesy; nobody waits long for it. */
	smtp_wait(smtp, 2000);
}
