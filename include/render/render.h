/* render.h - an article and a publication become the programs of a letter
 *
 * Pure: no clock, no random, no database; the same input gives the same
 * bytes. Below the publication are read: templates, pictures, and the front
 * matter of articles that are linked to, for their slugs.
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
	struct str name, tagline, photo;	/* photo: https URL or "" */
	const struct render_link *links;
	size_t link_count;
};

struct render_input {
	const char *dir;		/* for templates/ and pictures */
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
	const struct render_author *authors;
	size_t author_count;
	struct date date;			/* of the issue; year known */
	const struct str *attributes;		/* declared names */
	size_t attribute_count;
};

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

/* ERR_INPUT with place: an unknown merge field, a missing picture or template.
 * Everything in `output` lives in `arena`. */
int render_letter(const struct render_input *input, struct arena *arena,
		  struct render_output *output, struct err *err);

/* The page without any reader: HTML, whole. */
int render_web(const struct render_input *input, struct arena *arena,
	       struct str *html_out, struct err *err);

/* Minutes to read: words / 230, rounded up, at least 1. */
int render_minutes(int words);

#endif
