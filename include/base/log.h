/* log.h - one line per event, `level event key=value ...`, to stderr
 *
 * Values are quoted when needed, control characters and what is not UTF-8
 * escaped, long values end in "...". At info and above no line carries an
 * address, a token or a secret: ids lead to them.
 * Safe from any thread; a line is written in one piece.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdint.h>

#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Lines below `level` are dropped. Default: LOG_WARN. */
void log_level(enum log_level level);

struct log_field { const char *key; struct str text; };

#define LOG_TEXT(key_, text_) ((struct log_field){ (key_), (text_) })

/* `number_text` needs 24 bytes; for use inside a call's argument list. */
struct log_field log_int(const char *key, int64_t number, char number_text[24]);

/* Write one line; `fields` may be NULL when `count` is 0. */
void log_event(enum log_level level, const char *event,
	       const struct log_field *fields, size_t count);

#endif
