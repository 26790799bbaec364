/* render.c - an article and a publication become a letter or a page: see
 * render/render.h */
#include <string.h>

#include "letter_priv.h"
#include "phrases_priv.h"
#include "seen_priv.h"
#include "slot_priv.h"

#define WORDS_A_MINUTE 230
#define PREHEADER_MAX  140
#define BLOB_MAX       ((size_t)64 * 1024 * 1024)
#define PAGE_MAX       ((size_t)16 * 1024 * 1024)

int render_minutes(int words)
{
	int minutes = (words + WORDS_A_MINUTE - 1) / WORDS_A_MINUTE;

	return minutes > 1 ? minutes : 1;
}

/* --- a letter's beginning ------------------------------------------------- */

static struct str folder_of(struct str path)
{
	size_t n = path.len;

	while (n > 0 && path.at[n - 1] != '/')
		n--;
	return str_head(path, n);
}

/* The place of a value of the front matter. */
static const char *front_place(const struct letter *letter,
			       struct article_place at)
{
	const char *file = letter_place(letter, 0);

	if (at.line == 0)
		return file;
	if (at.column == 0)
		return arena_fmt(letter->arena, "%s:%d", file, at.line).at;
	return arena_fmt(letter->arena, "%s:%d:%d", file, at.line, at.column)
		.at;
}

/* The headline is the same for all readers: on the web page, in the archive,
 * in feeds. Only the subject may greet somebody. "\{{" is "{{". */
static int read_headline(struct letter *letter, const char *key,
			 struct article_place at, struct str *text,
			 struct err *err)
{
	struct draft *draft = draft_new(letter->arena);
	const char *place = front_place(letter, at);
	struct str rest = *text;
	ptrdiff_t open;

	while ((open = str_find_str(rest, STR("{{"))) >= 0) {
		if (!str_ends(str_head(rest, (size_t)open), STR("\\"))) {
			err_set(err, ERR_INPUT, "'%s' takes no merge fields",
				key);
			err_hint(err, "write them into 'subject' or into the "
				      "text; \\{{ gives the braces "
				      "themselves");
			err_excerpt(err, *text,
				    (size_t)(rest.at - text->at + open));
			return err_place(err, "%s", place);
		}
		rest = str_skip(rest, (size_t)open + 2);
	}
	if (template_inline(*text, place, NULL, letter->fields, SLOT_TEXT,
			    letter->arena, draft, err) < 0)
		return -1;
	*text = draft_plain(draft, letter->arena);
	return 0;
}

static int begin_publication(struct letter *letter, struct err *err)
{
	const struct render_input *input = letter->input;
	struct str lang = letter_lang(input);
	struct str base = input->publication.url;

	while (str_ends(base, STR("/")))
		base.len--;
	letter->base = base;
	letter->page = arena_fmt(letter->arena, STR_FMT "/i/" STR_FMT,
				 STR_ARG(base), STR_ARG(input->slug));
	letter->folder = folder_of(input->article->path);
	if (theme_load(input->dir, input->theme, lang, letter->arena,
		       &letter->theme, err) < 0)
		return -1;
	letter->templates = templates_new(input->dir, letter->theme->name,
					  letter->arena);
	letter_language(letter, lang);
	letter->known = letter_known(letter);
	letter->partials = letter_known(letter);
	return letter->failed ? -1 : 0;
}

/* Article and input are copied, since the headline is read here. */
static int begin(struct letter *letter, const struct render_input *input,
		 struct arena *arena, struct err *err)
{
	struct render_input *own = arena_new_of(arena, struct render_input);
	struct article *article = arena_new_of(arena, struct article);

	*article = *input->article;
	*own = *input;
	own->article = article;
	letter->input = own;
	letter->blocks = article->blocks;
	letter->arena = arena;
	letter->err = err;
	letter->pictures_seen = seen_new(arena);
	letter->links_seen = seen_new(arena);
	letter->fields = arena_new_of(arena, struct fields_known);
	letter->fields->declared = input->attributes;
	letter->fields->declared_count = input->attribute_count;
	if (read_headline(letter, "title", article->title_place,
			  &article->title, err) < 0 ||
	    read_headline(letter, "deck", article->deck_place, &article->deck,
			  err) < 0)
		return -1;
	return begin_publication(letter, err);
}

static int make_subject(struct letter *letter, struct draft *draft,
			struct err *err)
{
	const struct article *article = letter->input->article;
	const char *place = front_place(letter, article->subject_place);

	if (article->subject.len == 0) {
		draft_text(draft, article->title);
		return 0;
	}
	return template_inline(article->subject, place, letter->known,
			       letter->fields, SLOT_HEADER, letter->arena,
			       draft, err);
}

/* What an inbox shows behind the subject: the author's words for it, else the
 * deck, else how the article begins. */
static int make_preheader(struct letter *letter, struct draft *draft,
			  struct err *err)
{
	const struct article *article = letter->input->article;
	const char *place = front_place(letter, article->preheader_place);
	struct str text = article->preheader;

	if (text.len > 0)
		return template_inline(text, place, letter->known,
				       letter->fields, SLOT_HTML, letter->arena,
				       draft, err);
	text = article->deck;
	if (text.len == 0)
		text = opening_words(letter, PREHEADER_MAX);
	draft_text(draft, slot_escaped(text, SLOT_HTML, letter->arena));
	return 0;
}

/* --- blocks by templates -------------------------------------------------- */

void letter_partial(struct letter *letter, const char *name,
		    struct value *values, struct draft *draft)
{
	if (letter->failed)
		return;
	value_set(letter->partials, letter->arena, "block", values);
	if (template_run(letter->templates, letter->medium, name,
			 letter->partials, letter->fields, letter->arena, draft,
			 letter->err) < 0)
		letter_fail(letter);
}

/* --- parts ---------------------------------------------------------------- */

static int too_large(const struct letter *letter, struct err *err)
{
	err_set(err, ERR_INPUT,
		"the letter would be larger than 8 MiB, or have more than "
		"200000 merge fields and paragraphs");
	err_hint(err, "mail programs cut letters off far below that: make it "
		      "shorter");
	return err_place(err, "%s", letter_place(letter, 0));
}

/* `head` is the header field that the part is, or NULL. */
static int compile(const struct letter *letter, const struct draft *draft,
		   enum program_part part, const char *head,
		   struct str *blob_out, struct err *err)
{
	struct program_builder *builder = program_new(part);
	struct buf out;
	bool fits;

	if (head)
		program_head(builder, head);
	fits = draft_build(draft, builder);
	if (head)
		program_end(builder);
	buf_init(&out, BLOB_MAX);
	program_finish(&builder, &out);
	fits = fits && !buf_over(&out);
	if (fits)
		*blob_out = arena_dup(letter->arena, buf_str(&out));
	buf_done(&out);
	return fits ? 0 : too_large(letter, err);
}

/* The HTML part of a letter. */
static int make_html(struct letter *letter, struct draft *html, struct err *err)
{
	struct draft *preheader = draft_new(letter->arena);
	struct draft *body = draft_new(letter->arena);
	const struct value *values;

	letter->medium = "mail";
	letter->framed = true;
	if (make_preheader(letter, preheader, err) < 0)
		return -1;
	html_body(letter, body);
	values = letter_values(letter, preheader, body);
	if (letter->failed)
		return -1;
	return template_run(letter->templates, letter->medium, "letter.html",
			    values, letter->fields, letter->arena, html, err);
}

/* The same as a page, with what programs show beside a link to it. */
static int make_page(struct letter *letter, struct draft *html, struct err *err)
{
	struct draft *preheader = draft_new(letter->arena);
	struct draft *body = draft_new(letter->arena);
	struct value *values;
	struct value *page;

	letter->medium = "web";
	if (make_preheader(letter, preheader, err) < 0)
		return -1;
	page = web_body(letter, body);
	values = letter_values(letter, preheader, body);
	if (letter->failed)
		return -1;
	value_set(values, letter->arena, "page", page);
	return template_run(letter->templates, letter->medium, "page.html",
			    values, letter->fields, letter->arena, html, err);
}

static int make_text(struct letter *letter, struct draft *text, struct err *err)
{
	struct draft *body = draft_new(letter->arena);
	const struct value *values;

	letter->medium = "text";
	text_body(letter, body);
	values = letter_text_values(letter, body);
	if (letter->failed)
		return -1;
	return template_run(letter->templates, letter->medium, "letter.txt",
			    values, letter->fields, letter->arena, text, err);
}

static void take_pictures(const struct letter *letter,
			  struct render_output *output)
{
	const struct picture *p;
	struct render_picture *list;
	size_t n = 0;

	for (p = letter->pictures; p; p = p->next)
		n += p->file.bytes.len > 0;
	list = arena_many(letter->arena, struct render_picture, n + 1);
	output->pictures = list;
	output->picture_count = n;
	/* The newest is first in the list: hand them out in reading order. */
	for (p = letter->pictures; p; p = p->next)
		if (p->file.bytes.len > 0)
			list[--n] = p->file;
}

/* --- all ------------------------------------------------------------------ */

int render_letter(const struct render_input *input, struct arena *arena,
		  struct render_output *output, struct err *err)
{
	struct letter letter = { .web = false };
	struct draft *subject = draft_new(arena);
	struct draft *html = draft_new(arena);
	struct draft *text = draft_new(arena);
	struct render_output made = { .attribute_count = 0 };

	if (begin(&letter, input, arena, err) < 0 ||
	    make_subject(&letter, subject, err) < 0 ||
	    make_html(&letter, html, err) < 0 ||
	    make_text(&letter, text, err) < 0 ||
	    compile(&letter, subject, PART_HEADERS, "Subject", &made.subject,
		    err) < 0 ||
	    compile(&letter, html, PART_HTML, NULL, &made.html, err) < 0 ||
	    compile(&letter, text, PART_TEXT, NULL, &made.text, err) < 0)
		return -1;
	made.subject_plain = draft_plain(subject, arena);
	made.attribute_count = letter.fields->used_count;
	for (size_t i = 0; i < letter.fields->used_count; i++)
		made.attributes[i] = letter.fields->used[i];
	take_pictures(&letter, &made);
	*output = made;
	return 0;
}

/* As what nobody in particular gets: every slot gives its default. */
static int write_plain(const struct letter *letter, const struct draft *draft,
		       struct str *text_out, struct err *err)
{
	struct buf out;
	int rc = 0;

	buf_init(&out, PAGE_MAX);
	draft_write(draft, &out);
	if (buf_over(&out)) {
		err_set(err, ERR_INPUT, "the page would be larger than %zu MiB",
			PAGE_MAX >> 20);
		rc = err_place(err, "%s", letter_place(letter, 0));
	} else {
		*text_out = arena_dup(letter->arena, buf_str(&out));
	}
	buf_done(&out);
	return rc;
}

int render_web(const struct render_input *input, struct arena *arena,
	       struct str *html_out, struct err *err)
{
	struct letter letter = { .web = true };
	struct draft *html = draft_new(arena);

	if (begin(&letter, input, arena, err) < 0 ||
	    make_page(&letter, html, err) < 0)
		return -1;
	return write_plain(&letter, html, html_out, err);
}

int render_body(const struct render_input *input, const char *medium,
		struct arena *arena, struct str *body_out, struct err *err)
{
	struct letter letter = { .web = strcmp(medium, "web") == 0,
				 .medium = medium };
	struct draft *body = draft_new(arena);

	if (begin(&letter, input, arena, err) < 0)
		return -1;
	if (strcmp(medium, "text") == 0)
		text_body(&letter, body);
	else if (letter.web)
		web_body(&letter, body);
	else
		html_body(&letter, body);
	if (letter.failed)
		return -1;
	return write_plain(&letter, body, body_out, err);
}
