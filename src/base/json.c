/* json.c - JSON over jansson: see base/json.h */
#include "base/json.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/time.h"
#include "base/utf8.h"

/* `struct json` is jansson's own value under our name: nothing of jansson
 * shows outside this file. */
static json_t *in(struct json *json)
{
	return (json_t *)(void *)json;
}

static json_t *look(const struct json *json)
{
	return (json_t *)(uintptr_t)json;
}

static struct json *out(json_t *json)
{
	if (!json)
		die("out of memory for JSON");
	return (struct json *)(void *)json;
}

struct json *json_map(void)
{
	return out(json_object());
}

struct json *json_list(void)
{
	return out(json_array());
}

void json_free(struct json **json)
{
	json_decref(in(*json));
	*json = NULL;
}

static void put(struct json *parent, const char *key, json_t *child)
{
	int rc = key ? json_object_set_new_nocheck(in(parent), key, child)
		     : json_array_append_new(in(parent), child);

	if (rc < 0)
		die("out of memory for JSON");
}

/* What is not UTF-8 would make the whole line invalid. */
static json_t *text_of(struct str text)
{
	struct buf clean;
	json_t *json;

	if (utf8_ok(text, NULL))
		return json_stringn_nocheck(text.at, text.len);
	buf_init(&clean, text.len * 3 + 1);
	while (text.len > 0) {
		size_t len;

		if (utf8_next(text, &len) == 0xFFFD)
			buf_addz(&clean, "\xEF\xBF\xBD");
		else
			buf_add(&clean, str_head(text, len));
		text = str_skip(text, len);
	}
	json = json_stringn_nocheck(clean.at, clean.len);
	buf_done(&clean);
	return json;
}

void json_add_str(struct json *map, const char *key, struct str text)
{
	put(map, key, text_of(text));
}

void json_add_int(struct json *map, const char *key, int64_t number)
{
	put(map, key, json_integer(number));
}

void json_add_real(struct json *map, const char *key, double number)
{
	put(map, key, isfinite(number) ? json_real(number) : json_null());
}

void json_add_bool(struct json *map, const char *key, bool truth)
{
	put(map, key, truth ? json_true() : json_false());
}

void json_add_null(struct json *map, const char *key)
{
	put(map, key, json_null());
}

void json_add_time(struct json *map, const char *key, int64_t ms)
{
	char text[TIME_RFC3339_MAX];

	if (ms == 0)
		json_add_null(map, key);
	else
		json_add_str(map, key, str_of(time_rfc3339(ms, text)));
}

void json_add(struct json *parent, const char *key, struct json **child)
{
	put(parent, key, in(*child));
	*child = NULL;
}

void json_push_str(struct json *list, struct str text)
{
	put(list, NULL, text_of(text));
}

void json_line(const struct json *json, struct buf *line)
{
	char *text = json_dumps(look(json), JSON_COMPACT | JSON_PRESERVE_ORDER);

	if (!text)
		die("out of memory for JSON");
	buf_addz(line, text);
	buf_byte(line, '\n');
	free(text);
}

int json_parse(struct str text, struct json **json_out, struct err *err)
{
	json_error_t problem;
	json_t *json = json_loadb(text.at ? text.at : "", text.len,
				  JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
				  &problem);

	if (!json) {
		err_set(err, ERR_INPUT, "not JSON: %s", problem.text);
		return err_place(err, "%d:%d", problem.line, problem.column);
	}
	*json_out = out(json);
	return 0;
}

const struct json *json_get(const struct json *map, const char *key)
{
	return (const struct json *)(void *)json_object_get(look(map), key);
}

bool json_str(const struct json *json, struct str *text_out)
{
	if (!json || !json_is_string(look(json)))
		return false;
	*text_out = str_at(json_string_value(look(json)),
			   json_string_length(look(json)));
	return true;
}

bool json_int(const struct json *json, int64_t *number_out)
{
	if (!json || !json_is_integer(look(json)))
		return false;
	*number_out = json_integer_value(look(json));
	return true;
}

size_t json_count(const struct json *list)
{
	return list ? json_array_size(look(list)) : 0;
}

const struct json *json_item(const struct json *list, size_t index)
{
	return (const struct json *)(void *)json_array_get(look(list), index);
}

enum json_kind json_kind(const struct json *json)
{
	switch (json_typeof(look(json))) {
	case JSON_OBJECT:
		return JSON_KIND_MAP;
	case JSON_ARRAY:
		return JSON_KIND_LIST;
	case JSON_STRING:
		return JSON_KIND_TEXT;
	case JSON_INTEGER:
	case JSON_REAL:
		return JSON_KIND_NUMBER;
	case JSON_TRUE:
	case JSON_FALSE:
		return JSON_KIND_BOOL;
	case JSON_NULL:
		break;
	}
	return JSON_KIND_NULL;
}

bool json_truth(const struct json *json)
{
	return json_is_true(look(json));
}

struct str json_number(const struct json *json, struct arena *arena)
{
	double number = json_real_value(look(json));
	struct str text = STR_NONE;

	if (json_is_integer(look(json)))
		return arena_fmt(arena, "%lld",
				 (long long)json_integer_value(look(json)));
	for (int digits = 1; digits <= 17; digits++) {
		text = arena_fmt(arena, "%.*g", digits, number);
		if (strtod(text.at, NULL) == number)
			break;
	}
	return text;
}

bool json_member(const struct json *map, void **at, struct str *key_out,
		 const struct json **value_out)
{
	*at = *at ? json_object_iter_next(look(map), *at)
		  : json_object_iter(look(map));
	if (!*at)
		return false;
	*key_out = str_at(json_object_iter_key(*at),
			  json_object_iter_key_len(*at));
	*value_out = (const struct json *)(void *)json_object_iter_value(*at);
	return true;
}
