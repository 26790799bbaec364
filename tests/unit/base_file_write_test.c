/* base_file_write_test.c - a file is there complete or not at all */
#include "base_file_rig.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

static int parts_left(void)
{
	DIR *dir = opendir(top);
	const struct dirent *entry;
	int count = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		count += strstr(entry->d_name, ".part") != NULL;
	closedir(dir);
	return count;
}

static unsigned mode_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(in_top(name), &st), 0);
	return st.st_mode & 07777;
}

static void a_file_is_written_whole_with_its_mode(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	put("out", STR("one\0two"));
	assert_str(get("out"), STR("one\0two"));
	assert_int_equal(mode_of("out"), 0644);
	put("out", STR(""));
	assert_str(get("out"), STR(""));
	assert_int_equal(file_write(in_top("key"), STR("k"), 0600, &err), 0);
	assert_int_equal(mode_of("key"), 0600);
	assert_int_equal(parts_left(), 0);
}

/* A killed process with our id may have left a part that all can read, or
 * somebody a link to a file of ours. */
static void what_stands_under_the_temporary_name_is_not_trusted(void **state)
{
	char part[64];
	struct err err = ERR_INIT;

	(void)state;
	snprintf(part, sizeof(part), "secret-key.%ld.part", (long)getpid());
	put(part, STR("a long text that was left over"));
	assert_int_equal(chmod(in_top(part), 0666), 0);
	assert_int_equal(file_write(in_top("secret-key"), STR("k"), 0600, &err),
			 0);
	assert_int_equal(mode_of("secret-key"), 0600);
	assert_str(get("secret-key"), STR("k"));
	put("victim", STR("precious"));
	assert_int_equal(symlink("victim", in_top(part)), 0);
	assert_int_equal(file_write(in_top("secret-key"), STR("l"), 0600, &err),
			 0);
	assert_str(get("victim"), STR("precious"));
	assert_str(get("secret-key"), STR("l"));
}

/* Whoever writes to /dev/null must not take it from everybody. */
static void what_is_no_regular_file_is_written_into_and_stays(void **state)
{
	struct err err = ERR_INIT;
	char got[8] = "";
	struct stat st;
	int reader;

	(void)state;
	assert_int_equal(mkfifo(in_top("fifo"), 0600), 0);
	reader = open(in_top("fifo"), O_RDONLY | O_NONBLOCK);
	assert_int_equal(file_write(in_top("fifo"), STR("news"), 0644, &err),
			 0);
	assert_int_equal(read(reader, got, sizeof(got)), 4);
	assert_string_equal(got, "news");
	close(reader);
	assert_int_equal(stat(in_top("fifo"), &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(symlink("/dev/full", in_top("device")), 0);
	assert_int_equal(file_write(in_top("device"), STR("x"), 0644, &err),
			 -1);
	assert_non_null(strstr(err.message, "No space left"));
	assert_int_equal(parts_left(), 0);
}

static void what_is_created_takes_nobodys_place(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(file_create(in_top("fresh"), STR("a"), 0644, &err), 0);
	assert_str(get("fresh"), STR("a"));
	assert_int_equal(file_create(in_top("fresh"), STR("b"), 0644, &err),
			 -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_non_null(strstr(err.message, "fresh' is there already"));
	assert_str(get("fresh"), STR("a"));
	assert_int_equal(symlink("/dev/null", in_top("taken")), 0);
	assert_int_equal(file_create(in_top("taken"), STR("b"), 0644, &err),
			 -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_int_equal(parts_left(), 0);
}

static struct str many(char c)
{
	char *bytes = arena_take(arena, MIB);

	memset(bytes, c, MIB);
	return str_at(bytes, MIB);
}

/* The disk fills up in the middle of the file. */
static void what_cannot_be_written_leaves_the_old_and_no_litter(void **state)
{
	struct rlimit was, small;
	struct err err = ERR_INIT;
	int rc;

	(void)state;
	put("full", STR("old"));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	small = (struct rlimit){ 65536, was.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	rc = file_write(in_top("full"), many('n'), 0644, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(rc, -1);
	assert_int_equal(err.code, ERR_IO);
	assert_non_null(strstr(err.message, "full': File too large"));
	assert_str(get("full"), STR("old"));
	assert_int_equal(parts_left(), 0);
}

static void write_and_be_killed(const void *arg)
{
	struct rlimit small = { 65536, 65536 };
	struct err err;

	(void)arg;
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	setrlimit(RLIMIT_FSIZE, &small);
	signal(SIGXFSZ, SIG_DFL);
	file_write(in_top("killed"), many('n'), 0644, &err);
}

static void who_is_killed_while_writing_leaves_the_old_file(void **state)
{
	int status;

	(void)state;
	put("killed", STR("old"));
	last_words(write_and_be_killed, NULL, &status);
	assert_int_equal(status, -1);
	assert_str(get("killed"), STR("old"));
	put("killed", STR("new"));
	assert_str(get("killed"), STR("new"));
}

static void whoever_reads_meanwhile_sees_one_whole_text(void **state)
{
	struct str a = many('a'), b = many('b');
	pid_t writer;
	int status = 0, seen = 0;

	(void)state;
	put("busy", a);
	writer = fork();
	assert_true(writer >= 0);
	if (writer == 0) {
		struct err err;

		for (int i = 0; i < 40; i++)
			if (file_write(in_top("busy"), i % 2 ? a : b, 0644,
				       &err) < 0)
				_exit(1);
		_exit(0);
	}
	while (waitpid(writer, &status, WNOHANG) == 0) {
		struct arena *mine = arena_new("a look", 8 * MIB);
		struct str text = STR_NONE;
		struct err err;

		if (file_read(in_top("busy"), 2 * MIB, mine, &text, &err) < 0)
			fail_msg("%s", err.message);
		if (!str_eq(text, a) && !str_eq(text, b))
			fail_msg("%zu bytes, from '%c' to '%c'", text.len,
				 text.at[0], text.at[text.len - 1]);
		seen++;
		arena_free(&mine);
	}
	assert_int_equal(status, 0);
	assert_true(seen > 0);
}

static void a_failure_to_write_says_where_and_why(void **state)
{
	static const struct {
		const char *name;
		enum err_code code;
	} cases[] = {
		{ "nowhere/x", ERR_MISSING },
		{ "plain/x", ERR_IO },
		{ "folder", ERR_IO },
	};
	char name[5000];
	struct err err = ERR_INIT;
	int before = parts_left();

	(void)state;
	put("plain", STR("x"));
	make_dir("folder");
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(
			file_write(in_top(cases[i].name), STR("x"), 0644, &err),
			-1);
		assert_int_equal(err.code, cases[i].code);
		assert_non_null(strstr(err.message, cases[i].name));
	}
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	assert_int_equal(file_write(name, STR("x"), 0644, &err), -1);
	assert_non_null(strstr(err.message, "too long"));
	assert_int_equal(parts_left(), before);
}

static void folders_are_made_with_all_above_them(void **state)
{
	static const struct {
		const char *name;
		enum err_code code;
	} cases[] = {
		{ "d1/d2/d3", ERR_NONE },    { "d1/d2/d3", ERR_NONE },
		{ "d1//d4/", ERR_NONE },     { "d1/../d5", ERR_NONE },
		{ "plain", ERR_IO },	     { "plain/x", ERR_IO },
		{ "dangling", ERR_MISSING },
	};
	struct err err = ERR_INIT;

	(void)state;
	put("plain", STR("x"));
	assert_int_equal(symlink("nowhere", in_top("dangling")), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		err.code = ERR_NONE;
		assert_int_equal(file_make_dir(in_top(cases[i].name), &err),
				 cases[i].code ? -1 : 0);
		assert_int_equal(err.code, cases[i].code);
		assert_int_equal(file_exists(in_top(cases[i].name)),
				 i != 5 && i != 6);
	}
	assert_true(file_exists(in_top("d5")));
	assert_int_equal(file_make_dir("", &err), -1);
	assert_int_equal(file_make_dir("/", &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_created_takes_nobodys_place),
		cmocka_unit_test(
			what_is_no_regular_file_is_written_into_and_stays),
		cmocka_unit_test(a_file_is_written_whole_with_its_mode),
		cmocka_unit_test(
			what_stands_under_the_temporary_name_is_not_trusted),
		cmocka_unit_test(
			what_cannot_be_written_leaves_the_old_and_no_litter),
		cmocka_unit_test(
			who_is_killed_while_writing_leaves_the_old_file),
		cmocka_unit_test(whoever_reads_meanwhile_sees_one_whole_text),
		cmocka_unit_test(a_failure_to_write_says_where_and_why),
		cmocka_unit_test(folders_are_made_with_all_above_them),
	};

	return cmocka_run_group_tests_name("base_file_write", tests, up, down);
}
