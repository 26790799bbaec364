/* csv.c - records out of a file, with the line each begins on (libcsv) */
#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/utf8.h"
#include "list_priv.h"

#define LINE_BYTES_MAX ((size_t)64 * 1024)
#define FIELD_BYTES_MAX ((size_t)8 * 1024)

struct reader {
	const struct csv_events *events;
	struct str fields[COLUMNS_MAX];
	size_t offsets[COLUMNS_MAX];
	size_t count;
	struct buf bytes;	/* of the record's fields */
	int line;		/* the one being fed */
	int record_line;	/* where the record began */
	bool record_over;
	struct err *err;
	int rc;
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
	if (len > FIELD_BYTES_MAX) {
		r->rc = err_set(r->err, ERR_INPUT,
				"a field of more than %zu bytes",
				FIELD_BYTES_MAX);
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
	r->record_over = true;
}

static int bad_quotes(struct reader *r)
{
	err_set(r->err, ERR_INPUT, "the quotes are wrong");
	return err_hint(r->err, "a quote inside a quoted field is written "
				"twice, and nothing follows the closing one");
}

static int feed(struct reader *r, struct csv_parser *parser, struct str line)
{
	if (line.len > LINE_BYTES_MAX)
		return err_set(r->err, ERR_INPUT,
			       "a line of more than %zu bytes",
			       LINE_BYTES_MAX);
	if (!utf8_ok(line, NULL)) {
		err_set(r->err, ERR_INPUT, "a byte here is not UTF-8");
		return err_hint(r->err, "save the file as UTF-8");
	}
	if (csv_parse(parser, line.at, line.len, on_field, on_record, r) !=
		    line.len &&
	    r->rc == 0)
		return bad_quotes(r);
	return r->rc;
}

static int feed_lines(struct reader *r, struct csv_parser *parser, FILE *in)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	int rc = 0;

	while (rc == 0 && (len = getline(&line, &room, in)) >= 0) {
		struct str text = str_at(line, (size_t)len);

		r->line++;
		if (r->line == 1 && str_starts(text, STR("\xEF\xBB\xBF")))
			text = str_skip(text, 3);
		if (r->record_over || str_trim(text).len == 0)
			r->record_line = r->line;
		r->record_over = false;
		rc = feed(r, parser, text);
		/* A blank line is no record: the next begins anew. */
		if (r->count == 0 && r->bytes.len == 0 &&
		    str_trim(text).len == 0)
			r->record_over = true;
	}
	free(line);
	if (rc == 0 && csv_fini(parser, on_field, on_record, r) != 0)
		rc = bad_quotes(r);
	return rc < 0 ? rc : r->rc;
}

int csv_read(const char *path, const struct csv_events *events,
	     struct err *err)
{
	bool standard = !strcmp(path, "-");
	struct reader r = { .events = events,
			    .record_over = true,
			    .err = err };
	struct csv_parser parser;
	FILE *in = standard ? stdin : fopen(path, "re");
	int rc;

	if (!in)
		return err_sys(err, "cannot open '%s'", path);
	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		die("no CSV parser");
	buf_init(&r.bytes, 4 * LINE_BYTES_MAX);
	rc = feed_lines(&r, &parser, in);
	if (rc == 0 && ferror(in))
		rc = err_sys(err, "cannot read '%s'", path);
	else if (rc < 0 && err->code == ERR_INPUT)
		err_place(err, "%s:%d", path, r.record_line);
	csv_free(&parser);
	buf_done(&r.bytes);
	if (!standard)
		fclose(in);
	return rc;
}
