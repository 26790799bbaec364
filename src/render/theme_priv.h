/* theme_priv.h - how a letter looks: two palettes and the faces of its text
 *
 * Colours come in pairs, light and dark; a face is a font at a size in a
 * colour. Templates ask for them as {{{theme.ink}}}, {{{theme.ink_dark}}},
 * {{{theme.body}}} and {{{theme.body_link}}}; the article's blocks by number.
 */
#ifndef THEME_PRIV_H
#define THEME_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"
#include "render/template.h"

/* The card is 600 wide with 32 of padding on both sides. */
#define THEME_COLUMN 536

/* No pure black or white: clients that recolour by force leave them alone
 * less often (LETTER 1.4). */
#define THEME_COLOURS(X)                          \
	X(DESK, "desk", "#f2efe9", "#131517")     \
	X(PAPER, "paper", "#fffefb", "#1c1f23")   \
	X(INK, "ink", "#22262b", "#e9e6df")       \
	X(SOFT, "soft", "#5c6066", "#adaaa3")     \
	X(LINK, "link", "#8c3a12", "#f0aa80")     \
	X(LINE, "line", "#e0dacf", "#3b3f45")     \
	X(TINT, "tint", "#f6f2ea", "#262a2f")     \
	X(BAR, "bar", "#c98a5e", "#b8734a")       \
	X(BUTTON, "button", "#8c3a12", "#f0aa80") \
	X(LABEL, "label", "#fffefb", "#1c1f23")

enum theme_colour {
#define X(name, text, light, dark) COLOUR_##name,
	THEME_COLOURS(X)
#undef X
		COLOUR_COUNT
};

/* name, font, size, line height, colour, and what else */
#define THEME_FACES(X)                                                     \
	X(BODY, "body", SANS, 17, 27, INK, "")                             \
	X(BOX, "box", SANS, 16, 25, INK, "")                               \
	X(QUOTE, "quote", SERIF, 18, 29, INK, ";font-style:italic")        \
	X(SMALL, "small", SANS, 14, 22, SOFT, "")                          \
	X(STRONG, "strong", SANS, 16, 24, INK, ";font-weight:bold")        \
	X(H1, "h1", SERIF, 34, 42, INK, ";font-weight:bold")               \
	X(H2, "h2", SERIF, 24, 32, INK, ";font-weight:bold")               \
	X(H3, "h3", SERIF, 20, 28, INK, ";font-weight:bold")               \
	X(H4, "h4", SANS, 17, 26, INK, ";font-weight:bold")                \
	X(DECK, "deck", SERIF, 20, 30, SOFT, "")                           \
	X(NAME, "name", SERIF, 22, 30, INK, ";font-weight:bold")           \
	X(KICKER, "kicker", SANS, 14, 20, LINK,                            \
	  ";font-weight:bold;letter-spacing:1px;text-transform:uppercase") \
	X(CELL, "cell", SANS, 16, 24, INK, "")                             \
	X(FINE, "fine", SANS, 14, 21, INK, "")                             \
	X(CODE, "code", MONO, 14, 22, INK, "")                             \
	X(LABEL, "button_text", SANS, 16, 24, LABEL, ";font-weight:bold")

enum theme_face {
#define X(name, text, font, size, line, colour, more) FACE_##name,
	THEME_FACES(X)
#undef X
		FACE_COUNT
};

struct theme {
	bool rtl;		     /* of the whole letter */
	const char *dir;	     /* "ltr" or "rtl" */
	const char *start, *end;     /* "left" and "right", or the reverse */
	struct str font[FACE_COUNT]; /* font, size and line height */
	struct str text[FACE_COUNT]; /* the same, colour, and what else */
	struct str link[FACE_COUNT]; /* a link in such text */
};

const struct theme *theme_make(bool rtl, struct arena *arena);

/* "#22262b". */
const char *theme_colour(enum theme_colour colour, bool dark);

/* All of it as the map `theme` of a template. */
struct value *theme_value(const struct theme *theme, struct arena *arena);

/* Text and what it stands on, wherever a letter has the two together. */
struct theme_pair {
	enum theme_colour text, ground;
};
const struct theme_pair *theme_pairs(size_t *count_out);

/* WCAG 2.1 contrast of two "#rrggbb": 1 to 21. */
double theme_contrast(const char *a, const char *b);

/* Is text in this language written from right to left? "ar-EG", "he". */
bool theme_is_rtl(struct str language);

#endif
