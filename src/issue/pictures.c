/* pictures.c - the pictures that an issue shows, each made ready once */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "issue_priv.h"
#include "picture/picture.h"
#include "seal/seal.h"

#define FOLDER	  "tidings.pictures"
#define TOTAL_MAX ((size_t)64 * 1024 * 1024)
#define HASH_LEN  32 /* hex digits: 128 bits of SHA-256 */

_Static_assert(RENDER_HEIGHT_MAX == PICTURE_HEIGHT_MAX,
	       "pictures are scaled for the height they show in");

struct request {
	struct str path;
	int width;	   /* px that it shows at most */
	const char *place; /* "articles/x.md:7" */
	size_t order;	   /* of reading */
	bool again;	   /* asked for before */
};

struct requests {
	struct request *at;
	size_t count;
	struct arena *arena;
};

/* --- what is asked for ---------------------------------------------------- */

static void ask(struct requests *all, struct str folder, struct str name,
		int width, const char *place)
{
	struct str path = render_image_path(folder, name, all->arena);

	if (path.len == 0)
		return;
	all->at[all->count] = (struct request){ .path = path,
						.width = width,
						.place = place,
						.order = all->count };
	all->count++;
}

static struct str folder_of(struct str path)
{
	while (path.len > 0 && path.at[path.len - 1] != '/')
		path.len--;
	return path;
}

static void ask_image(struct requests *all, const struct article *article,
		      const struct block *image)
{
	int width = image->number > 0 && image->number < RENDER_COLUMN
			    ? image->number
			    : RENDER_COLUMN;
	struct str place = article->path;

	if (image->line > 0)
		place = arena_fmt(all->arena, STR_FMT ":%d",
				  STR_ARG(article->path),
				  article->body_line + (int)image->line - 1);
	ask(all, folder_of(article->path),
	    blocks_str(article->blocks, image->url), width,
	    arena_z(all->arena, place));
}

static void ask_photo(struct requests *all, const struct conf *conf,
		      struct str key)
{
	const struct conf_author *author = conf_author_find(conf, key);
	struct str setting;

	if (!author)
		return;
	setting = arena_fmt(all->arena, "authors." STR_FMT ".photo",
			    STR_ARG(key));
	ask(all, STR_NONE, author->photo, RENDER_PHOTO,
	    conf_place(conf, setting.at));
}

static void gather(struct requests *all, const struct conf *conf,
		   const struct article *article)
{
	const struct blocks *blocks = article->blocks;

	all->at = arena_many(all->arena, struct request,
			     1 + article->author_count + blocks->count);
	ask(all, STR_NONE, conf->publication.logo, RENDER_LOGO,
	    conf_place(conf, "publication.logo"));
	for (size_t i = 0; i < article->author_count; i++)
		ask_photo(all, conf, article->authors[i]);
	for (uint32_t i = 0; i < blocks->count; i++) {
		const struct block *block = &blocks->at[i];

		if (block->kind == BLOCK_IMAGE)
			ask_image(all, article, block);
		if (block->kind == BLOCK_AUTHOR)
			ask_photo(all, conf, blocks_str(blocks, block->text));
	}
}

/* --- each file once ------------------------------------------------------- */

static int by_path(const void *a, const void *b)
{
	const struct request *x = *(struct request *const *)a;
	const struct request *y = *(struct request *const *)b;
	int rc = str_cmp(x->path, y->path);

	return rc ? rc : (x->order > y->order) - (x->order < y->order);
}

/* One file serves all its places: it is made for the widest. */
static void unite(struct requests *all)
{
	struct request **sorted = arena_many(all->arena, struct request *,
					     all->count + 1);
	struct request *first = NULL;

	for (size_t i = 0; i < all->count; i++)
		sorted[i] = &all->at[i];
	qsort(sorted, all->count, sizeof(*sorted), by_path);
	for (size_t i = 0; i < all->count; i++) {
		struct request *r = sorted[i];

		r->again = first && str_eq(first->path, r->path);
		if (!r->again)
			first = r;
		else if (r->width > first->width)
			first->width = r->width;
	}
}

/* --- made ready ----------------------------------------------------------- */

static int cannot_read(const struct request *r, struct err *err)
{
	if (err->code == ERR_MISSING) {
		/* The article is wrong, whatever file does not exist. */
		err_set(err, ERR_INPUT, "there is no picture '" STR_FMT "'",
			STR_ARG(str_head(r->path, 200)));
		return err_hint(err, "pictures lie beside the article; a name "
				     "that begins with '/' is below the "
				     "publication's folder");
	}
	if (str_starts(str_of(err->hint), STR("split")))
		err_hint(err, "save it smaller: %d pixels wide are enough",
			 2 * r->width);
	return -1;
}

static void describe(const struct request *r, const struct picture_ready *ready,
		     struct arena *arena, struct render_image *image)
{
	char hex[65];

	seal_sha256_hex(ready->bytes, hex);
	image->path = r->path;
	image->file = arena_fmt(arena, "%.*s.%s", HASH_LEN, hex,
				picture_ending(ready->type));
	image->type = str_of(picture_media_type(ready->type));
	image->width = ready->width;
	image->height = ready->height;
	image->bytes = ready->bytes;
}

static int prepare(const char *dir, const struct request *r,
		   struct arena *arena, struct render_image *image,
		   struct err *err)
{
	struct arena *scratch = arena_new("a picture", 2 * PICTURE_FILE_MAX);
	struct picture_wish wish = { .width = r->width };
	struct picture_ready ready;
	char hex[65];
	int rc = -1;

	if (file_read_below(dir, r->path, PICTURE_FILE_MAX, scratch,
			    &wish.bytes, err) < 0) {
		cannot_read(r, err);
		goto out;
	}
	seal_sha256_hex(wish.bytes, hex);
	wish.id = str_of(hex);
	wish.name = arena_z(scratch, r->path);
	wish.cache = picture_cache_folder(scratch);
	rc = picture_ready(&wish, arena, &ready, err);
	if (rc == 0)
		describe(r, &ready, arena, image);
out:
	arena_free(&scratch);
	return rc < 0 ? err_place(err, "%s", r->place) : 0;
}

int pictures_of(const struct conf *conf, struct render_input *input,
		struct arena *arena, struct err *err)
{
	struct requests all = { .arena = arena };
	struct render_image *images;
	size_t total = 0;

	gather(&all, conf, input->article);
	unite(&all);
	images = arena_many(arena, struct render_image, all.count + 1);
	input->images = images;
	input->image_count = 0;
	for (size_t i = 0; i < all.count; i++) {
		const struct request *r = &all.at[i];
		struct render_image *image = &images[input->image_count];

		if (r->again)
			continue;
		if (prepare(input->dir, r, arena, image, err) < 0)
			return -1;
		total += image->bytes.len;
		if (total > TOTAL_MAX) {
			err_set(err, ERR_INPUT,
				"the pictures up to here are larger than %zu "
				"MiB together",
				TOTAL_MAX >> 20);
			err_hint(err, "show fewer of them, or save them "
				      "smaller");
			return err_place(err, "%s", r->place);
		}
		input->image_count++;
	}
	return 0;
}

/* --- kept for the web ----------------------------------------------------- */

/* A web server reads them under a user of its own, whatever the umask is. */
static int keep(const char *path, const struct render_image *image,
		struct arena *arena, struct err *err)
{
	struct err ignored;
	struct str there;

	if (file_exists(path) &&
	    file_read(path, image->bytes.len, arena, &there, &ignored) == 0 &&
	    str_eq(there, image->bytes))
		return 0;
	if (file_write(path, image->bytes, 0644, err) < 0)
		return -1;
	return chmod(path, 0644) < 0
		       ? err_sys(err, "cannot open '%s' to all", path)
		       : 0;
}

int issue_keep_pictures(const struct conf *conf, const struct issue *issue,
			struct err *err)
{
	const struct render_input *input = issue->input;
	struct arena *arena = arena_new("kept pictures", 4 * TOTAL_MAX);
	const char *folder = file_path(arena, arena_z(arena, conf->dir),
				       STR(FOLDER));
	bool fresh = !file_exists(folder);
	int rc = 0;

	if (input->image_count > 0)
		rc = file_make_dir(folder, err);
	if (rc == 0 && input->image_count > 0 && fresh &&
	    chmod(folder, 0755) < 0)
		rc = err_sys(err, "cannot open '%s' to all", folder);
	for (size_t i = 0; i < input->image_count && rc == 0; i++)
		rc = keep(file_path(arena, folder, input->images[i].file),
			  &input->images[i], arena, err);
	arena_free(&arena);
	return rc;
}
