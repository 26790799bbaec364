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
	if (letter->utf8)
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
	if (!path_ok(letter->sender) || !path_ok(letter->recipient) ||
	    letter->recipient.len == 0) {
		refuse(smtp, SMTP_RCPT, 553, "5.1.3",
		       "553 5.1.3 this address may not be sent to a server");
		return;
	}
	if (letter->utf8 && !smtp->caps.smtputf8) {
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

void envelope_reply(struct smtp *smtp)
{
	int kind = smtp->reply.code / 100;

	if (smtp->stage != SMTP_DATA) {
		if (kind != 2) {
			refused(smtp);
			if (!smtp->caps.pipelining) {
				give_up(smtp);
				return;
			}
		}
		next_stage(smtp);
		return;
	}
	if (kind != 3) {
		refused(smtp);
		give_up(smtp);
	} else if (smtp->refused) {
		/* "If DATA still gets 354 a lone dot must be sent": RFC 2920
		 * 3.1. Nobody is a recipient, so nothing is delivered. */
		smtp->state = STATE_CANCEL;
		smtp_command(smtp, ".");
		smtp_wait(smtp, smtp->server->reply_ms);
	} else {
		smtp->state = STATE_GO;
		smtp->deadline = 0;
		smtp->events->on_go(smtp->arg);
	}
}
