/* template_parse.c - Mustache text into a tree of tags
 *
 * A tag that stands alone on its line (section, its end, comment, partial,
 * change of delimiters) takes the whole line with it, as the specification's
 * "standalone" rules want.
 */
#include "template_priv.h"

struct parser {
	const char *name;
	struct arena *arena;
	struct str all;	  /* the whole template */
	size_t at;	  /* read up to here */
	size_t text_from; /* text not yet turned into a node */
	size_t counted;	  /* line and column are those of this byte */
	int line, column;
	struct str open, close; /* delimiters */
	struct tag **tail;	/* where the next node goes */
	struct {
		struct tag *tag;
		struct tag **tail;
	} sections[TEMPLATE_SECTIONS];
	int depth;
};

/* What a raw tag is before it is placed. */
struct mark {
	char sign;		   /* # ^ / > ! = & { or 0 */
	struct str inside;	   /* trimmed, without the sign */
	size_t from, to;	   /* the tag's bytes */
	bool alone;		   /* stands alone on its line */
	size_t line_from, line_to; /* then: the line with its end */
};

static void locate(struct parser *p, size_t at)
{
	for (; p->counted < at; p->counted++) {
		p->column++;
		if (p->all.at[p->counted] == '\n') {
			p->line++;
			p->column = 1;
		}
	}
}

static int refuse(struct parser *p, size_t at, struct err *err)
{
	/* Errors end the parse, so counting anew costs nothing. */
	p->counted = 0;
	p->line = p->column = 1;
	locate(p, at);
	return err_place(err, "%s:%d:%d", p->name, p->line, p->column);
}

static struct tag *append(struct parser *p, enum tag_kind kind, size_t at)
{
	struct tag *tag = arena_new_of(p->arena, struct tag);

	locate(p, at);
	tag->kind = kind;
	tag->line = p->line;
	tag->column = p->column;
	*p->tail = tag;
	p->tail = &tag->next;
	return tag;
}

static void append_text(struct parser *p, size_t to)
{
	if (to > p->text_from)
		append(p, TAG_TEXT, p->text_from)->text = str_at(
			p->all.at + p->text_from, to - p->text_from);
	p->text_from = to;
}

/* Only blanks between the line's start and the tag, and behind it? */
static void look_around(const struct parser *p, struct mark *mark)
{
	size_t from = mark->from;
	size_t to = mark->to;

	while (from > 0 &&
	       (p->all.at[from - 1] == ' ' || p->all.at[from - 1] == '\t'))
		from--;
	while (to < p->all.len &&
	       (p->all.at[to] == ' ' || p->all.at[to] == '\t' ||
		p->all.at[to] == '\r'))
		to++;
	if (from > 0 && p->all.at[from - 1] != '\n')
		return;
	if (to < p->all.len && p->all.at[to] != '\n')
		return;
	mark->alone = true;
	mark->line_from = from;
	mark->line_to = to < p->all.len ? to + 1 : to;
}

/* The tag that begins at p->at. */
static int read_mark(struct parser *p, struct mark *mark, struct err *err)
{
	struct str rest = str_skip(p->all, p->at + p->open.len);
	struct str close = p->close;
	ptrdiff_t end;

	*mark = (struct mark){ .from = p->at };
	if (rest.len > 0 && memchr("#^/>!=&{", rest.at[0], 8))
		mark->sign = rest.at[0];
	if (mark->sign)
		rest = str_skip(rest, 1);
	if (mark->sign == '{')
		close = arena_fmt(p->arena, "}" STR_FMT, STR_ARG(p->close));
	if (mark->sign == '=')
		close = arena_fmt(p->arena, "=" STR_FMT, STR_ARG(p->close));
	end = str_find_str(rest, close);
	if (end < 0) {
		err_set(err, ERR_INPUT, "a tag is not closed");
		err_hint(err, "every '" STR_FMT "' needs its '" STR_FMT "'",
			 STR_ARG(p->open), STR_ARG(close));
		return refuse(p, p->at, err);
	}
	mark->inside = str_trim(str_head(rest, (size_t)end));
	mark->to = (size_t)(rest.at - p->all.at) + (size_t)end + close.len;
	if (mark->sign != 0 && mark->sign != '&' && mark->sign != '{')
		look_around(p, mark);
	return 0;
}

static int open_section(struct parser *p, const struct mark *mark,
			struct err *err)
{
	struct tag *tag;

	if (p->depth == TEMPLATE_SECTIONS) {
		err_set(err, ERR_INPUT, "more than %d sections in each other",
			TEMPLATE_SECTIONS);
		return refuse(p, mark->from, err);
	}
	tag = append(p, mark->sign == '#' ? TAG_SECTION : TAG_INVERTED,
		     mark->from);
	tag->text = mark->inside;
	p->sections[p->depth].tag = tag;
	p->sections[p->depth].tail = p->tail;
	p->depth++;
	p->tail = &tag->first;
	return 0;
}

static int close_section(struct parser *p, const struct mark *mark,
			 struct err *err)
{
	struct str open = STR_NONE;

	if (p->depth > 0)
		open = p->sections[p->depth - 1].tag->text;
	if (p->depth == 0 || !str_eq(open, mark->inside)) {
		err_set(err, ERR_INPUT,
			"'" STR_FMT "' is closed but not open here",
			STR_ARG(str_head(mark->inside, 80)));
		if (p->depth > 0)
			err_hint(err, "close '" STR_FMT "' first",
				 STR_ARG(str_head(open, 80)));
		return refuse(p, mark->from, err);
	}
	p->depth--;
	p->tail = p->sections[p->depth].tail;
	return 0;
}

/* {{=<% %>=}} */
static int change_delimiters(struct parser *p, const struct mark *mark,
			     struct err *err)
{
	struct str close;
	struct str open = str_cut(mark->inside, ' ', &close);

	close = str_trim(close);
	if (open.len == 0 || close.len == 0 || str_find(close, ' ') >= 0) {
		err_set(err, ERR_INPUT, "delimiters are two words");
		err_hint(err, "write {{=<%% %%>=}}");
		return refuse(p, mark->from, err);
	}
	p->open = open;
	p->close = close;
	return 0;
}

static int place(struct parser *p, const struct mark *mark, struct err *err)
{
	struct tag *tag;

	switch (mark->sign) {
	case '#':
	case '^':
		return open_section(p, mark, err);
	case '/':
		return close_section(p, mark, err);
	case '=':
		return change_delimiters(p, mark, err);
	case '!':
		return 0;
	case '>':
		tag = append(p, TAG_PARTIAL, mark->from);
		tag->text = mark->inside;
		tag->indent = STR_NONE;
		if (mark->alone)
			tag->indent = str_at(p->all.at + mark->line_from,
					     mark->from - mark->line_from);
		return 0;
	default:
		tag = append(p, mark->sign ? TAG_RAW : TAG_FIELD, mark->from);
		tag->text = mark->inside;
		return 0;
	}
}

static int step(struct parser *p, struct err *err)
{
	struct mark mark;

	if (read_mark(p, &mark, err) < 0)
		return -1;
	append_text(p, mark.alone ? mark.line_from : mark.from);
	if (place(p, &mark, err) < 0)
		return -1;
	p->at = mark.alone ? mark.line_to : mark.to;
	p->text_from = p->at;
	return 0;
}

int template_parse(struct str text, const char *name, struct arena *arena,
		   struct tag **first_out, struct err *err)
{
	struct tag *first = NULL;
	struct parser p = { .name = name,
			    .arena = arena,
			    .all = text,
			    .line = 1,
			    .column = 1,
			    .open = STR("{{"),
			    .close = STR("}}"),
			    .tail = &first };

	for (;;) {
		ptrdiff_t hit = str_find_str(str_skip(text, p.at), p.open);

		if (hit < 0)
			break;
		p.at += (size_t)hit;
		if (step(&p, err) < 0)
			return -1;
	}
	append_text(&p, text.len);
	if (p.depth > 0) {
		const struct tag *open = p.sections[p.depth - 1].tag;

		err_set(err, ERR_INPUT, "'" STR_FMT "' is not closed",
			STR_ARG(str_head(open->text, 80)));
		err_hint(err, "add {{/" STR_FMT "}}",
			 STR_ARG(str_head(open->text, 80)));
		return err_place(err, "%s:%d:%d", name, open->line,
				 open->column);
	}
	*first_out = first;
	return 0;
}
