/* cli_priv.h - what the commands share */
#ifndef CLI_CLI_PRIV_H
#define CLI_CLI_PRIV_H

#include <signal.h>

#include "base/buf.h"
#include "base/json.h"
#include "cli/command.h"
#include "list/subscriber.h"
#include "queue/ledger.h"

/* --- app.c: opening what a command needs */

/* Open what is not open yet; `needs` is a set of enum need. */
int app_open(struct app *app, unsigned needs, struct err *err);

/* Somebody may have left: senders under way ask the ledger again before their
 * next dot. Behind the commit. */
int app_tell_senders(const struct app *app, struct err *err);
void app_close(struct app *app);

/* A file of the publication. */
char *app_path(const struct app *app, const char *name);

/* --- print.c: the only words that reach a person */

/* One line of foreign text: controls and what is not UTF-8 become U+FFFD, so
 * that nobody can steer the terminal or forge a line. */
void print_clean(FILE *to, struct str text);
/* A whole text; to a terminal with its line feeds and tabs but no other
 * control, to a file as it is. */
void print_page(FILE *to, struct str text);
/* One line of JSON; frees it. */
void print_json(FILE *to, struct json **json);

/* A remark on stderr: on a terminal or with -v, and never with -q or --json.
 * True when remarks are heard: to spare the work of making them. */
bool print_heard(const struct app *app);
void print_remark(const struct app *app, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Something the user should know though all went well: always but with -q. */
void print_warning(const struct app *app, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void print_err(const struct app *app, const struct err *err);

/* --- find.c: what the user's words name */

/* The list of --list, or the only one. ERR_USAGE with the nearest name. */
int find_list(const struct conf *conf, const char *word,
	      const struct conf_list **list_out, struct err *err);
/* Every list of the settings has its number in the database. */
int find_lists_made(const struct conf *conf, struct list *list,
		    struct err *err);
/* Attributes that the settings declare, as two arrays in one order. */
size_t find_attributes(const struct app *app, struct str **names_out,
		       struct str **types_out);
/* The account that runs this, for the evidence of consent. */
struct str find_user(struct arena *arena);
/* The frozen issue that `word` names: 1, 0 when there is none, -1. */
int find_issue(const struct app *app, struct ledger *ledger, const char *word,
	       struct ledger_issue *issue_out, struct err *err);
/* The same; none is ERR_MISSING with the nearest slug. */
int find_frozen(const struct app *app, struct ledger *ledger, const char *word,
		struct ledger_issue *issue_out, struct err *err);

/* --- signals.c */

/* From now on SIGINT, SIGTERM and SIGHUP set the number returned here, the
 * second one ends the program; a broken pipe is an error, not an end. */
const volatile sig_atomic_t *signals_stop(void);

/* --- usage.c */

/* What `tidings -h` and `tidings COMMAND -h` print. */
void usage_overview(FILE *to);
void usage_command(FILE *to, const struct command *command);

/* --- man.c, mdoc.c, completion.c: for `help` */

/* A manual page in mdoc(7): of a command, of "tidings" or of
 * "tidings.yaml"; prose comes from DOCS/NAME.md. */
int man_print(FILE *to, const char *name, const char *docs, struct arena *arena,
	      struct err *err);
/* The sections of a prose page as mdoc: all before the first heading is left
 * out. ERR_INPUT where it uses Markdown that we do not turn into mdoc. */
int mdoc_from(FILE *to, struct str text, const char *name, struct err *err);
/* One run of text within a line, escaped, with `code` and *stress*. */
void mdoc_text(FILE *to, struct str text);
/* A script that completes commands and options: bash, zsh, fish. */
int completion_print(FILE *to, const char *shell, struct err *err);

/* Every command, in the order in which they are shown; each is a
 * `cmd_NAME`, most in a file of that name. */
#define COMMANDS(X)                                                       \
	X(init)                                                           \
	X(new)                                                            \
	X(render)                                                         \
	X(preview)                                                        \
	X(template)                                                       \
	X(test)                                                           \
	X(send)                                                           \
	X(who)                                                            \
	X(status)                                                         \
	X(pause)                                                          \
	X(resume)                                                         \
	X(cancel)                                                         \
	X(settle)                                                         \
	X(import)                                                         \
	X(export)                                                         \
	X(subscriber)                                                     \
	X(catch)                                                          \
	X(dkim)                                                           \
	X(markdown)                                                       \
	X(config)                                                         \
	X(help)

#define X(name) extern const struct command cmd_##name;
COMMANDS(X)
#undef X

#endif
