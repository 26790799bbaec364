/* nearest.c - "did you mean ...?": see base/nearest.h */
#include "base/nearest.h"

#define WORD_MAX 64

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Damerau-Levenshtein (optimal string alignment), three rows at a time. */
static size_t distance(struct str a, struct str b)
{
	size_t rows[3][WORD_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *now = rows[i % 3];
		const size_t *last = rows[(i + 2) % 3];
		const size_t *before = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t change = a.at[i - 1] != b.at[j - 1];

			now[j] = least(least(now[j - 1], last[j]) + 1,
				       last[j - 1] + change);
			if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] &&
			    a.at[i - 2] == b.at[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
	}
	return rows[a.len % 3][b.len];
}

struct str nearest(struct str word, const struct str *names, size_t count)
{
	size_t best = word.len / 3 > 1 ? word.len / 3 : 1;
	struct str found = STR_NONE;
	struct str begun = STR_NONE;
	size_t begins = 0;

	if (word.len == 0 || word.len > WORD_MAX)
		return STR_NONE;
	for (size_t i = 0; i < count; i++) {
		size_t d;

		if (names[i].len > WORD_MAX)
			continue;
		if (str_starts(names[i], word)) {
			begun = names[i];
			begins++;
		}
		d = distance(word, names[i]);
		if (d < best || (d == best && found.len == 0)) {
			best = d;
			found = names[i];
		}
	}
	return found.len == 0 && begins == 1 ? begun : found;
}
