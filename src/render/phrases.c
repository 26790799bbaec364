/* phrases.c - the fixed words of letters and pages: see phrases_priv.h */
#include "phrases_priv.h"

#include "slot_priv.h"
#include "words.h" /* generated */

#define PHRASE_MAX ((size_t)64 * 1024)

/* Where a phrase stands for translators, and its English; the plural too. */
struct phrase {
	const char *context, *english, *many;
};
#define IN(context, english)           \
	{                              \
		context, english, NULL \
	}
#define IN_PLURAL(context, english, many) \
	{                                 \
		context, english, many    \
	}

static const struct phrase words_table[] = {
#define X(name, key, context, english) IN(context, english),
	WORDS(X)
#undef X
};

static const struct phrase months[] = {
	IN("month in a date", "January"),   IN("month in a date", "February"),
	IN("month in a date", "March"),	    IN("month in a date", "April"),
	IN("month in a date", "May"),	    IN("month in a date", "June"),
	IN("month in a date", "July"),	    IN("month in a date", "August"),
	IN("month in a date", "September"), IN("month in a date", "October"),
	IN("month in a date", "November"),  IN("month in a date", "December"),
};

/* --- asking --------------------------------------------------------------- */

static struct str ask(const struct words *words, const struct phrase *phrase)
{
	return words_get(words, phrase->context, phrase->english);
}

struct str letter_lang(const struct render_input *input)
{
	struct str lang = input->article->lang;

	if (lang.len == 0)
		lang = input->publication.language;
	return lang.len > 0 ? lang : STR("en");
}

/* Where Chinese is written in traditional characters, its tag rarely says. */
static struct str with_script(struct str language)
{
	static const struct str places[] = { STR("zh-TW"), STR("zh-HK"),
					     STR("zh-MO") };

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (str_eq_nocase(language, places[i]))
			return STR("zh-Hant");
	return language;
}

void letter_language(struct letter *letter, struct str language)
{
	language = with_script(language);
	if (words_choose(word_files, language, letter->arena, &letter->words,
			 letter->err) < 0)
		letter_fail(letter);
}

struct str letter_word(const struct letter *letter, enum word word)
{
	return ask(letter->words, &words_table[word]);
}

/* --- values in braces ----------------------------------------------------- */

struct filling {
	const char *name;
	struct str text;
};

/* What stands before the next brace that holds a name; it goes to `name_out`,
 * or STR_NONE at the end. */
static struct str next_piece(struct str *phrase, struct str *name_out)
{
	struct str piece = str_cut(*phrase, '{', phrase);

	*name_out = str_cut(*phrase, '}', phrase);
	return piece;
}

static struct str filled(const struct filling *fillings, struct str name)
{
	for (; fillings->name; fillings++)
		if (str_eqz(name, fillings->name))
			return fillings->text;
	return STR_NONE;
}

/* `fillings` end with one without a name. */
static struct str fill(struct arena *arena, struct str phrase,
		       const struct filling *fillings)
{
	struct str result;
	struct buf out;

	buf_init(&out, PHRASE_MAX);
	while (phrase.len > 0) {
		struct str name;

		buf_add(&out, next_piece(&phrase, &name));
		buf_add(&out, filled(fillings, name));
	}
	result = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return result;
}

/* A name that runs from the left, in words that do not, must not carry the
 * signs around it along: it stands isolated (U+2068, U+2069). */
static struct str isolated(const struct letter *letter, struct str text)
{
	if (!theme_is_rtl(words_language(letter->words)) ||
	    text_direction(text) != 0)
		return text;
	return arena_fmt(letter->arena, "\xe2\x81\xa8" STR_FMT "\xe2\x81\xa9",
			 STR_ARG(text));
}

static struct str fill_one(const struct letter *letter,
			   const struct phrase *phrase, const char *name,
			   struct str text)
{
	const struct filling fillings[] = { { name, text },
					    { NULL, STR_NONE } };

	return fill(letter->arena, ask(letter->words, phrase), fillings);
}

/* --- phrases -------------------------------------------------------------- */

static struct str joined(const struct letter *letter, struct str all,
			 struct str name, bool ends)
{
	static const struct phrase comma = IN("list", "{first}, {next}");
	static const struct phrase last = IN("list", "{first} and {last}");
	const struct filling fillings[] = {
		{ "first", all },
		{ ends ? "last" : "next", name },
		{ NULL, STR_NONE },
	};

	return fill(letter->arena, ask(letter->words, ends ? &last : &comma),
		    fillings);
}

struct str phrase_authors(const struct letter *letter)
{
	const struct render_author *authors = letter->input->authors;
	size_t count = letter->input->author_count;
	struct str all = count > 0 ? isolated(letter, authors[0].name)
				   : STR_NONE;

	for (size_t i = 1; i < count; i++)
		all = joined(letter, all, isolated(letter, authors[i].name),
			     i + 1 == count);
	return all;
}

struct str phrase_by(const struct letter *letter)
{
	static const struct phrase by = IN("authors", "By {names}");
	struct str names = phrase_authors(letter);

	return names.len > 0 ? fill_one(letter, &by, "names", names) : STR_NONE;
}

struct str phrase_minutes(const struct letter *letter, int minutes)
{
	static const struct phrase read = IN_PLURAL(
		"time to read", "{minutes} min read", "{minutes} min read");
	const struct filling fillings[] = {
		{ "minutes", arena_fmt(letter->arena, "%d", minutes) },
		{ NULL, STR_NONE },
	};

	return fill(letter->arena,
		    words_plural(letter->words, read.context, read.english,
				 read.many, (uint64_t)minutes),
		    fillings);
}

struct str phrase_rights(const struct letter *letter)
{
	/* translators: it begins with a line such as "(c) 2026 The Press". */
	static const struct phrase rights = IN(
		"footer", "{copyright}. All rights reserved.");
	const struct render_input *input = letter->input;
	struct str who = input->publication.copyright;

	if (who.len == 0)
		who = input->publication.name;
	/* "Press Ltd." brings its own full stop. */
	if (str_ends(who, STR(".")))
		who.len--;
	return fill_one(letter, &rights, "copyright",
			arena_fmt(letter->arena, "© %d " STR_FMT,
				  input->date.year,
				  STR_ARG(isolated(letter, who))));
}

struct str phrase_about(const struct letter *letter, struct str name)
{
	static const struct phrase about = IN("author", "About {name}");

	return fill_one(letter, &about, "name", isolated(letter, name));
}

static const struct phrase label_alone = IN("label", "{label}:");
static const struct phrase label_before = IN("label", "{label}: {text}");

struct str phrase_label(const struct letter *letter, struct str label,
			struct str text)
{
	const struct filling fillings[] = {
		{ "label", label },
		{ "text", text },
		{ NULL, STR_NONE },
	};

	return fill(
		letter->arena,
		ask(letter->words, text.len > 0 ? &label_before : &label_alone),
		fillings);
}

struct draft *phrase_label_draft(const struct letter *letter,
				 const struct draft *label,
				 const struct draft *text)
{
	struct draft *draft = draft_new(letter->arena);
	struct str phrase = ask(letter->words,
				text ? &label_before : &label_alone);

	while (phrase.len > 0) {
		struct str name;

		draft_text(draft, next_piece(&phrase, &name));
		if (str_eqz(name, "label"))
			draft_append(draft, label);
		else if (str_eqz(name, "text") && text)
			draft_append(draft, text);
	}
	return draft;
}

/* --- dates ---------------------------------------------------------------- */

struct str phrase_month(const struct words *words, int month)
{
	return month >= 1 && month <= 12 ? ask(words, &months[month - 1])
					 : STR_NONE;
}

struct str phrase_date_pattern(const struct words *words, bool first)
{
	/* translators: the number is the day: "1er mai", but "2 mai". */
	static const struct phrase date = IN_PLURAL(
		"date", "{day} {month} {year}", "{day} {month} {year}");

	return words_plural(words, date.context, date.english, date.many,
			    first ? 1 : 100);
}

struct str phrase_date(const struct words *words, struct date date,
		       struct arena *arena)
{
	const struct filling fillings[] = {
		{ "day", arena_fmt(arena, "%d", date.day) },
		{ "month", phrase_month(words, date.month) },
		{ "year", arena_fmt(arena, "%d", date.year) },
		{ NULL, STR_NONE },
	};

	return fill(arena, phrase_date_pattern(words, date.day == 1), fillings);
}

/* --- why a reader gets it ------------------------------------------------- */

static void add_text(const struct letter *letter, struct str text,
		     struct draft *draft)
{
	bool plain = strcmp(letter->medium, "text") == 0;

	draft_text(draft,
		   plain ? text : slot_escaped(text, SLOT_HTML, letter->arena));
}

/* An address runs from the left; in words that do not, it stands isolated
 * (U+2066, U+2069), or the full stop behind it would end up before it. */
static void add_address(const struct letter *letter, struct draft *draft)
{
	bool plain = strcmp(letter->medium, "text") == 0;
	bool turned = theme_is_rtl(words_language(letter->words));

	draft_text(draft, turned ? STR("\xe2\x81\xa6") : STR_NONE);
	draft_slot(draft, FIELD_EMAIL, plain ? SLOT_TEXT : SLOT_HTML,
		   FILTER_NONE, STR_NONE);
	draft_text(draft, turned ? STR("\xe2\x81\xa9") : STR_NONE);
}

struct str phrase_reason(const struct letter *letter)
{
	static const struct phrase subscribed = IN("behind 'because'",
						   "you subscribed to {list}");
	struct str reason = str_trim(letter->input->list.description);

	if (str_ends(reason, STR(".")))
		reason.len--;
	if (reason.len > 0)
		return reason;
	return fill_one(letter, &subscribed, "list",
			isolated(letter, letter->input->list.title));
}

struct draft *phrase_why(struct letter *letter)
{
	static const struct phrase why = IN(
		"footer", "You get this at {address} because {reason}.");
	struct draft *draft = draft_new(letter->arena);
	struct str phrase = ask(letter->words, &why);

	while (phrase.len > 0) {
		struct str name;

		add_text(letter, next_piece(&phrase, &name), draft);
		if (str_eqz(name, "address"))
			add_address(letter, draft);
		else if (str_eqz(name, "reason"))
			add_text(letter,
				 isolated(letter, phrase_reason(letter)),
				 draft);
	}
	return draft;
}
