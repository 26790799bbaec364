/* render_text_block_test.c - a newsletter's own blocks in the text part, by
 * the built-in templates and by a publication's */
#include "render_text_rig.h"

#include <sys/stat.h>
#include <unistd.h>

static void each_block_has_its_form(void **state)
{
	static const struct {
		const char *markdown, *text;
	} cases[] = {
		{ ":::callout {tone=tip}\nSo.\n\nYes.\n:::",
		  "   Tip: So.\n\n   Yes.\n" },
		{ ":::callout {tone=warning title=\"Mind the gap\"}\n- a\n:::",
		  "   Mind the gap: - a\n" },
		{ ":::callout {title=\"A title that is too long to stand "
		  "before words\"}\nSo.\n:::",
		  "   A title that is too long to stand before words:\n"
		  "   So.\n" },
		{ "::button[Go](https://x.example/go)",
		  "Go:\nhttps://x.example/go\n" },
		{ "> ::button[Go](https://x.example/go)",
		  "> Go:\n> https://x.example/go\n" },
		{ "- a\n\n  ::button[Go](https://x.example/go)",
		  " - a\n\n   Go:\n   https://x.example/go\n" },
		{ "![The gate](https://x.example/g.png \"At dusk\")",
		  "[Image: The gate]\nAt dusk\n" },
		{ "a\n\n![](https://x.example/g.png)\n\nb", "a\n\nb\n" },
		{ "[![Map](https://x.example/g.png)](https://x.example/)",
		  "[Image: Map]\nhttps://x.example/\n" },
		{ "[![](https://x.example/g.png)](https://x.example/)",
		  "https://x.example/\n" },
		{ ":::gallery\n![One](https://x.example/1.png \"First\")\n"
		  "![Two](https://x.example/2.png)\n:::",
		  "[Image: One]\nFirst\n[Image: Two]\n" },
		{ ":::pullquote {by=\"Mara\"}\nSalt.\n:::",
		  "> Salt.\n> — Mara\n" },
		{ ":::pullquote\nSalt.\n\nSea.\n:::", "> Salt.\n>\n> Sea.\n" },
		{ "a\n\n::divider[Two]\n\nb",
		  "a\n\n                                *  Two  *\n\nb\n" },
		{ "::contents[Inside]{depth=2}\n\n# A\n\n## B\n\n# C\n",
		  "Inside:\n - A\n   - B\n - C\n\n\nA\n-\n\nB\n.\n\n\n"
		  "C\n-\n" },
		{ "::bookmark[A page](https://x.example/p)"
		  "{description=\"About it\" by=\"Ana\"}",
		  "A page\nAna\nAbout it\nhttps://x.example/p\n" },
		{ "::video[A film](https://x.example/v){length=\"3:20\"}",
		  "Watch: A film\n3:20\nhttps://x.example/v\n" },
		{ "::audio[A talk](https://x.example/a)",
		  "Listen: A talk\nhttps://x.example/a\n" },
		{ ":::poll {question=\"Good?\"}\n- [Yes](https://x.example/y)\n"
		  "- No\n:::",
		  "Good?\n\n - Yes: https://x.example/y\n"
		  " - No: https://letters.example.org/a/aaaa/2\n" },
		{ ":::sponsor {by=\"Acme\" url=https://acme.example/}\n"
		  "They sell *salt*.\n:::",
		  "   Sponsored: Acme\n\n   They sell _salt_.\n"
		  "   https://acme.example/\n" },
		{ "::share",
		  "Share:\nhttps://letters.example.org/i/salt-road\n" },
		{ "::subscribe[Join]", "Join:\nhttps://letters.example.org\n" },
		{ "a\n\n::more\n\nb", "a\n\nb\n" },
		{ "a\n\n:::web\nb\n:::\n\n:::mail\nc\n:::", "a\n\nc\n" },
	};
	struct rig *rig = *state;

	rig->values[FIELD_ANSWERS] = STR("https://letters.example.org/a/aaaa");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		same(text_of(rig, cases[i].markdown), cases[i].text);
}

static void the_author_is_told_of_once(void **state)
{
	struct rig *rig = *state;
	struct str text;

	rig_markdown(rig, "::author\n\nb");
	text = rig_letter(rig).text;
	rig_holds(text, "\nAbout Mara Okonjo: Walks, and writes down what the "
			"road said.\nHer site:\nhttps://mara.example/\n\nb\n");
	rig_lacks(text, "Mara Okonjo, Her site");
	text = str_skip(text, (size_t)str_find_str(text, STR("\nb\n")));
	rig_lacks(text, "About Mara Okonjo");
}

/* --- what depends on the reader ------------------------------------------- */

static void labels_take_merge_fields(void **state)
{
	same(text_of(*state,
		     "::button[On, {{subscriber.first_name}}]"
		     "(https://x.example/)\n\n"
		     ":::callout {title=\"Dear {{subscriber.first_name}}\"}\n"
		     "So, {{subscriber.first_name}}.\n:::"),
	     "On, ana:\nhttps://x.example/\n\n   Dear ana:\n   So, ana.\n");
}

static void conditions_leave_no_gap(void **state)
{
	static const struct {
		const char *markdown, *pro, *other;
	} cases[] = {
		{ "a\n\n:::if subscriber.plan\nb\n:::\n\nc", "a\n\nb\n\nc\n",
		  "a\n\nc\n" },
		{ ":::if subscriber.plan\nb\n:::\n\nc", "b\n\nc\n", "c\n" },
		{ ":::if subscriber.plan\n# b\n::else\nd\n:::\n\nc",
		  "b\n-\n\nc\n", "d\n\nc\n" },
		{ "a\n\n:::if subscriber.plan\nb\n::else\n# d\n:::", "a\n\nb\n",
		  "a\n\n\nd\n-\n" },
		{ "> a\n>\n> :::unless subscriber.plan\n> b\n> :::\n>\n> c",
		  "> a\n>\n> c\n", "> a\n>\n> b\n>\n> c\n" },
		{ "a {{#if subscriber.plan}}b{{else}}c{{/if}} d", "a b d\n",
		  "a c d\n" },
		{ "-\n  :::if subscriber.plan\n  b\n  :::\n- c",
		  " -\n\n   b\n - c\n", " -\n - c\n" },
		{ "- {{#if subscriber.plan}}b{{/if}}\n- c", " - b\n - c\n",
		  " -\n - c\n" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		rig->values[FIELD_ATTRIBUTE] = STR("pro");
		same(text_of(rig, cases[i].markdown), cases[i].pro);
		rig->values[FIELD_ATTRIBUTE] = STR_NONE;
		same(text_of(rig, cases[i].markdown), cases[i].other);
	}
}

/* The list below the article is everybody's. */
static void a_link_that_only_some_read_tells_its_address_there(void **state)
{
	struct rig *rig = *state;
	static const char markdown[] =
		"[a](https://x.example/a) "
		"{{#if subscriber.plan}}[b](https://x.example/b){{/if}}\n\n"
		":::if subscriber.plan\n[c](https://x.example/c) and "
		"[a](https://x.example/a)\n:::\n\n[d](https://x.example/d)";
	static const char list[] = "------------------------\n"
				   "[1] https://x.example/a\n"
				   "[2] https://x.example/d\n";
	struct str text = text_of(rig, markdown);

	same(text, arena_fmt(rig->arena, "a [1]\n\nd [2]\n\n%s", list).at);
	rig->values[FIELD_ATTRIBUTE] = STR("pro");
	text = text_of(rig, markdown);
	same(text, arena_fmt(rig->arena,
			     "a [1] b <https://x.example/b>\n\n"
			     "c <https://x.example/c> and a [1]\n\n"
			     "d [2]\n\n%s",
			     list)
			   .at);
}

/* --- a publication's own templates ---------------------------------------- */

static void put_template(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/templates", dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/templates/text", dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/templates/text/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void drop_template(const char *dir, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/templates/text/%s", dir, name);
	unlink(path);
	snprintf(path, sizeof(path), "%s/templates/text", dir);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/templates", dir);
	rmdir(path);
	rmdir(dir);
}

static void a_template_of_ones_own_is_wrapped_where_it_stands(void **state)
{
	static const struct {
		const char *template, *markdown, *text;
	} cases[] = {
		{ "Press {{block.label}}\n\n> {{block.href}}\n",
		  "> ::button[Go](https://x.example/go)",
		  "> Press Go\n>\n> > https://x.example/go\n" },
		{ "- {{block.label}} and then some words that go on for much "
		  "longer than a line of text may be\n",
		  "::button[Go](https://x.example/go)",
		  " - Go and then some words that go on for much longer than a "
		  "line of \n   text may be\n" },
		{ "{{#subscriber.plan}}\nFor you:\n{{/subscriber.plan}}\n"
		  "{{^subscriber.plan}}\nNot for you.\nNo.\n"
		  "{{/subscriber.plan}}\nEnd, {{subscriber.first_name}}.\n",
		  "- a\n\n  ::button[Go](https://x.example/go)",
		  " - a\n\n   For you:\n   End, ana.\n" },
		{ "", "a\n\n::button[Go](https://x.example/go)\n\nb",
		  "a\n\nb\n" },
		{ "\n\n\nx\n\n\n\n",
		  "a\n\n::button[Go](https://x.example/)\n\n"
		  "b",
		  "a\n\nx\n\nb\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char dir[] = "/tmp/tidings-test-XXXXXX";
		struct rig *rig;

		assert_non_null(mkdtemp(dir));
		put_template(dir, "button.txt", cases[i].template);
		rig = rig_new(dir);
		rig->values[FIELD_ATTRIBUTE] = STR("pro");
		same(text_of(rig, cases[i].markdown), cases[i].text);
		rig_free(rig);
		drop_template(dir, "button.txt");
	}
}

static void the_body_comes_where_the_template_says(void **state)
{
	static const struct {
		const char *template, *text;
	} cases[] = {
		{ "> > {{block.body}}\n", "> > a\n> >\n> > b\n" },
		{ "no body\n", "no body\n" },
		{ "For {{subscriber.first_name}}: {{block.body}}\n",
		  "For ana:\n\na\n\nb\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char dir[] = "/tmp/tidings-test-XXXXXX";
		struct rig *rig;

		assert_non_null(mkdtemp(dir));
		put_template(dir, "callout.txt", cases[i].template);
		rig = rig_new(dir);
		same(text_of(rig, ":::callout\na\n\nb\n:::"), cases[i].text);
		rig_free(rig);
		drop_template(dir, "callout.txt");
	}
}

/* Nothing of what an author wrote is lost, or counted twice. */
static void a_second_body_is_refused(void **state)
{
	static const char *const cases[] = {
		"{{block.body}}\n{{block.body}}\n",
		"{{block.body}} {{block.body}}\n",
		"{{#if subscriber.name}}\nA\n{{block.body}}\n{{else}}\nB\n"
		"{{block.body}}\n{{/if}}\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char dir[] = "/tmp/tidings-test-XXXXXX";
		struct render_output output;
		struct rig *rig;

		assert_non_null(mkdtemp(dir));
		put_template(dir, "callout.txt", cases[i]);
		rig = rig_new(dir);
		rig_markdown(rig, ":::callout\na\n:::");
		assert_int_equal(render_letter(&rig->input, rig->arena, &output,
					       &rig->err),
				 -1);
		assert_string_equal(rig->err.place,
				    "templates/text/callout.txt");
		rig_free(rig);
		drop_template(dir, "callout.txt");
	}
}

/* U+E003 once stood for the body. */
static void no_sign_of_a_text_is_taken_for_the_body(void **state)
{
	char dir[] = "/tmp/tidings-test-XXXXXX";
	struct rig *rig;

	(void)state;
	assert_non_null(mkdtemp(dir));
	put_template(dir, "callout.txt",
		     "{{publication.name}}:\n\n> {{block.body}}\n");
	rig = rig_new(dir);
	rig->input.publication.name = STR("\xee\x80\x83");
	same(text_of(rig, ":::callout\na\n:::"), "\xee\x80\x83:\n\n> a\n");
	rig_free(rig);
	drop_template(dir, "callout.txt");
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(each_block_has_its_form),
		test(the_author_is_told_of_once),
		test(labels_take_merge_fields),
		test(conditions_leave_no_gap),
		test(a_link_that_only_some_read_tells_its_address_there),
		test(a_template_of_ones_own_is_wrapped_where_it_stands),
		test(the_body_comes_where_the_template_says),
		test(a_second_body_is_refused),
		test(no_sign_of_a_text_is_taken_for_the_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
