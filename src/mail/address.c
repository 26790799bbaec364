/* address.c - mail addresses: see mail/address.h */
#include "mail/address.h"

#include "base/utf8.h"

#define LOCAL_MAX 64		/* RFC 5321 4.5.3.1.1 */
#define ADDRESS_MAX 254		/* 4.5.3.1.3: a path of 256 with its brackets */
#define LABEL_MAX 63		/* RFC 1035 2.3.4 */

struct str address_local(struct str address)
{
	const char *at = memrchr(address.at, '@', address.len);

	return str_head(address, at ? (size_t)(at - address.at) : 0);
}

struct str address_domain(struct str address)
{
	const char *at = memrchr(address.at, '@', address.len);

	return at ? str_skip(address, (size_t)(at - address.at) + 1)
		  : STR_NONE;
}

bool address_needs_utf8(struct str address)
{
	struct str local = address_local(address);

	for (size_t i = 0; i < local.len; i++)
		if ((unsigned char)local.at[i] >= 0x80)
			return true;
	return false;
}

/* atext of RFC 5322 3.2.3, and what is not ASCII by RFC 6531 3.3. */
static bool is_atext(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c >= 0x80 ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool quoted_ok(struct str s)
{
	for (size_t i = 1; i + 1 < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c == '\\' && i + 2 < s.len)
			c = (unsigned char)s.at[++i];
		else if (c == '"' || c == '\\')
			return false;
		/* A blank or a bracket is legal here and breaks other
		 * people's parsers: nobody has such an address. */
		if (c <= ' ' || c == 0x7f || c == '<' || c == '>')
			return false;
	}
	return s.len > 2;
}

/* Blanks beyond ASCII, marks without width and turns of direction: nobody
 * types them, they come along when an address is copied. (The joiners U+200C
 * and U+200D belong to some scripts and are let through.) */
static bool is_invisible(uint32_t c)
{
	return c == 0xA0 || c == 0xAD || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200B) || c == 0x200E || c == 0x200F ||
	       (c >= 0x202A && c <= 0x202F) || (c >= 0x205F && c <= 0x2069) ||
	       c == 0x3000 || c == 0xFEFF;
}

static bool has_invisible(struct str s)
{
	while (s.len > 0) {
		size_t len;

		if (is_invisible(utf8_next(s, &len)))
			return true;
		s = str_skip(s, len);
	}
	return false;
}

static const char *dot_atom_problem(struct str local)
{
	for (size_t i = 0; i < local.len; i++) {
		bool dot = local.at[i] == '.';

		if (!dot && !is_atext((unsigned char)local.at[i]))
			return "a character that may not stand before the @";
		if (dot && (i == 0 || i + 1 == local.len ||
			    local.at[i - 1] == '.'))
			return "a dot in a wrong place before the @";
	}
	return NULL;
}

static const char *local_problem(struct str local)
{
	if (local.len == 0)
		return "nothing stands before the @";
	if (local.len > LOCAL_MAX)
		return "more than 64 octets before the @";
	if (has_invisible(local))
		return "an invisible character stands before the @";
	if (local.at[0] != '"')
		return dot_atom_problem(local);
	return local.at[local.len - 1] == '"' && quoted_ok(local)
		       ? NULL
		       : "the quotes before the @ are wrong";
}

static bool label_ok(struct str label)
{
	if (label.len == 0 || label.len > LABEL_MAX || label.at[0] == '-' ||
	    label.at[label.len - 1] == '-')
		return false;
	for (size_t i = 0; i < label.len; i++) {
		unsigned char c = (unsigned char)label.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '-' || c >= 0x80))
			return false;
	}
	return true;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] >= 0x80)
			return false;
	return true;
}

/* "10.0.0.1" has the shape of a host name and is none: no top-level domain
 * is a number (RFC 1123 2.1). */
static bool is_number(struct str label)
{
	for (size_t i = 0; i < label.len; i++)
		if (label.at[i] < '0' || label.at[i] > '9')
			return false;
	return true;
}

static const char *domain_problem(struct str domain)
{
	struct str rest = domain, label = domain;
	int labels = 0;

	if (domain.len == 0)
		return "nothing stands behind the @";
	if (domain.at[domain.len - 1] == '.')
		return "the domain ends in a dot";
	while (rest.len > 0) {
		label = str_cut(rest, '.', &rest);
		if (!label_ok(label))
			return "the domain is not a host name";
		labels++;
	}
	if (labels < 2 && !str_eq_nocase(domain, STR("localhost")))
		return "the domain has no dot";
	return is_number(label) ? "the domain ends in a number" : NULL;
}

/* As A-labels, "" when it is no host name. The mapping of Unicode to host
 * names turns wide forms of "<", ">", "@" and the blank into the plain ones
 * (UTS 46 4.1): what comes out is looked at like what came in. */
static struct str host_of(struct arena *arena, struct str domain)
{
	struct str host;

	if (is_ascii(domain))
		return utf8_lower(arena, domain);
	host = utf8_host_ascii(arena, domain);
	return is_ascii(host) && !domain_problem(host) ? host : STR_NONE;
}

static const char *wide_problem(struct str address)
{
	struct arena *arena = arena_new("a domain", 65536);
	struct str host = host_of(arena, address_domain(address));
	size_t len = address_local(address).len + 1 + host.len;
	bool none = host.len == 0;

	arena_free(&arena);
	if (none)
		return "the domain is not a host name";
	return len > ADDRESS_MAX ? "longer than 254 octets as it is sent"
				 : NULL;
}

bool address_ok(struct str address, const char **why_out)
{
	const char *why = NULL;

	if (address.len > ADDRESS_MAX)
		why = "longer than 254 octets";
	else if (!memchr(address.at ? address.at : "", '@', address.len))
		why = "there is no @";
	else if (!utf8_ok(address, NULL))
		why = "it is not UTF-8";
	else if (utf8_has_control(address))
		why = "a control character is in it";
	else
		why = local_problem(address_local(address));
	if (!why)
		why = domain_problem(address_domain(address));
	if (!why && !is_ascii(address_domain(address)))
		why = wide_problem(address);
	if (why && why_out)
		*why_out = why;
	return !why;
}

struct str address_wire(struct arena *arena, struct str address)
{
	struct str host = host_of(arena, address_domain(address));

	if (host.len == 0)
		return address;
	return arena_fmt(arena, STR_FMT "@" STR_FMT,
			 STR_ARG(address_local(address)), STR_ARG(host));
}

/* "\"A \\\"B\\\"\"" -> A "B" */
static struct str unquote(struct str s, struct arena *arena)
{
	char *at = arena_z(arena, s);
	size_t len = 0;

	if (s.len < 2 || s.at[0] != '"' || s.at[s.len - 1] != '"')
		return s;
	for (size_t i = 1; i + 1 < s.len; i++) {
		if (s.at[i] == '\\' && i + 2 < s.len)
			i++;
		at[len++] = s.at[i];
	}
	at[len] = 0;
	return str_at(at, len);
}

/* All ways to quote one local part are the same mailbox (RFC 5321 4.1.2): the
 * one with the least marks stands for it. */
static struct str least_quoted(struct str local, struct arena *arena)
{
	struct str plain = unquote(local, arena);
	char *at;
	size_t len = 0;

	if (local.len == 0 || local.at[0] != '"' || !dot_atom_problem(plain))
		return plain;
	at = arena_take(arena, 2 * plain.len + 3);
	at[len++] = '"';
	for (size_t i = 0; i < plain.len; i++) {
		if (plain.at[i] == '"' || plain.at[i] == '\\')
			at[len++] = '\\';
		at[len++] = plain.at[i];
	}
	at[len++] = '"';
	return str_at(at, len);
}

struct str address_key(struct arena *arena, struct str address)
{
	struct str wire = address_wire(arena, utf8_nfc(arena, address));
	struct str local = least_quoted(address_local(wire), arena);
	struct str lower = utf8_lower(arena, local);

	return arena_fmt(arena, STR_FMT "@" STR_FMT,
			 STR_ARG(utf8_nfc(arena, lower)),
			 STR_ARG(address_domain(wire)));
}

/* --- Name <address> ------------------------------------------------------- */

int mailbox_parse(struct str text, struct arena *arena,
		  struct mailbox *out, struct err *err)
{
	struct mailbox box = { .name = STR_NONE };
	const char *why = "";

	text = str_trim(text);
	box.address = text;
	if (text.len > 0 && text.at[text.len - 1] == '>') {
		const char *open = memrchr(text.at, '<', text.len);
		size_t from = open ? (size_t)(open - text.at) : text.len;

		if (open)
			box.address = str_trim(str_at(open + 1, text.len -
							from - 2));
		box.name = unquote(str_trim(str_head(text, from)), arena);
	}
	if (!address_ok(box.address, &why)) {
		err_set(err, ERR_INPUT, "'" STR_FMT "' is not an address: %s",
			STR_ARG(str_head(text, 100)), why);
		return err_hint(err, "write Name <name@example.org>");
	}
	if (utf8_has_control(box.name) || !utf8_ok(box.name, NULL))
		return err_set(err, ERR_INPUT,
			       "a control character stands in the name");
	*out = box;
	return 0;
}
