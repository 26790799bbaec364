/* link.c - addresses: which are safe, and which stand bare in a text */
#include "markdown_priv.h"

#define HTTP_MAX 5   /* "https" */
#define HOST_MAX 255 /* RFC 1035 2.3.4 */

static const struct str schemes[] = {
	STR("http"),   STR("https"),	STR("mailto"), STR("tel"),
	STR("sms"),    STR("ftp"),	STR("xmpp"),   STR("geo"),
	STR("cid"),    STR("webcal"),	STR("irc"),    STR("matrix"),
	STR("signal"), STR("whatsapp"),
};

/* An allowed scheme, or none at all. Browsers skip controls and blanks where
 * they look for the scheme, and so do we. */
bool link_is_safe(struct str url)
{
	char scheme[16];
	size_t len = 0;
	size_t end = 0;

	while (end < url.len && !memchr(":/?#", url.at[end], 4))
		end++;
	if (end == url.len || url.at[end] != ':')
		return true;
	for (size_t i = 0; i < end && len < sizeof(scheme); i++)
		if ((unsigned char)url.at[i] > ' ')
			scheme[len++] = url.at[i];
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (str_eq_nocase(str_at(scheme, len), schemes[i]))
			return true;
	return false;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\v';
}

static bool is_mark(struct str s)
{
	return str_starts(s, STR(MARK_OPEN)) || str_starts(s, STR(MARK_CLOSE));
}

/* Letters of any script may stand in a host. */
static bool is_host_byte(struct str text, size_t i)
{
	char c = text.at[i];

	if ((unsigned char)c >= 0x80)
		return !is_mark(str_skip(text, i));
	return is_alnum(c) || c == '-' || c == '_' || c == '.';
}

/* Where the host that begins at `at` ends; 0 if it is none. GFM 6.9: no
 * underscore in its last two parts. */
static size_t read_host(struct str text, size_t at)
{
	int underscores[2] = { 0, 0 }; /* in the part before, in this */
	size_t end = at;

	if (at >= text.len || text.at[at] == '.' || text.at[at] == '-')
		return 0;
	for (;
	     end < text.len && end - at <= HOST_MAX && is_host_byte(text, end);
	     end++) {
		if (text.at[end] == '_')
			underscores[1]++;
		/* A full stop that ends the sentence is not the host's. */
		if (text.at[end] == '.' && end + 1 < text.len &&
		    is_host_byte(text, end + 1)) {
			underscores[0] = underscores[1];
			underscores[1] = 0;
		}
	}
	if (end - at > HOST_MAX || underscores[0] || underscores[1])
		return 0;
	return end;
}

/* The length of "&amp;" and its like at the end of `s`, else 1 for the ';'. */
static size_t entity_len(struct str s)
{
	size_t i = s.len - 1;

	while (i > 0 && is_alnum(s.at[i - 1]))
		i--;
	return i > 0 && i < s.len - 1 && s.at[i - 1] == '&' ? s.len - i + 1 : 1;
}

/* Punctuation behind an address belongs to the sentence, and so does a ')'
 * that the address did not open (GFM 6.9). */
static size_t trim_end(struct str text, size_t from, size_t end)
{
	size_t opened = 0, closed = 0;

	for (size_t i = from; i < end; i++) {
		opened += text.at[i] == '(';
		closed += text.at[i] == ')';
	}
	while (end > from) {
		char c = text.at[end - 1];

		if (c == ')' && closed > opened) {
			closed--;
			end--;
		} else if (c == ';') {
			end -= entity_len(str_at(text.at + from, end - from));
		} else if (memchr("?!.,:*_~'\"", c, 10)) {
			end--;
		} else {
			break;
		}
	}
	return end;
}

/* An address from `from` on whose host begins at `host`. */
static bool read_web(struct str text, size_t from, size_t host,
		     struct bare *out)
{
	size_t end = read_host(text, host);

	if (end == 0)
		return false;
	while (end < text.len && !is_space(text.at[end]) && text.at[end] != '<')
		end++;
	end = trim_end(text, host, end);
	if (end == host)
		return false;
	out->from = from;
	out->to = end;
	return true;
}

static bool bare_www(struct str text, size_t i, struct bare *out)
{
	if (!str_starts(str_skip(text, i), STR("www.")) ||
	    (i > 0 && !is_space(text.at[i - 1]) &&
	     !memchr("*_~(", text.at[i - 1], 4)))
		return false;
	out->prefix = "http://";
	return read_web(text, i, i, out) && out->to > i + 4;
}

static bool bare_http(struct str text, size_t from, size_t i, bool gfm,
		      struct bare *out)
{
	size_t start = i;
	struct str scheme;

	if (!str_starts(str_skip(text, i), STR("://")))
		return false;
	while (start > from && i - start < HTTP_MAX &&
	       is_alnum(text.at[start - 1]))
		start--;
	if (start > 0 && is_alnum(text.at[start - 1]))
		return false;
	scheme = str_at(text.at + start, i - start);
	if (!str_eq_nocase(scheme, STR("http")) &&
	    !str_eq_nocase(scheme, STR("https")) &&
	    !(gfm && str_eq_nocase(scheme, STR("ftp"))))
		return false;
	out->prefix = "";
	return read_web(text, start, i + 3, out);
}

/* "mailto:" and "xmpp:" before the address, and what is asked for there. */
static void take_scheme(struct str text, size_t from, struct bare *out)
{
	static const struct str known[] = { STR("mailto:"), STR("xmpp:") };
	struct str before = str_at(text.at + from, out->from - from);

	for (int i = 0; i < 2; i++) {
		if (!str_ends(before, known[i]))
			continue;
		out->from -= known[i].len;
		out->prefix = "";
		if (i == 0 || out->to == text.len || text.at[out->to] != '/')
			return;
		while (++out->to < text.len &&
		       (is_alnum(text.at[out->to]) ||
			memchr("@.", text.at[out->to], 2)))
			;
		return;
	}
}

static bool bare_mail(struct str text, size_t from, size_t i, struct bare *out)
{
	size_t start = i;
	size_t end = i + 1;
	bool dot = false;

	while (start > from && (is_alnum(text.at[start - 1]) ||
				memchr(".-_+", text.at[start - 1], 4)))
		start--;
	if (start == i || (start > 0 && text.at[start - 1] == '/'))
		return false;
	for (; end < text.len; end++) {
		char c = text.at[end];

		if (c == '.' && end + 1 < text.len &&
		    is_alnum(text.at[end + 1]))
			dot = true;
		else if (!is_alnum(c) && c != '-' && c != '_')
			break;
	}
	if (!dot || !is_alnum(text.at[end - 1]))
		return false;
	*out = (struct bare){ .from = start, .to = end, .prefix = "mailto:" };
	take_scheme(text, from, out);
	return true;
}

bool link_bare(struct str text, size_t from, size_t i, bool gfm,
	       struct bare *bare_out)
{
	switch (text.at[i]) {
	case 'w':
		return bare_www(text, i, bare_out);
	case ':':
		return bare_http(text, from, i, gfm, bare_out);
	case '@':
		return bare_mail(text, from, i, bare_out);
	default:
		return false;
	}
}
