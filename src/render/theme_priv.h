/* theme_priv.h - how a letter looks: two palettes and the faces of its text
 *
 * A theme is data: templates/themes/NAME.yaml, where a publication's own
 * templates/theme.yaml may say some of it anew. Colours come in pairs, light
 * and dark; a face is a font at a size in a colour. Templates ask for them as
 * {{theme.ink}}, {{theme.ink_dark}}, {{{theme.body}}} and
 * {{{theme.body_link}}}; the article's blocks by number.
 */
#ifndef THEME_PRIV_H
#define THEME_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "render/template.h"

/* name, what it is for; grounds first, each text says what it may stand on */
#define THEME_COLOURS(X)            \
	X(DESK, "desk")             \
	X(PAPER, "paper")           \
	X(TINT, "tint")             \
	X(INFO, "info")             \
	X(TIP, "tip")               \
	X(WARNING, "warning")       \
	X(MAST, "masthead")         \
	X(BUTTON, "button")         \
	X(LINE, "line")             \
	X(BAR, "bar")               \
	X(INK, "ink")               \
	X(SOFT, "soft")             \
	X(LINK, "link")             \
	X(LABEL, "label")           \
	X(MAST_INK, "masthead_ink") \
	X(INFO_MARK, "info_mark")   \
	X(TIP_MARK, "tip_mark")     \
	X(WARNING_MARK, "warning_mark")

enum theme_colour {
#define X(name, text) COLOUR_##name,
	THEME_COLOURS(X)
#undef X
		COLOUR_COUNT
};

#define THEME_FACES(X)      \
	X(BODY, "body")     \
	X(BOX, "box")       \
	X(QUOTE, "quote")   \
	X(PULL, "pull")     \
	X(SMALL, "small")   \
	X(STRONG, "strong") \
	X(H1, "h1")         \
	X(H2, "h2")         \
	X(H3, "h3")         \
	X(H4, "h4")         \
	X(CARD, "card")     \
	X(DECK, "deck")     \
	X(NAME, "name")     \
	X(KICKER, "kicker") \
	X(CELL, "cell")     \
	X(FINE, "fine")     \
	X(CODE, "code")     \
	X(LABEL, "button_text")

enum theme_face {
#define X(name, text) FACE_##name,
	THEME_FACES(X)
#undef X
		FACE_COUNT
};

enum theme_font { FONT_TEXT, FONT_HEAD, FONT_META, FONT_CODE, FONT_COUNT };

/* Where a token was said: for what is wrong with it in the end. */
struct theme_place {
	const char *file;
	int line, column;
};

/* As read, before any of it is written as CSS. */
struct theme_face_tokens {
	enum theme_font font;
	enum theme_colour colour;
	int size, line;		    /* px */
	int phone_size, phone_line; /* the same on phones, or 0 */
	int spacing;		    /* tenths of a px between letters */
	bool bold, italic, upper;
	struct theme_place place;
};

struct theme_tint { /* "#rrggbb", "" until it is said or derived */
	char rgb[8];
	struct theme_place place;
};

struct theme_tokens {
	struct theme_tint light[COLOUR_COUNT], dark[COLOUR_COUNT];
	struct str font[FONT_COUNT]; /* a stack, quotes and all */
	struct theme_face_tokens face[FACE_COUNT];
	int width;    /* px of the letter */
	int padding;  /* px at its sides */
	int radius;   /* px of corners */
	int gap;      /* px below a paragraph */
	bool centred; /* buttons, captions and the like */
	bool hero;    /* a picture at the start stands at the top */
};

struct theme {
	const char *name;
	struct theme_tokens tokens;
	int column;		     /* px for the text */
	bool rtl;		     /* of the whole letter */
	bool upright;		     /* its script knows no italics */
	const char *dir;	     /* "ltr" or "rtl" */
	const char *start, *end;     /* "left" and "right", or the reverse */
	struct str font[FACE_COUNT]; /* font, size and line height */
	struct str text[FACE_COUNT]; /* the same, colour, and what else */
	struct str link[FACE_COUNT]; /* a link in such text */
};

/* Theme `name` for a letter in `language`, with what the publication in `dir`
 * says anew. ERR_CONFIG with file, line and a cure for a theme that is not
 * there, a token nobody knows, a value that is none, and colours too alike to
 * be read (below 4.5:1). */
int theme_load(const char *dir, struct str name, struct str language,
	       struct arena *arena, const struct theme **theme_out,
	       struct err *err);

/* "#22262b". */
const char *theme_colour(const struct theme *theme, enum theme_colour colour,
			 bool dark);

/* The class that gives text in a face its colour in the dark. */
const char *theme_class(const struct theme *theme, enum theme_face face);

/* All of it as the map `theme` of a template. */
struct value *theme_value(const struct theme *theme, struct arena *arena);

/* Is text in this language written from right to left? "ar-EG", "he". */
bool theme_is_rtl(struct str language);

/* --- reading (theme_read.c) ----------------------------------------------- */

/* Say the tokens in `text` anew. `dir` is where a wrong one is to be mended:
 * `file` makes the place. */
int theme_read(struct theme_tokens *tokens, struct str text, const char *file,
	       struct arena *arena, struct err *err);

const char *theme_colour_name(enum theme_colour colour);
const char *theme_face_name(enum theme_face face);

/* --- colours (theme_colour.c) --------------------------------------------- */

/* What was not said: the dark twins, and labels that can be read. */
void theme_derive(struct theme_tokens *tokens);

/* Can all text be read, by day and by night? */
int theme_check(const struct theme_tokens *tokens, struct err *err);

/* WCAG 2.1 contrast of two "#rrggbb": 1 to 21. */
double theme_contrast(const char *a, const char *b);

/* --- fonts (theme_font.c) ------------------------------------------------- */

/* Does the language have letters of its own height, and no italics? */
bool theme_is_cjk(struct str language);

/* A family of the stack for Outlook with the Word engine, which takes Times
 * when it does not know the first one; "" when it does. */
struct str theme_word_family(struct str stack);

/* The stack with families for the language before its last, generic one. */
struct str theme_stack(struct str stack, struct str language,
		       struct arena *arena);

#endif
