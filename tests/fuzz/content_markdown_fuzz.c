/* content_markdown_fuzz.c - whatever is written, the blocks are sound
 *
 * What is refused has a reason. What is accepted passes blocks_ok(), comes
 * back from the pipe unchanged, and its HTML is balanced and has nothing in
 * it that runs.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "content/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX 4096

struct names {			/* of the tags that are open */
	struct str at[512];
	size_t count;
};

static void check_tag(struct str tag, struct names *open)
{
	static const struct str banned[] = {
		STR("script"), STR("style"), STR("iframe"), STR("object"),
		STR("form"), STR("svg"), STR("!"), STR("?")
	};
	bool closes = str_starts(tag, STR("/"));
	struct str rest;
	struct str name = str_cut(str_skip(tag, closes), ' ', &rest);

	for (size_t i = 0; i < sizeof(banned) / sizeof(banned[0]); i++)
		assert(!str_starts_nocase(name, banned[i]));
	assert(!str_starts_nocase(rest, STR("on")));
	assert(str_find_str(rest, STR("=\"javascript:")) < 0);
	if (closes) {
		assert(open->count > 0);
		assert(str_eq(name, open->at[--open->count]));
	} else if (!str_eqz(name, "br") && !str_eqz(name, "img") &&
		   !str_eqz(name, "hr")) {
		assert(open->count < 512);
		open->at[open->count++] = name;
	}
}

/* Every '<' that is text was made an entity. */
static void check_html(struct str html, struct names *open)
{
	for (ptrdiff_t at; (at = str_find(html, '<')) >= 0;) {
		struct str tag = str_skip(html, (size_t)at + 1);

		assert(str_find(tag, '>') >= 0);
		check_tag(str_cut(tag, '>', &html), open);
	}
}

/* Balanced among siblings, whatever is below them. */
static void check_children(const struct blocks *blocks,
			   const struct block *parent)
{
	struct names open = { .count = 0 };

	for (const struct block *c = blocks_first(blocks, parent); c;
	     c = blocks_next(blocks, c)) {
		if (c->kind == BLOCK_HTML_INLINE)
			check_html(blocks_str(blocks, c->text), &open);
		assert(c->kind != BLOCK_HTML);
	}
	assert(open.count == 0);
}

static void check_blocks(const struct blocks *blocks, struct arena *arena)
{
	struct blocks *back;
	struct err err = ERR_INIT;
	struct buf image, again;

	assert(blocks_ok(blocks));
	assert(utf8_ok(blocks->bytes, NULL));
	buf_init(&image, 1 << 26);
	buf_init(&again, 1 << 26);
	blocks_pack(blocks, &image);
	assert(blocks_unpack(buf_str(&image), arena, &back, &err) == 0);
	blocks_pack(back, &again);
	assert(str_eq(buf_str(&image), buf_str(&again)));
	buf_done(&image);
	buf_done(&again);
	for (uint32_t i = 0; i < blocks->count; i++)
		check_children(blocks, &blocks->at[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena *arena;
	struct blocks *blocks;
	struct err err = ERR_INIT;

	/* What article_parse() has refused before. */
	if (size > TEXT_MAX || memchr(data, 0, size) || !utf8_ok(text, NULL))
		return 0;
	arena = arena_new("fuzzing", 1 << 28);
	if (markdown_parse(text, "x.md", 1, arena, &blocks, &err) == 0) {
		check_blocks(blocks, arena);
	} else {
		assert(err.code == ERR_INPUT);
		assert(err.message[0] && err.place[0]);
	}
	arena_free(&arena);
	return 0;
}
