/* decode.c - what a client wrote becomes texts: see decode_priv.h */
#include "decode_priv.h"

#include "base/utf8.h"

/* The byte that the escape at the start of `raw` stands for, or -1. */
static int escaped(struct str raw)
{
	int high, low;

	if (raw.len < 3)
		return -1;
	high = str_hex(raw.at[1]);
	low = str_hex(raw.at[2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static bool is_control(unsigned char c, bool form)
{
	if (form && (c == '\t' || c == '\n' || c == '\r'))
		return false;
	return c < 0x20 || c == 0x7F;
}

bool decode_text(struct str raw, bool form, struct arena *arena,
		 struct str *out)
{
	char *to = arena_take(arena, raw.len + 1);
	size_t len = 0;

	while (raw.len > 0) {
		int c = (unsigned char)raw.at[0];
		size_t used = 1;

		if (c == '%') {
			c = escaped(raw);
			used = 3;
		} else if (c == '+' && form) {
			c = ' ';
		}
		if (c < 0 || is_control((unsigned char)c, form))
			return false;
		to[len++] = (char)c;
		raw = str_skip(raw, used);
	}
	*out = str_at(to, len);
	return utf8_ok(*out, NULL);
}

static size_t count_pairs(struct str raw)
{
	size_t count = 0;

	while (raw.len > 0)
		count += str_cut(raw, '&', &raw).len > 0;
	return count;
}

int decode_pairs(struct str raw, size_t most, struct arena *arena,
		 struct http_pairs *out)
{
	size_t count = count_pairs(raw);

	*out = (struct http_pairs){ NULL, 0 };
	if (count > most)
		return 413;
	out->at = arena_many(arena, struct http_pair, count + 1);
	while (raw.len > 0) {
		struct str value, pair = str_cut(raw, '&', &raw);
		struct str name = str_cut(pair, '=', &value);
		struct http_pair *to = &out->at[out->count];

		if (pair.len == 0)
			continue;
		if (!decode_text(name, true, arena, &to->name) ||
		    !decode_text(value, true, arena, &to->value))
			return 400;
		out->count++;
	}
	return 0;
}

/* The next segment behind a slash. */
static struct str next_segment(struct str *path)
{
	return str_cut(str_skip(*path, 1), '/', path);
}

/* Is there one more? str_cut() drops the slash before it, so that "/a/" and
 * "/a" would look alike: step back over it. */
static bool step(struct str *path, struct str *segment)
{
	const char *end = path->at + path->len;

	if (path->len == 0)
		return false;
	*segment = next_segment(path);
	*path = str_at(segment->at + segment->len,
		       (size_t)(end - segment->at) - segment->len);
	return true;
}

bool decode_path_ok(struct str path, struct arena *arena)
{
	struct str segment, text;

	if (!str_starts(path, STR("/")))
		return false;
	while (step(&path, &segment))
		if (!decode_text(segment, false, arena, &text) ||
		    str_eq(text, STR(".")) || str_eq(text, STR("..")))
			return false;
	return true;
}

bool decode_match(const char *pattern, struct str path, struct arena *arena,
		  struct str params[HTTP_PARAMS_MAX])
{
	struct str want = str_of(pattern), part, segment, text;
	size_t count = 0;

	if (!str_starts(path, STR("/")))
		return false;
	while (step(&want, &part)) {
		if (!step(&path, &segment) ||
		    !decode_text(segment, false, arena, &text))
			return false;
		if (!str_starts(part, STR(":"))) {
			if (!str_eq(part, text))
				return false;
			continue;
		}
		if (text.len == 0 || count == HTTP_PARAMS_MAX)
			return false;
		params[count++] = text;
	}
	return path.len == 0;
}
