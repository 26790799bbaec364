/* text_data.c - the frame of the text part in lines of the right length */
#include "render/wrap.h"

#include "phrases_priv.h"
#include "text_priv.h"

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

static struct str byline(struct letter *letter)
{
	struct str names = phrase_by(letter);
	struct str date = phrase_date(letter->words, letter->input->date,
				      letter->arena);
	struct str line = arena_fmt(
		letter->arena, STR_FMT "%s" STR_FMT " · " STR_FMT,
		STR_ARG(names), names.len ? " · " : "", STR_ARG(date),
		STR_ARG(phrase_minutes(
			letter,
			render_minutes(letter->input->article->words))));

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
		words = phrase_label(letter, phrase_about(letter, author->name),
				     author->tagline);
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
			letter->arena, STR_FMT "%s" STR_FMT, STR_ARG(whose),
			whose.len ? ", " : "", STR_ARG(list[i].title));

		title = phrase_label(letter, title, STR_NONE);

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

struct draft *text_paragraph(struct letter *letter, const struct draft *words)
{
	struct draft *draft = draft_new(letter->arena);

	draft_wrap(draft, STR_NONE, STR_NONE);
	draft_append(draft, words);
	draft_end(draft);
	return draft;
}

static void set_publication(struct letter *letter, struct value *map)
{
	const struct render_input *input = letter->input;

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
	    lines(letter, phrase_rights(letter), false));
	set(letter, map, "address", address(letter));
}

/* "Unsubscribe:", above the address. */
static void set_label(struct letter *letter, struct value *map,
		      const char *name, enum word word)
{
	struct str label = phrase_label(letter, letter_word(letter, word),
					STR_NONE);

	set(letter, map, name, lines(letter, label, true));
}

struct value *text_values(struct letter *letter)
{
	const struct article *article = letter->input->article;
	struct value *map = value_map(letter->arena);
	struct str topic = letter_word(letter, WORD_TOPIC);

	set(letter, map, "title", title(letter));
	set(letter, map, "deck", lines(letter, article->deck, false));
	set(letter, map, "byline", byline(letter));
	set(letter, map, "topic",
	    lines(letter, phrase_label(letter, topic, article->topic), false));
	set(letter, map, "about",
	    letter->authors_shown ? STR_NONE : about(letter));
	set(letter, map, "author_links",
	    letter->authors_shown ? STR_NONE : author_links(letter));
	set_label(letter, map, "unsubscribe", WORD_UNSUBSCRIBE);
	set_label(letter, map, "preferences", WORD_PREFERENCES);
	set_publication(letter, map);
	return map;
}
