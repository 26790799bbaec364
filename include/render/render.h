/* render.h - an article and a publication become the programs of a letter
 *
 * Pure: no clock, no random, no database; the same input gives the same
 * bytes. Below the publication are read: templates, and the front matter of
 * articles that are linked to, for their slugs. Pictures come with the input.
 */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "content/article.h"
#include "render/program.h"

struct render_link { struct str title, url; };

struct render_author {
	struct str key;				/* in the settings, or "" */
	struct str name, tagline;
	struct str photo;	/* URL, file of the publication, or "" */
	const struct render_link *links;
	size_t link_count;
};

/* A picture of the publication, ready for mail and pages. */
struct render_image {
	struct str path;		/* as render_image_path() names it */
	struct str file;		/* HASH.EXT: its name below /m/ */
	struct str type;		/* "image/png" */
	int width, height;		/* px of the file */
	struct str bytes;
};

/* The widths that pictures show at, at most: in the text, whatever the theme;
 * as the logo; as an author's photo. */
#define RENDER_COLUMN 600
#define RENDER_LOGO   180
#define RENDER_PHOTO  72

/* No picture shows taller: Word would cut it off. */
#define RENDER_HEIGHT_MAX 1728

struct render_input {
	const char *dir;		/* for templates/ */
	struct str theme;		/* "letter", "magazine", "note" */
	struct {
		struct str name, tagline, url, language, logo, address,
			   copyright;
		const struct render_link *social, *links;
		size_t social_count, link_count;
	} publication;
	struct {
		struct str title, description;	/* of the list; the reason */
	} list;
	struct str slug;
	const struct article *article;		/* with blocks */
	const struct render_author *authors;	/* of the article */
	size_t author_count;
	const struct render_author *people;	/* all of the settings */
	size_t people_count;
	struct date date;			/* of the issue; year known */
	const struct str *attributes;		/* declared names */
	size_t attribute_count;
	const struct render_image *images;	/* all that are asked for */
	size_t image_count;
};

/* Which file below the publication a picture's name means: `folder` ("" or
 * with a slash behind it) is the article's, where the name does not begin with
 * "/". "" for an address elsewhere, and for no name. */
struct str render_image_path(struct str folder, struct str name,
			     struct arena *arena);

struct render_picture {			/* a file that travels along */
	struct str cid;			/* derived from its bytes */
	struct str type;		/* "image/png" */
	struct str name;
	struct str bytes;
};

struct render_output {
	struct str subject_plain;	/* without slots filled: for listings */
	struct str html, text;		/* program blobs */
	struct str subject;		/* PART_HEADERS blob of Subject: alone */
	const struct render_picture *pictures;
	size_t picture_count;
	struct str attributes[FIELD_ATTRIBUTES_MAX];	/* names in use order */
	size_t attribute_count;
};

/* With place: ERR_INPUT for an unknown merge field, a missing picture, an
 * address that is none, a letter larger than a program may be; ERR_MISSING for
 * a template that is not there; ERR_CONFIG for such a theme, or one that cannot
 * be read. Everything in `output` lives in `arena`. */
int render_letter(const struct render_input *input, struct arena *arena,
		  struct render_output *output, struct err *err);

/* The page without any reader: HTML, whole. */
int render_web(const struct render_input *input, struct arena *arena,
	       struct str *html_out, struct err *err);

/* The article alone, without its frame, as a reader of whom nothing is known
 * would see it: `medium` is "mail" (HTML), "text" or "web". */
int render_body(const struct render_input *input, const char *medium,
		struct arena *arena, struct str *body_out, struct err *err);

/* Is there a theme of this name? "" is the first of them. ERR_CONFIG with a
 * guess; where it stands is for the caller to say. */
int render_theme_check(struct str name, struct err *err);

/* Minutes to read: words / 230, rounded up, at least 1. */
int render_minutes(int words);

#endif
