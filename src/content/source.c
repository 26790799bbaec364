/* source.c - the text before cmark: merge fields become marks
 *
 * cmark would break them: [x](https://h/?u={{ id }}) is no link to it, and
 * the quotes of a default become entities.
 */
#include "markdown_priv.h"

#define DEFAULT	   "default"
#define QUOTED_MAX 1000 /* bytes of a field with a quoted default */
#define EXPANDED   6	/* "{{" may become E000 and six digits and E001 */

struct lexer {
	struct markdown *m;
	struct str in;
	struct buf out;
	size_t at;
	uint32_t line, column;
	size_t stop;	 /* the next '}}', '`' or line end */
	size_t standard; /* the next "default" */
};

static int refuse(const struct lexer *x, struct err *err)
{
	return markdown_place(x->m, err, x->line, x->column);
}

/* Copy `n` bytes of one line. */
static void copy(struct lexer *x, size_t n)
{
	buf_add(&x->out, str_at(x->in.at + x->at, n));
	for (size_t i = 0; i < n; i++)
		x->column += ((unsigned char)x->in.at[x->at + i] & 0xC0) !=
			     0x80;
	x->at += n;
}

static void end_line(struct lexer *x)
{
	struct str rest = str_skip(x->in, x->at);

	x->at += str_starts(rest, STR("\r\n")) ? 2 : 1;
	buf_byte(&x->out, '\n');
	x->line++;
	x->column = 1;
}

static bool is_behind_default(struct str s, size_t i)
{
	return str_ends(str_trim(str_head(s, i)), STR(DEFAULT));
}

/* The same where a default's quotes hold what would end it else. They close
 * in the same line, and nothing but a filter or the end is behind them. */
static bool find_quoted_end(const struct lexer *x, size_t at, size_t *end_out)
{
	struct str s = str_head(str_skip(x->in, at), QUOTED_MAX);
	char quote = 0;

	for (size_t i = 0; i + 1 < s.len; i++) {
		char c = s.at[i];

		if (c == '\n' || c == '\r' || (c == '`' && !quote))
			return false;
		if (quote && c == quote) {
			struct str rest = str_trim(str_skip(s, i + 1));

			quote = 0;
			if (!str_starts(rest, STR("|")) &&
			    !str_starts(rest, STR("}}")))
				return false;
		} else if (!quote && (c == '"' || c == '\'') &&
			   is_behind_default(s, i)) {
			quote = c;
		} else if (!quote && c == '}' && s.at[i + 1] == '}') {
			*end_out = at + i;
			return true;
		}
	}
	return false;
}

/* Is there a default before the next possible end? */
static bool has_default(struct lexer *x, size_t at)
{
	if (x->standard < at) {
		ptrdiff_t hit = str_find_str(str_skip(x->in, at), STR(DEFAULT));

		x->standard = hit < 0 ? x->in.len : at + (size_t)hit;
	}
	return x->standard < x->stop;
}

/* Where the field that begins at `at` must end. Only looked for once it is
 * passed, so that a megabyte of {{ takes no longer than one of text. */
static bool find_end(struct lexer *x, size_t at, size_t *end_out)
{
	if (x->stop < at)
		for (x->stop = at; x->stop < x->in.len; x->stop++) {
			char c = x->in.at[x->stop];

			if (c == '\n' || c == '\r' || c == '`')
				break;
			if (c == '}' && x->stop + 1 < x->in.len &&
			    x->in.at[x->stop + 1] == '}')
				break;
		}
	if (has_default(x, at) && find_quoted_end(x, at, end_out))
		return true;
	*end_out = x->stop;
	return x->stop < x->in.len && x->in.at[x->stop] == '}';
}

static int refuse_kept(const struct lexer *x, struct err *err)
{
	err_set(err, ERR_INPUT, "U+E000 to U+E00F are kept for marks");
	err_hint(err, "delete the invisible character here");
	return refuse(x, err);
}

static int take_field(struct lexer *x, struct err *err)
{
	struct markdown *m = x->m;
	struct field *field = &m->fields[m->field_count];
	struct str rest = str_skip(x->in, x->at);
	bool triple = str_starts(rest, STR("{{{"));
	size_t from = x->at;
	size_t to = from + (triple ? 3 : 2);
	size_t end;

	*field = (struct field){ .line = x->line, .column = x->column };
	field->inside = STR_NONE;
	if (!find_end(x, to, &end)) {
		field->fault = FIELD_OPEN;
	} else {
		field->inside = str_trim(str_at(x->in.at + to, end - to));
		to = end + 2;
		if (triple && to < x->in.len && x->in.at[to] == '}')
			to++;
		field->fault = triple			? FIELD_TRIPLE
			       : field->inside.len == 0 ? FIELD_EMPTY
							: FIELD_FINE;
	}
	field->whole = str_at(x->in.at + from, to - from);
	if (blocks_has_kept(field->whole))
		return refuse_kept(x, err);
	m->condition_tags += condition_tag(field->inside) != COND_FIELD;
	for (; x->at < to; x->at++)
		x->column += ((unsigned char)x->in.at[x->at] & 0xC0) != 0x80;
	buf_fmt(&x->out, MARK_OPEN "%zu" MARK_CLOSE, m->field_count++);
	return 0;
}

static bool is_punct(char c)
{
	return c > ' ' && c < 127 && !is_alnum(c);
}

/* \~ and the like: cmark will drop the backslash, but the character must not
 * count for what we look for afterwards. Beside * and _ a mark would change
 * what these mean; what is escaped there may lose its escape. */
static void take_escape(struct lexer *x)
{
	char c = x->in.at[x->at + 1];
	char next = x->at + 2 < x->in.len ? x->in.at[x->at + 2] : ' ';

	copy(x, 2);
	if (memchr("~[{:\"'-.", c, 8) && next != '*' && next != '_')
		buf_add(&x->out, STR(MARK_CLOSE));
}

/* The number of the "&#..." at the start of `s`, with or without its
 * semicolon; past the last character it is no more counted. */
uint32_t source_reference(struct str s)
{
	bool hex = s.len > 2 && (s.at[2] == 'x' || s.at[2] == 'X');
	uint32_t value = 0;

	for (size_t i = hex ? 3 : 2; i < s.len && value <= 0x10FFFF; i++) {
		char c = s.at[i];

		if (is_digit(c))
			value = value * (hex ? 16 : 10) + (uint32_t)(c - '0');
		else if (hex && (c | 32) >= 'a' && (c | 32) <= 'f')
			value = value * 16 + (uint32_t)((c | 32) - 'a' + 10);
		else
			break;
	}
	return value;
}

static bool is_mark_reference(struct str s)
{
	uint32_t value = str_starts(s, STR("&#")) ? source_reference(s) : 0;

	return blocks_is_kept(value);
}

/* A reference is shown as it was written where it is one to our marks, since
 * code may speak of them; a quote that one makes is as good as escaped. */
static void take_other(struct lexer *x, struct str rest)
{
	static const struct str quotes[] = { STR("&quot;"), STR("&apos;"),
					     STR("&#34;"), STR("&#39;") };

	copy(x, 1);
	if (rest.at[0] != '&')
		return;
	if (is_mark_reference(rest))
		buf_add(&x->out, STR(MARK_CLOSE));
	for (size_t i = 0; i < 4; i++) {
		if (!str_starts(rest, quotes[i]))
			continue;
		copy(x, quotes[i].len - 1);
		if (x->at == x->in.len || !memchr("*_", x->in.at[x->at], 2))
			buf_add(&x->out, STR(MARK_CLOSE));
	}
}

static int step(struct lexer *x, struct err *err)
{
	struct str rest = str_skip(x->in, x->at);

	if (rest.at[0] == '\n' || rest.at[0] == '\r') {
		end_line(x);
	} else if (!x->m->bare && str_starts(rest, STR("{{"))) {
		return take_field(x, err);
	} else if (rest.at[0] == '\\' && rest.len > 1 && is_punct(rest.at[1])) {
		take_escape(x);
	} else if (rest.at[0] == MARK_OPEN[0] &&
		   blocks_has_kept(str_head(rest, MARK_LEN))) {
		return refuse_kept(x, err);
	} else {
		take_other(x, rest);
	}
	return 0;
}

/* Those that are written, and one for each line that may have a condition. */
static size_t count_fields(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i + 1 < s.len; i++)
		count += (s.at[i] == '{' && s.at[i + 1] == '{') ||
			 (s.at[i] == ':' && s.at[i + 1] == ':' &&
			  (i == 0 || s.at[i - 1] != ':'));
	return count;
}

struct str source_add_field(struct markdown *m, struct str inside,
			    uint32_t line, uint32_t column)
{
	m->fields[m->field_count] = (struct field){ .whole = inside,
						    .inside = inside,
						    .line = line,
						    .column = column };
	return arena_fmt(m->arena, MARK_OPEN "%zu" MARK_CLOSE,
			 m->field_count++);
}

int source_read(struct markdown *m, struct str source, struct str *text_out,
		struct err *err)
{
	struct lexer x = { .m = m, .in = source, .line = 1, .column = 1 };
	int rc = 0;

	m->fields = arena_many(m->arena, struct field, count_fields(source));
	buf_init(&x.out, EXPANDED * source.len + 1);
	while (rc == 0 && x.at < source.len)
		rc = step(&x, err);
	if (rc == 0)
		*text_out = arena_dup(m->arena, buf_str(&x.out));
	buf_done(&x.out);
	return rc;
}

/* The number between the mark at the start of `s` and E001. */
static bool read_number(struct str s, size_t *number_out, size_t *len_out)
{
	size_t number = 0;
	size_t i = MARK_LEN;

	while (i < s.len && i < MARK_LEN + 8 && is_digit(s.at[i]))
		number = number * 10 + (size_t)(s.at[i++] - '0');
	if (i == MARK_LEN || !str_starts(str_skip(s, i), STR(MARK_CLOSE)))
		return false;
	*number_out = number;
	*len_out = i + MARK_LEN;
	return true;
}

struct field *source_field(const struct markdown *m, struct str s,
			   size_t *len_out)
{
	size_t number;

	if (!str_starts(s, STR(MARK_OPEN)) ||
	    !read_number(s, &number, len_out) || number >= m->field_count)
		return NULL;
	return &m->fields[number];
}

const struct directive *directive_of(const struct markdown *m, struct str text)
{
	size_t number, len;

	text = str_trim(text);
	if (!str_starts(text, STR("<!--" MARK_CLOSE)))
		return NULL;
	text = str_skip(text, 4);
	if (!read_number(text, &number, &len) ||
	    !str_eqz(str_skip(text, len), "-->") ||
	    number >= m->directive_count)
		return NULL;
	return &m->directives[number];
}

/* Bytes of the mark at the start of `s`; what it stood for is added to
 * `out`. */
static size_t restore_mark(const struct markdown *m, struct str s,
			   struct buf *out)
{
	const struct field *field;
	size_t number, len;

	field = source_field(m, s, &len);
	if (field) {
		buf_add(out, field->whole);
		return len;
	}
	if (buf_str(out).len >= 4 && read_number(s, &number, &len) &&
	    str_ends(buf_str(out), STR("<!--")) &&
	    number < m->directive_count) {
		buf_cut(out, out->len - 4);
		buf_add(out, source_restore(m, m->directives[number].whole));
		return len + str_starts(str_skip(s, len), STR("-->")) * 3u;
	}
	return MARK_LEN;
}

struct str source_restore(const struct markdown *m, struct str text)
{
	struct str restored;
	struct buf out;

	if (str_find_str(text, STR("\xEE\x80")) < 0)
		return text;
	buf_init(&out, ANSWER_MAX);
	for (size_t i = 0; i < text.len;) {
		struct str rest = str_skip(text, i);

		if (str_starts(rest, STR(MARK_OPEN)) ||
		    str_starts(rest, STR(MARK_CLOSE))) {
			i += restore_mark(m, rest, &out);
		} else {
			buf_byte(&out, rest.at[0]);
			i++;
		}
	}
	restored = arena_dup(m->arena, buf_str(&out));
	buf_done(&out);
	return restored;
}

int source_field_ok(const struct markdown *m, const struct field *field,
		    struct err *err)
{
	switch (field->fault) {
	case FIELD_FINE:
		return 0;
	case FIELD_OPEN:
		err_set(err, ERR_INPUT, "a merge field is not closed");
		err_hint(err, "end it with }} in the same line, or write "
			      "\\{{ where braces are meant");
		break;
	case FIELD_TRIPLE:
		err_set(err, ERR_INPUT, "'" STR_FMT "' has three braces",
			STR_ARG(str_head(field->whole, 80)));
		err_hint(err, "write it with two: what a merge field gives is "
			      "always made safe");
		break;
	case FIELD_EMPTY:
		err_set(err, ERR_INPUT, "a merge field without a name");
		err_hint(err, "write for example {{subscriber.first_name | "
			      "default \"friend\"}}");
		break;
	}
	return markdown_place(m, err, field->line, field->column);
}
