/* mdoc.c - the small Markdown of docs/commands as mdoc(7)
 *
 * Headings of two and three marks, paragraphs, lists of one level, code
 * indented by four blanks, `code`, *stress*, **weight** and [links](url). A
 * list whose entries begin with `code`: becomes one of tags. Anything else is
 * refused, so that no page comes out wrong in silence.
 */
#include "cli_priv.h"

enum place { IN_PROSE, IN_BULLETS, IN_TAGS, IN_CODE };

struct mdoc {
	FILE *to;
	int line;
	enum place place;
	bool begun; /* behind the first heading */
	bool gap;   /* an empty line since the last text */
	bool fresh; /* right behind a heading, item or display */
	char style; /* of the text run: 0, '`', '*' or 'B' */
};

static void put_escaped(FILE *to, char c, bool code)
{
	switch (c) {
	case '\\':
		fputs("\\e", to);
		break;
	case '-':
		fputs(code ? "\\-" : "-", to);
		break;
	case '~':
		fputs("\\(ti", to);
		break;
	case '^':
		fputs("\\(ha", to);
		break;
	case '"':
		fputs("\\(dq", to);
		break;
	default:
		fputc(c, to);
	}
}

static bool ends_sentence(struct str text, size_t i)
{
	while (i > 0 && strchr(")'\"`*", text.at[i]))
		i--;
	return strchr(".!?", text.at[i]) != NULL;
}

static void turn_style(struct mdoc *m, char style)
{
	m->style = m->style == style ? 0 : style;
	fputs(m->style == 0	? "\\fR"
	      : m->style == '*' ? "\\fI"
				: "\\fB",
	      m->to);
}

/* "[words](url)" at `at`: the words alone, and where they end. */
static size_t put_link(struct mdoc *m, struct str text, size_t at)
{
	ptrdiff_t close = str_find(str_skip(text, at), ']');
	ptrdiff_t end = str_find(str_skip(text, at), ')');

	if (close < 0 || end < close || text.at[at + (size_t)close + 1] != '(')
		return 0;
	for (size_t i = at + 1; i < at + (size_t)close; i++)
		if (text.at[i] != '`' && text.at[i] != '*')
			put_escaped(m->to, text.at[i], false);
	return (size_t)end;
}

/* mdoc wants each sentence on a line of its own, and takes a line that begins
 * with a dot or apostrophe for a macro. */
static void put_text(struct mdoc *m, struct str text)
{
	bool start = true;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		size_t skip;

		if (start && (c == '.' || c == '\''))
			fputs("\\&", m->to);
		start = false;
		if (c == '`' && m->style != '*') {
			turn_style(m, '`');
		} else if (c == '*' && m->style != '`') {
			bool two = i + 1 < text.len && text.at[i + 1] == '*';

			turn_style(m, two ? 'B' : '*');
			i += two;
		} else if (c == '[' && m->style == 0 &&
			   (skip = put_link(m, text, i)) > 0) {
			i += skip;
		} else if (c == ' ' && m->style == 0 && i > 0 &&
			   ends_sentence(text, i - 1)) {
			fputc('\n', m->to);
			start = true;
		} else {
			put_escaped(m->to, c, m->style == '`');
		}
	}
}

void mdoc_text(FILE *to, struct str text)
{
	struct mdoc m = { .to = to };

	put_text(&m, text);
}

static void leave(struct mdoc *m)
{
	if (m->place == IN_BULLETS || m->place == IN_TAGS)
		fputs(".El\n", m->to);
	if (m->place == IN_CODE)
		fputs(".Ed\n", m->to);
	m->place = IN_PROSE;
}

static void put_heading(struct mdoc *m, struct str text)
{
	bool section = text.at[2] == ' ';

	leave(m);
	text = str_trim(str_skip(text, section ? 2 : 3));
	fputs(section ? ".Sh " : ".Ss ", m->to);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (section && c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		put_escaped(m->to, c, false);
	}
	fputc('\n', m->to);
	m->begun = m->fresh = true;
	m->gap = false;
}

static void put_item(struct mdoc *m, struct str text)
{
	ptrdiff_t end = str_find_str(text, STR("`: "));
	bool tag = text.len > 0 && text.at[0] == '`' && end > 0;
	enum place place = tag ? IN_TAGS : IN_BULLETS;

	if (m->place != place) {
		leave(m);
		fputs(tag ? ".Bl -tag -width Ds\n" : ".Bl -bullet -width Ds\n",
		      m->to);
		m->place = place;
	}
	if (!tag) {
		fputs(".It\n", m->to);
	} else {
		fputs(".It Sy \"\\&", m->to);
		/* Several words of code are one tag. */
		for (ptrdiff_t i = 1; i < end; i++)
			if (text.at[i] != '`')
				put_escaped(m->to, text.at[i], true);
		fputs("\"\n", m->to);
		text = str_skip(text, (size_t)end + 3);
	}
	put_text(m, text);
	fputc('\n', m->to);
	m->gap = m->fresh = false;
}

static void put_code(struct mdoc *m, struct str text)
{
	if (m->place != IN_CODE) {
		leave(m);
		fputs(".Bd -literal -offset indent\n", m->to);
		m->place = IN_CODE;
	} else if (m->gap) {
		fputc('\n', m->to);
	}
	if (text.at[0] == '.' || text.at[0] == '\'')
		fputs("\\&", m->to);
	for (size_t i = 0; i < text.len; i++)
		put_escaped(m->to, text.at[i], true);
	fputc('\n', m->to);
	m->gap = false;
	m->fresh = true;
}

static void put_prose(struct mdoc *m, struct str text, bool indented)
{
	bool in_list = m->place == IN_BULLETS || m->place == IN_TAGS;

	if (m->place == IN_CODE || (in_list && m->gap && !indented)) {
		leave(m);
		m->gap = true;
		m->fresh = false;
	}
	if (m->gap && !m->fresh)
		fputs(".Pp\n", m->to);
	put_text(m, str_trim(text));
	fputc('\n', m->to);
	m->gap = m->fresh = false;
}

static int put_line(struct mdoc *m, struct str text, struct err *err)
{
	bool indented = str_starts(text, STR("  "));

	if (str_trim(text).len == 0)
		m->gap = true;
	else if (str_starts(text, STR("## ")) || str_starts(text, STR("### ")))
		put_heading(m, text);
	else if (!m->begun)
		return 0;
	else if (str_starts(text, STR("- ")))
		put_item(m, str_skip(text, 2));
	else if (str_starts(text, STR("    ")))
		put_code(m, str_skip(text, 4));
	else if (strchr("#>|`", text.at[0]) && !str_starts(text, STR("`")))
		return err_set(err, ERR_INPUT,
			       "this Markdown is not turned "
			       "into a manual page");
	else if (str_starts(text, STR("```")))
		return err_set(err, ERR_INPUT,
			       "code is indented by four blanks here");
	else
		put_prose(m, text, indented);
	return 0;
}

int mdoc_from(FILE *to, struct str text, const char *name, struct err *err)
{
	struct mdoc m = { .to = to };

	while (text.len > 0) {
		struct str line = str_cut(text, '\n', &text);

		m.line++;
		if (put_line(&m, line, err) < 0)
			return err_place(err, "%s:%d", name, m.line);
	}
	leave(&m);
	return 0;
}
