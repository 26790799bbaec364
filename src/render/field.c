/* field.c - one merge field: what it asks for and where it may stand */
#include "base/nearest.h"
#include "base/utf8.h"
#include "field_priv.h"

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

int field_may_stand(enum field field, enum slot_context context,
		    struct err *err)
{
	bool ours = field == FIELD_UNSUBSCRIBE || field == FIELD_PREFERENCES;

	if (context == SLOT_HREF && !ours) {
		err_set(err, ERR_INPUT,
			"a reader's field may not be a whole address");
		return err_hint(err, "let the address begin with https:// and "
				     "the field stand behind it");
	}
	if (context == SLOT_HEADER && ours)
		return err_set(err, ERR_INPUT,
			       "a reader's own link may not stand in a header");
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

/* --- texts that are known now --------------------------------------------- */

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

static void escape_html(struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		const char *e = entity(text.at[i]);

		if (e)
			buf_addz(out, e);
		else
			buf_byte(out, text.at[i]);
	}
}

static void escape_url(struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '.' ||
			     c == '_' || c == '~';

		if (plain)
			buf_byte(out, (char)c);
		else
			buf_fmt(out, "%%%02X", c);
	}
}

struct str field_escape(struct str text, enum slot_context context,
			struct arena *arena)
{
	struct str result;
	struct buf out;

	if (context == SLOT_TEXT || context == SLOT_HEADER)
		return text;
	buf_init(&out, text.len * 6 + 1);
	if (context == SLOT_URL)
		escape_url(text, &out);
	else
		escape_html(text, &out);
	result = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return result;
}

static struct str title_case(struct str text, struct arena *arena)
{
	struct str result = STR_NONE;
	struct str rest = text;

	while (rest.len > 0) {
		struct str word = str_cut(rest, ' ', &rest);
		size_t first = 0;

		if (word.len > 0)
			utf8_next(word, &first);
		result = arena_fmt(
			arena, STR_FMT "%s" STR_FMT STR_FMT, STR_ARG(result),
			result.len ? " " : "",
			STR_ARG(utf8_upper(arena, str_head(word, first))),
			STR_ARG(str_skip(word, first)));
	}
	return result;
}

struct str field_filter(struct str text, enum slot_filter filter,
			struct arena *arena)
{
	switch (filter) {
	case FILTER_NONE:
		return text;
	case FILTER_UPPER:
		return utf8_upper(arena, text);
	case FILTER_LOWER:
		return utf8_lower(arena, text);
	case FILTER_TITLE:
		return title_case(text, arena);
	}
	return text;
}

/* --- outside templates ---------------------------------------------------- */

static int known_text(const struct value *value, const struct field_expr *expr,
		      enum slot_context context, struct arena *arena,
		      struct draft *draft, struct err *err)
{
	struct str text = value->text;

	if (value->kind != VALUE_TEXT)
		return err_set(err, ERR_INPUT,
			       "'" STR_FMT "' is not a single text",
			       STR_ARG(expr->name));
	if (text.len == 0)
		text = expr->standard;
	text = field_filter(text, expr->filter, arena);
	draft_text(draft, field_escape(text, context, arena));
	return 0;
}

static int add_field(struct str source, const struct value *data,
		     struct fields_known *fields, enum slot_context context,
		     struct draft *draft, struct arena *arena, struct err *err)
{
	struct scope scope = { data, NULL };
	const struct value *value;
	struct field_expr expr;
	enum field field;
	int is_reader;

	if (field_parse(source, &expr, err) < 0)
		return -1;
	value = scope_find(&scope, expr.name);
	if (value)
		return known_text(value, &expr, context, arena, draft, err);
	is_reader = field_of_reader(expr.name, fields, &field, err);
	if (is_reader < 0)
		return -1;
	if (!is_reader)
		return field_unknown(expr.name, &scope, fields, arena, err);
	if (field_may_stand(field, context, err) < 0)
		return -1;
	draft_slot(draft, field, context, expr.filter, expr.standard);
	return 0;
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

int template_inline(struct str text, const char *place,
		    const struct value *data, struct fields_known *fields,
		    enum slot_context context, struct arena *arena,
		    struct draft *draft, struct err *err)
{
	while (text.len > 0) {
		ptrdiff_t open = str_find_str(text, STR("{{"));
		struct str inside;
		ptrdiff_t close;

		if (open < 0)
			open = (ptrdiff_t)text.len;
		draft_text(draft, field_escape(str_head(text, (size_t)open),
					       context, arena));
		text = str_skip(text, (size_t)open);
		if (text.len == 0)
			return 0;
		inside = str_skip(text, 2);
		close = str_find_str(inside, STR("}}"));
		if (close < 0) {
			err_set(err, ERR_INPUT, "a merge field is not closed");
			err_hint(err, "write {{subscriber.name}}");
			return err_place(err, "%s", place);
		}
		if (template_field(str_trim(str_head(inside, (size_t)close)),
				   place, data, fields, context, arena, draft,
				   err) < 0)
			return -1;
		text = str_skip(inside, (size_t)close + 2);
	}
	return 0;
}
