/* theme.c - the letter's look: see theme_priv.h */
#include "base/file.h"
#include "base/nearest.h"
#include "render/render.h"
#include "template_priv.h"
#include "theme_priv.h"

#define THEME_MAX ((size_t)64 * 1024)

#define OWN_FILE "templates/theme.yaml"

/* --- loading -------------------------------------------------------------- */

static const char *const themes[] = { "letter", "magazine", "note" };
#define THEMES (sizeof(themes) / sizeof(*themes))

static int no_theme(struct str name, struct err *err)
{
	struct str names[THEMES];
	struct str guess;

	for (size_t i = 0; i < THEMES; i++)
		names[i] = str_of(themes[i]);
	guess = nearest(name, names, THEMES);
	err_set(err, ERR_CONFIG, "there is no theme '" STR_FMT "'",
		STR_ARG(str_head(name, 60)));
	if (guess.len > 0)
		err_hint(err, "did you mean '" STR_FMT "'?", STR_ARG(guess));
	else
		err_hint(err,
			 "there are '%s', '%s' and '%s'; " OWN_FILE
			 " changes one of them",
			 themes[0], themes[1], themes[2]);
	return err_place(err, "tidings.yaml");
}

/* -1 where there is none. */
static int find_theme(struct str name)
{
	for (size_t i = 0; i < THEMES; i++)
		if (name.len == 0 || str_eqz(name, themes[i]))
			return (int)i;
	return -1;
}

int render_theme_check(struct str name, struct err *err)
{
	return find_theme(name) < 0 ? no_theme(name, err) : 0;
}

/* Its file is one of ours; a name never leads to another. */
static int read_built_in(struct theme *theme, struct str name,
			 struct arena *arena, struct err *err)
{
	int i = find_theme(name);
	struct str path;

	if (i < 0)
		return no_theme(name, err);
	theme->name = themes[i];
	path = arena_fmt(arena, "themes/%s.yaml", themes[i]);
	return theme_read(&theme->tokens, str_of(template_built_in(path)),
			  path.at, arena, err);
}

/* What the publication says anew, where it does. */
static int read_own(struct theme_tokens *tokens, const char *dir,
		    struct arena *arena, struct err *err)
{
	struct err local = ERR_INIT;
	struct str text;

	if (file_read_below(dir, STR(OWN_FILE), THEME_MAX, arena, &text,
			    &local) == 0)
		return theme_read(tokens, text, OWN_FILE, arena, err);
	if (local.code == ERR_MISSING)
		return 0;
	*err = local;
	return -1;
}

/* --- faces as CSS --------------------------------------------------------- */

/* Signs without ascenders fill their lines: they want more air. */
#define CJK_LINE(size) (((size)*175 + 50) / 100)

static void adapt(struct theme *theme, struct str language, struct arena *arena)
{
	struct theme_tokens *t = &theme->tokens;

	theme->upright = theme->rtl || theme_is_cjk(language);
	for (int i = 0; i < FONT_COUNT; i++)
		t->font[i] = theme_stack(t->font[i], language, arena);
	for (int i = 0; i < FACE_COUNT; i++) {
		struct theme_face_tokens *f = &t->face[i];

		/* Letters that are joined, or fill squares of their own. */
		if (theme->upright)
			f->spacing = 0;
		f->italic = f->italic && !theme->upright;
		if (theme_is_cjk(language) && f->size <= 20 &&
		    f->line < CJK_LINE(f->size))
			f->line = CJK_LINE(f->size);
	}
}

/* Of their own accord browsers make headings bold. */
static const char *weight_of(const struct theme_face_tokens *f,
			     enum theme_face face)
{
	if (f->bold)
		return ";font-weight:bold";
	return face >= FACE_H1 && face <= FACE_H4 ? ";font-weight:normal" : "";
}

static struct str more_of(const struct theme_face_tokens *f,
			  enum theme_face face, struct arena *arena)
{
	struct str spacing = STR_NONE;

	if (f->spacing != 0)
		spacing = arena_fmt(
			arena, ";letter-spacing:%s%d.%dpx",
			f->spacing < 0 ? "-" : "",
			(f->spacing < 0 ? -f->spacing : f->spacing) / 10,
			(f->spacing < 0 ? -f->spacing : f->spacing) % 10);
	return arena_fmt(arena, "%s%s%s" STR_FMT, weight_of(f, face),
			 f->italic ? ";font-style:italic" : "",
			 f->upper ? ";text-transform:uppercase" : "",
			 STR_ARG(spacing));
}

static void make_face(struct theme *theme, enum theme_face face,
		      struct arena *arena)
{
	const struct theme_tokens *t = &theme->tokens;
	const struct theme_face_tokens *f = &t->face[face];
	struct str more = more_of(f, face, arena);
	struct str font = arena_fmt(arena,
				    "font-family:" STR_FMT ";font-size:%dpx;"
				    "line-height:%dpx",
				    STR_ARG(t->font[f->font]), f->size,
				    f->line);

	theme->font[face] = font;
	theme->text[face] = arena_fmt(arena, STR_FMT ";color:%s" STR_FMT,
				      STR_ARG(font), t->light[f->colour].rgb,
				      STR_ARG(more));
	theme->link[face] = arena_fmt(
		arena, STR_FMT ";color:%s;text-decoration:underline" STR_FMT,
		STR_ARG(font), t->light[COLOUR_LINK].rgb, STR_ARG(more));
}

static void make(struct theme *theme, struct str language, struct arena *arena)
{
	bool rtl = theme_is_rtl(language);

	theme->rtl = rtl;
	theme->dir = rtl ? "rtl" : "ltr";
	theme->start = rtl ? "right" : "left";
	theme->end = rtl ? "left" : "right";
	theme->column = theme->tokens.width - 2 * theme->tokens.padding;
	adapt(theme, language, arena);
	for (int i = 0; i < FACE_COUNT; i++)
		make_face(theme, (enum theme_face)i, arena);
}

int theme_load(const char *dir, struct str name, struct str language,
	       struct arena *arena, const struct theme **theme_out,
	       struct err *err)
{
	struct theme *theme = arena_new_of(arena, struct theme);

	if (read_built_in(theme, name, arena, err) < 0 ||
	    read_own(&theme->tokens, dir, arena, err) < 0)
		return -1;
	theme_derive(&theme->tokens);
	if (theme_check(&theme->tokens, err) < 0)
		return -1;
	make(theme, language, arena);
	*theme_out = theme;
	return 0;
}

const char *theme_colour(const struct theme *theme, enum theme_colour colour,
			 bool dark)
{
	return dark ? theme->tokens.dark[colour].rgb
		    : theme->tokens.light[colour].rgb;
}

const char *theme_class(const struct theme *theme, enum theme_face face)
{
	static const char *const classes[COLOUR_COUNT] = {
		[COLOUR_SOFT] = "s",
		[COLOUR_LINK] = "l",
		[COLOUR_MAST_INK] = "n",
	};
	const char *class = classes[theme->tokens.face[face].colour];

	return class ? class : "t";
}

/* --- for templates -------------------------------------------------------- */

static void set(struct value *map, struct arena *arena, const char *name,
		const char *suffix, struct str text)
{
	struct str full = arena_fmt(arena, "%s%s", name, suffix);

	value_set(map, arena, full.at, value_text(arena, text));
}

static void set_number(struct value *map, struct arena *arena, const char *name,
		       const char *suffix, int number)
{
	set(map, arena, name, suffix, arena_fmt(arena, "%d", number));
}

/* What a face is on a phone, for the style sheet; "" for no change. */
static struct str on_phone(const struct theme_face_tokens *f,
			   struct arena *arena)
{
	if (f->phone_size == 0)
		return STR_NONE;
	return arena_fmt(arena,
			 "font-size:%dpx !important;line-height:%dpx "
			 "!important",
			 f->phone_size,
			 f->phone_line ? f->phone_line
				       : f->phone_size * f->line / f->size);
}

static void set_sizes(struct value *map, const struct theme *theme,
		      struct arena *arena)
{
	const struct theme_tokens *t = &theme->tokens;

	set_number(map, arena, "width", "", t->width);
	set_number(map, arena, "column", "", theme->column);
	set_number(map, arena, "padding", "", t->padding);
	set_number(map, arena, "radius", "", t->radius);
	set_number(map, arena, "gap", "", t->gap);
	set(map, arena, "word_family", "",
	    theme_word_family(t->font[FONT_TEXT]));
	set(map, arena, "align", "",
	    t->centred ? STR("center") : str_of(theme->start));
	value_set(map, arena, "centred", value_bool(arena, t->centred));
	value_set(map, arena, "rtl", value_bool(arena, theme->rtl));
	value_set(map, arena, "upright", value_bool(arena, theme->upright));
}

struct value *theme_value(const struct theme *theme, struct arena *arena)
{
	const struct theme_tokens *t = &theme->tokens;
	struct value *map = value_map(arena);

	set(map, arena, "dir", "", str_of(theme->dir));
	set(map, arena, "start", "", str_of(theme->start));
	set(map, arena, "end", "", str_of(theme->end));
	set_sizes(map, theme, arena);
	set(map, arena, "text_family", "", t->font[FONT_TEXT]);
	set(map, arena, "head_family", "", t->font[FONT_HEAD]);
	set(map, arena, "meta_family", "", t->font[FONT_META]);
	set(map, arena, "mono_family", "", t->font[FONT_CODE]);
	for (int i = 0; i < COLOUR_COUNT; i++) {
		const char *name = theme_colour_name((enum theme_colour)i);

		set(map, arena, name, "", str_of(t->light[i].rgb));
		set(map, arena, name, "_dark", str_of(t->dark[i].rgb));
	}
	for (int i = 0; i < FACE_COUNT; i++) {
		const char *name = theme_face_name((enum theme_face)i);

		set(map, arena, name, "", theme->text[i]);
		set(map, arena, name, "_font", theme->font[i]);
		set(map, arena, name, "_class",
		    str_of(theme_class(theme, (enum theme_face)i)));
		set(map, arena, name, "_link", theme->link[i]);
		set_number(map, arena, name, "_size", t->face[i].size);
		set_number(map, arena, name, "_line", t->face[i].line);
		set(map, arena, name, "_phone", on_phone(&t->face[i], arena));
		set(map, arena, name, "_phone_size",
		    t->face[i].phone_size
			    ? arena_fmt(arena, "%d", t->face[i].phone_size)
			    : STR_NONE);
	}
	return map;
}
