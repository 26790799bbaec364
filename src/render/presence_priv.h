/* presence_priv.h - for which readers something of an article is there
 *
 * Told by the source of a condition, as an author would write it: "" for all,
 * else `(subscriber.vip) and not (subscriber.name)`, and several such joined
 * by `or`. A footnote is for those who get a mark that leads to it, the stars
 * around a name for those who have one.
 */
#ifndef PRESENCE_PRIV_H
#define PRESENCE_PRIV_H

#include "letter_priv.h"

/* A walk's place among conditions. */
struct branch {
	struct letter *letter;
	struct str here; /* what holds; "": nothing must */
	struct open_branch *open;
};

/* Within `source`, "#if ..." or "#unless ..."; behind its "else", its end. */
void branch_enter(struct branch *branch, struct str source);
void branch_turn(struct branch *branch);
void branch_leave(struct branch *branch);
/* A field of a text, which may be a tag of one of these; false: it is none. */
bool branch_field(struct branch *branch, int field);

struct presence {
	bool all;
	bool over; /* more conditions than one can hold */
	struct str test;
	struct alternative *first;
};

/* It is there where `here` holds, too. */
void presence_add(struct presence *presence, struct str here,
		  struct arena *arena);

/* Of words that show something, inside `parent`. A picture is something. */
struct presence presence_of(struct letter *letter, const struct block *parent);

/* What cannot be asked for is rather for all than for nobody. */
enum audience { FOR_ALL, FOR_SOME, FOR_NOBODY };
enum audience presence_audience(struct letter *letter,
				const struct presence *presence);

/* Of the source of an IF block. */
enum audience branch_audience(struct letter *letter, struct str source);

/* A condition in the draft, to be closed with pen_end(). What is wrong fails
 * the letter, at `line`. */
void pen_presence(struct pen *pen, const struct presence *presence,
		  uint32_t line);

/* --- footnotes (notes.c) -------------------------------------------------- */

/* Of note `number`, or NULL: nothing that this medium shows refers to it. */
const struct presence *note_presence(struct letter *letter, int number);

/* Of any note at all. */
const struct presence *notes_presence(struct letter *letter);

#endif
