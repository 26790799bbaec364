/* seal_priv.h - the keys in hand */
#ifndef SEAL_PRIV_H
#define SEAL_PRIV_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "seal/seal.h"

#define SECRET_LEN 32
#define MAC_LEN 32

/* What each derived key is for. The labels are part of every token ever sent:
 * they never change. */
#define SEAL_LABELS(X)							\
	X(TOKEN, "token")						\
	X(MESSAGE_ID, "message-id")					\
	X(SUPPRESSION, "suppression")

enum seal_label {
#define X(name, text) LABEL_##name,
	SEAL_LABELS(X)
#undef X
	LABEL_COUNT
};

struct seal {
	unsigned char secret[SECRET_LEN];
	uint8_t key_id;
	EVP_MAC *mac;
	/* Keyed once; EVP_MAC_init with no key starts them anew, four times
	 * cheaper than keying for each use. */
	EVP_MAC_CTX *keyed[LABEL_COUNT];
};

/* HMAC-SHA256 of `bytes` under the label's key. */
void seal_mac(struct seal *seal, enum seal_label label, struct str bytes,
	      unsigned char out[MAC_LEN]);

/* A key and a self-made certificate for loopback; both owned by the caller. */
int certificate_make(EVP_PKEY **key_out, X509 **cert_out, struct err *err);

#endif
