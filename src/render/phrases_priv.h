/* phrases_priv.h - what letters and pages say of their own, in their language
 *
 * The English stands here; templates/words has it in other languages. Words
 * are asked for by templates as {{words.NAME}}, in C as letter_word(). Values
 * stand in braces, so that a translation may put them where its grammar wants
 * them. `make words` brings what is changed here into the catalogues.
 */
#ifndef PHRASES_PRIV_H
#define PHRASES_PRIV_H

#include "base/time.h"
#include "base/words.h"
#include "letter_priv.h"

/* name, key in templates, context for translators, English */
#define WORDS(WORD)							\
	/* below the letter */						\
	WORD(UNSUBSCRIBE, "unsubscribe", "link", "Unsubscribe")		\
	WORD(PREFERENCES, "preferences", "link", "Preferences")		\
	WORD(VIEW, "view", "link", "View in browser")			\
	/* boxes in the article */					\
	WORD(NOTE, "note", "label of a box", "Note")			\
	WORD(TIP, "tip", "label of a box", "Tip")			\
	WORD(WARNING, "warning", "label of a box", "Warning")		\
	WORD(SPONSOR, "sponsor", "label of a box", "Sponsored")		\
	WORD(CONTENTS, "contents", "heading", "In this issue")		\
	WORD(NOTES, "notes", "heading", "Notes")			\
	WORD(SHARE, "share", "button", "Share")				\
	WORD(SUBSCRIBE, "subscribe", "button", "Subscribe")		\
	WORD(WATCH, "watch", "button", "Watch")				\
	WORD(LISTEN, "listen", "button", "Listen")			\
	WORD(READ_ON, "read_on", "button", "Read on")			\
	WORD(EMAIL, "email", "to share by", "E-mail")			\
	WORD(BACK, "back", "link from a note", "Back to the text")	\
	WORD(IMAGE, "image", "in place of a picture", "Image")		\
	WORD(TOPIC, "topic", "label", "Topic")				\
	/* the page on the web */					\
	WORD(SKIP, "skip", "link", "Skip to the text")			\
	WORD(ARCHIVE, "archive", "link", "Archive")			\
	WORD(BY_MAIL, "by_mail", "below a question",			\
	     "Answers are given from the letter itself.")		\
	WORD(PREVIOUS, "previous", "link", "Previous issue")		\
	WORD(NEXT, "next", "link", "Next issue")

enum word {
#define X(name, key, context, english) WORD_##name,
	WORDS(X)
#undef X
	WORD_COUNT
};

/* Choose the catalogue for the letter's language: once, before all else. */
void letter_language(struct letter *letter, struct str language);

/* The letter's own language, or the publication's; "en" where neither says. */
struct str letter_lang(const struct render_input *input);

struct str letter_word(const struct letter *letter, enum word word);

/* --- phrases with values -------------------------------------------------- */

/* The names of the article's authors: "A, B and C". */
struct str phrase_authors(const struct letter *letter);

/* "By A, B and C"; "" where nobody is named. */
struct str phrase_by(const struct letter *letter);

/* "3 min read" */
struct str phrase_minutes(const struct letter *letter, int minutes);

/* "© 2026 Salt Road Press. All rights reserved." */
struct str phrase_rights(const struct letter *letter);

/* "About Mara Okonjo" */
struct str phrase_about(const struct letter *letter, struct str name);

/* "Topic: climate"; without a text "Topic:". */
struct str phrase_label(const struct letter *letter, struct str label,
			struct str text);

/* The same of drafts; `text` may be NULL. */
struct draft *phrase_label_draft(const struct letter *letter,
				 const struct draft *label,
				 const struct draft *text);

/* "22 May 2026" in the order and with the names of a language; `words` may be
 * NULL. */
struct str phrase_date(const struct words *words, struct date date,
		       struct arena *arena);

/* "May", as it stands in such a date. */
struct str phrase_month(const struct words *words, int month);

/* "{day} {month} {year}", the braces still in it: for dates that are known
 * for each reader only. Some languages write the first of a month apart. */
struct str phrase_date_pattern(const struct words *words, bool first);

/* Why a reader gets it, in the list's own words or "you subscribed to Salt
 * Road Weekly"; without a full stop. */
struct str phrase_reason(const struct letter *letter);

/* "You get this at ADDRESS because REASON.", the address a slot; escaped for
 * what letter->medium is. */
struct draft *phrase_why(struct letter *letter);

#endif
