/* wrap_break.c - where a line may not end: see wrap_priv.h
 *
 * The basics of JIS X 4051 (kinsoku) and of Unicode's UAX 14, as far as
 * letters need them: no dictionary, no hyphens.
 */
#include "wrap_priv.h"

#include "base/utf8.h"

struct range {
	uint32_t from, to;
};

/* Han, kana and their signs, and pictures. Korean puts blanks between words
 * and breaks there. */
static const struct range unspaced[] = {
	{ 0x2e80, 0x312f },   { 0x3190, 0xa4cf },   { 0xf900, 0xfaff },
	{ 0xfe30, 0xfe4f },   { 0xff01, 0xff9f },   { 0xffe0, 0xffe6 },
	{ 0x1f000, 0x1faff }, { 0x20000, 0x3ffff },
};

/* Part of the character before it: marks, variants, skin, tags. */
static const struct range attached[] = {
	{ 0x0300, 0x036f },   { 0x200c, 0x200f },   { 0x20d0, 0x20ff },
	{ 0x302a, 0x302f },   { 0x3099, 0x309a },   { 0xfe00, 0xfe0f },
	{ 0xff9e, 0xff9f },   { 0x1f3fb, 0x1f3ff }, { 0xe0020, 0xe007f },
	{ 0xe0100, 0xe01ef },
};

/* No line begins with these: what closes, what prolongs, small kana. */
static const struct range closing[] = {
	{ '!', '!' },	    { '%', '%' },	{ ')', ')' },
	{ ',', '.' },	    { ':', ';' },	{ '?', '?' },
	{ ']', ']' },	    { '}', '}' },	{ 0x00b0, 0x00b0 },
	{ 0x00bb, 0x00bb }, { 0x2019, 0x2019 }, { 0x201d, 0x201d },
	{ 0x2025, 0x2026 }, { 0x2030, 0x2033 }, { 0x203a, 0x203a },
	{ 0x203c, 0x203d }, { 0x2047, 0x2049 }, { 0x3001, 0x3003 },
	{ 0x3005, 0x3005 }, { 0x3009, 0x3009 }, { 0x300b, 0x300b },
	{ 0x300d, 0x300d }, { 0x300f, 0x300f }, { 0x3011, 0x3011 },
	{ 0x3015, 0x3015 }, { 0x3017, 0x3017 }, { 0x3019, 0x3019 },
	{ 0x301b, 0x301c }, { 0x301e, 0x301f }, { 0x303b, 0x303b },
	{ 0x3041, 0x3041 }, { 0x3043, 0x3043 }, { 0x3045, 0x3045 },
	{ 0x3047, 0x3047 }, { 0x3049, 0x3049 }, { 0x3063, 0x3063 },
	{ 0x3083, 0x3083 }, { 0x3085, 0x3085 }, { 0x3087, 0x3087 },
	{ 0x308e, 0x308e }, { 0x3095, 0x3096 }, { 0x309b, 0x309e },
	{ 0x30a0, 0x30a1 }, { 0x30a3, 0x30a3 }, { 0x30a5, 0x30a5 },
	{ 0x30a7, 0x30a7 }, { 0x30a9, 0x30a9 }, { 0x30c3, 0x30c3 },
	{ 0x30e3, 0x30e3 }, { 0x30e5, 0x30e5 }, { 0x30e7, 0x30e7 },
	{ 0x30ee, 0x30ee }, { 0x30f5, 0x30f6 }, { 0x30fb, 0x30fe },
	{ 0x31f0, 0x31ff }, { 0xff01, 0xff01 }, { 0xff05, 0xff05 },
	{ 0xff09, 0xff09 }, { 0xff0c, 0xff0c }, { 0xff0e, 0xff0e },
	{ 0xff1a, 0xff1b }, { 0xff1f, 0xff1f }, { 0xff3d, 0xff3d },
	{ 0xff5d, 0xff5e }, { 0xff60, 0xff61 }, { 0xff63, 0xff65 },
	{ 0xff67, 0xff70 },
};

/* No line ends with these: what opens, signs before an amount. */
static const struct range opening[] = {
	{ '#', '$' },	    { '(', '(' },	{ '@', '@' },
	{ '[', '[' },	    { '{', '{' },	{ 0x00a3, 0x00a3 },
	{ 0x00a5, 0x00a5 }, { 0x00ab, 0x00ab }, { 0x2018, 0x2018 },
	{ 0x201c, 0x201c }, { 0x2039, 0x2039 }, { 0x3008, 0x3008 },
	{ 0x300a, 0x300a }, { 0x300c, 0x300c }, { 0x300e, 0x300e },
	{ 0x3010, 0x3010 }, { 0x3014, 0x3014 }, { 0x3016, 0x3016 },
	{ 0x3018, 0x3018 }, { 0x301a, 0x301a }, { 0x301d, 0x301d },
	{ 0xff03, 0xff04 }, { 0xff08, 0xff08 }, { 0xff3b, 0xff3b },
	{ 0xff5b, 0xff5b }, { 0xff5f, 0xff5f }, { 0xff62, 0xff62 },
	{ 0xffe1, 0xffe1 }, { 0xffe5, 0xffe5 },
};

#define IN(c, table) in_table(c, table, sizeof(table) / sizeof(*(table)))

static bool in_table(uint32_t c, const struct range *table, size_t count)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c < table[middle].from)
			high = middle;
		else if (c > table[middle].to)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

bool wrap_is_flag(uint32_t c)
{
	return c >= 0x1f1e6 && c <= 0x1f1ff;
}

bool wrap_may_break(uint32_t before, uint32_t after)
{
	/* U+200D joins, U+2060 and U+FEFF glue, U+00A0 and its like keep. */
	static const uint32_t glue[] = { 0x00a0, 0x200d, 0x202f, 0x2060,
					 0xfeff };

	if (before < 0x80 && after < 0x80)
		return false;
	for (size_t i = 0; i < sizeof(glue) / sizeof(*glue); i++)
		if (before == glue[i] || after == glue[i])
			return false;
	if (before == 0x200b) /* there to say so */
		return true;
	return (IN(before, unspaced) || IN(after, unspaced)) &&
	       !IN(after, attached) && !IN(after, closing) &&
	       !IN(before, opening);
}

/* --- blanks --------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Does `s` begin with `word`, and does the word end there? */
static bool has_word(struct str s, struct str word)
{
	char next;

	if (!str_starts(s, word))
		return false;
	next = s.len > word.len ? s.at[word.len] : ' ';
	return !is_digit(next) &&
	       !((next | 0x20) >= 'a' && (next | 0x20) <= 'z') &&
	       (unsigned char)next < 0x80;
}

static bool is_unit(struct str s)
{
	static const struct str signs[] = {
		STR("€"), STR("£"), STR("$"), STR("¥"), STR("₽"), STR("₴"),
		STR("₪"), STR("%"), STR("‰"), STR("°"), STR("′"),   STR("″"),
	};
	static const struct str words[] = {
		STR("km"),  STR("m"),	STR("cm"),  STR("mm"),	STR("kg"),
		STR("g"),   STR("mg"),	STR("t"),   STR("l"),	STR("ml"),
		STR("h"),   STR("s"),	STR("min"), STR("kB"),	STR("MB"),
		STR("GB"),  STR("W"),	STR("kW"),  STR("kWh"), STR("Hz"),
		STR("EUR"), STR("USD"), STR("GBP"), STR("CHF"), STR("zł"),
		STR("Kč"),  STR("kr"),	STR("am"),  STR("pm"),
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (str_starts(s, signs[i]))
			return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (has_word(s, words[i]))
			return true;
	return false;
}

/* "[12]" and "[b]", as links and notes are marked. */
static bool is_mark(struct str s)
{
	size_t n = 1;

	if (s.len < 3 || s.at[0] != '[')
		return false;
	while (n < s.len && n < 6 &&
	       (is_digit(s.at[n]) || (s.at[n] >= 'a' && s.at[n] <= 'z')))
		n++;
	return n > 1 && n < s.len && s.at[n] == ']';
}

/* As French sets it off: "Vraiment ?", "« oui »". */
static bool is_set_off(struct str s)
{
	return str_starts(s, STR("»")) ||
	       (s.len > 0 && memchr("!?:;", s.at[0], 4) &&
		(s.len == 1 || memchr(" \n!?", s.at[1], 4)));
}

bool wrap_keeps_blank(struct str text, size_t i)
{
	struct str before = str_head(text, i);
	struct str after = str_skip(text, i + 1);

	if (before.len == 0 || after.len == 0)
		return false;
	if (is_digit(before.at[i - 1]) && is_unit(after))
		return true;
	if ((str_ends(before, STR("§")) || str_ends(before, STR("№"))) &&
	    is_digit(after.at[0]))
		return true;
	return str_ends(before, STR("«")) || is_mark(after) ||
	       is_set_off(after);
}
