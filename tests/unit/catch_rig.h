/* catch_rig.h - a catcher in a thread, and a client of it; behind cmocka.h */
#ifndef CATCH_RIG_H
#define CATCH_RIG_H

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "catch/catch.h"

#define PATIENCE_S 10

struct rig {
	char dir[64];
	struct catch_options options;
	volatile int stop;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t news;
	int port, rc;
	bool over;
	struct err err;
};

struct client {
	int fd;
	SSL_CTX *ctx;
	SSL *ssl;
	char in[65536];
	size_t in_len;
	char reply[4096]; /* the last one, whole */
};

/* --- the catcher ------------------------------------------------------------ */

static inline void rig_ready(void *arg, const char *address, const char *pem)
{
	struct rig *rig = arg;

	(void)pem;
	pthread_mutex_lock(&rig->lock);
	rig->port = (int)strtol(strrchr(address, ':') + 1, NULL, 10);
	pthread_cond_broadcast(&rig->news);
	pthread_mutex_unlock(&rig->lock);
}

static inline void *rig_main(void *arg)
{
	struct rig *rig = arg;

	rig->rc = catch_run(&rig->options, &rig->err);
	pthread_mutex_lock(&rig->lock);
	rig->over = true;
	pthread_cond_broadcast(&rig->news);
	pthread_mutex_unlock(&rig->lock);
	return NULL;
}

/* A folder of its own, and the settings; change them before rig_start(). */
static inline void rig_init(struct rig *rig)
{
	*rig = (struct rig){ .dir = "/tmp/tidings-catch-XXXXXX",
			     .err = ERR_INIT };
	assert_non_null(mkdtemp(rig->dir));
	rig->options = (struct catch_options){
		.listen = STR("127.0.0.1:0"),
		.dir = rig->dir,
		.faults = STR_NONE,
		.password = STR_NONE,
		.stop = &rig->stop,
		.ready = rig_ready,
		.arg = rig,
	};
}

/* False when it would not run; err says why. */
static inline bool rig_start(struct rig *rig)
{
	rig->stop = 0;
	rig->port = 0;
	rig->over = false;
	pthread_mutex_init(&rig->lock, NULL);
	pthread_cond_init(&rig->news, NULL);
	pthread_create(&rig->thread, NULL, rig_main, rig);
	pthread_mutex_lock(&rig->lock);
	while (!rig->port && !rig->over)
		pthread_cond_wait(&rig->news, &rig->lock);
	pthread_mutex_unlock(&rig->lock);
	if (!rig->over)
		return true;
	pthread_join(rig->thread, NULL);
	return false;
}

/* With segments of `mss` octets the far side buffers little; 0: as usual. -1
 * when nobody listens. */
static inline int rig_dial_narrow(int port, int mss)
{
	struct timeval patience = { .tv_sec = PATIENCE_S };
	struct sockaddr_in addr = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int one = 1;

	addr.sin_port = htons((uint16_t)port);
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (mss)
		setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &mss, sizeof(mss));
	if (mss)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &mss, sizeof(mss));
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
		close(fd);
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static inline int rig_dial(int port)
{
	return rig_dial_narrow(port, 0);
}

static inline void rig_stop(struct rig *rig)
{
	int fd;

	rig->stop = 1;
	/* Wakes it, unless it has seen the flag already. */
	fd = rig_dial(rig->port);
	if (fd >= 0)
		close(fd);
	pthread_join(rig->thread, NULL);
	assert_int_equal(rig->rc, 0);
}

static inline void rig_remove(struct rig *rig)
{
	static const char *const parts[] = { "/tmp", "/new", "/cur", "" };

	for (size_t i = 0; i < 4; i++) {
		char path[512];
		const struct dirent *entry;
		DIR *dir;

		snprintf(path, sizeof(path), "%s%s", rig->dir, parts[i]);
		dir = opendir(path);
		while (dir && (entry = readdir(dir))) {
			char name[1024];

			snprintf(name, sizeof(name), "%s/%s", path,
				 entry->d_name);
			unlink(name);
		}
		if (dir)
			closedir(dir);
		rmdir(path);
	}
}

static inline void rig_end(struct rig *rig)
{
	rig_stop(rig);
	rig_remove(rig);
}

/* --- what it kept ----------------------------------------------------------- */

static inline struct str rig_file(struct rig *rig, struct arena *arena,
				  const char *name)
{
	struct str text = STR_NONE;
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", rig->dir, name);
	if (file_read(path, (size_t)1 << 26, arena, &text, &rig->err) < 0)
		return (struct str){ NULL, 0 };
	return text;
}

static inline bool rig_has(struct rig *rig, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", rig->dir, name);
	return file_exists(path);
}

/* Letter NNNNNN.eml is exactly this. */
static inline void assert_kept(struct rig *rig, const char *name,
			       const char *text, size_t len)
{
	struct arena *arena = arena_new("a test", (size_t)1 << 27);
	struct str kept = rig_file(rig, arena, name);

	if (!kept.at)
		fail_msg("%s is not there", name);
	assert_int_equal(kept.len, len);
	assert_memory_equal(kept.at, text, len);
	arena_free(&arena);
}

/* --- the client ------------------------------------------------------------- */

static inline void client_open(struct client *c, int port)
{
	*c = (struct client){ .fd = rig_dial(port) };
	assert_true(c->fd >= 0);
}

static inline void client_close(struct client *c)
{
	if (c->ssl)
		SSL_free(c->ssl);
	if (c->ctx)
		SSL_CTX_free(c->ctx);
	close(c->fd);
}

static inline void client_tls(struct client *c)
{
	c->ctx = SSL_CTX_new(TLS_client_method());
	c->ssl = SSL_new(c->ctx);
	SSL_set_fd(c->ssl, c->fd);
	assert_int_equal(SSL_connect(c->ssl), 1);
}

/* What is not taken is lost: the catcher has gone. */
static inline void client_send(struct client *c, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = c->ssl ? SSL_write(c->ssl, bytes, (int)len)
				   : send(c->fd, bytes, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

static inline void client_say(struct client *c, const char *text)
{
	client_send(c, text, strlen(text));
}

/* A line without its CRLF; false at the end. */
static inline bool client_line(struct client *c, char *out, size_t room)
{
	ptrdiff_t end;

	while ((end = str_find(str_at(c->in, c->in_len), '\n')) < 0) {
		char *at = c->in + c->in_len;
		size_t size = sizeof(c->in) - c->in_len;
		ssize_t n = c->ssl ? SSL_read(c->ssl, at, (int)size)
				   : recv(c->fd, at, size, 0);

		if (n <= 0)
			return false;
		c->in_len += (size_t)n;
	}
	assert_true(end > 0 && c->in[end - 1] == '\r');
	snprintf(out, room, "%.*s", (int)end - 1, c->in);
	c->in_len -= (size_t)end + 1;
	memmove(c->in, c->in + end + 1, c->in_len);
	return true;
}

/* The next reply's code, its lines in c->reply; 0 at the end. */
static inline int client_hear(struct client *c)
{
	char line[1024];
	size_t len = 0;

	c->reply[0] = 0;
	do {
		if (!client_line(c, line, sizeof(line)))
			return 0;
		len += (size_t)snprintf(c->reply + len, sizeof(c->reply) - len,
					"%s\n", line);
		assert_true(strlen(line) >= 4 &&
			    (line[3] == ' ' || line[3] == '-'));
	} while (line[3] == '-');
	return (int)strtol(line, NULL, 10);
}

static inline int client_ask(struct client *c, const char *command)
{
	client_say(c, command);
	client_say(c, "\r\n");
	return client_hear(c);
}

/* Greeted and EHLO said. */
static inline void client_greet(struct client *c, int port)
{
	client_open(c, port);
	assert_int_equal(client_hear(c), 220);
	assert_int_equal(client_ask(c, "EHLO test"), 250);
}

/* Up to 354. */
static inline void client_begin(struct client *c)
{
	assert_int_equal(client_ask(c, "MAIL FROM:<a@example.org>"), 250);
	assert_int_equal(client_ask(c, "RCPT TO:<b@example.net>"), 250);
	assert_int_equal(client_ask(c, "DATA"), 354);
}

#define HEAD                               \
	"Return-Path: <a@example.org>\r\n" \
	"X-Original-To: b@example.net\r\n"

#endif
