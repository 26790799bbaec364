/* render_phrases_test.c - fixed words and phrases in the letter's language */
#include "render_text_rig.h"

#include "base/words.h"
#include "render/phrases_priv.h"
#include "words.h"

/* --- every catalogue that is shipped -------------------------------------- */

static const struct words *chosen(struct rig *rig, const char *language)
{
	const struct words *words = NULL;

	if (words_choose(word_files, str_of(language), rig->arena, &words,
			 &rig->err) < 0)
		fail_msg("%s", rig->err.message);
	return words;
}

static void assert_is(struct str got, const char *want, const char *language)
{
	if (!str_eqz(got, want))
		fail_msg("%s: '" STR_FMT "', not '%s'", language, STR_ARG(got),
			 want);
}

/* The rules are those of CLDR: one line a language, a number for each form. */
static void every_language_counts_as_it_does(void **state)
{
	static const struct {
		const char *language;
		struct {
			int n;
			const char *text;
		} cases[6];
	} languages[] = {
		{ "de",
		  { { 1, "1 Min. Lesezeit" }, { 7, "7 Min. Lesezeit" } } },
		{ "fr",
		  { { 1, "1 min de lecture" }, { 2, "2 min de lecture" } } },
		{ "es", { { 1, "1 min de lectura" } } },
		{ "it", { { 1, "1 min di lettura" } } },
		{ "pt", { { 1, "1 min de leitura" } } },
		{ "nl", { { 1, "1 min. leestijd" } } },
		{ "pl",
		  { { 1, "1 minuta czytania" },
		    { 3, "3 minuty czytania" },
		    { 5, "5 minut czytania" },
		    { 12, "12 minut czytania" },
		    { 22, "22 minuty czytania" },
		    { 21, "21 minut czytania" } } },
		{ "uk",
		  { { 1, "1 хвилина читання" },
		    { 21, "21 хвилина читання" },
		    { 11, "11 хвилин читання" },
		    { 4, "4 хвилини читання" },
		    { 14, "14 хвилин читання" },
		    { 20, "20 хвилин читання" } } },
		{ "ar",
		  { { 0, "قراءة في أقل من دقيقة" },
		    { 1, "قراءة في دقيقة واحدة" },
		    { 2, "قراءة في دقيقتين" },
		    { 3, "قراءة في 3 دقائق" },
		    { 11, "قراءة في 11 دقيقة" },
		    { 100, "قراءة في 100 دقيقة" } } },
		{ "he",
		  { { 1, "דקת קריאה אחת" },
		    { 2, "שתי דקות קריאה" },
		    { 3, "3 דקות קריאה" } } },
		{ "ja", { { 1, "この記事は1分で読めます" } } },
		{ "zh", { { 1, "阅读约需 1 分钟" } } },
		{ "pt_BR", { { 1, "1 min de leitura" } } },
		{ "zh_Hant", { { 1, "閱讀約需 1 分鐘" } } },
	};
	struct rig *rig = *state;
	size_t count = sizeof(languages) / sizeof(*languages);

	for (size_t i = 0; i < count; i++) {
		struct letter letter = {
			.arena = rig->arena,
			.words = chosen(rig, languages[i].language),
		};

		assert_is(words_language(letter.words), languages[i].language,
			  languages[i].language);
		for (size_t k = 0; k < 6 && languages[i].cases[k].text; k++)
			assert_is(phrase_minutes(&letter,
						 languages[i].cases[k].n),
				  languages[i].cases[k].text,
				  languages[i].language);
	}
	/* None of the shipped ones is left out here. */
	for (size_t i = 0; word_files[i].language; i++)
		assert_true(i < count);
	assert_null(word_files[count].language);
}

static void every_language_writes_dates_in_its_order(void **state)
{
	static const struct {
		const char *language, *first, *second;
	} cases[] = {
		{ "en", "1 May 2026", "22 December 2026" },
		{ "de", "1. Mai 2026", "22. Dezember 2026" },
		{ "fr", "1er mai 2026", "22 décembre 2026" },
		{ "es", "1 de mayo de 2026", "22 de diciembre de 2026" },
		{ "it", "1º maggio 2026", "22 dicembre 2026" },
		{ "pt", "1 de maio de 2026", "22 de dezembro de 2026" },
		{ "nl", "1 mei 2026", "22 december 2026" },
		{ "pl", "1 maja 2026", "22 grudnia 2026" },
		{ "uk", "1 травня 2026 р.", "22 грудня 2026 р." },
		{ "ar", "1 مايو 2026", "22 ديسمبر 2026" },
		{ "he", "1 במאי 2026", "22 בדצמבר 2026" },
		{ "ja", "2026年5月1日", "2026年12月22日" },
		{ "zh", "2026年5月1日", "2026年12月22日" },
		{ "pt-BR", "1º de maio de 2026", "22 de dezembro de 2026" },
		{ "sw", "1 May 2026", "22 December 2026" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct words *words = chosen(rig, cases[i].language);

		assert_is(phrase_date(words, (struct date){ 2026, 5, 1 },
				      rig->arena),
			  cases[i].first, cases[i].language);
		assert_is(phrase_date(words, (struct date){ 2026, 12, 22 },
				      rig->arena),
			  cases[i].second, cases[i].language);
	}
}

/* Each month has its own name, and each word is told from its neighbours. */
static void every_language_has_every_word(void **state)
{
	struct rig *rig = *state;

	for (size_t i = 0; word_files[i].language; i++) {
		struct letter letter = {
			.arena = rig->arena,
			.words = chosen(rig, word_files[i].language),
		};

		for (int m = 2; m <= 12; m++)
			assert_false(str_eq(phrase_month(letter.words, m),
					    phrase_month(letter.words, m - 1)));
		for (int w = 0; w < WORD_COUNT; w++)
			assert_true(letter_word(&letter, (enum word)w).len > 0);
		assert_false(str_eqz(letter_word(&letter, WORD_UNSUBSCRIBE),
				     "Unsubscribe"));
	}
}

/* --- in letters ----------------------------------------------------------- */

static struct rig_letter letter_in(struct rig *rig, const char *language)
{
	rig_markdown(rig, ":::callout {tone=tip}\nSo.\n:::");
	rig->article.lang = str_of(language);
	rig->article.topic = STR("walks");
	rig->input.list.description = STR_NONE;
	rig->input.author_count = 2;
	return rig_letter(rig);
}

static void a_letter_speaks_one_language(void **state)
{
	struct str text = letter_in(*state, "de-AT").text;

	rig_holds(text, "\nVon Mara Okonjo und Theo Lind · 22. Mai 2026 · "
			"3 Min. Lesezeit\nThema: walks\n");
	rig_holds(text, "\n   Tipp: So.\n");
	rig_holds(text, "\nÜber Mara Okonjo: Walks");
	rig_holds(text, "\nSie erhalten diese Nachricht an Ana@Example.org, "
			"weil Sie Salt Road \nWeekly abonniert haben.\n");
	rig_holds(text, "\nAbbestellen:\nhttps://");
	rig_holds(text, "\nEinstellungen:\nhttps://");
	rig_holds(text, "\n© 2026 Salt Road Press. Alle Rechte vorbehalten.\n");
}

/* The colon of French stands off, the comma of Japanese is its own. */
static void signs_are_those_of_the_language(void **state)
{
	rig_holds(letter_in(*state, "fr").text, "\n   Astuce\u00A0: So.\n");
	rig_holds(letter_in(*state, "zh").text, "\n   提示：So.\n");
	rig_holds(letter_in(*state, "ja").text,
		  "\n文：Mara Okonjo、Theo Lind · 2026年5月22日 · ");
	rig_holds(letter_in(*state, "ar").text,
		  "\u2068Mara Okonjo\u2069 و\u2068Theo Lind\u2069");
	/* The address is kept from turning in a line that runs to the left. */
	rig_holds(letter_in(*state, "he").text, "\u2066Ana@Example.org\u2069");
	rig_lacks(letter_in(*state, "de").text, "\u2066");
	rig_lacks(letter_in(*state, "de").text, "\u2068");
	rig_holds(letter_in(*state, "ar").text,
		  "\n© 2026 \u2068Salt Road Press\u2069. جميع");
}

static void the_publications_language_speaks_where_the_article_has_none(
	void **state)
{
	struct rig *rig = *state;

	rig->input.publication.language = STR("nl");
	rig_holds(letter_in(rig, "").text, "\nUitschrijven:\n");
	rig_holds(letter_in(rig, "pl").text, "\nWypisz się:\n");
	rig_holds(letter_in(rig, "pt-BR").text, "\nCancelar inscrição:\n");
	rig_holds(letter_in(rig, "pt-AO").text, "\nCancelar a subscrição:\n");
	rig_holds(letter_in(rig, "zh-Hant-HK").text, "\n取消訂閱：\n");
	rig_holds(letter_in(rig, "zh-tw").text, "\n取消訂閱：\n");
	rig_holds(letter_in(rig, "zh-CN").text, "\n退订：\n");
	rig->input.publication.language = STR_NONE;
	rig_holds(letter_in(rig, "").text, "\nUnsubscribe:\n");
}

static void a_language_without_catalogue_gets_english_words(void **state)
{
	struct rig *rig = *state;
	struct rig_letter letter = letter_in(rig, "sw");

	rig_holds(letter.text, "\nUnsubscribe:\n");
	rig_holds(letter.text, "\nBy Mara Okonjo and Theo Lind · 22 May 2026");
}

static void the_lists_own_reason_is_told_as_it_is(void **state)
{
	struct rig *rig = *state;

	rig_markdown(rig, "a");
	rig->article.lang = STR("de");
	rig->input.list.description = STR(" Sie im Hafen <unterschrieben> "
					  "haben. ");
	rig_holds(rig_letter(rig).text,
		  "\nSie erhalten diese Nachricht an Ana@Example.org, weil Sie "
		  "im Hafen \n<unterschrieben> haben.\n");
}

static void a_firm_with_a_full_stop_has_but_one(void **state)
{
	struct rig *rig = *state;

	rig_markdown(rig, "a");
	rig->input.publication.copyright = STR("Salt Ltd.");
	rig_holds(rig_letter(rig).text,
		  "\n© 2026 Salt Ltd. All rights reserved.\n");
}

static void templates_may_ask_for_any_word(void **state)
{
	static const char *const cases[][2] = {
		{ "de: {{words.share}}, {{words.subscribe}}",
		  "de: Teilen, Abonnieren\n" },
		{ "{{words.lang}} {{words.dir}}", "de ltr\n" },
		{ "{{issue.date}}", "22. Mai 2026\n" },
		{ "{{subscriber.joined | date \"%e. %B %Y\"}}",
		  "1. März 2024\n" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str text;

		rig_markdown(rig, cases[i][0]);
		rig->article.lang = STR("de");
		text = rig_letter(rig).text;
		rig_holds(text, cases[i][1]);
	}
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(every_language_counts_as_it_does),
		test(every_language_writes_dates_in_its_order),
		test(every_language_has_every_word),
		test(a_letter_speaks_one_language),
		test(signs_are_those_of_the_language),
		test(the_publications_language_speaks_where_the_article_has_none),
		test(a_language_without_catalogue_gets_english_words),
		test(the_lists_own_reason_is_told_as_it_is),
		test(a_firm_with_a_full_stop_has_but_one),
		test(templates_may_ask_for_any_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
