/* render_mustache_test.c - Mustache by itself, as anybody's template has it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json.h"
#include "render/template.h"

#define PARTIALS 3

struct example {
	const char *template, *data, *expected;
	const char *partials[2 * PARTIALS]; /* file, text, file, text ... */
};

struct rig {
	struct arena *arena;
	char dir[64];
	struct err err;
};

static int rig_up(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	assert_non_null(rig);
	rig->arena = arena_new("a test", 256 * 1024 * 1024);
	snprintf(rig->dir, sizeof(rig->dir), "/tmp/tidings-XXXXXX");
	assert_non_null(mkdtemp(rig->dir));
	*state = rig;
	return 0;
}

static int rig_down(void **state)
{
	struct rig *rig = *state;

	rmdir(rig->dir);
	arena_free(&rig->arena);
	free(rig);
	return 0;
}

static void each_partial(struct rig *rig, const struct example *e, bool there)
{
	for (int i = 0; i < 2 * PARTIALS && e->partials[i]; i += 2) {
		char *path = file_path(rig->arena, rig->dir,
				       str_of(e->partials[i]));

		if (there)
			assert_int_equal(file_write(path,
						    str_of(e->partials[i + 1]),
						    0600, &rig->err),
					 0);
		else
			unlink(path);
	}
}

/* What it gives, or NULL and rig->err. */
static const char *run(struct rig *rig, const struct example *e)
{
	struct draft *draft = draft_new(rig->arena);
	const char *data = e->data ? e->data : "{}";
	struct json *json;
	int rc;

	rig->err = (struct err)ERR_INIT;
	assert_int_equal(json_parse(str_of(data), &json, &rig->err), 0);
	each_partial(rig, e, true);
	rc = template_plain(str_of(e->template), "t", rig->dir,
			    value_json(rig->arena, json), rig->arena, draft,
			    &rig->err);
	each_partial(rig, e, false);
	json_free(&json);
	return rc < 0 ? NULL : draft_plain(draft, rig->arena).at;
}

static void each_gives(struct rig *rig, const struct example *examples,
		       size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *got = run(rig, &examples[i]);

		if (!got)
			fail_msg("%s: %s: %s", examples[i].template,
				 rig->err.place, rig->err.message);
		if (strcmp(got, examples[i].expected) != 0)
			fail_msg("%s\ngives    %s\nand not  %s",
				 examples[i].template, got,
				 examples[i].expected);
	}
}

#define EACH_GIVES(state, examples) \
	each_gives(state, examples, sizeof(examples) / sizeof(*(examples)))

static void a_variable_gives_what_the_data_says(void **state)
{
	static const struct example examples[] = {
		{ "{{a}} {{ a }}", "{\"a\":\"x\"}", "x x", { 0 } },
		{ "{{a}}",
		  "{\"a\":\"<'&\\\">\"}",
		  "&lt;&#39;&amp;&quot;&gt;",
		  { 0 } },
		{ "{{{a}}}{{&a}}{{{ a }}}",
		  "{\"a\":\"<b>\"}",
		  "<b><b><b>",
		  { 0 } },
		{ "{{a}}\n", "{\"a\":\"1\\n\\t2\"}", "1\n\t2\n", { 0 } },
		{ "{{a}}", "{\"a\":\"{{b}}\",\"b\":1}", "{{b}}", { 0 } },
		{ "({{nothing}}{{{nothing}}}{{a.b}})",
		  "{\"a\":1}",
		  "()",
		  { 0 } },
		{ "({{a}}{{{a}}}{{&a}})", "{\"a\":null}", "()", { 0 } },
		{ "{{a}} {{b}} {{c}} {{d}}",
		  "{\"a\":85,\"b\":1.21,\"c\":-0.5,\"d\":1e300}",
		  "85 1.21 -0.5 1e+300",
		  { 0 } },
		{ "{{.}}", "\"whole\"", "whole", { 0 } },
		{ "{{.}}", "1.5", "1.5", { 0 } },
		{ "{{a}}", "{\"a\":true}", "true", { 0 } },
		{ "{{a|b}}{{c d}}", "{\"a|b\":1,\"c d\":2}", "12", { 0 } },
	};

	EACH_GIVES(*state, examples);
}

static void a_dotted_name_is_looked_for_part_by_part(void **state)
{
	static const struct example examples[] = {
		{ "{{a.b.c}}", "{\"a\":{\"b\":{\"c\":1}}}", "1", { 0 } },
		{ "({{a.b.c}})", "{\"a\":{},\"c\":1}", "()", { 0 } },
		{ "({{a.b}})", "{\"a.b\":1}", "()", { 0 } },
		{ "{{a.b}}", "{\"a.b\":1,\"a\":{\"b\":2}}", "2", { 0 } },
		{ "{{#a}}({{b.c}}){{/a}}",
		  "{\"a\":{\"b\":{}},\"b\":{\"c\":\"no\"}}",
		  "()",
		  { 0 } },
		{ "{{#a.b}}yes{{/a.b}}{{^a.c}}no{{/a.c}}",
		  "{\"a\":{\"b\":true}}",
		  "yesno",
		  { 0 } },
	};

	EACH_GIVES(*state, examples);
}

static void a_section_runs_for_what_is_there(void **state)
{
	static const struct example examples[] = {
		{ "{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":true}", "x", { 0 } },
		{ "{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":null}", "y", { 0 } },
		{ "{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":[]}", "y", { 0 } },
		{ "{{#a}}x{{/a}}{{^a}}y{{/a}}", "{}", "y", { 0 } },
		{ "{{#a}}{{b}}{{c}}{{/a}}",
		  "{\"a\":{\"b\":1},\"b\":2,\"c\":3}",
		  "13",
		  { 0 } },
		{ "{{#a}}({{.}}){{/a}}",
		  "{\"a\":[1,\"<\",2.5,null]}",
		  "(1)(&lt;)(2.5)()",
		  { 0 } },
		{ "{{#a}}({{{.}}}{{&.}}){{/a}}",
		  "{\"a\":[\"<\"]}",
		  "(<<)",
		  { 0 } },
		{ "{{#a}}[{{#.}}{{.}}{{/.}}]{{/a}}",
		  "{\"a\":[[1,2],[3]]}",
		  "[12][3]",
		  { 0 } },
		{ "{{#.}}({{v}}){{/.}}",
		  "[{\"v\":1},{\"v\":2}]",
		  "(1)(2)",
		  { 0 } },
		{ "{{#a}}{{.}} is {{a}}{{/a}}",
		  "{\"a\":\"bar\"}",
		  "bar is bar",
		  { 0 } },
		{ "{{#l}}{{n}}{{#m}}{{n}}{{o}}{{/m}}{{/l}}",
		  "{\"o\":9,\"l\":[{\"n\":1,\"m\":[{\"n\":2},{}]}]}",
		  "12919",
		  { 0 } },
	};

	EACH_GIVES(*state, examples);
}

static void a_tag_alone_on_its_line_takes_the_line_along(void **state)
{
	static const struct example examples[] = {
		{ "a\n {{#b}} \nc\n\t{{/b}}\nd",
		  "{\"b\":true}",
		  "a\nc\nd",
		  { 0 } },
		{ "a\r\n{{#b}}\r\nc\r\n{{/b}}\r\nd",
		  "{\"b\":true}",
		  "a\r\nc\r\nd",
		  { 0 } },
		{ "  {{#b}}\nc{{/b}}", "{\"b\":true}", "c", { 0 } },
		{ "{{#b}}\nc\n  {{/b}}", "{\"b\":true}", "c\n", { 0 } },
		{ "{{#b}}c{{/b}}\n", "{\"b\":true}", "c\n", { 0 } },
		{ "  {{a}}\n", "{\"a\":1}", "  1\n", { 0 } },
		{ "a\n  {{! nothing\n of it }}\nb", NULL, "a\nb", { 0 } },
		{ "a {{! nothing }}\nb", NULL, "a \nb", { 0 } },
		{ "a\n {{=<% %>=}}\n<%a%>{{a}}",
		  "{\"a\":1}",
		  "a\n1{{a}}",
		  { 0 } },
		{ "a\n{{#if b}}\nx\n{{else}}\ny\n{{/if}}\nz",
		  "{\"b\":1}",
		  "a\nx\nz",
		  { 0 } },
	};

	EACH_GIVES(*state, examples);
}

static void delimiters_are_those_of_their_file(void **state)
{
	static const struct example examples[] = {
		{ "{{=| |=}}|a||#b|[|a|]|/b|",
		  "{\"a\":1,\"b\":true}",
		  "1[1]",
		  { 0 } },
		{ "{{=<% %>=}}<%{a}%><%&a%>", "{\"a\":\"<\"}", "<<", { 0 } },
		{ "{{= \t@   @\n=}}@a@", "{\"a\":1}", "1", { 0 } },
		{ "{{=| |=}}|>p|",
		  "{\"a\":1}",
		  ".1.|a|.",
		  { "p.mustache", ".{{a}}.|a|." } },
		{ "{{>p}}{{a}}",
		  "{\"a\":1}",
		  "11",
		  { "p.mustache", "{{=| |=}}|a|" } },
		{ "{{<p}}{{=| |=}}|$b||a||/b||/p|",
		  "{\"a\":1}",
		  "<1>",
		  { "p.mustache", "<{{$b}}{{/b}}>" } },
	};

	EACH_GIVES(*state, examples);
}

static void a_partial_is_run_where_it_stands(void **state)
{
	static const struct example examples[] = {
		{ "{{>p}}{{> p }}",
		  "{\"a\":1}",
		  "11",
		  { "p.mustache", "{{a}}" } },
		{ "({{>missing}})", NULL, "()", { 0 } },
		{ "{{>p}}",
		  NULL,
		  "first",
		  { "p.mustache", "first", "p.html", "second" } },
		{ "{{>p}}", NULL, "second", { "p.html", "second" } },
		{ "x\n  {{>p}}\ny",
		  "{\"a\":\"1\\n2\"}",
		  "x\n  |\n  1\n2\n  |\ny",
		  { "p.mustache", "|\n{{{a}}}\n|\n" } },
		{ "x  {{>p}}\n", NULL, "x  >\n>\n", { "p.mustache", ">\n>" } },
		{ "a\r\n{{>p}}\r\nb", NULL, "a\r\n>b", { "p.mustache", ">" } },
		{ "{{>p}}",
		  "{\"v\":1,\"n\":[{\"v\":2,\"n\":[]}]}",
		  "1<2<>>",
		  { "p.mustache", "{{v}}<{{#n}}{{>p}}{{/n}}>" } },
		{ "({{>../p}}{{>/etc/passwd}}{{>.}})", NULL, "()", { 0 } },
	};

	EACH_GIVES(*state, examples);
}

static void a_block_is_what_the_first_heir_says(void **state)
{
	static const struct example examples[] = {
		{ "{{$t}}as {{a}}{{/t}}", "{\"a\":1}", "as 1", { 0 } },
		{ "{{<p}}{{/p}}",
		  NULL,
		  "own",
		  { "p.html", "{{$t}}own{{/t}}" } },
		{ "{{<p}}{{$t}}mine{{/t}}{{/p}}",
		  "{\"t\":\"no\"}",
		  "mine",
		  { "p.html", "{{$t}}own{{/t}}" } },
		{ "{{<p}}x{{$t}}mine{{/t}}y{{#z}}w{{/z}}{{/p}}",
		  NULL,
		  "mine",
		  { "p.html", "{{$t}}own{{/t}}" } },
		{ "{{<p}}{{$t}}1{{/t}}{{/p}} {{<p}}{{$t}}2{{/t}}{{/p}}\n",
		  NULL,
		  "1- 2-\n",
		  { "p.html", "{{$t}}{{/t}}{{$u}}-{{/u}}" } },
		{ "{{<p}}{{$a}}c{{/a}}{{/p}}",
		  NULL,
		  "c",
		  { "p.html", "{{<o}}{{$a}}p{{/a}}{{/o}}", "o.html",
		    "{{<g}}{{$a}}o{{/a}}{{/g}}", "g.html", "{{$a}}g{{/a}}" } },
		{ "{{<p}}{{/p}}",
		  NULL,
		  "p",
		  { "p.html", "{{<o}}{{$a}}p{{/a}}{{/o}}", "o.html",
		    "{{$a}}o{{/a}}" } },
		{ "{{<p}}{{$b}}I say {{f}}{{/b}}{{/p}}",
		  "{\"f\":\"no\",\"n\":{\"f\":\"yes\"}}",
		  "I say yes",
		  { "p.html", "{{#n}}{{$b}}{{/b}}{{/n}}" } },
		{ "{{<p}}{{$x}}v{{/x}}{{/p}}",
		  NULL,
		  "v v v w",
		  { "p.html", "{{$x}}p{{/x}} {{$y}}{{<q}}{{/q}}{{/y}}",
		    "q.html", "{{$x}}q{{/x}} {{<p}}{{$y}}w{{/y}}{{/p}}" } },
		{ "{{<p}}{{$t}}({{$t}}inner{{/t}}){{/t}}{{/p}}",
		  NULL,
		  "(inner)",
		  { "p.html", "{{$t}}own{{/t}}" } },
		{ "{{<p}}{{$t}}mine{{/t}}{{/p}}",
		  NULL,
		  "mine",
		  { "p.html", "{{>q}}", "q.html", "{{$t}}own{{/t}}" } },
		{ "({{<missing}}{{$t}}x{{/t}}{{/missing}})",
		  NULL,
		  "()",
		  { 0 } },
	};

	EACH_GIVES(*state, examples);
}

static void the_lines_of_a_block_are_moved_to_their_place(void **state)
{
	static const struct example examples[] = {
		{ "Hi,\n  {{<p}}{{/p}}\n",
		  NULL,
		  "Hi,\n  1\n  2\n",
		  { "p.html", "1\n2\n" } },
		{ "{{<p}}{{$b}}\n1\n2{{/b}}\n{{/p}}\n",
		  NULL,
		  "Hi,\n  1\n  2\n",
		  { "p.html", "Hi,\n  {{$b}}{{/b}}\n" } },
		{ "{{<p}}{{$b}}\n    1\n    2\n{{/b}}{{/p}}\n",
		  NULL,
		  "Hi,\n  1\n  2\n",
		  { "p.html", "Hi,\n  {{$b}}\n  {{/b}}\n" } },
		{ "{{<p}}{{$b}}\n1\n2\n{{/b}}{{/p}}\n",
		  NULL,
		  "Hi,\n  1\n  2\n",
		  { "p.html", "Hi,\n{{$b}}\n  own\n{{/b}}\n" } },
		{ "{{<p}}{{$n}}\n3\n{{/n}}{{/p}}\n",
		  NULL,
		  "1\n  3\n",
		  { "p.html",
		    "{{<g}}{{$b}}\n  1\n  {{$n}}\n    2\n  {{/n}}\n{{/b}}{{/g}}"
		    "\n",
		    "g.html", "{{$b}}own{{/b}}" } },
		{ "{{<p}}{{$b}}\n1\n\n2\n{{/b}}{{/p}}",
		  NULL,
		  "1\n\n2\n",
		  { "p.html", "{{$b}}own{{/b}}" } },
		{ "{{<p}}{{$b}}new{{/b}}{{/p}}",
		  NULL,
		  "a:\n  new\n",
		  { "p.html", "a:\n  {{$b}}own{{/b}}\n" } },
		{ "{{<p}}{{/p}}",
		  NULL,
		  "a\n  own\nb\n",
		  { "p.html", "a\n{{$b}}\n  own\n{{/b}}\nb\n" } },
		{ "{{<p}}{{$b}}new{{/b}}{{/p}}",
		  NULL,
		  "a\n  new\nb\n",
		  { "p.html", "a\n{{$b}}\n  own\n{{/b}}\nb\n" } },
		{ "  {{$b}}\n\ta\n\t  {{$c}}own{{/c}}\n  {{/b}}\n",
		  NULL,
		  "\ta\n\t  own\n",
		  { 0 } },
		{ "one {{<p}}{{/p}} two\n",
		  NULL,
		  "one p two\n",
		  { "p.html", "p" } },
	};

	EACH_GIVES(*state, examples);
}

static void what_mustache_leaves_free_works_too(void **state)
{
	static const struct example examples[] = {
		{ "{{a | default \"x\"}}{{b | default 'y'}}",
		  "{\"b\":1}",
		  "x1",
		  { 0 } },
		{ "{{a | upper}} {{a | title | truncate 4}} {{a | url}}",
		  "{\"a\":\"ab cd\"}",
		  "AB CD Ab\xE2\x80\xA6 ab%20cd",
		  { 0 } },
		{ "{{d | date \"%e %B %Y, %d.%m.%y %%\"}}",
		  "{\"d\":\"2026-05-02T10:00:00Z\"}",
		  "2 May 2026, 02.05.26 %",
		  { 0 } },
		{ "{{d | date \"%Y\"}}",
		  "{\"d\":\"2026-13-02\"}",
		  "2026-13-02",
		  { 0 } },
		{ "{{#if a == \"x\" and not b}}1{{else}}2{{/if}}",
		  "{\"a\":\"x\"}",
		  "1",
		  { 0 } },
		{ "{{#if a == \"x\" and not b}}1{{else}}2{{/if}}",
		  "{\"a\":\"x\",\"b\":true}",
		  "2",
		  { 0 } },
		{ "{{#unless a or b}}1{{else}}2{{/unless}}",
		  "{\"b\":1}",
		  "2",
		  { 0 } },
		{ "{{#if (a or b) and n != 3}}1{{/if}}",
		  "{\"b\":1,\"n\":4}",
		  "1",
		  { 0 } },
		{ "{{else}}{{#if}}x{{/if}}",
		  "{\"else\":1,\"if\":true}",
		  "1x",
		  { 0 } },
		{ "{{#if a}}{{#b}}{{else}}{{/b}}{{else}}3{{/if}}",
		  "{\"a\":1,\"b\":{\"else\":2}}",
		  "2",
		  { 0 } },
	};

	EACH_GIVES(*state, examples);
}

static void a_mistake_is_shown_where_it_stands(void **state)
{
	static const struct {
		const char *template, *place, *message, *excerpt;
	} cases[] = {
		{ "a\n\tb {{#c}}\n", "t:2:4", "'c' is not closed",
		  " b {{#c}}\n   ^" },
		{ "{{a", "t:1:1", "a tag is not closed", "{{a\n^" },
		{ "x{{/c}}", "t:1:2", "'c' is closed but not open here",
		  "x{{/c}}\n ^" },
		{ "{{a | uper}}", "t:1:1", "there is no filter 'uper'",
		  "{{a | uper}}\n^" },
		{ "{{a | truncate 0}}", "t:1:1",
		  "'truncate' wants a number from 1 to 1000",
		  "{{a | truncate 0}}\n^" },
		{ "{{#if a ==}}{{/if}}", "t:1:1", "a condition ends too early",
		  "{{#if a ==}}{{/if}}\n^" },
		{ "{{#if a = b}}{{/if}}", "t:1:1",
		  "a condition cannot go on with '= b'",
		  "{{#if a = b}}{{/if}}\n^" },
		{ "\xE6\x97\xA5\xE6\x9C\xAC {{=}}", "t:1:8",
		  "a tag is not closed",
		  "\xE6\x97\xA5\xE6\x9C\xAC {{=}}\n     ^" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct example e = { .template = cases[i].template };

		assert_null(run(rig, &e));
		assert_string_equal(rig->err.message, cases[i].message);
		assert_string_equal(rig->err.place, cases[i].place);
		assert_string_equal(rig->err.excerpt, cases[i].excerpt);
	}
}

static void a_place_in_what_was_moved_is_that_of_its_file(void **state)
{
	static const struct example
		partial = { .template = "x\n    {{>p}}\n",
			    .partials = { "p.html", "a\nb {{c | uper}}\n" } },
		block = { .template = "{{<p}}\n{{$b}}\n        a\n        {{c "
				      "| uper}}\n"
				      "{{/b}}{{/p}}",
			  .partials = { "p.html", "  {{$b}}\n  {{/b}}\n" } },
		inlined = {
			.template = "{{<p}}\n {{$b}}{{c | uper}}{{/b}}{{/p}}",
			.partials = { "p.html", "  {{$b}}{{/b}}\n" }
		};
	struct rig *rig = *state;

	assert_null(run(rig, &partial));
	assert_string_equal(rig->err.place, "p.html:2:3");
	assert_string_equal(rig->err.excerpt, "b {{c | uper}}\n  ^");
	assert_null(run(rig, &block));
	assert_string_equal(rig->err.place, "t:4:9");
	assert_null(run(rig, &inlined));
	assert_string_equal(rig->err.place, "t:2:8");
}

static const char *repeated(struct rig *rig, const char *text, size_t n)
{
	struct buf all;
	const char *z;

	buf_init(&all, 1024 * 1024);
	for (size_t i = 0; i < n; i++)
		buf_addz(&all, text);
	z = arena_dup(rig->arena, buf_str(&all)).at;
	buf_done(&all);
	return z;
}

static void nothing_nests_without_end(void **state)
{
	struct rig *rig = *state;
	struct example e = { .template = repeated(rig, "{{#a}}", 10000) };
	struct example loop = { .template = "{{>p}}",
				.partials = { "p.html", "x{{>p}}" } };
	struct example heir = { .template = "{{<p}}{{/p}}",
				.partials = { "p.html", "{{<p}}{{/p}}" } };

	assert_null(run(rig, &e));
	assert_string_equal(rig->err.message,
			    "more than 64 sections in each other");
	assert_null(run(rig, &loop));
	assert_string_equal(rig->err.message,
			    "more than 32 partials in each other");
	assert_string_equal(rig->err.place, "p.html:1:2");
	assert_null(run(rig, &heir));
	assert_string_equal(rig->err.message,
			    "more than 32 partials in each other");
	e.template = arena_fmt(rig->arena, "{{#if %sa%s}}{{/if}}",
			       repeated(rig, "(", 10000),
			       repeated(rig, ")", 10000))
			     .at;
	assert_null(run(rig, &e));
	assert_string_equal(rig->err.message,
			    "a condition nests deeper than 16");
	e.template = arena_fmt(rig->arena, "{{#if %sa}}x{{/if}}",
			       repeated(rig, "a or ", 10000))
			     .at;
	assert_string_equal(run(rig, &e), "");
}

static void a_partial_that_is_a_link_out_of_the_folder_is_refused(void **state)
{
	struct rig *rig = *state;
	struct example e = { .template = "{{>p}}" };
	char *path = file_path(rig->arena, rig->dir, STR("p.html"));

	assert_int_equal(symlink("/etc/hostname", path), 0);
	assert_null(run(rig, &e));
	unlink(path);
	assert_int_equal(rig->err.code, ERR_INPUT);
	assert_string_equal(rig->err.place, "t:1:1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_variable_gives_what_the_data_says),
		cmocka_unit_test(a_dotted_name_is_looked_for_part_by_part),
		cmocka_unit_test(a_section_runs_for_what_is_there),
		cmocka_unit_test(a_tag_alone_on_its_line_takes_the_line_along),
		cmocka_unit_test(delimiters_are_those_of_their_file),
		cmocka_unit_test(a_partial_is_run_where_it_stands),
		cmocka_unit_test(a_block_is_what_the_first_heir_says),
		cmocka_unit_test(the_lines_of_a_block_are_moved_to_their_place),
		cmocka_unit_test(what_mustache_leaves_free_works_too),
		cmocka_unit_test(a_mistake_is_shown_where_it_stands),
		cmocka_unit_test(a_place_in_what_was_moved_is_that_of_its_file),
		cmocka_unit_test(nothing_nests_without_end),
		cmocka_unit_test(
			a_partial_that_is_a_link_out_of_the_folder_is_refused),
	};

	return cmocka_run_group_tests(tests, rig_up, rig_down);
}
