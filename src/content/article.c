/* article.c - front matter into an article: see content/article.h */
#include "content/article.h"

#include <stdio.h>

#include "article_priv.h"
#include "base/file.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "base/yaml.h"

#define SLUG_MAX 200
#define LANG_MAX 35 /* RFC 5646 4.4.1 */

struct reader {
	const char *name;
	struct arena *arena;
	struct article *article;
};

typedef int (*setter)(const struct reader *r, const struct yaml *value,
		      void *field, struct err *err);

static int refuse(const struct reader *r, const struct yaml *value,
		  struct err *err)
{
	return err_place(err, "%s:%d:%d", r->name, value->line, value->column);
}

/* One line of text without control characters: titles and names go into
 * header fields, where a line break would begin a field of its own. */
static int one_line(const struct reader *r, const struct yaml *value,
		    struct str *text_out, struct err *err)
{
	struct str text = str_trim(value->text);

	if (value->kind != YAML_SCALAR) {
		err_set(err, ERR_INPUT, "'" STR_FMT "' is one text, not a %s",
			STR_ARG(value->key),
			value->kind == YAML_MAP ? "map" : "list");
		return refuse(r, value, err);
	}
	if (utf8_has_control(text)) {
		err_set(err, ERR_INPUT,
			"'" STR_FMT "' has a line break or "
			"another control character",
			STR_ARG(value->key));
		err_hint(err, "write it in one line");
		return refuse(r, value, err);
	}
	if (blocks_has_kept(text)) {
		err_set(err, ERR_INPUT,
			"'" STR_FMT "' has a character of U+E000 to U+E00F, "
			"which are kept for marks",
			STR_ARG(value->key));
		err_hint(err, "delete the invisible character");
		return refuse(r, value, err);
	}
	*text_out = yaml_is_null(value) ? STR_NONE : text;
	return 0;
}

static int set_text(const struct reader *r, const struct yaml *value,
		    void *field, struct err *err)
{
	return one_line(r, value, field, err);
}

static int set_title(const struct reader *r, const struct yaml *value,
		     void *field, struct err *err)
{
	struct str *title = field;

	if (one_line(r, value, title, err) < 0)
		return -1;
	if (title->len > 0)
		return 0;
	err_set(err, ERR_INPUT, "the title is empty");
	err_hint(err, "write one behind 'title:'");
	return refuse(r, value, err);
}

static int set_list(const struct reader *r, const struct yaml *value,
		    void *field, struct err *err)
{
	r->article->list_line = value->line;
	return one_line(r, value, field, err);
}

/* One text or several. */
static int many_lines(const struct reader *r, const struct yaml *value,
		      struct str **texts_out, size_t *count_out,
		      struct err *err)
{
	size_t count = value->kind == YAML_SEQ ? value->count : 1;
	struct str *texts = arena_many(r->arena, struct str, count);
	const struct yaml *item = value;

	if (value->kind == YAML_SEQ)
		item = value->first;
	for (size_t i = 0; i < count; i++, item = item->next) {
		struct yaml named = *item;

		named.key = value->key;
		if (one_line(r, &named, &texts[i], err) < 0)
			return -1;
		if (texts[i].len > 0)
			continue;
		err_set(err, ERR_INPUT, "an entry of '" STR_FMT "' is empty",
			STR_ARG(value->key));
		err_hint(err, "take it out, or write something into it");
		return refuse(r, item, err);
	}
	*texts_out = texts;
	*count_out = count;
	return 0;
}

static int set_authors(const struct reader *r, const struct yaml *value,
		       void *field, struct err *err)
{
	(void)field;
	if (r->article->author_line > 0) {
		err_set(err, ERR_INPUT,
			"'author' and 'authors' are both given");
		err_hint(err, "one of them takes a list as well: "
			      "[mr-khan, ms-reed]");
		return refuse(r, value, err);
	}
	r->article->author_line = value->line;
	return many_lines(r, value, &r->article->authors,
			  &r->article->author_count, err);
}

static int set_tags(const struct reader *r, const struct yaml *value,
		    void *field, struct err *err)
{
	(void)field;
	return many_lines(r, value, &r->article->tags, &r->article->tag_count,
			  err);
}

static int set_date(const struct reader *r, const struct yaml *value,
		    void *field, struct err *err)
{
	struct str text;

	if (one_line(r, value, &text, err) < 0)
		return -1;
	if (time_date_parse(text, field))
		return 0;
	err_set(err, ERR_INPUT, "'" STR_FMT "' is not a date",
		STR_ARG(str_head(text, 80)));
	err_hint(err, "write it as 2026-05-22");
	return refuse(r, value, err);
}

static int set_slug(const struct reader *r, const struct yaml *value,
		    void *field, struct err *err)
{
	struct str slug, proper;

	if (one_line(r, value, &slug, err) < 0)
		return -1;
	proper = article_slug_of_title(r->arena, slug);
	if (slug.len > 0 && slug.len <= SLUG_MAX && str_eq(slug, proper)) {
		memcpy(field, &slug, sizeof(slug));
		return 0;
	}
	err_set(err, ERR_INPUT, "'" STR_FMT "' is not a slug",
		STR_ARG(str_head(slug, 80)));
	err_hint(err, "a slug has only a-z, 0-9 and single '-'");
	if (proper.len > 0 && proper.len <= SLUG_MAX)
		err_hint(err, "write '" STR_FMT "'", STR_ARG(proper));
	return refuse(r, value, err);
}

/* The shape of RFC 5646: words of one to eight letters and digits. */
static bool is_lang(struct str lang)
{
	size_t word = 0;

	if (lang.len == 0 || lang.len > LANG_MAX)
		return false;
	for (size_t i = 0; i < lang.len; i++) {
		char c = lang.at[i];

		if (c == '-' && word == 0)
			return false;
		if (c != '-' && !is_alnum(c))
			return false;
		word = c == '-' ? 0 : word + 1;
		if (word > 8)
			return false;
	}
	return word > 0;
}

static int set_lang(const struct reader *r, const struct yaml *value,
		    void *field, struct err *err)
{
	struct str lang;

	if (one_line(r, value, &lang, err) < 0)
		return -1;
	if (is_lang(lang)) {
		memcpy(field, &lang, sizeof(lang));
		return 0;
	}
	err_set(err, ERR_INPUT, "'" STR_FMT "' is not a language",
		STR_ARG(str_head(lang, 80)));
	err_hint(err, "write a language tag such as en, de-AT or ar");
	return refuse(r, value, err);
}

static int set_draft(const struct reader *r, const struct yaml *value,
		     void *field, struct err *err)
{
	if (yaml_bool(value, field))
		return 0;
	err_set(err, ERR_INPUT, "'draft' is neither true nor false");
	err_hint(err, "write 'draft: true', or leave the line out");
	return refuse(r, value, err);
}

#define AT(member) offsetof(struct article, member)

static const struct key {
	const char *name;
	setter set;
	size_t field;
	size_t place; /* where its place goes; 0: nobody asks */
} keys[] = {
	{ "title", set_title, AT(title), AT(title_place) },
	{ "deck", set_text, AT(deck), AT(deck_place) },
	{ "author", set_authors, 0, 0 },
	{ "authors", set_authors, 0, 0 },
	{ "date", set_date, AT(date), 0 },
	{ "topic", set_text, AT(topic), 0 },
	{ "tags", set_tags, 0, 0 },
	{ "slug", set_slug, AT(slug), 0 },
	{ "preheader", set_text, AT(preheader), AT(preheader_place) },
	{ "subject", set_text, AT(subject), AT(subject_place) },
	{ "list", set_list, AT(list), 0 },
	{ "lang", set_lang, AT(lang), 0 },
	{ "draft", set_draft, AT(draft), 0 },
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

static int unknown_key(const struct reader *r, const struct yaml *value,
		       struct err *err)
{
	struct str names[KEY_COUNT];
	struct str close;

	for (size_t i = 0; i < KEY_COUNT; i++)
		names[i] = str_of(keys[i].name);
	close = nearest(value->key, names, KEY_COUNT);
	err_set(err, ERR_INPUT, "no such thing as '" STR_FMT "' in an article",
		STR_ARG(str_head(value->key, 80)));
	if (close.len > 0)
		err_hint(err, "did you mean '" STR_FMT "'?", STR_ARG(close));
	else
		err_hint(err, "known are title, deck, author, date, topic, "
			      "tags, slug, preheader, subject, list, lang "
			      "and draft");
	return err_place(err, "%s:%d:%d", r->name, value->key_line,
			 value->key_column);
}

static int set_key(const struct reader *r, const struct yaml *value,
		   struct err *err)
{
	char *article = (char *)r->article;

	for (size_t i = 0; i < KEY_COUNT; i++) {
		struct article_place place = { value->line, value->column };

		if (!str_eqz(value->key, keys[i].name))
			continue;
		if (keys[i].place > 0)
			memcpy(article + keys[i].place, &place, sizeof(place));
		return keys[i].set(r, value, article + keys[i].field, err);
	}
	return unknown_key(r, value, err);
}

static int take_front_matter(const struct reader *r, struct str text,
			     struct err *err)
{
	struct yaml *root;

	/* The first line of the file is the opening fence. */
	if (yaml_parse(text, r->name, 2, r->arena, &root, err) < 0)
		return -1;
	if (root->kind != YAML_MAP) {
		err_set(err, ERR_INPUT, "the front matter is not a map");
		err_hint(err, "write lines such as 'title: News of the week'");
		return refuse(r, root, err);
	}
	for (const struct yaml *v = root->first; v; v = v->next)
		if (set_key(r, v, err) < 0)
			return -1;
	if (r->article->title_place.line > 0)
		return 0;
	err_set(err, ERR_INPUT, "the article has no title");
	err_hint(err, "add a line such as 'title: News of the week' to the "
		      "front matter");
	return err_place(err, "%s:1", r->name);
}

/* The next line of `text` without its end; moves `text` on. */
static struct str take_line(struct str *text)
{
	struct str line = str_cut(*text, '\n', text);

	if (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool is_fence(struct str line)
{
	return str_starts(line, STR("---")) && str_trim(line).len == 3;
}

/* Cut `text` into what stands between the two lines `---` and what follows. */
static int cut(const struct reader *r, struct str text, struct str *front_out,
	       struct err *err)
{
	struct article *article = r->article;
	struct str rest = text;
	const char *from;
	int line = 1;

	if (!is_fence(take_line(&rest))) {
		err_set(err, ERR_INPUT, "the article has no front matter");
		err_hint(err, "begin the file with a line ---, then 'title: "
			      "...', then another line ---");
		return err_place(err, "%s:1", r->name);
	}
	from = rest.at;
	while (rest.len > 0) {
		const char *at = rest.at;

		line++;
		if (!is_fence(take_line(&rest)))
			continue;
		*front_out = str_at(from, (size_t)(at - from));
		article->body = arena_dup(r->arena, rest);
		article->body_line = line + 1;
		return 0;
	}
	err_set(err, ERR_INPUT, "the front matter is not closed");
	err_hint(err, "end it with a line ---");
	return err_place(err, "%s:1", r->name);
}

static int line_at(struct str text, size_t at)
{
	int line = 1;

	for (size_t i = 0; i < at; i++)
		line += text.at[i] == '\n';
	return line;
}

static int check_bytes(const char *name, struct str text, struct err *err)
{
	const char *nul = memchr(text.at, 0, text.len);
	size_t bad;

	if (text.len > ARTICLE_MAX)
		return err_set(err, ERR_INPUT,
			       "'%s' has %zu bytes; at most %d are allowed",
			       name, text.len, ARTICLE_MAX);
	if (nul) {
		err_set(err, ERR_INPUT, "a NUL byte: this is not text");
		return err_place(err, "%s:%d", name,
				 line_at(text, (size_t)(nul - text.at)));
	}
	if (utf8_ok(text, &bad))
		return 0;
	err_set(err, ERR_INPUT, "byte 0x%02x is not UTF-8",
		(unsigned)(unsigned char)text.at[bad]);
	err_hint(err, "save the file as UTF-8 (iconv -f WINDOWS-1252 -t UTF-8 "
		      "changes an older one)");
	return err_place(err, "%s:%d", name, line_at(text, bad));
}

static struct article *begin(struct str name, struct arena *arena)
{
	struct article *article = arena_new_of(arena, struct article);
	struct str *texts[] = { &article->slug,	     &article->title,
				&article->deck,	     &article->subject,
				&article->preheader, &article->topic,
				&article->list,	     &article->lang };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = STR_NONE;
	article->path = arena_dup(arena, name);
	return article;
}

int article_parse(struct str name, struct str text, struct arena *arena,
		  struct article **article_out, struct err *err)
{
	struct article *article = begin(name, arena);
	struct reader r = { .name = arena_z(arena, name),
			    .arena = arena,
			    .article = article };
	struct str front;

	if (check_bytes(r.name, text, err) < 0)
		return -1;
	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_skip(text, 3);
	if (cut(&r, text, &front, err) < 0 ||
	    take_front_matter(&r, front, err) < 0)
		return -1;
	if (article->slug.len == 0)
		article->slug = article_slug(arena, name);
	if (article->slug.len == 0) {
		err_set(err, ERR_INPUT, "no slug can be made of the name '%s'",
			r.name);
		return err_hint(err, "add a line such as 'slug: my-letter' to "
				     "the front matter");
	}
	*article_out = article;
	return 0;
}

int article_body(struct str name, struct str text, struct arena *arena,
		 struct article **article_out, struct err *err)
{
	struct article *article;

	if (check_bytes(arena_z(arena, name), text, err) < 0)
		return -1;
	article = begin(name, arena);
	article->slug = STR("article");
	article->body = arena_dup(arena, text);
	article->body_line = 1;
	*article_out = article;
	return 0;
}

int article_bare(struct str name, struct str text, struct arena *arena,
		 struct article **article_out, struct err *err)
{
	struct str rest;

	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_skip(text, 3);
	rest = text;
	if (is_fence(take_line(&rest)))
		return article_parse(name, text, arena, article_out, err);
	return article_body(name, text, arena, article_out, err);
}

int article_read(const char *dir, struct str name, struct arena *arena,
		 struct article **article_out, struct err *err)
{
	struct str text;

	if (file_read_below(dir, name, ARTICLE_MAX, arena, &text, err) < 0)
		return -1;
	return article_parse(name, text, arena, article_out, err);
}
