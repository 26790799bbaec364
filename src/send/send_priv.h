/* send_priv.h - jobs, and the threads that pass them on
 *
 *   books ----jobs----> sender threads ----results----> books
 *     '------durable------^
 *
 * A job is made by the books when its row is claimed, belongs to one sender
 * until the books have written its result, and is freed by that sender once
 * it hears that the result is durable.
 */
#ifndef SEND_PRIV_H
#define SEND_PRIV_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/loop.h"
#include "breaker_priv.h"
#include "letter/letter.h"
#include "net/smtp.h"
#include "policy_priv.h"
#include "queue/pacing.h"
#include "rate_priv.h"
#include "seal/dkim.h"
#include "send/send.h"
#include "send/slots.h"

#define LEASE_MS       (15 * TIME_MINUTE_MS) /* above the wait after the dot */
#define DOT_MS	       (10 * TIME_MINUTE_MS) /* RFC 5321 4.5.3.2.6 */
#define PIPE_MS	       (10 * TIME_MINUTE_MS) /* for a program to end */
#define LEASE_SPARE_MS (30 * TIME_SECOND_MS)
#define CLAIM_MAX      1000
#define TROUBLES_MAX   3 /* in a row, then the run ends */

struct job {
	struct job *next;
	struct ledger_claim claim; /* its texts lie in bytes[] */
	const struct letter_form *form;
	uint64_t generation; /* when it was last asked for */
	int64_t claimed_at;  /* boot ms, or a little earlier */
	struct sender *sender;
	struct lane *lane; /* NULL: never begun */
	int cell;	   /* of the lane's slot */
	int pace_lane;	   /* PACE_RELAY: not yet looked up */
	int64_t asked_at;  /* boot ms: let go then */
	int64_t ask_at;	   /* boot ms: not before */
	bool offered;	   /* its MAIL was said, or may have been */
	/* the result */
	enum delivery_event event;
	struct smtp_verdict verdict;
	int64_t at, due;
	bool durable;
	char bytes[];
};

/* With texts of its own; free() ends it. */
struct job *job_new(const struct ledger_claim *claim);

struct jobs { /* a list with an end */
	struct job *first, **tail;
};
void jobs_init(struct jobs *jobs);
void jobs_add(struct jobs *jobs, struct job *job);
struct job *jobs_take(struct jobs *jobs); /* NULL when empty */
void jobs_free(struct jobs *jobs);

/* What all threads know of the relay. */
struct relay_state {
	pthread_mutex_t lock;
	const struct conf_relay *conf;
	struct smtp_server server;
	struct rate_gate gate;
	struct pace *pace;  /* NULL for a folder or a program */
	int troubles;	    /* in a row */
	int64_t rest_until; /* boot ms */
	bool fatal;
	char words[512];      /* of the latest trouble */
	char slow_words[512]; /* of the latest "too fast" */
	int tried, ready;  /* connections begun; of which ready for letters */
	int allowed;	   /* so many it takes at once, as far as we know */
	int64_t widen_at;  /* boot ms: try one more then */
	int worn_at, most; /* letters of a connection: that it ended after the
			      last time; that it carries, 0: not known */
};
/* Where the relay is and how to get in there, the password read. */
int relay_server(const struct conf *conf, const struct conf_relay *relay,
		 struct arena *arena, struct smtp_server *server,
		 struct err *err);
void relay_news(struct relay_state *relay, enum relay_action action,
		const struct smtp_verdict *verdict, int64_t boot_now);
/* Boot ms until which nothing should be tried; 0: go. */
int64_t relay_resting(struct relay_state *relay, int64_t boot_now);
/* What was said about a letter's speed, or about ours before there was one
 * (`job` NULL). */
void relay_heard(struct relay_state *relay, const struct job *job,
		 const struct smtp_verdict *verdict, int64_t boot_now);
/* Its latest words of that kind. */
void relay_slow_words(struct relay_state *relay, char *out, size_t size);
/* A job that was let go came to nothing. */
void relay_unused(struct relay_state *relay, const struct job *job,
		  int64_t boot_now);
/* Connections: whether one more may be begun, which is then counted; that one
 * is ready; that one is over. */
bool relay_connect(struct relay_state *relay, int64_t boot_now);
void relay_connected(struct relay_state *relay);
void relay_disconnected(struct relay_state *relay, bool was_ready);
/* It refused one more connection beside others: it takes no more than there
 * are. False when there is no other. */
bool relay_crowded(struct relay_state *relay, int64_t boot_now);
/* 421 on a connection that had carried so many letters: true when that is the
 * number it ended after the last time, and so its limit. */
bool relay_wears(struct relay_state *relay, int letters);
/* Letters that a connection carries; 0: no limit known. */
int relay_most(struct relay_state *relay);
/* No use to go on: fatal, or too much trouble in a row. */
bool relay_hopeless(struct relay_state *relay);

struct sender;
struct lane;

struct books;
struct forms;

/* Everything one run shares. */
struct run {
	const struct send_options *options;
	struct relay_state relay;
	struct slots *slots;
	struct generation *generation;
	struct dkim *dkim; /* each thread has a copy */
	int64_t owner;
	struct sender *senders;
	int sender_count;
	int lane_count;
	struct books *books;
	/* Boot ms. The leases of all we hold are renewed together; what was
	 * claimed before they once ran out is no longer ours to send. */
	_Atomic int64_t lease_begun, lease_until;
	_Atomic int stopping; /* nothing new is begun */
	_Atomic int over;     /* nothing is recorded any more: no dot
					   may go, senders may leave */
};

/* --- signatures ------------------------------------------------------------ */

/* What the settings sign with; NULL where they sign nothing. Errors as
 * dkim_open(). */
int signer_open(const struct conf *conf, struct dkim **dkim_out,
		struct err *err);

/* Put the signature in front of a composed letter, into its LETTER_ROOM;
 * nothing where `dkim` is NULL. `date_ms` is that of the row's first claim, so
 * that every try is signed alike. */
int signer_sign(struct dkim *dkim, int64_t date_ms, struct str *letter,
		struct err *err);

struct sender {
	struct run *run;
	int index;
	pthread_t thread;
	struct loop *loop;
	struct net *net;
	struct dkim *dkim; /* NULL: nothing is signed */
	struct db *db;	   /* to read in, just before a dot */
	struct ledger *ledger;
	struct lane *lanes;
	int lane_count;
	pthread_mutex_t lock; /* of the three below */
	struct jobs inbox;    /* new and durable ones */
	int given;	      /* new ones in there */
	int wanted;	      /* how many more it can use */
	struct jobs ready;    /* its own: not begun */
	int ready_count;
	int held;	   /* jobs not yet durable */
	int warm;	   /* lanes connecting or idle */
	int64_t shut_out;  /* boot ms: the relay takes no connection of this
			      thread's until then, others have them all */
	int waiting;	   /* ready ones whose slot is to come */
	int64_t rate_wait; /* ms until the rate lets one go */
	bool dirty;	   /* something was begun: run again */
};

void *sender_main(void *arg);
/* The job that may go now, or NULL; rate_wait is then set. */
struct job *sender_pick(struct sender *sender, int64_t boot_now);
/* Has a connection, or one on its way. */
bool sender_connected(const struct sender *sender);
/* How many of the ready ones wait for their slot. */
int sender_waiting(struct sender *sender, int64_t boot_now);
/* From the books. */
void sender_give(struct sender *sender, struct job *job);

/* --- lanes: one connection each ------------------------------------------- */

enum lane_state {
	LANE_CLOSED,
	LANE_CONNECTING,
	LANE_IDLE,
	LANE_OFFERED, /* MAIL, RCPT, DATA under way */
	LANE_GATED,   /* may send the letter once all is durable */
	LANE_SENDING,
	LANE_LEAVING /* QUIT said */
};

struct lane {
	struct sender *sender;
	int index; /* among all of the run: the slot's number */
	enum lane_state state;
	struct smtp *smtp;
	bool closed;	 /* to be freed after the callback */
	struct job *job; /* in the making */
	bool given_up;	 /* the job goes back, whatever is said */
	bool busy[2];	 /* the cells that name a row */
	bool counted;	 /* among the relay's ready connections */
	bool worn;	 /* ended by a limit that we know now */
	struct letter_press *press;
	struct str sender_address, bytes;
	struct smtp_letter letter;
	int letters; /* on this connection */
};

/* What can be done now is done. */
void lane_step(struct lane *lane, int64_t boot_now);
/* The job's result is durable. */
void lane_settled(struct lane *lane, struct job *job);
void lane_quit(struct lane *lane);
/* A job that was never begun goes back, surely not sent. */
void job_release(struct job *job, int64_t due);
/* Its claim is ours for long enough to send it, and what comes of it will be
 * recorded. */
bool job_leased(const struct run *run, const struct job *job, int64_t boot_now);
struct job *sender_take(struct sender *sender); /* NULL: none is ready */

/* dir: and pipe: - blocking, and as much of an answer as a server's. */
void local_deliver(struct run *run, struct job *job, struct str sender,
		   struct str bytes, struct smtp_verdict *verdict_out);
/* Into the relay's folder as `name`, in the place of what had it. */
void folder_deliver(const struct conf *conf, const struct conf_relay *relay,
		    const char *name, struct str bytes,
		    struct smtp_verdict *verdict_out);
void pipe_deliver(const struct conf_relay *relay, struct str sender,
		  struct str recipient, struct str bytes, int64_t patience_ms,
		  struct smtp_verdict *verdict_out);
void local_verdict(struct smtp_verdict *verdict, int code, const char *status,
		   const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The frozen forms that claims are made with; the books' alone. */
struct forms *forms_new(void);
void forms_free(struct forms **forms);
int forms_get(struct forms *forms, struct ledger *ledger,
	      const struct ledger_claim *claim,
	      const struct letter_form **form_out, struct err *err);

/* --- books: the only writer ----------------------------------------------- */

struct books *books_new(struct run *run);
void books_free(struct books **books);
void *books_main(void *arg);
/* From senders: a result, or news that more jobs are wanted. */
void books_result(struct books *books, struct job *job);
void books_wake(struct books *books);

struct books_report {
	struct ledger_counts counts;
	bool over;   /* nothing is left to do here */
	bool failed; /* the ledger could not be written */
	struct err err;
	int64_t opens;	/* UTC ms: nothing may be sent before; 0 */
	char shut[160]; /* and why */
};
void books_look(struct books *books, struct books_report *out);

#endif
