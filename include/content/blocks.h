/* blocks.h - the article as a tree of blocks, in one piece of memory
 *
 * One array of nodes and one run of bytes; links between them are numbers, so
 * that the whole can cross a pipe and be checked by blocks_ok() before it is
 * believed. Node 0 is the document. Nothing of cmark shows here.
 *
 * Merge fields are cut out before Markdown is read: in texts, addresses and
 * titles each stands as U+E000, its number in decimal, U+E001; blocks_field()
 * gives its source. Code keeps the source as it was written. The tags of a
 * condition within a line ("#if ...", "else", "/if") are fields like others;
 * those of one parent are balanced among its texts. An IF block's condition
 * is the source of its field: "#if subscriber.plan" or "#unless ...".
 */
#ifndef CONTENT_BLOCKS_H
#define CONTENT_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define BLOCK_KINDS(X)							\
	/* blocks */							\
	X(DOCUMENT, "document")						\
	X(PARAGRAPH, "paragraph")					\
	X(HEADING, "heading")		/* level 1-6; url: its id */	\
	X(QUOTE, "quote")						\
	X(LIST, "list")			/* ORDERED, TIGHT; number: start */ \
	X(ITEM, "item")			/* TASK, DONE */		\
	X(CODE, "code")			/* text; url: info string */	\
	X(HTML, "html")			/* while reading; none is left */ \
	X(RULE, "rule")			/* text: label or "" */		\
	X(TABLE, "table")		/* number: columns */		\
	X(ROW, "row")			/* HEAD on the first */		\
	X(CELL, "cell")			/* align */			\
	X(NOTE, "note")			/* a footnote; number */	\
	/* a newsletter's own; those with "in" have blocks inside */	\
	X(CALLOUT, "callout")		/* in; text: tone, title, url: icon */	\
	X(BUTTON, "button")		/* text: label, url */		\
	X(PULLQUOTE, "pullquote")	/* in; text: who said it */	\
	X(GALLERY, "gallery")		/* in: lone pictures */		\
	X(AUTHOR, "author")		/* text: key; "": the article's */ \
	X(CONTENTS, "contents")		/* text: label; number: depth */ \
	X(BOOKMARK, "bookmark")		/* text: label, url, title: more; */ \
	X(VIDEO, "video")		/* title: length; inside, if given, */ \
	X(AUDIO, "audio")		/* a thumbnail; a TEXT: by whom */ \
	X(POLL, "poll")			/* in: ANSWERs; text: question */ \
	X(ANSWER, "answer")		/* text: label, url or ""; number */ \
	X(SPONSOR, "sponsor")		/* in; text: by whom, url */	\
	X(MORE, "more")			/* where a digest cuts; text: label */ \
	X(ONLY, "only")			/* in; WEB or MAIL */		\
	X(IF, "if")			/* in; number: its field */	\
	X(ELSE, "else")			/* in; last child of an IF */	\
	X(SHARE, "share")		/* text: label or "" */		\
	X(SUBSCRIBE, "subscribe")	/* text: label or "" */		\
	/* inlines */							\
	X(TEXT, "text")							\
	X(SOFTBREAK, "softbreak")					\
	X(LINEBREAK, "linebreak")					\
	X(CODESPAN, "codespan")						\
	X(HTML_INLINE, "html_inline")	/* text: one safe tag */	\
	X(EMPH, "emph")							\
	X(STRONG, "strong")						\
	X(STRIKE, "strike")						\
	X(LINK, "link")			/* url, title */		\
	X(IMAGE, "image")		/* url, title; children: alt */	\
	X(NOTE_REF, "note_ref")		/* number */

enum block_kind {
#define X(name, text) BLOCK_##name,
	BLOCK_KINDS(X)
#undef X
	BLOCK_KIND_COUNT
};

enum block_flag {
	BLOCK_ORDERED = 1, BLOCK_TIGHT = 2, BLOCK_TASK = 4, BLOCK_DONE = 8,
	BLOCK_HEAD = 16,
	BLOCK_CID = 32,		/* image {cid}: travels inside the letter */
	BLOCK_WEB = 64,		/* ONLY on the page */
	BLOCK_MAIL = 128	/* ONLY in the letter, HTML and text */
};

#define BLOCKS_DEPTH_MAX 100	/* nodes inside each other */

/* Around a merge field's number: U+E000 and U+E001. */
#define MARK_OPEN  "\xEE\x80\x80"
#define MARK_CLOSE "\xEE\x80\x81"
#define MARK_LEN   3

/* U+E000 to U+E00F are kept for marks, those of other modules too: no text,
 * address or title of an author has one, so that none is taken for a mark. */
static inline bool blocks_is_kept(uint32_t c)
{
	return c >= 0xE000 && c <= 0xE00F;
}

/* Does one of them stand in `text`? */
bool blocks_has_kept(struct str text);

enum block_align { ALIGN_NONE, ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

struct block_text { uint32_t at, len; };	/* into the bytes */

struct block {
	uint8_t kind;
	uint8_t level;		/* heading level; of a paragraph or a
				   cell enum block_align */
	uint16_t flags;
	int32_t number;		/* list start, footnote, image width or 0 */
	uint32_t line;		/* in the body, from 1; 0 unknown */
	uint32_t first, next;	/* child and sibling; 0: none */
	struct block_text text, url, title;
};

struct block_field {		/* a merge field met in the body */
	struct block_text source;	/* between the braces, trimmed */
	uint32_t line, column;		/* in the body, from 1 */
};

struct blocks {
	const struct block *at;
	uint32_t count;
	const struct block_field *fields;
	uint32_t field_count;
	struct str bytes;
};

/* "paragraph", for dumps and errors. */
const char *block_kind_name(enum block_kind kind);

static inline struct str blocks_str(const struct blocks *blocks,
				    struct block_text text)
{
	return (struct str){ blocks->bytes.at + text.at, text.len };
}

/* The node's first child or next sibling, or NULL. */
const struct block *blocks_first(const struct blocks *blocks,
				 const struct block *node);
const struct block *blocks_next(const struct blocks *blocks,
				const struct block *node);

/* Every number within bounds, kinds known, links only forward (so no loops),
 * depth at most BLOCKS_DEPTH_MAX. For what came through a pipe. */
bool blocks_ok(const struct blocks *blocks);

/* The next stretch of `text`: plain bytes (*field_out is -1), or the number
 * of a merge field. Moves *text on; false at the end. */
bool blocks_piece(struct str *text, struct str *plain_out, int *field_out);

#endif
