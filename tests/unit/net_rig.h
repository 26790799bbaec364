/* net_rig.h - a client of net and the server it talks to; behind cmocka.h */
#ifndef NET_RIG_H
#define NET_RIG_H

#include "base/clock.h"
#include "net/smtp.h"
#include "net_server.h"

#define CONNECT_MS 30000
#define REPLY_MS   300000
#define DOT_MS	   600000

#define LETTER "Subject: hello\r\n\r\nA line.\r\nAnother one.\r\n"

struct rig {
	struct server server;
	struct loop *loop;
	struct net *net;
	struct smtp *smtp;
	struct smtp_server to;
	struct smtp_letter letter;
	struct smtp_caps caps;
	struct err err;
	int64_t skew; /* time is passed in: this much later */
	/* What has come. */
	int ready, go, verdicts, dots;
	bool no_dot; /* refused in the last moment */
	bool closed, has_why;
	struct smtp_verdict verdict, why;
};

static inline void rig_ready(void *arg, const struct smtp_caps *caps)
{
	struct rig *rig = arg;

	rig->ready++;
	rig->caps = *caps;
}

static inline void rig_go(void *arg)
{
	struct rig *rig = arg;

	rig->go++;
}

static inline void rig_verdict(void *arg, const struct smtp_verdict *verdict)
{
	struct rig *rig = arg;

	assert_false(rig->closed);
	rig->verdicts++;
	rig->verdict = *verdict;
}

static inline void rig_closed(void *arg, const struct smtp_verdict *why)
{
	struct rig *rig = arg;

	assert_false(rig->closed);
	rig->closed = true;
	rig->has_why = why != NULL;
	if (why)
		rig->why = *why;
}

static inline bool rig_before_dot(void *arg)
{
	struct rig *rig = arg;

	rig->dots++;
	return !rig->no_dot;
}

static const struct smtp_events rig_events = { rig_ready, rig_go, rig_verdict,
					       rig_closed };

static inline void rig_open(struct rig *rig, const char *script, SSL_CTX *ctx)
{
	*rig = (struct rig){ .err = ERR_INIT };
	server_start(&rig->server, script, ctx);
	assert_int_equal(loop_open(&rig->loop, &rig->err), 0);
	assert_int_equal(net_open(rig->loop, &rig->net, &rig->err), 0);
	rig->to = (struct smtp_server){
		.host = STR("127.0.0.1"),
		.port = rig->server.port,
		.user = STR_NONE,
		.password = STR_NONE,
		.ca_file = STR_NONE,
		.helo = STR("client.example"),
		.connect_ms = CONNECT_MS,
		.reply_ms = REPLY_MS,
		.dot_ms = DOT_MS,
	};
	rig->letter = (struct smtp_letter){
		.sender = STR("from@example.org"),
		.recipient = STR("to@example.net"),
		.bytes = STR(LETTER),
		.size = sizeof(LETTER) - 1,
	};
}

static inline void rig_turn(struct rig *rig, bool wait)
{
	int64_t now = clock_boot_ms() + rig->skew;
	int64_t next = net_run(rig->net, now);
	/* The server's thread does not wake us: look often. */
	int64_t most = wait ? 20 : 0;

	if (next >= 0 && next - now < most)
		most = next > now ? next - now : 0;
	loop_wait(rig->loop, most);
}

/* Go on until `*count` has reached `want`. */
static inline void rig_until(struct rig *rig, const int *count, int want)
{
	int64_t end = clock_boot_ms() + PATIENCE_S * 1000;

	while (*count < want) {
		if (clock_boot_ms() > end)
			fail_msg("nothing came; the server heard: %s",
				 rig->server.heard);
		rig_turn(rig, *count < want);
	}
}

static inline void rig_until_closed(struct rig *rig)
{
	int64_t end = clock_boot_ms() + PATIENCE_S * 1000;

	while (!rig->closed) {
		if (clock_boot_ms() > end)
			fail_msg("not closed; the server heard: %s",
				 rig->server.heard);
		rig_turn(rig, !rig->closed);
	}
}

/* Until the server stands at its W. */
static inline void rig_until_waited(struct rig *rig)
{
	int64_t end = clock_boot_ms() + PATIENCE_S * 1000;

	while (!server_waits(&rig->server)) {
		if (clock_boot_ms() > end)
			fail_msg("the server does not wait; it heard: %s",
				 rig->server.heard);
		rig_turn(rig, true);
	}
}

/* `ms` pass at once. */
static inline void rig_pass(struct rig *rig, int64_t ms)
{
	rig->skew += ms;
	rig_turn(rig, false);
}

static inline void rig_connect(struct rig *rig)
{
	rig->smtp = smtp_open(rig->net, &rig->to, &rig_events, rig);
}

/* Connected, logged in. */
static inline void rig_log_in(struct rig *rig)
{
	rig_connect(rig);
	rig_until(rig, &rig->ready, 1);
}

/* The letter up to 354. */
static inline void rig_offer(struct rig *rig)
{
	int go = rig->go + 1;

	smtp_offer(rig->smtp, &rig->letter);
	rig_until(rig, &rig->go, go);
}

static inline void rig_finish(struct rig *rig)
{
	smtp_finish(rig->smtp, rig->letter.bytes, rig_before_dot, rig);
}

static inline void rig_quit(struct rig *rig)
{
	smtp_quit(rig->smtp);
	rig_until_closed(rig);
	assert_false(rig->has_why);
}

/* The client's part ends first: a server that waits for that sees it. */
static inline void rig_close(struct rig *rig)
{
	smtp_free(&rig->smtp);
	server_join(&rig->server);
	net_close(&rig->net);
	loop_close(&rig->loop);
}

static inline void assert_verdict(const struct smtp_verdict *v,
				  enum smtp_stage stage, int code,
				  const char *status, const char *text)
{
	assert_string_equal(smtp_stage_name(v->stage), smtp_stage_name(stage));
	assert_int_equal(v->code, code);
	assert_string_equal(v->status, status);
	if (!strstr(v->text, text))
		fail_msg("'%s' is not in '%s'", text, v->text);
}

#endif
