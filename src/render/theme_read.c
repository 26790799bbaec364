/* theme_read.c - the tokens of a theme out of YAML, each checked where it
 * stands */
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/yaml.h"
#include "theme_read_priv.h"

const char *const theme_colour_names[COLOUR_COUNT] = {
#define X(name, text) [COLOUR_##name] = text,
	THEME_COLOURS(X)
#undef X
};

const char *theme_colour_name(enum theme_colour colour)
{
	return theme_colour_names[colour];
}

/* --- what is wrong -------------------------------------------------------- */

struct theme_place token_place(const struct reading *r, const struct yaml *node)
{
	return (struct theme_place){ r->file, node->line, node->column };
}

int token_refuse(const struct reading *r, const struct yaml *node,
		 struct err *err)
{
	return err_place(err, "%s:%d:%d", r->file, node->line, node->column);
}

static int find(struct str word, const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
		if (str_eqz(word, names[i]))
			return i;
	return -1;
}

static int unknown(const struct reading *r, const struct yaml *node,
		   const char *what, const char *const *names, int count,
		   struct err *err)
{
	struct str words[64];
	struct str guess;

	for (int i = 0; i < count; i++)
		words[i] = str_of(names[i]);
	guess = nearest(node->key, words, (size_t)count);
	err_set(err, ERR_CONFIG, "a theme has no %s '" STR_FMT "'", what,
		STR_ARG(str_head(node->key, 60)));
	if (guess.len > 0)
		err_hint(err, "did you mean '" STR_FMT "'?", STR_ARG(guess));
	return err_place(err, "%s:%d:%d", r->file, node->key_line,
			 node->key_column);
}

/* The number of the node's key among `names`, or -1. */
int token_key(const struct reading *r, const struct yaml *node,
	      const char *what, const char *const *names, int count,
	      struct err *err)
{
	int i = find(node->key, names, count);

	return i >= 0 ? i : unknown(r, node, what, names, count, err);
}

int token_map(const struct reading *r, const struct yaml *node, struct err *err)
{
	if (node->kind == YAML_MAP)
		return 0;
	err_set(err, ERR_CONFIG, "'" STR_FMT "' takes names with values",
		STR_ARG(str_head(node->key, 60)));
	return token_refuse(r, node, err);
}

/* One of `names`, as a value; its number or -1. */
int token_choice(const struct reading *r, const struct yaml *node,
		 const char *const *names, int count, struct err *err)
{
	struct str words[64];
	struct str guess;
	int i = node->kind == YAML_SCALAR ? find(node->text, names, count) : -1;

	if (i >= 0)
		return i;
	for (i = 0; i < count; i++)
		words[i] = str_of(names[i]);
	guess = nearest(node->text, words, (size_t)count);
	err_set(err, ERR_CONFIG, "'" STR_FMT "' is none for '" STR_FMT "'",
		STR_ARG(str_head(node->text, 60)), STR_ARG(node->key));
	if (guess.len > 0)
		err_hint(err, "did you mean '" STR_FMT "'?", STR_ARG(guess));
	else
		err_hint(err, "write '%s' or '%s'", names[0], names[1]);
	return token_refuse(r, node, err);
}

int token_pair(const struct reading *r, const struct yaml *node,
	       const char *plain, const char *other, bool *out, struct err *err)
{
	const char *const names[] = { plain, other };
	int i = token_choice(r, node, names, 2, err);

	*out = i == 1;
	return i < 0 ? -1 : 0;
}

int token_number(const struct reading *r, const struct yaml *node, int low,
		 int high, int *out, struct err *err)
{
	int64_t value;

	if (node->kind == YAML_SCALAR && str_int64(node->text, &value) &&
	    value >= low && value <= high) {
		*out = (int)value;
		return 0;
	}
	err_set(err, ERR_CONFIG,
		"'" STR_FMT "' is a number of pixels from %d to %d",
		STR_ARG(str_head(node->key, 60)), low, high);
	return token_refuse(r, node, err);
}

static int read_truth(const struct reading *r, const struct yaml *node,
		      bool *out, struct err *err)
{
	if (node->kind == YAML_SCALAR && yaml_bool(node, out))
		return 0;
	err_set(err, ERR_CONFIG, "'" STR_FMT "' is yes or no",
		STR_ARG(str_head(node->key, 60)));
	return token_refuse(r, node, err);
}

/* --- colours -------------------------------------------------------------- */

static bool is_hex(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') &&
		    !(c >= 'A' && c <= 'F'))
			return false;
	}
	return true;
}

/* "#ABC" or "#aabbcc"; mail programs want the long form. */
static bool write_tint(struct str text, char out[8])
{
	size_t step = text.len == 4 ? 1 : 2;

	if ((text.len != 4 && text.len != 7) || text.at[0] != '#' ||
	    !is_hex(str_skip(text, 1)))
		return false;
	out[0] = '#';
	for (size_t i = 0; i < 6; i++) {
		char c = text.at[1 + (step == 1 ? i / 2 : i)];

		out[1 + i] = c >= 'A' && c <= 'F' ? (char)(c | 0x20) : c;
	}
	out[7] = '\0';
	return true;
}

static int read_tint(const struct reading *r, const struct yaml *node,
		     struct theme_tint *tint, struct err *err)
{
	tint->place = token_place(r, node);
	if (node->kind == YAML_SCALAR && write_tint(node->text, tint->rgb))
		return 0;
	if (yaml_is_null(node)) {
		err_set(err, ERR_CONFIG, "'" STR_FMT "' has no colour",
			STR_ARG(node->key));
		err_hint(err, "a colour stands in quotes: \"#22262b\"");
	} else {
		err_set(err, ERR_CONFIG, "'" STR_FMT "' is no colour",
			STR_ARG(str_head(node->text, 60)));
		err_hint(err, "write it as \"#22262b\", in quotes");
	}
	return token_refuse(r, node, err);
}

/* A colour said anew has no twin until one is said. */
static int read_colour(const struct reading *r, const struct yaml *node,
		       enum theme_colour colour, struct err *err)
{
	static const char *const keys[] = { "light", "dark" };
	struct theme_tint *sides[] = { &r->tokens->light[colour],
				       &r->tokens->dark[colour] };

	if (node->kind == YAML_SCALAR) {
		sides[1]->rgb[0] = '\0';
		return read_tint(r, node, sides[0], err);
	}
	if (token_map(r, node, err) < 0)
		return -1;
	if (yaml_get(node, STR("light")))
		sides[1]->rgb[0] = '\0';
	for (const struct yaml *n = node->first; n; n = n->next) {
		int i = token_key(r, n, "palette", keys, 2, err);

		if (i < 0 || read_tint(r, n, sides[i], err) < 0)
			return -1;
	}
	return 0;
}

/* A label belongs to its ground: with another one it is chosen anew. */
static void forget_labels(const struct reading *r, const struct yaml *colours)
{
	static const enum theme_colour labels[][2] = {
		{ COLOUR_BUTTON, COLOUR_LABEL },
		{ COLOUR_MAST, COLOUR_MAST_INK },
	};

	for (size_t i = 0; i < 2; i++) {
		const char *ground = theme_colour_names[labels[i][0]];
		enum theme_colour label = labels[i][1];

		if (!yaml_get(colours, str_of(ground)))
			continue;
		r->tokens->light[label].rgb[0] = '\0';
		r->tokens->dark[label].rgb[0] = '\0';
	}
}

static int read_colours(const struct reading *r, const struct yaml *node,
			struct err *err)
{
	if (token_map(r, node, err) < 0)
		return -1;
	forget_labels(r, node);
	for (const struct yaml *n = node->first; n; n = n->next) {
		int i = token_key(r, n, "colour", theme_colour_names,
				  COLOUR_COUNT, err);

		if (i < 0 || read_colour(r, n, (enum theme_colour)i, err) < 0)
			return -1;
	}
	return 0;
}

/* --- all ------------------------------------------------------------------ */

enum key {
	TOKEN_COLOURS,
	TOKEN_FONTS,
	TOKEN_FACES,
	TOKEN_WIDTH,
	TOKEN_PADDING,
	TOKEN_RADIUS,
	TOKEN_GAP,
	TOKEN_HERO,
	TOKEN_ALIGN,
	TOKEN_COUNT
};

static const char *const keys[] = {
	[TOKEN_COLOURS] = "colours", [TOKEN_FONTS] = "fonts",
	[TOKEN_FACES] = "faces",     [TOKEN_WIDTH] = "width",
	[TOKEN_PADDING] = "padding", [TOKEN_RADIUS] = "radius",
	[TOKEN_GAP] = "gap",	     [TOKEN_HERO] = "hero",
	[TOKEN_ALIGN] = "align",
};

static int read_key(const struct reading *r, const struct yaml *node,
		    struct err *err)
{
	int key = token_key(r, node, "token", keys, TOKEN_COUNT, err);
	struct theme_tokens *t = r->tokens;

	if (key < 0)
		return -1;
	switch ((enum key)key) {
	case TOKEN_COLOURS:
		return read_colours(r, node, err);
	case TOKEN_FONTS:
		return token_fonts(r, node, err);
	case TOKEN_FACES:
		return token_faces(r, node, err);
	case TOKEN_WIDTH:
		return token_number(r, node, 560, 640, &t->width, err);
	case TOKEN_PADDING:
		return token_number(r, node, 20, 60, &t->padding, err);
	case TOKEN_RADIUS:
		return token_number(r, node, 0, 24, &t->radius, err);
	case TOKEN_GAP:
		return token_number(r, node, 8, 40, &t->gap, err);
	case TOKEN_HERO:
		return read_truth(r, node, &t->hero, err);
	case TOKEN_ALIGN:
		return token_pair(r, node, "start", "center", &t->centred, err);
	case TOKEN_COUNT:
		break;
	}
	return 0;
}

int theme_read(struct theme_tokens *tokens, struct str text, const char *file,
	       struct arena *arena, struct err *err)
{
	struct reading r = { tokens, file, arena };
	struct yaml *root;

	if (yaml_parse(text, file, 1, arena, &root, err) < 0)
		return -1;
	if (root->kind != YAML_MAP) {
		err_set(err, ERR_CONFIG, "a theme is made of names and values");
		return token_refuse(&r, root, err);
	}
	for (const struct yaml *n = root->first; n; n = n->next)
		if (read_key(&r, n, err) < 0)
			return -1;
	return 0;
}
