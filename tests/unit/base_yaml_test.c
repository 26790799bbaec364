/* base_yaml_test.c - a tree that knows its lines, and what is refused */
#include "base_rig.h"

#include "base/yaml.h"

#define NODES_MAX 100000
#define DEPTH_MAX 64

static struct arena *arena;

static int up(void **state)
{
	(void)state;
	arena = arena_new("a test", (size_t)256 << 20);
	return 0;
}

static int down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static const struct yaml *parse(struct str text)
{
	struct yaml *root = NULL;
	struct err err = ERR_INIT;

	if (yaml_parse(text, "t.yaml", 1, arena, &root, &err) < 0)
		fail_msg("%s: %s", err.place, err.message);
	assert_int_equal(err.code, ERR_NONE);
	return root;
}

static void assert_refused(struct str text, const char *place,
			   const char *message)
{
	struct yaml *root = NULL;
	struct err err = ERR_INIT;

	if (yaml_parse(text, "t.yaml", 1, arena, &root, &err) == 0)
		fail_msg("'%.*s' was taken", STR_ARG(text));
	assert_int_equal(err.code, ERR_INPUT);
	if (strcmp(err.place, place) != 0 || !strstr(err.message, message))
		fail_msg("'%.*s' gave '%s: %s'", STR_ARG(text), err.place,
			 err.message);
	assert_null(root);
}

static const struct yaml *at(const struct yaml *map, const char *key)
{
	const struct yaml *node = yaml_get(map, str_of(key));

	if (!node)
		fail_msg("no '%s'", key);
	return node;
}

static void assert_place(const struct yaml *node, int line, int column,
			 int key_line, int key_column)
{
	assert_int_equal(node->line, line);
	assert_int_equal(node->column, column);
	assert_int_equal(node->key_line, key_line);
	assert_int_equal(node->key_column, key_column);
}

static void every_node_knows_its_kind_and_place(void **state)
{
	const struct yaml *root = parse(STR("# a comment\n"
					    "name: The Swamp\n"
					    "list:\n"
					    "  - one\n"
					    "  - {a: 1, b: [x, y]}\n"
					    "deep:\n"
					    "  inner: 'quoted'\n"
					    "block: |\n"
					    "  two\n"
					    "  lines\n"
					    "none:\n"));
	const struct yaml *list = at(root, "list"), *flow;

	(void)state;
	assert_int_equal(root->kind, YAML_MAP);
	assert_int_equal(root->count, 5);
	assert_str(at(root, "name")->text, STR("The Swamp"));
	assert_true(at(root, "name")->plain);
	assert_place(at(root, "name"), 2, 7, 2, 1);
	assert_int_equal(list->kind, YAML_SEQ);
	assert_int_equal(list->count, 2);
	assert_str(list->first->text, STR("one"));
	assert_place(list->first, 4, 5, 0, 0);
	flow = list->first->next;
	assert_int_equal(flow->kind, YAML_MAP);
	assert_place(at(flow, "b"), 5, 15, 5, 12);
	assert_str(at(flow, "b")->first->next->text, STR("y"));
	assert_null(flow->next);
	assert_str(at(at(root, "deep"), "inner")->text, STR("quoted"));
	assert_false(at(at(root, "deep"), "inner")->plain);
	assert_str(at(root, "block")->text, STR("two\nlines\n"));
	assert_false(at(root, "block")->plain);
	assert_true(yaml_is_null(at(root, "none")));
	assert_null(yaml_get(root, STR("nam")));
	assert_null(yaml_get(at(root, "name"), STR("x")));
}

static void the_order_of_the_file_is_kept(void **state)
{
	static const char *const keys[] = { "z", "a", "m", "b" };
	const struct yaml *node = parse(STR("z: 1\na: 2\nm: 3\nb: 4\n"))->first;

	(void)state;
	for (size_t i = 0; i < COUNT(keys); i++, node = node->next)
		assert_str(node->key, str_of(keys[i]));
	assert_null(node);
}

static void an_empty_document_is_an_empty_map(void **state)
{
	static const char *const cases[] = { "",	   "\n\n",
					     "# words\n",  "---\n",
					     "---\n...\n", "~",
					     "null\n",	   "\xEF\xBB\xBF" };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct yaml *root = parse(str_of(cases[i]));

		assert_int_equal(root->kind, YAML_MAP);
		assert_int_equal(root->count, 0);
		assert_null(root->first);
		assert_int_equal(root->line, 1);
	}
	assert_int_equal(parse(STR("''"))->kind, YAML_SCALAR);
	assert_int_equal(parse((struct str){ 0 })->kind, YAML_MAP);
}

static void windows_line_ends_and_a_byte_order_mark_are_accepted(void **state)
{
	const struct yaml *root = parse(STR("\xEF\xBB\xBF"
					    "a: b\r\nc: d\r\n"));

	(void)state;
	assert_str(at(root, "a")->text, STR("b"));
	assert_str(at(root, "c")->text, STR("d"));
	assert_place(at(root, "a"), 1, 4, 1, 1);
	assert_place(at(root, "c"), 2, 4, 2, 1);
}

static void what_is_wrong_is_refused_by_name_and_place(void **state)
{
	static const struct {
		struct str text;
		const char *place, *message;
	} cases[] = {
		/* What surprises. */
		{ STR("a: &x 1\n"), "t.yaml:1:4", "an anchor (&name)" },
		{ STR("a: &x {b: 1}\n"), "t.yaml:1:4", "an anchor" },
		{ STR("a:\n- &x [b]\n"), "t.yaml:2:3", "an anchor" },
		{ STR("&x a: 1\n"), "t.yaml:1:1", "an anchor" },
		{ STR("a: *x\n"), "t.yaml:1:4", "an alias (*name)" },
		{ STR("*x : 1\n"), "t.yaml:1:1", "an alias" },
		{ STR("a: !!str 1\n"), "t.yaml:1:4", "a tag (!name)" },
		{ STR("a: ! 1\n"), "t.yaml:1:4", "a tag" },
		{ STR("a: !x [1]\n"), "t.yaml:1:4", "a tag" },
		{ STR("!!map {a: 1}\n"), "t.yaml:1:1", "a tag" },
		{ STR("a: 1\n<<: {b: 2}\n"), "t.yaml:2:1", "a merge key (<<)" },
		{ STR("a: 1\n---\nb: 2\n"), "t.yaml:2:1", "a second document" },
		{ STR("a: 1\n...\nb: 2\n"), "t.yaml:3:1", "document start" },
		{ STR("[a]: 1\n"), "t.yaml:1:1", "a name must be" },
		{ STR("x:\n  ? {a: b}\n  : 1\n"), "t.yaml:2:5",
		  "a name must be" },
		/* A name twice, also by another spelling. */
		{ STR("a: 1\nb: 2\na: 3\n"), "t.yaml:3:1",
		  "'a' stands here a second time" },
		{ STR("a: 1\n\"\\x61\": 2\n"), "t.yaml:2:1", "'a' stands" },
		{ STR("x:\n  y: 1\n  y: 2\n"), "t.yaml:3:3", "'y' stands" },
		{ STR("{b: 1, a: 1, a: 2, b: 3}"), "t.yaml:1:14",
		  "'a' stands" },
		{ STR("? \n? \n"), "t.yaml:2:2", "'' stands" },
		/* What cannot be read. */
		{ STR("a: b\nc: \xFF\n"), "t.yaml:2:4", "not UTF-8" },
		{ STR("\xC3\xA9\xC3\xA9: \xC3\n"), "t.yaml:1:5", "not UTF-8" },
		{ STR("a: b\n\nc: d\x01\n"), "t.yaml:3:5", "control" },
		{ STR("a: b\n\xC3\xA9: \x7F\n"), "t.yaml:2:4", "control" },
		{ STR("a: b\0c\n"), "t.yaml:1:5", "control" },
		{ STR("a: b\nc: \"d\\0e\"\n"), "t.yaml:2:4", "a NUL byte" },
		{ STR("a:\n\tb: c\n"), "t.yaml:2:1", "cannot start any token" },
		{ STR("a: b: c\n"), "t.yaml:1:5", "not allowed" },
		{ STR("a: b\nc\nd: e\n"), "t.yaml:3:1", "expected ':'" },
		{ STR("a: [1,\nb: c\n"), "t.yaml:3:1", "expected ',' or ']'" },
		{ STR("a: 'b\n"), "t.yaml:2:1", "end of stream" },
		{ STR("a: @b\n"), "t.yaml:1:4", "cannot start" },
		{ STR("a: 1\n b: 2\n"), "t.yaml:2:3", "not allowed" },
		{ STR("%FOO\n---\na: 1\n"), "t.yaml:1:5", "directive" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_refused(cases[i].text, cases[i].place, cases[i].message);
}

static void a_refusal_says_how_to_cure_it(void **state)
{
	static const struct {
		const char *text, *hint;
	} cases[] = {
		{ "a: *x\n", "put the value in quotes" },
		{ "a: 1\na: 2\n", "keep one of the two" },
		{ "\n\na: 'b\n\n\n", "it begins in line 3" },
		{ "a: b: c\n", "between quotes" },
		{ "a: \x01", "delete the character" },
		{ "a: \xFF", "save the file as UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;
		struct yaml *root;

		assert_int_equal(yaml_parse(str_of(cases[i].text), "t", 1,
					    arena, &root, &err),
				 -1);
		if (!strstr(err.hint, cases[i].hint))
			fail_msg("%s: %s", cases[i].text, err.hint);
	}
}

static void lines_are_counted_from_where_the_text_begins(void **state)
{
	static const char *const texts[] = { "a: 1\nb: &x\n", "a: 1\nb: \x01",
					     "a: 1\nb: \xFF", "a: 1\nb: @\n" };
	struct yaml *root;
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_int_equal(yaml_parse(str_of(texts[i]), "x.md", 40, arena,
					    &root, &err),
				 -1);
		assert_string_equal(err.place, "x.md:41:4");
	}
	assert_int_equal(
		yaml_parse(STR("a: 1\n"), "x.md", 40, arena, &root, &err), 0);
	assert_int_equal(root->first->key_line, 40);
}

/* A merge key is a plain word; the same signs as a text are a text. */
static void signs_between_quotes_are_text(void **state)
{
	const struct yaml *root = parse(STR("\"<<\": <<\n"
					    "a: '*x'\n"
					    "b: \"&y !z\"\n"));

	(void)state;
	assert_str(at(root, "<<")->text, STR("<<"));
	assert_str(at(root, "a")->text, STR("*x"));
	assert_str(at(root, "b")->text, STR("&y !z"));
}

static struct str repeated(const char *part, size_t times, const char *tail)
{
	size_t len = strlen(part);
	char *text = arena_take(arena, len * times + strlen(tail) + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(text + i * len, part, len);
	memcpy(text + len * times, tail, strlen(tail));
	return str_at(text, len * times + strlen(tail));
}

static void nesting_ends_at_64_levels(void **state)
{
	(void)state;
	parse(repeated("[", DEPTH_MAX, repeated("]", DEPTH_MAX, "\n").at));
	assert_refused(repeated("[", DEPTH_MAX + 1,
				repeated("]", DEPTH_MAX + 1, "\n").at),
		       "t.yaml:1:65", "more than 64 levels");
	assert_refused(repeated("[", 1000000, ""), "t.yaml:1:65",
		       "more than 64 levels");
	assert_refused(repeated("{a: ", 1000000, ""), "t.yaml:1:257",
		       "more than 64 levels");
	assert_refused(repeated("- ", 1000000, ""), "t.yaml:1:129",
		       "more than 64 levels");
}

static void values_end_at_a_hundred_thousand(void **state)
{
	(void)state;
	/* The list itself is one. */
	assert_int_equal(parse(repeated("- a\n", NODES_MAX - 1, ""))->count,
			 NODES_MAX - 1);
	assert_refused(repeated("- a\n", NODES_MAX, ""), "t.yaml:100000:3",
		       "more than 100000 values");
	arena_reset(arena);
}

/* The classic bomb stops at its first anchor, before anything is doubled. */
static void a_bomb_of_aliases_never_goes_off(void **state)
{
	(void)state;
	assert_refused(STR("a: &a [x, x, x, x, x, x, x, x, x]\n"
			   "b: &b [*a, *a, *a, *a, *a, *a, *a, *a]\n"
			   "c: &c [*b, *b, *b, *b, *b, *b, *b, *b]\n"),
		       "t.yaml:1:4", "an anchor");
}

/* With one name compared with all before it this takes minutes, and the
 * alarm ends the test. */
static void a_map_of_ninety_thousand_names_is_read_in_no_time(void **state)
{
	char *text = arena_take(arena, (size_t)16 * 90001);
	size_t len = 0;

	(void)state;
	for (int i = 0; i < 90000; i++) {
		memcpy(text + len, "k00000: \n", 9);
		for (int n = i, k = 5; n > 0; n /= 10, k--)
			text[len + (size_t)k] = (char)('0' + n % 10);
		len += 9;
	}
	alarm(10);
	assert_int_equal(parse(str_at(text, len))->count, 90000);
	memcpy(text + len, "k00007: \n", 9);
	assert_refused(str_at(text, len + 9), "t.yaml:90001:1",
		       "'k00007' stands here a second time");
	alarm(0);
	arena_reset(arena);
}

static void null_and_truth_have_their_words(void **state)
{
	static const struct {
		const char *text;
		int truth; /* -1: is none */
		bool null;
	} cases[] = {
		{ "a: true", 1, false },    { "a: TRUE", 1, false },
		{ "a: Yes", 1, false },	    { "a: on", 1, false },
		{ "a: false", 0, false },   { "a: No", 0, false },
		{ "a: OFF", 0, false },	    { "a: y", -1, false },
		{ "a: 1", -1, false },	    { "a: truee", -1, false },
		{ "a:", -1, true },	    { "a: ~", -1, true },
		{ "a: null", -1, true },    { "a: ''", -1, false },
		{ "a: 'null'", -1, false }, { "a: \"~\"", -1, false },
		{ "a: [true]", -1, false }, { "a: {}", -1, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct yaml *a = at(parse(str_of(cases[i].text)), "a");
		bool value = cases[i].truth == 0;
		bool is_truth = yaml_bool(a, &value);

		if (is_truth != (cases[i].truth >= 0) ||
		    (is_truth && value != cases[i].truth) ||
		    yaml_is_null(a) != cases[i].null)
			fail_msg("%s", cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_node_knows_its_kind_and_place),
		cmocka_unit_test(the_order_of_the_file_is_kept),
		cmocka_unit_test(an_empty_document_is_an_empty_map),
		cmocka_unit_test(
			windows_line_ends_and_a_byte_order_mark_are_accepted),
		cmocka_unit_test(what_is_wrong_is_refused_by_name_and_place),
		cmocka_unit_test(a_refusal_says_how_to_cure_it),
		cmocka_unit_test(lines_are_counted_from_where_the_text_begins),
		cmocka_unit_test(signs_between_quotes_are_text),
		cmocka_unit_test(nesting_ends_at_64_levels),
		cmocka_unit_test(values_end_at_a_hundred_thousand),
		cmocka_unit_test(a_bomb_of_aliases_never_goes_off),
		cmocka_unit_test(
			a_map_of_ninety_thousand_names_is_read_in_no_time),
		cmocka_unit_test(null_and_truth_have_their_words),
	};

	return cmocka_run_group_tests_name("base_yaml", tests, up, down);
}
