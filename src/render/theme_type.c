/* theme_type.c - fonts and faces of a theme, out of YAML */
#include "theme_read_priv.h"

static const char *const face_names[] = {
#define X(name, text) [FACE_##name] = text,
	THEME_FACES(X)
#undef X
};

static const char *const font_names[] = { [FONT_TEXT] = "text",
					  [FONT_HEAD] = "head",
					  [FONT_META] = "meta",
					  [FONT_CODE] = "code" };

const char *theme_face_name(enum theme_face face)
{
	return face_names[face];
}

/* --- fonts ---------------------------------------------------------------- */

/* Nothing of a name may end the style attribute it stands in, nor the comment
 * around what only Word shows. */
static bool is_family(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != ' ' && c != '-')
			return false;
	}
	return s.len > 0 && s.len <= 60 && str_find_str(s, STR("--")) < 0;
}

static int no_family(const struct reading *r, const struct yaml *node,
		     struct err *err)
{
	err_set(err, ERR_CONFIG, "'" STR_FMT "' is no name of a font",
		STR_ARG(str_head(node->text, 60)));
	err_hint(err, "write a list: [Georgia, Times New Roman, serif]");
	return token_refuse(r, node, err);
}

static int read_font(const struct reading *r, const struct yaml *node,
		     struct str *stack_out, struct err *err)
{
	struct str stack = STR_NONE;

	if (node->kind != YAML_SEQ || !node->first)
		return no_family(r, node, err);
	for (const struct yaml *n = node->first; n; n = n->next) {
		const char *quote = str_find(n->text, ' ') >= 0 ? "'" : "";

		if (n->kind != YAML_SCALAR || !is_family(n->text))
			return no_family(r, n, err);
		stack = arena_fmt(r->arena, STR_FMT "%s%s" STR_FMT "%s",
				  STR_ARG(stack), stack.len > 0 ? "," : "",
				  quote, STR_ARG(n->text), quote);
	}
	*stack_out = stack;
	return 0;
}

int token_fonts(const struct reading *r, const struct yaml *node,
		struct err *err)
{
	if (token_map(r, node, err) < 0)
		return -1;
	for (const struct yaml *n = node->first; n; n = n->next) {
		int i = token_key(r, n, "font", font_names, FONT_COUNT, err);

		if (i < 0 || read_font(r, n, &r->tokens->font[i], err) < 0)
			return -1;
	}
	return 0;
}

/* --- faces ---------------------------------------------------------------- */

enum face_key {
	KEY_FONT,
	KEY_SIZE,
	KEY_LINE,
	KEY_COLOUR,
	KEY_WEIGHT,
	KEY_STYLE,
	KEY_CASE,
	KEY_SPACING,
	KEY_PHONE,
	KEY_PHONE_LINE,
	KEY_COUNT
};

static const char *const face_keys[] = {
	[KEY_FONT] = "font",	    [KEY_SIZE] = "size",
	[KEY_LINE] = "line",	    [KEY_COLOUR] = "colour",
	[KEY_WEIGHT] = "weight",    [KEY_STYLE] = "style",
	[KEY_CASE] = "case",	    [KEY_SPACING] = "spacing",
	[KEY_PHONE] = "phone_size", [KEY_PHONE_LINE] = "phone_line",
};

/* "0.5" or "-0.4": tenths, since a px is much between two letters. */
static int read_spacing(const struct reading *r, const struct yaml *node,
			int *out, struct err *err)
{
	struct str text = node->text;
	bool minus = str_starts(text, STR("-"));
	struct str tenths;
	struct str whole = str_cut(minus ? str_skip(text, 1) : text, '.',
				   &tenths);
	int64_t a;
	int64_t b = 0;

	if (node->kind == YAML_SCALAR && str_int64(whole, &a) && a >= 0 &&
	    a <= 4 && tenths.len <= 1 &&
	    (tenths.len == 0 || (str_int64(tenths, &b) && b >= 0))) {
		*out = (int)(a * 10 + b) * (minus ? -1 : 1);
		return 0;
	}
	err_set(err, ERR_CONFIG,
		"'spacing' is a number of pixels from -4 to 4, such as 0.5");
	return token_refuse(r, node, err);
}

static int read_face_key(const struct reading *r, const struct yaml *node,
			 struct theme_face_tokens *f, struct err *err)
{
	int key = token_key(r, node, "part of a face", face_keys, KEY_COUNT,
			    err);
	int i;

	if (key < 0)
		return -1;
	switch ((enum face_key)key) {
	case KEY_FONT:
		i = token_choice(r, node, font_names, FONT_COUNT, err);
		f->font = i < 0 ? f->font : (enum theme_font)i;
		return i < 0 ? -1 : 0;
	case KEY_COLOUR:
		i = token_choice(r, node, theme_colour_names, COLOUR_COUNT,
				 err);
		f->colour = i < 0 ? f->colour : (enum theme_colour)i;
		return i < 0 ? -1 : 0;
	case KEY_SIZE:
		return token_number(r, node, 14, 60, &f->size, err);
	case KEY_LINE:
		return token_number(r, node, 16, 90, &f->line, err);
	case KEY_WEIGHT:
		return token_pair(r, node, "normal", "bold", &f->bold, err);
	case KEY_STYLE:
		return token_pair(r, node, "normal", "italic", &f->italic, err);
	case KEY_CASE:
		return token_pair(r, node, "normal", "upper", &f->upper, err);
	case KEY_SPACING:
		return read_spacing(r, node, &f->spacing, err);
	case KEY_PHONE:
		return token_number(r, node, 14, 60, &f->phone_size, err);
	case KEY_PHONE_LINE:
		return token_number(r, node, 16, 90, &f->phone_line, err);
	case KEY_COUNT:
		break;
	}
	return 0;
}

/* Lines of prose that touch or fall apart are a slip of the keyboard. */
static int check_lines(const struct reading *r, const struct yaml *node,
		       const struct theme_face_tokens *f, struct err *err)
{
	if (f->line * 10 >= f->size * 11 && f->line * 10 <= f->size * 22)
		return 0;
	err_set(err, ERR_CONFIG, "lines of %d px for letters of %d px", f->line,
		f->size);
	err_hint(err, "'line' is 1.1 to 2.2 times 'size'");
	return token_refuse(r, node, err);
}

static int read_face(const struct reading *r, const struct yaml *node,
		     struct theme_face_tokens *f, struct err *err)
{
	int before = f->size;

	if (token_map(r, node, err) < 0)
		return -1;
	f->place = token_place(r, node);
	for (const struct yaml *n = node->first; n; n = n->next)
		if (read_face_key(r, n, f, err) < 0)
			return -1;
	if (!yaml_get(node, STR("line")) && before > 0)
		f->line = (f->line * f->size + before / 2) / before;
	return check_lines(r, node, f, err);
}

int token_faces(const struct reading *r, const struct yaml *node,
		struct err *err)
{
	if (token_map(r, node, err) < 0)
		return -1;
	for (const struct yaml *n = node->first; n; n = n->next) {
		int i = token_key(r, n, "face", face_names, FACE_COUNT, err);

		if (i < 0 || read_face(r, n, &r->tokens->face[i], err) < 0)
			return -1;
	}
	return 0;
}
