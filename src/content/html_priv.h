/* html_priv.h - reading a block of raw HTML; the only place that knows gumbo */
#ifndef HTML_PRIV_H
#define HTML_PRIV_H

#include <gumbo.h>

#include "markdown_priv.h"

#define HTML_MAX (64 * 1024)   /* bytes of one block */
#define SAFE_MAX (1024 * 1024) /* the same when balanced */

typedef void (*html_visitor)(const GumboNode *root, void *arg);

/* Parse `html` and show its tree to `visit`; the tree is gone afterwards.
 * False when that took more memory than an honest block can need. */
bool html_parse(struct str html, html_visitor visit, void *arg);

#endif
