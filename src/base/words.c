/* words.c - gettext's catalogues, read from memory: see base/words.h
 *
 * The form is that of GNU gettext's manual, "The Format of GNU MO Files":
 * seven numbers, then two tables of lengths and offsets. The originals are
 * sorted; of a plural the forms stand one behind the other, a NUL between
 * them; a context stands before its original, U+0004 between.
 */
#include "base/words.h"

#include "base/utf8.h"
#include "words_priv.h"

#define MAGIC	     0x950412deU
#define HEAD_LEN     28
#define ENTRY_LEN    8
#define LANGUAGE_MAX 35 /* RFC 5646 4.4.1 asks for no more */

struct words {
	struct str bytes, language;
	bool big_endian;
	uint32_t count, originals, texts; /* of entries; offsets of tables */
	struct plural plural;
	const struct words *next;
};

/* --- numbers and texts ---------------------------------------------------- */

static uint32_t number_at(const struct words *w, size_t at)
{
	const unsigned char *b = (const unsigned char *)w->bytes.at + at;

	if (w->big_endian)
		return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
		       (uint32_t)b[2] << 8 | b[3];
	return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 |
	       (uint32_t)b[1] << 8 | b[0];
}

/* Entry `i` of a table, checked by words_open(). */
static struct str text_at(const struct words *w, uint32_t table, uint32_t i)
{
	size_t at = table + (size_t)i * ENTRY_LEN;

	return str_at(w->bytes.at + number_at(w, at + 4), number_at(w, at));
}

/* What stands before the first NUL; an original's plural is behind it. */
static struct str first_of(struct str text)
{
	struct str rest;

	return str_cut(text, '\0', &rest);
}

/* --- checking ------------------------------------------------------------- */

static bool table_ok(const struct words *w, uint32_t table)
{
	size_t len = w->bytes.len;

	if (table > len || (len - table) / ENTRY_LEN < w->count)
		return false;
	for (uint32_t i = 0; i < w->count; i++) {
		size_t entry = table + (size_t)i * ENTRY_LEN;
		uint32_t at = number_at(w, entry + 4);

		/* A NUL that its length does not count ends each text. */
		if (at >= len || number_at(w, entry) >= len - at ||
		    w->bytes.at[at + number_at(w, entry)] != '\0' ||
		    !utf8_ok(text_at(w, table, i), NULL))
			return false;
	}
	return true;
}

static bool is_sorted(const struct words *w)
{
	for (uint32_t i = 1; i < w->count; i++)
		if (str_cmp(first_of(text_at(w, w->originals, i - 1)),
			    first_of(text_at(w, w->originals, i))) >= 0)
			return false;
	return true;
}

/* The value of a line of the header, which is the text of "". */
static struct str header_field(const struct words *w, struct str name)
{
	struct str rest = STR_NONE;

	if (w->count > 0 && text_at(w, w->originals, 0).len == 0)
		rest = text_at(w, w->texts, 0);
	while (rest.len > 0) {
		struct str line = str_cut(rest, '\n', &rest);

		if (str_starts(line, name))
			return str_trim(str_skip(line, name.len));
	}
	return STR_NONE;
}

static bool read_plural(struct words *w)
{
	struct str source = header_field(w, STR("Plural-Forms:"));

	if (source.len == 0)
		source = STR("nplurals=2; plural=n != 1;");
	return plural_parse(source, &w->plural);
}

/* A word has one text, a plural one for each form. */
static bool forms_ok(const struct words *w)
{
	for (uint32_t i = 0; i < w->count; i++) {
		struct str original = text_at(w, w->originals, i);
		struct str text = text_at(w, w->texts, i);
		unsigned want = str_find(original, '\0') >= 0 ? w->plural.forms
							      : 1;
		unsigned has = 1;

		for (size_t n = 0; n < text.len; n++)
			has += text.at[n] == '\0';
		if (has != want)
			return false;
	}
	return true;
}

/* What is wrong with it, or NULL. */
static const char *fault_of(struct words *w)
{
	if (w->bytes.len < HEAD_LEN)
		return "it is shorter than a catalogue's head";
	if (number_at(w, 0) != MAGIC)
		w->big_endian = true;
	if (number_at(w, 0) != MAGIC || number_at(w, 4) >> 16 > 1)
		return "it does not begin like one";
	w->count = number_at(w, 8);
	w->originals = number_at(w, 12);
	w->texts = number_at(w, 16);
	if (!table_ok(w, w->originals) || !table_ok(w, w->texts))
		return "an entry leads out of it, or is not UTF-8";
	if (!is_sorted(w))
		return "its entries are not sorted";
	if (!read_plural(w))
		return "its Plural-Forms cannot be computed";
	return forms_ok(w) ? NULL : "an entry has another number of forms";
}

int words_open(const struct words_file *file, const struct words *next,
	       struct arena *arena, const struct words **words_out,
	       struct err *err)
{
	struct words *words = arena_new_of(arena, struct words);
	const char *fault;

	words->bytes = file->bytes;
	words->language = str_of(file->language);
	words->next = next;
	fault = fault_of(words);
	if (fault)
		return err_set(err, ERR_INPUT,
			       "the words for '%s' are no catalogue: %s",
			       file->language, fault);
	*words_out = words;
	return 0;
}

/* --- choosing ------------------------------------------------------------- */

static char plain(char c)
{
	if (c == '_')
		return '-';
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_language(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (plain(a.at[i]) != plain(b.at[i]))
			return false;
	return true;
}

/* "zh-Hant-TW" without its last subtag, "" behind the first. */
static struct str wider(struct str language)
{
	size_t n = language.len;

	while (n > 0 && plain(language.at[n - 1]) != '-')
		n--;
	return str_head(language, n > 0 ? n - 1 : 0);
}

int words_choose(const struct words_file *files, struct str language,
		 struct arena *arena, const struct words **words_out,
		 struct err *err)
{
	const struct words *next = NULL;

	if (language.len > LANGUAGE_MAX)
		language = STR_NONE;
	if (wider(language).len > 0 &&
	    words_choose(files, wider(language), arena, &next, err) < 0)
		return -1;
	*words_out = next;
	for (const struct words_file *f = files; f->language; f++)
		if (same_language(str_of(f->language), language))
			return words_open(f, next, arena, words_out, err);
	return 0;
}

struct str words_language(const struct words *words)
{
	return words ? words->language : STR_NONE;
}

/* --- asking --------------------------------------------------------------- */

/* How CONTEXT, U+0004, ENGLISH compares with an original. */
static int compare(const char *context, const char *english,
		   struct str original)
{
	const struct str parts[] = { str_of(context ? context : ""),
				     context ? STR("\004") : STR_NONE,
				     str_of(english) };

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct str head = str_head(original, parts[i].len);
		int order = str_cmp(parts[i], head);

		if (order != 0)
			return order;
		original = str_skip(original, head.len);
	}
	return original.len > 0 ? -1 : 0;
}

/* The text of one catalogue, or nothing. */
static struct str find(const struct words *w, const char *context,
		       const char *english)
{
	uint32_t low = 0, high = w->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct str original = text_at(w, w->originals, middle);
		int order = compare(context, english, first_of(original));

		if (order == 0)
			return text_at(w, w->texts, middle);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return STR_NONE;
}

struct str words_get(const struct words *words, const char *context,
		     const char *english)
{
	for (; words; words = words->next) {
		struct str text = first_of(find(words, context, english));

		if (text.len > 0)
			return text;
	}
	return str_of(english);
}

/* The text of one form; "" behind the last. */
static struct str form_of(struct str text, unsigned form)
{
	struct str found = str_cut(text, '\0', &text);

	for (; form > 0; form--)
		found = str_cut(text, '\0', &text);
	return found;
}

struct str words_plural(const struct words *words, const char *context,
			const char *one, const char *many, uint64_t n)
{
	for (; words; words = words->next) {
		struct str text = find(words, context, one);
		struct str found;

		/* The word alone, without its plural, has but one form. */
		if (str_find(text, '\0') < 0 && words->plural.forms > 1)
			continue;
		found = form_of(text, plural_form(&words->plural, n));
		if (found.len > 0)
			return found;
	}
	return str_of(n == 1 ? one : many);
}
