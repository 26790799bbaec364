/* html_block.c - a newsletter's own blocks as HTML for mail: by their
 * templates, templates/mail/KIND.html */
#include "base/utf8.h"
#include "block_make_priv.h"
#include "html_priv.h"
#include "value_priv.h"

/* --- what is inside ------------------------------------------------------- */

/* How a kind frames the blocks inside it. */
static const struct inside {
	enum theme_face face;
	int takes; /* px of the room */
	int gap;
} insides[BLOCK_KIND_COUNT] = {
	[BLOCK_CALLOUT] = { FACE_BOX, 44, 12 },
	[BLOCK_PULLQUOTE] = { FACE_PULL, 0, 14 },
	[BLOCK_SPONSOR] = { FACE_BOX, 40, 12 },
};

/* Word by word in a draft of their own, for {{{block.body}}}. */
static struct draft *body_of(struct html *h, const struct block *block,
			     struct frame inner)
{
	struct draft *draft = draft_new(h->letter->arena);
	struct html own = *h;

	pen_open(&own.pen, h->letter, draft);
	html_walk_all(&own, block, inner);
	if (str_ends(buf_str(&own.pen.text), STR("\n")))
		buf_cut(&own.pen.text, own.pen.text.len - 1);
	pen_close(&own.pen);
	h->heading = own.heading;
	h->notes = own.notes;
	return draft;
}

static enum theme_colour ground_of(const struct html *h,
				   const struct block *block)
{
	static const struct {
		struct str tone;
		enum theme_colour ground;
	} grounds[] = {
		{ STR("info"), COLOUR_INFO },
		{ STR("tip"), COLOUR_TIP },
		{ STR("warning"), COLOUR_WARNING },
	};
	struct str tone = blocks_str(h->blocks, block->text);

	if (block->kind == BLOCK_SPONSOR)
		return COLOUR_TINT;
	if (block->kind != BLOCK_CALLOUT)
		return h->ground;
	for (size_t i = 0; i < sizeof(grounds) / sizeof(*grounds); i++)
		if (str_eq(tone, grounds[i].tone))
			return grounds[i].ground;
	return COLOUR_TINT;
}

/* The colour of a tone's title and bar, and its class. */
static void set_mark(struct html *h, struct value *map,
		     enum theme_colour ground)
{
	enum theme_colour mark = COLOUR_LINK;
	const char *class = "l";

	if (ground == COLOUR_INFO) {
		mark = COLOUR_INFO_MARK;
		class = "mi";
	} else if (ground == COLOUR_TIP) {
		mark = COLOUR_TIP_MARK;
		class = "mt";
	} else if (ground == COLOUR_WARNING) {
		mark = COLOUR_WARNING_MARK;
		class = "mw";
	}
	block_set_str(h->letter, map, "mark",
		      str_of(theme_colour(h->theme, mark, false)));
	block_set_str(h->letter, map, "mark_class", str_of(class));
}

/* --- direction ------------------------------------------------------------ */

static int direction_of(const struct html *h, struct block_text text)
{
	return text_direction(blocks_str(h->blocks, text));
}

/* By the words inside, else by the block's own. */
static bool is_rtl(const struct html *h, const struct block *block)
{
	int direction = text_direction(block_words(h->letter, block, 200));

	if (direction < 0)
		direction = direction_of(h, block->text);
	if (direction < 0)
		direction = direction_of(h, block->title);
	return direction < 0 ? h->rtl : direction == 1;
}

static void set_sides(struct html *h, struct value *map, bool rtl)
{
	block_set_str(h->letter, map, "dir", rtl ? STR("rtl") : STR("ltr"));
	block_set_str(h->letter, map, "start", str_of(html_start(rtl)));
	block_set_str(h->letter, map, "end", str_of(html_start(!rtl)));
	block_set_bool(h->letter, map, "rtl", rtl);
}

/* --- buttons -------------------------------------------------------------- */

/* Word draws neither radius nor padding of a link: it gets a shape of VML,
 * whose width must be said; a letter of 16 px bold is about 9.5 px wide. What
 * depends on the reader may not stand in Word's comments, and two hyphens
 * would end them. */
static void set_vml(struct html *h, const struct block *block,
		    struct frame frame, struct value *map)
{
	struct str label = blocks_str(h->blocks, block->text);
	struct str url = block->kind == BLOCK_SUBSCRIBE
				 ? h->letter->base
				 : block_url(h->letter, block);
	bool vml = !pen_has_field(label) && !pen_has_field(url) &&
		   str_find_str(url, STR("--")) < 0 &&
		   str_find_str(label, STR("--")) < 0;

	int width;

	if (label.len == 0)
		label = letter_word(h->letter, WORD_SUBSCRIBE);
	width = 56 + (int)utf8_width(label) * 19 / 2;
	block_set_bool(h->letter, map, "vml", vml);
	block_set_number(h->letter, map, "vml_width",
			 width < frame.room ? width : frame.room);
}

/* --- alignment ------------------------------------------------------------ */

static const char *align_of(const struct html *h, const struct block *block)
{
	static const char *const names[] = { [ALIGN_LEFT] = "left",
					     [ALIGN_CENTER] = "center",
					     [ALIGN_RIGHT] = "right" };

	if (block->kind == BLOCK_PARAGRAPH && block->level != ALIGN_NONE)
		return names[block->level & 3];
	return h->theme->tokens.centred ? "center"
					: html_start(is_rtl(h, block));
}

/* Of a picture that is a block of its own. */
static struct str margin_of(const char *align)
{
	if (align[0] == 'c')
		return STR("0 auto");
	return align[0] == 'r' ? STR("0 0 0 auto") : STR("0");
}

/* --- pictures ------------------------------------------------------------- */

#define GALLERY_GAP 10

/* Two in a row; an odd last one has it to itself. */
static void set_gallery(struct html *h, const struct block *block,
			struct frame frame, struct value *map)
{
	int half = (frame.room - GALLERY_GAP) / 2;
	struct value *list = block_pictures(h->letter, block, half);
	struct value *whole = block_pictures(h->letter, block, frame.room);
	struct value *wide = whole->first;
	struct value *rows = value_list(h->letter->arena);
	bool second = false;

	for (struct value *v = list->first; v; wide = wide->next) {
		struct value *next = v->next;
		bool alone = !second && !next;
		struct value *picture = alone ? wide : v;

		block_set_bool(h->letter, picture, "first", !second && !alone);
		block_set_bool(h->letter, picture, "second", second);
		block_set_bool(h->letter, picture, "alone", alone);
		block_set_bool(h->letter, picture, "fluid", !alone);
		picture->next = NULL;
		value_push(rows, picture);
		second = !second;
		v = next;
		if (alone)
			break;
	}
	block_set(h->letter, map, "pictures", rows);
	block_set_number(h->letter, map, "half", half + GALLERY_GAP / 2);
}

#define THUMBNAIL  132
#define CARD_SIDES 38 /* padding and border */

/* The picture of a figure, or a thumbnail. */
static void set_picture(struct html *h, const struct block *block,
			struct frame frame, struct value *map)
{
	int room = block->kind == BLOCK_AUDIO ? 88 : frame.room;
	const struct block *child = blocks_first(h->blocks, block);
	const struct block *link = NULL;
	const struct block *image = NULL;
	struct value *picture;

	if (block->kind == BLOCK_PARAGRAPH)
		image = lone_picture(h->letter, block, &link);
	for (; child && !image; child = blocks_next(h->blocks, child))
		if (child->kind == BLOCK_IMAGE)
			image = child;
	if (!image)
		return;
	picture = block_picture(h->letter, image, link, room);
	block_set_str(h->letter, picture, "margin",
		      margin_of(align_of(h, block)));
	block_set(h->letter, map, "picture", picture);
	if (block->kind != BLOCK_BOOKMARK)
		return;
	block_set(h->letter, map, "thumbnail",
		  block_picture(h->letter, image, link, THUMBNAIL));
	block_set_number(h->letter, map, "beside",
			 frame.room - CARD_SIDES - THUMBNAIL - 16);
}

/* --- all ------------------------------------------------------------------ */

static void set_frame(struct html *h, const struct block *block,
		      struct frame frame, struct value *map)
{
	enum theme_colour ground = ground_of(h, block);
	enum theme_colour other = html_contrast(h->ground);

	block_set_number(h->letter, map, "room", frame.room);
	block_set_number(h->letter, map, "gap", html_gap(h, block, frame));
	block_set_str(h->letter, map, "ground",
		      str_of(theme_colour(h->theme, ground, false)));
	block_set_str(h->letter, map, "ground_class",
		      str_of(html_ground_class(ground)));
	block_set_str(h->letter, map, "around",
		      str_of(theme_colour(h->theme, h->ground, false)));
	block_set_str(h->letter, map, "around_class",
		      str_of(html_ground_class(h->ground)));
	block_set_str(h->letter, map, "other",
		      str_of(theme_colour(h->theme, other, false)));
	block_set_str(h->letter, map, "other_class",
		      str_of(html_ground_class(other)));
	block_set_bool(h->letter, map, "thumbnail", false);
	block_set_number(h->letter, map, "beside", frame.room - CARD_SIDES);
	/* Ours are letters in a ring; an author's own stands by itself. */
	block_set_bool(h->letter, map, "round", block->url.len == 0);
	set_mark(h, map, ground);
	set_sides(h, map, is_rtl(h, block));
	block_set_str(h->letter, map, "align", str_of(align_of(h, block)));
}

/* What only some kinds have. */
static void set_own(struct html *h, const struct block *block,
		    struct frame frame, struct value *map)
{
	const struct inside *in = &insides[block->kind];
	struct frame inner = html_inside(frame, in->takes);

	if (block->kind == BLOCK_GALLERY)
		set_gallery(h, block, frame, map);
	else
		set_picture(h, block, frame, map);
	if (block->kind == BLOCK_BUTTON || block->kind == BLOCK_SUBSCRIBE)
		set_vml(h, block, frame, map);
	if (in->gap == 0)
		return;
	inner.face = in->face;
	inner.gap = in->gap;
	inner.ground = ground_of(h, block);
	inner.rtl = is_rtl(h, block);
	block_set(h->letter, map, "body",
		  value_draft(h->letter->arena, body_of(h, block, inner)));
}

void html_newsletter(struct html *h, const struct block *block,
		     struct frame frame)
{
	struct value *map = block_value(h->letter, block);
	struct str name = arena_fmt(h->letter->arena, "%s.html",
				    block_template(h->letter, block));

	set_frame(h, block, frame, map);
	set_own(h, block, frame, map);
	pen_flush(&h->pen);
	letter_partial(h->letter, name.at, map, h->pen.draft);
}
