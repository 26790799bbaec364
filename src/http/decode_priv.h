/* decode_priv.h - what a client wrote becomes texts, or is refused */
#ifndef HTTP_DECODE_PRIV_H
#define HTTP_DECODE_PRIV_H

#include "http/server.h"

/* Percent-decoded, in `arena`. With `form`, '+' is a blank and line ends and
 * tabs may stand. False: a broken escape, any other control, not UTF-8. */
bool decode_text(struct str raw, bool form, struct arena *arena,
		 struct str *out);

/* "a=1&b=2". 0, or the status to answer with: 400 as above, 413 for more than
 * `most` of them. Empty ones ("&&") do not count. */
int decode_pairs(struct str raw, size_t most, struct arena *arena,
		 struct http_pairs *out);

/* Does the raw `path` match `pattern`? Segments are split first and decoded
 * afterwards, so that an escaped slash stays inside its own. The parameters go
 * to `params`. False also for what cannot be decoded: decode_path_ok() tells.
 */
bool decode_match(const char *pattern, struct str path, struct arena *arena,
		  struct str params[HTTP_PARAMS_MAX]);

/* It begins with a slash, every segment can be decoded, none is "." or "..". */
bool decode_path_ok(struct str path, struct arena *arena);

#endif
