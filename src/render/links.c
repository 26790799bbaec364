/* links.c - the addresses of an article as they must stand in a letter */
#include "letter_priv.h"

/* Schemes that run something or read the reader's disk. */
static const struct str refused[] = {
	STR("javascript"), STR("vbscript"), STR("data"),
	STR("file"),	   STR("blob"),	    STR("about"),
};

struct str link_scheme(struct str url)
{
	for (size_t i = 0; i < url.len; i++) {
		char c = url.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool later = (c >= '0' && c <= '9') || c == '+' || c == '-' ||
			     c == '.';

		if (c == ':' && i > 0)
			return str_head(url, i);
		if (!letter && (i == 0 || !later))
			break;
	}
	return STR_NONE;
}

static void refuse(struct letter *letter, struct str url, uint32_t line)
{
	if (letter->failed)
		return;
	err_set(letter->err, ERR_INPUT,
		"'" STR_FMT "' is no address for a "
		"letter",
		STR_ARG(str_head(url, 60)));
	err_hint(letter->err, "link to https: or mailto:");
	err_place(letter->err, "%s", letter_place(letter, line));
	letter_fail(letter);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "2026-05-22-first-frost" -> "first-frost". */
static struct str undated(struct str name)
{
	static const char shape[] = "0000-00-00-";
	size_t i;

	if (name.len <= sizeof(shape) - 1)
		return name;
	for (i = 0; shape[i]; i++)
		if (shape[i] == '0' ? !is_digit(name.at[i])
				    : name.at[i] != shape[i])
			return name;
	return str_skip(name, i);
}

/* "2026-05-22-first-frost.md#end" is another article: its page's path. */
static bool article_page(struct letter *letter, struct str url,
			 struct str *page_out)
{
	struct str fragment;
	struct str name = str_cut(url, '#', &fragment);
	ptrdiff_t slash;

	if (!str_ends(name, STR(".md")))
		return false;
	while ((slash = str_find(name, '/')) >= 0)
		name = str_skip(name, (size_t)slash + 1);
	name = undated(str_head(name, name.len - 3));
	*page_out = arena_fmt(letter->arena, STR_FMT "/i/" STR_FMT "%s" STR_FMT,
			      STR_ARG(letter->base), STR_ARG(name),
			      fragment.len ? "#" : "", STR_ARG(fragment));
	return true;
}

struct str link_absolute(struct letter *letter, struct str url, uint32_t line)
{
	struct str scheme = link_scheme(url);
	struct str page;

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		if (str_eq_nocase(scheme, refused[i])) {
			refuse(letter, url, line);
			return STR_NONE;
		}
	}
	/* U+E000 first: a merge field gives the beginning. */
	if (scheme.len > 0 || url.len == 0 ||
	    str_starts(url, STR("\xee\x80\x80")))
		return url;
	if (str_starts(url, STR("//")))
		return arena_fmt(letter->arena, "https:" STR_FMT, STR_ARG(url));
	if (url.at[0] == '#')
		return arena_fmt(letter->arena, STR_FMT STR_FMT,
				 STR_ARG(letter->page), STR_ARG(url));
	if (article_page(letter, url, &page))
		return page;
	while (str_starts(url, STR("./")))
		url = str_skip(url, 2);
	return arena_fmt(letter->arena, STR_FMT "%s" STR_FMT,
			 STR_ARG(letter->base), url.at[0] == '/' ? "" : "/",
			 STR_ARG(url));
}
