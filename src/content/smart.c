/* smart.c - quotes, dashes and dots as printers set them
 *
 * Texts only: code, addresses and what was escaped stay as they were typed.
 * A line is read as a whole, so that a quote knows what stands on either side
 * of it, behind the emphasis that it opens or closes.
 */
#include "base/utf8.h"
#include "markdown_priv.h"
#include "smart_priv.h"

#define OPEN_MAX 16 /* quotes in each other that are remembered */
#define WORD_MAX 8

#define APOSTROPHE "\xE2\x80\x99"
#define EN_DASH	   "\xE2\x80\x93"
#define EM_DASH	   "\xE2\x80\x94"
#define ELLIPSIS   "\xE2\x80\xA6"
#define GERESH	   "\xD7\xB3"
#define GERSHAYIM  "\xD7\xB4"

enum quote { QUOTE_DOUBLE, QUOTE_SINGLE };

/* What stands somewhere: itself, or in place of it */
enum { NOTHING = ' ', SOMETHING = 'x', OPENED = '(', CLOSED = ')' };

struct leaf {		     /* of a line, in the order of reading */
	struct str *text;    /* NULL: no text of ours */
	uint32_t stands_for; /* then; 0: nobody sees it */
};

struct smart {
	struct markdown *m;
	const struct smart_language *lang;
	struct leaf *leaves;
	size_t count;
	size_t at;	 /* the leaf being read */
	struct str rest; /* of it */
	struct buf out;
	uint32_t before; /* the character before */
	enum quote open[OPEN_MAX];
	int depth;
	int code; /* tags of code around the leaves being gathered */
};

/* --- what stands around ---------------------------------------------------*/

static bool is_blank(uint32_t c)
{
	return c <= ' ' || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) ||
	       c == 0x202F || c == 0x3000;
}

static bool is_number(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(uint32_t c)
{
	if (c < 0x80)
		return is_alnum((char)c);
	return c >= 0xC0 && c != 0xD7 && c != 0xF7 &&
	       !(c >= 0x2000 && c < 0x2C00);
}

static bool is_hebrew(uint32_t c)
{
	return c >= 0x5D0 && c <= 0x5EA;
}

static bool is_opening(uint32_t c)
{
	return c == OPENED || c == '[' || c == '{' || c == 0xBF || c == 0xA1;
}

/* The character at the start of `s`, which marks may hide: 0 if it shows
 * none. */
static uint32_t look(const struct markdown *m, struct str s, size_t *len_out)
{
	const struct field *field = source_field(m, s, len_out);

	if (field)
		return condition_tag(field->inside) == COND_FIELD ? SOMETHING
								  : 0;
	if (str_starts(s, STR(MARK_OPEN)) || str_starts(s, STR(MARK_CLOSE))) {
		*len_out = MARK_LEN;
		return 0;
	}
	return utf8_next(s, len_out);
}

/* The character behind the first `used` bytes of the rest. */
static uint32_t after(const struct smart *s, size_t used)
{
	struct str rest = str_skip(s->rest, used);
	size_t len;
	uint32_t c;

	for (; rest.len > 0; rest = str_skip(rest, len))
		if ((c = look(s->m, rest, &len)) != 0)
			return c;
	for (size_t i = s->at + 1; i < s->count; i++) {
		if (!s->leaves[i].text) {
			if (s->leaves[i].stands_for)
				return s->leaves[i].stands_for;
			continue;
		}
		for (rest = *s->leaves[i].text; rest.len > 0;
		     rest = str_skip(rest, len))
			if ((c = look(s->m, rest, &len)) != 0)
				return c;
	}
	return NOTHING;
}

/* --- quotes ---------------------------------------------------------------*/

static int count_open(const struct smart *s, enum quote quote)
{
	int count = 0;

	for (int i = 0; i < s->depth; i++)
		count += s->open[i] == quote;
	return count;
}

static void open_quote(struct smart *s, enum quote quote)
{
	if (s->depth < OPEN_MAX)
		s->open[s->depth++] = quote;
	buf_addz(&s->out, s->lang->quotes[quote][0]);
	if (quote == QUOTE_DOUBLE && s->lang->inside)
		buf_addz(&s->out, s->lang->inside);
	s->before = OPENED;
}

/* With it end those that were opened inside and forgotten. */
static void close_quote(struct smart *s, enum quote quote)
{
	while (count_open(s, quote) && s->open[--s->depth] != quote)
		;
	if (quote == QUOTE_DOUBLE && s->lang->inside)
		buf_addz(&s->out, s->lang->inside);
	buf_addz(&s->out, s->lang->quotes[quote][1]);
	s->before = CLOSED;
}

static void put(struct smart *s, const char *text, uint32_t before)
{
	buf_addz(&s->out, text);
	s->before = before;
}

/* Not after a blank, and not where something else opens. */
static bool can_close(const struct smart *s, uint32_t next)
{
	return !is_blank(s->before) &&
	       !(is_opening(s->before) && !is_blank(next));
}

/* 12", and the first of two in "12"" where one quote is open to be closed. */
static bool is_inches(const struct smart *s, uint32_t next)
{
	int open = count_open(s, QUOTE_DOUBLE);

	return is_number(s->before) &&
	       (open == 0 || (open == 1 && next == '"'));
}

static void double_quote(struct smart *s)
{
	uint32_t next = after(s, 1);
	bool open = count_open(s, QUOTE_DOUBLE);

	if (s->lang->hebrew && is_hebrew(s->before) && is_hebrew(next))
		put(s, GERSHAYIM, SOMETHING);
	else if (is_inches(s, next))
		put(s, "\"", CLOSED);
	else if (open && (can_close(s, next) || is_blank(next)))
		close_quote(s, QUOTE_DOUBLE);
	else if (!is_blank(next))
		open_quote(s, QUOTE_DOUBLE);
	else if (!is_blank(s->before))
		close_quote(s, QUOTE_DOUBLE);
	else
		put(s, "\"", '"');
}

/* The word behind the quote. */
static struct str word_behind(const struct smart *s)
{
	struct str rest = str_skip(s->rest, 1);
	size_t len = 0;

	while (len < rest.len && len <= WORD_MAX && is_alnum(rest.at[len]))
		len++;
	return str_head(rest, len);
}

/* '90s, '68 and the '60s' of "the '60s' music", but not '42' or '1968'. */
static bool is_decade(struct str word, char end)
{
	if (word.len < 2 || word.len > 3 || !is_digit(word.at[0]) ||
	    !is_digit(word.at[1]))
		return false;
	return word.len == 3 ? word.at[2] == 's' : end != '\'';
}

/* An apostrophe that begins a word: 'tis, '90s. */
static bool is_elision(const struct smart *s)
{
	struct str word = word_behind(s);
	struct str behind = str_skip(s->rest, 1 + word.len);
	char end = behind.len > 0 ? behind.at[0] : ' ';
	char padded[WORD_MAX + 3] = " ";

	if (is_decade(word, end))
		return true;
	if (!s->lang->elided || word.len == 0 || word.len > WORD_MAX ||
	    (unsigned char)end >= 0x80 || (end == '\'' && word.len > 1))
		return false;
	for (size_t i = 0; i < word.len; i++)
		padded[i + 1] = (char)(word.at[i] | 32);
	padded[word.len + 1] = ' ';
	return strstr(s->lang->elided, padded) != NULL;
}

static bool is_apostrophe(const struct smart *s, uint32_t next)
{
	if (is_word(s->before))
		return is_word(next) && !is_number(next);
	return s->before == CLOSED && is_word(next) &&
	       !count_open(s, QUOTE_SINGLE);
}

static void single_quote(struct smart *s)
{
	uint32_t next = after(s, 1);
	bool open = count_open(s, QUOTE_SINGLE);

	if (s->lang->hebrew && is_hebrew(s->before) && !open)
		put(s, GERESH, SOMETHING);
	else if (is_apostrophe(s, next))
		put(s, APOSTROPHE, '\'');
	else if (is_number(s->before) && !open)
		put(s, "'", CLOSED); /* feet */
	else if (!is_word(s->before) && is_elision(s))
		put(s, APOSTROPHE, '\'');
	else if (open && can_close(s, next))
		close_quote(s, QUOTE_SINGLE);
	else if (!is_word(s->before) && !is_blank(next))
		open_quote(s, QUOTE_SINGLE);
	else if (is_word(s->before))
		put(s, APOSTROPHE, CLOSED);
	else
		put(s, "'", '\'');
}

/* --- dashes, dots and the spaces of French --------------------------------*/

static size_t run_of(struct str s, char c)
{
	size_t len = 0;

	while (len < s.len && s.at[len] == c)
		len++;
	return len;
}

/* The `len` bytes at the front of the rest become `text`, or stay. */
static size_t put_run(struct smart *s, size_t len, const char *text)
{
	uint32_t c = (unsigned char)s->rest.at[0];

	if (text)
		buf_addz(&s->out, text);
	else
		buf_add(&s->out, str_head(s->rest, len));
	s->before = c;
	return len;
}

static size_t dashes(struct smart *s)
{
	size_t len = run_of(s->rest, '-');
	bool escaped = str_starts(str_skip(s->rest, len), STR(MARK_CLOSE));
	/* "--all" is an option of a program. */
	bool option = is_blank(s->before) && is_word(after(s, len));

	if (escaped || len > 3 || len == 1 || (len == 2 && option))
		return put_run(s, len, NULL);
	return put_run(s, len, len == 2 ? EN_DASH : EM_DASH);
}

static size_t dots(struct smart *s)
{
	size_t len = run_of(s->rest, '.');
	bool escaped = str_starts(str_skip(s->rest, len), STR(MARK_CLOSE));

	return put_run(s, len, len == 3 && !escaped ? ELLIPSIS : NULL);
}

/* "mot !" and "mot!" alike; neither 12:30 nor an address. */
static void space_before(struct smart *s, size_t used)
{
	uint32_t next = after(s, used);

	if (is_blank(next) || next == '"' || next == ')' || next == 0xBB ||
	    next == '!' || next == '?') {
		if (str_ends(buf_str(&s->out), STR(" "))) {
			buf_cut(&s->out, s->out.len - 1);
			buf_addz(&s->out, NARROW);
		} else if (is_word(s->before) || s->before == CLOSED ||
			   s->before == 0xBB) {
			buf_addz(&s->out, NARROW);
		}
	}
}

/* << and >> as typed. */
static size_t guillemet(struct smart *s, uint32_t c, size_t len)
{
	if (c == 0xBB) {
		if (str_ends(buf_str(&s->out), STR(" ")))
			buf_cut(&s->out, s->out.len - 1);
		if (!is_blank(s->before) || s->before == ' ')
			buf_addz(&s->out, NARROW);
	}
	buf_add(&s->out, str_head(s->rest, len));
	s->before = c == 0xBB ? CLOSED : OPENED;
	if (c == 0xAB) {
		struct str rest = str_skip(s->rest, len);

		if (str_starts(rest, STR(" ")))
			len++;
		if (!is_blank(after(s, len)))
			buf_addz(&s->out, NARROW);
	}
	return len;
}

/* --- a line ---------------------------------------------------------------*/

/* One character, or a run; the bytes it had. */
static size_t step(struct smart *s)
{
	size_t len;
	uint32_t c = look(s->m, s->rest, &len);
	struct str behind = str_skip(s->rest, len);

	if (c == '-')
		return dashes(s);
	if (c == '.')
		return dots(s);
	if ((c == '"' || c == '\'') && !str_starts(behind, STR(MARK_CLOSE))) {
		if (c == '"')
			double_quote(s);
		else
			single_quote(s);
		return len;
	}
	if (s->lang->inside && (c == 0xAB || c == 0xBB))
		return guillemet(s, c, len);
	if (s->lang->spaced && c > 0 && c < 0x80 &&
	    strchr(s->lang->spaced, (int)c) && len == 1)
		space_before(s, len);
	buf_add(&s->out, str_head(s->rest, len));
	if (c != 0)
		s->before = c;
	return len;
}

/* The leaves gathered, and none are left. */
static void run(struct smart *s)
{
	s->before = NOTHING;
	s->depth = 0;
	for (s->at = 0; s->at < s->count; s->at++) {
		struct leaf *leaf = &s->leaves[s->at];

		if (!leaf->text) {
			if (leaf->stands_for)
				s->before = leaf->stands_for;
			continue;
		}
		buf_reset(&s->out);
		for (s->rest = *leaf->text; s->rest.len > 0;)
			s->rest = str_skip(s->rest, step(s));
		*leaf->text = arena_dup(s->m->arena, buf_str(&s->out));
	}
	s->count = 0;
}

static void add_leaf(struct smart *s, struct str *text, uint32_t stands_for)
{
	s->leaves[s->count++] = (struct leaf){ text, stands_for };
}

static void words(struct smart *s, struct str *text)
{
	if (text->len == 0)
		return;
	add_leaf(s, text, 0);
	run(s);
}

/* --- the tree -------------------------------------------------------------*/

/* <https://...> and its like show the address. */
static bool shows_address(const struct node *link)
{
	return link->first && !link->first->next &&
	       link->first->kind == BLOCK_TEXT &&
	       str_ends(link->url, link->first->text);
}

/* 1 where code begins, -1 where it ends. */
static int code_by(struct str tag)
{
	static const struct str tags[] = { STR("<code"), STR("<kbd"),
					   STR("</code"), STR("</kbd") };

	for (int i = 0; i < 4; i++)
		if (str_starts(tag, tags[i]))
			return i < 2 ? 1 : -1;
	return 0;
}

static void gather(struct smart *s, struct node *parent)
{
	for (struct node *c = parent->first; c; c = c->next) {
		if (c->kind == BLOCK_TEXT)
			add_leaf(s, s->code > 0 ? NULL : &c->text, SOMETHING);
		else if (c->kind == BLOCK_SOFTBREAK ||
			 c->kind == BLOCK_LINEBREAK)
			add_leaf(s, NULL, NOTHING);
		else if (c->kind == BLOCK_CODESPAN || c->kind == BLOCK_IMAGE ||
			 (c->kind == BLOCK_LINK && shows_address(c)))
			add_leaf(s, NULL, SOMETHING);
		else if (c->kind == BLOCK_HTML_INLINE)
			s->code += code_by(c->text);
		else
			gather(s, c);
	}
}

/* What of a node is words: its text, its title, the line below it. */
enum { TEXT = 1, TITLE = 2, LINE = 4 };

static const unsigned char parts[BLOCK_KIND_COUNT] = {
	[BLOCK_PARAGRAPH] = LINE,
	[BLOCK_HEADING] = LINE,
	[BLOCK_CELL] = LINE,
	[BLOCK_IMAGE] = TITLE | LINE,
	[BLOCK_LINK] = TITLE,
	[BLOCK_RULE] = TEXT,
	[BLOCK_CALLOUT] = TITLE,
	[BLOCK_BUTTON] = TEXT,
	[BLOCK_PULLQUOTE] = TEXT,
	[BLOCK_CONTENTS] = TEXT,
	[BLOCK_VIDEO] = TEXT | LINE,
	[BLOCK_AUDIO] = TEXT | LINE,
	[BLOCK_POLL] = TEXT,
	[BLOCK_ANSWER] = TEXT,
	[BLOCK_SPONSOR] = TEXT,
	[BLOCK_MORE] = TEXT,
	[BLOCK_SHARE] = TEXT,
	[BLOCK_SUBSCRIBE] = TEXT,
	[BLOCK_BOOKMARK] = TEXT | TITLE | LINE,
};

static void read_node(struct smart *s, struct node *node)
{
	if (parts[node->kind] & TEXT)
		words(s, &node->text);
	if (parts[node->kind] & TITLE)
		words(s, &node->title);
	if (parts[node->kind] & LINE) {
		s->code = 0;
		gather(s, node);
		run(s);
	}
	for (struct node *c = node->first; c; c = c->next)
		read_node(s, c);
}

void smart_read(struct markdown *m, struct node *document, struct str lang)
{
	struct smart smart = { .m = m, .lang = smart_language(lang) };

	if (smart.lang->untouched)
		return;
	smart.leaves = arena_many(m->arena, struct leaf, m->nodes + 1);
	buf_init(&smart.out, ANSWER_MAX);
	read_node(&smart, document);
	buf_done(&smart.out);
}
