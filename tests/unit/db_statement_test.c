/* db_statement_test.c - named statements, what is bound, and transactions */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "db_rig.h"

static const struct db_query queries[] = {
	{ "echo", "SELECT :a, :b, :c" },
	{ "add", "INSERT INTO list (key) VALUES (:key) RETURNING id" },
	{ "three", "SELECT value FROM json_each('[1,2,3]')" },
	{ "none", "SELECT 1 WHERE 0" },
	{ "kind", "SELECT typeof(:a), length(:a), hex(:a)" },
	{ "divide", "SELECT abs(:a)" },
};
enum { ECHO, ADD, THREE, NONE, KIND, DIVIDE };

struct sets {
	struct rig rig;
	struct db_set *set;
};

static void sets_open(struct sets *s)
{
	rig_open(&s->rig);
	must(db_prepare(s->rig.db, queries, COUNT(queries), &s->set,
			&s->rig.err),
	     &s->rig.err);
}

static void sets_close(struct sets *s)
{
	db_finish(&s->set);
	assert_null(s->set);
	db_finish(&s->set);
	rig_down(&s->rig);
}

static void assert_str(struct str got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.at, want, got.len);
}

static void values_come_back_as_they_were_bound(void **state)
{
	struct sets s;
	struct db_stmt *q;

	(void)state;
	sets_open(&s);
	q = db_use(s.set, ECHO);
	db_bind_int(q, ":a", INT64_MIN);
	db_bind_text(q, ":b", str_at("a\0b\303\274", 5));
	db_bind_blob(q, ":c", str_at("\0\377\0", 3));
	assert_int_equal(db_step(q, &s.rig.err), 1);
	assert_true(db_int(q, 0) == INT64_MIN);
	assert_int_equal(db_text(q, 1).len, 5);
	assert_memory_equal(db_text(q, 1).at, "a\0b\303\274", 5);
	assert_int_equal(db_blob(q, 2).len, 3);
	assert_memory_equal(db_blob(q, 2).at, "\0\377\0", 3);
	assert_false(db_null(q, 2));
	assert_int_equal(db_step(q, &s.rig.err), 0);
	sets_close(&s);
}

static void what_is_not_bound_is_null_and_reads_as_nothing(void **state)
{
	struct sets s;
	struct db_stmt *q;

	(void)state;
	sets_open(&s);
	q = db_use(s.set, ECHO);
	db_bind_int(q, ":a", 7);
	db_bind_text(q, ":b", STR("old"));
	assert_int_equal(db_one(q, &s.rig.err), 1);
	q = db_use(s.set, ECHO);
	db_bind_null(q, ":c");
	assert_int_equal(db_one(q, &s.rig.err), 1);
	for (int i = 0; i < 3; i++) {
		assert_true(db_null(q, i));
		assert_int_equal(db_int(q, i), 0);
		assert_int_equal(db_text(q, i).len, 0);
		assert_non_null(db_text(q, i).at);
		assert_int_equal(db_blob(q, i).len, 0);
	}
	sets_close(&s);
}

static void an_empty_text_is_a_text(void **state)
{
	static const struct str empty[] = { { "", 0 }, { NULL, 0 } };
	struct sets s;

	(void)state;
	sets_open(&s);
	for (size_t i = 0; i < COUNT(empty); i++) {
		struct db_stmt *q = db_use(s.set, KIND);

		db_bind_text(q, ":a", empty[i]);
		assert_int_equal(db_one(q, &s.rig.err), 1);
		assert_str(db_text(q, 0), "text");
		q = db_use(s.set, KIND);
		db_bind_blob(q, ":a", empty[i]);
		assert_int_equal(db_one(q, &s.rig.err), 1);
		assert_str(db_text(q, 0), "blob");
	}
	sets_close(&s);
}

static void rows_come_one_by_one_until_there_is_none(void **state)
{
	struct sets s;
	struct db_stmt *q;

	(void)state;
	sets_open(&s);
	q = db_use(s.set, THREE);
	for (int i = 1; i <= 3; i++) {
		assert_int_equal(db_step(q, &s.rig.err), 1);
		assert_int_equal(db_int(q, 0), i);
	}
	assert_int_equal(db_step(q, &s.rig.err), 0);
	/* Done is reset: it can be had again. */
	assert_int_equal(db_step(q, &s.rig.err), 1);
	assert_int_equal(db_int(q, 0), 1);
	assert_int_equal(db_run(q, &s.rig.err), 0);
	assert_int_equal(db_one(db_use(s.set, NONE), &s.rig.err), 0);
	sets_close(&s);
}

static void what_returns_rows_is_committed_only_when_it_is_done(void **state)
{
	struct sets s;
	struct db *other = NULL;
	struct db_stmt *q;

	(void)state;
	sets_open(&s);
	must(db_open(s.rig.path, DB_READ, &other, &s.rig.err), &s.rig.err);
	q = db_use(s.set, ADD);
	db_bind_text(q, ":key", STR("weekly"));
	assert_int_equal(db_step(q, &s.rig.err), 1);
	assert_int_equal(db_int(q, 0), 1);
	assert_int_equal(ask(other, "SELECT count(*) FROM list"), 0);
	assert_int_equal(db_step(q, &s.rig.err), 0);
	assert_int_equal(ask(other, "SELECT count(*) FROM list"), 1);
	assert_int_equal(db_last_id(s.rig.db), 1);
	assert_int_equal(db_changes(s.rig.db), 1);
	db_close(&other);
	sets_close(&s);
}

static void a_failure_says_what_sqlite_says_and_leaves_the_statement_usable(
	void **state)
{
	struct sets s;
	struct db_stmt *q;

	(void)state;
	sets_open(&s);
	for (int i = 0; i < 2; i++) {
		q = db_use(s.set, ADD);
		db_bind_text(q, ":key", STR("weekly"));
		assert_int_equal(db_run(q, &s.rig.err), i ? -1 : 0);
	}
	assert_int_equal(s.rig.err.code, ERR_DB);
	assert_string_equal(s.rig.err.message,
			    "UNIQUE constraint failed: list.key");
	assert_string_equal(s.rig.err.place, s.rig.path);
	q = db_use(s.set, DIVIDE);
	db_bind_int(q, ":a", INT64_MIN);
	assert_int_equal(db_step(q, &s.rig.err), -1);
	assert_string_equal(s.rig.err.message, "integer overflow");
	q = db_use(s.set, ADD);
	db_bind_text(q, ":key", STR("daily"));
	assert_int_equal(db_run(q, &s.rig.err), 0);
	assert_int_equal(ask(s.rig.db, "SELECT count(*) FROM list"), 2);
	sets_close(&s);
}

static void a_slip_in_a_statement_is_named_when_it_is_prepared(void **state)
{
	static const struct db_query bad[] = {
		{ "sound", "SELECT id FROM list" },
		{ "the_slip", "SELECT ident FROM list" },
	};
	struct db_set *set = NULL;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	assert_int_equal(db_prepare(rig.db, bad, 2, &set, &rig.err), -1);
	assert_null(set);
	assert_int_equal(rig.err.code, ERR_DB);
	assert_non_null(strstr(rig.err.place, "'the_slip'"));
	assert_string_equal(rig.err.message, "no such column: ident");
	rig_down(&rig);
}

/* --- bugs die ------------------------------------------------------------- */

static void bind_unknown_int(struct sets *s)
{
	db_bind_int(db_use(s->set, ECHO), ":d", 1);
}

static void bind_unknown_text(struct sets *s)
{
	db_bind_text(db_use(s->set, ECHO), "a", STR("x"));
}

static void bind_unknown_blob(struct sets *s)
{
	db_bind_blob(db_use(s->set, NONE), ":a", STR("x"));
}

static void bind_unknown_null(struct sets *s)
{
	db_bind_null(db_use(s->set, ECHO), "");
}

static void bind_under_way(struct sets *s)
{
	struct db_stmt *q = db_use(s->set, ECHO);

	db_step(q, &s->rig.err);
	db_bind_int(q, ":a", 1);
}

static void use_what_is_not_there(struct sets *s)
{
	db_use(s->set, COUNT(queries));
}

struct slip {
	void (*make)(struct sets *s);
	struct sets *sets;
	int out;
};

static int make_slip(void *arg)
{
	const struct slip *slip = arg;

	dup2(slip->out, 2);
	slip->make(slip->sets);
	return 0;
}

static void a_slip_in_the_program_ends_it_and_names_the_statement(void **state)
{
	static const struct {
		void (*make)(struct sets *s);
		const char *says;
	} cases[] = {
		{ bind_unknown_int, "'echo' has no parameter ':d'" },
		{ bind_unknown_text, "'echo' has no parameter 'a'" },
		{ bind_unknown_blob, "'none' has no parameter ':a'" },
		{ bind_unknown_null, "'echo' has no parameter ''" },
		{ bind_under_way, "'echo': ':a' cannot be bound" },
		{ use_what_is_not_there, "no statement 6 of 6" },
	};
	struct sets s;

	(void)state;
	sets_open(&s);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slip slip = { cases[i].make, &s, -1 };
		char said[256] = "";
		int pipes[2];

		assert_int_equal(pipe(pipes), 0);
		slip.out = pipes[1];
		assert_int_equal(end_of(start(make_slip, &slip)), 70);
		close(pipes[1]);
		assert_true(read(pipes[0], said, sizeof(said) - 1) > 0);
		assert_non_null(strstr(said, cases[i].says));
		close(pipes[0]);
	}
	sets_close(&s);
}

/* --- transactions --------------------------------------------------------- */

static void a_transaction_is_all_or_nothing(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig);
	must(db_begin(rig.db, &rig.err), &rig.err);
	ask(rig.db, "INSERT INTO list (key) VALUES ('a')");
	db_rollback(rig.db);
	db_rollback(rig.db);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 0);
	must(db_begin(rig.db, &rig.err), &rig.err);
	ask(rig.db, "INSERT INTO list (key) VALUES ('a')");
	must(db_commit(rig.db, &rig.err), &rig.err);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 1);
	/* Closed in the middle is rolled back. */
	must(db_begin(rig.db, &rig.err), &rig.err);
	ask(rig.db, "INSERT INTO list (key) VALUES ('b')");
	db_close(&rig.db);
	must(db_open(rig.path, DB_WRITE, &rig.db, &rig.err), &rig.err);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 1);
	rig_down(&rig);
}

static void transactions_do_not_nest_and_do_not_end_twice(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig);
	must(db_begin(rig.db, &rig.err), &rig.err);
	assert_int_equal(db_begin(rig.db, &rig.err), -1);
	assert_int_equal(rig.err.code, ERR_DB);
	ask(rig.db, "INSERT INTO list (key) VALUES ('a')");
	must(db_commit(rig.db, &rig.err), &rig.err);
	assert_int_equal(db_commit(rig.db, &rig.err), -1);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM list"), 1);
	rig_down(&rig);
}

/* A broken rule may wait for the commit, which then leaves all open. */
static void what_cannot_be_committed_is_rolled_back(void **state)
{
	struct rig rig;

	(void)state;
	rig_open(&rig);
	must(db_begin(rig.db, &rig.err), &rig.err);
	ask(rig.db, "PRAGMA defer_foreign_keys = ON");
	ask(rig.db, "INSERT INTO revision VALUES (9, 1, x'00')");
	assert_int_equal(db_commit(rig.db, &rig.err), -1);
	assert_int_equal(rig.err.code, ERR_DB);
	assert_string_equal(rig.err.message, "FOREIGN KEY constraint failed");
	must(db_begin(rig.db, &rig.err), &rig.err);
	must(db_commit(rig.db, &rig.err), &rig.err);
	assert_int_equal(ask(rig.db, "SELECT count(*) FROM revision"), 0);
	rig_down(&rig);
}

static void a_view_for_several_reads_does_not_change(void **state)
{
	struct db *other = NULL;
	struct rig rig;

	(void)state;
	rig_open(&rig);
	must(db_open(rig.path, DB_READ, &other, &rig.err), &rig.err);
	must(db_begin_read(other, &rig.err), &rig.err);
	assert_int_equal(ask(other, "SELECT count(*) FROM list"), 0);
	ask(rig.db, "INSERT INTO list (key) VALUES ('a')");
	assert_int_equal(ask(other, "SELECT count(*) FROM list"), 0);
	db_rollback(other);
	assert_int_equal(ask(other, "SELECT count(*) FROM list"), 1);
	db_close(&other);
	rig_down(&rig);
}

static void the_side_file_is_brought_back(void **state)
{
	struct rig rig;
	struct stat st;
	char wal[160];

	(void)state;
	rig_open(&rig);
	ask(rig.db, "INSERT INTO list (key) VALUES ('a')");
	snprintf(wal, sizeof(wal), "%s-wal", rig.path);
	assert_int_equal(stat(wal, &st), 0);
	assert_true(st.st_size > 0);
	db_checkpoint(rig.db);
	assert_int_equal(stat(wal, &st), 0);
	assert_int_equal(st.st_size, 0);
	rig_down(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_back_as_they_were_bound),
		cmocka_unit_test(
			what_is_not_bound_is_null_and_reads_as_nothing),
		cmocka_unit_test(an_empty_text_is_a_text),
		cmocka_unit_test(rows_come_one_by_one_until_there_is_none),
		cmocka_unit_test(
			what_returns_rows_is_committed_only_when_it_is_done),
		cmocka_unit_test(
			a_failure_says_what_sqlite_says_and_leaves_the_statement_usable),
		cmocka_unit_test(
			a_slip_in_a_statement_is_named_when_it_is_prepared),
		cmocka_unit_test(
			a_slip_in_the_program_ends_it_and_names_the_statement),
		cmocka_unit_test(a_transaction_is_all_or_nothing),
		cmocka_unit_test(transactions_do_not_nest_and_do_not_end_twice),
		cmocka_unit_test(what_cannot_be_committed_is_rolled_back),
		cmocka_unit_test(a_view_for_several_reads_does_not_change),
		cmocka_unit_test(the_side_file_is_brought_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
