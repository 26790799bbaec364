/* filter.c - see filter_priv.h */
#include "base/nearest.h"
#include "base/utf8.h"
#include "filter_priv.h"

#define PATTERN_MAX  60
#define TRUNCATE_MAX 1000

enum {
	UPPER = 'u',
	LOWER = 'l',
	TITLE = 't',
	DATE = 'd',
	TRUNCATE = 'n',
	URL = 'e'
};

static const struct {
	struct str name;
	char kind;
} filters[] = {
	{ STR("upper"), UPPER }, { STR("lower"), LOWER },
	{ STR("title"), TITLE }, { STR("date"), DATE },
	{ STR("url"), URL },	 { STR("truncate"), TRUNCATE },
};

#define FILTER_COUNT (sizeof(filters) / sizeof(*filters))

static const struct str english[12] = {
	STR("January"),	  STR("February"), STR("March"),    STR("April"),
	STR("May"),	  STR("June"),	   STR("July"),	    STR("August"),
	STR("September"), STR("October"),  STR("November"), STR("December"),
};

/* --- reading -------------------------------------------------------------- */

static void add(struct buf *chain, char kind, struct str argument)
{
	buf_byte(chain, kind);
	buf_byte(chain, (char)(argument.len >> 8));
	buf_byte(chain, (char)(argument.len & 0xff));
	buf_add(chain, argument);
}

/* "%e %B %Y", of which `months_out` says whether it names the month. */
static bool pattern_ok(struct str pattern, bool *months_out)
{
	*months_out = false;
	for (size_t i = 0; i < pattern.len; i++) {
		if (pattern.at[i] == '\n')
			return false;
		if (pattern.at[i] != '%')
			continue;
		if (++i == pattern.len || !memchr("deBmYy%", pattern.at[i], 7))
			return false;
		*months_out |= pattern.at[i] == 'B';
	}
	return pattern.len > 0 && pattern.len <= PATTERN_MAX;
}

static void add_months(const struct value *months, struct buf *out)
{
	const struct value *name = months ? months->first : NULL;

	for (int i = 0; i < 12; i++) {
		buf_byte(out, '\n');
		buf_add(out, name ? str_head(name->text, 80) : english[i]);
		name = name ? name->next : NULL;
	}
}

/* A pattern in quotes of either kind. */
static int parse_date(struct str argument, const struct value *months,
		      struct buf *chain, struct err *err)
{
	struct str pattern = STR_NONE;
	struct buf all;
	bool names;

	if (argument.len > 2 &&
	    (argument.at[0] == '"' || argument.at[0] == '\'') &&
	    argument.at[argument.len - 1] == argument.at[0])
		pattern = str_at(argument.at + 1, argument.len - 2);
	if (!pattern_ok(pattern, &names)) {
		err_set(err, ERR_INPUT, "'date' wants a pattern in quotes");
		return err_hint(err, "write date \"%%e %%B %%Y\"; %%d %%e "
				     "%%m %%B %%y %%Y are known");
	}
	buf_init(&all, FILTER_BYTES);
	buf_add(&all, pattern);
	if (names)
		add_months(months, &all);
	add(chain, DATE, buf_str(&all));
	buf_done(&all);
	return 1;
}

static int parse_truncate(struct str argument, struct buf *chain,
			  struct err *err)
{
	int64_t limit;
	char bytes[2];

	if (!str_int64(argument, &limit) || limit < 1 || limit > TRUNCATE_MAX) {
		err_set(err, ERR_INPUT,
			"'truncate' wants a number from 1 to %d", TRUNCATE_MAX);
		return err_hint(err, "write truncate 40");
	}
	bytes[0] = (char)(limit >> 8);
	bytes[1] = (char)(limit & 0xff);
	add(chain, TRUNCATE, str_at(bytes, 2));
	return 1;
}

int filter_parse(struct str source, const struct value *months,
		 struct buf *chain, struct err *err)
{
	struct str argument;
	struct str name = str_cut(source, ' ', &argument);
	char kind = 0;

	argument = str_trim(argument);
	for (size_t i = 0; i < FILTER_COUNT; i++)
		if (str_eq(name, filters[i].name))
			kind = filters[i].kind;
	if (kind == 0)
		return 0;
	if (kind == DATE)
		return parse_date(argument, months, chain, err);
	if (kind == TRUNCATE)
		return parse_truncate(argument, chain, err);
	if (argument.len > 0)
		return err_set(err, ERR_INPUT,
			       "'" STR_FMT "' takes nothing behind it",
			       STR_ARG(name));
	add(chain, kind, STR_NONE);
	return 1;
}

struct str filter_nearest(struct str word)
{
	struct str names[FILTER_COUNT + 1];

	for (size_t i = 0; i < FILTER_COUNT; i++)
		names[i] = filters[i].name;
	names[FILTER_COUNT] = STR("default");
	return nearest(word, names, FILTER_COUNT + 1);
}

/* --- running -------------------------------------------------------------- */

struct step {
	char kind;
	struct str argument;
};

static bool next_step(struct str *chain, struct step *out)
{
	size_t len;

	if (chain->len < 3)
		return false;
	len = (size_t)(unsigned char)chain->at[1] << 8 |
	      (unsigned char)chain->at[2];
	out->kind = chain->at[0];
	*chain = str_skip(*chain, 3);
	if (len > chain->len)
		return false;
	out->argument = str_head(*chain, len);
	*chain = str_skip(*chain, len);
	return true;
}

static bool step_ok(const struct step *step)
{
	struct str months;
	struct str pattern = str_cut(step->argument, '\n', &months);
	bool names;
	int count = 0;

	switch (step->kind) {
	case UPPER:
	case LOWER:
	case TITLE:
	case URL:
		return step->argument.len == 0;
	case TRUNCATE:
		return step->argument.len == 2;
	case DATE:
		if (!pattern_ok(pattern, &names))
			return false;
		for (; months.len > 0; count++)
			str_cut(months, '\n', &months);
		return !names || count == 12;
	}
	return false;
}

bool filter_ok(struct str chain)
{
	struct step step;

	if (chain.len > FILTER_BYTES)
		return false;
	for (int i = 0; chain.len > 0; i++)
		if (i == FILTERS_MAX || !next_step(&chain, &step) ||
		    !step_ok(&step))
			return false;
	return true;
}

/* Each word begins with a capital; the rest of it stays as it is. */
static void put_title(struct str text, struct arena *arena, struct buf *out)
{
	bool begins = true;

	while (text.len > 0) {
		struct str c;
		size_t len;

		utf8_next(text, &len);
		c = str_head(text, len);
		buf_add(out, begins ? utf8_upper(arena, c) : c);
		begins = str_eqz(c, " ");
		text = str_skip(text, len);
	}
}

static bool digits(struct str text, size_t from, size_t count, int *out)
{
	*out = 0;
	for (size_t i = from; i < from + count; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		*out = *out * 10 + (text.at[i] - '0');
	}
	return true;
}

struct day {
	int year, month, day;
};

/* YYYY-MM-DD, alone or before a time. */
static bool read_day(struct str text, struct day *out)
{
	return text.len >= 10 && text.at[4] == '-' && text.at[7] == '-' &&
	       (text.len == 10 || text.at[10] == 'T' || text.at[10] == ' ') &&
	       digits(text, 0, 4, &out->year) &&
	       digits(text, 5, 2, &out->month) &&
	       digits(text, 8, 2, &out->day) && out->month >= 1 &&
	       out->month <= 12 && out->day >= 1 && out->day <= 31;
}

static struct str month_name(struct str names, int month)
{
	struct str name = STR_NONE;

	for (int i = 0; i < month; i++)
		name = str_cut(names, '\n', &names);
	return name;
}

static void put_part(char letter, const struct day *day, struct str names,
		     struct buf *out)
{
	switch (letter) {
	case 'd':
		buf_fmt(out, "%02d", day->day);
		break;
	case 'e':
		buf_fmt(out, "%d", day->day);
		break;
	case 'm':
		buf_fmt(out, "%02d", day->month);
		break;
	case 'B':
		buf_add(out, month_name(names, day->month));
		break;
	case 'y':
		buf_fmt(out, "%02d", day->year % 100);
		break;
	case 'Y':
		buf_fmt(out, "%04d", day->year);
		break;
	default:
		buf_byte(out, letter);
	}
}

/* What is no day stays as it is. */
static void put_date(struct str text, struct str argument, struct buf *out)
{
	struct str names;
	struct str pattern = str_cut(argument, '\n', &names);
	struct day day;

	if (!read_day(text, &day)) {
		buf_add(out, text);
		return;
	}
	for (size_t i = 0; i < pattern.len; i++)
		if (pattern.at[i] == '%')
			put_part(pattern.at[++i], &day, names, out);
		else
			buf_byte(out, pattern.at[i]);
}

/* The dots count as one of the characters asked for. */
static void put_truncated(struct str text, struct str argument, struct buf *out)
{
	size_t limit = (size_t)(unsigned char)argument.at[0] << 8 |
		       (unsigned char)argument.at[1];

	if (utf8_cut(text, limit) == text.len) {
		buf_add(out, text);
		return;
	}
	text = str_head(text, utf8_cut(text, limit > 0 ? limit - 1 : 0));
	buf_add(out, str_trim(text));
	buf_addz(out, "\xE2\x80\xA6");
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

void filter_put_url(struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++)
		if (is_unreserved(text.at[i]))
			buf_byte(out, text.at[i]);
		else
			buf_fmt(out, "%%%02X", (unsigned char)text.at[i]);
}

static struct str apply(const struct step *step, struct str text,
			struct arena *arena)
{
	struct str result;
	struct buf out;

	if (step->kind == UPPER)
		return utf8_upper(arena, text);
	if (step->kind == LOWER)
		return utf8_lower(arena, text);
	/* Capitals take three times the bytes at most, as those of U+0390; so
	 * do octets in an address. */
	buf_init(&out, 3 * text.len + FILTER_BYTES);
	if (step->kind == TITLE)
		put_title(text, arena, &out);
	else if (step->kind == DATE)
		put_date(text, step->argument, &out);
	else if (step->kind == TRUNCATE)
		put_truncated(text, step->argument, &out);
	else
		filter_put_url(text, &out);
	result = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return result;
}

struct str filter_apply(struct str chain, struct str text, struct arena *arena)
{
	struct step step;

	while (chain.len > 0 && next_step(&chain, &step))
		text = apply(&step, text, arena);
	return text;
}

struct str filter_in_address(struct str chain, struct arena *arena)
{
	struct str result;
	struct step step;
	struct buf out;

	buf_init(&out, FILTER_BYTES);
	while (chain.len > 0 && next_step(&chain, &step))
		if (step.kind != URL)
			add(&out, step.kind, step.argument);
	result = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return result;
}
