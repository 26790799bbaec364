/* cli_options_test.c - a command line is read as its words say, or refused
 * with the right word */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "cli/options_priv.h"

struct opts {
	const char *list, *out;
	bool dry_run;
	struct option_many map;
};

#define O(field) offsetof(struct opts, field)

static const struct option table[] = {
	{ "list", 'l', OPTION_TEXT, O(list), "LIST", "a list" },
	{ "output", 'o', OPTION_TEXT, O(out), "FILE", "a file" },
	{ "dry-run", 'n', OPTION_FLAG, O(dry_run), NULL, "no change" },
	{ "map", 'm', OPTION_MANY, O(map), "COL=FIELD", "a column" },
	{ "secret", 0, OPTION_FLAG, O(dry_run), NULL, NULL },
	{ 0 }
};

#define WORDS_MAX 8

struct line {			/* one command line, read */
	struct opts opts;
	struct globals globals;
	char *words[WORDS_MAX];
	int count;
	struct err err;
};

static int read_line(const char *const *argv, struct line *line)
{
	struct options o = { .own = table, .opts = &line->opts,
			     .globals = &line->globals, .command = "import",
			     .words = line->words };
	/* The parser changes no word; argv of main() is not const. */
	char *copy[WORDS_MAX];

	memset(line, 0, sizeof(*line));
	for (; argv[o.argc]; o.argc++)
		memcpy(&copy[o.argc], &argv[o.argc], sizeof(char *));
	o.argv = copy;
	if (options_parse(&o, &line->err) < 0)
		return -1;
	line->count = o.count;
	return 0;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static void options_are_taken_in_every_usual_spelling(void **state)
{
	static const struct {
		const char *argv[WORDS_MAX];
		const char *list, *out, *dir, *first, *second;
		bool dry_run, quiet, verbose, json;
	} cases[] = {
		{ .argv = { "x.csv" }, .first = "x.csv" },
		{ .argv = { "--list", "a" }, .list = "a" },
		{ .argv = { "--list=a" }, .list = "a" },
		{ .argv = { "--list=" }, .list = "" },
		{ .argv = { "--list=a=b" }, .list = "a=b" },
		{ .argv = { "-la" }, .list = "a" },
		{ .argv = { "-l", "a" }, .list = "a" },
		{ .argv = { "-l", "-n" }, .list = "-n" },
		{ .argv = { "-nl", "a" }, .list = "a", .dry_run = true },
		{ .argv = { "-nqv" }, .dry_run = true, .quiet = true,
		  .verbose = true },
		{ .argv = { "-nofile" }, .dry_run = true, .out = "file" },
		{ .argv = { "-C", "there", "x" }, .dir = "there",
		  .first = "x" },
		{ .argv = { "x", "--json" }, .first = "x", .json = true },
		{ .argv = { "-", "-n" }, .first = "-", .dry_run = true },
		{ .argv = { "--", "-n", "--json" }, .first = "-n",
		  .second = "--json" },
		{ .argv = { "a", "-n", "b" }, .first = "a", .second = "b",
		  .dry_run = true },
		{ .argv = { "--list", "a", "--list", "b" }, .list = "b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct line line;

		assert_int_equal(read_line(cases[i].argv, &line), 0);
		assert_true(same(line.opts.list, cases[i].list));
		assert_true(same(line.opts.out, cases[i].out));
		assert_true(same(line.globals.dir, cases[i].dir));
		assert_int_equal(line.opts.dry_run, cases[i].dry_run);
		assert_int_equal(line.globals.quiet, cases[i].quiet);
		assert_int_equal(line.globals.verbose, cases[i].verbose);
		assert_int_equal(line.globals.json, cases[i].json);
		assert_true(same(line.words[0], cases[i].first));
		assert_true(same(line.words[1], cases[i].second));
		assert_int_equal(line.count, (cases[i].first != NULL) +
					     (cases[i].second != NULL));
	}
}

static void a_slip_is_answered_with_the_nearest_option(void **state)
{
	static const struct {
		const char *argv[WORDS_MAX], *message, *hint;
	} cases[] = {
		{ { "--lst", "a" }, "there is no option '--lst'",
		  "did you mean '--list'?" },
		{ { "--jsno" }, "there is no option '--jsno'",
		  "did you mean '--json'?" },
		{ { "--out=x" }, "there is no option '--out'",
		  "did you mean '--output'?" },
		{ { "--zebra" }, "there is no option '--zebra'",
		  "see 'tidings import -h'" },
		/* What only the build uses is not offered to anybody. */
		{ { "--secrte" }, "there is no option '--secrte'",
		  "see 'tidings import -h'" },
		{ { "-nz" }, "there is no option '-z'",
		  "see 'tidings import -h'" },
		{ { "--list" }, "'--list' wants LIST behind it",
		  "see 'tidings import -h'" },
		{ { "-nl" }, "'--list' wants LIST behind it",
		  "see 'tidings import -h'" },
		{ { "--dry-run=yes" }, "'--dry-run' takes no value",
		  "see 'tidings import -h'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct line line;

		assert_int_equal(read_line(cases[i].argv, &line), -1);
		assert_int_equal(line.err.code, ERR_USAGE);
		assert_string_equal(line.err.message, cases[i].message);
		assert_string_equal(line.err.hint, cases[i].hint);
	}
}

static void an_option_may_be_repeated_only_so_often(void **state)
{
	struct globals globals = { 0 };
	struct opts opts = { 0 };
	char word[] = "-ma=b";
	char *argv[OPTION_MANY_MAX + 1], *words[1];
	struct options o = { .own = table, .opts = &opts, .globals = &globals,
			     .command = "import", .argv = argv,
			     .argc = OPTION_MANY_MAX, .words = words };
	struct err err = ERR_INIT;

	(void)state;
	for (int i = 0; i <= OPTION_MANY_MAX; i++)
		argv[i] = word;
	assert_int_equal(options_parse(&o, &err), 0);
	assert_int_equal(opts.map.count, OPTION_MANY_MAX);
	assert_string_equal(opts.map.at[OPTION_MANY_MAX - 1], "a=b");
	memset(&opts, 0, sizeof(opts));
	o.argc++;
	o.at = 0;
	assert_int_equal(options_parse(&o, &err), -1);
	assert_int_equal(err.code, ERR_USAGE);
}

static void before_the_command_reading_stops_at_its_name(void **state)
{
	struct globals globals = { 0 };
	char json[] = "--json", dir[] = "-C", there[] = "x", name[] = "send",
	     own[] = "--dry-run";
	char *argv[] = { json, dir, there, name, own };
	struct options o = { .globals = &globals, .argv = argv, .argc = 5 };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(options_parse(&o, &err), 0);
	assert_int_equal(o.at, 3);
	assert_true(globals.json);
	assert_string_equal(globals.dir, "x");
}

static void a_command_is_found_or_its_nearest_is_named(void **state)
{
	static const struct { const char *word, *hint; } cases[] = {
		{ "sned", "did you mean 'send'?" },
		{ "stat", "did you mean 'status'?" },
		{ "subscribers", "did you mean 'subscriber'?" },
	};
	struct err err = ERR_INIT;

	(void)state;
	assert_string_equal(options_command("send", &err)->name, "send");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_null(options_command(cases[i].word, &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_string_equal(err.hint, cases[i].hint);
	}
	assert_null(options_command("xyzzyx", &err));
	assert_non_null(strstr(err.hint, "init, new, render, preview"));
}

static void every_command_says_what_it_takes(void **state)
{
	(void)state;
	for (size_t i = 0; commands[i]; i++) {
		const struct command *c = commands[i];

		assert_true(c->summary[0] >= 'a' && c->summary[0] <= 'z');
		assert_int_equal(c->min_args > 0 &&
				 (c->args[0] == '[' || !c->args[0]), 0);
		assert_true(c->max_args >= c->min_args);
		for (const struct option *o = c->options; o && o->name; o++) {
			assert_true(o->offset < c->opts_size);
			assert_int_equal(o->kind == OPTION_FLAG, !o->arg);
		}
	}
}

static void too_few_and_too_many_words_are_refused(void **state)
{
	const struct command c = { .name = "x", .args = "ISSUE", .min_args = 1,
				   .max_args = 1 };
	char a[] = "a", b[] = "b";
	char *words[] = { a, b };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(options_count(&c, 1, words, &err), 0);
	assert_int_equal(options_count(&c, 0, words, &err), -1);
	assert_string_equal(err.message, "'x' wants ISSUE");
	assert_int_equal(options_count(&c, 2, words, &err), -1);
	assert_string_equal(err.message, "'b' is one word too many");
	assert_int_equal(err.code, ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_taken_in_every_usual_spelling),
		cmocka_unit_test(a_slip_is_answered_with_the_nearest_option),
		cmocka_unit_test(an_option_may_be_repeated_only_so_often),
		cmocka_unit_test(before_the_command_reading_stops_at_its_name),
		cmocka_unit_test(a_command_is_found_or_its_nearest_is_named),
		cmocka_unit_test(every_command_says_what_it_takes),
		cmocka_unit_test(too_few_and_too_many_words_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
