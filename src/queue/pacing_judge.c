/* pacing_judge.c - what a reply says about our speed, and for how long
 *
 * The enhanced status decides where there is one (RFC 3463): 4.2.x is the
 * mailbox, 4.3.2 and 4.7.x the service. Greylisting wears every code there is
 * and is known by its word alone.
 */
#include "queue/pacing.h"

#include "base/time.h"

#define WAIT_MAX (4 * TIME_HOUR_MS)

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Position of an ASCII word in lower case, or -1. */
static ptrdiff_t find(struct str text, const char *word)
{
	size_t len = strlen(word);

	for (size_t at = 0; at + len <= text.len; at++) {
		size_t i = 0;

		while (i < len && lower(text.at[at + i]) == word[i])
			i++;
		if (i == len)
			return (ptrdiff_t)at;
	}
	return -1;
}

static bool has_one_of(struct str text, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (find(text, words[i]) >= 0)
			return true;
	return false;
}

static const char *const grey[] = { "greylist",	 "graylist",  "grey list",
				    "gray list", "grey-list", "gray-list",
				    NULL };
static const char *const rate[] = {
	"rate limit",	 "ratelimit",	  "rate-limit",	    "sending rate",
	"too many mess", "too many mail", "too many conn",  "too fast",
	"throttl",	 "slow down",	  "limit exceeded", NULL
};
static const char *const later[] = { "again in ", "again after ",
				     "retry in ", "retry after ",
				     "wait for ", "wait ",
				     NULL };

static struct str blanks(struct str text)
{
	while (text.len > 0 && (text.at[0] == ' ' || text.at[0] == '\n'))
		text = str_skip(text, 1);
	return text;
}

/* "5 minutes.", "300s", "300". */
static int64_t span(struct str text)
{
	static const struct {
		char first;
		int64_t ms;
	} units[] = { { 's', TIME_SECOND_MS },
		      { 'm', TIME_MINUTE_MS },
		      { 'h', TIME_HOUR_MS } };
	int64_t number = 0;
	int64_t unit = TIME_SECOND_MS;
	size_t digits = 0;

	while (digits < text.len && digits < 7 && text.at[digits] >= '0' &&
	       text.at[digits] <= '9')
		number = 10 * number + (text.at[digits++] - '0');
	if (digits == 0)
		return 0;
	text = blanks(str_skip(text, digits));
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (text.len > 0 && lower(text.at[0]) == units[i].first)
			unit = units[i].ms;
	/* "100 ms" is no wait worth a word. */
	if (find(str_head(text, 2), "ms") == 0)
		unit = 1;
	return number * unit < WAIT_MAX ? number * unit : WAIT_MAX;
}

static int64_t wait_of(struct str text)
{
	for (size_t i = 0; later[i]; i++) {
		ptrdiff_t at = find(text, later[i]);
		int64_t ms;

		if (at < 0)
			continue;
		ms = span(
			blanks(str_skip(text, (size_t)at + strlen(later[i]))));
		if (ms > 0)
			return ms;
	}
	return 0;
}

static enum pace_sign sign_of(int code, struct str status, struct str text)
{
	if (code == 0 || (code >= 300 && code < 400))
		return PACE_UNUSED;
	if (code < 300)
		return PACE_FINE;
	if (code >= 500 || str_starts(status, STR("4.2.")) ||
	    has_one_of(text, grey))
		return PACE_OTHER;
	if (code == 421 || str_eq(status, STR("4.3.2")) ||
	    str_starts(status, STR("4.7.")) || has_one_of(text, rate))
		return PACE_SLOWER;
	return code >= 450 && code <= 452 ? PACE_PERHAPS : PACE_OTHER;
}

struct pace_said pace_judge(int code, struct str status, struct str text)
{
	struct pace_said said = { sign_of(code, status, text), 0 };

	if (code >= 400 && code < 500)
		said.wait_ms = wait_of(text);
	/* A time is a promise: who names one wants to be left alone. */
	if (said.sign == PACE_PERHAPS && said.wait_ms > 0)
		said.sign = PACE_SLOWER;
	return said;
}
