/* value_pacing.c - what pacing is set with: rates, numbers, hours, percent */
#include "conf_priv.h"

#define NUMBER_MAX INT64_C(1000000000)

static int refuse(const struct setting *setting, const struct yaml *node,
		  const char *hint, struct err *err)
{
	value_wants(setting, node, err);
	return err_hint(err, "write %s", hint);
}

/* --- lists: one value may stand alone -------------------------------------- */

static bool add_rate(struct conf_rates *rates, struct str text)
{
	struct rate rate;

	if (rates->count == CONF_RATES_MAX || !time_rate(text, &rate))
		return false;
	for (int i = 0; i < rates->count; i++)
		if (rates->at[i].per_ms == rate.per_ms)
			return false;
	rates->at[rates->count++] = rate;
	return true;
}

static bool add_number(struct conf_numbers *numbers, struct str text)
{
	int64_t number;

	if (numbers->count == CONF_NUMBERS_MAX || !str_int64(text, &number) ||
	    number < 1 || number > NUMBER_MAX)
		return false;
	numbers->at[numbers->count++] = number;
	return true;
}

static bool add(const struct setting *setting, const struct yaml *node,
		void *at)
{
	if (node->kind != YAML_SCALAR)
		return false;
	return setting->type == SETTING_RATES ? add_rate(at, node->text)
					      : add_number(at, node->text);
}

static int read_list(const struct setting *setting, const struct yaml *node,
		     void *at, struct err *err)
{
	const char *hint = setting->type == SETTING_RATES
				   ? "[500/h, 2000/d], each time once"
				   : "[200, 400, 800], at most 64 of them";

	if (setting->type == SETTING_RATES)
		*(struct conf_rates *)at = (struct conf_rates){ .count = 0 };
	else
		*(struct conf_numbers *)at = (struct conf_numbers){
			.count = 0
		};
	if (node->kind != YAML_SEQ)
		return add(setting, node, at)
			       ? 0
			       : refuse(setting, node, hint, err);
	for (const struct yaml *n = node->first; n; n = n->next)
		if (!add(setting, n, at))
			return refuse(setting, n, hint, err);
	return 0;
}

/* --- hours ----------------------------------------------------------------- */

/* "08:00" to "24:00"; -1 when it is none. */
static int minute(struct str text)
{
	struct str rest;
	struct str hour = str_cut(text, ':', &rest);
	int64_t h, m;

	if (hour.len < 1 || hour.len > 2 || rest.len != 2 ||
	    !str_int64(hour, &h) || !str_int64(rest, &m) || h < 0 || m < 0 ||
	    m > 59 || 60 * h + m > 24 * 60)
		return -1;
	return (int)(60 * h + m);
}

static int read_hours(const struct setting *setting, const struct yaml *node,
		      struct conf_hours *at, struct err *err)
{
	struct str rest;
	struct str first = str_cut(node->text, '-', &rest);
	int from = minute(str_trim(first)), to = minute(str_trim(rest));

	if (from < 0 || to < 0 || from == to)
		return refuse(setting, node, "08:00-20:00", err);
	*at = (struct conf_hours){ from, to };
	return 0;
}

/* --- percent --------------------------------------------------------------- */

/* "1%", "0.5%", "2.25%". */
static int read_percent(const struct setting *setting, const struct yaml *node,
			int *at, struct err *err)
{
	struct str text = node->text;
	struct str whole, part;
	int64_t number, rest = 0;

	if (!str_ends(text, STR("%")))
		return refuse(setting, node, "1% or 0.5%", err);
	whole = str_cut(str_trim(str_head(text, text.len - 1)), '.', &part);
	if (!str_int64(whole, &number) || number < 0 || number > 100 ||
	    part.len > 2 ||
	    (part.len > 0 && (!str_int64(part, &rest) || rest < 0)))
		return refuse(setting, node, "1% or 0.5%", err);
	number = 100 * number + (part.len == 1 ? 10 * rest : rest);
	if (number < 1 || number > 10000)
		return refuse(setting, node, "0.01% to 100%", err);
	*at = (int)number;
	return 0;
}

int pacing_read(const struct setting *setting, const struct yaml *node,
		void *at, struct err *err)
{
	if (setting->type == SETTING_HOURS)
		return read_hours(setting, node, at, err);
	if (setting->type == SETTING_PERCENT)
		return read_percent(setting, node, at, err);
	return read_list(setting, node, at, err);
}

/* --- shown ----------------------------------------------------------------- */

static struct str show_rates(const struct conf_rates *rates,
			     struct arena *arena)
{
	struct str all = STR_NONE;

	for (int i = 0; i < rates->count; i++)
		all = arena_fmt(
			arena, STR_FMT "%s%lld/" STR_FMT, STR_ARG(all),
			i ? ", " : "", (long long)rates->at[i].count,
			STR_ARG(str_skip(value_span(rates->at[i].per_ms, arena),
					 1)));
	return all;
}

static struct str show_numbers(const struct conf_numbers *numbers,
			       struct arena *arena)
{
	struct str all = STR_NONE;

	for (int i = 0; i < numbers->count; i++)
		all = arena_fmt(arena, STR_FMT "%s%lld", STR_ARG(all),
				i ? ", " : "", (long long)numbers->at[i]);
	return all;
}

static struct str show_percent(int hundredths, struct arena *arena)
{
	if (hundredths % 100 == 0)
		return arena_fmt(arena, "%d%%", hundredths / 100);
	if (hundredths % 10 == 0)
		return arena_fmt(arena, "%d.%d%%", hundredths / 100,
				 hundredths / 10 % 10);
	return arena_fmt(arena, "%d.%02d%%", hundredths / 100,
			 hundredths % 100);
}

struct str pacing_show(const struct setting *setting, const void *at,
		       struct arena *arena)
{
	const struct conf_hours *hours = at;

	if (setting->type == SETTING_RATES)
		return show_rates(at, arena);
	if (setting->type == SETTING_NUMBERS)
		return show_numbers(at, arena);
	if (setting->type == SETTING_PERCENT)
		return show_percent(*(const int *)at, arena);
	if (hours->from == hours->to)
		return STR_NONE;
	return arena_fmt(arena, "%02d:%02d-%02d:%02d", hours->from / 60,
			 hours->from % 60, hours->to / 60, hours->to % 60);
}
