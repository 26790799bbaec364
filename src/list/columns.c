/* columns.c - what the columns of a list mean, and whether a row is right */
#include <stdlib.h>

#include "base/json.h"
#include "base/nearest.h"
#include "base/time.h"
#include "base/utf8.h"
#include "list_priv.h"
#include "mail/address.h"

#define NUMBER_MAX 63

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
enum { EMAIL = 0, LISTS = 6, STATE = 7, JOINED = 8 };

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

/* As spreadsheets head them: "First Name" and "first-name" are first_name. */
static bool is_same(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		bool gap = strchr(" -_", a.at[i]) && strchr(" -_", b.at[i]);

		if (!(gap && a.at[i] && b.at[i]) &&
		    !str_eq_nocase(str_at(a.at + i, 1), str_at(b.at + i, 1)))
			return false;
	}
	return true;
}

static int find(const struct columns *columns, struct str name)
{
	const struct import_options *o = columns->options;

	for (size_t i = 0; i < sizeof(email_names) / sizeof(*email_names); i++)
		if (is_same(name, email_names[i]))
			return EMAIL;
	for (size_t i = 0; i < KNOWN; i++)
		if (is_same(name, known[i].name))
			return (int)i;
	/* Two attributes may differ in nothing but that. */
	for (size_t i = 0; i < o->attribute_count; i++)
		if (str_eq(name, o->attributes[i]))
			return (int)(KNOWN + i);
	for (size_t i = 0; i < o->attribute_count; i++)
		if (is_same(name, o->attributes[i]))
			return (int)(KNOWN + i);
	return IGNORED;
}

/* What a spreadsheet writes where the comma stands in numbers. */
static bool parted_otherwise(struct str name)
{
	return str_find(name, ';') >= 0 || str_find(name, '\t') >= 0;
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
	if (parted_otherwise(name))
		return err_hint(err, "columns are parted by commas: save the "
				     "list as CSV with ',' between them");
	return err_hint(err,
			"%s" STR_FMT "%sname it with --map COL=FIELD, leave it "
			"out with --ignore COL, or declare it under "
			"'attributes:' in tidings.yaml",
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

/* Two columns of one meaning would leave it to chance which counts. */
static int check_once(const struct columns *columns, const struct str *fields,
		      size_t at, struct err *err)
{
	if (columns->meaning[at] == IGNORED)
		return 0;
	for (size_t i = 0; i < at; i++) {
		if (columns->meaning[i] != columns->meaning[at])
			continue;
		err_set(err, ERR_INPUT,
			"the columns '" STR_FMT "' and '" STR_FMT
			"' mean the same",
			STR_ARG(str_head(str_trim(fields[i]), 60)),
			STR_ARG(str_head(str_trim(fields[at]), 60)));
		return err_hint(err, "leave one out "
				     "with --ignore COL");
	}
	return 0;
}

static int read_column(const struct columns *columns, struct str name,
		       int *meaning, struct err *err)
{
	int said = mapped(columns, name, meaning, err);

	if (said != 0)
		return said < 0 ? -1 : 0;
	*meaning = find(columns, name);
	if (*meaning == IGNORED)
		return unknown(columns, name, "column", err);
	return 0;
}

int columns_read(struct columns *columns, const struct str *fields,
		 size_t count, struct err *err)
{
	bool has_email = false;

	columns->count = count;
	for (size_t i = 0; i < count; i++) {
		int *meaning = &columns->meaning[i];

		if (read_column(columns, str_trim(fields[i]), meaning, err) <
			    0 ||
		    check_once(columns, fields, i, err) < 0)
			return -1;
		has_email |= *meaning == EMAIL;
		columns->has_lists |= *meaning == LISTS;
		columns->has_attributes |= *meaning >= (int)KNOWN;
	}
	if (has_email)
		return 0;
	err_set(err, ERR_INPUT, "the column 'email' is missing");
	return err_hint(err, "name one with --map "
			     "COL=email");
}

void columns_plain(struct columns *columns)
{
	columns->plain = true;
	columns->count = 1;
	columns->meaning[0] = EMAIL;
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

static int read_state(struct str text, struct import_row *row, struct err *err)
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

static int read_joined(struct str text, struct import_row *row, struct err *err)
{
	if (text.len == 0 || time_parse(text, &row->joined_at))
		return 0;
	return err_set(err, ERR_INPUT, "'" STR_FMT "' is not a date",
		       STR_ARG(str_head(text, 60)));
}

static bool skip_digits(struct str *s)
{
	size_t before = s->len;

	while (s->len > 0 && s->at[0] >= '0' && s->at[0] <= '9')
		*s = str_skip(*s, 1);
	return s->len < before;
}

static bool skip_one_of(struct str *s, const char *bytes)
{
	if (s->len == 0 || !s->at[0] || !strchr(bytes, s->at[0]))
		return false;
	*s = str_skip(*s, 1);
	return true;
}

/* Decimal, as people and programs write it. Not strtod(): it takes "nan" and
 * "0x1p3", and in some countries no point. */
static bool is_number(struct str text)
{
	bool any;

	if (text.len > NUMBER_MAX)
		return false;
	skip_one_of(&text, "+-");
	any = skip_digits(&text);
	if (skip_one_of(&text, "."))
		any |= skip_digits(&text);
	if (any && skip_one_of(&text, "eE")) {
		skip_one_of(&text, "+-");
		any = skip_digits(&text);
	}
	return any && text.len == 0;
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
		return err_set(err, ERR_INPUT,
			       "'%s' is a number, not '" STR_FMT "'", name,
			       STR_ARG(str_head(text, 60)));
	if (str_eqz(type, "date") && !time_parse(text, &number))
		return err_set(err, ERR_INPUT,
			       "'%s' is a date, not '" STR_FMT "'", name,
			       STR_ARG(str_head(text, 60)));
	if (str_eqz(type, "bool") && !str_eqz(text, "true") &&
	    !str_eqz(text, "false"))
		return err_set(err, ERR_INPUT,
			       "'%s' is true or false, not '" STR_FMT "'", name,
			       STR_ARG(str_head(text, 60)));
	json_add_str(attributes, name, text);
	return 0;
}

static int compare(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct str tags_sorted(struct str tags, struct arena *arena)
{
	size_t room = 1, count = 0;
	struct str *all;
	char *out;
	size_t len = 0;

	for (size_t i = 0; i < tags.len; i++)
		room += tags.at[i] == ';';
	all = arena_many(arena, struct str, room);
	out = arena_take(arena, tags.len + 1);
	while (tags.len > 0) {
		struct str tag = str_trim(str_cut(tags, ';', &tags));

		if (tag.len > 0)
			all[count++] = tag;
	}
	qsort(all, count, sizeof(*all), compare);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && str_eq(all[i], all[i - 1]))
			continue;
		if (len > 0)
			out[len++] = ';';
		memcpy(out + len, all[i].at, all[i].len);
		len += all[i].len;
	}
	return str_at(out, len);
}

bool cell_is_formula(struct str cell)
{
	while (cell.len > 1 && cell.at[0] == '\'')
		cell = str_skip(cell, 1);
	return cell.len > 0 && cell.at[0] && strchr("=+-@\t\r", cell.at[0]);
}

/* What stands in a cell, without what an export put before it. */
static struct str bare(struct str cell)
{
	cell = str_trim(cell);
	if (cell.len > 0 && cell.at[0] == '\'' && cell_is_formula(cell))
		return str_skip(cell, 1);
	return cell;
}

static int read_cell(const struct columns *columns, int meaning,
		     struct str text, struct import_row *row,
		     struct json *attributes, struct err *err)
{
	text = bare(text);
	if (utf8_has_control(text))
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
		return add_attribute(columns->options, (size_t)meaning - KNOWN,
				     text, attributes, err);
	if (meaning != LISTS &&
	    person_text_ok(known[meaning].name.at, text, err) < 0)
		return -1;
	*(struct str *)(void *)((char *)row + known[meaning].offset) = text;
	return 0;
}

static int read_cells(const struct columns *columns, const struct str *fields,
		      size_t count, struct import_row *row,
		      struct json *attributes, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		int meaning = columns->meaning[i];

		if (meaning != IGNORED && read_cell(columns, meaning, fields[i],
						    row, attributes, err) < 0)
			return -1;
	}
	return 0;
}

static int wrong_count(const struct columns *columns, size_t count,
		       struct err *err)
{
	err_set(err, ERR_INPUT, "%zu field%s, but %zu column%s", count,
		count == 1 ? "" : "s", columns->count,
		columns->count == 1 ? "" : "s");
	if (columns->plain)
		return err_hint(err, "a file of several "
				     "columns begins with their names");
	return err_hint(err, "a field with a comma in "
			     "it stands in quotes");
}

static struct str packed(const struct json *attributes, struct arena *arena)
{
	struct str text = STR_NONE;
	struct buf line;

	/* A record of a file, every byte escaped. */
	buf_init(&line, 8 * CSV_RECORD_MAX);
	json_line(attributes, &line);
	if (!str_eqz(str_trim(buf_str(&line)), "{}"))
		text = arena_dup(arena, str_trim(buf_str(&line)));
	buf_done(&line);
	return text;
}

int columns_row(const struct columns *columns, const struct str *fields,
		size_t count, struct arena *arena, struct import_row *row_out,
		struct err *err)
{
	struct json *attributes = NULL;
	struct import_row row = { .email = STR_NONE,
				  .name = STR_NONE,
				  .first_name = STR_NONE,
				  .last_name = STR_NONE,
				  .language = STR_NONE,
				  .tags = STR_NONE,
				  .lists = STR_NONE,
				  .attributes = STR_NONE,
				  .state = LIST_CONFIRMED };
	int rc;

	if (count != columns->count)
		return wrong_count(columns, count, err);
	if (columns->has_attributes)
		attributes = json_map();
	rc = read_cells(columns, fields, count, &row, attributes, err);
	if (rc == 0) {
		if (attributes)
			row.attributes = packed(attributes, arena);
		row.tags = tags_sorted(row.tags, arena);
		*row_out = row;
	}
	if (attributes)
		json_free(&attributes);
	return rc;
}
