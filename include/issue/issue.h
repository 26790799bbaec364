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
	/* Its `images` are what pages and letters show below /m/, by their
	 * `file`; also those that travel inside the letter. */
	const struct render_input *input;
};

struct issue_wish {
	struct str what;	/* a file or slug */
	struct str list;	/* goes to this one; "" is the article's */
	int64_t now;		/* the issue's date when the article has none */
	bool allow_draft;	/* for looking at it; not for sending it */
};

/* Reads the article and its pictures in child processes: call it before any
 * thread is started. ERR_INPUT for what is wrong in the article, also for
 * several lists and no `list:`; ERR_MISSING for an article that is not there.
 */
int issue_load(const struct conf *conf, const struct issue_wish *wish,
	       struct arena *arena, struct issue **issue_out, struct err *err);

/* Write the pictures of an issue into the publication's tidings.pictures/, one
 * file HASH.EXT for each, for a web server to serve below /m/: before it is
 * frozen. What is there stays; nothing is ever taken away, since letters that
 * were sent go on asking for it. */
int issue_keep_pictures(const struct conf *conf, const struct issue *issue,
			struct err *err);

/* Is what conf_load() takes as it stands what it should be: is there such a
 * theme, are `from` and `reply_to` mailboxes? ERR_CONFIG with the setting's
 * place. issue_load() says the same. */
int issue_settings(const struct conf *conf, struct arena *arena,
		   struct err *err);

/* Once a relay leads off this machine: is there an https address for the links
 * that readers need, a sender who may exist, and a postal address other than
 * that of `tidings init`? ERR_CONFIG with the setting's place. What a new publication has for trying out must not go to people. */
int issue_reach(const struct conf *conf, struct arena *arena, struct err *err);

/* The whole page for a browser, no reader's data in it. */
int issue_web(const struct issue *issue, struct arena *arena,
	      struct str *html_out, struct err *err);

/* An article's body alone, as render_body() has it, by the settings. The
 * blocks are still to be read. */
int issue_body(const struct conf *conf, struct article *article,
	       const char *medium, int64_t now, struct arena *arena,
	       struct str *body_out, struct err *err);

/* As article_alone(), for what a file or slug means; 0 also when there is no
 * such article, or none that can be read. */
int issue_alone(const struct conf *conf, struct str what, struct arena *arena,
		struct err *err);

/* The slug that a file or slug means: the article's where it can be read,
 * else what its name says. For asking the ledger. */
struct str issue_slug(const struct conf *conf, struct str what,
		      struct arena *arena);

#endif
