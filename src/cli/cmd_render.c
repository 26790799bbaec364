/* cmd_render.c - tidings render: what one reader would get */
#include "base/clock.h"
#include "base/file.h"
#include "cli_priv.h"
#include "issue/reader.h"
#include "letter/letter.h"
#include "options_priv.h"

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

static int find_reader(struct app *app, const struct issue *issue,
		       const char *address, struct issue_reader *reader,
		       struct err *err)
{
	struct list *list;
	int rc;

	if (!address)
		return issue_anybody(issue, ISSUE_SAMPLE, app->arena, reader,
				     err);
	if (app_open(app, NEED_DB_READ | NEED_SEAL, err) < 0 ||
	    list_open(app->db, app->seal, &list, err) < 0)
		return -1;
	rc = issue_subscriber(issue, list, str_of(address), app->arena, reader,
			      err);
	list_close(&list);
	if (rc == 0 && reader->spared)
		print_warning(app,
			      "'" STR_FMT "' would not get it: list '" STR_FMT
			      "', %s",
			      STR_ARG(reader->address),
			      STR_ARG(issue->list->key), reader->spared);
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
	struct letter_reader reader = { .date_ms = clock_now_ms() };
	struct issue_reader who;

	if (app_open(app, NEED_SEAL, err) < 0 ||
	    letter_form_open(issue->form, app->arena, &letter, err) < 0 ||
	    find_reader(app, issue, as, &who, err) < 0)
		return -1;
	reader.list = (uint16_t)who.list_id;
	reader.subscriber = (uint64_t)who.id;
	reader.address = who.address;
	reader.fields = who.fields;
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
