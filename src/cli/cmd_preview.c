/* cmd_preview.c - tidings preview: the letter in the browser, as you write */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "cli_priv.h"
#include "desk/preview.h"

struct preview_opts {
	const char *listen;
	bool no_open;
};

#define P(field) offsetof(struct preview_opts, field)

static const struct option options[] = {
	{ "listen", 'l', OPTION_TEXT, P(listen), "HOST:PORT",
	  "where to listen, on this machine only; default 127.0.0.1:8026 or "
	  "the next free port" },
	{ "no-open", 'n', OPTION_FLAG, P(no_open), NULL,
	  "only say the address; open no browser" },
	{ 0 }
};

extern char **environ;

struct showing {
	const struct app *app;
	const struct preview_opts *opts;
};

/* Somebody sits there, and has a screen. */
static bool has_screen(const struct app *app)
{
	const char *x = getenv("DISPLAY");
	const char *wayland = getenv("WAYLAND_DISPLAY");

	return app->terminal && ((x && *x) || (wayland && *wayland));
}

/* $BROWSER may name several, with ':' between: the first. */
static char *browser(struct arena *arena)
{
	const char *named = getenv("BROWSER");
	struct str rest;

	if (!named || !*named)
		return arena_z(arena, STR("xdg-open"));
	return arena_z(arena, str_cut(str_of(named), ':', &rest));
}

/* In a group of its own: the interrupt key is for us. What it says is lost,
 * and so is the news that there is none: the address is on the screen. */
static int spawn(char **argv)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	pid_t pid;
	int rc;

	posix_spawnattr_init(&attr);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	posix_spawn_file_actions_init(&actions);
	for (int fd = 0; fd <= 2; fd++)
		posix_spawn_file_actions_addopen(&actions, fd, "/dev/null",
						 O_RDWR, 0);
	rc = posix_spawnp(&pid, argv[0], &actions, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return rc;
}

/* By a child that ends at once: the browser's end is then not ours to hear. */
static void open_browser(const struct app *app, const char *url)
{
	char *argv[] = { browser(app->arena), arena_z(app->arena, str_of(url)),
			 NULL };
	int status = 1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(spawn(argv) != 0);
	if (pid > 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	if (status != 0)
		print_remark(app, "cannot run '%s' to open it", argv[0]);
}

/* The first folder that is too deep or too many. */
static void say_unwatched(void *arg, const char *folder)
{
	const struct showing *showing = arg;

	print_warning(showing->app,
		      "'%s' is not watched, being too deep or one too many: "
		      "reload the page after a save in such a folder",
		      folder);
}

static void say_ready(void *arg, const char *url)
{
	const struct showing *showing = arg;
	const struct app *app = showing->app;
	struct json *json;

	if (app->json) {
		json = json_map();
		json_add_str(json, "url", str_of(url));
		print_json(app->out, &json);
	} else {
		fprintf(app->out, "%s\n", url);
	}
	fflush(app->out);
	print_remark(app, "Ctrl-C ends the preview");
	if (!showing->opts->no_open && !app->json && has_screen(app))
		open_browser(app, url);
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	const struct preview_opts *o = opts;
	struct showing showing = { app, o };
	struct preview_options options_ = {
		.dir = app->dir,
		.database = app_path(app, DB_FILE),
		.key = app_path(app, SEAL_FILE),
		.issue = argc > 0 ? argv[0] : NULL,
		.listen = o->listen,
		.ready = say_ready,
		.unwatched = say_unwatched,
		.arg = &showing,
	};

	options_.stop = signals_stop();
	return preview_run(&options_, err);
}

const struct command cmd_preview = {
	.name = "preview",
	.args = "[ISSUE]",
	.summary = "show a letter in the browser, and again with each save",
	.needs = NEED_CONF,
	.options = options,
	.opts_size = sizeof(struct preview_opts),
	.max_args = 1,
	.run = run,
};
