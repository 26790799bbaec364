/* render_text_rig.h - the text part of a letter, or its article alone */
#ifndef RENDER_TEXT_RIG_H
#define RENDER_TEXT_RIG_H

#include "render_rig.h"

static inline int setup(void **state)
{
	*state = rig_new(".");
	return 0;
}

static inline int teardown(void **state)
{
	rig_free(*state);
	return 0;
}

/* The article alone: what stands between the byline and the author. */
static inline struct str text_of(struct rig *rig, const char *markdown)
{
	struct str text;
	ptrdiff_t at;

	rig_markdown(rig, markdown);
	text = rig_letter(rig).text;
	at = str_find_str(text, STR("min read\n\n"));
	assert_true(at >= 0);
	text = str_skip(text, (size_t)at + 10);
	at = str_find_str(text, STR("\nAbout Mara Okonjo"));
	assert_true(at >= 0);
	return str_head(text, (size_t)at);
}

static inline void same(struct str got, const char *want)
{
	if (!str_eqz(got, want))
		fail_msg("got:\n" STR_FMT "|\nnot:\n%s|", STR_ARG(got), want);
}

#endif
