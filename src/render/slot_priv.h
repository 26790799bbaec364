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
	enum slot_filter filter;
};

/* Append a reader's `value`, "" where it is unknown, else `standard`: cut,
 * filtered, without controls and turns of direction, escaped. In a header it
 * goes in as it is: the door that every header passes refuses what must not
 * be there, and says so. `scratch` may be reset afterwards. */
void slot_write(const struct slot *slot, struct str value, struct str standard,
		struct arena *scratch, struct buf *out);

/* A text that is known now, as it must stand in `context`; in `arena`. For
 * the text part and headers it stays as it is. */
struct str slot_escaped(struct str text, enum slot_context context,
			struct arena *arena);

struct str slot_filtered(struct str text, enum slot_filter filter,
			 struct arena *arena);

#endif
