/* net_reply_fuzz.c - any bytes at all as a server's replies
 *
 * The first byte says how the rest is cut. A reply is the same however it was
 * cut; what it keeps is bounded, UTF-8 without controls; a status fits its
 * code; what is no SMTP has a reason.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "net/reply_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	struct str rest = str_of(text);

	assert(utf8_ok(rest, NULL));
	while (rest.len > 0)
		assert(!utf8_has_control(str_cut(rest, '\n', &rest)));
}

static void check_status(const struct reply *reply)
{
	struct str rest = str_of(reply->status);

	if (rest.len == 0)
		return;
	assert(rest.at[0] == '0' + reply->code / 100);
	for (int part = 0; part < 3; part++) {
		struct str one = str_cut(rest, '.', &rest);

		assert(one.len >= 1 && one.len <= 3);
		for (size_t i = 0; i < one.len; i++)
			assert(one.at[i] >= '0' && one.at[i] <= '9');
	}
	assert(rest.len == 0);
	assert(strstr(reply->text, reply->status));
}

static void check_reply(const struct reply *reply, enum reply_result result)
{
	assert(memchr(reply->text, 0, sizeof(reply->text)));
	assert(memchr(reply->status, 0, sizeof(reply->status)));
	check_text(reply->text);
	if (result == REPLY_BROKEN) {
		assert(reply->code == 0 && reply->text[0]);
		return;
	}
	assert(reply->code >= 200 && reply->code <= 599);
	assert(reply->lines >= 1 && reply->lines <= REPLY_LINES);
	assert(reply->text[0] == '0' + reply->code / 100);
	check_status(reply);
}

/* One reply, in pieces of `step`; *bytes_io becomes what follows it. */
static enum reply_result feed(struct reply *reply, struct str *bytes_io,
			      size_t step)
{
	reply_reset(reply);
	while (bytes_io->len > 0) {
		struct str piece = str_head(*bytes_io, step);
		size_t given = piece.len;
		enum reply_result result = reply_feed(reply, &piece);

		*bytes_io = str_skip(*bytes_io, given - piece.len);
		if (result != REPLY_MORE)
			return result;
		assert(piece.len == 0);
	}
	return REPLY_MORE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str whole, cut;
	size_t step;

	if (size == 0)
		return 0;
	step = (size_t)data[0] + 1;
	whole = cut = str_at((const char *)data + 1, size - 1);
	for (;;) {
		struct reply one, other;
		enum reply_result result = feed(&one, &whole, SIZE_MAX);

		assert(feed(&other, &cut, step) == result);
		assert(whole.len == cut.len);
		if (result == REPLY_MORE)
			return 0;
		check_reply(&one, result);
		assert(one.code == other.code);
		assert(!strcmp(one.text, other.text));
		assert(!strcmp(one.status, other.status));
		if (result == REPLY_BROKEN)
			return 0;
	}
}
