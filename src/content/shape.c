/* shape.c - what a newsletter has besides Markdown: the table */
#include "directive_priv.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* clang-format off */
#define THUMBNAIL { STR("thumbnail"), TAKES_PICTURE, TO_PICTURE, false }
#define BY        { STR("by"), TAKES_WORDS, TO_BY, false }
#define LENGTH    { STR("length"), TAKES_WORDS, TO_TITLE, false }

static const struct shape shapes[] = {
	{ .name = STR("button"), .kind = BLOCK_BUTTON,
	  .right = "::button[Label](https://example.org/)",
	  .label = PART_MUST, .address = PART_MUST,
	  .address_takes = TAKES_LINK },
	{ .name = STR("divider"), .kind = BLOCK_RULE,
	  .right = "::divider[Label] or ::divider",
	  .label = PART_MAY },
	{ .name = STR("author"), .kind = BLOCK_AUTHOR,
	  .right = "::author[key] or ::author",
	  .label = PART_MAY, .label_takes = TAKES_KEY },
	{ .name = STR("contents"), .kind = BLOCK_CONTENTS,
	  .right = "::contents[Label]{depth=2} or ::contents",
	  .label = PART_MAY,
	  .settings = { { STR("depth"), TAKES_DEPTH, TO_NUMBER, false } } },
	{ .name = STR("bookmark"), .kind = BLOCK_BOOKMARK,
	  .right = "::bookmark[Title](https://example.org/)"
		   "{description=\"...\" thumbnail=pic.jpg by=\"...\"}",
	  .label = PART_MUST, .address = PART_MUST,
	  .address_takes = TAKES_WEB,
	  .settings = { { STR("description"), TAKES_WORDS, TO_TITLE, false },
			THUMBNAIL, BY } },
	{ .name = STR("video"), .kind = BLOCK_VIDEO,
	  .right = "::video[Title](https://example.org/)"
		   "{thumbnail=pic.jpg length=3:40}",
	  .label = PART_MUST, .address = PART_MUST,
	  .address_takes = TAKES_WEB,
	  .settings = { THUMBNAIL, LENGTH, BY } },
	{ .name = STR("audio"), .kind = BLOCK_AUDIO,
	  .right = "::audio[Title](https://example.org/)"
		   "{thumbnail=pic.jpg length=3:40}",
	  .label = PART_MUST, .address = PART_MUST,
	  .address_takes = TAKES_WEB,
	  .settings = { THUMBNAIL, LENGTH, BY } },
	{ .name = STR("more"), .kind = BLOCK_MORE,
	  .right = "::more[Read on] or ::more", .label = PART_MAY },
	{ .name = STR("share"), .kind = BLOCK_SHARE,
	  .right = "::share[Label] or ::share", .label = PART_MAY },
	{ .name = STR("subscribe"), .kind = BLOCK_SUBSCRIBE,
	  .right = "::subscribe[Label] or ::subscribe", .label = PART_MAY },
	{ .name = STR("else"), .kind = BLOCK_ELSE, .form = FORM_ELSE,
	  .right = "::else" },
	{ .name = STR("callout"), .kind = BLOCK_CALLOUT,
	  .form = FORM_CONTAINER,
	  .right = ":::callout {tone=tip title=\"...\"}",
	  .settings = { { STR("tone"), TAKES_TONE, TO_TEXT, false },
			{ STR("title"), TAKES_WORDS, TO_TITLE, false },
			{ STR("icon"), TAKES_ICON, TO_URL, false } } },
	{ .name = STR("pullquote"), .kind = BLOCK_PULLQUOTE,
	  .form = FORM_CONTAINER,
	  .right = ":::pullquote {by=\"...\"}",
	  .settings = { { STR("by"), TAKES_WORDS, TO_TEXT, false } } },
	{ .name = STR("gallery"), .kind = BLOCK_GALLERY,
	  .form = FORM_CONTAINER, .right = ":::gallery" },
	{ .name = STR("poll"), .kind = BLOCK_POLL,
	  .form = FORM_CONTAINER,
	  .right = ":::poll {question=\"...\"}",
	  .settings = { { STR("question"), TAKES_WORDS, TO_TEXT, true } } },
	{ .name = STR("sponsor"), .kind = BLOCK_SPONSOR,
	  .form = FORM_CONTAINER,
	  .right = ":::sponsor {by=\"...\" url=https://example.org/}",
	  .settings = { { STR("by"), TAKES_WORDS, TO_TEXT, false },
			{ STR("url"), TAKES_WEB, TO_URL, false } } },
	{ .name = STR("web"), .kind = BLOCK_ONLY, .flags = BLOCK_WEB,
	  .form = FORM_CONTAINER, .right = ":::web" },
	{ .name = STR("mail"), .kind = BLOCK_ONLY, .flags = BLOCK_MAIL,
	  .form = FORM_CONTAINER, .right = ":::mail" },
	{ .name = STR("if"), .kind = BLOCK_IF, .form = FORM_CONDITION,
	  .right = ":::if subscriber.plan == \"pro\"" },
	{ .name = STR("unless"), .kind = BLOCK_IF, .form = FORM_CONDITION,
	  .right = ":::unless subscriber.plan == \"pro\"" },
};
/* clang-format on */

const struct shape *shape_find(struct str name)
{
	for (size_t i = 0; i < COUNT(shapes); i++)
		if (str_eq(name, shapes[i].name))
			return &shapes[i];
	return NULL;
}

size_t shape_names(const struct str **names_out)
{
	static struct str names[COUNT(shapes)];

	for (size_t i = 0; i < COUNT(shapes); i++)
		names[i] = shapes[i].name;
	*names_out = names;
	return COUNT(shapes);
}
