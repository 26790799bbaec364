/* token.c - the 50 characters in readers' addresses (docs: formats) */
#include <openssl/crypto.h>

#include "seal_priv.h"

#define VERSION 1
#define BODY 19			/* version purpose keyid list sub issue day */
#define CUT 12			/* octets of the HMAC that are kept */
#define WHOLE (BODY + CUT)

_Static_assert((WHOLE * 8 + 4) / 5 == SEAL_TOKEN_LEN, "31 bytes, 50 letters");

/* RFC 4648 6, lower case: survives mail systems that fold the case. */
static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

static void put(unsigned char **at, uint64_t value, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		*(*at)++ = (unsigned char)(value >> (8 * i));
}

static uint64_t get(const unsigned char **at, int bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < bytes; i++)
		value = value << 8 | *(*at)++;
	return value;
}

static void encode(const unsigned char in[WHOLE], char *out)
{
	unsigned bits = 0, have = 0;
	size_t n = 0;

	for (size_t i = 0; i < WHOLE; i++) {
		bits = bits << 8 | in[i];
		for (have += 8; have >= 5; have -= 5)
			out[n++] = alphabet[bits >> (have - 5) & 31];
	}
	if (have > 0)
		out[n++] = alphabet[bits << (5 - have) & 31];
	out[n] = 0;
}

static int letter(char c)
{
	if (c >= 'A' && c <= 'Z')
		c = (char)(c - 'A' + 'a');
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

static bool decode(struct str text, unsigned char out[WHOLE])
{
	unsigned bits = 0, have = 0;
	size_t n = 0;

	if (text.len != SEAL_TOKEN_LEN)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		int five = letter(text.at[i]);

		if (five < 0)
			return false;
		bits = bits << 5 | (unsigned)five;
		have += 5;
		if (have >= 8) {
			have -= 8;
			out[n++] = (unsigned char)(bits >> have);
		}
	}
	/* What is left over must be zero: one token, one spelling. */
	return (bits & ((1u << have) - 1)) == 0;
}

void seal_token(struct seal *seal, const struct token *token,
		char out[SEAL_TOKEN_LEN + 1])
{
	unsigned char whole[BODY + MAC_LEN];
	unsigned char *at = whole;

	put(&at, VERSION, 1);
	put(&at, (unsigned char)token->purpose, 1);
	put(&at, seal->key_id, 1);
	put(&at, token->list, 2);
	put(&at, token->subscriber, 8);
	put(&at, token->issue, 4);
	put(&at, token->day, 2);
	seal_mac(seal, LABEL_TOKEN, str_at((const char *)whole, BODY), at);
	encode(whole, out);
}

bool seal_token_read(struct seal *seal, struct str text, char purpose,
		     struct token *out)
{
	unsigned char whole[WHOLE], mac[MAC_LEN];
	const unsigned char *at = whole;
	struct token token;
	uint64_t version, key_id;

	if (!decode(text, whole))
		return false;
	seal_mac(seal, LABEL_TOKEN, str_at((const char *)whole, BODY), mac);
	if (CRYPTO_memcmp(mac, whole + BODY, CUT) != 0)
		return false;
	version = get(&at, 1);
	token.purpose = (char)get(&at, 1);
	key_id = get(&at, 1);
	token.list = (uint16_t)get(&at, 2);
	token.subscriber = get(&at, 8);
	token.issue = (uint32_t)get(&at, 4);
	token.day = (uint16_t)get(&at, 2);
	if (version != VERSION || key_id != seal->key_id ||
	    token.purpose != purpose)
		return false;
	*out = token;
	return true;
}
