/* conf.c - tidings.yaml read into one struct, by one table */
#include "conf_priv.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/file.h"
#include "base/nearest.h"

#define CONF_MAX ((size_t)256 * 1024)

struct reader {
	struct conf *conf;
	struct arena *arena;
	const char *name;
};

/* --- places --------------------------------------------------------------- */

static void remember(struct reader *r, struct str setting,
		     const struct yaml *node)
{
	struct conf_place *place = arena_new_of(r->arena, struct conf_place);

	place->setting = setting;
	place->text = arena_fmt(r->arena, "%s:%d:%d", r->name, node->key_line,
				node->key_column)
			      .at;
	place->next = r->conf->places;
	r->conf->places = place;
}

const char *conf_place(const struct conf *conf, const char *setting)
{
	for (const struct conf_place *p = conf->places; p; p = p->next)
		if (str_eqz(p->setting, setting))
			return p->text;
	return CONF_FILE;
}

int conf_at(const struct conf *conf, struct err *err, const char *fmt, ...)
{
	char setting[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(setting, sizeof(setting), fmt, args);
	va_end(args);
	return err_place(err, "%s", conf_place(conf, setting));
}

/* --- reading -------------------------------------------------------------- */

static int refuse(const struct reader *r, const struct yaml *node,
		  struct err *err)
{
	if (node->key_line == 0)
		return err_place(err, "%s:%d:%d", r->name, node->line,
				 node->column);
	return err_place(err, "%s:%d:%d", r->name, node->key_line,
			 node->key_column);
}

static const struct setting *find(struct str pattern)
{
	for (size_t i = 0; i < conf_table_count; i++)
		if (str_eqz(pattern, conf_table[i].show.name))
			return &conf_table[i];
	return NULL;
}

/* The name among those that may stand where `key` stands, so that the length
 * of what is above it does not make strangers look alike. */
static struct str guess(const struct reader *r, struct str parent,
			struct str key)
{
	struct str *names = arena_many(r->arena, struct str, conf_table_count);
	size_t count = 0;

	for (size_t i = 0; i < conf_table_count; i++) {
		struct str name = str_of(conf_table[i].show.name);
		struct str rest;

		if (!str_starts(name, parent))
			continue;
		name = str_cut(str_skip(name, parent.len), '.', &rest);
		if (count == 0 || !str_eq(names[count - 1], name))
			names[count++] = name;
	}
	return nearest(key, names, count);
}

static int unknown(const struct reader *r, struct str pattern, struct str real,
		   const struct yaml *node, struct err *err)
{
	struct str key = node->key;
	struct str parent = str_head(pattern, pattern.len - key.len);
	struct str close = guess(r, parent, key);
	struct str as_file = arena_fmt(r->arena, STR_FMT "_file",
				       STR_ARG(pattern));

	err_set(err, ERR_CONFIG, "there is no setting '" STR_FMT "'",
		STR_ARG(str_head(real, 100)));
	if (find(as_file))
		err_hint(err,
			 "secrets do not stand here: name a file with '" STR_FMT
			 "_file' or a variable with '" STR_FMT "_env'",
			 STR_ARG(key), STR_ARG(key));
	else if (str_find(key, '.') >= 0)
		err_hint(err, "write the parts of a name without dots, each "
			      "on a line below the one before and indented");
	else if (close.len > 0)
		err_hint(err, "did you mean '" STR_FMT STR_FMT "'?",
			 STR_ARG(str_head(real, real.len - key.len)),
			 STR_ARG(close));
	else
		err_hint(err, "'tidings config' lists all settings");
	return refuse(r, node, err);
}

static bool is_section(struct str pattern, struct arena *arena)
{
	struct str prefix = arena_fmt(arena, STR_FMT ".", STR_ARG(pattern));

	for (size_t i = 0; i < conf_table_count; i++)
		if (str_starts(str_of(conf_table[i].show.name), prefix))
			return true;
	return false;
}

static const struct group *find_group(struct str name)
{
	for (size_t i = 0; i < conf_group_count; i++)
		if (str_eqz(name, conf_groups[i].name))
			return &conf_groups[i];
	return NULL;
}

static int read_map(struct reader *r, const struct yaml *map,
		    struct str pattern, struct str real, char *base,
		    struct err *err);

static bool key_ok(struct str key)
{
	if (key.len == 0 || key.len > 40 || key.at[0] == '-')
		return false;
	for (size_t i = 0; i < key.len; i++) {
		char c = key.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_'))
			return false;
	}
	return true;
}

static void fill_defaults(struct reader *r, const char *prefix, char *base)
{
	for (size_t i = 0; i < conf_table_count; i++) {
		const struct setting *s = &conf_table[i];
		bool grouped = strchr(s->show.name, '*') != NULL;

		if (prefix ? !strncmp(s->show.name, prefix, strlen(prefix))
			   : !grouped)
			value_default(s, base + s->offset, r->arena);
	}
}

static int read_item(struct reader *r, const struct group *group,
		     const struct yaml *node, char ***tail, struct err *err)
{
	char *item = arena_take(r->arena, group->size);
	struct str prefix = arena_fmt(r->arena, "%s.*", group->name);
	struct str real = arena_fmt(r->arena, "%s." STR_FMT, group->name,
				    STR_ARG(node->key));

	if (!key_ok(node->key)) {
		err_set(err, ERR_CONFIG, "'" STR_FMT "' is no name",
			STR_ARG(str_head(node->key, 40)));
		err_hint(err, "names are of a-z, 0-9, - and _, 40 at most");
		return refuse(r, node, err);
	}
	fill_defaults(r, arena_fmt(r->arena, "%s.*.", group->name).at, item);
	*(struct str *)(void *)item = node->key;
	if (group->line)
		*(int *)(void *)(item + group->line) = node->key_line;
	**tail = item;
	*tail = (char **)(void *)(item + group->next);
	if (yaml_is_null(node))
		return 0;
	return read_map(r, node, prefix, real, item, err);
}

static int read_group(struct reader *r, const struct group *group,
		      const struct yaml *map, struct err *err)
{
	char **tail = (char **)(void *)((char *)r->conf + group->offset);

	if (yaml_is_null(map))
		return 0;
	if (map->kind != YAML_MAP) {
		err_set(err, ERR_CONFIG, "'%s' wants a map of names",
			group->name);
		return refuse(r, map, err);
	}
	for (const struct yaml *n = map->first; n; n = n->next)
		if (read_item(r, group, n, &tail, err) < 0)
			return -1;
	return 0;
}

static int read_entry(struct reader *r, const struct yaml *node,
		      struct str pattern, struct str real, char *base,
		      struct err *err)
{
	const struct setting *setting;
	struct setting here;

	/* A dot in a key would reach settings from the wrong place. */
	if (str_find(node->key, '.') >= 0)
		return unknown(r, pattern, real, node, err);
	setting = find(pattern);
	if (setting) {
		if (yaml_is_null(node))
			return 0;
		remember(r, real, node);
		/* "relays.main.rate": the table says "relays.*.rate". */
		here = *setting;
		here.show.name = real.at;
		if (value_read(&here, node, base + setting->offset, r->arena,
			       err) < 0)
			return refuse(r, node, err);
		return 0;
	}
	if (is_section(pattern, r->arena))
		return yaml_is_null(node)
			       ? 0
			       : read_map(r, node, pattern, real, base, err);
	return unknown(r, pattern, real, node, err);
}

static int read_map(struct reader *r, const struct yaml *map,
		    struct str pattern, struct str real, char *base,
		    struct err *err)
{
	if (map->kind != YAML_MAP) {
		err_set(err, ERR_CONFIG, "'" STR_FMT "' wants a map",
			STR_ARG(real.len ? real : str_of(r->name)));
		err_hint(err, "write NAME: VALUE, each on a line of its own");
		return refuse(r, map, err);
	}
	for (const struct yaml *n = map->first; n; n = n->next) {
		const char *dot = pattern.len ? "." : "";
		const struct group *group = pattern.len ? NULL
							: find_group(n->key);
		struct str inner = arena_fmt(r->arena, STR_FMT "%s" STR_FMT,
					     STR_ARG(pattern), dot,
					     STR_ARG(n->key));
		struct str name = arena_fmt(r->arena, STR_FMT "%s" STR_FMT,
					    STR_ARG(real), dot,
					    STR_ARG(n->key));
		int rc = group ? read_group(r, group, n, err)
			       : read_entry(r, n, inner, name, base, err);

		if (rc < 0)
			return -1;
	}
	return 0;
}

/* --- what must be there and fit together ---------------------------------- */

static int missing(const struct reader *r, const char *what, const char *how,
		   struct err *err)
{
	err_set(err, ERR_CONFIG, "'%s' is missing", what);
	err_hint(err, "write %s", how);
	return err_place(err, "%s", r->name);
}

static int missing_url(const struct reader *r, const struct conf_relay *relay,
		       struct err *err)
{
	err_set(err, ERR_CONFIG, "'relays." STR_FMT ".url' is missing",
		STR_ARG(relay->key));
	err_hint(err, "write url: smtp://127.0.0.1:2525");
	return err_place(err, "%s:%d", r->name, relay->line);
}

/* The addresses in letters are made by adding to it, and headers take ASCII
 * only. */
static int check_url(struct conf *conf, struct err *err)
{
	struct str *url = &conf->publication.url;

	for (size_t i = 0; i < url->len; i++) {
		char c = url->at[i];

		if (c != '?' && c != '#' && (unsigned char)c < 0x80)
			continue;
		err_set(err, ERR_CONFIG,
			"'" STR_FMT "' cannot be the start of every address",
			STR_ARG(str_head(*url, 60)));
		err_hint(err, "write it without ? and #, and a host in its "
			      "xn-- form");
		return conf_at(conf, err, "publication.url");
	}
	while (url->len > 0 && url->at[url->len - 1] == '/')
		url->len--;
	return 0;
}

static bool type_ok(struct str type)
{
	static const struct str types[] = { STR("text"), STR("number"),
					    STR("date"), STR("bool") };

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (str_eq(type, types[i]))
			return true;
	return false;
}

static int check_attributes(const struct conf *conf, struct err *err)
{
	for (const struct conf_attribute *a = conf->attributes; a;
	     a = a->next) {
		if (type_ok(a->type))
			continue;
		err_set(err, ERR_CONFIG, "'" STR_FMT "' is no attribute's type",
			STR_ARG(str_head(a->type, 40)));
		err_hint(err, "types are text, number, date and bool");
		return conf_at(conf, err, "attributes." STR_FMT ".type",
			       STR_ARG(a->key));
	}
	return 0;
}

/* A key without its name, or a name without a key, signs nothing. */
static int check_key(const struct conf *conf, const char *prefix,
		     struct str selector, struct str file, struct err *err)
{
	if ((selector.len > 0) == (file.len > 0))
		return 0;
	err_set(err, ERR_CONFIG, "dkim.%s%s without dkim.%s%s", prefix,
		file.len > 0 ? "key_file" : "selector", prefix,
		file.len > 0 ? "selector" : "key_file");
	err_hint(err, "'tidings dkim new' makes a key and says what to write");
	return conf_at(conf, err, "dkim.%s%s", prefix,
		       file.len > 0 ? "key_file" : "selector");
}

static int check_dkim(const struct conf *conf, struct err *err)
{
	if (check_key(conf, "", conf->dkim.selector, conf->dkim.key_file, err) <
		    0 ||
	    check_key(conf, "ed25519_", conf->dkim.ed25519_selector,
		      conf->dkim.ed25519_key_file, err) < 0)
		return -1;
	if (conf->dkim.ed25519_key_file.len == 0 || conf->dkim.key_file.len > 0)
		return 0;
	err_set(err, ERR_CONFIG, "a second key without a first");
	err_hint(err, "few receivers prove Ed25519: set dkim.selector and "
		      "dkim.key_file, too");
	return conf_at(conf, err, "dkim.ed25519_key_file");
}

static void derive(struct conf *conf)
{
	for (struct conf_list *l = conf->lists; l; l = l->next)
		if (l->title.len == 0)
			l->title = l->key;
	for (struct conf_author *a = conf->authors; a; a = a->next)
		if (a->name.len == 0)
			a->name = a->key;
	if (conf->publication.copyright.len == 0)
		conf->publication.copyright = conf->publication.name;
}

static int check(struct reader *r, struct err *err)
{
	struct conf *conf = r->conf;

	if (conf->publication.name.len == 0)
		return missing(r, "publication.name",
			       "publication: {name: The Letter}", err);
	if (conf->from.len == 0)
		return missing(r, "from",
			       "from: The Letter <letters@example.org>", err);
	if (!conf->lists)
		return missing(r, "lists", "lists: {weekly: {title: Weekly}}",
			       err);
	if (!conf->relays)
		return missing(r, "relays",
			       "relays: {main: {url: smtp://127.0.0.1:2525}}",
			       err);
	for (struct conf_relay *relay = conf->relays; relay;
	     relay = relay->next) {
		if (relay->url.len == 0)
			return missing_url(r, relay, err);
		if (relay_check(conf, relay, r->arena, err) < 0)
			return -1;
	}
	derive(conf);
	if (check_url(conf, err) < 0 || check_dkim(conf, err) < 0)
		return -1;
	return check_attributes(conf, err);
}

int conf_parse(const char *dir, const char *name, struct str text,
	       struct arena *arena, const struct conf **conf_out,
	       struct err *err)
{
	struct reader r = { .arena = arena, .name = name };
	struct yaml *root;

	r.conf = arena_new_of(arena, struct conf);
	r.conf->dir = arena_dup(arena, str_of(dir));
	if (yaml_parse(text, name, 1, arena, &root, err) < 0) {
		err->code = ERR_CONFIG;
		return -1;
	}
	fill_defaults(&r, NULL, (char *)r.conf);
	if (read_map(&r, root, STR_NONE, STR_NONE, (char *)r.conf, err) < 0 ||
	    check(&r, err) < 0)
		return -1;
	*conf_out = r.conf;
	return 0;
}

int conf_load(const char *dir, struct arena *arena,
	      const struct conf **conf_out, struct err *err)
{
	const char *path = file_path(arena, dir, STR(CONF_FILE));
	struct str text;

	if (file_read(path, CONF_MAX, arena, &text, err) < 0) {
		if (err->code == ERR_INPUT)
			err->code = ERR_CONFIG;
		if (err->code != ERR_MISSING)
			return -1;
		err_set(err, ERR_MISSING, "there is no '%s'", path);
		return err_hint(err, "run 'tidings init' to make a "
				     "publication here, or name its folder "
				     "with -C");
	}
	return conf_parse(dir, CONF_FILE, text, arena, conf_out, err);
}

#define FIND(type, first)                                    \
	for (const struct type *x = (first); x; x = x->next) \
		if (str_eq(x->key, key))                     \
			return x;                            \
	return NULL

const struct conf_list *conf_list_find(const struct conf *conf, struct str key)
{
	FIND(conf_list, conf->lists);
}

const struct conf_author *conf_author_find(const struct conf *conf,
					   struct str key)
{
	FIND(conf_author, conf->authors);
}

const struct conf_attribute *conf_attribute_find(const struct conf *conf,
						 struct str key)
{
	FIND(conf_attribute, conf->attributes);
}
