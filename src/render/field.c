/* field.c - one merge field: what it asks for and where it may stand */
#include "base/nearest.h"
#include "base/utf8.h"
#include "field_priv.h"
#include "slot_priv.h"

#define SUBSCRIBER STR("subscriber.")

static const struct str reader_fields[] = {
#define X(name, text) [FIELD_##name] = STR(text),
	FIELDS(X)
#undef X
};

/* Those that an author may name: what follows TO is of the letter's making. */
#define AUTHOR_FIELDS ((size_t)FIELD_TO)

static const struct {
	struct str name;
	enum slot_filter filter;
} filters[] = {
	{ STR("upper"), FILTER_UPPER },
	{ STR("lower"), FILTER_LOWER },
	{ STR("title"), FILTER_TITLE },
};

/* --- reading -------------------------------------------------------------- */

/* A name is letters, digits, "_", "-" and dots between; or "." alone. */
static bool is_name(struct str s)
{
	if (str_eqz(s, "."))
		return true;
	if (s.len == 0 || s.at[0] == '.' || s.at[s.len - 1] == '.')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '_' || c == '-';

		if (!word && (c != '.' || s.at[i - 1] == '.'))
			return false;
	}
	return true;
}

/* A quoted text at the start of `s`; `"` and `'` both quote, nothing is
 * escaped inside. The whole of `s` must be it. */
static bool unquote(struct str s, struct str *out)
{
	if (s.len < 2 || (s.at[0] != '"' && s.at[0] != '\''))
		return false;
	if (s.at[s.len - 1] != s.at[0])
		return false;
	*out = str_at(s.at + 1, s.len - 2);
	return str_find(*out, s.at[0]) < 0;
}

static int read_filter(struct str text, struct field_expr *expr,
		       struct err *err)
{
	struct str known[] = { STR("default"), STR("upper"), STR("lower"),
			       STR("title") };
	struct str guess;

	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++) {
		if (str_eq(text, filters[i].name)) {
			expr->filter = filters[i].filter;
			return 0;
		}
	}
	if (str_starts(text, STR("default"))) {
		struct str value = str_trim(str_skip(text, 7));

		if (!unquote(value, &expr->standard))
			return err_set(err, ERR_INPUT,
				       "'default' wants a text in quotes");
		expr->has_standard = true;
		return 0;
	}
	/* `name | friend`: one unknown word is a default, as people write it,
	 * unless it looks like a slip of a filter's name. */
	guess = nearest(text, known, sizeof(known) / sizeof(*known));
	if (is_name(text) && guess.len == 0) {
		expr->standard = text;
		expr->has_standard = true;
		return 0;
	}
	err_set(err, ERR_INPUT, "there is no filter '" STR_FMT "'",
		STR_ARG(str_head(text, 60)));
	if (guess.len > 0)
		return err_hint(err, "did you mean '" STR_FMT "'?",
				STR_ARG(guess));
	return err_hint(err, "filters are default \"text\", upper, lower and "
			     "title");
}

/* The next part up to a `|` that stands outside quotes. */
static struct str next_part(struct str *rest)
{
	char quote = 0;
	size_t i;
	struct str part;

	for (i = 0; i < rest->len; i++) {
		char c = rest->at[i];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '|')
			break;
	}
	part = str_trim(str_head(*rest, i));
	*rest = i < rest->len ? str_skip(*rest, i + 1) : STR_NONE;
	return part;
}

int field_parse(struct str source, struct field_expr *expr_out, struct err *err)
{
	struct field_expr expr = { .standard = STR_NONE };
	struct str rest = source;

	expr.name = next_part(&rest);
	if (!is_name(expr.name))
		return err_set(err, ERR_INPUT,
			       "'{{" STR_FMT "}}' is no merge field",
			       STR_ARG(str_head(source, 60)));
	while (rest.len > 0)
		if (read_filter(next_part(&rest), &expr, err) < 0)
			return -1;
	*expr_out = expr;
	return 0;
}

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

static int check_subject(const struct field_expr *expr, enum field field,
			 struct err *err)
{
	if (field == FIELD_UNSUBSCRIBE || field == FIELD_PREFERENCES)
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
	bool ours = field == FIELD_UNSUBSCRIBE || field == FIELD_PREFERENCES;

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
	draft_slot(draft, field, context, expr->filter, expr->standard);
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
	text = slot_filtered(text, expr->filter, arena);
	*text_out = slot_escaped(text, context, arena);
	return 0;
}

int field_unknown(struct str name, const struct scope *scope,
		  const struct fields_known *fields, struct arena *arena,
		  struct err *err)
{
	size_t room = AUTHOR_FIELDS + fields->declared_count + 1;
	struct str *names = arena_many(arena, struct str, room);
	size_t count = 0;
	struct str guess;

	for (size_t i = 0; i < AUTHOR_FIELDS; i++)
		names[count++] = reader_fields[i];
	for (size_t i = 0; i < fields->declared_count; i++)
		names[count++] = arena_fmt(arena, "subscriber." STR_FMT,
					   STR_ARG(fields->declared[i]));
	guess = scope_nearest(scope, name, arena);
	if (guess.len > 0)
		names[count++] = guess;
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

/* --- outside templates ---------------------------------------------------- */

static int add_field(struct str source, const struct value *data,
		     struct fields_known *fields, enum slot_context context,
		     struct draft *draft, struct arena *arena, struct err *err)
{
	struct scope scope = { data, NULL };
	const struct value *value;
	struct field_expr expr;
	enum field field;
	struct str text;
	int is_reader;

	if (field_parse(source, &expr, err) < 0)
		return -1;
	value = scope_find(&scope, expr.name);
	if (value) {
		if (field_known(&expr, value, context, arena, &text, err) < 0)
			return -1;
		draft_text(draft, text);
		return 0;
	}
	is_reader = field_of_reader(expr.name, fields, &field, err);
	if (is_reader < 0)
		return -1;
	if (!is_reader)
		return field_unknown(expr.name, &scope, fields, arena, err);
	return field_slot(&expr, field, context, draft, err);
}

int template_field(struct str source, const char *place,
		   const struct value *data, struct fields_known *fields,
		   enum slot_context context, struct arena *arena,
		   struct draft *draft, struct err *err)
{
	if (add_field(source, data, fields, context, draft, arena, err) < 0)
		return err_place(err, "%s", place);
	return 0;
}

/* The field at the start of `text`, which moves behind it. */
static int inline_field(struct str *text, const char *place,
			const struct value *data, struct fields_known *fields,
			enum slot_context context, struct arena *arena,
			struct draft *draft, struct err *err)
{
	struct str inside = str_skip(*text, 2);
	ptrdiff_t close = str_find_str(inside, STR("}}"));

	if (close < 0) {
		err_set(err, ERR_INPUT, "a merge field is not closed");
		err_hint(err, "write {{subscriber.name}}, or \\{{ for the "
			      "braces themselves");
		return err_place(err, "%s", place);
	}
	*text = str_skip(inside, (size_t)close + 2);
	return template_field(str_trim(str_head(inside, (size_t)close)), place,
			      data, fields, context, arena, draft, err);
}

int template_inline(struct str text, const char *place,
		    const struct value *data, struct fields_known *fields,
		    enum slot_context context, struct arena *arena,
		    struct draft *draft, struct err *err)
{
	while (text.len > 0) {
		ptrdiff_t open = str_find_str(text, STR("{{"));
		struct str plain = open < 0 ? text
					    : str_head(text, (size_t)open);
		bool literal = open >= 0 && str_ends(plain, STR("\\"));

		text = str_skip(text, plain.len);
		if (literal)
			plain.len--;
		draft_text(draft, slot_escaped(plain, context, arena));
		if (literal) {
			draft_text(draft, STR("{{"));
			text = str_skip(text, 2);
		} else if (text.len > 0 &&
			   inline_field(&text, place, data, fields, context,
					arena, draft, err) < 0) {
			return -1;
		}
	}
	return 0;
}
