/* qp.c - quoted-printable and base64: see mail/qp.h */
#include "mail/qp.h"

#define LINE 76

/* Octets that stand for themselves anywhere in a line (RFC 2045 6.7): 33-126
 * but "=". Blanks and a "." at the start of a line are looked at one by one. */
static bool is_plain(unsigned char c)
{
	return c > ' ' && c < 0x7f && c != '=';
}

static void hex(char *at, unsigned char c)
{
	static const char digits[] = "0123456789ABCDEF";

	at[0] = '=';
	at[1] = digits[c >> 4];
	at[2] = digits[c & 15];
}

static void soft(struct buf *out, struct qp *qp)
{
	buf_add(out, STR("=\r\n"));
	qp->column = 0;
}

void qp_soft(struct buf *out, struct qp *qp)
{
	if (qp->column > 0)
		soft(out, qp);
}

static void put_hex(struct buf *out, struct qp *qp, unsigned char c)
{
	char code[3];

	/* One column is kept for the "=" of a soft break. */
	if (qp->column + 3 > LINE - 1)
		soft(out, qp);
	hex(code, c);
	buf_add(out, str_at(code, 3));
	qp->column += 3;
}

static void put_plain(struct buf *out, struct qp *qp, struct str run)
{
	while (run.len > 0) {
		size_t room = LINE - 1 - qp->column;
		size_t n = run.len < room ? run.len : room;

		/* "." and "From " at the start of a line are changed by
		 * others on the way (RFC 5321 4.5.2, mbox). */
		if (qp->column == 0 &&
		    (run.at[0] == '.' || run.at[0] == 'F')) {
			put_hex(out, qp, (unsigned char)run.at[0]);
			run = str_skip(run, 1);
			continue;
		}
		if (n == 0) {
			soft(out, qp);
			continue;
		}
		buf_add(out, str_head(run, n));
		qp->column += n;
		run = str_skip(run, n);
	}
}

static void line_end(struct buf *out, struct qp *qp)
{
	buf_add(out, STR("\r\n"));
	qp->column = 0;
}

/* A blank that ends a line must be encoded; one that ends the piece too,
 * since nobody knows what comes next. */
static bool ends_line(struct str s, size_t i)
{
	return i + 1 == s.len || s.at[i + 1] == '\n' ||
	       (s.at[i + 1] == '\r' && i + 2 < s.len && s.at[i + 2] == '\n');
}

static bool behind_blank(const struct buf *out, const struct qp *qp)
{
	return qp->column > 0 && out->len > 0 && out->at[out->len - 1] == ' ';
}

void qp_piece(struct buf *out, struct qp *qp, struct str piece)
{
	size_t i = 0;

	while (i < piece.len) {
		unsigned char c = (unsigned char)piece.at[i];
		size_t run = i;

		while (run < piece.len &&
		       is_plain((unsigned char)piece.at[run]))
			run++;
		if (run > i) {
			put_plain(out, qp, str_at(piece.at + i, run - i));
			i = run;
			continue;
		}
		if (c == '\n') {
			line_end(out, qp);
		} else if (c == '\r' && i + 1 < piece.len &&
			   piece.at[i + 1] == '\n') {
			line_end(out, qp);
			i++;
		} else if (c == ' ' && !ends_line(piece, i) &&
			   !behind_blank(out, qp) && qp->column < LINE - 1) {
			buf_byte(out, ' ');
			qp->column++;
		} else {
			put_hex(out, qp, c);
		}
		i++;
	}
}

void qp_text(struct buf *out, struct str text)
{
	struct qp qp = { 0 };

	qp_piece(out, &qp, text);
	if (qp.column > 0)
		line_end(out, &qp);
}

void base64_text(struct buf *out, struct str bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789+/";
	size_t column = 0;

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
		uint32_t v = 0;
		char four[4];

		for (size_t k = 0; k < 3; k++)
			v = v << 8 |
			    (k < n ? (unsigned char)bytes.at[i + k] : 0u);
		for (size_t k = 0; k < 4; k++)
			four[k] = k <= n ? digits[v >> (18 - 6 * k) & 63]
					 : '=';
		buf_add(out, str_at(four, 4));
		column += 4;
		if (column == LINE || i + 3 >= bytes.len) {
			buf_add(out, STR("\r\n"));
			column = 0;
		}
	}
}
