/* lane.c - one connection and the letter it carries, step by step
 *
 *   CLOSED -> CONNECTING -> IDLE -> OFFERED -> GATED -> SENDING -> IDLE ...
 *
 * The envelope of the next letter may follow the last dot at once; its own
 * dot waits at the gate until the last result is durable. The slot's two cells
 * name the two letters.
 */
#include <stdio.h>

#include "base/clock.h"
#include "send_priv.h"

#define SHUT_OUT_MS 5000

static bool is_local(const struct lane *lane)
{
	const struct conf_relay *conf = lane->sender->run->relay.conf;

	return conf->kind == RELAY_DIR || conf->kind == RELAY_PIPE;
}

static struct slot_cell *cell_of(const struct job *job)
{
	return slots_cell(job->sender->run->slots, job->lane->index, job->cell);
}

/* --- the end of a letter --------------------------------------------------- */

/* Each try may be one more copy: the waits grow fourfold. */
static int64_t uncertain_wait(const struct conf *conf, int attempts)
{
	int64_t wait = conf->uncertain_after_ms;

	for (int i = 1; i < attempts && wait < conf->send.retry_max_ms; i++)
		wait *= 4;
	return wait;
}

static void set_due(const struct lane *lane, struct job *job)
{
	const struct conf *conf = lane->sender->run->options->conf;

	job->due = job->at;
	if (job->event == EVENT_DEFERRED)
		job->due += delivery_backoff(
			job->claim.attempts, conf->send.retry_ms,
			conf->send.retry_max_ms, (uint64_t)job->claim.ordinal);
	else if (job->event == EVENT_LOST)
		job->due += uncertain_wait(conf, job->claim.attempts);
}

/* "Try again in N" is kept; what was given back for going too fast asks again
 * at a slot of its own, which may be at once. */
static void pace_due(const struct run *run, struct job *job)
{
	struct pace_said said = pace_judge(job->verdict.code,
					   str_of(job->verdict.status),
					   str_of(job->verdict.text));

	if (run->relay.pace && job->due < job->at + said.wait_ms)
		job->due = job->at + said.wait_ms;
}

static void end_job(struct lane *lane, const struct smtp_verdict *verdict)
{
	struct run *run = lane->sender->run;
	struct policy policy = policy_of(verdict);
	struct job *job = lane->job;

	/* What the relay said about a letter it may have: kept at once where
	 * the next process will find it. */
	if (verdict->stage == SMTP_DOT && verdict->code > 0)
		slot_done(cell_of(job), verdict->code, verdict->status,
			  verdict->text);
	if (!lane->worn)
		relay_news(&run->relay, policy.relay, verdict, clock_boot_ms());
	job->event = policy.event;
	job->verdict = *verdict;
	job->at = clock_now_ms();
	set_due(lane, job);
	pace_due(run, job);
	lane->job = NULL;
	lane->sender->dirty = true;
	books_result(run->books, job);
}

void job_release(struct job *job, int64_t due)
{
	job->event = EVENT_RELEASE;
	job->verdict = (struct smtp_verdict){ 0 };
	job->at = clock_now_ms();
	job->due = due;
	books_result(job->sender->run->books, job);
}

/* Given up by ourselves, before the dot: nobody's trouble. */
static void take_back(struct lane *lane)
{
	struct job *job = lane->job;

	lane->job = NULL;
	lane->sender->dirty = true;
	relay_unused(&lane->sender->run->relay, job, clock_boot_ms());
	job_release(job, clock_now_ms());
}

void lane_settled(struct lane *lane, struct job *job)
{
	slot_free(cell_of(job));
	lane->busy[job->cell] = false;
	lane->sender->dirty = true;
}

/* --- the beginning --------------------------------------------------------- */

static struct letter_reader reader_of(const struct job *job)
{
	const struct ledger_claim *c = &job->claim;

	return (struct letter_reader){ .issue = (uint32_t)c->issue,
				       .list = (uint16_t)c->list_id,
				       .subscriber = (uint64_t)c->subscriber,
				       .address = c->address,
				       .fields = c->fields,
				       .date_ms = c->date_ms };
}

/* A letter that cannot be composed is this reader's alone: the sentence takes
 * the place of a relay's words. */
static void compose_failed(struct lane *lane, const struct err *err)
{
	struct smtp_verdict verdict = { .stage = SMTP_DATA, .code = 554 };

	snprintf(verdict.status, sizeof(verdict.status), "5.6.0");
	snprintf(verdict.text, sizeof(verdict.text),
		 "554 5.6.0 not composed: %.480s", err->message);
	relay_unused(&lane->sender->run->relay, lane->job, clock_boot_ms());
	end_job(lane, &verdict);
}

static bool compose(struct lane *lane)
{
	struct job *job = lane->job;
	struct letter_reader reader = reader_of(job);
	struct err err = ERR_INIT;

	if (letter_compose(lane->press, job->form, &reader, &lane->bytes,
			   &err) < 0 ||
	    signer_sign(lane->sender->dkim, reader.date_ms, &lane->bytes,
			&err) < 0) {
		compose_failed(lane, &err);
		return false;
	}
	lane->sender_address = letter_sender(lane->press, job->form, &reader);
	lane->letter = (struct smtp_letter){
		.sender = lane->sender_address,
		.recipient = job->claim.address,
		.utf8 = address_needs_utf8(job->claim.address),
		.bytes = lane->bytes,
		.size = (int64_t)lane->bytes.len,
	};
	return true;
}

/* Somebody has left since we last asked: it may be this reader. Where the
 * ledger cannot say, nothing goes; the next claim looks again. */
static bool still_wanted(const struct lane *lane, struct job *job)
{
	uint64_t generation = generation_read(lane->sender->run->generation);
	struct err ignored = ERR_INIT;

	if (generation == job->generation)
		return true;
	if (ledger_wanted(lane->sender->ledger, job->claim.issue,
			  job->claim.subscriber, &ignored) != 1)
		return false;
	job->generation = generation;
	return true;
}

bool job_leased(const struct run *run, const struct job *job, int64_t boot_now)
{
	/* The two are written in the other order. */
	int64_t until = run->lease_until;

	return !run->over && job->claimed_at >= run->lease_begun &&
	       boot_now + LEASE_SPARE_MS < until;
}

/* What must hold in the moment before a letter goes out. */
static bool may_go(const struct lane *lane, struct job *job)
{
	return job_leased(lane->sender->run, job, clock_boot_ms()) &&
	       still_wanted(lane, job);
}

static struct job *next_job(struct lane *lane)
{
	struct sender *sender = lane->sender;
	struct run *run = sender->run;
	int64_t now = clock_boot_ms();

	if (run->stopping || sender->ready_count == 0 ||
	    (lane->busy[0] && lane->busy[1]) || relay_resting(&run->relay, now))
		return NULL;
	return sender_pick(sender, now);
}

/* True when a letter stands ready to be offered. */
static bool begin_job(struct lane *lane)
{
	struct job *job = next_job(lane);

	if (!job)
		return false;
	lane->sender->dirty = true;
	if (!may_go(lane, job)) {
		relay_unused(&lane->sender->run->relay, job, clock_boot_ms());
		job_release(job, clock_now_ms());
		return false;
	}
	job->lane = lane;
	job->cell = lane->busy[0] ? 1 : 0;
	lane->busy[job->cell] = true;
	lane->job = job;
	lane->given_up = false;
	slot_claim(cell_of(job), job->claim.issue, job->claim.ordinal,
		   job->claim.epoch);
	return compose(lane);
}

/* --- the gate --------------------------------------------------------------- */

/* While the body was on its way this reader may have left, or we may have
 * become unable to record what comes of it. */
static bool before_dot(void *arg)
{
	struct lane *lane = arg;

	if (!may_go(lane, lane->job)) {
		lane->given_up = true;
		return false;
	}
	slot_dot(cell_of(lane->job));
	return true;
}

static bool gate_is_open(const struct lane *lane)
{
	return !lane->busy[1 - lane->job->cell];
}

static void at_gate(struct lane *lane)
{
	/* A gate that nobody will open any more is not waited for. */
	if (!gate_is_open(lane) && !lane->sender->run->over)
		return;
	lane->sender->dirty = true;
	lane->state = LANE_SENDING;
	if (may_go(lane, lane->job)) {
		smtp_finish(lane->smtp, lane->bytes, before_dot, lane);
	} else {
		lane->given_up = true;
		smtp_abandon(lane->smtp);
	}
}

/* --- SMTP's answers --------------------------------------------------------- */

static void on_ready(void *arg, const struct smtp_caps *caps)
{
	struct lane *lane = arg;

	(void)caps;
	lane->state = LANE_IDLE;
	lane->letters = 0;
	lane->counted = true;
	relay_connected(&lane->sender->run->relay);
	lane->sender->dirty = true;
}

static void on_go(void *arg)
{
	struct lane *lane = arg;

	lane->state = LANE_GATED;
	lane->sender->dirty = true;
}

static void on_verdict(void *arg, const struct smtp_verdict *verdict)
{
	struct lane *lane = arg;
	struct relay_state *relay = &lane->sender->run->relay;

	/* A connection that always ends after so many letters says nothing of
	 * their speed. */
	lane->worn = verdict->code == 421 && verdict->stage == SMTP_MAIL &&
		     lane->letters > 0 && relay_wears(relay, lane->letters);
	lane->letters++;
	lane->state = LANE_IDLE;
	if (lane->given_up) {
		take_back(lane);
		return;
	}
	if (lane->worn)
		relay_unused(relay, lane->job, clock_boot_ms());
	else
		relay_heard(relay, lane->job, verdict, clock_boot_ms());
	end_job(lane, verdict);
}

/* Before it was ready: the relay may only have enough of us. */
static void refused_us(struct lane *lane, const struct smtp_verdict *why)
{
	struct relay_state *relay = &lane->sender->run->relay;
	int64_t now = clock_boot_ms();

	if (why->code >= 400 && why->stage <= SMTP_EHLO &&
	    relay_crowded(relay, now))
		return;
	relay_heard(relay, NULL, why, now);
	relay_news(relay, policy_of(why).relay, why, now);
}

static void on_closed(void *arg, const struct smtp_verdict *why)
{
	struct lane *lane = arg;
	struct relay_state *relay = &lane->sender->run->relay;

	if (why && lane->state == LANE_CONNECTING)
		refused_us(lane, why);
	else if (why && lane->state != LANE_LEAVING && why->code == 421 &&
		 !lane->worn)
		relay_news(relay, policy_of(why).relay, why, clock_boot_ms());
	lane->closed = true;
	lane->sender->dirty = true;
}

static const struct smtp_events events = { on_ready, on_go, on_verdict,
					   on_closed };

/* --- one step ---------------------------------------------------------------- */

static void connect_if_useful(struct lane *lane, int64_t boot_now)
{
	struct sender *sender = lane->sender;

	if (sender->run->stopping ||
	    sender->ready_count - sender->waiting <= sender->warm ||
	    relay_resting(&sender->run->relay, boot_now))
		return;
	if (!relay_connect(&sender->run->relay, boot_now)) {
		/* Its letters go over the other threads' connections. */
		if (!sender_connected(sender)) {
			sender->shut_out = boot_now + SHUT_OUT_MS;
			sender->dirty = true;
		}
		return;
	}
	lane->smtp = smtp_open(sender->net, &sender->run->relay.server, &events,
			       lane);
	lane->state = LANE_CONNECTING;
	sender->warm++;
	sender->dirty = true;
}

static bool is_worn(const struct lane *lane)
{
	int most = relay_most(&lane->sender->run->relay);

	return most > 0 && lane->letters >= most;
}

static void idle(struct lane *lane)
{
	if (is_worn(lane)) {
		lane_quit(lane);
	} else if (begin_job(lane)) {
		lane->state = LANE_OFFERED;
		lane->job->offered = true;
		smtp_offer(lane->smtp, &lane->letter);
	}
}

/* A folder or a program answers at once: the same order of steps, and the
 * same gate. */
static void local_step(struct lane *lane)
{
	struct smtp_verdict verdict;

	if (lane->busy[0] || lane->busy[1] || !begin_job(lane))
		return;
	if (!may_go(lane, lane->job)) {
		take_back(lane);
		return;
	}
	slot_dot(cell_of(lane->job));
	lane->job->offered = true;
	local_deliver(lane->sender->run, lane->job, lane->sender_address,
		      lane->bytes, &verdict);
	end_job(lane, &verdict);
}

void lane_step(struct lane *lane, int64_t boot_now)
{
	if (is_local(lane)) {
		local_step(lane);
		return;
	}
	if (lane->closed) {
		smtp_free(&lane->smtp);
		relay_disconnected(&lane->sender->run->relay, lane->counted);
		lane->closed = lane->counted = lane->worn = false;
		lane->state = LANE_CLOSED;
	}
	switch (lane->state) {
	case LANE_CLOSED:
		connect_if_useful(lane, boot_now);
		break;
	case LANE_IDLE:
		idle(lane);
		break;
	case LANE_GATED:
		at_gate(lane);
		break;
	case LANE_CONNECTING:
	case LANE_OFFERED:
	case LANE_SENDING:
	case LANE_LEAVING:
		break;
	}
}

void lane_quit(struct lane *lane)
{
	if (!lane->smtp || lane->closed)
		return;
	if (lane->state == LANE_IDLE) {
		lane->state = LANE_LEAVING;
		smtp_quit(lane->smtp);
		lane->sender->dirty = true;
	} else if (lane->state == LANE_CONNECTING) {
		lane->closed = true;
	}
}
