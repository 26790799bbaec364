/* seal_dkim_limit_test.c - no key and no body takes the signer's time */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "base/die.h"
#include "seal/dkim_priv.h"

/* A key in form alone, of that many bits: a real one of this size would take
 * long to make. */
static void put_key(const char *path, int bits)
{
	static const char *const others[] = {
		OSSL_PKEY_PARAM_RSA_D,	       OSSL_PKEY_PARAM_RSA_FACTOR1,
		OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
		OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *n = BN_new(), *e = BN_new(), *other = BN_new();
	FILE *file = fopen(path, "w");
	EVP_PKEY *key = NULL;
	OSSL_PARAM *params;

	assert_true(BN_rand(n, bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD));
	assert_true(
		BN_rand(other, bits / 2, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD));
	BN_set_word(e, 65537);
	OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		OSSL_PARAM_BLD_push_BN(build, others[i], other);
	params = OSSL_PARAM_BLD_to_param(build);
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params),
			 1);
	assert_non_null(file);
	assert_int_equal(fchmod(fileno(file), 0600), 0);
	assert_int_equal(
		PEM_write_PKCS8PrivateKey(file, key, NULL, NULL, 0, NULL, NULL),
		1);
	fclose(file);
	EVP_PKEY_free(key);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	BN_free(n);
	BN_free(e);
	BN_free(other);
}

static void a_key_is_neither_too_short_nor_too_long(void **state)
{
	static const struct {
		int bits, rc;
	} cases[] = { { 1016, -1 }, { 1024, 0 },  { 2048, 0 },
		      { 8192, 0 },  { 8200, -1 }, { 16384, -1 } };
	char path[] = "/tmp/tidings-key-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = ERR_INIT;
		enum dkim_kind kind;
		EVP_PKEY *key;
		int rc;

		put_key(path, cases[i].bits);
		rc = dkim_key_read(path, &key, &kind, &err);
		if (rc != cases[i].rc)
			fail_msg("%d bits: %d", cases[i].bits, rc);
		if (rc == 0) {
			EVP_PKEY_free(key);
			continue;
		}
		assert_int_equal(err.code, ERR_CONFIG);
		assert_string_equal(err.place, path);
	}
	unlink(path);
}

/* So many that time with the square of their number would be hours. */
static void many_empty_lines_take_time_with_their_number(void **state)
{
	static const char last[] = "\tx\r\n";
	size_t lines = (size_t)1 << 21, len = 2 * lines + strlen(last);
	char *text = die_alloc(len, "a test");
	unsigned char got[SHA256_LEN], wanted[SHA256_LEN];
	struct body_hash body;

	(void)state;
	for (size_t i = 0; i < lines; i++)
		memcpy(text + 2 * i, "\r\n", 2);
	memcpy(text + 2 * lines, last, strlen(last));
	body_hash_open(&body);
	assert_true(body_hash(&body, str_at(text, len), got));
	text[2 * lines] = ' ';
	EVP_Digest(text, len, wanted, NULL, EVP_sha256(), NULL);
	assert_memory_equal(got, wanted, SHA256_LEN);
	body_hash_close(&body);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_neither_too_short_nor_too_long),
		cmocka_unit_test(many_empty_lines_take_time_with_their_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
