/* smtp.h - the client's side of SMTP (RFC 5321, 2920, 3207, 4954, 6531)
 *
 * libcurl opens the connection (TCP, TLS with the certificate verified,
 * STARTTLS, AUTH; CURLOPT_CONNECT_ONLY inside one multi handle a thread); our
 * own state machine speaks the mail transactions over it, without blocking,
 * with PIPELINING where offered. A refusal is no error here: every end of a
 * transaction is a verdict with the server's own words.
 *
 * One connection carries one letter at a time in three steps:
 *
 *   smtp_offer()  MAIL, RCPT, DATA          -> on_go (354) or on_verdict
 *   smtp_finish() body and the final dot    -> on_verdict
 *   (smtp_offer() again, or smtp_quit())
 *
 * Between on_go and smtp_finish() nothing of the letter has been sent: the
 * caller may take its time there (the result of the letter before must be
 * durable first) or give the letter up with smtp_abandon().
 *
 * A net belongs to one thread and to that thread's loop.
 */
#ifndef NET_SMTP_H
#define NET_SMTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/loop.h"
#include "base/str.h"

struct net;
struct smtp;

/* Where a transaction ended. The names stand in the ledger and the log. */
#define SMTP_STAGES(X)							\
	X(CONNECT, "connect") X(TLS, "tls") X(GREETING, "greeting")	\
	X(EHLO, "ehlo") X(AUTH, "auth") X(MAIL, "mail") X(RCPT, "rcpt")	\
	X(DATA, "data") X(BODY, "body") X(DOT, "dot")

enum smtp_stage {
#define X(name, text) SMTP_##name,
	SMTP_STAGES(X)
#undef X
	SMTP_STAGE_COUNT
};

/* "rcpt": for the ledger and the log. */
const char *smtp_stage_name(enum smtp_stage stage);

/* What the far side said, or that it said nothing. Every transport (SMTP,
 * directory, pipe) answers with one. */
struct smtp_verdict {
	enum smtp_stage stage;
	int code;		/* 250, 451, 550 ...; 0: no reply (lost) */
	char status[16];	/* "5.1.1" of RFC 3463, or "" */
	char text[512];		/* the reply as it came, lines joined by \n,
				   controls replaced; or our own words when
				   code is 0 ("connection lost") */
};

struct smtp_server {		/* all borrowed; must outlive the smtp */
	struct str host;
	int port;
	enum { SMTP_PLAIN, SMTP_IMPLICIT_TLS, SMTP_STARTTLS } tls;
	struct str user, password;	/* "" when none */
	struct str ca_file;		/* "" for the system's */
	struct str helo;		/* our name for EHLO */
	int64_t connect_ms;		/* connect, TLS and login together */
	int64_t reply_ms;		/* for each reply but the dot's */
	int64_t dot_ms;			/* for the reply after the dot: 600 s */
};

struct smtp_caps {
	bool pipelining, eightbitmime, smtputf8, chunking, enhanced, dsn;
	int64_t size;			/* 0: not said */
};

struct smtp_events {		/* never called from inside smtp_* calls
				   but from net_run(); the smtp is freed only
				   after on_closed has returned */
	/* Connected, logged in: the first letter may be offered. */
	void (*on_ready)(void *arg, const struct smtp_caps *caps);
	/* 354 seen. */
	void (*on_go)(void *arg);
	/* The transaction is over. 2yz at DOT: the server has it. code 0 at
	 * DOT: nobody knows. code 0 elsewhere: surely not sent. */
	void (*on_verdict)(void *arg, const struct smtp_verdict *verdict);
	/* No longer usable; comes once, last, also after smtp_quit(). Before
	 * on_ready the verdict says why the connection failed. After it,
	 * NULL, or why it broke while no letter was in the making, or the
	 * server's 421. An on_verdict of a letter in the making always comes
	 * first. */
	void (*on_closed)(void *arg, const struct smtp_verdict *why);
};

struct smtp_letter {		/* borrowed until the verdict */
	struct str sender;	/* "" for the null sender */
	struct str recipient;
	bool utf8;		/* an address needs SMTPUTF8 */
	struct str bytes;	/* wire form: CRLF, no line begins with ".",
				   ends in CRLF; may be set as late as
				   smtp_finish() */
	int64_t size;		/* for SIZE=, 0: not said */
};

/* Set up libcurl for one thread. ERR_INTERNAL when it will not. */
int net_open(struct loop *loop, struct net **net_out, struct err *err);
void net_close(struct net **net);

/* Let connections, replies and time-outs make progress: call after each
 * loop_wait(), and once more before it after any smtp_* call. Returns the boot
 * ms of the next time-out, or -1. */
int64_t net_run(struct net *net, int64_t boot_now);

/* Start a connection. What is wrong comes as on_closed. */
struct smtp *smtp_open(struct net *net, const struct smtp_server *server,
		       const struct smtp_events *events, void *arg);

/* One at a time, and not inside on_verdict: the connection may be on its way
 * out. An address that could break out of its command (control, blank, angle
 * bracket) or needs SMTPUTF8 where the server lacks it, and a letter over the
 * server's SIZE, come back as a verdict of code 553 or 552 of our own at MAIL
 * or RCPT, before anything was sent. */
void smtp_offer(struct smtp *smtp, const struct smtp_letter *letter);

/* `before_dot` is called in the moment the final dot is about to be handed to
 * the connection: the last moment in our hands. False gives the letter up, as
 * smtp_abandon() does. */
void smtp_finish(struct smtp *smtp, struct str bytes,
		 bool (*before_dot)(void *arg), void *arg);

/* Give up the letter after on_go: the connection is dropped before the dot.
 * on_verdict (code 0, BODY) and on_closed follow. */
void smtp_abandon(struct smtp *smtp);

/* QUIT and close; on_closed follows. With a letter in the making this is
 * smtp_abandon(). */
void smtp_quit(struct smtp *smtp);

/* Once on_closed has been called, and not inside it nor inside another event
 * of the same net. */
void smtp_free(struct smtp **smtp);

#endif
