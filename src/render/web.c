/* web.c - which block of an article is written by which function, and what of
 * it a page shows at all */
#include "block_priv.h"
#include "web_priv.h"

/* Below this a picture is an ornament and does not stand for the issue. */
#define PICTURE_MIN 200

typedef void (*walker)(struct web *web, const struct block *block);

/* --- what is shown -------------------------------------------------------- */

bool web_holds(struct web *web, int number, uint32_t line)
{
	struct draft *draft = draft_new(web->letter->arena);
	struct pen pen;

	pen_open(&pen, web->letter, draft);
	pen_if(&pen, number, line);
	pen_put(&pen, "1");
	pen_end(&pen);
	pen_close(&pen);
	return draft_plain(draft, web->letter->arena).len > 0;
}

/* The branch of a condition that nobody in particular gets is passed over. */
static void each_shown(struct web *web, const struct block *parent, walker walk)
{
	const struct block *child = blocks_first(web->blocks, parent);
	bool holds = parent->kind != BLOCK_IF ||
		     web_holds(web, parent->number, parent->line);

	for (; child; child = blocks_next(web->blocks, child)) {
		if (child->kind == BLOCK_ELSE && !holds)
			each_shown(web, child, walk);
		else if (child->kind != BLOCK_ELSE && holds)
			walk(web, child);
	}
}

static bool is_for_mail(const struct block *block)
{
	return block->kind == BLOCK_ONLY && block->flags & BLOCK_MAIL;
}

/* --- before the walk ------------------------------------------------------ */

static void find_picture(struct web *web, const struct block *paragraph)
{
	const struct block *link;
	const struct block *image = lone_picture(web->letter, paragraph, &link);

	if (image && !web->picture)
		web->picture = image;
}

struct target {
	const struct block *heading;
};

/* Of two headings with one id the first has it. */
static void add_target(struct web *web, struct str id,
		       const struct block *heading)
{
	void **known = seen_at(web->targets, id);
	struct target *target;

	if (*known)
		return;
	target = arena_new_of(web->letter->arena, struct target);
	target->heading = heading;
	*known = target;
}

const struct block *web_target(struct web *web, struct str id)
{
	const struct target *target = *seen_at(web->targets, id);

	return target ? target->heading : NULL;
}

/* What within the page may be led to must be known before the first link. */
static void find(struct web *web, const struct block *block)
{
	struct str id = blocks_str(web->blocks, block->url);

	if (is_for_mail(block))
		return;
	if (block->kind == BLOCK_PARAGRAPH) {
		find_picture(web, block);
		return;
	}
	if (block->kind == BLOCK_HEADING && id.len > 0 &&
	    !block_is_empty(web->letter, block))
		add_target(web, id, block);
	if (block->kind == BLOCK_NOTE && block->number > 0 &&
	    block->number <= web->note_max)
		web->note[block->number] = block;
	each_shown(web, block, find);
}

/* --- the walk ------------------------------------------------------------- */

/* Kinds that are not here stand within others, or say nothing on a page. Notes
 * come at the end. */
static const walker walks[BLOCK_KIND_COUNT] = {
	[BLOCK_DOCUMENT] = web_inside, [BLOCK_PARAGRAPH] = web_paragraph,
	[BLOCK_HEADING] = web_heading, [BLOCK_QUOTE] = web_quote,
	[BLOCK_LIST] = web_list,       [BLOCK_ITEM] = web_inside,
	[BLOCK_CODE] = web_code,       [BLOCK_RULE] = web_rule,
	[BLOCK_TABLE] = web_table,     [BLOCK_ONLY] = web_inside,
	[BLOCK_IF] = web_inside,
};

void web_walk(struct web *web, const struct block *block)
{
	const char *name = block_template(web->letter, block);
	bool rtl = web->rtl;

	if (is_for_mail(block))
		return;
	if (name)
		web_kind(web, block, name);
	else if (walks[block->kind])
		walks[block->kind](web, block);
	web->rtl = rtl;
}

void web_inside(struct web *web, const struct block *parent)
{
	each_shown(web, parent, web_walk);
}

/* --- common forms --------------------------------------------------------- */

bool web_is_rtl(const struct web *web, const struct block *block)
{
	int direction = text_direction(block_words(web->letter, block, 200));

	return direction < 0 ? web->rtl : direction == 1;
}

const char *web_dir(const struct web *web, bool rtl)
{
	if (rtl == web->rtl)
		return "";
	return rtl ? " dir=\"rtl\"" : " dir=\"ltr\"";
}

const char *web_align(const struct block *block)
{
	switch ((enum block_align)block->level) {
	case ALIGN_LEFT:
		return "left";
	case ALIGN_CENTER:
		return "center";
	case ALIGN_RIGHT:
		return "right";
	case ALIGN_NONE:
		break;
	}
	return "";
}

void web_trim(struct pen *pen)
{
	if (str_ends(buf_str(&pen->text), STR("\n")))
		buf_cut(&pen->text, pen->text.len - 1);
}

/* --- the page ------------------------------------------------------------- */

static void begin(struct web *web, struct letter *letter)
{
	struct arena *arena = letter->arena;
	size_t notes = 0;

	*web = (struct web){ .letter = letter,
			     .blocks = letter->blocks,
			     .heading = 1,
			     .rtl = letter->theme->rtl,
			     .targets = seen_new(arena) };
	for (uint32_t i = 0; i < web->blocks->count; i++)
		notes += web->blocks->at[i].kind == BLOCK_NOTE;
	web->note_max = (int)notes;
	web->note = arena_many(arena, const struct block *, notes + 1);
	web->met = arena_many(arena, bool, notes + 1);
	web->row = arena_many(arena, int, notes + 1);
	heading_ranks(web->blocks, 6, web->rank);
	find(web, web->blocks->at);
}

/* What programs show beside a link to the page. */
static struct value *page_values(const struct web *web)
{
	struct letter *letter = web->letter;
	struct value *map = value_map(letter->arena);
	const struct block *image = web->picture;
	const struct picture *picture = NULL;

	if (image && !pen_has_field(blocks_str(web->blocks, image->url)))
		picture = picture_get(letter, letter->folder,
				      blocks_str(web->blocks, image->url),
				      false, image->line);
	if (picture && picture->width > 0 && picture->width < PICTURE_MIN)
		picture = NULL;
	value_set(map, letter->arena, "picture",
		  picture ? value_text(letter->arena, picture->url)
			  : value_bool(letter->arena, false));
	return map;
}

struct value *web_body(struct letter *letter, struct draft *draft)
{
	struct web web;

	begin(&web, letter);
	pen_open(&web.pen, letter, draft);
	web_inside(&web, web.blocks->at);
	web_notes(&web);
	web_trim(&web.pen);
	pen_close(&web.pen);
	return page_values(&web);
}
