/* render_wrap_fuzz.c - any bytes at all as a paragraph to be wrapped
 *
 * Nothing of it is lost, doubled or moved but blanks and control characters;
 * no line that could have been shorter is longer than a line may be; a blank
 * at the end of a line means that one more follows. Of what is no UTF-8 only
 * that it does no harm.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/utf8.h"
#include "render/wrap.h"
#include "render/wrap_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_silent(uint32_t c)
{
	return c <= ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 ||
	       c == 0x2029;
}

/* What is seen of a text, in order. */
static void seen_of(struct str s, struct buf *out)
{
	while (s.len > 0) {
		size_t len;
		uint32_t c = utf8_next(s, &len);

		if (!is_silent(c))
			buf_add(out, str_head(s, len));
		s = str_skip(s, len);
	}
}

static void check_line(struct str line, int more)
{
	int flows = line.len > 0 && line.at[line.len - 1] == ' ';

	assert(!memchr(line.at, '\t', line.len));
	assert(!memchr(line.at, '\r', line.len));
	assert(!flows || more);
	if (flows)
		line.len--;
	/* Code is kept whatever stands in it. */
	if (utf8_width(line) <= WRAP_WIDTH || memchr(line.at, '`', line.len))
		return;
	for (size_t i = 1; i < line.len; i++)
		assert(line.at[i] != ' ' || wrap_keeps_blank(line, i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct buf out, want, got;
	struct str rest;

	buf_init(&out, 1 << 24);
	buf_init(&want, 1 << 24);
	buf_init(&got, 1 << 24);
	wrap_text(text, STR_NONE, STR_NONE, &out);
	if (!utf8_ok(text, NULL))
		goto out;
	seen_of(text, &want);
	seen_of(buf_str(&out), &got);
	assert(str_eq(buf_str(&want), buf_str(&got)));
	for (rest = buf_str(&out); rest.len > 0;) {
		struct str line = str_cut(rest, '\n', &rest);

		check_line(line, rest.len > 0 || (out.len > 0 &&
						  out.at[out.len - 1] == '\n'));
	}
out:
	buf_done(&out);
	buf_done(&want);
	buf_done(&got);
	return 0;
}
