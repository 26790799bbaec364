/* condition.c - conditions within a line: balanced, or refused
 *
 * A paragraph, a cell, a label holds whole conditions only: whatever a reader
 * is shown of it, marks and tags around it stay in pairs.
 */
#include "condition_priv.h"

#define NESTED_MAX 20

enum condition_tag condition_tag(struct str inside)
{
	static const struct {
		struct str word;
		enum condition_tag tag;
		bool alone;
	} tags[] = {
		{ STR("#if"), COND_IF, false },
		{ STR("#unless"), COND_UNLESS, false },
		{ STR("else"), COND_ELSE, true },
		{ STR("/if"), COND_END_IF, true },
		{ STR("/unless"), COND_END_UNLESS, true },
	};

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		struct str rest;

		if (!str_starts(inside, tags[i].word))
			continue;
		rest = str_skip(inside, tags[i].word.len);
		if (rest.len == 0 ||
		    (!tags[i].alone && memchr(" \t", rest.at[0], 2)))
			return tags[i].tag;
	}
	return COND_FIELD;
}

struct scan { /* of what belongs to one node */
	const struct blocks *blocks;
	struct condition_fault *fault;
	struct {
		uint32_t field;
		bool unless, otherwise;
	} open[NESTED_MAX];
	int depth;
};

static bool at_fault(const struct scan *s, uint32_t field, const char *message,
		     const char *hint)
{
	*s->fault = (struct condition_fault){ field, message, hint };
	return false;
}

static bool open_one(struct scan *s, uint32_t field, bool unless)
{
	if (s->depth == NESTED_MAX)
		return at_fault(s, field,
				"more than 20 conditions in each other",
				"close one with {{/if}} first");
	s->open[s->depth].field = field;
	s->open[s->depth].unless = unless;
	s->open[s->depth++].otherwise = false;
	return true;
}

static bool close_one(struct scan *s, uint32_t field, bool unless)
{
	if (s->depth > 0 && s->open[s->depth - 1].unless == unless) {
		s->depth--;
		return true;
	}
	return at_fault(s, field,
			unless ? "{{/unless}} closes nothing"
			       : "{{/if}} closes nothing",
			unless ? "{{#unless ...}} opens it, in the same "
				 "paragraph and the same emphasis"
			       : "{{#if ...}} opens it, in the same "
				 "paragraph and the same emphasis");
}

static bool turn_one(struct scan *s, uint32_t field)
{
	if (s->depth == 0)
		return at_fault(s, field, "{{else}} without {{#if ...}}",
				"it stands between {{#if ...}} and {{/if}}, "
				"in the same paragraph and the same emphasis");
	if (s->open[s->depth - 1].otherwise)
		return at_fault(s, field, "a second {{else}}",
				"a condition has one at most");
	s->open[s->depth - 1].otherwise = true;
	return true;
}

static bool read_tag(struct scan *s, uint32_t field)
{
	struct str inside = blocks_str(s->blocks,
				       s->blocks->fields[field].source);

	switch (condition_tag(inside)) {
	case COND_FIELD:
		return true;
	case COND_IF:
		return open_one(s, field, false);
	case COND_UNLESS:
		return open_one(s, field, true);
	case COND_ELSE:
		return turn_one(s, field);
	case COND_END_IF:
		return close_one(s, field, false);
	case COND_END_UNLESS:
		return close_one(s, field, true);
	}
	return true;
}

static bool read_text(struct scan *s, struct block_text where)
{
	struct str text = blocks_str(s->blocks, where);
	struct str plain;
	int field;

	while (blocks_piece(&text, &plain, &field))
		if (field >= 0 && !read_tag(s, (uint32_t)field))
			return false;
	return true;
}

static bool is_all_closed(const struct scan *s)
{
	if (s->depth == 0)
		return true;
	return at_fault(s, s->open[s->depth - 1].field,
			"the condition is not closed",
			"end it in the same paragraph and the same emphasis, "
			"or put its tags on lines of their own");
}

/* Addresses and what is inside a tag cannot be left out in part. */
static bool has_none(struct scan *s, struct block_text where)
{
	struct str text = blocks_str(s->blocks, where);
	struct str plain;
	int field;

	while (blocks_piece(&text, &plain, &field)) {
		struct str inside;

		if (field < 0)
			continue;
		inside = blocks_str(s->blocks, s->blocks->fields[field].source);
		if (condition_tag(inside) != COND_FIELD)
			return at_fault(s, (uint32_t)field,
					"a condition cannot stand in an "
					"address or a title",
					"write the whole twice, between "
					"{{#if ...}}, {{else}} and {{/if}}");
	}
	return true;
}

/* Code shows what was written; a TEXT belongs to its parent. */
static bool check_own(struct scan *s, const struct block *b)
{
	if (!has_none(s, b->url) || !has_none(s, b->title))
		return false;
	if (b->kind == BLOCK_TEXT || b->kind == BLOCK_CODE ||
	    b->kind == BLOCK_CODESPAN)
		return true;
	if (b->kind == BLOCK_HTML_INLINE)
		return has_none(s, b->text);
	return read_text(s, b->text) && is_all_closed(s);
}

bool conditions_ok(const struct blocks *blocks,
		   struct condition_fault *fault_out)
{
	struct scan scan = { .blocks = blocks, .fault = fault_out };

	if (blocks->field_count == 0)
		return true;
	for (uint32_t i = 0; i < blocks->count; i++) {
		const struct block *b = &blocks->at[i];

		if (!check_own(&scan, b))
			return false;
		for (const struct block *c = blocks_first(blocks, b); c;
		     c = blocks_next(blocks, c))
			if (c->kind == BLOCK_TEXT && !read_text(&scan, c->text))
				return false;
		if (!is_all_closed(&scan))
			return false;
	}
	return true;
}
