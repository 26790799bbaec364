/* theme_colour.c - colours of a theme: twins for the dark, and whether text
 * can be read on its ground */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "theme_priv.h"

#define CONTRAST_MIN 4.5 /* WCAG 2.1, 1.4.3 */

/* Text and what it stands on, wherever a letter has the two together. */
struct pair {
	enum theme_colour text, ground;
};

static const struct pair pairs[] = {
	{ COLOUR_INK, COLOUR_PAPER },
	{ COLOUR_INK, COLOUR_DESK },
	{ COLOUR_INK, COLOUR_TINT },
	{ COLOUR_INK, COLOUR_INFO },
	{ COLOUR_INK, COLOUR_TIP },
	{ COLOUR_INK, COLOUR_WARNING },
	{ COLOUR_SOFT, COLOUR_PAPER },
	{ COLOUR_SOFT, COLOUR_DESK },
	{ COLOUR_SOFT, COLOUR_TINT },
	{ COLOUR_SOFT, COLOUR_INFO },
	{ COLOUR_SOFT, COLOUR_TIP },
	{ COLOUR_SOFT, COLOUR_WARNING },
	{ COLOUR_LINK, COLOUR_PAPER },
	{ COLOUR_LINK, COLOUR_DESK },
	{ COLOUR_LINK, COLOUR_TINT },
	{ COLOUR_LINK, COLOUR_INFO },
	{ COLOUR_LINK, COLOUR_TIP },
	{ COLOUR_LINK, COLOUR_WARNING },
	{ COLOUR_INFO_MARK, COLOUR_INFO },
	{ COLOUR_TIP_MARK, COLOUR_TIP },
	{ COLOUR_WARNING_MARK, COLOUR_WARNING },
	{ COLOUR_MAST_INK, COLOUR_MAST },
	{ COLOUR_LABEL, COLOUR_BUTTON },
};
#define PAIRS (sizeof(pairs) / sizeof(*pairs))

/* --- numbers -------------------------------------------------------------- */

struct rgb {
	double c[3]; /* 0 to 1 */
};

static int hex(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static struct rgb read_rgb(const char *text)
{
	struct rgb rgb;

	for (int i = 0; i < 3; i++)
		rgb.c[i] = (hex(text[1 + 2 * i]) * 16 + hex(text[2 + 2 * i])) /
			   255.0;
	return rgb;
}

static void write_rgb(struct rgb rgb, char out[8])
{
	snprintf(out, 8, "#%02x%02x%02x",
		 (unsigned)lround(rgb.c[0] * 255) & 0xff,
		 (unsigned)lround(rgb.c[1] * 255) & 0xff,
		 (unsigned)lround(rgb.c[2] * 255) & 0xff);
}

/* Relative luminance of sRGB (WCAG 2.1). */
static double luminance(struct rgb rgb)
{
	static const double weight[] = { 0.2126, 0.7152, 0.0722 };
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double c = rgb.c[i];

		c = c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
		sum += weight[i] * c;
	}
	return sum;
}

double theme_contrast(const char *a, const char *b)
{
	double x = luminance(read_rgb(a));
	double y = luminance(read_rgb(b));

	return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

/* `part` of b in a. */
static struct rgb mixed(struct rgb a, struct rgb b, double part)
{
	for (int i = 0; i < 3; i++)
		a.c[i] += (b.c[i] - a.c[i]) * part;
	return a;
}

static double lightness(struct rgb rgb)
{
	double high = fmax(rgb.c[0], fmax(rgb.c[1], rgb.c[2]));
	double low = fmin(rgb.c[0], fmin(rgb.c[1], rgb.c[2]));

	return (high + low) / 2;
}

/* The same hue as light as `target`: mixed with white or black. */
static struct rgb as_light_as(struct rgb rgb, double target)
{
	static const struct rgb white = { { 1, 1, 1 } };
	static const struct rgb black = { { 0, 0, 0 } };
	double now = lightness(rgb);

	if (target > now)
		return mixed(rgb, white, (target - now) / (1 - now));
	return mixed(rgb, black, now > 0 ? (now - target) / now : 0);
}

/* --- deriving ------------------------------------------------------------- */

/* How light a twin is in the dark; grounds are made of the paper's. */
static const struct {
	enum theme_colour colour, of;
	double light; /* of its own hue, or 0 */
	double part;  /* of `of` in the dark paper */
} twins[] = {
	{ .colour = COLOUR_PAPER, .light = 0.115 },
	{ .colour = COLOUR_INK, .light = 0.9 },
	{ .colour = COLOUR_SOFT, .light = 0.66 },
	{ .colour = COLOUR_LINK, .light = 0.72 },
	{ .colour = COLOUR_BAR, .light = 0.5 },
	{ .colour = COLOUR_BUTTON, .light = 0.72 },
	{ .colour = COLOUR_INFO_MARK, .light = 0.72 },
	{ .colour = COLOUR_TIP_MARK, .light = 0.72 },
	{ .colour = COLOUR_WARNING_MARK, .light = 0.72 },
	{ .colour = COLOUR_MAST, .light = 0.08 },
	{ .colour = COLOUR_MAST_INK, .light = 0.93 },
	{ .colour = COLOUR_DESK, .light = 0.075 },
	{ .colour = COLOUR_TINT, .of = COLOUR_INK, .part = 0.06 },
	{ .colour = COLOUR_LINE, .of = COLOUR_INK, .part = 0.18 },
	{ .colour = COLOUR_INFO, .of = COLOUR_INFO_MARK, .part = 0.12 },
	{ .colour = COLOUR_TIP, .of = COLOUR_TIP_MARK, .part = 0.12 },
	{ .colour = COLOUR_WARNING, .of = COLOUR_WARNING_MARK, .part = 0.12 },
};

static bool is_said(const struct theme_tint *tint)
{
	return tint->rgb[0] != '\0';
}

/* Near white or near black, whichever can be read better on `ground`. */
static void derive_label(struct theme_tint *label, const char *ground)
{
	static const char light[] = "#fffffe";
	static const char dark[] = "#17191c";
	bool on_dark = theme_contrast(light, ground) >=
		       theme_contrast(dark, ground);

	if (!is_said(label))
		memcpy(label->rgb, on_dark ? light : dark, sizeof(light));
}

static void derive_twin(struct theme_tokens *t, size_t i)
{
	enum theme_colour colour = twins[i].colour;
	struct rgb light = read_rgb(t->light[colour].rgb);
	struct rgb dark;

	if (is_said(&t->dark[colour]))
		return;
	if (twins[i].light > 0)
		dark = as_light_as(light, twins[i].light);
	else
		dark = mixed(read_rgb(t->dark[COLOUR_PAPER].rgb),
			     read_rgb(t->dark[twins[i].of].rgb), twins[i].part);
	t->dark[colour].place = t->light[colour].place;
	write_rgb(dark, t->dark[colour].rgb);
}

void theme_derive(struct theme_tokens *tokens)
{
	derive_label(&tokens->light[COLOUR_LABEL],
		     tokens->light[COLOUR_BUTTON].rgb);
	derive_label(&tokens->light[COLOUR_MAST_INK],
		     tokens->light[COLOUR_MAST].rgb);
	for (size_t i = 0; i < sizeof(twins) / sizeof(*twins); i++)
		derive_twin(tokens, i);
	derive_label(&tokens->dark[COLOUR_LABEL],
		     tokens->dark[COLOUR_BUTTON].rgb);
}

/* --- contrast ------------------------------------------------------------- */

/* The nearest of its hue that can be read on `ground`; false for none. */
static bool readable(const char *text, const char *ground, char out[8])
{
	struct rgb rgb = read_rgb(text);
	bool darker = luminance(read_rgb(ground)) > 0.18;
	double light = lightness(rgb);

	for (; light > 0 && light < 1; light += darker ? -0.01 : 0.01) {
		write_rgb(as_light_as(rgb, light), out);
		if (theme_contrast(out, ground) >= CONTRAST_MIN)
			return true;
	}
	return false;
}

/* Ours can be read among themselves: what is to be mended is one of the
 * publication's. */
static bool is_own(const struct theme_tint *tint)
{
	return tint->place.line > 0 &&
	       strncmp(tint->place.file, "themes/", 7) != 0;
}

static int too_alike(const struct theme_tint *palette, struct pair pair,
		     const char *when, struct err *err)
{
	const struct theme_tint *text = &palette[pair.text];
	const struct theme_tint *ground = &palette[pair.ground];
	const struct theme_tint *at = is_own(text) ? text : ground;
	char better[8];

	/* Down, so that 4.49 does not read as what was asked for. */
	err_set(err, ERR_CONFIG,
		"by %s '%s' %s on '%s' %s has a contrast of %.2f:1; to be read "
		"it needs 4.5:1",
		when, theme_colour_name(pair.text), text->rgb,
		theme_colour_name(pair.ground), ground->rgb,
		floor(theme_contrast(text->rgb, ground->rgb) * 100) / 100);
	if (readable(text->rgb, ground->rgb, better))
		err_hint(err, "for '%s' %s would do, or change '%s'",
			 theme_colour_name(pair.text), better,
			 theme_colour_name(pair.ground));
	else
		err_hint(err, "change '%s'", theme_colour_name(pair.ground));
	return err_place(err, "%s:%d:%d", at->place.file, at->place.line,
			 at->place.column);
}

int theme_check(const struct theme_tokens *tokens, struct err *err)
{
	for (size_t i = 0; i < PAIRS * 2; i++) {
		const struct theme_tint *palette = i % 2 ? tokens->dark
							 : tokens->light;
		struct pair pair = pairs[i / 2];

		if (theme_contrast(palette[pair.text].rgb,
				   palette[pair.ground].rgb) < CONTRAST_MIN)
			return too_alike(palette, pair, i % 2 ? "night" : "day",
					 err);
	}
	return 0;
}
