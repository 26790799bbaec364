/* block_list.c - blocks that list something: authors, headings, answers,
 * places to share at */
#include "base/nearest.h"
#include "block_make_priv.h"
#include "slot_priv.h"
#include "value_priv.h"

/* --- authors -------------------------------------------------------------- */

static void unknown_author(struct making *m, struct str key)
{
	const struct render_input *input = m->letter->input;
	struct str *names = arena_many(m->letter->arena, struct str,
				       input->people_count + 1);
	struct str guess;

	for (size_t i = 0; i < input->people_count; i++)
		names[i] = input->people[i].key;
	guess = nearest(key, names, input->people_count);
	if (m->letter->failed)
		return;
	err_set(m->letter->err, ERR_INPUT, "there is no author '" STR_FMT "'",
		STR_ARG(str_head(key, 80)));
	if (guess.len > 0)
		err_hint(m->letter->err, "did you mean '" STR_FMT "'?",
			 STR_ARG(guess));
	else
		err_hint(m->letter->err, "authors are named in tidings.yaml, "
					 "under 'authors'");
	err_place(m->letter->err, "%s",
		  letter_place(m->letter, m->block->line));
	letter_fail(m->letter);
}

static void push_author(struct making *m, struct value *list,
			const struct render_author *author)
{
	/* A value is a child of one parent. */
	if (!list->first)
		block_set(m->letter, m->map, "author",
			  letter_author(m->letter, author));
	value_push(list, letter_author(m->letter, author));
}

void block_author(struct making *m)
{
	const struct render_input *input = m->letter->input;
	struct value *list = value_list(m->letter->arena);
	struct str key = blocks_str(m->letter->blocks, m->block->text);
	bool found = key.len == 0;

	/* Who is shown to some is still to be shown to all. */
	for (size_t i = 0; !m->letter->some && i < input->author_count; i++)
		m->letter->authors_shown |= key.len == 0 ||
					    str_eq(input->authors[i].key, key);
	for (size_t i = 0; key.len == 0 && i < input->author_count; i++)
		push_author(m, list, &input->authors[i]);
	for (size_t i = 0; !found && i < input->people_count; i++) {
		found = str_eq(input->people[i].key, key);
		if (found)
			push_author(m, list, &input->people[i]);
	}
	if (!found)
		unknown_author(m, key);
	block_set(m->letter, m->map, "authors", list);
}

/* --- contents ------------------------------------------------------------- */

struct listing {
	struct letter *letter;
	struct value *list;
	int rank[7];
	int depth;
};

static void add_entry(struct listing *l, const struct block *heading)
{
	struct letter *letter = l->letter;
	int level = l->rank[heading->level % 7] - 1;
	struct str id = blocks_str(letter->blocks, heading->url);
	struct str title = block_words(letter, heading, 200);
	struct value *map;

	if (level > l->depth || title.len == 0 ||
	    block_is_empty(letter, heading))
		return;
	map = value_map(letter->arena);
	block_set_str(letter, map, "title", title);
	block_set_number(letter, map, "level", level);
	block_set_bool(letter, map, "deep", level > 1);
	block_set_address(
		letter, map, "href",
		block_on_web(letter) && id.len > 0
			? arena_fmt(letter->arena, "#" STR_FMT, STR_ARG(id))
			: STR_NONE);
	value_push(l->list, map);
}

/* What only some readers see is not announced to all. */
static void list_headings(struct listing *l, const struct block *parent)
{
	const struct blocks *blocks = l->letter->blocks;
	const struct block *child = blocks_first(blocks, parent);
	unsigned other = block_on_web(l->letter) ? BLOCK_MAIL : BLOCK_WEB;

	for (; child; child = blocks_next(blocks, child)) {
		if (child->kind == BLOCK_HEADING)
			add_entry(l, child);
		if (child->kind == BLOCK_ONLY && !(child->flags & other))
			list_headings(l, child);
	}
}

/* In all lists of a letter. Each is a line of some ten pieces, and nobody
 * reads them. */
#define ENTRIES_MAX 50000

static void count_entries(struct making *m, const struct value *list)
{
	struct letter *letter = m->letter;

	for (const struct value *v = list->first; v; v = v->next)
		letter->entries++;
	if (letter->entries <= ENTRIES_MAX || letter->failed)
		return;
	err_set(letter->err, ERR_INPUT,
		"the lists of contents have more than %d lines", ENTRIES_MAX);
	err_hint(letter->err, "write ::contents once");
	err_place(letter->err, "%s", letter_place(letter, m->block->line));
	letter_fail(letter);
}

/* One list for as many places as want it; mail and text have the same. */
static const struct value *contents(struct letter *letter, int depth)
{
	struct listing l = { .letter = letter,
			     .list = value_list(letter->arena),
			     .depth = depth };

	if (letter->contents[depth])
		return letter->contents[depth];
	heading_ranks(letter->blocks, LEVELS, l.rank);
	list_headings(&l, letter->blocks->at);
	letter->contents[depth] = l.list;
	return l.list;
}

void block_contents(struct making *m)
{
	struct value *list = value_list(m->letter->arena);
	int depth = m->block->number > 0 ? m->block->number : 2;

	/* A value is a child of one parent; what is in it may be of many. */
	*list = *contents(m->letter, depth < LEVELS ? depth : LEVELS - 1);
	count_entries(m, list);
	block_set_label(m, WORD_CONTENTS);
	block_set(m->letter, m->map, "entries", list);
}

/* --- polls ---------------------------------------------------------------- */

/* An answer without an address leads to the reader's own link for it. */
static void set_answer_href(struct making *m, const struct block *answer,
			    struct value *map)
{
	struct letter *letter = m->letter;
	enum slot_context context = block_in_text(letter) ? SLOT_TEXT
							  : SLOT_HREF;
	struct draft *draft = draft_new(letter->arena);

	if (answer->url.len > 0 || block_on_web(letter) || letter->failed) {
		block_set_address(letter, map, "href",
				  block_url(letter, answer));
		return;
	}
	if (template_field(STR("links.answers"),
			   letter_place(letter, answer->line), letter->known,
			   letter->fields, context, letter->arena, draft,
			   letter->err) < 0)
		letter_fail(letter);
	draft_text(draft, arena_fmt(letter->arena, "/%d", answer->number));
	block_set(letter, map, "href", value_address(letter->arena, draft));
}

void block_poll(struct making *m)
{
	struct letter *letter = m->letter;
	const struct block *child = blocks_first(letter->blocks, m->block);
	struct value *list = value_list(letter->arena);
	bool later = false;

	block_set_words(letter, m->map, "question",
			blocks_str(m->letter->blocks, m->block->text));
	for (; child; child = blocks_next(letter->blocks, child)) {
		struct value *map = value_map(letter->arena);

		block_set_words(letter, map, "label",
				blocks_str(letter->blocks, child->text));
		block_set_number(letter, map, "number", child->number);
		set_answer_href(m, child, map);
		block_set_bool(letter, map, "more", later);
		value_push(list, map);
		later = true;
	}
	block_set(letter, m->map, "answers", list);
}

/* --- sharing -------------------------------------------------------------- */

static struct str encoded(struct letter *letter, struct str text)
{
	return slot_escaped(text, SLOT_URL, letter->arena);
}

/* Plain addresses: nothing is loaded from these places, and nothing of the
 * reader goes there before he presses one. */
static const struct {
	const char *title; /* NULL: by mail, in the letter's language */
	const char *begin, *between;
	bool title_first;
} places[] = {
	{ NULL, "mailto:?subject=", "&body=", true },
	{ "WhatsApp", "https://wa.me/?text=", "%20", true },
	{ "Bluesky", "https://bsky.app/intent/compose?text=", "%20", true },
	{ "LinkedIn",
	  "https://www.linkedin.com/sharing/share-offsite/?url=", NULL, false },
	{ "Facebook", "https://www.facebook.com/sharer/sharer.php?u=", NULL,
	  false },
};

void block_share(struct making *m)
{
	struct letter *letter = m->letter;
	struct str title = encoded(letter, letter->input->article->title);
	struct str page = encoded(letter, letter->page);
	struct value *list = value_list(letter->arena);

	block_set_label(m, WORD_SHARE);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct value *map = value_map(letter->arena);
		bool both = places[i].title_first;

		block_set_str(letter, map, "title",
			      places[i].title
				      ? str_of(places[i].title)
				      : letter_word(letter, WORD_EMAIL));
		block_set_str(letter, map, "url",
			      arena_fmt(letter->arena,
					"%s" STR_FMT "%s" STR_FMT,
					places[i].begin,
					STR_ARG(both ? title : STR_NONE),
					both ? places[i].between : "",
					STR_ARG(page)));
		block_set_bool(letter, map, "more", i > 0);
		value_push(list, map);
	}
	block_set(letter, m->map, "links", list);
}
