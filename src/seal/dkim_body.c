/* dkim_body.c - the hash of a body, most of it not hashed again */
#include <string.h>

#include "base/die.h"
#include "dkim_priv.h"

#define BODY_MAX ((size_t)64 * 1024 * 1024)

/* A beginning shorter than this is hashed faster than it is looked after. */
#define KEPT_MIN ((size_t)4096)

void body_hash_open(struct body_hash *body)
{
	memset(body, 0, sizeof(*body));
	body->ctx = EVP_MD_CTX_new();
	body->kept = EVP_MD_CTX_new();
	if (!body->ctx || !body->kept)
		die("no SHA-256");
	buf_init(&body->last, BODY_MAX);
}

void body_hash_close(struct body_hash *body)
{
	EVP_MD_CTX_free(body->ctx);
	EVP_MD_CTX_free(body->kept);
	buf_done(&body->last);
}

/* In relaxed form already: no tab, no two blanks in a row, none before a
 * line's end, and one line end last. Our letters always are; whoever else's
 * text this is, goes the long way. */
static bool is_relaxed(struct str text)
{
	return !memchr(text.at, '\t', text.len) &&
	       !memmem(text.at, text.len, "  ", 2) &&
	       !memmem(text.at, text.len, " \r\n", 3) &&
	       str_ends(text, STR("\r\n")) &&
	       !str_ends(text, STR("\r\n\r\n")) && text.len > 2;
}

/* Without the blanks at its end, runs of them as one. */
static void relax_line(struct str line, struct buf *out)
{
	bool blank = false;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.at[i];

		if (c == ' ' || c == '\t') {
			blank = true;
			continue;
		}
		if (blank)
			buf_byte(out, ' ');
		blank = false;
		buf_byte(out, c);
	}
}

/* Empty lines at the end do not count; what remains ends in one CRLF. */
static bool hash_relaxing(struct body_hash *body, struct str text,
			  unsigned char out[SHA256_LEN])
{
	size_t end = 0; /* of the last line that is not empty */
	struct buf relaxed;
	bool ok;

	buf_init(&relaxed, 2 * text.len + 2);
	while (text.len > 0) {
		struct str line = str_cut(text, '\n', &text);
		size_t start = relaxed.len;

		if (str_ends(line, STR("\r")))
			line.len--;
		relax_line(line, &relaxed);
		if (relaxed.len > start)
			end = relaxed.len + 2;
		buf_addz(&relaxed, "\r\n");
	}
	buf_cut(&relaxed, end);
	ok = !buf_over(&relaxed) &&
	     EVP_DigestInit_ex(body->ctx, EVP_sha256(), NULL) == 1 &&
	     EVP_DigestUpdate(body->ctx, relaxed.at, relaxed.len) == 1 &&
	     EVP_DigestFinal_ex(body->ctx, out, NULL) == 1;
	buf_done(&relaxed);
	return ok;
}

static size_t common(struct str a, struct str b)
{
	size_t max = a.len < b.len ? a.len : b.len;
	size_t n = 0;

	while (max - n >= 256 && memcmp(a.at + n, b.at + n, 256) == 0)
		n += 256;
	while (n < max && a.at[n] == b.at[n])
		n++;
	return n;
}

/* Keep the hash of what this body shares with the one before. */
static bool keep(struct body_hash *body, struct str text)
{
	size_t shared = common(text, buf_str(&body->last));

	buf_reset(&body->last);
	buf_add(&body->last, text);
	body->kept_len = 0;
	if (shared < KEPT_MIN)
		return true;
	if (EVP_DigestInit_ex(body->kept, EVP_sha256(), NULL) != 1 ||
	    EVP_DigestUpdate(body->kept, text.at, shared) != 1)
		return false;
	body->kept_len = shared;
	return true;
}

static bool begins_as_kept(const struct body_hash *body, struct str text)
{
	return body->kept_len > 0 && text.len >= body->kept_len &&
	       memcmp(text.at, body->last.at, body->kept_len) == 0;
}

bool body_hash(struct body_hash *body, struct str text,
	       unsigned char out[SHA256_LEN])
{
	if (!is_relaxed(text))
		return hash_relaxing(body, text, out);
	if (!begins_as_kept(body, text) && !keep(body, text))
		return false;
	if (body->kept_len > 0) {
		if (EVP_MD_CTX_copy_ex(body->ctx, body->kept) != 1)
			return false;
	} else if (EVP_DigestInit_ex(body->ctx, EVP_sha256(), NULL) != 1) {
		return false;
	}
	return EVP_DigestUpdate(body->ctx, text.at + body->kept_len,
				text.len - body->kept_len) == 1 &&
	       EVP_DigestFinal_ex(body->ctx, out, NULL) == 1;
}
