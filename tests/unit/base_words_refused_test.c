/* base_words_refused_test.c - no bytes at all may lead out of a catalogue */
#include "base_words_rig.h"

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

/* In memory that ends where the catalogue does: the sanitizer watches. */
static int open_bytes(struct str bytes, struct err *err)
{
	char *copy = malloc(bytes.len + !bytes.len);
	struct words_file file = { "xx", { copy, bytes.len } };
	const struct words *words = NULL;
	int rc;

	assert_non_null(copy);
	memcpy(copy, bytes.at, bytes.len);
	rc = words_open(&file, NULL, arena, &words, err);
	if (rc == 0) {
		words_get(words, "box", "Note");
		words_plural(words, NULL, "one day", "%d days", 3);
	}
	free(copy);
	return rc;
}

static const struct entry sound[] = {
	HEADER("nplurals=2; plural=(n != 1);"),
	ENTRY("Share", "Teilen"),
	ENTRY("box\004Note", "Hinweis"),
	ENTRY("one day\0%d days", "ein Tag\0%d Tage"),
};

static void a_catalogue_cut_anywhere_is_refused(void **state)
{
	struct str whole = mo_make(arena, sound, 4, false);

	(void)state;
	for (size_t len = 0; len < whole.len; len++) {
		struct err err = ERR_INIT;

		assert_int_equal(open_bytes(str_head(whole, len), &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		assert_true(err.message[0] != 0);
	}
}

/* Every number of head and tables, set to what leads outside. */
static void numbers_that_lead_outside_are_refused(void **state)
{
	static const uint32_t wrong[] = { 0x7fffffff, 0x80000000, 0xffffffff,
					  0xfffffff8, 0x20000000 };
	struct str whole = mo_make(arena, sound, 4, false);

	(void)state;
	/* The hash table of the last two numbers of the head is not used. */
	for (size_t at = 0; at < MO_ORIGINALS + 4 * 16; at += 4) {
		for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
			char *copy = arena_z(arena, whole);
			struct err err = ERR_INIT;
			int want = at == 20 || at == 24 ? 0 : -1;

			memcpy(copy, whole.at, whole.len);
			for (int b = 0; b < 4; b++)
				copy[at + (size_t)b] = (char)(wrong[i] >>
								      8 * b &
							      255);
			if (open_bytes(str_at(copy, whole.len), &err) != want)
				fail_msg("byte %zu: %x", at, wrong[i]);
		}
	}
}

static void what_is_wrong_with_a_catalogue_is_said(void **state)
{
	static const struct {
		const char *says;
		struct entry entries[3];
	} cases[] = {
		{ "not sorted",
		  { HEADER("nplurals=1; plural=0"), ENTRY("b", "1"),
		    ENTRY("a", "2") } },
		{ "not sorted",
		  { HEADER("nplurals=1; plural=0"), ENTRY("a\0as", "1"),
		    ENTRY("a", "2") } },
		{ "not UTF-8",
		  { HEADER("nplurals=1; plural=0"), ENTRY("a", "\xff"),
		    ENTRY("b", "2") } },
		{ "not UTF-8",
		  { HEADER("nplurals=1; plural=0"), ENTRY("a", "1"),
		    ENTRY("\xc3", "2") } },
		{ "number of forms",
		  { HEADER("nplurals=1; plural=0"), ENTRY("a", "1\0002"),
		    ENTRY("b", "2") } },
		{ "number of forms",
		  { HEADER("nplurals=3; plural=0"), ENTRY("a\0as", "1\0002"),
		    ENTRY("b", "2") } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str bytes = mo_make(arena, cases[i].entries, 3, false);
		struct err err = ERR_INIT;

		assert_int_equal(open_bytes(bytes, &err), -1);
		assert_non_null(strstr(err.message, "'xx'"));
		if (!strstr(err.message, cases[i].says))
			fail_msg("%s", err.message);
	}
}

static void formulas_that_cannot_be_computed_are_refused(void **state)
{
	static const char *const cases[] = {
		"nplurals=0; plural=0",
		"nplurals=9; plural=0",
		"nplurals=99999999999999999999; plural=0",
		"nplurals=-1; plural=0",
		"nplurals=; plural=0",
		"plural=n != 1",
		"nplurals=2",
		"nplurals=2; plural=",
		"nplurals=2; plural=()",
		"nplurals=2; plural=(n",
		"nplurals=2; plural=n)",
		"nplurals=2; plural=n n",
		"nplurals=2; plural=n !",
		"nplurals=2; plural=n = 1",
		"nplurals=2; plural=n & 1",
		"nplurals=2; plural=n ? 1",
		"nplurals=2; plural=n ? 1 :",
		"nplurals=2; plural=m != 1",
		"nplurals=2; plural=n >< 1",
		"nplurals=2; plural=-n",
		"nplurals=2; plural=n;;",
		"nplurals=2; plural=99999999999999999999",
		"nplurals=2; plural=EXPRESSION;",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct entry entry = { STR(""),
				       arena_fmt(arena, "Plural-Forms: %s\n",
						 cases[i]) };
		struct err err = ERR_INIT;

		if (open_bytes(mo_make(arena, &entry, 1, false), &err) == 0)
			fail_msg("%s", cases[i]);
		assert_non_null(strstr(err.message, "Plural-Forms"));
	}
}

/* `n` times `open`, an n, `n` times `close`. */
static struct str nested(const char *open, const char *close, int n)
{
	struct str line = STR_NONE;
	struct buf out;

	buf_init(&out, 1 << 20);
	buf_addz(&out, "Plural-Forms: nplurals=2; plural=");
	for (int i = 0; i < n; i++)
		buf_addz(&out, open);
	buf_addz(&out, "n");
	for (int i = 0; i < n; i++)
		buf_addz(&out, close);
	buf_addz(&out, "\n");
	line = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return line;
}

static void deep_or_endless_formulas_are_refused_not_followed(void **state)
{
	static const struct {
		const char *open, *close;
	} cases[] = {
		{ "(", ")" },	    { "!", "" },  { "1+(", ")" },
		{ "n ? 1 : ", "" }, { "", "+1" }, { "(n?", ":0)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct entry few = { STR(""),
				     nested(cases[i].open, cases[i].close, 9) };
		struct entry many = { STR(""), nested(cases[i].open,
						      cases[i].close, 50000) };
		struct err err = ERR_INIT;

		assert_int_equal(open_bytes(mo_make(arena, &few, 1, 0), &err),
				 0);
		assert_int_equal(open_bytes(mo_make(arena, &many, 1, 0), &err),
				 -1);
	}
}

/* Forty operands wait for the last bracket: more than are ever kept. */
static void a_formula_that_keeps_too_much_in_mind_is_refused(void **state)
{
	struct entry entry = { STR(""), nested("1+(", ")", 40) };
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(open_bytes(mo_make(arena, &entry, 1, 0), &err), -1);
	entry.text = nested("(", ")", 40);
	assert_int_equal(open_bytes(mo_make(arena, &entry, 1, 0), &err), 0);
}

static void a_text_without_its_end_is_refused(void **state)
{
	static const struct entry entries[] = { ENTRY("a", "b") };
	struct str whole = mo_make(arena, entries, 1, false);
	char *copy = arena_take(arena, whole.len);
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(open_bytes(whole, &err), 0);
	memcpy(copy, whole.at, whole.len);
	copy[whole.len - 1] = 'x';
	assert_int_equal(open_bytes(str_at(copy, whole.len), &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_catalogue_cut_anywhere_is_refused),
		cmocka_unit_test(numbers_that_lead_outside_are_refused),
		cmocka_unit_test(what_is_wrong_with_a_catalogue_is_said),
		cmocka_unit_test(formulas_that_cannot_be_computed_are_refused),
		cmocka_unit_test(
			deep_or_endless_formulas_are_refused_not_followed),
		cmocka_unit_test(
			a_formula_that_keeps_too_much_in_mind_is_refused),
		cmocka_unit_test(a_text_without_its_end_is_refused),
	};

	return cmocka_run_group_tests(tests, up, down);
}
