/* field_parse.c - the words between the braces of a merge field */
#include "base/buf.h"
#include "field_priv.h"
#include "filter_priv.h"

bool field_is_name(struct str s)
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

bool field_quoted(struct str *s, struct str *text_out)
{
	struct str inside;
	ptrdiff_t end;

	if (s->len < 2 || (s->at[0] != '"' && s->at[0] != '\''))
		return false;
	inside = str_skip(*s, 1);
	end = str_find(inside, s->at[0]);
	if (end < 0)
		return false;
	*text_out = str_head(inside, (size_t)end);
	*s = str_skip(inside, (size_t)end + 1);
	return true;
}

static int read_default(struct str value, struct field_expr *expr,
			struct err *err)
{
	struct str rest = str_trim(value);

	if (!field_quoted(&rest, &expr->standard) || rest.len > 0)
		return err_set(err, ERR_INPUT,
			       "'default' wants a text in quotes");
	expr->has_standard = true;
	return 0;
}

/* The months' names of the letter's language. */
static const struct value *months_of(const struct field_source *from)
{
	const struct value *months = scope_find(from->scope,
						STR("words.months"));
	const struct value *name = NULL;
	int count = 0;

	if (months && months->kind == VALUE_LIST)
		for (name = months->first; name; name = name->next)
			count += name->kind == VALUE_TEXT;
	return count == 12 ? months : NULL;
}

static int no_filter(struct str text, struct str guess, struct err *err)
{
	err_set(err, ERR_INPUT, "there is no filter '" STR_FMT "'",
		STR_ARG(str_head(text, 60)));
	if (guess.len > 0)
		return err_hint(err, "did you mean '" STR_FMT "'?",
				STR_ARG(guess));
	return err_hint(err, "filters are default \"text\", upper, lower, "
			     "title, date \"%%e %%B %%Y\", truncate 40 and "
			     "url");
}

static int read_filter(struct str text, const struct field_source *from,
		       struct field_expr *expr, struct buf *chain,
		       struct err *err)
{
	struct str rest;
	struct str word = str_cut(text, ' ', &rest);
	int known;
	struct str guess;

	if (str_eqz(word, "default"))
		return read_default(rest, expr, err);
	known = filter_parse(text, months_of(from), chain, err);
	if (known != 0)
		return known < 0 ? -1 : 0;
	/* `name | friend`: one unknown word is a default, as people write it,
	 * unless it looks like a slip of a filter's name. */
	guess = filter_nearest(word);
	if (!field_is_name(text) || guess.len > 0)
		return no_filter(text, guess, err);
	expr->standard = text;
	expr->has_standard = true;
	return 0;
}

/* `|` is a bar where nothing else can be meant: `a|b` is a name of Mustache,
 * though none of ours. */
static bool is_bar(struct str s, size_t i, bool plain)
{
	return s.at[i] == '|' &&
	       (!plain || (i > 0 && s.at[i - 1] == ' ' && i + 1 < s.len &&
			   s.at[i + 1] == ' '));
}

/* The next part up to a `|` that stands outside quotes. */
static struct str next_part(struct str *rest, bool plain)
{
	char quote = 0;
	size_t i;
	struct str part;

	for (i = 0; i < rest->len; i++) {
		char c = rest->at[i];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if (is_bar(*rest, i, plain))
			break;
		else if (c == '"' || c == '\'')
			quote = c;
	}
	part = str_trim(str_head(*rest, i));
	*rest = i < rest->len ? str_skip(*rest, i + 1) : STR_NONE;
	return part;
}

static int read_filters(struct str rest, const struct field_source *from,
			struct field_expr *expr, struct err *err)
{
	struct buf chain;
	int rc = 0;

	buf_init(&chain, FILTER_BYTES);
	for (int i = 0; rest.len > 0 && rc == 0; i++)
		rc = read_filter(next_part(&rest, from->plain), from, expr,
				 &chain, err);
	if (rc == 0 && (buf_over(&chain) || !filter_ok(buf_str(&chain))))
		rc = err_set(err, ERR_INPUT, "more than %d filters",
			     FILTERS_MAX);
	expr->filters = arena_dup(from->arena, buf_str(&chain));
	buf_done(&chain);
	return rc;
}

int field_parse(struct str source, const struct field_source *from,
		struct field_expr *expr_out, struct err *err)
{
	struct field_expr expr = { .standard = STR_NONE, .filters = STR_NONE };
	struct str rest = source;

	expr.name = next_part(&rest, from->plain);
	if (!from->plain && !field_is_name(expr.name))
		return err_set(err, ERR_INPUT,
			       "'{{" STR_FMT "}}' is no merge field",
			       STR_ARG(str_head(source, 60)));
	if (rest.len > 0 && read_filters(rest, from, &expr, err) < 0)
		return -1;
	*expr_out = expr;
	return 0;
}
