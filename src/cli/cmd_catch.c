/* cmd_catch.c - tidings catch: a mail server that keeps all it gets */
#include "base/file.h"
#include "catch/catch.h"
#include "cli_priv.h"

#define PASSWORD_MAX 4096

struct catch_opts {
	const char *smtp, *dir, *faults, *password_file;
	bool maildir;
};

#define C(field) offsetof(struct catch_opts, field)

static const struct option options[] = {
	{ "smtp", 's', OPTION_TEXT, C(smtp), "HOST:PORT",
	  "where to listen; default 127.0.0.1:2525, port 0 is any free one" },
	{ "dir", 'd', OPTION_TEXT, C(dir), "DIR",
	  "where letters go; default catch" },
	{ "maildir", 'm', OPTION_FLAG, C(maildir), NULL, "make DIR a Maildir" },
	{ "faults", 'f', OPTION_TEXT, C(faults), "SPEC",
	  "misbehave: WHEN:WHAT@P%; ... as the manual says" },
	{ "password-file", 'p', OPTION_TEXT, C(password_file), "FILE",
	  "want a login with the password in this file" },
	{ 0 }
};

/* An address of this machine alone, as catch_run() writes it. */
static bool is_here(struct str address)
{
	return str_starts(address, STR("127.")) ||
	       str_starts(address, STR("[::1]:")) ||
	       str_starts(address, STR("[::ffff:127."));
}

static void say_ready(void *arg, const char *address, const char *pem_path)
{
	const struct app *app = arg;
	struct json *json;

	if (app->json) {
		json = json_map();
		json_add_str(json, "listening", str_of(address));
		json_add_str(json, "certificate", str_of(pem_path));
		print_json(app->out, &json);
	} else if (!app->quiet) {
		fprintf(app->out, "listening on %s\n", address);
	}
	fflush(app->out);
	if (!is_here(str_of(address)))
		print_warning(
			app,
			"the whole network reaches %s and may fill the "
			"disk: '--smtp 127.0.0.1:PORT' is for this machine "
			"alone",
			address);
}

static void say_caught(void *arg, int64_t number, struct str from,
		       struct str to, int64_t size)
{
	const struct app *app = arg;

	print_remark(app, "caught %lld: " STR_FMT " -> " STR_FMT ", %lld bytes",
		     (long long)number, STR_ARG(str_head(from, 320)),
		     STR_ARG(str_head(to, 320)), (long long)size);
}

static int read_password(const struct app *app, const char *path,
			 struct str *password_out, struct err *err)
{
	*password_out = STR_NONE;
	if (!path)
		return 0;
	if (file_read(path, PASSWORD_MAX, app->arena, password_out, err) < 0)
		return -1;
	*password_out = str_trim(*password_out);
	if (password_out->len == 0)
		return err_set(err, ERR_INPUT, "'%s' holds no password", path);
	return 0;
}

/* Relative to -C, as all that belongs to a publication. */
static const char *folder(const struct app *app, const char *dir)
{
	if (!dir)
		dir = "catch";
	return dir[0] == '/' || !strcmp(app->dir, ".") ? dir
						       : app_path(app, dir);
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	const struct catch_opts *o = opts;
	struct catch_options options_ = {
		.listen = str_of(o->smtp ? o->smtp : "127.0.0.1:2525"),
		.dir = folder(app, o->dir),
		.faults = str_of(o->faults ? o->faults : ""),
		.require_auth = o->password_file != NULL,
		.maildir = o->maildir,
		.ready = say_ready,
		.caught = say_caught,
		.arg = app,
	};

	(void)argc;
	(void)argv;
	if (catch_faults_check(options_.faults, err) < 0 ||
	    read_password(app, o->password_file, &options_.password, err) < 0)
		return -1;
	options_.stop = signals_stop();
	return catch_run(&options_, err);
}

const struct command cmd_catch = {
	.name = "catch",
	.args = "",
	.summary = "take letters by SMTP and keep them, for trying things out",
	.needs = NEED_NONE,
	.options = options,
	.opts_size = sizeof(struct catch_opts),
	.run = run,
};
