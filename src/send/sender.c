/* sender.c - one thread: its loop, its connections, its jobs */
#include <stdlib.h>

#include "base/clock.h"
#include "base/die.h"
#include "send_priv.h"

#define FAREWELL_MS 3000 /* for QUITs at the end */

static struct str move(char **at, struct str text)
{
	struct str moved = { *at, text.len };

	if (text.len > 0)
		memcpy(*at, text.at, text.len);
	*at += text.len;
	return moved;
}

struct job *job_new(const struct ledger_claim *claim)
{
	struct job *job = die_calloc(
		1, sizeof(*job) + claim->address.len + claim->fields.len + 1,
		"a delivery");
	char *at = job->bytes;

	job->claim = *claim;
	job->claim.address = move(&at, claim->address);
	job->claim.fields = move(&at, claim->fields);
	return job;
}

void jobs_init(struct jobs *jobs)
{
	jobs->first = NULL;
	jobs->tail = &jobs->first;
}

void jobs_add(struct jobs *jobs, struct job *job)
{
	job->next = NULL;
	*jobs->tail = job;
	jobs->tail = &job->next;
}

struct job *jobs_take(struct jobs *jobs)
{
	struct job *job = jobs->first;

	if (!job)
		return NULL;
	jobs->first = job->next;
	if (!jobs->first)
		jobs->tail = &jobs->first;
	return job;
}

void jobs_free(struct jobs *jobs)
{
	struct job *job;

	while ((job = jobs_take(jobs)))
		free(job);
}

void sender_give(struct sender *sender, struct job *job)
{
	pthread_mutex_lock(&sender->lock);
	jobs_add(&sender->inbox, job);
	sender->given += !job->durable;
	pthread_mutex_unlock(&sender->lock);
	loop_wake(sender->loop);
}

struct job *sender_take(struct sender *sender)
{
	struct job *job = jobs_take(&sender->ready);

	if (job)
		sender->ready_count--;
	return job;
}

static void take_inbox(struct sender *sender)
{
	struct jobs inbox;
	struct job *job;

	pthread_mutex_lock(&sender->lock);
	inbox.first = sender->inbox.first;
	jobs_init(&sender->inbox);
	sender->given = 0;
	pthread_mutex_unlock(&sender->lock);
	while ((job = inbox.first)) {
		inbox.first = job->next;
		if (!job->durable) {
			sender->held++;
			sender->ready_count++;
			jobs_add(&sender->ready, job);
			continue;
		}
		if (job->lane)
			lane_settled(job->lane, job);
		sender->held--;
		free(job);
	}
}

bool sender_connected(const struct sender *sender)
{
	for (int i = 0; i < sender->lane_count; i++)
		if (sender->lanes[i].smtp)
			return true;
	return false;
}

/* What cannot be begun for a while goes back, so that the rows are free. */
static void give_back(struct sender *sender, int64_t boot_now)
{
	int64_t rest = relay_resting(&sender->run->relay, boot_now);
	int64_t due = clock_now_ms() + (rest ? rest - boot_now : 0);
	struct job *job;

	if (!rest && !sender->run->stopping && boot_now >= sender->shut_out)
		return;
	while ((job = sender_take(sender)))
		job_release(job, due);
}

static void count_warm(struct sender *sender)
{
	sender->warm = 0;
	for (int i = 0; i < sender->lane_count; i++)
		sender->warm += sender->lanes[i].state == LANE_CONNECTING ||
				sender->lanes[i].state == LANE_IDLE;
}

static void say_wanted(struct sender *sender, int64_t boot_now)
{
	bool idle = sender->run->stopping || boot_now < sender->shut_out ||
		    relay_resting(&sender->run->relay, boot_now);
	int wanted;
	bool news;

	pthread_mutex_lock(&sender->lock);
	wanted = idle ? 0
		      : 2 * sender->lane_count - sender->held - sender->given;
	news = wanted > sender->wanted && wanted >= sender->lane_count / 2 + 1;
	sender->wanted = wanted;
	pthread_mutex_unlock(&sender->lock);
	if (news)
		books_wake(sender->run->books);
}

static int64_t least(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

/* A second at most: flags are looked at that often whatever happens. */
static int64_t patience(const struct sender *sender, int64_t net_next,
			int64_t boot_now)
{
	int64_t wait = 1000;
	int64_t rest = relay_resting(&sender->run->relay, boot_now);

	if (sender->dirty)
		return 0;
	if (net_next >= 0)
		wait = least(wait,
			     net_next > boot_now ? net_next - boot_now : 0);
	if (sender->rate_wait > 0)
		wait = least(wait, sender->rate_wait);
	if (rest > 0)
		wait = least(wait, rest - boot_now);
	return wait;
}

static void turn(struct sender *sender)
{
	int64_t now = clock_boot_ms();
	int64_t net_next;

	sender->dirty = false;
	sender->rate_wait = 0;
	take_inbox(sender);
	give_back(sender, now);
	net_next = net_run(sender->net, now);
	count_warm(sender);
	sender->waiting = sender_waiting(sender, now);
	for (int i = 0; i < sender->lane_count; i++)
		lane_step(&sender->lanes[i], now);
	say_wanted(sender, now);
	loop_wait(sender->loop, patience(sender, net_next, now));
}

static void say_goodbye(struct sender *sender)
{
	int64_t end = clock_boot_ms() + FAREWELL_MS;

	for (int i = 0; i < sender->lane_count; i++)
		lane_quit(&sender->lanes[i]);
	while (sender_connected(sender) && clock_boot_ms() < end)
		turn(sender);
}

void *sender_main(void *arg)
{
	struct sender *sender = arg;

	while (!sender->run->over)
		turn(sender);
	say_goodbye(sender);
	return NULL;
}
