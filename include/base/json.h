/* json.h - JSON out, one value a line, and JSON in, bounded
 *
 * The one owner of jansson. Text that is not UTF-8 is written with U+FFFD in
 * place of what is broken, so that a line is always valid JSON.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct json;

/* Empty ones, owned by the caller. */
struct json *json_map(void);
struct json *json_list(void);
void json_free(struct json **json);

/* Add a member; keys keep the order in which they came. */
void json_add_str(struct json *map, const char *key, struct str text);
void json_add_int(struct json *map, const char *key, int64_t number);
/* Null when it is no finite number: JSON has no word for those. */
void json_add_real(struct json *map, const char *key, double number);
void json_add_bool(struct json *map, const char *key, bool truth);
void json_add_null(struct json *map, const char *key);
/* UTC milliseconds as RFC 3339; null when `ms` is 0. */
void json_add_time(struct json *map, const char *key, int64_t ms);
/* Takes *child over and clears it. A NULL key appends to a list. */
void json_add(struct json *parent, const char *key, struct json **child);
void json_push_str(struct json *list, struct str text);

/* Compact, no line feed inside, one appended behind. */
void json_line(const struct json *json, struct buf *out);

/* Parse one value of any kind (the nesting is bounded by jansson, a name may
 * not stand twice in a map). ERR_INPUT with line and column as the place. */
int json_parse(struct str text, struct json **json_out, struct err *err);

/* Looking into what was parsed; borrowed, NULL or false when not there. */
const struct json *json_get(const struct json *map, const char *key);
bool json_str(const struct json *json, struct str *text_out);
bool json_int(const struct json *json, int64_t *number_out);
size_t json_count(const struct json *list);
const struct json *json_item(const struct json *list, size_t index);

enum json_kind {
	JSON_KIND_NULL, JSON_KIND_BOOL, JSON_KIND_NUMBER, JSON_KIND_TEXT,
	JSON_KIND_LIST, JSON_KIND_MAP
};
/* What it is; whether it is `true`. */
enum json_kind json_kind(const struct json *json);
bool json_truth(const struct json *json);
/* A number as it would be written, with as few digits as give it back. */
struct str json_number(const struct json *json, struct arena *arena);

/* A map's members in their order. Begin with *at NULL; false at the end. */
bool json_member(const struct json *map, void **at, struct str *key_out,
		 const struct json **value_out);

#endif
