/* base_words_rig.h - catalogues made by hand, of either byte order */
#ifndef BASE_WORDS_RIG_H
#define BASE_WORDS_RIG_H

#include "base_rig.h"

#include "base/buf.h"
#include "base/words.h"

struct entry {
	struct str english, text;
};

/* Where the tables stand in what mo_make() makes. */
#define MO_ORIGINALS 28

static inline void mo_number(struct buf *out, uint32_t n, bool big)
{
	for (int i = 0; i < 4; i++)
		buf_byte(out, (char)(n >> 8 * (big ? 3 - i : i) & 255));
}

static inline void mo_table(struct buf *out, const struct entry *entries,
			    size_t count, bool texts, uint32_t at, bool big)
{
	for (size_t i = 0; i < count; i++) {
		struct str s = texts ? entries[i].text : entries[i].english;

		mo_number(out, (uint32_t)s.len, big);
		mo_number(out, at, big);
		at += (uint32_t)s.len + 1;
	}
}

/* As msgfmt would write it; `entries` must be sorted. */
static inline struct str mo_make(struct arena *arena,
				 const struct entry *entries, size_t count,
				 bool big)
{
	uint32_t texts = MO_ORIGINALS + 8 * (uint32_t)count;
	uint32_t at = texts + 8 * (uint32_t)count, between = 0;
	struct buf out;
	struct str result;

	buf_init(&out, 1 << 20);
	for (size_t i = 0; i < count; i++)
		between += (uint32_t)entries[i].english.len + 1;
	mo_number(&out, 0x950412deU, big);
	mo_number(&out, 0, big);
	mo_number(&out, (uint32_t)count, big);
	mo_number(&out, MO_ORIGINALS, big);
	mo_number(&out, texts, big);
	mo_number(&out, 0, big);
	mo_number(&out, at, big);
	mo_table(&out, entries, count, false, at, big);
	mo_table(&out, entries, count, true, at + between, big);
	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < count; i++) {
			buf_add(&out,
				side ? entries[i].text : entries[i].english);
			buf_byte(&out, 0);
		}
	result = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return result;
}

#define ENTRY(english, text)            \
	{                               \
		STR(english), STR(text) \
	}
#define HEADER(plural)                                        \
	ENTRY("", "Content-Type: text/plain; charset=UTF-8\n" \
		  "Plural-Forms: " plural "\n")

#endif
