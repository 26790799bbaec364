/* What templates promise: Mustache as specified, nothing unknown, and no
 * reader's word where it could break out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "render/field_priv.h"
#include "render/position_priv.h"
#include "render/template.h"

struct rig {
	struct arena *arena;
	struct value *data;
	struct fields_known fields;
	char dir[64];
	struct err err;
};

static const struct str declared[] = { STR("plan"), STR("a1"), STR("a2"),
				       STR("a3"),   STR("a4"), STR("a5"),
				       STR("a6"),   STR("a7"), STR("a8") };

static struct value *person(struct rig *rig, const char *name)
{
	struct value *map = value_map(rig->arena);

	value_set(map, rig->arena, "name",
		  value_text(rig->arena, str_of(name)));
	return map;
}

static void fill(struct rig *rig)
{
	struct arena *a = rig->arena;
	struct value *issue = value_map(a);
	struct value *authors = value_list(a);
	struct draft *body = draft_new(a);

	draft_text(body, STR("<p>body</p>"));
	rig->data = value_map(a);
	value_set(issue, a, "title", value_text(a, STR("Fish & <Chips>")));
	value_set(issue, a, "deck", value_text(a, STR_NONE));
	value_set(issue, a, "url", value_text(a, STR("https://x.example")));
	value_set(issue, a, "long", value_bool(a, true));
	value_set(issue, a, "body", value_draft(a, body));
	value_push(authors, person(rig, "Ana"));
	value_push(authors, person(rig, "Bo"));
	value_set(issue, a, "authors", authors);
	value_set(issue, a, "none", value_list(a));
	value_set(rig->data, a, "issue", issue);
}

static int rig_up(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	rig->arena = arena_new("template test", 64 * 1024 * 1024);
	rig->fields.declared = declared;
	rig->fields.declared_count = sizeof(declared) / sizeof(*declared);
	snprintf(rig->dir, sizeof(rig->dir), "/tmp/tidings-XXXXXX");
	assert_non_null(mkdtemp(rig->dir));
	fill(rig);
	*state = rig;
	return 0;
}

static int rig_down(void **state)
{
	struct rig *rig = *state;
	const char *names[] = { "t.html", "t.txt", "part.html", "loop.html" };
	char path[128];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/templates/mail/%s", rig->dir,
			 names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/templates/mail", rig->dir);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/templates", rig->dir);
	rmdir(path);
	rmdir(rig->dir);
	arena_free(&rig->arena);
	free(rig);
	return 0;
}

static void template_is(struct rig *rig, const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/templates/mail", rig->dir);
	assert_int_equal(file_make_dir(path, &rig->err), 0);
	snprintf(path, sizeof(path), "%s/templates/mail/%s", rig->dir, name);
	assert_int_equal(file_write(path, str_of(text), 0600, &rig->err), 0);
}

/* What template `text` gives, slots as their defaults; NULL on an error. */
static const char *run(struct rig *rig, const char *name, const char *text)
{
	struct draft *draft = draft_new(rig->arena);

	rig->err = (struct err)ERR_INIT;
	template_is(rig, name, text);
	if (template_run(templates_new(rig->dir, "letter", rig->arena), "mail",
			 name, rig->data, &rig->fields, rig->arena, draft,
			 &rig->err) < 0)
		return NULL;
	return draft_plain(draft, rig->arena).at;
}

struct example {
	const char *text, *expected;
};

static void each_gives(struct rig *rig, const char *name,
		       const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *got = run(rig, name, examples[i].text);

		if (!got)
			fail_msg("%s: %s: %s", examples[i].text, rig->err.place,
				 rig->err.message);
		assert_string_equal(got, examples[i].expected);
	}
}

static void mustache_works_as_its_specification_says(void **state)
{
	static const struct example examples[] = {
		{ "a {{issue.title}} b", "a Fish &amp; &lt;Chips&gt; b" },
		{ "{{{issue.title}}}|{{&issue.title}}",
		  "Fish & <Chips>|Fish & <Chips>" },
		{ "{{#issue.authors}}{{name}},{{/issue.authors}}", "Ana,Bo," },
		{ "{{#issue.none}}x{{/issue.none}}{{^issue.none}}y"
		  "{{/issue.none}}",
		  "y" },
		{ "{{#issue.deck}}x{{/issue.deck}}", "" },
		{ "{{#issue.long}}long{{/issue.long}}", "long" },
		{ "{{#issue}}{{title}}{{/issue}}", "Fish &amp; &lt;Chips&gt;" },
		{ "a\n  {{! alone }}  \nb\n", "a\nb\n" },
		{ "a {{! not alone }}\nb", "a \nb" },
		{ "{{#issue.long}}\nin\n{{/issue.long}}\n", "in\n" },
		{ "  {{#issue.long}}\r\nin\r\n{{/issue.long}}", "in\r\n" },
		{ "{{=<% %>=}}<%issue.title%>{{x}}",
		  "Fish &amp; &lt;Chips&gt;{{x}}" },
		{ "{{{issue.body}}}", "<p>body</p>" },
		{ "", "" },
	};

	each_gives(*state, "t.html", examples,
		   sizeof(examples) / sizeof(*examples));
}

static void a_text_template_escapes_nothing(void **state)
{
	static const struct example examples[] = {
		{ "{{issue.title}}", "Fish & <Chips>" },
	};

	each_gives(*state, "t.txt", examples, 1);
}

static void filters_and_defaults_apply_to_what_is_known(void **state)
{
	static const struct example examples[] = {
		{ "{{issue.title | upper}}", "FISH & <CHIPS>" },
		{ "{{issue.title | lower}}", "fish & <chips>" },
		{ "{{ issue.deck | default \"no | deck\" }}", "no | deck" },
		{ "{{issue.deck | default 'd' | upper}}", "D" },
		{ "{{subscriber.first_name | default \"friend\"}}", "friend" },
		{ "{{subscriber.first_name | friend}}", "friend" },
		{ "{{#subscriber.name}}dear{{/subscriber.name}}"
		  "{{^subscriber.name}}hello{{/subscriber.name}}",
		  "hello" },
	};

	each_gives(*state, "t.txt", examples,
		   sizeof(examples) / sizeof(*examples));
}

static void a_condition_takes_one_branch(void **state)
{
	static const struct example examples[] = {
		{ "{{#if issue.long}}a{{else}}b{{/if}}", "a" },
		{ "{{#unless issue.long}}a{{else}}b{{/unless}}", "b" },
		{ "{{#if issue.deck}}\na\n{{else}}\nb\n{{/if}}\nc", "b\nc" },
		{ "{{#if issue.title == 'Fish & <Chips>'}}a{{/if}}", "a" },
		{ "{{#if subscriber.plan == \"pro\"}}a{{else}}b{{/if}}", "b" },
		{ "{{#if issue.long or subscriber.plan}}a{{/if}}", "a" },
		{ "{{#if issue.long}}{{#if issue.deck}}a{{else}}b{{/if}}"
		  "{{else}}c{{/if}}",
		  "b" },
		{ "{{#issue.authors}}{{#if name == 'Bo'}}<{{name}}>{{/if}}"
		  "{{/issue.authors}}",
		  "<Bo>" },
	};

	each_gives(*state, "t.html", examples,
		   sizeof(examples) / sizeof(*examples));
}

static void a_template_fills_the_blocks_of_another(void **state)
{
	struct rig *rig = *state;

	template_is(rig, "part.html",
		    "<title>{{$title}}none{{/title}}</title>\n<div>\n"
		    "  {{$body}}{{/body}}\n</div>{{$foot}}by {{#issue.authors}}"
		    "{{name}} {{/issue.authors}}{{/foot}}");
	assert_string_equal(
		run(rig, "t.html",
		    "{{<part.html}}\n{{$title}}{{issue.title}}{{/title}}\n"
		    "{{$body}}\n<p>{{subscriber.name | default 'you'}}</p>\n"
		    "<p>there</p>\n{{/body}}\n{{/part.html}}\n"),
		"<title>Fish &amp; &lt;Chips&gt;</title>\n<div>\n  <p>you</p>"
		"\n  <p>there</p>\n</div>by Ana Bo ");
	assert_null(run(rig, "t.html",
			"{{<part.html}}\n{{$body}}\n  x {{subscriber.plam}}\n"
			"{{/body}}{{/part.html}}"));
	assert_string_equal(rig->err.place, "templates/mail/t.html:3:5");
	assert_null(run(rig, "t.html", "{{<nowhere.html}}{{/nowhere.html}}"));
	assert_string_equal(rig->err.message,
			    "there is no template 'mail/nowhere.html'");
}

static void a_partial_alone_on_its_line_is_moved_in(void **state)
{
	struct rig *rig = *state;

	template_is(rig, "part.html", "one\ntwo\n");
	assert_string_equal(run(rig, "t.html", "<\n  {{> part.html}}\n>"),
			    "<\n  one\n  two\n>");
}

static void partials_inside_each_other_come_to_an_end(void **state)
{
	struct rig *rig = *state;

	template_is(rig, "loop.html", "{{>loop.html}}");
	assert_null(run(rig, "t.html", "{{>loop.html}}"));
	assert_string_equal(rig->err.message,
			    "more than 32 partials in each other");
}

static void a_mistake_names_its_place_and_its_cure(void **state)
{
	static const struct {
		const char *text, *place, *message, *hint;
	} cases[] = {
		{ "x\n {{issue.titel}}", "templates/mail/t.html:2:2",
		  "there is no merge field 'issue.titel'",
		  "did you mean 'issue.title'?" },
		{ "{{subscriber.plam}}", "templates/mail/t.html:1:1",
		  "there is no merge field 'subscriber.plam'",
		  "did you mean 'subscriber.plan'?" },
		{ "{{first_name}}", "templates/mail/t.html:1:1",
		  "there is no merge field 'first_name'",
		  "did you mean 'subscriber.first_name'?" },
		{ "Dear {{Name}}", "templates/mail/t.html:1:6",
		  "there is no merge field 'Name'",
		  "did you mean 'subscriber.name'?" },
		{ "{{plan}}", "templates/mail/t.html:1:1",
		  "there is no merge field 'plan'",
		  "did you mean 'subscriber.plan'?" },
		{ "{{#issue.long}}x", "templates/mail/t.html:1:1",
		  "'issue.long' is not closed", "add {{/issue.long}}" },
		{ "a{{/issue.long}}", "templates/mail/t.html:1:2",
		  "'issue.long' is closed but not open here", "" },
		{ "{{#issue}}{{#issue.long}}{{/issue}}",
		  "templates/mail/t.html:1:26",
		  "'issue' is closed but not open here",
		  "close 'issue.long' first" },
		{ "{{issue.title", "templates/mail/t.html:1:1",
		  "a tag is not closed", "every '{{' needs its '}}'" },
		{ "{{issue.title | uper}}", "templates/mail/t.html:1:1",
		  "there is no filter 'uper'", "did you mean 'upper'?" },
		{ "{{issue.title | default x}}", "templates/mail/t.html:1:1",
		  "'default' wants a text in quotes", "" },
		{ "{{#isue.long}}{{/isue.long}}", "templates/mail/t.html:1:1",
		  "there is no merge field 'isue.long'",
		  "did you mean 'issue.long'?" },
		{ "{{>nowhere.html}}", "templates/mail/t.html:1:1",
		  "there is no template 'mail/nowhere.html'", NULL },
		{ "{{>../etc/passwd}}", "templates/mail/t.html:1:1",
		  "'../etc/passwd' is no template's name", NULL },
		{ "{{issue.body}}", "templates/mail/t.html:1:1",
		  "'issue.body' is HTML of our own: write it in three braces",
		  "" },
		{ "{{{issue.body | upper}}}", "templates/mail/t.html:1:1",
		  "'issue.body' takes no filter", "" },
		{ "{{#if issue.titel}}{{/if}}", "templates/mail/t.html:1:1",
		  "there is no merge field 'issue.titel'",
		  "did you mean 'issue.title'?" },
		{ "{{#if issue.long}}x", "templates/mail/t.html:1:1",
		  "'issue.long' is not closed", "add {{/if}}" },
		{ "{{#unless issue.long}}{{/if}}", "templates/mail/t.html:1:23",
		  "'if' is closed but not open here", "close 'unless' first" },
		{ "{{#if issue.deck}}{{else}}{{else}}{{/if}}",
		  "templates/mail/t.html:1:27",
		  "there is no merge field 'else'", NULL },
		{ "{{issue.authors}}", "templates/mail/t.html:1:1",
		  "'issue.authors' is not a single text", "" },
		{ "{{a b}}", "templates/mail/t.html:1:1",
		  "'{{a b}}' is no merge field", "" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		if (run(rig, "t.html", cases[i].text))
			fail_msg("'%s' was taken", cases[i].text);
		assert_string_equal(rig->err.message, cases[i].message);
		assert_string_equal(rig->err.place, cases[i].place);
		if (cases[i].hint)
			assert_string_equal(rig->err.hint, cases[i].hint);
	}
}

static void a_readers_word_stands_only_where_it_can_do_no_harm(void **state)
{
	static const struct {
		const char *text;
		bool taken;
	} cases[] = {
		{ "<p>{{subscriber.name}}</p>", true },
		{ "<p title=\"{{subscriber.name}}\">", true },
		{ "<a href=\"https://x.example/?n={{subscriber.name}}\">",
		  true },
		{ "<a href=\"{{links.unsubscribe}}\">", true },
		{ "<a href=\"{{subscriber.name}}\">", false },
		{ "<a href={{subscriber.name}}>", false },
		{ "<p {{subscriber.name}}>", false },
		{ "<p style=\"color:{{subscriber.name}}\">", false },
		{ "<p onclick='{{subscriber.name}}'>", false },
		{ "<style>p{color:{{subscriber.name}}}</style>", false },
		{ "<style>p{color:red}</style><p>{{subscriber.name}}</p>",
		  true },
		{ "<!-- {{subscriber.name}} -->", false },
		{ "<!--[if mso]>{{subscriber.name}}<![endif]-->", false },
		{ "<!-- x --><p>{{subscriber.name}}", true },
		{ "{{{subscriber.name}}}", false },
		{ "{{#subscriber.name}}<b>x</b>{{/subscriber.name}}", true },
		{ "<p {{#subscriber.name}}>{{/subscriber.name}}", false },
		{ "<a href = \"{{subscriber.name}}\">", false },
		{ "<a\thref\n=\n'{{subscriber.name}}'>", false },
		{ "<a/href=\"{{subscriber.name}}\">", false },
		{ "<b style = \"{{subscriber.name}}\">", false },
		{ "<i onclick = \"{{subscriber.name}}\">", false },
		{ "<img srcset=\"{{subscriber.name}}\">", false },
		{ "<p data-x=\"{{subscriber.name}}\">", false },
		{ "<p =\"{{subscriber.name}}\">", false },
		{ "<p \"{{subscriber.name}}\">", false },
		{ "<p title alt = \"{{subscriber.name}}\">", true },
		{ "<p title/style=\"{{subscriber.name}}\">", false },
		{ "<br/><p TITLE = '{{subscriber.name}}'/>", true },
		{ "<p title=x\"y\" {{subscriber.name}}>", false },
		{ "<p title=a/b alt=\"{{subscriber.name}}\">", true },
		{ "<script>\"</b>\"; {{subscriber.name}}</script>", false },
		{ "<script>\"</style>\"; {{subscriber.name}}</script>", false },
		{ "<script>1</SCRIPT ><p>{{subscriber.name}}", true },
		{ "<a href=\"https://{{subscriber.name}}/\">", false },
		{ "<a href=\"https://x.example{{subscriber.name}}\">", false },
		{ "<a href=\" https://{{subscriber.name}}\">", false },
		{ "<a href=\"https&#58;//{{subscriber.name}}\">", false },
		{ "<a href=\"/&#47;{{subscriber.name}}\">", false },
		{ "<a href=\"/\\{{subscriber.name}}\">", false },
		{ "<a href=\"java{{subscriber.name}}:x()\">", false },
		{ "<a href=\"javascript:x('{{subscriber.name}}')\">", false },
		{ "<a href=\"/x?n={{subscriber.name}}\">", true },
		{ "<a href=\"mailto:{{subscriber.email}}\">", true },
		{ "<a href=\"{{links.unsubscribe}}?n={{subscriber.name}}\">",
		  true },
		{ "<a href=\"{{links.unsubscribe}}{{subscriber.name}}\">",
		  false },
		{ "<a href=\"{{issue.url}}{{subscriber.name}}\">", false },
		{ "<a href=\"{{issue.url}}/{{subscriber.name}}\">", true },
		{ "<a href=\"{{issue.url}}\">", true },
		{ "<a href=\"{{issue.title}}\">", false },
		{ "<a href=\"https://x.example/{{issue.title}}\">", true },
		/* By either way the page goes on alike. */
		{ "<p title=\"{{#subscriber.name}}\" "
		  "alt=\"{{/subscriber.name}}\">",
		  false },
		{ "<p {{#subscriber.name}}title={{/subscriber.name}}\"x\">",
		  false },
		{ "<p title=\"{{#subscriber.name}}x{{/subscriber.name}}"
		  "{{subscriber.name}}\">",
		  true },
		{ "<a href=\"{{#subscriber.name}}https://x.example/"
		  "{{/subscriber.name}}{{subscriber.name}}\">",
		  false },
		{ "<a href=\"https://x.example/{{#subscriber.name}}a/"
		  "{{/subscriber.name}}{{subscriber.name}}\">",
		  true },
		{ "<a href=\"{{#subscriber.name}}https://x.example/"
		  "{{/subscriber.name}}{{^subscriber.name}}https://y.example/"
		  "{{/subscriber.name}}\">",
		  true },
		{ "{{#if subscriber.name}}<b>x{{else}}<b>y{{/if}}</b>", true },
		{ "<p {{#if subscriber.name}}title=\"a\"{{else}}alt=\"b\""
		  "{{/if}}>",
		  true },
		{ "<p {{#if subscriber.name}}title={{else}}style={{/if}}"
		  "\"{{subscriber.name}}\">",
		  false },
		{ "<p {{#if subscriber.name}}title=\"{{else}}{{/if}}x\">",
		  false },
		{ "<p {{#if issue.long}}title=\"{{else}}{{/if}}x\">", true },
		{ "<a href=\"{{#if subscriber.name}}https://x.example/"
		  "{{else}}https://y.example/{{/if}}{{subscriber.name}}\">",
		  true },
		{ "<a href=\"{{#if subscriber.name}}https://x.example/"
		  "{{else}}x{{/if}}{{subscriber.name}}\">",
		  false },
		{ "<!-- -{{#subscriber.name}}-{{/subscriber.name}}> x", false },
		{ "<!-- a{{#subscriber.name}} b {{/subscriber.name}}-->",
		  true },
		/* A host behind another scheme is none. */
		{ "<a href=\"javascript://x/%0aalert({{subscriber.name}})\">",
		  false },
		{ "<img src=\"data://x/{{subscriber.name}}\">", false },
		{ "<a href=\"HTTP://x.example/{{subscriber.name}}\">", true },
		{ "<a href=\"//x.example/{{subscriber.name}}\">", true },
		{ "<meta name=\"description\" "
		  "content=\"{{subscriber.name}}\">",
		  true },
		{ "<meta property='og:title' content='{{subscriber.name}}'>",
		  true },
		{ "<meta http-equiv=refresh "
		  "content=\"0;url={{subscriber.name}}\">",
		  false },
		{ "<meta name=a HTTP-EQUIV = refresh "
		  "content=\"{{subscriber.name}}\">",
		  false },
		{ "<meta content=\"{{subscriber.name}}\" http-equiv=refresh>",
		  false },
		{ "<meta name=a><meta content=\"{{subscriber.name}}\">",
		  false },
		{ "<meta {{#if subscriber.name}}name=a {{/if}}"
		  "content=\"{{subscriber.name}}\">",
		  false },
		{ "<meta name=a {{#if subscriber.name}}http-equiv=refresh "
		  "{{/if}}content=\"{{subscriber.name}}\">",
		  false },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool taken = run(rig, "t.html", cases[i].text) != NULL;

		if (taken != cases[i].taken)
			fail_msg("'%s' was %s", cases[i].text,
				 taken ? "taken" : "refused");
	}
}

static void a_section_that_ends_elsewhere_in_the_page_says_so(void **state)
{
	struct rig *rig = *state;

	assert_null(run(rig, "t.html",
			"<p {{#subscriber.name}}>{{/subscriber.name}}"));
	assert_string_equal(rig->err.message,
			    "a section over a reader's field must end in the "
			    "same tag, attribute or comment as it began in");
	assert_string_equal(rig->err.hint,
			    "put all of the tag into it, or let it begin and "
			    "end between tags");
	assert_string_equal(rig->err.place, "templates/mail/t.html:1:4");
}

static void what_is_known_is_escaped_for_its_place(void **state)
{
	static const struct example examples[] = {
		{ "<a href=\"https://x.example/?t={{issue.title}}\">",
		  "<a "
		  "href=\"https://x.example/?t=Fish%20%26%20%3CChips%3E\">" },
		{ "<a href=\"{{issue.url}}?a&amp;b\">{{issue.title}}</a>",
		  "<a href=\"https://x.example?a&amp;b\">Fish &amp; "
		  "&lt;Chips&gt;</a>" },
		{ "<p title=\"{{issue.title}}\" style=\"{{issue.title}}\">",
		  "<p title=\"Fish &amp; &lt;Chips&gt;\" style=\"Fish &amp; "
		  "&lt;Chips&gt;\">" },
	};

	each_gives(*state, "t.html", examples,
		   sizeof(examples) / sizeof(*examples));
}

static void no_more_attributes_than_a_row_can_hold(void **state)
{
	struct rig *rig = *state;

	assert_non_null(run(rig, "t.txt",
			    "{{subscriber.a1}}{{subscriber.a2}}"
			    "{{subscriber.a3}}{{subscriber.a4}}"
			    "{{subscriber.a5}}{{subscriber.a6}}"
			    "{{subscriber.a7}}{{subscriber.a8}}"
			    "{{subscriber.a1}}"));
	assert_int_equal(rig->fields.used_count, 8);
	assert_null(run(rig, "t.txt", "{{subscriber.plan}}"));
	assert_string_equal(rig->err.message,
			    "more than 8 attributes in one issue");
}

static void a_subject_may_have_fields(void **state)
{
	struct rig *rig = *state;
	struct draft *draft = draft_new(rig->arena);

	assert_int_equal(
		template_inline(STR("{{subscriber.first_name | default "
				    "\"You\"}}, {{issue.title}}"),
				"x.md:2", rig->data, &rig->fields, SLOT_HEADER,
				rig->arena, draft, &rig->err),
		0);
	assert_true(draft_has_slots(draft));
	assert_string_equal(draft_plain(draft, rig->arena).at,
			    "You, Fish & <Chips>");
	assert_int_equal(template_inline(STR("{{x"), "x.md:2", rig->data,
					 &rig->fields, SLOT_HEADER, rig->arena,
					 draft, &rig->err),
			 -1);
	assert_string_equal(rig->err.place, "x.md:2");
	assert_int_equal(template_inline(STR("{{links.unsubscribe}}"), "x.md:2",
					 rig->data, &rig->fields, SLOT_HEADER,
					 rig->arena, draft, &rig->err),
			 -1);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, rig_up, rig_down)
	const struct CMUnitTest tests[] = {
		CASE(mustache_works_as_its_specification_says),
		CASE(a_text_template_escapes_nothing),
		CASE(filters_and_defaults_apply_to_what_is_known),
		CASE(a_condition_takes_one_branch),
		CASE(a_template_fills_the_blocks_of_another),
		CASE(a_partial_alone_on_its_line_is_moved_in),
		CASE(partials_inside_each_other_come_to_an_end),
		CASE(a_mistake_names_its_place_and_its_cure),
		CASE(a_readers_word_stands_only_where_it_can_do_no_harm),
		CASE(a_section_that_ends_elsewhere_in_the_page_says_so),
		CASE(what_is_known_is_escaped_for_its_place),
		CASE(no_more_attributes_than_a_row_can_hold),
		CASE(a_subject_may_have_fields),
	};

	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
