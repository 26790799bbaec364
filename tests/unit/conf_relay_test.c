/* conf_relay_test.c - where letters may be handed over, and with which secret */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "conf_rig.h"

/* The relay's url stands in line 5, column 5; `more` below it. */
static const char *with_relay(const char *url, const char *more)
{
	return arena_fmt(arena,
			 "publication: {name: P}\nfrom: a@b.example\n"
			 "lists: {w: }\nrelays: \n  main:\n"
			 "    url: %s\n%s",
			 url, more)
		.at;
}

static void a_mail_servers_url_is_taken_apart(void **state)
{
	static const struct {
		const char *url, *host;
		enum conf_relay_kind kind;
		int port;
		bool loopback;
	} cases[] = {
		{ "smtp://127.0.0.1", "127.0.0.1", RELAY_SMTP, 25, true },
		{ "smtp://127.9.8.7:2525", "127.9.8.7", RELAY_SMTP, 2525,
		  true },
		{ "smtp://localhost:1", "localhost", RELAY_SMTP, 1, true },
		{ "smtp://LocalHost", "LocalHost", RELAY_SMTP, 25, true },
		{ "\"smtp://[::1]\"", "::1", RELAY_SMTP, 25, true },
		{ "\"smtp://[::1]:2525\"", "::1", RELAY_SMTP, 2525, true },
		{ "\"smtp://[0:0:0:0:0:0:0:1]:65535\"", "0:0:0:0:0:0:0:1",
		  RELAY_SMTP, 65535, true },
		{ "smtps://mail.example.org", "mail.example.org", RELAY_SMTPS,
		  465, false },
		{ "smtps://127.0.0.1:4465", "127.0.0.1", RELAY_SMTPS, 4465,
		  true },
		{ "smtp+starttls://mail.example.org", "mail.example.org",
		  RELAY_STARTTLS, 587, false },
		{ "\"smtp+starttls://[2001:db8::1]:25\"", "2001:db8::1",
		  RELAY_STARTTLS, 25, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct conf_relay *r =
			parse(with_relay(cases[i].url, ""))->relays;

		assert_int_equal(r->kind, cases[i].kind);
		assert_str(r->host, cases[i].host);
		assert_int_equal(r->port, cases[i].port);
		assert_int_equal(r->loopback, cases[i].loopback);
	}
}

static void what_is_no_mail_server_is_refused_at_its_place(void **state)
{
	static const char *const bad[] = {
		"smtp://",
		"smtp://:25",
		"\"smtp://localhost:\"",
		"smtp://a b",
		"smtp://localhost:0",
		"smtp://localhost:65536",
		"smtp://localhost:-1",
		"smtp://localhost:+25",
		"smtp://localhost:25x",
		"smtp://localhost:25/",
		"smtp://localhost/",
		"smtp://localhost:25:25",
		"smtp://::1",
		"\"smtp://[::1\"",
		"\"smtp://[::1]x\"",
		"\"smtp://[::1]:\"",
		"\"smtp://[localhost]\"",
		"\"smtp://[]\"",
		"smtp://-x",
		"smtps://mail_x.example",
		"smtps://b\303\274cher.example",
		"SMTP://localhost",
		"smtp:localhost",
		"localhost:25",
		"imap://localhost",
		"relay",
		"\"\"",
		"\"dir:\"",
		"dir:\"\"",
		"\"pipe:\"",
		"file:///x",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct err err = refused(with_relay(bad[i], ""));

		/* An empty one is a missing one: then the relay's line. */
		if (strcmp(bad[i], "\"\"") != 0)
			assert_string_equal(err.place, "t.yaml:6:5");
		assert_true(err.hint[0]);
	}
}

static void without_tls_letters_go_to_this_machine_only(void **state)
{
	static const char *const elsewhere[] = {
		"smtp://mail.example.org",
		"smtp://10.0.0.1:2525",
		"smtp://127.example.org",
		"smtp://127.0.0.1.example.org",
		"smtp://localhost.example.org",
		"smtp://128.0.0.1",
		"smtp://0.0.0.0",
		"\"smtp://[2001:db8::1]\"",
		"\"smtp://[::]:25\"",
		"\"smtp://[::1:1]\"",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(elsewhere); i++) {
		struct err err = refused(with_relay(elsewhere[i], ""));

		assert_string_equal(err.place, "t.yaml:6:5");
		assert_non_null(strstr(err.message, "without TLS"));
		assert_non_null(strstr(err.hint, "plaintext: yes"));
		assert_non_null(strstr(err.hint, "smtp+starttls://"));
		refused(with_relay(elsewhere[i], "    plaintext: no\n"));
		assert_false(
			parse(with_relay(elsewhere[i], "    plaintext: yes\n"))
				->relays->loopback);
	}
}

static void a_folder_takes_letters(void **state)
{
	static const struct {
		const char *url, *dir;
	} cases[] = {
		{ "dir:outbox", "outbox" },
		{ "dir:/var/spool/letters", "/var/spool/letters" },
		{ "dir:\"out box\"", "out box" },
		{ "'dir: out box '", "out box" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct conf_relay *r =
			parse(with_relay(cases[i].url, ""))->relays;

		assert_int_equal(r->kind, RELAY_DIR);
		assert_str(r->dir, cases[i].dir);
	}
}

static void a_program_takes_letters_and_readers_are_its_arguments(void **state)
{
	static const struct {
		const char *url;
		const char *command; /* NULL: refused */
	} cases[] = {
		{ "pipe:\"/usr/sbin/sendmail -i -f {sender} -- {recipient}\"",
		  "/usr/sbin/sendmail -i -f {sender} -- {recipient}" },
		{ "pipe:/usr/sbin/sendmail -i -- {recipient}",
		  "/usr/sbin/sendmail -i -- {recipient}" },
		{ "'pipe:\"/my mailer\" \"-r {recipient}\"'",
		  "\"/my mailer\" \"-r {recipient}\"" },
		{ "pipe:sendmail --to={recipient}",
		  "sendmail --to={recipient}" },
		{ "'pipe:/usr/sbin/sendmail -t'", NULL },
		{ "'pipe:{recipient}'", NULL },
		{ "'pipe:{recipient} {recipient}'", NULL },
		{ "'pipe:/bin/{recipient} x {recipient}'", NULL },
		{ "'pipe:\"\" {recipient}'", NULL },
		{ "'pipe:/bin/x \"{recipient}'", NULL },
		{ "'pipe:\"/bin/x {recipient}'", NULL },
		{ "'pipe:   '", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *text = with_relay(cases[i].url, "");

		if (cases[i].command) {
			assert_int_equal(parse(text)->relays->kind, RELAY_PIPE);
			assert_str(parse(text)->relays->command,
				   cases[i].command);
			continue;
		}
		assert_string_equal(refused(text).place, "t.yaml:6:5");
		assert_non_null(strstr(refused(text).hint, "-- {recipient}"));
	}
}

static void a_password_in_the_settings_is_refused_and_not_repeated(void **state)
{
	static const struct {
		const char *url, *more;
	} cases[] = {
		{ "smtps://me:hunter2@mail.example.org", "" },
		{ "smtp+starttls://me:hunter2@mail.example.org:587", "" },
		{ "submission://me:hunter2@mail.example.org", "" },
		{ "me:hunter2@mail.example.org", "" },
		{ "smtps://mail.example.org", "    password: hunter2\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = refused(
			with_relay(cases[i].url, cases[i].more));

		assert_null(strstr(err.message, "hunter2"));
		assert_null(strstr(err.hint, "hunter2"));
		assert_true(err.hint[0]);
	}
	assert_string_equal(
		refused(with_relay(cases[4].url, cases[4].more)).hint,
		"secrets do not stand here: name a file with 'password_file' "
		"or a variable with 'password_env'");
}

static void a_login_is_a_name_and_one_password(void **state)
{
	static const struct {
		const char *more, *place, *hint;
	} cases[] = {
		{ "    user: me\n", "t.yaml:7:5",
		  "write password_file: relay.password" },
		{ "    password_file: x\n", "t.yaml:7:5", "write user: NAME" },
		{ "    password_env: X\n", "t.yaml:7:5", "write user: NAME" },
		{ "    user: me\n    password_file: x\n    password_env: X\n",
		  "t.yaml:9:5", "keep one of them" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = refused(
			with_relay("smtps://mail.example.org", cases[i].more));

		assert_string_equal(err.place, cases[i].place);
		assert_string_equal(err.hint, cases[i].hint);
	}
}

/* --- secrets -------------------------------------------------------------- */

static int secret(const char *dir, const char *more, struct str *out,
		  struct err *err)
{
	const struct conf *conf = NULL;

	*err = (struct err)ERR_INIT;
	if (conf_parse(dir, "t.yaml",
		       str_of(with_relay("smtps://mail.example.org", more)),
		       arena, &conf, err) < 0)
		fail_msg("%s", err->message);
	return conf_secret(conf, conf->relays, arena, out, err);
}

#define BY_FILE "    user: me\n    password_file: relay.password\n"
#define BY_ENV	"    user: me\n    password_env: TIDINGS_TEST_SECRET\n"

static void a_password_file_is_read_whole_but_for_its_line_end(void **state)
{
	static const struct {
		const char *content, *want; /* NULL: refused */
	} cases[] = {
		{ "hunter2", "hunter2" },
		{ "hunter2\n", "hunter2" },
		{ "hunter2\r\n", "hunter2" },
		{ " h 2 \n", " h 2 " },
		{ "h\n2\n", "h\n2" },
		{ "", NULL },
		{ "\n", NULL },
	};
	char dir[] = "/tmp/tidings-conf-XXXXXX";
	char *path;
	struct err err = ERR_INIT;

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = file_path(arena, dir, STR("relay.password"));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str got;
		int rc;

		assert_int_equal(
			file_write(path, str_of(cases[i].content), 0600, &err),
			0);
		rc = secret(dir, BY_FILE, &got, &err);
		assert_int_equal(rc, cases[i].want ? 0 : -1);
		if (cases[i].want)
			assert_str(got, cases[i].want);
		else
			assert_non_null(strstr(err.message, "is empty"));
	}
	unlink(path);
	rmdir(dir);
}

static void a_password_that_others_may_read_is_not_used(void **state)
{
	static const mode_t bad[] = { 0640, 0604, 0660, 0644, 0610 };
	char dir[] = "/tmp/tidings-conf-XXXXXX";
	char *path;
	struct err err = ERR_INIT;
	struct str got;

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = file_path(arena, dir, STR("relay.password"));
	assert_int_equal(file_write(path, STR("hunter2\n"), 0600, &err), 0);
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(chmod(path, bad[i]), 0);
		assert_int_equal(secret(dir, BY_FILE, &got, &err), -1);
		assert_int_equal(err.code, ERR_CONFIG);
		assert_string_equal(err.place, "t.yaml:8:5");
		assert_non_null(strstr(err.hint, "chmod 600"));
		assert_null(strstr(err.message, "hunter2"));
	}
	assert_int_equal(chmod(path, 0400), 0);
	assert_int_equal(secret(dir, BY_FILE, &got, &err), 0);
	/* Named from the root it is the same file. */
	assert_int_equal(secret("/",
				arena_fmt(arena,
					  "    user: me\n"
					  "    password_file: %s\n",
					  path)
					.at,
				&got, &err),
			 0);
	assert_str(got, "hunter2");
	unlink(path);
	assert_int_equal(secret(dir, BY_FILE, &got, &err), -1);
	assert_int_equal(err.code, ERR_CONFIG);
	assert_string_equal(err.place, "t.yaml:8:5");
	rmdir(dir);
}

static void a_password_may_be_in_the_environment(void **state)
{
	struct err err = ERR_INIT;
	struct str got;

	(void)state;
	setenv("TIDINGS_TEST_SECRET", "hunter2", 1);
	assert_int_equal(secret("/", BY_ENV, &got, &err), 0);
	assert_str(got, "hunter2");
	setenv("TIDINGS_TEST_SECRET", "", 1);
	assert_int_equal(secret("/", BY_ENV, &got, &err), -1);
	unsetenv("TIDINGS_TEST_SECRET");
	assert_int_equal(secret("/", BY_ENV, &got, &err), -1);
	assert_int_equal(err.code, ERR_CONFIG);
	assert_string_equal(err.place, "t.yaml:8:5");
	assert_non_null(strstr(err.message, "TIDINGS_TEST_SECRET"));
	assert_int_equal(secret("/", "", &got, &err), 0);
	assert_int_equal(got.len, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, up, down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_mail_servers_url_is_taken_apart),
		TEST(what_is_no_mail_server_is_refused_at_its_place),
		TEST(without_tls_letters_go_to_this_machine_only),
		TEST(a_folder_takes_letters),
		TEST(a_program_takes_letters_and_readers_are_its_arguments),
		TEST(a_password_in_the_settings_is_refused_and_not_repeated),
		TEST(a_login_is_a_name_and_one_password),
		TEST(a_password_file_is_read_whole_but_for_its_line_end),
		TEST(a_password_that_others_may_read_is_not_used),
		TEST(a_password_may_be_in_the_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
