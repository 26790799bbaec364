/* words.h - fixed words in other languages, from gettext's catalogues
 *
 * A catalogue is what msgfmt makes of a .po file. We read it ourselves: the
 * C library's gettext() knows one language for the whole process, and a letter
 * has its own. Words that a catalogue lacks are asked of the next one of its
 * chain, pt-BR and then pt; behind the last stands the English of the caller.
 */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct words;			/* one catalogue and what it falls back to */

struct words_file {
	const char *language;	/* "pt_BR"; NULL ends a table of them */
	struct str bytes;
};

/* Check a catalogue of either byte order, whoever made it; `next` is asked for
 * what it lacks and may be NULL. ERR_INPUT when a number in it leads nowhere,
 * its words are not UTF-8 or its plural forms are not to be computed. `file`
 * must outlive what is made, which lives in `arena`. */
int words_open(const struct words_file *file, const struct words *next,
	       struct arena *arena, const struct words **words_out,
	       struct err *err);

/* The chain for `language` ("pt-BR") out of a table; NULL when no catalogue
 * speaks it. "PT_br" is the same language. */
int words_choose(const struct words_file *files, struct str language,
		 struct arena *arena, const struct words **words_out,
		 struct err *err);

/* The language of the first catalogue as its file names it, or "". */
struct str words_language(const struct words *words);

/* The words for `english` in `context` (msgctxt; NULL for none); `english`
 * itself when nobody knows better. `words` may be NULL. */
struct str words_get(const struct words *words, const char *context,
		     const char *english);

/* The same where the number `n` decides the form. */
struct str words_plural(const struct words *words, const char *context,
			const char *one, const char *many, uint64_t n);

#endif
