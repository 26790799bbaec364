/* cmd_render.c - tidings render: what one reader would get */
#include "base/clock.h"
#include "base/file.h"
#include "cli_priv.h"
#include "issue/issue.h"
#include "letter/letter.h"
#include "options_priv.h"

#define ANYBODY STR("reader@example.com")

struct render_opts {
	const char *to, *as, *out;
};

#define R(field) offsetof(struct render_opts, field)

static const struct option options[] = {
	{ "to", 't', OPTION_TEXT, R(to), "FORM",
	  "html (the default), text, eml (the whole message) or web" },
	{ "as", 'a', OPTION_TEXT, R(as), "ADDRESS",
	  "as this subscriber gets it, in place of a reader without a name" },
	{ "output", 'o', OPTION_TEXT, R(out), "FILE",
	  "write it there, in place of standard output" },
	{ 0 }
};

enum form { FORM_HTML, FORM_TEXT, FORM_EML, FORM_WEB, FORM_COUNT };

static const struct str form_names[FORM_COUNT] = {
	[FORM_HTML] = STR("html"),
	[FORM_TEXT] = STR("text"),
	[FORM_EML] = STR("eml"),
	[FORM_WEB] = STR("web"),
};

static int read_form(const char *word, enum form *form_out, struct err *err)
{
	*form_out = FORM_HTML;
	if (!word)
		return 0;
	for (int i = 0; i < FORM_COUNT; i++)
		if (str_eqz(form_names[i], word)) {
			*form_out = (enum form)i;
			return 0;
		}
	return options_unknown("form", str_of(word), form_names, FORM_COUNT,
			       err);
}

/* The value of attribute `name`, as the freeze would store it. */
static struct str attribute_of(const struct json *attributes, struct str name,
			       struct arena *arena)
{
	const struct json *value = json_get(attributes, arena_z(arena, name));
	struct str text;
	int64_t number;

	if (!value)
		return STR_NONE;
	if (json_str(value, &text))
		return arena_dup(arena, text);
	if (json_int(value, &number))
		return arena_fmt(arena, "%lld", (long long)number);
	return STR_NONE;
}

/* "a;b" -> "a, b", as letters show them. */
static struct str spaced(struct str tags, struct arena *arena)
{
	struct str all = STR_NONE;

	while (tags.len > 0) {
		struct str tag = str_cut(tags, ';', &tags);

		all = arena_fmt(arena, STR_FMT "%s" STR_FMT, STR_ARG(all),
				all.len ? ", " : "", STR_ARG(tag));
	}
	return all;
}

/* In the order of struct letter_reader's fields. */
static int fields_of(const struct subscriber *who,
		     const struct letter_form *form, struct arena *arena,
		     struct str *fields_out, struct err *err)
{
	char joined[TIME_RFC3339_MAX] = "";
	struct str tags = spaced(who->tags, arena);
	const struct str *names;
	struct json *attributes;
	struct str all;
	size_t count;

	if (who->joined_at > 0)
		time_rfc3339(who->joined_at, joined);
	joined[joined[0] ? 10 : 0] = 0;
	all = arena_fmt(arena,
			STR_FMT "\x1f" STR_FMT "\x1f" STR_FMT "\x1f" STR_FMT
				"\x1f%s\x1f" STR_FMT,
			STR_ARG(who->name), STR_ARG(who->first_name),
			STR_ARG(who->last_name), STR_ARG(who->language), joined,
			STR_ARG(tags));
	names = letter_form_attributes(form, &count);
	if (json_parse(who->attributes, &attributes, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct str value = attribute_of(attributes, names[i], arena);

		all = arena_fmt(arena, STR_FMT "\x1f" STR_FMT, STR_ARG(all),
				STR_ARG(value));
	}
	json_free(&attributes);
	*fields_out = all;
	return 0;
}

/* The number of the issue's list, and a word when the letter shown is one that
 * `who` would not get. */
static int check_audience(const struct app *app, struct list *list,
			  struct str key, const struct subscriber *who,
			  int64_t *list_out, struct err *err)
{
	struct subscription *on;
	struct err none = ERR_INIT;
	const char *why = "not on that list";
	size_t count;

	/* A list that nobody was ever on has no number yet. */
	if (list_id(list, key, false, list_out, &none) < 0 &&
	    none.code != ERR_MISSING) {
		*err = none;
		return -1;
	}
	if (list_subscriptions(list, who->id, app->arena, &on, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (str_eq(on[i].list, key))
			why = on[i].state == LIST_CONFIRMED
				      ? NULL
				      : list_state_name(on[i].state);
	if (who->suppressed.len > 0)
		why = "suppressed";
	if (why)
		print_warning(app,
			      "'" STR_FMT "' would not get it: list '" STR_FMT
			      "', %s",
			      STR_ARG(who->address), STR_ARG(key), why);
	return 0;
}

static int find_reader(struct app *app, const struct issue *issue,
		       const char *address, struct subscriber *who,
		       int64_t *list_out, struct err *err)
{
	struct list *list;
	int rc;

	*list_out = 0;
	if (!address) {
		*who = (struct subscriber){ .address = ANYBODY };
		who->name = who->first_name = who->last_name = STR_NONE;
		who->language = who->tags = STR_NONE;
		who->attributes = STR("{}");
		return 0;
	}
	if (app_open(app, NEED_DB_READ | NEED_SEAL, err) < 0 ||
	    list_open(app->db, app->seal, &list, err) < 0)
		return -1;
	rc = list_find(list, str_of(address), app->arena, who, err);
	if (rc == 0)
		rc = check_audience(app, list, issue->list->key, who, list_out,
				    err);
	list_close(&list);
	return rc;
}

static int run_press(const struct app *app, enum form form,
		     const struct letter_form *letter,
		     const struct letter_reader *reader, struct buf *out,
		     struct err *err)
{
	struct letter_press *press = letter_press_new(app->seal);
	struct str bytes;
	int rc;

	if (form == FORM_EML) {
		rc = letter_compose(press, letter, reader, &bytes, err);
		if (rc == 0)
			buf_add(out, bytes);
	} else {
		rc = letter_part(press, letter, reader,
				 form == FORM_HTML ? PART_HTML : PART_TEXT, out,
				 err);
	}
	letter_press_free(&press);
	return rc;
}

static int make_letter(struct app *app, const struct issue *issue,
		       enum form form, const char *as, struct buf *out,
		       struct err *err)
{
	const struct letter_form *letter;
	struct letter_reader reader = { 0 };
	struct subscriber who;
	int64_t list;

	if (app_open(app, NEED_SEAL, err) < 0 ||
	    letter_form_open(issue->form, app->arena, &letter, err) < 0 ||
	    find_reader(app, issue, as, &who, &list, err) < 0 ||
	    fields_of(&who, letter, app->arena, &reader.fields, err) < 0)
		return -1;
	reader.list = (uint16_t)list;
	reader.subscriber = (uint64_t)who.id;
	reader.address = who.address;
	reader.date_ms = clock_now_ms();
	return run_press(app, form, letter, &reader, out, err);
}

/* A letter to a subscriber holds the links that unsubscribe them: `mode` is
 * then for the owner alone. */
static int deliver(struct app *app, const char *path, unsigned mode,
		   struct str bytes, struct err *err)
{
	if (!path || !strcmp(path, "-")) {
		print_page(app->out, bytes);
		return 0;
	}
	if (file_write(path, bytes, mode, err) < 0)
		return -1;
	print_remark(app, "%s: %zu bytes", path, bytes.len);
	return 0;
}

static int show_web(struct app *app, const struct issue *issue,
		    const char *path, struct err *err)
{
	struct str page;

	if (issue_web(issue, app->arena, &page, err) < 0)
		return -1;
	return deliver(app, path, 0644, page, err);
}

static int show_letter(struct app *app, const struct issue *issue,
		       enum form form, const struct render_opts *o,
		       struct err *err)
{
	struct buf out;
	int rc;

	buf_init(&out, LETTER_MAX);
	rc = make_letter(app, issue, form, o->as, &out, err);
	if (rc == 0)
		rc = deliver(app, o->out, o->as ? 0600 : 0644, buf_str(&out),
			     err);
	buf_done(&out);
	return rc;
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	const struct render_opts *o = opts;
	struct issue_wish wish = { str_of(argv[0]), STR_NONE, clock_now_ms(),
				   true };
	struct issue *issue;
	enum form form;

	(void)argc;
	if (read_form(o->to, &form, err) < 0)
		return -1;
	if (form == FORM_WEB && o->as)
		return err_set(err, ERR_USAGE,
			       "the web page is the same for "
			       "everybody: '--as' has no meaning there");
	if (issue_load(app->conf, &wish, app->arena, &issue, err) < 0)
		return -1;
	return form == FORM_WEB ? show_web(app, issue, o->out, err)
				: show_letter(app, issue, form, o, err);
}

const struct command cmd_render = {
	.name = "render",
	.args = "ISSUE",
	.summary = "show what one reader would get",
	.needs = NEED_CONF,
	.options = options,
	.opts_size = sizeof(struct render_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
