/* slot_priv.h - a value as it must stand in its place
 *
 * The one way by which a value comes into a letter or a page, whether it is
 * known when the issue is made or only for each reader.
 */
#ifndef SLOT_PRIV_H
#define SLOT_PRIV_H

#include "base/arena.h"
#include "base/buf.h"
#include "render/program.h"

#define SLOT_CHARS 200 /* of a reader's field; LETTER 2.4 */

struct slot {
	enum field field;
	enum slot_context context;
	struct str filters;
};

/* Of a reader's own words those of which nothing can be seen are none, for a
 * slot and for a condition alike: "" then, else `value`. */
struct str slot_value(enum field field, struct str value);

/* Append a reader's `value`, "" where it is unknown, else `standard`: cut,
 * filtered, without controls, turns of direction and what shows nothing,
 * escaped. In a header controls stay: the door that every header passes
 * refuses what must not be there, and says so. `scratch` may be reset
 * afterwards. */
void slot_write(const struct slot *slot, struct str value, struct str standard,
		struct arena *scratch, struct buf *out);

/* A text that is known now, as it must stand in `context`; in `arena`. For
 * the text part and headers it stays as it is. */
struct str slot_escaped(struct str text, enum slot_context context,
			struct arena *arena);

/* `text` with nothing changed but what HTML means something by; in `arena`. */
struct str slot_entities(struct str text, struct arena *arena);

#endif
