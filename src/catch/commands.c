/* commands.c - what a client may say (RFC 5321 4.1.1) */
#include "base/clock.h"
#include "catch_priv.h"

#define RECIPIENTS_MAX ((size_t)64 * 1024)

static void reset(struct session *s)
{
	buf_reset(&s->from);
	buf_reset(&s->recipients);
	buf_reset(&s->body);
	s->has_from = false;
	s->too_large = false;
}

void session_forget(struct session *session)
{
	reset(session);
	session->greeted = false;
	session->authed = false;
}

static void ehlo(struct session *s, struct str argument)
{
	struct server *server = s->server;

	(void)argument;
	if (session_fault(s, FAULT_EHLO, STR_NONE))
		return;
	reset(s);
	s->greeted = true;
	session_reply(s, "250-tidings catch");
	session_reply(s, "250-PIPELINING");
	buf_fmt(&s->out, "250-SIZE %lld\r\n", (long long)server->max_size);
	session_reply(s, "250-8BITMIME");
	session_reply(s, "250-SMTPUTF8");
	if (!s->tls)
		session_reply(s, "250-STARTTLS");
	session_reply(s, "250-AUTH PLAIN LOGIN");
	session_reply(s, "250 ENHANCEDSTATUSCODES");
}

static void helo(struct session *s, struct str argument)
{
	(void)argument;
	if (session_fault(s, FAULT_EHLO, STR_NONE))
		return;
	reset(s);
	s->greeted = true;
	session_reply(s, "250 tidings catch");
}

static void starttls(struct session *s, struct str argument)
{
	(void)argument;
	if (session_fault(s, FAULT_TLS, STR_NONE))
		return;
	if (s->tls) {
		session_reply(s, "503 5.5.1 TLS is on already");
		return;
	}
	session_reply(s, "220 2.0.0 go ahead");
	s->start_tls = true;
}

/* "<path> PARAM=..." behind "FROM:" or "TO:"; false when it is no path. */
static bool read_path(struct str argument, struct str keyword,
		      struct str *path_out, struct str *params_out)
{
	ptrdiff_t close;

	if (!str_starts_nocase(argument, keyword))
		return false;
	argument = str_trim(str_skip(argument, keyword.len));
	if (argument.len == 0 || argument.at[0] != '<')
		return false;
	close = str_find(argument, '>');
	if (close < 0)
		return false;
	*path_out = str_at(argument.at + 1, (size_t)close - 1);
	*params_out = str_skip(argument, (size_t)close + 1);
	for (size_t i = 0; i < path_out->len; i++)
		if ((unsigned char)path_out->at[i] <= ' ' ||
		    path_out->at[i] == '<')
			return false;
	return true;
}

static bool size_fits(const struct session *s, struct str params)
{
	while (params.len > 0) {
		struct str one = str_cut(params, ' ', &params);
		int64_t size;

		if (str_starts_nocase(one, STR("SIZE=")) &&
		    str_int64(str_skip(one, 5), &size) &&
		    size > s->server->max_size)
			return false;
	}
	return true;
}

static void mail(struct session *s, struct str argument)
{
	struct str path, params;

	if (!s->greeted) {
		session_reply(s, "503 5.5.1 EHLO first");
		return;
	}
	if (s->server->options->require_auth && !s->authed) {
		session_reply(s, "530 5.7.0 log in first");
		return;
	}
	if (s->has_from) {
		session_reply(s, "503 5.5.1 one sender at a time");
		return;
	}
	if (!read_path(argument, STR("FROM:"), &path, &params)) {
		session_reply(s, "501 5.5.4 MAIL FROM:<address>");
		return;
	}
	if (session_fault(s, FAULT_MAIL, STR_NONE))
		return;
	if (!size_fits(s, params)) {
		session_reply(s, "552 5.3.4 that is too large");
		return;
	}
	buf_add(&s->from, path);
	s->has_from = true;
	session_reply(s, "250 2.1.0 sender noted");
}

static void rcpt(struct session *s, struct str argument)
{
	struct str path, params;

	if (!s->has_from) {
		session_reply(s, "503 5.5.1 MAIL first");
		return;
	}
	if (!read_path(argument, STR("TO:"), &path, &params) ||
	    path.len == 0) {
		session_reply(s, "501 5.5.4 RCPT TO:<address>");
		return;
	}
	if (session_fault(s, FAULT_RCPT, path))
		return;
	if (s->recipients.len + path.len + 1 > RECIPIENTS_MAX) {
		session_reply(s, "452 4.5.3 too many recipients");
		return;
	}
	if (s->recipients.len > 0)
		buf_byte(&s->recipients, '\n');
	buf_add(&s->recipients, path);
	session_reply(s, "250 2.1.5 recipient noted");
}

struct str session_recipient(const struct session *session)
{
	struct str rest;

	return str_cut(buf_str(&session->recipients), '\n', &rest);
}

static void data(struct session *s, struct str argument)
{
	(void)argument;
	if (s->recipients.len == 0) {
		session_reply(s, s->has_from ? "554 5.5.1 no valid recipients"
					     : "503 5.5.1 MAIL first");
		return;
	}
	if (session_fault(s, FAULT_DATA, session_recipient(s)))
		return;
	s->mode = MODE_DATA;
	s->line_start = true;
	session_reply(s, "354 go ahead, end with a dot");
}

static void rset(struct session *s, struct str argument)
{
	(void)argument;
	reset(s);
	session_reply(s, "250 2.0.0 forgotten");
}

static void noop(struct session *s, struct str argument)
{
	(void)argument;
	session_reply(s, "250 2.0.0 fine");
}

static void vrfy(struct session *s, struct str argument)
{
	(void)argument;
	session_reply(s, "252 2.1.5 send and see");
}

static void quit(struct session *s, struct str argument)
{
	(void)argument;
	session_reply(s, "221 2.0.0 bye");
	s->closing = true;
}

static const struct {
	struct str name;
	void (*run)(struct session *s, struct str argument);
} commands[] = {
	{ STR("EHLO"), ehlo },	   { STR("HELO"), helo },
	{ STR("STARTTLS"), starttls }, { STR("AUTH"), login_command },
	{ STR("MAIL"), mail },	   { STR("RCPT"), rcpt },
	{ STR("DATA"), data },	   { STR("RSET"), rset },
	{ STR("NOOP"), noop },	   { STR("VRFY"), vrfy },
	{ STR("HELP"), noop },	   { STR("QUIT"), quit },
};

void session_command(struct session *session, struct str line)
{
	struct str rest;
	struct str name = str_cut(str_trim(line), ' ', &rest);

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (str_eq_nocase(name, commands[i].name)) {
			commands[i].run(session, rest);
			return;
		}
	}
	session_reply(session, "500 5.5.2 what is that?");
}

/* --- the dot --------------------------------------------------------------- */

static void keep(struct session *s, const char *reply)
{
	struct server *server = s->server;
	struct caught letter = {
		.from = buf_str(&s->from),
		.recipients = buf_str(&s->recipients),
		.bytes = buf_str(&s->body),
		.connection = s->number,
		.now = clock_now_ms(),
		.tls = s->tls != NULL,
		.reply = str_of(reply),
	};
	int64_t number;

	if (store_keep(server->store, &letter, &number, &server->err) < 0) {
		server->failed = true;
		session_reply(s, "452 4.3.1 cannot keep that");
		return;
	}
	s->letters++;
	if (reply[0])
		session_reply(s, reply);
	if (server->options->caught)
		server->options->caught(server->options->arg, number,
					letter.from, letter.recipients,
					(int64_t)letter.bytes.len);
}

static void close_after(struct session *s)
{
	const struct fault *f = s->server->faults.first;

	for (; f; f = f->next)
		if (f->kind == FAULT_CLOSE_AFTER && s->letters >= f->number) {
			session_reply(s, "421 4.3.2 that was enough");
			s->closing = true;
			return;
		}
}

void session_end_data(struct session *session)
{
	struct session *s = session;
	const struct fault *fault;

	s->mode = MODE_COMMAND;
	if (s->too_large) {
		session_reply(s, "552 5.3.4 that is too large");
		reset(s);
		return;
	}
	fault = faults_strike(&s->server->faults, FAULT_DOT,
			      session_recipient(s), s->server->now);
	if (fault && fault->kind == FAULT_DROP_KEPT) {
		keep(s, "");
		session_struck(s, fault);
	} else if (!fault || !session_struck(s, fault)) {
		keep(s, "250 2.0.0 kept");
	}
	close_after(s);
	reset(s);
}
