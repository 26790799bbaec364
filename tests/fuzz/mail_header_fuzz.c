/* mail_header_fuzz.c - whatever value: refused, or exactly one field
 *
 * The first byte picks the writer; the rest is the value, for a mailbox its
 * name up to the first line feed and its address behind it. What is written
 * is found again under its name and under no other.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/header.h"

#define NAME "X-Field"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int write_field(struct buf *wire, int kind, struct str value,
		       struct err *err)
{
	struct mailbox box;

	if (kind == 0)
		return header_text(wire, NAME, value, err);
	if (kind == 1)
		return header_raw(wire, NAME, value, err);
	box.name = str_cut(value, '\n', &box.address);
	return header_mailbox(wire, NAME, &box, err);
}

/* CRLF ends each line; all but the first begin with a blank and hold more
 * than blanks; none is too long. Eight bits only in an address. */
static void check_field(struct str wire, int kind)
{
	struct str rest = wire;

	assert(str_ends(wire, STR("\r\n")));
	assert(str_starts(wire, STR(NAME ": ")));
	while (rest.len > 0) {
		struct str line = str_cut(rest, '\n', &rest);

		assert(line.len > 0 && line.at[line.len - 1] == '\r');
		line.len--;
		assert(line.len <= 998);
		assert(line.at == wire.at || line.at[0] == ' ');
		assert(line.at == wire.at || str_trim(line).len > 0);
		for (size_t i = 0; i < line.len; i++)
			assert((line.at[i] >= ' ' && line.at[i] < 0x7f) ||
			       (kind == 2 && (line.at[i] & 0x80)));
	}
}

/* Encoded words are short; what stands in angle brackets holds none. */
static void check_words(struct str wire, int kind)
{
	const char *open = memrchr(wire.at, '<', wire.len);
	ptrdiff_t at;

	if (kind == 2)
		wire.len = open ? (size_t)(open - wire.at) : 0;

	while ((at = str_find_str(wire, STR("=?utf-8?q?"))) >= 0) {
		ptrdiff_t end;

		wire = str_skip(wire, (size_t)at + 10);
		end = str_find_str(wire, STR("?="));
		assert(end >= 0 && end <= 63);
		wire = str_skip(wire, (size_t)end + 2);
	}
}

static void check_found(const struct buf *wire)
{
	struct buf all, value;

	buf_init(&all, 1 << 22);
	buf_init(&value, 1 << 22);
	buf_addz(&all, "A: 1\r\n");
	buf_add(&all, buf_str(wire));
	buf_addz(&all, "Z: 2\r\n\r\nBcc: body\r\n");
	assert(header_find(buf_str(&all), NAME, &value));
	buf_reset(&value);
	assert(!header_find(buf_str(&all), "Bcc", &value));
	assert(header_find(buf_str(&all), "Z", &value));
	assert(str_eqz(buf_str(&value), "2"));
	buf_done(&all);
	buf_done(&value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str value = { (const char *)data, size };
	struct err err = ERR_INIT;
	struct buf wire;
	int kind;

	if (size == 0 || size > 65536)
		return 0;
	kind = data[0] % 3;
	buf_init(&wire, 1 << 20);
	if (write_field(&wire, kind, str_skip(value, 1), &err) == 0) {
		check_field(buf_str(&wire), kind);
		if (kind != 1)
			check_words(buf_str(&wire), kind);
		check_found(&wire);
	} else {
		assert(err.code == ERR_INPUT && err.message[0]);
		assert(wire.len == 0);
	}
	buf_reset(&wire);
	header_find(value, "x", &wire);
	buf_done(&wire);
	return 0;
}
