/* base_time_test.c - instants, durations and rates as text */
#include "base_rig.h"

#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/time.h"

static void an_instant_is_read_with_its_zone(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T00:00:00.001Z", 1 },
		{ "1969-12-31T23:59:59.999Z", -1 },
		{ "2026-05-22T08:00:00Z", 1779436800000 },
		{ "2026-05-22t08:00:00z", 1779436800000 },
		{ "2026-05-22T10:00:00+02:00", 1779436800000 },
		{ "2026-05-22T02:30:00-05:30", 1779436800000 },
		{ "2026-05-22T08:00:00-00:00", 1779436800000 },
		{ "2026-05-23T07:59:00+23:59", 1779436800000 },
		{ "2026-05-22 08:00:00", 1779436800000 },
		{ "2026-05-22 08:00", 1779436800000 },
		{ "2026-05-22T08:00", 1779436800000 },
		{ "2026-05-22 10:00+02:00", 1779436800000 },
		{ "2026-05-22", 1779408000000 },
		{ "2026-05-22T08:00:00.5Z", 1779436800500 },
		{ "2026-05-22T08:00:00.05Z", 1779436800050 },
		{ "2026-05-22T08:00:00.0009Z", 1779436800000 },
		{ "2026-05-22T08:00:00.12399999999999999999Z", 1779436800123 },
		/* A leap second is the first of the next minute. */
		{ "2016-12-31T23:59:60Z", 1483228800000 },
		{ "2000-02-29", 951782400000 },
		{ "2024-02-29T23:59:59.999Z", 1709251199999 },
		{ "0001-01-01T00:00:00Z", -62135596800000 },
		{ "9999-12-31T23:59:59.999Z", 253402300799999 },
		{ "0001-01-01T00:00:00+23:59", -62135683140000 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t ms = 4711;

		if (!time_parse(str_of(cases[i].text), &ms) ||
		    ms != cases[i].ms)
			fail_msg("%s: %lld", cases[i].text, (long long)ms);
	}
}

static void what_is_no_instant_is_refused_and_changes_nothing(void **state)
{
	static const char *const cases[] = {
		"",
		"2026",
		"2026-05",
		"2026-05-",
		"2026-5-22",
		"26-05-22",
		"2026-05-22T",
		"2026-05-22T08",
		"2026-05-22T8:00",
		"2026-05-22T08:0",
		"2026-05-22T08:00:",
		"2026-05-22T08:00:0",
		"2026-05-22T08:00:00.",
		"2026-05-22T08:00:00.Z",
		"2026-05-22T08:00:00,5Z",
		"2026-05-22T08:00.5",
		"2026-05-22T24:00:00Z",
		"2026-05-22T08:60:00Z",
		"2026-05-22T08:00:61Z",
		"2026-05-22T08:00:00+2",
		"2026-05-22T08:00:00+0200",
		"2026-05-22T08:00:00+02",
		"2026-05-22T08:00:00+24:00",
		"2026-05-22T08:00:00+02:60",
		"2026-05-22T08:00:00 Z",
		"2026-05-22T08:00:00ZZ",
		"2026-05-22T08:00:00Z ",
		" 2026-05-22",
		"2026-05-22 ",
		"2026/05/22",
		"2026-05-22_08:00",
		"-026-05-22",
		"+026-05-22",
		"2026--5-22",
		"2026-05--2",
		"2026-05-22T-8:00",
		"2026-05-22T08:00:00+-2:00",
		"2026-05-22  08:00",
		"22.5.2026",
		"yesterday",
		"\xD9\xA2\xD9\xA0\xD9\xA2\xD9\xA6-05-22",
		/* The calendar. */
		"0000-01-01",
		"2026-00-01",
		"2026-13-01",
		"2026-01-00",
		"2026-01-32",
		"2026-02-29",
		"2024-02-30",
		"1900-02-29",
		"2100-02-29",
		"2026-04-31",
		"2026-06-31",
		"2026-09-31",
		"2026-11-31",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t ms = 4711;
		struct date date = { 1, 2, 3 };

		if (time_parse(str_of(cases[i]), &ms))
			fail_msg("'%s' was taken", cases[i]);
		assert_int_equal(ms, 4711);
		assert_false(time_date_parse(str_of(cases[i]), &date));
		assert_int_equal(date.year * 100 + date.month * 10 + date.day,
				 123);
	}
	assert_false(time_parse(STR("2026-05-22\0"), &(int64_t){ 0 }));
}

/* Every day of eight hundred years, against the C library's calendar. */
static void the_calendar_is_the_one_of_the_c_library(void **state)
{
	(void)state;
	for (int64_t day = -135000; day < 160000; day++) {
		time_t seconds = (time_t)(day * 86400 + 3661);
		int64_t ms = day * TIME_DAY_MS + 3661007;
		struct date date = time_date(ms), read;
		char text[TIME_RFC3339_MAX], want[64];
		struct tm tm;

		assert_non_null(gmtime_r(&seconds, &tm));
		assert_int_equal(date.year, tm.tm_year + 1900);
		assert_int_equal(date.month, tm.tm_mon + 1);
		assert_int_equal(date.day, tm.tm_mday);
		assert_int_equal(time_weekday(date), tm.tm_wday);
		assert_int_equal(time_of_date(date), day * TIME_DAY_MS);
		strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%S.007Z", &tm);
		assert_string_equal(time_rfc3339(ms, text), want);
		text[10] = 0;
		assert_true(time_date_parse(str_of(text), &read));
		assert_memory_equal(&read, &date, sizeof(date));
	}
}

static void a_day_of_the_month_exists_as_long_as_the_month(void **state)
{
	static const int years[] = { 1900, 2000, 2023, 2024, 2100, 2400 };
	int64_t days = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(years); i++)
		for (int month = 0; month < 14; month++)
			for (int day = 0; day < 33; day++) {
				char text[40];
				struct date date;

				snprintf(text, sizeof(text), "%04d-%02d-%02d",
					 years[i], month, day);
				days += time_date_parse(str_of(text), &date);
			}
	assert_int_equal(days, 3 * 365 + 3 * 366);
}

static void a_letter_carries_its_date_as_rfc_5322_wants_it(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{ 0, "Thu, 1 Jan 1970 00:00:00 +0000" },
		{ -1, "Wed, 31 Dec 1969 23:59:59 +0000" },
		{ 1779436800000, "Fri, 22 May 2026 08:00:00 +0000" },
		{ 951868799999, "Tue, 29 Feb 2000 23:59:59 +0000" },
		{ 253402300799999, "Fri, 31 Dec 9999 23:59:59 +0000" },
	};
	char text[TIME_RFC5322_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(time_rfc5322(cases[i].ms, text),
				    cases[i].text);
}

/* Nothing a database may hold overflows the arithmetic or the array. */
static void even_the_ends_of_time_can_be_printed(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{ INT64_MAX, "292278994-08-17T07:12:55.807Z" },
		{ INT64_MIN, "-292275055-05-16T16:47:04.192Z" },
		{ INT64_MIN + 1, "-292275055-05-16T16:47:04.193Z" },
	};
	char text[TIME_RFC3339_MAX], mail[TIME_RFC5322_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_string_equal(time_rfc3339(cases[i].ms, text),
				    cases[i].text);
		assert_true(strlen(time_rfc5322(cases[i].ms, mail)) > 30);
	}
}

static void a_duration_is_a_number_and_a_unit(void **state)
{
	static const struct {
		const char *text;
		int64_t ms; /* 0: none */
	} cases[] = {
		{ "250ms", 250 },
		{ "30s", 30000 },
		{ "15m", 900000 },
		{ "2h", 7200000 },
		{ "5d", 432000000 },
		{ "007s", 7000 },
		{ "36500d", 3153600000000 },
		{ "3153600000000ms", 3153600000000 },
		{ "36501d", 0 },
		{ "3153600000001ms", 0 },
		{ "9223372036854775807ms", 0 },
		{ "9223372036854775807d", 0 },
		{ "106751991168d", 0 },
		{ "99999999999999999999s", 0 },
		{ "0s", 0 },
		{ "-5m", 0 },
		{ "+5m", 0 },
		{ "5", 0 },
		{ "m", 0 },
		{ "", 0 },
		{ "5 m", 0 },
		{ "5M", 0 },
		{ "5min", 0 },
		{ "1.5h", 0 },
		{ "1h30m", 0 },
		{ " 5m", 0 },
		{ "5m ", 0 },
		{ "5w", 0 },
		{ "5mss", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t ms = 4711;
		bool ok = time_duration(str_of(cases[i].text), &ms);

		if (ok != (cases[i].ms > 0) || ms != (ok ? cases[i].ms : 4711))
			fail_msg("'%s': %lld", cases[i].text, (long long)ms);
	}
}

static void a_rate_is_so_many_in_so_long(void **state)
{
	static const struct {
		const char *text;
		int64_t count, per_ms; /* 0: none */
	} cases[] = {
		{ "20/s", 20, 1000 },
		{ "100/m", 100, 60000 },
		{ "500/h", 500, 3600000 },
		{ "2000/d", 2000, 86400000 },
		{ "1000000000/s", 1000000000, 1000 },
		{ "1000000001/s", 0, 0 },
		{ "0/s", 0, 0 },
		{ "-1/s", 0, 0 },
		{ "20/ms", 0, 0 },
		{ "20/", 0, 0 },
		{ "/s", 0, 0 },
		{ "20", 0, 0 },
		{ "20s", 0, 0 },
		{ "20/2s", 0, 0 },
		{ "20 / s", 0, 0 },
		{ "20/s ", 0, 0 },
		{ "", 0, 0 },
		{ "99999999999999999999/s", 0, 0 },
		{ "1.5/s", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct rate rate = { 47, 11 };
		bool ok = time_rate(str_of(cases[i].text), &rate);

		if (ok != (cases[i].count > 0) ||
		    rate.count != (ok ? cases[i].count : 47) ||
		    rate.per_ms != (ok ? cases[i].per_ms : 11))
			fail_msg("'%s'", cases[i].text);
	}
}

static void the_clocks_run_and_a_boot_has_a_name(void **state)
{
	int64_t boot = clock_boot_ms(), now = clock_now_ms();
	struct timespec until;
	char id[40], again[40];

	(void)state;
	assert_true(now > 1700000000000);
	assert_true(clock_boot_ms() >= boot);
	clock_wait_until(&until, 1999);
	assert_in_range(until.tv_nsec, 0, 999999999);
	assert_true((int64_t)until.tv_sec * 1000 + until.tv_nsec / 1000000 >=
		    now + 1999);
	clock_boot_id(id);
	clock_boot_id(again);
	assert_string_equal(id, again);
	assert_null(strchr(id, '\n'));
}

static void the_sooner_of_two_may_be_the_only_one(void **state)
{
	(void)state;
	assert_int_equal(time_sooner(1, 2), 1);
	assert_int_equal(time_sooner(2, 1), 1);
	assert_int_equal(time_sooner(0, 2), 0);
	assert_int_equal(time_sooner(-1, 2), 2);
	assert_int_equal(time_sooner(2, -1), 2);
	assert_int_equal(time_sooner(-1, -1), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_instant_is_read_with_its_zone),
		cmocka_unit_test(
			what_is_no_instant_is_refused_and_changes_nothing),
		cmocka_unit_test(the_calendar_is_the_one_of_the_c_library),
		cmocka_unit_test(
			a_day_of_the_month_exists_as_long_as_the_month),
		cmocka_unit_test(
			a_letter_carries_its_date_as_rfc_5322_wants_it),
		cmocka_unit_test(even_the_ends_of_time_can_be_printed),
		cmocka_unit_test(a_duration_is_a_number_and_a_unit),
		cmocka_unit_test(a_rate_is_so_many_in_so_long),
		cmocka_unit_test(the_sooner_of_two_may_be_the_only_one),
		cmocka_unit_test(the_clocks_run_and_a_boot_has_a_name),
	};

	return cmocka_run_group_tests_name("base_time", tests, NULL, NULL);
}
