/* seal.h - the master secret and what is proved with it
 *
 * `tidings.key` (0600, made by `tidings init`) holds one master secret with a
 * key id of one byte. All keys are derived from it by HKDF-like HMACs with a
 * label each, so that a token of one purpose proves nothing for another.
 * A seal is not shared between threads: seal_copy() gives each its own.
 */
#ifndef SEAL_SEAL_H
#define SEAL_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

#define SEAL_FILE "tidings.key"

struct seal;

/* Make the file; ERR_IO when it is there already. */
int seal_create(const char *path, struct err *err);

/* ERR_MISSING, ERR_CONFIG when group or others may read it or it is no key. */
int seal_open(const char *path, struct seal **seal_out, struct err *err);

/* From 32 bytes at hand, key id 1. For tests. */
struct seal *seal_of(const unsigned char secret[32]);
struct seal *seal_copy(const struct seal *seal);
void seal_close(struct seal **seal);	/* wipes */

/* --- tokens in addresses (DESIGN 5.4): 50 characters of lower-case base32 */

#define SEAL_TOKEN_LEN 50

struct token {
	char purpose;		/* u p c a b r */
	uint16_t list;
	uint64_t subscriber;
	uint32_t issue;
	uint16_t day;		/* days since 1970-01-01 UTC */
};

/* NUL-terminated. */
void seal_token(struct seal *seal, const struct token *token,
		char out[SEAL_TOKEN_LEN + 1]);

/* Read and prove one; compared in constant time. False: not ours, whatever
 * the reason. Case is ignored. Says nothing about age: that is policy. */
bool seal_token_read(struct seal *seal, struct str text, char purpose,
		     struct token *out);

/* --- the rest */

/* A keyed hash of issue and subscriber as 32 lower-case hex digits: the left
 * side of the Message-ID; the same on every retry. */
void seal_message_id(struct seal *seal, uint32_t issue, uint64_t subscriber,
		     char out[33]);

/* SHA-256 as 64 lower-case hex digits, NUL-terminated. */
void seal_sha256_hex(struct str bytes, char out[65]);

/* What remains of an address (its address_key()) after erasure: an HMAC-SHA256
 * as hex, NUL-terminated. */
void seal_address(struct seal *seal, struct str key, char out[65]);

/* From the system's generator; dies when there is none. */
void seal_random(void *out, size_t len);
uint64_t seal_random_id(void);	/* 1 .. 2^63-1 */

#endif
