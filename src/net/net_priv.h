/* net_priv.h - inside a connection */
#ifndef NET_PRIV_H
#define NET_PRIV_H

#include <curl/curl.h>

#include "base/buf.h"
#include "net/smtp.h"
#include "reply_priv.h"

enum smtp_state {
	STATE_CONNECTING,	/* libcurl's: TCP, TLS, EHLO, AUTH */
	STATE_IDLE,
	STATE_ENVELOPE,		/* MAIL, RCPT, DATA under way */
	STATE_GO,		/* 354 seen, the caller's turn */
	STATE_BODY,		/* the body is being handed over */
	STATE_DOT,		/* all is handed over, no reply yet */
	STATE_CANCEL,		/* a lone dot after a refusal (RFC 2920 3.1) */
	STATE_RESET,		/* RSET under way */
	STATE_QUIT,
	STATE_CLOSED		/* on_closed was called */
};

struct smtp {
	struct net *net;
	struct smtp *next;
	const struct smtp_server *server;
	const struct smtp_events *events;
	void *arg;

	CURL *easy;
	int fd;			/* -1 until connected */
	bool connected, connect_failed;
	CURLcode connect_code;
	char curl_error[CURL_ERROR_SIZE];
	char last_line[256];	/* the server's latest while connecting */
	enum smtp_stage connect_stage;

	enum smtp_state state;
	int64_t deadline;	/* boot ms; 0: none */
	struct smtp_caps caps;
	struct reply reply;
	struct buf out;		/* commands not yet accepted */
	size_t out_at;
	bool woken;		/* something may be read or written */
	bool want_write;	/* the connection takes no more just now */

	const struct smtp_letter *letter;
	struct str body;
	size_t body_at;
	bool (*before_dot)(void *arg);
	void *before_dot_arg;
	enum smtp_stage stage;	/* whose reply comes next */
	bool refused;		/* MAIL, RCPT or DATA was */
	bool addressed;		/* RCPT was not */
	bool abandoned;
	bool own_verdict;	/* refused before anything was sent */
	struct smtp_verdict verdict;
};

struct net {
	struct loop *loop;
	CURLM *multi;
	struct smtp *first;
	int64_t curl_timer;	/* boot ms; -1: none */
	int64_t now;
};

/* For loop_watch(): a note for net_run(), which does the reading. */
void net_woken(void *arg, int fd, unsigned events);

/* One step of a connected session: read, act, call back, write. */
void smtp_step(struct smtp *smtp);
/* A step would do something at once. */
bool smtp_has_work(const struct smtp *smtp);
/* The connection is gone or of no use; `why` for people. */
void smtp_broken(struct smtp *smtp, const char *why);

/* Begin MAIL, RCPT, DATA of smtp->letter, or refuse it ourselves. */
void envelope_begin(struct smtp *smtp);

/* A whole reply has come while the envelope is under way. */
void envelope_reply(struct smtp *smtp);

/* Fill the verdict from the reply at hand, or from our own words (code 0). */
void verdict_reply(struct smtp *smtp, enum smtp_stage stage);
void verdict_own(struct smtp *smtp, enum smtp_stage stage, int code,
		 const char *status, const char *text);

void smtp_command(struct smtp *smtp, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void smtp_wait(struct smtp *smtp, int64_t ms);

#endif
