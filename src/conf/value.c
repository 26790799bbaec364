/* value.c - one setting's value: read from YAML, defaulted, shown */
#include "base/buf.h"
#include "base/utf8.h"
#include "conf_priv.h"

#define DURATION_MAX (3650 * TIME_DAY_MS)

int value_wants(const struct setting *setting, const struct yaml *node,
		 struct err *err)
{
	struct str got = node->kind == YAML_MAP	  ? STR("a map")
			 : node->kind == YAML_SEQ ? STR("a list")
						  : node->text;

	return err_set(err, ERR_CONFIG, "'%s' wants %s, not '" STR_FMT "'",
		       setting->show.name, setting->show.type,
		       STR_ARG(str_head(got, 60)));
}

static int read_text(const struct setting *setting, const struct yaml *node,
		     struct str *at, struct err *err)
{
	struct str rest = node->text;

	while (rest.len > 0) {
		struct str line = setting->type == SETTING_LINES
					  ? str_cut(rest, '\n', &rest)
					  : rest;

		if (utf8_has_control(line)) {
			err_set(err, ERR_CONFIG,
				"'%s' holds a control character or line break",
				setting->show.name);
			return err_hint(err, "write it on one line");
		}
		if (setting->type != SETTING_LINES)
			break;
	}
	*at = str_trim(node->text);
	return 0;
}

/* Something behind one of the schemes, and nothing that would end the URL in
 * a header or an attribute. */
static bool url_ok(struct str url, bool mail)
{
	struct str rest = str_starts(url, STR("https://"))   ? str_skip(url, 8)
			  : str_starts(url, STR("http://"))  ? str_skip(url, 7)
			  : mail && str_starts(url, STR("mailto:"))
				  ? str_skip(url, 7)
				  : STR_NONE;

	for (size_t i = 0; i < url.len; i++)
		if (url.at[i] == ' ' || strchr("<>\"'\\", url.at[i]))
			return false;
	return rest.len > 0 && !strchr("/?#:@", rest.at[0]) &&
	       !utf8_has_control(url);
}

static int read_url(const struct setting *setting, const struct yaml *node,
		    bool mail, struct str *at, struct err *err)
{
	struct str url = str_trim(node->text);

	/* "" is the default: none, or the address to begin with. */
	if (url.len == 0 && !mail)
		return 0;
	if (!url_ok(url, mail)) {
		err_set(err, ERR_CONFIG,
			"'%s' wants an address, not '" STR_FMT "'",
			setting->show.name, STR_ARG(str_head(url, 60)));
		return err_hint(err, "write https://example.org");
	}
	*at = url;
	return 0;
}

/* What has a scheme is an address; all else is below the publication. */
static int read_picture(const struct setting *setting, const struct yaml *node,
			struct str *at, struct err *err)
{
	struct str name = str_trim(node->text);

	if (str_find(name, ':') >= 0 || str_starts(name, STR("//")))
		return read_url(setting, node, false, at, err);
	if (utf8_has_control(name)) {
		err_set(err, ERR_CONFIG,
			"'%s' holds a control character or line break",
			setting->show.name);
		return err_hint(err, "write the name of a file below the "
				     "publication's folder");
	}
	*at = name;
	return 0;
}

/* Instants and spans are added up later: no life of an issue is longer. */
static int read_duration(const struct setting *setting,
			 const struct yaml *node, int64_t *at, struct err *err)
{
	int64_t ms;

	if (time_duration(node->text, &ms) && ms <= DURATION_MAX) {
		*at = ms;
		return 0;
	}
	value_wants(setting, node, err);
	return err_hint(err, "write 30s, 15m, 2h or 5d; 3650d at most");
}

static int read_number(const struct setting *setting, const struct yaml *node,
		       int *at, struct err *err)
{
	int64_t number;

	if (!str_int64(node->text, &number))
		return value_wants(setting, node, err);
	if (number < setting->min || number > setting->max)
		return err_set(err, ERR_CONFIG,
			       "'%s' must lie between %d and %d, not " STR_FMT,
			       setting->show.name, setting->min, setting->max,
			       STR_ARG(str_head(node->text, 20)));
	*at = (int)number;
	return 0;
}

static int read_choice(const struct setting *setting, const struct yaml *node,
		       int *at, struct err *err)
{
	for (int i = 0; setting->choices[i]; i++) {
		if (str_eqz(node->text, setting->choices[i])) {
			*at = i;
			return 0;
		}
	}
	return value_wants(setting, node, err);
}

static int read_link(const struct setting *setting, const struct yaml *node,
		     struct conf_link *link, struct err *err)
{
	const struct yaml *title, *target;

	if (node->kind != YAML_MAP || node->count != 2)
		return value_wants(setting, node, err);
	title = yaml_get(node, STR("title"));
	target = yaml_get(node, STR("url"));
	if (!title || !target || title->kind != YAML_SCALAR ||
	    target->kind != YAML_SCALAR || yaml_is_null(title) ||
	    str_trim(title->text).len == 0)
		return value_wants(setting, node, err);
	if (read_text(setting, title, &link->title, err) < 0)
		return -1;
	return read_url(setting, target, true, &link->url, err);
}

static int read_links(const struct setting *setting, const struct yaml *node,
		      struct conf_link **at, struct arena *arena,
		      struct err *err)
{
	struct conf_link **tail = at;

	*at = NULL;
	if (node->kind != YAML_SEQ) {
		value_wants(setting, node, err);
		return err_hint(err, "write - {title: Name, url: "
				     "\"https://example.org\"}");
	}
	for (const struct yaml *n = node->first; n; n = n->next) {
		struct conf_link *link = arena_new_of(arena, struct conf_link);

		if (read_link(setting, n, link, err) < 0)
			return err->hint[0] ? -1
					    : err_hint(err, "write - {title: "
							    "Name, url: \"https"
							    "://example.org\"}");
		*tail = link;
		tail = &link->next;
	}
	return 0;
}

int value_read(const struct setting *setting, const struct yaml *node,
	       void *at, struct arena *arena, struct err *err)
{
	if (setting->type == SETTING_LINKS)
		return read_links(setting, node, at, arena, err);
	if (setting->type == SETTING_RATES || setting->type == SETTING_NUMBERS)
		return pacing_read(setting, node, at, err);
	if (node->kind != YAML_SCALAR)
		return value_wants(setting, node, err);
	switch (setting->type) {
	case SETTING_TEXT:
	case SETTING_LINES:
		return read_text(setting, node, at, err);
	case SETTING_URL:
		return read_url(setting, node, false, at, err);
	case SETTING_PICTURE:
		return read_picture(setting, node, at, err);
	case SETTING_DURATION:
		return read_duration(setting, node, at, err);
	case SETTING_RATE:
		if (time_rate(node->text, at))
			return 0;
		value_wants(setting, node, err);
		return err_hint(err, "write 20/s, 500/h or 2000/d");
	case SETTING_NUMBER:
		return read_number(setting, node, at, err);
	case SETTING_BOOL:
		return yaml_bool(node, at) ? 0 : value_wants(setting, node, err);
	case SETTING_CHOICE:
		return read_choice(setting, node, at, err);
	case SETTING_HOURS:
	case SETTING_PERCENT:
		return pacing_read(setting, node, at, err);
	case SETTING_RATES:
	case SETTING_NUMBERS:
	case SETTING_LINKS:
		break;
	}
	return 0;
}

void value_default(const struct setting *setting, void *at,
		   struct arena *arena)
{
	struct yaml node = { .kind = YAML_SCALAR, .plain = true };
	struct err err;

	node.text = str_of(setting->show.standard);
	if (setting->type == SETTING_TEXT || setting->type == SETTING_LINES ||
	    setting->type == SETTING_URL || setting->type == SETTING_PICTURE)
		*(struct str *)at = STR_NONE;
	if (node.text.len > 0)
		value_read(setting, &node, at, arena, &err);
}

static struct str show_links(const struct conf_link *link, struct arena *arena)
{
	struct str all = STR_NONE;

	for (; link; link = link->next)
		all = arena_fmt(arena, STR_FMT "%s" STR_FMT " <" STR_FMT ">",
				STR_ARG(all), all.len ? ", " : "",
				STR_ARG(link->title), STR_ARG(link->url));
	return all;
}

struct str value_span(int64_t ms, struct arena *arena)
{
	static const struct {
		int64_t ms;
		const char *unit;
	} units[] = { { TIME_DAY_MS, "d" },    { TIME_HOUR_MS, "h" },
		      { TIME_MINUTE_MS, "m" }, { TIME_SECOND_MS, "s" },
		      { 1, "ms" } };
	size_t i = 0;

	while (ms % units[i].ms != 0)
		i++;
	return arena_fmt(arena, "%lld%s", (long long)(ms / units[i].ms),
			 units[i].unit);
}

struct str value_show(const struct setting *setting, const void *at,
		      struct arena *arena)
{
	const struct rate *rate = at;

	switch (setting->type) {
	case SETTING_TEXT:
	case SETTING_LINES:
	case SETTING_URL:
	case SETTING_PICTURE:
		return *(const struct str *)at;
	case SETTING_DURATION:
		return *(const int64_t *)at == 0
			       ? STR_NONE
			       : value_span(*(const int64_t *)at, arena);
	case SETTING_RATE:
		if (rate->per_ms == 0)
			return STR_NONE;
		return arena_fmt(arena, "%lld/" STR_FMT,
				 (long long)rate->count,
				 STR_ARG(str_skip(value_span(rate->per_ms,
							    arena), 1)));
	case SETTING_RATES:
	case SETTING_NUMBERS:
	case SETTING_HOURS:
	case SETTING_PERCENT:
		return pacing_show(setting, at, arena);
	case SETTING_NUMBER:
		return arena_fmt(arena, "%d", *(const int *)at);
	case SETTING_BOOL:
		return *(const bool *)at ? STR("yes") : STR("no");
	case SETTING_CHOICE:
		return str_of(setting->choices[*(const int *)at]);
	case SETTING_LINKS:
		return show_links(*(struct conf_link *const *)at, arena);
	}
	return STR_NONE;
}
