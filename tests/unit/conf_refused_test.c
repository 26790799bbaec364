/* conf_refused_test.c - what tidings.yaml may not say, and how that is told */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "conf_rig.h"

static void a_wrong_name_is_refused_with_its_place_and_the_nearest(void **state)
{
	static const struct {
		const char *text, *place, *message, *hint;
	} cases[] = {
		{ "publicaton: {}\n", "t.yaml:5:1",
		  "there is no setting 'publicaton'",
		  "did you mean 'publication'?" },
		{ "sent: {}\n", "t.yaml:5:1", "there is no setting 'sent'",
		  "did you mean 'send'?" },
		{ "send:\n  retry_mx: 5m\n", "t.yaml:6:3",
		  "there is no setting 'send.retry_mx'",
		  "did you mean 'send.retry_max'?" },
		{ "authors:\n  mr-x:\n    tag_line: x\n", "t.yaml:7:5",
		  "there is no setting 'authors.mr-x.tag_line'",
		  "did you mean 'authors.mr-x.tagline'?" },
		{ "unc: hold\n", "t.yaml:5:1", "there is no setting 'unc'",
		  "'tidings config' lists all settings" },
		{ "att: {}\n", "t.yaml:5:1", "there is no setting 'att'",
		  "did you mean 'attributes'?" },
		{ "send: {zebra: 1}\n", "t.yaml:5:8",
		  "there is no setting 'send.zebra'",
		  "'tidings config' lists all settings" },
		{ "x: 1\n", "t.yaml:5:1", "there is no setting 'x'",
		  "'tidings config' lists all settings" },
		{ "\"\": 1\n", "t.yaml:5:1", "there is no setting ''",
		  "'tidings config' lists all settings" },
		{ "\"*\": 1\n", "t.yaml:5:1", "there is no setting '*'",
		  "'tidings config' lists all settings" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = refused(
			arena_fmt(arena, LEAST "%s", cases[i].text).at);

		assert_string_equal(err.place, cases[i].place);
		assert_string_equal(err.message, cases[i].message);
		assert_string_equal(err.hint, cases[i].hint);
	}
}

/* Such a key would name a setting's row in the table, and read it into the
 * wrong struct. */
static void a_dotted_name_is_no_way_around_the_sections(void **state)
{
	static const char *const keys[] = { "publication.name",
					    "relays.*",
					    "relays.*.connections",
					    "authors.*.links",
					    "send.retry",
					    "relays.main.url",
					    "a.",
					    "." };

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++) {
		struct err err = refused(
			arena_fmt(arena, LEAST "\"%s\": 5\n", keys[i]).at);

		assert_string_equal(err.place, "t.yaml:5:1");
		assert_non_null(strstr(err.message, keys[i]));
		assert_non_null(strstr(err.hint, "without dots"));
	}
}

static void a_value_of_the_wrong_type_is_refused_with_place_and_cure(
	void **state)
{
	static const struct {
		const char *text, *place, *message, *hint;
	} cases[] = {
		{ "reply_to: [a]\n", "t.yaml:5:1",
		  "'reply_to' wants TEXT, not 'a list'", "" },
		{ "reply_to: {a: b}\n", "t.yaml:5:1",
		  "'reply_to' wants TEXT, not 'a map'", "" },
		{ "send: 5\n", "t.yaml:5:1", "'send' wants a map",
		  "write NAME: VALUE, each on a line of its own" },
		{ "send: [5]\n", "t.yaml:5:1", "'send' wants a map",
		  "write NAME: VALUE, each on a line of its own" },
		{ "authors: x\n", "t.yaml:5:1",
		  "'authors' wants a map of names", "" },
		{ "authors: [x]\n", "t.yaml:5:1",
		  "'authors' wants a map of names", "" },
		{ "authors: {x: y}\n", "t.yaml:5:11", "'authors.x' wants a map",
		  "write NAME: VALUE, each on a line of its own" },
		{ "send: {retry: soon}\n", "t.yaml:5:8",
		  "'send.retry' wants DURATION, not 'soon'",
		  "write 30s, 15m, 2h or 5d; 3650d at most" },
		{ "send: {threads: many}\n", "t.yaml:5:8",
		  "'send.threads' wants NUMBER 0-64, not 'many'", "" },
		{ "send: {threads: 65}\n", "t.yaml:5:8",
		  "'send.threads' must lie between 0 and 64, not 65", "" },
		{ "send: {threads: -1}\n", "t.yaml:5:8",
		  "'send.threads' must lie between 0 and 64, not -1", "" },
		{ "send: {threads: 99999999999999999999}\n", "t.yaml:5:8",
		  "'send.threads' wants NUMBER 0-64, not "
		  "'99999999999999999999'",
		  "" },
		{ "send: {threads: 4.0}\n", "t.yaml:5:8",
		  "'send.threads' wants NUMBER 0-64, not '4.0'", "" },
		{ "uncertain: maybe\n", "t.yaml:5:1",
		  "'uncertain' wants resend, hold or reconcile, not 'maybe'",
		  "" },
		{ "uncertain: Hold\n", "t.yaml:5:1",
		  "'uncertain' wants resend, hold or reconcile, not 'Hold'",
		  "" },
		{ "authors:\n  a:\n    photo: //x.org/a.jpg\n", "t.yaml:7:5",
		  "'authors.a.photo' wants an address, not '//x.org/a.jpg'",
		  "write https://example.org" },
		{ "authors:\n  a:\n    links: x\n", "t.yaml:7:5",
		  "'authors.a.links' wants LINKS, not 'x'",
		  "write - {title: Name, url: \"https://example.org\"}" },
		{ "attributes: {plan: {type: colour}}\n", "t.yaml:5:21",
		  "'colour' is no attribute's type",
		  "types are text, number, date and bool" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = refused(
			arena_fmt(arena, LEAST "%s", cases[i].text).at);

		assert_string_equal(err.message, cases[i].message);
		assert_string_equal(err.place, cases[i].place);
		assert_string_equal(err.hint, cases[i].hint);
	}
}

static void a_relays_value_of_the_wrong_type_is_refused_at_its_place(
	void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "connections: 0",
		  "'relays.main.connections' must lie between 1 and 500, not 0" },
		{ "connections: 501",
		  "'relays.main.connections' must lie between 1 and 500, not "
		  "501" },
		{ "messages_per_connection: -1",
		  "'relays.main.messages_per_connection' must lie between 0 and "
		  "1000000, not -1" },
		{ "plaintext: maybe",
		  "'relays.main.plaintext' wants yes or no, not 'maybe'" },
		{ "plaintext: 1",
		  "'relays.main.plaintext' wants yes or no, not '1'" },
		{ "rate: fast", "'relays.main.rate' wants RATE, not 'fast'" },
		{ "rate: {a: b}", "'relays.main.rate' wants RATE, not 'a map'" },
		{ "quotas: [500/h]",
		  "there is no setting 'relays.main.quotas'" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = refused(
			arena_fmt(arena,
				  "publication: {name: P}\nfrom: a@b.example\n"
				  "lists: {w: }\nrelays:\n  main:\n"
				  "    url: dir:out\n    %s\n",
				  cases[i].text)
				.at);

		assert_string_equal(err.message, cases[i].message);
		assert_string_equal(err.place, "t.yaml:7:5");
	}
}

static void what_could_end_a_header_is_in_no_text(void **state)
{
	static const char *const controls[] = { "\\n", "\\r",	"\\r\\nBcc: x",
						"\\t", "\\x01", "\\x7f",
						"\\e", "\\N",	"\\L",
						"\\P" };
	static const char *const settings[] = {
		"reply_to: \"a%sb\"\n", "envelope: {domain: \"a%sb\"}\n",
		"authors: {a: {name: \"a%sb\"}}\n",
		"authors: {a: {tagline: \"a%sb\"}}\n",
		"attributes: {a: {type: \"a%sb\"}}\n"
	};

	(void)state;
	for (size_t i = 0; i < COUNT(controls); i++) {
		for (size_t j = 0; j < COUNT(settings); j++) {
			char text[128];
			struct err err;

			snprintf(text, sizeof(text), "%.*s%s%s",
				 (int)(strchr(settings[j], '%') - settings[j]),
				 settings[j], controls[i],
				 strchr(settings[j], '%') + 2);
			err = refused(arena_fmt(arena, LEAST "%s", text).at);
			assert_non_null(strstr(err.message, "control"));
			assert_string_equal(err.hint, "write it on one line");
			assert_memory_equal(err.place, "t.yaml:5:", 9);
		}
	}
}

static void the_postal_address_alone_has_lines(void **state)
{
	(void)state;
	assert_str(parse("publication:\n  name: P\n  address: \"a\\nb\"\n"
			 "from: a@b.example\nlists: {w: }\n"
			 "relays: {m: {url: 'dir:o'}}\n")
			   ->publication.address,
		   "a\nb");
	assert_string_equal(
		refused("publication:\n  name: P\n  address: \"a\\n\\e[2Jb\"\n"
			"from: a@b.example\nlists: {w: }\n"
			"relays: {m: {url: 'dir:o'}}\n")
			.place,
		"t.yaml:3:3");
}

#define KEY_OF_40 "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"

static void names_of_the_users_are_plain_words(void **state)
{
	static const char *const bad[] = {
		"A",   "a b",	    "-a",	  "\"\"",
		"a.b", "\"a\\nb\"", "\303\244",	  "\"*\"",
		"a/b", "\"../x\"",  KEY_OF_40 "x"
	};
	static const char *const groups[] = { "authors", "attributes" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		for (size_t j = 0; j < COUNT(groups); j++) {
			struct err err = refused(
				arena_fmt(arena, LEAST "%s:\n  %s: {}\n",
					  groups[j], bad[i])
					.at);

			assert_string_equal(err.place, "t.yaml:6:3");
			assert_non_null(strstr(err.message, "is no name"));
			assert_non_null(strstr(err.hint, "a-z"));
		}
	}
	parse(LEAST "authors: {" KEY_OF_40 ": }");
}

static void what_must_be_there_is_asked_for(void **state)
{
	static const struct {
		const char *text, *place, *message, *hint;
	} cases[] = {
		{ "", "t.yaml", "'publication.name' is missing",
		  "write publication: {name: The Letter}" },
		{ "# nothing\n", "t.yaml", "'publication.name' is missing",
		  "write publication: {name: The Letter}" },
		{ "publication: {name: \" \"}\n", "t.yaml",
		  "'publication.name' is missing",
		  "write publication: {name: The Letter}" },
		{ "publication: {name: P}\n", "t.yaml", "'from' is missing",
		  "write from: The Letter <letters@example.org>" },
		{ "publication: {name: P}\nfrom: a@b.example\nlists:\n",
		  "t.yaml", "'lists' is missing",
		  "write lists: {weekly: {title: Weekly}}" },
		{ "publication: {name: P}\nfrom: a@b.example\nlists: {w: }\n",
		  "t.yaml", "'relays' is missing",
		  "write relays: {main: {url: smtp://127.0.0.1:2525}}" },
		{ "publication: {name: P}\nfrom: a@b.example\nlists: {w: }\n"
		  "relays:\n  main: {user: x}\n",
		  "t.yaml:5", "'relays.main.url' is missing",
		  "write url: smtp://127.0.0.1:2525" },
		{ "publication: {name: P}\nfrom: a@b.example\nlists: {w: }\n"
		  "relays:\n  main:\n    url:\n",
		  "t.yaml:5", "'relays.main.url' is missing",
		  "write url: smtp://127.0.0.1:2525" },
		{ "just words\n", "t.yaml:1:1", "'t.yaml' wants a map",
		  "write NAME: VALUE, each on a line of its own" },
		{ "- a\n", "t.yaml:1:1", "'t.yaml' wants a map",
		  "write NAME: VALUE, each on a line of its own" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = refused(cases[i].text);

		assert_string_equal(err.message, cases[i].message);
		assert_string_equal(err.place, cases[i].place);
		assert_string_equal(err.hint, cases[i].hint);
	}
}

static void a_file_that_is_no_plain_yaml_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text, *place;
	} cases[] = {
		{ "from: a\nfrom: b\n", "t.yaml:2:1" },
		{ "from: &x a\n", "t.yaml:1:7" },
		{ "from: !!str a\n", "t.yaml:1:7" },
		{ "from: a\n---\nfrom: b\n", "t.yaml:2:1" },
		{ "from: a\n\tx: y\n", "t.yaml:2:1" },
		{ "from: [\n", "t.yaml:2:1" },
		{ "a: b\nfrom: \377\n", "t.yaml:2:7" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(refused(cases[i].text).place,
				    cases[i].place);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_wrong_name_is_refused_with_its_place_and_the_nearest),
		TEST(a_dotted_name_is_no_way_around_the_sections),
		TEST(a_value_of_the_wrong_type_is_refused_with_place_and_cure),
		TEST(a_relays_value_of_the_wrong_type_is_refused_at_its_place),
		TEST(what_could_end_a_header_is_in_no_text),
		TEST(the_postal_address_alone_has_lines),
		TEST(names_of_the_users_are_plain_words),
		TEST(what_must_be_there_is_asked_for),
		TEST(a_file_that_is_no_plain_yaml_is_refused_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
