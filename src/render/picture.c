/* picture.c - pictures of an article: where they lie, what they are */
#include "base/file.h"
#include "letter_priv.h"
#include "seen_priv.h"

/* Above this a picture is a mistake: readers pay for it by the megabyte. */
#define PICTURE_MAX ((size_t)10 * 1024 * 1024)

/* --- what the bytes are --------------------------------------------------- */

static unsigned byte_at(struct str s, size_t i)
{
	return (unsigned char)s.at[i];
}

/* Walk the segments of a JPEG up to the frame header (ITU T.81 B.1, B.2). */
static int jpeg_width(struct str s)
{
	size_t i = 2;

	while (i + 9 <= s.len && byte_at(s, i) == 0xff) {
		unsigned mark = byte_at(s, i + 1);
		bool frame = mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 &&
			     mark != 0xc8 && mark != 0xcc;

		if (mark == 0xff) { /* a fill byte */
			i++;
			continue;
		}
		if (frame)
			return (int)(byte_at(s, i + 7) << 8 |
				     byte_at(s, i + 8));
		i += 2 + (byte_at(s, i + 2) << 8 | byte_at(s, i + 3));
	}
	return 0;
}

static int png_width(struct str s)
{
	unsigned width = 0;

	if (s.len < 24)
		return 0;
	for (size_t i = 16; i < 20; i++)
		width = width << 8 | byte_at(s, i);
	return width <= 0xffff ? (int)width : 0;
}

static int gif_width(struct str s)
{
	return s.len < 10 ? 0 : (int)(byte_at(s, 7) << 8 | byte_at(s, 6));
}

static const struct {
	struct str magic;
	const char *type, *ending;
	int (*width)(struct str bytes);
} kinds[] = {
	{ STR("\x89PNG\r\n\x1a\n"), "image/png", "png", png_width },
	{ STR("\xff\xd8\xff"), "image/jpeg", "jpg", jpeg_width },
	{ STR("GIF87a"), "image/gif", "gif", gif_width },
	{ STR("GIF89a"), "image/gif", "gif", gif_width },
};

bool picture_sniff(struct str bytes, const char **type_out,
		   const char **ending_out, int *width_out)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!str_starts(bytes, kinds[i].magic))
			continue;
		*type_out = kinds[i].type;
		*ending_out = kinds[i].ending;
		*width_out = kinds[i].width(bytes);
		return true;
	}
	return false;
}

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

static int describe(struct letter *letter, struct picture *picture,
		    struct str bytes, struct str path)
{
	struct arena *arena = letter->arena;
	const char *type;
	const char *ending;
	struct str id;

	if (!picture_sniff(bytes, &type, &ending, &picture->width)) {
		err_set(letter->err, ERR_INPUT,
			"'" STR_FMT "' is no PNG, JPEG or GIF", STR_ARG(path));
		return err_hint(letter->err, "mail programs show no other "
					     "pictures everywhere");
	}
	id = arena_fmt(arena, "%016llx", (unsigned long long)seen_hash(bytes));
	if (!picture->cid) {
		picture->url = arena_fmt(arena, STR_FMT "/m/" STR_FMT ".%s",
					 STR_ARG(letter->base), STR_ARG(id),
					 ending);
		return 0;
	}
	picture->file.cid = arena_fmt(arena, STR_FMT "@" STR_FMT, STR_ARG(id),
				      STR_ARG(host_of(letter)));
	picture->file.type = str_of(type);
	picture->file.name = arena_fmt(arena, STR_FMT ".%s", STR_ARG(id),
				       ending);
	picture->file.bytes = arena_dup(arena, bytes);
	picture->url = arena_fmt(arena, "cid:" STR_FMT,
				 STR_ARG(picture->file.cid));
	return 0;
}

/* The article is wrong, whatever file it is that does not exist. */
static int no_picture(struct letter *letter, struct str path)
{
	struct err *err = letter->err;

	if (err->code == ERR_MISSING)
		err_set(err, ERR_INPUT, "there is no picture '" STR_FMT "'",
			STR_ARG(str_head(path, 200)));
	if (err->hint[0])
		return -1;
	return err_hint(err, "pictures lie beside the article; a name that "
			     "begins with '/' is below the publication's "
			     "folder");
}

static int load(struct letter *letter, struct picture *picture)
{
	struct arena *scratch = arena_new("a picture", 2 * PICTURE_MAX);
	struct str name = str_cut(picture->name, '?', &(struct str){ 0 });
	struct str bytes;
	struct str path;
	int rc = -1;

	name = link_decoded(scratch, name);
	path = str_starts(name, STR("/"))
		       ? str_skip(name, 1)
		       : arena_fmt(scratch, STR_FMT STR_FMT,
				   STR_ARG(picture->folder), STR_ARG(name));
	if (file_read_below(letter->input->dir, path, PICTURE_MAX, scratch,
			    &bytes, letter->err) == 0)
		rc = describe(letter, picture, bytes, path);
	else
		rc = no_picture(letter, path);
	arena_free(&scratch);
	return rc;
}

static struct picture *add(struct letter *letter, struct str folder,
			   struct str name, bool cid)
{
	struct picture *picture = arena_new_of(letter->arena, struct picture);

	picture->folder = folder;
	picture->name = name;
	picture->cid = cid;
	picture->url = name;
	picture->next = letter->pictures;
	letter->pictures = picture;
	return picture;
}

const struct picture *picture_get(struct letter *letter, struct str folder,
				  struct str name, bool cid, uint32_t line)
{
	struct str scheme = link_scheme(name);
	struct picture *picture;
	void **known;

	cid = cid && !letter->web;
	/* A folder is "" or ends in "/": none is the beginning of the other
	 * with the bar behind it. */
	known = seen_at(letter->pictures_seen,
			arena_fmt(letter->arena, "%d" STR_FMT "|" STR_FMT, cid,
				  STR_ARG(folder), STR_ARG(name)));
	if (*known)
		return *known;
	*known = picture = add(letter, folder, name, cid);
	if (letter->failed || name.len == 0)
		return picture;
	if (scheme.len > 0 || str_starts(name, STR("//"))) {
		picture->cid = false;
		picture->url = link_absolute(letter, name, line);
		return picture;
	}
	if (load(letter, picture) < 0) {
		err_place(letter->err, "%s", letter_place(letter, line));
		letter_fail(letter);
	}
	return picture;
}
