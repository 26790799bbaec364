/* time.c - instants, durations and rates as text: see base/time.h */
#include "base/time.h"

#include <stdio.h>

#define DURATION_MAX_MS (36500 * TIME_DAY_MS)

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t of_day(int64_t ms)
{
	int64_t rest = ms % TIME_DAY_MS;

	return rest < 0 ? rest + TIME_DAY_MS : rest;
}

static bool leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && leap(year));
}

/* Days since 1970-01-01, counted in years that begin in March so that the
 * leap day comes last. */
static int64_t day_number(struct date d)
{
	int64_t year = d.month > 2 ? d.year : d.year - 1;
	int64_t era = floor_div(year, 400);
	int64_t of_era = year - era * 400;
	int64_t month = (d.month + 9) % 12;
	int64_t of_year = (153 * month + 2) / 5 + d.day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

struct date time_date(int64_t ms)
{
	int64_t days = floor_div(ms, TIME_DAY_MS) + 719468;
	int64_t era = floor_div(days, 146097);
	int64_t of_era = days - era * 146097;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 -
			of_era / 146096) /
		       365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	struct date d;

	d.day = (int)(of_year - (153 * month + 2) / 5 + 1);
	d.month = (int)(month < 10 ? month + 3 : month - 9);
	d.year = (int)(year + era * 400 + (d.month <= 2));
	return d;
}

int64_t time_of_date(struct date date)
{
	return day_number(date) * TIME_DAY_MS;
}

int time_weekday(struct date date)
{
	int64_t n = (day_number(date) + 4) % 7;

	return (int)(n < 0 ? n + 7 : n);
}

int64_t time_sooner(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

char *time_rfc3339(int64_t ms, char out[TIME_RFC3339_MAX])
{
	struct date d = time_date(ms);
	int64_t rest = of_day(ms);

	snprintf(out, TIME_RFC3339_MAX, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
		 d.year, d.month, d.day, (int)(rest / TIME_HOUR_MS),
		 (int)(rest / TIME_MINUTE_MS % 60),
		 (int)(rest / TIME_SECOND_MS % 60), (int)(rest % 1000));
	return out;
}

char *time_rfc5322(int64_t ms, char out[TIME_RFC5322_MAX])
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed",
					    "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
					      "May", "Jun", "Jul", "Aug",
					      "Sep", "Oct", "Nov", "Dec" };
	struct date d = time_date(ms);
	int64_t rest = of_day(ms);

	snprintf(out, TIME_RFC5322_MAX, "%s, %d %s %04d %02d:%02d:%02d +0000",
		 days[time_weekday(d)], d.day, months[d.month - 1], d.year,
		 (int)(rest / TIME_HOUR_MS), (int)(rest / TIME_MINUTE_MS % 60),
		 (int)(rest / TIME_SECOND_MS % 60));
	return out;
}

static size_t leading_digits(struct str text)
{
	size_t n = 0;

	while (n < text.len && text.at[n] >= '0' && text.at[n] <= '9')
		n++;
	return n;
}

/* Exactly `digits` digits at the start of *s, at most `max`. */
static bool number(struct str *s, size_t digits, int max, int *out)
{
	int64_t value;

	if (s->len < digits || s->at[0] == '-' ||
	    !str_int64(str_head(*s, digits), &value) || value > max)
		return false;
	*out = (int)value;
	*s = str_skip(*s, digits);
	return true;
}

static bool symbol(struct str *s, char c)
{
	if (s->len == 0 || s->at[0] != c)
		return false;
	*s = str_skip(*s, 1);
	return true;
}

static bool date_part(struct str *s, struct date *out)
{
	struct date d;

	if (!number(s, 4, 9999, &d.year) || !symbol(s, '-') ||
	    !number(s, 2, 12, &d.month) || !symbol(s, '-') ||
	    !number(s, 2, 31, &d.day))
		return false;
	if (d.year < 1 || d.month < 1 || d.day < 1 ||
	    d.day > month_days(d.year, d.month))
		return false;
	*out = d;
	return true;
}

bool time_date_parse(struct str text, struct date *out)
{
	struct date d;

	if (!date_part(&text, &d) || text.len > 0)
		return false;
	*out = d;
	return true;
}

/* The digits behind the point; those past the third are dropped. */
static bool fraction(struct str *s, int64_t *ms_out)
{
	int64_t ms = 0, place = 100;
	int digit;

	if (leading_digits(*s) == 0)
		return false;
	while (number(s, 1, 9, &digit)) {
		ms += digit * place;
		place /= 10;
	}
	*ms_out = ms;
	return true;
}

/* "HH:MM[:SS[.fff]]" */
static bool clock_part(struct str *s, int64_t *ms_out)
{
	int hour, minute, second = 0;
	int64_t ms = 0;

	if (!number(s, 2, 23, &hour) || !symbol(s, ':') ||
	    !number(s, 2, 59, &minute))
		return false;
	if (symbol(s, ':')) {
		if (!number(s, 2, 60, &second))
			return false;
		if (symbol(s, '.') && !fraction(s, &ms))
			return false;
	}
	*ms_out = ((hour * 60 + minute) * 60 + second) * TIME_SECOND_MS + ms;
	return true;
}

static bool zone_part(struct str *s, int64_t *ms_out)
{
	bool west = s->len > 0 && s->at[0] == '-';
	int hour, minute;

	*ms_out = 0;
	if (s->len == 0 || symbol(s, 'Z') || symbol(s, 'z'))
		return true;
	if (!symbol(s, west ? '-' : '+') || !number(s, 2, 23, &hour) ||
	    !symbol(s, ':') || !number(s, 2, 59, &minute))
		return false;
	*ms_out = (hour * 60 + minute) * TIME_MINUTE_MS * (west ? -1 : 1);
	return true;
}

bool time_parse(struct str text, int64_t *ms_out)
{
	int64_t clock = 0, zone = 0;
	struct date d;

	if (!date_part(&text, &d))
		return false;
	if (text.len > 0) {
		if (!symbol(&text, 'T') && !symbol(&text, 't') &&
		    !symbol(&text, ' '))
			return false;
		if (!clock_part(&text, &clock) || !zone_part(&text, &zone))
			return false;
	}
	if (text.len > 0)
		return false;
	*ms_out = time_of_date(d) + clock - zone;
	return true;
}

static const struct {
	struct str name;
	int64_t ms;
} units[] = {
	{ STR("ms"), 1 },
	{ STR("s"), TIME_SECOND_MS },
	{ STR("m"), TIME_MINUTE_MS },
	{ STR("h"), TIME_HOUR_MS },
	{ STR("d"), TIME_DAY_MS },
};

static bool unit(struct str name, int64_t *ms_out)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (str_eq(name, units[i].name)) {
			*ms_out = units[i].ms;
			return true;
		}
	}
	return false;
}

bool time_duration(struct str text, int64_t *ms_out)
{
	size_t digits = leading_digits(text);
	int64_t count, ms;

	if (!str_int64(str_head(text, digits), &count) || count < 1 ||
	    !unit(str_skip(text, digits), &ms) ||
	    __builtin_mul_overflow(count, ms, &ms) || ms > DURATION_MAX_MS)
		return false;
	*ms_out = ms;
	return true;
}

bool time_rate(struct str text, struct rate *out)
{
	size_t digits = leading_digits(text);
	struct str rest = str_skip(text, digits);
	struct rate rate;

	if (!str_int64(str_head(text, digits), &rate.count) || rate.count < 1 ||
	    rate.count > 1000000000 || !symbol(&rest, '/') ||
	    str_eqz(rest, "ms") || !unit(rest, &rate.per_ms))
		return false;
	*out = rate;
	return true;
}
