/* str.c - borrowed slices: see base/str.h */
#include "base/str.h"

struct str str_cut(struct str s, char c, struct str *rest_out)
{
	const char *hit = s.len ? memchr(s.at, c, s.len) : NULL;
	struct str head = { s.at, hit ? (size_t)(hit - s.at) : s.len };
	size_t used = head.len + (hit ? 1 : 0);

	*rest_out = (struct str){ s.at + used, s.len - used };
	return head;
}

bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq(str_head(s, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	       str_eq(str_skip(s, s.len - suffix.len), suffix);
}

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (fold(a.at[i]) != fold(b.at[i]))
			return false;
	return true;
}

bool str_starts_nocase(struct str s, struct str prefix)
{
	return s.len >= prefix.len &&
	       str_eq_nocase(str_head(s, prefix.len), prefix);
}

ptrdiff_t str_find(struct str s, char c)
{
	const char *hit = s.len ? memchr(s.at, c, s.len) : NULL;

	return hit ? hit - s.at : -1;
}

ptrdiff_t str_find_str(struct str s, struct str needle)
{
	const char *hit;

	if (needle.len == 0)
		return 0;
	hit = memmem(s.at, s.len, needle.at, needle.len);
	return hit ? hit - s.at : -1;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.len > 0 && is_space(s.at[0]))
		s = str_skip(s, 1);
	while (s.len > 0 && is_space(s.at[s.len - 1]))
		s.len--;
	return s;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.at, b.at, n) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

int str_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool str_int64(struct str s, int64_t *value_out)
{
	bool negative = s.len > 0 && s.at[0] == '-';
	int64_t value = 0;

	if (negative)
		s = str_skip(s, 1);
	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		int digit = s.at[i] - '0';

		if (digit < 0 || digit > 9 ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_sub_overflow(value, digit, &value))
			return false;
	}
	/* Counted downwards: the smallest number has no positive twin. */
	if (!negative && value == INT64_MIN)
		return false;
	*value_out = negative ? value : -value;
	return true;
}
