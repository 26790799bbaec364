/* trial.h - a letter for looking at: a real one but for whom its links mean
 *
 * It is composed as `send` would, for a subscriber or a sample reader. Only
 * the number in its tokens is nobody's (LETTER_NOBODY): whoever clicks there
 * unsubscribes no one, and what bounces is no one's bounce. The issue's number
 * is 0, as nothing is frozen.
 */
#ifndef DESK_TRIAL_H
#define DESK_TRIAL_H

#include "issue/reader.h"
#include "letter/letter.h"

struct trial;

/* `issue` and `arena` must outlive it. */
int trial_open(const struct issue *issue, const struct seal *seal,
	       struct arena *arena, struct trial **trial_out, struct err *err);
void trial_close(struct trial **trial);

/* The whole message, valid until the next call, as are the LETTER_ROOM bytes
 * in front of it. `number` tells it from others:
 * two of one number have one Message-ID, and programs show them as one. `mark`
 * ("[Test]") goes before its subject; "" for none. */
int trial_letter(struct trial *trial, const struct issue_reader *reader,
		 uint64_t number, const char *mark, int64_t now,
		 struct str *bytes_out, struct err *err);

/* The envelope sender of that letter; valid until the next call. */
struct str trial_sender(struct trial *trial, const struct issue_reader *reader,
			uint64_t number, int64_t now);

/* One part alone, decoded. */
int trial_part(struct trial *trial, const struct issue_reader *reader,
	       enum program_part part, int64_t now, struct buf *out,
	       struct err *err);

#endif
