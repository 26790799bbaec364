/* hours.c - see hours_priv.h */
#include "hours_priv.h"

#include <time.h>

static bool is_open(const struct conf_hours *hours, int minute)
{
	if (hours->from < hours->to)
		return minute >= hours->from && minute < hours->to;
	return minute >= hours->from || minute < hours->to;
}

int64_t hours_open(const struct conf_hours *hours, int64_t now)
{
	time_t seconds = (time_t)(now / TIME_SECOND_MS);
	struct tm tm;

	if (hours->from == hours->to || !localtime_r(&seconds, &tm) ||
	    is_open(hours, 60 * tm.tm_hour + tm.tm_min))
		return 0;
	if (60 * tm.tm_hour + tm.tm_min >= hours->from)
		tm.tm_mday++;
	tm.tm_hour = hours->from / 60;
	tm.tm_min = hours->from % 60;
	tm.tm_sec = 0;
	/* Summer time may begin or end until then. */
	tm.tm_isdst = -1;
	seconds = mktime(&tm);
	return seconds > 0 ? (int64_t)seconds * TIME_SECOND_MS : 0;
}
