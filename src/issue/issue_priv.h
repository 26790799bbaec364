/* issue_priv.h - settings and article as the renderer wants them */
#ifndef ISSUE_ISSUE_PRIV_H
#define ISSUE_ISSUE_PRIV_H

#include "issue/issue.h"

/* All that render_letter() asks for, in `arena`. */
const struct render_input *input_of(const struct conf *conf,
				    const struct article *article,
				    const struct conf_list *list, int64_t now,
				    struct arena *arena);

#endif
