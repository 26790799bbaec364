/* tls.c - the server's side of TLS: see seal/tls.h */
#include "seal/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include "base/die.h"
#include "seal_priv.h"

struct tls_server {
	SSL_CTX *ctx;
	BIO *pem;
};

struct tls {
	SSL *ssl;
};

static struct tls_server *new_server(void)
{
	struct tls_server *server = die_calloc(1, sizeof(*server), "TLS");

	server->ctx = SSL_CTX_new(TLS_server_method());
	server->pem = BIO_new(BIO_s_mem());
	if (!server->ctx || !server->pem)
		die("no TLS");
	SSL_CTX_set_min_proto_version(server->ctx, TLS1_2_VERSION);
	SSL_CTX_set_mode(server->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	return server;
}

int tls_server_self_signed(struct tls_server **server_out,
			   struct str *pem_out, struct err *err)
{
	struct tls_server *server;
	EVP_PKEY *key;
	X509 *cert;
	char *text;
	long len;

	if (certificate_make(&key, &cert, err) < 0)
		return -1;
	server = new_server();
	if (SSL_CTX_use_certificate(server->ctx, cert) != 1 ||
	    SSL_CTX_use_PrivateKey(server->ctx, key) != 1 ||
	    PEM_write_bio_X509(server->pem, cert) != 1)
		die("cannot use a certificate just made");
	EVP_PKEY_free(key);
	X509_free(cert);
	len = BIO_get_mem_data(server->pem, &text);
	*pem_out = str_at(text, (size_t)len);
	*server_out = server;
	return 0;
}

void tls_server_free(struct tls_server **server)
{
	if (!*server)
		return;
	SSL_CTX_free((*server)->ctx);
	BIO_free((*server)->pem);
	free(*server);
	*server = NULL;
}

struct tls *tls_accept(struct tls_server *server, int fd)
{
	struct tls *tls = die_calloc(1, sizeof(*tls), "TLS");

	tls->ssl = SSL_new(server->ctx);
	if (!tls->ssl || SSL_set_fd(tls->ssl, fd) != 1) {
		tls_free(&tls);
		return NULL;
	}
	SSL_set_accept_state(tls->ssl);
	return tls;
}

void tls_free(struct tls **tls)
{
	if (!*tls)
		return;
	SSL_free((*tls)->ssl);
	free(*tls);
	*tls = NULL;
}

/* libssl asks a queue of errors that a thread's connections share: before
 * each call it must be empty, or one that failed takes the others along. */
static ssize_t result(struct tls *tls, int n, bool *want_write)
{
	int why;

	*want_write = false;
	if (n > 0)
		return n;
	why = SSL_get_error(tls->ssl, n);
	if (why == SSL_ERROR_ZERO_RETURN)
		return 0;
	if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
		*want_write = why == SSL_ERROR_WANT_WRITE;
		errno = EAGAIN;
	} else {
		errno = EIO;
	}
	return -1;
}

ssize_t tls_read(struct tls *tls, void *out, size_t room, bool *want_write)
{
	int n;

	ERR_clear_error();
	n = SSL_read(tls->ssl, out, room > 1 << 20 ? 1 << 20 : (int)room);
	return result(tls, n, want_write);
}

ssize_t tls_write(struct tls *tls, const void *from, size_t len,
		  bool *want_write)
{
	int n;

	ERR_clear_error();
	n = SSL_write(tls->ssl, from, len > 1 << 20 ? 1 << 20 : (int)len);
	return result(tls, n, want_write);
}
