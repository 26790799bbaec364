/* content_letter_test.c - the blocks of a newsletter, and its conditions */
#include "content_check.h"

static void one_line_makes_a_block(void **state)
{
	static const struct sample samples[] = {
		{ "::button[Read \\[on\\]](https://x.y/{{z}})\n",
		  "button<https://x.y/{0}>'Read [on]'" },
		{ "::button[a [b] c](https://x.y/(z)w)\n",
		  "button<https://x.y/(z)w>'a [b] c'" },
		{ "::button[a](mailto:b@c.d)\n", "button<mailto:b@c.d>'a'" },
		{ "a\n::divider\nb\n",
		  "paragraph('a') rule paragraph('b')" },
		{ "::divider[* * *]\n\n---\n", "rule'* * *' rule" },
		{ "::author[mr-khan]\n::author\n::author[]\n",
		  "author'mr-khan' author author" },
		{ "::contents\n", "contents #2" },
		{ "::contents[In short]{depth=3}\n", "contents #3'In short'" },
		{ "::bookmark[T](https://x.y)\n", "bookmark<https://x.y>'T'" },
		{ "::bookmark[T](https://x.y){description=\"A \\\"b\\\" {c}\" "
		  "by=\"D, E\" thumbnail=pic.jpg}\n",
		  "bookmark<https://x.y \"A \"b\" {c}\">'T'"
		  "(image<pic.jpg>('T') 'D, E')" },
		{ "::bookmark[{{a}}]({{b}}){description=\"{{c}}\" "
		  "thumbnail={{d}} by=\"{{e}}\"}\n",
		  "bookmark<{0} \"{1}\">'{2}'(image<{3}>('{2}') '{4}')" },
		{ "::video[T](https://x.y) {thumbnail=p.jpg length=3:40}\n",
		  "video<https://x.y \"3:40\">'T'(image<p.jpg>('T'))" },
		{ "::audio[T](http://x.y){length=\"1 h\"}\n",
		  "audio<http://x.y \"1 h\">'T'" },
		{ "::more\n::more[Read on]\n", "more more'Read on'" },
		{ "::share\n::share[Tell]\n::subscribe\n::subscribe[Join]\n",
		  "share share'Tell' subscribe subscribe'Join'" },
		{ "> ::share\n\n- a\n\n  ::more\n",
		  "quote(share) list(item(paragraph('a') more))" },
	};

	(void)state;
	CHECK(samples);
}

static void a_block_may_stand_right_behind_the_mark_of_a_list_item(void **state)
{
	static const struct sample samples[] = {
		{ "- ::button[a](https://e.org/)\n* b\n",
		  "list tight(item(button<https://e.org/>'a')) "
		  "list tight(item(paragraph('b')))" },
		{ "7) :::callout\n   *a*\n   :::\n8) b\n",
		  "list ordered tight #7(item(callout'info'(paragraph("
		  "emph('a')))) item(paragraph('b')))" },
		{ "> 1. - {{#if a}}\n>      b\n>      {{/if}}\n",
		  "quote(list ordered tight #1(item(list tight(item("
		  "if(paragraph('b')))))))" },
		{ "- ::share\n- \t::more\n",
		  "list tight(item(share) item(more))" },
		/* None of these marks begins an item. */
		{ "-::share\n", "paragraph('-::share')" },
		{ "a\n7. ::share\n",
		  "paragraph('a' softbreak '7. ::share')" },
		{ "-      ::share\n", "list tight(item(code' ::share\\n'))" },
		{ "- ::std::string\n",
		  "list tight(item(paragraph('::std::string')))" },
		{ "1234567890. ::share\n",
		  "paragraph('1234567890. ::share')" },
	};

	(void)state;
	CHECK(samples);
}

static void three_colons_begin_a_block_with_blocks_inside(void **state)
{
	static const struct sample samples[] = {
		{ ":::callout {tone=tip}\nText **b**\n:::\nafter\n",
		  "callout'tip'(paragraph('Text ' strong('b'))) "
		  "paragraph('after')" },
		{ ":::callout {tone=tip title=\"A {{b}}\" icon=\xF0\x9F\x92\xA1}"
		  "\n:::\n",
		  "callout<\xF0\x9F\x92\xA1 \"A {0}\">'tip'" },
		{ "a\n:::callout\n- b\n:::\n",
		  "paragraph('a') callout'info'(list tight("
		  "item(paragraph('b'))))" },
		{ "::: callout {tone=\"warning\"}\n:::callout\nx\n:::\ny\n:::",
		  "callout'warning'(callout'info'(paragraph('x')) "
		  "paragraph('y'))" },
		{ "- a\n\n  :::callout\n  b\n  :::\n- c\n",
		  "list(item(paragraph('a') callout'info'(paragraph('b'))) "
		  "item(paragraph('c')))" },
		{ "> :::callout\n> b\n> :::\n",
		  "quote(callout'info'(paragraph('b')))" },
		{ ":::callout\n::button[{{a}}]({{b}})\n:::\n",
		  "callout'info'(button<{0}>'{1}')" },
		{ ":::pullquote {by=\"A, b\"}\nc\n:::\n:::pullquote\nd\n:::\n",
		  "pullquote'A, b'(paragraph('c')) "
		  "pullquote(paragraph('d'))" },
		{ ":::sponsor {by=\"A\" url=https://x.y}\nc\n:::\n"
		  ":::sponsor\nd\n:::\n",
		  "sponsor<https://x.y>'A'(paragraph('c')) "
		  "sponsor(paragraph('d'))" },
		{ ":::web\na\n:::\n:::mail\n:::callout\nb\n:::\n:::\n",
		  "only web(paragraph('a')) "
		  "only mail(callout'info'(paragraph('b')))" },
	};

	(void)state;
	CHECK(samples);
}

static void a_gallery_has_lone_pictures(void **state)
{
	static const struct sample samples[] = {
		{ ":::gallery\n![a](b.jpg \"c\")\n![d](e.jpg){width=9}\n:::\n",
		  "gallery(paragraph(image<b.jpg \"c\">('a')) "
		  "paragraph(image #9<e.jpg>('d')))" },
		{ ":::gallery\n![a](b)\n\n[![c](d)](https://e.f)\n:::\n",
		  "gallery(paragraph(image<b>('a')) "
		  "paragraph(link<https://e.f>(image<d>('c'))))" },
	};

	(void)state;
	CHECK(samples);
}

static void a_poll_has_answers(void **state)
{
	static const struct sample samples[] = {
		{ ":::poll {question=\"Well, {{a}}?\"}\n- Yes\n- {{b}} no\n"
		  "- [Else](https://x.y)\n:::\n",
		  "poll'Well, {0}?'(answer #1'Yes' answer #2'{1} no' "
		  "answer #3<https://x.y>'Else')" },
		{ ":::poll {question=Q}\n1. a\n   b\n2. www.x.y\n:::\n",
		  "poll'Q'(answer #1'a b' answer #2<http://www.x.y>"
		  "'www.x.y')" },
	};

	(void)state;
	CHECK(samples);
}

static void what_has_not_the_shape_is_text(void **state)
{
	static const struct sample samples[] = {
		{ "```\n:::callout\n{{#if a}}\n```\n\n    ::button[a](b)\n",
		  "code':::callout\\n{{#if a}}\\n' code'::button[a](b)\\n'" },
		{ "::std::string\n\n:: a\n\n:::: ----\n\n::share::x\n",
		  "paragraph('::std::string') paragraph(':: a') "
		  "paragraph(':::: ----') paragraph('::share::x')" },
		{ "a\n        ::button[b](c)\n",
		  "paragraph('a' softbreak '::button[b](c)')" },
		{ "\\::share\n\n\\{{#if a}}\n",
		  "paragraph('::share') paragraph('{{#if a}}')" },
	};

	(void)state;
	CHECK(samples);
}

static void conditions_hold_blocks(void **state)
{
	static const struct sample samples[] = {
		{ ":::if subscriber.plan == \"pro\"\na\n:::\n",
		  "if(paragraph('a'))" },
		{ ":::if a\nb\n::else\nc\n\n---\n:::\nd\n",
		  "if(paragraph('b') else(paragraph('c') rule)) "
		  "paragraph('d')" },
		{ "a\n{{#if b}}\nc\n{{else}}\nd\n{{/if}}\ne\n",
		  "paragraph('a') if(paragraph('c') else(paragraph('d'))) "
		  "paragraph('e')" },
		{ "  {{#unless b}}  \n- c\n\n{{/unless}}\n",
		  "if(list tight(item(paragraph('c'))))" },
		{ ":::unless b\n{{#if c}}\n:::callout\n{{d}}\n:::\n{{/if}}\n"
		  ":::\n",
		  "if(if #1(callout'info'(paragraph('{2}'))))" },
		{ "> {{#if a}}\n> b\n> {{/if}}\n", "quote(if(paragraph('b')))" },
		{ ":::if a\n:::\n", "if" },
	};

	(void)state;
	CHECK(samples);
}

static void a_condition_knows_its_source_and_place(void **state)
{
	struct arena *arena = arena_new("a test", 1 << 26);
	const struct blocks *b =
		check_parse(arena, "{{x}}\n\n  :::if a == \"b\"\n{{#unless c}}\n"
				   "{{/unless}}\n:::\n", NULL);
	static const struct {
		const char *source;
		uint32_t line, column;
	} want[] = { { "x", 1, 1 }, { "#if a == \"b\"", 3, 9 },
		     { "#unless c", 4, 1 } };

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

static void conditions_within_a_line_are_fields(void **state)
{
	static const struct sample samples[] = {
		{ "a {{#if b}}c{{else}}d{{/if}} e",
		  "paragraph('a {0}c{1}d{2} e')" },
		{ "{{#if a}} *b* {{#unless c}}d{{/unless}}{{/if}}.",
		  "paragraph('{0} ' emph('b') ' {1}d{2}{3}.')" },
		{ "**{{#if a}}b{{/if}}** [{{#if c}}d{{/if}}](e)",
		  "paragraph(strong('{0}b{1}') ' ' link<e>('{2}d{3}'))" },
		{ "::button[{{#if a}}b{{else}}c{{/if}}](d)\n",
		  "button<d>'{0}b{1}c{2}'" },
		{ "`{{#if}}` {{else_where}}",
		  "paragraph(codespan'{{#if}}' ' {0}')" },
	};

	(void)state;
	CHECK(samples);
}

static void mistakes_in_blocks_are_refused_with_their_line(void **state)
{
	static const struct mistake cases[] = {
		{ ":::callout\na\n", "x.md:10", "'callout' is not closed",
		  "line :::" },
		{ "a\n\n:::\n", "x.md:12", "closes nothing", ":::callout" },
		{ ":::callout\n- a\n  :::\n", "x.md:10", "not closed",
		  "same list item" },
		{ ":::calout\n:::\n", "x.md:10", "called 'calout'",
		  "'callout'? write :::callout {tone=tip" },
		{ ":::button\n:::\n", "x.md:10", "not understood",
		  "two colons: ::button[Label]" },
		{ ":::callout {tone=tipp}\n:::\n", "x.md:10",
		  "'tipp' cannot be the tone of 'callout'", "'tip'?" },
		{ ":::callout {tone=x}\n:::\n", "x.md:10", "'x'",
		  "info, tip or warning" },
		{ ":::callout {tune=tip}\n:::\n", "x.md:10",
		  "no setting of 'callout' is called 'tune'", "'tone'?" },
		{ ":::callout {#x}\n:::\n", "x.md:10", "called '#x'",
		  "{tone=tip" },
		{ ":::callout {tone=tip tone=tip}\n:::\n", "x.md:10",
		  "'tone' is given twice", "" },
		{ ":::callout {title=\"a}\n:::\n", "x.md:10",
		  "'title' has no value", "title=\"...\"" },
		{ ":::callout {title=\"a\"b}\n:::\n", "x.md:10",
		  "'title' has no value", "" },
		{ ":::callout {title}\n:::\n", "x.md:10",
		  "'title' has no value", "" },
		{ ":::callout {=x}\n:::\n", "x.md:10", "not understood", "" },
		{ ":::callout {tone=tip\n:::\n", "x.md:10", "not understood",
		  "{tone=tip" },
		{ ":::callout {icon=\"a b\"}\n:::\n", "x.md:10", "'a b'",
		  "emoji" },
		{ ":::callout tip\n:::\n", "x.md:10", "'tip'", "{tone=tip" },
		{ "::buton[a](b)\n", "x.md:10", "called 'buton'",
		  "'button'? write ::button[Label](https://" },
		{ "::mroe\n", "x.md:10", "called 'mroe'", "'more'?" },
		{ "::button a\n", "x.md:10", "not understood", "[Label]" },
		{ "::button[a]\n", "x.md:10", "not understood", "[Label]" },
		{ "::button[a](b\n", "x.md:10", "not understood", "[Label]" },
		{ "::button[a](b) c\n", "x.md:10", "'c' is not", "[Label]" },
		{ "::button[a](b){x=y}\n", "x.md:10", "called 'x'",
		  "[Label](https" },
		{ "::button[](b)\n", "x.md:10", "without a label", "" },
		{ "::button[a]()\n", "x.md:10", "without an address", "" },
		{ "::button[a](b c)\n", "x.md:10", "'b c' cannot", "https://" },
		{ "::button[a](javascript:b)\n", "x.md:10", "cannot be",
		  "https://" },
		{ "::button[a](java\\:script:b)\n", "x.md:10", "cannot be",
		  "https://" },
		{ "::video[a](film.mp4)\n", "x.md:10",
		  "'film.mp4' cannot be the address of 'video'", "https://" },
		{ "::audio[a](mailto:b@c)\n", "x.md:10", "cannot", "https://" },
		{ "::bookmark[a](https://)\n", "x.md:10", "cannot", "" },
		{ "::bookmark[a](https://b){thumbnail=data:x}\n", "x.md:10",
		  "'data:x' cannot be the thumbnail", "beside the article" },
		{ "::contents{depth=9}\n", "x.md:10", "'9'", "1 to 6" },
		{ "::author[{{a}}]\n", "x.md:10", "'{{a}}'", "authors:" },
		{ "::callout\n", "x.md:10", "not understood", "three" },
		{ ":::gallery\na\n:::\n", "x.md:11", "nothing else",
		  "![words]" },
		{ ":::gallery\n![a](b)\n- c\n:::\n", "x.md:12", "nothing else",
		  "" },
		{ ":::gallery\n![a](b)\n:::\n", "x.md:10",
		  "2 to 8 pictures, not 1", "needs no gallery" },
		{ ":::gallery\n![](b)\n![](b)\n![](b)\n![](b)\n![](b)\n![](b)"
		  "\n![](b)\n![](b)\n![](b)\n:::\n",
		  "x.md:10", "not 9", "two galleries" },
		{ ":::poll\n- a\n- b\n:::\n", "x.md:10",
		  "'question' is required", "question=" },
		{ ":::poll {question=q}\na\n:::\n", "x.md:11", "a list", "" },
		{ ":::poll {question=q}\n- a\n- *b*\n:::\n", "x.md:12",
		  "plain words or one link", "- Yes" },
		{ ":::poll {question=q}\n- a\n- b\n\nc\n:::\n", "x.md:14",
		  "a list", "" },
		{ ":::poll {question=q}\n- a [b](c)\n- d\n:::\n", "x.md:11",
		  "one link", "" },
		{ ":::poll {question=q}\n- a\n  - b\n- c\n:::\n", "x.md:11",
		  "plain words", "" },
		{ ":::poll {question=q}\n- a\n-\n:::\n", "x.md:12", "plain",
		  "" },
		{ ":::poll {question=q}\n- a\n:::\n", "x.md:10",
		  "2 to 10 answers, not 1", "- Yes" },
		{ ":::poll {question=q}\n:::\n", "x.md:10", "not 0", "" },
	};

	(void)state;
	check_mistakes(cases, COUNT(cases));
}

static void mistakes_in_conditions_are_refused_with_their_line(void **state)
{
	static const struct mistake cases[] = {
		{ ":::if\na\n:::\n", "x.md:10", "without a condition", ":::if " },
		{ ":::if {{a}}\na\n:::\n", "x.md:10", "'{{a}}'", ":::if " },
		{ "a\n\n::else\n", "x.md:12", "'else' without", ":::if" },
		{ "::else x\n", "x.md:10", "not understood", "::else" },
		{ ":::else\n", "x.md:10", "not understood", "two colons" },
		{ "::if a\n", "x.md:10", "not understood", "three" },
		{ ":::callout\n::else\n:::\n", "x.md:11", "without a condition",
		  "" },
		{ ":::if a\n::else\n::else\n:::\n", "x.md:12", "a second",
		  "" },
		{ "{{#if a}}\nb\n", "x.md:10", "'{{#if a}}' is not closed",
		  "{{/if}}" },
		{ "{{#if a}}\nb\n:::\n", "x.md:12", "':::' closes nothing",
		  "'{{#if a}}' of line 10 ends with {{/if}}" },
		{ ":::if a\nb\n{{/if}}\n", "x.md:12", "'{{/if}}' closes nothing",
		  "'if' of line 10 ends with :::" },
		{ "{{#unless a}}\n{{/if}}\n", "x.md:11", "closes nothing",
		  "ends with {{/unless}}" },
		{ "a {{#if b}}c\n", "x.md:10:3", "not closed", "same paragraph" },
		{ "a *b {{#if c}}d* {{/if}}\n", "x.md:10:18",
		  "closes nothing", "same emphasis" },
		{ "a *b {{#if c}}d*\n", "x.md:10:6", "not closed",
		  "same emphasis" },
		{ "a\n\nb {{/if}} c\n", "x.md:12:3", "{{/if}} closes nothing",
		  "" },
		{ "a {{#if b}}c{{/unless}}\n", "x.md:10:13", "{{/unless}}",
		  "" },
		{ "b {{else}} c\n", "x.md:10:3", "{{else}} without", "" },
		{ "{{#if a}}b{{else}}c{{else}}d{{/if}} e\n", "x.md:10:20",
		  "a second {{else}}", "" },
		{ "[a](https://b/{{#if c}}d{{/if}})\n", "x.md:10:15",
		  "address or a title", "twice" },
		{ "::button[{{#if a}}b](c)\n", "x.md:10:10", "not closed", "" },
		{ "<q title=\"{{#if a}}{{/if}}\">b</q> c\n", "x.md:10:11",
		  "address or a title", "" },
		{ "- {{#if a}}\n- b\n- {{/if}}\n", "x.md:10", "not closed",
		  "in the same list item" },
	};

	(void)state;
	check_mistakes(cases, COUNT(cases));
}

static void conditions_nest_twenty_deep_at_most(void **state)
{
	struct arena *arena = arena_new("a test", 1 << 26);
	struct blocks *b;
	struct err err = ERR_INIT;
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 16);
	for (int n = 20; n <= 21; n++) {
		buf_reset(&text);
		for (int i = 0; i < n; i++)
			buf_addz(&text, "{{#if a}}");
		for (int i = 0; i < n; i++)
			buf_addz(&text, "{{/if}}");
		assert_int_equal(markdown_parse(buf_str(&text), "x.md", 1,
						NULL, arena, &b, &err),
				 n == 20 ? 0 : -1);
	}
	assert_non_null(strstr(err.message, "20 conditions"));
	assert_string_equal(err.place, "x.md:1:181");
	buf_done(&text);
	arena_free(&arena);
}

static void add_line(struct buf *text, int quotes, const char *line)
{
	for (int i = 0; i < quotes; i++)
		buf_addz(text, "> ");
	buf_addz(text, line);
}

/* Each in a quotation in the one before, so that no two are siblings. */
static void blocks_nest_twenty_deep_at_most_wherever_they_stand(void **state)
{
	struct arena *arena = arena_new("a test", 1 << 26);
	struct blocks *b;
	struct err err = ERR_INIT;
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 16);
	for (int n = 20; n <= 21; n++) {
		buf_reset(&text);
		for (int i = 0; i < n; i++)
			add_line(&text, i, ":::callout\n");
		for (int i = n; i > 0; i--)
			add_line(&text, i - 1, ":::\n");
		assert_int_equal(markdown_parse(buf_str(&text), "x.md", 1,
						NULL, arena, &b, &err),
				 n == 20 ? 0 : -1);
	}
	assert_non_null(strstr(err.message, "20 blocks"));
	assert_string_equal(err.place, "x.md:21");
	buf_done(&text);
	arena_free(&arena);
}

static void headings_have_a_name_of_their_own(void **state)
{
	static const struct sample samples[] = {
		{ "# What it *costs* to `stay` small!\n",
		  "heading 1<what-it-costs-to-stay-small>('What it ' "
		  "emph('costs') ' to ' codespan'stay' ' small!')" },
		{ "# \xC3\x89t\xC3\xA9 \xE2\x80\x94 1984\n",
		  "heading 1<\xC3\xA9t\xC3\xA9-1984>"
		  "('\xC3\x89t\xC3\xA9 \xE2\x80\x94 1984')" },
		{ "# \xE6\x9D\xB1\xE4\xBA\xAC\xE3\x80\x81\n",
		  "heading 1<\xE6\x9D\xB1\xE4\xBA\xAC>"
		  "('\xE6\x9D\xB1\xE4\xBA\xAC\xE3\x80\x81')" },
		{ "# Don't go {{a}}\n", "heading 1<dont-go>('Don't go {0}')" },
		{ "# ?\n\n# !\n", "heading 1<section>('?') "
				  "heading 1<section-2>('!')" },
		{ "# a\n\n# a\n\n# a-2\n\n# a\n",
		  "heading 1<a>('a') heading 1<a-2>('a') "
		  "heading 1<a-2-2>('a-2') heading 1<a-3>('a')" },
		{ "# a {#the_End-1}\n\n## the\n",
		  "heading 1<the_End-1>('a') heading 2<the>('the')" },
		{ "# b\n\n# c {#b}\n",
		  "heading 1<b-2>('b') heading 1<b>('c')" },
		{ "# a {b} {# c\n", "heading 1<a-b-c>('a {b} {# c')" },
		{ "# a {#\xC3\xBC" "ber}\n",
		  "heading 1<\xC3\xBC" "ber>('a')" },
	};
	static const struct mistake mistakes[] = {
		{ "# a {#b c}\n", "x.md:10", "'b c' cannot name", "{#the-tide}" },
		{ "# a {#}\n", "x.md:10", "'' cannot name", "" },
		{ "# a {#b}\n\n# c {#b}\n", "x.md:12",
		  "two headings are called 'b'", "line 10" },
	};

	(void)state;
	CHECK(samples);
	check_mistakes(mistakes, COUNT(mistakes));
}

static void a_name_has_sixty_bytes_at_most(void **state)
{
	struct arena *arena = arena_new("a test", 1 << 26);
	const struct blocks *b = check_parse(
		arena, "# aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		       "aaaaaa\xC3\xA9\xC3\xA9 b\n", NULL);

	(void)state;
	assert_int_equal(b->at[1].kind, BLOCK_HEADING);
	assert_int_equal(b->at[1].url.len, 59);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_makes_a_block),
		cmocka_unit_test(
			a_block_may_stand_right_behind_the_mark_of_a_list_item),
		cmocka_unit_test(three_colons_begin_a_block_with_blocks_inside),
		cmocka_unit_test(a_gallery_has_lone_pictures),
		cmocka_unit_test(a_poll_has_answers),
		cmocka_unit_test(what_has_not_the_shape_is_text),
		cmocka_unit_test(conditions_hold_blocks),
		cmocka_unit_test(a_condition_knows_its_source_and_place),
		cmocka_unit_test(conditions_within_a_line_are_fields),
		cmocka_unit_test(mistakes_in_blocks_are_refused_with_their_line),
		cmocka_unit_test(
			mistakes_in_conditions_are_refused_with_their_line),
		cmocka_unit_test(conditions_nest_twenty_deep_at_most),
		cmocka_unit_test(
			blocks_nest_twenty_deep_at_most_wherever_they_stand),
		cmocka_unit_test(headings_have_a_name_of_their_own),
		cmocka_unit_test(a_name_has_sixty_bytes_at_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
