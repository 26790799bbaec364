/* block_set.c - one value of a block: texts, addresses, pictures */
#include <string.h>

#include "block_make_priv.h"

bool block_in_text(const struct letter *letter)
{
	return strcmp(letter->medium, "text") == 0;
}

bool block_on_web(const struct letter *letter)
{
	return strcmp(letter->medium, "web") == 0;
}

/* --- setting -------------------------------------------------------------- */

void block_set(struct letter *letter, struct value *map, const char *name,
	       struct value *value)
{
	value_set(map, letter->arena, name, value);
}

void block_set_bool(struct letter *letter, struct value *map, const char *name,
		    bool truth)
{
	block_set(letter, map, name, value_bool(letter->arena, truth));
}

void block_set_str(struct letter *letter, struct value *map, const char *name,
		   struct str text)
{
	block_set(letter, map, name, value_text(letter->arena, text));
}

void block_set_number(struct letter *letter, struct value *map,
		      const char *name, int number)
{
	if (number > 0)
		block_set_str(letter, map, name,
			      arena_fmt(letter->arena, "%d", number));
	else
		block_set_bool(letter, map, name, false);
}

static void put_plain(struct pen *pen, struct str text)
{
	struct str plain;
	int field;

	while (blocks_piece(&text, &plain, &field)) {
		if (field < 0)
			pen_add(pen, plain);
		else
			pen_isolated(pen, field, SLOT_TEXT);
	}
}

/* A text of the article, with its fields. An empty one opens no section. */
void block_set_words(struct letter *letter, struct value *map, const char *name,
		     struct str text)
{
	struct draft *draft = draft_new(letter->arena);
	struct pen pen;

	if (text.len == 0) {
		block_set_str(letter, map, name, STR_NONE);
		return;
	}
	pen_open(&pen, letter, draft);
	if (block_in_text(letter))
		put_plain(&pen, text);
	else
		pen_html(&pen, text);
	pen_close(&pen);
	block_set(letter, map, name, value_draft(letter->arena, draft));
}

/* On the web page nobody is the reader: an address that is his leads
 * nowhere. */
static bool leads_nowhere(const struct letter *letter,
			  const struct draft *draft)
{
	return block_on_web(letter) &&
	       draft_plain(draft, letter->arena).len == 0;
}

/* An address that is whole already. */
void block_set_address(struct letter *letter, struct value *map,
		       const char *name, struct str url)
{
	struct draft *draft = draft_new(letter->arena);
	struct pen pen;

	pen_open(&pen, letter, draft);
	if (block_in_text(letter))
		pen_address(&pen, url);
	else
		pen_href(&pen, url);
	pen_close(&pen);
	if (url.len == 0 || leads_nowhere(letter, draft))
		block_set_bool(letter, map, name, false);
	else
		block_set(letter, map, name,
			  value_address(letter->arena, draft));
}

struct str block_url(struct letter *letter, const struct block *block)
{
	return link_absolute(letter, blocks_str(letter->blocks, block->url),
			     block->line);
}

/* What the author wrote, else the word for it. */
void block_set_label(struct making *m, enum word fallback)
{
	struct str label = blocks_str(m->letter->blocks, m->block->text);

	if (label.len == 0)
		label = letter_word(m->letter, fallback);
	block_set_words(m->letter, m->map, "label", label);
}

/* --- pictures ------------------------------------------------------------- */

static void add_alt(struct pen *pen, const struct block *parent)
{
	const struct blocks *blocks = pen->letter->blocks;
	const struct block *child = blocks_first(blocks, parent);

	for (; child; child = blocks_next(blocks, child)) {
		struct str text = blocks_str(blocks, child->text);

		if (child->kind == BLOCK_TEXT ||
		    child->kind == BLOCK_CODESPAN) {
			if (block_in_text(pen->letter))
				put_plain(pen, text);
			else
				pen_attribute(pen, text);
		}
		if (child->kind == BLOCK_SOFTBREAK ||
		    child->kind == BLOCK_LINEBREAK)
			pen_put(pen, " ");
		add_alt(pen, child);
	}
}

/* "" where it only adorns. */
static void set_alt(struct letter *letter, struct value *map,
		    const struct block *image)
{
	struct draft *draft = draft_new(letter->arena);
	struct pen pen;

	if (!blocks_first(letter->blocks, image)) {
		block_set_str(letter, map, "alt", STR_NONE);
		return;
	}
	pen_open(&pen, letter, draft);
	add_alt(&pen, image);
	pen_close(&pen);
	block_set(letter, map, "alt", value_draft(letter->arena, draft));
}

struct value *block_picture(struct letter *letter, const struct block *image,
			    const struct block *link, int room)
{
	const struct picture *picture = picture_get(
		letter, letter->folder, blocks_str(letter->blocks, image->url),
		image->flags & BLOCK_CID, image->line);
	int wish = image->number;
	struct value *map = value_map(letter->arena);
	int width = 0;
	int height = 0;

	if (room <= 0)
		room = wish > 0 ? wish : picture->width;
	if (room > 0)
		picture_fit(picture, wish, room, &width, &height);
	block_set_address(letter, map, "src", picture->url);
	block_set_number(letter, map, "width", width);
	block_set_number(letter, map, "height", height);
	block_set_str(letter, map, "margin", STR("0 auto"));
	block_set_bool(letter, map, "fluid", false);
	set_alt(letter, map, image);
	block_set_words(letter, map, "caption",
			blocks_str(letter->blocks, image->title));
	block_set_address(letter, map, "href",
			  link ? block_url(letter, link) : STR_NONE);
	return map;
}

struct value *block_pictures(struct letter *letter, const struct block *gallery,
			     int room)
{
	const struct block *child = blocks_first(letter->blocks, gallery);
	struct value *list = value_list(letter->arena);

	for (; child; child = blocks_next(letter->blocks, child)) {
		const struct block *link;
		const struct block *image = lone_picture(letter, child, &link);

		if (image)
			value_push(list,
				   block_picture(letter, image, link, room));
	}
	return list;
}
