/* utf8.c - UTF-8 checked, counted and folded: see base/utf8.h */
#include "base/utf8.h"

#include <idn2.h>
#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uninorm.h>
#include <unistr.h>
#include <uniwidth.h>

#include "base/die.h"

#define HOST_MAX  253 /* RFC 1035 2.3.4, without the root's dot */
#define LABEL_MAX 63
#define INPUT_MAX 1024 /* a host of 253 octets, written as UTF-8 */

static const uint8_t *bytes(struct str s)
{
	return (const uint8_t *)s.at;
}

bool utf8_ok(struct str s, size_t *bad_out)
{
	const uint8_t *bad = s.len ? u8_check(bytes(s), s.len) : NULL;

	if (bad && bad_out)
		*bad_out = (size_t)(bad - bytes(s));
	return !bad;
}

uint32_t utf8_next(struct str s, size_t *len_out)
{
	ucs4_t c;
	int len = u8_mbtoucr(&c, bytes(s), s.len);

	*len_out = len > 0 ? (size_t)len : 1;
	return len > 0 ? c : 0xFFFD;
}

/* A cluster is as wide as its widest character; U+FE0F asks for the picture
 * of what is else narrow. */
static size_t cluster_width(struct str s)
{
	size_t widest = 0;

	while (s.len > 0) {
		size_t len;
		uint32_t c = utf8_next(s, &len);
		int width = uc_width(c, "UTF-8");

		if (c == 0xFE0F || (c >= 0x1F1E6 && c <= 0x1F1FF))
			widest = 2;
		else if (width > 0 && (size_t)width > widest)
			widest = (size_t)width;
		s = str_skip(s, len);
	}
	return widest;
}

/* All breaks at once: u8_grapheme_next() looks at two characters only and
 * takes a family for its members, a flag for two letters. */
size_t utf8_width(struct str s)
{
	size_t width = 0, from = 0;
	char *starts;

	if (s.len == 0)
		return 0;
	starts = die_alloc(s.len, "the width of a text");
	u8_grapheme_breaks(bytes(s), s.len, starts);
	for (size_t to = 1; to <= s.len; to++) {
		if (to < s.len && !starts[to])
			continue;
		width += cluster_width(str_at(s.at + from, to - from));
		from = to;
	}
	free(starts);
	return width;
}

size_t utf8_cut(struct str s, size_t chars)
{
	struct str rest = s;
	size_t end;
	char *starts;

	/* No character is shorter than a byte: most names end here. */
	if (s.len <= chars)
		return s.len;
	for (size_t len; rest.len > 0 && chars > 0; chars--) {
		utf8_next(rest, &len);
		rest = str_skip(rest, len);
	}
	end = s.len - rest.len;
	if (rest.len == 0)
		return end;
	starts = die_alloc(s.len, "the end of a text");
	u8_grapheme_breaks(bytes(s), s.len, starts);
	while (end > 0 && !starts[end])
		end--;
	free(starts);
	return end;
}

bool utf8_has_control(struct str s)
{
	while (s.len > 0) {
		size_t len;
		uint32_t c = utf8_next(s, &len);

		if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 ||
		    c == 0x2029)
			return true;
		s = str_skip(s, len);
	}
	return false;
}

/* Interlinear annotation is for machines, whatever its properties say. */
bool utf8_is_ignorable(uint32_t c)
{
	return c >= 0x80 && (uc_is_property_default_ignorable_code_point(c) ||
			     (c >= 0xFFF9 && c <= 0xFFFB));
}

/* U+2800 is a pattern of Braille without a dot. */
static bool leaves_mark(uint32_t c)
{
	if (c < 0x80)
		return c > 0x20 && c != 0x7F;
	return c >= 0xA0 && c != 0x2800 && c != 0xFFFD &&
	       !uc_is_property_white_space(c) && !utf8_is_ignorable(c);
}

bool utf8_is_seen(struct str s)
{
	while (s.len > 0) {
		size_t len;

		if (leaves_mark(utf8_next(s, &len)))
			return true;
		s = str_skip(s, len);
	}
	return false;
}

/* Hebrew to Arabic Extended, their presentation forms, and the old scripts of
 * the first supplementary plane that run right to left. */
static bool strong_rtl(uint32_t c)
{
	return (c >= 0x0590 && c <= 0x08FF) || (c >= 0xFB1D && c <= 0xFDFF) ||
	       (c >= 0xFE70 && c <= 0xFEFF) || (c >= 0x10800 && c <= 0x10FFF) ||
	       (c >= 0x1E800 && c <= 0x1EFFF);
}

bool utf8_is_rtl(struct str s)
{
	while (s.len > 0) {
		size_t len;
		uint32_t c = utf8_next(s, &len);

		if (strong_rtl(c))
			return true;
		if (uc_bidi_class(c) == UC_BIDI_L)
			return false;
		s = str_skip(s, len);
	}
	return false;
}

static struct str taken(struct arena *arena, struct str was, uint8_t *made,
			size_t len)
{
	struct str result = was;

	if (made)
		result = arena_dup(arena, str_at((const char *)made, len));
	free(made);
	return result;
}

/* Most texts are, and need none of the tables. */
static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] >= 0x80)
			return false;
	return true;
}

/* A copy of an ASCII text with the letters from `first` to `first` + 25 in the
 * other case. */
static struct str ascii_turned(struct arena *arena, struct str s, char first)
{
	char *copy = arena_z(arena, s);

	for (size_t i = 0; i < s.len; i++)
		if (copy[i] >= first && copy[i] <= first + 25)
			copy[i] = (char)(copy[i] ^ 0x20);
	return str_at(copy, s.len);
}

struct str utf8_nfc(struct arena *arena, struct str s)
{
	size_t len = 0;
	uint8_t *made;

	if (is_ascii(s) || !utf8_ok(s, NULL))
		return s;
	made = u8_normalize(UNINORM_NFC, bytes(s), s.len, NULL, &len);
	return taken(arena, s, made, len);
}

struct str utf8_lower(struct arena *arena, struct str s)
{
	size_t len = 0;
	uint8_t *made;

	if (is_ascii(s))
		return ascii_turned(arena, s, 'A');
	made = u8_tolower(bytes(s), s.len, NULL, NULL, NULL, &len);
	return taken(arena, s, made, len);
}

struct str utf8_upper(struct arena *arena, struct str s)
{
	size_t len = 0;
	uint8_t *made;

	if (is_ascii(s))
		return ascii_turned(arena, s, 'a');
	made = u8_toupper(bytes(s), s.len, NULL, NULL, NULL, &len);
	return taken(arena, s, made, len);
}

/* RFC 1123 2.1. IDNA maps wide forms of "<", "@" and the blank to the plain
 * ones and lets plain ones through: what comes out goes onto the wire. */
static bool is_host(struct str host)
{
	struct str label;

	if (host.len == 0 || host.len > HOST_MAX ||
	    host.at[host.len - 1] == '.')
		return false;
	while (host.len > 0) {
		label = str_cut(host, '.', &host);
		if (label.len == 0 || label.len > LABEL_MAX ||
		    label.at[0] == '-' || label.at[label.len - 1] == '-')
			return false;
		for (size_t i = 0; i < label.len; i++)
			if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-",
				    label.at[i]))
				return false;
	}
	return true;
}

struct str utf8_host_ascii(struct arena *arena, struct str host)
{
	char *out = NULL;
	struct str result;

	if (host.len == 0 || host.len > INPUT_MAX ||
	    memchr(host.at, 0, host.len))
		return STR_NONE;
	if (idn2_to_ascii_8z(arena_z(arena, host), &out,
			     IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return STR_NONE;
	result = utf8_lower(arena, arena_dup(arena, str_of(out)));
	idn2_free(out);
	return is_host(result) ? result : STR_NONE;
}
