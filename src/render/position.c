/* position.c - see position_priv.h */
#include "position_priv.h"

#include "letter_priv.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static struct str word_of(const struct position *p)
{
	return str_at(p->word, p->word_len);
}

/* No name that we know fills `word`, so one cut short is an unknown one. */
static void word_add(struct position *p, char c)
{
	if (p->word_len < sizeof(p->word))
		p->word[p->word_len++] = lower(c);
}

static bool latest(const struct position *p, struct str tail)
{
	return str_ends(str_at(p->last, sizeof(p->last)), tail);
}

/* --- tags ----------------------------------------------------------------- */

static void begin_tag(struct position *p)
{
	p->state = POSITION_TAG;
	p->step = STEP_ELEMENT;
	p->word_len = 0;
	p->element[0] = 0;
	p->described = p->commands = false;
}

static void end_element(struct position *p)
{
	size_t n = p->word_len < sizeof(p->element) - 1
			   ? p->word_len
			   : sizeof(p->element) - 1;

	memcpy(p->element, p->word, n);
	p->element[n] = 0;
	p->step = STEP_BETWEEN;
	p->word_len = 0;
}

static void end_tag(struct position *p)
{
	if (p->step == STEP_ELEMENT)
		end_element(p);
	p->word_len = 0;
	p->state = POSITION_TEXT;
	if (p->raw[0] &&
	    (p->element[0] != '/' || strcmp(p->element + 1, p->raw) != 0)) {
		p->state = POSITION_STYLE;
		return;
	}
	p->raw[0] = 0;
	if (!strcmp(p->element, "style") || !strcmp(p->element, "script")) {
		memcpy(p->raw, p->element, strlen(p->element) + 1);
		p->state = POSITION_STYLE;
	}
}

static void begin_name(struct position *p, char c)
{
	p->step = STEP_NAME;
	p->word_len = 0;
	word_add(p, c);
}

/* The name of an attribute that has a value. */
static void end_name(struct position *p)
{
	struct str name = word_of(p);

	p->step = STEP_EQUALS;
	p->described |= str_eqz(name, "name") || str_eqz(name, "property");
	p->commands |= str_eqz(name, "http-equiv");
}

static void begin_value(struct position *p, char c)
{
	p->step = STEP_UNQUOTED;
	if (c != '"' && c != '\'')
		return;
	p->state = POSITION_VALUE;
	p->quote = c;
	p->value_len = 0;
}

/* A byte of a tag that neither ends it nor is a blank. */
static void feed_solid(struct position *p, char c)
{
	switch (p->step) {
	case STEP_ELEMENT:
		if (c == '/' && p->word_len > 0)
			end_element(p);
		else
			word_add(p, c);
		break;
	case STEP_BETWEEN:
		if (c != '/')
			begin_name(p, c);
		break;
	case STEP_NAME:
	case STEP_NAMED:
		if (c == '=')
			end_name(p);
		else if (c == '/')
			p->step = STEP_BETWEEN;
		else if (p->step == STEP_NAMED)
			begin_name(p, c);
		else
			word_add(p, c);
		break;
	case STEP_EQUALS:
		begin_value(p, c);
		break;
	case STEP_UNQUOTED:
		break;
	}
}

static void feed_blank(struct position *p)
{
	if (p->step == STEP_ELEMENT)
		end_element(p);
	else if (p->step == STEP_NAME)
		p->step = STEP_NAMED;
	else if (p->step == STEP_UNQUOTED)
		p->step = STEP_BETWEEN;
}

static void feed_tag(struct position *p, char c)
{
	if (c == '>')
		end_tag(p);
	else if (is_blank(c))
		feed_blank(p);
	else
		feed_solid(p, c);
	if (latest(p, STR("<!--")))
		p->state = POSITION_COMMENT;
}

/* --- all ------------------------------------------------------------------ */

static void feed_value(struct position *p, char c)
{
	if (c == p->quote) {
		p->state = POSITION_TAG;
		p->step = STEP_BETWEEN;
	} else if (p->value_len < sizeof(p->value)) {
		p->value[p->value_len++] = c;
	}
}

/* Only </style> ends <style>, and </script> <script>. */
static void feed_raw(struct position *p)
{
	size_t n = strlen(p->raw);

	if (!latest(p, str_at(p->raw, n)) ||
	    memcmp(p->last + sizeof(p->last) - n - 2, "</", 2) != 0)
		return;
	begin_tag(p);
	word_add(p, '/');
	for (size_t i = 0; i < n; i++)
		word_add(p, p->raw[i]);
}

static void feed_one(struct position *p, char c)
{
	memmove(p->last, p->last + 1, sizeof(p->last) - 1);
	p->last[sizeof(p->last) - 1] = lower(c);
	switch (p->state) {
	case POSITION_TEXT:
		if (c == '<')
			begin_tag(p);
		break;
	case POSITION_TAG:
		feed_tag(p, c);
		break;
	case POSITION_VALUE:
		feed_value(p, c);
		break;
	case POSITION_COMMENT:
		if (latest(p, STR("-->")))
			p->state = POSITION_TEXT;
		break;
	case POSITION_STYLE:
		feed_raw(p);
		break;
	}
}

void position_feed(struct position *position, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		feed_one(position, text.at[i]);
}

void position_feed_slot(struct position *position, enum slot_context context)
{
	/* An address of ours names a host, but may end with it. */
	position_feed(position,
		      context == SLOT_HREF ? STR("https://x") : STR("x"));
}

/* What the value of the attribute being read holds. */
enum holds { HOLDS_UNKNOWN, HOLDS_TEXT, HOLDS_ADDRESS };

/* Attributes that may have a field: of all others, some run or load things.
 * `content` is a page's description, but behind http-equiv an order. */
static const struct {
	struct str name;
	enum holds holds;
} attributes[] = {
	{ STR("title"), HOLDS_TEXT },	      { STR("alt"), HOLDS_TEXT },
	{ STR("aria-label"), HOLDS_TEXT },    { STR("content"), HOLDS_TEXT },
	{ STR("summary"), HOLDS_TEXT },	      { STR("datetime"), HOLDS_TEXT },
	{ STR("lang"), HOLDS_TEXT },	      { STR("dir"), HOLDS_TEXT },
	{ STR("width"), HOLDS_TEXT },	      { STR("height"), HOLDS_TEXT },
	{ STR("align"), HOLDS_TEXT },	      { STR("href"), HOLDS_ADDRESS },
	{ STR("src"), HOLDS_ADDRESS },	      { STR("action"), HOLDS_ADDRESS },
	{ STR("background"), HOLDS_ADDRESS },
};

static enum holds holds(const struct position *p)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++)
		if (str_eq(attributes[i].name, word_of(p)))
			return attributes[i].holds;
	return HOLDS_UNKNOWN;
}

static struct str value_of(const struct position *p)
{
	return str_at(p->value, p->value_len);
}

bool position_in_address(const struct position *position,
			 enum slot_context *context_out)
{
	if (position->state != POSITION_VALUE ||
	    holds(position) != HOLDS_ADDRESS)
		return false;
	*context_out = position->value_len > 0 ? SLOT_URL : SLOT_HREF;
	return true;
}

static int in_value(const struct position *p, enum slot_context *context_out,
		    struct err *err)
{
	if (holds(p) == HOLDS_UNKNOWN) {
		err_set(err, ERR_INPUT,
			"a field may not stand in the attribute '" STR_FMT "'",
			STR_ARG(word_of(p)));
		return err_hint(err, "title, alt, aria-label, href and src "
				     "may have one");
	}
	if (str_eqz(word_of(p), "content") && (!p->described || p->commands)) {
		err_set(err, ERR_INPUT,
			"a field may not stand in 'content' unless the tag "
			"says first what of");
		return err_hint(err, "write <meta name=\"description\" "
				     "content=...>, without http-equiv");
	}
	if (!position_in_address(p, context_out)) {
		*context_out = SLOT_HTML;
		return 0;
	}
	if (*context_out == SLOT_URL && !link_takes_field(value_of(p))) {
		err_set(err, ERR_INPUT,
			"a field may not be where an address goes to");
		return err_hint(err, "write the host out, and the field "
				     "behind it: https://example.org/?x=...");
	}
	return 0;
}

int position_context(const struct position *position,
		     enum slot_context *context_out, struct err *err)
{
	const char *where = "tag outside quotes";

	switch (position->state) {
	case POSITION_TEXT:
		*context_out = SLOT_HTML;
		return 0;
	case POSITION_VALUE:
		return in_value(position, context_out, err);
	case POSITION_TAG:
		break;
	case POSITION_COMMENT:
		where = "comment";
		break;
	case POSITION_STYLE:
		where = "style sheet or script";
		break;
	}
	err_set(err, ERR_INPUT, "a field may not stand in a %s", where);
	return err_hint(err, "move it into the text or a quoted attribute");
}

/* --- sections ------------------------------------------------------------- */

/* Could the end of a comment, style or script have begun? */
static bool is_ending(const struct position *p)
{
	if (p->state == POSITION_COMMENT)
		return p->last[sizeof(p->last) - 1] == '-';
	return p->state == POSITION_STYLE &&
	       memchr(p->last, '<', sizeof(p->last));
}

/* Readers come with different beginnings of an address: only where both have
 * named their host may a field follow. No host comes behind this one. */
static void join_value(struct position *after, const struct position *before)
{
	if (holds(after) != HOLDS_ADDRESS ||
	    str_eq(value_of(before), value_of(after)) ||
	    (link_takes_field(value_of(before)) &&
	     link_takes_field(value_of(after))))
		return;
	memset(after->value, ':', sizeof(after->value));
	after->value_len = sizeof(after->value);
}

/* Between attributes the name of the latest says nothing any more. */
static bool is_same_tag(const struct position *a, const struct position *b)
{
	bool between = a->state == POSITION_TAG && a->step == STEP_BETWEEN;

	return a->step == b->step && !strcmp(a->element, b->element) &&
	       (between || str_eq(word_of(a), word_of(b)));
}

bool position_join(struct position *after, const struct position *before)
{
	if (after->state != before->state || strcmp(after->raw, before->raw))
		return false;
	after->described &= before->described;
	after->commands |= before->commands;
	switch (after->state) {
	case POSITION_TEXT:
		return true;
	case POSITION_TAG:
		return is_same_tag(after, before);
	case POSITION_VALUE:
		if (after->quote != before->quote ||
		    !is_same_tag(after, before))
			return false;
		join_value(after, before);
		return true;
	case POSITION_COMMENT:
	case POSITION_STYLE:
		break;
	}
	return !(is_ending(after) || is_ending(before)) ||
	       !memcmp(after->last, before->last, sizeof(after->last));
}
