/* value.c - the label, the address and the settings of a `::` line
 *
 *	{key=value key="a longer value"}
 */
#include "base/nearest.h"
#include "directive_priv.h"

#define VALUE_MAX  500 /* bytes */
#define ICON_MAX   32  /* a family of four is 25 */
#define DEPTH_LAST 6

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct str tones[] = { STR("info"), STR("tip"), STR("warning") };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A label's \] is ], a quoted value's \" is ". */
static struct str unescape(struct arena *arena, struct str s)
{
	char *plain = arena_take(arena, s.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '\\' && i + 1 < s.len &&
		    !is_alnum(s.at[i + 1]) && (unsigned char)s.at[i + 1] < 0x80)
			i++;
		plain[len++] = s.at[i];
	}
	return str_at(plain, len);
}

/* --- what a value may be --------------------------------------------------*/

static bool is_words(struct str value)
{
	return value.len <= VALUE_MAX;
}

static bool is_icon(struct str value)
{
	return value.len <= ICON_MAX && str_find(value, ' ') < 0;
}

static bool is_tone(struct str value)
{
	for (size_t i = 0; i < COUNT(tones); i++)
		if (str_eq(value, tones[i]))
			return true;
	return false;
}

static bool is_depth(struct str value)
{
	int64_t depth;

	return str_int64(value, &depth) && depth >= 1 && depth <= DEPTH_LAST;
}

static bool has_blank(struct str value)
{
	return str_find(value, ' ') >= 0 || str_find(value, '\t') >= 0;
}

static bool is_link(struct str value)
{
	return !has_blank(value) && link_is_safe(value);
}

static bool is_web(struct str value)
{
	if (has_blank(value))
		return false;
	return (str_starts_nocase(value, STR("http://")) && value.len > 7) ||
	       (str_starts_nocase(value, STR("https://")) && value.len > 8) ||
	       str_starts(value, STR(MARK_OPEN));
}

/* No scheme but these, so that it is a file below the publication. */
static bool is_picture(struct str value)
{
	return is_web(value) ||
	       (link_is_safe(value) && str_find(value, ':') < 0);
}

static bool is_key(struct str value)
{
	return value.len <= VALUE_MAX &&
	       str_find_str(value, STR(MARK_OPEN)) < 0;
}

static const struct {
	bool (*ok)(struct str value);
	const char *cure;
} kinds[TAKES_COUNT] = {
	[TAKES_WORDS] = { is_words, "it has room for 500 bytes" },
	[TAKES_ICON] = { is_icon, "an icon is one character, such as an "
				  "emoji" },
	[TAKES_TONE] = { is_tone, "a tone is info, tip or warning" },
	[TAKES_DEPTH] = { is_depth, "a depth is a number from 1 to 6" },
	[TAKES_LINK] = { is_link, "give it an address that begins with "
				  "https://" },
	[TAKES_WEB] = { is_web, "give it an address that begins with "
				"https://" },
	[TAKES_PICTURE] = { is_picture, "give it a file beside the article or "
					"an address that begins with "
					"https://" },
	[TAKES_KEY] = { is_key, "an author is named by a key of 'authors:' in "
				"tidings.yaml" },
};

static int wrong_value(const struct reading *r, struct str what,
		       enum takes takes, struct str value, struct err *err)
{
	struct str shown = source_restore(r->m, value);
	struct str close = STR_NONE;

	if (takes == TAKES_TONE)
		close = nearest(shown, tones, COUNT(tones));
	err_set(err, ERR_INPUT,
		"'" STR_FMT "' cannot be the " STR_FMT " of '" STR_FMT "'",
		STR_ARG(str_head(shown, 200)), STR_ARG(what),
		STR_ARG(r->shape->name));
	if (close.len > 0)
		err_hint(err, "did you mean '" STR_FMT "'?", STR_ARG(close));
	else
		err_hint(err, "%s", kinds[takes].cure);
	return directive_refuse(r, err);
}

/* --- where it goes --------------------------------------------------------*/

static void put_below(const struct reading *r, enum block_kind kind,
		      struct str value)
{
	struct node *node = node_new(r->m, kind, r->line);

	if (kind == BLOCK_IMAGE)
		node->url = value;
	else
		node->text = value;
	node_push(r->node, node);
}

static void put(const struct reading *r, enum target target, struct str value)
{
	int64_t number = 0;

	switch (target) {
	case TO_TEXT:
		r->node->text = value;
		break;
	case TO_URL:
		r->node->url = value;
		break;
	case TO_TITLE:
		r->node->title = value;
		break;
	case TO_NUMBER:
		str_int64(value, &number);
		r->node->number = (int)number;
		break;
	case TO_PICTURE:
		put_below(r, BLOCK_IMAGE, value);
		break;
	case TO_BY:
		put_below(r, BLOCK_TEXT, value);
		break;
	}
}

int value_put(const struct reading *r, struct str what, enum takes takes,
	      enum target target, struct str value, struct err *err)
{
	value = str_trim(unescape(r->m->arena, value));
	if (!kinds[takes].ok(value))
		return wrong_value(r, what, takes, value, err);
	put(r, target, value);
	return 0;
}

/* --- settings -------------------------------------------------------------*/

static int unknown_setting(const struct reading *r, struct str word,
			   struct err *err)
{
	struct str known[SETTINGS_MAX];
	struct str shown = source_restore(r->m, word);
	struct str close;
	size_t count = 0;

	while (count < SETTINGS_MAX && r->shape->settings[count].name.len > 0) {
		known[count] = r->shape->settings[count].name;
		count++;
	}
	err_set(err, ERR_INPUT,
		"no setting of '" STR_FMT "' is called '" STR_FMT "'",
		STR_ARG(r->shape->name), STR_ARG(str_head(shown, 80)));
	close = nearest(shown, known, count);
	if (close.len > 0)
		err_hint(err, "did you mean '" STR_FMT "'?", STR_ARG(close));
	else
		err_hint(err, "write %s", r->shape->right);
	return directive_refuse(r, err);
}

/* The bytes of the value at the start of `s`, quotes included; 0 if its
 * quotes do not close. */
static size_t value_len(struct str s)
{
	size_t i;

	if (s.len == 0 || s.at[0] != '"') {
		for (i = 0; i < s.len && !is_blank(s.at[i]); i++)
			;
		return i;
	}
	for (i = 1; i < s.len && s.at[i] != '"'; i++)
		i += s.at[i] == '\\' && i + 1 < s.len;
	return i < s.len ? i + 1 : 0;
}

enum setting_form setting_cut(struct str *rest, struct str *key_out,
			      struct str *value_out)
{
	size_t len;

	*value_out = STR_NONE;
	for (len = 0; len < rest->len && rest->at[len] != '=' &&
		      !is_blank(rest->at[len]);
	     len++)
		;
	*key_out = str_head(*rest, len);
	*rest = str_skip(*rest, len);
	if (rest->len == 0 || rest->at[0] != '=')
		return SETTING_FLAG;
	*rest = str_skip(*rest, 1);
	len = value_len(*rest);
	*value_out = str_head(*rest, len);
	*rest = str_skip(*rest, len);
	if (len > 1 && value_out->at[0] == '"')
		*value_out = str_at(value_out->at + 1, len - 2);
	if (key_out->len > 0 && value_out->len > 0 &&
	    (rest->len == 0 || is_blank(rest->at[0])))
		return SETTING_PAIR;
	return SETTING_BROKEN;
}

static const struct setting *find_setting(const struct reading *r,
					  struct str key, size_t *index_out)
{
	const struct setting *all = r->shape->settings;

	for (size_t i = 0; i < SETTINGS_MAX && all[i].name.len > 0; i++)
		if (str_eq(all[i].name, key)) {
			*index_out = i;
			return &all[i];
		}
	return NULL;
}

static int is_wanting(const struct reading *r, struct str key, const char *how,
		      struct err *err)
{
	struct str shown = source_restore(r->m, key);

	err_set(err, ERR_INPUT, "the setting '" STR_FMT "' %s",
		STR_ARG(str_head(shown, 80)), how);
	err_hint(err, "write %s", r->shape->right);
	return directive_refuse(r, err);
}

static int read_setting(const struct reading *r, struct str *rest,
			bool seen[SETTINGS_MAX], struct err *err)
{
	const struct setting *setting;
	struct str key, value;
	size_t i = 0;
	enum setting_form form = setting_cut(rest, &key, &value);

	if (key.len == 0)
		return directive_misplaced(r, *rest, err);
	setting = find_setting(r, key, &i);
	if (!setting)
		return unknown_setting(r, key, err);
	if (form != SETTING_PAIR)
		return is_wanting(r, key, "has no value that ends", err);
	if (seen[i])
		return is_wanting(r, key, "is given twice", err);
	seen[i] = true;
	return value_put(r, key, setting->takes, setting->target, value, err);
}

int settings_read(const struct reading *r, struct str rest, struct err *err)
{
	const struct setting *all = r->shape->settings;
	bool seen[SETTINGS_MAX] = { false };

	if (rest.len > 0) {
		if (rest.at[0] != '{' || rest.at[rest.len - 1] != '}' ||
		    rest.len < 2)
			return directive_misplaced(r, rest, err);
		rest = str_trim(str_at(rest.at + 1, rest.len - 2));
	}
	for (; rest.len > 0; rest = str_trim(rest))
		if (read_setting(r, &rest, seen, err) < 0)
			return -1;
	for (size_t i = 0; i < SETTINGS_MAX && all[i].name.len > 0; i++)
		if (all[i].required && !seen[i])
			return is_wanting(r, all[i].name, "is required", err);
	return 0;
}
