/* letter.h - one reader's message: the only place that composes one
 *
 * A form is what all letters of a frozen revision share: three programs, the
 * names that go into headers, pictures. It is packed into one blob that the
 * ledger keeps; the same form, row and seal give the same bytes on every try.
 */
#ifndef LETTER_LETTER_H
#define LETTER_LETTER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "mail/address.h"
#include "render/render.h"
#include "seal/seal.h"

#define LETTER_MAX (5 * 1024 * 1024)

/* In front of each composed letter lie so many bytes that are the caller's:
 * header fields of his own may be put there without moving the letter. */
#define LETTER_ROOM 8192

/* What the headers of DESIGN 5.4 are made of. */
struct letter_head {
	struct mailbox from;
	struct mailbox reply_to;	/* address "" when none */
	struct str list_title, list_key;
	struct str url;			/* publication.url, no slash at the end */
	struct str slug;
	struct str envelope_domain;
	struct str feedback;		/* sender id for Feedback-ID, 5-15 */
	bool one_click;			/* url is https: RFC 8058 holds */
};

/* Build the header program and pack the form. ERR_CONFIG/ERR_INPUT when a
 * value may not stand in a header. */
int letter_form_pack(const struct letter_head *head,
		     const struct render_output *parts, struct buf *out,
		     struct err *err);

struct letter_form;

/* A read-only view of a packed form, to be shared by threads; the blob and
 * the arena must outlive it. ERR_DB when it is none. */
int letter_form_open(struct str blob, struct arena *arena,
		     const struct letter_form **form_out, struct err *err);

/* Which of a reader's values the form uses, and the attributes behind
 * FIELD_ATTRIBUTE in order: what the freeze must store. */
uint64_t letter_form_fields(const struct letter_form *form);
const struct str *letter_form_attributes(const struct letter_form *form,
					 size_t *count_out);

/* A number with this bit is nobody's: a subscriber's has 63. It stands in the
 * place of one in letters for looking at, so that their links and bounces are
 * well formed and mean nobody. */
#define LETTER_NOBODY (UINT64_C(1) << 63)

struct letter_reader {		/* from the frozen row; borrowed */
	uint32_t issue;
	uint16_t list;
	uint64_t subscriber;
	struct str address;
	struct str fields;	/* name, first_name, last_name, language,
				   joined (YYYY-MM-DD), tags, then attributes,
				   0x1f between: as the freeze wrote them;
				   unused ones empty */
	int64_t date_ms;	/* of the row's first claim */
};

struct letter_press;		/* one thread's buffers and seal */
struct letter_press *letter_press_new(const struct seal *seal);
void letter_press_free(struct letter_press **press);

/* The whole message in wire form: CRLF, 7 bit, no line over 998 octets or
 * beginning with ".", ends in CRLF. Checked before it is handed out. Valid
 * until the next call, as are the LETTER_ROOM bytes in front of it. */
int letter_compose(struct letter_press *press, const struct letter_form *form,
		   const struct letter_reader *reader, struct str *bytes_out,
		   struct err *err);

/* The envelope sender of that letter: bounce+T@DOMAIN (VERP, purpose b). */
struct str letter_sender(struct letter_press *press,
			 const struct letter_form *form,
			 const struct letter_reader *reader);

/* Its Message-ID with the angle brackets; valid until the next call. */
struct str letter_message_id(struct letter_press *press,
			     const struct letter_form *form,
			     const struct letter_reader *reader);

/* One part alone, decoded, as `tidings render --to html|text` shows it. */
int letter_part(struct letter_press *press, const struct letter_form *form,
		const struct letter_reader *reader, enum program_part part,
		struct buf *out, struct err *err);

#endif
