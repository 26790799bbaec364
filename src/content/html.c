/* html.c - raw HTML of an article made safe
 *
 * What may stay is listed; the rest loses its tags, or is dropped with all
 * that is in it. The result is written from the parsed tree, so it is always
 * balanced, whatever the author closed or forgot.
 */
#include <assert.h>
#include "html_priv.h"

static const unsigned char rules[GUMBO_TAG_LAST + 1] = {
	[GUMBO_TAG_B] = HTML_INLINE,	    [GUMBO_TAG_I] = HTML_INLINE,
	[GUMBO_TAG_EM] = HTML_INLINE,	    [GUMBO_TAG_STRONG] = HTML_INLINE,
	[GUMBO_TAG_SUP] = HTML_INLINE,	    [GUMBO_TAG_SUB] = HTML_INLINE,
	[GUMBO_TAG_KBD] = HTML_INLINE,	    [GUMBO_TAG_MARK] = HTML_INLINE,
	[GUMBO_TAG_U] = HTML_INLINE,	    [GUMBO_TAG_SPAN] = HTML_INLINE,
	[GUMBO_TAG_S] = HTML_INLINE,	    [GUMBO_TAG_DEL] = HTML_INLINE,
	[GUMBO_TAG_INS] = HTML_INLINE,	    [GUMBO_TAG_SMALL] = HTML_INLINE,
	[GUMBO_TAG_ABBR] = HTML_INLINE,	    [GUMBO_TAG_CITE] = HTML_INLINE,
	[GUMBO_TAG_Q] = HTML_INLINE,	    [GUMBO_TAG_CODE] = HTML_INLINE,
	[GUMBO_TAG_A] = HTML_INLINE,	    [GUMBO_TAG_IMG] = HTML_VOID_INLINE,
	[GUMBO_TAG_BR] = HTML_VOID_INLINE,  [GUMBO_TAG_HR] = HTML_VOID,
	[GUMBO_TAG_P] = HTML_KEEP,	    [GUMBO_TAG_DIV] = HTML_KEEP,
	[GUMBO_TAG_UL] = HTML_KEEP,	    [GUMBO_TAG_OL] = HTML_KEEP,
	[GUMBO_TAG_LI] = HTML_KEEP,	    [GUMBO_TAG_DL] = HTML_KEEP,
	[GUMBO_TAG_DT] = HTML_KEEP,	    [GUMBO_TAG_DD] = HTML_KEEP,
	[GUMBO_TAG_BLOCKQUOTE] = HTML_KEEP, [GUMBO_TAG_PRE] = HTML_KEEP,
	[GUMBO_TAG_H1] = HTML_KEEP,	    [GUMBO_TAG_H2] = HTML_KEEP,
	[GUMBO_TAG_H3] = HTML_KEEP,	    [GUMBO_TAG_H4] = HTML_KEEP,
	[GUMBO_TAG_H5] = HTML_KEEP,	    [GUMBO_TAG_H6] = HTML_KEEP,
	[GUMBO_TAG_TABLE] = HTML_KEEP,	    [GUMBO_TAG_CAPTION] = HTML_KEEP,
	[GUMBO_TAG_THEAD] = HTML_KEEP,	    [GUMBO_TAG_TBODY] = HTML_KEEP,
	[GUMBO_TAG_TFOOT] = HTML_KEEP,	    [GUMBO_TAG_TR] = HTML_KEEP,
	[GUMBO_TAG_TH] = HTML_KEEP,	    [GUMBO_TAG_TD] = HTML_KEEP,

	[GUMBO_TAG_CENTER] = HTML_PART,	    [GUMBO_TAG_SECTION] = HTML_PART,
	[GUMBO_TAG_ARTICLE] = HTML_PART,    [GUMBO_TAG_HEADER] = HTML_PART,
	[GUMBO_TAG_FOOTER] = HTML_PART,	    [GUMBO_TAG_MAIN] = HTML_PART,
	[GUMBO_TAG_ASIDE] = HTML_PART,	    [GUMBO_TAG_NAV] = HTML_PART,
	[GUMBO_TAG_FIGURE] = HTML_PART,	    [GUMBO_TAG_FIGCAPTION] = HTML_PART,
	[GUMBO_TAG_DETAILS] = HTML_PART,    [GUMBO_TAG_SUMMARY] = HTML_PART,
	[GUMBO_TAG_ADDRESS] = HTML_PART,    [GUMBO_TAG_FORM] = HTML_PART,
	[GUMBO_TAG_FIELDSET] = HTML_PART,   [GUMBO_TAG_LEGEND] = HTML_PART,

	[GUMBO_TAG_SCRIPT] = HTML_DROP,	    [GUMBO_TAG_STYLE] = HTML_DROP,
	[GUMBO_TAG_IFRAME] = HTML_DROP,	    [GUMBO_TAG_NOEMBED] = HTML_DROP,
	[GUMBO_TAG_OBJECT] = HTML_DROP,	    [GUMBO_TAG_EMBED] = HTML_DROP,
	[GUMBO_TAG_APPLET] = HTML_DROP,	    [GUMBO_TAG_TEMPLATE] = HTML_DROP,
	[GUMBO_TAG_SVG] = HTML_DROP,	    [GUMBO_TAG_MATH] = HTML_DROP,
	[GUMBO_TAG_TEXTAREA] = HTML_DROP,   [GUMBO_TAG_SELECT] = HTML_DROP,
	[GUMBO_TAG_BUTTON] = HTML_DROP,	    [GUMBO_TAG_INPUT] = HTML_DROP,
	[GUMBO_TAG_TITLE] = HTML_DROP,	    [GUMBO_TAG_META] = HTML_DROP,
	[GUMBO_TAG_LINK] = HTML_DROP,	    [GUMBO_TAG_BASE] = HTML_DROP,
	[GUMBO_TAG_VIDEO] = HTML_DROP,	    [GUMBO_TAG_AUDIO] = HTML_DROP,
	[GUMBO_TAG_CANVAS] = HTML_DROP,	    [GUMBO_TAG_NOSCRIPT] = HTML_DROP,
	[GUMBO_TAG_NOFRAMES] = HTML_DROP,   [GUMBO_TAG_XMP] = HTML_DROP,
	[GUMBO_TAG_PLAINTEXT] = HTML_DROP,
};

_Static_assert(GUMBO_TAG_LAST < TAG_IDS, "a tag's number is its id");

static bool is_any(struct str value)
{
	(void)value;
	return true;
}

static bool is_number(struct str value)
{
	int64_t number;

	if (str_ends(value, STR("%")) || str_ends(value, STR("px")))
		value.len -= value.at[value.len - 1] == '%' ? 1 : 2;
	return str_int64(value, &number) && number >= 0 && number <= 4000;
}

static bool is_direction(struct str value)
{
	return str_eq_nocase(value, STR("ltr")) ||
	       str_eq_nocase(value, STR("rtl")) ||
	       str_eq_nocase(value, STR("auto"));
}

static bool is_word(struct str value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!is_alnum(value.at[i]) && value.at[i] != '-')
			return false;
	return value.len > 0 && value.len <= 35;
}

/* Which attributes may stay: on one tag, or on all of the list above. */
static const struct attribute {
	const char *name;
	GumboTag tag; /* GUMBO_TAG_LAST: any */
	bool (*ok)(struct str value);
} attributes[] = {
	{ "dir", GUMBO_TAG_LAST, is_direction },
	{ "lang", GUMBO_TAG_LAST, is_word },
	{ "title", GUMBO_TAG_LAST, is_any },
	{ "align", GUMBO_TAG_LAST, is_word },
	{ "href", GUMBO_TAG_A, link_is_safe },
	{ "src", GUMBO_TAG_IMG, link_is_safe },
	{ "alt", GUMBO_TAG_IMG, is_any },
	{ "width", GUMBO_TAG_IMG, is_number },
	{ "height", GUMBO_TAG_IMG, is_number },
	{ "width", GUMBO_TAG_TABLE, is_number },
	{ "width", GUMBO_TAG_TD, is_number },
	{ "width", GUMBO_TAG_TH, is_number },
	{ "colspan", GUMBO_TAG_TD, is_number },
	{ "colspan", GUMBO_TAG_TH, is_number },
	{ "rowspan", GUMBO_TAG_TD, is_number },
	{ "rowspan", GUMBO_TAG_TH, is_number },
	{ "valign", GUMBO_TAG_TD, is_word },
	{ "valign", GUMBO_TAG_TH, is_word },
	{ "valign", GUMBO_TAG_TR, is_word },
	{ "start", GUMBO_TAG_OL, is_number },
};

/* --- writing --------------------------------------------------------------*/

static void escape(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '&')
			buf_addz(out, "&amp;");
		else if (c == '<')
			buf_addz(out, "&lt;");
		else if (c == '>')
			buf_addz(out, "&gt;");
		else if (c == '"')
			buf_addz(out, "&quot;");
		else
			buf_byte(out, c);
	}
}

/* The value of an attribute that may stay, or NULL. */
static const char *safe_value(const GumboElement *element,
			      const struct attribute *attribute)
{
	const GumboAttribute *found;

	if (attribute->tag != GUMBO_TAG_LAST && attribute->tag != element->tag)
		return NULL;
	found = gumbo_get_attribute(&element->attributes, attribute->name);
	return found && attribute->ok(str_of(found->value)) ? found->value
							    : NULL;
}

static void write_open(struct buf *out, const GumboElement *element)
{
	buf_fmt(out, "<%s", gumbo_normalized_tagname(element->tag));
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
		const char *value = safe_value(element, &attributes[i]);

		if (!value)
			continue;
		buf_fmt(out, " %s=\"", attributes[i].name);
		escape(out, str_of(value));
		buf_byte(out, '"');
	}
	buf_byte(out, '>');
}

const char *html_get(const GumboElement *element, const char *name)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
		const char *value = NULL;

		if (strcmp(attributes[i].name, name) == 0)
			value = safe_value(element, &attributes[i]);
		if (value)
			return value;
	}
	return "";
}

enum html_rule html_rule_of(const GumboElement *element)
{
	enum html_rule rule;

	if (element->tag_namespace != GUMBO_NAMESPACE_HTML)
		return HTML_DROP;
	rule = rules[element->tag];
	/* A link that leads nowhere is its text; such a picture is nothing. */
	if (element->tag == GUMBO_TAG_A && !*html_get(element, "href"))
		return HTML_UNWRAP;
	if (element->tag == GUMBO_TAG_IMG && !*html_get(element, "src"))
		return HTML_DROP;
	return rule;
}

int html_too_tangled(const struct markdown *m, const struct node *node,
		     struct err *err)
{
	err_set(err, ERR_INPUT, "this HTML is too large or too tangled");
	err_hint(err, "at most %d bytes in one block, every tag closed",
		 HTML_MAX);
	return markdown_place(m, err, node->line, 0);
}

/* --- one tag --------------------------------------------------------------*/

struct tag_reading {
	struct arena *arena;
	struct tag *tag;
	bool found;
};

static struct str copy(struct arena *arena, const char *value)
{
	return arena_dup(arena, str_of(value));
}

void html_read(struct arena *arena, const GumboElement *element,
	       struct tag *tag_out)
{
	bool link = element->tag == GUMBO_TAG_A;
	struct buf out;

	buf_init(&out, SAFE_MAX);
	write_open(&out, element);
	*tag_out = (struct tag){
		.id = (int)element->tag,
		.safe = arena_dup(arena, buf_str(&out)),
		.url = copy(arena, html_get(element, link ? "href" : "src")),
		.title = copy(arena, html_get(element, "title")),
		.alt = copy(arena, html_get(element, "alt")),
		.width = copy(arena, html_get(element, "width")),
	};
	buf_done(&out);
}

static void read_tag(const GumboNode *root, void *arg)
{
	const GumboVector *children = &root->v.element.children;
	struct tag_reading *r = arg;
	const GumboNode *first;

	if (children->length == 0)
		return;
	first = children->data[0];
	if (first->type != GUMBO_NODE_ELEMENT ||
	    html_rule_of(&first->v.element) < HTML_KEEP)
		return;
	html_read(r->arena, &first->v.element, r->tag);
	r->found = true;
}

/* "</name" or "<name" at the start of `raw`. A name goes up to a blank, '/' or
 * '>': <b-x> is no <b>. */
static GumboTag name_of(struct str raw, bool *closes_out)
{
	size_t end;

	*closes_out = str_starts(raw, STR("</"));
	raw = str_skip(raw, *closes_out ? 2 : 1);
	for (end = 0; end < raw.len && !memchr(" \t\n\f\r/>", raw.at[end], 7);
	     end++)
		;
	return gumbo_tagn_enum(raw.at, (unsigned)end);
}

bool html_is_end(struct str raw, int id)
{
	bool closes;

	return raw.len > 3 && (int)name_of(raw, &closes) == id && closes;
}

int html_tag(const struct markdown *m, const struct node *node,
	     struct tag *tag_out, struct err *err)
{
	struct str raw = node->text;
	struct tag_reading r = { .arena = m->arena, .tag = tag_out };
	bool closes;
	GumboTag name;
	enum html_rule rule;

	*tag_out = (struct tag){ .safe = STR_NONE,
				 .url = STR_NONE,
				 .title = STR_NONE,
				 .alt = STR_NONE,
				 .width = STR_NONE };
	if (raw.len < 3 || (raw.at[1] != '/' && !is_alpha(raw.at[1])))
		return 0;
	name = name_of(raw, &closes);
	rule = rules[name];
	tag_out->id = (int)name;
	if (rule == HTML_DROP && !closes)
		tag_out->form = TAG_HIDES;
	if (rule != HTML_INLINE && rule != HTML_VOID_INLINE)
		return 0;
	if (closes) {
		tag_out->form = rule == HTML_INLINE ? TAG_CLOSES : TAG_NONE;
		tag_out->safe = arena_fmt(m->arena, "</%s>",
					  gumbo_normalized_tagname(name));
		return 0;
	}
	if (raw.len > HTML_MAX || !html_parse(raw, read_tag, &r))
		return html_too_tangled(m, node, err);
	if (r.found)
		tag_out->form = rule == HTML_INLINE ? TAG_OPENS : TAG_VOID;
	return 0;
}

enum block_kind html_kind_of(int id)
{
	switch (id) {
	case GUMBO_TAG_B:
	case GUMBO_TAG_STRONG:
		return BLOCK_STRONG;
	case GUMBO_TAG_I:
	case GUMBO_TAG_EM:
		return BLOCK_EMPH;
	case GUMBO_TAG_S:
	case GUMBO_TAG_DEL:
		return BLOCK_STRIKE;
	case GUMBO_TAG_A:
		return BLOCK_LINK;
	case GUMBO_TAG_IMG:
		return BLOCK_IMAGE;
	case GUMBO_TAG_BR:
		return BLOCK_LINEBREAK;
	default:
		return BLOCK_HTML_INLINE;
	}
}
