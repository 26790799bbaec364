/* article_priv.h - slugs, and letters of ASCII */
#ifndef CONTENT_ARTICLE_PRIV_H
#define CONTENT_ARTICLE_PRIV_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* Lower case; each run of other than a-z and 0-9 becomes one '-', none at
 * the ends. Empty when nothing is left. */
struct str slug_of(struct arena *arena, struct str text);

/* The same of a file's name without folders, YYYY-MM-DD- and .md. */
struct str slug_of_file(struct arena *arena, struct str path);

/* isalnum(3) asks the locale; Markdown and languages mean ASCII. */
static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool is_alnum(char c)
{
	return is_alpha(c) || is_digit(c);
}

#endif
