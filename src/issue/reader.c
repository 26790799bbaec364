/* reader.c - one person as a letter addresses them: see issue/reader.h */
#include "issue/reader.h"

#include "base/json.h"
#include "base/time.h"
#include "letter/letter.h"

/* The value of attribute `name`, as the freeze would store it. */
static struct str attribute_of(const struct json *attributes, struct str name,
			       struct arena *arena)
{
	const struct json *value = json_get(attributes, arena_z(arena, name));
	struct str text;
	int64_t number;

	if (!value)
		return STR_NONE;
	if (json_str(value, &text))
		return arena_dup(arena, text);
	if (json_int(value, &number))
		return arena_fmt(arena, "%lld", (long long)number);
	return STR_NONE;
}

/* "a;b" -> "a, b", as letters show them. */
static struct str spaced(struct str tags, struct arena *arena)
{
	struct str all = STR_NONE;

	while (tags.len > 0) {
		struct str tag = str_cut(tags, ';', &tags);

		all = arena_fmt(arena, STR_FMT "%s" STR_FMT, STR_ARG(all),
				all.len ? ", " : "", STR_ARG(tag));
	}
	return all;
}

/* In the order of struct letter_reader's fields. */
static int fields_of(const struct subscriber *who,
		     const struct letter_form *form, struct arena *arena,
		     struct str *fields_out, struct err *err)
{
	char joined[TIME_RFC3339_MAX] = "";
	struct str tags = spaced(who->tags, arena);
	const struct str *names;
	struct json *attributes;
	struct str all;
	size_t count;

	if (who->joined_at > 0)
		time_rfc3339(who->joined_at, joined);
	joined[joined[0] ? 10 : 0] = 0;
	all = arena_fmt(arena,
			STR_FMT "\x1f" STR_FMT "\x1f" STR_FMT "\x1f" STR_FMT
				"\x1f%s\x1f" STR_FMT,
			STR_ARG(who->name), STR_ARG(who->first_name),
			STR_ARG(who->last_name), STR_ARG(who->language), joined,
			STR_ARG(tags));
	names = letter_form_attributes(form, &count);
	if (json_parse(who->attributes, &attributes, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct str value = attribute_of(attributes, names[i], arena);

		all = arena_fmt(arena, STR_FMT "\x1f" STR_FMT, STR_ARG(all),
				STR_ARG(value));
	}
	json_free(&attributes);
	*fields_out = all;
	return 0;
}

static int reader_of(const struct issue *issue, const struct subscriber *who,
		     struct arena *arena, struct issue_reader *out,
		     struct err *err)
{
	const struct letter_form *form;

	out->id = who->id;
	out->address = who->address;
	if (letter_form_open(issue->form, arena, &form, err) < 0)
		return -1;
	return fields_of(who, form, arena, &out->fields, err);
}

/* The number of the issue's list, and why the letter would not go to them. */
static int look_at_list(struct list *list, struct str key,
			const struct subscriber *who, struct arena *arena,
			struct issue_reader *out, struct err *err)
{
	struct subscription *on;
	struct err none = ERR_INIT;
	size_t count;

	/* A list that nobody was ever on has no number yet. */
	if (list_id(list, key, false, &out->list_id, &none) < 0 &&
	    none.code != ERR_MISSING) {
		*err = none;
		return -1;
	}
	if (list_subscriptions(list, who->id, arena, &on, &count, err) < 0)
		return -1;
	out->spared = "not on that list";
	for (size_t i = 0; i < count; i++)
		if (str_eq(on[i].list, key))
			out->spared = on[i].state == LIST_CONFIRMED
					      ? NULL
					      : list_state_name(on[i].state);
	if (who->suppressed.len > 0)
		out->spared = "suppressed";
	return 0;
}

int issue_anybody(const struct issue *issue, struct str address,
		  struct arena *arena, struct issue_reader *out,
		  struct err *err)
{
	const struct subscriber nobody = {
		.address = arena_dup(arena, address),
		.name = STR_NONE,
		.first_name = STR_NONE,
		.last_name = STR_NONE,
		.language = STR_NONE,
		.tags = STR_NONE,
		.attributes = STR("{}"),
	};

	*out = (struct issue_reader){ 0 };
	return reader_of(issue, &nobody, arena, out, err);
}

int issue_subscriber(const struct issue *issue, struct list *list,
		     struct str address, struct arena *arena,
		     struct issue_reader *out, struct err *err)
{
	struct subscriber who;

	*out = (struct issue_reader){ 0 };
	if (list_find(list, address, arena, &who, err) < 0 ||
	    look_at_list(list, issue->list->key, &who, arena, out, err) < 0)
		return -1;
	return reader_of(issue, &who, arena, out, err);
}
