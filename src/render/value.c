/* value.c - see render/template.h */
#include "base/nearest.h"
#include "value_priv.h"

/* Names offered for "did you mean": more than any publication has. */
#define NAMES_MAX 256

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

static void append(struct value *parent, struct value *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

void value_set(struct value *map, struct arena *arena, const char *name,
	       struct value *child)
{
	child->name = arena_dup(arena, str_of(name));
	append(map, child);
}

void value_push(struct value *list, struct arena *arena, struct value *child)
{
	(void)arena;
	append(list, child);
}

const struct value *value_get(const struct value *map, struct str name)
{
	if (map->kind != VALUE_MAP)
		return NULL;
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
