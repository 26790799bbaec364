/* conf_show_test.c - the settings shown, and the file that a publication
 * begins with */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/buf.h"
#include "conf_rig.h"

static int add_row(void *arg, const struct conf_row *row)
{
	assert_true(row->help[0]);
	buf_fmt(arg, "%s=" STR_FMT " (%s)\n", row->setting, STR_ARG(row->value),
		row->origin);
	return 0;
}

static const char *shown(const struct conf *conf)
{
	struct buf text;
	const char *all;

	buf_init(&text, 1 << 20);
	assert_int_equal(conf_each(conf, arena, add_row, &text), 0);
	all = arena_z(arena, buf_str(&text));
	buf_done(&text);
	return all;
}

static const char written[] =
	"publication:\n"
	"  name: Post\n"
	"  address: |\n    1 Quay\n    Town\n"
	"  links:\n"
	"    - {title: A, url: \"https://a.example/\"}\n"
	"    - {title: B, url: \"mailto:b@b.example\"}\n"
	"from: a@example.org\n"
	"lists: {weekly: {title: W}, daily: }\n"
	"relays:\n"
	"  main: {url: \"smtps://m.example\", user: me,"
	" password_env: TIDINGS_TEST_SECRET, rate: 20/m}\n"
	"  spare: {url: \"dir:out\", plaintext: yes}\n"
	"uncertain: hold\n"
	"uncertain_after: 90m\n"
	"send: {retry: 1500ms, retry_max: , not_after: 48h}\n";

static void every_setting_is_shown_with_where_it_comes_from(void **state)
{
	static const char *const rows[] = {
		"publication.name=Post (t.yaml:2:3)\n",
		"publication.tagline= (default)\n",
		"publication.url=http://127.0.0.1:8080 (default)\n",
		"publication.address=1 Quay\nTown (t.yaml:3:3)\n",
		"publication.copyright=Post (default)\n",
		"=A <https://a.example/>, B <mailto:b@b.example> (t",
		"lists.weekly.title=W (t.yaml:10:18)\n",
		"lists.daily.title=daily (default)\n",
		"relays.main.password_env=TIDINGS_TEST_SECRET (t.yaml:12:",
		"relays.main.plaintext=no (default)\n",
		"relays.main.rate=20/m (t.yaml:12:",
		"relays.main.connections=4 (default)\n",
		"relays.spare.rate= (default)\n",
		"relays.spare.plaintext=yes (t.yaml:13:",
		"\nuncertain=hold (t.yaml:14:1)\n",
		"uncertain_after=90m (t.yaml:15:1)\n",
		"send.retry=1500ms (t.yaml:16:",
		"send.retry_max=4h (default)\n",
		"send.not_after=2d (t.yaml:16:",
		"send.threads=0 (default)\n",
	};
	const char *all = shown(parse(written));

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (!strstr(all, rows[i]))
			fail_msg("'%s' is not in:\n%s", rows[i], all);
	/* In the table's order. */
	assert_true(strstr(all, "publication.name") < strstr(all, "\nfrom="));
	assert_true(strstr(all, "\nfrom=") < strstr(all, "relays.main.url"));
	assert_true(strstr(all, "relays.main.url") <
		    strstr(all, "relays.spare.url"));
	assert_null(strchr(all, '*'));
}

static void a_secret_is_never_shown(void **state)
{
	(void)state;
	setenv("TIDINGS_TEST_SECRET", "hunter2", 1);
	assert_null(strstr(shown(parse(written)), "hunter2"));
	unsetenv("TIDINGS_TEST_SECRET");
}

static int stop_at_third(void *arg, const struct conf_row *row)
{
	int *left = arg;

	(void)row;
	return --*left == 0 ? 17 : 0;
}

static void showing_ends_when_it_is_told_to(void **state)
{
	int left = 3;

	(void)state;
	assert_int_equal(conf_each(parse(written), arena, stop_at_third, &left),
			 17);
	assert_int_equal(left, 0);
}

static void the_table_says_what_the_manual_needs(void **state)
{
	size_t count = 0;

	(void)state;
	for (; conf_settings(count); count++) {
		const struct conf_setting *s = conf_settings(count);

		assert_true(s->name[0] && s->type[0] && s->help[0]);
		assert_non_null(s->standard);
		assert_true(s->help[strlen(s->help) - 1] != '.');
		for (size_t i = 0; i < count; i++)
			assert_string_not_equal(s->name,
						conf_settings(i)->name);
	}
	assert_null(conf_settings(count + 1000));
}

/* --- the file to begin with ----------------------------------------------- */

static void the_file_to_begin_with_works_as_it_stands(void **state)
{
	const struct conf *c = parse(
		arena_z(arena, conf_template(arena, STR("Harbour letter"))));

	(void)state;
	assert_str(c->publication.name, "Harbour letter");
	assert_str(c->from, "Harbour letter <letters@example.org>");
	assert_str(c->publication.address, CONF_SAMPLE_ADDRESS);
	assert_non_null(c->authors);
	assert_true(c->lists && !c->lists->next);
	assert_true(c->relays && !c->relays->next);
	assert_int_equal(c->relays->kind, RELAY_SMTP);
	assert_true(c->relays->loopback);
	assert_int_equal(c->relays->port, 2525);
}

static void whatever_the_folder_is_called_the_file_works(void **state)
{
	static const struct {
		struct str name;
		const char *want;
		const char *sender; /* NULL: the same */
	} cases[] = {
		{ STR("A: \"B\" <c> #d"), "A: \"B\" <c> #d",
		  "\"A: \\\"B\\\" <c> #d\"" },
		{ STR("100% \\n %s {x} [y] & *z"), "100% \\n %s {x} [y] & *z",
		  "\"100% \\\\n %s {x} [y] & *z\"" },
		{ STR("line\r\nBcc: x"), "line  Bcc: x", NULL },
		{ STR("a\0b\001\033\177c"), "a b   c", NULL },
		{ STR("caf\351"), "caf", NULL },
		{ STR("a\302\205\342\200\250\357\277\277b"), "a   b", NULL },
		{ STR("\346\227\245\346\234\254 \360\237\220\270"),
		  "\346\227\245\346\234\254 \360\237\220\270", NULL },
		{ STR("'quoted', it's"), "'quoted', it's", NULL },
		{ STR(""), "My letter", NULL },
		{ STR(" \n\t"), "My letter", NULL },
		{ STR("- a"), "- a", NULL },
		{ STR("~"), "~", NULL },
		{ STR("null"), "null", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct conf *c = parse(
			arena_z(arena, conf_template(arena, cases[i].name)));

		assert_str(c->publication.name, cases[i].want);
		assert_str(c->from, arena_fmt(arena, "%s <letters@example.org>",
					      cases[i].sender ? cases[i].sender
							      : cases[i].want)
					    .at);
	}
}

/* "  # key: value", "#   - item" and "# key:" are settings in waiting; other
 * comments begin with a capital or a quote, or go on in a sentence. */
static bool is_setting(struct str comment)
{
	struct str rest, word = str_trim(comment);

	if (str_starts(word, STR("- {")))
		return true;
	word = str_cut(word, ':', &rest);
	for (size_t i = 0; i < word.len; i++)
		if (!((word.at[i] >= 'a' && word.at[i] <= 'z') ||
		      word.at[i] == '_'))
			return false;
	return word.len > 0 && word.len < comment.len;
}

static const char *with_comments_taken_away(struct str text, size_t *count_out)
{
	struct buf out;
	const char *all;

	buf_init(&out, 1 << 16);
	*count_out = 0;
	while (text.len > 0) {
		struct str line = str_cut(text, '\n', &text);
		ptrdiff_t hash = str_find(line, '#');
		struct str head = str_head(line, hash < 0 ? 0 : (size_t)hash);
		struct str rest = hash < 0 ? line
					   : str_skip(line, (size_t)hash + 1);

		if (hash >= 0 && str_trim(head).len == 0 && is_setting(rest)) {
			++*count_out;
			line = arena_fmt(arena, STR_FMT STR_FMT, STR_ARG(head),
					 STR_ARG(str_skip(rest, 1)));
		} else if (str_find_str(line, STR("url: smtp://")) >= 0) {
			continue; /* the real one stands below it */
		}
		buf_fmt(&out, STR_FMT "\n", STR_ARG(line));
	}
	all = arena_z(arena, buf_str(&out));
	buf_done(&out);
	return all;
}

static void what_its_comments_offer_works_too(void **state)
{
	size_t count;
	const char *text = with_comments_taken_away(
		conf_template(arena, STR("Post")), &count);
	const struct conf *c = parse(text);

	(void)state;
	assert_int_equal(count, 15);
	assert_str(c->publication.logo, "https://example.org/logo.png");
	assert_str(c->publication.social->title, "Mastodon");
	assert_str(c->publication.links->title, "Privacy");
	assert_str(c->reply_to, "editor@example.org");
	assert_int_equal(c->relays->kind, RELAY_STARTTLS);
	assert_int_equal(c->relays->quota.count, 2);
	assert_str(c->relays->host, "mail.example.org");
	assert_str(c->relays->user, "me");
	assert_str(c->relays->password_file, "relay.password");
	assert_int_equal(c->relays->rate.count, 20);
	assert_str(c->envelope_domain, "bounces.example.org");
	assert_str(c->attributes->key, "plan");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_setting_is_shown_with_where_it_comes_from),
		TEST(a_secret_is_never_shown),
		TEST(showing_ends_when_it_is_told_to),
		TEST(the_table_says_what_the_manual_needs),
		TEST(the_file_to_begin_with_works_as_it_stands),
		TEST(whatever_the_folder_is_called_the_file_works),
		TEST(what_its_comments_offer_works_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
