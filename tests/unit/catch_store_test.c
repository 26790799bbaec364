/* What the catcher has said it keeps, it keeps: files, log, numbers, and a
 * kill in the middle. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "catch_rig.h"
#include "seal/seal.h"

static void send_one(struct rig *rig)
{
	struct client c;

	client_greet(&c, rig->port);
	client_begin(&c);
	assert_int_equal(client_ask(&c, "Message-ID: <1@x>\r\n\r\nhi\r\n."),
			 250);
	client_close(&c);
}

static void append(struct rig *rig, const char *name, const char *text)
{
	char path[512];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", rig->dir, name);
	out = fopen(path, "a");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void move(struct rig *rig, const char *from, const char *to)
{
	char old[512], new[512];

	snprintf(old, sizeof(old), "%s/%s", rig->dir, from);
	snprintf(new, sizeof(new), "%s/%s", rig->dir, to);
	assert_int_equal(rename(old, new), 0);
}

/* The n-th line of the log (from 1), parsed. */
static struct json *log_line(struct rig *rig, int n)
{
	struct arena *arena = arena_new("a test", (size_t)1 << 27);
	struct str rest = rig_file(rig, arena, "log.jsonl"), line = STR_NONE;
	struct json *json = NULL;

	for (int i = 0; i < n; i++) {
		assert_true(rest.len > 0);
		line = str_cut(rest, '\n', &rest);
	}
	if (json_parse(line, &json, &rig->err) < 0)
		fail_msg("%s", rig->err.message);
	arena_free(&arena);
	return json;
}

static int64_t log_int(const struct json *line, const char *key)
{
	int64_t number = -1;

	assert_true(json_int(json_get(line, key), &number));
	return number;
}

static void assert_text(const struct json *line, const char *key,
			const char *want)
{
	struct str text;

	assert_true(json_str(json_get(line, key), &text));
	if (!str_eqz(text, want))
		fail_msg("%s is '" STR_FMT "'", key, STR_ARG(text));
}

static void the_log_tells_of_each_letter_before_its_reply_leaves(void **state)
{
	static const char bytes[] = "Message-ID: <7@x>\r\n\r\nhi\r\n";
	struct json *line;
	struct client c;
	char hash[65];
	struct rig rig;

	(void)state;
	rig_init(&rig);
	assert_true(rig_start(&rig));
	for (int i = 1; i <= 50; i++) {
		client_greet(&c, rig.port);
		client_begin(&c);
		client_say(&c, bytes);
		assert_int_equal(client_ask(&c, "."), 250);
		/* The reply is here: so must be the line, and the file. */
		line = log_line(&rig, i);
		assert_int_equal(log_int(line, "n"), i);
		assert_int_equal(log_int(line, "conn"), i);
		assert_int_equal(log_int(line, "size"), sizeof(bytes) - 1);
		assert_text(line, "from", "a@example.org");
		assert_text(line, "to", "b@example.net");
		assert_text(line, "message_id", "<7@x>");
		assert_text(line, "reply", "250 2.0.0 kept");
		seal_sha256_hex(STR(bytes), hash);
		assert_text(line, "sha256", hash);
		json_free(&line);
		client_close(&c);
	}
	assert_true(rig_has(&rig, "000050.eml"));
	rig_end(&rig);
}

static void many_recipients_all_stand_in_file_and_log(void **state)
{
	enum { COUNT = 5000 };
	struct arena *arena = arena_new("a test", (size_t)1 << 27);
	const struct json *to;
	struct json *line;
	struct str kept;
	struct client c;
	struct rig rig;
	int heads = 0;

	(void)state;
	rig_init(&rig);
	assert_true(rig_start(&rig));
	client_greet(&c, rig.port);
	assert_int_equal(client_ask(&c, "MAIL FROM:<a@x>"), 250);
	for (int i = 0; i < COUNT; i++) {
		char rcpt[64];

		snprintf(rcpt, sizeof(rcpt), "RCPT TO:<b%04d@x.y>", i);
		assert_int_equal(client_ask(&c, rcpt), 250);
	}
	assert_int_equal(client_ask(&c, "DATA"), 354);
	assert_int_equal(client_ask(&c, "hi\r\n."), 250);
	line = log_line(&rig, 1);
	to = json_get(line, "to");
	assert_int_equal(json_count(to), COUNT);
	json_free(&line);
	kept = rig_file(&rig, arena, "000001.eml");
	while (kept.len > 0) {
		struct str one = str_cut(kept, '\n', &kept);

		heads += str_starts(one, STR("X-Original-To: b"));
	}
	assert_int_equal(heads, COUNT);
	client_close(&c);
	arena_free(&arena);
	rig_end(&rig);
}

static void numbers_go_on_where_an_earlier_run_ended(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	for (int run = 0; run < 3; run++) {
		assert_true(rig_start(&rig));
		send_one(&rig);
		send_one(&rig);
		rig_stop(&rig);
	}
	assert_true(rig_has(&rig, "000006.eml"));
	assert_false(rig_has(&rig, "000007.eml"));
	/* Letters that somebody took away leave their numbers used. */
	move(&rig, "000006.eml", "gone");
	move(&rig, "000005.eml", "gone");
	assert_true(rig_start(&rig));
	send_one(&rig);
	assert_true(rig_has(&rig, "000007.eml"));
	rig_stop(&rig);
	/* And so do files without a log. */
	move(&rig, "log.jsonl", "gone");
	assert_true(rig_start(&rig));
	send_one(&rig);
	assert_true(rig_has(&rig, "000008.eml"));
	rig_end(&rig);
}

static void half_a_line_of_the_log_is_dropped(void **state)
{
	struct json *line;
	struct rig rig;

	(void)state;
	rig_init(&rig);
	assert_true(rig_start(&rig));
	send_one(&rig);
	rig_stop(&rig);
	append(&rig, "log.jsonl", "{\"n\":2,\"time\":\"20");
	assert_true(rig_start(&rig));
	send_one(&rig);
	line = log_line(&rig, 2);
	assert_int_equal(log_int(line, "n"), 2);
	json_free(&line);
	rig_end(&rig);
}

/* A mail program moves what it has seen, and marks it. */
static void a_maildir_gives_no_name_twice(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	rig.options.maildir = true;
	assert_true(rig_start(&rig));
	send_one(&rig);
	rig_stop(&rig);
	assert_true(rig_has(&rig, "new/000001.tidings"));
	move(&rig, "new/000001.tidings", "cur/000001.tidings:2,S");
	move(&rig, "log.jsonl", "tmp/gone");
	assert_true(rig_start(&rig));
	send_one(&rig);
	assert_false(rig_has(&rig, "new/000001.tidings"));
	assert_true(rig_has(&rig, "new/000002.tidings"));
	rig_end(&rig);
}

/* It would overwrite letters that the first one has promised to keep. */
static void a_second_catcher_keeps_out_of_the_folder(void **state)
{
	struct rig first, second;

	(void)state;
	rig_init(&first);
	assert_true(rig_start(&first));
	rig_init(&second);
	second.options.dir = first.dir;
	assert_false(rig_start(&second));
	assert_int_equal(second.rc, -1);
	assert_int_equal(second.err.code, ERR_AGAIN);
	assert_non_null(strstr(second.err.message, first.dir));
	rig_stop(&first);
	assert_true(rig_start(&second));
	rig_stop(&second);
	rig_remove(&second);
	rig_remove(&first);
}

static void what_cannot_run_says_why(void **state)
{
	static const struct {
		const char *listen, *faults;
		enum err_code code;
		const char *message;
	} cases[] = {
		{ "127.0.0.1", "", ERR_USAGE, "is no HOST:PORT" },
		{ "127.0.0.1:99999", "", ERR_USAGE, "is no HOST:PORT" },
		{ ":25", "", ERR_USAGE, "is no HOST:PORT" },
		{ "127.0.0.1:0", "rpct:550", ERR_INPUT, "'rpct' is no fault" },
		{ "192.0.2.1:0", "", ERR_IO, "cannot listen on 192.0.2.1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig rig;

		rig_init(&rig);
		rig.options.listen = str_of(cases[i].listen);
		rig.options.faults = str_of(cases[i].faults);
		assert_false(rig_start(&rig));
		assert_int_equal(rig.err.code, cases[i].code);
		assert_non_null(strstr(rig.err.message, cases[i].message));
		rig_remove(&rig);
	}
}

/* --- kill -9 ------------------------------------------------------------------- */

#define BIG ((size_t)2 * 1024 * 1024)

static void say_port(void *arg, const char *address, const char *pem)
{
	int port = (int)strtol(strrchr(address, ':') + 1, NULL, 10);
	ssize_t ignored = write(*(int *)arg, &port, sizeof(port));

	(void)pem;
	(void)ignored;
}

/* A catcher in a process of its own, to be killed. */
static pid_t start_process(struct rig *rig, int *port_out)
{
	int pipe_fds[2];
	pid_t pid;

	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		rig->options.ready = say_port;
		rig->options.arg = &pipe_fds[1];
		catch_run(&rig->options, &rig->err);
		_exit(1);
	}
	close(pipe_fds[1]);
	assert_int_equal(read(pipe_fds[0], port_out, sizeof(*port_out)),
			 sizeof(*port_out));
	close(pipe_fds[0]);
	return pid;
}

/* Whole letters of ours only, under every number; the highest one. */
static int check_letters(struct rig *rig, const char *big)
{
	struct dirent *entry;
	DIR *dir = opendir(rig->dir);
	int most = 0;

	while ((entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);
		int number = (int)strtol(entry->d_name, NULL, 10);

		if (len < 4 || strcmp(entry->d_name + len - 4, ".eml") != 0)
			continue;
		assert_kept(rig, entry->d_name, big, sizeof(HEAD) - 1 + BIG);
		most = number > most ? number : most;
	}
	closedir(dir);
	return most;
}

/* Killed while the letter behind the last acknowledged one is on its way or
 * being written: what was acknowledged is there, in the log too, and nothing
 * that is there is half. */
static void a_kill_takes_nothing_that_was_acknowledged(void **state)
{
	size_t head = sizeof(HEAD) - 1;
	char *big = malloc(head + BIG + 8);
	int kept = 0;
	struct rig rig;

	(void)state;
	memcpy(big, HEAD, head);
	memset(big + head, 'x', BIG);
	for (size_t i = 998; i < BIG; i += 1000)
		memcpy(big + head + i, "\r\n", 2);
	memcpy(big + head + BIG - 2, "\r\n.\r\n", 5);
	rig_init(&rig);
	for (int round = 0; round < 20; round++) {
		size_t part = BIG / 19 * (size_t)round;
		struct json *line;
		struct client c;
		pid_t pid;
		int port;

		pid = start_process(&rig, &port);
		client_greet(&c, port);
		client_begin(&c);
		client_send(&c, big + head, BIG + 3);
		assert_int_equal(client_hear(&c), 250);
		kept++;
		client_begin(&c);
		/* The last rounds: dot and all, but nobody hears the reply. */
		client_send(&c, big + head, part < BIG - 9 ? part : BIG + 3);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		client_close(&c);
		assert_in_range(check_letters(&rig, big), kept, kept + 1);
		kept = check_letters(&rig, big);
		line = log_line(&rig, round + 1);
		assert_true(log_int(line, "n") <= kept);
		json_free(&line);
	}
	rig_remove(&rig);
	free(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kill_takes_nothing_that_was_acknowledged),
		cmocka_unit_test(
			the_log_tells_of_each_letter_before_its_reply_leaves),
		cmocka_unit_test(many_recipients_all_stand_in_file_and_log),
		cmocka_unit_test(numbers_go_on_where_an_earlier_run_ended),
		cmocka_unit_test(half_a_line_of_the_log_is_dropped),
		cmocka_unit_test(a_maildir_gives_no_name_twice),
		cmocka_unit_test(a_second_catcher_keeps_out_of_the_folder),
		cmocka_unit_test(what_cannot_run_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
