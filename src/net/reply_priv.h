/* reply_priv.h - a server's reply, read byte by byte (RFC 5321 4.2)
 *
 * Bounded whatever comes: a line is kept to 512 octets, a reply to 100 lines;
 * bare LF is taken for a line end. Pure: how the bytes were cut on their way
 * makes no difference.
 */
#ifndef REPLY_PRIV_H
#define REPLY_PRIV_H

#include <stdbool.h>

#include "base/str.h"
#include "net/smtp.h"

#define REPLY_LINE 512
#define REPLY_LINES 100

struct reply {
	int code;		/* of the finished reply */
	char status[16];
	char text[512];
	/* private */
	char line[REPLY_LINE];
	size_t line_len;
	size_t text_len;
	int lines;
};

enum reply_result { REPLY_MORE, REPLY_DONE, REPLY_BROKEN };

/* Ready for the next reply. */
void reply_reset(struct reply *reply);

/* Take bytes from the front of *bytes until a reply is whole (DONE), they are
 * used up (MORE) or this is no SMTP (BROKEN; text says why). */
enum reply_result reply_feed(struct reply *reply, struct str *bytes);

#endif
