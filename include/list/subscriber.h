/* subscriber.h - the people, what they agreed to, and who must not be mailed
 *
 * Owns the tables list, subscriber, subscription, consent, suppression and
 * the staging of imports. Other modules read them through the views list_*:
 *
 *   list_reader    subscriber_id, address, name, first_name, last_name,
 *                  language, joined_at, tags (";" between), attributes (JSON)
 *   list_active    list_id, subscriber_id, batch: who is confirmed on that
 *                  list, visible and not suppressed
 *   list_audience  the same people with the columns of list_reader
 *   list_shown     batch: of the newest import that all may see
 *
 * A subscriber's id is a random positive 63-bit number, never reused: it goes
 * into tokens. An address is one person whatever the case of its domain; the
 * key is the address with its domain lower-case A-labels. The local part
 * keeps its case in `address` and is compared without it in the key.
 */
#ifndef LIST_SUBSCRIBER_H
#define LIST_SUBSCRIBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "db/db.h"
#include "seal/seal.h"

/* State of a subscription; the names are also the schema's CHECK, a test
 * compares them. */
#define LIST_STATES(X)                                   \
	X(PENDING, "pending") /* asked, not confirmed */ \
	X(CONFIRMED, "confirmed")                        \
	X(UNSUBSCRIBED, "unsubscribed")                  \
	X(BOUNCED, "bounced")                            \
	X(COMPLAINED, "complained")

enum list_state {
	LIST_NONE = 0,
#define X(name, text) LIST_##name,
	LIST_STATES(X)
#undef X
		LIST_STATE_COUNT
};

/* The word in CSV, in the schema and on the outside. */
const char *list_state_name(enum list_state state);
enum list_state list_state_of(struct str name); /* LIST_NONE: no such */

struct list;

/* Prepare the statements; with a `db` that may write, finish an import that
 * was cut off after its last chunk, throw away one that was cut off before.
 * `db` must outlive it; the seal is copied (what remains of an address after
 * erasure is hashed with it), and may be NULL where no address is looked up,
 * written or suppressed. */
int list_open(struct db *db, const struct seal *seal, struct list **list_out,
	      struct err *err);
void list_close(struct list **list);

/* The number of list `key`, made when `create`; ids start at 1 and are never
 * reused (tokens carry them, 2 bytes). ERR_MISSING when there is none. */
int list_id(struct list *list, struct str key, bool create, int64_t *id_out,
	    struct err *err);

struct subscriber {
	int64_t id;
	struct str address; /* as it is written on the envelope */
	struct str name, first_name, last_name, language;
	struct str tags;       /* "a;b", sorted, "" when none */
	struct str attributes; /* JSON object, "{}" when none */
	int64_t joined_at;     /* UTC ms */
	struct str suppressed; /* reason, "" when not */
};

struct subscription {
	struct str list; /* key */
	enum list_state state;
	int64_t changed_at;
};

/* By address, whatever the case. ERR_MISSING when there is nobody of that
 * address (no other address is ever shown), with the reason as the hint when it
 * is suppressed. Strings in `arena`. */
int list_find(struct list *list, struct str address, struct arena *arena,
	      struct subscriber *out, struct err *err);

/* May that address not be mailed, whether it is somebody's or not? */
int list_is_suppressed(struct list *list, struct str address,
		       struct arena *arena, bool *suppressed_out,
		       struct err *err);

/* A name, first or last name has at most so many bytes. */
#define LIST_NAME_MAX 500

/* Add or change one person by hand; `evidence` is kept with the consent. What
 * is "" leaves what is known. ERR_INPUT: no address, a control character or
 * too much in a name, a suppressed address, or one that unsubscribed, bounced
 * or complained, unless `revive`. `who->id` and `suppressed` are not read. */
int list_add(struct list *list, const struct subscriber *who, int64_t list_id,
	     bool revive, struct str evidence, int64_t now, struct err *err);

/* Inside the caller's transaction: set the state of one subscription (0 for
 * `list_id`: of all of them). Among those who are gone a state gives way only
 * to a graver one; pending and confirmed, a person's own word, are always
 * taken. 0 also when nothing had to change. ERR_MISSING when they
 * are not on that list. Whoever lets somebody go raises the generation of
 * send/slots.h after the commit. */
int list_set_state(struct list *list, int64_t subscriber, int64_t list_id,
		   enum list_state state, int64_t now, struct err *err);

/* Never again to be mailed, with the reason; survives erasure as a hash. The
 * address need not be known. */
int list_suppress(struct list *list, struct str address, struct str reason,
		  int64_t now, struct err *err);
/* ERR_MISSING when it is not suppressed. */
int list_lift(struct list *list, struct str address, int64_t now,
	      struct err *err);

/* Each subscription of one person, in the order of the lists' ids. */
int list_subscriptions(struct list *list, int64_t subscriber,
		       struct arena *arena, struct subscription **out,
		       size_t *count_out, struct err *err);

/* The evidence kept for one person, oldest first: one line each. */
int list_evidence(struct list *list, int64_t subscriber,
		  int (*row)(void *arg, int64_t at, struct str list,
			     struct str what),
		  void *arg, struct err *err);

/* How many would get an issue of this list now. */
int list_audience_count(struct list *list, int64_t list_id, int64_t *count_out,
			struct err *err);

#endif
