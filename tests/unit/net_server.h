/* net_server.h - an SMTP server that recites a script; include behind cmocka.h
 *
 * A thread on a port of its own follows lines of text:
 *
 *   S 250 hi     say it (lines in a row leave in one write)
 *   C MAIL       read a line that must begin with this
 *   Q            nothing more may have come behind that line
 *   B            read a letter up to its lone dot
 *   P TEXT       read until TEXT has come: half a letter
 *   T            TLS from here on
 *   W            read until the client closes; nothing more may come
 *   H            read nothing until server_release()
 *   D            read until the client closes, whatever comes
 *   A            close, take the next connection
 *
 * and closes at the end. All that the client said stands in `heard`.
 */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/str.h"

#define PATIENCE_S 10

struct server {
	pthread_t thread;
	const char *script;
	SSL_CTX *ctx;
	int listener, port, fd;
	SSL *ssl;
	char in[65536]; /* come, but not yet read by the script */
	size_t in_len;
	char heard[262144];
	size_t heard_len;
	char wrong[512]; /* the first step that did not hold, or "" */
	pthread_mutex_t lock;
	pthread_cond_t release;
	bool waiting; /* at W: all before it has been done */
	bool released, joined;
};

static inline int server_wrong(struct server *s, const char *step,
			       const char *why)
{
	if (!s->wrong[0])
		snprintf(s->wrong, sizeof(s->wrong),
			 "'%.80s': %.100s; heard: %.300s", step, why, s->heard);
	return -1;
}

/* More bytes into `in`; 0 at the end. */
static inline ssize_t server_more(struct server *s)
{
	char *room = s->in + s->in_len;
	size_t size = sizeof(s->in) - s->in_len;
	ssize_t n;

	n = s->ssl ? SSL_read(s->ssl, room, (int)size)
		   : recv(s->fd, room, size, 0);
	if (n <= 0)
		return 0;
	s->in_len += (size_t)n;
	return n;
}

static inline void server_take(struct server *s, size_t len)
{
	size_t keep = s->heard_len + len < sizeof(s->heard)
			      ? len
			      : sizeof(s->heard) - 1 - s->heard_len;

	memcpy(s->heard + s->heard_len, s->in, keep);
	s->heard_len += keep;
	s->heard[s->heard_len] = 0;
	memmove(s->in, s->in + len, s->in_len - len);
	s->in_len -= len;
}

static inline int server_say(struct server *s, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = s->ssl ? SSL_write(s->ssl, text, (int)len)
				   : send(s->fd, text, len, MSG_NOSIGNAL);

		if (n <= 0)
			return -1;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

static inline int server_line(struct server *s, const char *step,
			      struct str want)
{
	ptrdiff_t end;

	while ((end = str_find(str_at(s->in, s->in_len), '\n')) < 0)
		if (server_more(s) == 0)
			return server_wrong(s, step, "the client has gone");
	if (!str_starts(str_at(s->in, (size_t)end + 1), want))
		return server_wrong(s, step, s->in);
	server_take(s, (size_t)end + 1);
	return 0;
}

static inline int server_letter(struct server *s, const char *step)
{
	for (;;) {
		ptrdiff_t end = str_find(str_at(s->in, s->in_len), '\n');
		bool is_dot;

		if (end < 0) {
			if (server_more(s) == 0)
				return server_wrong(s, step, "no dot came");
			continue;
		}
		is_dot = str_eq(str_at(s->in, (size_t)end + 1), STR(".\r\n"));
		server_take(s, (size_t)end + 1);
		if (is_dot)
			return 0;
	}
}

static inline int server_part(struct server *s, const char *step,
			      struct str text)
{
	ptrdiff_t at;

	while ((at = str_find_str(str_at(s->in, s->in_len), text)) < 0)
		if (server_more(s) == 0)
			return server_wrong(s, step, "the client has gone");
	server_take(s, (size_t)at + text.len);
	return 0;
}

static inline int server_end(struct server *s, const char *step)
{
	pthread_mutex_lock(&s->lock);
	s->waiting = true;
	pthread_mutex_unlock(&s->lock);
	while (s->in_len == 0 && server_more(s) > 0)
		;
	if (s->in_len == 0)
		return 0;
	server_take(s, s->in_len);
	return server_wrong(s, step, "more has come");
}

static inline void server_hold(struct server *s)
{
	pthread_mutex_lock(&s->lock);
	while (!s->released)
		pthread_cond_wait(&s->release, &s->lock);
	pthread_mutex_unlock(&s->lock);
}

static inline void server_release(struct server *s)
{
	pthread_mutex_lock(&s->lock);
	s->released = true;
	pthread_cond_signal(&s->release);
	pthread_mutex_unlock(&s->lock);
}

static inline int server_drain(struct server *s)
{
	do
		server_take(s, s->in_len);
	while (server_more(s) > 0);
	return 0;
}

static inline void server_hang_up(struct server *s)
{
	if (s->ssl)
		SSL_free(s->ssl);
	if (s->fd >= 0)
		close(s->fd);
	s->ssl = NULL;
	s->fd = -1;
	s->in_len = 0;
}

static inline int server_accept(struct server *s)
{
	struct timeval patience = { .tv_sec = PATIENCE_S };
	struct pollfd ready = { .fd = s->listener, .events = POLLIN };
	int one = 1;

	server_hang_up(s);
	if (poll(&ready, 1, PATIENCE_S * 1000) != 1)
		return server_wrong(s, "A", "nobody came");
	s->fd = accept(s->listener, NULL, NULL);
	/* Replies that wait for one another's ACK take 40 ms each. */
	setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(s->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	return s->fd < 0 ? -1 : 0;
}

/* A client that refuses us ends the script here, and rightly so. */
static inline int server_tls(struct server *s)
{
	s->in_len = 0;
	s->ssl = SSL_new(s->ctx);
	SSL_set_fd(s->ssl, s->fd);
	return SSL_accept(s->ssl) == 1 ? 0 : -1;
}

/* Steps in a row that begin with S, in one write; the rest of the script. */
static inline const char *server_recite(struct server *s, const char *at)
{
	char out[16384];
	size_t len = 0;

	while (str_starts(str_of(at), STR("S "))) {
		size_t size = strcspn(at, "\n");

		memcpy(out + len, at + 2, size - 2);
		memcpy(out + len + size - 2, "\r\n", 2);
		len += size;
		at += size + (at[size] == '\n');
	}
	return server_say(s, out, len) < 0 ? NULL : at;
}

static inline int server_step(struct server *s, const char *step)
{
	struct str rest = str_of(step[0] && step[1] ? step + 2 : "");

	switch (step[0]) {
	case 'C':
		return server_line(s, step, rest);
	case 'Q':
		return s->in_len == 0 ? 0
				      : server_wrong(s, step, "more has come");
	case 'B':
		return server_letter(s, step);
	case 'P':
		return server_part(s, step, rest);
	case 'H':
		server_hold(s);
		return 0;
	case 'D':
		return server_drain(s);
	case 'T':
		return server_tls(s);
	case 'W':
		return server_end(s, step);
	case 'A':
		return server_accept(s);
	}
	return server_wrong(s, step, "no such step");
}

static inline void *server_main(void *arg)
{
	struct server *s = arg;
	const char *at = s->script;
	sigset_t pipe;

	/* Here alone: the client's thread must not raise it. */
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe, NULL);
	if (server_accept(s) < 0)
		return NULL;
	while (at && *at) {
		char step[512];
		size_t size = strcspn(at, "\n");

		if (*at == 'S') {
			at = server_recite(s, at);
			continue;
		}
		snprintf(step, sizeof(step), "%.*s", (int)size, at);
		if (server_step(s, step) < 0)
			break;
		at += size + (at[size] == '\n');
	}
	server_hang_up(s);
	return NULL;
}

static inline void server_start(struct server *s, const char *script,
				SSL_CTX *ctx)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);

	*s = (struct server){ .script = script, .ctx = ctx, .fd = -1 };
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->release, NULL);
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(s->listener >= 0);
	assert_int_equal(bind(s->listener, (struct sockaddr *)&addr, len), 0);
	assert_int_equal(listen(s->listener, 8), 0);
	getsockname(s->listener, (struct sockaddr *)&addr, &len);
	s->port = ntohs(addr.sin_port);
	assert_int_equal(pthread_create(&s->thread, NULL, server_main, s), 0);
}

static inline bool server_waits(struct server *s)
{
	bool waits;

	pthread_mutex_lock(&s->lock);
	waits = s->waiting;
	pthread_mutex_unlock(&s->lock);
	return waits;
}

/* The script is through, the connection closed. */
static inline void server_await(struct server *s)
{
	if (!s->joined)
		pthread_join(s->thread, NULL);
	s->joined = true;
}

/* The script must have held to its last line. */
static inline void server_join(struct server *s)
{
	server_await(s);
	close(s->listener);
	pthread_cond_destroy(&s->release);
	pthread_mutex_destroy(&s->lock);
	if (s->wrong[0])
		fail_msg("the server: %s", s->wrong);
}

/* --- TLS ------------------------------------------------------------------- */

/* A certificate for `names` ("DNS:localhost,IP:127.0.0.1") that vouches for
 * itself; its PEM goes to the file `pem`. */
static inline SSL_CTX *server_certificate(const char *names, const char *pem)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL,
						  NID_subject_alt_name, names);
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	FILE *out = fopen(pem, "w");

	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
				   (const unsigned char *)"test", -1, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_set_pubkey(cert, key);
	assert_true(ext && X509_add_ext(cert, ext, -1));
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	assert_int_equal(SSL_CTX_use_certificate(ctx, cert), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(ctx, key), 1);
	assert_non_null(out);
	assert_int_equal(PEM_write_X509(out, cert), 1);
	fclose(out);
	X509_EXTENSION_free(ext);
	X509_free(cert);
	EVP_PKEY_free(key);
	return ctx;
}

#endif
