/* position.c - see position_priv.h */
#include "position_priv.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool word_is(const struct position *p, struct str name)
{
	return str_eq(str_at(p->word, p->word_len), name);
}

static void word_add(struct position *p, char c)
{
	if (p->word_len < sizeof(p->word))
		p->word[p->word_len++] = lower(c);
}

static bool latest(const struct position *p, const char *tail, size_t n)
{
	return memcmp(p->last + sizeof(p->last) - n, tail, n) == 0;
}

/* The first word of a tag is the element's name, closing slash and all. */
static void end_word(struct position *p)
{
	if (!p->element[0] && p->word_len > 0) {
		size_t n = p->word_len < sizeof(p->element) - 1
				   ? p->word_len
				   : sizeof(p->element) - 1;

		memcpy(p->element, p->word, n);
		p->element[n] = 0;
	}
}

static void end_tag(struct position *p)
{
	end_word(p);
	p->state = POSITION_TEXT;
	if (!strcmp(p->element, "style") || !strcmp(p->element, "script"))
		p->state = POSITION_STYLE;
	p->word_len = 0;
}

static void feed_tag(struct position *p, char c)
{
	if (c == '>') {
		end_tag(p);
	} else if (c == '"' || c == '\'') {
		p->state = POSITION_VALUE;
		p->quote = c;
		p->fresh = true;
	} else if (is_blank(c)) {
		end_word(p);
		p->word_len = 0;
	} else if (c != '=') {
		word_add(p, c);
	}
}

static void feed_one(struct position *p, char c)
{
	memmove(p->last, p->last + 1, sizeof(p->last) - 1);
	p->last[sizeof(p->last) - 1] = c;
	switch (p->state) {
	case POSITION_TEXT:
		if (c == '<') {
			p->state = POSITION_TAG;
			p->word_len = 0;
			p->element[0] = 0;
		}
		break;
	case POSITION_TAG:
		feed_tag(p, c);
		if (latest(p, "<!--", 4))
			p->state = POSITION_COMMENT;
		break;
	case POSITION_VALUE:
		p->fresh = false;
		if (c == p->quote) {
			p->state = POSITION_TAG;
			p->word_len = 0;
		}
		break;
	case POSITION_COMMENT:
		if (latest(p, "-->", 3))
			p->state = POSITION_TEXT;
		break;
	case POSITION_STYLE:
		if (latest(p, "</", 2)) {
			p->state = POSITION_TAG;
			p->word_len = 0;
			p->element[0] = 0;
			/* "/style" ends what "style" would begin again. */
			word_add(p, '/');
		}
		break;
	}
}

void position_feed(struct position *position, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		feed_one(position, text.at[i]);
}

/* Attributes that hold an address. */
static bool holds_address(const struct position *p)
{
	static const struct str names[] = { STR("href"), STR("src"),
					    STR("action"), STR("background") };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (word_is(p, names[i]))
			return true;
	return false;
}

int position_context(const struct position *position,
		     enum slot_context *context_out, struct err *err)
{
	const struct position *p = position;

	if (p->state == POSITION_TEXT) {
		*context_out = SLOT_HTML;
		return 0;
	}
	if (p->state == POSITION_VALUE && holds_address(p)) {
		*context_out = p->fresh ? SLOT_HREF : SLOT_URL;
		return 0;
	}
	if (p->state == POSITION_VALUE && !word_is(p, STR("style")) &&
	    !(p->word_len > 2 && !memcmp(p->word, "on", 2))) {
		*context_out = SLOT_HTML;
		return 0;
	}
	err_set(err, ERR_INPUT, "a reader's field may not stand in a %s",
		p->state == POSITION_COMMENT ? "comment"
		: p->state == POSITION_STYLE ? "style sheet or script"
		: p->state == POSITION_VALUE ? "style or event attribute"
					     : "tag outside quotes");
	return err_hint(err, "move it into the text or a quoted attribute");
}
