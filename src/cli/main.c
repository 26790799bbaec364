/* main.c - parse, open, run, report, close */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli_priv.h"
#include "options_priv.h"

#define COMMAND_MEMORY ((size_t)512 * 1024 * 1024)

/* A database must never get the number of a standard stream that was closed:
 * the next message would be written into it. What stands there cannot be read
 * from, or written to, so that the loss is noticed. */
static void fill_standard_streams(void)
{
	int fd;

	do {
		bool no_input = fcntl(STDIN_FILENO, F_GETFD) < 0;

		fd = open("/dev/null", no_input ? O_WRONLY : O_RDONLY);
	} while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
}

static void look_around(struct app *app, int argc, char **argv)
{
	const char *term = getenv("TERM");
	const char *no_color = getenv("NO_COLOR");

	app->dir = ".";
	app->out = stdout;
	app->terminal = isatty(STDERR_FILENO) == 1;
	app->color = app->terminal && !(no_color && *no_color) && term &&
		     strcmp(term, "dumb") != 0;
	/* A line that cannot be parsed is complained of in JSON, too. */
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		app->json |= !strcmp(argv[i], "--json");
}

static int put_version(struct app *app)
{
	fputs("tidings " TIDINGS_VERSION "\n", app->out);
	return 0;
}

static int run(struct app *app, const struct command *command,
	       struct options *o, struct err *err)
{
	app->json = o->globals->json;
	app->quiet = o->globals->quiet;
	app->verbose = o->globals->verbose;
	if (o->globals->dir)
		app->dir = o->globals->dir;
	if (options_count(command, o->count, o->words, err) < 0 ||
	    app_open(app, command->needs, err) < 0)
		return -1;
	return command->run(app, o->opts, o->count, o->words, err);
}

static int run_command(struct app *app, struct options *o, struct err *err)
{
	const struct command *command = options_command(o->argv[o->at], err);

	if (!command)
		return -1;
	o->at++;
	o->own = command->options;
	o->opts = arena_take(app->arena, command->opts_size + 1);
	o->words = arena_many(app->arena, char *, (size_t)o->argc);
	o->command = command->name;
	if (options_parse(o, err) < 0)
		return -1;
	if (o->globals->version)
		return put_version(app);
	if (!o->globals->help)
		return run(app, command, o, err);
	usage_command(app->out, command);
	return 0;
}

static int start(struct app *app, int argc, char **argv, struct err *err)
{
	struct globals globals = { 0 };
	struct options o = {
		.globals = &globals, .argv = argv, .argc = argc, .at = 1
	};

	if (options_parse(&o, err) < 0)
		return -1;
	if (globals.version)
		return put_version(app);
	if (o.at < argc)
		return run_command(app, &o, err);
	if (globals.help) {
		usage_overview(app->out);
		return 0;
	}
	err_set(err, ERR_USAGE, "which command?");
	return err_hint(err, "see 'tidings help'");
}

/* A full disk shows only when the last bytes leave. */
static int flush(struct app *app, struct err *err)
{
	errno = EIO; /* for what failed in an earlier write */
	if (fflush(app->out) == 0 && !ferror(app->out))
		return 0;
	if (errno == EPIPE)
		exit(128 + SIGPIPE); /* nobody listens any more */
	return err_sys(err, "cannot write to standard output");
}

int main(int argc, char **argv)
{
	struct err err = ERR_INIT, late = ERR_INIT;
	struct app app = { 0 };
	int rc;

	fill_standard_streams();
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN);	/* a limit on files is an I/O error */
	look_around(&app, argc, argv);
	app.arena = arena_new("the work of a command", COMMAND_MEMORY);
	rc = start(&app, argc, argv, &err);
	if (flush(&app, &late) < 0 && rc == 0) {
		err = late;
		rc = -1;
	}
	if (rc < 0)
		print_err(&app, &err);
	app_close(&app);
	arena_free(&app.arena);
	return rc < 0 ? err_status(err.code) : 0;
}
