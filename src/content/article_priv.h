/* article_priv.h - letters of ASCII */
#ifndef CONTENT_ARTICLE_PRIV_H
#define CONTENT_ARTICLE_PRIV_H

#include <stdbool.h>

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
