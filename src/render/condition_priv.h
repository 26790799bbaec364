/* condition_priv.h - "subscriber.plan == "pro" and not subscriber.vip"
 *
 * A condition is a run of bytes: tests of readers' fields in the order in
 * which a stack of truths takes them (postfix). What is known when the issue
 * is made is decided then, so most conditions are a single truth.
 */
#ifndef CONDITION_PRIV_H
#define CONDITION_PRIV_H

#include <stdbool.h>

#include "field_priv.h"

#define CONDITION_TESTS 32   /* in one condition */
#define CONDITION_MAX	4096 /* bytes */

/* Names, `==` and `!=` with a text in quotes or a number, `not`, `and`, `or`
 * (which binds least) and parentheses. A name alone asks whether there is
 * something. Values compare as texts. ERR_INPUT; the caller adds the place. */
int condition_parse(struct str source, bool wanted,
		    const struct field_source *from, struct str *test_out,
		    struct err *err);

/* Whether the field is there, or `wanted` false, is not. */
struct str condition_present(enum field field, bool wanted,
			     struct arena *arena);
struct str condition_always(bool truth);

/* For the parser: single tests, and what joins those before it. */
enum { CONDITION_NOT = '!', CONDITION_AND = '&', CONDITION_OR = '|' };
void condition_put_present(enum field field, struct buf *out);
void condition_put_equal(enum field field, struct str text, struct buf *out);

/* A blob may hold anything: these bytes can be run. */
bool condition_ok(struct str test);

/* Known already, whoever the reader is. */
bool condition_is_decided(struct str test);

/* `values` by enum field; NULL: nothing is known of the reader. What is there
 * is what a slot would show, see slot_value(). */
bool condition_holds(struct str test, const struct str *values);

/* As a bit set by enum field. */
uint64_t condition_fields(struct str test);

#endif
