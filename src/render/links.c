/* links.c - the addresses of an article as they must stand in a letter */
#include "content/link.h"
#include "letter_priv.h"
#include "seen_priv.h"

/* Memory for the front matter of an article that is linked to. */
#define LINKED_MAX ((size_t)128 * ARTICLE_MAX)

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

/* --- fields in addresses -------------------------------------------------- */

/* A program that reads addresses leaves blanks and controls out, takes "\\"
 * for "/" and decodes "&"; where they could move the host they are refused. */
static bool is_clear(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] <= ' ' || s.at[i] == '&' ||
		    s.at[i] == '\\')
			return false;
	return true;
}

/* Up to the first "/", "?" or "#", which must be there. */
static bool cut_path(struct str s, struct str *before_out, struct str *path_out)
{
	size_t i = 0;

	while (i < s.len && !memchr("/?#", s.at[i], 3))
		i++;
	*before_out = str_head(s, i);
	*path_out = str_skip(s, i);
	return i < s.len && is_clear(*before_out);
}

/* None is that of the page. */
static bool is_web(struct str scheme)
{
	return scheme.len == 0 || str_eq_nocase(scheme, STR("https")) ||
	       str_eq_nocase(scheme, STR("http"));
}

bool link_takes_field(struct str beginning)
{
	static const struct str opaque[] = { STR("mailto"), STR("tel"),
					     STR("sms") };
	struct str scheme = link_scheme(beginning);
	struct str rest = beginning;
	struct str before;
	struct str path;

	for (size_t i = 0; i < sizeof(opaque) / sizeof(*opaque); i++)
		if (str_eq_nocase(scheme, opaque[i]))
			return true;
	if (scheme.len > 0)
		rest = str_skip(rest, scheme.len + 1);
	if (str_starts(rest, STR("//")))
		return is_web(scheme) &&
		       cut_path(str_skip(rest, 2), &before, &path) &&
		       before.len > 0;
	/* A path of ours: no scheme, and no host behind its first slash. */
	return scheme.len == 0 && cut_path(rest, &before, &path) &&
	       str_find(before, ':') < 0 && is_clear(str_head(path, 2));
}

/* The first field is an address of ours, or stands behind the host. */
static bool fields_fit(struct str url)
{
	struct str plain;
	int field;

	if (!blocks_piece(&url, &plain, &field) || url.len == 0)
		return true;
	if (field < 0)
		return link_takes_field(plain);
	return memchr("/?#", url.at[0], 3) != NULL;
}

/* --- addresses ------------------------------------------------------------ */

static void fail(struct letter *letter, uint32_t line)
{
	err_place(letter->err, "%s", letter_place(letter, line));
	letter_fail(letter);
}

static bool is_refused(struct letter *letter, struct str url, uint32_t line)
{
	if (link_is_safe(url))
		return false;
	if (letter->failed)
		return true;
	err_set(letter->err, ERR_INPUT,
		"'" STR_FMT "' is no address for a letter",
		STR_ARG(str_head(url, 60)));
	err_hint(letter->err, "link to https: or mailto:");
	fail(letter, line);
	return true;
}

static struct str checked(struct letter *letter, struct str url, uint32_t line)
{
	if (letter->failed || fields_fit(url))
		return url;
	err_set(letter->err, ERR_INPUT,
		"a field may not be where an address goes to");
	err_hint(letter->err, "write the host out, and the field behind it: "
			      "https://example.org/?x=...");
	fail(letter, line);
	return STR_NONE;
}

/* The slug of the article in file `name`, which need not be there yet. */
static struct str read_slug(struct letter *letter, struct str name)
{
	struct arena *scratch = arena_new("a link's article", LINKED_MAX);
	struct str path = arena_fmt(scratch, STR_FMT STR_FMT,
				    STR_ARG(letter->folder), STR_ARG(name));
	struct err ignored = ERR_INIT;
	struct article *article;
	struct str slug;

	if (article_read(letter->input->dir, path, scratch, &article,
			 &ignored) == 0)
		slug = arena_dup(letter->arena, article->slug);
	else
		slug = article_slug(letter->arena, name);
	arena_free(&scratch);
	return slug;
}

static struct str slug_of_link(struct letter *letter, struct str name)
{
	void **known = seen_at(letter->links_seen, name);
	struct str *slug = *known;

	if (!slug) {
		slug = arena_new_of(letter->arena, struct str);
		*slug = read_slug(letter, name);
		*known = slug;
	}
	return *slug;
}

/* "2026-05-22-first-frost.md#end" is another article: its page's path. */
static bool article_page(struct letter *letter, struct str url,
			 struct str *page_out)
{
	struct str fragment;
	struct str name = str_cut(url, '#', &fragment);
	struct str slug;
	ptrdiff_t slash;

	if (!str_ends(name, STR(".md")) || pen_has_field(name))
		return false;
	while ((slash = str_find(name, '/')) >= 0)
		name = str_skip(name, (size_t)slash + 1);
	slug = slug_of_link(letter, link_decoded(letter->arena, name));
	*page_out = arena_fmt(letter->arena, STR_FMT "/i/" STR_FMT "%s" STR_FMT,
			      STR_ARG(letter->base), STR_ARG(slug),
			      fragment.len ? "#" : "", STR_ARG(fragment));
	return true;
}

static struct str absolute(struct letter *letter, struct str url)
{
	struct str page;

	/* A merge field may give the beginning. */
	if (link_scheme(url).len > 0 || url.len == 0 ||
	    str_starts(url, STR(MARK_OPEN)))
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

struct str link_absolute(struct letter *letter, struct str url, uint32_t line)
{
	if (is_refused(letter, url, line))
		return STR_NONE;
	return checked(letter, absolute(letter, url), line);
}
