/* issue.c - an article becomes an issue: see issue/issue.h */
#include "issue_priv.h"

#include "base/file.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "content/markdown.h"
#include "letter/letter.h"
#include "mail/address.h"
#include "seal/seal.h"

#define FEEDBACK_LEN 8

static struct str list_keys(const struct conf *conf, struct str **names_out,
			    size_t *count_out, struct arena *arena)
{
	struct str all = STR_NONE;
	struct str *names;
	size_t count = 0;

	for (const struct conf_list *l = conf->lists; l; l = l->next)
		count++;
	names = arena_many(arena, struct str, count);
	*names_out = names;
	*count_out = count;
	for (const struct conf_list *l = conf->lists; l; l = l->next) {
		*names++ = l->key;
		all = arena_fmt(arena, STR_FMT "%s'" STR_FMT "'", STR_ARG(all),
				all.len ? ", " : "", STR_ARG(l->key));
	}
	return all;
}

static int unknown_list(const struct conf *conf, struct str key,
			struct arena *arena, struct err *err)
{
	struct str *names, close;
	size_t count;
	struct str all = list_keys(conf, &names, &count, arena);

	err_set(err, ERR_INPUT, "there is no list '" STR_FMT "'",
		STR_ARG(str_head(key, 100)));
	close = nearest(key, names, count);
	if (close.len > 0)
		return err_hint(err, "did you mean '" STR_FMT "'?",
				STR_ARG(close));
	return err_hint(err, "the settings know " STR_FMT,
			STR_ARG(str_head(all, 200)));
}

/* Whom it is for. Guessing among several lists would be a letter to the wrong
 * people, so that is for the author to say. */
static int choose_list(const struct conf *conf, const struct article *article,
		       struct str wanted, struct arena *arena,
		       const struct conf_list **list_out, struct err *err)
{
	struct str key = wanted.len > 0 ? wanted : article->list;
	struct str *names, all;
	size_t count;

	if (key.len > 0) {
		*list_out = conf_list_find(conf, key);
		if (*list_out)
			return 0;
		unknown_list(conf, key, arena, err);
		return wanted.len > 0 ? -1
				      : err_place(err, STR_FMT ":%d",
						  STR_ARG(article->path),
						  article->list_line);
	}
	*list_out = conf->lists;
	if (!conf->lists->next)
		return 0;
	all = list_keys(conf, &names, &count, arena);
	err_set(err, ERR_INPUT,
		"no list is named, and there are several: " STR_FMT,
		STR_ARG(str_head(all, 300)));
	err_place(err, STR_FMT, STR_ARG(article->path));
	return err_hint(err, "write 'list: " STR_FMT "' into its front matter",
			STR_ARG(names[0]));
}

/* A name for the sender that receivers may count by (Feedback-ID): one for
 * all letters from a domain, and no secret. */
static struct str feedback_of(struct str domain, struct arena *arena)
{
	char hex[65];

	seal_sha256_hex(domain, hex);
	return arena_dup(arena, str_at(hex, FEEDBACK_LEN));
}

static struct str without_slash(struct str url)
{
	while (url.len > 0 && url.at[url.len - 1] == '/')
		url.len--;
	return url;
}

static int make_head(const struct conf *conf, const struct issue *issue,
		     struct arena *arena, struct letter_head *head,
		     struct err *err)
{
	struct str domain;

	if (settings_mailbox(conf, "from", conf->from, arena, &head->from,
			     err) < 0)
		return -1;
	head->reply_to = (struct mailbox){ STR_NONE, STR_NONE };
	if (conf->reply_to.len > 0 &&
	    settings_mailbox(conf, "reply_to", conf->reply_to, arena,
			     &head->reply_to, err) < 0)
		return -1;
	domain = address_domain(address_wire(arena, head->from.address));
	head->list_title = issue->list->title;
	head->list_key = issue->list->key;
	head->url = without_slash(conf->publication.url);
	head->slug = issue->slug;
	head->envelope_domain = conf->envelope_domain.len > 0
					? utf8_host_ascii(arena,
							  conf->envelope_domain)
					: domain;
	if (head->envelope_domain.len == 0) {
		err_set(err, ERR_CONFIG, "'" STR_FMT "' is no domain",
			STR_ARG(conf->envelope_domain));
		return err_place(err, "%s",
				 conf_place(conf, "envelope.domain"));
	}
	head->feedback = feedback_of(domain, arena);
	head->one_click = str_starts_nocase(head->url, STR("https://"));
	return 0;
}

static int make_form(const struct conf *conf, struct issue *issue,
		     struct arena *arena, struct err *err)
{
	struct letter_head head;
	struct buf form;
	int rc = -1;

	buf_init(&form, 4 * (size_t)LETTER_MAX);
	if (make_head(conf, issue, arena, &head, err) < 0 ||
	    letter_form_pack(&head, &issue->parts, &form, err) < 0)
		goto out;
	if (buf_over(&form)) {
		err_set(err, ERR_INPUT, "the letter is larger than %zu bytes",
			form.ceiling);
		err_place(err, STR_FMT, STR_ARG(issue->article->path));
		goto out;
	}
	issue->form = arena_dup(arena, buf_str(&form));
	rc = 0;
out:
	buf_done(&form);
	return rc;
}

/* The fields of a reader who told us nothing: see struct letter_reader. */
static struct str no_fields(const struct letter_form *form, struct arena *arena)
{
	size_t count;
	char *separators;

	letter_form_attributes(form, &count);
	count += 5;
	separators = arena_take(arena, count + 1);
	memset(separators, 0x1f, count);
	return str_at(separators, count);
}

/* What no reader could be sent is found here and not in the middle of the
 * send. The key proves nothing to anybody: the letter is thrown away. */
static int try_form(const struct issue *issue, struct arena *arena,
		    struct err *err)
{
	static const unsigned char no_secret[32];
	struct letter_reader reader = { .issue = 1,
					.list = 1,
					.subscriber = 1,
					.address = STR("reader@example.org"),
					.date_ms = 1 };
	const struct letter_form *form;
	struct letter_press *press;
	struct seal *seal;
	struct str bytes;
	int rc;

	if (letter_form_open(issue->form, arena, &form, err) < 0)
		return -1;
	reader.fields = no_fields(form, arena);
	seal = seal_of(no_secret);
	press = letter_press_new(seal);
	rc = letter_compose(press, form, &reader, &bytes, err);
	letter_press_free(&press);
	seal_close(&seal);
	if (rc == 0)
		return 0;
	return err_place(err, STR_FMT, STR_ARG(issue->article->path));
}

/* The settings that a letter shows are in the form; what is neither in it nor
 * in the article (a comment, a relay) changes no letter. */
static void hash_source(struct issue *issue, struct str source,
			struct arena *arena)
{
	char part[65], whole[65];
	struct str all;

	seal_sha256_hex(source, part);
	seal_sha256_hex(issue->form, whole);
	all = arena_fmt(arena, "%s %s " STR_FMT, part, whole,
			STR_ARG(issue->list->key));
	seal_sha256_hex(all, whole);
	issue->source_hash = arena_dup(arena, str_of(whole));
}

static int no_draft(const struct article *article, struct err *err)
{
	err_set(err, ERR_INPUT, "it is a draft");
	err_place(err, STR_FMT, STR_ARG(article->path));
	return err_hint(err, "take 'draft: true' out of its front matter when "
			     "it is ready");
}

static int read_source(const struct conf *conf, struct str what,
		       struct arena *arena, struct str *source_out,
		       struct article **article_out, struct err *err)
{
	const char *dir = arena_z(arena, conf->dir);
	struct str name;

	if (article_locate(dir, what, arena, &name, err) < 0 ||
	    file_read_below(dir, name, ARTICLE_MAX, arena, source_out, err) < 0)
		return -1;
	return article_parse(name, *source_out, arena, article_out, err);
}

/* As the article's language sets its words. */
static int read_blocks(const struct conf *conf, struct article *article,
		       struct arena *arena, struct err *err)
{
	struct markdown_style style = {
		.lang = article->lang.len > 0 ? article->lang
					      : conf->publication.language,
		.smart = conf->publication.typography == TYPOGRAPHY_SMART
	};

	return article_blocks(article, &style, arena, err);
}

int issue_load(const struct conf *conf, const struct issue_wish *wish,
	       struct arena *arena, struct issue **issue_out, struct err *err)
{
	struct issue *issue = arena_new_of(arena, struct issue);
	struct render_input *input;
	struct article *article;
	struct str source;

	if (read_source(conf, wish->what, arena, &source, &article, err) < 0)
		return -1;
	if (article_alone(arena_z(arena, conf->dir), article, arena, err) < 0)
		return -1;
	if (article->draft && !wish->allow_draft)
		return no_draft(article, err);
	issue->article = article;
	issue->slug = article->slug;
	if (choose_list(conf, article, wish->list, arena, &issue->list, err) <
		    0 ||
	    settings_theme(conf, err) < 0 ||
	    read_blocks(conf, article, arena, err) < 0)
		return -1;
	input = input_of(conf, article, issue->list, wish->now, arena);
	issue->input = input;
	if (pictures_of(conf, input, arena, err) < 0 ||
	    render_letter(issue->input, arena, &issue->parts, err) < 0 ||
	    make_form(conf, issue, arena, err) < 0 ||
	    try_form(issue, arena, err) < 0)
		return -1;
	issue->subject = issue->parts.subject_plain;
	hash_source(issue, source, arena);
	*issue_out = issue;
	return 0;
}

int issue_web(const struct issue *issue, struct arena *arena,
	      struct str *html_out, struct err *err)
{
	return render_web(issue->input, arena, html_out, err);
}

int issue_body(const struct conf *conf, struct article *article,
	       const char *medium, int64_t now, struct arena *arena,
	       struct str *body_out, struct err *err)
{
	struct render_input *input;

	if (settings_theme(conf, err) < 0 ||
	    read_blocks(conf, article, arena, err) < 0)
		return -1;
	input = input_of(conf, article, conf->lists, now, arena);
	if (pictures_of(conf, input, arena, err) < 0)
		return -1;
	return render_body(input, medium, arena, body_out, err);
}

int issue_alone(const struct conf *conf, struct str what, struct arena *arena,
		struct err *err)
{
	const char *dir = arena_z(arena, conf->dir);
	struct err ignored = ERR_INIT;
	struct article *article;
	struct str name;

	if (article_locate(dir, what, arena, &name, &ignored) < 0 ||
	    article_read(dir, name, arena, &article, &ignored) < 0)
		return 0;
	return article_alone(dir, article, arena, err);
}

struct str issue_slug(const struct conf *conf, struct str what,
		      struct arena *arena)
{
	const char *dir = arena_z(arena, conf->dir);
	struct err ignored = ERR_INIT;
	struct article *article;
	struct str name;

	if (article_locate(dir, what, arena, &name, &ignored) == 0 &&
	    article_read(dir, name, arena, &article, &ignored) == 0)
		return article->slug;
	return article_slug(arena, what);
}
