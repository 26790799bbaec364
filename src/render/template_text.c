/* template_text.c - where a template's text comes from */
#include "base/file.h"
#include "base/nearest.h"
#include "template_priv.h"

#include "templates.h"

static const char *built_in(struct str name)
{
	for (size_t i = 0; template_files[i].name; i++)
		if (str_eqz(name, template_files[i].name))
			return template_files[i].text;
	return NULL;
}

static int missing(struct str name, struct err *err)
{
	struct str names[64];
	size_t count = 0;
	struct str guess;

	while (count < 64 && template_files[count].name) {
		names[count] = str_of(template_files[count].name);
		count++;
	}
	guess = nearest(name, names, count);
	err_set(err, ERR_MISSING, "there is no template '" STR_FMT "'",
		STR_ARG(str_head(name, 80)));
	if (guess.len > 0)
		return err_hint(err, "did you mean '" STR_FMT "'?",
				STR_ARG(guess));
	return err_hint(err, "put it into the publication's templates folder");
}

/* A partial's name is a plain file name: nothing leads out of the folder. */
static bool is_file_name(struct str name)
{
	if (name.len == 0 || name.len > 100 || name.at[0] == '.')
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] == '/' || name.at[i] == '\\' ||
		    (unsigned char)name.at[i] < ' ')
			return false;
	return true;
}

int template_text(const char *dir, struct str name, struct arena *arena,
		  struct str *text_out, struct err *err)
{
	const char *ours = built_in(name);
	struct err local = ERR_INIT;
	struct str path;

	if (!is_file_name(name)) {
		err_set(err, ERR_INPUT, "'" STR_FMT "' is no template's name",
			STR_ARG(str_head(name, 80)));
		return err_hint(err, "partials lie in the templates folder "
				     "and are named without a path");
	}
	path = arena_fmt(arena, "templates/" STR_FMT, STR_ARG(name));
	if (file_read_below(dir, path, TEMPLATE_MAX, arena, text_out, &local) ==
	    0)
		return 0;
	if (local.code != ERR_MISSING) {
		*err = local;
		return -1;
	}
	if (!ours)
		return missing(name, err);
	*text_out = str_of(ours);
	return 0;
}
