/* session.c - one connection: bytes in, lines out of them, replies back */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/die.h"
#include "catch_priv.h"

#define LINE_BYTES_MAX 4096
#define OUT_MAX ((size_t)1024 * 1024)

void session_reply(struct session *session, const char *text)
{
	buf_addz(&session->out, text);
	buf_add(&session->out, STR("\r\n"));
}

static void strike(struct session *s, const struct fault *fault)
{
	switch (fault->kind) {
	case FAULT_REPLY:
		session_reply(s, fault->reply.at);
		if (str_starts(fault->reply, STR("421")))
			s->closing = true;
		break;
	case FAULT_GREY:
		session_reply(s, "451 4.7.1 come back later");
		break;
	case FAULT_DROP:
	case FAULT_DROP_KEPT:
		s->stalled = s->closing = true;
		break;
	case FAULT_STALL:
		s->stalled = true;
		break;
	case FAULT_TARPIT:
		s->tarpit = true;
		break;
	case FAULT_DELAY:
		s->hold_until = s->server->now + fault->number;
		break;
	case FAULT_NONE:
	case FAULT_CLOSE_AFTER:
		break;
	}
}

/* A delay or a tarpit changes when, not what: the answer is still to come. */
bool session_struck(struct session *session, const struct fault *fault)
{
	strike(session, fault);
	return fault->kind != FAULT_DELAY && fault->kind != FAULT_TARPIT;
}

bool session_fault(struct session *session, enum fault_moment moment,
		   struct str recipient)
{
	struct server *server = session->server;
	const struct fault *fault = faults_strike(&server->faults, moment,
						  recipient, server->now);

	return fault && session_struck(session, fault);
}

struct session *session_open(struct server *server, int fd)
{
	struct session *s = die_calloc(1, sizeof(*s), "a session");

	s->server = server;
	s->fd = fd;
	s->number = ++server->connections;
	buf_init(&s->in, (size_t)1 << 20);
	buf_init(&s->out, OUT_MAX);
	buf_init(&s->from, LINE_BYTES_MAX);
	buf_init(&s->recipients, (size_t)128 * 1024);
	buf_init(&s->body, (size_t)server->max_size + 4096);
	s->next = server->first;
	server->first = s;
	if (!session_fault(s, FAULT_CONNECT, STR_NONE) &&
	    !session_fault(s, FAULT_GREETING, STR_NONE))
		session_reply(s, "220 tidings catch ESMTP");
	else if (s->out.len > 0)
		s->closing = true;
	return s;
}

void session_close(struct session *session)
{
	struct session *s = session;

	for (struct session **p = &s->server->first; *p; p = &(*p)->next) {
		if (*p == s) {
			*p = s->next;
			break;
		}
	}
	loop_watch(s->server->loop, s->fd, 0, NULL, NULL);
	tls_free(&s->tls);
	close(s->fd);
	buf_done(&s->in);
	buf_done(&s->out);
	buf_done(&s->from);
	buf_done(&s->recipients);
	buf_done(&s->body);
	free(s);
}

/* --- in -------------------------------------------------------------------- */

static void add_body(struct session *s, struct str bytes)
{
	if ((int64_t)(s->body.len + bytes.len) > s->server->max_size)
		s->too_large = true;
	else
		buf_add(&s->body, bytes);
}

/* One line of the letter with its CRLF: a lone dot ends it, another leading
 * dot was stuffed (RFC 5321 4.5.2). */
static void body_line(struct session *s, struct str line)
{
	if (s->line_start && str_eq(line, STR(".\r\n"))) {
		session_end_data(s);
		return;
	}
	if (s->line_start && line.at[0] == '.')
		line = str_skip(line, 1);
	add_body(s, line);
	/* A bare LF ends no line: what follows it is no dot of ours (SMTP
	 * smuggling). take_lines() never parts a CR from its LF. */
	s->line_start = str_ends(line, STR("\r\n"));
}

static void take_line(struct session *s, struct str line)
{
	if (s->mode == MODE_DATA) {
		body_line(s, line);
		return;
	}
	while (line.len > 0 && (line.at[line.len - 1] == '\n' ||
				line.at[line.len - 1] == '\r'))
		line.len--;
	if (s->mode == MODE_COMMAND)
		session_command(s, line);
	else
		login_line(s, line);
}

static void start_tls(struct session *s)
{
	/* What came in clear behind STARTTLS is thrown away: it could have
	 * been put there by anybody. */
	buf_reset(&s->in);
	session_forget(s);
	s->start_tls = false;
	s->tls = tls_accept(s->server->tls, s->fd);
	if (!s->tls)
		s->stalled = s->closing = true;
}

/* All whole lines; what is left waits for the rest of it. */
static void take_lines(struct session *s)
{
	size_t used = 0;

	while (!s->closing && !s->stalled && !s->start_tls) {
		struct str rest = str_skip(buf_str(&s->in), used);
		ptrdiff_t end = str_find(rest, '\n');

		if (end < 0 && s->mode == MODE_DATA && rest.len > 65536)
			end = 65535;
		if (s->mode != MODE_DATA &&
		    (end < 0 ? rest.len : (size_t)end) > LINE_BYTES_MAX) {
			session_reply(s, "500 5.5.2 line too long");
			s->closing = true;
			break;
		}
		if (end < 0)
			break;
		take_line(s, str_head(rest, (size_t)end + 1));
		used += (size_t)end + 1;
	}
	if (used > 0) {
		memmove(s->in.at, s->in.at + used, s->in.len - used);
		buf_cut(&s->in, s->in.len - used);
	}
}

static ssize_t receive(struct session *s, char *out, size_t room)
{
	bool write;

	return s->tls ? tls_read(s->tls, out, room, &write)
		      : recv(s->fd, out, room, 0);
}

/* A word in the middle of a letter is the last one. */
static void body_fault(struct session *s)
{
	if (s->mode == MODE_DATA &&
	    session_fault(s, FAULT_BODY, session_recipient(s)) && !s->stalled)
		s->closing = true;
}

void session_take_in(struct session *session)
{
	body_fault(session);
	take_lines(session);
	/* Who is not answered may talk on, and nothing of it is kept. */
	if (session->stalled)
		buf_reset(&session->in);
}

/* False when the other side has gone. */
static bool read_in(struct session *s)
{
	while (!s->closing && !s->start_tls) {
		char *room = buf_reserve(&s->in, 65536);
		ssize_t n;

		if (!room)
			return false;
		n = receive(s, room, 65536);
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return true;
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s->in.len += (size_t)n;
		s->in.at[s->in.len] = 0;
		session_take_in(s);
	}
	return true;
}

/* --- out ------------------------------------------------------------------- */

static ssize_t transmit(struct session *s, struct str bytes)
{
	bool write;

	return s->tls ? tls_write(s->tls, bytes.at, bytes.len, &write)
		      : send(s->fd, bytes.at, bytes.len, MSG_NOSIGNAL);
}

static bool write_out(struct session *s)
{
	s->want_write = false;
	while (s->out_at < s->out.len) {
		struct str rest = str_skip(buf_str(&s->out), s->out_at);
		ssize_t n;

		if (s->server->now < s->hold_until)
			return true;
		n = transmit(s, s->tarpit ? str_head(rest, 1) : rest);
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			s->want_write = true;
			return true;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s->out_at += (size_t)n;
		if (s->tarpit)
			s->hold_until = s->server->now + 1000;
	}
	buf_reset(&s->out);
	s->out_at = 0;
	return true;
}

bool session_step(struct session *session)
{
	struct session *s = session;
	bool there = true;

	if (s->woken) {
		s->woken = false;
		there = read_in(s);
	}
	/* What was said before a drop or a stall still goes out, and who has
	 * closed one way may listen the other. */
	if (!write_out(s) || !there || buf_over(&s->out))
		return false;
	if (s->out.len == 0 && s->start_tls)
		start_tls(s);
	return !(s->closing && s->out.len == 0);
}

int64_t session_due(const struct session *session)
{
	return session->out.len > 0 &&
			       session->hold_until > session->server->now
		       ? session->hold_until : -1;
}
