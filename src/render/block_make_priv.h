/* block_make_priv.h - making the values of one block: what block.c and its
 * parts share */
#ifndef BLOCK_MAKE_PRIV_H
#define BLOCK_MAKE_PRIV_H

#include "block_priv.h"
#include "phrases_priv.h"

struct making {
	struct letter *letter;
	const struct block *block;
	struct value *map;
};

/* What is escaped, and how, goes by the medium. */
bool block_in_text(const struct letter *letter);
bool block_on_web(const struct letter *letter);

void block_set(struct letter *letter, struct value *map, const char *name,
	       struct value *value);
void block_set_bool(struct letter *letter, struct value *map, const char *name,
		    bool truth);
void block_set_str(struct letter *letter, struct value *map, const char *name,
		   struct str text);
/* As a text; false when it is not above 0. */
void block_set_number(struct letter *letter, struct value *map,
		      const char *name, int number);

/* A text of the article, with its fields. An empty one opens no section. */
void block_set_words(struct letter *letter, struct value *map, const char *name,
		     struct str text);

/* An address that is whole already; false for "", and on the web page for one
 * that is the reader's own. */
void block_set_address(struct letter *letter, struct value *map,
		       const char *name, struct str url);

/* Where the block leads to, whole. */
struct str block_url(struct letter *letter, const struct block *block);

/* `label`: what the author wrote, else the word for it. */
void block_set_label(struct making *m, enum word fallback);

/* --- blocks that list something (block_list.c) ---------------------------- */

void block_author(struct making *m);
void block_contents(struct making *m);
void block_poll(struct making *m);
void block_share(struct making *m);

#endif
