/* issue.h - from files of the author to an issue that is frozen
 *
 * Loads the article, resolves authors, list and pictures from the settings,
 * has it rendered and makes the form; checks what must be right before
 * anything is queued.
 */
#ifndef ISSUE_ISSUE_H
#define ISSUE_ISSUE_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "content/article.h"
#include "queue/ledger.h"
#include "render/render.h"

struct issue {
	struct str slug, subject;
	const struct article *article;
	const struct conf_list *list;
	struct str form;		/* packed letter_form */
	struct str source_hash;		/* over all that went in */
	struct render_output parts;
	const struct render_input *input;
};

/* `what` is a file or slug. `now` gives the issue its year and date when the
 * article has none. `allow_draft`: render and preview do, send does not
 * (ERR_INPUT). Several lists and no `list:` is ERR_INPUT for both. */
int issue_load(const struct conf *conf, struct str what, int64_t now,
	       bool allow_draft, struct arena *arena,
	       struct issue **issue_out, struct err *err);

/* The whole page for a browser, no reader's data in it. */
int issue_web(const struct issue *issue, struct arena *arena,
	      struct str *html_out, struct err *err);

#endif
