/* look.c - a letter's HTML as one kind of reader sees it: see look_priv.h */
#include "look_priv.h"

/* Conditions that always and never hold, wherever a feature may stand. */
#define ALWAYS STR("(min-width:0px)")
#define NEVER  STR("(max-width:0px)")

/* --- media queries --------------------------------------------------------- */

static struct str skip_blanks(struct str s)
{
	while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t' ||
			     s.at[0] == '\n' || s.at[0] == '\r'))
		s = str_skip(s, 1);
	return s;
}

/* Take `word` from the front of *s, blanks before it too. */
static bool take(struct str *s, struct str word)
{
	struct str rest = skip_blanks(*s);

	if (!str_starts_nocase(rest, word))
		return false;
	*s = str_skip(rest, word.len);
	return true;
}

/* "(prefers-color-scheme: dark)" at the front of `s`: its length, or 0. */
static size_t scheme_query(struct str s, bool *dark_out)
{
	struct str rest = s;

	if (s.at[0] != '(' || !take(&rest, STR("(")) ||
	    !take(&rest, STR("prefers-color-scheme")) || !take(&rest, STR(":")))
		return 0;
	*dark_out = take(&rest, STR("dark"));
	if ((!*dark_out && !take(&rest, STR("light"))) ||
	    !take(&rest, STR(")")))
		return 0;
	return s.len - rest.len;
}

/* --- pictures -------------------------------------------------------------- */

/* An attribute's value that names one of our pictures: the length of what
 * gives way to `base` and `/cid/` or `/m/`. */
static size_t our_picture(struct str s, const struct look *look,
			  struct str *below_out)
{
	if (str_starts(s, STR("cid:"))) {
		*below_out = STR("/cid/");
		return 4;
	}
	if (look->url.len > 0 && str_starts(s, look->url) &&
	    str_starts(str_skip(s, look->url.len), STR("/m/"))) {
		*below_out = STR("/m/");
		return look->url.len + 3;
	}
	return 0;
}

/* ` src="..."` or ` srcset="..."` at the front of `s`: its length, or 0. */
static size_t source_attribute(struct str s)
{
	struct str rest = s, value;
	char quote;

	if (!take(&rest, STR("srcset=")) && !take(&rest, STR("src=")))
		return 0;
	if (rest.len == 0 || (rest.at[0] != '"' && rest.at[0] != '\''))
		return 0;
	quote = rest.at[0];
	value = str_cut(str_skip(rest, 1), quote, &rest);
	(void)value;
	return s.len - rest.len;
}

static bool is_image(struct str s)
{
	return str_starts_nocase(s, STR("<img")) && s.len > 4 &&
	       (s.at[4] == ' ' || s.at[4] == '\n' || s.at[4] == '\t');
}

/* --- the walk -------------------------------------------------------------- */

struct walk {
	const struct look *look;
	bool in_tag, in_image, in_style;
	bool head;  /* its end is still to come */
	char quote; /* inside a tag: the open one, or 0 */
};

/* A letter says that it can be both: what the browser makes of that is not
 * left to it either. */
static void end_head(struct walk *walk, struct buf *out)
{
	walk->head = false;
	buf_fmt(out,
		"<base target=\"_blank\"><style>:root{color-scheme:only %s "
		"!important}</style>",
		walk->look->dark ? "dark" : "light");
}

/* What stands at the front of `html` is replaced: how much of it was used, 0
 * when it stays. */
static size_t replace(const struct walk *walk, struct str html, struct buf *out)
{
	const struct look *look = walk->look;
	struct str below;
	bool dark = false;
	size_t used = 0;

	switch (html.at[0]) {
	case '(':
		used = scheme_query(html, &dark);
		if (used > 0)
			buf_add(out, dark == look->dark ? ALWAYS : NEVER);
		break;
	case '"':
	case '\'':
		used = walk->in_tag
			       ? our_picture(str_skip(html, 1), look, &below)
			       : 0;
		if (used == 0)
			break;
		buf_byte(out, html.at[0]);
		buf_add(out, look->base);
		buf_add(out, below);
		used++;
		break;
	case ' ':
	case '\n':
		if (walk->in_image && !walk->quote && look->bare)
			used = source_attribute(html);
		break;
	default:
		break;
	}
	return used;
}

/* The quotes of an attribute; a '>' between them ends no tag. */
static void step_in_tag(struct walk *walk, char c)
{
	if (walk->quote)
		walk->quote = c == walk->quote ? 0 : walk->quote;
	else if (c == '"' || c == '\'')
		walk->quote = c;
	else if (c == '>')
		walk->in_tag = walk->in_image = false;
}

static bool is_tag(struct str html)
{
	char c = html.len > 1 ? html.at[1] : 0;

	return html.at[0] == '<' &&
	       ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/');
}

static void step(struct walk *walk, struct str html, struct buf *out)
{
	if (walk->in_tag) {
		step_in_tag(walk, html.at[0]);
		return;
	}
	if (!is_tag(html))
		return;
	walk->in_tag = true;
	walk->quote = 0;
	walk->in_image = is_image(html);
	if (str_starts_nocase(html, STR("<style")))
		walk->in_style = true;
	else if (str_starts_nocase(html, STR("</style")))
		walk->in_style = false;
	else if (walk->head && str_starts_nocase(html, STR("</head>")))
		end_head(walk, out);
}

void look_apply(struct str html, const struct look *look, struct buf *out)
{
	struct walk walk = { .look = look, .head = true };

	while (html.len > 0) {
		size_t used = walk.in_tag || walk.in_style
				      ? replace(&walk, html, out)
				      : 0;

		if (used > 0) {
			/* It began with the quote that opens the value, or it
			 * stood between attributes or inside a value. */
			if (html.at[0] == '"' || html.at[0] == '\'')
				walk.quote = html.at[0];
			html = str_skip(html, used);
			continue;
		}
		step(&walk, html, out);
		buf_byte(out, html.at[0]);
		html = str_skip(html, 1);
	}
}
