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

struct notes;
struct picture;
struct seen;
struct words;

/* Of headings below the title. */
#define LEVELS 6

struct letter {
	const struct render_input *input;
	const struct blocks *blocks;
	struct arena *arena;
	const struct theme *theme;
	const struct words *words; /* the letter's language; or NULL */
	const struct value *known; /* what merge fields may ask */
	struct fields_known *fields;
	bool web;		  /* the page, not the mail */
	struct templates *templates;
	const char *medium;	  /* of what is written: "mail", "text", "web" */
	struct value *partials;	  /* what blocks' templates may ask */
	struct str base;	  /* publication.url without last slash */
	struct str page;	  /* of this issue on the web */
	struct str folder;	  /* of the article: "articles/" */
	struct picture *pictures; /* read so far */
	struct seen *pictures_seen, *links_seen;
	struct seen *images; /* of the input, by path */
	bool framed;		  /* in its template, not the body alone */
	bool authors_shown;	   /* by a block of the article, to all */
	int some;		   /* branches that not all get, around us */
	struct notes *notes;	   /* see presence_priv.h */
	const struct value *contents[LEVELS]; /* lists by depth, made so far */
	size_t entries; /* of all lists that were written */
	struct value *hero;	    /* the picture at the top, or NULL */
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
	bool cid;
	struct str url;		    /* what src= wants */
	int width, height;	    /* px of the file, 0 unknown */
	struct render_picture file; /* with cid */
	struct picture *next;
};
const struct picture *picture_get(struct letter *letter, struct str folder,
				  struct str name, bool cid, uint32_t line);

/* How large it shows, in px: `wish` wide, or as its file where that is 0, and
 * never wider than `room`. *height_out is 0 when nobody knows. */
void picture_fit(const struct picture *picture, int wish, int room,
		 int *width_out, int *height_out);

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

/* Merge field number `field` of the article. The tags of a condition within a
 * line ("#if ...", "else", "/if", "/unless") are among them. */
void pen_field(struct pen *pen, int field, enum slot_context context);

/* The same in HTML or text: where its value may run the other way than the
 * letter, isolated from the signs around it. */
void pen_isolated(struct pen *pen, int field, enum slot_context context);

/* The source of a field of the article, or STR_NONE. */
struct str pen_source(const struct pen *pen, int field);

/* A condition around blocks, whose source is that of the IF block's field.
 * What is decided when the issue is made is left out of the letter. */
void pen_if(struct pen *pen, int field, uint32_t line);
void pen_else(struct pen *pen);
void pen_end(struct pen *pen);

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

/* Is field `number` of the article an address of the reader's own? */
bool pen_is_link(struct letter *letter, int number);

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

/* {name, tagline, dir, photo, links, has_links}. */
struct value *letter_author(struct letter *letter,
			    const struct render_author *author);

/* Write a block by its template, "button.html": `values` is what the template
 * asks as {{block.x}}, beside all that merge fields may ask. What goes wrong
 * fails the letter. */
void letter_partial(struct letter *letter, const char *name,
		    struct value *values, struct draft *draft);

/* --- the walks over the article ------------------------------------------- */

/* The body as HTML: what {{{issue.body}}} takes. */
void html_body(struct letter *letter, struct draft *draft);

/* The same for a page (web.c); returns `page`, with the picture that stands for
 * the issue as page.picture, or false. */
struct value *web_body(struct letter *letter, struct draft *draft);

/* `text` of letter.txt: all of the frame that may be longer than a line, or
 * would be taken for a quotation. */
struct value *text_values(struct letter *letter);

/* A paragraph at the margin, wrapped for each reader. */
struct draft *text_paragraph(struct letter *letter, const struct draft *words);

/* The body as text, with its notes and its list of links. */
void text_body(struct letter *letter, struct draft *draft);

/* How the article begins: the words of its first paragraphs, but those with a
 * merge field, which would read oddly without it. "" when there is none. */
struct str opening_words(const struct letter *letter, size_t limit);

/* The words inside a block, without marks and fields, up to `limit` bytes:
 * for previews, alternative texts, the direction. In the letter's arena. */
struct str block_words(const struct letter *letter, const struct block *block,
		       size_t limit);

/* Who is nobody in particular would see nothing inside the block: its fields
 * have no default, its conditions do not hold. */
bool block_is_empty(struct letter *letter, const struct block *block);

/* Do scripts put no blank behind this character, and lines break there? */
bool text_is_unspaced(uint32_t c);

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
