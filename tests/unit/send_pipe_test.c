/* Delivery through a program: its words, its letter, its answer. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "send/send_priv.h"

#define LONG_MS 60000
#define SENDER	STR("bounce+t@example.org")
#define LETTER	STR("To: you\r\n\r\nfirst\r\nlast\r\n")

static char dir[64];
static struct arena *arena;
static struct err err;

static int open_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/tidings-pipe-XXXXXX");
	assert_non_null(mkdtemp(dir));
	arena = arena_new("a test", (size_t)32 << 20);
	err = (struct err)ERR_INIT;
	return 0;
}

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int close_dir(void **state)
{
	DIR *d = opendir(dir);
	const struct dirent *entry;

	(void)state;
	while (d && (entry = readdir(d)))
		if (entry->d_name[0] != '.')
			unlink(path_of(entry->d_name));
	if (d)
		closedir(d);
	rmdir(dir);
	arena_free(&arena);
	return 0;
}

/* A shell script that finds itself in its own folder. */
static void program(const char *body)
{
	FILE *out = fopen(path_of("program"), "w");

	assert_non_null(out);
	fprintf(out, "#!/bin/sh\ncd '%s' || exit 1\n%s\n", dir, body);
	fclose(out);
	chmod(path_of("program"), 0700);
}

static struct str content_of(const char *name)
{
	struct str text = STR_NONE;

	if (file_read(path_of(name), (size_t)16 << 20, arena, &text, &err) < 0)
		fail_msg("%s", err.message);
	return text;
}

/* `command` with the program's path for %s. */
static struct smtp_verdict deliver_as(const char *command, struct str recipient,
				      struct str bytes, int64_t patience_ms)
{
	struct conf_relay relay = { .kind = RELAY_PIPE };
	struct smtp_verdict verdict;
	struct str rest;
	struct str head = str_cut(str_of(command), '%', &rest);

	relay.command = arena_fmt(arena, STR_FMT "%s/program" STR_FMT,
				  STR_ARG(head), dir,
				  STR_ARG(str_skip(rest, 1)));
	memset(&verdict, 'x', sizeof(verdict));
	pipe_deliver(&relay, SENDER, recipient, bytes, patience_ms, &verdict);
	return verdict;
}

static struct smtp_verdict deliver(const char *recipient)
{
	return deliver_as("%s -f {sender} -- {recipient}", str_of(recipient),
			  LETTER, LONG_MS);
}

static void assert_text(struct str got, const char *want)
{
	if (!str_eqz(got, want))
		fail_msg("got '" STR_FMT "', want '%s'", STR_ARG(got), want);
}

/* --- words ------------------------------------------------------------------ */

static void the_letter_comes_whole_and_with_the_systems_line_ends(void **state)
{
	struct smtp_verdict v;

	(void)state;
	program("cat >letter");
	v = deliver("ada@example.org");
	assert_int_equal(v.code, 250);
	assert_int_equal(v.stage, SMTP_DOT);
	assert_text(content_of("letter"), "To: you\n\nfirst\nlast\n");
}

static void an_address_is_one_argument_and_no_shells_word(void **state)
{
	static const char *const addresses[] = {
		"ada@example.org",
		"a;touch${IFS}owned;@example.org",
		"$(touch owned)@example.org",
		"`touch owned`@example.org",
		"\"a b\"@example.org",
		"a'b@example.org",
		"*@example.org",
		"a|b&c>d@example.org",
		"{sender}@example.org",
		"-dash@example.org",
	};

	(void)state;
	program("printf '%s\\n' \"$#\" \"$@\" >words");
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		char want[200];

		snprintf(want, sizeof(want),
			 "4\n-f\nbounce+t@example.org\n--\n%s\n", addresses[i]);
		assert_int_equal(deliver(addresses[i]).code, 250);
		assert_text(content_of("words"), want);
	}
	assert_int_equal(access(path_of("owned"), F_OK), -1);
}

static void a_commands_words_are_split_at_blanks_and_kept_in_quotes(
	void **state)
{
	static const struct {
		const char *command, *words;
	} cases[] = {
		{ "%s {recipient}", "ada@example.org\n" },
		{ "  %s   -i   {recipient}  ", "-i\nada@example.org\n" },
		{ "%s --to={recipient}", "--to=ada@example.org\n" },
		{ "%s \"two words\" {recipient}",
		  "two words\nada@example.org\n" },
		{ "%s $HOME * {recipient}", "$HOME\n*\nada@example.org\n" },
	};

	(void)state;
	program("printf '%s\\n' \"$@\" >words");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(deliver_as(cases[i].command,
					    STR("ada@example.org"), LETTER,
					    LONG_MS)
					 .code,
				 250);
		assert_text(content_of("words"), cases[i].words);
	}
}

static void no_address_becomes_an_option(void **state)
{
	static const struct {
		const char *command;
		bool runs;
	} cases[] = {
		{ "%s {recipient}", false },
		{ "%s -f {sender} {recipient}", false },
		{ "%s {recipient} --", false },
		{ "%s -- {recipient}", true },
		{ "%s --to={recipient}", true },
		{ "%s -t{recipient}", true },
		{ "%s to:{recipient}", true },
	};

	(void)state;
	program("echo >>ran");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct smtp_verdict v = deliver_as(cases[i].command,
						   STR("-oQ/tmp@example.org"),
						   LETTER, LONG_MS);

		assert_int_equal(access(path_of("ran"), F_OK) == 0,
				 cases[i].runs);
		unlink(path_of("ran"));
		assert_int_equal(policy_of(&v).event, cases[i].runs
							      ? EVENT_ACCEPTED
							      : EVENT_REFUSED);
		assert_int_equal(policy_of(&v).relay, RELAY_FINE);
		if (!cases[i].runs)
			assert_non_null(strstr(v.text, "'--'"));
	}
}

/* --- answers ---------------------------------------------------------------- */

static void an_exit_status_is_an_answer(void **state)
{
	static const struct {
		int status;
		enum delivery_event event;
		enum relay_action relay;
	} cases[] = {
		{ 0, EVENT_ACCEPTED, RELAY_FINE },
		{ 75, EVENT_DEFERRED, RELAY_FINE }, /* EX_TEMPFAIL */
		{ 65, EVENT_REFUSED, RELAY_FINE },  /* EX_DATAERR */
		{ 67, EVENT_REFUSED, RELAY_FINE },  /* EX_NOUSER */
		{ 68, EVENT_REFUSED, RELAY_FINE },  /* EX_NOHOST */
		{ 1, EVENT_RELEASE, RELAY_TROUBLE },
		{ 64, EVENT_RELEASE, RELAY_TROUBLE },
		{ 70, EVENT_RELEASE, RELAY_TROUBLE },
		{ 77, EVENT_RELEASE, RELAY_TROUBLE },
		{ 78, EVENT_RELEASE, RELAY_TROUBLE },
		{ 127, EVENT_RELEASE, RELAY_TROUBLE },
		{ 255, EVENT_RELEASE, RELAY_TROUBLE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct smtp_verdict v;
		char body[64];

		snprintf(body, sizeof(body), "cat >letter; exit %d",
			 cases[i].status);
		program(body);
		v = deliver("ada@example.org");
		if (policy_of(&v).event != cases[i].event ||
		    policy_of(&v).relay != cases[i].relay)
			fail_msg("status %d: '%s'", cases[i].status, v.text);
		if (cases[i].status > 0) {
			snprintf(body, sizeof(body), "%d", cases[i].status);
			assert_non_null(strstr(v.text, body));
		}
	}
}

/* It may have handed the letter on before it died. */
static void what_a_killed_program_did_is_unknown(void **state)
{
	static const char *const signals[] = { "KILL", "TERM", "SEGV", "INT",
					       "PIPE" };
	sigset_t all, before;

	(void)state;
	/* As in a thread of the dispatcher, which hears no signal. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		struct smtp_verdict v;
		char body[64];

		snprintf(body, sizeof(body), "kill -%s $$; exit 0", signals[i]);
		program(body);
		v = deliver("ada@example.org");
		if (policy_of(&v).event != EVENT_LOST)
			fail_msg("%s: '%s'", signals[i], v.text);
		assert_non_null(strstr(v.text, "signal"));
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void a_program_that_hangs_is_ended_with_all_it_started(void **state)
{
	struct pollfd gone = { .events = POLLIN };
	struct smtp_verdict v;
	char byte;

	(void)state;
	assert_int_equal(mkfifo(path_of("alive"), 0600), 0);
	gone.fd = open(path_of("alive"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	program("exec 3>alive; echo >&3; sleep 1000 & wait");
	v = deliver_as("%s {recipient}", STR("ada@example.org"), LETTER, 500);
	assert_int_equal(policy_of(&v).event, EVENT_LOST);
	assert_non_null(strstr(v.text, "did not end"));
	/* Its word, and then the end: nobody holds the pipe any more. */
	assert_int_equal(poll(&gone, 1, LONG_MS), 1);
	assert_int_equal(read(gone.fd, &byte, 1), 1);
	assert_int_equal(poll(&gone, 1, LONG_MS), 1);
	assert_int_equal(read(gone.fd, &byte, 1), 0);
	close(gone.fd);
}

static void a_program_that_is_not_there_is_the_relays_trouble(void **state)
{
	struct smtp_verdict v = deliver("ada@example.org");

	(void)state;
	assert_int_equal(policy_of(&v).event, EVENT_RELEASE);
	assert_int_equal(policy_of(&v).relay, RELAY_TROUBLE);
	assert_non_null(strstr(v.text, "/program'"));
	assert_non_null(strstr(v.text, "No such file"));
}

static void a_program_that_does_not_read_on_still_answers(void **state)
{
	struct str large = { arena_take(arena, 4 << 20), 4 << 20 };

	(void)state;
	program("exit 67");
	assert_int_equal(deliver_as("%s {recipient}", STR("ada@example.org"),
				    large, LONG_MS)
				 .code,
			 550);
	program("exit 0");
	assert_int_equal(deliver_as("%s {recipient}", STR("ada@example.org"),
				    large, LONG_MS)
				 .code,
			 250);
}

/* --- our own death ------------------------------------------------------------ */

static void wait_for(const char *fifo, char *word, size_t size)
{
	int fd = open(path_of(fifo), O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, word, size - 1);

	word[n > 0 ? n : 0] = 0;
	close(fd);
}

/* The end of a pipe whose writer has died would look like the letter's. */
static void a_sender_killed_meanwhile_leaves_no_half_letter_behind(void **state)
{
	struct str large = { arena_take(arena, 4 << 20), 4 << 20 };
	char word[64];
	int status, fd;
	pid_t pid;

	(void)state;
	memset((char *)(uintptr_t)large.at, 'l', large.len);
	mkfifo(path_of("begun"), 0600);
	mkfifo(path_of("go"), 0600);
	mkfifo(path_of("done"), 0600);
	program("dd bs=1 count=1 of=/dev/null 2>/dev/null\n"
		"echo begun >begun; read word <go\n"
		"cat | wc -c >size; cat size >done");
	pid = fork();
	if (pid == 0) {
		deliver_as("%s {recipient}", STR("ada@example.org"), large,
			   LONG_MS);
		_exit(0);
	}
	wait_for("begun", word, sizeof(word));
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	fd = open(path_of("go"), O_WRONLY | O_CLOEXEC);
	assert_int_equal(write(fd, "go\n", 3), 3);
	close(fd);
	wait_for("done", word, sizeof(word));
	assert_int_equal(strtol(word, NULL, 10), large.len - 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_dir, close_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_letter_comes_whole_and_with_the_systems_line_ends),
		TEST(an_address_is_one_argument_and_no_shells_word),
		TEST(a_commands_words_are_split_at_blanks_and_kept_in_quotes),
		TEST(no_address_becomes_an_option),
		TEST(an_exit_status_is_an_answer),
		TEST(what_a_killed_program_did_is_unknown),
		TEST(a_program_that_hangs_is_ended_with_all_it_started),
		TEST(a_program_that_is_not_there_is_the_relays_trouble),
		TEST(a_program_that_does_not_read_on_still_answers),
		TEST(a_sender_killed_meanwhile_leaves_no_half_letter_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
