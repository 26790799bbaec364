/* What holds for themes: data that is checked where it stands, colours that
 * can be read by day and by night, type that suits the language. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "render/theme_priv.h"
#include "render_rig.h"

struct own {
	char dir[64];
	struct arena *arena;
	struct err err;
};

static int setup(void **state)
{
	struct own *own = calloc(1, sizeof(*own));

	assert_non_null(own);
	snprintf(own->dir, sizeof(own->dir), "/tmp/tidings-theme-XXXXXX");
	assert_non_null(mkdtemp(own->dir));
	own->arena = arena_new("a test's theme", 16 * 1024 * 1024);
	*state = own;
	return 0;
}

static const char *path(struct own *own, const char *name)
{
	return arena_fmt(own->arena, "%s/%s", own->dir, name).at;
}

static int teardown(void **state)
{
	struct own *own = *state;

	unlink(path(own, "templates/theme.yaml"));
	rmdir(path(own, "templates"));
	rmdir(own->dir);
	arena_free(&own->arena);
	free(own);
	return 0;
}

/* What the publication says anew. */
static void say(struct own *own, const char *yaml)
{
	mkdir(path(own, "templates"), 0755);
	assert_int_equal(file_write(path(own, "templates/theme.yaml"),
				    str_of(yaml), 0644, &own->err),
			 0);
}

static const struct theme *load(struct own *own, const char *name,
				const char *language)
{
	const struct theme *theme;

	if (theme_load(own->dir, str_of(name), str_of(language), own->arena,
		       &theme, &own->err) < 0)
		fail_msg("%s: %s (%s)", own->err.place, own->err.message,
			 own->err.hint);
	return theme;
}

static const char *const names[] = { "letter", "magazine", "note" };
#define NAMES (sizeof(names) / sizeof(*names))

/* --- ours ----------------------------------------------------------------- */

static void each_of_ours_can_be_read_by_day_and_by_night(void **state)
{
	static const enum theme_colour pairs[][2] = {
		{ COLOUR_INK, COLOUR_PAPER },
		{ COLOUR_INK, COLOUR_DESK },
		{ COLOUR_INK, COLOUR_TINT },
		{ COLOUR_SOFT, COLOUR_PAPER },
		{ COLOUR_LINK, COLOUR_PAPER },
		{ COLOUR_INFO_MARK, COLOUR_INFO },
		{ COLOUR_TIP_MARK, COLOUR_TIP },
		{ COLOUR_WARNING_MARK, COLOUR_WARNING },
		{ COLOUR_MAST_INK, COLOUR_MAST },
		{ COLOUR_LABEL, COLOUR_BUTTON },
	};
	const size_t count = sizeof(pairs) / sizeof(*pairs);

	for (size_t i = 0; i < NAMES * count * 2; i++) {
		const struct theme *theme = load(*state, names[i / 2 / count],
						 "en");
		const enum theme_colour *pair = pairs[i / 2 % count];
		const char *text = theme_colour(theme, pair[0], i % 2);
		const char *ground = theme_colour(theme, pair[1], i % 2);

		if (theme_contrast(text, ground) < 4.5)
			fail_msg("%s on %s: %.2f", text, ground,
				 theme_contrast(text, ground));
	}
}

/* Clients that recolour by force leave other colours alone less often. */
static void none_of_ours_is_pure_black_or_white(void **state)
{
	for (size_t i = 0; i < NAMES * COLOUR_COUNT * 2; i++) {
		const char *colour = theme_colour(
			load(*state, names[i / 2 / COLOUR_COUNT], "en"),
			(enum theme_colour)(i / 2 % COLOUR_COUNT), i % 2);

		assert_string_not_equal(colour, "#000000");
		assert_string_not_equal(colour, "#ffffff");
	}
}

static void ours_differ_in_type_width_and_ground(void **state)
{
	const struct theme *letter = load(*state, "letter", "en");
	const struct theme *magazine = load(*state, "magazine", "en");
	const struct theme *note = load(*state, "note", "en");

	rig_holds(letter->text[FACE_BODY], "Georgia");
	rig_lacks(magazine->text[FACE_BODY], "Georgia");
	assert_true(magazine->tokens.face[FACE_H1].size >
		    note->tokens.face[FACE_H1].size + 10);
	assert_true(magazine->tokens.width > letter->tokens.width &&
		    letter->tokens.width > note->tokens.width);
	assert_string_equal(theme_colour(note, COLOUR_DESK, false),
			    theme_colour(note, COLOUR_PAPER, false));
	assert_string_not_equal(theme_colour(magazine, COLOUR_DESK, false),
				theme_colour(magazine, COLOUR_PAPER, false));
}

static void text_is_never_smaller_than_14_px(void **state)
{
	for (size_t i = 0; i < NAMES * FACE_COUNT; i++) {
		const struct theme *theme = load(*state, names[i / FACE_COUNT],
						 "en");

		assert_true(theme->tokens.face[i % FACE_COUNT].size >= 14);
	}
}

static void outlook_knows_the_first_font_of_each(void **state)
{
	for (size_t i = 0; i < NAMES; i++) {
		const struct theme *theme = load(*state, names[i], "en");
		struct str stack = theme->tokens.font[FONT_TEXT];

		assert_int_equal(theme_word_family(stack).len, 0);
	}
	assert_true(str_eqz(theme_word_family(STR("Inter,Arial,sans-serif")),
			    "Arial"));
	assert_true(str_eqz(theme_word_family(STR("Lora,serif")), "Georgia"));
}

/* --- the publication's own ------------------------------------------------ */

static void one_token_said_anew_leaves_the_others(void **state)
{
	const struct theme *before = load(*state, "note", "en");
	const struct theme *after;

	say(*state, "colours:\n  link: \"#7A1F5C\"\n"
		    "fonts:\n  head: [Lora, Times New Roman, serif]\n"
		    "faces:\n  body: { size: 20 }\n"
		    "width: 600\n");
	after = load(*state, "note", "en");
	assert_string_equal(theme_colour(after, COLOUR_LINK, false), "#7a1f5c");
	assert_string_equal(theme_colour(after, COLOUR_INK, false),
			    theme_colour(before, COLOUR_INK, false));
	rig_holds(after->text[FACE_H1],
		  "font-family:Lora,'Times New Roman',serif;");
	/* The lines grow with the letters. */
	rig_holds(after->text[FACE_BODY], "font-size:20px;line-height:32px");
	assert_int_equal(after->column, 600 - 2 * before->tokens.padding);
}

static void a_colour_without_a_twin_gets_one_that_can_be_read(void **state)
{
	static const char *const links[] = { "#8c3a12", "#0b57d0", "#156534",
					     "#6b21a8", "#a11043", "#5a5a00",
					     "#1d1d1d", "#7a1f5c" };

	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		const struct theme *theme;
		const char *dark;

		say(*state, arena_fmt(((struct own *)*state)->arena,
				      "colours:\n  paper: \"#fffdf8\"\n"
				      "  tint: \"#f6f2ea\"\n"
				      "  link: \"%s\"\n  button: \"%s\"\n",
				      links[i], links[i])
				    .at);
		theme = load(*state, "letter", "en");
		dark = theme_colour(theme, COLOUR_LINK, true);
		assert_string_not_equal(dark, "#e8b08a"); /* the theme's */
		assert_true(theme_contrast(dark, "#17191c") > 5);
		assert_true(theme_contrast(dark, "#fffdf8") <
			    theme_contrast(links[i], "#fffdf8"));
	}
}

static void a_button_s_label_is_chosen_by_contrast(void **state)
{
	const struct theme *theme;

	say(*state, "colours:\n  button: { light: \"#ffd400\", "
		    "dark: \"#3a2a80\" }\n");
	theme = load(*state, "letter", "en");
	assert_string_equal(theme_colour(theme, COLOUR_LABEL, false),
			    "#17191c");
	assert_string_equal(theme_colour(theme, COLOUR_LABEL, true), "#fffffe");
}

static void contrast_is_that_of_wcag(void **state)
{
	(void)state;
	assert_true(theme_contrast("#000000", "#ffffff") > 20.99);
	assert_true(theme_contrast("#777777", "#ffffff") > 4.47 &&
		    theme_contrast("#777777", "#ffffff") < 4.49);
	assert_true(theme_contrast("#ffffff", "#777777") > 4.47);
}

/* --- what is refused ------------------------------------------------------ */

static const struct {
	const char *yaml, *place, *message, *hint;
} refused[] = {
	{ "colour:\n  ink: \"#111111\"\n", ":1:1",
	  "a theme has no token 'colour'", "did you mean 'colours'?" },
	{ "colours:\n  inc: \"#111111\"\n", ":2:3",
	  "a theme has no colour 'inc'", "did you mean 'ink'?" },
	{ "colours:\n  ink: { night: \"#111111\" }\n", ":2:10",
	  "a theme has no palette 'night'", "light" },
	{ "colours:\n  ink: black\n", ":2:8", "'black' is no colour",
	  "\"#22262b\"" },
	{ "colours:\n  ink: \"#12345\"\n", ":2:8", "'#12345' is no colour",
	  "in quotes" },
	{ "colours:\n  ink: \"#1234g6\"\n", ":2:8", "'#1234g6' is no colour",
	  "in quotes" },
	{ "colours:\n  ink: #222222\n", ":2:", "'ink' has no colour",
	  "stands in quotes" },
	{ "colours: blue\n", ":1:10", "'colours' takes names with values", "" },
	{ "fonts:\n  body: [Georgia]\n", ":2:3", "a theme has no font 'body'",
	  "" },
	{ "fonts:\n  text: Georgia, serif\n", ":2:9",
	  "'Georgia, serif' is no name of a font", "write a list" },
	{ "fonts:\n  text: [\"a;color:red\"]\n", ":2:10",
	  "'a;color:red' is no name of a font", "write a list" },
	{ "colours:\n  ink: \"#\\x12\\x12\\x12\\x12\\x12\\x12\"\n", ":2:8",
	  "is no colour", "in quotes" },
	{ "fonts:\n  text: [\"a--\", serif]\n", ":2:10",
	  "'a--' is no name of a font", "write a list" },
	{ "fonts:\n  text: [\"x'y\"]\n", ":2:10", "'x'y' is no name of a font",
	  "write a list" },
	{ "faces:\n  boddy: { size: 18 }\n", ":2:3",
	  "a theme has no face 'boddy'", "did you mean 'body'?" },
	{ "faces:\n  body: { sice: 18 }\n", ":2:11",
	  "a theme has no part of a face 'sice'", "did you mean 'size'?" },
	{ "faces:\n  body: { size: 12 }\n", ":2:17",
	  "'size' is a number of pixels from 14 to 60", "" },
	{ "faces:\n  body: { size: 17px }\n", ":2:17",
	  "'size' is a number of pixels", "" },
	{ "faces:\n  body: { size: 18, line: 60 }\n", ":2:9",
	  "lines of 60 px for letters of 18 px", "1.1 to 2.2 times" },
	{ "faces:\n  body: { colour: inc }\n", ":2:19",
	  "'inc' is none for 'colour'", "did you mean 'ink'?" },
	{ "faces:\n  body: { weight: heavy }\n", ":2:19",
	  "'heavy' is none for 'weight'", "'normal' or 'bold'" },
	{ "faces:\n  h1: { spacing: 9 }\n", ":2:18",
	  "'spacing' is a number of pixels from -4 to 4", "" },
	{ "width: 700\n", ":1:8", "'width' is a number of pixels from 560",
	  "" },
	{ "hero: perhaps\n", ":1:7", "'hero' is yes or no", "" },
	{ "- a\n", ":1:1", "a theme is made of names and values", "" },
	{ "width: [\n", ":", "", "" },
	/* what cannot be read */
	{ "colours:\n  soft: \"#999999\"\n", ":2:9",
	  "by day 'soft' #999999 on 'paper' #fffffe has a contrast of 2.84:1",
	  "for 'soft' #" },
	{ "colours:\n  ink: { dark: \"#555555\" }\n", ":2:16",
	  "by night 'ink' #555555 on 'paper' #17181a has a contrast of 2.38:1",
	  "for 'ink' #" },
	{ "colours:\n  paper: \"#808080\"\n", ":", "'paper' #808080", "" },
	{ "colours:\n  label: \"#dddddd\"\n  button: \"#999999\"\n", ":2:10",
	  "'label' #dddddd on 'button' #999999", "for 'label' #" },
};

static void what_is_wrong_is_said_where_it_stands(void **state)
{
	struct own *own = *state;

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		const char *place = arena_fmt(own->arena,
					      "templates/theme.yaml%s",
					      refused[i].place)
					    .at;
		const struct theme *theme;

		say(own, refused[i].yaml);
		if (theme_load(own->dir, STR("note"), STR("en"), own->arena,
			       &theme, &own->err) == 0)
			fail_msg("taken: %s", refused[i].yaml);
		rig_holds(str_of(own->err.place), place);
		rig_holds(str_of(own->err.message), refused[i].message);
		rig_holds(str_of(own->err.hint), refused[i].hint);
	}
}

/* #767676 on white has 4.54:1, #777777 has 4.48:1. */
static void the_line_is_drawn_at_four_and_a_half(void **state)
{
	static const char form[] = "colours:\n"
				   "  button: { light: \"%s\", dark: "
				   "\"#101010\" }\n"
				   "  label: { light: \"#ffffff\", dark: "
				   "\"#ffffff\" }\n";
	struct own *own = *state;
	const struct theme *theme;
	char text[200];

	snprintf(text, sizeof(text), form, "#767676");
	say(own, text);
	load(own, "note", "en");
	snprintf(text, sizeof(text), form, "#777777");
	say(own, text);
	assert_int_equal(theme_load(own->dir, STR("note"), STR("en"),
				    own->arena, &theme, &own->err),
			 -1);
	rig_holds(str_of(own->err.message), "has a contrast of 4.47:1");
}

/* Where the hint names a colour, it is one that will be taken. */
static void the_colour_that_a_hint_names_would_do(void **state)
{
	struct own *own = *state;
	const struct theme *theme;
	ptrdiff_t at;

	say(own, "colours:\n  soft: \"#999999\"\n");
	for (int i = 0; i < 8; i++) {
		struct err err = ERR_INIT;

		if (theme_load(own->dir, STR("note"), STR("en"), own->arena,
			       &theme, &err) == 0)
			return;
		at = str_find(str_of(err.hint), '#');
		assert_true(at > 0);
		say(own, arena_fmt(own->arena, "colours:\n  soft: \"%.7s\"\n",
				   err.hint + at)
				 .at);
	}
	fail_msg("the hints lead nowhere");
}

static void a_theme_that_is_not_there_is_named(void **state)
{
	struct own *own = *state;
	const struct theme *theme;

	assert_int_equal(theme_load(own->dir, STR("magasine"), STR("en"),
				    own->arena, &theme, &own->err),
			 -1);
	assert_int_equal(own->err.code, ERR_CONFIG);
	rig_holds(str_of(own->err.message), "there is no theme 'magasine'");
	rig_holds(str_of(own->err.hint), "did you mean 'magazine'?");
}

static void a_picture_at_the_top_stands_in_letters_of_every_theme(void **state)
{
	static const char picture[] = "src=\"https://x.example/quay.png\"";
	struct own *own = *state;

	say(own, "hero: yes\n");
	for (size_t i = 0; i < NAMES; i++) {
		struct rig *rig = rig_new(own->dir);
		struct str html;
		ptrdiff_t at;

		rig->input.theme = str_of(names[i]);
		rig_markdown(rig, "![Quay](https://x.example/quay.png \"At "
				  "dawn\")\n\nWords.");
		html = rig_letter(rig).html;
		at = str_find_str(html, str_of(picture));
		assert_true(at > 0 && at < str_find_str(html, STR("<h1")));
		rig_lacks(str_skip(html, (size_t)at + 1), picture);
		rig_holds(html, ">At dawn</td>");
		rig_free(rig);
	}
}

/* --- languages ------------------------------------------------------------ */

static void sides_follow_the_language(void **state)
{
	static const struct {
		const char *language, *dir, *start;
	} cases[] = { { "en", "ltr", "left" },	 { "ar-EG", "rtl", "right" },
		      { "he", "rtl", "right" },	 { "ja", "ltr", "left" },
		      { "ckb", "rtl", "right" }, { "", "ltr", "left" } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct theme *theme = load(*state, "letter",
						 cases[i].language);

		assert_string_equal(theme->dir, cases[i].dir);
		assert_string_equal(theme->start, cases[i].start);
	}
}

static void scripts_without_italics_stand_upright(void **state)
{
	static const char *const languages[] = { "zh-Hans", "ja", "ko", "ar",
						 "he" };
	const struct theme *english = load(*state, "letter", "en");

	rig_holds(english->text[FACE_QUOTE], "font-style:italic");
	rig_holds(english->text[FACE_NAME], "letter-spacing:2.5px");
	for (size_t i = 0; i < 5; i++) {
		const struct theme *theme = load(*state, "letter",
						 languages[i]);

		for (int f = 0; f < FACE_COUNT; f++) {
			rig_lacks(theme->text[f], "italic");
			rig_lacks(theme->text[f], "letter-spacing");
		}
	}
}

static void east_asian_text_has_air_and_families_of_its_own(void **state)
{
	static const struct {
		const char *theme, *language, *family;
	} cases[] = {
		{ "letter", "zh-Hans", "'Songti SC',SimSun,serif" },
		{ "letter", "zh-Hant-TW", "'Songti TC',PMingLiU,serif" },
		{ "letter", "ja", "'Yu Mincho',serif" },
		{ "note", "ja", "'Hiragino Sans','Yu Gothic',sans-serif" },
		{ "magazine", "ko", "'Malgun Gothic',sans-serif" },
		{ "note", "zh", "'Microsoft YaHei',sans-serif" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct theme *theme = load(*state, cases[i].theme,
						 cases[i].language);
		const struct theme_face_tokens *body =
			&theme->tokens.face[FACE_BODY];

		rig_holds(theme->text[FACE_BODY], cases[i].family);
		assert_true(body->line * 100 >= body->size * 173);
	}
	rig_lacks(load(*state, "letter", "en")->text[FACE_BODY], "Songti");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(each_of_ours_can_be_read_by_day_and_by_night),
		T(none_of_ours_is_pure_black_or_white),
		T(ours_differ_in_type_width_and_ground),
		T(text_is_never_smaller_than_14_px),
		T(outlook_knows_the_first_font_of_each),
		T(one_token_said_anew_leaves_the_others),
		T(a_colour_without_a_twin_gets_one_that_can_be_read),
		T(a_button_s_label_is_chosen_by_contrast),
		T(contrast_is_that_of_wcag),
		T(what_is_wrong_is_said_where_it_stands),
		T(the_line_is_drawn_at_four_and_a_half),
		T(the_colour_that_a_hint_names_would_do),
		T(a_theme_that_is_not_there_is_named),
		T(a_picture_at_the_top_stands_in_letters_of_every_theme),
		T(sides_follow_the_language),
		T(scripts_without_italics_stand_upright),
		T(east_asian_text_has_air_and_families_of_its_own),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
