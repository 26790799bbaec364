/* Where the addresses of a letter lead: never to where a reader's word or a
 * field of the author's says. */
#include <unistd.h>

#include "base/file.h"
#include "render_rig.h"

struct case_rig {
	struct rig *rig;
	char dir[64];
};

static void put(struct case_rig *r, const char *name, const char *text)
{
	const char *path = arena_fmt(r->rig->arena, "%s/%s", r->dir, name).at;

	assert_int_equal(file_write(path, str_of(text), 0600, &r->rig->err), 0);
}

static int setup(void **state)
{
	struct case_rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	snprintf(r->dir, sizeof(r->dir), "/tmp/tidings-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	r->rig = rig_new(r->dir);
	assert_int_equal(
		file_make_dir(
			arena_fmt(r->rig->arena, "%s/articles", r->dir).at,
			&r->rig->err),
		0);
	put(r, "articles/2026-05-22-My_Letter.md",
	    "---\ntitle: T\n---\nText.\n");
	put(r, "articles/renamed letter.md",
	    "---\ntitle: T\nslug: another-name\n---\nText.\n");
	*state = r;
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = {
		"articles/2026-05-22-My_Letter.md",
		"articles/renamed letter.md",
	};
	struct case_rig *r = *state;
	struct arena *arena = r->rig->arena;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(arena_fmt(arena, "%s/%s", r->dir, names[i]).at);
	rmdir(arena_fmt(arena, "%s/articles", r->dir).at);
	rmdir(r->dir);
	rig_free(r->rig);
	free(r);
	return 0;
}

static bool is_rendered(struct rig *rig, const char *markdown)
{
	struct render_output output;

	rig_markdown(rig, markdown);
	rig->err = (struct err)ERR_INIT;
	return render_letter(&rig->input, rig->arena, &output, &rig->err) == 0;
}

static void only_addresses_of_ours_are_whole_ones(void **state)
{
	static const struct {
		const char *markdown;
		bool taken;
	} cases[] = {
		{ "[x]({{links.web}})", true },
		{ "[x]({{links.unsubscribe}})", true },
		{ "[x]({{issue.url}})", true },
		{ "[x]({{issue.topic_url}})", true },
		{ "[x]({{publication.url}}/about)", true },
		{ "::button[Go]({{links.archive}})", true },
		{ "<a href=\"{{links.web}}\">x</a>", true },
		{ "[x]({{issue.title}})", false },
		{ "[x]({{publication.name}})", false },
		{ "[x]({{subscriber.name}})", false },
		{ "<a href=\"{{issue.title}}\">x</a>", false },
		{ "<div><a href=\"{{issue.title}}\">x</a></div>", false },
		{ "::button[Go]({{issue.title}})", false },
		{ "[x]({{issue.topic | default 'javascript:alert(1)'}})",
		  false },
		{ "[x]({{links.unsubscribe | default 'javascript:alert(1)'}})",
		  false },
		{ "[x]({{links.unsubscribe | default 'https://e.example/'}})",
		  true },
	};
	struct rig *rig = ((struct case_rig *)*state)->rig;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool taken;

		rig->article.title = STR("javascript:alert(1)");
		taken = is_rendered(rig, cases[i].markdown);
		if (taken != cases[i].taken)
			fail_msg("'%s' was %s (%s)", cases[i].markdown,
				 taken ? "taken" : "refused", rig->err.message);
		if (taken)
			continue;
		assert_int_equal(rig->err.code, ERR_INPUT);
		assert_memory_equal(rig->err.place, "articles/x.md:5", 15);
	}
}

static void settings_link_to_no_other_schemes_than_articles_do(void **state)
{
	static const struct {
		const char *url;
		bool taken;
	} cases[] = {
		{ "https://e.example/", true },
		{ "mailto:a@e.example", true },
		{ "webcal://e.example/a", true },
		{ "/archive", true },
		{ "javascript:a", false },
		{ "\1javascript:a", false },
		{ "view-source:https://e.example/", false },
		{ "ms-word:ofe|u|https://e.example/a.docx", false },
		{ "search-ms:query=a", false },
	};
	struct rig *rig = ((struct case_rig *)*state)->rig;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct render_link link = { STR("A"), str_of(cases[i].url) };

		rig->input.publication.social = &link;
		rig->input.publication.social_count = 1;
		if (is_rendered(rig, "a") != cases[i].taken)
			fail_msg("'%s' (%s)", cases[i].url, rig->err.message);
		if (cases[i].taken)
			continue;
		assert_int_equal(rig->err.code, ERR_INPUT);
		assert_string_equal(rig->err.hint, "link to https: or mailto:");
	}
}

static void no_field_says_which_host_is_asked(void **state)
{
	static const struct {
		const char *url;
		bool taken;
	} cases[] = {
		{ "https://e.example/{{subscriber.name}}", true },
		{ "https://e.example?n={{subscriber.name}}", true },
		{ "https://e.example#{{subscriber.name}}", true },
		{ "https://e.example:8443/a/{{subscriber.name}}/{{issue.day}}",
		  true },
		{ "//e.example/{{subscriber.name}}", true },
		{ "mailto:{{subscriber.email}}", true },
		{ "MAILTO:a@e.example?subject={{subscriber.name}}", true },
		{ "tel:{{subscriber.plan}}", true },
		{ "/me?n={{subscriber.name}}", true },
		{ "me/{{subscriber.name}}", true },
		{ "#{{subscriber.name}}", true },
		{ "{{publication.url}}/{{subscriber.name}}", true },
		{ "{{links.web}}?n={{subscriber.name}}", true },
		{ "https://{{subscriber.name}}/", false },
		{ "https://{{subscriber.name}}.e.example/", false },
		{ "https://e.example{{subscriber.name}}/", false },
		{ "https://e.example:{{subscriber.name}}/", false },
		{ "https:{{subscriber.name}}", false },
		{ "https:/{{subscriber.name}}", false },
		{ "https:///{{subscriber.name}}", false },
		{ "https:\\\\\\\\{{subscriber.name}}/", false },
		{ "https://\\\\/{{subscriber.name}}", false },
		{ "ftp://{{subscriber.name}}/", false },
		{ "//{{subscriber.name}}", false },
		{ "{{publication.url}}{{subscriber.name}}", false },
		{ "{{publication.url}}.{{subscriber.name}}/", false },
	};
	struct rig *rig = ((struct case_rig *)*state)->rig;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bool taken = is_rendered(
			rig,
			arena_fmt(rig->arena, "[x](<%s>)", cases[i].url).at);

		if (taken != cases[i].taken)
			fail_msg("'%s' was %s (%s)", cases[i].url,
				 taken ? "taken" : "refused", rig->err.message);
		if (taken)
			continue;
		assert_string_equal(rig->err.message,
				    "a field may not be where an address goes "
				    "to");
		assert_string_equal(rig->err.place, "articles/x.md:5");
	}
}

static void a_link_to_an_article_leads_to_its_page(void **state)
{
	static const struct {
		const char *url, *page;
	} cases[] = {
		{ "2026-05-22-My_Letter.md", "my-letter" },
		{ "articles/2026-05-22-My_Letter.md#end", "my-letter#end" },
		{ "<renamed letter.md>", "another-name" },
		{ "renamed%20letter.md", "another-name" },
		/* Not written yet: the name that it will get. */
		{ "2026-06-01-Not_Yet.md", "not-yet" },
		{ "2026-13-01-No_Date.md", "2026-13-01-no-date" },
	};
	struct rig *rig = ((struct case_rig *)*state)->rig;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		rig_markdown(rig,
			     arena_fmt(rig->arena, "[a](%s)", cases[i].url).at);
		rig_holds(rig_letter(rig).html,
			  arena_fmt(rig->arena,
				    "href=\"https://letters.example.org/i/%s\"",
				    cases[i].page)
				  .at);
	}
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(only_addresses_of_ours_are_whole_ones),
		test(settings_link_to_no_other_schemes_than_articles_do),
		test(no_field_says_which_host_is_asked),
		test(a_link_to_an_article_leads_to_its_page),
	};

	return cmocka_run_group_tests_name("addresses", tests, NULL, NULL);
}
