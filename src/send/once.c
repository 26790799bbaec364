/* once.c - a few letters, one after the other: see send/once.h */
#include "send/once.h"

#include <stdio.h>

#include "base/clock.h"
#include "send_priv.h"

#define WAIT_MS 1000 /* the stop flag is looked at that often */

struct line { /* the one connection, and the letter on it */
	const struct send_once *once;
	const struct conf_relay *relay;
	struct smtp_server server;
	struct rate_gate gate;
	struct loop *loop;
	struct net *net;
	struct smtp *smtp;
	bool ready, busy, go, closed;
	bool again;  /* the letter is to be offered a second time */
	int letters; /* on this connection */
	size_t index;
	struct dkim *dkim;
	struct send_letter letter;
	struct smtp_letter offer;
	struct smtp_verdict why; /* the end of the connection */
};

/* --- SMTP's answers -------------------------------------------------------- */

static void on_ready(void *arg, const struct smtp_caps *caps)
{
	struct line *line = arg;

	(void)caps;
	line->ready = true;
	line->letters = 0;
}

static void on_go(void *arg)
{
	struct line *line = arg;

	line->go = true;
}

static void on_verdict(void *arg, const struct smtp_verdict *verdict)
{
	struct line *line = arg;

	line->busy = false;
	/* Connections end between letters; that says nothing of this one. */
	if (!line->again && verdict->code == 0 && verdict->stage <= SMTP_MAIL) {
		line->again = true;
		return;
	}
	line->again = false;
	line->letters++;
	line->once->said(line->once->arg, line->index++, verdict);
}

static void on_closed(void *arg, const struct smtp_verdict *why)
{
	struct line *line = arg;

	if (why)
		line->why = *why;
	line->ready = false;
	line->closed = true;
}

static const struct smtp_events events = { on_ready, on_go, on_verdict,
					   on_closed };

static bool always(void *arg)
{
	(void)arg;
	return true;
}

/* --- the wire -------------------------------------------------------------- */

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void turn(struct line *line, int64_t wait)
{
	int64_t now = clock_boot_ms();
	int64_t next = net_run(line->net, now);

	if (next >= 0)
		wait = least(wait, next > now ? next - now : 0);
	/* What a callback just brought is acted upon at once. */
	if (line->ready && !line->busy)
		wait = 0;
	loop_wait(line->loop, wait);
	net_run(line->net, clock_boot_ms());
}

static int no_relay(const struct line *line, struct err *err)
{
	err_set(err, ERR_AGAIN,
		"the relay '" STR_FMT "' takes no letters: "
		"%s: %.350s",
		STR_ARG(str_head(line->relay->key, 60)),
		smtp_stage_name(line->why.stage), line->why.text);
	return -1;
}

static void hang_up(struct line *line)
{
	if (!line->smtp)
		return;
	if (!line->closed) {
		int64_t end = clock_boot_ms() + 3 * TIME_SECOND_MS;

		smtp_quit(line->smtp);
		line->ready = false;
		while (!line->closed && clock_boot_ms() < end)
			turn(line, 100);
	}
	smtp_free(&line->smtp);
}

static int hold(struct line *line, struct err *err)
{
	if (line->ready && line->relay->messages_per_connection > 0 &&
	    line->letters >= line->relay->messages_per_connection)
		hang_up(line);
	if (line->smtp && !line->closed)
		return 0;
	smtp_free(&line->smtp);
	line->closed = false;
	line->smtp = smtp_open(line->net, &line->server, &events, line);
	while (!line->ready && !line->closed && !*line->once->stop)
		turn(line, WAIT_MS);
	return line->closed ? no_relay(line, err) : 0;
}

static int fetch(struct line *line, struct err *err)
{
	struct send_letter *l = &line->letter;

	if (line->once->next(line->once->arg, line->index, l, err) < 0 ||
	    signer_sign(line->dkim, clock_now_ms(), &l->bytes, err) < 0)
		return -1;
	line->offer = (struct smtp_letter){
		.sender = l->sender,
		.recipient = l->recipient,
		.utf8 = address_needs_utf8(l->recipient),
		.bytes = l->bytes,
		.size = (int64_t)l->bytes.len,
	};
	return 0;
}

/* As the relay's rate allows. */
static void keep_rate(struct line *line)
{
	int64_t wait;

	while (!*line->once->stop &&
	       (wait = rate_take(&line->gate, clock_boot_ms())) > 0)
		turn(line, least(wait, WAIT_MS));
}

/* The letter that is on its way is heard to its end, also when we should stop:
 * whether it was taken must be known. */
static int transmit(struct line *line, struct err *err)
{
	keep_rate(line);
	if (hold(line, err) < 0)
		return -1;
	if (*line->once->stop)
		return 0;
	if (!line->again && fetch(line, err) < 0)
		return -1;
	line->busy = true;
	line->go = false;
	smtp_offer(line->smtp, &line->offer);
	while (line->busy) {
		turn(line, WAIT_MS);
		if (line->busy && line->go) {
			line->go = false;
			smtp_finish(line->smtp, line->letter.bytes, always,
				    line);
		}
	}
	if (line->again)
		hang_up(line);
	return 0;
}

static int by_smtp(struct line *line, struct err *err)
{
	int rc = 0;

	if (loop_open(&line->loop, err) < 0)
		return -1;
	if (net_open(line->loop, &line->net, err) < 0) {
		loop_close(&line->loop);
		return -1;
	}
	while (rc == 0 && line->index < line->once->count && !*line->once->stop)
		rc = transmit(line, err);
	hang_up(line);
	net_close(&line->net);
	loop_close(&line->loop);
	return rc;
}

/* A folder or a program. */
static int by_hand(struct line *line, struct err *err)
{
	const struct conf *conf = line->once->conf;
	struct send_letter *l = &line->letter;
	struct smtp_verdict verdict;

	while (line->index < line->once->count && !*line->once->stop) {
		if (fetch(line, err) < 0)
			return -1;
		if (line->relay->kind == RELAY_DIR)
			folder_deliver(conf, line->relay, l->name, l->bytes,
				       &verdict);
		else
			pipe_deliver(line->relay, l->sender, l->recipient,
				     l->bytes, PIPE_MS, &verdict);
		if (verdict.code == 0 && verdict.stage == SMTP_CONNECT) {
			line->why = verdict;
			return no_relay(line, err);
		}
		on_verdict(line, &verdict);
	}
	return 0;
}

int send_once(const struct send_once *once, struct err *err)
{
	struct arena *arena = arena_new("a relay", (size_t)1 << 20);
	struct line line = { .once = once, .relay = once->conf->relays };
	int rc;

	line.gate.rate = line.relay->rate;
	rc = relay_server(once->conf, line.relay, arena, &line.server, err);
	if (rc == 0)
		rc = signer_open(once->conf, &line.dkim, err);
	if (rc == 0)
		rc = line.relay->kind == RELAY_DIR ||
				     line.relay->kind == RELAY_PIPE
			     ? by_hand(&line, err)
			     : by_smtp(&line, err);
	dkim_close(&line.dkim);
	arena_free(&arena);
	return rc;
}
