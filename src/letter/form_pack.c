/* form_pack.c - what all letters of an issue share becomes one blob */
#include <stdio.h>

#include "letter_priv.h"
#include "mail/header.h"
#include "mail/qp.h"

static void add_part(struct buf *out, struct str part)
{
	uint32_t len = (uint32_t)part.len;

	buf_add(out, str_at((const char *)&len, sizeof(len)));
	buf_add(out, part);
}

/* FNV-1a: the boundary must only differ from what stands in the parts, and be
 * the same for the same form. */
static uint64_t fingerprint(uint64_t hash, struct str bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		hash ^= (unsigned char)bytes.at[i];
		hash *= UINT64_C(0x100000001b3);
	}
	return hash;
}

struct mime {
	char outer[40], inner[40];	/* boundaries */
	struct buf open, middle, close;
};

/* "=_" can never stand in quoted-printable text (RFC 2045 6.7), nor in
 * base64: no boundary is ever met inside a part. */
static void name_boundaries(struct mime *mime,
			    const struct render_output *parts)
{
	uint64_t hash = fingerprint(UINT64_C(0xcbf29ce484222325), parts->html);

	hash = fingerprint(hash, parts->text);
	snprintf(mime->outer, sizeof(mime->outer), "=_a_%016llx",
		 (unsigned long long)hash);
	snprintf(mime->inner, sizeof(mime->inner), "=_r_%016llx",
		 (unsigned long long)hash);
}

static void part_head(struct buf *out, const char *boundary, const char *type,
		      const char *encoding)
{
	buf_fmt(out, "--%s\r\nContent-Type: %s\r\n"
		     "Content-Transfer-Encoding: %s\r\n\r\n",
		boundary, type, encoding);
}

static void picture_part(struct buf *out, const char *boundary,
			 const struct render_picture *picture)
{
	buf_fmt(out, "--%s\r\nContent-Type: " STR_FMT "\r\n"
		     "Content-Transfer-Encoding: base64\r\n"
		     "Content-ID: <" STR_FMT ">\r\n"
		     "Content-Disposition: inline\r\n\r\n",
		boundary, STR_ARG(picture->type), STR_ARG(picture->cid));
	base64_text(out, picture->bytes);
	buf_addz(out, "\r\n");
}

static void make_mime(struct mime *mime, const struct render_output *parts)
{
	bool related = parts->picture_count > 0;

	name_boundaries(mime, parts);
	buf_fmt(&mime->open, "Content-Type: multipart/alternative;\r\n"
			     " boundary=\"%s\"\r\n\r\n", mime->outer);
	part_head(&mime->open, mime->outer,
		  "text/plain; charset=utf-8;\r\n format=flowed; delsp=no",
		  "quoted-printable");
	buf_addz(&mime->middle, "\r\n");
	if (related)
		buf_fmt(&mime->middle,
			"--%s\r\nContent-Type: multipart/related;\r\n"
			" type=\"text/html\"; boundary=\"%s\"\r\n\r\n",
			mime->outer, mime->inner);
	part_head(&mime->middle, related ? mime->inner : mime->outer,
		  "text/html; charset=utf-8", "quoted-printable");
	buf_addz(&mime->close, "\r\n");
	for (size_t i = 0; i < parts->picture_count; i++)
		picture_part(&mime->close, mime->inner, &parts->pictures[i]);
	if (related)
		buf_fmt(&mime->close, "--%s--\r\n\r\n", mime->inner);
	buf_fmt(&mime->close, "--%s--\r\n", mime->outer);
}

static void add_attributes(struct buf *out, const struct render_output *parts)
{
	struct buf names;

	buf_init(&names, 4096);
	for (size_t i = 0; i < parts->attribute_count; i++) {
		if (i > 0)
			buf_byte(&names, 0x1f);
		buf_add(&names, parts->attributes[i]);
	}
	add_part(out, buf_str(&names));
	buf_done(&names);
}

/* What would make every single letter fail is refused here, once. */
static int check_head(const struct letter_head *head, struct err *err)
{
	if (!form_name_ok(head->url, FORM_URL_MAX)) {
		err_set(err, ERR_CONFIG, "'" STR_FMT "' is no address for the "
			"links of a letter", STR_ARG(str_head(head->url, 60)));
		return err_hint(err, "publication.url holds ASCII alone and at "
				     "most %d octets", FORM_URL_MAX);
	}
	if (!form_name_ok(head->envelope_domain, FORM_DOMAIN_MAX))
		return err_set(err, ERR_CONFIG, "'" STR_FMT "' is no domain",
			       STR_ARG(str_head(head->envelope_domain, 60)));
	if (!form_name_ok(head->list_key, FORM_NAME_MAX) ||
	    !form_name_ok(head->slug, FORM_NAME_MAX))
		return err_set(err, ERR_INPUT, "the name of a list or issue "
					       "may not stand in an address");
	if (!address_ok(head->from.address, NULL))
		return err_set(err, ERR_CONFIG,
			       "'" STR_FMT "' is not an address",
			       STR_ARG(str_head(head->from.address, 60)));
	if (!address_needs_utf8(head->from.address) &&
	    !address_needs_utf8(head->reply_to.address))
		return 0;
	err_set(err, ERR_CONFIG, "a letter's own address must be ASCII before "
				 "the @");
	return err_hint(err, "few readers' servers take others: write from: "
			     "and reply_to: without them");
}

int letter_form_pack(const struct letter_head *head,
		     const struct render_output *parts, struct buf *out,
		     struct err *err)
{
	uint32_t mark[2] = { FORM_MAGIC, FORM_VERSION };
	struct arena *arena;
	struct mime mime;
	struct buf headers;
	int rc = -1;

	if (check_head(head, err) < 0)
		return -1;
	arena = arena_new("a form", 65536);

	buf_init(&headers, 1 << 20);
	buf_init(&mime.open, 4096);
	buf_init(&mime.middle, 4096);
	buf_init(&mime.close, LETTER_MAX);
	if (headers_build(head, &headers, err) < 0)
		goto out;
	make_mime(&mime, parts);
	buf_add(out, str_at((const char *)mark, sizeof(mark)));
	add_part(out, head->url);
	add_part(out, head->envelope_domain);
	add_part(out, address_domain(address_wire(arena,
						  head->from.address)));
	add_attributes(out, parts);
	add_part(out, parts->subject);
	add_part(out, buf_str(&headers));
	add_part(out, buf_str(&mime.open));
	add_part(out, parts->text);
	add_part(out, buf_str(&mime.middle));
	add_part(out, parts->html);
	add_part(out, buf_str(&mime.close));
	rc = 0;
	if (buf_over(out) || buf_over(&headers) || buf_over(&mime.close)) {
		rc = err_set(err, ERR_INPUT, "the letter would be larger than "
			     "%d bytes", LETTER_MAX);
		err_hint(err, "embed fewer or smaller pictures");
	}
out:
	arena_free(&arena);
	buf_done(&headers);
	buf_done(&mime.open);
	buf_done(&mime.middle);
	buf_done(&mime.close);
	return rc;
}
