/* net.c - connections are libcurl's work: TCP, TLS, STARTTLS, AUTH
 *
 * CURLOPT_CONNECT_ONLY in one multi handle: nothing blocks, the certificate
 * store is parsed once (with CAPATH unset libcurl keeps it for the handle),
 * and afterwards the bytes are ours by curl_easy_send and curl_easy_recv.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/die.h"
#include "net_priv.h"

static int on_timer(CURLM *multi, long timeout_ms, void *arg)
{
	struct net *net = arg;

	(void)multi;
	net->curl_timer = timeout_ms < 0 ? -1 : net->now + timeout_ms;
	return 0;
}

static void on_ready_socket(void *arg, int fd, unsigned events)
{
	struct net *net = arg;
	int flags = (events & LOOP_READ ? CURL_CSELECT_IN : 0) |
		    (events & LOOP_WRITE ? CURL_CSELECT_OUT : 0) |
		    (events & LOOP_CLOSED ? CURL_CSELECT_ERR : 0);
	int running;

	curl_multi_socket_action(net->multi, fd, flags, &running);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg,
		     void *socket_arg)
{
	struct net *net = arg;
	unsigned events = 0;

	(void)easy;
	(void)socket_arg;
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= LOOP_READ;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= LOOP_WRITE;
	loop_watch(net->loop, fd, what == CURL_POLL_REMOVE ? 0 : events,
		   on_ready_socket, net);
	return 0;
}

int net_open(struct loop *loop, struct net **net_out, struct err *err)
{
	struct net *net = die_calloc(1, sizeof(*net), "the network");

	net->loop = loop;
	net->curl_timer = -1;
	net->now = clock_boot_ms();
	net->multi = curl_multi_init();
	if (!net->multi) {
		free(net);
		return err_set(err, ERR_INTERNAL, "libcurl will not start");
	}
	curl_multi_setopt(net->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(net->multi, CURLMOPT_SOCKETDATA, net);
	curl_multi_setopt(net->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(net->multi, CURLMOPT_TIMERDATA, net);
	*net_out = net;
	return 0;
}

void net_close(struct net **net)
{
	if (!*net)
		return;
	while ((*net)->first) {
		struct smtp *smtp = (*net)->first;

		smtp_free(&smtp);
	}
	curl_multi_cleanup((*net)->multi);
	free(*net);
	*net = NULL;
}

/* --- a new connection ----------------------------------------------------- */

/* EHLO's answer, line by line; a 220 begins anew (greeting, STARTTLS). */
static void read_cap(struct smtp *smtp, struct str word)
{
	struct str rest;
	struct str name = str_cut(word, ' ', &rest);
	const struct {
		struct str name;
		bool *flag;
	} flags[] = {
		{ STR("PIPELINING"), &smtp->caps.pipelining },
		{ STR("8BITMIME"), &smtp->caps.eightbitmime },
		{ STR("SMTPUTF8"), &smtp->caps.smtputf8 },
		{ STR("CHUNKING"), &smtp->caps.chunking },
		{ STR("ENHANCEDSTATUSCODES"), &smtp->caps.enhanced },
		{ STR("DSN"), &smtp->caps.dsn },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (str_eq_nocase(name, flags[i].name))
			*flags[i].flag = true;
	if (str_eq_nocase(name, STR("SIZE")))
		str_int64(str_trim(rest), &smtp->caps.size);
}

static size_t on_line(char *bytes, size_t size, size_t count, void *arg)
{
	struct smtp *smtp = arg;
	struct str line = str_trim(str_at(bytes, size * count));

	snprintf(smtp->last_line, sizeof(smtp->last_line), STR_FMT,
		 STR_ARG(str_head(line, sizeof(smtp->last_line) - 1)));
	for (char *c = smtp->last_line; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	if (str_starts(line, STR("220"))) {
		smtp->caps = (struct smtp_caps){ 0 };
		smtp->connect_stage = SMTP_EHLO;
	} else if (str_starts(line, STR("334")) ||
		   str_starts(line, STR("235"))) {
		smtp->connect_stage = SMTP_AUTH;
	} else if (str_starts(line, STR("250")) && line.len > 4) {
		read_cap(smtp, str_skip(line, 4));
	}
	return size * count;
}

/* libcurl wants a NUL behind it and keeps a copy of its own. */
static void set_text(CURL *easy, CURLoption option, struct str text)
{
	char *copy;

	if (text.len == 0)
		return;
	copy = die_calloc(text.len + 1, 1, "a connection");
	memcpy(copy, text.at, text.len);
	if (curl_easy_setopt(easy, option, copy) != CURLE_OK)
		die("out of memory for a connection");
	explicit_bzero(copy, text.len);
	free(copy);
}

static void set_url(CURL *easy, const struct smtp_server *server)
{
	bool v6 = str_find(server->host, ':') >= 0;
	char url[1024];

	/* The path is the name that EHLO gives. */
	snprintf(url, sizeof(url), "%s://%s" STR_FMT "%s:%d/" STR_FMT,
		 server->tls == SMTP_IMPLICIT_TLS ? "smtps" : "smtp",
		 v6 ? "[" : "", STR_ARG(server->host), v6 ? "]" : "",
		 server->port, STR_ARG(server->helo));
	curl_easy_setopt(easy, CURLOPT_URL, url);
}

static void set_options(struct smtp *smtp)
{
	const struct smtp_server *server = smtp->server;
	CURL *easy = smtp->easy;

	set_url(easy, server);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* A name server that does not answer must not hold up smtp_free(). */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, smtp->curl_error);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, smtp);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, smtp);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION,
			 (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)server->connect_ms);
	curl_easy_setopt(easy, CURLOPT_USE_SSL,
			 server->tls == SMTP_STARTTLS ? (long)CURLUSESSL_ALL
						      : (long)CURLUSESSL_NONE);
	set_text(easy, CURLOPT_CAINFO, server->ca_file);
	set_text(easy, CURLOPT_USERNAME, server->user);
	set_text(easy, CURLOPT_PASSWORD, server->password);
}

struct smtp *smtp_open(struct net *net, const struct smtp_server *server,
		       const struct smtp_events *events, void *arg)
{
	struct smtp *smtp = die_calloc(1, sizeof(*smtp), "a connection");

	smtp->net = net;
	smtp->server = server;
	smtp->events = events;
	smtp->arg = arg;
	smtp->fd = -1;
	smtp->connect_stage = SMTP_CONNECT;
	buf_init(&smtp->out, 8192);
	smtp->easy = curl_easy_init();
	if (!smtp->easy)
		die("out of memory for a connection");
	set_options(smtp);
	net->now = clock_boot_ms();
	smtp_wait(smtp, server->connect_ms);
	smtp->next = net->first;
	net->first = smtp;
	curl_multi_add_handle(net->multi, smtp->easy);
	return smtp;
}

void smtp_free(struct smtp **smtp)
{
	struct smtp *s = *smtp;

	if (!s)
		return;
	for (struct smtp **p = &s->net->first; *p; p = &(*p)->next) {
		if (*p == s) {
			*p = s->next;
			break;
		}
	}
	if (s->fd >= 0)
		loop_watch(s->net->loop, s->fd, 0, NULL, NULL);
	curl_multi_remove_handle(s->net->multi, s->easy);
	curl_easy_cleanup(s->easy);
	buf_done(&s->out);
	free(s);
	*smtp = NULL;
}

/* --- the outcome ---------------------------------------------------------- */

/* Nothing was said yet: was there anybody to say it? */
static enum smtp_stage silent_stage(const struct smtp *smtp)
{
	curl_off_t since = 0;

	if (smtp->server->tls == SMTP_IMPLICIT_TLS)
		return SMTP_CONNECT;
	curl_easy_getinfo(smtp->easy, CURLINFO_CONNECT_TIME_T, &since);
	return since > 0 ? SMTP_GREETING : SMTP_CONNECT;
}

static enum smtp_stage stage_of(const struct smtp *smtp)
{
	switch ((int)smtp->connect_code) {
	/* The handshake was cut off: a server that starts anew does that. */
	case CURLE_SSL_CONNECT_ERROR:
		return SMTP_CONNECT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_USE_SSL_FAILED:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CERTPROBLEM:
		return SMTP_TLS;
	case CURLE_LOGIN_DENIED:
		return SMTP_AUTH;
	case CURLE_WEIRD_SERVER_REPLY:
		return smtp->connect_stage == SMTP_CONNECT
			       ? SMTP_GREETING : smtp->connect_stage;
	default:
		return smtp->connect_stage == SMTP_CONNECT
			       ? silent_stage(smtp) : smtp->connect_stage;
	}
}

static void end(struct smtp *smtp)
{
	smtp->state = STATE_CLOSED;
	smtp->events->on_closed(smtp->arg, &smtp->verdict);
}

static void fail(struct smtp *smtp)
{
	enum smtp_stage stage = stage_of(smtp);
	struct reply *reply = &smtp->reply;
	struct str line = str_of(smtp->last_line);
	struct buf text;

	/* The server's own refusal, where its last line was one. */
	reply_reset(reply);
	buf_init(&text, 1024);
	buf_add(&text, line);
	buf_byte(&text, '\n');
	line = buf_str(&text);
	if (stage != SMTP_CONNECT &&
	    (smtp->last_line[0] == '4' || smtp->last_line[0] == '5') &&
	    reply_feed(reply, &line) == REPLY_DONE)
		verdict_reply(smtp, stage);
	else
		verdict_own(smtp, stage, 0, "",
			    smtp->curl_error[0]
				    ? smtp->curl_error
				    : curl_easy_strerror(smtp->connect_code));
	buf_done(&text);
	end(smtp);
}

void net_woken(void *arg, int fd, unsigned events)
{
	struct smtp *smtp = arg;

	(void)fd;
	(void)events;
	smtp->woken = true;
}

static void connected(struct smtp *smtp)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	curl_easy_getinfo(smtp->easy, CURLINFO_ACTIVESOCKET, &fd);
	if (fd == CURL_SOCKET_BAD) {
		smtp->connect_code = CURLE_COULDNT_CONNECT;
		fail(smtp);
		return;
	}
	/* libcurl goes on without a login where none is offered. */
	if (smtp->server->user.len > 0 && smtp->connect_stage != SMTP_AUTH) {
		verdict_own(smtp, SMTP_AUTH, 0, "",
			    "the server offers no login");
		end(smtp);
		return;
	}
	smtp->fd = fd;
	smtp->deadline = 0;
	smtp->state = STATE_IDLE;
	smtp->woken = true;	/* TLS may hold what came with the login */
	reply_reset(&smtp->reply);
	loop_watch(smtp->net->loop, fd, LOOP_READ, net_woken, smtp);
	smtp->events->on_ready(smtp->arg, &smtp->caps);
}

static void read_messages(struct net *net)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(net->multi, &left))) {
		char *private = NULL;
		struct smtp *smtp;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
				  &private);
		smtp = (struct smtp *)(void *)private;
		smtp->connect_code = message->data.result;
		smtp->connected = message->data.result == CURLE_OK;
		smtp->connect_failed = !smtp->connected;
	}
}

static void step(struct smtp *smtp)
{
	if (smtp->state == STATE_CLOSED)
		return;
	if (smtp->state != STATE_CONNECTING) {
		smtp_step(smtp);
		return;
	}
	if (smtp->connected) {
		connected(smtp);
	} else if (smtp->connect_failed || smtp->net->now >= smtp->deadline) {
		if (!smtp->connect_failed)
			smtp->connect_code = CURLE_OPERATION_TIMEDOUT;
		fail(smtp);
	}
}

int64_t net_run(struct net *net, int64_t boot_now)
{
	int64_t next = -1;
	struct smtp *after;
	int running;

	net->now = boot_now;
	if (net->curl_timer >= 0 && boot_now >= net->curl_timer) {
		net->curl_timer = -1;
		curl_multi_socket_action(net->multi, CURL_SOCKET_TIMEOUT, 0,
					 &running);
	}
	read_messages(net);
	for (struct smtp *s = net->first; s; s = after) {
		after = s->next;
		step(s);
	}
	for (struct smtp *s = net->first; s; s = s->next) {
		int64_t due = smtp_has_work(s) ? boot_now : s->deadline;

		if (due > 0 && s->state != STATE_CLOSED &&
		    (next < 0 || due < next))
			next = due;
	}
	if (net->curl_timer >= 0 && (next < 0 || net->curl_timer < next))
		next = net->curl_timer;
	return next;
}
