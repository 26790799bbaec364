/* seal_token_test.c - addresses that must work for years
 *
 * The vectors were computed by another program from the description in
 * seal.h and DESIGN 5.4: a change here makes links in letters already sent
 * fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "seal/seal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct seal *seal;

static int up(void **state)
{
	unsigned char secret[32];

	(void)state;
	for (size_t i = 0; i < sizeof(secret); i++)
		secret[i] = (unsigned char)i;
	seal = seal_of(secret);
	return 0;
}

static int down(void **state)
{
	(void)state;
	seal_close(&seal);
	assert_null(seal);
	seal_close(&seal);
	return 0;
}

static void assert_same(const struct token *a, const struct token *b)
{
	assert_int_equal(a->purpose, b->purpose);
	assert_int_equal(a->list, b->list);
	assert_true(a->subscriber == b->subscriber);
	assert_int_equal(a->issue, b->issue);
	assert_int_equal(a->day, b->day);
}

/* --- tokens --------------------------------------------------------------- */

static const struct {
	struct token token;
	const char *text;
} vectors[] = {
	{ { 'u', 1, UINT64_C(1), 1u, 0 },
	  "af2qcaabaaaaaaaaaaaacaaaaaaqaabkknbyfejfcpqszqdzia" },
	{ { 'u', 7, UINT64_C(81985529216486895), 42u, 20595 },
	  "af2qcaahaerukz4jvpg66aaaaavfa44aavtdymnz2z7ijfdl34" },
	{ { 'b', 65535, UINT64_C(9223372036854775807), 4294967295u, 65535 },
	  "afrad777p7777777777777777777775pnqmq7f4rcpj54xau5y" },
	{ { 'p', 0, UINT64_C(0), 0u, 0 },
	  "afyacaaaaaaaaaaaaaaaaaaaaaaaaacfg3w6fnid4jqvh67it4" },
	{ { 'c', 3, UINT64_C(12345678901234), 9u, 20000 },
	  "afrqcaadaaaawottzyx7eaaaaaeu4ibqwljqrhn57cuwshu46m" },
};

static void tokens_of_today_are_those_of_every_year(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		char text[SEAL_TOKEN_LEN + 1];
		struct token back;

		seal_token(seal, &vectors[i].token, text);
		assert_string_equal(text, vectors[i].text);
		assert_true(seal_token_read(seal, str_of(vectors[i].text),
					    vectors[i].token.purpose, &back));
		assert_same(&back, &vectors[i].token);
	}
}

static void message_ids_of_today_are_those_of_every_year(void **state)
{
	static const struct {
		uint32_t issue;
		uint64_t subscriber;
		const char *id;
	} cases[] = {
		{ 1, 1, "970cc2e1de4e5e0bdeb9e863ac4cf17c" },
		{ 42, UINT64_C(81985529216486895),
		  "7f8758ce828e7083047e34c272688f06" },
		{ UINT32_MAX, INT64_MAX, "2c93429ebcd19142029a9bd41e255ae9" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char id[33];

		seal_message_id(seal, cases[i].issue, cases[i].subscriber, id);
		assert_string_equal(id, cases[i].id);
	}
}

/* FIPS 180-2, and what is left of an address that was erased. */
static void hashes_of_today_are_those_of_every_year(void **state)
{
	char hex[65];

	(void)state;
	seal_sha256_hex(STR(""), hex);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb924"
				 "27ae41e4649b934ca495991b7852b855");
	seal_sha256_hex(STR("abc"), hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
				 "b00361a396177a9cb410ff61f20015ad");
	seal_address(seal, STR("ana@example.org"), hex);
	assert_string_equal(hex, "d9c8333312f29350bda1969d0fa52552"
				 "17206068e2a23c71451d05c282534a50");
}

static void a_token_is_fifty_letters_and_digits_in_lower_case(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 2000; i++) {
		struct token token = { 'u', (uint16_t)i,
				       i * UINT64_C(0x9e3779b97f4a7c15),
				       (uint32_t)(i * 77), (uint16_t)(i * 13) };
		char text[SEAL_TOKEN_LEN + 1];
		struct token back;

		memset(text, 'X', sizeof(text));
		seal_token(seal, &token, text);
		assert_int_equal(strlen(text), 50);
		assert_int_equal(
			strspn(text, "abcdefghijklmnopqrstuvwxyz234567"), 50);
		assert_true(seal_token_read(seal, str_of(text), 'u', &back));
		assert_same(&back, &token);
	}
}

static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";

/* Every place, every letter; the last place holds two bits that are zero, so
 * there is no second spelling either. */
static void any_changed_letter_makes_it_nobodys(void **state)
{
	struct token back = { .purpose = '?' };

	(void)state;
	for (size_t i = 0; i < SEAL_TOKEN_LEN; i++) {
		char text[SEAL_TOKEN_LEN + 1];

		for (const char *c = base32; *c; c++) {
			memcpy(text, vectors[1].text, sizeof(text));
			if (text[i] == *c)
				continue;
			text[i] = *c;
			assert_false(seal_token_read(seal, str_of(text), 'u',
						     &back));
		}
	}
	assert_int_equal(back.purpose, '?');
}

static void what_is_no_token_is_nobodys(void **state)
{
	char text[SEAL_TOKEN_LEN + 1];
	struct token back = { .purpose = '?' };

	(void)state;
	for (size_t len = 0; len < SEAL_TOKEN_LEN; len++) {
		assert_false(seal_token_read(seal, str_at(vectors[1].text, len),
					     'u', &back));
		assert_false(seal_token_read(
			seal, str_at(vectors[1].text + 1, len), 'u', &back));
	}
	for (int c = 0; c < 256; c++) {
		if (c && (strchr(base32, c) || (c >= 'A' && c <= 'Z')))
			continue;
		for (size_t i = 0; i < SEAL_TOKEN_LEN; i++) {
			memcpy(text, vectors[1].text, sizeof(text));
			text[i] = (char)c;
			assert_false(seal_token_read(
				seal, str_at(text, SEAL_TOKEN_LEN), 'u',
				&back));
		}
	}
	assert_false(seal_token_read(
		seal,
		STR("af2qcaahaerukz4jvpg66aaaaavfa44aavtdymnz2z7ijfdl34a"), 'u',
		&back));
	assert_int_equal(back.purpose, '?');
}

/* Mail servers and people change the case. */
static void case_is_ignored(void **state)
{
	char text[SEAL_TOKEN_LEN + 1];
	struct token back;

	(void)state;
	memcpy(text, vectors[1].text, sizeof(text));
	for (size_t i = 0; i < SEAL_TOKEN_LEN; i++) {
		if (text[i] >= 'a' && text[i] <= 'z')
			text[i] = (char)(text[i] - 'a' + 'A');
		assert_true(seal_token_read(seal, str_of(text), 'u', &back));
		assert_same(&back, &vectors[1].token);
	}
}

static void a_token_of_one_purpose_proves_nothing_for_another(void **state)
{
	static const char purposes[] = "upcabr";

	(void)state;
	for (const char *made = purposes; *made; made++) {
		struct token token = vectors[1].token, back;
		char text[SEAL_TOKEN_LEN + 1];

		token.purpose = *made;
		seal_token(seal, &token, text);
		for (const char *read = purposes; *read; read++)
			assert_int_equal(seal_token_read(seal, str_of(text),
							 *read, &back),
					 *made == *read);
	}
}

static void another_secret_makes_and_proves_other_tokens(void **state)
{
	unsigned char secret[32];
	char text[SEAL_TOKEN_LEN + 1], id[33], hash[65], other[65];

	(void)state;
	for (size_t bit = 0; bit < 256; bit++) {
		struct seal *stranger;
		struct token back;

		for (size_t i = 0; i < sizeof(secret); i++)
			secret[i] = (unsigned char)i;
		secret[bit / 8] ^= (unsigned char)(1 << bit % 8);
		stranger = seal_of(secret);
		seal_token(stranger, &vectors[1].token, text);
		assert_string_not_equal(text, vectors[1].text);
		assert_false(seal_token_read(seal, str_of(text), 'u', &back));
		assert_false(seal_token_read(stranger, str_of(vectors[1].text),
					     'u', &back));
		seal_message_id(stranger, 1, 1, id);
		assert_string_not_equal(id, "970cc2e1de4e5e0bdeb9e863ac4cf17c");
		seal_address(stranger, STR("y"), other);
		seal_address(seal, STR("y"), hash);
		assert_string_not_equal(hash, other);
		seal_close(&stranger);
	}
}

static void labels_part_the_keys(void **state)
{
	char a[65], b[65], id[33];

	(void)state;
	/* The same bytes under another label. */
	seal_message_id(seal, 0x61, 0, id);
	seal_address(seal, STR("\0\0\0a\0\0\0\0\0\0\0\0"), a);
	assert_memory_not_equal(a, id, 32);
	seal_address(seal, STR("y"), b);
	assert_string_not_equal(a, b);
	seal_address(seal, STR("\0\0\0a\0\0\0\0\0\0\0\0"), b);
	assert_string_equal(a, b);
	seal_message_id(seal, 1, 2, id);
	seal_message_id(seal, 2, 1, a);
	assert_string_not_equal(a, id);
}

static void a_copy_makes_the_same_and_lives_alone(void **state)
{
	unsigned char secret[32] = { 9 };
	struct seal *first = seal_of(secret);
	struct seal *copy = seal_copy(first);
	char text[SEAL_TOKEN_LEN + 1], again[SEAL_TOKEN_LEN + 1];

	(void)state;
	seal_token(first, &vectors[0].token, text);
	seal_close(&first);
	seal_token(copy, &vectors[0].token, again);
	assert_string_equal(text, again);
	seal_close(&copy);
}

static void random_ids_are_positive_and_differ(void **state)
{
	uint64_t before = 0;
	int high = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		uint64_t id = seal_random_id();

		assert_in_range(id, 1, INT64_MAX);
		assert_true(id != before);
		high += id >> 62 != 0;
		before = id;
	}
	assert_in_range(high, 300, 700);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_of_today_are_those_of_every_year),
		cmocka_unit_test(message_ids_of_today_are_those_of_every_year),
		cmocka_unit_test(hashes_of_today_are_those_of_every_year),
		cmocka_unit_test(
			a_token_is_fifty_letters_and_digits_in_lower_case),
		cmocka_unit_test(any_changed_letter_makes_it_nobodys),
		cmocka_unit_test(what_is_no_token_is_nobodys),
		cmocka_unit_test(case_is_ignored),
		cmocka_unit_test(
			a_token_of_one_purpose_proves_nothing_for_another),
		cmocka_unit_test(another_secret_makes_and_proves_other_tokens),
		cmocka_unit_test(labels_part_the_keys),
		cmocka_unit_test(a_copy_makes_the_same_and_lives_alone),
		cmocka_unit_test(random_ids_are_positive_and_differ),
	};

	return cmocka_run_group_tests(tests, up, down);
}
