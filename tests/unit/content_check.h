/* content_check.h - tables of Markdown and the blocks that come of it */
#ifndef CONTENT_CHECK_H
#define CONTENT_CHECK_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "content/markdown.h"
#include "content_dump.h"

struct sample {
	const char *markdown, *blocks;
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static inline struct blocks *check_parse(struct arena *arena,
					 const char *markdown,
					 const struct markdown_style *style)
{
	struct blocks *blocks = NULL;
	struct err err = ERR_INIT;

	if (markdown_parse(str_of(markdown), "x.md", 1, style, arena, &blocks,
			   &err))
		fail_msg("%s: %s for %s", err.place, err.message, markdown);
	return blocks;
}

static inline void check_samples(const struct sample *samples, size_t count,
				 const struct markdown_style *style)
{
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new("a test", 1 << 28);
		struct blocks *blocks =
			check_parse(arena, samples[i].markdown, style);
		struct buf out;

		buf_init(&out, 1 << 20);
		dump(&out, blocks);
		assert_true(blocks_ok(blocks));
		if (!str_eqz(buf_str(&out), samples[i].blocks))
			fail_msg("%s\n gives  %s\n not    %s",
				 samples[i].markdown, out.at,
				 samples[i].blocks);
		buf_done(&out);
		arena_free(&arena);
	}
}

#define CHECK(samples) check_samples(samples, COUNT(samples), NULL)

struct mistake {
	const char *markdown, *place, *message, *hint;
};

/* The body begins in line 10 of its file. */
static inline void check_mistakes(const struct mistake *cases, size_t count)
{
	struct arena *arena = arena_new("a test", 1 << 28);

	for (size_t i = 0; i < count; i++) {
		struct err err = ERR_INIT;
		struct blocks *b;

		if (!markdown_parse(str_of(cases[i].markdown), "x.md", 10, NULL,
				    arena, &b, &err))
			fail_msg("accepted: %s", cases[i].markdown);
		assert_int_equal(err.code, ERR_INPUT);
		if (strncmp(err.place, cases[i].place,
			    strlen(cases[i].place)) ||
		    !strstr(err.message, cases[i].message) ||
		    !strstr(err.hint, cases[i].hint))
			fail_msg("%s: %s (%s) for %s", err.place, err.message,
				 err.hint, cases[i].markdown);
	}
	arena_free(&arena);
}

#endif
