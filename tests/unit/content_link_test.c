/* content_link_test.c - which addresses may stand in a letter */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "content/link.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void a_scheme_of_the_list_or_none_is_safe(void **state)
{
	static const char *const safe[] = {
		"https://e.org/", "HTTP://e.org", "mailto:a@e.org", "tel:+1",
		"sms:+1", "cid:a", "", "a/b", "/a:b", "#a:b", "?a:b",
		"//e.org/", "./data:a", " https://e.org/",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(safe); i++)
		if (!link_is_safe(str_of(safe[i])))
			fail_msg("refused: %s", safe[i]);
}

static void every_other_scheme_is_not_however_it_is_hidden(void **state)
{
	static const char *const unsafe[] = {
		"javascript:a", "JavaScript://e.org/%0aa", "data:text/html,a",
		"vbscript:a", "file:///etc/passwd", "blob:a", "about:blank",
		"view-source:a", "x:", ":a", " javascript:a", "java\tscript:a",
		"\1javascript:a", "java\nscript:a", "https\xC2\xA0:a",
		"ttps:a", "httpss:a", "\uE0000\uE001:a",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(unsafe); i++)
		if (link_is_safe(str_of(unsafe[i])))
			fail_msg("taken: %s", unsafe[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scheme_of_the_list_or_none_is_safe),
		cmocka_unit_test(
			every_other_scheme_is_not_however_it_is_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
