/* http_decode_fuzz.c - any bytes as an address, a query, a form
 *
 * What is accepted is UTF-8 without controls, never longer than what was sent,
 * and means the same once it is escaped again and read a second time. A path
 * that matches a pattern does so by the parameters it gave: the address built
 * of them matches with the same ones, and no parameter is empty or leads up.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "http/decode_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX 20000

static const char *const patterns[] = {
	"/", "/:a", "/i/:slug", "/:a/:b/:c/:d", "/u/:token/now",
};

static void escape(struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++)
		buf_fmt(out, "%%%02X", (unsigned char)text.at[i]);
}

static void check_text(struct str text, bool form)
{
	assert(utf8_ok(text, NULL));
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		assert(c >= 0x20 ||
		       (form && (c == '\n' || c == '\r' || c == '\t')));
		assert(c != 0x7F);
	}
}

static void check_pairs(struct str raw, struct arena *arena)
{
	struct http_pairs pairs, again;
	size_t total = 0;
	struct buf back;

	if (decode_pairs(raw, 50, arena, &pairs) != 0)
		return;
	assert(pairs.count <= 50);
	buf_init(&back, 8 * INPUT_MAX);
	for (size_t i = 0; i < pairs.count; i++) {
		check_text(pairs.at[i].name, true);
		check_text(pairs.at[i].value, true);
		total += pairs.at[i].name.len + pairs.at[i].value.len;
		escape(pairs.at[i].name, &back);
		buf_byte(&back, '=');
		escape(pairs.at[i].value, &back);
		buf_byte(&back, '&');
	}
	assert(total <= raw.len);
	if (back.len > 0) {
		assert(decode_pairs(buf_str(&back), 50, arena, &again) == 0);
		assert(again.count == pairs.count);
		for (size_t i = 0; i < pairs.count; i++) {
			assert(str_eq(again.at[i].name, pairs.at[i].name));
			assert(str_eq(again.at[i].value, pairs.at[i].value));
		}
	}
	buf_done(&back);
}

/* The address that `pattern` makes of `params`. */
static void build(const char *pattern, const struct str *params,
		  struct buf *out)
{
	struct str rest = str_skip(str_of(pattern), 1);

	if (rest.len == 0)
		buf_byte(out, '/');
	while (rest.len > 0) {
		struct str part = str_cut(rest, '/', &rest);

		buf_byte(out, '/');
		if (str_starts(part, STR(":")))
			escape(*params++, out);
		else
			buf_add(out, part);
	}
}

static void check_match(const char *pattern, struct str path,
			struct arena *arena)
{
	struct str params[HTTP_PARAMS_MAX] = { STR_NONE, STR_NONE, STR_NONE,
					       STR_NONE };
	struct str again[HTTP_PARAMS_MAX];
	struct buf back;
	size_t count = 0;

	if (!decode_match(pattern, path, arena, params))
		return;
	assert(path.at[0] == '/');
	for (const char *p = pattern; *p; p++)
		count += *p == ':';
	buf_init(&back, 8 * INPUT_MAX);
	build(pattern, params, &back);
	assert(decode_match(pattern, buf_str(&back), arena, again));
	for (size_t i = 0; i < count; i++) {
		check_text(params[i], false);
		assert(params[i].len > 0);
		assert(str_eq(params[i], again[i]));
		if (decode_path_ok(path, arena))
			assert(!str_eqz(params[i], "..") &&
			       !str_eqz(params[i], "."));
	}
	buf_done(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str raw = str_at((const char *)data, size);
	struct arena *arena;

	if (size > INPUT_MAX)
		return 0;
	arena = arena_new("a fuzz", (size_t)64 * 1024 * 1024);
	check_pairs(raw, arena);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		check_match(patterns[i], raw, arena);
	arena_free(&arena);
	return 0;
}
