/* trouble.c - an error where the letter would be, with the lines around it */
#include "base/file.h"
#include "fill_priv.h"
#include "page_priv.h"

#define AROUND	 4
#define FILE_MAX ((size_t)1024 * 1024)

struct place {
	struct str file;
	int64_t line; /* 0: none is named */
};

/* "page.html:3: articles/x.md:12:5": the innermost is where to look. */
static struct place place_of(struct str text)
{
	struct place place = { text, 0 };
	struct str rest;
	ptrdiff_t at;

	while ((at = str_find_str(text, STR(": "))) >= 0)
		text = str_skip(text, (size_t)at + 2);
	place.file = str_cut(text, ':', &rest);
	str_int64(str_cut(rest, ':', &rest), &place.line);
	return place;
}

/* The lines of `text` around number `wanted`, each numbered. */
static struct str lines_around(struct str text, int64_t wanted,
			       struct arena *arena)
{
	struct buf out;
	struct str lines;

	buf_init(&out, FILE_MAX);
	for (int64_t n = 1; text.len > 0 && n <= wanted + AROUND; n++) {
		struct str line = str_cut(text, '\n', &text);
		struct holes holes = { .arena = arena };

		if (n < wanted - AROUND)
			continue;
		hole_html(&holes, "number",
			  arena_fmt(arena, "%lld", (long long)n));
		hole_html(&holes, "class",
			  n == wanted ? STR("here") : STR("near"));
		hole_text(&holes, "line", str_head(line, 500));
		buf_add(&out, fill("line.html", &holes));
	}
	lines = out.len ? arena_dup(arena, buf_str(&out)) : STR_NONE;
	buf_done(&out);
	return lines;
}

static struct str excerpt(const struct page *page)
{
	struct place place = place_of(str_of(page->err.place));
	const char *dir = page->preview->options->dir;
	struct holes holes = { .arena = page->arena };
	struct err ignored = ERR_INIT;
	struct str text, lines;

	if (place.line <= 0 ||
	    file_read_below(dir, place.file, FILE_MAX, page->arena, &text,
			    &ignored) < 0)
		return STR_NONE;
	lines = lines_around(text, place.line, page->arena);
	if (lines.len == 0)
		return STR_NONE;
	hole_html(&holes, "lines", lines);
	return fill("excerpt.html", &holes);
}

struct str page_error(struct page *page)
{
	struct holes holes = { .arena = page->arena };

	hole_text(&holes, "place", str_of(page->err.place));
	hole_text(&holes, "message", str_of(page->err.message));
	hole_text(&holes, "hint", str_of(page->err.hint));
	hole_html(&holes, "excerpt", excerpt(page));
	return fill("error.html", &holes);
}
