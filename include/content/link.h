/* link.h - which addresses may stand in a letter */
#ifndef CONTENT_LINK_H
#define CONTENT_LINK_H

#include <stdbool.h>

#include "base/str.h"

/* It has no scheme, or one of those that neither run anything nor read the
 * reader's disk: http, https, mailto, tel and a few more. */
bool link_is_safe(struct str url);

#endif
