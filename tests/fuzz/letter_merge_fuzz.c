/* letter_merge_fuzz.c - whatever a reader is called, the letter stays a letter
 *
 * The bytes are the fields of a reader, with 0x1f between, for an article that
 * has a merge field everywhere one may stand. The letter made of them has the
 * same headers, the same MIME parts, the same elements with the same
 * attributes and the same hosts in its links as that of a reader of whom
 * nothing is known; or it is refused, in words.
 */
#include <assert.h>
#include <gumbo.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "content/markdown.h"
#include "letter/letter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SHAPE_MAX ((size_t)4 * 1024 * 1024)

static const char source[] =
	"---\n"
	"title: Merged\n"
	"deck: For all\n"
	"subject: '{{subscriber.first_name | default \"You\" | title}}: "
	"{{subscriber.plan | default \"any\" | truncate 12}}'\n"
	"preheader: 'For {{subscriber.name | default \"you\"}}'\n"
	"---\n"
	"Dear {{subscriber.name | default \"friend\" | title}}, *{{subscriber"
	".first_name}}* of `code`, **{{subscriber.tags | upper}}**.\n\n"
	"# {{subscriber.last_name | lower}}\n\n"
	"- {{subscriber.joined | date \"%e %B %Y\"}}\n"
	"- [{{subscriber.name}}](https://one.example/?n={{subscriber.name}}&e="
	"{{subscriber.email}} \"{{subscriber.plan}}\")\n\n"
	"> {{subscriber.language}} {{#if subscriber.plan == \"pro\"}}pro"
	"{{else}}free{{/if}}\n\n"
	"| a | b |\n|---|---|\n| {{subscriber.name | truncate 9}} | x |\n\n"
	"<span title=\"{{subscriber.name}}\" lang=\"{{subscriber.language}}\">"
	"x</span>\n\n"
	"![{{subscriber.name}}](https://two.example/{{subscriber.plan}}.png "
	"\"{{subscriber.first_name}}\")\n\n"
	"::button[{{subscriber.first_name}}](https://three.example/{{subscriber"
	".tags | url}})\n\n"
	"[answer]({{links.answers}}/1) <{{subscriber.email}}>\n";

static const struct str attributes[] = { STR("plan") };

struct mill {
	struct arena *arena;
	const struct letter_form *form;
	struct letter_press *press;
	struct buf blob, expected;
};

static void must(int rc, const struct err *err)
{
	if (rc == 0)
		return;
	fprintf(stderr, "%s: %s\n", err->place, err->message);
	abort();
}

/* --- the letter ----------------------------------------------------------- */

static void render(struct mill *mill, struct render_output *parts)
{
	struct render_input input = { .dir = "/nonexistent",
				      .theme = STR("letter"),
				      .slug = STR("merged"),
				      .date = { 2026, 5, 22 },
				      .attributes = attributes,
				      .attribute_count = 1 };
	struct err err = ERR_INIT;
	struct article *article;
	struct blocks *blocks;

	input.publication.name = STR("Fuzz");
	input.publication.tagline = STR_NONE;
	input.publication.url = STR("https://fuzz.example.org");
	input.publication.language = STR("en");
	input.publication.logo = STR_NONE;
	input.publication.address = STR("1 Lane");
	input.publication.copyright = STR("Fuzz");
	input.list.title = STR("Weekly");
	input.list.description = STR("you subscribed");
	must(article_parse(STR("articles/m.md"), str_of(source), mill->arena,
			   &article, &err),
	     &err);
	must(markdown_parse(article->body, "articles/m.md", article->body_line,
			    NULL, mill->arena, &blocks, &err),
	     &err);
	article->blocks = blocks;
	input.article = article;
	must(render_letter(&input, mill->arena, parts, &err), &err);
}

static void pack(struct mill *mill, const struct render_output *parts)
{
	struct letter_head head = {
		.from = { STR("Fuzz"), STR("letters@example.org") },
		.reply_to = { STR_NONE, STR("answers@example.org") },
		.list_title = STR("Weekly"),
		.list_key = STR("weekly"),
		.url = STR("https://fuzz.example.org"),
		.slug = STR("merged"),
		.envelope_domain = STR("bounces.example.org"),
		.feedback = STR("0123456789"),
		.one_click = true,
	};
	struct err err = ERR_INIT;

	must(letter_form_pack(&head, parts, &mill->blob, &err), &err);
	must(letter_form_open(buf_str(&mill->blob), mill->arena, &mill->form,
			      &err),
	     &err);
}

static struct letter_reader reader_of(struct str fields)
{
	return (struct letter_reader){ .issue = 1,
				       .list = 2,
				       .subscriber = 3,
				       .address = STR("ana@example.org"),
				       .fields = fields,
				       .date_ms = INT64_C(1779440400000) };
}

/* --- its shape ------------------------------------------------------------ */

/* The names of header fields, of all parts, and the lines that part them. */
static void shape_of_mime(struct str letter, struct buf *out)
{
	bool headers = true;

	while (letter.len > 0) {
		struct str whole = str_cut(letter, '\n', &letter);
		struct str line = str_trim(whole);
		struct str rest;

		if (str_starts(line, STR("--=_"))) {
			buf_add(out, line);
			headers = true;
		} else if (line.len == 0 && headers) {
			headers = false; /* those of the text are its own */
		} else if (headers && str_find(line, ':') > 0 &&
			   whole.at[0] != ' ' && whole.at[0] != '\t') {
			buf_add(out, str_cut(line, ':', &rest));
		} else {
			continue;
		}
		buf_byte(out, '\n');
	}
}

/* "https://host" of an address, or all of one that has no host. */
static struct str host_of(struct str url)
{
	ptrdiff_t at = str_find_str(url, STR("://"));
	size_t end;

	if (at < 0)
		return url;
	end = (size_t)at + 3;
	while (end < url.len && !strchr("/?#\\", url.at[end]))
		end++;
	return str_head(url, end);
}

static void shape_of_element(const GumboElement *element, struct buf *out)
{
	buf_fmt(out, "<%s", gumbo_normalized_tagname(element->tag));
	for (unsigned i = 0; i < element->attributes.length; i++) {
		const GumboAttribute *a = element->attributes.data[i];

		buf_fmt(out, " %s", a->name);
		if (!strcmp(a->name, "href") || !strcmp(a->name, "src"))
			buf_add(out, host_of(str_of(a->value)));
		else if (!strcmp(a->name, "style"))
			buf_addz(out, a->value);
	}
	buf_addz(out, ">\n");
}

static void shape_of_tree(const GumboNode *node, struct buf *out)
{
	const GumboVector *children = &node->v.document.children;

	if (node->type == GUMBO_NODE_COMMENT)
		buf_fmt(out, "<!--%s-->\n", node->v.text.text);
	if (node->type != GUMBO_NODE_ELEMENT &&
	    node->type != GUMBO_NODE_DOCUMENT)
		return;
	if (node->type == GUMBO_NODE_ELEMENT) {
		shape_of_element(&node->v.element, out);
		children = &node->v.element.children;
	}
	for (unsigned i = 0; i < children->length; i++)
		shape_of_tree(children->data[i], out);
	buf_addz(out, "</>\n");
}

/* False when the letter was refused. */
static bool shape_of(struct mill *mill, struct str fields, struct buf *out)
{
	struct letter_reader reader = reader_of(fields);
	struct err err = ERR_INIT;
	struct str letter;
	GumboOutput *page;
	struct buf html;

	if (letter_compose(mill->press, mill->form, &reader, &letter, &err) <
	    0) {
		assert(err.code == ERR_INPUT && err.message[0]);
		return false;
	}
	shape_of_mime(letter, out);
	buf_init(&html, LETTER_MAX);
	must(letter_part(mill->press, mill->form, &reader, PART_HTML, &html,
			 &err),
	     &err);
	page = gumbo_parse_with_options(&kGumboDefaultOptions, html.at,
					html.len);
	shape_of_tree(page->document, out);
	gumbo_destroy_output(&kGumboDefaultOptions, page);
	buf_done(&html);
	assert(!buf_over(out));
	return true;
}

/* --- all ------------------------------------------------------------------ */

static struct mill *mill(void)
{
	static const unsigned char secret[32] = { 1, 2, 3 };
	static struct mill *made;
	struct render_output parts;
	struct seal *seal;

	if (made)
		return made;
	made = calloc(1, sizeof(*made));
	assert(made);
	made->arena = arena_new("fuzzing", (size_t)1 << 28);
	buf_init(&made->blob, SHAPE_MAX);
	buf_init(&made->expected, SHAPE_MAX);
	seal = seal_of(secret);
	made->press = letter_press_new(seal);
	seal_close(&seal);
	render(made, &parts);
	pack(made, &parts);
	assert(shape_of(made, STR_NONE, &made->expected));
	assert(made->expected.len > 2000);
	return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mill *m = mill();
	struct str fields = str_at((const char *)data, size);
	struct buf shape;

	buf_init(&shape, SHAPE_MAX);
	if (shape_of(m, fields, &shape) &&
	    !str_eq(buf_str(&shape), buf_str(&m->expected))) {
		fprintf(stderr, "--- expected\n%s--- got\n%s", m->expected.at,
			shape.at);
		abort();
	}
	buf_done(&shape);
	return 0;
}
