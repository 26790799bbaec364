/* fill.c - built-in pages with holes: see fill_priv.h */
#include "fill_priv.h"

#include "base/die.h"
#include "http/server.h"
#include "preview.h" /* made from templates/preview */

#define PAGE_MAX ((size_t)16 * 1024 * 1024)

void hole_html(struct holes *holes, const char *name, struct str html)
{
	if (holes->count == HOLES_MAX)
		die("too many holes in a page");
	holes->at[holes->count].name = name;
	holes->at[holes->count++].html = html;
}

void hole_text(struct holes *holes, const char *name, struct str text)
{
	struct buf out;

	buf_init(&out, PAGE_MAX);
	http_escape(text, &out);
	hole_html(holes, name,
		  out.len ? arena_dup(holes->arena, buf_str(&out)) : STR_NONE);
	buf_done(&out);
}

struct str fill_file(const char *name)
{
	for (size_t i = 0; preview_files[i].name; i++)
		if (!strcmp(preview_files[i].name, name))
			return str_of(preview_files[i].text);
	die("no page '%s' is built in", name);
}

static struct str filling(const struct holes *holes, struct str name)
{
	for (size_t i = 0; i < holes->count; i++)
		if (str_eqz(name, holes->at[i].name))
			return holes->at[i].html;
	die("nothing fills '" STR_FMT "' in a page", STR_ARG(name));
}

struct str fill(const char *name, const struct holes *holes)
{
	struct str rest = fill_file(name), page;
	struct buf out;

	buf_init(&out, PAGE_MAX);
	while (rest.len > 0) {
		ptrdiff_t open = str_find_str(rest, STR("{{"));
		ptrdiff_t close;

		if (open < 0)
			break;
		buf_add(&out, str_head(rest, (size_t)open));
		rest = str_skip(rest, (size_t)open + 2);
		close = str_find_str(rest, STR("}}"));
		if (close < 0)
			die("a hole in the page '%s' is not closed", name);
		buf_add(&out, filling(holes, str_head(rest, (size_t)close)));
		rest = str_skip(rest, (size_t)close + 2);
	}
	buf_add(&out, rest);
	page = arena_dup(holes->arena, buf_str(&out));
	buf_done(&out);
	return page;
}

struct str fill_url(struct str text, struct arena *arena)
{
	static const char plain[] = "-._~@";
	struct str url;
	struct buf out;

	buf_init(&out, 3 * text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') ||
		    memchr(plain, c, sizeof(plain) - 1))
			buf_byte(&out, c);
		else
			buf_fmt(&out, "%%%02X", (unsigned char)c);
	}
	url = out.len ? arena_dup(arena, buf_str(&out)) : STR_NONE;
	buf_done(&out);
	return url;
}
