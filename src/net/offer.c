/* offer.c - MAIL, RCPT, DATA: in one write where the server takes that */
#include <stdarg.h>
#include <stdio.h>

#include "net_priv.h"

void smtp_command(struct smtp *smtp, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	buf_vfmt(&smtp->out, fmt, args);
	va_end(args);
	buf_add(&smtp->out, STR("\r\n"));
}

/* Nothing that could end the command or the path early (libcurl's users
 * learnt it the hard way). */
static bool path_ok(struct str address)
{
	for (size_t i = 0; i < address.len; i++) {
		unsigned char c = (unsigned char)address.at[i];

		if (c <= ' ' || c == 0x7f || c == '<' || c == '>')
			return false;
	}
	return address.len <= 254;
}

static bool is_ascii(struct str address)
{
	for (size_t i = 0; i < address.len; i++)
		if ((unsigned char)address.at[i] > 0x7f)
			return false;
	return true;
}

static bool needs_utf8(const struct smtp_letter *letter)
{
	return letter->utf8 || !is_ascii(letter->sender) ||
	       !is_ascii(letter->recipient);
}

static void refuse(struct smtp *smtp, enum smtp_stage stage, int code,
		   const char *status, const char *text)
{
	verdict_own(smtp, stage, code, status, text);
	smtp->own_verdict = true;
}

static void say_mail(struct smtp *smtp)
{
	const struct smtp_letter *letter = smtp->letter;

	buf_fmt(&smtp->out, "MAIL FROM:<" STR_FMT ">",
		STR_ARG(letter->sender));
	if (smtp->caps.size > 0 && letter->size > 0)
		buf_fmt(&smtp->out, " SIZE=%lld", (long long)letter->size);
	if (needs_utf8(letter))
		buf_addz(&smtp->out, " SMTPUTF8");
	smtp_command(smtp, "%s", "");
}

static void say(struct smtp *smtp, enum smtp_stage stage)
{
	if (stage == SMTP_MAIL)
		say_mail(smtp);
	else if (stage == SMTP_RCPT)
		smtp_command(smtp, "RCPT TO:<" STR_FMT ">",
			     STR_ARG(smtp->letter->recipient));
	else
		smtp_command(smtp, "DATA");
}

void envelope_begin(struct smtp *smtp)
{
	const struct smtp_letter *letter = smtp->letter;

	smtp->refused = false;
	smtp->addressed = false;
	if (!path_ok(letter->sender)) {
		refuse(smtp, SMTP_MAIL, 553, "5.1.7",
		       "553 5.1.7 this sender may not be sent to a server");
		return;
	}
	if (!path_ok(letter->recipient) || letter->recipient.len == 0) {
		refuse(smtp, SMTP_RCPT, 553, "5.1.3",
		       "553 5.1.3 this address may not be sent to a server");
		return;
	}
	if (needs_utf8(letter) && !smtp->caps.smtputf8) {
		refuse(smtp, SMTP_RCPT, 553, "5.6.7",
		       "553 5.6.7 the relay does not take addresses that are "
		       "not ASCII (SMTPUTF8)");
		return;
	}
	if (smtp->caps.size > 0 && letter->size > smtp->caps.size) {
		refuse(smtp, SMTP_MAIL, 552, "5.3.4",
		       "552 5.3.4 the letter is larger than the relay takes");
		return;
	}
	smtp->state = STATE_ENVELOPE;
	smtp->stage = SMTP_MAIL;
	say(smtp, SMTP_MAIL);
	if (smtp->caps.pipelining) {
		say(smtp, SMTP_RCPT);
		say(smtp, SMTP_DATA);
	}
	smtp_wait(smtp, smtp->server->reply_ms);
}

static void next_stage(struct smtp *smtp)
{
	smtp->stage = smtp->stage == SMTP_MAIL ? SMTP_RCPT : SMTP_DATA;
	if (!smtp->caps.pipelining)
		say(smtp, smtp->stage);
	smtp_wait(smtp, smtp->server->reply_ms);
}

/* The transaction is over before its body; the verdict stands. */
static void give_up(struct smtp *smtp)
{
	smtp->state = STATE_RESET;
	smtp_command(smtp, "RSET");
	smtp_wait(smtp, smtp->server->reply_ms);
}

static void refused(struct smtp *smtp)
{
	if (!smtp->refused)
		verdict_reply(smtp, smtp->stage);
	smtp->refused = true;
}

static void address_reply(struct smtp *smtp, int kind)
{
	if (kind == 2)
		smtp->addressed = smtp->stage == SMTP_RCPT;
	else
		refused(smtp);
	if (kind == 2 || smtp->caps.pipelining)
		next_stage(smtp);
	else
		give_up(smtp);
}

static void data_reply(struct smtp *smtp, int kind)
{
	if (kind != 3) {
		refused(smtp);
		give_up(smtp);
	} else if (!smtp->refused) {
		smtp->state = STATE_GO;
		smtp->deadline = 0;
		smtp->events->on_go(smtp->arg);
	} else if (smtp->addressed) {
		/* A dot would deliver an empty letter. */
		smtp_broken(smtp, "refused and accepted at once");
	} else {
		/* "If DATA still gets 354 a lone dot must be sent": RFC 2920
		 * 3.1. Nobody is a recipient, so nothing is delivered. */
		smtp->state = STATE_CANCEL;
		smtp_command(smtp, ".");
		smtp_wait(smtp, smtp->server->reply_ms);
	}
}

void envelope_reply(struct smtp *smtp)
{
	int kind = smtp->reply.code / 100;
	bool data = smtp->stage == SMTP_DATA;

	/* An answer to another question: which letter the next one would be
	 * about is anybody's guess. */
	if (kind < 4 && kind != (data ? 3 : 2))
		smtp_broken(smtp, "the server's replies are out of step");
	else if (data)
		data_reply(smtp, kind);
	else
		address_reply(smtp, kind);
}
