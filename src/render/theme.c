/* theme.c - the letter's look: see theme_priv.h */
#include <math.h>

#include "theme_priv.h"

enum font { SANS, SERIF, MONO };

/* Single quotes, since they stand inside style attributes. */
#define SANS_STACK                                            \
	"-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto," \
	"Helvetica,Arial,sans-serif"
static const char *const fonts[] = {
	[SANS] = SANS_STACK,
	[SERIF] = "Georgia,'Times New Roman',serif",
	[MONO] = "Menlo,Consolas,'Courier New',monospace",
};

static const struct {
	const char *name, *light, *dark;
} colours[] = {
#define X(name, text, light, dark) [COLOUR_##name] = { text, light, dark },
	THEME_COLOURS(X)
#undef X
};

static const struct {
	const char *name;
	enum font font;
	int size, line; /* px */
	enum theme_colour colour;
	const char *more;
} faces[] = {
#define X(name, text, font, size, line, colour, more) \
	[FACE_##name] = { text, font, size, line, COLOUR_##colour, more },
	THEME_FACES(X)
#undef X
};

static const struct theme_pair pairs[] = {
	{ COLOUR_INK, COLOUR_PAPER },	 { COLOUR_SOFT, COLOUR_PAPER },
	{ COLOUR_LINK, COLOUR_PAPER },	 { COLOUR_INK, COLOUR_TINT },
	{ COLOUR_SOFT, COLOUR_TINT },	 { COLOUR_LINK, COLOUR_TINT },
	{ COLOUR_SOFT, COLOUR_DESK },	 { COLOUR_LINK, COLOUR_DESK },
	{ COLOUR_LABEL, COLOUR_BUTTON },
};

const char *theme_colour(enum theme_colour colour, bool dark)
{
	return dark ? colours[colour].dark : colours[colour].light;
}

const struct theme_pair *theme_pairs(size_t *count_out)
{
	*count_out = sizeof(pairs) / sizeof(*pairs);
	return pairs;
}

static void make_face(struct theme *theme, enum theme_face face,
		      struct arena *arena)
{
	struct str font = arena_fmt(arena,
				    "font-family:%s;font-size:%dpx;"
				    "line-height:%dpx",
				    fonts[faces[face].font], faces[face].size,
				    faces[face].line);

	theme->font[face] = font;
	theme->text[face] = arena_fmt(
		arena, STR_FMT ";color:%s%s", STR_ARG(font),
		colours[faces[face].colour].light, faces[face].more);
	theme->link[face] = arena_fmt(
		arena, STR_FMT ";color:%s;text-decoration:underline%s",
		STR_ARG(font), colours[COLOUR_LINK].light, faces[face].more);
}

const struct theme *theme_make(bool rtl, struct arena *arena)
{
	struct theme *theme = arena_new_of(arena, struct theme);

	theme->rtl = rtl;
	theme->dir = rtl ? "rtl" : "ltr";
	theme->start = rtl ? "right" : "left";
	theme->end = rtl ? "left" : "right";
	for (int i = 0; i < FACE_COUNT; i++)
		make_face(theme, (enum theme_face)i, arena);
	return theme;
}

/* --- for templates -------------------------------------------------------- */

static void set(struct value *map, struct arena *arena, const char *name,
		const char *suffix, struct str text)
{
	struct str full = arena_fmt(arena, "%s%s", name, suffix);

	value_set(map, arena, full.at, value_text(arena, text));
}

struct value *theme_value(const struct theme *theme, struct arena *arena)
{
	struct value *map = value_map(arena);

	set(map, arena, "dir", "", str_of(theme->dir));
	set(map, arena, "start", "", str_of(theme->start));
	set(map, arena, "end", "", str_of(theme->end));
	set(map, arena, "sans", "", str_of(fonts[SANS]));
	set(map, arena, "serif", "", str_of(fonts[SERIF]));
	set(map, arena, "mono", "", str_of(fonts[MONO]));
	for (int i = 0; i < COLOUR_COUNT; i++) {
		set(map, arena, colours[i].name, "", str_of(colours[i].light));
		set(map, arena, colours[i].name, "_dark",
		    str_of(colours[i].dark));
	}
	for (int i = 0; i < FACE_COUNT; i++) {
		set(map, arena, faces[i].name, "", theme->text[i]);
		set(map, arena, faces[i].name, "_font", theme->font[i]);
		set(map, arena, faces[i].name, "_link", theme->link[i]);
	}
	return map;
}

/* --- contrast ------------------------------------------------------------- */

static int hex(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* Relative luminance of sRGB (WCAG 2.1). */
static double luminance(const char *colour)
{
	static const double weight[] = { 0.2126, 0.7152, 0.0722 };
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		const char *digits = colour + 1 + 2 * i;
		double c = (hex(digits[0]) * 16 + hex(digits[1])) / 255.0;

		c = c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
		sum += weight[i] * c;
	}
	return sum;
}

double theme_contrast(const char *a, const char *b)
{
	double x = luminance(a);
	double y = luminance(b);

	return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

/* --- direction ------------------------------------------------------------ */

bool theme_is_rtl(struct str language)
{
	static const struct str rtl[] = {
		STR("ar"), STR("fa"), STR("he"),  STR("iw"),
		STR("ur"), STR("ps"), STR("sd"),  STR("ug"),
		STR("yi"), STR("dv"), STR("ckb"),
	};
	struct str rest;
	struct str base = str_cut(language, '-', &rest);

	for (size_t i = 0; i < sizeof(rtl) / sizeof(*rtl); i++)
		if (str_eq_nocase(base, rtl[i]))
			return true;
	return false;
}
