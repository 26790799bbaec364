/* locate.c - the file that a slug or path names: see content/article.h */
#include <dirent.h>
#include <stdlib.h>

#include "article_priv.h"
#include "base/file.h"
#include "base/nearest.h"
#include "content/article.h"

#define FOLDER "articles"

struct folder {
	const char *dir;   /* of the publication */
	struct str *names; /* "x.md", sorted */
	size_t count;
};

struct str article_slug_of_title(struct arena *arena, struct str text)
{
	char *slug = arena_take(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (is_alnum(c))
			slug[len++] = c;
		else if (len > 0 && slug[len - 1] != '-')
			slug[len++] = '-';
	}
	if (len > 0 && slug[len - 1] == '-')
		len--;
	slug[len] = 0;
	return str_at(slug, len);
}

/* The file's name without folders and .md. */
static struct str stem(struct str path)
{
	for (size_t i = path.len; i > 0; i--)
		if (path.at[i - 1] == '/') {
			path = str_skip(path, i);
			break;
		}
	if (str_ends(path, STR(".md")))
		path.len -= 3;
	return path;
}

struct str article_slug(struct arena *arena, struct str path)
{
	struct str name = stem(path);
	struct date date;

	if (name.len > 11 && name.at[10] == '-' &&
	    time_date_parse(str_head(name, 10), &date))
		name = str_skip(name, 11);
	return article_slug_of_title(arena, name);
}

static int is_article(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       str_ends(str_of(entry->d_name), STR(".md"));
}

/* In byte order; alphasort(3) would ask the locale. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* No folder is as good as an empty one. */
static struct folder list_folder(const char *dir, struct arena *arena)
{
	struct folder folder = { .dir = dir };
	struct dirent **entries;
	int count = scandir(file_path(arena, dir, STR(FOLDER)), &entries,
			    is_article, by_bytes);

	if (count < 0)
		return folder;
	folder.count = (size_t)count;
	folder.names = arena_many(arena, struct str, folder.count);
	for (size_t i = 0; i < folder.count; i++) {
		folder.names[i] = arena_dup(arena, str_of(entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	return folder;
}

static bool has_file_name(const struct folder *folder, size_t i,
			  struct str slug, struct arena *arena)
{
	struct str name = folder->names[i];

	return str_eq(article_slug(arena, name), slug) ||
	       str_eq(stem(name), slug);
}

/* `slug:` of the front matter. An article that cannot be read has none: what
 * is wrong with it is said when it is asked for by name. */
static bool has_front_matter(const struct folder *folder, size_t i,
			     struct str slug, struct arena *arena)
{
	struct str path = arena_fmt(arena, FOLDER "/" STR_FMT,
				    STR_ARG(folder->names[i]));
	struct err ignored = ERR_INIT;
	struct article *article;

	return article_read(folder->dir, path, arena, &article, &ignored) ==
		       0 &&
	       str_eq(article->slug, slug);
}

typedef bool (*slug_test)(const struct folder *folder, size_t i,
			  struct str slug, struct arena *arena);

/* 1 and the file, 0 for none, -1 for more than one. */
static int find(const struct folder *folder, struct str slug, slug_test test,
		struct str *name_out, struct err *err)
{
	struct arena *scratch = arena_new("looking for an article",
					  128 * ARTICLE_MAX);
	int found = 0;

	for (size_t i = 0; i < folder->count && found >= 0; i++) {
		struct str name = folder->names[i];
		bool hit = test(folder, i, slug, scratch);

		arena_reset(scratch);
		if (!hit)
			continue;
		if (++found == 1) {
			*name_out = name;
			continue;
		}
		err_set(err, ERR_INPUT,
			"'" STR_FMT "' is the slug of both '" STR_FMT
			"' and '" STR_FMT "'",
			STR_ARG(slug), STR_ARG(*name_out), STR_ARG(name));
		found = err_hint(err, "name the file, or give one of them "
				      "another 'slug:'");
	}
	arena_free(&scratch);
	return found;
}

/* What a file's article is called: its `slug:` where it can be read. */
static struct str slug_in(const struct folder *folder, size_t i,
			  struct arena *arena)
{
	struct str path = arena_fmt(arena, FOLDER "/" STR_FMT,
				    STR_ARG(folder->names[i]));
	struct err ignored = ERR_INIT;
	struct article *article;

	if (article_read(folder->dir, path, arena, &article, &ignored) == 0)
		return article->slug;
	return article_slug(arena, folder->names[i]);
}

int article_alone(const char *dir, const struct article *article,
		  struct arena *arena, struct err *err)
{
	struct arena *scratch = arena_new("looking for a namesake",
					  128 * ARTICLE_MAX);
	struct folder folder = list_folder(dir, arena);
	int rc = 0;

	for (size_t i = 0; i < folder.count && rc == 0; i++) {
		struct str slug = slug_in(&folder, i, scratch);
		bool hit = str_eq(slug, article->slug) &&
			   !(str_starts(article->path, STR(FOLDER "/")) &&
			     str_eq(str_skip(article->path, sizeof(FOLDER)),
				    folder.names[i]));

		arena_reset(scratch);
		if (!hit)
			continue;
		err_set(err, ERR_INPUT,
			"its slug '" STR_FMT "' is that of '" FOLDER "/" STR_FMT
			"', too",
			STR_ARG(article->slug), STR_ARG(folder.names[i]));
		err_hint(err, "give one of them another 'slug:'");
		rc = err_place(err, STR_FMT, STR_ARG(article->path));
	}
	arena_free(&scratch);
	return rc;
}

static int is_missing(const struct folder *folder, struct str issue,
		      struct arena *arena, struct err *err)
{
	struct str *slugs = arena_many(arena, struct str, folder->count + 1);
	struct str close;

	for (size_t i = 0; i < folder->count; i++)
		slugs[i] = article_slug(arena, folder->names[i]);
	close = nearest(article_slug(arena, issue), slugs, folder->count);
	err_set(err, ERR_MISSING, "there is no article '" STR_FMT "'",
		STR_ARG(str_head(issue, 200)));
	if (close.len > 0)
		return err_hint(err, "did you mean '" STR_FMT "'?",
				STR_ARG(close));
	return err_hint(err, "articles are the files " FOLDER "/*.md; "
			     "'tidings new' makes one");
}

/* `path` as the author typed it, made a path below `dir`. */
static struct str below(const char *dir, struct str path)
{
	struct str start = str_of(dir);

	if (str_starts(path, start) && path.len > start.len &&
	    path.at[start.len] == '/')
		path = str_skip(path, start.len + 1);
	while (str_starts(path, STR("./")))
		path = str_skip(path, 2);
	return path;
}

static bool try_path(const char *dir, struct str path, struct arena *arena,
		     struct str *name_out)
{
	if (!file_exists(file_path(arena, dir, path)))
		return false;
	*name_out = path;
	return true;
}

int article_locate(const char *dir, struct str issue, struct arena *arena,
		   struct str *name_out, struct err *err)
{
	struct str path = arena_dup(arena, below(dir, issue));
	struct folder folder;
	int found = 0;

	if (path.len == 0 || memchr(path.at, 0, path.len)) {
		err_set(err, ERR_INPUT, "an article has a name");
		return err_hint(err, "a file below the publication, or a "
				     "slug such as 'welcome'");
	}
	if (str_ends(path, STR(".md")) &&
	    (try_path(dir, path, arena, name_out) ||
	     try_path(dir, arena_fmt(arena, FOLDER "/" STR_FMT, STR_ARG(path)),
		      arena, name_out)))
		return 0;
	folder = list_folder(dir, arena);
	if (str_find(path, '/') < 0)
		found = find(&folder, path, has_file_name, &path, err);
	if (found == 0 && str_find(path, '/') < 0)
		found = find(&folder, path, has_front_matter, &path, err);
	if (found < 0)
		return -1;
	if (found == 0)
		return is_missing(&folder, issue, arena, err);
	*name_out = arena_fmt(arena, FOLDER "/" STR_FMT, STR_ARG(path));
	return 0;
}
