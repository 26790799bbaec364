/* check_sql.c - are all statements sound, quick and within their own house?
 *
 *	check_sql subscribers/schema/NNN-MODULE.sql... src/MODULE/FILE.sql...
 *
 * The migrations make the schema, then every named statement is prepared
 * against it. Refused are: what SQLite does not understand; more or less than
 * one statement under a name; a walk over a whole table or index, unless a
 * line of the statement ends with "-- scan ok"; and hands on what belongs to
 * another module. A table is its own module's, which the name of its migration
 * tells; others read it through that module's views MODULE_*. A file's own
 * temporary tables are made first, by its own CREATE statements.
 *
 * Prints FILE: NAME: WHAT for every breach and ends with 1 if there was one.
 */
#include <ctype.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_ROOM      128
#define OWNED_MAX      1024
#define STATEMENTS_MAX 512
#define CURSORS_MAX    256
#define LINES_MAX      128

struct owned {
	char name[NAME_ROOM], module[NAME_ROOM];
	const char *file;
	bool view;
};

struct statement {
	char name[NAME_ROOM];
	char *sql;
	size_t len;
	bool scan_ok;
};

struct check {
	sqlite3 *db;
	const char *file;	/* looked at now */
	char module[NAME_ROOM]; /* whose file it is */
	const char *statement;
	bool migrating;
	struct owned owned[OWNED_MAX];
	size_t owned_count;
	char seen[16384]; /* said of this statement already */
	int breaches;
};

static _Noreturn void give_up(const char *file, const char *why)
{
	fprintf(stderr, "check_sql: %s: %s\n", file, why);
	exit(2);
}

/* Once a statement, however often SQLite asks. */
static void breach(struct check *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void breach(struct check *c, const char *fmt, ...)
{
	size_t used = strlen(c->seen);
	char what[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	if (strstr(c->seen, what))
		return;
	snprintf(c->seen + used, sizeof(c->seen) - used, "%s\n", what);
	printf("%s: %s: %s\n", c->file, c->statement, what);
	c->breaches++;
}

static void about(struct check *c, const char *statement)
{
	c->statement = statement;
	c->seen[0] = 0;
}

/* --- whose is it ---------------------------------------------------------- */

static const struct owned *find(const struct check *c, const char *name)
{
	for (size_t i = 0; name && i < c->owned_count; i++)
		if (!sqlite3_stricmp(c->owned[i].name, name))
			return &c->owned[i];
	return NULL;
}

/* All that a migration left behind and that nobody had before. */
static void own_what_is_new(struct check *c)
{
	sqlite3_stmt *stmt = NULL;

	sqlite3_prepare_v2(c->db,
			   "SELECT name, type = 'view'"
			   " FROM sqlite_schema",
			   -1, &stmt, NULL);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(stmt, 0);
		struct owned *o = &c->owned[c->owned_count];

		if (find(c, name))
			continue;
		if (++c->owned_count == OWNED_MAX)
			give_up(c->file, "too many tables");
		snprintf(o->name, sizeof(o->name), "%s", name);
		snprintf(o->module, sizeof(o->module), "%s", c->module);
		o->file = c->file;
		o->view = sqlite3_column_int(stmt, 1) == 1;
	}
	sqlite3_finalize(stmt);
}

static bool is_public(const struct owned *o)
{
	size_t len = strlen(o->module);

	return o->view && !strncmp(o->name, o->module, len) &&
	       o->name[len] == '_';
}

/* `inside` is the view or trigger that asks in place of the statement. */
static void touched(struct check *c, const char *name, const char *inside,
		    bool writes)
{
	const struct owned *what = find(c, name);
	const struct owned *asks = find(c, inside);
	const char *who = asks ? asks->module : c->module;

	if (!what || !strcmp(what->module, who))
		return;
	if (writes)
		breach(c, "'%s' belongs to %s: %s may not write it", name,
		       what->module, who);
	else if (!is_public(what))
		breach(c,
		       "'%s' belongs to %s: %s may read it only through a "
		       "view %s_*",
		       name, what->module, who, what->module);
}

/* SQLite asks this for whatever a statement is going to touch. */
static int asked(void *arg, int action, const char *a, const char *b,
		 const char *db, const char *inside)
{
	struct check *c = arg;

	switch (action) {
	case SQLITE_READ:
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		if (!db || strcmp(db, "temp"))
			touched(c, a, inside, action != SQLITE_READ);
		return SQLITE_OK;
	case SQLITE_CREATE_INDEX:
	case SQLITE_CREATE_TRIGGER:
	case SQLITE_ALTER_TABLE:
		touched(c, b, NULL, true);
		break;
	case SQLITE_CREATE_TABLE:
	case SQLITE_CREATE_VIEW:
	case SQLITE_DROP_TABLE:
	case SQLITE_DROP_VIEW:
	case SQLITE_DROP_INDEX:
	case SQLITE_DROP_TRIGGER:
		break;
	default:
		return SQLITE_OK;
	}
	if (!c->migrating)
		breach(c, "changes the schema: that is for a migration");
	return SQLITE_OK;
}

/* --- the plan ------------------------------------------------------------- */

/* What the program of a statement does with a cursor. */
struct cursor {
	bool on_disk; /* a table or index, no interim result */
	bool starts;  /* at one end */
};

static void take_opcode(struct cursor *cursors, sqlite3_stmt *stmt)
{
	const char *op = (const char *)sqlite3_column_text(stmt, 1);
	int p1 = sqlite3_column_int(stmt, 2);
	struct cursor *at = &cursors[p1];

	if (p1 < 0 || p1 >= CURSORS_MAX)
		return;
	if (!strcmp(op, "OpenRead") || !strcmp(op, "OpenWrite") ||
	    !strcmp(op, "ReopenIdx"))
		at->on_disk = true;
	if (!strcmp(op, "Rewind") || !strcmp(op, "Last") ||
	    !strcmp(op, "Count"))
		at->starts = true;
}

static sqlite3_stmt *explain(struct check *c, const char *how, const char *sql)
{
	char *text = sqlite3_mprintf("%s %s", how, sql);
	sqlite3_stmt *stmt = NULL;

	if (!text)
		give_up(c->file, "out of memory");
	if (sqlite3_prepare_v2(c->db, text, -1, &stmt, NULL) != SQLITE_OK)
		breach(c, "%s", sqlite3_errmsg(c->db));
	sqlite3_free(text);
	return stmt;
}

/* The plan's words do not tell a table from the result of a subquery that has
 * its name; the program does. */
static bool walks(struct check *c, const char *sql)
{
	struct cursor cursors[CURSORS_MAX] = { 0 };
	sqlite3_stmt *stmt = explain(c, "EXPLAIN", sql);
	bool found = false;

	while (stmt && sqlite3_step(stmt) == SQLITE_ROW)
		take_opcode(cursors, stmt);
	sqlite3_finalize(stmt);
	for (int i = 0; i < CURSORS_MAX; i++)
		found |= cursors[i].on_disk && cursors[i].starts;
	return found;
}

/* An automatic index and a Bloom filter are built by a walk, too. */
static bool tells_of_a_walk(const char *line)
{
	if (strstr(line, "AUTOMATIC") || !strncmp(line, "BLOOM FILTER", 12))
		return true;
	return !strncmp(line, "SCAN ", 5) && !strstr(line, "VIRTUAL TABLE") &&
	       !strstr(line, "CONSTANT ROW");
}

static void check_plan(struct check *c, const struct statement *s)
{
	sqlite3_stmt *stmt;

	if (s->scan_ok || !walks(c, s->sql))
		return;
	stmt = explain(c, "EXPLAIN QUERY PLAN", s->sql);
	while (stmt && sqlite3_step(stmt) == SQLITE_ROW) {
		const char *line = (const char *)sqlite3_column_text(stmt, 3);

		if (tells_of_a_walk(line))
			breach(c, "%s", line);
	}
	sqlite3_finalize(stmt);
}

/* --- statements ----------------------------------------------------------- */

static bool is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n;")] == 0;
}

static bool creates(const char *sql)
{
	return !sqlite3_strnicmp(sql + strspn(sql, " \t\r\n"), "CREATE", 6);
}

static void check_statement(struct check *c, const struct statement *s)
{
	sqlite3_stmt *stmt = NULL;
	const char *rest = "";

	about(c, s->name);
	if (sqlite3_prepare_v2(c->db, s->sql, -1, &stmt, &rest) != SQLITE_OK)
		breach(c, "%s", sqlite3_errmsg(c->db));
	else if (!stmt)
		breach(c, "there is no statement under this name");
	else if (!is_blank(rest))
		breach(c, "more than one statement under one name");
	else
		check_plan(c, s);
	sqlite3_finalize(stmt);
}

static void make_temporary(struct check *c, const struct statement *s)
{
	if (!creates(s->sql))
		return;
	about(c, s->name);
	if (sqlite3_exec(c->db, s->sql, NULL, NULL, NULL) != SQLITE_OK)
		breach(c, "%s", sqlite3_errmsg(c->db));
}

static void check_views(struct check *c)
{
	for (size_t i = 0; i < c->owned_count; i++) {
		const struct owned *o = &c->owned[i];
		sqlite3_stmt *stmt;
		char sql[2 * NAME_ROOM];

		if (!o->view)
			continue;
		c->file = o->file;
		memcpy(c->module, o->module, sizeof(c->module));
		about(c, o->name);
		snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\"", o->name);
		stmt = explain(c, "", sql);
		sqlite3_finalize(stmt);
	}
}

/* --- files ---------------------------------------------------------------- */

static void add(char **text, size_t *len, const char *line)
{
	size_t more = strlen(line);
	char *at = realloc(*text, *len + more + 1);

	if (!at)
		give_up(line, "out of memory");
	memcpy(at + *len, line, more + 1);
	*text = at;
	*len += more;
}

static char *read_file(const char *path)
{
	FILE *in = fopen(path, "r");
	size_t len = 0, room = 0;
	char *text = NULL, *line = NULL;

	if (!in)
		give_up(path, "cannot be opened");
	add(&text, &len, "");
	while (getline(&line, &room, in) >= 0)
		add(&text, &len, line);
	if (ferror(in))
		give_up(path, "cannot be read");
	free(line);
	fclose(in);
	return text;
}

/* Whole lines of comment are dropped and so is what stands behind "-- ": as
 * sql2h.awk does it. */
static void take_line(struct check *c, struct statement *all, size_t *count,
		      char *line)
{
	struct statement *s = &all[*count > 0 ? *count - 1 : 0];
	char *comment = strstr(line, "-- ");

	if (!strncmp(line, "-- name: ", 9)) {
		s = &all[(*count)++];
		if (*count == STATEMENTS_MAX)
			give_up(c->file, "too many statements");
		snprintf(s->name, sizeof(s->name), "%s", line + 9);
		add(&s->sql, &s->len, "");
		return;
	}
	if (!strncmp(line + strspn(line, " \t"), "--", 2) || is_blank(line))
		return;
	if (*count == 0)
		give_up(c->file, "a statement stands before the first name");
	if (comment) {
		s->scan_ok |= !strcmp(comment, "-- scan ok");
		*comment = 0;
	}
	add(&s->sql, &s->len, line);
	add(&s->sql, &s->len, "\n");
}

static size_t read_statements(struct check *c, struct statement *all)
{
	char *text = read_file(c->file), *rest = text, *line;
	size_t count = 0;

	while ((line = strsep(&rest, "\n")))
		take_line(c, all, &count, line);
	free(text);
	return count;
}

/* "subscribers/schema/007-inbox.sql" is inbox's. */
static bool is_migration(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return isdigit((unsigned char)name[0]) &&
	       isdigit((unsigned char)name[1]) &&
	       isdigit((unsigned char)name[2]) && name[3] == '-';
}

/* The module's name: behind the number of a migration, else the folder. */
static void look_at(struct check *c, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *from = slash ? slash + 1 : path;
	const char *to;

	c->file = path;
	if (is_migration(path)) {
		from += 4;
		to = from + strcspn(from, ".-");
	} else {
		if (!slash)
			give_up(path, "which module's is it? name its folder");
		for (to = from = slash; from > path && from[-1] != '/';)
			from--;
	}
	snprintf(c->module, sizeof(c->module), "%.*s", (int)(to - from), from);
}

static void migrate(struct check *c, const char *path)
{
	char *sql = read_file(path);

	look_at(c, path);
	about(c, "(migration)");
	c->migrating = true;
	if (sqlite3_exec(c->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		breach(c, "%s", sqlite3_errmsg(c->db));
	c->migrating = false;
	own_what_is_new(c);
	free(sql);
}

/* Temporary tables do not outlive their file: SQLite drops them all when it
 * is told to keep them elsewhere. */
static void drop_temporary(struct check *c)
{
	sqlite3_exec(c->db, "PRAGMA temp_store = 1; PRAGMA temp_store = 2",
		     NULL, NULL, NULL);
}

static size_t check_file(struct check *c, const char *path)
{
	struct statement *all = calloc(STATEMENTS_MAX, sizeof(*all));
	size_t count;

	if (!all)
		give_up(path, "out of memory");
	look_at(c, path);
	count = read_statements(c, all);
	for (size_t i = 0; i < count; i++)
		make_temporary(c, &all[i]);
	for (size_t i = 0; i < count; i++)
		if (!creates(all[i].sql))
			check_statement(c, &all[i]);
	drop_temporary(c);
	for (size_t i = 0; i < count; i++)
		free(all[i].sql);
	free(all);
	return count;
}

int main(int argc, char **argv)
{
	static struct check c;
	size_t count = 0;

	if (sqlite3_open(":memory:", &c.db) != SQLITE_OK)
		give_up(":memory:", "cannot be opened");
	sqlite3_set_authorizer(c.db, asked, &c);
	for (int i = 1; i < argc; i++)
		if (is_migration(argv[i]))
			migrate(&c, argv[i]);
	check_views(&c);
	for (int i = 1; i < argc; i++)
		if (!is_migration(argv[i]))
			count += check_file(&c, argv[i]);
	sqlite3_close(c.db);
	if (c.owned_count == 0 || count == 0)
		give_up("usage",
			"check_sql NNN-MODULE.sql... MODULE/FILE.sql...");
	return c.breaches > 0;
}
