/* qp.h - quoted-printable (RFC 2045 6.7) and base64, for the wire
 *
 * Output lines end in CRLF, hold at most 76 octets, never end in a blank, and
 * never begin with "." or "From " (both encoded), so that they are never
 * changed on their way and need no dot-stuffing. There are no tabs and no two
 * blanks in a row either: such lines are in the relaxed canonical form of DKIM
 * as they stand (RFC 6376 3.4.4).
 */
#ifndef MAIL_QP_H
#define MAIL_QP_H

#include "base/buf.h"
#include "base/str.h"

/* A whole text with LF or CRLF line ends; each becomes a CRLF. */
void qp_text(struct buf *out, struct str text);

/* The state between two calls when a text comes in pieces. */
struct qp {
	size_t column;		/* octets on the current line */
};

/* One piece, line ends kept as above; no piece ends between CR and LF. A blank
 * at the end of a piece is encoded, as the next may be empty. */
void qp_piece(struct buf *out, struct qp *qp, struct str piece);

/* A soft line break unless the line is empty: what follows starts at 0. */
void qp_soft(struct buf *out, struct qp *qp);

/* Base64 in lines of 76, each with CRLF. */
void base64_text(struct buf *out, struct str bytes);

#endif
