/* content_article_test.c - front matter, its errors, and finding an article */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "content/article.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct arena *arena;

static int up(void **state)
{
	(void)state;
	arena = arena_new("a test", 256 * 1024 * 1024);
	return 0;
}

static int down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct article *parse(const char *name, const char *text)
{
	struct article *article = NULL;
	struct err err = ERR_INIT;

	if (article_parse(str_of(name), str_of(text), arena, &article, &err))
		fail_msg("%s: %s", err.place, err.message);
	return article;
}

static void assert_str(struct str got, const char *want)
{
	assert_string_equal(arena_z(arena, got), want);
}

static void assert_place(struct article_place got, int line, int column)
{
	assert_int_equal(got.line, line);
	assert_int_equal(got.column, column);
}

static void every_key_is_read(void **state)
{
	const struct article *a = parse("articles/2026-05-22-First-Try.md",
					"---\n"
					"title: \"A: title\"\n"
					"deck: >\n  two\n  lines\n"
					"author: [mr-khan, Ms Lee]\n"
					"date: 2026-05-22\n"
					"topic: politics\n"
					"tags: [one, two]\n"
					"slug: the-slug\n"
					"preheader: before\n"
					"subject: 'Hello {{x}}'\n"
					"list: weekly\n"
					"lang: de-AT\n"
					"draft: yes\n"
					"---\n"
					"Body\n");

	(void)state;
	assert_str(a->title, "A: title");
	assert_str(a->deck, "two lines");
	assert_int_equal(a->author_count, 2);
	assert_str(a->authors[1], "Ms Lee");
	assert_int_equal(a->date.year, 2026);
	assert_int_equal(a->date.day, 22);
	assert_str(a->topic, "politics");
	assert_int_equal(a->tag_count, 2);
	assert_str(a->tags[0], "one");
	assert_str(a->slug, "the-slug");
	assert_str(a->preheader, "before");
	assert_str(a->subject, "Hello {{x}}");
	assert_str(a->list, "weekly");
	assert_str(a->lang, "de-AT");
	assert_true(a->draft);
	assert_place(a->title_place, 2, 8);
	assert_place(a->deck_place, 3, 7);
	assert_place(a->subject_place, 12, 10);
	assert_place(a->preheader_place, 11, 12);
	assert_int_equal(a->author_line, 6);
	assert_int_equal(a->list_line, 13);
	assert_str(a->body, "Body\n");
	assert_int_equal(a->body_line, 17);
	assert_str(a->path, "articles/2026-05-22-First-Try.md");
}

static void what_is_not_given_is_empty(void **state)
{
	const struct article *a = parse("x.md", "---\ntitle: t\n---");

	(void)state;
	assert_str(a->deck, "");
	assert_str(a->list, "");
	assert_place(a->subject_place, 0, 0);
	assert_int_equal(a->author_count, 0);
	assert_int_equal(a->date.year, 0);
	assert_false(a->draft);
	assert_str(a->body, "");
	assert_int_equal(a->body_line, 4);
}

static void one_author_need_not_be_a_list(void **state)
{
	(void)state;
	assert_str(parse("x.md", "---\ntitle: t\nauthor: A B\n---\n")
			   ->authors[0], "A B");
	assert_int_equal(parse("x.md", "---\ntitle: t\nauthors: [a, b]\n---\n")
				 ->author_count, 2);
}

static void windows_line_ends_and_a_byte_order_mark_are_accepted(void **state)
{
	const struct article *a =
		parse("x.md", "\xEF\xBB\xBF---\r\ntitle: T\r\ndeck: D\r\n"
			      "---  \r\nBody\r\n");

	(void)state;
	assert_str(a->title, "T");
	assert_str(a->deck, "D");
	assert_str(a->body, "Body\r\n");
	assert_int_equal(a->body_line, 5);
}

static void a_line_of_dashes_in_the_body_stays_there(void **state)
{
	(void)state;
	assert_str(parse("x.md", "---\ntitle: T\n---\na\n\n---\nb\n")->body,
		   "a\n\n---\nb\n");
}

static void a_slug_is_made_of_the_file_name(void **state)
{
	static const struct {
		const char *name, *slug;
	} cases[] = {
		{ "articles/hello.md", "hello" },
		{ "articles/2026-05-22-hello.md", "hello" },
		{ "2026-13-22-hello.md", "2026-13-22-hello" },
		{ "articles/2026-05-22.md", "2026-05-22" },
		{ "Hello, World!.md", "hello-world" },
		{ "--a__b--.md", "a-b" },
		{ "r\xC3\xA9sum\xC3\xA9.md", "r-sum" },
		{ "issues/UPPER.MD", "upper-md" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_str(parse(cases[i].name, "---\ntitle: t\n---\n")->slug,
			   cases[i].slug);
}

static void a_wrong_article_is_refused_with_place_and_cure(void **state)
{
	static const struct {
		const char *text, *place, *message, *hint;
	} cases[] = {
		{ "", "x.md:1", "no front matter", "begin the file" },
		{ "# Hello\n", "x.md:1", "no front matter", "begin" },
		{ "----\ntitle: t\n---\n", "x.md:1", "no front matter", "" },
		{ "---\ntitle: t\n", "x.md:1", "not closed", "a line ---" },
		{ "---\ntitle: t\n ---\n", "x.md:1", "not closed", "" },
		{ "---\n- a\n---\n", "x.md:2:1", "not a map", "title:" },
		{ "---\nword\n---\n", "x.md:2:1", "not a map", "title:" },
		{ "---\n---\n", "x.md:1", "no title", "title:" },
		{ "---\ndeck: d\n---\n", "x.md:1", "no title", "title:" },
		{ "---\ntitle:\n---\n", "x.md:2:7", "title is empty", "" },
		{ "---\ntitle: ''\n---\n", "x.md:2:8", "title is empty", "" },
		{ "---\ntitle: t\ntitle: u\n---\n", "x.md:3:1",
		  "'title' stands here a second time", "" },
		{ "---\ntitle: t\nautor: x\n---\n", "x.md:3:1",
		  "no such thing as 'autor'", "did you mean 'author'?" },
		{ "---\ntitle: t\nzzzzzz: x\n---\n", "x.md:3:1",
		  "no such thing as 'zzzzzz'", "known are title" },
		{ "---\ntitle: [t]\n---\n", "x.md:2:8", "not a list", "" },
		{ "---\ntitle: {a: b}\n---\n", "x.md:2:8", "not a map", "" },
		{ "---\ntitle: \"a\\nb\"\n---\n", "x.md:2:8",
		  "'title' has a line break", "one line" },
		{ "---\ntitle: t\nsubject: \"a\\rb\"\n---\n", "x.md:3:10",
		  "'subject' has a line break", "one line" },
		{ "---\ntitle: t\ndeck: \"a \\uE0000\\uE001 b\"\n---\n",
		  "x.md:3:7", "'deck' has a character of U+E000 to U+E00F",
		  "delete" },
		{ "---\ntitle: t\ntopic: \xEE\x80\x81\n---\n", "x.md:3:8",
		  "'topic' has a character of U+E000 to U+E00F", "delete" },
		{ "---\ntitle: \"a \\uE003\"\n---\n", "x.md:2:8",
		  "'title' has a character of U+E000 to U+E00F", "delete" },
		{ "---\ntitle: t\nauthor: [a, \xEE\x80\x8F]\n---\n",
		  "x.md:3:13", "'author' has a character of U+E000", "delete" },
		{ "---\ntitle: t\ntags: [a, [b]]\n---\n", "x.md:3:11",
		  "'tags' is one text", "" },
		{ "---\ntitle: t\ntags: [a, '']\n---\n", "x.md:3:11",
		  "an entry of 'tags' is empty", "" },
		{ "---\ntitle: t\nauthor: a\nauthors: b\n---\n", "x.md:4:10",
		  "both given", "" },
		{ "---\ntitle: t\ndate: 22.5.2026\n---\n", "x.md:3:7",
		  "'22.5.2026' is not a date", "2026-05-22" },
		{ "---\ntitle: t\ndate: 2026-02-30\n---\n", "x.md:3:7",
		  "not a date", "" },
		{ "---\ntitle: t\nslug: A b\n---\n", "x.md:3:7",
		  "'A b' is not a slug", "write 'a-b'" },
		{ "---\ntitle: t\nslug: '!'\n---\n", "x.md:3:7",
		  "'!' is not a slug", "a-z, 0-9" },
		{ "---\ntitle: t\nlang: german language\n---\n", "x.md:3:7",
		  "not a language", "de-AT" },
		{ "---\ntitle: t\nlang: en-\n---\n", "x.md:3:7",
		  "not a language", "" },
		{ "---\ntitle: t\ndraft: maybe\n---\n", "x.md:3:8",
		  "neither true nor false", "" },
		{ "---\ntitle: t\ndeck: [\n---\n", "x.md:", "", "" },
		{ "---\ntitle: t\n---\n\na \xFF b\n", "x.md:5",
		  "0xff is not UTF-8", "UTF-8" },
		{ "---\ntitle: \xE9t\xE9\n---\n", "x.md:2", "not UTF-8", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;
		struct article *a;

		if (!article_parse(STR("x.md"), str_of(cases[i].text), arena,
				   &a, &err))
			fail_msg("accepted: %s", cases[i].text);
		assert_int_equal(err.code, ERR_INPUT);
		if (strncmp(err.place, cases[i].place,
			    strlen(cases[i].place)) ||
		    !strstr(err.message, cases[i].message) ||
		    !strstr(err.hint, cases[i].hint))
			fail_msg("%s: %s (%s) for %s", err.place, err.message,
				 err.hint, cases[i].text);
	}
}

static void a_nul_byte_is_refused_with_its_line(void **state)
{
	static const char text[] = "---\ntitle: t\n---\na\0b\n";
	struct err err = ERR_INIT;
	struct article *a;

	(void)state;
	assert_int_equal(article_parse(STR("x.md"), STR(text), arena, &a,
				       &err), -1);
	assert_string_equal(err.place, "x.md:4");
	assert_non_null(strstr(err.message, "NUL"));
}

static void a_megabyte_is_allowed_and_a_byte_more_is_not(void **state)
{
	static const char head[] = "---\ntitle: t\n---\n";
	char *text = arena_take(arena, ARTICLE_MAX + 2);
	struct err err = ERR_INIT;
	struct article *a;

	(void)state;
	memset(text, 'a', ARTICLE_MAX + 1);
	memcpy(text, head, strlen(head));
	assert_int_equal(article_parse(STR("x.md"),
				       str_at(text, ARTICLE_MAX), arena, &a,
				       &err), 0);
	assert_int_equal(article_parse(STR("x.md"),
				       str_at(text, ARTICLE_MAX + 1), arena,
				       &a, &err), -1);
	assert_non_null(strstr(err.message, "1048577"));
}

static void file_with(const char *dir, const char *name, const char *text)
{
	struct err err = ERR_INIT;

	assert_int_equal(file_write(file_path(arena, dir, str_of(name)),
				    str_of(text), 0600, &err), 0);
}

static const char *const files[] = { "articles/2026-05-22-may.md",
				     "articles/2026-06-22-june.md",
				     "articles/2027-06-22-june.md",
				     "articles/plain.md",
				     "articles/broken.md",
				     "issues/digest.md" };

static void make_publication(char *dir)
{
	struct err err = ERR_INIT;

	assert_non_null(mkdtemp(dir));
	file_make_dir(file_path(arena, dir, STR("articles")), &err);
	file_make_dir(file_path(arena, dir, STR("issues")), &err);
	for (size_t i = 0; i < COUNT(files); i++)
		file_with(dir, files[i], "---\ntitle: t\n---\n");
	file_with(dir, "articles/broken.md", "no front matter");
	file_with(dir, "articles/plain.md",
		  "---\ntitle: t\nslug: own-name\n---\n");
}

static void remove_publication(const char *dir)
{
	for (size_t i = 0; i < COUNT(files); i++)
		unlink(file_path(arena, dir, str_of(files[i])));
	rmdir(file_path(arena, dir, STR("articles")));
	rmdir(file_path(arena, dir, STR("issues")));
	assert_int_equal(rmdir(dir), 0);
}

static void an_article_is_found_by_path_file_name_or_slug(void **state)
{
	static const struct {
		const char *issue, *name;
	} cases[] = {
		{ "may", "articles/2026-05-22-may.md" },
		{ "2026-05-22-may", "articles/2026-05-22-may.md" },
		{ "2026-05-22-may.md", "articles/2026-05-22-may.md" },
		{ "./articles/plain.md", "articles/plain.md" },
		{ "plain", "articles/plain.md" },
		{ "own-name", "articles/plain.md" },
		{ "2027-06-22-june", "articles/2027-06-22-june.md" },
		{ "issues/digest.md", "issues/digest.md" },
	};
	char dir[] = "/tmp/tidings-test-XXXXXX";
	struct err err = ERR_INIT;
	struct str name;

	(void)state;
	make_publication(dir);
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(article_locate(dir, str_of(cases[i].issue),
						arena, &name, &err), 0);
		assert_str(name, cases[i].name);
	}
	assert_int_equal(article_locate(dir,
					arena_fmt(arena, "%s/articles/plain.md",
						  dir),
					arena, &name, &err), 0);
	assert_str(name, "articles/plain.md");
	remove_publication(dir);
}

static void what_cannot_be_found_is_refused_with_the_nearest(void **state)
{
	static const struct {
		const char *issue;
		enum err_code code;
		const char *message, *hint;
	} cases[] = {
		{ "mai", ERR_MISSING, "no article 'mai'", "'may'?" },
		{ "articles/plian.md", ERR_MISSING, "plian", "'plain'?" },
		{ "zzzzzzzzz", ERR_MISSING, "zzzz", "articles/*.md" },
		{ "june", ERR_INPUT, "slug of both", "name the file" },
		{ "", ERR_INPUT, "has a name", "" },
	};
	char dir[] = "/tmp/tidings-test-XXXXXX";
	struct str name;

	(void)state;
	make_publication(dir);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;

		assert_int_equal(article_locate(dir, str_of(cases[i].issue),
						arena, &name, &err), -1);
		assert_int_equal(err.code, cases[i].code);
		assert_non_null(strstr(err.message, cases[i].message));
		assert_non_null(strstr(err.hint, cases[i].hint));
	}
	remove_publication(dir);
}

static void an_article_is_read_below_its_publication_only(void **state)
{
	char dir[] = "/tmp/tidings-test-XXXXXX";
	struct err err = ERR_INIT;
	struct article *article;

	(void)state;
	make_publication(dir);
	assert_int_equal(article_read(dir, STR("articles/plain.md"), arena,
				      &article, &err), 0);
	assert_str(article->slug, "own-name");
	assert_int_equal(article_read(dir, STR("../etc/passwd"), arena,
				      &article, &err), -1);
	assert_non_null(strstr(err.message, "leads out"));
	assert_int_equal(article_read(dir, STR("none.md"), arena, &article,
				      &err), -1);
	assert_int_equal(err.code, ERR_MISSING);
	remove_publication(dir);
}

static void an_article_may_go_without_front_matter(void **state)
{
	struct article *a;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(article_bare(STR("x"), STR("\xEF\xBB\xBF# Hi\n"),
				      arena, &a, &err), 0);
	assert_str(a->body, "# Hi\n");
	assert_str(a->title, "");
	assert_int_equal(a->body_line, 1);
	assert_int_equal(article_bare(STR("x"), STR("---\ntitle: a\n---\nb\n"),
				      arena, &a, &err), 0);
	assert_str(a->body, "b\n");
	assert_str(a->title, "a");
	assert_int_equal(article_body(STR("x"), STR("---\ntitle: a\n"), arena,
				      &a, &err), 0);
	assert_str(a->body, "---\ntitle: a\n");
	assert_int_equal(article_bare(STR("x"), STR("a\xFF"), arena, &a, &err),
			 -1);
	assert_non_null(strstr(err.message, "UTF-8"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(what_is_not_given_is_empty),
		cmocka_unit_test(one_author_need_not_be_a_list),
		cmocka_unit_test(
			windows_line_ends_and_a_byte_order_mark_are_accepted),
		cmocka_unit_test(a_line_of_dashes_in_the_body_stays_there),
		cmocka_unit_test(an_article_may_go_without_front_matter),
		cmocka_unit_test(a_slug_is_made_of_the_file_name),
		cmocka_unit_test(a_wrong_article_is_refused_with_place_and_cure),
		cmocka_unit_test(a_nul_byte_is_refused_with_its_line),
		cmocka_unit_test(a_megabyte_is_allowed_and_a_byte_more_is_not),
		cmocka_unit_test(an_article_is_found_by_path_file_name_or_slug),
		cmocka_unit_test(
			what_cannot_be_found_is_refused_with_the_nearest),
		cmocka_unit_test(an_article_is_read_below_its_publication_only),
	};

	return cmocka_run_group_tests(tests, up, down);
}
