/* find.c - what the user's words name: lists, issues, oneself */
#include <pwd.h>
#include <unistd.h>

#include "base/nearest.h"
#include "cli_priv.h"
#include "issue/issue.h"
#include "options_priv.h"

#define LISTS_MAX 1000

static size_t list_names(const struct conf *conf, struct str *names)
{
	size_t count = 0;

	for (const struct conf_list *l = conf->lists; l && count < LISTS_MAX;
	     l = l->next)
		names[count++] = l->key;
	return count;
}

int find_list(const struct conf *conf, const char *word,
	      const struct conf_list **list_out, struct err *err)
{
	struct str names[LISTS_MAX];
	size_t count;

	*list_out = word ? conf_list_find(conf, str_of(word)) : conf->lists;
	if (*list_out && (word || !conf->lists->next))
		return 0;
	count = list_names(conf, names);
	if (word)
		return options_unknown("list", str_of(word), names, count, err);
	err_set(err, ERR_USAGE, "which list?");
	return err_hint(err, "there are several; add '--list " STR_FMT "'",
			STR_ARG(names[0]));
}

int find_lists_made(const struct conf *conf, struct list *list, struct err *err)
{
	int64_t id;

	for (const struct conf_list *l = conf->lists; l; l = l->next)
		if (list_id(list, l->key, true, &id, err) < 0)
			return -1;
	return 0;
}

size_t find_attributes(const struct app *app, struct str **names_out,
		       struct str **types_out)
{
	size_t count = 0;

	for (const struct conf_attribute *a = app->conf->attributes; a;
	     a = a->next)
		count++;
	*names_out = arena_many(app->arena, struct str, count);
	*types_out = arena_many(app->arena, struct str, count);
	count = 0;
	for (const struct conf_attribute *a = app->conf->attributes; a;
	     a = a->next) {
		(*names_out)[count] = a->key;
		(*types_out)[count++] = a->type;
	}
	return count;
}

struct str find_user(struct arena *arena)
{
	const struct passwd *entry = getpwuid(getuid());

	if (entry)
		return arena_dup(arena, str_of(entry->pw_name));
	return arena_fmt(arena, "uid %u", (unsigned)getuid());
}

int find_issue(const struct app *app, struct ledger *ledger, const char *word,
	       struct ledger_issue *issue_out, struct err *err)
{
	struct str what = str_of(word);
	int found = ledger_issue(ledger, what, app->arena, issue_out, err);

	if (found != 0)
		return found;
	what = issue_slug(app->conf, what, app->arena);
	return ledger_issue(ledger, what, app->arena, issue_out, err);
}

#define SLUGS_MAX 1000

struct slugs {
	struct str at[SLUGS_MAX];
	size_t count;
};

static int add_slug(void *arg, const struct ledger_issue *issue)
{
	struct slugs *slugs = arg;

	slugs->at[slugs->count++] = issue->slug;
	return slugs->count == SLUGS_MAX;
}

int find_frozen(const struct app *app, struct ledger *ledger, const char *word,
		struct ledger_issue *issue_out, struct err *err)
{
	int found = find_issue(app, ledger, word, issue_out, err);
	struct slugs *slugs;
	struct str close;

	if (found < 0)
		return -1;
	if (found == 1)
		return 0;
	slugs = arena_new_of(app->arena, struct slugs);
	if (ledger_issues(ledger, 0, app->arena, add_slug, slugs, err) < 0)
		return -1;
	close = nearest(str_of(word), slugs->at, slugs->count);
	err_set(err, ERR_MISSING, "no issue '%.200s' was ever sent", word);
	if (close.len > 0)
		return err_hint(err, "did you mean '" STR_FMT "'?",
				STR_ARG(close));
	return err_hint(err, "'tidings status' lists those that were");
}
