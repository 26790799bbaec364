/* words.c - the words of blocks without their marks: what they say, and in
 * which direction */
#include "base/utf8.h"
#include "phrases_priv.h"

/* --- words ---------------------------------------------------------------- */

static void gather(const struct letter *letter, const struct block *block,
		   struct buf *out);

/* Beyond the limit no more is asked for than tells that it was cut. */
#define BEYOND 64

/* As much of `text` as there is room for; a buf would take none of it. */
static void add_start(struct str text, struct buf *out)
{
	size_t room = out->ceiling - out->len;

	buf_add(out, text.len > room ? str_head(text, room) : text);
}

static void add_words(const struct letter *letter, const struct block *block,
		      struct buf *out)
{
	struct str text = blocks_str(letter->blocks, block->text);
	struct str plain;
	int field;

	switch ((enum block_kind)block->kind) {
	case BLOCK_TEXT:
	case BLOCK_CODESPAN:
		while (blocks_piece(&text, &plain, &field))
			if (field < 0)
				add_start(plain, out);
		break;
	case BLOCK_SOFTBREAK:
	case BLOCK_LINEBREAK:
		add_start(STR(" "), out);
		break;
	case BLOCK_PARAGRAPH:
	case BLOCK_HEADING:
	case BLOCK_ITEM:
	case BLOCK_CELL:
		add_start(out->len > 0 ? STR(" ") : STR_NONE, out);
		gather(letter, block, out);
		break;
	case BLOCK_DOCUMENT:
	case BLOCK_QUOTE:
	case BLOCK_LIST:
	case BLOCK_TABLE:
	case BLOCK_ROW:
	case BLOCK_PULLQUOTE:
	case BLOCK_GALLERY:
	case BLOCK_AUTHOR:
	case BLOCK_CONTENTS:
	case BLOCK_BOOKMARK:
	case BLOCK_VIDEO:
	case BLOCK_AUDIO:
	case BLOCK_POLL:
	case BLOCK_ANSWER:
	case BLOCK_SPONSOR:
	case BLOCK_MORE:
	case BLOCK_ONLY:
	case BLOCK_IF:
	case BLOCK_ELSE:
	case BLOCK_SHARE:
	case BLOCK_SUBSCRIBE:
	case BLOCK_CALLOUT:
	case BLOCK_EMPH:
	case BLOCK_STRONG:
	case BLOCK_STRIKE:
	case BLOCK_LINK:
	case BLOCK_IMAGE:
		gather(letter, block, out);
		break;
	case BLOCK_CODE:
	case BLOCK_HTML:
	case BLOCK_RULE:
	case BLOCK_BUTTON:
	case BLOCK_NOTE:
	case BLOCK_HTML_INLINE:
	case BLOCK_NOTE_REF:
	case BLOCK_KIND_COUNT:
		break;
	}
}

static void gather(const struct letter *letter, const struct block *block,
		   struct buf *out)
{
	const struct block *child = blocks_first(letter->blocks, block);

	for (; child && out->len < out->ceiling;
	     child = blocks_next(letter->blocks, child))
		add_words(letter, child, out);
}

/* No half character and no half word at the end of what was cut. */
static struct str whole_words(struct str s)
{
	size_t n = s.len;

	while (n > 0 && s.at[n - 1] != ' ')
		n--;
	if (n > s.len / 2)
		return str_trim(str_head(s, n));
	n = s.len;
	while (n > 0 && ((unsigned char)s.at[n - 1] & 0xc0) == 0x80)
		n--;
	return str_head(s, n > 0 ? n - 1 : 0);
}

/* What was gathered, cut to `limit`; the buffer is done with. */
static struct str finished(const struct letter *letter, struct buf *out,
			   size_t limit)
{
	struct str all = buf_str(out);
	struct str result;

	if (all.len > limit)
		all = whole_words(str_head(all, limit));
	result = arena_dup(letter->arena, str_trim(all));
	buf_done(out);
	return result;
}

struct str block_words(const struct letter *letter, const struct block *block,
		       size_t limit)
{
	struct buf out;

	buf_init(&out, limit + BEYOND);
	gather(letter, block, &out);
	return finished(letter, &out, limit);
}

static bool has_field(const struct letter *letter, const struct block *block)
{
	const struct block *child = blocks_first(letter->blocks, block);
	struct str text = blocks_str(letter->blocks, block->text);
	struct str plain;
	int field;

	while (blocks_piece(&text, &plain, &field))
		if (field >= 0)
			return true;
	for (; child; child = blocks_next(letter->blocks, child))
		if (has_field(letter, child))
			return true;
	return false;
}

struct str opening_words(const struct letter *letter, size_t limit)
{
	const struct block *block = blocks_first(letter->blocks,
						 letter->blocks->at);
	struct buf out;

	buf_init(&out, limit + BEYOND);
	for (; block && out.len <= limit;
	     block = blocks_next(letter->blocks, block)) {
		if (block->kind != BLOCK_PARAGRAPH || has_field(letter, block))
			continue;
		add_start(out.len > 0 ? STR(" ") : STR_NONE, &out);
		gather(letter, block, &out);
	}
	return finished(letter, &out, limit);
}

/* What of the block's fields and conditions anybody would see. A picture, a
 * mark, code are something. */
static void add_seen(struct pen *pen, const struct block *parent)
{
	const struct blocks *blocks = pen->letter->blocks;
	const struct block *child = blocks_first(blocks, parent);

	for (; child; child = blocks_next(blocks, child)) {
		struct str text = blocks_str(blocks, child->text);
		struct str plain;
		int field;

		if (child->kind == BLOCK_IMAGE ||
		    child->kind == BLOCK_CODESPAN ||
		    child->kind == BLOCK_HTML_INLINE ||
		    child->kind == BLOCK_NOTE_REF)
			pen_put(pen, "x");
		else if (child->kind != BLOCK_TEXT)
			add_seen(pen, child);
		else
			while (blocks_piece(&text, &plain, &field)) {
				if (field < 0)
					pen_add(pen, plain);
				else if (pen->letter->web &&
					 pen_is_link(pen->letter, field))
					pen_put(pen, "x"); /* to the help */
				else
					pen_field(pen, field, SLOT_TEXT);
			}
	}
}

bool block_is_empty(struct letter *letter, const struct block *block)
{
	struct draft *draft = draft_new(letter->arena);
	struct pen pen;

	if (!blocks_first(letter->blocks, block))
		return true;
	if (!has_field(letter, block))
		return false;
	pen_open(&pen, letter, draft);
	add_seen(&pen, block);
	pen_close(&pen);
	return str_trim(draft_plain(draft, letter->arena)).len == 0;
}

/* --- pictures ------------------------------------------------------------- */

static bool is_blank(const struct blocks *blocks, const struct block *node)
{
	return node->kind == BLOCK_SOFTBREAK ||
	       (node->kind == BLOCK_TEXT &&
		str_trim(blocks_str(blocks, node->text)).len == 0);
}

/* The only child that is not blank, or NULL. */
static const struct block *only_child(const struct blocks *blocks,
				      const struct block *parent)
{
	const struct block *child = blocks_first(blocks, parent);
	const struct block *found = NULL;

	for (; child; child = blocks_next(blocks, child)) {
		if (is_blank(blocks, child))
			continue;
		if (found)
			return NULL;
		found = child;
	}
	return found;
}

const struct block *lone_picture(const struct letter *letter,
				 const struct block *paragraph,
				 const struct block **link_out)
{
	const struct block *child = only_child(letter->blocks, paragraph);

	*link_out = NULL;
	if (child && child->kind == BLOCK_LINK) {
		*link_out = child;
		child = only_child(letter->blocks, child);
	}
	return child && child->kind == BLOCK_IMAGE ? child : NULL;
}

/* --- callouts ------------------------------------------------------------- */

struct str callout_label(const struct letter *letter,
			 const struct block *callout)
{
	static const struct {
		struct str tone;
		enum word word;
	} labels[] = {
		{ STR("info"), WORD_NOTE },
		{ STR("tip"), WORD_TIP },
		{ STR("warning"), WORD_WARNING },
	};
	struct str tone = blocks_str(letter->blocks, callout->text);

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (str_eq(tone, labels[i].tone))
			return letter_word(letter, labels[i].word);
	return STR_NONE;
}

/* --- headings ------------------------------------------------------------- */

void heading_ranks(const struct blocks *blocks, int last, int rank[7])
{
	bool used[7] = { false };
	int level = 2;

	for (uint32_t i = 0; i < blocks->count; i++)
		if (blocks->at[i].kind == BLOCK_HEADING)
			used[blocks->at[i].level % 7] = true;
	for (int i = 0; i < 7; i++) {
		rank[i] = level;
		if (used[i] && level < last)
			level++;
	}
}

/* --- code ----------------------------------------------------------------- */

struct str code_line(const struct letter *letter, struct str line)
{
	size_t column = 0;
	struct str result;
	struct buf out;

	if (str_find(line, '\t') < 0)
		return line;
	buf_init(&out, 4 * line.len);
	while (line.len > 0) {
		bool tab = str_find(line, '\t') >= 0;
		struct str part = str_cut(line, '\t', &line);
		size_t blanks;

		column += utf8_width(part);
		blanks = tab ? 4 - column % 4 : 0;
		column += blanks;
		buf_add(&out, part);
		buf_add(&out, str_at("    ", blanks));
	}
	result = arena_dup(letter->arena, buf_str(&out));
	buf_done(&out);
	return result;
}

/* --- direction ------------------------------------------------------------ */

/* Letters that are strong to the left: of ASCII, or anything from U+00AA on
 * that is no punctuation, sign or picture. */
static bool is_ltr(uint32_t c)
{
	uint32_t letter = c | 0x20;

	if (c < 0x80)
		return letter >= 'a' && letter <= 'z';
	return c >= 0xaa && c != 0xab && c != 0xbb && c != 0xd7 && c != 0xf7 &&
	       !(c >= 0x2000 && c < 0x2c00) && !(c >= 0x3000 && c < 0x3005) &&
	       !(c >= 0xe000 && c < 0xf900) && c < 0x1f000;
}

int text_direction(struct str text)
{
	while (text.len > 0) {
		size_t len;
		uint32_t c = utf8_next(text, &len);

		if (utf8_is_rtl(str_head(text, len)))
			return 1;
		if (is_ltr(c))
			return 0;
		text = str_skip(text, len);
	}
	return -1;
}

/* --- soft breaks ---------------------------------------------------------- */

/* Han, kana and their punctuation; Korean puts blanks between words. */
bool text_is_unspaced(uint32_t c)
{
	return (c >= 0x2e80 && c <= 0xa4cf && !(c >= 0x3130 && c <= 0x318f)) ||
	       (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe4f) ||
	       (c >= 0xff01 && c <= 0xff60) || (c >= 0x20000 && c <= 0x3ffff);
}

static uint32_t last_char(struct str s)
{
	size_t n = s.len;
	size_t len;

	while (n > 0 && ((unsigned char)s.at[n - 1] & 0xc0) == 0x80)
		n--;
	return n > 0 ? utf8_next(str_skip(s, n - 1), &len) : 0;
}

bool softbreak_joins(const struct letter *letter, const struct block *before,
		     const struct block *after)
{
	struct str a;
	struct str b;
	size_t len;

	if (!before || !after || before->kind != BLOCK_TEXT ||
	    after->kind != BLOCK_TEXT)
		return false;
	a = blocks_str(letter->blocks, before->text);
	b = blocks_str(letter->blocks, after->text);
	return a.len > 0 && b.len > 0 && text_is_unspaced(last_char(a)) &&
	       text_is_unspaced(utf8_next(b, &len));
}
