/* Delivery into a folder: one whole file for each row, however often. */
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
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "send/send_priv.h"

struct rig {
	char dir[64];
	struct conf conf;
	struct conf_relay relay;
	struct send_options options;
	struct run run;
	struct arena *arena;
	struct err err;
	struct job job; /* ends in its texts */
};

static struct rig rig;

static int open_rig(void **state)
{
	(void)state;
	memset(&rig, 0, sizeof(rig));
	snprintf(rig.dir, sizeof(rig.dir), "/tmp/tidings-local-XXXXXX");
	assert_non_null(mkdtemp(rig.dir));
	rig.arena = arena_new("a test", (size_t)256 << 20);
	rig.conf.dir = str_of(rig.dir);
	rig.conf.relays = &rig.relay;
	rig.relay.kind = RELAY_DIR;
	rig.relay.dir = STR("outbox");
	rig.options.conf = &rig.conf;
	rig.run.options = &rig.options;
	rig.run.relay.conf = &rig.relay;
	rig.job.claim.issue = 3;
	rig.job.claim.ordinal = 42;
	return 0;
}

static void empty(const char *folder)
{
	char path[400];
	DIR *d = opendir(folder);
	const struct dirent *entry;

	while (d && (entry = readdir(d))) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		unlink(path);
	}
	if (d)
		closedir(d);
	rmdir(folder);
}

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", rig.dir, name);
	return path;
}

static int close_rig(void **state)
{
	(void)state;
	arena_free(&rig.arena);
	empty(path_of("outbox"));
	empty(path_of("elsewhere"));
	empty(rig.dir);
	return 0;
}

static struct smtp_verdict deliver(struct str bytes)
{
	struct smtp_verdict verdict;

	memset(&verdict, 'x', sizeof(verdict));
	local_deliver(&rig.run, &rig.job, STR("s@example.org"), bytes,
		      &verdict);
	return verdict;
}

static int files_in(const char *name)
{
	DIR *d = opendir(path_of(name));
	const struct dirent *entry;
	int count = 0;

	while (d && (entry = readdir(d)))
		count += strcmp(entry->d_name, ".") &&
			 strcmp(entry->d_name, "..");
	if (d)
		closedir(d);
	return count;
}

static struct str content_of(const char *name)
{
	struct str text = STR_NONE;

	if (file_read(path_of(name), (size_t)16 << 20, rig.arena, &text,
		      &rig.err) < 0)
		fail_msg("%s", rig.err.message);
	return text;
}

static void a_letter_is_a_file_as_it_would_be_on_the_wire(void **state)
{
	struct smtp_verdict v = deliver(STR("To: you\r\n\r\ntext\r\n"));

	(void)state;
	assert_int_equal(policy_of(&v).event, EVENT_ACCEPTED);
	assert_int_equal(v.stage, SMTP_DOT);
	assert_true(str_eqz(content_of("outbox/3-00000042.eml"),
			    "To: you\r\n\r\ntext\r\n"));
	assert_int_equal(files_in("outbox"), 1);
}

static void a_second_copy_takes_the_place_of_the_first(void **state)
{
	(void)state;
	deliver(STR("one\r\n"));
	deliver(STR("two\r\n"));
	assert_int_equal(files_in("outbox"), 1);
	assert_true(str_eqz(content_of("outbox/3-00000042.eml"), "two\r\n"));
}

static void every_row_has_a_file_of_its_own(void **state)
{
	(void)state;
	for (int issue = 1; issue <= 3; issue++) {
		for (int ordinal = 1; ordinal <= 3; ordinal++) {
			rig.job.claim.issue = issue;
			rig.job.claim.ordinal = ordinal;
			deliver(STR("x\r\n"));
		}
	}
	assert_int_equal(files_in("outbox"), 9);
}

static void a_folder_may_stand_anywhere(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/elsewhere", rig.dir);
	rig.relay.dir = str_of(path);
	deliver(STR("x\r\n"));
	assert_int_equal(files_in("elsewhere"), 1);
	assert_int_equal(files_in("outbox"), 0);
}

static void where_nothing_can_be_written_nothing_was_sent(void **state)
{
	struct smtp_verdict v;

	(void)state;
	close(open(path_of("outbox"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	v = deliver(STR("x\r\n"));
	assert_int_equal(policy_of(&v).event, EVENT_RELEASE);
	assert_int_equal(policy_of(&v).relay, RELAY_TROUBLE);
	assert_non_null(strstr(v.text, "outbox"));
	assert_int_equal(v.status[0], 0);
	unlink(path_of("outbox"));
}

/* Somebody who looks at any time, also after a kill, sees a whole letter. */
static void a_letter_is_there_whole_or_not_at_all(void **state)
{
	const size_t size = (size_t)1 << 20;
	char *bytes = arena_take(rig.arena, size);
	int status, seen = 0;
	pid_t pid;

	(void)state;
	memset(bytes, 'l', size);
	pid = fork();
	if (pid == 0)
		for (;;)
			deliver(str_at(bytes, size));
	while (seen < 40) {
		struct stat st;

		if (stat(path_of("outbox/3-00000042.eml"), &st) < 0)
			continue;
		assert_int_equal(st.st_size, size);
		assert_int_equal(content_of("outbox/3-00000042.eml").len, size);
		seen++;
	}
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(content_of("outbox/3-00000042.eml").len, size);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_letter_is_a_file_as_it_would_be_on_the_wire),
		TEST(a_second_copy_takes_the_place_of_the_first),
		TEST(every_row_has_a_file_of_its_own),
		TEST(a_folder_may_stand_anywhere),
		TEST(where_nothing_can_be_written_nothing_was_sent),
		TEST(a_letter_is_there_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
