/* settle_log.c - what a relay's log says of letters: see settle_log_priv.h
 *
 * Memory is that of the letters in doubt, however long the log is: each has
 * one queue id at a time, the latest.
 */
#include "settle_log_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/str.h"

#define POSTFIX_ID STR("message-id=<")
#define EXIM_ID	   STR("id=")

struct reading {
	struct log_letter **sorted;
	size_t count;
	struct log_letter **by_queue; /* chains, of a power of two */
	size_t mask;
};

/* --- a Message-ID's letter ------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
	const struct log_letter *const *x = a;
	const struct log_letter *const *y = b;

	return memcmp((*x)->id, (*y)->id, LETTER_ID_LEN);
}

/* The letter whose id `text` begins with, an '@' behind it; or NULL. */
static struct log_letter *letter_at(const struct reading *r, struct str text)
{
	struct log_letter key, *wanted = &key, **hit;

	if (text.len <= LETTER_ID_LEN || text.at[LETTER_ID_LEN] != '@')
		return NULL;
	memcpy(key.id, text.at, LETTER_ID_LEN);
	hit = bsearch(&wanted, r->sorted, r->count, sizeof(struct log_letter *),
		      by_id);
	return hit ? *hit : NULL;
}

/* --- a queue id's letter --------------------------------------------------- */

static struct log_letter **chain_of(const struct reading *r,
				    struct str queue_id)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < queue_id.len; i++)
		hash = (hash ^ (unsigned char)queue_id.at[i]) * 16777619u;
	return &r->by_queue[hash & r->mask];
}

/* Where the letter that has this queue id hangs; it may be NULL there. */
static struct log_letter **find(const struct reading *r, struct str queue_id)
{
	struct log_letter **at = chain_of(r, queue_id);

	while (*at && !str_eqz(queue_id, (*at)->queue_id))
		at = &(*at)->next;
	return at;
}

/* That queue id is done with: the same may be another letter's next. */
static void forget(const struct reading *r, struct str queue_id)
{
	struct log_letter **at = find(r, queue_id);
	struct log_letter *letter = *at;

	if (!letter)
		return;
	if (letter->active && !letter->refused)
		letter->taken = true;
	*at = letter->next;
	letter->queue_id[0] = 0;
	letter->active = letter->refused = false;
}

static void follow(const struct reading *r, struct log_letter *letter,
		   struct str queue_id)
{
	struct log_letter **chain;

	if (letter->queue_id[0])
		forget(r, str_of(letter->queue_id));
	memcpy(letter->queue_id, queue_id.at, queue_id.len);
	letter->queue_id[queue_id.len] = 0;
	chain = chain_of(r, queue_id);
	letter->next = *chain;
	*chain = letter;
}

/* --- lines ----------------------------------------------------------------- */

static bool has(struct str text, struct str word)
{
	return str_find_str(text, word) >= 0;
}

/* The first status= counts: behind it may stand words of another server. */
static bool is_sent(struct str text)
{
	ptrdiff_t at = str_find_str(text, STR(" status="));

	return at >= 0 &&
	       str_starts(str_skip(text, (size_t)at), STR(" status=sent"));
}

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/* "... postfix/NAME[PID]: QUEUE-ID: WORDS" */
static bool split(struct str line, struct str *queue_id, struct str *words)
{
	ptrdiff_t at = str_find_str(line, STR("]: "));
	size_t n = 0;

	if (at < 0)
		return false;
	line = str_skip(line, (size_t)at + 3);
	while (n < line.len && is_letter_or_digit(line.at[n]))
		n++;
	if (n == 0 || n > QUEUE_ID_MAX ||
	    !str_starts(str_skip(line, n), STR(": ")))
		return false;
	*queue_id = str_head(line, n);
	*words = str_skip(line, n + 2);
	return true;
}

static bool is_refusal(struct str words)
{
	return str_starts(words, STR("reject: ")) ||
	       str_starts(words, STR("milter-reject: ")) ||
	       str_starts(words, STR("discard: ")) ||
	       str_starts(words, STR("milter-discard: "));
}

static void read_queue_line(const struct reading *r, struct str queue_id,
			    struct str words)
{
	struct log_letter *letter;

	if (str_starts(words, POSTFIX_ID)) {
		forget(r, queue_id);
		letter = letter_at(r, str_skip(words, POSTFIX_ID.len));
		if (letter)
			follow(r, letter, queue_id);
		return;
	}
	letter = *find(r, queue_id);
	if (!letter)
		return;
	if (is_refusal(words))
		letter->refused = true;
	else if (is_sent(words) || has(words, STR("(queue active)")))
		letter->active = true;
	else if (str_starts(words, STR("removed")))
		forget(r, queue_id);
}

/* Exim writes the line of an arrival, with "<=" and the Message-ID behind
 * "id=", once it has said that it has the letter. */
static bool is_arrival(struct str line, size_t id_at)
{
	struct str before = str_head(line, id_at);

	return str_ends(before, EXIM_ID) && has(before, STR(" <= "));
}

static void read_other_line(const struct reading *r, struct str line)
{
	bool done = is_sent(line) || has(line, STR(" result=\"Ok\""));

	for (size_t i = LETTER_ID_LEN; i < line.len; i++) {
		size_t id_at = i - LETTER_ID_LEN;
		struct log_letter *letter;

		if (line.at[i] != '@')
			continue;
		letter = letter_at(r, str_skip(line, id_at));
		if (letter && (done || is_arrival(line, id_at)))
			letter->taken = true;
	}
}

static void read_line(const struct reading *r, struct str line)
{
	struct str queue_id, words;

	if (split(line, &queue_id, &words))
		read_queue_line(r, queue_id, words);
	else
		read_other_line(r, line);
}

static void read_lines(const struct reading *r, FILE *log)
{
	char line[LOG_LINE_SHOWN];
	size_t len = 0;
	int c;

	while ((c = getc_unlocked(log)) != EOF) {
		if (c == '\n') {
			read_line(r, str_at(line, len));
			len = 0;
		} else if (len < sizeof(line)) {
			line[len++] = (char)c;
		}
	}
	read_line(r, str_at(line, len));
}

/* --- the log --------------------------------------------------------------- */

static int read_log(const struct reading *r, const char *path, struct err *err)
{
	bool is_stdin = !strcmp(path, "-");
	FILE *log = is_stdin ? stdin : fopen(path, "re");
	int rc = 0;

	if (!log)
		return err_sys(err, "cannot read '%.200s'", path);
	read_lines(r, log);
	if (ferror(log))
		rc = err_sys(err, "cannot read '%.200s'", path);
	if (!is_stdin)
		fclose(log);
	return rc;
}

int settle_log_read(const char *path, struct log_letter **letters, size_t count,
		    struct err *err)
{
	struct reading r = { .sorted = letters, .count = count };
	int rc;

	while (r.mask < count)
		r.mask = 2 * r.mask + 1;
	r.by_queue = die_calloc(r.mask + 1, sizeof(struct log_letter *),
				"queue ids");
	qsort(letters, count, sizeof(struct log_letter *), by_id);
	rc = read_log(&r, path, err);
	for (size_t i = 0; i < count; i++)
		if (letters[i]->queue_id[0])
			forget(&r, str_of(letters[i]->queue_id));
	free(r.by_queue);
	return rc;
}
