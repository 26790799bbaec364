/* headers.c - the header program of a form: DESIGN 5.4, field by field */
#include <stdarg.h>
#include <stdio.h>

#include "letter_priv.h"
#include "mail/header.h"

struct maker {
	struct program_builder *builder;
	struct buf line;	/* one field, finished */
	struct err *err;
	int rc;
};

/* Take what was just written into `line` over as a literal. */
static void take(struct maker *m, int rc)
{
	if (rc == 0 && buf_over(&m->line))
		rc = err_set(m->err, ERR_INPUT,
			     "a header would be larger than %zu octets",
			     m->line.ceiling);
	if (rc < 0)
		m->rc = -1;
	else
		program_literal(m->builder, buf_str(&m->line));
	buf_reset(&m->line);
}

static void raw(struct maker *m, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void raw(struct maker *m, const char *name, const char *fmt, ...)
{
	struct buf value;
	va_list args;

	buf_init(&value, 4096);
	va_start(args, fmt);
	buf_vfmt(&value, fmt, args);
	va_end(args);
	take(m, header_raw(&m->line, name, buf_str(&value), m->err));
	buf_done(&value);
}

static void slot(struct maker *m, enum field field)
{
	program_slot(m->builder, field, SLOT_HEADER, FILTER_NONE, STR_NONE);
}

static void literal(struct maker *m, const char *text)
{
	program_literal(m->builder, str_of(text));
}

/* RFC 2919: a phrase, then the identifier under a domain of ours. */
static void list_id(struct maker *m, const struct letter_head *head)
{
	struct arena *arena = arena_new("List-Id", 65536);
	struct str from = address_wire(arena, head->from.address);
	struct str id = arena_fmt(arena, STR_FMT "." STR_FMT,
				  STR_ARG(head->list_key),
				  STR_ARG(address_domain(from)));
	/* Without a phrase the brackets would be missing. */
	struct mailbox box = { head->list_title.len > 0 ? head->list_title
							: head->list_key, id };

	take(m, header_mailbox(&m->line, "List-Id", &box, m->err));
	arena_free(&arena);
}

/* As RFC 6068 2 writes an address into a mailto: link. */
static struct str mailto(struct arena *arena, struct str address)
{
	char *out = arena_take(arena, 3 * address.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < address.len; i++) {
		char c = address.at[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || (c && strchr("-._~+@", c)))
			out[len++] = c;
		else
			len += (size_t)snprintf(out + len, 4, "%%%02X",
						(unsigned char)c);
	}
	return str_at(out, len);
}

static void owner(struct maker *m, const struct letter_head *head)
{
	struct arena *arena = arena_new("List-Owner", 65536);
	struct str address = head->reply_to.address.len > 0
				     ? head->reply_to.address
				     : head->from.address;

	raw(m, "List-Owner", "<mailto:" STR_FMT ">",
	    STR_ARG(mailto(arena, address_wire(arena, address))));
	arena_free(&arena);
}

/* RFC 2369 and 8058: the https address first, one of each kind. The folds
 * stand where a line with a token of 50 letters needs them. */
static void unsubscribe(struct maker *m, const struct letter_head *head)
{
	literal(m, "List-Unsubscribe: <");
	slot(m, FIELD_UNSUBSCRIBE);
	literal(m, ">,\r\n <mailto:");
	slot(m, FIELD_UNSUBSCRIBE_MAIL);
	literal(m, ">\r\n");
	if (head->one_click)
		literal(m, "List-Unsubscribe-Post: "
			   "List-Unsubscribe=One-Click\r\n");
}

static void list_headers(struct maker *m, const struct letter_head *head)
{
	list_id(m, head);
	unsubscribe(m, head);
	raw(m, "List-Help", "<" STR_FMT "/help>", STR_ARG(head->url));
	owner(m, head);
	raw(m, "List-Archive", "<" STR_FMT "/archive>", STR_ARG(head->url));
	raw(m, "List-Post", "NO");
	raw(m, "Archived-At", "<" STR_FMT "/i/" STR_FMT ">",
	    STR_ARG(head->url), STR_ARG(head->slug));
	raw(m, "Feedback-ID", STR_FMT ":" STR_FMT ":tidings:" STR_FMT,
	    STR_ARG(head->slug), STR_ARG(head->list_key),
	    STR_ARG(head->feedback));
}

int headers_build(const struct letter_head *head, struct buf *out,
		  struct err *err)
{
	struct maker m = { .builder = program_new(PART_HEADERS), .err = err };

	buf_init(&m.line, 65536);
	take(&m, header_mailbox(&m.line, "From", &head->from, err));
	slot(&m, FIELD_TO);
	literal(&m, "Date: ");
	slot(&m, FIELD_DATE);
	literal(&m, "\r\nMessage-ID: <");
	slot(&m, FIELD_MESSAGE_ID);
	literal(&m, ">\r\n");
	if (head->reply_to.address.len > 0)
		take(&m, header_mailbox(&m.line, "Reply-To", &head->reply_to,
					err));
	list_headers(&m, head);
	literal(&m, "MIME-Version: 1.0\r\n");
	buf_done(&m.line);
	if (m.rc < 0)
		program_drop(&m.builder);
	else
		program_finish(&m.builder, out);
	return m.rc;
}
