/* dkim_key.c - the private keys of DKIM: made, read, and said to the DNS */
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sys/stat.h>

#include "base/file.h"
#include "dkim_priv.h"

#define KEY_FILE_MAX ((size_t)64 * 1024)

static int at_file(struct err *err, const char *path)
{
	return err_place(err, "%s", path);
}

/* --- making one ----------------------------------------------------------- */

static EVP_PKEY *generate(enum dkim_kind kind)
{
	if (kind == DKIM_ED25519)
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	return EVP_RSA_gen(DKIM_RSA_BITS);
}

/* In OpenSSL's own memory, which it wipes. */
static BIO *to_pem(enum dkim_kind kind)
{
	EVP_PKEY *key = generate(kind);
	BIO *pem = BIO_new(BIO_s_secmem());

	if (!key || !pem ||
	    PEM_write_bio_PKCS8PrivateKey(pem, key, NULL, NULL, 0, NULL,
					  NULL) != 1) {
		BIO_free(pem);
		pem = NULL;
	}
	EVP_PKEY_free(key);
	return pem;
}

int dkim_create(const char *path, enum dkim_kind kind, struct err *err)
{
	BIO *pem = to_pem(kind);
	char *text;
	long len;
	int rc;

	if (!pem)
		return err_set(err, ERR_INTERNAL, "cannot make a key");
	len = BIO_get_mem_data(pem, &text);
	rc = file_create(path, str_at(text, (size_t)len), 0600, err);
	BIO_free(pem);
	return rc;
}

/* --- reading one ---------------------------------------------------------- */

static int not_private(const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0 || (st.st_mode & 077) == 0)
		return 0;
	err_set(err, ERR_CONFIG, "others may read this private key");
	err_hint(err, "chmod 600 %s", path);
	return at_file(err, path);
}

static int kind_of(EVP_PKEY *key, enum dkim_kind *kind_out, struct err *err)
{
	int id = EVP_PKEY_get_base_id(key);

	if (id == EVP_PKEY_ED25519) {
		*kind_out = DKIM_ED25519;
		return 0;
	}
	if (id != EVP_PKEY_RSA)
		return err_set(err, ERR_CONFIG,
			       "the key is neither RSA nor Ed25519");
	*kind_out = DKIM_RSA;
	if (EVP_PKEY_get_bits(key) >= DKIM_RSA_BITS_MIN &&
	    EVP_PKEY_get_bits(key) <= DKIM_RSA_BITS_MAX)
		return 0;
	err_set(err, ERR_CONFIG, "the key has %d bits: receivers refuse it",
		EVP_PKEY_get_bits(key));
	return err_hint(err, "make a new one: tidings dkim new");
}

static EVP_PKEY *parse(struct str pem)
{
	BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.len);
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL,
						      (void *)(uintptr_t) "")
			    : NULL;

	BIO_free(bio);
	return key;
}

int dkim_key_read(const char *path, EVP_PKEY **key_out,
		  enum dkim_kind *kind_out, struct err *err)
{
	struct arena *arena = arena_new("a key", 2 * KEY_FILE_MAX);
	EVP_PKEY *key = NULL;
	struct str pem;
	int rc = file_read(path, KEY_FILE_MAX, arena, &pem, err);

	if (rc == 0)
		rc = not_private(path, err);
	if (rc == 0) {
		key = parse(pem);
		OPENSSL_cleanse((void *)(uintptr_t)pem.at, pem.len);
	}
	if (rc == 0 && !key) {
		err_set(err, ERR_CONFIG, "this is no private key in PEM");
		err_hint(err, "make one: tidings dkim new");
		rc = at_file(err, path);
	}
	if (rc == 0 && kind_of(key, kind_out, err) < 0)
		rc = at_file(err, path);
	arena_free(&arena);
	if (rc < 0)
		EVP_PKEY_free(key);
	else
		*key_out = key;
	return rc;
}

/* --- the DNS record ------------------------------------------------------- */

/* RSA: SubjectPublicKeyInfo in DER. Ed25519: the 32 bytes (RFC 8463 4.2). */
static bool public_bytes(EVP_PKEY *key, enum dkim_kind kind, unsigned char *out,
			 size_t room, size_t *len_out)
{
	unsigned char *at = out;
	int len;

	if (kind == DKIM_ED25519) {
		*len_out = room;
		return EVP_PKEY_get_raw_public_key(key, out, len_out) == 1;
	}
	len = i2d_PUBKEY(key, NULL);
	if (len <= 0 || (size_t)len > room)
		return false;
	*len_out = (size_t)i2d_PUBKEY(key, &at);
	return true;
}

int dkim_record(const char *path, struct buf *out, struct err *err)
{
	unsigned char bytes[2048];
	char text[4096];
	enum dkim_kind kind;
	EVP_PKEY *key;
	size_t len;
	bool ok;

	if (dkim_key_read(path, &key, &kind, err) < 0)
		return -1;
	ok = public_bytes(key, kind, bytes, sizeof(bytes), &len);
	EVP_PKEY_free(key);
	if (!ok) {
		err_set(err, ERR_INTERNAL, "the key has no public part");
		return at_file(err, path);
	}
	EVP_EncodeBlock((unsigned char *)text, bytes, (int)len);
	buf_fmt(out, "v=DKIM1; k=%s; p=%s",
		kind == DKIM_RSA ? "rsa" : "ed25519", text);
	return 0;
}
