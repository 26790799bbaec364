/* What was on the wire is still there when its process is not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "send/slots.h"

#define ISSUE	   3
#define ORDINAL	   1234
#define EPOCH	   5
#define BOOT_ID_AT 8 /* behind the mark and the count */

static char dir[64];
static struct err err;

static int open_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/tidings-slots-XXXXXX");
	assert_non_null(mkdtemp(dir));
	err = (struct err)ERR_INIT;
	return 0;
}

static const char *path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/" SLOTS_DIR "/%s", dir, name);
	return path;
}

static int files(void)
{
	DIR *d = opendir(path_of(""));
	const struct dirent *entry;
	int count = 0;

	while (d && (entry = readdir(d)))
		count += entry->d_name[0] != '.';
	if (d)
		closedir(d);
	return count;
}

static int close_dir(void **state)
{
	DIR *d = opendir(path_of(""));
	const struct dirent *entry;

	(void)state;
	while (d && (entry = readdir(d)))
		if (entry->d_name[0] != '.')
			remove(path_of(entry->d_name));
	if (d)
		closedir(d);
	rmdir(path_of(""));
	rmdir(dir);
	return 0;
}

static void must(int rc)
{
	if (rc < 0)
		fail_msg("%s: %s", err.place, err.message);
}

static struct slots *make(int64_t owner, int connections)
{
	struct slots *slots = NULL;

	must(slots_create(dir, connections, &slots, &err));
	if (owner > 0)
		must(slots_name(slots, owner, &err));
	return slots;
}

/* --- what is found --------------------------------------------------------- */

struct found {
	int visits, count;
	int64_t owner;
	bool this_boot;
	struct slot_record records[8];
	int answer; /* of the visit */
};

static int note(void *arg, int64_t owner, bool this_boot,
		const struct slot_record *records, int count, struct err *e)
{
	struct found *found = arg;

	(void)e;
	found->visits++;
	found->owner = owner;
	found->this_boot = this_boot;
	found->count = count;
	for (int i = 0; i < count && i < 8; i++)
		found->records[i] = records[i];
	return found->answer;
}

static struct found look_in(const char *where, int answer)
{
	struct found found = { .answer = answer };
	struct slots_visit visit = { note, &found };

	assert_int_equal(slots_recover(where, &visit, &err), answer);
	return found;
}

static struct found look(void)
{
	return look_in(dir, 0);
}

/* --- phases ---------------------------------------------------------------- */

static void go_as_far_as(struct slot_cell *cell, enum slot_phase phase)
{
	if (phase >= CELL_CLAIMED)
		slot_claim(cell, ISSUE, ORDINAL, EPOCH);
	if (phase >= CELL_DOT)
		slot_dot(cell);
	if (phase >= CELL_DONE)
		slot_done(cell, 451, "4.2.1", "451 4.2.1 mailbox busy");
}

/* In a process of its own that dies by SIGKILL. */
static void die_at(enum slot_phase phase, bool freed)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct slots *slots = make(7, 2);
		struct slot_cell *cell = slots_cell(slots, 1, 1);

		go_as_far_as(cell, phase);
		if (freed)
			slot_free(cell);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void a_killed_process_leaves_each_phase_as_it_was(void **state)
{
	(void)state;
	for (int phase = CELL_FREE; phase <= CELL_DONE; phase++) {
		struct found found;

		die_at((enum slot_phase)phase, false);
		found = look();
		assert_int_equal(found.visits, 1);
		assert_int_equal(found.owner, 7);
		assert_true(found.this_boot);
		assert_int_equal(found.count, phase == CELL_FREE ? 0 : 1);
		if (phase == CELL_FREE)
			continue;
		assert_int_equal(found.records[0].phase, phase);
		assert_int_equal(found.records[0].issue, ISSUE);
		assert_int_equal(found.records[0].ordinal, ORDINAL);
		assert_int_equal(found.records[0].epoch, EPOCH);
	}
}

static void an_answer_is_kept_with_its_words(void **state)
{
	struct found found;

	(void)state;
	die_at(CELL_DONE, false);
	found = look();
	assert_int_equal(found.records[0].code, 451);
	assert_string_equal(found.records[0].status, "4.2.1");
	assert_string_equal(found.records[0].reply, "451 4.2.1 mailbox busy");
}

static void what_was_freed_is_not_found_again(void **state)
{
	(void)state;
	for (int phase = CELL_CLAIMED; phase <= CELL_DONE; phase++) {
		die_at((enum slot_phase)phase, true);
		assert_int_equal(look().count, 0);
	}
}

static void the_two_cells_of_each_connection_are_apart(void **state)
{
	struct slots *slots = make(7, 3);
	struct found found;

	(void)state;
	for (int i = 0; i < 6; i++)
		slot_claim(slots_cell(slots, i / 2, i % 2), ISSUE, i, EPOCH);
	slot_free(slots_cell(slots, 1, 0));
	slot_dot(slots_cell(slots, 2, 1));
	slots_close(&slots, false);
	found = look();
	assert_int_equal(found.count, 5);
	for (int i = 0; i < 5; i++) {
		int64_t ordinal = found.records[i].ordinal;

		assert_int_equal(ordinal, i < 2 ? i : i + 1);
		assert_int_equal(found.records[i].phase,
				 ordinal == 5 ? CELL_DOT : CELL_CLAIMED);
	}
}

static void long_words_of_a_relay_are_cut_and_ended(void **state)
{
	struct slots *slots = make(7, 1);
	char words[2000];
	struct found found;

	(void)state;
	memset(words, 'w', sizeof(words) - 1);
	words[sizeof(words) - 1] = 0;
	slot_claim(slots_cell(slots, 0, 0), ISSUE, ORDINAL, EPOCH);
	slot_dot(slots_cell(slots, 0, 0));
	slot_done(slots_cell(slots, 0, 0), 250, words, words);
	slots_close(&slots, false);
	found = look();
	assert_int_equal(strlen(found.records[0].status), 15);
	assert_int_equal(strlen(found.records[0].reply), 511);
}

/* --- every instruction ------------------------------------------------------ */

#define STEPS_MAX 2000000

struct snapshot {
	char bytes[4096];
	ssize_t len;
};

static void read_snapshot(const char *path, struct snapshot *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	memset(out, 0, sizeof(*out));
	out->len = read(fd, out->bytes, sizeof(out->bytes));
	close(fd);
}

/* As a process would find it that starts now. */
static struct found found_in(const struct snapshot *snapshot)
{
	char other[96], path[160];
	struct found found;
	int fd;

	snprintf(other, sizeof(other), "%s.copy", dir);
	snprintf(path, sizeof(path), "%s/" SLOTS_DIR, other);
	mkdir(other, 0700);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/" SLOTS_DIR "/7", other);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, snapshot->bytes, (size_t)snapshot->len),
			 snapshot->len);
	close(fd);
	found = look_in(other, 0);
	snprintf(path, sizeof(path), "%s/" SLOTS_DIR, other);
	rmdir(path);
	rmdir(other);
	return found;
}

/* The second letter of the cell, after one that ended otherwise. */
static void second_letter(struct slot_cell *cell)
{
	slot_claim(cell, ISSUE, ORDINAL + 1, EPOCH + 1);
	slot_dot(cell);
	slot_done(cell, 250, "2.0.0", "250 2.0.0 taken");
	slot_free(cell);
}

/* Whatever is found names a whole row, and an answer is that row's own. */
static enum slot_phase check_truth(const struct found *found)
{
	const struct slot_record *r = &found->records[0];

	assert_int_equal(found->visits, 1);
	if (found->count == 0)
		return CELL_FREE;
	assert_int_equal(found->count, 1);
	assert_int_equal(r->issue, ISSUE);
	assert_int_equal(r->ordinal, ORDINAL + 1);
	assert_int_equal(r->epoch, EPOCH + 1);
	if (r->phase == CELL_DONE) {
		assert_int_equal(r->code, 250);
		assert_string_equal(r->status, "2.0.0");
		assert_string_equal(r->reply, "250 2.0.0 taken");
	}
	return r->phase;
}

/* Step by step through the child; the set of phases that were seen, or -1. */
static int step_through(pid_t pid, const char *path)
{
	struct snapshot before = { .len = -1 }, now;
	int seen = 0, status = 0;

	for (int steps = 0; steps < STEPS_MAX; steps++) {
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (!WIFSTOPPED(status))
			return seen;
		read_snapshot(path, &now);
		if (now.len != before.len ||
		    memcmp(now.bytes, before.bytes, sizeof(now.bytes)) != 0) {
			struct found found = found_in(&now);

			seen |= 1 << check_truth(&found);
			before = now;
		}
		if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) < 0)
			return -1;
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -1;
}

static void the_truth_holds_between_any_two_instructions(void **state)
{
	struct slots *slots = make(7, 1);
	struct slot_cell *cell = slots_cell(slots, 0, 0);
	int seen;
	pid_t pid;

	(void)state;
	go_as_far_as(cell, CELL_DONE);
	slot_free(cell);
	pid = fork();
	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
			_exit(1);
		raise(SIGSTOP);
		second_letter(cell);
		_exit(0);
	}
	seen = step_through(pid, path_of("7"));
	slots_close(&slots, true);
	if (seen <= 0)
		skip(); /* no debugger is allowed here */
	assert_int_equal(seen, 1 << CELL_FREE | 1 << CELL_CLAIMED |
				       1 << CELL_DOT | 1 << CELL_DONE);
}

/* --- whose file ------------------------------------------------------------- */

static void a_living_owners_file_is_left_alone(void **state)
{
	struct slots *slots = make(7, 1);

	(void)state;
	slot_claim(slots_cell(slots, 0, 0), ISSUE, ORDINAL, EPOCH);
	assert_int_equal(look().visits, 0);
	assert_true(slots_exist(dir, 7));
	assert_false(slots_exist(dir, 8));
	slots_close(&slots, false);
	assert_int_equal(look().visits, 1);
	assert_false(slots_exist(dir, 7));
}

static void a_clean_end_leaves_no_file(void **state)
{
	struct slots *slots = make(7, 1);

	(void)state;
	slots_close(&slots, true);
	assert_null(slots);
	assert_int_equal(files(), 0);
	slots_close(&slots, true);
}

static void a_file_stays_until_its_rows_are_settled(void **state)
{
	struct slots *slots = make(7, 1);

	(void)state;
	slots_close(&slots, false);
	assert_int_equal(look_in(dir, -1).visits, 1);
	assert_true(slots_exist(dir, 7));
	assert_int_equal(look().visits, 1);
	assert_int_equal(look().visits, 0);
}

static void a_file_that_never_got_its_name_is_cleared_away(void **state)
{
	struct slots *living = make(0, 1);
	struct slots *dead = make(0, 1);

	(void)state;
	assert_int_equal(files(), 2);
	slots_close(&dead, false);
	assert_int_equal(look().visits, 0);
	assert_int_equal(files(), 1);
	must(slots_name(living, 9, &err));
	slots_close(&living, true);
	assert_int_equal(files(), 0);
}

static void another_boots_file_proves_nothing(void **state)
{
	struct slots *slots = make(7, 1);
	struct found found;
	int fd;

	(void)state;
	go_as_far_as(slots_cell(slots, 0, 0), CELL_DONE);
	slots_close(&slots, false);
	fd = open(path_of("7"), O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "0", 1, BOOT_ID_AT + 3), 1);
	assert_int_equal(pwrite(fd, "-", 1, BOOT_ID_AT + 4), 1);
	close(fd);
	found = look();
	assert_int_equal(found.visits, 1);
	assert_false(found.this_boot);
}

/* --- what is no slot file ---------------------------------------------------- */

static void put_file(const char *name, const char *bytes, size_t len)
{
	int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		      0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static void a_truncated_file_is_not_believed(void **state)
{
	struct slots *slots = make(7, 1);
	struct snapshot whole;

	(void)state;
	go_as_far_as(slots_cell(slots, 0, 0), CELL_DONE);
	go_as_far_as(slots_cell(slots, 0, 1), CELL_DOT);
	slots_close(&slots, false);
	read_snapshot(path_of("7"), &whole);
	for (ssize_t len = 0; len < whole.len; len++) {
		struct found found;

		put_file("7", whole.bytes, (size_t)len);
		found = look();
		assert_int_equal(found.visits, 1);
		assert_false(found.this_boot);
		assert_int_equal(found.count, 0);
	}
	put_file("7", whole.bytes, (size_t)whole.len);
	assert_int_equal(look().count, 2);
}

static void no_byte_of_a_damaged_file_does_harm(void **state)
{
	struct slots *slots = make(7, 1);
	struct snapshot whole;

	(void)state;
	go_as_far_as(slots_cell(slots, 0, 0), CELL_DONE);
	slots_close(&slots, false);
	read_snapshot(path_of("7"), &whole);
	for (ssize_t at = 0; at < whole.len; at++) {
		struct snapshot broken = whole;
		struct found found;

		broken.bytes[at] = (char)~broken.bytes[at];
		put_file("7", broken.bytes, (size_t)broken.len);
		found = look();
		assert_int_equal(found.visits, 1);
		for (int i = 0; i < found.count; i++) {
			const struct slot_record *r = &found.records[i];

			assert_true(r->phase > CELL_FREE &&
				    r->phase <= CELL_DONE);
			assert_true(memchr(r->status, 0, sizeof(r->status)));
			assert_true(memchr(r->reply, 0, sizeof(r->reply)));
		}
	}
}

static void only_the_name_of_an_owner_is_an_owners_file(void **state)
{
	static const char *const others[] = {
		"07",
		"+7",
		"-7",
		"0",
		"7.bak",
		"7 ",
		"x",
		"generation",
		"99999999999999999999",
		"9223372036854775808",
	};
	struct slots *living = make(7, 1);

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		put_file(others[i], "?", 1);
	assert_int_equal(mkdir(path_of("8"), 0700), 0);
	assert_int_equal(look().visits, 0);
	assert_int_equal(files(), sizeof(others) / sizeof(*others) + 2);
	slots_close(&living, true);
}

static void a_publication_without_slots_has_nobody_to_recover(void **state)
{
	(void)state;
	assert_int_equal(look().visits, 0);
}

static void a_folder_that_cannot_be_made_is_said(void **state)
{
	struct slots *slots = NULL;
	char path[96];

	(void)state;
	snprintf(path, sizeof(path), "%s/" SLOTS_DIR, dir);
	close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	assert_int_equal(slots_create(dir, 1, &slots, &err), -1);
	assert_null(slots);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.message, SLOTS_DIR));
	unlink(path);
}

/* --- the generation ------------------------------------------------------------ */

static void one_process_sees_that_another_raised_the_generation(void **state)
{
	struct generation *mine = NULL;
	uint64_t before;
	int status;
	pid_t pid;

	(void)state;
	must(generation_open(dir, &mine, &err));
	before = generation_read(mine);
	pid = fork();
	if (pid == 0) {
		struct generation *other = NULL;

		must(generation_open(dir, &other, &err));
		for (int i = 0; i < 1000; i++)
			generation_raise(other);
		_exit(generation_read(other) >= before + 1000 ? 0 : 1);
	}
	for (int i = 0; i < 1000; i++)
		generation_raise(mine);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(generation_read(mine), before + 2000);
	generation_close(&mine);
	assert_null(mine);
	must(generation_open(dir, &mine, &err));
	assert_int_equal(generation_read(mine), before + 2000);
	generation_close(&mine);
	generation_close(&mine);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_dir, close_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_killed_process_leaves_each_phase_as_it_was),
		TEST(an_answer_is_kept_with_its_words),
		TEST(what_was_freed_is_not_found_again),
		TEST(the_two_cells_of_each_connection_are_apart),
		TEST(long_words_of_a_relay_are_cut_and_ended),
		TEST(the_truth_holds_between_any_two_instructions),
		TEST(a_living_owners_file_is_left_alone),
		TEST(a_clean_end_leaves_no_file),
		TEST(a_file_stays_until_its_rows_are_settled),
		TEST(a_file_that_never_got_its_name_is_cleared_away),
		TEST(another_boots_file_proves_nothing),
		TEST(a_truncated_file_is_not_believed),
		TEST(no_byte_of_a_damaged_file_does_harm),
		TEST(only_the_name_of_an_owner_is_an_owners_file),
		TEST(a_publication_without_slots_has_nobody_to_recover),
		TEST(a_folder_that_cannot_be_made_is_said),
		TEST(one_process_sees_that_another_raised_the_generation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
