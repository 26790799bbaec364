/* certificate.c - a certificate for this machine alone, made on the spot */
#include <openssl/ec.h>
#include <openssl/x509v3.h>

#include "seal_priv.h"

#define YEAR_S (365L * 24 * 3600)

static int add_extension(X509 *cert, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;
	int ok;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	if (!ext)
		return 0;
	ok = X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
	return ok;
}

static int fill(X509 *cert, EVP_PKEY *key)
{
	X509_NAME *name = X509_get_subject_name(cert);
	uint64_t serial = seal_random_id();

	return X509_set_version(cert, 2) &&
	       ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial) &&
	       X509_gmtime_adj(X509_getm_notBefore(cert), -3600) &&
	       X509_gmtime_adj(X509_getm_notAfter(cert), YEAR_S) &&
	       X509_NAME_add_entry_by_txt(
		       name, "CN", MBSTRING_UTF8,
		       (const unsigned char *)"localhost", -1, -1, 0) &&
	       X509_set_issuer_name(cert, name) && X509_set_pubkey(cert, key) &&
	       add_extension(cert, NID_basic_constraints, "critical,CA:TRUE") &&
	       add_extension(cert, NID_subject_alt_name,
			     "DNS:localhost,IP:127.0.0.1,IP:::1") &&
	       X509_sign(cert, key, EVP_sha256()) > 0;
}

int certificate_make(EVP_PKEY **key_out, X509 **cert_out, struct err *err)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();

	if (key && cert && fill(cert, key)) {
		*key_out = key;
		*cert_out = cert;
		return 0;
	}
	EVP_PKEY_free(key);
	X509_free(cert);
	return err_set(err, ERR_INTERNAL, "cannot make a certificate");
}
