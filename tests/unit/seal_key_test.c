/* seal_key_test.c - the file of the master secret: its owner's, made once */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "seal/seal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECRET_HEX                         \
	"000102030405060708090a0b0c0d0e0f" \
	"101112131415161718191a1b1c1d1e1f"
/* Of vectors[0] in seal_token_test.c. */
#define KNOWN "af2qcaabaaaaaaaaaaaacaaaaaaqaabkknbyfejfcpqszqdzia"

static const struct token known = { 'u', 1, 1, 1, 0 };

struct home {
	char dir[64], path[128];
	struct arena *arena;
};

static struct home home_new(void)
{
	struct home home = { .dir = "/tmp/tidings-seal-XXXXXX" };

	assert_non_null(mkdtemp(home.dir));
	snprintf(home.path, sizeof(home.path), "%s/%s", home.dir, SEAL_FILE);
	home.arena = arena_new("a test", 1 << 20);
	return home;
}

/* Nothing but the key is ever left in the folder. */
static void home_done(struct home *home)
{
	unlink(home->path);
	assert_int_equal(rmdir(home->dir), 0);
	arena_free(&home->arena);
}

static struct str contents(struct home *home)
{
	struct err err = ERR_INIT;
	struct str text;

	if (file_read(home->path, 4096, home->arena, &text, &err) < 0)
		fail_msg("%s", err.message);
	return text;
}

static void put(struct home *home, const char *text, unsigned mode)
{
	struct err err = ERR_INIT;

	assert_int_equal(file_write(home->path, str_of(text), 0600, &err), 0);
	assert_int_equal(chmod(home->path, mode), 0);
}

static void a_new_key_is_its_owners_alone_and_opens(void **state)
{
	struct home home = home_new();
	struct err err = ERR_INIT;
	struct seal *made = NULL, *again = NULL;
	char text[SEAL_TOKEN_LEN + 1];
	struct token back;
	struct stat st;
	mode_t mask = umask(0);

	(void)state;
	assert_int_equal(seal_create(home.path, &err), 0);
	umask(mask);
	assert_int_equal(stat(home.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(seal_open(home.path, &made, &err), 0);
	assert_int_equal(seal_open(home.path, &again, &err), 0);
	seal_token(made, &known, text);
	assert_string_not_equal(text, KNOWN);
	assert_true(seal_token_read(again, str_of(text), 'u', &back));
	seal_close(&made);
	seal_close(&again);
	home_done(&home);
}

static void no_two_keys_are_alike(void **state)
{
	struct home a = home_new(), b = home_new();
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(seal_create(a.path, &err), 0);
	assert_int_equal(seal_create(b.path, &err), 0);
	assert_false(str_eq(contents(&a), contents(&b)));
	home_done(&a);
	home_done(&b);
}

static void a_key_is_never_written_over(void **state)
{
	struct home home = home_new();
	struct err err = ERR_INIT;
	struct str before;

	(void)state;
	assert_int_equal(seal_create(home.path, &err), 0);
	before = contents(&home);
	assert_int_equal(seal_create(home.path, &err), -1);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.message, "there already"));
	assert_true(err.hint[0] != 0);
	assert_true(str_eq(contents(&home), before));
	home_done(&home);
}

/* One of many that begin at the same moment makes it; the others see it. */
static void of_many_that_create_at_once_one_succeeds(void **state)
{
	struct home home = home_new();
	struct err err = ERR_INIT;
	struct seal *key = NULL;
	int start[2], made = 0;
	pid_t pids[8];

	(void)state;
	assert_int_equal(pipe(start), 0);
	for (size_t i = 0; i < COUNT(pids); i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			char c;

			close(start[1]);
			_exit(read(start[0], &c, 1) == 0 &&
			      seal_create(home.path, &err) == 0);
		}
	}
	close(start[0]);
	close(start[1]);
	for (size_t i = 0; i < COUNT(pids); i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WIFEXITED(status));
		made += WEXITSTATUS(status);
	}
	assert_int_equal(made, 1);
	assert_int_equal(seal_open(home.path, &key, &err), 0);
	seal_close(&key);
	home_done(&home);
}

static void a_key_that_others_may_touch_is_refused(void **state)
{
	static const unsigned modes[] = { 0640, 0620, 0610, 0604, 0602,
					  0601, 0666, 0644, 0677 };
	static const unsigned good[] = { 0600, 0400, 0700 };
	struct home home = home_new();
	struct seal *key = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(modes); i++) {
		struct err err = ERR_INIT;

		put(&home, "tidings-key 1 1 " SECRET_HEX "\n", modes[i]);
		assert_int_equal(seal_open(home.path, &key, &err), -1);
		assert_int_equal(err.code, ERR_CONFIG);
		assert_non_null(strstr(err.hint, "chmod 600"));
		assert_null(key);
	}
	for (size_t i = 0; i < COUNT(good); i++) {
		struct err err = ERR_INIT;

		put(&home, "tidings-key 1 1 " SECRET_HEX "\n", good[i]);
		assert_int_equal(seal_open(home.path, &key, &err), 0);
		seal_close(&key);
	}
	home_done(&home);
}

static void a_key_written_by_hand_has_the_known_tokens(void **state)
{
	static const struct {
		const char *file, *token;
	} cases[] = {
		{ "tidings-key 1 1 " SECRET_HEX "\n", KNOWN },
		{ "tidings-key 1 1 " SECRET_HEX "", KNOWN },
		{ "tidings-key 1 1 " SECRET_HEX "\r\n", KNOWN },
		{ "tidings-key 1 7 " SECRET_HEX "\n",
		  "af2qoaabaaaaaaaaaaaacaaaaaaqaaeyt6bxoqbzcsqn6a6l2y" },
	};
	struct home home = home_new();

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;
		struct seal *key = NULL;
		char text[SEAL_TOKEN_LEN + 1];
		struct token back;

		put(&home, cases[i].file, 0600);
		assert_int_equal(seal_open(home.path, &key, &err), 0);
		seal_token(key, &known, text);
		assert_string_equal(text, cases[i].token);
		/* A key proves the tokens that bear its own number. */
		assert_int_equal(seal_token_read(key, STR(KNOWN), 'u', &back),
				 !strcmp(text, KNOWN));
		seal_close(&key);
	}
	home_done(&home);
}

static void what_is_no_key_is_refused_with_a_cure(void **state)
{
	static const char *const files[] = {
		"",
		"\n",
		"secret",
		SECRET_HEX,
		"tidings-key 1",
		"tidings-key 1 ",
		"tidings-key 1 1",
		"tidings-key 1 1 ",
		"tidings-key 2 1 " SECRET_HEX,
		"tidings-key 1 0 " SECRET_HEX,
		"tidings-key 1 256 " SECRET_HEX,
		"tidings-key 1 -1 " SECRET_HEX,
		"tidings-key 1 x " SECRET_HEX,
		"tidings-key 1 1 " SECRET_HEX "0",
		"tidings-key 1 1 " SECRET_HEX "\nmore",
		"tidings-key 1 1  " SECRET_HEX,
		"tidings-key 1 1 0001020304050607",
		"tidings-key 1 1 "
		"000102030405060708090a0b0c0d0e0f"
		"101112131415161718191a1b1c1d1e1g",
	};
	struct home home = home_new();
	struct seal *key = NULL;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(seal_open(home.path, &key, &err), -1);
	assert_int_equal(err.code, ERR_MISSING);
	assert_non_null(strstr(err.hint, "backup"));
	for (size_t i = 0; i < COUNT(files); i++) {
		struct err bad = ERR_INIT;

		put(&home, files[i], 0600);
		assert_int_equal(seal_open(home.path, &key, &bad), -1);
		assert_int_equal(bad.code, ERR_CONFIG);
		assert_non_null(strstr(bad.hint, "backup"));
		/* A secret is never shown. */
		assert_null(strstr(bad.message, "0001020304"));
		assert_null(key);
	}
	home_done(&home);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(seal_create("/nowhere/at/all/" SEAL_FILE, &err), -1);
	assert_int_equal(err.code, ERR_MISSING);
	assert_non_null(strstr(err.message, "/nowhere/at/all"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_key_is_its_owners_alone_and_opens),
		cmocka_unit_test(no_two_keys_are_alike),
		cmocka_unit_test(a_key_is_never_written_over),
		cmocka_unit_test(of_many_that_create_at_once_one_succeeds),
		cmocka_unit_test(a_key_that_others_may_touch_is_refused),
		cmocka_unit_test(a_key_written_by_hand_has_the_known_tokens),
		cmocka_unit_test(what_is_no_key_is_refused_with_a_cure),
		cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
