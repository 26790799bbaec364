/* slots.h - what was on the wire, for the process that comes after a crash
 *
 * One file a dispatcher, `tidings.slots/OWNER`, memory-mapped and locked
 * (flock) while its process lives. A slot belongs to one connection and has
 * two cells, since the next letter's envelope may follow the last dot. A cell
 * names a row and how far it came; it is changed by single atomic stores in
 * an order that is true whenever the process dies. The file counts only in
 * the boot that wrote it.
 *
 *   FREE     nothing                         row stays as the ledger has it
 *   CLAIMED  named; surely not sent          -> released
 *   DOT      the final dot may be out        -> uncertain
 *   DONE     2yz/4yz/5yz seen, text kept     -> as that reply says
 */
#ifndef SEND_SLOTS_H
#define SEND_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "queue/ledger.h"

#define SLOTS_DIR "tidings.slots"

struct slots;
struct slot_cell;

enum slot_phase { CELL_FREE, CELL_CLAIMED, CELL_DOT, CELL_DONE };

/* A locked file for `count` connections under a name of this process; it
 * counts only once slots_name() has named it after its owner. That happens
 * inside the transaction that enlists the owner: whoever sees the owner on
 * the books finds the file there, locked. */
int slots_create(const char *dir, int count, struct slots **slots_out,
		 struct err *err);
int slots_name(struct slots *slots, int64_t owner, struct err *err);
/* Unmap; remove the file only when `clean`. */
void slots_close(struct slots **slots, bool clean);

/* Cell 0 or 1 of connection `connection`. */
struct slot_cell *slots_cell(struct slots *slots, int connection, int cell);

/* Forward through the phases, and back to FREE once the result is durable. */
void slot_claim(struct slot_cell *cell, int64_t issue, int64_t ordinal,
		int64_t epoch);
void slot_dot(struct slot_cell *cell);
void slot_done(struct slot_cell *cell, int code, const char *status,
	       const char *reply);
void slot_free(struct slot_cell *cell);

/* What dead dispatchers left. `dead` is called for each file whose lock is
 * free (and taken here meanwhile): with the owner, whether it is of this boot,
 * and all its cells; when it returns 0 the file is removed. A living owner's
 * file is left alone. */
struct slot_record {
	enum slot_phase phase;
	int64_t issue, ordinal, epoch;
	int code;
	char status[16], reply[512];
};
struct slots_visit {
	int (*dead)(void *arg, int64_t owner, bool this_boot,
		    const struct slot_record *records, int count,
		    struct err *err);
	void *arg;
};
int slots_recover(const char *dir, const struct slots_visit *visit,
		  struct err *err);

/* Is there a file of that owner, locked or not? */
bool slots_exist(const char *dir, int64_t owner);

/* One number shared by all processes of a publication, in
 * `tidings.slots/generation`: whoever unsubscribes, suppresses or pauses
 * raises it after the commit; a sender that sees it changed asks the ledger
 * for each letter again before it goes out. */
struct generation;
int generation_open(const char *dir, struct generation **out, struct err *err);
void generation_close(struct generation **generation);
uint64_t generation_read(const struct generation *generation);
void generation_raise(struct generation *generation);

#endif
