/* content_html_test.c - the dialects of others, as their specifications write
 * them
 *
 * src/tools/conformance_markdown.py runs the specifications themselves.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "content/markdown.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct sample {
	const char *markdown, *html;
};

static void check(enum markdown_dialect dialect, const struct sample *samples,
		  size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new("a test", 1 << 28);
		struct err err = ERR_INIT;
		struct str html;

		if (markdown_html(str_of(samples[i].markdown), "x", dialect,
				  arena, &html, &err) < 0)
			fail_msg("%s: %s", samples[i].markdown, err.message);
		if (!str_eqz(html, samples[i].html))
			fail_msg("%s\n gives " STR_FMT " not   %s",
				 samples[i].markdown, STR_ARG(html),
				 samples[i].html);
		arena_free(&arena);
	}
}

static void commonmark_knows_nothing_of_ours(void **state)
{
	static const struct sample samples[] = {
		{ "", "" },
		{ "~~a~~ www.a.b {{c}} \"d\"",
		  "<p>~~a~~ www.a.b {{c}} &quot;d&quot;</p>\n" },
		{ "|a|\n|-|\n\n::share\n\n- [ ] b\n",
		  "<p>|a|\n|-|</p>\n<p>::share</p>\n<ul>\n<li>[ ] b</li>\n"
		  "</ul>\n" },
		{ "<script>a</script>\n", "<script>a</script>\n" },
		{ "\xEE\x80\x80 a\x80", "<p>\xEE\x80\x80 a\xEF\xBF\xBD</p>\n" },
	};

	(void)state;
	check(MARKDOWN_COMMON, samples, COUNT(samples));
}

static void github_has_tables_tasks_and_strikes(void **state)
{
	static const struct sample samples[] = {
		{ "| a | b |\n|:-|-:|\n| *c* | d\\|e |\n",
		  "<table>\n<thead>\n<tr>\n<th align=\"left\">a</th>\n"
		  "<th align=\"right\">b</th>\n</tr>\n</thead>\n<tbody>\n"
		  "<tr>\n<td align=\"left\"><em>c</em></td>\n"
		  "<td align=\"right\">d|e</td>\n</tr>\n</tbody>\n"
		  "</table>\n" },
		{ "|a|\n|-|\n", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n"
				"</thead>\n</table>\n" },
		{ "- [x] a\n\n- [ ] b\n\n  c\n",
		  "<ul>\n<li>\n<p><input checked=\"\" disabled=\"\" "
		  "type=\"checkbox\"> a</p>\n</li>\n<li>\n<p><input "
		  "disabled=\"\" type=\"checkbox\"> b</p>\n<p>c</p>\n</li>\n"
		  "</ul>\n" },
		{ "~~a~~ ~b~ ~~c~ ~~~d~~~",
		  "<p><del>a</del> <del>b</del> ~~c~ ~~~d~~~</p>\n" },
		{ "~~a ~b~~ c~", "<p><del>a ~b</del> c~</p>\n" },
		{ "www.a.b. ftp://c.d mailto:e@f.g",
		  "<p><a href=\"http://www.a.b\">www.a.b</a>. "
		  "<a href=\"ftp://c.d\">ftp://c.d</a> "
		  "<a href=\"mailto:e@f.g\">mailto:e@f.g</a></p>\n" },
		{ "<b>a</b> <title>b</title> <xmp-x>\n\n<IFRAME src=c>\n",
		  "<p><b>a</b> &lt;title>b&lt;/title> <xmp-x></p>\n"
		  "&lt;IFRAME src=c>\n" },
	};

	(void)state;
	check(MARKDOWN_GITHUB, samples, COUNT(samples));
}

static void github_shows_what_is_ours_as_it_was_written(void **state)
{
	static const struct sample samples[] = {
		{ "{{a}} {{{ \\{{ `{{`",
		  "<p>{{a}} {{{ {{ <code>{{</code></p>\n" },
		{ ":::callout\n:::\n\n::share\n\n{{#if a}}\n",
		  "<p>:::callout\n:::</p>\n<p>::share</p>\n<p>{{#if a}}</p>\n" },
		{ "a[^1]\n\n[^1]: b\n", "<p>a<a href=\"b\">^1</a></p>\n" },
		{ "![a *b*](c){width=3} # {#d}\n\n# e {#f}\n",
		  "<p><img src=\"c\" alt=\"a b\" />{width=3} # {#d}</p>\n"
		  "<h1>e {#f}</h1>\n" },
		{ "\"a\" -- &quot;b&quot; \\\"\\-\\.\n\n```c d\n\\~ \"\n```\n",
		  "<p>&quot;a&quot; -- &quot;b&quot; &quot;-.</p>\n"
		  "<pre><code class=\"language-c\">\\~ &quot;\n</code></pre>\n" },
		{ "[a](javascript:b 'c') [d](<e'\xC3\xA9&>)",
		  "<p><a href=\"javascript:b\" title=\"c\">a</a> "
		  "<a href=\"e&#x27;%C3%A9&amp;\">d</a></p>\n" },
		{ "\xEE\x80\x80" "a\xEE\x80\x81" "b\x80",
		  "<p>\xEF\xBF\xBD" "a\xEF\xBF\xBD" "b\xEF\xBF\xBD</p>\n" },
		{ "a\r\nb\r\n\r\n> c  \r\n> d\r\n***\r\n3. e\r\n",
		  "<p>a\nb</p>\n<blockquote>\n<p>c<br />\nd</p>\n"
		  "</blockquote>\n<hr />\n<ol start=\"3\">\n<li>e</li>\n"
		  "</ol>\n" },
	};

	(void)state;
	check(MARKDOWN_GITHUB, samples, COUNT(samples));
}

static void what_is_nested_without_end_is_refused(void **state)
{
	struct arena *arena = arena_new("a test", 1 << 28);
	struct err err = ERR_INIT;
	struct str html;
	char *text = arena_take(arena, 20001);

	(void)state;
	for (size_t i = 0; i < 20000; i += 2)
		memcpy(text + i, "> ", 2);
	assert_int_equal(markdown_html(str_of(text), "x", MARKDOWN_GITHUB,
				       arena, &html, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.place, "x:1");
	assert_non_null(strstr(err.message, "inside each other"));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commonmark_knows_nothing_of_ours),
		cmocka_unit_test(github_has_tables_tasks_and_strikes),
		cmocka_unit_test(github_shows_what_is_ours_as_it_was_written),
		cmocka_unit_test(what_is_nested_without_end_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
