/* list_csv_fuzz.c - any file at all as a list of people
 *
 * A row that is accepted is UTF-8 without controls, its address is safe
 * between < and >, its tags are sorted and its attributes are JSON; what is
 * refused has a reason and the line.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/json.h"
#include "base/utf8.h"
#include "list/list_priv.h"
#include "mail/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct str attributes[] = { STR("plan"), STR("age"), STR("since"),
					 STR("vip") };
static const struct str types[] = { STR("text"), STR("number"), STR("date"),
				    STR("bool") };
static const struct import_map maps[] = { { STR("Mail"), STR("email") },
					  { STR("Notes"), STR("") } };
static const struct import_options options = {
	.maps = maps,
	.map_count = 2,
	.attributes = attributes,
	.attribute_types = types,
	.attribute_count = 4,
};

struct reading {
	struct columns columns;
	struct arena *arena;
	bool begun;
	int line;
};

static void check_address(struct str address, struct arena *arena)
{
	const struct str forms[] = { address, address_wire(arena, address),
				     address_key(arena, address) };

	assert(address_ok(address, NULL));
	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < forms[i].len; j++) {
			unsigned char c = (unsigned char)forms[i].at[j];

			assert(c > ' ' && c != 0x7f && c != '<' && c != '>');
		}
}

static void check_attributes(struct str text)
{
	struct err err = ERR_INIT;
	struct json *json;

	if (text.len == 0)
		return;
	assert(json_parse(text, &json, &err) == 0);
	json_free(&json);
}

static void check_row(const struct import_row *row, struct arena *arena)
{
	const struct str texts[] = { row->email,      row->name,
				     row->first_name, row->last_name,
				     row->language,   row->tags,
				     row->lists,      row->attributes };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert(utf8_ok(texts[i], NULL));
		assert(!utf8_has_control(texts[i]));
	}
	check_address(row->email, arena);
	check_attributes(row->attributes);
	assert(row->name.len <= LIST_NAME_MAX);
	assert(row->language.len <= LIST_NAME_MAX);
	assert(str_eq(tags_sorted(row->tags, arena), row->tags));
	assert(row->state > LIST_NONE && row->state < LIST_STATE_COUNT);
}

static int on_record(void *arg, int line, const struct str *fields,
		     size_t count, struct err *err)
{
	struct reading *r = arg;
	struct import_row row;

	assert(line > r->line && count > 0);
	r->line = line;
	arena_reset(r->arena);
	if (!r->begun) {
		r->begun = true;
		if (columns_is_header(fields, count))
			return columns_read(&r->columns, fields, count, err);
		columns_plain(&r->columns);
	}
	if (columns_row(&r->columns, fields, count, r->arena, &row, err) < 0)
		return -1;
	check_row(&row, r->arena);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading r = { .columns.options = &options };
	struct csv_events events = { on_record, &r };
	struct err err = ERR_INIT;
	FILE *in;

	if (size == 0)
		return 0;
	in = fmemopen((void *)(uintptr_t)data, size, "r");
	assert(in);
	r.arena = arena_new("fuzzing", (size_t)4 << 20);
	if (csv_read_stream(in, "x.csv", &events, &err) < 0) {
		assert(err.code == ERR_INPUT);
		assert(err.message[0]);
		assert(str_starts(str_of(err.place), STR("x.csv:")));
	}
	arena_free(&r.arena);
	fclose(in);
	return 0;
}
