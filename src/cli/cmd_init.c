/* cmd_init.c - tidings init: a folder that is a publication */
#include <stdlib.h>

#include "base/file.h"
#include "cli_priv.h"

#include "sample.h"

#define IGNORE_MAX ((size_t)1024 * 1024)

#define SAMPLE_NAME "articles/welcome.md"

struct init_opts {
	const char *name;
};

static const struct option options[] = {
	{ "name", 'n', OPTION_TEXT, offsetof(struct init_opts, name), "NAME",
	  "what the publication is called; default the folder's name" },
	{ 0 }
};

/* What must never reach a repository: people's addresses and the secret. */
static const char *const ignored[] = { "tidings.db",
				       "tidings.db-*",
				       "*.key",
				       "tidings.slots/",
				       "tidings.pictures/",
				       "outbox/",
				       "catch/",
				       "*.password",
				       "*.csv",
				       NULL };

static bool has_line(struct str text, const char *line)
{
	while (text.len > 0) {
		struct str one = str_cut(text, '\n', &text);

		if (str_eqz(str_trim(one), line))
			return true;
	}
	return false;
}

/* What a .gitignore of the user's lacks is added behind his own lines. */
static int write_ignored(const struct app *app, struct err *err)
{
	char *path = app_path(app, ".gitignore");
	struct str old = STR_NONE;
	struct buf text;
	int rc = 0;

	if (file_exists(path) &&
	    file_read(path, IGNORE_MAX, app->arena, &old, err) < 0)
		return -1;
	buf_init(&text, 2 * IGNORE_MAX);
	buf_add(&text, old);
	if (old.len > 0 && !str_ends(old, STR("\n")))
		buf_byte(&text, '\n');
	for (size_t i = 0; ignored[i]; i++)
		if (!has_line(old, ignored[i]))
			buf_fmt(&text, "%s\n", ignored[i]);
	if (text.len > old.len)
		rc = file_write(path, buf_str(&text), 0644, err);
	buf_done(&text);
	return rc;
}

/* "/home/me/harbour-letter" -> "Harbour letter". */
static struct str name_of(const struct app *app)
{
	char *real = realpath(app->dir, NULL);
	struct str path = arena_dup(app->arena, str_of(real ? real : ""));
	char *name = arena_z(app->arena, path);
	char *slash = strrchr(name, '/');

	free(real);
	if (slash)
		name = slash + 1;
	for (char *c = name; *c; c++)
		if (*c == '-' || *c == '_')
			*c = ' ';
	if (name[0] >= 'a' && name[0] <= 'z')
		name[0] = (char)(name[0] - 'a' + 'A');
	return name[0] ? str_of(name) : STR("My letter");
}

static int make_key(const struct app *app, struct err *err)
{
	char *path = app_path(app, SEAL_FILE);
	struct seal *seal;

	/* One from an earlier beginning is as good, if it is whole. */
	if (!file_exists(path))
		return seal_create(path, err);
	if (seal_open(path, &seal, err) < 0)
		return -1;
	seal_close(&seal);
	return 0;
}

static int make_database(struct app *app, struct err *err)
{
	struct list *list;
	int rc;

	if (db_open(app_path(app, DB_FILE), DB_CREATE, &app->db, err) < 0 ||
	    app_open(app, NEED_SEAL, err) < 0 ||
	    list_open(app->db, app->seal, &list, err) < 0)
		return -1;
	rc = find_lists_made(app->conf, list, err);
	list_close(&list);
	return rc;
}

static int make_article(const struct app *app, struct err *err)
{
	char *path = app_path(app, SAMPLE_NAME);

	if (file_make_dir(app_path(app, "articles"), err) < 0)
		return -1;
	if (file_exists(path))
		return 0;
	return file_write(path, str_of(sample_files[0].text), 0644, err);
}

static void say_next(const struct app *app)
{
	const char *at = strcmp(app->dir, ".") == 0
				 ? ""
				 : arena_fmt(app->arena, " -C %s", app->dir).at;

	print_remark(app, "'" STR_FMT "' is ready in %s. What next:",
		     STR_ARG(app->conf->publication.name), app->dir);
	print_remark(app, "  edit %s/" CONF_FILE " and " SAMPLE_NAME, app->dir);
	print_remark(app, "  tidings%s render welcome -o welcome.html", at);
	print_remark(app, "  tidings%s subscriber add you@example.org", at);
	print_remark(app,
		     "  tidings%s catch   (in another window: it takes "
		     "the letters)",
		     at);
	print_remark(app, "  tidings%s send welcome", at);
}

static int choose_dir(struct app *app, int argc, char **argv, struct err *err)
{
	char *path;

	if (argc > 0 && (argv[0][0] == '/' || !strcmp(app->dir, ".")))
		app->dir = argv[0];
	else if (argc > 0)
		app->dir = app_path(app, argv[0]);
	path = app_path(app, CONF_FILE);
	if (!file_exists(path))
		return file_make_dir(app->dir, err);
	err_set(err, ERR_INPUT, "'%s' is there already", path);
	return err_hint(err, "this folder is a publication; 'tidings config' "
			     "shows its settings");
}

/* The settings come last: a folder without them is no publication, so that
 * after a failure the same command may be run again. */
static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	const struct init_opts *o = opts;
	struct str settings;

	if (choose_dir(app, argc, argv, err) < 0)
		return -1;
	settings = conf_template(app->arena,
				 o->name ? str_of(o->name) : name_of(app));
	if (conf_parse(app->dir, CONF_FILE, settings, app->arena, &app->conf,
		       err) < 0)
		return -1;
	if (write_ignored(app, err) < 0 || make_key(app, err) < 0 ||
	    make_article(app, err) < 0 || make_database(app, err) < 0 ||
	    file_write(app_path(app, CONF_FILE), settings, 0644, err) < 0)
		return -1;
	say_next(app);
	return 0;
}

const struct command cmd_init = {
	.name = "init",
	.args = "[DIR]",
	.summary = "make a publication: settings, a sample article, a database",
	.needs = NEED_NONE,
	.options = options,
	.opts_size = sizeof(struct init_opts),
	.max_args = 1,
	.run = run,
};
