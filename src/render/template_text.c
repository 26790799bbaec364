/* template_text.c - where a template's text comes from */
#include "base/file.h"
#include "base/nearest.h"
#include "template_priv.h"

#include "templates.h"

const char *template_built_in(struct str path)
{
	for (size_t i = 0; template_files[i].name; i++)
		if (str_eqz(path, template_files[i].name))
			return template_files[i].text;
	return NULL;
}

/* The theme's own version, else the one that all themes share. */
static const char *ours(const struct templates *from, const char *medium,
			struct str name, struct arena *arena)
{
	const char *found = template_built_in(
		arena_fmt(arena, "themes/%s/%s/" STR_FMT, from->theme, medium,
			  STR_ARG(name)));

	return found ? found
		     : template_built_in(arena_fmt(arena, "%s/" STR_FMT, medium,
						   STR_ARG(name)));
}

/* The built-in names of one medium. */
static size_t names_of(const char *medium, struct str *names, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; template_files[i].name && count < max; i++) {
		struct str name;
		struct str folder = str_cut(str_of(template_files[i].name), '/',
					    &name);

		if (str_eqz(folder, medium))
			names[count++] = name;
	}
	return count;
}

static int missing(const char *medium, struct str name, struct err *err)
{
	struct str names[64];
	struct str guess = nearest(name, names, names_of(medium, names, 64));

	err_set(err, ERR_MISSING, "there is no template '%s/" STR_FMT "'",
		medium, STR_ARG(str_head(name, 80)));
	if (guess.len > 0)
		return err_hint(err, "did you mean '" STR_FMT "'?",
				STR_ARG(guess));
	return err_hint(err, "put it into the publication's templates/%s/",
			medium);
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

int template_text(const struct templates *from, const char *medium,
		  struct str name, struct arena *arena, struct str *text_out,
		  struct err *err)
{
	const char *text = NULL;
	struct err local = ERR_INIT;
	struct str path;

	if (!is_file_name(name)) {
		err_set(err, ERR_INPUT, "'" STR_FMT "' is no template's name",
			STR_ARG(str_head(name, 80)));
		return err_hint(err, "partials lie in the templates folder "
				     "and are named without a path");
	}
	path = arena_fmt(arena, "templates/%s/" STR_FMT, medium, STR_ARG(name));
	if (file_read_below(from->dir, path, TEMPLATE_MAX, arena, text_out,
			    &local) == 0)
		return 0;
	if (local.code != ERR_MISSING) {
		*err = local;
		return -1;
	}
	text = ours(from, medium, name, arena);
	if (!text)
		return missing(medium, name, err);
	*text_out = str_of(text);
	return 0;
}

/* Whatever is no file's name is no partial's. */
int template_partial(const char *dir, struct str name, struct arena *arena,
		     struct str *text_out, struct str *file_out,
		     struct err *err)
{
	static const char *const endings[] = { ".mustache", ".html" };

	*text_out = *file_out = STR_NONE;
	if (!dir || !is_file_name(name))
		return 0;
	for (size_t i = 0; i < 2; i++) {
		struct err local = ERR_INIT;

		*file_out = arena_fmt(arena, STR_FMT "%s", STR_ARG(name),
				      endings[i]);
		if (file_read_below(dir, *file_out, TEMPLATE_MAX, arena,
				    text_out, &local) == 0)
			return 0;
		if (local.code == ERR_MISSING)
			continue;
		*err = local;
		return -1;
	}
	*text_out = STR_NONE;
	return 0;
}
