/* base_time_fuzz.c - any text as an instant, a date, a duration, a rate
 *
 * What is accepted lies within the bounds of time.h and is read again from
 * what is printed; the first eight bytes are also taken as an instant, which
 * must print whatever it is.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/time.h"

#define YEAR_1	   INT64_C(-62135596800000)
#define YEAR_10000 INT64_C(253402300800000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_instant(int64_t ms)
{
	char text[TIME_RFC3339_MAX], mail[TIME_RFC5322_MAX];
	struct date date = time_date(ms), again;
	int64_t same;

	assert(time_rfc3339(ms, text) == text && strlen(text) >= 24);
	assert(time_rfc5322(ms, mail) == mail && strlen(mail) >= 30);
	assert(date.month >= 1 && date.month <= 12);
	assert(date.day >= 1 && date.day <= 31);
	/* A zone may push a written date out of the years of four digits. */
	if (ms < YEAR_1 || ms >= YEAR_10000)
		return;
	assert(time_parse(str_of(text), &same) && same == ms);
	assert(time_of_date(date) <= ms);
	assert(ms - time_of_date(date) < TIME_DAY_MS);
	assert(time_date_parse(str_at(text, 10), &again));
	assert(again.year == date.year && again.month == date.month &&
	       again.day == date.day);
	assert(time_weekday(date) ==
	       (time_weekday(time_date(ms - TIME_DAY_MS * 8)) + 1) % 7);
}

static void check_text(struct str text)
{
	int64_t ms, same;
	struct date date;
	struct rate rate;
	char print[48];

	if (time_parse(text, &ms)) {
		assert(text.len >= 10 && text.at[4] == '-');
		assert(ms > YEAR_1 - TIME_DAY_MS);
		assert(ms < YEAR_10000 + TIME_DAY_MS);
		check_instant(ms);
	}
	if (time_date_parse(text, &date)) {
		assert(time_parse(text, &ms) && ms == time_of_date(date));
		snprintf(print, sizeof(print), "%04d-%02d-%02d", date.year,
			 date.month, date.day);
		assert(str_eqz(text, print));
	}
	if (time_duration(text, &ms)) {
		assert(ms > 0 && ms <= 36500 * TIME_DAY_MS);
		snprintf(print, sizeof(print), "%lldms", (long long)ms);
		assert(time_duration(str_of(print), &same) && same == ms);
	}
	if (time_rate(text, &rate)) {
		assert(rate.count > 0 && rate.count <= 1000000000);
		assert(rate.per_ms >= TIME_SECOND_MS);
		assert(rate.per_ms <= TIME_DAY_MS);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t ms;

	check_text(str_at((const char *)data, size));
	if (size >= sizeof(ms)) {
		memcpy(&ms, data, sizeof(ms));
		check_instant(ms);
		check_instant(ms % YEAR_10000);
	}
	return 0;
}
