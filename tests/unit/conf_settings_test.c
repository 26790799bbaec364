/* conf_settings_test.c - what tidings.yaml may say: every setting and value */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "conf_rig.h"

static const char everything[] =
	"publication:\n"
	"  name: The Swamp\n"
	"  tagline: \"Mud: and more\"\n"
	"  url: https://example.org/swamp/\n"
	"  language: de-AT\n"
	"  theme: magazine\n"
	"  typography: plain\n"
	"  logo: https://example.org/logo.png\n"
	"  address: |\n"
	"    1 Quay Street\n"
	"    10115 Harbour Town\n"
	"  copyright: The Frogs\n"
	"  social:\n"
	"    - {title: Mastodon, url: \"https://social.example/@us/\"}\n"
	"    - {title: Mail, url: \"mailto:us@example.org\"}\n"
	"  links:\n"
	"    - {title: Privacy, url: \"http://example.org/privacy?x=1#y\"}\n"
	"from: The Swamp <letters@example.org>\n"
	"reply_to: editor@example.org\n"
	"authors:\n"
	"  mr-khan:\n"
	"    name: Imran Khan\n"
	"    tagline: writes\n"
	"    photo: https://example.org/khan.jpg\n"
	"    links: [{title: Home, url: \"https://khan.example\"}]\n"
	"  ms_lee:\n"
	"lists:\n"
	"  weekly: {title: Weekly, description: you asked}\n"
	"  daily:\n"
	"relays:\n"
	"  main:\n"
	"    url: smtp://mail.example.org:2525\n"
	"    user: me\n"
	"    password_file: secret\n"
	"    ca_file: /etc/ca.pem\n"
	"    plaintext: yes\n"
	"    connections: 500\n"
	"    messages_per_connection: 100\n"
	"    rate: 20/s\n"
	"    quota: [500/h, 2000/d]\n"
	"    warmup: [200, 400]\n"
	"    hours: 08:00-20:00\n"
	"  second:\n"
	"    url: smtps://mail.example.org\n"
	"    user: me\n"
	"    password_env: SECRET\n"
	"attributes: {plan: {type: bool}, city: }\n"
	"envelope: {domain: bounces.example.org}\n"
	"dkim:\n"
	"  domain: example.org\n"
	"  selector: one\n"
	"  key_file: one.key\n"
	"  ed25519_selector: two\n"
	"  ed25519_key_file: two.key\n"
	"uncertain: reconcile\n"
	"uncertain_after: 90s\n"
	"send: {not_after: 2d, retry: 250ms, retry_max: 3h, threads: 64,\n"
	"  spread: 1h}\n"
	"breakers: {failed: 2%, deferred: 10%, min_results: 5,\n"
	"  min_events: 2}\n";

static void the_publication_is_read(void **state)
{
	const struct conf *c = parse(everything);

	(void)state;
	assert_str(c->dir, "/pub");
	assert_str(c->publication.name, "The Swamp");
	assert_str(c->publication.tagline, "Mud: and more");
	assert_str(c->publication.url, "https://example.org/swamp");
	assert_str(c->publication.language, "de-AT");
	assert_str(c->publication.theme, "magazine");
	assert_int_equal(c->publication.typography, TYPOGRAPHY_PLAIN);
	assert_str(c->publication.logo, "https://example.org/logo.png");
	assert_str(c->publication.address, "1 Quay Street\n10115 Harbour Town");
	assert_str(c->publication.copyright, "The Frogs");
	assert_str(c->publication.social->title, "Mastodon");
	assert_str(c->publication.social->url, "https://social.example/@us/");
	assert_str(c->publication.social->next->url, "mailto:us@example.org");
	assert_null(c->publication.social->next->next);
	assert_str(c->publication.links->url,
		   "http://example.org/privacy?x=1#y");
	assert_str(c->from, "The Swamp <letters@example.org>");
	assert_str(c->reply_to, "editor@example.org");
	assert_str(c->envelope_domain, "bounces.example.org");
}

static void names_of_the_users_are_read_in_their_order(void **state)
{
	const struct conf *c = parse(everything);

	(void)state;
	assert_str(c->authors->key, "mr-khan");
	assert_str(c->authors->name, "Imran Khan");
	assert_str(c->authors->tagline, "writes");
	assert_str(c->authors->photo, "https://example.org/khan.jpg");
	assert_str(c->authors->links->url, "https://khan.example");
	assert_str(c->authors->next->key, "ms_lee");
	assert_str(c->authors->next->name, "ms_lee");
	assert_str(c->lists->key, "weekly");
	assert_str(c->lists->title, "Weekly");
	assert_str(c->lists->description, "you asked");
	assert_int_equal(c->lists->line, 28);
	assert_str(c->lists->next->title, "daily");
	/* Its default is said in the language of each letter. */
	assert_str(c->lists->next->description, "");
	assert_str(c->attributes->key, "plan");
	assert_str(c->attributes->type, "bool");
	assert_str(c->attributes->next->type, "text");
}

static void relays_and_sending_are_read(void **state)
{
	const struct conf *c = parse(everything);
	const struct conf_relay *r = c->relays;

	(void)state;
	assert_str(r->key, "main");
	assert_str(r->url, "smtp://mail.example.org:2525");
	assert_str(r->user, "me");
	assert_str(r->password_file, "secret");
	assert_str(r->ca_file, "/etc/ca.pem");
	assert_true(r->plaintext);
	assert_int_equal(r->connections, 500);
	assert_int_equal(r->messages_per_connection, 100);
	assert_int_equal(r->rate.count, 20);
	assert_int_equal(r->rate.per_ms, 1000);
	assert_int_equal(r->line, 31);
	assert_str(r->next->password_env, "SECRET");
	assert_int_equal(c->uncertain, UNCERTAIN_RECONCILE);
	assert_str(c->dkim.domain, "example.org");
	assert_str(c->dkim.selector, "one");
	assert_str(c->dkim.key_file, "one.key");
	assert_str(c->dkim.ed25519_selector, "two");
	assert_str(c->dkim.ed25519_key_file, "two.key");
	assert_int_equal(c->uncertain_after_ms, 90000);
	assert_int_equal(c->send.not_after_ms, 2 * TIME_DAY_MS);
	assert_int_equal(c->send.retry_ms, 250);
	assert_int_equal(c->send.retry_max_ms, 3 * TIME_HOUR_MS);
	assert_int_equal(c->send.threads, 64);
}

static void what_is_not_written_has_its_default(void **state)
{
	const struct conf *c = parse(LEAST "authors:\nsend:\n");

	(void)state;
	assert_str(c->publication.url, "http://127.0.0.1:8080");
	assert_str(c->publication.language, "en");
	assert_str(c->publication.copyright, "Post");
	assert_str(c->publication.tagline, "");
	assert_null(c->publication.social);
	assert_null(c->authors);
	assert_null(c->attributes);
	assert_str(c->lists->title, "weekly");
	assert_int_equal(c->relays->connections, 4);
	assert_int_equal(c->relays->messages_per_connection, 0);
	assert_int_equal(c->relays->rate.per_ms, 0);
	assert_false(c->relays->plaintext);
	assert_int_equal(c->uncertain, UNCERTAIN_RESEND);
	assert_int_equal(c->uncertain_after_ms, 15 * TIME_MINUTE_MS);
	assert_int_equal(c->send.not_after_ms, 5 * TIME_DAY_MS);
	assert_int_equal(c->send.retry_ms, 5 * TIME_MINUTE_MS);
	assert_int_equal(c->send.retry_max_ms, 4 * TIME_HOUR_MS);
	assert_int_equal(c->send.threads, 0);
}

static void what_is_looked_up_by_its_key_is_found_or_not(void **state)
{
	const struct conf *c = parse(everything);

	(void)state;
	assert_ptr_equal(conf_list_find(c, STR("daily")), c->lists->next);
	assert_null(conf_list_find(c, STR("dail")));
	assert_ptr_equal(conf_author_find(c, STR("mr-khan")), c->authors);
	assert_null(conf_author_find(c, STR("")));
	assert_ptr_equal(conf_attribute_find(c, STR("city")),
			 c->attributes->next);
	assert_null(conf_attribute_find(c, STR("town")));
}

static void a_setting_knows_where_it_was_written(void **state)
{
	const struct conf *c = parse(everything);

	(void)state;
	assert_string_equal(conf_place(c, "publication.url"), "t.yaml:4:3");
	assert_string_equal(conf_place(c, "relays.second.user"), "t.yaml:45:5");
	assert_string_equal(conf_place(c, "send.retry"), "t.yaml:57:23");
	assert_string_equal(conf_place(c, "relays.second.rate"), CONF_FILE);
}

/* Asks the table itself, so that a setting added there must be added here. */
struct seen {
	const struct conf_setting *setting;
	bool written;
};

static bool matches(const char *pattern, const char *name)
{
	const char *star = strchr(pattern, '*');
	const char *tail = strrchr(name, '.');

	if (!star)
		return !strcmp(pattern, name);
	return tail && !strncmp(pattern, name, (size_t)(star - pattern)) &&
	       !strcmp(star + 1, tail);
}

static int look(void *arg, const struct conf_row *row)
{
	struct seen *seen = arg;

	if (matches(seen->setting->name, row->setting) &&
	    strcmp(row->origin, "default") != 0)
		seen->written = true;
	return 0;
}

static void these_tests_write_every_setting_there_is(void **state)
{
	const struct conf *c = parse(everything);
	size_t count = 0;

	(void)state;
	for (; conf_settings(count); count++) {
		struct seen seen = { conf_settings(count), false };

		assert_int_equal(conf_each(c, arena, look, &seen), 0);
		if (!seen.written)
			fail_msg("'%s' is not tried", seen.setting->name);
	}
	assert_true(count >= 30);
}

static void durations_have_a_unit_and_an_end(void **state)
{
	static const struct {
		const char *text;
		int64_t ms; /* 0: refused */
	} cases[] = {
		{ "1ms", 1 },
		{ "30s", 30000 },
		{ "15m", 900000 },
		{ "2h", 7200000 },
		{ "5d", 432000000 },
		{ "3650d", 3650 * TIME_DAY_MS },
		{ "\"5d\"", 432000000 },
		{ "3651d", 0 },
		{ "0s", 0 },
		{ "-5m", 0 },
		{ "5", 0 },
		{ "5 m", 0 },
		{ "5M", 0 },
		{ "1.5h", 0 },
		{ "m", 0 },
		{ "1h30m", 0 },
		{ "99999999999999999999d", 0 },
		{ "106751991167d", 0 },
		{ "9223372036854775807ms", 0 },
		{ "\"\"", 0 },
		{ "+5m", 0 },
		{ "5w", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *text = arena_fmt(arena,
					     LEAST "send: {not_after: %s}\n",
					     cases[i].text)
					   .at;

		if (cases[i].ms)
			assert_int_equal(parse(text)->send.not_after_ms,
					 cases[i].ms);
		else
			assert_non_null(strstr(refused(text).hint, "15m"));
	}
}

static void rates_are_a_count_in_a_unit(void **state)
{
	static const struct {
		const char *text;
		int64_t count, per_ms; /* 0: refused */
	} cases[] = {
		{ "20/s", 20, 1000 },
		{ "100/m", 100, 60000 },
		{ "500/h", 500, 3600000 },
		{ "2000/d", 2000, 86400000 },
		{ "1000000000/s", 1000000000, 1000 },
		{ "1000000001/s", 0, 0 },
		{ "0/s", 0, 0 },
		{ "-1/s", 0, 0 },
		{ "20", 0, 0 },
		{ "20/", 0, 0 },
		{ "/s", 0, 0 },
		{ "20/ms", 0, 0 },
		{ "20/5s", 0, 0 },
		{ "20 / s", 0, 0 },
		{ "20/sec", 0, 0 },
		{ "\"\"", 0, 0 },
		{ "20/s/h", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *text =
			arena_fmt(arena,
				  "publication: {name: P}\nfrom: a@b.example\n"
				  "lists: {w: }\nrelays:\n  main: {url: "
				  "'dir:o', rate: %s}\n",
				  cases[i].text)
				.at;
		const struct rate *rate;

		if (!cases[i].count) {
			assert_non_null(strstr(refused(text).hint, "20/s"));
			continue;
		}
		rate = &parse(text)->relays->rate;
		assert_int_equal(rate->count, cases[i].count);
		assert_int_equal(rate->per_ms, cases[i].per_ms);
	}
}

static void addresses_are_whole_and_safe_in_headers_and_pages(void **state)
{
	static const struct {
		const char *value;
		bool ok;
	} cases[] = {
		{ "https://example.org", true },
		{ "http://[::1]:8080/x", true },
		{ "https://example.org/a/b/", true },
		{ "\"\"", true },
		{ "khan.jpg", true },
		{ "/pictures/mr khan.jpg", true },
		{ "\"khan.jpg\\nBcc: x\"", false },
		{ "//example.org/khan.jpg", false },
		{ "ftp://example.org", false },
		{ "javascript:alert(1)", false },
		{ "https://", false },
		{ "https:///x", false },
		{ "https://?x", false },
		{ "mailto:a@example.org", false },
		{ "\"https://example.org/a b\"", false },
		{ "\"https://example.org/\\r\\nBcc: x\"", false },
		{ "\"https://example.org/\\x7f\"", false },
		{ "\"https://example.org/\\u0085\"", false },
		{ "\"https://example.org/\\u2028\"", false },
		{ "https://example.org/<b>", false },
		{ "https://example.org/\"x\"", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *text = arena_fmt(arena,
					     LEAST
					     "authors: \n  a:\n    photo: %s\n",
					     cases[i].value)
					   .at;

		if (cases[i].ok)
			parse(text);
		else
			assert_string_equal(refused(text).place, "t.yaml:7:5");
	}
}

static void the_publications_address_can_begin_all_others(void **state)
{
	static const char *const bad[] = { "https://example.org/?a=b",
					   "https://example.org/#top",
					   "https://b\303\274cher.example" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct err err = refused(
			arena_fmt(arena,
				  "from: a@example.org\nlists: {w: }\n"
				  "relays: {m: {url: 'dir:o'}}\n"
				  "publication: {name: P, url: \"%s\"}\n",
				  bad[i])
				.at);

		assert_string_equal(err.place, "t.yaml:4:24");
		assert_non_null(strstr(err.hint, "xn--"));
	}
}

static void a_link_has_a_title_and_an_address(void **state)
{
	static const char *const bad[] = {
		"[]x",
		"[x]",
		"[{title: A}]",
		"[{url: \"https://a.example\"}]",
		"[{title: A, url: \"\"}]",
		"[{title: A, url: }]",
		"[{title: , url: \"https://a.example\"}]",
		"[{title: \" \", url: \"https://a.example\"}]",
		"[{title: A, url: \"https://a.example\", x: y}]",
		"[{title: A, url: \"mailto:\"}]",
		"[{title: A, url: \"mailto:a b\"}]",
		"[{title: [A], url: \"https://a.example\"}]",
		"[{title: A, url: {b: c}}]",
		"{title: A, url: \"https://a.example\"}",
		"[{title: \"A\\nB\", url: \"https://a.example\"}]",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct err err = refused(
			arena_fmt(arena,
				  LEAST "authors:\n  a:\n    links: %s\n",
				  bad[i])
				.at);

		assert_memory_equal(err.place, "t.yaml:7:", 9);
		assert_true(i == 0 || err.hint[0]);
	}
	assert_null(parse(LEAST "authors: {a: {links: []}}")->authors->links);
}

/* --- the file ------------------------------------------------------------- */

static int load(const char *dir, const struct conf **out, struct err *err)
{
	*err = (struct err)ERR_INIT;
	return conf_load(dir, arena, out, err);
}

static void the_file_of_a_folder_is_loaded_or_what_is_wrong_is_said(
	void **state)
{
	char dir[] = "/tmp/tidings-conf-XXXXXX";
	char *path;
	const struct conf *conf = NULL;
	struct err err = ERR_INIT;
	char *much = arena_take(arena, 300000);

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = file_path(arena, dir, STR(CONF_FILE));
	assert_int_equal(load(dir, &conf, &err), -1);
	assert_int_equal(err.code, ERR_MISSING);
	assert_non_null(strstr(err.message, path));
	assert_non_null(strstr(err.hint, "run 'tidings init'"));

	assert_int_equal(file_write(path, STR(LEAST), 0644, &err), 0);
	assert_int_equal(load(dir, &conf, &err), 0);
	assert_str(conf->dir, dir);
	assert_string_equal(conf_place(conf, "from"), "tidings.yaml:2:1");

	memset(much, '#', 299999);
	assert_int_equal(file_write(path, str_of(much), 0644, &err), 0);
	assert_int_equal(load(dir, &conf, &err), -1);
	assert_int_equal(err.code, ERR_CONFIG);
	unlink(path);
	assert_int_equal(file_make_dir(path, &err), 0);
	assert_int_equal(load(dir, &conf, &err), -1);
	assert_int_equal(err.code, ERR_CONFIG);
	rmdir(path);
	rmdir(dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_publication_is_read),
		TEST(names_of_the_users_are_read_in_their_order),
		TEST(relays_and_sending_are_read),
		TEST(what_is_not_written_has_its_default),
		TEST(what_is_looked_up_by_its_key_is_found_or_not),
		TEST(a_setting_knows_where_it_was_written),
		TEST(these_tests_write_every_setting_there_is),
		TEST(durations_have_a_unit_and_an_end),
		TEST(rates_are_a_count_in_a_unit),
		TEST(addresses_are_whole_and_safe_in_headers_and_pages),
		TEST(the_publications_address_can_begin_all_others),
		TEST(a_link_has_a_title_and_an_address),
		TEST(the_file_of_a_folder_is_loaded_or_what_is_wrong_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
