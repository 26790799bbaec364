/* letter_data.c - what is known of a letter, as values for its templates */
#include "letter_priv.h"

/* A logo's file is drawn twice as fine as it shows; nothing in the masthead
 * is wider than this. */
#define LOGO_WIDTH  180
#define PHOTO_WIDTH 72

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
		value_push(list, letter->arena, link);
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
			value_push(list, letter->arena,
				   value_text(letter->arena, line));
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
	set(letter, map, "url", letter->base);
	set(letter, map, "language", input->publication.language);
	set(letter, map, "copyright",
	    who.len > 0 ? who : input->publication.name);
	set_lines(letter, map, "address", input->publication.address);
}

/* --- issue ---------------------------------------------------------------- */

static struct str written_date(struct letter *letter, struct date date)
{
	static const char *const months[] = {
		"January",   "February", "March",    "April",
		"May",	     "June",	 "July",     "August",
		"September", "October",	 "November", "December",
	};
	const char *month = date.month >= 1 && date.month <= 12
				    ? months[date.month - 1]
				    : "";

	return arena_fmt(letter->arena, "%d %s %d", date.day, month, date.year);
}

/* "A, B and C". */
static struct str byline(struct letter *letter)
{
	const struct render_input *input = letter->input;
	struct str line = STR_NONE;

	for (size_t i = 0; i < input->author_count; i++) {
		const char *between = i == 0			     ? ""
				      : i + 1 == input->author_count ? " and "
								     : ", ";

		line = arena_fmt(letter->arena, STR_FMT "%s" STR_FMT,
				 STR_ARG(line), between,
				 STR_ARG(input->authors[i].name));
	}
	return line;
}

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
	struct str lang = article->lang;

	if (lang.len == 0)
		lang = letter->input->publication.language;
	set(letter, map, "title", article->title);
	set(letter, map, "deck", article->deck);
	set(letter, map, "slug", letter->input->slug);
	set(letter, map, "url", letter->page);
	set(letter, map, "topic", article->topic);
	set(letter, map, "topic_url",
	    arena_fmt(arena, STR_FMT "/topic/" STR_FMT, STR_ARG(letter->base),
		      STR_ARG(topic_slug(letter, article->topic))));
	set(letter, map, "byline", byline(letter));
	set(letter, map, "date", written_date(letter, date));
	set(letter, map, "day",
	    arena_fmt(arena, "%04d-%02d-%02d", date.year, date.month,
		      date.day));
	set(letter, map, "year", arena_fmt(arena, "%d", date.year));
	set(letter, map, "minutes",
	    arena_fmt(arena, "%d", render_minutes(article->words)));
	set(letter, map, "lang", lang.len > 0 ? lang : STR("en"));
	set(letter, map, "dir", str_of(letter->theme->dir));
	return map;
}

/* "You get this because REASON." */
static void set_list(struct letter *letter, struct value *root)
{
	struct str title = letter->input->list.title;
	struct str reason = str_trim(letter->input->list.description);
	struct value *map = set_map(letter, root, "list");

	if (str_ends(reason, STR(".")))
		reason.len--;
	if (reason.len == 0)
		reason = arena_fmt(letter->arena, "you subscribed to " STR_FMT,
				   STR_ARG(title));
	set(letter, map, "title", title);
	set(letter, map, "reason", reason);
}

/* --- authors -------------------------------------------------------------- */

static void set_picture(struct letter *letter, struct value *map,
			const char *name, struct str file, int width_max)
{
	const struct picture *picture = picture_get(letter, STR_NONE, file,
						    false, LINE_SETTINGS);
	int width = picture->width;
	struct value *child;

	if (file.len == 0) {
		value_set(map, letter->arena, name,
			  value_bool(letter->arena, false));
		return;
	}
	if (width <= 0 || width > width_max)
		width = width_max;
	child = set_map(letter, map, name);
	set(letter, child, "src", picture->url);
	set(letter, child, "width", arena_fmt(letter->arena, "%d", width));
}

/* People say of themselves what they like in their own language. */
static struct str direction_of(const struct letter *letter, struct str text)
{
	int direction = text_direction(text);

	if (direction < 0)
		return str_of(letter->theme->dir);
	return direction ? STR("rtl") : STR("ltr");
}

static void set_authors(struct letter *letter, struct value *root)
{
	const struct render_input *input = letter->input;
	struct value *list = value_list(letter->arena);

	for (size_t i = 0; i < input->author_count; i++) {
		const struct render_author *author = &input->authors[i];
		struct value *map = value_map(letter->arena);

		/* A name without anything to tell stays in the byline. */
		if (author->tagline.len == 0 && author->photo.len == 0 &&
		    author->link_count == 0)
			continue;
		set(letter, map, "name", author->name);
		set(letter, map, "tagline", author->tagline);
		set(letter, map, "dir", direction_of(letter, author->tagline));
		set_picture(letter, map, "photo", author->photo, PHOTO_WIDTH);
		set_links(letter, map, "links", author->links,
			  author->link_count);
		value_push(list, letter->arena, map);
	}
	value_set(root, letter->arena, "authors", list);
}

/* --- all ------------------------------------------------------------------ */

static struct value *make_known(struct letter *letter, struct value **issue_out)
{
	struct value *root = value_map(letter->arena);
	struct value *map;

	set_publication(letter, root);
	*issue_out = set_issue(letter, root);
	set_list(letter, root);
	map = set_map(letter, root, "links");
	set(letter, map, "web", letter->page);
	set(letter, map, "archive",
	    arena_fmt(letter->arena, STR_FMT "/archive",
		      STR_ARG(letter->base)));
	value_set(root, letter->arena, "theme",
		  theme_value(letter->theme, letter->arena));
	return root;
}

struct value *letter_known(struct letter *letter)
{
	struct value *issue;

	return make_known(letter, &issue);
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
	set_picture(letter, root, "logo", input->publication.logo, LOGO_WIDTH);
}

struct value *letter_values(struct letter *letter,
			    const struct draft *preheader,
			    const struct draft *body)
{
	struct arena *arena = letter->arena;
	struct value *issue;
	struct value *root = make_known(letter, &issue);

	value_set(issue, arena, "preheader", value_draft(arena, preheader));
	value_set(issue, arena, "body", value_draft(arena, body));
	set_rest(letter, root);
	return root;
}

struct value *letter_text_values(struct letter *letter,
				 const struct draft *body)
{
	struct value *issue;
	struct value *root = make_known(letter, &issue);

	value_set(issue, letter->arena, "body",
		  value_draft(letter->arena, body));
	set_rest(letter, root);
	value_set(root, letter->arena, "text", text_values(letter, root));
	return root;
}
