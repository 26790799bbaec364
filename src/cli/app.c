/* app.c - opening what a command needs, and closing it */
#include "base/file.h"
#include "cli_priv.h"
#include "send/slots.h"

char *app_path(const struct app *app, const char *name)
{
	if (!strcmp(app->dir, "."))
		return arena_z(app->arena, str_of(name));
	return file_path(app->arena, app->dir, str_of(name));
}

static int open_db(struct app *app, enum db_mode mode, struct err *err)
{
	if (db_open(app_path(app, DB_FILE), mode, &app->db, err) == 0)
		return 0;
	/* 'tidings init' leaves alone what has its settings already. */
	if (err->code == ERR_MISSING)
		err_hint(err, "restore it from a backup; to begin without, "
			      "move " CONF_FILE " away, run 'tidings init' "
			      "and put it back");
	return -1;
}

int app_open(struct app *app, unsigned needs, struct err *err)
{
	if ((needs & NEED_CONF) && !app->conf &&
	    conf_load(app->dir, app->arena, &app->conf, err) < 0)
		return -1;
	if ((needs & NEED_SEAL) && !app->seal &&
	    seal_open(app_path(app, SEAL_FILE), &app->seal, err) < 0)
		return -1;
	if ((needs & NEED_DB_WRITE) && !app->db)
		return open_db(app, DB_WRITE, err);
	if ((needs & NEED_DB_READ) && !app->db)
		return open_db(app, DB_READ, err);
	return 0;
}

int app_tell_senders(const struct app *app, struct err *err)
{
	struct generation *generation;

	if (generation_open(app->dir, &generation, err) < 0)
		return -1;
	generation_raise(generation);
	generation_close(&generation);
	return 0;
}

void app_close(struct app *app)
{
	db_close(&app->db);
	if (app->seal)
		seal_close(&app->seal);
}
