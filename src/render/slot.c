/* slot.c - see slot_priv.h */
#include "base/utf8.h"
#include "filter_priv.h"
#include "slot_priv.h"

/* --- escaping ------------------------------------------------------------- */

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

static void put_html(struct str bytes, struct buf *out)
{
	const char *e = bytes.len == 1 ? entity(bytes.at[0]) : NULL;

	if (e)
		buf_addz(out, e);
	else
		buf_add(out, bytes);
}

struct str slot_entities(struct str text, struct arena *arena)
{
	struct str result;
	struct buf out;

	buf_init(&out, text.len * 6 + 1);
	for (size_t i = 0; i < text.len; i++)
		put_html(str_at(text.at + i, 1), &out);
	result = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return result;
}

/* Controls (C0, DEL, C1 and the line and paragraph separators) become blanks
 * where they part words, else nothing. */
static struct str shown(struct str bytes, uint32_t c)
{
	if (c == '\n' || c == '\t' || c == '\r' || c == 0x2028 || c == 0x2029)
		return STR(" ");
	if (c < 0x20 || (c >= 0x7f && c < 0xA0) || c == 0xFFFD)
		return STR_NONE;
	return bytes;
}

static void put(struct str bytes, uint32_t c, enum slot_context context,
		struct buf *out)
{
	if (context != SLOT_HEADER)
		bytes = shown(bytes, c);
	switch (context) {
	case SLOT_HTML:
	case SLOT_HREF:
		put_html(bytes, out);
		break;
	case SLOT_URL:
		filter_put_url(bytes, out);
		break;
	case SLOT_TEXT:
	case SLOT_HEADER:
		buf_add(out, bytes);
		break;
	}
}

struct str slot_escaped(struct str text, enum slot_context context,
			struct arena *arena)
{
	struct str result;
	struct buf out;

	if (context == SLOT_TEXT || context == SLOT_HEADER)
		return text;
	buf_init(&out, text.len * 6 + 1);
	while (text.len > 0) {
		size_t len;
		uint32_t c = utf8_next(text, &len);

		put(str_head(text, len), c, context, &out);
		text = str_skip(text, len);
	}
	result = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return result;
}

/* --- a reader's value ----------------------------------------------------- */

/* Ours are whole addresses and finished header values; the reader's own words
 * are what must be cut. */
static bool is_readers(enum field field)
{
	return field < FIELD_UNSUBSCRIBE || field >= FIELD_ATTRIBUTE;
}

/* What is seen as one but made of more than fits is nobody's name. */
static struct str cut(struct str value)
{
	size_t len = utf8_cut(value, SLOT_CHARS);

	if (len > 0)
		return str_head(value, len);
	for (int chars = 0; len < value.len && chars < SLOT_CHARS; chars++) {
		size_t more;

		utf8_next(str_skip(value, len), &more);
		len += more;
	}
	return str_head(value, len);
}

/* What shows nothing but is needed: signs that join letters and emoji or part
 * them, marks of direction, and what chooses among a sign's forms. */
static bool serves(uint32_t c)
{
	return (c >= 0x200C && c <= 0x200F) || c == 0x061C ||
	       (c >= 0x180B && c <= 0x180F && c != 0x180E) ||
	       (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0020 && c <= 0xE007F) ||
	       (c >= 0xE0100 && c <= 0xE01EF);
}

/* Embeddings, overrides and isolates, with one of which a name would turn
 * round what stands behind it (Unicode UAX 9); and what else shows nothing,
 * with which a name would pass for another. */
static bool deceives(uint32_t c)
{
	return utf8_is_ignorable(c) && !serves(c);
}

struct str slot_value(enum field field, struct str value)
{
	if (!is_readers(field) || utf8_is_seen(cut(value)))
		return value;
	return STR_NONE;
}

static bool has_rtl(struct str value)
{
	while (value.len > 0) {
		size_t len;

		utf8_next(value, &len);
		if (utf8_is_rtl(str_head(value, len)))
			return true;
		value = str_skip(value, len);
	}
	return false;
}

static void put_all(struct str value, enum slot_context context,
		    struct buf *out)
{
	while (value.len > 0) {
		size_t len;
		uint32_t c = utf8_next(value, &len);

		if (!deceives(c))
			put(str_head(value, len), c, context, out);
		value = str_skip(value, len);
	}
}

void slot_write(const struct slot *slot, struct str value, struct str standard,
		struct arena *scratch, struct buf *out)
{
	value = slot_value(slot->field, value);
	if (value.len == 0)
		value = standard;
	if (is_readers(slot->field))
		value = cut(value);
	value = filter_apply(slot->filters, value, scratch);
	if (slot->context == SLOT_HEADER && !is_readers(slot->field)) {
		buf_add(out, value);
	} else if (slot->context == SLOT_HTML && has_rtl(value)) {
		/* It must not carry the signs around it along (U+2068, U+2069);
		 * in other letters' names such signs show as boxes in old mail
		 * programs, so they stand only where they serve. */
		buf_addz(out, "&#8296;");
		put_all(value, slot->context, out);
		buf_addz(out, "&#8297;");
	} else {
		put_all(value, slot->context, out);
	}
}
