/* issue_reach_test.c - what serves for trying out must not go to people */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "issue/issue.h"

static const struct {
	const char *url, *from, *relay;
	const char *place, *words; /* NULL: it may go */
	const char *address;	   /* NULL: none */
} cases[] = {
	/* At home anything goes. */
	{ "http://127.0.0.1:8080", "A <a@example.org>", "smtp://127.0.0.1:25",
	  NULL, NULL, NULL },
	{ "http://127.0.0.1:8080", "A <a@example.org>", "dir:outbox", NULL,
	  NULL, NULL },
	{ "http://127.0.0.1:8080", "A <a@example.org>",
	  "pipe:/usr/sbin/sendmail -i -- {recipient}", NULL, NULL, NULL },
	{ "https://swamp.news", "A <a@swamp.news>", "smtps://mail.swamp.news",
	  NULL, NULL, NULL },
	{ "https://swamp.news", "A <a@myexample.org>",
	  "smtp+starttls://mail.swamp.news", NULL, NULL, NULL },
	{ "http://127.0.0.1:8080", "A <a@swamp.news>",
	  "smtps://mail.swamp.news", "t.yaml:1", "127.0.0.1:8080", NULL },
	{ "http://swamp.news", "A <a@swamp.news>", "smtps://mail.swamp.news",
	  "t.yaml:1", "http://swamp.news", NULL },
	{ "https://swamp.news", "A <a@example.org>", "smtps://mail.swamp.news",
	  "t.yaml:2", "a@example.org", NULL },
	{ "https://swamp.news", "A <a@mail.Example.COM>",
	  "smtps://mail.swamp.news", "t.yaml:2", "for examples", NULL },
	{ "https://swamp.news", "A <a@swamp.test>", "smtps://mail.swamp.news",
	  "t.yaml:2", "for examples", NULL },
	{ "https://swamp.news", "A <a@swamp.news>", "smtps://mail.swamp.news",
	  "t.yaml:1", "still the example's", CONF_SAMPLE_ADDRESS },
	{ "https://swamp.news", "A <a@swamp.news>", "smtps://mail.swamp.news",
	  NULL, NULL, "Swamp News\n" CONF_SAMPLE_ADDRESS },
	{ "http://127.0.0.1:8080", "A <a@example.org>", "dir:outbox", NULL,
	  NULL, CONF_SAMPLE_ADDRESS },
};

static struct str quoted(const char *text, struct arena *arena)
{
	struct str rest = str_of(text ? text : "");
	struct str out = STR_NONE;

	while (rest.len > 0) {
		struct str line = str_cut(rest, '\n', &rest);

		out = arena_fmt(arena, STR_FMT STR_FMT "%s", STR_ARG(out),
				STR_ARG(line), rest.len > 0 ? "\\n" : "");
	}
	return out;
}

static const struct conf *conf_of(size_t i, struct arena *arena)
{
	const struct conf *conf = NULL;
	struct err err = ERR_INIT;
	struct str address = quoted(cases[i].address, arena);
	struct str text = arena_fmt(arena,
				    "publication: {name: S, url: '%s', "
				    "address: \"" STR_FMT "\"}\n"
				    "from: %s\n"
				    "lists: {weekly: {}}\n"
				    "relays: {main: {url: '%s'}}\n",
				    cases[i].url, STR_ARG(address),
				    cases[i].from, cases[i].relay);

	if (conf_parse("/tmp", "t.yaml", text, arena, &conf, &err) < 0)
		fail_msg("case %zu: %s", i, err.message);
	return conf;
}

static void letters_leave_this_machine_with_settings_of_ones_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena *arena = arena_new("a test", (size_t)1 << 24);
		struct err err = ERR_INIT;
		int rc = issue_reach(conf_of(i, arena), arena, &err);

		assert_int_equal(rc, cases[i].place ? -1 : 0);
		if (rc < 0) {
			assert_int_equal(err.code, ERR_CONFIG);
			assert_true(str_starts(str_of(err.place),
					       str_of(cases[i].place)));
			assert_non_null(strstr(err.message, cases[i].words));
			assert_true(err.hint[0]);
		}
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			letters_leave_this_machine_with_settings_of_ones_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
