/* catch_priv.h - the catcher's parts: faults, store, sessions */
#ifndef CATCH_PRIV_H
#define CATCH_PRIV_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/loop.h"
#include "catch/catch.h"
#include "seal/tls.h"

/* --- faults: what goes wrong, when, how often ------------------------------ */

#define FAULT_MOMENTS(X)						\
	X(CONNECT, "connect") X(GREETING, "greeting") X(EHLO, "ehlo")	\
	X(TLS, "tls") X(AUTH, "auth") X(MAIL, "mail") X(RCPT, "rcpt")	\
	X(DATA, "data") X(BODY, "body") X(DOT, "dot")

enum fault_moment {
#define X(name, text) FAULT_##name,
	FAULT_MOMENTS(X)
#undef X
	FAULT_MOMENT_COUNT
};

enum fault_kind {
	FAULT_NONE,
	FAULT_REPLY,		/* a code, with words */
	FAULT_DROP,		/* close without a word */
	FAULT_DROP_KEPT,	/* keep the letter, then close */
	FAULT_STALL,		/* never answer */
	FAULT_DELAY,		/* answer `ms` later */
	FAULT_TARPIT,		/* one byte a second */
	FAULT_GREY,		/* 451 for the first seconds */
	FAULT_CLOSE_AFTER	/* 421 after N letters on a connection */
};

struct fault {
	enum fault_moment moment;
	enum fault_kind kind;
	int percent;
	int64_t number;		/* ms, seconds, letters */
	struct str reply;	/* "550 5.1.1 ..." */
	struct str domain;	/* only for recipients there; "" all */
	struct fault *next;
};

struct faults {
	struct fault *first;
	uint64_t random;	/* state of the generator */
	int64_t started;	/* boot ms; for grey */
};

int faults_parse(struct str spec, struct arena *arena, struct faults *out,
		 struct err *err);

/* The fault that strikes now, or NULL. `recipient` is "" before RCPT. */
const struct fault *faults_strike(struct faults *faults,
				  enum fault_moment moment,
				  struct str recipient, int64_t boot_now);

/* --- store ----------------------------------------------------------------- */

struct store;

int store_open(const char *dir, bool maildir, struct store **store_out,
	       struct err *err);
void store_close(struct store **store);

struct caught {
	struct str from, recipients;	/* recipients: LF between */
	struct str bytes;		/* as received, unstuffed */
	int64_t connection, now;
	bool tls;
	struct str reply;		/* what will be answered */
};

/* File and line of the log, both before it returns. */
int store_keep(struct store *store, const struct caught *letter,
	       int64_t *number_out, struct err *err);

/* --- sessions --------------------------------------------------------------- */

struct server {
	const struct catch_options *options;
	struct loop *loop;
	struct faults faults;
	struct store *store;
	struct tls_server *tls;
	struct session *first;
	int64_t connections;
	int64_t max_size;
	int listener;
	int64_t now;		/* boot ms */
	struct err err;		/* why it must stop */
	bool failed;
};

enum session_mode { MODE_COMMAND, MODE_DATA, MODE_AUTH_USER, MODE_AUTH_PASS,
		    MODE_AUTH_PLAIN };

struct session {
	struct server *server;
	struct session *next;
	int fd;
	int64_t number;
	struct tls *tls;
	enum session_mode mode;
	struct buf in, out;
	size_t out_at;
	int64_t hold_until;	/* boot ms: nothing is written before */
	bool woken;		/* something may be read or written */
	bool stalled, tarpit, closing, want_write, start_tls;
	bool authed, greeted;
	struct buf from, recipients;
	bool has_from;
	bool too_large;
	int letters;
	struct buf body;
	bool line_start;	/* of the body: only a CRLF ends its lines */
};

struct session *session_open(struct server *server, int fd);
void session_close(struct session *session);
/* Read, act, write as far as it goes. False when it is over. */
bool session_step(struct session *session);
/* Act on what stands in `in`, as far as lines are whole. */
void session_take_in(struct session *session);
/* Boot ms when it wants to be stepped without news; -1 never. */
int64_t session_due(const struct session *session);

void session_reply(struct session *session, const char *text);
/* Let a fault strike; true when it decided the answer. */
bool session_fault(struct session *session, enum fault_moment moment,
		   struct str recipient);
bool session_struck(struct session *session, const struct fault *fault);
void session_command(struct session *session, struct str line);
/* The letter's first recipient, "" before RCPT. */
struct str session_recipient(const struct session *session);
/* Who it was, and the letter in the making: all forgotten. */
void session_forget(struct session *session);
/* The dot has come. */
void session_end_data(struct session *session);

/* AUTH and what follows it. */
void login_command(struct session *session, struct str argument);
void login_line(struct session *session, struct str line);

#endif
