/* show.c - the settings as `tidings config` and the manual show them */
#include "conf_priv.h"

struct walk {
	const struct conf *conf;
	struct arena *arena;
	int (*row)(void *arg, const struct conf_row *row);
	void *arg;
};

static int show(struct walk *w, const struct setting *setting,
		struct str name, const char *base)
{
	struct conf_row row = {
		.setting = name.at,
		.value = value_show(setting, base + setting->offset, w->arena),
		.origin = "default",
		.help = setting->show.help,
	};

	for (const struct conf_place *p = w->conf->places; p; p = p->next)
		if (str_eq(p->setting, name))
			row.origin = p->text;
	return w->row(w->arg, &row);
}

/* One setting of a group, for each of its items. */
static int show_group(struct walk *w, const struct setting *setting,
		      const struct group *group, struct str tail)
{
	const char *item = *(char *const *)(const void *)
		((const char *)w->conf + group->offset);
	int rc = 0;

	while (item && rc == 0) {
		struct str key = *(const struct str *)(const void *)item;

		rc = show(w, setting,
			  arena_fmt(w->arena, "%s." STR_FMT STR_FMT,
				    group->name, STR_ARG(key), STR_ARG(tail)),
			  item);
		item = *(char *const *)(const void *)(item + group->next);
	}
	return rc;
}

static const struct group *group_of(const char *name)
{
	for (size_t i = 0; i < conf_group_count; i++)
		if (str_starts(str_of(name), str_of(conf_groups[i].name)))
			return &conf_groups[i];
	return NULL;
}

int conf_each(const struct conf *conf, struct arena *arena,
	      int (*row)(void *arg, const struct conf_row *row), void *arg)
{
	struct walk w = { conf, arena, row, arg };
	int rc = 0;

	for (size_t i = 0; i < conf_table_count && rc == 0; i++) {
		const struct setting *s = &conf_table[i];
		struct str name = str_of(s->show.name);
		ptrdiff_t star = str_find(name, '*');

		if (star < 0)
			rc = show(&w, s, name, (const char *)conf);
		else
			rc = show_group(&w, s, group_of(s->show.name),
					str_skip(name, (size_t)star + 1));
	}
	return rc;
}

const struct conf_setting *conf_settings(size_t index)
{
	return index < conf_table_count ? &conf_table[index].show : NULL;
}
