/* web_kind.c - a newsletter's own blocks on a page, each by its template */
#include "block_priv.h"
#include "web_priv.h"

/* The blocks inside, as one part of the template. */
static const struct draft *inside(struct web *web, const struct block *block)
{
	struct draft *draft = draft_new(web->letter->arena);
	struct pen around = web->pen;

	pen_open(&web->pen, web->letter, draft);
	web_inside(web, block);
	web_trim(&web->pen);
	pen_close(&web->pen);
	web->pen = around;
	return draft;
}

static bool has_blocks(const struct block *block)
{
	return block->kind == BLOCK_CALLOUT || block->kind == BLOCK_SPONSOR ||
	       block->kind == BLOCK_PULLQUOTE;
}

static bool has_picture(const struct block *block)
{
	return block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_GALLERY ||
	       block->kind == BLOCK_VIDEO;
}

/* An answer is given from the letter, unless it has an address of its own. */
static bool answers_by_mail(const struct web *web, const struct block *poll)
{
	const struct block *answer = blocks_first(web->blocks, poll);

	if (poll->kind != BLOCK_POLL)
		return false;
	while (answer && answer->url.len > 0)
		answer = blocks_next(web->blocks, answer);
	return answer != NULL;
}

/* A large picture may be wider than the text, unless it is higher than wide:
 * then it would fill the screen. */
static bool is_broad(struct web *web, const struct block *block)
{
	struct letter *letter = web->letter;
	const struct block *link;
	const struct block *image = lone_picture(letter, block, &link);
	const struct picture *picture;
	int width;
	int height;

	if (block->kind != BLOCK_PARAGRAPH || !image)
		return false;
	picture = picture_get(letter, letter->folder,
			      blocks_str(web->blocks, image->url), false,
			      image->line);
	picture_fit(picture, image->number, WEB_ROOM, &width, &height);
	return width >= WEB_BROAD && height > 0 && height < width;
}

/* In place of an address that is the reader's own. */
static struct value *help(struct web *web)
{
	struct draft *draft = draft_new(web->letter->arena);
	struct pen pen;

	pen_open(&pen, web->letter, draft);
	pen_href(&pen, web_help(web));
	pen_close(&pen);
	return value_address(web->letter->arena, draft);
}

/* `dir` where it is not that of what is around; `lazy`: the first picture is
 * seen at once, the others may wait until they come near. */
void web_kind(struct web *web, const struct block *block, const char *name)
{
	struct letter *letter = web->letter;
	struct arena *arena = letter->arena;
	struct value *values = block_value(letter, block);
	bool rtl = web_is_rtl(web, block);
	const char *dir = rtl == web->rtl ? "" : rtl ? "rtl" : "ltr";
	const char *align = block->kind == BLOCK_PARAGRAPH ? web_align(block)
							   : "";
	bool lazy = has_picture(block) && web->pictures++ > 0;

	web->rtl = rtl;
	value_set(values, arena, "dir", value_text(arena, str_of(dir)));
	value_set(values, arena, "align", value_text(arena, str_of(align)));
	value_set(values, arena, "lazy", value_bool(arena, lazy));
	value_set(values, arena, "broad",
		  value_bool(arena, is_broad(web, block)));
	value_set(values, arena, "by_mail",
		  value_bool(arena, answers_by_mail(web, block)));
	if (web_is_readers(web, blocks_str(web->blocks, block->url)))
		value_set(values, arena, "href", help(web));
	if (has_blocks(block))
		value_set(values, arena, "body",
			  value_draft(arena, inside(web, block)));
	pen_flush(&web->pen);
	letter_partial(letter, arena_fmt(arena, "%s.html", name).at, values,
		       web->pen.draft);
}
