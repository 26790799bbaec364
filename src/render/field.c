/* field.c - one merge field: what it asks for and where it may stand */
#include "base/nearest.h"
#include "base/utf8.h"
#include "field_priv.h"
#include "filter_priv.h"
#include "slot_priv.h"

#define SUBSCRIBER STR("subscriber.")

static const struct str reader_fields[] = {
#define X(name, text) [FIELD_##name] = STR(text),
	FIELDS(X)
#undef X
};

/* Those that an author may name: what follows TO is of the letter's making. */
#define AUTHOR_FIELDS ((size_t)FIELD_TO)

/* --- the reader's fields -------------------------------------------------- */

static int attribute_of(struct str name, struct fields_known *fields,
			enum field *field_out, struct err *err)
{
	size_t i;

	for (i = 0; i < fields->declared_count; i++)
		if (str_eq(fields->declared[i], name))
			break;
	if (i == fields->declared_count)
		return 0;
	for (i = 0; i < fields->used_count; i++)
		if (str_eq(fields->used[i], name))
			break;
	if (i == FIELD_ATTRIBUTES_MAX)
		return err_set(err, ERR_INPUT,
			       "more than %d attributes in one issue",
			       FIELD_ATTRIBUTES_MAX);
	if (i == fields->used_count)
		fields->used[fields->used_count++] = name;
	*field_out = (enum field)((size_t)FIELD_ATTRIBUTE + i);
	return 1;
}

int field_of_reader(struct str name, struct fields_known *fields,
		    enum field *field_out, struct err *err)
{
	for (size_t i = 0; i < AUTHOR_FIELDS; i++) {
		if (str_eq(name, reader_fields[i])) {
			*field_out = (enum field)i;
			return 1;
		}
	}
	if (!str_starts(name, SUBSCRIBER))
		return 0;
	return attribute_of(str_skip(name, SUBSCRIBER.len), fields, field_out,
			    err);
}

/* A default may be the whole of an address: then it must be a harmless one. */
static int check_address(struct str standard, struct err *err)
{
	static const struct str begins[] = { STR("https://"), STR("http://"),
					     STR("mailto:") };

	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++)
		if (str_starts_nocase(standard, begins[i]))
			return 0;
	if (standard.len == 0)
		return 0;
	err_set(err, ERR_INPUT, "'" STR_FMT "' is no address for a letter",
		STR_ARG(str_head(standard, 60)));
	return err_hint(err, "a default here begins with https:// or mailto:");
}

/* The words of a slot are cut; an author's own are refused instead. */
static int check_length(struct str standard, struct err *err)
{
	size_t chars = 0;

	while (standard.len > 0) {
		size_t len;

		utf8_next(standard, &len);
		standard = str_skip(standard, len);
		chars++;
	}
	if (chars <= SLOT_CHARS)
		return 0;
	err_set(err, ERR_INPUT, "a default of %zu characters: at most %d fit",
		chars, SLOT_CHARS);
	return err_hint(err, "write a shorter one");
}

static bool is_ours(enum field field)
{
	return field == FIELD_UNSUBSCRIBE || field == FIELD_PREFERENCES ||
	       field == FIELD_ANSWERS;
}

static int check_subject(const struct field_expr *expr, enum field field,
			 struct err *err)
{
	if (is_ours(field))
		return err_set(err, ERR_INPUT,
			       "a reader's own link may not stand in a header");
	if (str_trim(expr->standard).len > 0)
		return 0;
	err_set(err, ERR_INPUT,
		"'" STR_FMT "' in a subject has no default for readers without "
		"it",
		STR_ARG(expr->name));
	return err_hint(err, "write {{" STR_FMT " | default \"friend\"}}",
			STR_ARG(expr->name));
}

int field_slot(const struct field_expr *expr, enum field field,
	       enum slot_context context, struct draft *draft, struct err *err)
{
	bool ours = is_ours(field);
	struct str filters = expr->filters;

	if (context == SLOT_URL)
		filters = filter_in_address(filters, draft_arena(draft));
	if (ours && filters.len > 0)
		return err_set(err, ERR_INPUT,
			       "'" STR_FMT "' takes no filter but default",
			       STR_ARG(expr->name));
	if (check_length(expr->standard, err) < 0)
		return -1;
	if (context == SLOT_HEADER && check_subject(expr, field, err) < 0)
		return -1;
	if (context == SLOT_HREF && !ours) {
		err_set(err, ERR_INPUT,
			"a reader's field may not be a whole address");
		return err_hint(err, "let the address begin with https:// and "
				     "the field stand behind it");
	}
	if (ours && (context == SLOT_HREF || context == SLOT_HTML)) {
		context = SLOT_HREF;
		if (check_address(expr->standard, err) < 0)
			return -1;
	}
	draft_slot(draft, field, context, filters, expr->standard);
	return 0;
}

/* links.*, and by their names those of our own that are whole addresses. */
static bool is_address(struct str name)
{
	struct str last = name;
	struct str rest = name;

	while (rest.len > 0)
		last = str_cut(rest, '.', &rest);
	return str_starts(name, STR("links.")) || str_eqz(last, "url") ||
	       str_eqz(last, "src") || str_ends(last, STR("_url"));
}

int field_known(const struct field_expr *expr, const struct value *value,
		enum slot_context context, struct arena *arena,
		struct str *text_out, struct err *err)
{
	struct str text = value->text;
	struct str filters;

	if (value->kind != VALUE_TEXT)
		return err_set(err, ERR_INPUT,
			       "'" STR_FMT "' is not a single text",
			       STR_ARG(expr->name));
	if (context == SLOT_HREF && !is_address(expr->name)) {
		err_set(err, ERR_INPUT,
			"'" STR_FMT "' may not be a whole address",
			STR_ARG(expr->name));
		return err_hint(err, "links.*, issue.url and publication.url "
				     "may; let others stand behind https://");
	}
	if (text.len == 0) {
		text = expr->standard;
		if (context == SLOT_HREF && check_address(text, err) < 0)
			return -1;
	}
	filters = expr->filters;
	if (context == SLOT_URL)
		filters = filter_in_address(filters, arena);
	text = filter_apply(filters, text, arena);
	*text_out = slot_escaped(text, context, arena);
	return 0;
}

/* {{first_name}}, as other programs have it: the reader's. */
static struct str of_reader(struct str name, const struct str *names,
			    size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_starts(names[i], STR("subscriber.")) &&
		    str_eq_nocase(str_skip(names[i], 11), name))
			return names[i];
	return STR_NONE;
}

int field_unknown(struct str name, const struct field_source *from,
		  struct err *err)
{
	const struct fields_known *fields = from->fields;
	struct arena *arena = from->arena;
	size_t room = AUTHOR_FIELDS + fields->declared_count + 1;
	struct str *names = arena_many(arena, struct str, room);
	size_t count = 0;
	struct str guess;

	for (size_t i = 0; i < AUTHOR_FIELDS; i++)
		names[count++] = reader_fields[i];
	for (size_t i = 0; i < fields->declared_count; i++)
		names[count++] = arena_fmt(arena, "subscriber." STR_FMT,
					   STR_ARG(fields->declared[i]));
	guess = scope_nearest(from->scope, name, arena);
	if (guess.len > 0)
		names[count++] = guess;
	guess = of_reader(name, names, count);
	if (guess.len == 0)
		guess = nearest(name, names, count);
	err_set(err, ERR_INPUT, "there is no merge field '" STR_FMT "'",
		STR_ARG(str_head(name, 80)));
	if (guess.len > 0)
		return err_hint(err, "did you mean '" STR_FMT "'?",
				STR_ARG(guess));
	return err_hint(err, "fields are subscriber.*, links.*, issue.* and "
			     "publication.*; attributes are declared in "
			     "tidings.yaml");
}
