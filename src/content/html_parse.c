/* html_parse.c - gumbo, which cannot be told that there is no more memory */
#include <setjmp.h>

#include "html_priv.h"

#define MEMORY_MAX (32 * 1024 * 1024) /* gumbo's, for one block */

struct budget {
	struct arena *arena;
	size_t left;
	jmp_buf spent;
};

static void *take(void *userdata, size_t size)
{
	struct budget *budget = userdata;

	if (size > budget->left)
		longjmp(budget->spent, 1);
	budget->left -= size;
	return arena_take(budget->arena, size + 1);
}

static void give_back(void *userdata, void *at)
{
	(void)userdata;
	(void)at;
}

/* gumbo 0.10 lets the number of a character overflow, and what comes out is
 * any character or none: such a reference is made text. */
static struct str tame(struct arena *arena, struct str html)
{
	struct str tamed;
	struct buf out;

	if (str_find_str(html, STR("&#")) < 0)
		return html;
	buf_init(&out, 2 * SAFE_MAX);
	for (size_t i = 0; i < html.len; i++) {
		struct str rest = str_skip(html, i);

		if (str_starts(rest, STR("&#")) &&
		    source_reference(rest) > 0x10FFFF)
			buf_addz(&out, "&amp;");
		else
			buf_byte(&out, html.at[i]);
	}
	tamed = arena_dup(arena, buf_str(&out));
	buf_done(&out);
	return tamed;
}

static bool run(struct budget *budget, struct str html, html_visitor visit,
		void *arg)
{
	GumboOptions options = kGumboDefaultOptions;

	options.allocator = take;
	options.deallocator = give_back;
	options.userdata = budget;
	options.max_errors = 0;
	options.fragment_context = GUMBO_TAG_BODY;
	if (setjmp(budget->spent) != 0)
		return false;
	visit(gumbo_parse_with_options(&options, html.at, html.len)->root, arg);
	return true;
}

bool html_parse(struct str html, html_visitor visit, void *arg)
{
	struct budget budget = { .left = MEMORY_MAX };
	bool done;

	budget.arena = arena_new("reading HTML", 8u * MEMORY_MAX);
	done = run(&budget, tame(budget.arena, html), visit, arg);
	arena_free(&budget.arena);
	return done;
}
