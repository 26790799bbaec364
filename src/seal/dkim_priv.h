/* dkim_priv.h - a signer and its parts */
#ifndef DKIM_PRIV_H
#define DKIM_PRIV_H

#include <openssl/evp.h>

#include "base/arena.h"
#include "seal/dkim.h"

#define SHA256_LEN 32
#define DKIM_KEYS_MAX 2

/* The hash of one body after the other. Letters of one issue begin alike, as
 * far as the first word that is the reader's own: what was hashed of that
 * beginning is kept and taken up again. */
struct body_hash {
	EVP_MD_CTX *ctx, *kept;
	struct buf last;	/* the body before this one */
	size_t kept_len;	/* how much of `last` is in `kept` */
};

void body_hash_open(struct body_hash *body);
void body_hash_close(struct body_hash *body);

/* SHA-256 of `text` in relaxed canonical form (RFC 6376 3.4.4). False when the
 * library fails. */
bool body_hash(struct body_hash *body, struct str text,
	       unsigned char out[SHA256_LEN]);

struct signer {
	enum dkim_kind kind;
	struct str selector;
	EVP_PKEY *key;
	EVP_PKEY_CTX *rsa;	/* set up once; NULL for Ed25519 */
};

struct dkim {
	struct arena *arena; /* names */
	struct str domain;
	struct signer signers[DKIM_KEYS_MAX];
	size_t count;
	struct body_hash body;
	struct buf names;	/* h= of the message at hand */
	struct buf hashed;	/* header as it is hashed */
	struct buf field;	/* the new field */
};

/* A private key of a kind that DKIM knows, owned by the caller. */
int dkim_key_read(const char *path, EVP_PKEY **key_out,
		  enum dkim_kind *kind_out, struct err *err);

#endif
