/* An import killed at any moment, and who reads while one runs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "list_cut.h"

#define KNOWN 1200
#define NEW   2000

/* The -wal file's head and its folder may be synced before the first commit. */
#define CLEANING 3

/* Every second of those who are known gets another name, every third leaves,
 * as many as NEW are new: several transactions of each kind. */
static void write_people(struct rig *rig, int from, int to, const char *name)
{
	struct buf text;

	buf_init(&text, (size_t)16 << 20);
	buf_addz(&text, "email,name,state,plan\n");
	for (int i = from; i < to; i++)
		buf_fmt(&text, "reader%d@example.org,%s,%s,%s\n", i,
			i % 2 ? name : "", i % 3 ? "" : "unsubscribed", name);
	write_file(rig, buf_str(&text));
	buf_done(&text);
}

static void open_with_people(struct rig *rig)
{
	struct import_options options;
	struct import_done done;

	rig_open(rig);
	write_people(rig, 0, KNOWN, "Old");
	options = options_for(rig);
	must(list_import(rig->list, &options, &done, &rig->err), &rig->err);
	assert_int_equal(done.added, KNOWN);
	write_people(rig, KNOWN / 2, KNOWN + NEW, "New");
}

/* Everything that anybody can see, in one text. */
static struct str all_seen(struct rig *rig)
{
	struct str people = export(rig, true);

	return arena_fmt(
		rig->arena, STR_FMT "%lld %lld %lld", STR_ARG(people),
		(long long)ask(rig, "SELECT count(*) FROM list_audience"),
		(long long)ask(rig, "SELECT total(length(name || attributes))"
				    " FROM list_audience"),
		(long long)ask(rig, "SELECT count(*) FROM consent, import_clock"
				    " WHERE batch <= shown"));
}

static struct str seen_as(struct rig *rig, enum db_mode mode)
{
	struct str seen;

	open_list(rig, mode);
	seen = all_seen(rig);
	if (mode == DB_WRITE)
		assert_int_equal(leftovers(rig), 0);
	close_list(rig);
	return seen;
}

struct two_worlds {
	uint64_t before_len, after_len;
	char before[65], after[65];
};

static void look_at_both_worlds(struct rig *rig, struct two_worlds *w)
{
	struct str before, after;

	keep(rig);
	before = seen_as(rig, DB_READ);
	assert_false(cut_import(rig, 0, 0));
	after = seen_as(rig, DB_READ);
	assert_false(str_eq(before, after));
	seal_sha256_hex(before, w->before);
	seal_sha256_hex(after, w->after);
	arena_reset(rig->arena);
}

/* After a death: whole or not at all, for a reader and then for a writer, and
 * the two agree. True when it was whole. */
static bool check_after_death(struct rig *rig, const struct two_worlds *w)
{
	char read[65], written[65];

	seal_sha256_hex(seen_as(rig, DB_READ), read);
	seal_sha256_hex(seen_as(rig, DB_WRITE), written);
	arena_reset(rig->arena);
	assert_string_equal(read, written);
	if (strcmp(read, w->before) != 0)
		assert_string_equal(read, w->after);
	return strcmp(read, w->after) == 0;
}

static void killed_after_any_commit_it_is_whole_or_was_never_there(void **state)
{
	struct two_worlds worlds;
	struct rig rig;
	int none = 0, whole = 0;

	(void)state;
	open_with_people(&rig);
	look_at_both_worlds(&rig, &worlds);
	for (long sync = 1;; sync++) {
		put_back(&rig);
		if (!cut_import(&rig, 0, sync))
			break;
		if (check_after_death(&rig, &worlds))
			whole++;
		else
			none++;
	}
	/* Deaths on both sides of the one moment that counts. */
	assert_true(none >= 4);
	assert_true(whole >= 3);
	drop_kept(&rig);
	open_list(&rig, DB_WRITE);
	rig_close(&rig);
}

static void killed_before_any_write_it_is_whole_or_was_never_there(void **state)
{
	struct two_worlds worlds;
	struct rig rig;
	long write = 1;
	int deaths = 0;

	(void)state;
	open_with_people(&rig);
	look_at_both_worlds(&rig, &worlds);
	/* Steps that no period of the writes is a multiple of. */
	for (;; write += 47) {
		put_back(&rig);
		if (!cut_import(&rig, write, 0))
			break;
		check_after_death(&rig, &worlds);
		deaths++;
	}
	assert_true(deaths > 10);
	drop_kept(&rig);
	open_list(&rig, DB_WRITE);
	rig_close(&rig);
}

static bool is_open(struct rig *rig)
{
	bool open;

	must(db_open(rig->path, DB_READ, &rig->db, &rig->err), &rig->err);
	open = ask(rig, "SELECT count(*) FROM import_batch WHERE settled = 0");
	db_close(&rig->db);
	return open;
}

/* Killed, and the one who cleans up killed too, again and again. */
static void a_cleaning_that_is_killed_is_finished_by_the_next(void **state)
{
	static const char *const moments[] = { HALF_DONE, JUST_PUBLISHED };
	struct two_worlds worlds;
	struct rig rig;

	(void)state;
	open_with_people(&rig);
	look_at_both_worlds(&rig, &worlds);
	for (size_t i = 0; i < COUNT(moments); i++) {
		bool there = false;
		long sync = 1;
		int deaths;

		for (; !there; sync++) {
			put_back(&rig);
			assert_true(cut_import(&rig, 0, sync));
			must(db_open(rig.path, DB_WRITE, &rig.db, &rig.err),
			     &rig.err);
			there = ask(&rig, moments[i]) != 0;
			db_close(&rig.db);
		}
		/* An empty file to import: each only cleans, and comes one
		 * commit further. */
		write_file(&rig, STR("email\n"));
		for (deaths = 0; is_open(&rig); deaths++)
			cut_import(&rig, 0, CLEANING);
		assert_true(deaths > 1);
		assert_int_equal(check_after_death(&rig, &worlds), i);
		write_people(&rig, KNOWN / 2, KNOWN + NEW, "New");
	}
	drop_kept(&rig);
	open_list(&rig, DB_WRITE);
	rig_close(&rig);
}

/* What a reader finds at one moment, all in one view of the file. */
struct sight {
	int64_t people, standing, audience, named, evidence;
};

static struct sight look(struct rig *rig)
{
	struct sight s;

	must(db_begin_read(rig->db, &rig->err), &rig->err);
	s.people = ask(rig, "SELECT count(*) FROM list_reader");
	s.standing = ask(rig, "SELECT count(*) FROM list_standing WHERE"
			      " state = 'unsubscribed'");
	s.audience = ask(rig, "SELECT count(*) FROM list_audience");
	s.named = ask(rig, "SELECT count(*) FROM list_reader WHERE"
			   " name = 'New' OR attributes LIKE '%New%'");
	s.evidence = ask(rig, "SELECT count(*) FROM consent, import_clock"
			      " WHERE batch <= shown");
	db_rollback(rig->db);
	return s;
}

static void nobody_ever_sees_half_of_an_import(void **state)
{
	struct sight before, after, s;
	int old = 0, new = 0, status;
	struct rig rig;
	pid_t child;

	(void)state;
	open_with_people(&rig);
	write_people(&rig, KNOWN / 2, 20000, "New");
	before = look(&rig);
	keep(&rig);
	assert_false(cut_import(&rig, 0, 0));
	open_list(&rig, DB_READ);
	after = look(&rig);
	close_list(&rig);

	put_back(&rig);
	child = start_import(&rig, 0, 0);
	open_list(&rig, DB_READ);
	do {
		s = look(&rig);
		if (!memcmp(&s, &before, sizeof(s)))
			old++;
		else if (!memcmp(&s, &after, sizeof(s)))
			new ++;
		else
			fail_msg("neither before nor after");
		assert_true(new == 0 || !memcmp(&s, &after, sizeof(s)));
	} while (waitpid(child, &status, WNOHANG) == 0);
	assert_int_equal(status, 0);
	assert_true(old > 2);
	close_list(&rig);
	drop_kept(&rig);
	open_list(&rig, DB_WRITE);
	s = look(&rig);
	assert_memory_equal(&s, &after, sizeof(s));
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			killed_after_any_commit_it_is_whole_or_was_never_there),
		cmocka_unit_test(
			killed_before_any_write_it_is_whole_or_was_never_there),
		cmocka_unit_test(
			a_cleaning_that_is_killed_is_finished_by_the_next),
		cmocka_unit_test(nobody_ever_sees_half_of_an_import),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
