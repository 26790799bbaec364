/* header.h - header fields, written once and safely (RFC 5322, RFC 2047)
 *
 * Every value passes one door that refuses CR, LF, NUL and other controls,
 * leaves out directional overrides, encodes what is not ASCII as RFC 2047
 * words of at most 75 octets, and folds at blanks so that lines stay within 78
 * octets where a blank allows it and never pass 998.
 */
#ifndef MAIL_HEADER_H
#define MAIL_HEADER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "mail/address.h"

/* "Name: value CRLF". `value` is free text (UTF-8): a subject. ERR_INPUT when
 * a control character is in it. */
int header_text(struct buf *out, const char *name, struct str value,
		struct err *err);

/* A structured value that is ASCII and folded only at blanks (List-*,
 * Message-ID, Date). Non-ASCII is ERR_INPUT. */
int header_raw(struct buf *out, const char *name, struct str value,
	       struct err *err);

/* From, To, Reply-To: display name quoted or encoded as needed. A domain is
 * written as A-labels. ERR_INPUT also when a blank or an angle bracket stands
 * in the address. Like the others it adds nothing when it fails. */
int header_mailbox(struct buf *out, const char *name,
		   const struct mailbox *mailbox, struct err *err);

/* The value of field `name` (any case) in the header block that begins
 * `message`, unfolded, without the ends' blanks; the first one. False when it
 * is not there within the first 256 KiB. Decodes nothing. */
bool header_find(struct str message, const char *name, struct buf *value_out);

#endif
