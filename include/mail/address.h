/* address.h - mail addresses: RFC 5321 4.1.2, RFC 6531, hosts by IDNA 2008 */
#ifndef MAIL_ADDRESS_H
#define MAIL_ADDRESS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct mailbox {
	struct str name;	/* display name, decoded, "" when none */
	struct str address;	/* local@domain */
};

/* Check one address: a dot-atom or quoted local part of at most 64 octets, a
 * domain of LDH or U-labels, at most 254 octets in all, as written and as
 * address_wire() writes it, no control, blank or angle bracket anywhere; an
 * address literal or number in place of the domain is refused. `why_out` (may
 * be NULL) gets a few words of what is wrong. */
bool address_ok(struct str address, const char **why_out);

/* Before and behind the last "@"; slices of the input. */
struct str address_local(struct str address);
struct str address_domain(struct str address);

/* Needs SMTPUTF8: there is a non-ASCII byte in the local part. (A non-ASCII
 * domain goes out as A-labels.) */
bool address_needs_utf8(struct str address);

/* For the envelope: domain as lower-case A-labels, local part untouched. An
 * address that is not ok comes back as it is. */
struct str address_wire(struct arena *arena, struct str address);

/* For comparing people: address_wire with the local part in lower case, NFC,
 * with as few quotes as it can have. */
struct str address_key(struct arena *arena, struct str address);

/* "Name <a@b>", "\"Q. Name\" <a@b>", "a@b" (RFC 5322 3.4, one mailbox). */
int mailbox_parse(struct str text, struct arena *arena,
		  struct mailbox *out, struct err *err);

#endif
