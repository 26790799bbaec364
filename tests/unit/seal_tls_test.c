/* seal_tls_test.c - our server's side of TLS, met by libssl as a client
 *
 * Both sides live in this thread, joined by a socket pair that never blocks:
 * they take turns until neither can go on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "seal/tls.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TURNS	     200

static struct tls_server *server;
static X509 *certificate;

static int up(void **state)
{
	struct err err = ERR_INIT;
	struct str pem;
	BIO *bio;

	(void)state;
	if (tls_server_self_signed(&server, &pem, &err) < 0)
		fail_msg("%s", err.message);
	bio = BIO_new_mem_buf(pem.at, (int)pem.len);
	certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	BIO_free(bio);
	assert_non_null(certificate);
	return 0;
}

static int down(void **state)
{
	(void)state;
	X509_free(certificate);
	tls_server_free(&server);
	assert_null(server);
	tls_server_free(&server);
	return 0;
}

/* --- one connection and both its ends ------------------------------------- */

struct pair {
	int fd[2]; /* ours, the client's */
	struct tls *tls;
	SSL_CTX *ctx;
	SSL *client;
	char got[65536]; /* read by our side */
	size_t got_len;
	bool ended, failed;
};

static struct pair *pair_new(const char *host, int version)
{
	struct pair *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p->fd), 0);
	p->tls = tls_accept(server, p->fd[0]);
	assert_non_null(p->tls);
	p->ctx = SSL_CTX_new(TLS_client_method());
	X509_STORE_add_cert(SSL_CTX_get_cert_store(p->ctx), certificate);
	X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(p->ctx),
				    X509_V_FLAG_X509_STRICT);
	SSL_CTX_set_verify(p->ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_min_proto_version(p->ctx, version);
	SSL_CTX_set_max_proto_version(p->ctx, version);
	SSL_CTX_set_security_level(p->ctx, 0);
	p->client = SSL_new(p->ctx);
	if (!X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(p->client), host))
		SSL_set1_host(p->client, host);
	SSL_set_fd(p->client, p->fd[1]);
	SSL_set_connect_state(p->client);
	return p;
}

static void pair_free(struct pair *p)
{
	SSL_free(p->client);
	SSL_CTX_free(p->ctx);
	tls_free(&p->tls);
	assert_null(p->tls);
	tls_free(&p->tls);
	/* Ours to close, after as before. */
	assert_int_equal(close(p->fd[0]), 0);
	if (p->fd[1] >= 0)
		close(p->fd[1]);
	ERR_clear_error();
	free(p);
}

/* What our side can read now. */
static void our_turn(struct pair *p)
{
	while (!p->ended && !p->failed) {
		bool want_write = true;
		ssize_t n = tls_read(p->tls, p->got + p->got_len,
				     sizeof(p->got) - p->got_len, &want_write);

		if (n < 0 && errno == EAGAIN)
			return;
		assert_false(want_write);
		if (n < 0)
			assert_int_equal(errno, EIO);
		p->failed = n < 0;
		p->ended = n == 0;
		p->got_len += n > 0 ? (size_t)n : 0;
	}
}

/* The client's handshake, ours made by reading: true when it is done. */
static bool shake_hands(struct pair *p)
{
	for (int turn = 0; turn < TURNS; turn++) {
		int n = SSL_do_handshake(p->client);

		if (n != 1 &&
		    SSL_get_error(p->client, n) != SSL_ERROR_WANT_READ) {
			ERR_clear_error();
			our_turn(p);
			return false;
		}
		ERR_clear_error();
		our_turn(p);
		if (n == 1)
			return !p->failed;
	}
	return false;
}

static void a_client_that_trusts_the_certificate_gets_through(void **state)
{
	static const struct {
		const char *host;
		int version;
		bool through;
	} cases[] = {
		{ "localhost", TLS1_3_VERSION, true },
		{ "localhost", TLS1_2_VERSION, true },
		{ "127.0.0.1", TLS1_3_VERSION, true },
		{ "::1", TLS1_3_VERSION, true },
		{ "example.org", TLS1_3_VERSION, false },
		{ "192.0.2.1", TLS1_3_VERSION, false },
		{ "localhost", TLS1_1_VERSION, false },
		{ "localhost", TLS1_VERSION, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pair *p = pair_new(cases[i].host, cases[i].version);

		if (shake_hands(p) != cases[i].through)
			fail_msg("case %zu: %s", i,
				 X509_verify_cert_error_string(
					 SSL_get_verify_result(p->client)));
		assert_int_equal(p->failed, !cases[i].through);
		pair_free(p);
	}
}

static void the_certificate_lasts_a_year(void **state)
{
	int days, seconds;

	(void)state;
	assert_true(X509_cmp_current_time(X509_get0_notBefore(certificate)) <
		    0);
	assert_int_equal(ASN1_TIME_diff(&days, &seconds, NULL,
					X509_get0_notAfter(certificate)),
			 1);
	assert_in_range(days, 364, 365);
}

static void two_servers_have_two_certificates(void **state)
{
	struct tls_server *other;
	struct err err = ERR_INIT;
	struct str pem;
	X509 *theirs;
	BIO *bio;

	(void)state;
	assert_int_equal(tls_server_self_signed(&other, &pem, &err), 0);
	bio = BIO_new_mem_buf(pem.at, (int)pem.len);
	theirs = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	BIO_free(bio);
	assert_int_not_equal(X509_cmp(certificate, theirs), 0);
	assert_int_not_equal(
		ASN1_INTEGER_cmp(X509_get0_serialNumber(certificate),
				 X509_get0_serialNumber(theirs)),
		0);
	X509_free(theirs);
	tls_server_free(&other);
}

static void bytes_go_both_ways_unchanged(void **state)
{
	static char sent[60000], back[60000];
	struct pair *p = pair_new("localhost", TLS1_3_VERSION);
	size_t out = 0, in = 0;
	bool want_write;

	(void)state;
	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (char)(i * 7 + i / 251);
	assert_true(shake_hands(p));
	while (out < sizeof(sent)) {
		int n = SSL_write(p->client, sent + out,
				  (int)(sizeof(sent) - out < 999
						? sizeof(sent) - out
						: 999));

		out += n > 0 ? (size_t)n : 0;
		our_turn(p);
	}
	assert_int_equal(p->got_len, sizeof(sent));
	assert_memory_equal(p->got, sent, sizeof(sent));
	for (out = 0; in < sizeof(back);) {
		ssize_t n = out < sizeof(sent)
				    ? tls_write(p->tls, sent + out,
						sizeof(sent) - out, &want_write)
				    : 0;
		int got = SSL_read(p->client, back + in,
				   (int)(sizeof(back) - in));

		out += n > 0 ? (size_t)n : 0;
		in += got > 0 ? (size_t)got : 0;
		ERR_clear_error();
	}
	assert_memory_equal(back, sent, sizeof(sent));
	pair_free(p);
}

static void what_cannot_be_had_now_is_asked_for_again(void **state)
{
	struct pair *p = pair_new("localhost", TLS1_3_VERSION);
	static char much[1 << 20];
	bool want_write = true;
	char c;

	(void)state;
	/* Nothing there yet: it must become readable. */
	assert_int_equal(tls_read(p->tls, &c, 1, &want_write), -1);
	assert_int_equal(errno, EAGAIN);
	assert_false(want_write);
	assert_true(shake_hands(p));
	assert_int_equal(tls_read(p->tls, &c, 1, &want_write), -1);
	assert_int_equal(errno, EAGAIN);
	/* Nobody reads: once the pipe is full it must become writable. */
	for (int turn = 0; turn < TURNS; turn++) {
		ssize_t n = tls_write(p->tls, much, sizeof(much), &want_write);

		if (n > 0)
			continue;
		assert_int_equal(n, -1);
		assert_int_equal(errno, EAGAIN);
		assert_true(want_write);
		pair_free(p);
		return;
	}
	fail_msg("the pipe is never full");
}

static void a_clean_end_is_an_end_and_a_cut_an_error(void **state)
{
	struct pair *p = pair_new("localhost", TLS1_3_VERSION);

	(void)state;
	assert_true(shake_hands(p));
	SSL_shutdown(p->client);
	our_turn(p);
	assert_true(p->ended);
	assert_false(p->failed);
	pair_free(p);
	p = pair_new("localhost", TLS1_3_VERSION);
	assert_true(shake_hands(p));
	close(p->fd[1]);
	p->fd[1] = -1;
	our_turn(p);
	assert_true(p->failed);
	pair_free(p);
}

/* libssl keeps one queue of errors a thread: what went wrong on one line must
 * not be read as the fault of the next. */
static void a_connection_that_fails_takes_no_other_along(void **state)
{
	struct pair *good = pair_new("localhost", TLS1_3_VERSION);
	bool want_write;
	char c;

	(void)state;
	assert_true(shake_hands(good));
	for (int i = 0; i < 3; i++) {
		struct pair *bad = pair_new("localhost", TLS1_3_VERSION);
		static const char words[] = "EHLO this is no TLS at all\r\n";

		assert_int_equal(write(bad->fd[1], words, sizeof(words)),
				 sizeof(words));
		assert_int_equal(tls_read(bad->tls, &c, 1, &want_write), -1);
		assert_int_equal(errno, EIO);
		/* The good one has nothing to say, and says just that. */
		assert_int_equal(tls_read(good->tls, &c, 1, &want_write), -1);
		assert_int_equal(errno, EAGAIN);
		assert_int_equal(tls_read(bad->tls, &c, 1, &want_write), -1);
		assert_int_equal(tls_write(good->tls, "x", 1, &want_write), 1);
		pair_free(bad);
	}
	pair_free(good);
}

static void what_stands_behind_the_handshake_is_not_lost(void **state)
{
	struct pair *p = pair_new("localhost", TLS1_3_VERSION);

	(void)state;
	for (int turn = 0; turn < TURNS && p->got_len == 0; turn++) {
		if (SSL_do_handshake(p->client) == 1)
			SSL_write(p->client, "EHLO x\r\n", 8);
		our_turn(p);
	}
	assert_memory_equal(p->got, "EHLO x\r\n", 8);
	pair_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_client_that_trusts_the_certificate_gets_through),
		cmocka_unit_test(the_certificate_lasts_a_year),
		cmocka_unit_test(two_servers_have_two_certificates),
		cmocka_unit_test(bytes_go_both_ways_unchanged),
		cmocka_unit_test(what_cannot_be_had_now_is_asked_for_again),
		cmocka_unit_test(a_clean_end_is_an_end_and_a_cut_an_error),
		cmocka_unit_test(a_connection_that_fails_takes_no_other_along),
		cmocka_unit_test(what_stands_behind_the_handshake_is_not_lost),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, up, down);
}
