/* content_markdown_fuzz.c - whatever is written, the blocks are sound
 *
 * What is refused has a reason. What is accepted passes blocks_ok(), comes
 * back from the pipe unchanged, and its HTML is balanced and has nothing in
 * it that runs. Each block of a newsletter has what its renderers rely on.
 * Setting the words changes no block and no address. The dialects of others
 * are read the same way, and their HTML is UTF-8.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "content/markdown.h"
#include "content/markdown_priv.h"

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

static uint32_t count_children(const struct blocks *blocks,
			       const struct block *parent,
			       enum block_kind kind)
{
	uint32_t count = 0;

	for (const struct block *c = blocks_first(blocks, parent); c;
	     c = blocks_next(blocks, c)) {
		assert(c->kind == kind);
		count++;
	}
	return count;
}

/* A paragraph of a gallery: a picture, or a link with one in it. */
static void check_picture(const struct blocks *blocks,
			  const struct block *paragraph)
{
	const struct block *c = blocks_first(blocks, paragraph);

	assert(c && !c->next);
	if (c->kind == BLOCK_LINK)
		c = blocks_first(blocks, c);
	assert(c && !c->next && c->kind == BLOCK_IMAGE && c->url.len > 0);
}

static void check_gallery(const struct blocks *blocks,
			  const struct block *gallery)
{
	uint32_t count = count_children(blocks, gallery, BLOCK_PARAGRAPH);

	assert(count >= 2 && count <= 8);
	for (const struct block *c = blocks_first(blocks, gallery); c;
	     c = blocks_next(blocks, c))
		check_picture(blocks, c);
}

static void check_web(const struct blocks *blocks, const struct block *b)
{
	struct str url = blocks_str(blocks, b->url);

	assert(str_starts_nocase(url, STR("http://")) ||
	       str_starts_nocase(url, STR("https://")) ||
	       str_starts(url, STR(MARK_OPEN)));
}

/* What a block of ours has. */
static void check_own(const struct blocks *blocks, const struct block *b)
{
	static const char *const tones[] = { "info", "tip", "warning" };
	bool known = false;

	for (int i = 0; i < 3; i++)
		known = known || str_eqz(blocks_str(blocks, b->text), tones[i]);
	if (b->kind == BLOCK_CALLOUT)
		assert(known);
	if (b->kind == BLOCK_BOOKMARK || b->kind == BLOCK_VIDEO ||
	    b->kind == BLOCK_AUDIO)
		check_web(blocks, b);
	if (b->kind == BLOCK_BUTTON)
		assert(b->text.len > 0 && b->url.len > 0);
	if (b->kind == BLOCK_GALLERY)
		check_gallery(blocks, b);
	if (b->kind == BLOCK_POLL) {
		uint32_t count = count_children(blocks, b, BLOCK_ANSWER);

		assert(b->text.len > 0 && count >= 2 && count <= 10);
	}
	if (b->kind == BLOCK_CONTENTS)
		assert(b->number >= 1 && b->number <= 6);
	if (b->kind == BLOCK_ONLY)
		assert(b->flags == BLOCK_WEB || b->flags == BLOCK_MAIL);
	if (b->kind == BLOCK_HEADING)
		assert(b->url.len > 0);
}

/* With words set as printers do, it is the same tree. */
static void check_set(struct str text, const struct blocks *plain,
		      struct arena *arena)
{
	static const char *const langs[] = { "en", "fr", "he" };

	for (int i = 0; i < 3; i++) {
		const struct markdown_style style = { .lang = str_of(langs[i]),
						      .smart = true };
		struct blocks *set;
		struct err err = ERR_INIT;

		assert(markdown_parse(text, "x.md", 1, &style, arena, &set,
				      &err) == 0);
		assert(blocks_ok(set) && set->count == plain->count);
		assert(set->field_count == plain->field_count);
		for (uint32_t k = 0; k < set->count; k++) {
			assert(set->at[k].kind == plain->at[k].kind);
			assert(str_eq(blocks_str(set, set->at[k].url),
				      blocks_str(plain, plain->at[k].url)));
		}
	}
}

static void check_dialects(struct str text, struct arena *arena)
{
	static const enum markdown_dialect dialects[] = { MARKDOWN_GITHUB,
							  MARKDOWN_COMMON };
	struct err err = ERR_INIT;
	struct buf html;

	for (int i = 0; i < 2; i++) {
		const struct markdown_style style = { .lang = STR_NONE,
						      .dialect = dialects[i] };
		struct blocks *blocks;

		if (markdown_parse(text, "x.md", 1, &style, arena, &blocks,
				   &err) == 0)
			assert(blocks_ok(blocks) && blocks->field_count == 0);
		else
			assert(err.code == ERR_INPUT && err.place[0]);
	}
	buf_init(&html, 1 << 22);
	if (gfm_html(text, "x.md", arena, &html, &err) == 0)
		assert(utf8_ok(buf_str(&html), NULL) && !buf_over(&html));
	buf_done(&html);
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
	for (uint32_t i = 0; i < blocks->count; i++) {
		check_children(blocks, &blocks->at[i]);
		check_own(blocks, &blocks->at[i]);
	}
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
	check_dialects(text, arena);
	if (markdown_parse(text, "x.md", 1, NULL, arena, &blocks, &err) == 0) {
		check_blocks(blocks, arena);
		check_set(text, blocks, arena);
	} else {
		assert(err.code == ERR_INPUT);
		assert(err.message[0] && err.place[0]);
	}
	arena_free(&arena);
	return 0;
}
