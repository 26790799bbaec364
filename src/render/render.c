/* render.c - an article and a publication become a letter or a page: see
 * render/render.h */
#include "letter_priv.h"
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

/* The headline is the same for all readers: on the web page, in the archive,
 * in feeds. Only the subject may greet somebody. "\{{" is "{{". */
static int read_headline(struct letter *letter, const char *key, int line,
			 struct str *text, struct err *err)
{
	struct draft *draft = draft_new(letter->arena);
	const char *place = letter_place(letter, 0);
	struct str rest = *text;
	ptrdiff_t open;

	if (line > 0)
		place = arena_fmt(letter->arena, "%s:%d", place, line).at;
	while ((open = str_find_str(rest, STR("{{"))) >= 0) {
		if (!str_ends(str_head(rest, (size_t)open), STR("\\"))) {
			err_set(err, ERR_INPUT, "'%s' takes no merge fields",
				key);
			err_hint(err, "write them into 'subject' or into the "
				      "text; \\{{ gives the braces "
				      "themselves");
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

static void begin_publication(struct letter *letter)
{
	const struct render_input *input = letter->input;
	struct str lang = input->article->lang;
	struct str base = input->publication.url;

	if (lang.len == 0)
		lang = input->publication.language;
	while (str_ends(base, STR("/")))
		base.len--;
	letter->base = base;
	letter->page = arena_fmt(letter->arena, STR_FMT "/i/" STR_FMT,
				 STR_ARG(base), STR_ARG(input->slug));
	letter->folder = folder_of(input->article->path);
	letter->theme = theme_make(theme_is_rtl(lang), letter->arena);
	letter->known = letter_known(letter);
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
	if (read_headline(letter, "title", article->title_line, &article->title,
			  err) < 0 ||
	    read_headline(letter, "deck", 0, &article->deck, err) < 0)
		return -1;
	begin_publication(letter);
	return letter->failed ? -1 : 0;
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
	struct render_output made = { .attribute_count = 0 };

	if (begin(&letter, input, arena, err) < 0 ||
	    make_subject(&letter, subject, err) < 0 ||
	    make_html(&letter, "letter.html", html, err) < 0 ||
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

int render_web(const struct render_input *input, struct arena *arena,
	       struct str *html_out, struct err *err)
{
	struct letter letter = { .web = true };
	struct draft *html = draft_new(arena);
	struct buf out;
	int rc = 0;

	if (begin(&letter, input, arena, err) < 0 ||
	    make_html(&letter, "web.html", html, err) < 0)
		return -1;
	buf_init(&out, PAGE_MAX);
	draft_write(html, &out);
	if (buf_over(&out)) {
		err_set(err, ERR_INPUT, "the page would be larger than %zu MiB",
			PAGE_MAX >> 20);
		rc = err_place(err, "%s", letter_place(&letter, 0));
	} else {
		*html_out = arena_dup(arena, buf_str(&out));
	}
	buf_done(&out);
	return rc;
}
