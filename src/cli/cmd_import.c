/* cmd_import.c - tidings import: people from a file, all or none */
#include "base/clock.h"
#include "cli_priv.h"
#include "list/import.h"

#define MAPS_MAX (2 * OPTION_MANY_MAX)

struct import_opts {
	const char *list;
	bool dry_run;
	struct option_many map, ignore;
};

#define I(field) offsetof(struct import_opts, field)

static const struct option options[] = {
	{ "list", 'l', OPTION_TEXT, I(list), "LIST",
	  "add them to this list; wanted when there are several" },
	{ "dry-run", 'n', OPTION_FLAG, I(dry_run), NULL,
	  "check the file, say what would happen, change nothing" },
	{ "map", 'm', OPTION_MANY, I(map), "COL=FIELD",
	  "take the column COL as FIELD" },
	{ "ignore", 'i', OPTION_MANY, I(ignore), "COL",
	  "leave the column COL out" },
	{ 0 }
};

static int read_maps(const struct import_opts *o, struct import_map *maps,
		     size_t *count_out, struct err *err)
{
	size_t count = 0;

	for (int i = 0; i < o->map.count; i++) {
		struct import_map *map = &maps[count++];

		map->column = str_cut(str_of(o->map.at[i]), '=', &map->field);
		if (map->column.len > 0 && map->field.len > 0)
			continue;
		err_set(err, ERR_USAGE,
			"'--map %s' has no '=' between a "
			"column and a field",
			o->map.at[i]);
		return err_hint(err, "such as --map \"First Name=first_name\"");
	}
	for (int i = 0; i < o->ignore.count; i++)
		maps[count++] = (struct import_map){ str_of(o->ignore.at[i]),
						     STR_NONE };
	*count_out = count;
	return 0;
}

static void show_rows(void *arg, int64_t rows)
{
	const struct app *app = arg;

	if (app->terminal && print_heard(app))
		fprintf(stderr, "\r%lld rows read", (long long)rows);
}

static void show_done(const struct app *app, bool dry_run,
		      const struct import_done *done)
{
	struct json *json;

	if (app->json) {
		json = json_map();
		json_add_int(json, "rows", done->rows);
		json_add_int(json, "added", done->added);
		json_add_int(json, "changed", done->changed);
		json_add_int(json, "known", done->known);
		json_add_int(json, "kept_out", done->kept_out);
		json_add_int(json, "repeated", done->repeated);
		json_add_bool(json, "dry_run", dry_run);
		print_json(app->out, &json);
		return;
	}
	print_remark(app,
		     "%s%lld added, %lld changed, %lld known already, "
		     "%lld repeated, %lld who left or are suppressed kept out",
		     dry_run ? "nothing was changed; there would be " : "",
		     (long long)done->added, (long long)done->changed,
		     (long long)done->known, (long long)done->repeated,
		     (long long)done->kept_out);
}

/* A file with a column `lists` needs no --list: 0 says that none is meant. */
static int choose_list(const struct app *app, struct list *list,
		       const char *word, int64_t *id_out, struct err *err)
{
	const struct conf_list *conf_list;

	*id_out = 0;
	if (!word && app->conf->lists->next)
		return 0;
	if (find_list(app->conf, word, &conf_list, err) < 0)
		return -1;
	return list_id(list, conf_list->key, false, id_out, err);
}

static int import(struct app *app, struct list *list,
		  const struct import_opts *o, const char *path,
		  struct err *err)
{
	struct import_map maps[MAPS_MAX];
	struct import_options options_ = { .path = path, .maps = maps };
	struct import_done done = { 0 };
	struct str *names, *types;
	int rc;

	if (read_maps(o, maps, &options_.map_count, err) < 0 ||
	    find_lists_made(app->conf, list, err) < 0 ||
	    choose_list(app, list, o->list, &options_.list_id, err) < 0)
		return -1;
	options_.attribute_count = find_attributes(app, &names, &types);
	options_.attributes = names;
	options_.attribute_types = types;
	options_.who = find_user(app->arena);
	options_.dry_run = o->dry_run;
	options_.now = clock_now_ms();
	options_.progress = show_rows;
	options_.progress_arg = app;
	rc = list_import(list, &options_, &done, err);
	if (app->terminal && print_heard(app) && done.rows >= 10000)
		fputs("\r\033[K", stderr);
	if (rc < 0)
		return -1;
	show_done(app, o->dry_run, &done);
	/* The file may say of somebody that they left. */
	return o->dry_run ? 0 : app_tell_senders(app, err);
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	struct list *list;
	int rc;

	(void)argc;
	if (list_open(app->db, app->seal, &list, err) < 0)
		return -1;
	rc = import(app, list, opts, argv[0], err);
	list_close(&list);
	return rc;
}

const struct command cmd_import = {
	.name = "import",
	.args = "FILE",
	.summary = "add subscribers from a file, all or none",
	.needs = NEED_CONF | NEED_SEAL | NEED_DB_WRITE,
	.options = options,
	.opts_size = sizeof(struct import_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
