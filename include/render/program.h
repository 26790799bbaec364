/* program.h - a merge program: what a reader's part of a letter is made of
 *
 * Compiled once an issue: long literals already in wire form (quoted-printable
 * with CRLF, or header bytes), and slots. A reader costs copies and the few
 * values of the slots. A program is one blob without pointers: it is frozen
 * into the database as it is and shared by threads read-only.
 *
 *   LIT    bytes to copy
 *   SLOT   a field's value, filtered and escaped for its place, else its
 *          default
 *   IF     skip to the ELSE, or the END, unless the condition holds
 *   WRAP   text of one paragraph up to END: collected raw, wrapped at 72 by
 *          display width (format=flowed) with the given prefixes, encoded
 *   HEAD   one free-text header field up to END: collected, checked for
 *          controls, encoded by RFC 2047, folded
 */
#ifndef RENDER_PROGRAM_H
#define RENDER_PROGRAM_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Values a letter supplies for one reader. Attributes declared by the
 * publication follow behind FIELD_ATTRIBUTE, by their order of use. */
#define FIELDS(X)							\
	X(EMAIL, "subscriber.email")					\
	X(NAME, "subscriber.name")					\
	X(FIRST_NAME, "subscriber.first_name")				\
	X(LAST_NAME, "subscriber.last_name")				\
	X(LANGUAGE, "subscriber.language")				\
	X(JOINED, "subscriber.joined")		/* YYYY-MM-DD */	\
	X(TAGS, "subscriber.tags")		/* a, b */		\
	X(UNSUBSCRIBE, "links.unsubscribe")				\
	X(PREFERENCES, "links.preferences")				\
	X(ANSWERS, "links.answers")		/* "/" N behind it */	\
	/* of the letter's own making, in headers only */		\
	X(TO, "letter.to")			/* whole To: value */	\
	X(DATE, "letter.date")						\
	X(MESSAGE_ID, "letter.message_id")	/* without brackets */	\
	X(UNSUBSCRIBE_MAIL, "letter.unsubscribe_mail")	/* address */

enum field {
#define X(name, text) FIELD_##name,
	FIELDS(X)
#undef X
	FIELD_ATTRIBUTE		/* + n: the n-th attribute used */
};

#define FIELD_ATTRIBUTES_MAX 8
#define FIELD_MAX (FIELD_ATTRIBUTE + FIELD_ATTRIBUTES_MAX)

/* Where a value lands; decides its escaping (LETTER 2.4). */
enum slot_context {
	SLOT_HTML,		/* element text and quoted attributes */
	SLOT_URL,		/* inside an address: percent-encoded */
	SLOT_HREF,		/* a whole address of ours, HTML-escaped */
	SLOT_TEXT,		/* the text part */
	SLOT_HEADER		/* inside HEAD, or a raw header value */
};

/* A chain of filters, such as `upper` or `date "%e %B %Y"`, is a run of bytes
 * that field_parse() makes. */
#define FILTER_NONE STR_NONE

enum program_part { PART_HEADERS, PART_HTML, PART_TEXT };

/* --- building */

struct program_builder;

/* `part` decides the encoding of literals: PART_HEADERS none, the others
 * quoted-printable. */
struct program_builder *program_new(enum program_part part);
void program_drop(struct program_builder **builder);

/* Text of the part, UTF-8 with LF: encoded and joined with what came before.
 * In PART_HEADERS: finished bytes with CRLF. */
void program_literal(struct program_builder *builder, struct str text);
void program_slot(struct program_builder *builder, enum field field,
		  enum slot_context context, struct str filters,
		  struct str standard);
/* Close each with program_end(). They nest, but not inside WRAP and HEAD,
 * where only slots, literals and ifs are allowed. `test` is a condition as
 * condition_parse() makes it; "1" always holds. */
void program_if(struct program_builder *builder, struct str test);
void program_else(struct program_builder *builder);
/* `first` and `rest` begin the first and the other lines ("- ", "  "). */
void program_wrap(struct program_builder *builder, struct str first,
		  struct str rest);
void program_head(struct program_builder *builder, const char *name);
void program_end(struct program_builder *builder);

/* The finished blob; the builder is used up. Unbalanced is a bug and dies.
 * `out` is over when the program would pass 8 MiB, 200000 ops or 64 begins
 * inside each other; or a default 800 bytes, or what lines begin with 2 KiB. */
void program_finish(struct program_builder **builder, struct buf *out);

/* --- running */

struct program;			/* a checked view of a blob */

/* Checks every number of the blob once: whatever the bytes, a run takes no more
 * time than that of an honest program as large. It must outlive the program,
 * which lives in `arena`. ERR_DB when it is no program, or one of another
 * version of Tidings. */
int program_open(struct str blob, struct arena *arena,
		 const struct program **program_out, struct err *err);

/* Fields this program asks for, as a bit set by enum field. */
uint64_t program_fields(const struct program *program);

struct program_scratch;		/* reused buffers of one thread */
struct program_scratch *program_scratch_new(void);
void program_scratch_free(struct program_scratch **scratch);

/* Append the part for one reader: `values[field]`, "" where unknown, cut at
 * 200 characters each, never within what is seen as one. ERR_INPUT when a
 * header would hold a control character; and when `out` is over its ceiling,
 * where the run ends at once. */
int program_run(const struct program *program, const struct str *values,
		struct program_scratch *scratch, struct buf *out,
		struct err *err);

#endif
