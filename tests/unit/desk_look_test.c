/* desk_look_test.c - a letter's HTML as one kind of reader sees it */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "desk/look_priv.h"

#define BASE  STR("/i/x.md")
#define URL   STR("https://swamp.example")
#define DARK  "(min-width:0px)" /* holds in a dark look */
#define NEVER "(max-width:0px)"

static void assert_look(const char *html, struct look look, const char *want)
{
	struct buf out;

	look.base = BASE;
	look.url = URL;
	buf_init(&out, 100000);
	look_apply(str_of(html), &look, &out);
	if (!str_eq(buf_str(&out), str_of(want)))
		fail_msg("of %s\ncame  %s\nwanted %s", html,
			 out.len ? out.at : "", want);
	buf_done(&out);
}

static const struct {
	const char *html, *light, *dark;
} schemes[] = {
	{ "<style>@media (prefers-color-scheme:dark){a{}}</style>",
	  "<style>@media " NEVER "{a{}}</style>",
	  "<style>@media " DARK "{a{}}</style>" },
	{ "<style>@media (prefers-color-scheme:light){a{}}</style>",
	  "<style>@media " DARK "{a{}}</style>",
	  "<style>@media " NEVER "{a{}}</style>" },
	{ "<style>@media screen and ( Prefers-Color-Scheme : DARK ) {}</style>",
	  "<style>@media screen and " NEVER " {}</style>",
	  "<style>@media screen and " DARK " {}</style>" },
	{ "<source media=\"(prefers-color-scheme: dark)\" srcset=\"a\">",
	  "<source media=\"" NEVER "\" srcset=\"a\">",
	  "<source media=\"" DARK "\" srcset=\"a\">" },
	/* What is none of that stays, and so do an article's own words. */
	{ "<style>@media (max-width:620px){}</style>",
	  "<style>@media (max-width:620px){}</style>",
	  "<style>@media (max-width:620px){}</style>" },
	{ "<code>(prefers-color-scheme:dark)</code>",
	  "<code>(prefers-color-scheme:dark)</code>",
	  "<code>(prefers-color-scheme:dark)</code>" },
	{ "<style>(prefers-color-scheme:", "<style>(prefers-color-scheme:",
	  "<style>(prefers-color-scheme:" },
};

static void dark_and_light_are_decided_here(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		assert_look(schemes[i].html, (struct look){ .dark = false },
			    schemes[i].light);
		assert_look(schemes[i].html, (struct look){ .dark = true },
			    schemes[i].dark);
	}
}

static const struct {
	const char *html, *want;
} pictures[] = {
	{ "<img src=\"cid:a@b\">", "<img src=\"/i/x.md/cid/a@b\">" },
	{ "<img src='https://swamp.example/m/1f.png'>",
	  "<img src='/i/x.md/m/1f.png'>" },
	{ "<td background=\"https://swamp.example/m/1f.png\">",
	  "<td background=\"/i/x.md/m/1f.png\">" },
	{ "<img src=\"https://swamp.example/logo.png\">",
	  "<img src=\"https://swamp.example/logo.png\">" },
	{ "<img src=\"https://swamp.example.evil/m/1.png\">",
	  "<img src=\"https://swamp.example.evil/m/1.png\">" },
	{ "<p>\"cid:a\" and \"https://swamp.example/m/1\"</p>",
	  "<p>\"cid:a\" and \"https://swamp.example/m/1\"</p>" },
	{ "<img alt=\"a > b\" src=\"cid:c\">",
	  "<img alt=\"a > b\" src=\"/i/x.md/cid/c\">" },
	{ "<", "<" },
	{ "a < b \"cid:", "a < b \"cid:" },
	{ "<img src=\"cid:", "<img src=\"/i/x.md/cid/" },
};

static void pictures_of_ours_are_served_by_the_preview(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pictures) / sizeof(*pictures); i++)
		assert_look(pictures[i].html, (struct look){ 0 },
			    pictures[i].want);
}

static const struct {
	const char *html, *want;
} bare[] = {
	{ "<img src=\"a.png\" alt=\"A map\">", "<img alt=\"A map\">" },
	{ "<IMG alt='x' SRC='a.png' width=\"3\">",
	  "<IMG alt='x' width=\"3\">" },
	{ "<img srcset=\"a 2x\" src=\"cid:a\">", "<img>" },
	{ "<img\nsrc=\"a.png\">", "<img>" },
	/* Not where it only looks like one. */
	{ "<img alt=\"my src=\" src=\"a\">", "<img alt=\"my src=\">" },
	{ "<image src=\"a\">", "<image src=\"a\">" },
	{ "<p> src=\"a\"</p>", "<p> src=\"a\"</p>" },
	{ "<img alt=\"a\"> src=\"b\"", "<img alt=\"a\"> src=\"b\"" },
	{ "<img src=\"a", "<img" },
};

static void without_images_their_words_stand(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bare) / sizeof(*bare); i++)
		assert_look(bare[i].html, (struct look){ .bare = true },
			    bare[i].want);
}

static void the_browser_has_no_say_in_the_canvas_either(void **state)
{
	(void)state;
	assert_look("<head></head><body></head>", (struct look){ .dark = true },
		    "<head><base target=\"_blank\"><style>:root{color-scheme:"
		    "only dark !important}</style></head><body></head>");
	assert_look("<head></HEAD>", (struct look){ 0 },
		    "<head><base target=\"_blank\"><style>:root{color-scheme:"
		    "only light !important}</style></HEAD>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dark_and_light_are_decided_here),
		cmocka_unit_test(pictures_of_ours_are_served_by_the_preview),
		cmocka_unit_test(without_images_their_words_stand),
		cmocka_unit_test(the_browser_has_no_say_in_the_canvas_either),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
