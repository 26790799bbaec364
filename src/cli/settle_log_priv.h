/* settle_log_priv.h - which letters in doubt a relay's log says were taken
 *
 * Postfix writes a letter's Message-ID with its queue id before it decides;
 * there what it says of that queue id afterwards counts. Of other programs a
 * line counts that names the Message-ID and says that it was taken.
 */
#ifndef CLI_SETTLE_LOG_PRIV_H
#define CLI_SETTLE_LOG_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define LETTER_ID_LEN  32
#define QUEUE_ID_MAX   32
#define LOG_LINE_SHOWN 8192 /* what stands further right is not looked at */

struct log_letter {
	char id[LETTER_ID_LEN + 1]; /* left side of its Message-ID */
	bool taken;
	/* private: the queue id it has now, and what was said of that */
	char queue_id[QUEUE_ID_MAX + 1];
	bool active, refused;
	struct log_letter *next;
};

/* Read the log, "-" for standard input, once and line by line; `letters` is
 * sorted on the way. ERR_MISSING, ERR_IO; some may be `taken` all the same. */
int settle_log_read(const char *path, struct log_letter **letters, size_t count,
		    struct err *err);

#endif
