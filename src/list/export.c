/* export.c - everybody as CSV that an import takes back */
#include "base/buf.h"
#include "base/json.h"
#include "base/time.h"
#include "list_priv.h"

#include "list_sql.h"

struct writer {
	struct buf line;
	bool raw;
	bool first;
};

/* A cell that a spreadsheet would run as a formula gets an apostrophe. */
static bool is_formula(struct str cell)
{
	return cell.len > 0 && strchr("=+-@\t\r", cell.at[0]);
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
	if (!w->raw && is_formula(text))
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

static void header(struct writer *w, const struct str *attributes,
		   size_t count)
{
	static const char *const names[] = { "email",	  "name",
					     "first_name", "last_name",
					     "language",  "tags",
					     "lists",	  "state", "joined" };

	begin(w);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		cell(w, str_of(names[i]));
	for (size_t i = 0; i < count; i++)
		cell(w, attributes[i]);
	buf_byte(&w->line, '\n');
}

static void attribute_cells(struct writer *w, struct str json,
			    const struct str *attributes, size_t count)
{
	struct err ignored = ERR_INIT;
	struct json *all = NULL;

	if (count == 0)
		return;
	if (json_parse(json, &all, &ignored) < 0)
		all = NULL;
	for (size_t i = 0; i < count; i++) {
		struct str text = STR_NONE;

		if (all && !json_str(json_get(all, attributes[i].at), &text))
			text = STR_NONE;
		cell(w, text);
	}
	if (all)
		json_free(&all);
}

static void person(struct writer *w, struct db_stmt *s,
		   const struct str *attributes, size_t count)
{
	char joined[TIME_RFC3339_MAX];

	begin(w);
	for (int column = 1; column <= 6; column++)
		cell(w, db_text(s, column));
	cell(w, db_text(s, 9));
	cell(w, db_text(s, 10));
	cell(w, str_of(time_rfc3339(db_int(s, 7), joined)));
	attribute_cells(w, db_text(s, 8), attributes, count);
	buf_byte(&w->line, '\n');
}

int list_export(struct list *list, int64_t list_id, enum list_state state,
		bool raw, const struct str *attributes, size_t attribute_count,
		int (*write)(void *arg, struct str text), void *arg,
		struct err *err)
{
	struct writer w = { .raw = raw };
	struct db_stmt *s = db_use(list->set, LIST_SQL_EXPORT);
	int rc = 0;

	buf_init(&w.line, (size_t)1 << 20);
	db_bind_int(s, ":list", list_id);
	db_bind_text(s, ":state", state == LIST_NONE
				  ? STR_NONE : str_of(list_state_name(state)));
	header(&w, attributes, attribute_count);
	if (write(arg, buf_str(&w.line)))
		goto out;
	while ((rc = db_step(s, err)) == 1) {
		person(&w, s, attributes, attribute_count);
		if (write(arg, buf_str(&w.line)))
			break;
	}
out:
	db_reset(s);
	buf_done(&w.line);
	return rc < 0 ? -1 : 0;
}
