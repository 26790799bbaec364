/* export.c - everybody as CSV that an import takes back */
#include "base/buf.h"
#include "base/time.h"
#include "list_priv.h"

#include "list_sql.h"

#define PERSON_MAX ((size_t)1 << 20)

struct writer {
	struct list *list;
	const struct str *attributes;
	size_t attribute_count;
	struct buf line;
	bool raw;
	bool first; /* the next cell begins the line */
};

/* A cell that a spreadsheet would run as a formula gets an apostrophe; `raw`,
 * only one that an import would take an apostrophe from. */
static bool wants_apostrophe(const struct writer *w, struct str cell)
{
	return cell_is_formula(cell) && (!w->raw || cell.at[0] == '\'');
}

static void cell(struct writer *w, struct str text)
{
	bool quoted = str_find(text, ',') >= 0 || str_find(text, '"') >= 0 ||
		      str_find(text, '\n') >= 0 || str_find(text, '\r') >= 0;

	if (!w->first)
		buf_byte(&w->line, ',');
	w->first = false;
	if (quoted)
		buf_byte(&w->line, '"');
	if (wants_apostrophe(w, text))
		buf_byte(&w->line, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '"')
			buf_byte(&w->line, '"');
		buf_byte(&w->line, text.at[i]);
	}
	if (quoted)
		buf_byte(&w->line, '"');
}

static void begin(struct writer *w)
{
	buf_reset(&w->line);
	w->first = true;
}

static void header(struct writer *w)
{
	static const char *const names[] = {
		"email", "name",  "first_name", "last_name", "language",
		"tags",	 "lists", "state",	"joined"
	};

	begin(w);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		cell(w, str_of(names[i]));
	for (size_t i = 0; i < w->attribute_count; i++)
		cell(w, w->attributes[i]);
	buf_byte(&w->line, '\n');
}

/* {"plan":"pro"} and "plan" make the cell "pro". */
static int attribute_cell(struct writer *w, struct str json, struct str name,
			  struct err *err)
{
	struct db_stmt *s = db_use(w->list->set, LIST_SQL_ATTRIBUTE);
	struct str value = STR_NONE;
	struct buf path;
	int found;

	buf_init(&path, 1024);
	buf_fmt(&path, "$.\"" STR_FMT "\"", STR_ARG(name));
	db_bind_text(s, ":attributes", json);
	db_bind_text(s, ":path", buf_str(&path));
	found = db_one(s, err);
	if (found == 1)
		value = db_text(s, 0);
	if (found >= 0)
		cell(w, value);
	db_reset(s);
	buf_done(&path);
	return found < 0 ? -1 : 0;
}

/* A row of the statement `export`. */
static int person(struct writer *w, struct db_stmt *s, struct err *err)
{
	char joined[TIME_RFC3339_MAX];

	begin(w);
	for (int column = 1; column <= 6; column++)
		cell(w, db_text(s, column));
	cell(w, db_text(s, 10));
	cell(w, db_text(s, 9));
	cell(w, str_of(time_rfc3339(db_int(s, 8), joined)));
	for (size_t i = 0; i < w->attribute_count; i++)
		if (attribute_cell(w, db_text(s, 7), w->attributes[i], err) < 0)
			return -1;
	buf_byte(&w->line, '\n');
	if (buf_over(&w->line))
		return err_set(err, ERR_DB, "a person is too large to export");
	return 0;
}

static int export(struct writer *w, struct db_stmt *s,
		  int (*write)(void *arg, struct str text), void *arg,
		  struct err *err)
{
	int rc;

	header(w);
	if (write(arg, buf_str(&w->line)))
		return 0;
	while ((rc = db_step(s, err)) == 1) {
		if (person(w, s, err) < 0)
			return -1;
		if (write(arg, buf_str(&w->line)))
			return 0;
	}
	return rc;
}

int list_export(struct list *list, const struct list_export *what,
		int (*write)(void *arg, struct str text), void *arg,
		struct err *err)
{
	struct writer w = { .list = list,
			    .raw = what->raw,
			    .attributes = what->attributes,
			    .attribute_count = what->attribute_count };
	struct db_stmt *s = db_use(list->set, LIST_SQL_EXPORT);
	int rc;

	buf_init(&w.line, PERSON_MAX);
	db_bind_int(s, ":list", what->list_id);
	db_bind_text(s, ":state",
		     what->state == LIST_NONE
			     ? STR_NONE
			     : str_of(list_state_name(what->state)));
	rc = export(&w, s, write, arg, err);
	db_reset(s);
	buf_done(&w.line);
	return rc;
}
