/* picture.c - what is said in braces behind a picture
 *
 *	![words](file.jpg){width=300 align=center cid}
 */
#include "base/nearest.h"
#include "markdown_priv.h"

#define WIDTH_MAX 4000

static const char right[] = "write {width=300}, {align=center}, {cid} or all "
			    "of them";

static int wrong(const struct markdown *m, const struct node *image,
		 struct str word, struct err *err)
{
	static const struct str known[] = { STR("width"), STR("align"),
					    STR("cid") };
	struct str rest;
	struct str name = str_cut(word, '=', &rest);
	struct str close = nearest(name, known, 3);

	name = source_restore(m, word);
	err_set(err, ERR_INPUT, "'" STR_FMT "' is no setting of a picture",
		STR_ARG(str_head(name, 80)));
	err_hint(err, "%s", right);
	if (close.len > 0 && !str_starts(word, close))
		err_hint(err, "did you mean '" STR_FMT "'?", STR_ARG(close));
	return markdown_place(m, err, image->line, 0);
}

static bool read_width(struct node *image, struct str value)
{
	int64_t width;

	if (str_ends(value, STR("px")))
		value.len -= 2;
	if (!str_int64(value, &width) || width < 1 || width > WIDTH_MAX)
		return false;
	image->number = (int)width;
	return true;
}

static bool read_align(struct markdown *m, struct node *image, struct str value)
{
	static const struct str names[] = { STR("left"), STR("center"),
					    STR("right") };

	for (int i = 0; i < 3; i++)
		if (str_eq(value, names[i])) {
			image->level = ALIGN_LEFT + i;
			m->aligned = image;
			return true;
		}
	return false;
}

static bool read_one(struct markdown *m, struct node *image, struct str *rest)
{
	struct str key, value;

	switch (setting_cut(rest, &key, &value)) {
	case SETTING_FLAG:
		if (!str_eqz(key, "cid"))
			return false;
		image->flags |= BLOCK_CID;
		return true;
	case SETTING_PAIR:
		if (str_eqz(key, "width"))
			return read_width(image, value);
		return str_eqz(key, "align") && read_align(m, image, value);
	case SETTING_BROKEN:
		break;
	}
	return false;
}

int picture_read(struct markdown *m, struct node *image, struct node *behind,
		 struct err *err)
{
	ptrdiff_t end;
	struct str words;

	if (!behind || behind->kind != BLOCK_TEXT ||
	    !str_starts(behind->text, STR("{")) ||
	    str_starts(behind->text, STR("{" MARK_CLOSE)))
		return 0;
	end = str_find(behind->text, '}');
	if (end < 0)
		return 0;
	words = str_at(behind->text.at + 1, (size_t)end - 1);
	behind->text = str_skip(behind->text, (size_t)end + 1);
	for (words = str_trim(words); words.len > 0; words = str_trim(words)) {
		struct str at = words;

		if (!read_one(m, image, &words))
			return wrong(m, image, str_head(at, at.len - words.len),
				     err);
	}
	return 0;
}

static struct node *lone_child(const struct node *parent)
{
	struct node *lone = NULL;

	for (struct node *c = parent->first; c; c = c->next) {
		if (c->kind == BLOCK_TEXT && str_trim(c->text).len == 0)
			continue;
		if (lone)
			return NULL;
		lone = c;
	}
	return lone;
}

int picture_align(struct markdown *m, struct node *parent, struct err *err)
{
	struct node *image = m->aligned;
	const struct node *lone;

	if (!image)
		return 0;
	m->aligned = NULL;
	lone = lone_child(parent);
	if (lone && lone->kind == BLOCK_LINK)
		lone = lone_child(lone);
	if (lone == image && parent->kind == BLOCK_PARAGRAPH) {
		parent->level = image->level;
		image->level = ALIGN_NONE;
		return 0;
	}
	err_set(err, ERR_INPUT,
		"'align' is for a picture alone in its "
		"paragraph");
	err_hint(err, "put empty lines around it, or take the setting away");
	return markdown_place(m, err, image->line, 0);
}
