/* issue_priv.h - settings and article as the renderer wants them */
#ifndef ISSUE_ISSUE_PRIV_H
#define ISSUE_ISSUE_PRIV_H

#include "issue/issue.h"
#include "mail/address.h"

/* All that render_letter() asks for, in `arena`. */
struct render_input *input_of(const struct conf *conf,
			      const struct article *article,
			      const struct conf_list *list, int64_t now,
			      struct arena *arena);

/* Reads the pictures that the input's article, authors and publication ask
 * for, has them made ready, and adds them to the input. Errors tell the line
 * that asks. */
int pictures_of(const struct conf *conf, struct render_input *input,
		struct arena *arena, struct err *err);

/* ERR_CONFIG with the place of the setting. */
int settings_theme(const struct conf *conf, struct err *err);
int settings_mailbox(const struct conf *conf, const char *setting,
		     struct str text, struct arena *arena, struct mailbox *out,
		     struct err *err);

#endif
