/* slot.c - see slot_priv.h */
#include "base/utf8.h"
#include "slot_priv.h"

/* --- filters -------------------------------------------------------------- */

/* Each word begins with a capital; the rest of it stays as it is. */
static struct str title_case(struct str text, struct arena *arena)
{
	bool begins = true;
	struct str result;
	struct buf out;

	/* Capitals take three times the bytes at most, as those of U+0390. */
	buf_init(&out, 3 * text.len);
	while (text.len > 0) {
		struct str c;
		size_t len;

		utf8_next(text, &len);
		c = str_head(text, len);
		buf_add(&out, begins ? utf8_upper(arena, c) : c);
		begins = str_eqz(c, " ");
		text = str_skip(text, len);
	}
	result = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return result;
}

struct str slot_filtered(struct str text, enum slot_filter filter,
			 struct arena *arena)
{
	switch (filter) {
	case FILTER_NONE:
		return text;
	case FILTER_UPPER:
		return utf8_upper(arena, text);
	case FILTER_LOWER:
		return utf8_lower(arena, text);
	case FILTER_TITLE:
		return title_case(text, arena);
	}
	return text;
}

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

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

static void put_html(struct str bytes, struct buf *out)
{
	const char *e = bytes.len == 1 ? entity(bytes.at[0]) : NULL;

	if (e)
		buf_addz(out, e);
	else
		buf_add(out, bytes);
}

static void put_url(struct str bytes, struct buf *out)
{
	for (size_t i = 0; i < bytes.len; i++)
		if (is_unreserved(bytes.at[i]))
			buf_byte(out, bytes.at[i]);
		else
			buf_fmt(out, "%%%02X", (unsigned char)bytes.at[i]);
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
	bytes = shown(bytes, c);
	switch (context) {
	case SLOT_HTML:
	case SLOT_HREF:
		put_html(bytes, out);
		break;
	case SLOT_URL:
		put_url(bytes, out);
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

static struct str cut(struct str value)
{
	struct str rest = value;

	for (int chars = 0; rest.len > 0 && chars < SLOT_CHARS; chars++) {
		size_t len;

		utf8_next(rest, &len);
		rest = str_skip(rest, len);
	}
	return str_head(value, value.len - rest.len);
}

/* Embeddings, overrides and isolates: a name with one of them would turn
 * round what stands behind it (Unicode UAX 9). */
static bool turns(uint32_t c)
{
	return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
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

		if (!turns(c))
			put(str_head(value, len), c, context, out);
		value = str_skip(value, len);
	}
}

void slot_write(const struct slot *slot, struct str value, struct str standard,
		struct arena *scratch, struct buf *out)
{
	if (value.len == 0)
		value = standard;
	if (is_readers(slot->field))
		value = cut(value);
	value = slot_filtered(value, slot->filter, scratch);
	if (slot->context == SLOT_HEADER) {
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
