/* seal_token_fuzz.c - any text as a token, and any numbers as its contents
 *
 * A stranger's text proves nothing: what is accepted is, but for its case,
 * the very text that seal_token() makes of what was read. What is made is
 * read back, and not when a bit of it is changed.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "seal/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char purposes[] = "upcabr";

static void check_read(struct seal *seal, struct str text)
{
	char again[SEAL_TOKEN_LEN + 1];
	struct token token;

	for (const char *p = purposes; *p; p++) {
		if (!seal_token_read(seal, text, *p, &token))
			continue;
		assert(token.purpose == *p);
		seal_token(seal, &token, again);
		assert(str_eq_nocase(text, str_of(again)));
	}
}

static void check_made(struct seal *seal, const uint8_t bytes[20])
{
	struct token token = { .purpose = purposes[bytes[0] % 6] }, back;
	char text[SEAL_TOKEN_LEN + 1];

	memcpy(&token.list, bytes + 1, 2);
	memcpy(&token.subscriber, bytes + 3, 8);
	memcpy(&token.issue, bytes + 11, 4);
	memcpy(&token.day, bytes + 15, 2);
	seal_token(seal, &token, text);
	assert(str_of(text).len == SEAL_TOKEN_LEN);
	assert(seal_token_read(seal, str_of(text), token.purpose, &back));
	assert(back.list == token.list && back.issue == token.issue &&
	       back.subscriber == token.subscriber && back.day == token.day);
	check_read(seal, str_of(text));
	text[bytes[17] % SEAL_TOKEN_LEN] ^= (char)(1 << bytes[18] % 5);
	assert(!seal_token_read(seal, str_of(text), token.purpose, &back));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned char secret[32] = { 1, 2, 3 };
	static struct seal *seal;

	if (!seal)
		seal = seal_of(secret);
	check_read(seal, str_at((const char *)data, size));
	if (size >= 20)
		check_made(seal, data);
	return 0;
}
