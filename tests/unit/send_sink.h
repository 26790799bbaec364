/* send_sink.h - a relay for the tests of send: takes letters over many
 * connections and answers as each test likes; include behind cmocka.h
 */
#ifndef SEND_SINK_H
#define SEND_SINK_H

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"

#define SINK_CONNECTIONS 64
#define SINK_LETTERS	 4096

struct sink_letter {
	char to[64];
	int64_t at;    /* boot ms */
	uint64_t hash; /* of its bytes */
};

struct sink_connection {
	int fd;
	char in[65536];
	size_t len;
	bool data; /* a letter is coming */
	char to[64];
};

struct sink {
	pthread_t thread;
	int listener, port, stop;
	/* What is answered at `when` (connect EHLO MAIL RCPT DATA dot), NULL
	 * for the usual. "drop": hang up; "keep": take the letter, then hang
	 * up; "stall": say nothing. Called in the sink's thread. */
	const char *(*answer)(const char *when, const char *to);
	struct sink_connection all[SINK_CONNECTIONS];
	int connections; /* ever */
	int offers;	 /* MAILs */
	struct sink_letter letters[SINK_LETTERS];
	_Atomic int count; /* of letters taken */
};

static inline void sink_hang_up(struct sink_connection *c)
{
	close(c->fd);
	c->fd = -1;
}

static inline void sink_keep(struct sink *s, struct sink_connection *c,
			     size_t len)
{
	struct sink_letter *letter = &s->letters[s->count];

	assert_true(s->count < SINK_LETTERS);
	snprintf(letter->to, sizeof(letter->to), "%s", c->to);
	letter->at = clock_boot_ms();
	letter->hash = UINT64_C(0xcbf29ce484222325);
	for (size_t i = 0; i < len; i++)
		letter->hash = (letter->hash ^ (unsigned char)c->in[i]) *
			       UINT64_C(0x100000001b3);
	s->count++;
}

/* False when the connection is gone. */
static inline bool sink_say(struct sink *s, struct sink_connection *c,
			    const char *when, const char *usual, size_t len)
{
	const char *answer = s->answer ? s->answer(when, c->to) : NULL;
	bool dot = !strcmp(when, "dot");
	char line[1024];

	if (!answer)
		answer = usual;
	if (dot && (answer[0] == '2' || !strcmp(answer, "keep")))
		sink_keep(s, c, len);
	if (!strcmp(answer, "stall"))
		return true;
	if (!strcmp(answer, "drop") || !strcmp(answer, "keep")) {
		sink_hang_up(c);
		return false;
	}
	c->data = !strcmp(when, "DATA") && answer[0] == '3';
	if (!strcmp(when, "RCPT") && answer[0] != '2')
		c->to[0] = 0;
	send(c->fd, line,
	     (size_t)snprintf(line, sizeof(line), "%s\r\n", answer),
	     MSG_NOSIGNAL);
	if (!strncmp(answer, "421", 3)) {
		sink_hang_up(c);
		return false;
	}
	return true;
}

static inline void sink_recipient(struct sink_connection *c)
{
	struct str rest;
	struct str to = str_cut(str_skip(str_at(c->in, c->len), 9), '>', &rest);

	to = str_head(to, sizeof(c->to) - 1);
	memcpy(c->to, to.at, to.len);
	c->to[to.len] = 0;
}

static inline bool sink_command(struct sink *s, struct sink_connection *c)
{
	if (!strncmp(c->in, "EHLO", 4))
		return sink_say(s, c, "EHLO", "250-sink\r\n250 PIPELINING", 0);
	if (!strncmp(c->in, "MAIL", 4)) {
		s->offers++;
		c->to[0] = 0;
		return sink_say(s, c, "MAIL", "250 2.1.0 ok", 0);
	}
	if (!strncmp(c->in, "RCPT TO:<", 9)) {
		sink_recipient(c);
		return sink_say(s, c, "RCPT", "250 2.1.5 ok", 0);
	}
	if (!strncmp(c->in, "DATA", 4))
		return c->to[0] ? sink_say(s, c, "DATA", "354 go on", 0)
				: sink_say(s, c, "none", "503 5.5.1 to whom?",
					   0);
	if (!strncmp(c->in, "QUIT", 4)) {
		send(c->fd, "221 bye\r\n", 9, MSG_NOSIGNAL);
		sink_hang_up(c);
		return false;
	}
	return sink_say(s, c, "other", "250 2.0.0 ok", 0);
}

/* All that stands whole in the buffer. */
static inline void sink_read(struct sink *s, struct sink_connection *c)
{
	bool open = true;

	while (open && c->len > 0) {
		struct str in = str_at(c->in, c->len);
		ptrdiff_t end = str_find_str(in, c->data ? STR("\r\n.\r\n")
							 : STR("\r\n"));
		size_t used = (size_t)end + (c->data ? 5 : 2);

		if (end < 0)
			return;
		if (c->data) {
			c->data = false;
			open = sink_say(s, c, "dot", "250 2.0.0 taken",
					(size_t)end + 2);
		} else {
			open = sink_command(s, c);
		}
		memmove(c->in, c->in + used, c->len - used);
		c->len -= used;
	}
}

static inline void sink_accept(struct sink *s)
{
	int fd = accept(s->listener, NULL, NULL);

	for (int i = 0; i < SINK_CONNECTIONS && fd >= 0; i++) {
		struct sink_connection *c = &s->all[i];

		if (c->fd >= 0)
			continue;
		*c = (struct sink_connection){ .fd = fd };
		s->connections++;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 },
			   sizeof(int));
		sink_say(s, c, "connect", "220 sink", 0);
		return;
	}
	close(fd);
}

static inline void sink_more(struct sink *s, struct sink_connection *c)
{
	ssize_t n = recv(c->fd, c->in + c->len, sizeof(c->in) - c->len, 0);

	if (n <= 0) {
		sink_hang_up(c);
		return;
	}
	c->len += (size_t)n;
	sink_read(s, c);
}

static inline void *sink_main(void *arg)
{
	struct sink *s = arg;

	for (;;) {
		struct pollfd fds[SINK_CONNECTIONS + 2] = {
			{ .fd = s->stop, .events = POLLIN },
			{ .fd = s->listener, .events = POLLIN },
		};

		for (int i = 0; i < SINK_CONNECTIONS; i++)
			fds[i + 2] = (struct pollfd){ .fd = s->all[i].fd,
						      .events = POLLIN };
		poll(fds, SINK_CONNECTIONS + 2, -1);
		if (fds[0].revents)
			return NULL;
		for (int i = 0; i < SINK_CONNECTIONS; i++)
			if (fds[i + 2].revents)
				sink_more(s, &s->all[i]);
		if (fds[1].revents)
			sink_accept(s);
	}
}

static inline void sink_open(struct sink *s)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);

	memset(s, 0, sizeof(*s));
	for (int i = 0; i < SINK_CONNECTIONS; i++)
		s->all[i].fd = -1;
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->stop = eventfd(0, EFD_CLOEXEC);
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(s->listener, (struct sockaddr *)&addr, len), 0);
	assert_int_equal(listen(s->listener, 64), 0);
	getsockname(s->listener, (struct sockaddr *)&addr, &len);
	s->port = ntohs(addr.sin_port);
	assert_int_equal(pthread_create(&s->thread, NULL, sink_main, s), 0);
}

static inline void sink_close(struct sink *s)
{
	uint64_t one = 1;

	if (!s->thread)
		return;
	assert_int_equal(write(s->stop, &one, sizeof(one)), sizeof(one));
	pthread_join(s->thread, NULL);
	s->thread = 0;
	for (int i = 0; i < SINK_CONNECTIONS; i++)
		if (s->all[i].fd >= 0)
			close(s->all[i].fd);
	close(s->listener);
	close(s->stop);
}

/* How many copies `to` got. */
static inline int sink_copies(const struct sink *s, const char *to)
{
	int copies = 0;

	for (int i = 0; i < s->count; i++)
		copies += !strcmp(s->letters[i].to, to);
	return copies;
}

#endif
