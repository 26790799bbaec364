/* listing.c - all articles of the publication, the newest first */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "content/article.h"
#include "fill_priv.h"
#include "preview_priv.h"

#define FOLDER	     "articles"
#define ARTICLES_MAX 1000
#define LIST_MAX     ((size_t)4 * 1024 * 1024)

struct entry {
	struct str file;	 /* "articles/x.md" */
	struct str title, about; /* of one that is broken: why */
	const char *state;	 /* "ready", "draft", "broken" */
	int64_t when;		 /* its date, else when it was saved */
	bool dated;
};

static int is_article(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       str_ends(str_of(entry->d_name), STR(".md"));
}

/* Articles may be large, and there may be many: only what is shown is kept. */
static void describe(const char *dir, struct entry *entry, struct arena *arena,
		     struct arena *scratch)
{
	struct err err = ERR_INIT;
	struct article *article;

	if (article_read(dir, entry->file, scratch, &article, &err) < 0) {
		entry->state = "broken";
		entry->title = entry->file;
		entry->about = arena_dup(arena, str_of(err.message));
		return;
	}
	entry->state = article->draft ? "draft" : "ready";
	entry->title = arena_dup(arena, article->title);
	entry->about = arena_dup(arena, article->deck);
	entry->dated = article->date.year > 0;
	if (entry->dated)
		entry->when = time_of_date(article->date);
}

static struct entry saved_at(const char *dir, const char *name,
			     struct arena *arena)
{
	struct entry entry = { .file = arena_fmt(arena, FOLDER "/%s", name) };
	struct stat st;

	if (stat(file_path(arena, dir, entry.file), &st) == 0)
		entry.when = (int64_t)st.st_mtime * TIME_SECOND_MS;
	return entry;
}

/* Without a date an article is being written: these stand first. */
static int newest_first(const void *a_, const void *b_)
{
	const struct entry *a = a_, *b = b_;

	if (a->dated != b->dated)
		return a->dated ? 1 : -1;
	if (a->when != b->when)
		return a->when < b->when ? 1 : -1;
	return -str_cmp(a->file, b->file);
}

static size_t read_all(const char *dir, struct entry **entries_out,
		       struct arena *arena)
{
	struct arena *scratch;
	struct dirent **names;
	int found = scandir(file_path(arena, dir, STR(FOLDER)), &names,
			    is_article, NULL);
	struct entry *all;
	size_t kept;

	if (found <= 0) {
		if (found == 0)
			free(names);
		return 0;
	}
	all = arena_many(arena, struct entry, (size_t)found);
	for (int i = 0; i < found; i++) {
		all[i] = saved_at(dir, names[i]->d_name, arena);
		free(names[i]);
	}
	free(names);
	/* Of too many the latest saved: their dates would have to be read. */
	qsort(all, (size_t)found, sizeof(*all), newest_first);
	kept = found < ARTICLES_MAX ? (size_t)found : ARTICLES_MAX;
	scratch = arena_new("a list of articles", 128 * ARTICLE_MAX);
	for (size_t i = 0; i < kept; i++) {
		describe(dir, &all[i], arena, scratch);
		arena_reset(scratch);
	}
	arena_free(&scratch);
	qsort(all, kept, sizeof(*all), newest_first);
	*entries_out = all;
	return kept;
}

static struct str row(const struct entry *entry, struct arena *arena)
{
	struct holes holes = { .arena = arena };
	struct date day = time_date(entry->when);

	hole_html(&holes, "path", page_path(entry->file, arena));
	hole_text(&holes, "title", entry->title);
	hole_text(&holes, "about", entry->about);
	hole_text(&holes, "file", entry->file);
	hole_html(&holes, "state", str_of(entry->state));
	hole_html(&holes, "date",
		  entry->dated ? arena_fmt(arena, "%04d-%02d-%02d", day.year,
					   day.month, day.day)
			       : STR("no date yet"));
	return fill("row.html", &holes);
}

int page_index(void *preview_, const struct http_request *request,
	       struct http_response *response, struct err *err)
{
	const struct preview *preview = preview_;
	struct arena *arena = request->arena;
	struct holes holes = { .arena = arena };
	struct entry *entries = NULL;
	size_t count = read_all(preview->options->dir, &entries, arena);
	struct buf rows;

	(void)err;
	buf_init(&rows, LIST_MAX);
	for (size_t i = 0; i < count; i++)
		buf_add(&rows, row(&entries[i], arena));
	hole_html(&holes, "rows",
		  count ? arena_dup(arena, buf_str(&rows))
			: fill_file("none.html"));
	hole_html(&holes, "version",
		  arena_fmt(arena, "%lld", (long long)preview->version));
	buf_done(&rows);
	response->type = "text/html; charset=utf-8";
	response->policy = page_policy;
	response->body = fill("index.html", &holes);
	return 0;
}
