/* base_words_fuzz.c - any bytes at all as a catalogue of words
 *
 * What is accepted answers every question from within its own bytes, in
 * UTF-8, and gives each of its own words back; what is refused has a reason.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "base/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_answer(struct str got, struct str bytes, const char *english)
{
	bool inside = (uintptr_t)got.at >= (uintptr_t)bytes.at &&
		      (uintptr_t)got.at + got.len <=
			      (uintptr_t)bytes.at + bytes.len;

	assert(inside || str_eqz(got, english));
	assert(got.len > 0 || english[0] == 0);
	assert(utf8_ok(got, NULL));
	assert(!memchr(got.at, 0, got.len));
}

/* Anything in it that is a string may be one of its words. */
static void ask_all(const struct words *words, struct str bytes)
{
	size_t asked = 0;

	for (size_t i = 0; i + 1 < bytes.len && asked < 200; i++) {
		const char *english = bytes.at + i;

		if ((i > 0 && bytes.at[i - 1] != 0) ||
		    !memchr(english, 0, bytes.len - i) ||
		    !utf8_ok(str_of(english), NULL))
			continue;
		asked++;
		check_answer(words_get(words, NULL, english), bytes, english);
		check_answer(words_get(words, "c", english), bytes, english);
		for (uint64_t n = 0; n < 120; n += 7)
			check_answer(
				words_plural(words, NULL, english, english, n),
				bytes, english);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct words_file files[] = {
		{ "pt_BR", { (const char *)data, size } },
		{ NULL, STR_NONE },
	};
	struct arena *arena = arena_new("fuzzing words", (size_t)64 << 20);
	const struct words *words = NULL;
	struct err err = ERR_INIT;

	if (words_choose(files, STR("pt-BR-x"), arena, &words, &err) < 0) {
		assert(err.code == ERR_INPUT && err.message[0]);
	} else {
		assert(words);
		ask_all(words, files[0].bytes);
	}
	arena_free(&arena);
	return 0;
}
