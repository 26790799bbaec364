/* block.c - a newsletter's blocks as values for their templates: see
 * block_priv.h */
#include "block_make_priv.h"

static struct str text_of(const struct making *m)
{
	return blocks_str(m->letter->blocks, m->block->text);
}

/* "example.org" of "https://www.example.org/x". */
static struct str host_of(struct str url)
{
	struct str rest;
	ptrdiff_t at = str_find_str(url, STR("://"));
	struct str host;

	if (at < 0 || pen_has_field(url))
		return STR_NONE;
	host = str_cut(str_skip(url, (size_t)at + 3), '/', &rest);
	host = str_cut(host, '?', &rest);
	host = str_cut(host, '#', &rest);
	return str_starts_nocase(host, STR("www.")) ? str_skip(host, 4) : host;
}

static void set_href(struct making *m)
{
	struct str url = block_url(m->letter, m->block);

	block_set_address(m->letter, m->map, "href", url);
	block_set_str(m->letter, m->map, "host", host_of(url));
}

/* The thumbnail of a bookmark, a film, a recording, and by whom it is. */
static void set_inside(struct making *m)
{
	const struct blocks *blocks = m->letter->blocks;
	const struct block *child = blocks_first(blocks, m->block);

	for (; child; child = blocks_next(blocks, child)) {
		if (child->kind == BLOCK_IMAGE)
			block_set(m->letter, m->map, "picture",
				  block_picture(m->letter, child, NULL, 0));
		if (child->kind == BLOCK_TEXT)
			block_set_words(m->letter, m->map, "by",
					blocks_str(blocks, child->text));
	}
}

/* --- the kinds ------------------------------------------------------------ */

static void figure(struct making *m)
{
	const struct block *link;
	const struct block *image = lone_picture(m->letter, m->block, &link);

	if (image)
		block_set(m->letter, m->map, "picture",
			  block_picture(m->letter, image, link, 0));
	if (image)
		block_set_words(m->letter, m->map, "caption",
				blocks_str(m->letter->blocks, image->title));
}

static void divider(struct making *m)
{
	block_set_words(m->letter, m->map, "label", text_of(m));
}

static void callout(struct making *m)
{
	static const struct {
		struct str tone;
		const char *icon;
	} icons[] = {
		{ STR("info"), "i" },
		{ STR("tip"), "\xE2\x9C\x93" }, /* a check mark */
		{ STR("warning"), "!" },
	};
	struct str title = blocks_str(m->letter->blocks, m->block->title);
	struct str icon = blocks_str(m->letter->blocks, m->block->url);
	struct str tone = text_of(m);

	if (title.len == 0)
		title = callout_label(m->letter, m->block);
	block_set_words(m->letter, m->map, "title", title);
	block_set_str(m->letter, m->map, "tone",
		      tone.len > 0 ? tone : STR("plain"));
	for (size_t i = 0; i < sizeof(icons) / sizeof(*icons); i++)
		if (icon.len == 0 && str_eq(tone, icons[i].tone))
			icon = str_of(icons[i].icon);
	block_set_str(m->letter, m->map, "icon", icon);
}

static void button(struct making *m)
{
	block_set_words(m->letter, m->map, "label", text_of(m));
	set_href(m);
}

static void pullquote(struct making *m)
{
	block_set_words(m->letter, m->map, "by", text_of(m));
}

static void gallery(struct making *m)
{
	block_set(m->letter, m->map, "pictures",
		  block_pictures(m->letter, m->block, 0));
}

static void linked(struct making *m)
{
	block_set_words(m->letter, m->map, "label", text_of(m));
	block_set_words(m->letter, m->map, "more",
			blocks_str(m->letter->blocks, m->block->title));
	set_href(m);
	set_inside(m);
}

static void sponsor(struct making *m)
{
	block_set_words(m->letter, m->map, "by", text_of(m));
	block_set_words(m->letter, m->map, "label",
			letter_word(m->letter, WORD_SPONSOR));
	set_href(m);
}

static void subscribe(struct making *m)
{
	block_set_label(m, WORD_SUBSCRIBE);
	block_set_address(m->letter, m->map, "href", m->letter->base);
}

/* --- all ------------------------------------------------------------------ */

static void (*const makers[BLOCK_KIND_COUNT])(struct making *) = {
	[BLOCK_PARAGRAPH] = figure,    [BLOCK_RULE] = divider,
	[BLOCK_CALLOUT] = callout,     [BLOCK_BUTTON] = button,
	[BLOCK_PULLQUOTE] = pullquote, [BLOCK_GALLERY] = gallery,
	[BLOCK_AUTHOR] = block_author, [BLOCK_CONTENTS] = block_contents,
	[BLOCK_BOOKMARK] = linked,     [BLOCK_VIDEO] = linked,
	[BLOCK_AUDIO] = linked,	       [BLOCK_POLL] = block_poll,
	[BLOCK_SPONSOR] = sponsor,     [BLOCK_SHARE] = block_share,
	[BLOCK_SUBSCRIBE] = subscribe,
};

const char *block_template(const struct letter *letter,
			   const struct block *block)
{
	const struct block *link;

	if (!makers[block->kind])
		return NULL;
	if (block->kind == BLOCK_PARAGRAPH)
		return lone_picture(letter, block, &link) ? "figure" : NULL;
	if (block->kind == BLOCK_RULE)
		return block->text.len > 0 ? "divider" : NULL;
	return block_kind_name((enum block_kind)block->kind);
}

/* Every name is there, so that a template may ask for any of them. */
static void set_nothing(struct making *m)
{
	static const char *const texts[] = { "label", "title",	  "more",
					     "by",    "question", "tone",
					     "icon",  "host",	  "caption" };
	static const char *const others[] = { "href",	 "picture", "pictures",
					      "answers", "author",  "authors",
					      "entries", "links",   "body" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		block_set_str(m->letter, m->map, texts[i], STR_NONE);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		block_set_bool(m->letter, m->map, others[i], false);
}

struct value *block_value(struct letter *letter, const struct block *block)
{
	struct making making = { letter, block, value_map(letter->arena) };
	const char *kind = block_template(letter, block);

	block_set_str(
		letter, making.map, "kind",
		str_of(kind ? kind
			    : block_kind_name((enum block_kind)block->kind)));
	set_nothing(&making);
	if (makers[block->kind])
		makers[block->kind](&making);
	return making.map;
}
