/* letter_priv.h - one letter in the making, and the pen that writes it
 *
 * The article is walked twice, for HTML and for text. What goes wrong on the
 * way (an unknown merge field, a missing picture) is kept in the letter: the
 * walk goes on and its caller looks once, at the end, as with a buf.
 */
#ifndef LETTER_PRIV_H
#define LETTER_PRIV_H

#include <stdbool.h>

#include "base/buf.h"
#include "render/render.h"
#include "render/template.h"
#include "theme_priv.h"

struct picture;
struct seen;

struct letter {
	const struct render_input *input;
	const struct blocks *blocks;
	struct arena *arena;
	const struct theme *theme;
	const struct value *known; /* what merge fields may ask */
	struct fields_known *fields;
	bool web;		  /* the page, not the mail */
	struct str base;	  /* publication.url without last slash */
	struct str page;	  /* of this issue on the web */
	struct str folder;	  /* of the article: "articles/" */
	struct picture *pictures; /* read so far */
	struct seen *pictures_seen, *links_seen;
	bool failed;
	struct err *err; /* the first thing that went wrong */
};

/* Call after an err function has filled letter->err. */
void letter_fail(struct letter *letter);

/* "articles/x.md:12" for a line of the body; the file alone for 0; the
 * settings' file for what stands there. */
#define LINE_SETTINGS UINT32_MAX
const char *letter_place(const struct letter *letter, uint32_t line);

/* --- addresses and pictures ----------------------------------------------- */

/* A link's address as it must stand in a letter: whole, with its scheme.
 * `javascript:` and the like fail the letter. May hold fields. */
struct str link_absolute(struct letter *letter, struct str url, uint32_t line);

/* The scheme "https" of "https://...", or STR_NONE. */
struct str link_scheme(struct str url);

/* May a field stand behind this beginning of an address? Only where its host
 * is named already, or there will be none ("mailto:"). */
bool link_takes_field(struct str beginning);

/* Without %XX: Markdown writes a blank in a file's name as %20. */
struct str link_decoded(struct arena *arena, struct str s);

/* A https picture as it is; a file of the publication becomes a part of the
 * letter (`cid`) or an address below /m/. `name` is relative to `folder`
 * ("articles/", or "" for the publication's own). */
struct picture {
	struct str folder; /* as asked for */
	struct str name;
	bool cid;
	struct str url;		    /* what src= wants */
	int width;		    /* px, 0 unknown */
	struct render_picture file; /* with cid */
	struct picture *next;
};
const struct picture *picture_get(struct letter *letter, struct str folder,
				  struct str name, bool cid, uint32_t line);

/* Pixel width and file name's ending of a PNG, JPEG or GIF; false when it is
 * none of them. `type_out` is "image/png". */
bool picture_sniff(struct str bytes, const char **type_out,
		   const char **ending_out, int *width_out);

/* --- the pen -------------------------------------------------------------- */

struct pen {
	struct letter *letter;
	struct draft *draft;
	struct buf text; /* not yet in the draft */
};

void pen_open(struct pen *pen, struct letter *letter, struct draft *draft);
void pen_close(struct pen *pen); /* what is left goes to the draft */

void pen_add(struct pen *pen, struct str text);
void pen_put(struct pen *pen, const char *text);
void pen_fmt(struct pen *pen, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* All so far is in the draft: before adding slots to it by other ways. */
void pen_flush(struct pen *pen);

/* Merge field number `field` of the article. */
void pen_field(struct pen *pen, int field, enum slot_context context);

/* Text of the article, escaped for HTML, fields included. Words too long for
 * a phone get places to break. */
void pen_html(struct pen *pen, struct str text);
/* HTML of the author's own, already checked: only its fields are escaped, each
 * for where it stands. */
void pen_raw(struct pen *pen, struct str html);
/* Text for a quoted attribute: nothing is put between. */
void pen_attribute(struct pen *pen, struct str text);
/* A whole address; fields within it are percent-encoded. */
void pen_href(struct pen *pen, struct str url);
/* The same for the text part: nothing is escaped. */
void pen_address(struct pen *pen, struct str url);

/* Does the text hold a merge field? */
bool pen_has_field(struct str text);

/* --- data for the templates ----------------------------------------------- */

/* publication, issue, list, links and theme: what is known of the letter
 * before its article is read, and what merge fields may ask for. */
struct value *letter_known(struct letter *letter);

/* The same and all that templates want besides, with the parts made by the
 * walks: `preheader` and `body`. */
struct value *letter_values(struct letter *letter,
			    const struct draft *preheader,
			    const struct draft *body);

/* The values for letter.txt, where `text` holds lines of the right length. */
struct value *letter_text_values(struct letter *letter,
				 const struct draft *body);

/* --- the two walks over the article --------------------------------------- */

/* The body as HTML: what {{{issue.body}}} takes. */
void html_body(struct letter *letter, struct draft *draft);

/* `text` of letter.txt: all of the frame that may be longer than a line, or
 * would be taken for a quotation. */
struct value *text_values(struct letter *letter, const struct value *known);

/* The body as text, with its notes and its list of links. */
void text_body(struct letter *letter, struct draft *draft);

/* How the article begins: the words of its first paragraphs, but those with a
 * merge field, which would read oddly without it. "" when there is none. */
struct str opening_words(const struct letter *letter, size_t limit);

/* The words inside a block, without marks and fields, up to `limit` bytes:
 * for previews, alternative texts, the direction. In the letter's arena. */
struct str block_words(const struct letter *letter, const struct block *block,
		       size_t limit);

/* A paragraph that is nothing but a picture: its IMAGE, and the LINK around
 * it or NULL. */
const struct block *lone_picture(const struct letter *letter,
				 const struct block *paragraph,
				 const struct block **link_out);

/* "Tip", what a callout {tone=tip} says above its text, or nothing. */
struct str callout_label(const struct letter *letter,
			 const struct block *callout);

/* rank[n]: the <hN> of a heading of level n. The letter's title is its h1;
 * the levels that the article uses follow from h2 to `last`, whatever they
 * were in the Markdown. */
void heading_ranks(const struct blocks *blocks, int last, int rank[7]);

/* A line of code with blanks for its tabs, which go to each fourth column. */
struct str code_line(const struct letter *letter, struct str line);

/* First strong character: -1 none, 0 left to right, 1 right to left. */
int text_direction(struct str text);

/* Without the newline of a soft break between two characters of scripts that
 * put no blanks between words. */
bool softbreak_joins(const struct letter *letter, const struct block *before,
		     const struct block *after);

#endif
