/* text_block.c - a newsletter's own blocks in the text part, by templates
 *
 * Each line that a template makes is a paragraph: wrapped where it is too
 * long, with the quote marks and blanks of where the block stands before it.
 * What a line begins with (blanks, ">", "- ") is kept for all its lines.
 * {{block.body}} stands for what is inside the block, and `heading` for the
 * label with the colon of the letter's language.
 */
#include "block_priv.h"
#include "phrases_priv.h"
#include "render/wrap.h"
#include "text_priv.h"
#include "value_priv.h"

/* In place of what is inside: no text holds U+E000 when its fields are in. */
#define BODY STR(MARK_OPEN "body" MARK_CLOSE)

/* A longer label stands on a line of its own. */
#define LABEL_MAX 40

/* --- headings ------------------------------------------------------------- */

/* What a block's heading is made of: a fixed word, then a value of its own. */
static const struct heading {
	int word; /* enum word, or -1 */
	const char *label, *text;
	bool body; /* there are blocks inside */
} headings[BLOCK_KIND_COUNT] = {
	[BLOCK_CALLOUT] = { -1, "title", NULL, true },
	[BLOCK_PULLQUOTE] = { -1, NULL, NULL, true },
	[BLOCK_BUTTON] = { -1, "label", NULL, false },
	[BLOCK_CONTENTS] = { -1, "label", NULL, false },
	[BLOCK_BOOKMARK] = { -1, "label", NULL, false },
	[BLOCK_SHARE] = { -1, "label", NULL, false },
	[BLOCK_SUBSCRIBE] = { -1, "label", NULL, false },
	[BLOCK_VIDEO] = { WORD_WATCH, NULL, "label", false },
	[BLOCK_AUDIO] = { WORD_LISTEN, NULL, "label", false },
	[BLOCK_SPONSOR] = { WORD_SPONSOR, NULL, "by", true },
};
static const struct heading of_picture = { WORD_IMAGE, NULL, "alt", false };
static const struct heading of_answer = { -1, "label", NULL, false };
static const struct heading of_link = { -1, "title", NULL, false };

/* The child's words, or NULL when there are none. */
static const struct draft *words_of(struct text *t, const struct value *map,
				    const char *name)
{
	const struct value *value = name ? value_get(map, str_of(name)) : NULL;
	struct draft *draft;

	if (!value || !value_is_true(value))
		return NULL;
	if (value->kind == VALUE_DRAFT)
		return value->draft;
	draft = draft_new(t->letter->arena);
	draft_text(draft, value->text);
	return draft;
}

static void set_heading(struct text *t, struct value *map,
			const struct heading *heading)
{
	const struct draft *label = words_of(t, map, heading->label);
	const struct draft *text = words_of(t, map, heading->text);
	struct arena *arena = t->letter->arena;
	struct value *value = value_text(arena, STR_NONE);

	if (heading->label ? label : text) {
		if (heading->word >= 0)
			label = text_words(
				t, letter_word(t->letter,
					       (enum word)heading->word));
		value = value_draft(arena,
				    phrase_label_draft(t->letter, label, text));
	}
	value_set(map, arena, "heading", value);
}

/* The maps of a list; those of a map alone. */
static void set_headings(struct text *t, const struct value *map,
			 const char *name, const struct heading *heading)
{
	const struct value *list = value_get(map, str_of(name));

	if (!list || list->kind != VALUE_LIST)
		return;
	for (struct value *child = list->first; child; child = child->next)
		set_heading(t, child, heading);
}

/* "About Mara Okonjo: Walks, and writes." */
static void set_authors(struct text *t, const struct value *map)
{
	const struct value *list = value_get(map, STR("authors"));
	struct letter *letter = t->letter;

	if (!list || list->kind != VALUE_LIST)
		return;
	for (struct value *child = list->first; child; child = child->next) {
		struct str name = value_get(child, STR("name"))->text;
		struct str more = value_get(child, STR("tagline"))->text;

		value_set(child, letter->arena, "heading",
			  value_text(letter->arena,
				     more.len
					     ? phrase_label(letter,
							    phrase_about(letter,
									 name),
							    more)
					     : name));
		set_headings(t, child, "links", &of_link);
	}
}

static struct value *values_of(struct text *t, const struct block *node)
{
	struct value *map = block_value(t->letter, node);
	struct arena *arena = t->letter->arena;
	struct value *picture = NULL;

	if (headings[node->kind].body && blocks_first(t->blocks, node))
		value_set(map, arena, "body", value_text(arena, BODY));
	for (struct value *v = map->first; v; v = v->next)
		if (str_eqz(v->name, "picture") && v->kind == VALUE_MAP)
			picture = v;
	if (node->kind == BLOCK_PARAGRAPH && picture) {
		set_heading(t, picture, &of_picture);
		value_set(map, arena, "heading", value_text(arena, STR_NONE));
	} else {
		set_heading(t, map, &headings[node->kind]);
	}
	set_headings(t, map, "pictures", &of_picture);
	set_headings(t, map, "answers", &of_answer);
	set_authors(t, map);
	return map;
}

/* --- lines ---------------------------------------------------------------- */

/* How much of a line is repeated, or made blank, before its other lines. */
static size_t lead_len(struct str line)
{
	size_t n = 0;

	while (n < line.len && (line.at[n] == ' ' || line.at[n] == '>'))
		n++;
	return str_starts(str_skip(line, n), STR("- ")) ? n + 2 : n;
}

/* "> - " is ">   " on the lines below. */
static const char *lead_below(struct text *t, struct str lead)
{
	char *below = arena_z(t->letter->arena, lead);

	for (char *c = below; *c; c++)
		if (*c == '-')
			*c = ' ';
	return below;
}

static struct lead inside(struct text *t, struct lead *lead, struct str first,
			  size_t len)
{
	return text_inside(t, lead, arena_z(t->letter->arena, first),
			   lead_below(t, str_head(first, len)));
}

static void put_paragraph(struct text *t, struct lead *lead, struct draft *line)
{
	struct str plain = draft_plain(line, t->letter->arena);
	size_t len = lead_len(plain);
	struct lead inner;

	/* What a reader brings is no mark of ours. */
	if (len == 0 || !draft_cut(line, str_head(plain, len), false)) {
		text_fill(t, lead, line);
		return;
	}
	inner = inside(t, lead, str_head(plain, len), len);
	text_fill(t, &inner, line);
}

/* Links and notes in it are counted as it is written. */
static void come_twice(struct text *t, const char *template)
{
	struct letter *letter = t->letter;

	if (letter->failed)
		return;
	err_set(letter->err, ERR_INPUT,
		"{{block.body}} stands twice in a template of the text part");
	err_hint(letter->err, "write it once, behind what differs: "
			      "{{#if subscriber.name}}a{{else}}b{{/if}}, then "
			      "{{block.body}}");
	err_place(letter->err, "templates/text/%s", template);
	letter_fail(letter);
}

/* The line where the body stands, without it: a label before it, or only what
 * its lines begin with. */
static void put_body(struct text *t, struct lead *lead, struct draft *line,
		     const struct block *node)
{
	struct str plain = draft_plain(line, t->letter->arena);
	size_t len = lead_len(plain);
	struct lead inner;

	if (draft_has_slots(line) || text_width(plain) > LABEL_MAX) {
		put_paragraph(t, lead, line);
		plain = str_head(plain, len);
	}
	/* A wide colon has its blank within it. */
	if (str_ends(plain, STR("： ")))
		plain.len--;
	inner = plain.len > 0 ? inside(t, lead, plain, len) : *lead;
	text_blocks(t, &inner, node, false);
	lead->begun = lead->begun || inner.begun;
}

static void put_line(struct text *t, struct lead *lead, struct draft *line,
		     const struct block *node)
{
	struct str plain = draft_plain(line, t->letter->arena);

	if (draft_has_slots(line))
		put_paragraph(t, lead, line);
	else if (str_trim(plain).len == 0)
		text_space(t, lead, 1);
	else if (node->kind == BLOCK_RULE)
		text_centred(t, lead, plain);
	else
		put_paragraph(t, lead, line);
}

void text_partial(struct text *t, struct lead *lead, const struct block *node,
		  const char *kind)
{
	struct letter *letter = t->letter;
	const char *name = arena_fmt(letter->arena, "%s.txt", kind).at;
	struct draft *draft = draft_new(letter->arena);
	int bodies = 0;
	struct draft_at at = { NULL, 0, false };
	struct draft *line;

	letter_partial(letter, name, values_of(t, node), draft);
	pen_flush(&t->pen);
	while (draft_line(draft, &at, t->pen.draft, &line)) {
		bool body = line && draft_cut(line, BODY, true);

		bodies += body;
		if (body && (bodies > 1 || draft_cut(line, BODY, true)))
			come_twice(t, name);
		else if (body)
			put_body(t, lead, line, node);
		else if (line)
			put_line(t, lead, line, node);
		pen_flush(&t->pen);
	}
}
