/* desk_inbox_test.c - what an inbox shows of a letter before it is opened */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "desk/inbox_priv.h"
#include "mail/header.h"

static const struct {
	const char *html, *words;
} first[] = {
	{ "<p>Day one was flat.</p>", "Day one was flat." },
	{ "  <p>\n a \t b\n</p>", "a b" },
	{ "<h1>One</h1><p>two</p>", "One two" },
	{ "<p>half <b>pa</b>st <a href=\"x\">five</a></p>", "half past five" },
	{ "<head><title>T</title><style>p{}</style></head><p>a</p>", "a" },
	{ "<!--[if mso]><p>no</p><![endif]--><p>yes</p>", "yes" },
	{ "<p>Tom &amp; Jerry &lt;3 &#8364;&nbsp;2 &mdash; x</p>",
	  "Tom & Jerry <3 \xE2\x82\xAC 2 \xE2\x80\x94 x" },
	{ "<p>a & b &nothing; &#xx; &</p>", "a & b &nothing; &#xx; &" },
	/* The filler behind a preheader keeps the text out. */
	{ "<div>Pre.</div><div>&#847;&zwnj;&nbsp;&#8199;&shy; &#847;&zwnj;"
	  "</div><p>Body</p>",
	  "Pre." },
	{ "<p>na&shy;ive co&zwj;op</p>", "naive co\xE2\x80\x8Dop" },
	{ "<p>never closed <b", "never closed" },
	{ "<style>never closed", "" },
	{ "", "" },
};

static void an_inbox_shows_the_first_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(first) / sizeof(*first); i++) {
		struct buf out;

		buf_init(&out, 10000);
		inbox_words(str_of(first[i].html), 140, &out);
		if (!str_eq(str_trim(buf_str(&out)), str_of(first[i].words)))
			fail_msg("of %s came '%s'", first[i].html,
				 out.len ? out.at : "");
		buf_done(&out);
	}
}

static void no_more_than_so_many_characters(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 10000);
	inbox_words(STR("<p>\xC3\xA4\xC3\xB6\xC3\xBC abc</p>"), 5, &out);
	assert_string_equal(out.at, "\xC3\xA4\xC3\xB6\xC3\xBC a");
	buf_done(&out);
}

static const char *const subjects[] = {
	"Plain words",
	"\xC3\x9C"
	"ber die H\xC3\xB6hen",
	"A very long subject in plain words that goes on and on and on, so "
	"that it is folded",
	"\xE6\xB5\xB7\xE3\x81\xB8 \xE6\xB5\xB7\xE3\x81\xB8 "
	"\xE6\xB5\xB7\xE3\x81\xB8\xE6\xB5\xB7\xE3\x81\xB8\xE6\xB5\xB7"
	"\xE3\x81\xB8\xE6\xB5\xB7\xE3\x81\xB8\xE6\xB5\xB7\xE3\x81\xB8",
	"a =? b_c =20 ?=",
};

static void a_subject_is_read_back_as_it_was_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(subjects) / sizeof(*subjects); i++) {
		struct arena *arena = arena_new("a test", 1 << 20);
		struct err err = ERR_INIT;
		struct buf out;

		buf_init(&out, 10000);
		buf_add(&out, STR("From: a@b.cd\r\n"));
		assert_int_equal(
			header_text(&out, "Subject", str_of(subjects[i]), &err),
			0);
		buf_add(&out, STR("\r\nSubject: of the body\r\n"));
		assert_true(str_eq(inbox_subject(buf_str(&out), arena),
				   str_of(subjects[i])));
		buf_done(&out);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_inbox_shows_the_first_words),
		cmocka_unit_test(no_more_than_so_many_characters),
		cmocka_unit_test(a_subject_is_read_back_as_it_was_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
