/* csv.c - records out of a file, with the line each begins on (libcsv) */
#include <csv.h>
#include <errno.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/utf8.h"
#include "list_priv.h"

struct reader {
	const struct csv_events *events;
	struct str fields[COLUMNS_MAX];
	size_t offsets[COLUMNS_MAX];
	size_t count;
	struct buf bytes; /* of the record's fields */
	int line;	  /* the one being fed */
	int record_line;  /* where the record began */
	size_t record_len;
	bool quoted; /* the record goes on behind the end of the line */
	struct err *err;
	int rc;
	char text[CSV_RECORD_MAX]; /* of the line */
};

static void on_field(void *bytes, size_t len, void *arg)
{
	struct reader *r = arg;

	if (r->rc < 0)
		return;
	if (r->count == COLUMNS_MAX) {
		r->rc = err_set(r->err, ERR_INPUT, "more than %d columns",
				COLUMNS_MAX);
		return;
	}
	if (len > CSV_FIELD_MAX) {
		r->rc = err_set(r->err, ERR_INPUT,
				"a field of more than %zu bytes",
				CSV_FIELD_MAX);
		return;
	}
	r->offsets[r->count] = r->bytes.len;
	r->fields[r->count].len = len;
	r->count++;
	buf_add(&r->bytes, str_at(bytes, len));
}

static void on_record(int c, void *arg)
{
	struct reader *r = arg;

	(void)c;
	if (r->rc < 0)
		return;
	for (size_t i = 0; i < r->count; i++)
		r->fields[i].at = r->bytes.at + r->offsets[i];
	r->rc = r->events->record(r->events->arg, r->record_line, r->fields,
				  r->count, r->err);
	r->count = 0;
	buf_reset(&r->bytes);
}

static int bad_quotes(struct reader *r)
{
	err_set(r->err, ERR_INPUT, "the quotes are wrong");
	return err_hint(r->err, "a quote inside a quoted field is written "
				"twice, and nothing follows the closing one");
}

static int too_long(struct reader *r)
{
	err_set(r->err, ERR_INPUT, "a record of more than %zu bytes",
		CSV_RECORD_MAX);
	return err_hint(r->err, r->quoted ? "is a quote here not closed?"
					  : "one record stands on each line");
}

/* A CR alone ends a line too: old spreadsheets write it so. */
static bool before_lf(FILE *in)
{
	int c = getc_unlocked(in);

	if (c != EOF)
		ungetc(c, in);
	return c == '\n';
}

/* The next line, its end included, counted to its record: 1 and in r->text, 0
 * at the end of the file, -1. Never more than a record may have. */
static int next_line(struct reader *r, FILE *in, struct str *line_out)
{
	size_t len = 0;
	int c = getc_unlocked(in);

	if (c == EOF)
		return 0;
	r->line++;
	if (!r->quoted) {
		r->record_line = r->line;
		r->record_len = 0;
	}
	for (; c != EOF; c = getc_unlocked(in)) {
		if (r->record_len == CSV_RECORD_MAX)
			return too_long(r);
		r->record_len++;
		r->text[len++] = (char)c;
		if (c == '\n' || (c == '\r' && !before_lf(in)))
			break;
	}
	*line_out = str_at(r->text, len);
	return 1;
}

/* Inside quotes is what stands behind an odd number of them; the parser has
 * refused all that is not so. */
static void follow_quotes(struct reader *r, struct str line)
{
	const char *end = line.at + line.len;
	const char *quote = line.at;

	while ((quote = memchr(quote, '"', (size_t)(end - quote)))) {
		r->quoted = !r->quoted;
		quote++;
	}
}

static int feed(struct reader *r, struct csv_parser *parser, struct str line)
{
	if (r->line == 1 && str_starts(line, STR("\xEF\xBB\xBF")))
		line = str_skip(line, 3);
	if (!utf8_ok(line, NULL)) {
		err_set(r->err, ERR_INPUT, "a byte here is not UTF-8");
		return err_hint(r->err, "save the file as UTF-8");
	}
	if (csv_parse(parser, line.at, line.len, on_field, on_record, r) !=
		    line.len &&
	    r->rc == 0) {
		if (csv_error(parser) != CSV_EPARSE)
			die("out of memory for a record");
		return bad_quotes(r);
	}
	follow_quotes(r, line);
	return r->rc;
}

static int feed_lines(struct reader *r, struct csv_parser *parser, FILE *in)
{
	struct str line = STR_NONE;
	int more;

	while ((more = next_line(r, in, &line)) == 1)
		if (feed(r, parser, line) < 0)
			return -1;
	if (more < 0 || ferror(in))
		return more;
	if (csv_fini(parser, on_field, on_record, r) != 0)
		return bad_quotes(r);
	return r->rc;
}

int csv_read_stream(FILE *in, const char *name, const struct csv_events *events,
		    struct err *err)
{
	struct reader r = { .events = events, .err = err };
	struct csv_parser parser;
	int rc;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		die("no CSV parser");
	buf_init(&r.bytes, CSV_RECORD_MAX);
	errno = 0;
	rc = feed_lines(&r, &parser, in);
	if (rc == 0 && ferror(in))
		rc = err_sys(err, "cannot read '%s'", name);
	else if (rc < 0 && err->code == ERR_INPUT)
		err_place(err, "%s:%d", name, r.record_line);
	csv_free(&parser);
	buf_done(&r.bytes);
	return rc;
}

int csv_read(const char *path, const struct csv_events *events, struct err *err)
{
	FILE *in;
	int rc;

	if (!strcmp(path, "-"))
		return csv_read_stream(stdin, path, events, err);
	in = fopen(path, "re");
	if (!in)
		return err_sys(err, "cannot open '%s'", path);
	rc = csv_read_stream(in, path, events, err);
	fclose(in);
	return rc;
}
