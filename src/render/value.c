/* value.c - see render/template.h */
#include "base/json.h"
#include "base/nearest.h"
#include "seen_priv.h"
#include "value_priv.h"

/* Names offered for "did you mean": more than any publication has. */
#define NAMES_MAX 256

/* Up to here a walk along the names is as fast as anything. */
#define WALKED_MAX 16

static struct value *make(struct arena *arena, enum value_kind kind)
{
	struct value *value = arena_new_of(arena, struct value);

	value->kind = kind;
	value->text = STR_NONE;
	return value;
}

struct value *value_map(struct arena *arena)
{
	return make(arena, VALUE_MAP);
}

struct value *value_list(struct arena *arena)
{
	return make(arena, VALUE_LIST);
}

struct value *value_text(struct arena *arena, struct str text)
{
	struct value *value = make(arena, VALUE_TEXT);

	value->text = text;
	return value;
}

struct value *value_bool(struct arena *arena, bool truth)
{
	struct value *value = make(arena, VALUE_BOOL);

	value->truth = truth;
	return value;
}

struct value *value_draft(struct arena *arena, const struct draft *draft)
{
	struct value *value = make(arena, VALUE_DRAFT);

	value->draft = draft;
	return value;
}

struct value *value_address(struct arena *arena, const struct draft *draft)
{
	struct value *value = value_draft(arena, draft);

	value->address = true;
	return value;
}

static void append(struct value *parent, struct value *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

/* `child` is in the map, the last of its name. */
static void keep_index(struct value *map, struct arena *arena,
		       struct value *child)
{
	if (map->index) {
		*seen_at(map->index, child->name) = child;
		return;
	}
	if (++map->count <= WALKED_MAX)
		return;
	map->index = seen_new(arena);
	for (struct value *v = map->first; v; v = v->next)
		*seen_at(map->index, v->name) = v;
}

void value_set(struct value *map, struct arena *arena, const char *name,
	       struct value *child)
{
	struct value *at = map->first;
	struct value *before = NULL;

	child->name = arena_dup(arena, str_of(name));
	while (at && !str_eq(at->name, child->name)) {
		before = at;
		at = at->next;
	}
	if (!at) {
		append(map, child);
		keep_index(map, arena, child);
		return;
	}
	child->next = at->next;
	if (before)
		before->next = child;
	else
		map->first = child;
	if (map->last == at)
		map->last = child;
	if (map->index)
		*seen_at(map->index, child->name) = child;
}

/* JSON has refused a second member of a name. */
static struct value *map_of(struct arena *arena, const struct json *json)
{
	struct value *map = value_map(arena);
	const struct json *member;
	void *at = NULL;
	struct str key;

	while (json_member(json, &at, &key, &member)) {
		struct value *child = value_json(arena, member);

		child->name = arena_dup(arena, key);
		append(map, child);
		keep_index(map, arena, child);
	}
	return map;
}

static struct value *list_of(struct arena *arena, const struct json *json)
{
	struct value *list = value_list(arena);

	for (size_t i = 0; i < json_count(json); i++)
		append(list, value_json(arena, json_item(json, i)));
	return list;
}

struct value *value_json(struct arena *arena, const struct json *json)
{
	struct str text = STR_NONE;

	switch (json_kind(json)) {
	case JSON_KIND_MAP:
		return map_of(arena, json);
	case JSON_KIND_LIST:
		return list_of(arena, json);
	case JSON_KIND_BOOL:
		return value_bool(arena, json_truth(json));
	case JSON_KIND_NUMBER:
		return value_text(arena, json_number(json, arena));
	case JSON_KIND_TEXT:
		json_str(json, &text);
		return value_text(arena, arena_dup(arena, text));
	case JSON_KIND_NULL:
		break;
	}
	return value_text(arena, STR_NONE);
}

void value_push(struct value *list, struct value *child)
{
	append(list, child);
}

const struct value *value_get(const struct value *map, struct str name)
{
	if (map->kind != VALUE_MAP)
		return NULL;
	if (map->index)
		return seen_get(map->index, name);
	for (const struct value *v = map->first; v; v = v->next)
		if (str_eq(v->name, name))
			return v;
	return NULL;
}

const struct value *scope_find(const struct scope *scope, struct str name)
{
	const struct value *found = NULL;
	struct str rest;
	struct str head;

	if (str_eqz(name, "."))
		return scope->value;
	head = str_cut(name, '.', &rest);
	for (; scope && !found; scope = scope->outer)
		found = value_get(scope->value, head);
	while (found && rest.len > 0) {
		head = str_cut(rest, '.', &rest);
		found = value_get(found, head);
	}
	return found;
}

/* Add the names of `map` to `names`, those of maps inside it with a dot. */
static size_t gather(const struct value *map, struct str prefix,
		     struct arena *arena, struct str *names, size_t count)
{
	for (const struct value *v = map->first; v && count < NAMES_MAX;
	     v = v->next) {
		struct str full = v->name;

		if (prefix.len > 0)
			full = arena_fmt(arena, STR_FMT "." STR_FMT,
					 STR_ARG(prefix), STR_ARG(v->name));
		if (v->kind == VALUE_MAP && prefix.len == 0)
			count = gather(v, full, arena, names, count);
		else
			names[count++] = full;
	}
	return count;
}

struct str scope_nearest(const struct scope *scope, struct str name,
			 struct arena *arena)
{
	struct str *names = arena_many(arena, struct str, NAMES_MAX);
	size_t count = 0;

	for (; scope && count < NAMES_MAX; scope = scope->outer)
		if (scope->value->kind == VALUE_MAP)
			count = gather(scope->value, STR_NONE, arena, names,
				       count);
	return nearest(name, names, count);
}

bool value_is_true(const struct value *value)
{
	switch (value->kind) {
	case VALUE_MAP:
	case VALUE_DRAFT:
		return true;
	case VALUE_LIST:
		return value->first != NULL;
	case VALUE_TEXT:
		return value->text.len > 0;
	case VALUE_BOOL:
		return value->truth;
	}
	return false;
}
