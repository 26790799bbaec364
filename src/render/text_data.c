/* text_data.c - the frame of the text part in lines of the right length */
#include "render/wrap.h"
#include "text_priv.h"
#include "value_priv.h"

static struct str lines(struct letter *letter, struct str words, bool hard)
{
	struct lead margin = { STR_NONE, STR_NONE, true };

	return text_lines(letter, words, &margin, hard);
}

static void set(struct letter *letter, struct value *map, const char *name,
		struct str text)
{
	value_set(map, letter->arena, name, value_text(letter->arena, text));
}

/* The letter's h1, underlined as wide as it is. */
static struct str title(struct letter *letter)
{
	struct str words = lines(letter, letter->input->article->title, true);
	size_t width = text_width(words);
	char rule[WRAP_WIDTH];

	if (width > sizeof(rule))
		width = sizeof(rule);
	memset(rule, '=', width);
	return arena_fmt(letter->arena, STR_FMT "\n" STR_FMT, STR_ARG(words),
			 STR_ARG(str_at(rule, width)));
}

static struct str byline(struct letter *letter, struct str names,
			 struct str date, struct str minutes)
{
	struct str line = arena_fmt(
		letter->arena,
		"%s" STR_FMT "%s" STR_FMT " · " STR_FMT " min read",
		names.len ? "By " : "", STR_ARG(names), names.len ? " · " : "",
		STR_ARG(date), STR_ARG(minutes));

	return lines(letter, line, true);
}

/* `more` below `all`, with `between` where there is both. */
static struct str below(struct letter *letter, struct str all,
			const char *between, struct str more)
{
	return arena_fmt(letter->arena, STR_FMT "%s" STR_FMT, STR_ARG(all),
			 all.len && more.len ? between : "", STR_ARG(more));
}

/* "Mr Khan" and what he says of himself, a paragraph each. */
static struct str about(struct letter *letter)
{
	const struct render_input *input = letter->input;
	struct str all = STR_NONE;

	for (size_t i = 0; i < input->author_count; i++) {
		const struct render_author *author = &input->authors[i];
		struct str words;

		if (author->tagline.len == 0)
			continue;
		words = arena_fmt(letter->arena, "About " STR_FMT ": " STR_FMT,
				  STR_ARG(author->name),
				  STR_ARG(author->tagline));
		all = below(letter, all, "\n\n", lines(letter, words, false));
	}
	return all;
}

/* "Archive:", below it the address; `whose` comes before the title. */
static struct str links(struct letter *letter, struct str whose,
			const struct render_link *list, size_t count)
{
	struct str all = STR_NONE;

	for (size_t i = 0; i < count; i++) {
		struct str title = arena_fmt(
			letter->arena, STR_FMT "%s" STR_FMT ":", STR_ARG(whose),
			whose.len ? ", " : "", STR_ARG(list[i].title));

		all = below(letter, all, "\n", lines(letter, title, false));
		all = below(letter, all, "\n",
			    link_absolute(letter, list[i].url, LINE_SETTINGS));
	}
	return all;
}

static struct str author_links(struct letter *letter)
{
	const struct render_input *input = letter->input;
	struct str all = STR_NONE;

	for (size_t i = 0; i < input->author_count; i++)
		all = below(letter, all, "\n\n",
			    links(letter, input->authors[i].name,
				  input->authors[i].links,
				  input->authors[i].link_count));
	return all;
}

/* Lines that stay lines. */
static struct str address(struct letter *letter)
{
	struct str rest = letter->input->publication.address;
	struct str all = STR_NONE;

	while (rest.len > 0)
		all = below(letter, all, "\n",
			    lines(letter, str_trim(str_cut(rest, '\n', &rest)),
				  true));
	return all;
}

/* The reader's address stands in it, so it is wrapped for each of them. */
static struct draft *reason(struct letter *letter, struct str why)
{
	struct draft *draft = draft_new(letter->arena);

	draft_wrap(draft, STR_NONE, STR_NONE);
	draft_text(draft, STR("You get this at "));
	draft_slot(draft, FIELD_EMAIL, SLOT_TEXT, FILTER_NONE, STR_NONE);
	draft_text(draft, STR(" because "));
	draft_text(draft, why);
	draft_text(draft, STR("."));
	draft_end(draft);
	return draft;
}

static struct str known_text(const struct value *known, struct str map,
			     struct str name)
{
	return value_get(value_get(known, map), name)->text;
}

static void set_publication(struct letter *letter, struct value *map,
			    const struct value *known)
{
	const struct render_input *input = letter->input;
	struct str year = known_text(known, STR("issue"), STR("year"));
	struct str owner = known_text(known, STR("publication"),
				      STR("copyright"));

	set(letter, map, "name", lines(letter, input->publication.name, false));
	set(letter, map, "tagline",
	    lines(letter, input->publication.tagline, false));
	set(letter, map, "social",
	    links(letter, STR_NONE, input->publication.social,
		  input->publication.social_count));
	set(letter, map, "footer",
	    links(letter, STR_NONE, input->publication.links,
		  input->publication.link_count));
	set(letter, map, "copyright",
	    lines(letter,
		  arena_fmt(letter->arena,
			    "© " STR_FMT " " STR_FMT ". All rights reserved.",
			    STR_ARG(year), STR_ARG(owner)),
		  false));
	set(letter, map, "address", address(letter));
}

struct value *text_values(struct letter *letter, const struct value *known)
{
	const struct article *article = letter->input->article;
	struct value *map = value_map(letter->arena);
	struct str issue = STR("issue");
	struct str why = known_text(known, STR("list"), STR("reason"));

	set(letter, map, "title", title(letter));
	set(letter, map, "deck", lines(letter, article->deck, false));
	set(letter, map, "byline",
	    byline(letter, known_text(known, issue, STR("byline")),
		   known_text(known, issue, STR("date")),
		   known_text(known, issue, STR("minutes"))));
	set(letter, map, "topic",
	    lines(letter,
		  arena_fmt(letter->arena, "Topic: " STR_FMT,
			    STR_ARG(article->topic)),
		  false));
	set(letter, map, "about", about(letter));
	set(letter, map, "author_links", author_links(letter));
	set_publication(letter, map, known);
	value_set(map, letter->arena, "reason",
		  value_draft(letter->arena, reason(letter, why)));
	return map;
}
