/* directive.c - the `:::` lines of an article
 *
 *	:::callout {tone=tip}
 *	Text with **Markdown**.
 *	:::
 *
 *	::button[Read on](https://example.org/)
 */
#include "base/nearest.h"
#include "markdown_priv.h"

#define CALLOUTS_MAX 20 /* in each other */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct str names[] = { STR("callout"), STR("button") };
static const struct str tones[] = { STR("info"), STR("tip"), STR("warning") };

struct reading {
	const struct markdown *m;
	uint32_t line;
	struct directive *out;
};

static int refuse(const struct reading *r, struct err *err)
{
	return markdown_place(r->m, err, r->line, 0);
}

/* `word` should have been one of `known`. */
static int unknown(const struct reading *r, const char *what, struct str word,
		   const struct str *known, size_t count, struct err *err)
{
	struct str shown = source_restore(r->m, word);
	struct str close = nearest(shown, known, count);

	err_set(err, ERR_INPUT, "no %s is called '" STR_FMT "'", what,
		STR_ARG(str_head(shown, 80)));
	if (close.len > 0)
		err_hint(err, "did you mean '" STR_FMT "'?", STR_ARG(close));
	return refuse(r, err);
}

static int misplaced(const struct reading *r, struct str rest, const char *hint,
		     struct err *err)
{
	struct str shown = source_restore(r->m, rest);

	err_set(err, ERR_INPUT, "'" STR_FMT "' is not understood here",
		STR_ARG(str_head(shown, 80)));
	err_hint(err, "%s", hint);
	return refuse(r, err);
}

/* {tone=tip}; the quotes of {tone="tip"} do no harm. */
static int read_tone(const struct reading *r, struct str rest, struct err *err)
{
	static const struct str keys[] = { STR("tone") };
	struct str value;
	struct str key;

	if (rest.at[0] != '{' || rest.at[rest.len - 1] != '}')
		return misplaced(r, rest, "write :::callout {tone=tip}", err);
	rest = str_trim(str_at(rest.at + 1, rest.len - 2));
	if (rest.len == 0)
		return 0;
	key = str_trim(str_cut(rest, '=', &value));
	value = str_trim(value);
	if (!str_eq(key, keys[0]))
		return unknown(r, "setting of a callout", key, keys, 1, err);
	if (value.len > 1 && value.at[0] == '"' &&
	    value.at[value.len - 1] == '"')
		value = str_at(value.at + 1, value.len - 2);
	for (size_t i = 0; i < COUNT(tones); i++)
		if (str_eq(value, tones[i])) {
			r->out->tone = tones[i];
			return 0;
		}
	return unknown(r, "tone", value, tones, COUNT(tones), err);
}

static struct str cut_name(struct str *rest)
{
	size_t len = 0;
	struct str name;

	while (len < rest->len &&
	       (is_alnum(rest->at[len]) || rest->at[len] == '-' ||
		rest->at[len] == '_'))
		len++;
	name = str_head(*rest, len);
	*rest = str_skip(*rest, len);
	return name;
}

/* Behind `:::`. */
static int read_block(const struct reading *r, struct str rest, struct err *err)
{
	struct str name;

	rest = str_trim(rest);
	if (rest.len == 0) {
		r->out->kind = DIRECTIVE_CLOSE;
		return 1;
	}
	if (!is_alpha(rest.at[0]))
		return 0;
	name = cut_name(&rest);
	rest = str_trim(rest);
	r->out->kind = DIRECTIVE_OPEN;
	r->out->tone = tones[0];
	if (str_eqz(name, "button"))
		return misplaced(r, r->out->whole,
				 "a button is one line: "
				 "::button[Label](https://...)",
				 err);
	if (!str_eqz(name, "callout"))
		return unknown(r, "block", name, names, COUNT(names), err);
	if (rest.len > 0 && read_tone(r, rest, err) < 0)
		return -1;
	return 1;
}

/* A label's \] is ]. */
static struct str unescape(struct arena *arena, struct str s)
{
	char *plain = arena_take(arena, s.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '\\' && i + 1 < s.len &&
		    !is_alnum(s.at[i + 1]) && (unsigned char)s.at[i + 1] < 0x80)
			i++;
		plain[len++] = s.at[i];
	}
	return str_at(plain, len);
}

/* "[Label](address)". */
static int read_button(const struct reading *r, struct str rest,
		       struct err *err)
{
	static const char how[] = "write ::button[Label](https://...)";
	ptrdiff_t middle = str_find_str(rest, STR("]("));
	struct directive *out = r->out;

	if (middle < 0 || rest.at[rest.len - 1] != ')')
		return misplaced(r, r->out->whole, how, err);
	out->label = str_trim(
		unescape(r->m->arena, str_at(rest.at + 1, (size_t)middle - 1)));
	out->url = str_trim(
		str_at(rest.at + middle + 2, rest.len - (size_t)middle - 3));
	if (out->label.len == 0 || out->url.len == 0) {
		err_set(err, ERR_INPUT, "a button without %s",
			out->label.len == 0 ? "a label" : "an address");
		err_hint(err, "%s", how);
		return refuse(r, err);
	}
	if (str_find(out->url, ' ') >= 0 || !link_is_safe(out->url)) {
		struct str shown = source_restore(r->m, out->url);

		err_set(err, ERR_INPUT, "a button cannot lead to '" STR_FMT "'",
			STR_ARG(str_head(shown, 200)));
		err_hint(err, "give it an address that begins with https://");
		return refuse(r, err);
	}
	out->kind = DIRECTIVE_BUTTON;
	return 1;
}

/* Behind `::`. Only what has the shape is meant: ::std::string is text. */
static int read_leaf(const struct reading *r, struct str rest, struct err *err)
{
	struct str name = cut_name(&rest);

	if (name.len == 0)
		return 0;
	if (str_eqz(name, "callout"))
		return misplaced(r, r->out->whole,
				 "a callout begins with three: :::callout",
				 err);
	if (str_eqz(name, "button")) {
		if (rest.len == 0 || rest.at[0] != '[')
			return misplaced(r, r->out->whole,
					 "write ::button[Label](https://...)",
					 err);
		return read_button(r, rest, err);
	}
	if (rest.len == 0 || rest.at[0] != '[')
		return 0;
	return unknown(r, "block", name, names, COUNT(names), err);
}

int directive_read(const struct markdown *m, struct str line, uint32_t number,
		   struct directive *out, struct err *err)
{
	struct reading r = { .m = m, .line = number, .out = out };
	struct str rest = str_trim(line);
	size_t colons = 0;

	*out = (struct directive){ .whole = rest,
				   .line = number,
				   .tone = STR_NONE,
				   .label = STR_NONE,
				   .url = STR_NONE };
	while (colons < rest.len && rest.at[colons] == ':')
		colons++;
	rest = str_skip(rest, colons);
	return colons > 2 ? read_block(&r, rest, err)
			  : read_leaf(&r, rest, err);
}

struct pairing {
	struct markdown *m;
	struct node *parent;
	struct node *open[CALLOUTS_MAX];
	int depth;
};

static int open_callout(struct pairing *p, const struct directive *d,
			struct err *err)
{
	struct node *node;

	if (p->depth == CALLOUTS_MAX) {
		err_set(err, ERR_INPUT, "more than %d callouts in each other",
			CALLOUTS_MAX);
		err_hint(err, "close one with a line ':::' first");
		return markdown_place(p->m, err, d->line, 0);
	}
	node = node_new(p->m, BLOCK_CALLOUT, d->line);
	node->text = d->tone;
	node_push(p->parent, node);
	p->open[p->depth++] = node;
	return 0;
}

static int place(struct pairing *p, const struct directive *d, struct err *err)
{
	struct node *button;

	switch (d->kind) {
	case DIRECTIVE_OPEN:
		return open_callout(p, d, err);
	case DIRECTIVE_CLOSE:
		if (p->depth > 0) {
			node_adopt(p->parent, p->open[--p->depth]);
			return 0;
		}
		err_set(err, ERR_INPUT, "':::' closes nothing");
		err_hint(err, "open the block before it, in the same list "
			      "item or quotation, with :::callout");
		return markdown_place(p->m, err, d->line, 0);
	case DIRECTIVE_BUTTON:
		button = node_new(p->m, BLOCK_BUTTON, d->line);
		button->text = d->label;
		button->url = d->url;
		node_push(p->parent, button);
		return 0;
	}
	return 0;
}

int directive_pair(struct markdown *m, struct node *parent, struct err *err)
{
	struct pairing p = { .m = m, .parent = parent };
	struct node *next;

	if (m->directive_count == 0)
		return 0;
	for (struct node *child = node_take_all(parent); child; child = next) {
		const struct directive *d = NULL;

		next = child->next;
		if (child->kind == BLOCK_HTML)
			d = directive_of(m, child->text);
		if (!d)
			node_push(parent, child);
		else if (place(&p, d, err) < 0)
			return -1;
	}
	if (p.depth == 0)
		return 0;
	err_set(err, ERR_INPUT, "the callout is not closed");
	err_hint(err, "end it with a line ::: in the same list item or "
		      "quotation");
	return markdown_place(m, err, p.open[p.depth - 1]->line, 0);
}
