/* html.c - raw HTML of an article made safe
 *
 * What may stay is listed; the rest loses its tags, or is dropped with all
 * that is in it. The result is written from the parsed tree, so it is always
 * balanced, whatever the author closed or forgot.
 */
#include <assert.h>
#include "html_priv.h"

enum rule {
	UNWRAP = 0, /* what is in it stays */
	DROP,
	KEEP,
	KEEP_INLINE, /* also inside a line of Markdown */
	KEEP_VOID,   /* has no end tag */
	KEEP_VOID_INLINE
};

static const unsigned char rules[GUMBO_TAG_LAST + 1] = {
	[GUMBO_TAG_B] = KEEP_INLINE,
	[GUMBO_TAG_I] = KEEP_INLINE,
	[GUMBO_TAG_EM] = KEEP_INLINE,
	[GUMBO_TAG_STRONG] = KEEP_INLINE,
	[GUMBO_TAG_SUP] = KEEP_INLINE,
	[GUMBO_TAG_SUB] = KEEP_INLINE,
	[GUMBO_TAG_KBD] = KEEP_INLINE,
	[GUMBO_TAG_MARK] = KEEP_INLINE,
	[GUMBO_TAG_U] = KEEP_INLINE,
	[GUMBO_TAG_SPAN] = KEEP_INLINE,
	[GUMBO_TAG_S] = KEEP_INLINE,
	[GUMBO_TAG_DEL] = KEEP_INLINE,
	[GUMBO_TAG_INS] = KEEP_INLINE,
	[GUMBO_TAG_SMALL] = KEEP_INLINE,
	[GUMBO_TAG_ABBR] = KEEP_INLINE,
	[GUMBO_TAG_CITE] = KEEP_INLINE,
	[GUMBO_TAG_Q] = KEEP_INLINE,
	[GUMBO_TAG_CODE] = KEEP_INLINE,
	[GUMBO_TAG_A] = KEEP_INLINE,
	[GUMBO_TAG_IMG] = KEEP_VOID_INLINE,
	[GUMBO_TAG_BR] = KEEP_VOID_INLINE,
	[GUMBO_TAG_HR] = KEEP_VOID,
	[GUMBO_TAG_P] = KEEP,
	[GUMBO_TAG_DIV] = KEEP,
	[GUMBO_TAG_UL] = KEEP,
	[GUMBO_TAG_OL] = KEEP,
	[GUMBO_TAG_LI] = KEEP,
	[GUMBO_TAG_DL] = KEEP,
	[GUMBO_TAG_DT] = KEEP,
	[GUMBO_TAG_DD] = KEEP,
	[GUMBO_TAG_BLOCKQUOTE] = KEEP,
	[GUMBO_TAG_PRE] = KEEP,
	[GUMBO_TAG_H1] = KEEP,
	[GUMBO_TAG_H2] = KEEP,
	[GUMBO_TAG_H3] = KEEP,
	[GUMBO_TAG_H4] = KEEP,
	[GUMBO_TAG_H5] = KEEP,
	[GUMBO_TAG_H6] = KEEP,
	[GUMBO_TAG_TABLE] = KEEP,
	[GUMBO_TAG_CAPTION] = KEEP,
	[GUMBO_TAG_THEAD] = KEEP,
	[GUMBO_TAG_TBODY] = KEEP,
	[GUMBO_TAG_TFOOT] = KEEP,
	[GUMBO_TAG_TR] = KEEP,
	[GUMBO_TAG_TH] = KEEP,
	[GUMBO_TAG_TD] = KEEP,

	[GUMBO_TAG_SCRIPT] = DROP,
	[GUMBO_TAG_STYLE] = DROP,
	[GUMBO_TAG_IFRAME] = DROP,
	[GUMBO_TAG_NOEMBED] = DROP,
	[GUMBO_TAG_OBJECT] = DROP,
	[GUMBO_TAG_EMBED] = DROP,
	[GUMBO_TAG_APPLET] = DROP,
	[GUMBO_TAG_TEMPLATE] = DROP,
	[GUMBO_TAG_SVG] = DROP,
	[GUMBO_TAG_MATH] = DROP,
	[GUMBO_TAG_TEXTAREA] = DROP,
	[GUMBO_TAG_SELECT] = DROP,
	[GUMBO_TAG_BUTTON] = DROP,
	[GUMBO_TAG_INPUT] = DROP,
	[GUMBO_TAG_TITLE] = DROP,
	[GUMBO_TAG_META] = DROP,
	[GUMBO_TAG_LINK] = DROP,
	[GUMBO_TAG_BASE] = DROP,
	[GUMBO_TAG_VIDEO] = DROP,
	[GUMBO_TAG_AUDIO] = DROP,
	[GUMBO_TAG_CANVAS] = DROP,
	[GUMBO_TAG_NOSCRIPT] = DROP,
	[GUMBO_TAG_NOFRAMES] = DROP,
	[GUMBO_TAG_XMP] = DROP,
	[GUMBO_TAG_PLAINTEXT] = DROP,
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

static const char *get(const GumboElement *element, const char *name)
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

static enum rule rule_of(const GumboElement *element)
{
	enum rule rule;

	if (element->tag_namespace != GUMBO_NAMESPACE_HTML)
		return DROP;
	rule = rules[element->tag];
	/* A link that leads nowhere is its text; such a picture is nothing. */
	if (element->tag == GUMBO_TAG_A && !*get(element, "href"))
		return UNWRAP;
	if (element->tag == GUMBO_TAG_IMG && !*get(element, "src"))
		return DROP;
	return rule;
}

struct writer {
	struct buf out;
	bool shows; /* a text or picture, not only tags */
};

static void write_node(struct writer *w, const GumboNode *node, int depth);

static void write_element(struct writer *w, const GumboElement *element,
			  int depth)
{
	enum rule rule = rule_of(element);

	if (rule == DROP)
		return;
	if (rule != UNWRAP)
		write_open(&w->out, element);
	if (rule == KEEP_VOID || rule == KEEP_VOID_INLINE) {
		w->shows = w->shows || element->tag != GUMBO_TAG_BR;
		return;
	}
	for (unsigned i = 0; i < element->children.length; i++)
		write_node(w, element->children.data[i], depth + 1);
	if (rule != UNWRAP)
		buf_fmt(&w->out, "</%s>",
			gumbo_normalized_tagname(element->tag));
}

/* What is nested deeper than any letter needs is left out. */
static void write_node(struct writer *w, const GumboNode *node, int depth)
{
	if (depth > DEPTH_MAX)
		return;
	switch (node->type) {
	case GUMBO_NODE_TEXT:
	case GUMBO_NODE_CDATA:
		w->shows = true;
		escape(&w->out, str_of(node->v.text.text));
		return;
	case GUMBO_NODE_WHITESPACE:
		escape(&w->out, str_of(node->v.text.text));
		return;
	case GUMBO_NODE_ELEMENT:
		write_element(w, &node->v.element, depth);
		return;
	case GUMBO_NODE_DOCUMENT:
	case GUMBO_NODE_COMMENT:
	case GUMBO_NODE_TEMPLATE:
		return;
	}
}

static void write_all(const GumboNode *root, void *arg)
{
	const GumboVector *children = &root->v.element.children;

	for (unsigned i = 0; i < children->length; i++)
		write_node(arg, children->data[i], 0);
}

static int too_tangled(const struct markdown *m, const struct node *node,
		       struct err *err)
{
	err_set(err, ERR_INPUT, "this HTML is too large or too tangled");
	err_hint(err, "at most %d bytes in one block, every tag closed",
		 HTML_MAX);
	return markdown_place(m, err, node->line, 0);
}

int html_block(const struct markdown *m, struct node *node, struct err *err)
{
	struct writer w = { .shows = false };
	int rc = 0;

	if (node->text.len > HTML_MAX)
		return too_tangled(m, node, err);
	buf_init(&w.out, SAFE_MAX);
	if (!html_parse(node->text, write_all, &w) || buf_over(&w.out))
		rc = too_tangled(m, node, err);
	else
		node->text = w.shows ? str_trim(arena_dup(m->arena,
							  buf_str(&w.out)))
				     : STR_NONE;
	buf_done(&w.out);
	return rc;
}

/* --- one tag --------------------------------------------------------------*/

struct tag_reading {
	struct arena *arena;
	struct tag *tag;
	bool found;
};

static void read_tag(const GumboNode *root, void *arg)
{
	const GumboVector *children = &root->v.element.children;
	struct tag_reading *r = arg;
	const GumboElement *element;
	const GumboNode *first;
	struct buf out;

	if (children->length == 0)
		return;
	first = children->data[0];
	if (first->type != GUMBO_NODE_ELEMENT ||
	    rule_of(&first->v.element) < KEEP)
		return;
	element = &first->v.element;
	buf_init(&out, SAFE_MAX);
	write_open(&out, element);
	r->tag->safe = arena_dup(r->arena, buf_str(&out));
	buf_done(&out);
	r->tag->url = arena_dup(
		r->arena,
		str_of(get(element,
			   element->tag == GUMBO_TAG_A ? "href" : "src")));
	r->tag->title = arena_dup(r->arena, str_of(get(element, "title")));
	r->tag->alt = arena_dup(r->arena, str_of(get(element, "alt")));
	r->tag->width = arena_dup(r->arena, str_of(get(element, "width")));
	r->found = true;
}

/* "</name" or "<name" at the start of `raw`. */
static GumboTag name_of(struct str raw, bool *closes_out)
{
	size_t end;

	*closes_out = str_starts(raw, STR("</"));
	raw = str_skip(raw, *closes_out ? 2 : 1);
	for (end = 0; end < raw.len && is_alnum(raw.at[end]); end++)
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
	enum rule rule;

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
	if (rule == DROP && !closes)
		tag_out->form = TAG_HIDES;
	if (rule != KEEP_INLINE && rule != KEEP_VOID_INLINE)
		return 0;
	if (closes) {
		tag_out->form = rule == KEEP_INLINE ? TAG_CLOSES : TAG_NONE;
		tag_out->safe = arena_fmt(m->arena, "</%s>",
					  gumbo_normalized_tagname(name));
		return 0;
	}
	if (raw.len > HTML_MAX || !html_parse(raw, read_tag, &r))
		return too_tangled(m, node, err);
	if (r.found)
		tag_out->form = rule == KEEP_INLINE ? TAG_OPENS : TAG_VOID;
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
