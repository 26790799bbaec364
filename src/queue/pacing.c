/* pacing.c - the lanes of a relay, and what they say together: see
 * queue/pacing.h */
#include "pacing_priv.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/die.h"

#define OWN_MAX	   1000
#define SHARED	   64
#define FAMILY_MAX 64
#define LANES	   (1 + FAMILY_MAX + OWN_MAX + SHARED)
#define NAMES	   4096 /* slots of the table; a power of 2, never half full */

#define TALLY 100

struct name {
	struct str domain;
	int lane;
};

struct tally { /* of all lanes together */
	int answers, later, slower;
};

struct pace {
	struct pace_plan plan;
	struct arena *arena;
	struct lane lanes[LANES];
	int count; /* lanes in use but for the shared ones, which end the
		      array */
	struct name names[NAMES];
	struct tally now, before; /* the last 100 to 200 answers */
	uint64_t slow_lanes;	  /* that said "slower" since `before` began */
};

/* --- names ---------------------------------------------------------------- */

static uint64_t hash(struct str s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.at[i]) * UINT64_C(0x100000001b3);
	return h ^ h >> 29;
}

/* Where the domain stands, or would. */
static struct name *find(struct pace *pace, struct str domain)
{
	size_t at = (size_t)hash(domain) & (NAMES - 1);

	while (pace->names[at].domain.at &&
	       !str_eq(pace->names[at].domain, domain))
		at = (at + 1) & (NAMES - 1);
	return &pace->names[at];
}

static int add_lane(struct pace *pace, struct str name)
{
	struct lane *lane = &pace->lanes[pace->count];

	lane->name = name;
	lane->speed = pace->plan.start;
	return pace->count++;
}

static void add_families(struct pace *pace)
{
	int lane = 0;

	for (const struct pace_family *f = pace_families; f->family; f++) {
		struct str family = str_of(f->family);
		struct str domain = str_of(f->domain);

		/* The rows of a family stand together. */
		if (f == pace_families || !str_eq(family, str_of(f[-1].family)))
			lane = add_lane(pace, family);
		*find(pace, domain) = (struct name){ domain, lane };
	}
}

struct pace *pace_new(const struct pace_plan *plan)
{
	struct pace *pace = die_calloc(1, sizeof(*pace), "pacing");

	pace->plan = *plan;
	pace->arena = arena_new("names of domains", (size_t)1 << 20);
	add_lane(pace, STR("*"));
	add_families(pace);
	for (int i = LANES - SHARED; i < LANES; i++) {
		pace->lanes[i].name = STR_NONE;
		pace->lanes[i].speed = plan->start;
	}
	return pace;
}

void pace_free(struct pace **pace)
{
	if (!*pace)
		return;
	arena_free(&(*pace)->arena);
	free(*pace);
	*pace = NULL;
}

int pace_lane(struct pace *pace, struct str domain)
{
	struct name *name = find(pace, domain);

	if (name->domain.at)
		return name->lane;
	if (pace->count >= LANES - SHARED || domain.len > 255)
		return LANES - SHARED + (int)(hash(domain) % SHARED);
	name->domain = arena_dup(pace->arena, domain);
	name->lane = add_lane(pace, name->domain);
	return name->lane;
}

int pace_lanes(const struct pace *pace)
{
	return pace->count;
}

struct str pace_name(const struct pace *pace, int lane)
{
	return pace->lanes[lane].name;
}

int pace_named(struct pace *pace, struct str name)
{
	for (int i = 0; i < pace->count; i++)
		if (str_eq(pace->lanes[i].name, name))
			return i;
	return pace_lane(pace, name);
}

/* --- asking and hearing -------------------------------------------------- */

int64_t pace_ask(struct pace *pace, int number, int64_t now)
{
	struct lane *relay = &pace->lanes[PACE_RELAY];
	struct lane *lane = &pace->lanes[number];
	double until = lane_blocked(lane, now);

	if (until > 0)
		return lane_promise(lane, until, now);
	until = number == PACE_RELAY ? 0 : lane_blocked(relay, now);
	if (until > 0)
		return lane_promise(relay, until, now);
	lane_let_go(lane, now);
	if (number != PACE_RELAY)
		lane_let_go(relay, now);
	return 0;
}

int64_t pace_wait(struct pace *pace, int lane, int64_t now)
{
	double until = lane_blocked(&pace->lanes[lane], now);

	return until > 0 ? (int64_t)until + 1 : 0;
}

/* --- all lanes together ---------------------------------------------------- */

static int bits(uint64_t set)
{
	int count = 0;

	for (; set; set &= set - 1)
		count++;
	return count;
}

/* Half of all answers, in three lanes at least: then it is the relay. More
 * put off than the settings let pass: then something is wrong, and less haste
 * does less harm. */
static bool is_the_relays(const struct pace *pace)
{
	int answers = pace->now.answers + pace->before.answers;
	int later = pace->now.later + pace->before.later;
	int slow = pace->now.slower + pace->before.slower;

	if (answers >= 20 && 2 * slow >= answers && bits(pace->slow_lanes) >= 3)
		return true;
	return pace->plan.deferred_max > 0 && answers >= 2 * TALLY - 1 &&
	       (double)later > pace->plan.deferred_max * (double)answers;
}

static bool is_late(const struct pace_said *said)
{
	return said->sign == PACE_SLOWER || said->sign == PACE_PERHAPS;
}

static bool tally(struct pace *pace, int lane, const struct pace_said *said)
{
	struct tally *t = &pace->now;

	if (said->sign == PACE_UNUSED)
		return false;
	t->answers++;
	t->later += is_late(said);
	t->slower += said->sign == PACE_SLOWER;
	if (said->sign == PACE_SLOWER)
		pace->slow_lanes |= UINT64_C(1) << (lane % 64);
	if (is_the_relays(pace)) {
		pace->now = pace->before = (struct tally){ 0 };
		pace->slow_lanes = 0;
		return true;
	}
	if (t->answers >= TALLY) {
		pace->before = pace->now;
		pace->now = (struct tally){ 0 };
		pace->slow_lanes = 0;
	}
	return false;
}

void pace_news(struct pace *pace, int number, int64_t asked_at,
	       const struct pace_said *said, int64_t now)
{
	static const struct pace_said too_fast = { PACE_SLOWER, 0 };
	struct lane *relay = &pace->lanes[PACE_RELAY];

	/* What was under way when the lane was cut tells the same once more. */
	bool old = asked_at < pace->lanes[number].cut_at;

	lane_hear(&pace->lanes[number], asked_at, said, now);
	if (number == PACE_RELAY)
		return;
	/* What one destination has against us says nothing of the relay, unless
	 * it was the probe of that. */
	if ((!old && tally(pace, number, said)) ||
	    (is_late(said) && relay->closed_until > 0))
		lane_hear(relay, asked_at, &too_fast, now);
	else if (!is_late(said))
		lane_hear(relay, asked_at, said, now);
}

/* --- looked at from outside -------------------------------------------------- */

int64_t pace_shut(const struct pace *pace, int lane, int64_t now)
{
	int64_t until = pace->lanes[lane].closed_until;

	return until > now ? until : 0;
}

bool pace_lifted(struct pace *pace, int64_t now)
{
	bool lifted = false;

	for (int i = 0; i < LANES && !lifted; i++)
		lifted = lane_lifted(&pace->lanes[i], now);
	for (int i = 0; i < LANES && lifted; i++)
		pace->lanes[i].promised = 0;
	return lifted;
}

/* --- over runs -------------------------------------------------------------- */

double pace_limit(const struct pace *pace, int lane)
{
	return pace->lanes[lane].limit;
}

void pace_learn(struct pace *pace, int number, double limit)
{
	struct lane *lane = &pace->lanes[number];

	lane->limit = limit < SPEED_FLOOR ? SPEED_FLOOR
		      : limit > SPEED_TOP ? SPEED_TOP
					  : limit;
	lane->speed = lane->limit / 2 > SPEED_FLOOR ? lane->limit / 2
						    : SPEED_FLOOR;
}

double pace_speed(const struct pace *pace, int lane)
{
	return pace->lanes[lane].speed;
}
