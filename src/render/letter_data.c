/* letter_data.c - what is known of a letter, as values for its templates */
#include "phrases_priv.h"

static void set(struct letter *letter, struct value *map, const char *name,
		struct str text)
{
	value_set(map, letter->arena, name, value_text(letter->arena, text));
}

static struct value *set_map(struct letter *letter, struct value *map,
			     const char *name)
{
	struct value *child = value_map(letter->arena);

	value_set(map, letter->arena, name, child);
	return child;
}

/* People say of themselves what they like in their own language. */
static struct str direction_of(const struct letter *letter, struct str text)
{
	int direction = text_direction(text);

	if (direction < 0)
		return str_of(letter->theme->dir);
	return direction ? STR("rtl") : STR("ltr");
}

/* --- publication ---------------------------------------------------------- */

static void set_links(struct letter *letter, struct value *map,
		      const char *name, const struct render_link *links,
		      size_t count)
{
	struct value *list = value_list(letter->arena);

	for (size_t i = 0; i < count; i++) {
		struct value *link = value_map(letter->arena);

		set(letter, link, "title", links[i].title);
		set(letter, link, "url",
		    link_absolute(letter, links[i].url, LINE_SETTINGS));
		/* Between two stands a dot, before the first none. */
		value_set(link, letter->arena, "more",
			  value_bool(letter->arena, i > 0));
		value_push(list, link);
	}
	value_set(map, letter->arena, name, list);
	/* Inside a section `x.has` would be looked up in each link. */
	value_set(map, letter->arena,
		  arena_fmt(letter->arena, "has_%s", name).at,
		  value_bool(letter->arena, count > 0));
}

/* A list of texts: templates say {{.}} for each. */
static void set_lines(struct letter *letter, struct value *map,
		      const char *name, struct str text)
{
	struct value *list = value_list(letter->arena);

	while (text.len > 0) {
		struct str line = str_trim(str_cut(text, '\n', &text));

		if (line.len > 0)
			value_push(list, value_text(letter->arena, line));
	}
	value_set(map, letter->arena, name, list);
}

static void set_publication(struct letter *letter, struct value *root)
{
	const struct render_input *input = letter->input;
	struct value *map = set_map(letter, root, "publication");
	struct str who = input->publication.copyright;

	set(letter, map, "name", input->publication.name);
	set(letter, map, "tagline", input->publication.tagline);
	set(letter, map, "tagline_dir",
	    direction_of(letter, input->publication.tagline));
	set(letter, map, "url", letter->base);
	set(letter, map, "language", input->publication.language);
	set(letter, map, "copyright",
	    who.len > 0 ? who : input->publication.name);
	set_lines(letter, map, "address", input->publication.address);
}

/* --- issue ---------------------------------------------------------------- */

/* "Climate & Sea" -> "climate-sea". A topic of another script stays as it is,
 * percent-encoded. */
static struct str topic_slug(struct letter *letter, struct str topic)
{
	struct str result;
	struct buf slug;
	bool gap = false;

	buf_init(&slug, topic.len * 3 + 1);
	for (size_t i = 0; i < topic.len; i++) {
		unsigned char c = (unsigned char)topic.at[i];

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c >= 0x80) {
			buf_addz(&slug, gap && slug.len > 0 ? "-" : "");
			buf_fmt(&slug, c < 0x80 ? "%c" : "%%%02X", c);
			gap = false;
		} else {
			gap = true;
		}
	}
	result = arena_dup(letter->arena, buf_str(&slug));
	buf_done(&slug);
	return result;
}

static struct value *set_issue(struct letter *letter, struct value *root)
{
	const struct article *article = letter->input->article;
	struct date date = letter->input->date;
	struct value *map = set_map(letter, root, "issue");
	struct arena *arena = letter->arena;

	set(letter, map, "title", article->title);
	set(letter, map, "deck", article->deck);
	set(letter, map, "slug", letter->input->slug);
	set(letter, map, "url", letter->page);
	set(letter, map, "topic", article->topic);
	set(letter, map, "topic_url",
	    arena_fmt(arena, STR_FMT "/topic/" STR_FMT, STR_ARG(letter->base),
		      STR_ARG(topic_slug(letter, article->topic))));
	set(letter, map, "byline", phrase_authors(letter));
	set(letter, map, "date", phrase_date(letter->words, date, arena));
	set(letter, map, "day",
	    arena_fmt(arena, "%04d-%02d-%02d", date.year, date.month,
		      date.day));
	set(letter, map, "year", arena_fmt(arena, "%d", date.year));
	set(letter, map, "minutes",
	    arena_fmt(arena, "%d", render_minutes(article->words)));
	set(letter, map, "lang", letter_lang(letter->input));
	set(letter, map, "dir", str_of(letter->theme->dir));
	return map;
}

static void set_list(struct letter *letter, struct value *root)
{
	struct value *map = set_map(letter, root, "list");

	set(letter, map, "title", letter->input->list.title);
	set(letter, map, "reason", phrase_reason(letter));
}

/* --- authors -------------------------------------------------------------- */

static void set_picture(struct letter *letter, struct value *map,
			const char *name, struct str file, int width_max)
{
	const struct picture *picture = picture_get(letter, STR_NONE, file,
						    false, LINE_SETTINGS);
	struct value *child;
	int width;
	int height;

	if (file.len == 0) {
		value_set(map, letter->arena, name,
			  value_bool(letter->arena, false));
		return;
	}
	picture_fit(picture, 0, width_max, &width, &height);
	child = set_map(letter, map, name);
	set(letter, child, "src", picture->url);
	set(letter, child, "width", arena_fmt(letter->arena, "%d", width));
	/* "" where it is not known, so that a template may ask. */
	set(letter, child, "height",
	    height > 0 ? arena_fmt(letter->arena, "%d", height) : STR_NONE);
}

struct value *letter_author(struct letter *letter,
			    const struct render_author *author)
{
	struct value *map = value_map(letter->arena);

	set(letter, map, "name", author->name);
	set(letter, map, "tagline", author->tagline);
	set(letter, map, "dir", direction_of(letter, author->tagline));
	set_picture(letter, map, "photo", author->photo, RENDER_PHOTO);
	set_links(letter, map, "links", author->links, author->link_count);
	return map;
}

static void set_authors(struct letter *letter, struct value *root)
{
	const struct render_input *input = letter->input;
	struct value *list = value_list(letter->arena);

	for (size_t i = 0; !letter->authors_shown && i < input->author_count;
	     i++) {
		const struct render_author *author = &input->authors[i];

		/* A name without anything to tell stays in the byline. */
		if (author->tagline.len == 0 && author->photo.len == 0 &&
		    author->link_count == 0)
			continue;
		value_push(list, letter_author(letter, author));
	}
	value_set(root, letter->arena, "authors", list);
}

/* --- fixed words ---------------------------------------------------------- */

static const char *const word_keys[] = {
#define X(name, key, context, english) key,
	WORDS(X)
#undef X
};

/* A language that has no catalogue gets English words, marked as such. */
static void set_language(struct letter *letter, struct value *map)
{
	struct str language = words_language(letter->words);
	char *tag = arena_z(letter->arena, language);

	for (char *c = tag; *c; c++)
		if (*c == '_')
			*c = '-';
	set(letter, map, "lang", language.len > 0 ? str_of(tag) : STR("en"));
	set(letter, map, "dir",
	    theme_is_rtl(language) ? STR("rtl") : STR("ltr"));
}

/* What a date filter takes for readers' dates. */
static void set_months(struct letter *letter, struct value *map)
{
	struct value *list = value_list(letter->arena);

	for (int i = 1; i <= 12; i++)
		value_push(list, value_text(letter->arena,
				      phrase_month(letter->words, i)));
	value_set(map, letter->arena, "months", list);
}

static struct value *set_words(struct letter *letter, struct value *root)
{
	struct value *map = set_map(letter, root, "words");

	for (int i = 0; i < WORD_COUNT; i++)
		set(letter, map, word_keys[i],
		    letter_word(letter, (enum word)i));
	set_language(letter, map);
	set_months(letter, map);
	set(letter, map, "by", phrase_by(letter));
	set(letter, map, "minutes",
	    phrase_minutes(letter,
			   render_minutes(letter->input->article->words)));
	set(letter, map, "rights", phrase_rights(letter));
	return map;
}

/* --- all ------------------------------------------------------------------ */

struct known {
	struct value *root, *issue, *words;
};

static struct known make_known(struct letter *letter)
{
	struct value *root = value_map(letter->arena);
	struct known known = { .root = root };
	struct value *map;

	set_publication(letter, root);
	known.issue = set_issue(letter, root);
	set_list(letter, root);
	known.words = set_words(letter, root);
	map = set_map(letter, root, "links");
	set(letter, map, "web", letter->page);
	set(letter, map, "archive",
	    arena_fmt(letter->arena, STR_FMT "/archive",
		      STR_ARG(letter->base)));
	value_set(root, letter->arena, "theme",
		  theme_value(letter->theme, letter->arena));
	return known;
}

struct value *letter_known(struct letter *letter)
{
	return make_known(letter).root;
}

/* What both parts of a letter show besides. */
static void set_rest(struct letter *letter, struct value *root)
{
	const struct render_input *input = letter->input;

	set_authors(letter, root);
	set_links(letter, root, "social", input->publication.social,
		  input->publication.social_count);
	set_links(letter, root, "footer", input->publication.links,
		  input->publication.link_count);
	set_picture(letter, root, "logo", input->publication.logo, RENDER_LOGO);
}

struct value *letter_values(struct letter *letter,
			    const struct draft *preheader,
			    const struct draft *body)
{
	struct arena *arena = letter->arena;
	struct known known = make_known(letter);

	value_set(known.issue, arena, "preheader",
		  value_draft(arena, preheader));
	value_set(known.issue, arena, "body", value_draft(arena, body));
	value_set(known.issue, arena, "hero",
		  letter->hero ? letter->hero : value_bool(arena, false));
	value_set(known.words, arena, "why",
		  value_draft(arena, phrase_why(letter)));
	set_rest(letter, known.root);
	return known.root;
}

struct value *letter_text_values(struct letter *letter,
				 const struct draft *body)
{
	struct arena *arena = letter->arena;
	struct known known = make_known(letter);

	value_set(known.issue, arena, "body", value_draft(arena, body));
	value_set(
		known.words, arena, "why",
		value_draft(arena, text_paragraph(letter, phrase_why(letter))));
	set_rest(letter, known.root);
	value_set(known.root, arena, "text", text_values(letter));
	return known.root;
}
