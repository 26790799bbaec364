/* issue_load_test.c - an article becomes an issue, or is refused by place */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "issue/issue.h"
#include "letter/letter.h"

#define NOON INT64_C(1779451200000)	/* 2026-05-22T12:00:00Z */

#define HEAD "publication: {name: The Swamp, url: '%s'}\n"
#define REST								\
	"from: The Swamp <letters@example.org>\n"			\
	"authors: {khan: {name: Mr Khan, tagline: Writes}}\n"		\
	"relays: {main: {url: 'smtp://127.0.0.1:2525'}}\n"
#define ONE_LIST "lists: {weekly: {title: Weekly letter}}\n"
#define TWO_LISTS "lists: {weekly: {}, daily: {}}\n"

struct rig {
	char dir[64];
	struct arena *arena;
	const struct conf *conf;
	struct err err;
};

static void set_conf(struct rig *rig, const char *lists, const char *url)
{
	struct str text = arena_fmt(rig->arena, HEAD REST "%s", url, lists);

	assert_int_equal(conf_parse(rig->dir, CONF_FILE, text, rig->arena,
				    &rig->conf, &rig->err), 0);
}

static void rig_up(struct rig *rig)
{
	memset(rig, 0, sizeof(*rig));
	snprintf(rig->dir, sizeof(rig->dir), "/tmp/tidings-issue-XXXXXX");
	assert_non_null(mkdtemp(rig->dir));
	rig->arena = arena_new("a test", (size_t)1 << 28);
	assert_int_equal(file_make_dir(file_path(rig->arena, rig->dir,
						 STR("articles")),
				       &rig->err), 0);
	set_conf(rig, ONE_LIST, "http://127.0.0.1:8080");
}

static char *article_path(struct rig *rig)
{
	return file_path(rig->arena, rig->dir, STR("articles/x.md"));
}

static void rig_down(struct rig *rig)
{
	unlink(article_path(rig));
	rmdir(file_path(rig->arena, rig->dir, STR("articles")));
	rmdir(rig->dir);
	arena_free(&rig->arena);
}

static void write_article(struct rig *rig, const char *text)
{
	assert_int_equal(file_write(article_path(rig), str_of(text), 0644,
				    &rig->err), 0);
}

static struct issue_wish wish_of(const char *what)
{
	return (struct issue_wish){ .what = str_of(what), .list = STR_NONE,
				    .now = NOON };
}

static int load(struct rig *rig, struct issue **issue_out)
{
	struct issue_wish wish = wish_of("x");

	return issue_load(rig->conf, &wish, rig->arena, issue_out, &rig->err);
}

static struct issue *loaded(struct rig *rig, const char *text)
{
	struct issue *issue = NULL;

	write_article(rig, text);
	if (load(rig, &issue) < 0)
		fail_msg("%s: %s", rig->err.place, rig->err.message);
	return issue;
}

static void what_is_wrong_is_refused_by_place(void **state)
{
	static const struct {
		const char *text, *lists, *place, *words, *hint;
	} cases[] = {
		{ "---\ntitle: x\n", ONE_LIST, "articles/x.md:1", "not closed", "---" },
		{ "---\ndeck: x\n---\nx\n", ONE_LIST, "articles/x.md",
		  "title", "" },
		{ "---\ntitle: x\ntopci: y\n---\nx\n", ONE_LIST,
		  "articles/x.md:3", "topci", "topic" },
		{ "---\ntitle: x\ndraft: true\n---\nx\n", ONE_LIST,
		  "articles/x.md", "draft", "draft: true" },
		{ "---\ntitle: x\nlist: wekly\n---\nx\n", ONE_LIST,
		  "articles/x.md:3", "'wekly'", "weekly" },
		{ "---\ntitle: x\nlist: none\n---\nx\n", TWO_LISTS,
		  "articles/x.md:3", "'none'", "'weekly', 'daily'" },
		{ "---\ntitle: x\n---\nx\n", TWO_LISTS, "articles/x.md",
		  "'weekly', 'daily'", "list: weekly" },
		{ "---\ntitle: x\n---\nDear {{subscriber.frist_name}}\n",
		  ONE_LIST, "articles/x.md:4:6", "subscriber.frist_name",
		  "subscriber.first_name" },
		{ "---\ntitle: x\n---\n![cat](cat.png){cid}\n", ONE_LIST,
		  "articles/x.md:4", "cat.png", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct issue *issue;
		struct rig rig;

		rig_up(&rig);
		set_conf(&rig, cases[i].lists, "http://127.0.0.1:8080");
		write_article(&rig, cases[i].text);
		assert_int_equal(load(&rig, &issue), -1);
		assert_int_equal(rig.err.code, ERR_INPUT);
		if (!str_starts(str_of(rig.err.place), str_of(cases[i].place)))
			fail_msg("case %zu: place '%s' message '%s'", i,
				 rig.err.place, rig.err.message);
		if (!strstr(rig.err.message, cases[i].words) ||
		    !strstr(rig.err.hint, cases[i].hint))
			fail_msg("case %zu: '%s' hint '%s'", i,
				 rig.err.message, rig.err.hint);
		rig_down(&rig);
	}
}

static void a_setting_that_no_header_can_hold_is_refused_by_line(void **state)
{
	static const struct { const char *line, *place; } cases[] = {
		{ "reply_to: nobody at all\n", CONF_FILE ":6:" },
		{ "envelope: {domain: 'not a domain'}\n", CONF_FILE ":6:" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct issue *issue;
		struct rig rig;
		struct str text;

		rig_up(&rig);
		text = arena_fmt(rig.arena, HEAD REST ONE_LIST "%s",
				 "http://x.example", cases[i].line);
		write_article(&rig, "---\ntitle: x\n---\nx\n");
		if (conf_parse(rig.dir, CONF_FILE, text, rig.arena, &rig.conf,
			       &rig.err) == 0)
			assert_int_equal(load(&rig, &issue), -1);
		assert_int_equal(rig.err.code, ERR_CONFIG);
		assert_true(str_starts(str_of(rig.err.place),
				       str_of(cases[i].place)));
		rig_down(&rig);
	}
}

static void what_no_letter_can_be_made_with_is_told_before_there_is_one(
	void **state)
{
	static const struct { const char *text, *place, *words, *hint; } cases[] = {
		{ "publication:\n  name: S\n  theme: lettre\nfrom: a@b.example\n",
		  CONF_FILE ":3:3", "there is no theme 'lettre'", "'letter'" },
		{ "publication: {name: S}\nfrom: nobody\n", CONF_FILE ":2:1",
		  "'nobody' is not an address", "Name <name@example.org>" },
		{ "publication: {name: S}\nfrom: a@b.example\nreply_to: me\n",
		  CONF_FILE ":3:1", "'me' is not an address", "Name <" },
		{ "publication: {name: S, theme: note}\n"
		  "from: A <a@b.example>\nreply_to: B <b@b.example>\n",
		  NULL, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct issue *issue;
		struct str text;
		struct rig rig;
		int rc;

		rig_up(&rig);
		text = arena_fmt(rig.arena, "%srelays: {main: {url: 'dir:out'}}\n"
				      ONE_LIST, cases[i].text);
		assert_int_equal(conf_parse(rig.dir, CONF_FILE, text, rig.arena,
					    &rig.conf, &rig.err),
				 0);
		rc = issue_settings(rig.conf, rig.arena, &rig.err);
		assert_int_equal(rc, cases[i].place ? -1 : 0);
		for (int turn = 0; turn < 2 && rc < 0; turn++) {
			assert_int_equal(rig.err.code, ERR_CONFIG);
			assert_string_equal(rig.err.place, cases[i].place);
			assert_non_null(strstr(rig.err.message,
					       cases[i].words));
			assert_non_null(strstr(rig.err.hint, cases[i].hint));
			/* And where a letter is to be made nevertheless. */
			write_article(&rig, "---\ntitle: x\n---\nx\n");
			rig.err = (struct err)ERR_INIT;
			assert_int_equal(load(&rig, &issue), -1);
		}
		rig_down(&rig);
	}
}

static void an_article_that_is_not_there_is_missing(void **state)
{
	struct issue_wish wish = wish_of("xx");
	struct issue *issue;
	struct rig rig;

	(void)state;
	rig_up(&rig);
	write_article(&rig, "---\ntitle: x\n---\nx\n");
	assert_int_equal(issue_load(rig.conf, &wish, rig.arena, &issue,
				    &rig.err), -1);
	assert_int_equal(rig.err.code, ERR_MISSING);
	assert_string_equal(rig.err.hint, "did you mean 'x'?");
	rig_down(&rig);
}

static void a_draft_may_be_looked_at(void **state)
{
	struct issue_wish wish = wish_of("articles/x.md");
	struct issue *issue;
	struct rig rig;

	(void)state;
	rig_up(&rig);
	write_article(&rig, "---\ntitle: x\ndraft: true\n---\nx\n");
	wish.allow_draft = true;
	assert_int_equal(issue_load(rig.conf, &wish, rig.arena, &issue,
				    &rig.err), 0);
	rig_down(&rig);
}

static void authors_come_from_the_settings_or_stand_as_written(void **state)
{
	struct issue *issue;
	struct rig rig;

	(void)state;
	rig_up(&rig);
	issue = loaded(&rig, "---\ntitle: x\nauthor: [khan, Some Guest]\n"
			     "---\nx\n");
	assert_int_equal(issue->input->author_count, 2);
	assert_true(str_eqz(issue->input->authors[0].name, "Mr Khan"));
	assert_true(str_eqz(issue->input->authors[0].tagline, "Writes"));
	assert_true(str_eqz(issue->input->authors[1].name, "Some Guest"));
	assert_int_equal(issue->input->authors[1].tagline.len, 0);
	rig_down(&rig);
}

static void the_date_is_the_articles_or_that_of_now(void **state)
{
	struct issue *issue;
	struct rig rig;

	(void)state;
	rig_up(&rig);
	issue = loaded(&rig, "---\ntitle: x\ndate: 2025-01-31\n---\nx\n");
	assert_int_equal(issue->input->date.year, 2025);
	assert_int_equal(issue->input->date.day, 31);
	issue = loaded(&rig, "---\ntitle: x\n---\nx\n");
	assert_int_equal(issue->input->date.year, 2026);
	assert_int_equal(issue->input->date.month, 5);
	assert_int_equal(issue->input->date.day, 22);
	rig_down(&rig);
}

static void the_hash_changes_with_what_readers_see_and_with_nothing_else(
	void **state)
{
	static const char text[] = "---\ntitle: x\n---\nwords\n";
	struct str first, again, article, list, url;
	struct rig rig;

	(void)state;
	rig_up(&rig);
	first = loaded(&rig, text)->source_hash;
	again = loaded(&rig, text)->source_hash;
	article = loaded(&rig, "---\ntitle: x\n---\nother\n")->source_hash;
	set_conf(&rig, "lists: {daily: {title: Weekly letter}}\n",
		 "http://127.0.0.1:8080");
	list = loaded(&rig, text)->source_hash;
	set_conf(&rig, ONE_LIST, "https://x.example");
	url = loaded(&rig, text)->source_hash;
	assert_int_equal(first.len, 64);
	assert_true(str_eq(first, again));
	assert_false(str_eq(first, article));
	assert_false(str_eq(first, list));
	assert_false(str_eq(first, url));
	rig_down(&rig);
}

static bool promises_one_click(struct rig *rig, const char *url)
{
	static const unsigned char secret[32] = { 1 };
	struct seal *seal = seal_of(secret);
	struct letter_press *press = letter_press_new(seal);
	struct letter_reader reader = {
		.address = STR("a@example.org"),
		.fields = STR("\x1f\x1f\x1f\x1f\x1f"), .date_ms = NOON };
	const struct letter_form *form;
	struct issue *issue;
	struct str bytes;
	bool promised;

	set_conf(rig, ONE_LIST, url);
	issue = loaded(rig, "---\ntitle: x\n---\nx\n");
	assert_int_equal(letter_form_open(issue->form, rig->arena, &form,
					  &rig->err), 0);
	if (letter_compose(press, form, &reader, &bytes, &rig->err) < 0)
		fail_msg("%s", rig->err.message);
	promised = str_find_str(bytes, STR("\nList-Unsubscribe-Post:")) > 0;
	letter_press_free(&press);
	seal_close(&seal);
	return promised;
}

static void one_click_is_promised_on_https_only(void **state)
{
	struct rig rig;

	(void)state;
	rig_up(&rig);
	assert_true(promises_one_click(&rig, "https://x.example"));
	assert_false(promises_one_click(&rig, "http://x.example"));
	rig_down(&rig);
}

static void a_slug_is_known_also_when_its_file_is_gone(void **state)
{
	static const struct { const char *what, *slug; } cases[] = {
		{ "x", "given" },
		{ "articles/x.md", "given" },
		{ "gone", "gone" },
		{ "articles/2026-05-22-gone.md", "gone" },
		{ "2026-05-22-gone", "gone" },
		{ "articles/2026-05-22-My_Letter.md", "my-letter" },
		{ "My Letter", "my-letter" },
	};
	struct rig rig;

	(void)state;
	rig_up(&rig);
	write_article(&rig, "---\ntitle: x\nslug: given\n---\nx\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str slug = issue_slug(rig.conf, str_of(cases[i].what),
					     rig.arena);

		assert_true(str_eqz(slug, cases[i].slug));
	}
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_wrong_is_refused_by_place),
		cmocka_unit_test(
			a_setting_that_no_header_can_hold_is_refused_by_line),
		cmocka_unit_test(
			what_no_letter_can_be_made_with_is_told_before_there_is_one),
		cmocka_unit_test(an_article_that_is_not_there_is_missing),
		cmocka_unit_test(a_draft_may_be_looked_at),
		cmocka_unit_test(
			authors_come_from_the_settings_or_stand_as_written),
		cmocka_unit_test(the_date_is_the_articles_or_that_of_now),
		cmocka_unit_test(
			the_hash_changes_with_what_readers_see_and_with_nothing_else),
		cmocka_unit_test(one_click_is_promised_on_https_only),
		cmocka_unit_test(a_slug_is_known_also_when_its_file_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
