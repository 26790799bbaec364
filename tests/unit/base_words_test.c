/* base_words_test.c - words of catalogues that are well made: found by
 * language, context and number */
#include "base_words_rig.h"

static struct arena *arena;

static int up(void **state)
{
	(void)state;
	arena = arena_new("a test", (size_t)64 << 20);
	return 0;
}

static int down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

#define assert_says(got, want)                                             \
	do {                                                               \
		struct str got_ = (got);                                   \
		if (!str_eqz(got_, want))                                  \
			fail_msg("'" STR_FMT "', not '%s'", STR_ARG(got_), \
				 want);                                    \
	} while (0)

static const struct entry german[] = {
	HEADER("nplurals=2; plural=(n != 1);"),
	ENTRY("Share", "Teilen"),
	ENTRY("box\004Note", "Hinweis"),
	ENTRY("note\004Note", "Fußnote"),
	ENTRY("one day\0%d days", "ein Tag\0%d Tage"),
};
#define GERMAN german, sizeof(german) / sizeof(*german)

static const struct words *opened(const struct entry *entries, size_t count,
				  bool big, const struct words *next)
{
	struct words_file file = { "de", mo_make(arena, entries, count, big) };
	const struct words *words = NULL;
	struct err err = ERR_INIT;

	if (words_open(&file, next, arena, &words, &err) < 0)
		fail_msg("%s", err.message);
	return words;
}

static void words_are_found_in_catalogues_of_either_byte_order(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		const struct words *de = opened(GERMAN, big, NULL);

		assert_says(words_get(de, NULL, "Share"), "Teilen");
		assert_says(words_get(de, "box", "Note"), "Hinweis");
		assert_says(words_get(de, "note", "Note"), "Fußnote");
		assert_says(words_language(de), "de");
	}
}

static void what_no_catalogue_knows_stays_english(void **state)
{
	const struct words *de = opened(GERMAN, false, NULL);

	(void)state;
	/* Its beginning, its end, and the word of another context. */
	assert_says(words_get(de, NULL, "Shar"), "Shar");
	assert_says(words_get(de, NULL, "Shared"), "Shared");
	assert_says(words_get(de, NULL, "Note"), "Note");
	assert_says(words_get(de, "box", "Share"), "Share");
	assert_says(words_get(de, "bo", "xNote"), "xNote");
	assert_says(words_get(NULL, "box", "Note"), "Note");
	assert_says(words_plural(NULL, NULL, "a day", "days", 1), "a day");
	assert_says(words_plural(NULL, NULL, "a day", "days", 0), "days");
	assert_says(words_language(NULL), "");
}

static void a_number_chooses_the_form(void **state)
{
	const struct words *de = opened(GERMAN, false, NULL);

	(void)state;
	assert_says(words_plural(de, NULL, "one day", "%d days", 1), "ein Tag");
	assert_says(words_plural(de, NULL, "one day", "%d days", 0), "%d Tage");
	assert_says(words_plural(de, NULL, "one day", "%d days", 7), "%d Tage");
	/* A word that has no plural there is no answer to many. */
	assert_says(words_plural(de, NULL, "Share", "Shares", 2), "Shares");
}

/* --- formulas ------------------------------------------------------------- */

static unsigned form(const char *formula, int forms, uint64_t n)
{
	static const char names[] = "0\0001\0002\0003\0004\0005\0006\0007";
	struct entry entries[2] = {
		{ STR(""), arena_fmt(arena, "Plural-Forms: %s\n", formula) },
		{ STR("x\0xs"), { names, 2 * (size_t)forms - 1 } },
	};
	const struct words *words = opened(entries, 2, false, NULL);
	struct str text = words_plural(words, NULL, "x", "xs", n);

	assert_int_equal(text.len, 1);
	return (unsigned)(text.at[0] - '0');
}

/* What the forms are for 0, 1, 2 ... by the rules of CLDR. */
static void the_formulas_of_real_languages_are_computed(void **state)
{
	static const struct {
		const char *language, *formula;
		int forms;
		const char *from_0; /* the form of each number, one a sign */
		uint64_t more;
		unsigned more_form;
	} cases[] = {
		{ "ja", "nplurals=1; plural=0;", 1, "0000000", 1000, 0 },
		{ "de", "nplurals=2; plural=(n != 1);", 2, "1011111", 101, 1 },
		{ "fr", "nplurals=2; plural=n>1", 2, "0011111", 1000000, 1 },
		{ "pl",
		  "nplurals=3; plural=n==1 ? 0 : n%10>=2 && n%10<=4 && "
		  "(n%100<10 || n%100>=20) ? 1 : 2;",
		  3, "2011122222222222222222111222222211", 112, 2 },
		{ "uk",
		  "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && "
		  "n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
		  3, "2011122222222222222220111222222011", 111, 2 },
		{ "ar",
		  "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
		  "n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;",
		  6, "01233333333444444444444", 1000, 5 },
		{ "sl",
		  "nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : "
		  "n%100==3 || n%100==4 ? 2 : 3);",
		  4, "3012233333", 204, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (uint64_t n = 0; cases[i].from_0[n]; n++)
			if (form(cases[i].formula, cases[i].forms, n) !=
			    (unsigned)(cases[i].from_0[n] - '0'))
				fail_msg("%s: the form of %d",
					 cases[i].language, (int)n);
		assert_int_equal(
			form(cases[i].formula, cases[i].forms, cases[i].more),
			cases[i].more_form);
	}
}

/* Each is computed for n = 6, of two forms; C says what must come out. */
static void a_formula_means_what_it_means_in_c(void **state)
{
	static const struct {
		const char *formula;
		bool truth;
	} cases[] = {
		{ "n - 3 - 2 == 1", true },
		{ "n - (3 - 2) == 1", false },
		{ "n / 3 * 2 == 4", true },
		{ "n + 1 * 2 == 8", true },
		{ "!n == 0", true },
		{ "!!n == 1", true },
		{ "n > 5 == 1", true },
		{ "n >= 6 && n <= 6", true },
		{ "0 && 0 || 1", true },
		{ "1 || 0 && 0", true },
		{ "n ? 0 : 1 ? 1 : 1", false },
		{ "n != 6 ? 1 : n < 6", false },
		{ "n%4==2", true },
		{ "\tn \t% 4 == 2 ; ", true },
		/* What C leaves open must not stop us. */
		{ "n / 0", false },
		{ "n % (n - 6)", false },
		/* Beyond the forms there are: the first. */
		{ "n", false },
		{ "0 - 1", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *line = arena_z(arena,
				     arena_fmt(arena, "nplurals=2; plural=%s",
					       cases[i].formula));

		if (form(line, 2, 6) != cases[i].truth)
			fail_msg("%s", cases[i].formula);
	}
}

static void without_a_formula_one_is_one_and_all_else_many(void **state)
{
	static const struct entry entries[] = {
		ENTRY("x\0xs", "eins\0viele"),
	};
	const struct words *words = opened(entries, 1, false, NULL);

	(void)state;
	assert_says(words_plural(words, NULL, "x", "xs", 1), "eins");
	assert_says(words_plural(words, NULL, "x", "xs", 0), "viele");
}

/* --- languages ------------------------------------------------------------ */

static void a_language_falls_back_to_what_is_wider_and_then_to_english(
	void **state)
{
	static const struct entry wide[] = {
		HEADER("nplurals=2; plural=(n > 1);"),
		ENTRY("Next", "Seguinte"),
		ENTRY("Share", "Partilhar"),
		ENTRY("Watch", "Ver"),
	};
	static const struct entry narrow[] = {
		HEADER("nplurals=2; plural=(n > 1);"),
		ENTRY("Share", "Compartilhar"),
		/* Not translated: an empty text is none. */
		ENTRY("Watch", ""),
	};
	const struct words_file files[] = {
		{ "pt", mo_make(arena, wide, 4, false) },
		{ "pt_BR", mo_make(arena, narrow, 3, false) },
		{ NULL, STR_NONE },
	};
	static const struct {
		const char *asked, *language, *share, *next;
	} cases[] = {
		{ "pt-BR", "pt_BR", "Compartilhar", "Seguinte" },
		{ "PT_br", "pt_BR", "Compartilhar", "Seguinte" },
		{ "pt-BR-x-oeste", "pt_BR", "Compartilhar", "Seguinte" },
		{ "pt", "pt", "Partilhar", "Seguinte" },
		{ "pt-AO", "pt", "Partilhar", "Seguinte" },
		{ "ptx", "", "Share", "Next" },
		{ "p", "", "Share", "Next" },
		{ "", "", "Share", "Next" },
		{ "-", "", "Share", "Next" },
		{ "pt-too-long-to-be-a-language-at-all-by-far", "", "Share",
		  "Next" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct words *words;
		struct err err = ERR_INIT;

		assert_int_equal(words_choose(files, str_of(cases[i].asked),
					      arena, &words, &err),
				 0);
		assert_says(words_language(words), cases[i].language);
		assert_says(words_get(words, NULL, "Share"), cases[i].share);
		assert_says(words_get(words, NULL, "Next"), cases[i].next);
		assert_says(words_get(words, NULL, "Watch"),
			    words ? "Ver" : "Watch");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			words_are_found_in_catalogues_of_either_byte_order),
		cmocka_unit_test(what_no_catalogue_knows_stays_english),
		cmocka_unit_test(a_number_chooses_the_form),
		cmocka_unit_test(the_formulas_of_real_languages_are_computed),
		cmocka_unit_test(a_formula_means_what_it_means_in_c),
		cmocka_unit_test(
			without_a_formula_one_is_one_and_all_else_many),
		cmocka_unit_test(
			a_language_falls_back_to_what_is_wider_and_then_to_english),
	};

	return cmocka_run_group_tests(tests, up, down);
}
