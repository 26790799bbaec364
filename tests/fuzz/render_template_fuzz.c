/* render_template_fuzz.c - any bytes as a template, a condition and a filter
 *
 * A template runs and gives the same twice, or says where and why it does not.
 * What is no tag comes out as it went in. A condition and a chain of filters
 * that are taken can stand in a merge program and be run.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "render/condition_priv.h"
#include "render/filter_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define VALUES                                                            \
	"{\"a\":\"<x>\",\"b\":true,\"c\":[1,{\"a\":2},\"y\"],\"d\":null," \
	"\"e\":{\"f\":{\"g\":\"2026-05-02\"}},\"n\":1.5}"

static const struct str declared[] = { STR("plan") };

static struct value *values(struct arena *arena)
{
	struct err err = ERR_INIT;
	struct value *made;
	struct json *json;

	assert(json_parse(STR(VALUES), &json, &err) == 0);
	made = value_json(arena, json);
	json_free(&json);
	return made;
}

/* False: it was refused, with a place and a reason. */
static bool run(struct str text, struct arena *arena, struct str *out)
{
	struct draft *draft = draft_new(arena);
	struct err err = ERR_INIT;

	if (template_plain(text, "t", NULL, values(arena), arena, draft, &err) <
	    0) {
		assert(err.code == ERR_INPUT && err.message[0]);
		assert(str_starts(str_of(err.place), STR("t:")));
		return false;
	}
	*out = draft_plain(draft, arena);
	return true;
}

static void check_template(struct str text, struct arena *arena)
{
	struct str once, again;

	if (!run(text, arena, &once)) {
		assert(!run(text, arena, &again));
		return;
	}
	assert(run(text, arena, &again) && str_eq(once, again));
	if (str_find_str(text, STR("{{")) < 0)
		assert(str_eq(once, text));
}

static void check_condition(struct str text, struct arena *arena)
{
	struct scope scope = { values(arena), NULL };
	struct fields_known fields = { .declared = declared,
				       .declared_count = 1 };
	struct field_source from = { &scope, &fields, arena, false };
	struct str readers[FIELD_MAX];
	struct err err = ERR_INIT;
	struct str test, inverse;

	for (size_t i = 0; i < FIELD_MAX; i++)
		readers[i] = i % 2 ? STR("pro") : STR_NONE;
	if (condition_parse(text, true, &from, &test, &err) < 0) {
		assert(err.message[0]);
		return;
	}
	assert(condition_ok(test));
	assert(condition_parse(text, false, &from, &inverse, &err) == 0);
	assert(condition_ok(inverse));
	assert(condition_holds(test, readers) !=
	       condition_holds(inverse, readers));
	assert(condition_holds(test, NULL) != condition_holds(inverse, NULL));
	assert(condition_is_decided(test) == (condition_fields(test) == 0));
}

static void check_filter(struct str text, struct arena *arena)
{
	struct err err = ERR_INIT;
	struct buf chain;

	buf_init(&chain, FILTER_BYTES);
	if (filter_parse(text, NULL, &chain, &err) == 1) {
		assert(filter_ok(buf_str(&chain)));
		filter_apply(buf_str(&chain), STR("2026-05-02"), arena);
		filter_apply(buf_str(&chain), text, arena);
	}
	/* As a program's blob has them, any bytes at all. */
	if (filter_ok(text))
		filter_apply(text, STR("2026-05-02"), arena);
	if (condition_ok(text))
		condition_holds(text, NULL);
	buf_done(&chain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena *arena = arena_new("fuzzing", (size_t)1 << 29);

	check_template(text, arena);
	check_condition(text, arena);
	check_filter(text, arena);
	arena_free(&arena);
	return 0;
}
