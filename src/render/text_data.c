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
		all = arena_fmt(letter->arena, STR_FMT "%s" STR_FMT,
				STR_ARG(all), all.len ? "\n\n" : "",
				STR_ARG(lines(letter, words, false)));
	}
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

struct value *text_values(struct letter *letter, const struct value *known)
{
	struct value *map = value_map(letter->arena);
	struct str issue = STR("issue");
	struct str why = known_text(known, STR("list"), STR("reason"));

	set(letter, map, "title", title(letter));
	set(letter, map, "deck",
	    lines(letter, letter->input->article->deck, false));
	set(letter, map, "byline",
	    byline(letter, known_text(known, issue, STR("byline")),
		   known_text(known, issue, STR("date")),
		   known_text(known, issue, STR("minutes"))));
	set(letter, map, "about", about(letter));
	value_set(map, letter->arena, "reason",
		  value_draft(letter->arena, reason(letter, why)));
	return map;
}
