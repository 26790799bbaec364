/* faults.c - "seed=7; rcpt:451@10%; dot:drop-kept": what goes wrong */
#include "base/clock.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "catch_priv.h"
#include "mail/address.h"

/* Milliseconds, seconds, letters: far from where sums overflow. */
#define NUMBER_MAX 1000000000

static const struct str moments[FAULT_MOMENT_COUNT] = {
#define X(name, text) [FAULT_##name] = STR(text),
	FAULT_MOMENTS(X)
#undef X
};

static const struct {
	struct str name;
	enum fault_kind kind;
	bool number;
} words[] = {
	{ STR("drop"), FAULT_DROP, false },
	{ STR("drop-kept"), FAULT_DROP_KEPT, false },
	{ STR("stall"), FAULT_STALL, false },
	{ STR("tarpit"), FAULT_TARPIT, false },
	{ STR("delay"), FAULT_DELAY, true },
	{ STR("grey"), FAULT_GREY, true },
	{ STR("close-after"), FAULT_CLOSE_AFTER, true },
};
#define WORDS (sizeof(words) / sizeof(*words))

static int refuse(struct str piece, struct err *err)
{
	err_set(err, ERR_INPUT, "'" STR_FMT "' is no fault",
		STR_ARG(str_head(piece, 80)));
	return err_hint(err,
			"write WHEN:WHAT@P%%, such as rcpt:451@10%%; WHEN: "
			"connect greeting ehlo tls auth mail rcpt data "
			"body dot; WHAT: a code, drop, drop-kept, stall, "
			"tarpit, delay=MS, grey=S, close-after=N");
}

static int parse_moment(struct str word, struct fault *fault, struct err *err)
{
	struct str guess;

	for (int i = 0; i < FAULT_MOMENT_COUNT; i++) {
		if (str_eq(word, moments[i])) {
			fault->moment = (enum fault_moment)i;
			return 0;
		}
	}
	guess = nearest(word, moments, FAULT_MOMENT_COUNT);
	refuse(word, err);
	if (guess.len > 0)
		err_hint(err, "did you mean '" STR_FMT "'?", STR_ARG(guess));
	return -1;
}

static bool is_code(struct str text)
{
	return text.len >= 3 && text.at[0] >= '2' && text.at[0] <= '5' &&
	       text.at[1] >= '0' && text.at[1] <= '9' && text.at[2] >= '0' &&
	       text.at[2] <= '9' && (text.len == 3 || text.at[3] == ' ');
}

static int parse_what(struct str what, struct fault *fault, struct arena *arena,
		      struct err *err)
{
	struct str number;
	struct str name = str_cut(what, '=', &number);
	struct str names[WORDS];
	struct str guess;

	if (is_code(what)) {
		fault->kind = FAULT_REPLY;
		fault->reply = arena_fmt(arena, STR_FMT " as asked for",
					 STR_ARG(what));
		return 0;
	}
	for (size_t i = 0; i < WORDS; i++) {
		names[i] = words[i].name;
		if (!str_eq(name, words[i].name))
			continue;
		fault->kind = words[i].kind;
		if (words[i].number &&
		    (!str_int64(number, &fault->number) || fault->number < 0 ||
		     fault->number > NUMBER_MAX))
			return refuse(what, err);
		return !words[i].number && number.len ? refuse(what, err) : 0;
	}
	guess = nearest(name, names, WORDS);
	refuse(what, err);
	if (guess.len > 0)
		err_hint(err, "did you mean '" STR_FMT "'?", STR_ARG(guess));
	return -1;
}

static int parse_percent(struct str text, int *percent, struct err *err)
{
	int64_t number;

	if (!str_ends(text, STR("%")) ||
	    !str_int64(str_head(text, text.len - 1), &number) || number < 0 ||
	    number > 100)
		return refuse(text, err);
	*percent = (int)number;
	return 0;
}

/* "rcpt:550 5.1.1@50% domain=bad.example" */
static int parse_rule(struct str rule, struct arena *arena,
		      struct fault ***tail, struct err *err)
{
	struct fault *fault = arena_new_of(arena, struct fault);
	ptrdiff_t filter = str_find_str(rule, STR(" domain="));
	struct str what, percent, moment;
	bool has_percent;

	fault->percent = 100;
	fault->domain = STR_NONE;
	if (filter > 0) {
		fault->domain = str_trim(str_skip(rule, (size_t)filter + 8));
		if (fault->domain.len == 0)
			return refuse(rule, err);
		rule = str_head(rule, (size_t)filter);
	}
	moment = str_cut(rule, ':', &what);
	has_percent = str_find(what, '@') >= 0;
	what = str_cut(what, '@', &percent);
	if (parse_moment(str_trim(moment), fault, err) < 0 ||
	    parse_what(str_trim(what), fault, arena, err) < 0)
		return -1;
	if (has_percent &&
	    parse_percent(str_trim(percent), &fault->percent, err) < 0)
		return -1;
	**tail = fault;
	*tail = &fault->next;
	return 0;
}

int faults_parse(struct str spec, struct arena *arena, struct faults *out,
		 struct err *err)
{
	struct fault **tail;
	int64_t seed;

	*out = (struct faults){ .random = 1, .started = clock_boot_ms() };
	tail = &out->first;
	/* A reply goes out as it stands here. */
	if (utf8_has_control(spec))
		return refuse(spec, err);
	spec = arena_dup(arena, spec);
	while (spec.len > 0) {
		struct str rule = str_trim(str_cut(spec, ';', &spec));

		if (rule.len == 0)
			continue;
		if (str_starts(rule, STR("seed="))) {
			if (!str_int64(str_skip(rule, 5), &seed))
				return refuse(rule, err);
			out->random = (uint64_t)seed * 2 + 1;
			continue;
		}
		if (parse_rule(rule, arena, &tail, err) < 0)
			return -1;
	}
	return 0;
}

int catch_faults_check(struct str spec, struct err *err)
{
	struct arena *arena = arena_new("faults", (size_t)1 << 20);
	struct faults faults;
	int rc = faults_parse(spec, arena, &faults, err);

	arena_free(&arena);
	return rc;
}

/* xorshift64*: the same seed, the same faults. */
static int dice(struct faults *faults)
{
	uint64_t x = faults->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	faults->random = x;
	return (int)((x * UINT64_C(0x2545F4914F6CDD1D) >> 33) % 100);
}

const struct fault *faults_strike(struct faults *faults,
				  enum fault_moment moment,
				  struct str recipient, int64_t boot_now)
{
	for (const struct fault *f = faults->first; f; f = f->next) {
		/* What looks at the count of letters strikes by itself. */
		if (f->moment != moment || f->kind == FAULT_CLOSE_AFTER)
			continue;
		if (f->domain.len > 0 &&
		    !str_eq_nocase(f->domain, address_domain(recipient)))
			continue;
		if (f->kind == FAULT_GREY &&
		    boot_now - faults->started > f->number * 1000)
			continue;
		if (f->percent == 100 || dice(faults) < f->percent)
			return f;
	}
	return NULL;
}
