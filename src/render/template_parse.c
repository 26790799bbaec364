/* template_parse.c - Mustache text into a tree of tags
 *
 * A tag that stands alone on its line (section, its end, comment, partial,
 * change of delimiters) takes the whole line with it, as the specification's
 * "standalone" rules want; a parent does with its end, wherever that is.
 */
#include "seen_priv.h"
#include "template_priv.h"

struct open { /* a section without its end */
	struct tag *tag;
	struct tag **tail;
	struct tag *lead; /* PARENT: blanks before it on its line */
	size_t inside;	  /* BLOCK: where its content begins */
	struct str open, close;
	int line, column; /* of that */
	bool within;
};

struct parser {
	const struct source *source;
	struct arena *arena;
	struct str all;	  /* the whole text */
	size_t at;	  /* read up to here */
	size_t text_from; /* text not yet turned into a node */
	size_t counted;	  /* line and column are those of this byte */
	int line, column;
	struct str open, close; /* delimiters */
	struct tag **tail;	/* where the next node goes */
	struct open sections[TEMPLATE_SECTIONS];
	int depth;
};

/* What a raw tag is before it is placed. */
struct mark {
	char sign;		   /* # ^ / > ! = & { < $ or 0 */
	struct str inside;	   /* trimmed, without the sign */
	size_t from, to;	   /* the tag's bytes */
	bool first, last;	   /* nothing before, behind it on its line */
	size_t line_from, line_to; /* then: where that begins, where it ends */
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
	return source_place(p->source, p->line, p->column, err);
}

static struct tag *append(struct parser *p, enum tag_kind kind, size_t at)
{
	struct tag *tag = arena_new_of(p->arena, struct tag);

	locate(p, at);
	tag->kind = kind;
	tag->line = p->line;
	tag->column = p->column;
	tag->indent = STR_NONE;
	*p->tail = tag;
	p->tail = &tag->next;
	return tag;
}

static struct tag *append_text(struct parser *p, size_t to)
{
	struct tag *tag = NULL;

	if (to > p->text_from) {
		tag = append(p, TAG_TEXT, p->text_from);
		tag->text = str_at(p->all.at + p->text_from, to - p->text_from);
	}
	p->text_from = to;
	return tag;
}

/* --- the tag itself ------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Only blanks between the line's start and the tag, and behind it? */
static void look_around(const struct parser *p, struct mark *mark)
{
	size_t from = mark->from;
	size_t to = mark->to;

	while (from > 0 && is_blank(p->all.at[from - 1]))
		from--;
	while (to < p->all.len &&
	       (is_blank(p->all.at[to]) || p->all.at[to] == '\r'))
		to++;
	mark->first = from > 0 ? p->all.at[from - 1] == '\n'
			       : !p->source->within;
	mark->last = to == p->all.len || p->all.at[to] == '\n';
	mark->line_from = from;
	mark->line_to = to < p->all.len ? to + 1 : to;
}

static int not_closed(struct parser *p, struct str close, struct err *err)
{
	err_set(err, ERR_INPUT, "a tag is not closed");
	err_hint(err, "every '" STR_FMT "' needs its '" STR_FMT "'",
		 STR_ARG(p->open), STR_ARG(close));
	return refuse(p, p->at, err);
}

/* The tag that begins at p->at. */
static int read_mark(struct parser *p, struct mark *mark, struct err *err)
{
	struct str rest = str_skip(p->all, p->at + p->open.len);
	struct str close = p->close;
	ptrdiff_t end;

	*mark = (struct mark){ .from = p->at };
	if (rest.len > 0 && memchr("#^/>!=&{<$", rest.at[0], 10))
		mark->sign = rest.at[0];
	if (mark->sign)
		rest = str_skip(rest, 1);
	if (mark->sign == '{')
		close = arena_fmt(p->arena, "}" STR_FMT, STR_ARG(p->close));
	if (mark->sign == '=')
		close = arena_fmt(p->arena, "=" STR_FMT, STR_ARG(p->close));
	end = str_find_str(rest, close);
	if (end < 0)
		return not_closed(p, close, err);
	mark->inside = str_trim(str_head(rest, (size_t)end));
	mark->to = (size_t)(rest.at - p->all.at) + (size_t)end + close.len;
	look_around(p, mark);
	return 0;
}

/* --- sections ------------------------------------------------------------- */

static struct open *top(struct parser *p)
{
	return p->depth > 0 ? &p->sections[p->depth - 1] : NULL;
}

/* "if x" and "unless x" are ours: a name of Mustache has no blank in it. */
static enum tag_kind kind_of(struct mark *mark)
{
	static const struct {
		struct str word;
		enum tag_kind kind;
	} ours[] = { { STR("if "), TAG_IF }, { STR("unless "), TAG_UNLESS } };

	switch (mark->sign) {
	case '^':
		return TAG_INVERTED;
	case '<':
		return TAG_PARENT;
	case '$':
		return TAG_BLOCK;
	}
	for (size_t i = 0; i < 2; i++) {
		if (!str_starts(mark->inside, ours[i].word))
			continue;
		mark->inside = str_trim(
			str_skip(mark->inside, ours[i].word.len));
		return ours[i].kind;
	}
	return TAG_SECTION;
}

/* What closes it. */
static struct str end_of(const struct tag *tag)
{
	if (tag->kind == TAG_IF)
		return STR("if");
	if (tag->kind == TAG_UNLESS)
		return STR("unless");
	return tag->text;
}

/* Inside a parent only the blocks count, wherever on a line they begin; the
 * line of the first tag is none of the content then. */
static bool begins_line(struct parser *p, enum tag_kind kind,
			const struct mark *mark)
{
	const struct open *around = top(p);
	bool defines = kind == TAG_BLOCK && around &&
		       around->tag->kind == TAG_PARENT;

	return mark->last && (mark->first || defines);
}

static void open_block(struct parser *p, struct open *open,
		       const struct mark *mark, bool alone)
{
	struct tag *tag = open->tag;

	tag->alone = alone;
	tag->own_line = mark->first;
	if (mark->first)
		tag->indent = str_at(p->all.at + mark->line_from,
				     mark->from - mark->line_from);
	open->inside = alone ? mark->line_to : mark->to;
	open->within = !alone;
	open->open = p->open;
	open->close = p->close;
	locate(p, open->inside);
	open->line = p->line;
	open->column = p->column;
}

static int open_section(struct parser *p, struct mark *mark, struct err *err)
{
	enum tag_kind kind = kind_of(mark);
	struct tag *lead = NULL;
	struct tag *tag;
	struct open *open;
	bool alone;

	if (p->depth == TEMPLATE_SECTIONS) {
		err_set(err, ERR_INPUT, "more than %d sections in each other",
			TEMPLATE_SECTIONS);
		return refuse(p, mark->from, err);
	}
	if (kind == TAG_PARENT && mark->first) {
		append_text(p, mark->line_from);
		lead = append_text(p, mark->from);
	}
	alone = kind != TAG_PARENT && begins_line(p, kind, mark);
	append_text(p, alone && mark->first ? mark->line_from : mark->from);
	tag = append(p, kind, mark->from);
	tag->text = mark->inside;
	open = &p->sections[p->depth++];
	*open = (struct open){ .tag = tag, .tail = p->tail, .lead = lead };
	p->tail = &tag->first;
	p->at = alone ? mark->line_to : mark->to;
	if (kind == TAG_PARENT && mark->first)
		tag->alone = true;
	if (kind == TAG_BLOCK)
		open_block(p, open, mark, alone);
	p->text_from = p->at;
	return 0;
}

static int wrong_end(struct parser *p, const struct mark *mark, struct err *err)
{
	struct str shown = str_head(mark->inside, 80);

	err_set(err, ERR_INPUT, "'" STR_FMT "' is closed but not open here",
		STR_ARG(shown));
	if (p->depth > 0)
		err_hint(err, "close '" STR_FMT "' first",
			 STR_ARG(str_head(end_of(top(p)->tag), 80)));
	return refuse(p, mark->from, err);
}

/* The content of a block ends with its last whole line where the last tag has a
 * line of its own, or begins one as the first did. */
static void close_block(struct parser *p, const struct open *open,
			const struct mark *mark)
{
	bool whole = mark->first && (open->tag->alone || mark->last);
	size_t to = whole ? mark->line_from : mark->from;
	struct source *inside = arena_new_of(p->arena, struct source);

	*inside = *p->source;
	inside->open = open->open;
	inside->close = open->close;
	inside->within = open->within;
	inside->column = open->column - (open->line == 1
						 ? p->source->first_moved
						 : p->source->moved);
	if (open->line == 1 && p->source->within)
		inside->column += p->source->column - 1;
	inside->first_moved = open->within ? 0 : p->source->moved;
	inside->line = p->source->line + open->line - 1;
	if (to < open->inside)
		to = open->inside;
	inside->text = str_at(p->all.at + open->inside, to - open->inside);
	open->tag->inside = inside;
	open->tag->own_line = open->tag->own_line && mark->last &&
			      mark->to < p->all.len;
}

/* A parent takes its line with it when nothing stands before its first tag
 * and behind its last. */
static bool close_parent(struct open *open, const struct mark *mark)
{
	struct tag *tag = open->tag;

	tag->alone = tag->alone && mark->last;
	if (!tag->alone || !open->lead)
		return tag->alone;
	tag->indent = open->lead->text;
	open->lead->text = STR_NONE;
	return true;
}

/* What takes a block's place is looked for by its name, once for each of as
 * many. */
static void index_blocks(struct parser *p, struct tag *parent)
{
	struct seen *latest;
	size_t count = 0;

	for (const struct tag *t = parent->first; t; t = t->next)
		count += t->kind == TAG_BLOCK;
	if (count <= TEMPLATE_WALKED)
		return;
	parent->blocks = seen_new(p->arena);
	latest = seen_new(p->arena);
	for (struct tag *t = parent->first; t; t = t->next) {
		void **known;

		if (t->kind != TAG_BLOCK)
			continue;
		known = seen_at(latest, t->text);
		if (*known)
			((struct tag *)*known)->namesake = t;
		else
			*seen_at(parent->blocks, t->text) = t;
		*known = t;
	}
}

static int close_section(struct parser *p, const struct mark *mark,
			 struct err *err)
{
	bool alone = mark->first && mark->last;
	struct open *open = top(p);

	if (!open || !str_eq(end_of(open->tag), mark->inside))
		return wrong_end(p, mark, err);
	append_text(p, alone ? mark->line_from : mark->from);
	if (open->tag->kind == TAG_BLOCK)
		close_block(p, open, mark);
	if (open->tag->kind == TAG_PARENT) {
		alone = close_parent(open, mark);
		index_blocks(p, open->tag);
	}
	p->depth--;
	p->tail = open->tail;
	p->at = alone ? mark->line_to : mark->to;
	p->text_from = p->at;
	return 0;
}

/* {{else}} is a name like others but directly inside an if. */
static bool is_else(struct parser *p, const struct mark *mark)
{
	const struct open *open = top(p);

	return mark->sign == 0 && str_eqz(mark->inside, "else") && open &&
	       (open->tag->kind == TAG_IF || open->tag->kind == TAG_UNLESS) &&
	       p->tail != &open->tag->other && !open->tag->other;
}

/* --- the others ----------------------------------------------------------- */

static bool is_space(char c)
{
	return is_blank(c) || c == '\n' || c == '\r';
}

/* {{=<% %>=}} */
static int change_delimiters(struct parser *p, const struct mark *mark,
			     struct err *err)
{
	struct str all = mark->inside;
	struct str close;
	size_t len = 0, bad = 0;

	while (len < all.len && !is_space(all.at[len]))
		len++;
	close = str_trim(str_skip(all, len));
	for (size_t i = 0; i < close.len; i++)
		bad += is_space(close.at[i]) || close.at[i] == '=';
	if (len == 0 || close.len == 0 || bad > 0 ||
	    str_find(str_head(all, len), '=') >= 0) {
		err_set(err, ERR_INPUT, "delimiters are two words");
		err_hint(err, "write {{=<%% %%>=}}");
		return refuse(p, mark->from, err);
	}
	p->open = str_head(all, len);
	p->close = close;
	return 0;
}

static void place(struct parser *p, const struct mark *mark, bool alone)
{
	struct tag *tag;

	if (mark->sign == '>') {
		tag = append(p, TAG_PARTIAL, mark->from);
		if (alone)
			tag->indent = str_at(p->all.at + mark->line_from,
					     mark->from - mark->line_from);
	} else {
		tag = append(p, mark->sign ? TAG_RAW : TAG_FIELD, mark->from);
	}
	tag->text = mark->inside;
}

static int step(struct parser *p, struct err *err)
{
	struct mark mark;
	bool otherwise, alone;

	if (read_mark(p, &mark, err) < 0)
		return -1;
	if (mark.sign && strchr("#^<$", mark.sign))
		return open_section(p, &mark, err);
	if (mark.sign == '/')
		return close_section(p, &mark, err);
	otherwise = is_else(p, &mark);
	alone = mark.first && mark.last &&
		(otherwise || (mark.sign && strchr("=!>", mark.sign)));
	append_text(p, alone ? mark.line_from : mark.from);
	if (otherwise)
		p->tail = &top(p)->tag->other;
	else if (mark.sign == '=' && change_delimiters(p, &mark, err) < 0)
		return -1;
	else if (mark.sign != '=' && mark.sign != '!')
		place(p, &mark, alone);
	p->at = alone ? mark.line_to : mark.to;
	p->text_from = p->at;
	return 0;
}

static int left_open(struct parser *p, struct err *err)
{
	const struct tag *tag = top(p)->tag;
	struct str shown = str_head(tag->text, 80);
	struct str end = str_head(end_of(tag), 80);

	err_set(err, ERR_INPUT, "'" STR_FMT "' is not closed", STR_ARG(shown));
	err_hint(err, "add {{/" STR_FMT "}}", STR_ARG(end));
	return source_place(p->source, tag->line, tag->column, err);
}

int template_parse(const struct source *source, struct arena *arena,
		   struct tag **first_out, struct err *err)
{
	struct tag *first = NULL;
	struct parser p = { .source = source,
			    .arena = arena,
			    .all = source->text,
			    .line = 1,
			    .column = 1,
			    .open = source->open,
			    .close = source->close,
			    .tail = &first };

	for (;;) {
		ptrdiff_t hit = str_find_str(str_skip(p.all, p.at), p.open);

		if (hit < 0)
			break;
		p.at += (size_t)hit;
		if (step(&p, err) < 0)
			return -1;
	}
	append_text(&p, p.all.len);
	if (p.depth > 0)
		return left_open(&p, err);
	*first_out = first;
	return 0;
}
