/* content_markdown_test.c - what an article's Markdown becomes
 *
 * Tables of Markdown and the blocks that come of it; content_dump.h says how
 * to read them.
 */
#include "content_check.h"

static struct blocks *parse(struct arena *arena, const char *markdown)
{
	return check_parse(arena, markdown, NULL);
}

static void commonmark_becomes_blocks(void **state)
{
	static const struct sample samples[] = {
		{ "", "" },
		{ "a\nb", "paragraph('a' softbreak 'b')" },
		{ "a  \nb\\\nc", "paragraph('a' linebreak 'b' linebreak 'c')" },
		{ "# a *b*\n\nC\n-\n",
		  "heading 1<a-b>('a ' emph('b')) heading 2<c>('C')" },
		{ "> a\n> > b", "quote(paragraph('a') quote(paragraph('b')))" },
		{ "- a\n- b\n", "list tight(item(paragraph('a')) "
				"item(paragraph('b')))" },
		{ "- a\n\n- b\n", "list(item(paragraph('a')) "
				  "item(paragraph('b')))" },
		{ "7. a\n8. b\n", "list ordered tight #7(item(paragraph('a')) "
				  "item(paragraph('b')))" },
		{ "```c x\na\n\nb\n```\n    d\n",
		  "code<c x>'a\\n\\nb\\n' code'd\\n'" },
		{ "a\n\n***\n", "paragraph('a') rule" },
		{ "`` a ` b ``", "paragraph(codespan'a ` b')" },
		{ "[a](/b \"c\") ![d *e* `f`](g 'h')",
		  "paragraph(link</b \"c\">('a') ' ' image<g \"h\">('d e f'))" },
		{ "[a]\n\n[a]: <b c> \"d\"",
		  "paragraph(link<b c \"d\">('a'))" },
		{ "&copy; &#65; \\* <http://x.y>",
		  "paragraph('\xC2\xA9 A * ' link<http://x.y>"
		  "('http://x.y'))" },
		{ "a\r\nb\rc\r\n\r\nd",
		  "paragraph('a' softbreak 'b' softbreak 'c') "
		  "paragraph('d')" },
		{ "***a* b**", "paragraph(strong(emph('a') ' b'))" },
		{ "\xEF\xA3\xBF \xEE\x80\x90",	/* other private characters */
		  "paragraph('\xEF\xA3\xBF \xEE\x80\x90')" },
	};

	(void)state;
	CHECK(samples);
}

static void merge_fields_pass_through_markdown(void **state)
{
	static const struct sample samples[] = {
		{ "Hi {{ a | default \"b\" }}!", "paragraph('Hi {0}!')" },
		{ "**{{a}}** *{{b}}*x",
		  "paragraph(strong('{0}') ' ' emph('{1}') 'x')" },
		{ "[x](https://h/?u={{ id }}&v={{w}} \"t {{y}}\")",
		  "paragraph(link<https://h/?u={0}&v={1} \"t {2}\">('x'))" },
		{ "<https://h/{{a}}> https://h/{{b}}?c",
		  "paragraph(link<https://h/{0}>('https://h/{0}') ' ' "
		  "link<https://h/{1}?c>('https://h/{1}?c'))" },
		{ "![{{a}}]({{b}}.png)", "paragraph(image<{0}.png>('{1}'))" },
		{ "[a]\n\n[a]: {{links.web}}",
		  "paragraph(link<{0}>('a'))" },
		{ "# {{a}}\n- {{b}}", "heading 1<section>('{0}') list tight("
				      "item(paragraph('{1}')))" },
		{ "<b title=\"{{a}}\">{{b}}</b>",
		  "paragraph(strong('{0}'))" },
		{ "<div>\n{{b}} <a href=\"/{{c}}\">d</a>\n</div>",
		  "paragraph('{0} ' link</{1}>('d'))" },
		{ "<div {{a}}>\n<!-- {{b}} {{{c}}} -->d\n</div>",
		  "paragraph('d')" },
		{ "{{a | default \"b}}c\"}} {{d | default '`'|upper}}",
		  "paragraph('{0} {1}')" },
		{ "{{a | default \"b}} c\" d", "paragraph('{0} c\" d')" },
	};

	(void)state;
	CHECK(samples);
}

static void code_shows_merge_fields_as_they_were_written(void **state)
{
	static const struct sample samples[] = {
		{ "`{{ a }}` {{b}}", "paragraph(codespan'{{ a }}' ' {0}')" },
		{ "`{{` and `}}`",
		  "paragraph(codespan'{{' ' and ' codespan'}}')" },
		{ "`{{{a}}}` `{{}}`",
		  "paragraph(codespan'{{{a}}}' ' ' codespan'{{}}')" },
		{ "    {{a}} {{\n", "code'{{a}} {{\\n'" },
		{ "```{{x}}\n{{ a }}\n{{{ b\n```\n",
		  "code<{{x}}>'{{ a }}\\n{{{ b\\n'" },
		{ "`\\~ \\[ \\{{`", "paragraph(codespan'\\~ \\[ \\{{')" },
		{ "\\{{ a }} and \\{\\{", "paragraph('{{ a }} and {{')" },
		{ "![`{{a}}`](b)", "paragraph(image<b>('{{a}}'))" },
	};

	(void)state;
	CHECK(samples);
}

static void fields_know_their_source_and_place(void **state)
{
	struct arena *arena = arena_new("a test", 1 << 26);
	const struct blocks *b =
		parse(arena, "`{{no}}`\n\n\xC3\xA9 {{ one | x }}\n"
			     "> [{{ two}}](u{{three }})\n");
	static const struct {
		const char *source;
		uint32_t line, column;
	} want[] = { { "one | x", 3, 3 }, { "three", 4, 15 },
		     { "two", 4, 4 } };

	(void)state;
	assert_int_equal(b->field_count, COUNT(want));
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_true(str_eqz(blocks_str(b, b->fields[i].source),
				    want[i].source));
		assert_int_equal(b->fields[i].line, want[i].line);
		assert_int_equal(b->fields[i].column, want[i].column);
	}
	arena_free(&arena);
}

static void tables_are_read_as_github_does(void **state)
{
	static const struct sample samples[] = {
		{ "| foo | bar |\n| --- | --- |\n| baz | bim |\n",
		  "table #2(row head(cell('foo') cell('bar')) "
		  "row(cell('baz') cell('bim')))" },
		{ "| abc | defghi |\n:-: | -----------:\nbar | baz\n",
		  "table #2(row head(cell center('abc') cell right('defghi')) "
		  "row(cell center('bar') cell right('baz')))" },
		{ "| f\\|oo  |\n| ------ |\n| b `\\|` az |\n"
		  "| b **\\|** im |\n",
		  "table #1(row head(cell('f|oo')) "
		  "row(cell('b ' codespan'|' ' az')) "
		  "row(cell('b ' strong('|') ' im')))" },
		{ "| abc | def |\n| --- | --- |\n| bar | baz |\n> bar\n",
		  "table #2(row head(cell('abc') cell('def')) "
		  "row(cell('bar') cell('baz'))) quote(paragraph('bar'))" },
		{ "| abc | def |\n| --- | --- |\n| bar | baz |\nbar\n\nbar\n",
		  "table #2(row head(cell('abc') cell('def')) "
		  "row(cell('bar') cell('baz')) row(cell('bar') cell)) "
		  "paragraph('bar')" },
		{ "| abc | def |\n| --- |\n| bar |\n",
		  "paragraph('| abc | def |' softbreak '| --- |' softbreak "
		  "'| bar |')" },
		{ "| abc | def |\n| --- | --- |\n| bar |\n"
		  "| bar | baz | boo |\n",
		  "table #2(row head(cell('abc') cell('def')) "
		  "row(cell('bar') cell) row(cell('bar') cell('baz')))" },
		{ "| abc | def |\n| --- | --- |\n",
		  "table #2(row head(cell('abc') cell('def')))" },
		{ "|a|\n|:-|\n|[x]|\n\n[x]: /y\n",
		  "table #1(row head(cell left('a')) "
		  "row(cell left(link</y>('x'))))" },
		{ "intro\n    - more\na | b\n--|--\n*c* | - d\n",
		  "paragraph('intro' softbreak '- more') "
		  "table #2(row head(cell('a') cell('b')) "
		  "row(cell(emph('c')) cell('- d')))" },
		{ "[x]: /y\na | b\n--|--\n[x] | # d\n",
		  "table #2(row head(cell('a') cell('b')) "
		  "row(cell(link</y>('x')) cell('# d')))" },
		{ "- | a | b |\n  |---|---|\n  | c | d |\n",
		  "list tight(item(table #2(row head(cell('a') cell('b')) "
		  "row(cell('c') cell('d')))))" },
		{ "> | a |\n> |---|\n> | b |\n| c |\n",
		  "quote(table #1(row head(cell('a')) row(cell('b')) "
		  "row(cell('c'))))" },
		{ "|`a | b`|\n|-|-|\n",
		  "table #2(row head(cell('`a') cell('b`')))" },
		{ "| {{a | b}} | \"_c_\" |\n|-|-|\n",
		  "table #2(row head(cell('{0}') "
		  "cell('\"' emph('c') '\"')))" },
		{ "a\n:-\n", "paragraph('a' softbreak ':-')" },
		{ "    | a |\n    |---|\n", "code'| a |\\n|---|\\n'" },
	};

	(void)state;
	CHECK(samples);
}

static void two_tildes_strike_through(void **state)
{
	static const struct sample samples[] = {
		{ "~~Hi~~ Hello, world!",
		  "paragraph(strike('Hi') ' Hello, world!')" },
		{ "This ~~has a\n\nnew paragraph~~.",
		  "paragraph('This ~~has a') paragraph('new paragraph~~.')" },
		{ "~one~ ~~~three~~~", "paragraph('~one~ ~~~three~~~')" },
		{ "a ~~b *c* `d` e~~ f",
		  "paragraph('a ' strike('b ' emph('c') ' ' codespan'd' ' e') "
		  "' f')" },
		{ "~~ a ~~ b~~", "paragraph('~~ a ~~ b~~')" },
		{ "*a ~~b* c~~", "paragraph(emph('a ~~b') ' c~~')" },
		{ "a\\~~b~~ \\~\\~c~~", "paragraph('a~~b~~ ~~c~~')" },
		{ "~~a ~~b~~", "paragraph('~~a ' strike('b'))" },
		{ "~~*a*~~ **~~b~~**",
		  "paragraph(strike(emph('a')) ' ' strong(strike('b')))" },
		{ "~~<sup>x~~</sup>", "paragraph(strike('x'))" },
	};

	(void)state;
	CHECK(samples);
}

static void tasks_are_marked(void **state)
{
	static const struct sample samples[] = {
		{ "- [ ] foo\n- [x] bar\n- [X] baz\n",
		  "list tight(item task(paragraph('foo')) "
		  "item task done(paragraph('bar')) "
		  "item task done(paragraph('baz')))" },
		{ "- \\[ ] foo\n- [ ]bar\n- a [ ] b\n",
		  "list tight(item(paragraph('[ ] foo')) "
		  "item(paragraph('[ ]bar')) item(paragraph('a [ ] b')))" },
		{ "1. [ ] **a**\n", "list ordered tight #1("
				    "item task(paragraph(strong('a'))))" },
	};

	(void)state;
	CHECK(samples);
}

static void bare_addresses_become_links(void **state)
{
	static const struct sample samples[] = {
		{ "www.commonmark.org",
		  "paragraph(link<http://www.commonmark.org>"
		  "('www.commonmark.org'))" },
		{ "Visit www.commonmark.org/help for more.",
		  "paragraph('Visit ' link<http://www.commonmark.org/help>"
		  "('www.commonmark.org/help') ' for more.')" },
		{ "Visit www.commonmark.org.",
		  "paragraph('Visit ' link<http://www.commonmark.org>"
		  "('www.commonmark.org') '.')" },
		{ "(www.google.com/search?q=Markup+(business))",
		  "paragraph('(' link<http://www.google.com/"
		  "search?q=Markup+(business)>('www.google.com/"
		  "search?q=Markup+(business)') ')')" },
		{ "(https://a.b/c)))", "paragraph('(' link<https://a.b/c>"
				       "('https://a.b/c') ')))')" },
		{ "www.a.b/?q=(x))+ok",
		  "paragraph(link<http://www.a.b/?q=(x))+ok>"
		  "('www.a.b/?q=(x))+ok'))" },
		{ "www.a.b/?q=c&hl;", "paragraph(link<http://www.a.b/?q=c>"
				      "('www.a.b/?q=c') '&hl;')" },
		{ "www.commonmark.org/he<lp",
		  "paragraph(link<http://www.commonmark.org/he>"
		  "('www.commonmark.org/he') '<lp')" },
		{ "http://commonmark.org *https://x.y/z*",
		  "paragraph(link<http://commonmark.org>"
		  "('http://commonmark.org') ' ' "
		  "emph(link<https://x.y/z>('https://x.y/z')))" },
		{ "foo@bar.baz",
		  "paragraph(link<mailto:foo@bar.baz>('foo@bar.baz'))" },
		{ "a.b-c_d@a.b a.b-c_d@a.b. a.b-c_d@a.b- a.b-c_d@a.b_",
		  "paragraph(link<mailto:a.b-c_d@a.b>('a.b-c_d@a.b') ' ' "
		  "link<mailto:a.b-c_d@a.b>('a.b-c_d@a.b') "
		  "'. a.b-c_d@a.b- a.b-c_d@a.b_')" },
		{ "hello+xyz@mail.example hello@mail+xyz.example",
		  "paragraph(link<mailto:hello+xyz@mail.example>"
		  "('hello+xyz@mail.example') ' hello@mail+xyz.example')" },
		{ "xhttp://a.b awww.a.b ftp://a.b http:// www. a@b",
		  "paragraph('xhttp://a.b awww.a.b ftp://a.b http:// www. "
		  "a@b')" },
		{ "http\\://a.b `http://c.d`",
		  "paragraph('http://a.b ' codespan'http://c.d')" },
		{ "[www.a.b](c) <b>d@e.fg</b>",
		  "paragraph(link<c>('www.a.b') ' ' "
		  "strong(link<mailto:d@e.fg>('d@e.fg')))" },
		{ "https://a_b.c http://a_b.c.d HTTP://X.Y",
		  "paragraph('https://a_b.c ' link<http://a_b.c.d>"
		  "('http://a_b.c.d') ' ' link<HTTP://X.Y>('HTTP://X.Y'))" },
		{ "mailto:a@b.c xmpp:a@b.c/d@e/f",
		  "paragraph(link<mailto:a@b.c>('mailto:a@b.c') ' ' "
		  "link<xmpp:a@b.c/d@e>('xmpp:a@b.c/d@e') '/f')" },
		{ "https://b\xC3\xBC" "cher.de/x_y, ok",
		  "paragraph(link<https://b\xC3\xBC" "cher.de/x_y>"
		  "('https://b\xC3\xBC" "cher.de/x_y') ', ok')" },
	};

	(void)state;
	CHECK(samples);
}

static void pictures_take_attributes(void **state)
{
	static const struct sample samples[] = {
		{ "![a](b.png){width=300 cid} c",
		  "paragraph(image cid #300<b.png>('a') ' c')" },
		{ "![](b.png){cid}", "paragraph(image cid<b.png>)" },
		{ "![a](b){width=40px}![c](d){ }",
		  "paragraph(image #40<b>('a') image<d>('c'))" },
		{ "![a](b) {cid} ![a](b)\\{cid} ![a](b){cid",
		  "paragraph(image<b>('a') ' {cid} ' image<b>('a') '{cid} ' "
		  "image<b>('a') '{cid')" },
		{ "[![a](b){width=5}](c)",
		  "paragraph(link<c>(image #5<b>('a')))" },
		{ "![a](b){{c}}", "paragraph(image<b>('a') '{0}')" },
		{ "![a](b){align=center}",
		  "paragraph center(image<b>('a'))" },
		{ "[![a](b){width=\"7\" align=right cid}](c)",
		  "paragraph right(link<c>(image cid #7<b>('a')))" },
	};

	(void)state;
	CHECK(samples);
}

static void inline_html_is_safe_and_balanced(void **state)
{
	static const struct sample samples[] = {
		{ "<b>a</b> <i>b</i> <s>c</s>",
		  "paragraph(strong('a') ' ' emph('b') ' ' strike('c'))" },
		{ "H<sub>2</sub>O <span dir=\"rtl\" class=x>a</span>",
		  "paragraph('H' html_inline'<sub>' '2' html_inline'</sub>' "
		  "'O ' html_inline'<span dir=\"rtl\">' 'a' "
		  "html_inline'</span>')" },
		{ "a<br>b<BR/>c",
		  "paragraph('a' linebreak 'b' linebreak 'c')" },
		{ "<sup>a <b>b</sup> c</b> </u> <kbd>",
		  "paragraph(html_inline'<sup>' 'a b' html_inline'</sup>' "
		  "' c  ')" },
		{ "<b><sup>x</b></sup>", "paragraph(strong('x'))" },
		{ "*<u>a* b</u>", "paragraph(emph('a') ' b')" },
		{ "<a href=\"https://x.y\" onclick=\"z\">a <b>b</b></a>",
		  "paragraph(link<https://x.y>('a ' strong('b')))" },
		{ "<a href=\"javascript:x\">a</a> <a>b</a> "
		  "<a href=' &#106;avascript:x'>c</a>",
		  "paragraph('a b c')" },
		{ "<a href=x>a [b](c) d</a>",
		  "paragraph('a ' link<c>('b') ' d')" },
		{ "<a href=x>www.a.b</a>",
		  "paragraph(link<x>('www.a.b'))" },
		{ "[a <a href=x>b</a>](c)", "paragraph(link<c>('a b'))" },
		{ "<img src=\"a.png\" alt=\"b\" width=\"30\" onerror=x>.",
		  "paragraph(image #30<a.png>('b') '.')" },
		{ "<img src=\"data:image/png;base64,x\"> b <img> <hr>",
		  "paragraph(' b  ')" },
		{ "<img src=a.png onerror=x>", "paragraph(image<a.png>)" },
		{ "<b>a</b-foo> b</b>", "paragraph(strong('a b'))" },
		{ "a <script-x>b</script-x> c", "paragraph('a b c')" },
		{ "a <script>alert(1)</script> b <style>c",
		  "paragraph('a  b c')" },
		{ "a <!-- b --> <?c?> <div>d</div> <x-y>e</x-y>",
		  "paragraph('a   d e')" },
		{ "<!-- only -->x\n\na\n\n<script>\nb\n</script>\n",
		  "paragraph('x') paragraph('a')" },
	};

	(void)state;
	CHECK(samples);
}

static void html_blocks_become_blocks_of_ours(void **state)
{
	static const struct sample samples[] = {
		{ "<div align=\"center\" style=\"x\" onclick=y>\na < b & c\n",
		  "paragraph center('a < b & c')" },
		{ "<center>a <font color=red>b</font></center>\n",
		  "paragraph center('a b')" },
		{ "<p>a<br>b<br><br>c<br></p><p>\n</p>d\n",
		  "paragraph('a' linebreak 'b' linebreak linebreak 'c') "
		  "paragraph('d')" },
		{ "<p>  a <b> b </b> c\n\td</p>\n",
		  "paragraph('a ' strong('b ') 'c d')" },
		{ "<h1>a <i>b</i></h1><h4></h4>\n",
		  "heading 1<a-b>('a ' emph('b'))" },
		{ "<ul><li>a<li>b<ul><li>c</ul></ul></div></p>\n",
		  "list tight(item(paragraph('a')) item(paragraph('b') "
		  "list tight(item(paragraph('c')))))" },
		{ "<ol start=3><li><p>a</p><p>b</p></ol>\n",
		  "list ordered #3(item(paragraph('a') paragraph('b')))" },
		{ "<dl><dt>a<dd>b<dt>c<dd>d</dl>\n",
		  "paragraph(strong('a')) paragraph('b') "
		  "paragraph(strong('c')) paragraph('d')" },
		{ "<blockquote>a<p>b</blockquote><blockquote></blockquote>c\n",
		  "quote(paragraph('a') paragraph('b')) paragraph('c')" },
		{ "<pre>a  b\n <b>{{c}}</b></pre>\n",
		  "code'a  b\\n {{c}}'" },
		{ "<div>a<hr>b</div>\n",
		  "paragraph('a') rule paragraph('b')" },
		{ "<div>H<sub>2</sub>O</div>\n",
		  "paragraph('H' html_inline'<sub>' '2' html_inline'</sub>' "
		  "'O')" },
		{ "<a href=b><img src=a.png alt=\"c &amp; d\" width=30></a>\n",
		  "paragraph(link<b>(image #30<a.png>('c & d')))" },
		{ "<div><a href=x><p>a</p><p>b</p></a></div>\n",
		  "paragraph(link<x>('a' linebreak 'b'))" },
		{ "<div><a href=x>a<table><tr><td><a href=y>b</a></table></a>\n",
		  "paragraph(link<x>('a' linebreak 'b'))" },
		{ "<div>\n\n**a**\n\n</div>\n", "paragraph(strong('a'))" },
		{ "<details><summary>a</summary>b</details>\n",
		  "paragraph('a') paragraph('b')" },
	};

	(void)state;
	CHECK(samples);
}

static void html_tables_become_tables_of_ours(void **state)
{
	static const struct sample samples[] = {
		{ "<table>\n\n<tr>\n\n<td colspan=2 bgcolor=x>a</td>\n\n"
		  "</tr>\n\n<tr><td>b<td align=right>c</table>\n",
		  "table #2(row(cell('a') cell) "
		  "row(cell('b') cell right('c')))" },
		{ "<table><caption>t</caption><thead><tr><th>a<th>b</thead>"
		  "<tr><th>c<td rowspan=2>d<tr><td>e<tr></table>\n",
		  "paragraph('t') table #2(row head(cell('a') cell('b')) "
		  "row(cell(strong('c')) cell('d')) row(cell('e') cell))" },
		{ "<table><tr><th>a<tr><td>b<p>c</table>\n",
		  "table #1(row head(cell('a')) "
		  "row(cell('b' linebreak 'c')))" },
		{ "<table><tr><td><img src=a.png><td><p>b</table>\n",
		  "paragraph(image<a.png>) paragraph('b')" },
		{ "<table><tr><th>a<th>b<tr><td rowspan=2>c<td>d<tr><td>e"
		  "</table>\n",
		  "table #2(row head(cell('a') cell('b')) "
		  "row(cell('c') cell('d')) row(cell cell('e')))" },
		{ "<table></table>\n", "" },
	};

	(void)state;
	CHECK(samples);
}

static void html_blocks_hold_nothing_that_runs(void **state)
{
	static const struct sample samples[] = {
		{ "<p>a<script>b</script><style>c</style><iframe>d</iframe>"
		  "<object>e</object>g\n",
		  "paragraph('ag')" },
		{ "<p><a href=\"java&#10;script:x\">a</a><a href=\"data:x\">b"
		  "</a><a href=\"mailto:c@d\">c</a>\n",
		  "paragraph('ab' link<mailto:c@d>('c'))" },
		{ "<form action=x>a<input><button>b</button></form>\n",
		  "paragraph('a')" },
		{ "<!-- a -->\n", "" },
		{ "<svg><b>x</b></svg>\n<math>y</math>\n", "" },
		{ "<div><svg>x<a href=y>z</a></svg><math>y</math>w</div>\n",
		  "paragraph('w')" },
		{ "<p><q title=\"a&quot;b<c\">d</q></p>\n",
		  "paragraph(html_inline'<q title=\"a&quot;b&lt;c\">' 'd' "
		  "html_inline'</q>')" },
		{ "<p>&#65;&#4295024640;&#x10000E000;</p>\n",
		  "paragraph('A&#4295024640;&#x10000E000;')" },
	};

	(void)state;
	CHECK(samples);
}

static void control_characters_do_not_come_through(void **state)
{
	static const struct sample samples[] = {
		{ "a\x07 \x1b[31mb\x7f \xc2\x92z", "paragraph('a [31mb z')" },
		{ "a&#13;b&#10;c&#x85;d&#9;e", "paragraph('ab cd e')" },
		{ "a\tb `c\td`", "paragraph('a b ' codespan'c d')" },
		{ "[a](<b&#10;c> \"d\ne\")", "paragraph(link<bc \"d e\">('a'))" },
		{ "```\na\x1b[1m\n\tb\xc2\x9f\n```", "code'a[1m\\n\tb\\n'" },
		{ "<p><img src=a alt=\"b&#10;c\">", "paragraph(image<a>('b c'))" },
	};

	(void)state;
	CHECK(samples);
}

static void references_to_our_marks_are_shown_as_written(void **state)
{
	static const struct sample samples[] = {
		{ "&#xe000; and &#0057345",
		  "paragraph('&#xe000; and &#0057345')" },
		{ "`&#xE000;`", "paragraph(codespan'&#xE000;')" },
		{ "a &#xE003; &#57359; &#xE010;",
		  "paragraph('a &#xE003; &#57359; \xEE\x80\x90')" },
		{ "    &#xE001;0", "code'&#xE001;0\\n'" },
		{ "<p>&#xE000;0&#xE001;</p>", "paragraph('&#xE000;0&#xE001;')" },
	};

	(void)state;
	CHECK(samples);
}

static void footnotes_go_to_the_end_in_the_order_of_use(void **state)
{
	static const struct sample samples[] = {
		{ "a[^x] b[^y] c[^x].\n\n[^y]: Y\n[^x]: X *x*\n",
		  "paragraph('a' note_ref #1 ' b' note_ref #2 ' c' "
		  "note_ref #1 '.') note #1(paragraph('X ' emph('x'))) "
		  "note #2(paragraph('Y'))" },
		{ "a[^1]\n\n[^1]: one\ntwo\n\n    three\n\n    - four\nb\n",
		  "paragraph('a' note_ref #1) paragraph('b') "
		  "note #1(paragraph('one' softbreak 'two') "
		  "paragraph('three') list tight(item(paragraph('four'))))" },
		{ "a[^1]\n[^1]: x\n# b\n",
		  "paragraph('a' note_ref #1) heading 1<b>('b') "
		  "note #1(paragraph('x'))" },
		{ "a[^1]\n\n[^1]: x[^2]\n[^2]: y[^1]\n[^3]: unused\n",
		  "paragraph('a' note_ref #1) "
		  "note #1(paragraph('x' note_ref #2)) "
		  "note #2(paragraph('y' note_ref #1))" },
		{ "a[^none] \\[^1] `[^1]`\n\n[^1]: x\n",
		  "paragraph('a[^none] [^1] ' codespan'[^1]')" },
		{ "```\n[^1]: x\n```\n\n    [^2]: y\n",
		  "code'[^1]: x\\n' code'[^2]: y\\n'" },
		{ "| a |\n|---|\n| b[^1] |\n\n[^1]: ```\n    {{c}}\n    ```\n",
		  "table #1(row head(cell('a')) row(cell('b' note_ref #1))) "
		  "note #1(code'{{c}}\\n')" },
		{ "a[^1]\n\n[^1]: | b |\n    |---|\n    | c |\n",
		  "paragraph('a' note_ref #1) note #1(table #1("
		  "row head(cell('b')) row(cell('c'))))" },
		{ "a[^1]\n\n[^1]:\n    b [c]\n\n[c]: /d\n",
		  "paragraph('a' note_ref #1) "
		  "note #1(paragraph('b ' link</d>('c')))" },
	};

	(void)state;
	CHECK(samples);
}

static void lines_are_those_of_the_article(void **state)
{
	struct arena *arena = arena_new("a test", 1 << 26);
	const struct blocks *b =
		parse(arena, "# a\n\n[^1]: note\n\npara[^1]\n\n- i\n  | t |\n"
			     "  |---|\n  | u |\n\n:::callout\nc\n:::\n");
	static const struct {
		enum block_kind kind;
		uint32_t line;
	} want[] = { { BLOCK_HEADING, 1 }, { BLOCK_PARAGRAPH, 5 },
		     { BLOCK_LIST, 7 },	   { BLOCK_TABLE, 8 },
		     { BLOCK_CALLOUT, 12 }, { BLOCK_NOTE, 3 } };

	(void)state;
	for (size_t i = 0; i < COUNT(want); i++) {
		uint32_t n = 0;

		while (n < b->count && b->at[n].kind != want[i].kind)
			n++;
		assert_true(n < b->count);
		assert_int_equal(b->at[n].line, want[i].line);
	}
	arena_free(&arena);
}

static void mistakes_are_refused_with_their_line(void **state)
{
	static const struct mistake cases[] = {
		{ "a\n\nb {{ c\n", "x.md:12:3", "not closed", "}}" },
		{ "[a](b{{c)\n", "x.md:10:6", "not closed", "\\{{" },
		{ "{{{a}}}", "x.md:10:1", "three braces", "with two" },
		{ "# {{ }}", "x.md:10:3", "without a name", "{{" },
		{ "a\n\xEE\x80\x80", "x.md:11:1", "U+E000", "delete" },
		{ "a \xEE\x80\x81", "x.md:10:3", "U+E000", "delete" },
		{ ":::callout{title=\"a \xEE\x80\x83\"}\nb\n:::\n",
		  "x.md:10:21", "U+E000 to U+E00F are kept", "delete" },
		{ "a {{b default \"\xEE\x80\x8F\"}}", "x.md:10:3", "U+E000",
		  "delete" },
		{ "a\n\n[b](javascript:c)\n", "x.md:12",
		  "a link to 'javascript:c'", "https://" },
		{ "![b](data:c)\n", "x.md:10", "the picture 'data:c'", "" },
		{ "![b](c){wdth=3}\n", "x.md:10", "'wdth=3'", "'width'?" },
		{ "a\n\nb ![c](d){align=left}\n", "x.md:12",
		  "alone in its paragraph", "empty lines" },
		{ "- a\n\n# ![c](d){align=left}\n", "x.md:12", "alone", "" },
		{ "![b](c){align=top}\n", "x.md:10", "'align=top'",
		  "{align=center}" },
		{ "![b](c){.big}\n", "x.md:10", "'.big'", "{width=300}" },
		{ "![b](c){width=x}\n", "x.md:10", "'width=x'", "{width=300" },
		{ "a[^1]\n\n[^1]: b\n[^1]: c\n", "x.md:13",
		  "'1' is defined a second time", "" },
	};

	(void)state;
	check_mistakes(cases, COUNT(cases));
}

static char *repeat(struct arena *arena, const char *what, size_t count)
{
	size_t len = strlen(what);
	char *all = arena_take(arena, (count + 1) * len + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(all + i * len, what, len);
	return all;
}

static void a_hundred_levels_are_the_most(void **state)
{
	struct arena *arena = arena_new("a test", 1 << 28);
	struct err err = ERR_INIT;
	struct blocks *b;

	(void)state;
	/* Quotations, then a paragraph and its text. */
	b = parse(arena, strcat(repeat(arena, "> ", 98), "a"));
	assert_true(blocks_ok(b));
	assert_int_equal(markdown_parse(str_of(strcat(repeat(arena, "> ", 99),
						      "a")),
					"x.md", 1, NULL, arena, &b, &err), -1);
	assert_int_equal(markdown_parse(str_of(repeat(arena, "> ", 200)),
					"x.md", 1, NULL, arena, &b, &err), -1);
	assert_non_null(strstr(err.message, "inside each other"));
	assert_string_equal(err.place, "x.md:1");
	assert_int_equal(markdown_parse(str_of(repeat(arena, ":::callout\n",
						      30)),
					"x.md", 1, NULL, arena, &b, &err), -1);
	assert_non_null(strstr(err.message, "20 blocks"));
	arena_free(&arena);
}

static void fifty_columns_are_the_most(void **state)
{
	struct arena *arena = arena_new("a test", 1 << 28);
	struct err err = ERR_INIT;
	struct blocks *b;

	(void)state;
	for (size_t n = 50; n <= 500; n += 450) {
		const char *text = repeat(arena, "|a", n);
		const char *marks = repeat(arena, "|-", n);

		text = arena_fmt(arena, "b\n\n%s\n%s\n%s\n", text, marks,
				 text).at;
		if (n == 50) {
			b = parse(arena, text);
			assert_int_equal(b->at[3].kind, BLOCK_TABLE);
			assert_int_equal(b->at[3].number, 50);
			continue;
		}
		assert_int_equal(markdown_parse(str_of(text), "x.md", 1, NULL,
						arena, &b, &err), -1);
		assert_string_equal(err.place, "x.md:3");
		assert_non_null(strstr(err.message, "more than 50 columns"));
		assert_non_null(strstr(err.hint, "on its side"));
	}
	arena_free(&arena);
}

static void html_out_of_measure_is_refused(void **state)
{
	struct arena *arena = arena_new("a test", 1 << 28);
	static const char *const cases[] = { "<div>", "<b x><p>", "a" };
	struct err err = ERR_INIT;
	struct blocks *b;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *html = arena_take(arena, 70000 + 16);

		memcpy(html, "<div>", 5);
		for (size_t at = 5; at < 70000; at += strlen(cases[i]))
			memcpy(html + at, cases[i], strlen(cases[i]));
		assert_int_equal(markdown_parse(str_of(html), "x.md", 1, NULL, arena,
						&b, &err), -1);
		assert_non_null(strstr(err.message, "tangled"));
		/* Within the size it may still be more than memory allows. */
		html[60000] = 0;
		if (markdown_parse(str_of(html), "x.md", 1, NULL, arena, &b, &err) ==
		    0)
			assert_true(blocks_ok(b));
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commonmark_becomes_blocks),
		cmocka_unit_test(merge_fields_pass_through_markdown),
		cmocka_unit_test(code_shows_merge_fields_as_they_were_written),
		cmocka_unit_test(fields_know_their_source_and_place),
		cmocka_unit_test(tables_are_read_as_github_does),
		cmocka_unit_test(two_tildes_strike_through),
		cmocka_unit_test(tasks_are_marked),
		cmocka_unit_test(bare_addresses_become_links),
		cmocka_unit_test(pictures_take_attributes),
		cmocka_unit_test(inline_html_is_safe_and_balanced),
		cmocka_unit_test(html_blocks_become_blocks_of_ours),
		cmocka_unit_test(html_tables_become_tables_of_ours),
		cmocka_unit_test(html_blocks_hold_nothing_that_runs),
		cmocka_unit_test(control_characters_do_not_come_through),
		cmocka_unit_test(references_to_our_marks_are_shown_as_written),
		cmocka_unit_test(footnotes_go_to_the_end_in_the_order_of_use),
		cmocka_unit_test(lines_are_those_of_the_article),
		cmocka_unit_test(mistakes_are_refused_with_their_line),
		cmocka_unit_test(a_hundred_levels_are_the_most),
		cmocka_unit_test(fifty_columns_are_the_most),
		cmocka_unit_test(html_out_of_measure_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
