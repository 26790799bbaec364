/* render.c - an article and a publication become a letter or a page: see
 * render/render.h */
#include "letter_priv.h"

#define WORDS_A_MINUTE 230
#define PREHEADER_MAX  140
#define PROGRAM_MAX    ((size_t)64 * 1024 * 1024)

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

static void begin(struct letter *letter, const struct render_input *input,
		  struct arena *arena, struct err *err)
{
	const struct article *article = input->article;
	struct str lang = article->lang;
	struct str base = input->publication.url;

	if (lang.len == 0)
		lang = input->publication.language;
	while (str_ends(base, STR("/")))
		base.len--;
	letter->input = input;
	letter->blocks = article->blocks;
	letter->arena = arena;
	letter->err = err;
	letter->base = base;
	letter->page = arena_fmt(arena, STR_FMT "/i/" STR_FMT, STR_ARG(base),
				 STR_ARG(input->slug));
	letter->folder = folder_of(article->path);
	letter->theme = theme_make(theme_is_rtl(lang), arena);
	letter->fields = arena_new_of(arena, struct fields_known);
	letter->fields->declared = input->attributes;
	letter->fields->declared_count = input->attribute_count;
	letter->known = letter_known(letter);
}

/* The headline is the same for all readers: on the web page, in the archive,
 * in feeds. Only the subject may greet somebody. */
static int check_headline(const struct letter *letter, struct err *err)
{
	const struct article *article = letter->input->article;

	if (str_find_str(article->title, STR("{{")) < 0 &&
	    str_find_str(article->deck, STR("{{")) < 0)
		return 0;
	err_set(err, ERR_INPUT, "a headline takes no merge fields");
	err_hint(err, "write them into 'subject:' or into the text");
	return err_place(err, STR_FMT ":%d", STR_ARG(article->path),
			 article->title_line);
}

static int make_subject(struct letter *letter, struct draft *draft,
			struct err *err)
{
	const struct article *article = letter->input->article;
	const char *place = letter_place(letter, 0);

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
	const char *place = letter_place(letter, 0);
	struct str text = article->preheader;
	struct pen pen;

	if (text.len > 0)
		return template_inline(text, place, letter->known,
				       letter->fields, SLOT_HTML, letter->arena,
				       draft, err);
	text = article->deck;
	if (text.len == 0)
		text = opening_words(letter, PREHEADER_MAX);
	pen_open(&pen, letter, draft);
	pen_attribute(&pen, text);
	pen_close(&pen);
	return 0;
}

/* --- parts ---------------------------------------------------------------- */

static struct str finish(struct program_builder **builder, struct arena *arena)
{
	struct str blob;
	struct buf out;

	buf_init(&out, PROGRAM_MAX);
	program_finish(builder, &out);
	blob = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return blob;
}

static struct str compile(const struct draft *draft, enum program_part part,
			  struct arena *arena)
{
	struct program_builder *builder = program_new(part);

	draft_build(draft, builder);
	return finish(&builder, arena);
}

static struct str compile_subject(const struct draft *draft,
				  struct arena *arena)
{
	struct program_builder *builder = program_new(PART_HEADERS);

	program_head(builder, "Subject");
	draft_build(draft, builder);
	program_end(builder);
	return finish(&builder, arena);
}

/* The HTML of a letter or page, from its own template. */
static int make_html(struct letter *letter, const char *template,
		     struct draft *html, struct err *err)
{
	struct draft *preheader = draft_new(letter->arena);
	struct draft *body = draft_new(letter->arena);
	const struct value *values;

	if (make_preheader(letter, preheader, err) < 0)
		return -1;
	html_body(letter, body);
	values = letter_values(letter, preheader, body);
	if (letter->failed)
		return -1;
	return template_run(letter->input->dir, template, values,
			    letter->fields, letter->arena, html, err);
}

static int make_text(struct letter *letter, struct draft *text, struct err *err)
{
	struct draft *body = draft_new(letter->arena);
	const struct value *values;

	text_body(letter, body);
	values = letter_text_values(letter, body);
	if (letter->failed)
		return -1;
	return template_run(letter->input->dir, "letter.txt", values,
			    letter->fields, letter->arena, text, err);
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

	begin(&letter, input, arena, err);
	if (letter.failed || check_headline(&letter, err) < 0 ||
	    make_subject(&letter, subject, err) < 0 ||
	    make_html(&letter, "letter.html", html, err) < 0 ||
	    make_text(&letter, text, err) < 0)
		return -1;
	*output = (struct render_output){
		.subject_plain = draft_plain(subject, arena),
		.subject = compile_subject(subject, arena),
		.html = compile(html, PART_HTML, arena),
		.text = compile(text, PART_TEXT, arena),
		.attribute_count = letter.fields->used_count,
	};
	for (size_t i = 0; i < letter.fields->used_count; i++)
		output->attributes[i] = letter.fields->used[i];
	take_pictures(&letter, output);
	return 0;
}

int render_web(const struct render_input *input, struct arena *arena,
	       struct str *html_out, struct err *err)
{
	struct letter letter = { .web = true };
	struct draft *html = draft_new(arena);

	begin(&letter, input, arena, err);
	if (letter.failed || check_headline(&letter, err) < 0 ||
	    make_html(&letter, "web.html", html, err) < 0)
		return -1;
	*html_out = draft_plain(html, arena);
	return 0;
}
