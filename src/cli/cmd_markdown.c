/* cmd_markdown.c - tidings markdown: standard input read as Markdown */
#include "base/clock.h"
#include "base/file.h"
#include "cli_priv.h"
#include "content/markdown.h"
#include "issue/issue.h"
#include "options_priv.h"

#define INPUT	       "standard input"
#define ATTRIBUTES_MAX 200 /* names met, also those met again */

struct markdown_opts {
	bool gfm, letter;
	const char *to;
};

#define M(field) offsetof(struct markdown_opts, field)

static const struct option options[] = {
	{ "gfm", 0, OPTION_FLAG, M(gfm), NULL,
	  "GitHub's Markdown: with tables, strikethrough, addresses and "
	  "tasks" },
	{ "letter", 0, OPTION_FLAG, M(letter), NULL,
	  "all that an article may have, as a letter shows it" },
	{ "to", 't', OPTION_TEXT, M(to), "FORM", "html (the default) or text" },
	{ 0 }
};

static int read_form(const char *word, bool *text_out, struct err *err)
{
	static const struct str names[] = { STR("html"), STR("text") };

	*text_out = word && !strcmp(word, "text");
	if (!word || *text_out || !strcmp(word, "html"))
		return 0;
	return options_unknown("form", str_of(word), names, 2, err);
}

static size_t name_len(struct str s)
{
	size_t len = 0;

	while (len < s.len &&
	       ((s.at[len] >= 'a' && s.at[len] <= 'z') ||
		(s.at[len] >= '0' && s.at[len] <= '9') || s.at[len] == '_'))
		len++;
	return len;
}

/* Without settings nothing is declared: whatever the text asks a subscriber
 * for is taken for an attribute. */
static struct conf_attribute *attributes_in(struct str text,
					    struct arena *arena)
{
	static const struct str owner = STR("subscriber.");
	struct conf_attribute *all = NULL;
	ptrdiff_t at;

	for (int n = 0; n < ATTRIBUTES_MAX; n++) {
		struct conf_attribute *one;

		if ((at = str_find_str(text, owner)) < 0)
			break;
		text = str_skip(text, (size_t)at + owner.len);
		one = arena_new_of(arena, struct conf_attribute);
		one->key = str_head(text, name_len(text));
		one->type = STR("text");
		one->next = all;
		all = one;
	}
	return all;
}

/* What has no settings of its own gets these. */
static int make_conf(struct app *app, struct str text,
		     const struct conf **conf_out, struct err *err)
{
	static const char settings[] =
		"publication:\n  name: A letter\n"
		"  url: http://localhost\n"
		"from: A letter <letter@example.org>\n"
		"lists:\n  letter:\n    title: Letter\n"
		"relays:\n  none:\n    url: dir:outbox\n";
	const struct conf *parsed;
	struct conf *conf;

	if (conf_parse(app->dir, "no settings", STR(settings), app->arena,
		       &parsed, err) < 0)
		return -1;
	conf = arena_new_of(app->arena, struct conf);
	*conf = *parsed;
	conf->attributes = attributes_in(text, app->arena);
	*conf_out = conf;
	return 0;
}

static int show_letter(struct app *app, struct str text, const char *medium,
		       struct str *out, struct err *err)
{
	struct article *article;
	const struct conf *conf;

	if (article_bare(STR(INPUT), text, app->arena, &article, err) < 0)
		return -1;
	if (!file_exists(app_path(app, CONF_FILE))) {
		if (make_conf(app, article->body, &conf, err) < 0)
			return -1;
	} else {
		if (app_open(app, NEED_CONF, err) < 0)
			return -1;
		conf = app->conf;
	}
	return issue_body(conf, article, medium, clock_now_ms(), app->arena,
			  out, err);
}

/* Pictures that nobody looks at. */
static void invent_images(const struct blocks *blocks, struct arena *arena,
			  struct render_input *input)
{
	struct render_image *images = arena_many(arena, struct render_image,
						 blocks->count);
	size_t count = 0;

	for (uint32_t i = 0; i < blocks->count; i++) {
		struct str url = blocks_str(blocks, blocks->at[i].url);
		struct str path = render_image_path(STR_NONE, url, arena);

		if (blocks->at[i].kind == BLOCK_IMAGE && path.len > 0)
			images[count++] = (struct render_image){
				.path = path,
				.file = url,
				.type = STR("image/png"),
				.width = 1,
				.height = 1,
				.bytes = STR_NONE,
			};
	}
	input->images = images;
	input->image_count = count;
}

/* The other dialects know no front matter, and have no publication. */
static int show_text(struct app *app, struct str text,
		     enum markdown_dialect dialect, struct str *out,
		     struct err *err)
{
	const struct markdown_style style = { .lang = STR_NONE,
					      .dialect = dialect };
	struct render_input *input = arena_new_of(app->arena,
						  struct render_input);
	struct str *texts[] = {
		&input->publication.name,    &input->publication.tagline,
		&input->publication.url,     &input->publication.logo,
		&input->publication.address, &input->publication.copyright,
		&input->list.title,	     &input->list.description,
	};
	struct article *article;

	if (article_body(STR(INPUT), text, app->arena, &article, err) < 0 ||
	    article_blocks(article, &style, app->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = STR_NONE;
	input->dir = app->dir;
	input->theme = STR("letter");
	input->publication.language = STR("en");
	input->slug = article->slug;
	input->article = article;
	input->date = time_date(clock_now_ms());
	invent_images(article->blocks, app->arena, input);
	return render_body(input, "text", app->arena, out, err);
}

static int run(struct app *app, const void *opts, int argc, char **argv,
	       struct err *err)
{
	const struct markdown_opts *o = opts;
	enum markdown_dialect dialect = o->gfm ? MARKDOWN_GITHUB
					       : MARKDOWN_COMMON;
	struct str text;
	struct str out;
	bool plain;
	int rc;

	(void)argc;
	(void)argv;
	if (o->gfm && o->letter)
		return err_set(err, ERR_USAGE,
			       "'--gfm' and '--letter' are two kinds of "
			       "Markdown: give one of them");
	if (read_form(o->to, &plain, err) < 0 ||
	    file_read("-", ARTICLE_MAX, app->arena, &text, err) < 0)
		return -1;
	if (o->letter)
		rc = show_letter(app, text, plain ? "text" : "mail", &out, err);
	else if (plain)
		rc = show_text(app, text, dialect, &out, err);
	else
		rc = markdown_html(text, INPUT, dialect, app->arena, &out, err);
	if (rc == 0)
		print_page(app->out, out);
	return rc;
}

const struct command cmd_markdown = {
	.name = "markdown",
	.args = "",
	.summary = "turn Markdown on standard input into HTML or text",
	.needs = NEED_NONE,
	.options = options,
	.opts_size = sizeof(struct markdown_opts),
	.run = run,
};
