/* letter_form_fuzz.c - any blob as a frozen form, and any row as its reader
 *
 * The first two bytes say how long the reader's fields are; then they stand
 * there, then the blob. What is no form is damaged, in words; what is one
 * composes a letter in wire form, the same twice, or says why not.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "letter/letter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct letter_press *press(void)
{
	static const unsigned char secret[32] = { 1, 2, 3 };
	static struct letter_press *made;
	struct seal *seal;

	if (!made) {
		seal = seal_of(secret);
		made = letter_press_new(seal);
		seal_close(&seal);
	}
	return made;
}

static void check_wire(struct str letter)
{
	assert(str_ends(letter, STR("\r\n")));
	while (letter.len > 0) {
		struct str line = str_cut(letter, '\n', &letter);

		assert(line.len > 0 && line.at[line.len - 1] == '\r');
		assert(line.len - 1 <= 998 && line.at[0] != '.');
		for (size_t i = 0; i + 1 < line.len; i++)
			assert(line.at[i] != '\r' && line.at[i] > 0);
	}
}

static void check_parts(const struct letter_form *form,
			const struct letter_reader *reader)
{
	struct buf out;

	buf_init(&out, LETTER_MAX);
	for (int part = PART_HEADERS; part <= PART_TEXT; part++) {
		struct err err = ERR_INIT;

		buf_reset(&out);
		if (letter_part(press(), form, reader, (enum program_part)part,
				&out, &err) < 0)
			assert(err.message[0]);
	}
	buf_done(&out);
	assert(letter_sender(press(), form, reader).len > 0);
	assert(letter_message_id(press(), form, reader).len > 0);
}

static void compose(const struct letter_form *form, struct str fields)
{
	struct letter_reader reader = { .issue = 1,
					.list = 2,
					.subscriber = 3,
					.address = STR("ana@example.org"),
					.fields = fields,
					.date_ms = INT64_C(1779440400000) };
	struct err err = ERR_INIT;
	struct str letter;
	char hash[65], again[65];

	if (letter_compose(press(), form, &reader, &letter, &err) < 0) {
		assert(err.code != ERR_NONE && err.message[0]);
	} else {
		check_wire(letter);
		seal_sha256_hex(letter, hash);
		assert(letter_compose(press(), form, &reader, &letter, &err) ==
		       0);
		seal_sha256_hex(letter, again);
		assert(str_eq(str_of(hash), str_of(again)));
	}
	check_parts(form, &reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = { (const char *)data, size };
	struct arena *arena;
	const struct letter_form *form;
	struct err err = ERR_INIT;
	size_t len;

	if (size < 2)
		return 0;
	len = (size_t)data[0] << 8 | data[1];
	all = str_skip(all, 2);
	len = len < all.len ? len : all.len;
	arena = arena_new("fuzzing", 1 << 28);
	if (letter_form_open(str_skip(all, len), arena, &form, &err) == 0)
		compose(form, str_head(all, len));
	else
		assert(err.code == ERR_DB && err.message[0]);
	arena_free(&arena);
	return 0;
}
