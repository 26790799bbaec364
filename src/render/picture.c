/* picture.c - pictures of an article: which file is meant, and how it shows */
#include "letter_priv.h"
#include "seen_priv.h"

/* --- where they lie ------------------------------------------------------- */

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str link_decoded(struct arena *arena, struct str s)
{
	char *out = arena_take(arena, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		int high = i + 2 < s.len ? hex(s.at[i + 1]) : -1;
		int low = i + 2 < s.len ? hex(s.at[i + 2]) : -1;

		if (s.at[i] == '%' && high >= 0 && low >= 0) {
			out[n++] = (char)(high << 4 | low);
			i += 2;
		} else {
			out[n++] = s.at[i];
		}
	}
	return str_at(out, n);
}

struct str render_image_path(struct str folder, struct str name,
			     struct arena *arena)
{
	struct str path = str_cut(name, '?', &(struct str){ 0 });

	if (name.len == 0 || link_scheme(name).len > 0 ||
	    str_starts(name, STR("//")))
		return STR_NONE;
	path = link_decoded(arena, path);
	if (str_starts(path, STR("/")))
		return str_skip(path, 1);
	return arena_fmt(arena, STR_FMT STR_FMT, STR_ARG(folder),
			 STR_ARG(path));
}

/* --- how they show -------------------------------------------------------- */

void picture_fit(const struct picture *picture, int wish, int room,
		 int *width_out, int *height_out)
{
	int64_t width = wish > 0 ? wish : picture->width;
	int64_t height;

	if (width <= 0 || width > room)
		width = room;
	*width_out = (int)width;
	*height_out = 0;
	if (picture->width <= 0)
		return;
	height = (width * picture->height + picture->width / 2) /
		 picture->width;
	if (height > RENDER_HEIGHT_MAX) {
		height = RENDER_HEIGHT_MAX;
		width = height * picture->width / picture->height;
	}
	*width_out = width > 0 ? (int)width : 1;
	*height_out = height > 0 ? (int)height : 1;
}

/* --- both ----------------------------------------------------------------- */

static struct str host_of(struct letter *letter)
{
	ptrdiff_t at = str_find_str(letter->base, STR("://"));
	struct str rest = letter->base;
	struct str host;

	if (at >= 0)
		rest = str_skip(rest, (size_t)at + 3);
	host = str_cut(str_cut(rest, '/', &rest), ':', &rest);
	return host.len > 0 ? host : STR("localhost");
}

static const struct render_image *find(struct letter *letter, struct str path)
{
	const struct render_input *input = letter->input;

	if (!letter->images) {
		letter->images = seen_new(letter->arena);
		for (size_t i = 0; i < input->image_count; i++)
			*seen_at(letter->images, input->images[i].path) =
				(void *)(uintptr_t)&input->images[i];
	}
	return *seen_at(letter->images, path);
}

/* "HASH.png" -> "HASH". */
static struct str hash_of(const struct render_image *image)
{
	return str_cut(image->file, '.', &(struct str){ 0 });
}

static void describe(struct letter *letter, struct picture *picture,
		     const struct render_image *image)
{
	picture->width = image->width;
	picture->height = image->height;
	if (!picture->cid) {
		picture->url = arena_fmt(letter->arena, STR_FMT "/m/" STR_FMT,
					 STR_ARG(letter->base),
					 STR_ARG(image->file));
		return;
	}
	picture->file.cid = arena_fmt(letter->arena, STR_FMT "@" STR_FMT,
				      STR_ARG(hash_of(image)),
				      STR_ARG(host_of(letter)));
	picture->file.type = image->type;
	picture->file.name = image->file;
	picture->file.bytes = image->bytes;
	picture->url = arena_fmt(letter->arena, "cid:" STR_FMT,
				 STR_ARG(picture->file.cid));
}

static int no_picture(struct letter *letter, struct str path, uint32_t line)
{
	err_set(letter->err, ERR_INPUT, "there is no picture '" STR_FMT "'",
		STR_ARG(str_head(path, 200)));
	return err_place(letter->err, "%s", letter_place(letter, line));
}

static struct picture *add(struct letter *letter, struct str url, bool cid)
{
	struct picture *picture = arena_new_of(letter->arena, struct picture);

	picture->cid = cid;
	picture->url = url;
	picture->next = letter->pictures;
	letter->pictures = picture;
	return picture;
}

static void look_up(struct letter *letter, struct picture *picture,
		    struct str path, uint32_t line)
{
	const struct render_image *image = find(letter, path);

	if (image) {
		describe(letter, picture, image);
		return;
	}
	no_picture(letter, path, line);
	letter_fail(letter);
}

const struct picture *picture_get(struct letter *letter, struct str folder,
				  struct str name, bool cid, uint32_t line)
{
	struct str path = render_image_path(folder, name, letter->arena);
	bool file = path.len > 0;
	struct picture *picture;
	void **known;

	cid = cid && file && !letter->web;
	/* One file is one picture, whatever names mean it. */
	known = seen_at(letter->pictures_seen,
			arena_fmt(letter->arena, "%d%d" STR_FMT, cid, file,
				  STR_ARG(file ? path : name)));
	if (*known)
		return *known;
	*known = picture = add(letter, name, cid);
	if (letter->failed || name.len == 0)
		return picture;
	if (file)
		look_up(letter, picture, path, line);
	else
		picture->url = link_absolute(letter, name, line);
	return picture;
}
