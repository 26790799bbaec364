/* time.h - instants, durations and rates as text
 *
 * An instant is an int64_t of UTC milliseconds since 1970. Nothing here reads
 * the clock (clock.h does) and nothing looks at the process's zone.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define TIME_SECOND_MS INT64_C(1000)
#define TIME_MINUTE_MS INT64_C(60000)
#define TIME_HOUR_MS INT64_C(3600000)
#define TIME_DAY_MS INT64_C(86400000)

#define TIME_RFC3339_MAX 32
#define TIME_RFC5322_MAX 40

/* The sooner of two instants, or the shorter of two waits; negative: none. */
int64_t time_sooner(int64_t a, int64_t b);

struct date {			/* a day of the civil calendar */
	int year, month, day;	/* month and day from 1 */
};

/* "2026-05-22T08:00:00.000Z"; NUL-terminated; returns `out`. */
char *time_rfc3339(int64_t ms, char out[TIME_RFC3339_MAX]);

/* "Fri, 22 May 2026 08:00:00 +0000" (RFC 5322 3.3). */
char *time_rfc5322(int64_t ms, char out[TIME_RFC5322_MAX]);

/* RFC 3339, of which a T may be a blank and the seconds, the zone or the whole
 * time of day may be missing; without a zone it is UTC. False when it is none
 * of that. */
bool time_parse(struct str text, int64_t *ms_out);

/* "YYYY-MM-DD", checked against the calendar. */
bool time_date_parse(struct str text, struct date *out);
struct date time_date(int64_t ms);	/* the UTC day of an instant */
int64_t time_of_date(struct date date);	/* its midnight, UTC */
int time_weekday(struct date date);	/* 0 is Sunday */

/* "15m", "2h", "5d", "30s", "250ms" -> milliseconds; above 0 and at most a
 * hundred years, so that a sum with an instant stays one. */
bool time_duration(struct str text, int64_t *ms_out);

struct rate {
	int64_t count;		/* so many */
	int64_t per_ms;		/* in this long; 0 means no limit */
};

/* "20/s", "100/m", "500/h", "2000/d". */
bool time_rate(struct str text, struct rate *out);

#endif
