/* cmd_new.c - tidings new: an article to write */
#include <assert.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/utf8.h"
#include "cli_priv.h"
#include "content/article.h"

#define SLUG_MAX  80
#define TITLE_MAX 500

struct new_opts {
	const char *list;
};

static const struct option options[] = {
	{ "list", 'l', OPTION_TEXT, offsetof(struct new_opts, list), "LIST",
	  "whom it will go to; wanted when there are several lists" },
	{ 0 }
};

/* U+00C0 to U+017F without their marks; "-" is no letter. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo-ouuuuyts"
			    "aaaaaaaceeeeiiiidnooooo-ouuuuyty"
			    "aaaaaaccccccccdddd"
			    "eeeeeeeeee"
			    "gggggggg"
			    "hhhh"
			    "iiiiiiiiii"
			    "ii"
			    "jj"
			    "kkk"
			    "llllllllll"
			    "nnnnnnnnn"
			    "oooooooo"
			    "rrrrrr"
			    "ssssssss"
			    "tttttt"
			    "uuuuuuuuuuuu"
			    "ww"
			    "yyy"
			    "zzzzzz"
			    "s";

static char plain_letter(uint32_t c)
{
	if (c < 0x80)
		return (char)c;
	if (c >= 0xC0 && c < 0xC0 + sizeof(latin) - 1)
		return latin[c - 0xC0];
	return '-';
}

/* "Café at Nine" -> "cafe-at-nine"; a title without a Latin letter or digit
 * gives "issue". */
static struct str slug_of(struct arena *arena, struct str title)
{
	char *plain = arena_take(arena, title.len + 1);
	struct str slug;
	size_t n = 0;

	while (title.len > 0) {
		size_t len;

		plain[n++] = plain_letter(utf8_next(title, &len));
		title = str_skip(title, len);
	}
	/* By the rule that reads it from the file's name again. */
	slug = article_slug_of_title(arena, str_at(plain, n));
	slug = article_slug_of_title(arena, str_head(slug, SLUG_MAX));
	return slug.len > 0 ? slug : STR("issue");
}

static struct str join(struct arena *arena, int argc, char **argv)
{
	struct str title = STR_NONE;

	for (int i = 0; i < argc; i++)
		title = arena_fmt(arena, STR_FMT "%s%s", STR_ARG(title),
				  i ? " " : "", argv[i]);
	return str_trim(title);
}

static int check_title(struct str title, struct err *err)
{
	if (title.len == 0)
		return err_set(err, ERR_USAGE, "the title is empty");
	if (!utf8_ok(title, NULL) || utf8_has_control(title))
		return err_set(err, ERR_USAGE,
			       "the title has a control "
			       "character or is not UTF-8");
	if (title.len > TITLE_MAX)
		return err_set(err, ERR_USAGE,
			       "the title has %zu bytes, %d at most", title.len,
			       TITLE_MAX);
	return 0;
}

/* A second article of one slug could never be sent. */
static int check_free(const struct app *app, struct str slug, struct err *err)
{
	struct err none = ERR_INIT;
	struct str other;

	if (article_locate(app->dir, slug, app->arena, &other, &none) < 0 &&
	    none.code == ERR_MISSING)
		return 0;
	err_set(err, ERR_INPUT, "there is an article '" STR_FMT "' already",
		STR_ARG(slug));
	if (none.code == ERR_NONE)
		err_place(err, STR_FMT, STR_ARG(other));
	return err_hint(err, "write on there, or choose another title");
}

static void add_quoted(struct buf *text, struct str value)
{
	buf_byte(text, '"');
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] == '"' || value.at[i] == '\\')
			buf_byte(text, '\\');
		buf_byte(text, value.at[i]);
	}
	buf_byte(text, '"');
}

static void compose(const struct app *app, struct str title, const char *day,
		    const struct conf_list *list, struct buf *text)
{
	const struct conf_author *author = app->conf->authors;

	buf_addz(text, "---\ntitle: ");
	add_quoted(text, title);
	buf_fmt(text, "\ndate: %s\n", day);
	if (author && !author->next)
		buf_fmt(text, "author: " STR_FMT "\n", STR_ARG(author->key));
	if (app->conf->lists->next)
		buf_fmt(text, "list: " STR_FMT "\n", STR_ARG(list->key));
	buf_addz(text,
		 "---\n"
		 "Dear {{subscriber.first_name | default \"reader\"}},\n\n"
		 "write here.\n");
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	const struct new_opts *o = opts;
	struct str title = join(app->arena, argc, argv);
	const struct conf_list *list;
	char day[TIME_RFC3339_MAX];
	struct str slug, name;
	struct buf text;
	int rc = -1;

	if (check_title(title, err) < 0 ||
	    find_list(app->conf, o->list, &list, err) < 0)
		return -1;
	slug = slug_of(app->arena, title);
	if (check_free(app, slug, err) < 0)
		return -1;
	time_rfc3339(clock_now_ms(), day);
	day[10] = 0;
	name = arena_fmt(app->arena, "articles/%s-" STR_FMT ".md", day,
			 STR_ARG(slug));
	buf_init(&text, 64 * 1024);
	compose(app, title, day, list, &text);
	assert(!buf_over(&text));
	if (file_make_dir(app_path(app, "articles"), err) == 0)
		rc = file_create(app_path(app, name.at), buf_str(&text), 0644,
				 err);
	buf_done(&text);
	if (rc == 0)
		fprintf(app->out, "%s\n", app_path(app, name.at));
	return rc;
}

const struct command cmd_new = {
	.name = "new",
	.args = "TITLE...",
	.summary = "begin an article and print its path",
	.needs = NEED_CONF,
	.options = options,
	.opts_size = sizeof(struct new_opts),
	.min_args = 1,
	.max_args = 1000,
	.run = run,
};
