/* text_priv.h - the walk that writes an article's blocks as plain text
 *
 * Lines of 72 columns for format=flowed (RFC 3676): a blank before a line's
 * end means that the paragraph goes on. A line that begins with a blank, ">"
 * or "From " gets one more blank in front, which readers take away again.
 */
#ifndef TEXT_PRIV_H
#define TEXT_PRIV_H

#include "presence_priv.h"

/* What lines begin with where we are: quote marks, the blanks of a list, a
 * list's own mark on the first line only. */
struct lead {
	struct str first, rest;
	bool begun; /* `first` is used up */
};

struct address { /* in the list below the article */
	struct str url;
	int number;
	struct address *next;
};

struct seen;

struct text {
	struct letter *letter;
	const struct blocks *blocks;
	struct pen pen;
	int rank[7]; /* 2, 3 or 4 for each level of the Markdown */
	struct address *addresses, **last;
	struct seen *seen; /* the same by their URLs */
	int address_count;
	int conditions; /* around where we are */
	int space;	       /* empty lines before the next line, ... */
	struct str space_lead; /* and what they begin with */
	bool begun;	       /* something is written */
};

/* --- lines (text_line.c) -------------------------------------------------- */

/* At least `n` empty lines before what comes next, if anything does. */
void text_space(struct text *t, const struct lead *lead, int n);

/* One line as it is. */
void text_line(struct text *t, struct lead *lead, struct str line);

/* One line in the middle of the room. */
void text_centred(struct text *t, struct lead *lead, struct str line);

/* An address, whole however long, behind a short label ("[3] "). */
void text_address_line(struct text *t, struct lead *lead, const char *label,
		       struct str url);

/* A paragraph: wrapped now, or for each reader where it holds fields. */
void text_fill(struct text *t, struct lead *lead, const struct draft *words);

/* The same; where it is wrapped now, its lines do not flow together again. */
void text_fill_hard(struct text *t, struct lead *lead,
		    const struct draft *words);

/* The lines of a paragraph without fields, no line feed behind the last.
 * `hard` ones do not flow together again. In the letter's arena. */
struct str text_lines(struct letter *letter, struct str words,
		      const struct lead *lead, bool hard);

/* A lead inside `outer`: `first` and `rest` behind its own. */
struct lead text_inside(struct text *t, struct lead *outer, const char *first,
			const char *rest);

/* Width of the widest line of a text. */
size_t text_width(struct str text);

/* --- inside a line (text_inline.c) ---------------------------------------- */

/* The words of `parent` with their marks, as a draft. */
struct draft *text_inlines(struct text *t, const struct block *parent);

/* Of the words inside `parent`: `all` where each reader gets some, no test
 * where nobody does. */
struct presence text_presence(struct text *t, const struct block *parent);

/* A text of the blocks, with its fields. */
struct draft *text_words(struct text *t, struct str text);

/* The number of an address in the list, a new one at its end; 0 for a new one
 * that only some readers get. */
int text_address(struct text *t, struct str url);

/* "a" to "z", then "aa": marks of notes, to differ from links. */
struct str text_note_mark(struct text *t, int number);

/* --- blocks --------------------------------------------------------------- */

void text_blocks(struct text *t, struct lead *lead, const struct block *parent,
		 bool tight);
/* A block by its template, "callout" by callout.txt. */
void text_partial(struct text *t, struct lead *lead, const struct block *node,
		  const char *kind);
void text_table(struct text *t, struct lead *lead, const struct block *table);

#endif
