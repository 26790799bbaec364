/* base_file_read_test.c - whole files, inside a folder and nowhere else */
#include "base_file_rig.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* --- reading --------------------------------------------------------------- */

static void every_byte_is_read_up_to_the_limit_and_not_one_more(void **state)
{
	static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 300000 };
	struct str text;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		char *bytes = arena_take(arena, sizes[i] + 1);
		struct err err = ERR_INIT;
		char want[64];

		for (size_t k = 0; k < sizes[i]; k++)
			bytes[k] = (char)(k * 7);
		put("size", str_at(bytes, sizes[i]));
		assert_int_equal(
			file_read(in_top("size"), sizes[i], arena, &text, &err),
			0);
		assert_str(text, str_at(bytes, sizes[i]));
		assert_int_equal(text.at[text.len], 0);
		if (sizes[i] == 0)
			continue;
		assert_int_equal(file_read(in_top("size"), sizes[i] - 1, arena,
					   &text, &err),
				 -1);
		assert_int_equal(err.code, ERR_INPUT);
		snprintf(want, sizeof(want), "has %zu bytes, %zu at most",
			 sizes[i], sizes[i] - 1);
		assert_non_null(strstr(err.message, want));
		assert_non_null(strstr(err.hint, "smaller"));
	}
}

/* The files of /proc say 0 and give more. */
static void a_file_that_is_longer_than_it_says_is_measured_as_it_comes(
	void **state)
{
	struct str text = STR_NONE;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(
		file_read("/proc/self/status", MIB, arena, &text, &err), 0);
	assert_true(text.len > 100);
	assert_int_equal(
		file_read("/proc/self/status", 100, arena, &text, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_non_null(strstr(err.message, "larger than 100 bytes"));
}

static void what_is_no_file_is_refused_and_never_waited_for(void **state)
{
	static const struct {
		const char *name;
		enum err_code code;
		const char *message;
	} cases[] = {
		{ "none", ERR_MISSING, "No such file" },
		{ "none/x", ERR_MISSING, "No such file" },
		{ "plain/x", ERR_IO, "Not a directory" },
		{ "folder", ERR_INPUT, "is not a file" },
		{ "pipe", ERR_INPUT, "is not a file" },
		{ "null", ERR_INPUT, "is not a file" },
		{ "dangling", ERR_MISSING, "No such file" },
		{ "round", ERR_IO, "Too many levels" },
	};
	struct str text = STR("untouched");

	(void)state;
	put("plain", STR("x"));
	make_dir("folder");
	assert_int_equal(mkfifo(in_top("pipe"), 0644), 0);
	assert_int_equal(symlink("/dev/null", in_top("null")), 0);
	assert_int_equal(symlink("nowhere", in_top("dangling")), 0);
	assert_int_equal(symlink("round", in_top("round")), 0);
	alarm(20);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = ERR_INIT;

		assert_int_equal(file_read(in_top(cases[i].name), MIB, arena,
					   &text, &err),
				 -1);
		if (err.code != cases[i].code ||
		    !strstr(err.message, cases[i].message) ||
		    !strstr(err.message, cases[i].name))
			fail_msg("%s: %s", cases[i].name, err.message);
	}
	alarm(0);
	assert_str(text, STR("untouched"));
}

static void a_dash_is_standard_input_with_the_same_limit(void **state)
{
	int saved = dup(0), ends[2];
	struct str text = STR_NONE;
	struct err err = ERR_INIT;

	(void)state;
	for (size_t limit = 5; limit >= 4; limit--) {
		int rc;

		assert_int_equal(pipe(ends), 0);
		assert_int_equal(write(ends[1], "ab\0cd", 5), 5);
		close(ends[1]);
		dup2(ends[0], 0);
		close(ends[0]);
		rc = file_read("-", limit, arena, &text, &err);
		dup2(saved, 0);
		assert_int_equal(rc, limit == 5 ? 0 : -1);
	}
	close(saved);
	assert_str(text, STR("ab\0cd"));
	assert_int_equal(err.code, ERR_INPUT);
	assert_non_null(strstr(err.message, "larger than 4 bytes"));
}

/* --- below a folder -------------------------------------------------------- */

static const struct {
	const char *name;
	enum err_code code; /* ERR_NONE: read, and it says "inside" */
} below[] = {
	{ "a.md", ERR_NONE },
	{ "./a.md", ERR_NONE },
	{ "sub/b.md", ERR_NONE },
	{ "sub/../a.md", ERR_NONE },
	{ "sub//b.md", ERR_NONE },
	{ "link-inside", ERR_NONE },
	{ "sub/link-up", ERR_NONE },
	{ "none.md", ERR_MISSING },
	{ "sub", ERR_INPUT },
	{ ".", ERR_INPUT },
	{ "", ERR_INPUT },
	{ "..", ERR_INPUT },
	{ "../secret", ERR_INPUT },
	{ "sub/../../secret", ERR_INPUT },
	{ "../pub/a.md", ERR_INPUT }, /* not even to come back */
	{ "sub/../../pub/a.md", ERR_INPUT },
	{ "../pub-too/x", ERR_INPUT }, /* the names begin alike */
	{ "/etc/passwd", ERR_INPUT },
	{ "link-out", ERR_INPUT },
	{ "link-absolute", ERR_INPUT },
	{ "link-folder/secret", ERR_INPUT },
	{ "link-to-link", ERR_INPUT },
	{ "link-root/etc/passwd", ERR_INPUT },
};

static void make_publication(void)
{
	static const char *const links[][2] = {
		{ "a.md", "pub/link-inside" },
		{ "../a.md", "pub/sub/link-up" },
		{ "../secret", "pub/link-out" },
		{ "/etc/passwd", "pub/link-absolute" },
		{ "..", "pub/link-folder" },
		{ "link-out", "pub/link-to-link" },
		{ "/", "pub/link-root" },
	};

	make_dir("pub/sub");
	make_dir("pub-too");
	put("secret", STR("outside"));
	put("pub-too/x", STR("outside"));
	put("pub/a.md", STR("inside"));
	put("pub/sub/b.md", STR("inside"));
	for (size_t i = 0; i < COUNT(links); i++)
		assert_int_equal(symlink(links[i][0], in_top(links[i][1])), 0);
}

/* The first case that comes out wrong, or -1. */
static int wrong_below(struct err *err)
{
	for (size_t i = 0; i < COUNT(below); i++) {
		struct str text = STR_NONE;
		int rc;

		*err = (struct err)ERR_INIT;
		rc = file_read_below(in_top("pub"), str_of(below[i].name), MIB,
				     arena, &text, err);
		if (rc != (below[i].code == ERR_NONE ? 0 : -1) ||
		    err->code != below[i].code ||
		    !str_eqz(text, rc == 0 ? "inside" : ""))
			return (int)i;
	}
	return -1;
}

static void an_authors_name_never_leads_out_of_the_folder(void **state)
{
	struct err err = ERR_INIT;
	struct str text = STR_NONE;
	int wrong;

	(void)state;
	make_publication();
	wrong = wrong_below(&err);
	if (wrong >= 0)
		fail_msg("'%s': %s", below[wrong].name, err.message);
	assert_int_equal(file_read_below(in_top("pub"), STR("../secret"), MIB,
					 arena, &text, &err),
			 -1);
	assert_non_null(strstr(err.message, "leads out of the publication"));
	assert_non_null(strstr(err.hint, "copy the file"));
	assert_int_equal(file_read_below(in_top("pub"), STR("a.md\0x"), MIB,
					 arena, &text, &err),
			 -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_int_equal(file_read_below(in_top("pub"), STR("a.md"), 5, arena,
					 &text, &err),
			 -1);
	assert_non_null(strstr(err.message, "has 6 bytes"));
	assert_int_equal(file_read_below(in_top("none"), STR("a.md"), 5, arena,
					 &text, &err),
			 -1);
	assert_int_equal(err.code, ERR_MISSING);
}

/* A kernel without openat2(2), made with a filter of system calls. */
static void forget_openat2(int answer)
{
	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)answer),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { COUNT(steps), steps };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		_exit(77);
}

static void read_below_without_openat2(const void *arg)
{
	struct err err = ERR_INIT;
	int wrong;

	forget_openat2(*(const int *)arg);
	assert_int_equal(syscall(SYS_openat2, -1, "", NULL, 0), -1);
	wrong = wrong_below(&err);
	if (wrong < 0)
		return;
	dprintf(2, "'%s': %s", below[wrong].name, err.message);
	_exit(1);
}

static void an_old_kernel_keeps_the_same_promise(void **state)
{
	static const int answers[] = { ENOSYS, EPERM };

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		int status;
		const char *said = last_words(read_below_without_openat2,
					      &answers[i], &status);

		if (status == 77)
			skip();
		if (status != 0)
			fail_msg("%s (status %d)", said, status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_byte_is_read_up_to_the_limit_and_not_one_more),
		cmocka_unit_test(
			a_file_that_is_longer_than_it_says_is_measured_as_it_comes),
		cmocka_unit_test(
			what_is_no_file_is_refused_and_never_waited_for),
		cmocka_unit_test(a_dash_is_standard_input_with_the_same_limit),
		cmocka_unit_test(an_authors_name_never_leads_out_of_the_folder),
		cmocka_unit_test(an_old_kernel_keeps_the_same_promise),
	};

	return cmocka_run_group_tests_name("base_file_read", tests, up, down);
}
