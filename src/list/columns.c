/* columns.c - what the columns of a list mean, and whether a row is right */
#include <stdlib.h>

#include "base/json.h"
#include "base/nearest.h"
#include "base/time.h"
#include "base/utf8.h"
#include "list_priv.h"
#include "mail/address.h"

enum { IGNORED = -1 };

/* The known columns; those of the publication's attributes follow. */
static const struct {
	struct str name;
	size_t offset;
} known[] = {
	{ STR("email"), offsetof(struct import_row, email) },
	{ STR("name"), offsetof(struct import_row, name) },
	{ STR("first_name"), offsetof(struct import_row, first_name) },
	{ STR("last_name"), offsetof(struct import_row, last_name) },
	{ STR("language"), offsetof(struct import_row, language) },
	{ STR("tags"), offsetof(struct import_row, tags) },
	{ STR("lists"), offsetof(struct import_row, lists) },
	{ STR("state"), 0 },
	{ STR("joined"), 0 },
};
#define KNOWN (sizeof(known) / sizeof(*known))
enum { EMAIL = 0, STATE = 7, JOINED = 8 };

static const struct str email_names[] = { STR("email"), STR("e-mail"),
					  STR("address"),
					  STR("email_address") };

bool columns_is_header(const struct str *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_find(fields[i], '@') >= 0)
			return false;
	return true;
}

static int find(const struct columns *columns, struct str name)
{
	const struct import_options *o = columns->options;

	for (size_t i = 0; i < sizeof(email_names) / sizeof(*email_names); i++)
		if (str_eq_nocase(name, email_names[i]))
			return EMAIL;
	for (size_t i = 0; i < KNOWN; i++)
		if (str_eq_nocase(name, known[i].name))
			return (int)i;
	for (size_t i = 0; i < o->attribute_count; i++)
		if (str_eq(name, o->attributes[i]))
			return (int)(KNOWN + i);
	return IGNORED;
}

static int unknown(const struct columns *columns, struct str name,
		   const char *what, struct err *err)
{
	const struct import_options *o = columns->options;
	struct str names[KNOWN + 64];
	size_t count = 0;
	struct str guess;

	for (size_t i = 0; i < KNOWN; i++)
		names[count++] = known[i].name;
	for (size_t i = 0; i < o->attribute_count && i < 64; i++)
		names[count++] = o->attributes[i];
	guess = nearest(name, names, count);
	err_set(err, ERR_INPUT, "there is no %s '" STR_FMT "'", what,
		STR_ARG(str_head(name, 60)));
	return err_hint(err,
			"%s" STR_FMT "%snothing was imported; name it with "
			"--map COL=FIELD or leave it out with --ignore COL",
			guess.len ? "did you mean '" : "", STR_ARG(guess),
			guess.len ? "'? " : "");
}

/* What --map and --ignore say about a column: 1 said, 0 not, -1. */
static int mapped(const struct columns *columns, struct str name, int *meaning,
		  struct err *err)
{
	const struct import_options *o = columns->options;

	for (size_t i = 0; i < o->map_count; i++) {
		if (!str_eq(name, o->maps[i].column))
			continue;
		*meaning = IGNORED;
		if (o->maps[i].field.len == 0)
			return 1;
		*meaning = find(columns, o->maps[i].field);
		if (*meaning == IGNORED)
			return unknown(columns, o->maps[i].field, "field", err);
		return 1;
	}
	return 0;
}

int columns_read(struct columns *columns, const struct str *fields,
		 size_t count, struct err *err)
{
	bool has_email = false;

	columns->count = count;
	for (size_t i = 0; i < count; i++) {
		struct str name = str_trim(fields[i]);
		int meaning = IGNORED;
		int said = mapped(columns, name, &meaning, err);

		if (said < 0)
			return -1;
		if (!said) {
			meaning = find(columns, name);
			if (meaning == IGNORED)
				return unknown(columns, name, "column", err);
		}
		columns->meaning[i] = meaning;
		has_email |= meaning == EMAIL;
	}
	if (has_email)
		return 0;
	err_set(err, ERR_INPUT, "the column 'email' is missing");
	return err_hint(err, "nothing was imported; name one with --map "
			     "COL=email");
}

/* --- values --------------------------------------------------------------- */

static int read_address(struct str text, struct import_row *row,
			struct err *err)
{
	const char *why = "";

	row->email = str_trim(text);
	if (address_ok(row->email, &why))
		return 0;
	return err_set(err, ERR_INPUT, "'" STR_FMT "' is not an address: %s",
		       STR_ARG(str_head(row->email, 100)), why);
}

static int read_state(struct str text, struct import_row *row,
		      struct err *err)
{
	if (text.len == 0)
		return 0;
	row->state = list_state_of(text);
	if (row->state != LIST_NONE)
		return 0;
	return err_set(err, ERR_INPUT,
		       "'" STR_FMT "' is not a state: pending, confirmed, "
		       "unsubscribed, bounced or complained",
		       STR_ARG(str_head(text, 60)));
}

static int read_joined(struct str text, struct import_row *row,
		       struct err *err)
{
	if (text.len == 0 || time_parse(text, &row->joined_at))
		return 0;
	return err_set(err, ERR_INPUT, "'" STR_FMT "' is not a date",
		       STR_ARG(str_head(text, 60)));
}

static bool is_number(struct str text)
{
	char copy[64];
	char *end;

	if (text.len == 0 || text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.at, text.len);
	copy[text.len] = 0;
	strtod(copy, &end);
	return *end == 0;
}

static int add_attribute(const struct import_options *o, size_t index,
			 struct str text, struct json *attributes,
			 struct err *err)
{
	const char *name = o->attributes[index].at;
	struct str type = o->attribute_types[index];
	int64_t number;

	if (text.len == 0)
		return 0;
	if (str_eqz(type, "number") && !is_number(text))
		return err_set(err, ERR_INPUT, "'%s' is a number, not '" STR_FMT
			       "'", name, STR_ARG(str_head(text, 60)));
	if (str_eqz(type, "date") && !time_parse(text, &number))
		return err_set(err, ERR_INPUT, "'%s' is a date, not '" STR_FMT
			       "'", name, STR_ARG(str_head(text, 60)));
	if (str_eqz(type, "bool") && !str_eqz(text, "true") &&
	    !str_eqz(text, "false"))
		return err_set(err, ERR_INPUT,
			       "'%s' is true or false, not '" STR_FMT "'", name,
			       STR_ARG(str_head(text, 60)));
	json_add_str(attributes, name, text);
	return 0;
}

/* "b; a;b" -> "a;b": sorted, each once. */
static int compare(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct str sorted(struct str tags, struct arena *arena)
{
	struct str all[64];
	struct str result = STR_NONE;
	size_t count = 0;

	while (tags.len > 0 && count < 64) {
		struct str tag = str_trim(str_cut(tags, ';', &tags));

		if (tag.len > 0)
			all[count++] = tag;
	}
	qsort(all, count, sizeof(*all), compare);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || !str_eq(all[i], all[i - 1]))
			result = arena_fmt(arena, STR_FMT "%s" STR_FMT,
					   STR_ARG(result),
					   result.len ? ";" : "",
					   STR_ARG(all[i]));
	return result;
}

static int read_cell(const struct columns *columns, int meaning,
		     struct str text, struct import_row *row,
		     struct json *attributes, struct err *err)
{
	text = str_trim(text);
	if (utf8_has_control(text) || memchr(text.at, 0, text.len))
		return err_set(err, ERR_INPUT,
			       "a control character or line break stands in a "
			       "field");
	if (meaning == EMAIL)
		return read_address(text, row, err);
	if (meaning == STATE)
		return read_state(text, row, err);
	if (meaning == JOINED)
		return read_joined(text, row, err);
	if (meaning >= (int)KNOWN)
		return add_attribute(columns->options,
				     (size_t)meaning - KNOWN, text, attributes,
				     err);
	*(struct str *)(void *)((char *)row + known[meaning].offset) = text;
	return 0;
}

static int read_cells(const struct columns *columns, const struct str *fields,
		      size_t count, struct import_row *row,
		      struct json *attributes, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		int meaning = columns->meaning[i];

		if (meaning != IGNORED &&
		    read_cell(columns, meaning, fields[i], row, attributes,
			      err) < 0)
			return -1;
	}
	return 0;
}

int columns_row(const struct columns *columns, const struct str *fields,
		size_t count, int64_t now, struct arena *arena,
		struct import_row *row_out, struct err *err)
{
	struct import_row row = { .email = STR_NONE,	  .name = STR_NONE,
				  .first_name = STR_NONE, .last_name = STR_NONE,
				  .language = STR_NONE,	  .tags = STR_NONE,
				  .lists = STR_NONE,	  .state = LIST_CONFIRMED,
				  .joined_at = now };
	struct json *attributes;
	struct buf text;
	int rc;

	if (count != columns->count) {
		err_set(err, ERR_INPUT, "%zu fields, but %zu columns", count,
			columns->count);
		return err_hint(err, "nothing was imported; put fields with a "
				     "comma in quotes");
	}
	attributes = json_map();
	rc = read_cells(columns, fields, count, &row, attributes, err);
	if (rc == 0) {
		buf_init(&text, 65536);
		json_line(attributes, &text);
		row.attributes = arena_dup(arena, str_trim(buf_str(&text)));
		buf_done(&text);
		row.tags = sorted(row.tags, arena);
		*row_out = row;
	}
	json_free(&attributes);
	return rc;
}
