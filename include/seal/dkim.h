/* dkim.h - DKIM signatures (RFC 6376, 8301, 8463)
 *
 * rsa-sha256 with c=relaxed/relaxed, and ed25519-sha256 beside it where a
 * second key is given. The signed fields that a forger would like to add once
 * more are over-signed: named in h= once more than they are there. No l=: what
 * is behind a signed length is anybody's. The expensive parts are kept between
 * letters: the keys' contexts, and the SHA-256 of the beginning that one body
 * shares with the body before it.
 */
#ifndef SEAL_DKIM_H
#define SEAL_DKIM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum dkim_kind { DKIM_RSA, DKIM_ED25519 };

#define DKIM_RSA_BITS 2048	/* of new keys (RFC 8301 3.2) */
#define DKIM_RSA_BITS_MIN 1024
#define DKIM_RSA_BITS_MAX 8192

struct dkim_key {		/* where one key is, and its name in the DNS */
	const char *path;	/* PEM, PKCS #8; not for others to read */
	struct str selector;	/* labels of letters, digits and '-' */
};

/* Make a private key in a new file of mode 0600. ERR_INPUT when the file is
 * there already, ERR_IO when it cannot be written. */
int dkim_create(const char *path, enum dkim_kind kind, struct err *err);

/* What the TXT record SELECTOR._domainkey.DOMAIN must say for that key:
 * "v=DKIM1; k=rsa; p=...", in one piece. Errors as dkim_open(). */
int dkim_record(const char *path, struct buf *out, struct err *err);

/* May it stand in d= or s=? Labels of a host's name, 253 octets at most. */
bool dkim_name_ok(struct str name);

struct dkim;			/* one thread's */

/* `domain` is what d= says. One or two keys; two are of different kinds.
 * ERR_MISSING, ERR_CONFIG: no file, others may read it, no key that DKIM
 * knows, an RSA key under 1024 or over 8192 bits, two of one kind, each with
 * the file's path as its place; or, without one, a name that may not stand in
 * a header. */
int dkim_open(struct str domain, const struct dkim_key *keys, size_t count,
	      struct dkim **dkim_out, struct err *err);
/* For another thread; the keys themselves are shared. */
struct dkim *dkim_copy(const struct dkim *dkim);
void dkim_close(struct dkim **dkim);

/* The DKIM-Signature fields for `message` (CRLF line ends, a header, an empty
 * line, a body that ends in CRLF), to stand in front of it. `time_s` is t=,
 * UTC seconds. The same message, time and keys give the same bytes. `out` may
 * be over afterwards. ERR_INPUT when the message has no header's end or lacks
 * From; ERR_INTERNAL when the library will not sign. */
int dkim_sign(struct dkim *dkim, struct str message, int64_t time_s,
	      struct buf *out, struct err *err);

#endif
