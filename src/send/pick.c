/* pick.c - which of the jobs in hand may go now
 *
 * Each asks its destination's lane and gets a slot of its own. One that is
 * near is waited for here; for a later one the row goes back to the ledger,
 * due then, and makes room for letters to others.
 */
#include "base/clock.h"
#include "mail/address.h"
#include "send_priv.h"

#define NEAR_MS	 1000
#define SHORT_MS 100

static void note_wait(struct sender *sender, int64_t ms)
{
	if (sender->rate_wait == 0 || ms < sender->rate_wait)
		sender->rate_wait = ms;
}

/* 0: it goes, and is counted; else boot ms of its slot. */
static int64_t ask(struct relay_state *relay, struct job *job, int64_t now)
{
	int64_t slot;

	if (!relay->pace)
		return 0;
	if (job->ask_at > now)
		return job->ask_at;
	if (job->pace_lane == PACE_RELAY)
		job->pace_lane = pace_lane(relay->pace,
					   address_domain(job->claim.address));
	slot = pace_ask(relay->pace, job->pace_lane, now);
	job->asked_at = now;
	job->ask_at = slot;
	return slot;
}

/* The settings' rate and the relay's own speed hold for all that is in hand:
 * there is nothing to put back for it. Milliseconds to wait, or 0. */
static int64_t wait_for_relay(struct relay_state *relay, int64_t now)
{
	int64_t wait = rate_wait(&relay->gate, now);
	int64_t until = relay->pace ? pace_wait(relay->pace, PACE_RELAY, now)
				    : 0;

	return until > now + wait ? until - now : wait;
}

/* Half of what is in hand may wait for a slow lane, and none of it long. */
static bool is_far(const struct sender *sender, int64_t wait, int waiting)
{
	return wait > NEAR_MS ||
	       (wait > SHORT_MS && waiting >= sender->lane_count);
}

/* The first that may go leaves `ready`, and so do those for later. */
static struct job *first_to_go(struct sender *sender, int64_t now,
			       struct jobs *later)
{
	struct jobs kept, *ready = &sender->ready;
	struct job *job;
	int waiting = 0;

	jobs_init(&kept);
	while ((job = jobs_take(ready))) {
		int64_t slot = ask(&sender->run->relay, job, now);

		if (slot == 0)
			break;
		if (is_far(sender, slot - now, waiting)) {
			jobs_add(later, job);
			continue;
		}
		waiting++;
		note_wait(sender, slot - now);
		jobs_add(&kept, job);
	}
	if (kept.first) {
		*kept.tail = ready->first;
		if (!ready->first)
			ready->tail = kept.tail;
		ready->first = kept.first;
	}
	return job;
}

static void put_back(struct sender *sender, struct jobs *later, int64_t now)
{
	int64_t utc = clock_now_ms();
	struct job *job;

	while ((job = jobs_take(later))) {
		sender->ready_count--;
		job_release(job, utc + job->ask_at - now);
	}
}

struct job *sender_pick(struct sender *sender, int64_t boot_now)
{
	struct relay_state *relay = &sender->run->relay;
	struct job *job = NULL;
	struct jobs later;
	int64_t wait;

	jobs_init(&later);
	pthread_mutex_lock(&relay->lock);
	wait = wait_for_relay(relay, boot_now);
	if (wait > 0)
		note_wait(sender, wait);
	else
		job = first_to_go(sender, boot_now, &later);
	if (job)
		rate_take(&relay->gate, boot_now);
	pthread_mutex_unlock(&relay->lock);
	if (job)
		sender->ready_count--;
	put_back(sender, &later, boot_now);
	return job;
}

int sender_waiting(struct sender *sender, int64_t boot_now)
{
	int waiting = 0;

	for (const struct job *job = sender->ready.first; job;
	     job = job->next) {
		if (job->ask_at <= boot_now)
			continue;
		waiting++;
		note_wait(sender, job->ask_at - boot_now);
	}
	return waiting;
}
